//! The device that the desk has, as long as the box reads aloud.

use std::sync::Arc;

use gst::prelude::*;

use super::desk::{Desk, FRAME, RATE};
use super::{Outlet, Tried};
use crate::player::pipeline::leaves;

/// What waits in the device: little, for a newer word cuts an older one.
pub(super) const BUFFER_MS: u32 = 80;

/// Samples that are mixed at a time.
const CHUNK: usize = RATE as usize / 50;

/// Two channels, as the desk mixes them.
pub(super) fn caps() -> gst::Caps {
    gst::Caps::builder("audio/x-raw")
        .field("format", "S16LE")
        .field("layout", "interleaved")
        .field("rate", RATE as i32)
        .field("channels", 2)
        .build()
}

/// It is closed when this is dropped.
#[derive(Debug)]
pub(in crate::player) struct DeskOutput {
    pipeline: gst::Pipeline,
    /// None: nobody hears it.
    pub(in crate::player) by: Option<String>,
}

impl DeskOutput {
    /// Opens the best device that works, and mixes for it; `broke` is called when it fails, on a
    /// thread of GStreamer's.
    pub(in crate::player) fn open(
        outlet: &Outlet,
        tried: &mut Tried,
        broke: impl Fn() + Send + Sync + 'static,
    ) -> Result<DeskOutput, gst::glib::Error> {
        let failure = |why: gst::glib::BoolError| {
            gst::glib::Error::new(gst::CoreError::Failed, &why.to_string())
        };
        let (sink, by) = outlet.desk_device(tried).map_err(failure)?;
        let pipeline = chain(&outlet.desk, &sink).map_err(failure)?;
        if let Some(bus) = pipeline.bus() {
            bus.set_sync_handler(move |_, message| {
                if let gst::MessageView::Error(error) = message.view() {
                    tracing::warn!(error = %error.error(), "the desk's sound output failed");
                    broke();
                }
                gst::BusSyncReply::Drop
            });
        }
        let output = DeskOutput { pipeline, by };
        if output.pipeline.set_state(gst::State::Playing).is_err() {
            return Err(gst::glib::Error::new(
                gst::CoreError::StateChange,
                "the desk's output does not start",
            ));
        }
        tracing::info!(by = output.by, "reading aloud");
        Ok(output)
    }
}

impl Drop for DeskOutput {
    fn drop(&mut self) {
        if let Some(bus) = self.pipeline.bus() {
            bus.unset_sync_handler();
            bus.set_flushing(true);
        }
        if let Err(error) = self.pipeline.set_state(gst::State::Null) {
            tracing::error!(%error, "the desk's output did not stop");
        }
    }
}

/// The desk's samples, as the device takes them.
fn chain(desk: &Arc<Desk>, sink: &gst::Element) -> Result<gst::Pipeline, gst::glib::BoolError> {
    let of_source = desk.clone();
    let mut frames = 0_u64;
    let callbacks = gst_app::AppSrcCallbacks::builder()
        .need_data(move |source, _| {
            let mixed = of_source.mix(CHUNK);
            let time = |frames: u64| {
                let at = gst::ClockTime::SECOND.mul_div_floor(frames, u64::from(RATE));
                at.unwrap_or(gst::ClockTime::ZERO)
            };
            let mut buffer = gst::Buffer::from_mut_slice(mixed);
            let (at, end) = (time(frames), time(frames + CHUNK as u64));
            if let Some(buffer) = buffer.get_mut() {
                buffer.set_pts(at);
                buffer.set_duration(end - at);
            }
            frames += CHUNK as u64;
            // It refuses only while it ends.
            let _ = source.push_buffer(buffer);
        })
        .build();
    let source = gst_app::AppSrc::builder()
        .caps(&caps())
        .format(gst::Format::Time)
        .max_bytes((CHUNK * FRAME) as u64)
        .callbacks(callbacks)
        .build();
    // As long as there is a choice: a sink of silence has none.
    for leaf in leaves(sink) {
        for (name, micros) in [
            ("buffer-time", i64::from(BUFFER_MS) * 1000),
            ("latency-time", 20_000),
        ] {
            if leaf.has_property(name) {
                leaf.set_property(name, micros);
            }
        }
    }
    let make = |name: &str| gst::ElementFactory::make(name).build();
    let (convert, resample) = (make("audioconvert")?, make("audioresample")?);
    let pipeline = gst::Pipeline::with_name("desk");
    let all = [source.upcast_ref(), &convert, &resample, sink];
    pipeline.add_many(all)?;
    gst::Element::link_many(all)?;
    Ok(pipeline)
}
