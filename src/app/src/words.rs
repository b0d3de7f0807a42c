//! Every sentence the viewer reads, in plain words: what happened and what can be done.
//!
//! In one place, so that a translator and a proof-reader find all of them: those of films and their
//! troubles here, those of the pages in between, of sources and of updates beside. No logic beyond
//! numbers.

use std::time::Duration;

use crate::saying::{Message, msg, own, own_name, tr, trn};
use crate::{Carrier, Film, Incident, Language, PlayerFailure, Progress, SupplyFailure, Track};

mod backup;
mod browsing;
mod choosing;
mod cities;
mod clock;
mod drives;
mod fixed;
mod handset;
mod language;
mod network;
mod numbers;
pub mod own;
mod phone;
mod playing;
mod power;
mod profiles;
mod remote;
mod rows;
mod settings;
mod sharing;
mod spoken;
mod updates;

pub(crate) use backup::*;
pub(crate) use browsing::*;
pub(crate) use choosing::{choice, reasons};
pub(crate) use cities::*;
pub(crate) use clock::*;
pub(crate) use drives::*;
pub(crate) use fixed::*;
pub use handset::{handset_words, setup_words};
pub(crate) use language::*;
pub(crate) use network::*;
pub(crate) use numbers::*;
pub(crate) use phone::*;
pub(crate) use playing::*;
pub(crate) use power::*;
pub(crate) use profiles::*;
pub(crate) use remote::*;
pub(crate) use rows::*;
pub(crate) use settings::*;
pub(crate) use sharing::*;
pub(crate) use spoken::*;
pub(crate) use updates::*;

/// A row of the wall.
pub(crate) const CONTINUE_ROW: &str = own!("Continue watching");
/// A row of the wall.
pub(crate) const OPENED_ROW: &str = own!("Opened on this box");
/// Starts the film, or goes on after a pause.
pub(crate) const PLAY: Message = msg!("Play");
pub(crate) const PAUSE: Message = msg!("Pause");
pub(crate) const PLAY_AGAIN: Message = msg!("Play again");
/// Plays a film from there, and not from where it was left.
pub(crate) const FROM_START: Message = msg!("From the start");
pub(crate) const TRY_AGAIN: Message = msg!("Try again");
pub(crate) const OTHER_SOURCE: Message = msg!("Choose another source");
/// Leaves a film that cannot be played.
pub(crate) const GO_BACK: Message = msg!("Back");
/// The wall is where films are shown, by their posters.
pub(crate) const EMPTY_WALL: Message = msg!("No films yet");
pub(crate) const EMPTY_WALL_HELP: Message = msg!("Films you add will appear here.");
pub(crate) const NO_SEEKING: Message = msg!("This film can't be moved forward or back.");
pub(crate) const IN_RAM: Message = msg!(
    "The storage takes nothing more, so the film plays from memory. Going back may fetch parts \
     again. Free some space, or check the drive."
);
pub(crate) const SLOW_HINT: Message = msg!(
    "Nobody has answered yet. Few people may be sharing this film now. Keep waiting, or press Back."
);

/// Below a film that opens: what the button Back of the remote does.
pub(crate) const BACK_CANCELS: Message = msg!("Back cancels");
/// Over the list of what a film can be got from.
pub(crate) const SOURCES: Message = msg!("Sources");

/// How many others a film comes from.
pub(crate) fn peers(count: u32) -> String {
    trn!(count, "{count} peer", "{count} peers")
}

/// {place} is where the viewer left off: "12:04".
pub(crate) fn continue_from(position: Duration) -> String {
    tr!("Continue from {place}", place = clock(position))
}

/// Opens the list of what a film can be got from.
pub(crate) fn sources(count: usize) -> String {
    match count {
        1 => tr!("Source"),
        n => trn!(n as u64, "Sources ({count})", "Sources ({count})"),
    }
}

/// A film is made from its parts; {percent} is "42 %".
pub(crate) fn preparing(done: u8) -> String {
    tr!("Being made on this box: {percent}", percent = percent(done))
}

