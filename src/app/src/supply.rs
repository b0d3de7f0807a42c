//! Whether the film's bytes keep up: how much lies ahead of the player, and when that is enough.
//!
//! Decided from what the torrent holds, never from the decoder's own buffering: only the torrent
//! knows what is there, verified, and how fast more comes.

use std::ops::Range;
use std::time::Duration;

use crate::Progress;
use crate::library::permille;

/// Film that must lie ahead before it starts or goes on.
const START: Duration = Duration::from_secs(4);

/// Enough ahead when the swarm delivers faster than the film plays (by [`FASTER_PERCENT`]).
const START_FAST: Duration = Duration::from_secs(1);

/// How much faster than the film, in per cent of its bitrate, counts as "keeps up": peers come
/// and go, and bitrates swing by about this much within a film.
const FASTER_PERCENT: u64 = 125;

/// Stands for [`START`] while the bitrate is unknown: about 4 s of a 1080p film.
const START_BYTES: u64 = 2 << 20;

/// A demuxer reads the container's index in the last fiftieth of the file; that is no playhead.
const INDEX_SHARE: u64 = 50;

/// What is known of the bytes of the film being played.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Supply {
    /// Of the film's file; zero until known.
    pub(crate) size: u64,
    pub(crate) duration: Option<Duration>,
    pub(crate) progress: Progress,
}

impl Supply {
    /// Bytes a second of the film, when its length is known.
    fn bitrate(&self) -> Option<u64> {
        let ms = self.duration?.as_millis() as u64;
        (ms > 0 && self.size > 0).then(|| (self.size.saturating_mul(1000) / ms).max(1))
    }

    /// Where the player reads the film itself, given how far it has shown it.
    fn read_at(&self, position: Duration) -> u64 {
        let read_at = self.progress.read_at.min(self.size);
        let in_index = read_at >= self.size - self.size / INDEX_SHARE;
        match self.duration {
            Some(duration) if in_index && permille(position, duration) < 900 => {
                let share = position.as_secs_f64() / duration.as_secs_f64();
                ((self.size as f64 * share) as u64).min(self.size)
            }
            _ => read_at,
        }
    }

    /// Held bytes in one run from where the player reads.
    fn ahead(&self, position: Duration) -> u64 {
        let at = self.read_at(position);
        let run = self.progress.have.iter().find(|run| run.contains(&at));
        run.map_or(0, |run| run.end - at)
    }

    fn rest(&self, position: Duration) -> u64 {
        self.size - self.read_at(position)
    }

    fn bytes(&self, time: Duration) -> u64 {
        self.bitrate().map_or(START_BYTES, |rate| {
            (time.as_secs_f64() * rate as f64) as u64
        })
    }

    /// Bytes that must lie ahead before the film may run.
    fn need(&self, position: Duration) -> u64 {
        self.bytes(START).min(self.rest(position))
    }

    /// The film may run: enough lies ahead, or a little and more comes faster than it plays.
    pub(crate) fn enough(&self, position: Duration) -> bool {
        let ahead = self.ahead(position);
        let keeps_up = self
            .bitrate()
            .is_some_and(|rate| self.progress.rate * 100 >= rate * FASTER_PERCENT);
        self.size > 0
            && (ahead >= self.need(position)
                || keeps_up && ahead >= self.bytes(START_FAST).min(self.need(position)))
    }

    /// Thousandths of [`Self::need`] that are there; none while the size is unknown.
    pub(crate) fn permille(&self, position: Duration) -> Option<u16> {
        let need = self.need(position);
        (need > 0).then(|| (self.ahead(position) * 1000 / need).min(1000) as u16)
    }

    /// Time until [`Self::need`] is there at the present rate.
    pub(crate) fn left(&self, position: Duration) -> Option<Duration> {
        let missing = self.need(position).saturating_sub(self.ahead(position));
        (self.size > 0 && self.progress.rate > 0)
            .then(|| Duration::from_secs_f64(missing as f64 / self.progress.rate as f64))
    }

    /// Held parts as thousandths of the film; bytes stand for time, which is near enough to draw.
    pub(crate) fn buffered(&self) -> Vec<Range<u16>> {
        if self.size == 0 {
            return Vec::new();
        }
        let share = |at: u64| (u128::from(at) * 1000 / u128::from(self.size)).min(1000) as u16;
        let runs = self
            .progress
            .have
            .iter()
            .map(|run| share(run.start)..share(run.end));
        runs.filter(|run| !run.is_empty()).collect()
    }
}
