//! Every sentence the viewer reads, in plain words: what happened and what can be done.
//!
//! In one place, so that a translator and a proof-reader find all of them: those of films and their
//! troubles here, those of the pages in between, of sources and of updates beside. No logic beyond
//! numbers.

use std::time::Duration;

use crate::{Carrier, Film, Incident, PlayerFailure, Progress, SupplyFailure, Track};

mod browsing;
mod choosing;
mod drives;
mod handset;
pub mod own;
mod phone;
mod playing;
mod power;
mod remote;
mod updates;

pub(crate) use browsing::*;
pub(crate) use choosing::{choice, reasons, size};
pub(crate) use drives::*;
pub use handset::handset_words;
pub(crate) use phone::*;
pub(crate) use playing::*;
pub(crate) use power::*;
pub(crate) use remote::*;
pub(crate) use updates::*;

pub(crate) const CONTINUE_ROW: &str = "Continue watching";
pub(crate) const OPENED_ROW: &str = "Opened on this box";
pub(crate) const PLAY: &str = "Play";
pub(crate) const PAUSE: &str = "Pause";
pub(crate) const PLAY_AGAIN: &str = "Play again";
pub(crate) const FROM_START: &str = "From the start";
pub(crate) const TRY_AGAIN: &str = "Try again";
pub(crate) const OTHER_SOURCE: &str = "Choose another source";
pub(crate) const GO_BACK: &str = "Back";
pub(crate) const EMPTY_WALL: &str = "No films yet";
pub(crate) const EMPTY_WALL_HELP: &str = "Films you add will appear here.";
pub(crate) const NO_SEEKING: &str = "This film can't be moved forward or back.";
pub(crate) const IN_RAM: &str = "The storage takes nothing more, so the film plays from memory. \
    Going back may fetch parts again. Free some space, or check the drive.";
pub(crate) const SLOW_HINT: &str = "Nobody has answered yet. \
    Few people may be sharing this film now. Keep waiting, or press Back.";

/// "1:02:11", or "2:11" below an hour.
pub(crate) fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// "1.2 MB/s", "340 kB/s"; bytes a second in powers of ten, as providers count.
pub(crate) fn rate(bytes_per_s: u64) -> String {
    match bytes_per_s {
        0..1_000_000 => format!("{} kB/s", bytes_per_s / 1000),
        _ => format!("{:.1} MB/s", bytes_per_s as f64 / 1e6),
    }
}

/// "1 peer", "4 peers".
pub(crate) fn peers(count: u32) -> String {
    match count {
        1 => "1 peer".into(),
        n => format!("{n} peers"),
    }
}

pub(crate) fn continue_from(position: Duration) -> String {
    format!("Continue from {}", clock(position))
}

pub(crate) fn sources(count: usize) -> String {
    match count {
        1 => "Source".into(),
        n => format!("Sources ({n})"),
    }
}

pub(crate) fn preparing(percent: u8) -> String {
    format!("Being made on this box: {percent} %")
}

pub(crate) const NOT_PREPARED: &str = "This film could not be made on this box. \
    There may be too little space, or a codec is missing.";

/// "2010 · 15 min · Animation, Fantasy".
pub(crate) fn facts(film: &Film) -> String {
    let mut facts = Vec::new();
    facts.extend(film.year.map(|year| year.to_string()));
    facts.extend(film.runtime_min.map(|minutes| format!("{minutes} min")));
    if !film.genres.is_empty() {
        facts.push(film.genres.join(", "));
    }
    facts.join("  ·  ")
}

/// The same with the licence, for the wall: the film's own page shows it apart.
pub(crate) fn facts_with_licence(film: &Film) -> String {
    let licence = film.licence.as_ref().map(|licence| licence.name.as_str());
    let facts = [Some(facts(film)), licence.map(str::to_owned)];
    let facts: Vec<_> = facts
        .into_iter()
        .flatten()
        .filter(|fact| !fact.is_empty())
        .collect();
    facts.join("  ·  ")
}

/// What a track is called in a list: its title, else its language, else its number.
pub(crate) fn track(track: &Track, number: usize) -> String {
    let language = track.language.as_deref().map(language);
    let name = match (language, &track.title) {
        (Some(language), Some(title)) if *title != language => format!("{language}  ·  {title}"),
        (Some(language), _) => language,
        (None, Some(title)) => title.clone(),
        (None, None) => format!("Track {}", number + 1),
    };
    match &track.codec {
        Some(codec) => format!("{name}  ·  {codec}"),
        None => name,
    }
}