pub(crate) const NOT_PREPARED: Message = msg!(
    "This film could not be made on this box. There may be too little space, or a codec is missing."
);

/// "2010 · 15 min · Animation, Fantasy".
pub(crate) fn facts(film: &Film) -> String {
    let genres: Vec<_> = film.genres.iter().map(|it| own_name(it)).collect();
    beside(&[
        film.year.map(|year| year.to_string()).unwrap_or_default(),
        film.runtime_min.map(minutes).unwrap_or_default(),
        list(&genres),
    ])
}

/// The same with the licence, for the wall: the film's own page shows it apart.
pub(crate) fn facts_with_licence(film: &Film) -> String {
    let licence = film.licence.as_ref();
    let licence = licence.map_or("", |licence| licence.name.as_str());
    beside(&[facts(film).as_str(), licence])
}

/// What a track is called in a list: its title, else its language, else its number.
pub(crate) fn track(track: &Track, number: usize) -> String {
    let language = track.language.as_deref().map(language);
    let name = match (language, &track.title) {
        (Some(language), Some(title)) if *title != language => format!("{language}  ·  {title}"),
        (Some(language), _) => language,
        (None, Some(title)) => title.clone(),
        (None, None) => unnamed_track(number + 1),
    };
    match &track.codec {
        Some(codec) => format!("{name}  ·  {codec}"),
        None => name,
    }
}

/// A sound or subtitles that have neither a name nor a language.
fn unnamed_track(number: usize) -> String {
    tr!("Track {number}", number)
}

/// The language's own name for the codes films use most, else the code as it is.
pub(crate) fn language(code: &str) -> String {
    if let Some(language) = Language::by_code(code) {
        return language.own_name().into();
    }
    let name = match code.split('-').next().unwrap_or(code) {
        "el" => "Ελληνικά",
        "no" | "nb" => "Norsk",
        "sv" => "Svenska",
        "da" => "Dansk",
        "fi" => "Suomi",
        "cs" => "Čeština",
        _ => code,
    };
    name.into()
}

/// Headline while a film opens. Peers are other people's computers.
pub(crate) fn opening_headline(progress: &Progress, ready: bool) -> String {
    match (progress.carrier, progress.peers) {
        (Carrier::Swarm, _) => {}
        (Carrier::Server, 0) => return tr!("Asking the film's server again"),
        (Carrier::Server, _) => return tr!("Getting the film from its server"),
        (Carrier::Drive, _) => return tr!("Opening the film"),
    }
    match (progress.peers, progress.metadata, ready) {
        (0, _, false) => tr!("Finding peers"),
        (n, true, _) => trn!(
            n,
            "Asking {count} peer what the film is",
            "Asking {count} peers what the film is",
        ),
        (0, _, true) => tr!("Looking for peers again"),
        (n, false, false) => trn!(n, "Connected to {count} peer", "Connected to {count} peers"),
        (n, false, true) => trn!(
            n,
            "Getting the film from {count} peer",
            "Getting the film from {count} peers",
        ),
    }
}

/// Speed and time left while a film opens.
pub(crate) fn opening_detail(bytes_per_s: u64, starts_in_s: Option<u64>) -> String {
    match (bytes_per_s, starts_in_s.and_then(starts)) {
        (0, _) => String::new(),
        (speed, when) => beside(&[rate(speed), when.unwrap_or_default()]),
    }
}

/// Seconds up to this many are told as such, and minutes from then on.
const SECONDS_MAX: u64 = 90;

/// Nobody waits longer.
const WAIT_MAX: u64 = 7200;

/// Of the film that opens: stands after its speed. None when it takes longer than anybody waits.
fn starts(seconds: u64) -> Option<String> {
    Some(match seconds {
        0 => tr!("starts any moment"),
        s @ 1..=SECONDS_MAX => trn!(s, "starts in about {count} s", "starts in about {count} s"),
        s @ ..=WAIT_MAX => trn!(
            s.div_ceil(60),
            "starts in about {count} min",
            "starts in about {count} min",
        ),
        _ => return None,
    })
}

