//! What the lists over a playing film say, and what comes of fitting its subtitles.

use crate::choices::{TextColour, TextPlace, TextSize};
use crate::saying::{Message, msg, tr};
use crate::{FitFailure, TextTiming, Track};

use super::{beside, percent, setting, tenths};

pub(crate) const AUDIO: Message = msg!("Audio");
pub(crate) const SUBTITLES: Message = msg!("Subtitles");
/// No sound, or no subtitles.
pub(crate) const OFF: Message = msg!("Off");
/// Over the settings of a film that plays: subtitles, sound.
pub(crate) const ADJUST: Message = msg!("Adjust");
pub(crate) const SECOND_SUBTITLES: Message = msg!("Second subtitles");

/// Of what is heard or read, {name}, and what is chosen of it: "Subtitles: Deutsch".
pub(crate) fn button(name: Message, now: Option<&str>) -> String {
    let now = now.map_or_else(|| OFF.into(), str::to_owned);
    tr!("{name}: {now}", name, now)
}

/// Over the list of subtitles while some are shown: how they are moved, or how to move them.
pub(crate) fn subtitles_moved(delay_ms: i64) -> String {
    match delay_ms {
        0 => beside(&[SUBTITLES.into(), tr!("\u{2039} \u{203a} moves them")]),
        _ => beside(&[SUBTITLES.into(), by(delay_ms)]),
    }
}

/// How far subtitles are moved: {number} is "2.3", seconds.
fn by(delay_ms: i64) -> String {
    let number = tenths((delay_ms.unsigned_abs() + 50) / 100);
    if delay_ms < 0 {
        tr!("{number} s earlier", number)
    } else {
        tr!("{number} s later", number)
    }
}

/// Finds out where subtitles belong by hearing when somebody speaks; {percent} of that is done.
pub(crate) fn fit_to_sound(listening: Option<u16>) -> String {
    match listening {
        None => tr!("Fit them to the sound"),
        Some(permille) => tr!(
            "Listening  ·  {percent}  ·  OK stops",
            percent = percent(permille / 10),
        ),
    }
}

/// When subtitles are shown, against the film.
pub(crate) fn moved(offset_ms: i64) -> String {
    let by = match offset_ms {
        0 => tr!("subtitles" => "not moved"),
        offset_ms => by(offset_ms),
    };
    setting(tr!("Time"), by)
}

/// How loud it is, in hundredths.
pub(crate) fn volume(volume: Option<u8>, muted: bool) -> String {
    match (volume, muted) {
        (_, true) => tr!("Muted"),
        (Some(volume), false) => tr!("Volume {number}", number = volume),
        (None, false) => tr!("Volume"),
    }
}

/// When the sound is heard, against the picture.
pub(crate) fn sound_delay(delay_ms: i16) -> String {
    let number = delay_ms.unsigned_abs();
    let by = match delay_ms {
        0 => tr!("sound" => "with the picture"),
        1.. => tr!("{number} ms later", number),
        _ => tr!("{number} ms earlier", number),
    };
    setting(tr!("Sound"), by)
}

/// What is loud is made quieter and what is quiet louder: nobody is woken at night.
pub(crate) fn night(on: bool) -> String {
    let on = if on {
        tr!("night sound" => "on")
    } else {
        tr!("night sound" => "off")
    };
    setting(tr!("Night: loud and quiet closer"), on)
}

/// Subtitles run faster or slower than those of the file; {percent} is "4.3 %".
fn speed(stretch_ppm: i32) -> String {
    let number = tenths((u64::from(stretch_ppm.unsigned_abs()) + 500) / 1000);
    let percent = tr!("{number} %", number);
    if stretch_ppm < 0 {
        tr!("{percent} faster", percent)
    } else {
        tr!("{percent} slower", percent)
    }
}

pub(crate) fn second_subtitles(now: Option<(usize, &Track)>) -> String {
    let now = now.map(|(number, track)| super::track(track, number));
    let now = now.unwrap_or_else(|| OFF.into());
    let short = now.split("  ·  ").next().unwrap_or(&now);
    beside(&[String::from(SECOND_SUBTITLES).as_str(), short])
}

/// How large subtitles are.
pub(crate) fn text_size(size: TextSize) -> String {
    let size = match size {
        TextSize::Small => msg!("size of subtitles" => "small"),
        TextSize::Normal => msg!("size of subtitles" => "normal"),
        TextSize::Large => msg!("size of subtitles" => "large"),
        TextSize::Huge => msg!("size of subtitles" => "very large"),
    };
    setting(tr!("Size"), size)
}

/// Where subtitles are on the picture.
pub(crate) fn text_place(place: TextPlace) -> String {
    let place = match place {
        TextPlace::Bottom => msg!("place of subtitles" => "bottom"),
        TextPlace::Raised => msg!("place of subtitles" => "a little higher"),
        TextPlace::Top => msg!("place of subtitles" => "top"),
    };
    setting(tr!("Place"), place)
}

/// The colour of subtitles.
pub(crate) fn text_colour(colour: TextColour) -> String {
    let colour = match colour {
        TextColour::White => msg!("colour of subtitles" => "white"),
        TextColour::Yellow => msg!("colour of subtitles" => "yellow"),
        TextColour::Grey => msg!("colour of subtitles" => "grey"),
        TextColour::Boxed => msg!("colour of subtitles" => "white on black"),
    };
    setting(tr!("Colour"), colour)
}

/// What is told once it was listened how subtitles lie on the film. {moved} is "2.3 s later",
/// {stretched} is "4.3 % slower"; Time is the name of the line where they are moved.
pub(crate) fn fitted(found: Result<TextTiming, FitFailure>) -> String {
    match found {
        Ok(timing) if timing == TextTiming::default() => {
            tr!("The subtitles fit the sound as they are.")
        }
        Ok(TextTiming {
            offset_ms,
            stretch_ppm: 0,
        }) => tr!(
            "The subtitles fit the sound now: {moved}.",
            moved = by(offset_ms)
        ),
        Ok(TextTiming {
            offset_ms,
            stretch_ppm,
        }) => tr!(
            "The subtitles fit the sound now: {moved}, {stretched}.",
            moved = by(offset_ms),
            stretched = speed(stretch_ppm),
        ),
        Err(FitFailure::NoText) => {
            tr!("The subtitles are still on their way. Try again in a moment.")
        }
        Err(FitFailure::OfTheFilm) => tr!(
            "These subtitles come with the film and should fit it. If they don't, move them by \
             \u{2039} and \u{203a} under Time."
        ),
        Err(FitFailure::TooLittleHere) => tr!(
            "Too little of the film is here yet to hear where the subtitles belong. Try again in \
             some minutes, or move them by \u{2039} and \u{203a} under Time."
        ),
        Err(FitFailure::NotSure) => tr!(
            "The sound doesn't tell where these subtitles belong: they may be of another film or \
             cut. Choose others, or move them by \u{2039} and \u{203a} under Time."
        ),
    }
}
