//! News of a film that runs, as the lines of stories write them.

use std::time::Duration;

use app::{FitFailure, Lines, Measured, PlayerFailure, PlayerNews, Progress, Still, TextTiming};

use super::SIZE;

/// What the player says of a film in full; so many pictures came too late.
pub(crate) fn measured(dropped: u64) -> PlayerNews {
    PlayerNews::Measured(Measured {
        codec: Some("H.264".into()),
        container: Some("Matroska".into()),
        picture: Some((1920, 800)),
        rate_milli: Some(23_976),
        decoder: Some("avdec_h264".into()),
        shown: 12_345,
        dropped,
    })
}

/// Two pixels of that second of the film.
pub(super) fn still(secs: u64) -> PlayerNews {
    PlayerNews::Still {
        at: Duration::from_secs(secs),
        still: Still {
            width: 2,
            height: 1,
            rgb: [0; 6].into(),
        },
    }
}

pub(super) fn no_decoder() -> PlayerNews {
    let codec = "H.265".into();
    PlayerNews::Failed(PlayerFailure::NoDecoder { codec })
}

/// "One" or "One / Two", the second one's.
pub(crate) fn lines(text: &str) -> Lines {
    let (first, second) = text.split_once(" / ").unwrap_or((text, ""));
    let line = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Lines {
        first: line(first),
        second: line(second),
        ..Lines::default()
    }
}

/// "2300", "2300+42708", two of them, or "too little": what is heard of the texts.
pub(super) fn fitted(fits: &str) -> Result<[Option<TextTiming>; 2], FitFailure> {
    if fits == "too little" {
        return Err(FitFailure::TooLittleHere);
    }
    let mut fits = fits.split(' ').map(|fit| {
        let (offset, stretch) = fit.split_once('+').unwrap_or((fit, "0"));
        TextTiming {
            offset_ms: offset.parse().unwrap(),
            stretch_ppm: stretch.parse().unwrap(),
        }
    });
    Ok([fits.next(), fits.next()])
}

pub(super) fn progress(what: &str) -> Progress {
    let mut progress = Progress {
        size: SIZE,
        ..Progress::default()
    };
    let thousands = |k: &str| k.trim_end_matches('k').parse::<u64>().unwrap() * 1000;
    let share = |percent: &str| percent.parse::<u64>().unwrap() * SIZE / 100;
    for word in what.split(' ') {
        match word.split_once('=') {
            _ if word.is_empty() => {}
            Some(("peers", n)) => progress.peers = n.parse().unwrap(),
            Some(("rate", k)) => progress.rate = thousands(k),
            Some(("capacity", k)) => progress.capacity = thousands(k),
            Some(("have", runs)) => {
                let runs = runs.split(',').map(|run| run.split_once('-').unwrap());
                let runs = runs.map(|(start, end)| share(start)..share(end));
                progress.have.extend(runs.filter(|run| !run.is_empty()));
            }
            Some(("at", at)) => progress.read_at = share(at),
            None if word == "waiting" => progress.waiting_at = Some(progress.read_at),
            None if word == "ram" => progress.in_ram = true,
            None if word == "metadata" => {
                progress.metadata = true;
                progress.size = 0;
            }
            _ => panic!("unknown word: {word}"),
        }
    }
    progress
}
