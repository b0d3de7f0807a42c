//! Decoded pictures: the sink that shows them when they are due, and what was shown last.
//!
//! Pictures are handed out as the decoder made them, mapped and not copied; a conversion happens
//! only for formats that the display does not take (10 bit, 4:2:2, ...). Those that a decoder of
//! the chip has put into memory that devices share say so, and can be shown from there. Where the
//! film *is* is read here, from the picture shown, and never from a clock: so what the seek bar, a
//! saved position and a subtitle go by is what the viewer sees.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gst::prelude::*;
use gst_app::{AppSink, AppSinkCallbacks};
use gst_video::VideoFrameExt;
use gst_video::video_frame::Readable;

use super::curtain::Curtain;
use super::shared;
use super::subtitles::Captions;
use media::{ColourMatrix, PixelFormat, Planes, SharedPlane, VideoFrame};

/// Pictures decoded ahead of their time; each is up to 12 MB at 4K.
const PICTURES_AHEAD_MAX: u32 = 3;

/// A picture later than this is dropped, one frame at 25 a second, so that the picture keeps up
/// with the sound; at least one a second is shown in any case.
const LATENESS_MAX: Duration = Duration::from_millis(40);

/// From this height on an untagged film is taken for HD, as decoders and TVs do (BT.709).
const HD_HEIGHT_MIN: u32 = 577;

/// What was shown last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) position: Duration,
    /// Tells which seek the picture belongs to.
    pub(super) seek: Option<gst::Seqnum>,
}

/// Which pictures may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Admit {
    All,
    /// Those of one seek, and of what follows it.
    After(gst::Seqnum),
}

pub(super) struct Picture {
    curtain: Arc<Curtain>,
    captions: Arc<Captions>,
    state: Mutex<State>,
}

struct State {
    admit: Admit,
    shown: Option<Shown>,
    /// The picture that came before it was admitted.
    kept_back: Option<(VideoFrame, Option<gst::Seqnum>)>,
}

impl Picture {
    /// With `first` no picture is shown before those of that seek, until others are admitted.
    pub(super) fn new(
        curtain: Arc<Curtain>,
        captions: Arc<Captions>,
        first: Option<gst::Seqnum>,
    ) -> Arc<Self> {
        let admit = first.map_or(Admit::All, Admit::After);
        Arc::new(Picture {
            curtain,
            captions,
            state: Mutex::new(State {
                admit,
                shown: None,
                kept_back: None,
            }),
        })
    }

    pub(super) fn shown(&self) -> Option<Shown> {
        self.lock().shown
    }

    /// Whether any picture has been decoded, shown or kept back.
    pub(super) fn has_come(&self) -> bool {
        let state = self.lock();
        state.shown.is_some() || state.kept_back.is_some()
    }

    /// From now on shows the pictures of this seek.
    pub(super) fn admit_after(&self, seek: gst::Seqnum) {
        self.lock().admit = Admit::After(seek);
    }

    /// Shows what was kept back, if nothing else came, and everything from now on.
    pub(super) fn admit_all(&self) {
        let mut state = self.lock();
        state.admit = Admit::All;
        let kept_back = state.kept_back.take();
        drop(state);
        if let Some((frame, seek)) = kept_back {
            self.show(frame, seek);
        }
    }

    /// The sink to put into the pipeline; calls `prerolled` when a first picture has come.
    pub(super) fn sink(
        self: &Arc<Self>,
        prerolled: impl Fn() + Send + 'static,
    ) -> Result<gst::Element, gst::glib::BoolError> {
        let caps = gst_video::VideoCapsBuilder::new()
            .format_list([gst_video::VideoFormat::I420, gst_video::VideoFormat::Nv12]);
        let (on_preroll, on_sample) = (self.clone(), self.clone());
        let callbacks = AppSinkCallbacks::builder()
            .new_preroll(move |sink| {
                let sample = sink.pull_preroll().map_err(|_| gst::FlowError::Flushing)?;
                on_preroll.take(sink, &sample)?;
                prerolled();
                Ok(gst::FlowSuccess::Ok)
            })
            .new_sample(move |sink| {
                let sample = sink.pull_sample().map_err(|_| gst::FlowError::Flushing)?;
                on_sample.take(sink, &sample)?;
                Ok(gst::FlowSuccess::Ok)
            })
            .build();
        let sink = AppSink::builder()
            .caps(&caps.build())
            .sync(true)
            .qos(true)
            .max_lateness(LATENESS_MAX.as_nanos() as i64)
            .max_buffers(PICTURES_AHEAD_MAX)
            .enable_last_sample(false)
            .callbacks(callbacks)
            .build();
        accept_padded_pictures(&sink);
        with_converter(&sink)
    }