/// The language's own name for the codes films use most, else the code as it is.
pub(crate) fn language(code: &str) -> String {
    let name = match code.split('-').next().unwrap_or(code) {
        "en" => "English",
        "fr" => "Français",
        "de" => "Deutsch",
        "es" => "Español",
        "it" => "Italiano",
        "pt" => "Português",
        "nl" => "Nederlands",
        "pl" => "Polski",
        "ru" => "Русский",
        "uk" => "Українська",
        "tr" => "Türkçe",
        "el" => "Ελληνικά",
        "no" | "nb" => "Norsk",
        "sv" => "Svenska",
        "da" => "Dansk",
        "fi" => "Suomi",
        "cs" => "Čeština",
        "ar" => "العربية",
        "he" => "עברית",
        "hi" => "हिन्दी",
        "zh" => "中文",
        "ja" => "日本語",
        "ko" => "한국어",
        _ => code,
    };
    name.into()
}

/// Headline while a film opens.
pub(crate) fn opening_headline(progress: &Progress, ready: bool) -> String {
    match (progress.carrier, progress.peers) {
        (Carrier::Swarm, _) => {}
        (Carrier::Server, 0) => return "Asking the film's server again".into(),
        (Carrier::Server, _) => return "Getting the film from its server".into(),
        (Carrier::Drive, _) => return "Opening the film".into(),
    }
    match (progress.peers, progress.metadata, ready) {
        (0, _, false) => "Finding peers".into(),
        (n, true, _) => format!("Asking {} what the film is", peers(n)),
        (0, _, true) => "Looking for peers again".into(),
        (n, false, false) => format!("Connected to {}", peers(n)),
        (n, false, true) => format!("Getting the film from {}", peers(n)),
    }
}

/// Speed and time left while a film opens.
pub(crate) fn opening_detail(bytes_per_s: u64, starts_in_s: Option<u64>) -> String {
    match (bytes_per_s, starts_in_s.map(|s| about(s, "starts"))) {
        (0, _) => String::new(),
        (speed, Some(Some(when))) => format!("{}  ·  {when}", rate(speed)),
        (speed, _) => rate(speed),
    }
}

/// "starts in about 4 s"; none when it would take longer than anybody waits.
fn about(seconds: u64, what: &str) -> Option<String> {
    match seconds {
        0 => Some(format!("{what} any moment")),
        s @ 1..=90 => Some(format!("{what} in about {s} s")),
        s @ 91..=7200 => Some(format!("{what} in about {} min", s.div_ceil(60))),
        _ => None,
    }
}

/// The line over a film that waits for its bytes.
pub(crate) fn buffering(progress: &Progress, goes_on_in_s: Option<u64>, too_slow: bool) -> String {
    match (progress.carrier, progress.peers) {
        (Carrier::Swarm, 0) => return "Waiting for the film: no peer is connected".into(),
        (Carrier::Server, 0) => return "Waiting for the film: its server does not answer".into(),
        _ => {}
    }
    let why = if too_slow {
        "This connection is too slow for this film"
    } else {
        "Waiting for the film"
    };
    let mut parts = vec![why.to_owned()];
    if progress.carrier == Carrier::Swarm {
        parts.push(peers(progress.peers));
    }
    if progress.rate > 0 {
        parts.push(rate(progress.rate));
        parts.extend(goes_on_in_s.and_then(|s| about(s, "goes on")));
    }
    parts.join("  ·  ")
}

/// While a film opens that needs more than comes.
pub(crate) fn too_slow(needs_bytes_per_s: u64, versions: usize) -> String {
    let advice = match versions {
        0 | 1 => "",
        _ => " Press Back and choose a smaller version under Sources.",
    };
    format!(
        "This connection is too slow for this film: it needs {} and will stop \
         now and then.{advice}",
        rate(needs_bytes_per_s)
    )
}

/// The same on the film's page.
pub(crate) fn page_too_slow(versions: usize) -> String {
    match versions {
        0 | 1 => "This connection is slow: the film will stop now and then",
        _ => "This connection is too slow for this version: choose a smaller one",
    }
    .into()
}

