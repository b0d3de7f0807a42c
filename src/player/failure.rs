//! What an error of GStreamer means for the viewer.
//!
//! GStreamer reports one mishap as several errors, from whichever element met it; the first one
//! decides, and what the source knows goes before all. The words inside are for the log and for
//! the small print; the core says it plainly.

use app::PlayerFailure;
use gst::glib;
use gst::prelude::*;
use gst_pbutils::MissingPluginMessage;

use super::sound;
use super::tracks::codec_name;

/// Whether the sound's output made this error.
pub(super) fn is_of_sound_output(message: &gst::message::Error<gst::Message>) -> bool {
    let mut element = message.src().cloned();
    while let Some(now) = element {
        if now.name() == sound::SINK_NAME {
            return true;
        }
        element = now.parent();
    }
    false
}

/// What the error means, for a source whose bytes still come.
pub(super) fn of_error(message: &gst::message::Error<gst::Message>) -> PlayerFailure {
    let error = message.error();
    let words = words(message, &error);
    if is_of_picture_output(message) {
        return PlayerFailure::Output(words);
    }
    match error.kind::<gst::StreamError>() {
        Some(gst::StreamError::CodecNotFound) => PlayerFailure::NoDecoder {
            codec: "unknown".to_owned(),
        },
        _ => PlayerFailure::Broken(words),
    }
}

fn is_of_picture_output(message: &gst::message::Error<gst::Message>) -> bool {
    let sink = message
        .src()
        .is_some_and(gst::Object::is::<gst_app::AppSink>);
    sink && message.error().is::<gst::ResourceError>()
}

/// The message and where it came from, on one line.
fn words(message: &gst::message::Error<gst::Message>, error: &glib::Error) -> String {
    let src = message.src().map(|src| src.name().to_string());
    format!("{error} ({})", src.unwrap_or_default())
}

/// A stream nothing here decodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Undecodable {
    pub(super) codec: String,
    pub(super) video: bool,
}

/// Reads a missing-plugin message; none if it is not about a decoder.
pub(super) fn undecodable(message: &gst::message::Element) -> Option<Undecodable> {
    let missing = MissingPluginMessage::parse(message).ok()?;
    let structure = message.structure()?;
    if structure.get::<&str>("type").ok()? != "decoder" {
        return None;
    }
    let caps = structure.get::<gst::Caps>("detail").ok();
    let kind = caps
        .as_ref()
        .and_then(|caps| caps.structure(0))
        .map(|s| s.name().to_string());
    let codec = caps.as_ref().and_then(|caps| codec_name(caps));
    Some(Undecodable {
        codec: codec.unwrap_or_else(|| missing.description().to_string()),
        video: kind.is_some_and(|kind| kind.starts_with("video/") || kind.starts_with("image/")),
    })
}
