//! Whether a film will play without stopping: what its bytes and the swarm let one expect.
//!
//! A film played from now reaches the byte `x` ahead of its playhead `x / bitrate` seconds from
//! now, and by then all that is missing up to there must have come. The end of each gap therefore
//! asks for a wait of `missing / capacity - x / bitrate`, and the longest of these is how long the
//! film should wait. A cushion on top covers that rates and bitrates swing.
//!
//! Says what holds at this instant; how long it must hold before a viewer is told of it, or has
//! to wait for it, is decided in `outlook`. Rates mean something after about three seconds.

use std::ops::Range;
use std::time::Duration;

use crate::Progress;

/// Film that must lie ahead before it starts or goes on.
const CUSHION: Duration = Duration::from_secs(4);

/// Enough ahead when the swarm delivers faster than the film plays (by [`FASTER_PERCENT`]).
const CUSHION_FAST: Duration = Duration::from_secs(1);

/// And when it delivers several times as fast (by [`FASTEST_PERCENT`]): a piece of 1 MiB of a film
/// of 5 Mb/s comes in half a second then, before what the player itself has read is played.
const CUSHION_FASTEST: Duration = Duration::from_millis(500);

/// How much faster than the film, in per cent of its bitrate, counts as "keeps up": peers come
/// and go, and bitrates swing by about this much within a film.
pub(crate) const FASTER_PERCENT: u64 = 125;

/// A piece comes in a third of the time that it plays.
const FASTEST_PERCENT: u64 = 300;

/// Nobody is asked to wait longer than this for a film that then plays through: beyond it people
/// prefer a film that stops now and then, or another version.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// Before a film that is too slow starts all the same, this much of it should lie ahead, so that
/// it stops seldom and not every few seconds ...
const SLOW_CUSHION: Duration = Duration::from_secs(20);
/// ... but nobody waits longer than this for it.
const SLOW_WAIT: Duration = Duration::from_secs(30);

/// Never waits for more bytes ahead than this: half of the smallest cache (64 MiB) always can be.
const ROOM: u64 = 32 << 20;

/// While the film's length is unknown: a common bitrate (2.5 Mb/s, in bytes) ...
const GUESS_BITRATE: u64 = 312_500;
/// ... with which it is no longer than this and no shorter than that.
const GUESS_LONGEST_S: u64 = 2 * 3600;
const GUESS_SHORTEST_S: u64 = 5 * 60;

/// What to expect of a film that is started (or goes on) now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forecast {
    /// It plays to its end without stopping.
    PlaysThrough,
    /// It does after this wait.
    StartsIn(Duration),
    /// It will stop now and then, however long one would like to wait.
    TooSlow {
        /// Bytes a second of a film that would play through.
        fits: u64,
    },
}

/// What to expect of the film that `progress` tells of, read from where its reader is.
///
/// `duration` is the film's length when it is known (from the container or a catalogue); without
/// it the bitrate is guessed by the size. None while the size is unknown, or while nothing has
/// come yet that a rate could be told from.
pub fn forecast(progress: &Progress, duration: Option<Duration>) -> Option<Forecast> {
    Road::of(progress, progress.read_at, duration)?.forecast()
}

/// How the swarm and the film go together on the whole road; the cushion does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Pace {
    #[default]
    Through,
    /// It plays through when it waits a little first.
    Later,
    TooSlow,
}

/// The bytes between the playhead and the film's end, and how fast they come and go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Road<'a> {
    have: &'a [Range<u64>],
    at: u64,
    size: u64,
    /// Bytes a second that come; zero while unknown.
    capacity: u64,
    /// Bytes a second that the film needs; above zero.
    bitrate: u64,
}

impl<'a> Road<'a> {
    /// From `at` on; none while the size is unknown.
    pub(crate) fn of(progress: &'a Progress, at: u64, duration: Option<Duration>) -> Option<Self> {
        let size = progress.size;
        (size > 0).then(|| Road {
            have: &progress.have,
            at: at.min(size),
            size,
            capacity: progress.capacity.max(progress.rate),
            bitrate: bitrate(size, duration),
        })
    }

    /// The same if so much comes and no more.
    pub(crate) fn at_rate(self, capacity: u64) -> Self {
        Road { capacity, ..self }
    }

    pub(crate) fn bitrate(&self) -> u64 {
        self.bitrate
    }

    /// Held bytes in one run from the playhead on.
    pub(crate) fn ahead(&self) -> u64 {
        let run = self.have.iter().find(|run| run.contains(&self.at));
        run.map_or(0, |run| run.end.min(self.size) - self.at)
    }

    pub(crate) fn rest(&self) -> u64 {
        self.size - self.at
    }

