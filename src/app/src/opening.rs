//! From OK to the first picture: the torrent finds its bytes, the player decodes the first frame,
//! and enough must lie ahead. The screen says honestly which of these it waits for.

use std::time::Duration;

use crate::event::PlayerNews;
use crate::library::Library;
use crate::supply::Supply;
use crate::view::OpeningView;
use crate::{Carrier, Chapter, Film, Progress, Reach, Session, Time, Tracks, wall, words};

/// After this long without a picture the viewer is told why and what can be done.
const PATIENCE: Duration = Duration::from_secs(30);

/// One try to play a film from one of its sources.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attempt {
    pub(crate) session: Session,
    pub(crate) film: Film,
    /// Index into the film's sources, of which it is one.
    pub(crate) source: usize,
    /// Where to start.
    pub(crate) at: Duration,
    /// The byte of the film's file for that, if it is known.
    pub(crate) byte: Option<u64>,
}

impl Attempt {
    pub(crate) fn reach(&self) -> &Reach {
        &self.film.sources[self.source].reach
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Opening {
    pub(crate) attempt: Attempt,
    since: Time,
    pub(crate) supply: Supply,
    /// The file is chosen and the player opens it.
    reading: bool,
    pub(crate) player: Option<Decoded>,
}

/// What the player knows once the first picture is there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Decoded {
    pub(crate) duration: Option<Duration>,
    pub(crate) seekable: bool,
    pub(crate) tracks: Tracks,
    pub(crate) chapters: Vec<Chapter>,
}

impl Opening {
    pub(crate) fn new(attempt: Attempt, now: Time) -> Opening {
        let mut supply = Supply::new(attempt.film.runtime_min);
        if let Some(byte) = attempt.byte {
            supply.goes_on(attempt.at, byte);
        }
        Opening {
            attempt,
            since: now,
            supply,
            reading: false,
            player: None,
        }
    }

    /// The bytes can be read.
    pub(crate) fn reads(&mut self, size: u64) {
        self.supply.progress.size = size;
        self.reading = true;
    }

    /// The player has been told to open the film.
    pub(crate) fn reading(&self) -> bool {
        self.reading
    }

    pub(crate) fn progress(&mut self, progress: Progress, now: Time) {
        self.supply.take(progress);
        self.supply.look(self.attempt.at, now);
    }

    pub(crate) fn tick(&mut self, now: Time) {
        self.supply.look(self.attempt.at, now);
    }

    pub(crate) fn player(&mut self, news: PlayerNews, now: Time) {
        match news {
            PlayerNews::Ready {
                duration,
                seekable,
                tracks,
                chapters,
            } => {
                self.supply.duration = duration;
                self.supply.look(self.attempt.at, now);
                self.player = Some(Decoded {
                    duration,
                    seekable,
                    tracks,
                    chapters,
                });
            }
            PlayerNews::Tracks(tracks) => {
                if let Some(player) = &mut self.player {
                    player.tracks = tracks;
                }
            }
            _ => {}
        }
    }

    pub(crate) fn too_slow(&self) -> bool {
        self.supply.too_slow_for().is_some()
    }

    /// The picture is there and enough lies ahead: the film may run.
    pub(crate) fn can_start(&self) -> bool {
        self.reading && self.player.is_some() && self.supply.enough(self.attempt.at)
    }

    pub(crate) fn deadline(&self, now: Time) -> Option<Time> {
        let patience = self.since + PATIENCE;
        let patience = (now < patience).then_some(patience);
        [patience, self.supply.deadline()]
            .into_iter()
            .flatten()
            .min()
    }

    pub(crate) fn view(&self, library: &Library, now: Time) -> OpeningView {
        let progress = &self.supply.progress;
        let at = self.attempt.at;
        let permille = if self.reading {
            self.supply.permille(at)
        } else {
            None
        };
        let late = now.since(self.since) >= PATIENCE && progress.rate == 0;
        let others = progress.carrier != Carrier::Drive;
        let versions = self.attempt.film.sources.len();
        let slow = self.supply.too_slow_for();
        let hint = slow.map(|needs| words::too_slow(progress.carrier, needs, versions));
        OpeningView {
            back: words::BACK_CANCELS.into(),
            session: self.attempt.session,
            card: wall::card(&self.attempt.film, library),
            headline: words::opening_headline(progress, self.reading),
            detail: words::opening_detail(progress.rate, self.supply.starts_in_s()),
            hint: hint.or_else(|| (late && others).then(|| words::SLOW_HINT.into())),
            permille,
            peers: progress.peers,
            rate: progress.rate,
        }
    }
}
