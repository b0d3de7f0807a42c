//! Small pictures of a film for the strip over its seek bar, of what is here of it alone.
//!
//! A second pipeline beside the one that shows the film, without its sound and with decoders of the
//! processor, so that the chip's are the film's. Of each place one key frame is decoded and nothing
//! else: the decoder is told that the film ends behind it, and gives it at once instead of waiting
//! for pictures that it might need. From place to place the pipeline is sought in; one that meets a
//! byte that is not here is given up, and the next place has another.
//!
//! It has a thread of its own, which waits for places while there are none, and ends at once when
//! the [`Stills`] are dropped.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app::{PlayerNews, Still};
use gst::glib;
use gst::prelude::*;
use media::Source;

use super::aside::{self, Branch, Part};
use super::curtain::Curtain;

/// Width and height at most: a seventh of a screen of 1920 pixels, and its bars left out.
const SIZE_MAX: (i32, i32) = (224, 126);

/// A key frame of 4K that a slow board decodes takes half a second.
const MADE_WITHIN: Duration = Duration::from_secs(3);

/// How long an end may go unseen.
const LOOKS_UP: Duration = Duration::from_millis(20);

/// A still that is farther from its place than key frames are apart is of another place.
const FAR: Duration = Duration::from_secs(30);

/// The stills of one film, as long as somebody may want some.
#[derive(Debug)]
pub(super) struct Stills {
    wanted: Arc<Wanted>,
}

#[derive(Debug, Default)]
struct Wanted {
    list: Mutex<List>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct List {
    places: VecDeque<Duration>,
    /// More may follow soon: what makes them is kept ready.
    ready: bool,
    over: bool,
}

#[derive(Debug, Clone, Copy)]
enum Next {
    Make(Duration),
    /// Nobody looks: nothing is kept ready.
    Rest,
    Over,
}

impl Stills {
    /// Begins with none; what is made is told through the film's curtain.
    pub(super) fn start(
        film: Arc<dyn Source>,
        runtime: tokio::runtime::Handle,
        curtain: Arc<Curtain>,
    ) -> std::io::Result<Stills> {
        let wanted = Arc::new(Wanted::default());
        let maker = Maker {
            film,
            runtime,
            curtain,
            wanted: wanted.clone(),
            by_seek: false,
        };
        std::thread::Builder::new()
            .name("player-stills".to_owned())
            .spawn(move || maker.run())?;
        Ok(Stills { wanted })
    }

