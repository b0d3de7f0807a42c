//! What a viewer reads of what one wants from the sofa while a film runs.

use crate::chapters::Part;
use crate::saying::{Message, msg, tr, trn};
use crate::{Carrier, Measured, Progress};

use super::{beside, number, peers, rate, size};

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