    fn bytes(&self, time: Duration) -> u64 {
        (time.as_secs_f64() * self.bitrate as f64) as u64
    }

    /// Bytes that must lie ahead whatever the rest of the road is like.
    pub(crate) fn cushion(&self) -> u64 {
        let faster =
            |percent| self.capacity.saturating_mul(100) >= self.bitrate.saturating_mul(percent);
        let time = match () {
            () if faster(FASTEST_PERCENT) => CUSHION_FASTEST,
            () if faster(FASTER_PERCENT) => CUSHION_FAST,
            () => CUSHION,
        };
        self.bytes(time).min(self.rest())
    }

    /// Bytes that should lie ahead before a film starts that will stop again.
    fn slow_cushion(&self) -> u64 {
        let comes = (SLOW_WAIT.as_secs_f64() * self.capacity as f64) as u64;
        let most = self.bytes(SLOW_CUSHION);
        comes.clamp(self.bytes(CUSHION).min(most), most).min(ROOM)
    }

    /// Time until so many bytes lie ahead; none while nothing comes and some are missing.
    pub(crate) fn left(&self, ahead: u64) -> Option<Duration> {
        let end = self.at.saturating_add(ahead).min(self.size);
        let held = self.have.iter().map(|run| {
            let (start, end) = (run.start.max(self.at), run.end.min(end));
            end.saturating_sub(start)
        });
        let missing = (end - self.at).saturating_sub(held.fold(0, u64::saturating_add));
        match (missing, self.capacity) {
            (0, _) => Some(Duration::ZERO),
            (_, 0) => None,
            (missing, capacity) => Some(seconds(missing as f64 / capacity as f64)),
        }
    }

    /// How long the film must wait so that no gap is reached before it is closed; zero when it
    /// need not, none while nothing comes and something is missing.
    fn wait(&self) -> Option<Duration> {
        let (mut missing, mut place, mut wait) = (0, self.at, 0.0_f64);
        let end = self.size..self.size;
        for run in self.have.iter().chain([&end]) {
            let start = run.start.min(self.size);
            if start > place {
                missing += start - place;
                if self.capacity == 0 {
                    return None;
                }
                let comes = missing as f64 / self.capacity as f64;
                let needed = (start - self.at) as f64 / self.bitrate as f64;
                wait = wait.max(comes - needed);
            }
            place = place.max(run.end.min(self.size));
        }
        Some(seconds(wait))
    }

    /// Bytes that must lie ahead before the film runs, when the whole of the road counts.
    pub(crate) fn need(&self) -> u64 {
        let need = match self.wait() {
            Some(wait) if self.reachable(wait) => self.ahead().saturating_add(self.comes_in(wait)),
            Some(_) => self.slow_cushion(),
            None => 0,
        };
        need.max(self.cushion()).min(self.rest())
    }

    /// None while nothing comes.
    pub(crate) fn pace(&self) -> Option<Pace> {
        Some(match self.wait()? {
            // So much lies ahead that the swarm is asked for less than it has.
            _ if self.ahead() >= ROOM => Pace::Through,
            wait if wait.is_zero() => Pace::Through,
            wait if self.reachable(wait) => Pace::Later,
            _ => Pace::TooSlow,
        })
    }

    fn comes_in(&self, wait: Duration) -> u64 {
        (wait.as_secs_f64() * self.capacity as f64) as u64
    }

    /// Worth waiting for, and there is room for what comes meanwhile.
    fn reachable(&self, wait: Duration) -> bool {
        wait <= WAIT_MAX
            && (wait.is_zero() || self.ahead().saturating_add(self.comes_in(wait)) <= ROOM)
    }

    pub(crate) fn forecast(&self) -> Option<Forecast> {
        let wait = self.wait()?;
        if !self.reachable(wait) {
            let fits = self.capacity.saturating_mul(100) / FASTER_PERCENT;
            return Some(Forecast::TooSlow { fits });
        }
        let wait = wait.max(self.left(self.cushion())?);
        Some(if wait.is_zero() {
            Forecast::PlaysThrough
        } else {
            Forecast::StartsIn(wait)
        })
    }
}

/// Bytes a second of a film of that size, guessed when its length is not known.
pub fn bitrate(size: u64, duration: Option<Duration>) -> u64 {
    match duration.map(|duration| duration.as_millis()) {
        Some(ms @ 1..) => u64::try_from(u128::from(size) * 1000 / ms).unwrap_or(u64::MAX),
        _ => GUESS_BITRATE.clamp(size / GUESS_LONGEST_S, (size / GUESS_SHORTEST_S).max(1)),
    }
    .max(1)
}

/// Of a number that may be too large or not a number.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
}