/// Title and message of the trouble screen.
pub(crate) fn supply_failure(failure: &SupplyFailure) -> (String, String) {
    match failure {
        SupplyFailure::NoVideo { files } => (
            "There is no film in this".into(),
            format!("None of its files ({files}) is a video this box plays. Try another source."),
        ),
        SupplyFailure::Broken(why) => (
            "This link is damaged".into(),
            format!("It can't be read: {why}. Ask for it again, or try another source."),
        ),
        SupplyFailure::Unsupported(why) => (
            "This box can't use that link".into(),
            format!("{why}. Try another source."),
        ),
        SupplyFailure::DiskFull => (
            "The storage is full".into(),
            "There is no room to keep the film while it plays. Free some space, then try again."
                .into(),
        ),
        SupplyFailure::Disk(why) => (
            "The storage can't be used".into(),
            format!("{why}. Check the drive, then try again."),
        ),
        SupplyFailure::Unplugged(path) => (
            "The storage is gone".into(),
            format!("{path} can't be found any more. Plug the drive in again, then try again."),
        ),
        SupplyFailure::Off => (
            "BitTorrent is switched off".into(),
            "This film can only be had from other people's computers. \
             Switch BitTorrent on in the settings, or try another source."
                .into(),
        ),
        SupplyFailure::NoInterface(name) => (
            "The protected connection is down".into(),
            format!(
                "Films may only come over {name}, and it is not there. \
                 Nothing was sent another way. Start it again, then try again."
            ),
        ),
        SupplyFailure::NoProxy(at) => (
            "The proxy does not answer".into(),
            format!(
                "Films may only come through the proxy {at}, and it does not answer or does not \
                 let this box in. Nothing was sent another way. Start it again, or check its \
                 address and password in the settings. Then try again."
            ),
        ),
        SupplyFailure::NoServer { host, why } => (
            "The film's server does not answer".into(),
            format!("{host}: {why}. Try again later, or try another source."),
        ),
        SupplyFailure::NotThere(host) => (
            "The film is not there any more".into(),
            format!("{host} does not have it now. Try another source."),
        ),
        SupplyFailure::Refused { host, code } => (
            "The film's server refuses".into(),
            format!(
                "{host} does not let this box have the film (error {code}). The link may be too \
                 old, or the account not paid. Try another source."
            ),
        ),
        SupplyFailure::Changed(place) => (
            "The film's file has changed".into(),
            format!("{place} has another file there now. Try again to play that one."),
        ),
        SupplyFailure::AtHome(host) => (
            "This film is at an address at home".into(),
            format!(
                "{host} is in the home network, where links from outside may not lead. Name it \
                 in the settings if it is yours, or try another source."
            ),
        ),
        SupplyFailure::NoFile(path) => (
            "The film's file is not there".into(),
            format!("{path} can't be found. Is its drive plugged in? Then try again."),
        ),
    }
}

/// Title and message of the trouble screen.
pub(crate) fn player_failure(failure: &PlayerFailure) -> (String, String) {
    match failure {
        PlayerFailure::NoDecoder { codec } => (
            "This box can't decode this film".into(),
            format!("It is stored as {codec}, which this box does not know. Try another source."),
        ),
        PlayerFailure::Broken(why) => (
            "The film's file is damaged".into(),
            format!("It can't be played ({why}). Try another source."),
        ),
        PlayerFailure::SourceGone(why) => (
            "The film stopped coming".into(),
            format!("Its source can't be reached any more ({why}). Try again."),
        ),
        PlayerFailure::Output(why) => (
            "Picture or sound can't be put out".into(),
            format!("{why}. Check the TV's cable, then try again."),
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
    format!("{title}. {message}")
}

pub(crate) fn mistake(what: &str) -> String {
    format!("A file could not be read: {what}")
}

pub(crate) fn incident(incident: Incident) -> &'static str {
    match incident {
        Incident::DataRepaired => {
            "The box's memory was damaged and is repaired. Some of what it knew may be gone."
        }
        Incident::DataMadeAnew => "The box's memory could not be repaired: it begins from scratch.",
        Incident::DataInMemory => {
            "The box's card cannot be used. Films play, but all is forgotten when the power goes. \
             Try another card."
        }
        Incident::Reset => "All is forgotten, as you wanted: the box is as new.",
        Incident::Safe => {
            "The box could not start as usual. What it remembers is kept, but not used now. \
             Restart the box, or update it."
        }
    }
}

pub(crate) fn library_not_saved(why: &str) -> String {
    format!("Your place in the film could not be kept: {why}")
}
