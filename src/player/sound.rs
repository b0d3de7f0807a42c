//! Sound: the device if there is one, else a silent sink that keeps time.
//!
//! A film goes on without sound when there is no device, or when it fails half-way: a box whose
//! TV is switched over must not stop. The silent sink consumes sound at the film's pace, so that
//! everything else behaves as if it were heard.

use gst::prelude::*;

/// How the sound of a film is put out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sound {
    /// By the first device that works.
    Device,
    /// Not at all: the device has failed in this film.
    Silent,
}

/// The name under which errors of the sound's output are told from those of the film.
pub(super) const SINK_NAME: &str = "sound";

/// The sink to put into the pipeline.
pub(super) fn sink(sound: Sound) -> Result<gst::Element, gst::glib::BoolError> {
    if sound == Sound::Device {
        if let Some(sink) = device() {
            return Ok(sink);
        }
        tracing::warn!("no sound device works: the film plays silently");
    }
    gst::ElementFactory::make("fakesink")
        .name(SINK_NAME)
        .property("sync", true)
        .property("enable-last-sample", false)
        .build()
}

/// A device that could be opened. When none can, `autoaudiosink` fails or falls back to a sink
/// of its own; both mean the same.
fn device() -> Option<gst::Element> {
    let sink = gst::ElementFactory::make("autoaudiosink")
        .name(SINK_NAME)
        .build();
    let sink = sink.ok()?;
    let opened = sink.set_state(gst::State::Ready).is_ok();
    let bin = sink.downcast_ref::<gst::Bin>()?;
    let found = bin.children().iter().any(|child| {
        let factory = child.factory();
        factory.is_some_and(|factory| factory.name() != "fakesink")
    });
    if opened && found {
        return Some(sink);
    }
    // Leaving Ready cannot fail in a way that matters: the element is dropped here.
    let _ = sink.set_state(gst::State::Null);
    None
}
