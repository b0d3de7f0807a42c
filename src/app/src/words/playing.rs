//! What is said over a film that runs: its lists, what comes of fitting its subtitles, the next
//! episode, what can be skipped, and what is measured.

use crate::chapters::Part;
use crate::choices::{TextColour, TextPlace, TextSize};
use crate::saying::{Message, msg, spoken, tr, trn};
use crate::{Carrier, FitFailure, Measured, Progress, TextTiming, Track, Zoom};

use super::{beside, number, peers, percent, rate, setting, size, tenths};

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
pub(crate) fn sound_moved(delay_ms: i16) -> String {
    let number = delay_ms.unsigned_abs();
    match delay_ms {
        0 => tr!("sound" => "with the picture"),
        1.. => tr!("{number} ms later", number),
        _ => tr!("{number} ms earlier", number),
    }
}

pub(crate) fn sound_delay(delay_ms: i16) -> String {
    setting(tr!("Sound"), sound_moved(delay_ms))
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

/// How a film's picture fills the screen.
pub(crate) fn zoom(zoom: Zoom) -> String {
    let zoom = match zoom {
        Zoom::Whole => msg!("picture" => "whole"),
        Zoom::Filled => msg!("picture" => "without bars"),
        Zoom::Stretched => msg!("picture" => "stretched"),
    };
    setting(tr!("Picture"), zoom)
}

/// How fast a film runs, in thousandths of its own speed.
pub(crate) fn film_speed(permille: u16) -> String {
    let (mark, _) = spoken().marks();
    let parts = format!("{:02}", permille % 1000 / 10);
    let number = match parts.trim_end_matches('0') {
        "" => (permille / 1000).to_string(),
        parts => format!("{}{mark}{parts}", permille / 1000),
    };
    setting(tr!("Speed"), format!("{number}×"))
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

/// Over what comes after the episode that ends.
pub(crate) const NEXT_EPISODE: Message = msg!("Next episode");
/// The same of a film that has several parts.
pub(crate) const NEXT_PART: Message = msg!("Next part");
/// Some episodes have played by themselves, and nobody has pressed a key.
pub(crate) const STILL_WATCHING: Message = msg!("Still watching?");
/// Plays the next episode before this one is over.
pub(crate) const PLAY_NOW: Message = msg!("Play now");
/// Where to get the next episode from is known.
pub(crate) const NEXT_IS_READY: Message = msg!("Ready to play");
/// Nobody who was asked has the next episode.
pub(crate) const NEXT_IS_NOWHERE: Message = msg!("No source was found yet");

/// Who did not understand what was said wants to read it, and cannot.
pub(crate) const NO_SUBTITLES: Message = msg!("This film has no subtitles.");

/// A button that is there while that lasts.
pub(crate) fn skip(part: Part) -> Message {
    match part {
        Part::Intro => msg!("Skip the opening"),
        Part::Recap => msg!("Skip the recap"),
        Part::Credits => msg!("Skip the credits"),
    }
}

/// What is measured of a film that runs, a line each; this is of its picture.
pub(crate) const STATS_FILM: Message = msg!("statistics" => "Film");
/// How it is packed, and how large that is.
pub(crate) const STATS_FILE: Message = msg!("statistics" => "File");
pub(crate) const STATS_SOUND: Message = msg!("statistics" => "Sound");
/// How many were shown, and by what they were decoded.
pub(crate) const STATS_PICTURES: Message = msg!("statistics" => "Pictures");
/// Who brings the film, and how fast.
pub(crate) const STATS_SUPPLY: Message = msg!("statistics" => "Comes from");
/// What is here of the film that was not shown yet.
pub(crate) const STATS_AHEAD: Message = msg!("statistics" => "Ahead");

/// "H.264  ·  1920 × 1080  ·  24 a second", pictures.
pub(crate) fn stats_film(measured: &Measured) -> String {
    let picture = measured.picture;
    let picture = picture.map(|(width, height)| format!("{width} \u{d7} {height}"));
    let rate = measured.rate_milli.map(|milli| {
        let whole = milli % 1000 == 0;
        let number = if whole {
            (milli / 1000).to_string()
        } else {
            format!("{:.3}", f64::from(milli) / 1000.0)
        };
        tr!("{number} a second", number)
    });
    beside(&[
        measured.codec.clone().unwrap_or_default(),
        picture.unwrap_or_default(),
        rate.unwrap_or_default(),
    ])
}

/// "Matroska  ·  129 MB".
pub(crate) fn stats_file(measured: &Measured, bytes: u64) -> String {
    let size = (bytes > 0).then(|| size(bytes));
    let container = measured.container.clone();
    beside(&[container.unwrap_or_default(), size.unwrap_or_default()])
}

/// Of the pictures of a film: {count} were shown, or came too late to be.
pub(crate) fn stats_pictures(measured: &Measured) -> String {
    let shown = measured.shown + measured.dropped > 0;
    let counts = if shown {
        let (shown, dropped) = (number(measured.shown), number(measured.dropped));
        tr!("{shown} shown, {dropped} too late", shown, dropped)
    } else {
        String::new()
    };
    beside(&[counts, measured.decoder.clone().unwrap_or_default()])
}

/// Who brings the film, and how fast; {rate} is what they could give.
pub(crate) fn stats_supply(progress: &Progress) -> String {
    let more = progress.capacity > progress.rate;
    let from = match progress.carrier {
        Carrier::Swarm => peers(progress.peers),
        Carrier::Server => tr!("a web server"),
        Carrier::Drive => return tr!("this box or a drive of it"),
    };
    let could = if more {
        tr!("{rate} could come", rate = rate(progress.capacity))
    } else {
        String::new()
    };
    beside(&[from, rate(progress.rate), could])
}

/// What lies ahead: bytes, and seconds of the film.
pub(crate) fn stats_ahead(ahead: Option<(u64, Option<u64>)>, in_ram: bool) -> String {
    let Some((bytes, seconds)) = ahead else {
        return String::new();
    };
    let seconds = seconds.map(|seconds| tr!("{number} s", number = number(seconds)));
    let place = if in_ram {
        tr!("kept in memory")
    } else {
        String::new()
    };
    beside(&[seconds.unwrap_or_default(), size(bytes), place])
}

/// From the end of an episode to where one came from.
pub(crate) fn back_from_the_end() -> String {
    tr!("button at the end of an episode" => "Back")
}

/// Until the next episode plays by itself.
pub(crate) fn plays_in(seconds: u64) -> String {
    trn!(
        seconds,
        "Plays in {count} second",
        "Plays in {count} seconds"
    )
}
