//! What the lists over a playing film say, and what comes of fitting its subtitles.

use crate::choices::{TextColour, TextPlace, TextSize};
use crate::{FitFailure, TextTiming, Track};

pub(crate) const AUDIO: &str = "Audio";
pub(crate) const SUBTITLES: &str = "Subtitles";
pub(crate) const OFF: &str = "Off";
pub(crate) const ADJUST: &str = "Adjust";
pub(crate) const SECOND_SUBTITLES: &str = "Second subtitles";

/// Over the list of subtitles while some are shown: how they are moved, or how to move them.
pub(crate) fn subtitles_moved(delay_ms: i64) -> String {
    match delay_ms {
        0 => format!("{SUBTITLES}  ·  \u{2039} \u{203a} moves them"),
        _ => format!("{SUBTITLES}  ·  {}", by(delay_ms)),
    }
}

/// "2.3 s later", "0.1 s earlier".
fn by(delay_ms: i64) -> String {
    let tenths = (delay_ms.abs() + 50) / 100;
    let way = if delay_ms < 0 { "earlier" } else { "later" };
    format!("{}.{} s {way}", tenths / 10, tenths % 10)
}

pub(crate) fn fit_to_sound(listening: Option<u16>) -> String {
    match listening {
        None => "Fit them to the sound".into(),
        Some(permille) => format!("Listening  ·  {} %  ·  OK stops", permille / 10),
    }
}

pub(crate) fn moved(offset_ms: i64) -> String {
    let by = match offset_ms {
        0 => "not moved".into(),
        offset_ms => by(offset_ms),
    };
    format!("Time  ·  \u{2039} {by} \u{203a}")
}

/// "Volume 65", "Muted".
pub(crate) fn volume(volume: Option<u8>, muted: bool) -> String {
    match (volume, muted) {
        (_, true) => "Muted".into(),
        (Some(volume), false) => format!("Volume {volume}"),
        (None, false) => "Volume".into(),
    }
}

/// "Sound  ·  ‹ 120 ms later ›"
pub(crate) fn sound_delay(delay_ms: i16) -> String {
    let by = match delay_ms {
        0 => "with the picture".into(),
        1.. => format!("{delay_ms} ms later"),
        _ => format!("{} ms earlier", delay_ms.unsigned_abs()),
    };
    format!("Sound  ·  \u{2039} {by} \u{203a}")
}

pub(crate) fn night(on: bool) -> String {
    let on = if on { "on" } else { "off" };
    format!("Night: loud and quiet closer  ·  \u{2039} {on} \u{203a}")
}

/// "4.3 % slower".
fn speed(stretch_ppm: i32) -> String {
    let tenths = (i64::from(stretch_ppm).abs() + 500) / 1000;
    let way = if stretch_ppm < 0 { "faster" } else { "slower" };
    format!("{}.{} % {way}", tenths / 10, tenths % 10)
}

pub(crate) fn second_subtitles(now: Option<(usize, &Track)>) -> String {
    let now = now.map(|(number, track)| super::track(track, number));
    let now = now.as_deref().unwrap_or(OFF);
    let short = now.split("  ·  ").next().unwrap_or(now);
    format!("{SECOND_SUBTITLES}  ·  {short}")
}

pub(crate) fn text_size(size: TextSize) -> String {
    let size = match size {
        TextSize::Small => "small",
        TextSize::Normal => "normal",
        TextSize::Large => "large",
        TextSize::Huge => "very large",
    };
    format!("Size  ·  \u{2039} {size} \u{203a}")
}

pub(crate) fn text_place(place: TextPlace) -> String {
    let place = match place {
        TextPlace::Bottom => "bottom",
        TextPlace::Raised => "a little higher",
        TextPlace::Top => "top",
    };
    format!("Place  ·  \u{2039} {place} \u{203a}")
}

pub(crate) fn text_colour(colour: TextColour) -> String {
    let colour = match colour {
        TextColour::White => "white",
        TextColour::Yellow => "yellow",
        TextColour::Grey => "grey",
        TextColour::Boxed => "white on black",
    };
    format!("Colour  ·  \u{2039} {colour} \u{203a}")
}

/// What is told once it was listened how subtitles lie on the film.
pub(crate) fn fitted(found: Result<TextTiming, FitFailure>) -> String {
    match found {
        Ok(timing) if timing == TextTiming::default() => {
            "The subtitles fit the sound as they are.".into()
        }
        Ok(TextTiming {
            offset_ms,
            stretch_ppm: 0,
        }) => {
            format!("The subtitles fit the sound now: {}.", by(offset_ms))
        }
        Ok(TextTiming {
            offset_ms,
            stretch_ppm,
        }) => format!(
            "The subtitles fit the sound now: {}, {}.",
            by(offset_ms),
            speed(stretch_ppm)
        ),
        Err(FitFailure::NoText) => {
            "The subtitles are still on their way. Try again in a moment.".into()
        }
        Err(FitFailure::OfTheFilm) => "These subtitles come with the film and should fit it. \
            If they don't, move them by \u{2039} and \u{203a} under Time."
            .into(),
        Err(FitFailure::TooLittleHere) => "Too little of the film is here yet to hear where the \
            subtitles belong. Try again in some minutes, or move them by \u{2039} and \u{203a} \
            under Time."
            .into(),
        Err(FitFailure::NotSure) => "The sound doesn't tell where these subtitles belong: they \
            may be of another film or cut. Choose others, or move them by \u{2039} and \u{203a} \
            under Time."
            .into(),
    }
}