    fn take(&self, sink: &AppSink, sample: &gst::Sample) -> Result<(), gst::FlowError> {
        let seek = seek_of(sink);
        let frame = frame_of(sample).ok_or(gst::FlowError::NotNegotiated)?;
        let mut state = self.lock();
        let shown = Shown {
            position: frame.position,
            seek,
        };
        // A picture comes twice when the film goes on after a pause: first as the one to wait
        // on, then as the one now due.
        if state.shown == Some(shown) {
            return Ok(());
        }
        let admitted = match state.admit {
            Admit::All => true,
            Admit::After(wanted) => seek == Some(wanted),
        };
        if admitted {
            state.kept_back = None;
            drop(state);
            self.show(frame, seek);
        } else {
            state.kept_back = Some((frame, seek));
        }
        Ok(())
    }

    fn show(&self, frame: VideoFrame, seek: Option<gst::Seqnum>) {
        let position = frame.position;
        self.lock().shown = Some(Shown { position, seek });
        self.curtain.picture(frame);
        self.captions.show(position);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The seek that the pictures now arriving belong to: its number travels on the segment.
fn seek_of(sink: &AppSink) -> Option<gst::Seqnum> {
    let pad = sink.static_pad("sink")?;
    let segment = pad.sticky_event::<gst::event::Segment>(0)?;
    Some(segment.seqnum())
}

/// Tells decoders that rows may be padded; otherwise each picture is copied to remove that.
fn accept_padded_pictures(sink: &AppSink) {
    let pad = sink.static_pad("sink").expect("an appsink has a sink pad");
    pad.add_probe(gst::PadProbeType::QUERY_DOWNSTREAM, |_, info| {
        let query = info.query_mut().map(gst::QueryRef::view_mut);
        if let Some(gst::QueryViewMut::Allocation(query)) = query {
            query.add_allocation_meta::<gst_video::VideoMeta>(None);
            return gst::PadProbeReturn::Handled;
        }
        gst::PadProbeReturn::Ok
    });
}

/// The converter passes untouched what the sink takes as it is.
fn with_converter(sink: &AppSink) -> Result<gst::Element, gst::glib::BoolError> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let converter = gst::ElementFactory::make("videoconvert")
        .property("n-threads", threads as u32)
        .build()?;
    let bin = gst::Bin::builder().name("picture").build();
    bin.add_many([&converter, sink.upcast_ref()])?;
    converter.link(sink)?;
    let inner = converter
        .static_pad("sink")
        .expect("a converter has a sink pad");
    bin.add_pad(&gst::GhostPad::with_target(&inner)?)?;
    Ok(bin.upcast())
}

/// The picture in a sample, mapped; none if its caps are not those asked for.
fn frame_of(sample: &gst::Sample) -> Option<VideoFrame> {
    let info = gst_video::VideoInfo::from_caps(sample.caps()?).ok()?;
    let buffer = sample.buffer_owned()?;
    let segment = sample.segment()?.downcast_ref::<gst::ClockTime>()?;
    let position = buffer
        .pts()
        .and_then(|pts| segment.to_stream_time_full(pts)?.positive());
    let format = match info.format() {
        gst_video::VideoFormat::I420 => PixelFormat::I420,
        gst_video::VideoFormat::Nv12 => PixelFormat::Nv12,
        _ => return None,
    };
    let colours = info.colorimetry();
    let aspect = info.par();
    let rate = info.fps();
    let (width, height) = (info.width(), info.height());
    let mapped = gst_video::VideoFrame::from_buffer_readable(buffer, &info).ok()?;
    Some(VideoFrame {
        format,
        width,
        height,
        pixel_aspect: (aspect.numer().max(1) as u32, aspect.denom().max(1) as u32),
        matrix: matrix(colours.matrix(), height),
        full_range: colours.range() == gst_video::VideoColorRange::Range0_255,
        position: position.map_or(Duration::ZERO, Duration::from),
        rate: (rate.numer() > 0).then(|| (rate.numer() as u32, rate.denom().max(1) as u32)),
        planes: Arc::new(Mapped(mapped)),
    })
}

fn matrix(tagged: gst_video::VideoColorMatrix, height: u32) -> ColourMatrix {
    match tagged {
        gst_video::VideoColorMatrix::Bt601 | gst_video::VideoColorMatrix::Fcc => {
            ColourMatrix::Bt601
        }
        gst_video::VideoColorMatrix::Bt2020 => ColourMatrix::Bt2020,
        gst_video::VideoColorMatrix::Bt709 => ColourMatrix::Bt709,
        _ if height >= HD_HEIGHT_MIN => ColourMatrix::Bt709,
        _ => ColourMatrix::Bt601,
    }
}

/// A picture of the decoder, mapped until it is dropped.
struct Mapped(gst_video::VideoFrame<Readable>);

impl Planes for Mapped {
    fn plane(&self, index: usize) -> &[u8] {
        self.0.plane_data(index as u32).unwrap_or_default()
    }

    fn stride(&self, index: usize) -> usize {
        // GStreamer allows upside-down pictures with negative strides; no decoder makes them.
        let stride = self.0.plane_stride().get(index).copied();
        stride.unwrap_or_default().unsigned_abs() as usize
    }

    fn shared(&self) -> Option<Vec<SharedPlane<'_>>> {
        shared::planes(&self.0)
    }
}