/// Of the film that had to stop: stands after its speed.
fn goes_on(seconds: u64) -> Option<String> {
    Some(match seconds {
        0 => tr!("goes on any moment"),
        s @ 1..=SECONDS_MAX => trn!(
            s,
            "goes on in about {count} s",
            "goes on in about {count} s"
        ),
        s @ ..=WAIT_MAX => trn!(
            s.div_ceil(60),
            "goes on in about {count} min",
            "goes on in about {count} min",
        ),
        _ => return None,
    })
}

/// The line over a film that waits for its bytes.
pub(crate) fn buffering(progress: &Progress, goes_on_in_s: Option<u64>, too_slow: bool) -> String {
    match (progress.carrier, progress.peers) {
        (Carrier::Swarm, 0) => return tr!("Waiting for the film: no peer is connected"),
        (Carrier::Server, 0) => return tr!("Waiting for the film: its server does not answer"),
        _ => {}
    }
    let why = match (too_slow, progress.carrier) {
        (true, Carrier::Drive) => tr!("This drive is too slow for this film"),
        (true, _) => tr!("This connection is too slow for this film"),
        (false, _) => tr!("Waiting for the film"),
    };
    let mut parts = vec![why];
    if progress.carrier == Carrier::Swarm {
        parts.push(peers(progress.peers));
    }
    if progress.rate > 0 {
        parts.push(rate(progress.rate));
        parts.extend(goes_on_in_s.and_then(goes_on));
    }
    beside(&parts)
}

/// While a film opens that needs more than comes; {rate} is "1.2 MB/s".
pub(crate) fn too_slow(carrier: Carrier, needs_bytes_per_s: u64, versions: usize) -> String {
    let rate = rate(needs_bytes_per_s);
    let why = match carrier {
        Carrier::Drive => tr!(
            "This drive is too slow for this film: it needs {rate} and will stop now and then.",
            rate,
        ),
        _ => tr!(
            "This connection is too slow for this film: it needs {rate} and will stop now and \
             then.",
            rate,
        ),
    };
    match versions {
        0 | 1 => why,
        _ => sentences(&[
            why,
            tr!("Press Back and choose a smaller version under Sources."),
        ]),
    }
}

/// The same on the film's page.
pub(crate) fn page_too_slow(versions: usize) -> String {
    match versions {
        0 | 1 => tr!("This connection is slow: the film will stop now and then"),
        _ => tr!("This connection is too slow for this version: choose a smaller one"),
    }
}