    /// These from now on, and none that were wanted before.
    pub(super) fn want(&self, places: Vec<Duration>) {
        let mut list = self.wanted.lock();
        list.ready = !places.is_empty();
        list.places = places.into();
        self.wanted.changed.notify_one();
    }
}

impl Drop for Stills {
    fn drop(&mut self) {
        self.wanted.lock().over = true;
        self.wanted.changed.notify_one();
    }
}

impl Wanted {
    fn lock(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for what is to be done next; `holds`: something is kept ready.
    fn next(&self, holds: bool) -> Next {
        let mut list = self.lock();
        loop {
            if list.over {
                return Next::Over;
            }
            if let Some(place) = list.places.pop_front() {
                return Next::Make(place);
            }
            if holds && !list.ready {
                return Next::Rest;
            }
            let waited = self.changed.wait(list);
            list = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn is_over(&self) -> bool {
        self.lock().over
    }
}

struct Maker {
    film: Arc<dyn Source>,
    runtime: tokio::runtime::Handle,
    curtain: Arc<Curtain>,
    wanted: Arc<Wanted>,
    /// Its demuxer cannot be sent to a place before it has given anything.
    by_seek: bool,
}

impl Maker {
    fn run(mut self) {
        let mut camera = None;
        loop {
            match self.wanted.next(camera.is_some()) {
                Next::Over => return,
                Next::Rest => camera = None,
                Next::Make(at) => {
                    let made = self.make(&mut camera, at);
                    match made {
                        Ok(still) => self.curtain.news(PlayerNews::Still { at, still }),
                        Err(error) => {
                            tracing::debug!(?at, %error, "no still");
                            camera = None;
                        }
                    }
                }
            }
        }
    }

    fn make(&mut self, held: &mut Option<Camera>, at: Duration) -> Result<Still, glib::BoolError> {
        let fresh = held.is_none();
        let camera = match held {
            Some(camera) => camera,
            None => held.insert(self.camera(at)?),
        };
        if fresh && self.by_seek {
            // A pipeline takes no seek before it has a picture.
            camera.wait(&self.wanted)?;
        }
        if !fresh || self.by_seek {
            camera.go_to(at)?;
        }
        let made = camera.look(at, &self.wanted);
        if made.is_err() && fresh && !self.by_seek && camera.misses.load(Ordering::Relaxed) {
            self.by_seek = true;
            *held = None;
            return self.make(held, at);
        }
        made
    }

    fn camera(&self, at: Duration) -> Result<Camera, glib::BoolError> {
        let at = if self.by_seek { Duration::ZERO } else { at };
        Camera::new((&self.film, &self.runtime), at)
    }
}

/// A pipeline that gives one picture of where it is sent.
struct Camera {
    branch: Branch,
    sink: gst_app::AppSink,
    /// It could not be sent to where it was to begin.
    misses: Arc<AtomicBool>,
}

impl Camera {
    /// Begins at that place.
    fn new(
        of: (&Arc<dyn Source>, &tokio::runtime::Handle),
        at: Duration,
    ) -> Result<Camera, glib::BoolError> {
        let make = |name: &str| gst::ElementFactory::make(name).build();
        let decode = make("decodebin")?;
        decode.set_property("force-sw-decoders", true);
        let (scale, convert) = (make("videoscale")?, make("videoconvert")?);
        let sink = gst_app::AppSink::builder()
            .sync(false)
            .max_buffers(1)
            .caps(&small())
            .build();
        let wanted = |pad: &gst::Pad| {
            let is_picture = aside::is_of(pad, gst::StreamType::VIDEO);
            if is_picture {
                end_after_key_frame(pad);
            }
            is_picture
        };
        let misses = Arc::new(AtomicBool::new(false));
        let missed = misses.clone();
        let branch = Branch::new(
            of,
            Part { at, wanted },
            &decode,
            &[&scale, &convert, sink.upcast_ref()],
            move || missed.store(true, Ordering::Relaxed),
        )?;
        branch.begin(gst::State::Paused)?;
        Ok(Camera {
            branch,
            sink,
            misses,
        })
    }

    fn go_to(&self, at: Duration) -> Result<(), glib::BoolError> {
        let how = gst::SeekFlags::FLUSH | gst::SeekFlags::KEY_UNIT | gst::SeekFlags::SNAP_NEAREST;
        let at = gst::ClockTime::try_from(at).unwrap_or(gst::ClockTime::MAX);
        self.branch.pipeline.seek_simple(how, at)
    }

    /// The picture of that place.
    fn look(&self, at: Duration, wanted: &Wanted) -> Result<Still, glib::BoolError> {
        let sample = self.wait(wanted)?;
        let seen = aside::position(&sample);
        if seen.is_none_or(|seen| seen.abs_diff(at) > FAR) {
            self.misses.store(true, Ordering::Relaxed);
            return Err(glib::bool_error!("the picture is of {seen:?}"));
        }
        still(&sample).ok_or_else(|| glib::bool_error!("the picture cannot be read"))
    }

    fn wait(&self, wanted: &Wanted) -> Result<gst::Sample, glib::BoolError> {
        let end = Instant::now() + MADE_WITHIN;
        let look_up = gst::ClockTime::from_mseconds(LOOKS_UP.as_millis() as u64);
        loop {
            if let Some(sample) = self.sink.try_pull_preroll(look_up) {
                return Ok(sample);
            }
            let ended = self.sink.is_eos();
            self.branch.error()?;
            if ended {
                // What came before the end may have come since it was looked for.
                let late = self.sink.try_pull_preroll(gst::ClockTime::ZERO);
                return late.ok_or_else(|| glib::bool_error!("there is no picture"));
            }
            if self.misses.load(Ordering::Relaxed) {
                return Err(glib::bool_error!("the demuxer was not sent there"));
            }
            if wanted.is_over() || Instant::now() > end {
                return Err(glib::bool_error!("it was not waited for"));
            }
        }
    }
}

/// Lets one key frame through after each seek, and the film end behind it.
fn end_after_key_frame(pad: &gst::Pad) {
    let passed = AtomicBool::new(false);
    let types = gst::PadProbeType::BUFFER | gst::PadProbeType::EVENT_DOWNSTREAM;
    pad.add_probe(types, move |pad, info| match &mut info.data {
        Some(gst::PadProbeData::Event(event)) => {
            if let gst::EventView::Segment(segment) = event.view() {
                passed.store(false, Ordering::Relaxed);
                if let Some(whole) = from_the_start(segment) {
                    *event = whole;
                }
            }
            gst::PadProbeReturn::Ok
        }
        Some(gst::PadProbeData::Buffer(buffer)) => {
            if passed.load(Ordering::Relaxed) {
                // Whoever pushes more is told that it has ended, too.
                pad.push_event(gst::event::Eos::new());
                return gst::PadProbeReturn::Drop;
            }
            if buffer.flags().contains(gst::BufferFlags::DELTA_UNIT) {
                return gst::PadProbeReturn::Drop;
            }
            passed.store(true, Ordering::Relaxed);
            gst::PadProbeReturn::Ok
        }
        _ => gst::PadProbeReturn::Ok,
    });
}

/// The same segment from the film's start on. Sent to the nearest key frame, qtdemux gives the one
/// before all the same, in a segment that begins at the place itself: its decoder would take the
/// picture for one that nobody wants to see.
fn from_the_start(segment: &gst::event::Segment) -> Option<gst::Event> {
    let mut whole = segment.segment().downcast_ref::<gst::ClockTime>()?.clone();
    let before = whole.time()?.min(whole.start()?);
    whole.set_start(whole.start()? - before);
    whole.set_time(whole.time()? - before);
    whole.set_position(whole.start());
    let event = gst::event::Segment::builder(&whole);
    Some(event.seqnum(segment.seqnum()).build())
}

/// Square pixels, as the strip has them.
fn small() -> gst::Caps {
    gst_video::VideoCapsBuilder::new()
        .format(gst_video::VideoFormat::Rgb)
        .width_range(1..=SIZE_MAX.0)
        .height_range(1..=SIZE_MAX.1)
        .pixel_aspect_ratio(gst::Fraction::new(1, 1))
        .build()
}

fn still(sample: &gst::Sample) -> Option<Still> {
    let info = gst_video::VideoInfo::from_caps(sample.caps()?).ok()?;
    let frame = gst_video::VideoFrameRef::from_buffer_ref_readable(sample.buffer()?, &info).ok()?;
    let (width, height) = (info.width() as usize, info.height() as usize);
    let (bytes, stride) = (frame.plane_data(0).ok()?, info.stride()[0] as usize);
    let rows = bytes.chunks(stride).take(height);
    let rgb: Vec<u8> = rows.flat_map(|row| &row[..3 * width]).copied().collect();
    (rgb.len() == 3 * width * height).then(|| Still {
        width: width as u16,
        height: height as u16,
        rgb: rgb.into(),
    })
}