/// Title and message of the trouble screen. {why} is in English: what the system or a server says.
#[allow(clippy::too_many_lines, reason = "two sentences for each failure")]
pub(crate) fn supply_failure(failure: &SupplyFailure) -> (String, String) {
    match failure {
        SupplyFailure::NoVideo { files } => (
            tr!("There is no film in this"),
            tr!(
                "None of its files ({files}) is a video this box plays. Try another source.",
                files
            ),
        ),
        SupplyFailure::Broken(why) => (
            tr!("This link is damaged"),
            tr!(
                "It can't be read: {why}. Ask for it again, or try another source.",
                why
            ),
        ),
        SupplyFailure::Unsupported(why) => (
            tr!("This box can't use that link"),
            tr!("{why}. Try another source.", why),
        ),
        SupplyFailure::DiskFull => (
            tr!("The storage is full"),
            tr!(
                "There is no room to keep the film while it plays. Free some space, then try again."
            ),
        ),
        SupplyFailure::Disk(why) => (
            tr!("The storage can't be used"),
            tr!("{why}. Check the drive, then try again.", why),
        ),
        SupplyFailure::Unplugged(path) => (
            tr!("The storage is gone"),
            tr!(
                "{path} can't be found any more. Plug the drive in again, then try again.",
                path
            ),
        ),
        SupplyFailure::Off => (
            tr!("BitTorrent is switched off"),
            tr!(
                "This film can only be had from other people's computers. Switch BitTorrent on \
                 in the settings, or try another source."
            ),
        ),
        SupplyFailure::NoInterface(name) => (
            tr!("The protected connection is down"),
            tr!(
                "Films may only come over {name}, and it is not there. Nothing was sent another \
                 way. Start it again, then try again.",
                name
            ),
        ),
        SupplyFailure::NoProxy(at) => (
            tr!("The proxy does not answer"),
            tr!(
                "Films may only come through the proxy {at}, and it does not answer or does not \
                 let this box in. Nothing was sent another way. Start it again, or check its \
                 address and password in the settings. Then try again.",
                at
            ),
        ),
        SupplyFailure::NoServer { host, why } => (
            tr!("The film's server does not answer"),
            tr!(
                "{host}: {why}. Try again later, or try another source.",
                host,
                why
            ),
        ),
        SupplyFailure::NotThere(host) => (
            tr!("The film is not there any more"),
            tr!("{host} does not have it now. Try another source.", host),
        ),
        SupplyFailure::Refused { host, code } => (
            tr!("The film's server refuses"),
            tr!(
                "{host} does not let this box have the film (error {code}). The link may be too \
                 old, or the account not paid. Try another source.",
                host,
                code
            ),
        ),
        SupplyFailure::Changed(place) => (
            tr!("The film's file has changed"),
            tr!(
                "{place} has another file there now. Try again to play that one.",
                place
            ),
        ),
        SupplyFailure::AtHome(host) => (
            tr!("This film is at an address at home"),
            tr!(
                "{host} is in the home network, where links from outside may not lead. Name it \
                 in the settings if it is yours, or try another source.",
                host
            ),
        ),
        SupplyFailure::NoFile(path) => (
            tr!("The film's file is not there"),
            tr!(
                "{path} can't be found. Is its drive plugged in? Then try again.",
                path
            ),
        ),
    }
}

/// Title and message of the trouble screen. {why} is in English: what the player says.
pub(crate) fn player_failure(failure: &PlayerFailure) -> (String, String) {
    match failure {
        PlayerFailure::NoDecoder { codec } => (
            tr!("This box can't decode this film"),
            tr!(
                "It is stored as {codec}, which this box does not know. Try another source.",
                codec
            ),
        ),
        PlayerFailure::Broken(why) => (
            tr!("The film's file is damaged"),
            tr!("It can't be played ({why}). Try another source.", why),
        ),
        PlayerFailure::SourceGone(why) => (
            tr!("The film stopped coming"),
            tr!(
                "Its source can't be reached any more ({why}). Try again.",
                why
            ),
        ),
        PlayerFailure::Output(why) => (
            tr!("Picture or sound can't be put out"),
            tr!("{why}. Check the TV's cable, then try again.", why),
        ),
    }
}

/// The same in a few words, for who only wants to know why.
pub fn supply_lost(failure: &SupplyFailure) -> String {
    supply_failure(failure).0
}

/// A short message when something handed to the box could not be opened.
pub(crate) fn refused(failure: &SupplyFailure) -> String {
    let (title, message) = supply_failure(failure);
    tr!("{title}. {message}", title, message)
}

/// {what} is in English: the file's name and what is wrong.
pub(crate) fn mistake(what: &str) -> String {
    tr!("A file could not be read: {what}", what)
}

/// What happened to the box before it came up.
pub(crate) fn incident(incident: Incident) -> Message {
    match incident {
        Incident::DataRepaired => {
            msg!("The box's memory was damaged and is repaired. Some of what it knew may be gone.")
        }
        Incident::DataMadeAnew => {
            msg!("The box's memory could not be repaired: it begins from scratch.")
        }
        Incident::DataInMemory => msg!(
            "The box's card cannot be used. Films play, but all is forgotten when the power \
             goes. Try another card."
        ),
        Incident::Reset => msg!("All is forgotten, as you wanted: the box is as new."),
        Incident::Safe => msg!(
            "The box could not start as usual. What it remembers is kept, but not used now. \
             Restart the box, or update it."
        ),
    }
}

/// {why} is in English: what the system says.
pub(crate) fn library_not_saved(why: &str) -> String {
    tr!("Your place in the film could not be kept: {why}", why)
}
