//! Whether the film's bytes keep up: where the player reads, how much lies ahead of it, and
//! whether that is enough.
//!
//! Decided from what the torrent holds, never from the decoder's own buffering: only the torrent
//! knows what is there, verified, and how fast more comes.

use std::ops::Range;
use std::time::Duration;

use crate::forecast::Road;
use crate::library::permille;
use crate::outlook::Outlook;
use crate::trail::Trail;
use crate::{Progress, Time};

/// A demuxer reads the container's index in the last fiftieth of the file; that is no playhead.
const INDEX_SHARE: u64 = 50;

/// What part of the file a moment may lie before or after its share of the film's length: bitrates
/// swing within a film.
const NEAR: u64 = 50;

/// What is known of the bytes of the film being played.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Supply {
    /// Its size is zero until known.
    pub(crate) progress: Progress,
    /// As the player knows it.
    pub(crate) duration: Option<Duration>,
    /// As the catalogue has it.
    runtime: Option<Duration>,
    /// The viewer knows that it goes on from RAM.
    ram_told: bool,
    /// It ran dry: what could come counts no more, only what comes.
    dry: bool,
    outlook: Outlook,
    trail: Trail,
}

impl Supply {
    /// Of a film that lasts so long by its catalogue.
    pub(crate) fn new(runtime_min: Option<u16>) -> Supply {
        Supply {
            runtime: runtime_min.map(|minutes| Duration::from_secs(60 * u64::from(minutes))),
            ..Supply::default()
        }
    }

    /// Takes in how the download does.
    pub(crate) fn take(&mut self, mut progress: Progress) {
        progress.size = progress.size.max(self.progress.size);
        self.progress = progress;
    }

    /// Whether the film has begun to go on from RAM: once a film.
    pub(crate) fn tells_of_ram(&mut self) -> bool {
        self.progress.in_ram && !std::mem::replace(&mut self.ram_told, true)
    }

    /// Looks at it: time has passed, or more is known of the film.
    pub(crate) fn look(&mut self, position: Duration, now: Time) {
        let mut outlook = std::mem::take(&mut self.outlook);
        outlook.look(self.road(position), now);
        self.outlook = outlook;
    }

    /// The film goes on from elsewhere.
    pub(crate) fn jump(&mut self) {
        self.dry = false;
        self.outlook.restart();
        self.trail.restart();
    }

    /// The film stands still for want of bytes, or goes on again.
    pub(crate) fn runs_dry(&mut self, dry: bool) {
        self.dry = dry;
        self.outlook.recount();
    }

    /// The film goes on where an earlier attempt told the byte.
    pub(crate) fn goes_on(&mut self, moment: Duration, byte: u64) {
        self.trail.goes_on(moment, byte);
    }

    /// The film shows this moment.
    pub(crate) fn shows(&mut self, moment: Duration) {
        if !self.reads_index() {
            self.trail.note(moment, self.progress.read_at);
        }
    }

    /// The byte from which on the film can be read to show `moment`, when that is known.
    pub(crate) fn byte_of(&self, moment: Duration) -> Option<u64> {
        self.trail.byte_of(moment)
    }

    /// Whether that moment is likely to be here, as far as can be said without the container's
    /// index: where its share of the film's length is, a little to both sides.
    pub(crate) fn seems_here(&self, moment: Duration) -> bool {
        let size = self.progress.size;
        let Some(length) = self.duration.filter(|length| !length.is_zero()) else {
            return true;
        };
        let byte = (size as f64 * moment.div_duration_f64(length)) as u64;
        let around = byte.saturating_sub(size / NEAR)..byte + size / NEAR;
        let have = &self.progress.have;
        let meets = |held: &Range<u64>| held.start < around.end && around.start < held.end;
        size == 0 || have.iter().any(meets)
    }

    /// It may also be the film's last seconds.
    fn reads_index(&self) -> bool {
        let size = self.progress.size;
        self.progress.read_at >= size - size / INDEX_SHARE
    }

    /// Where the player reads the film itself, given how far it has shown it.
    fn read_at(&self, position: Duration) -> u64 {
        let size = self.progress.size;
        let read_at = self.progress.read_at.min(size);
        match self.duration {
            Some(duration) if self.reads_index() && permille(position, duration) < 900 => {
                let share = position.as_secs_f64() / duration.as_secs_f64();
                ((size as f64 * share) as u64).min(size)
            }
            _ => read_at,
        }
    }

    fn road(&self, position: Duration) -> Option<Road<'_>> {
        let length = self.duration.or(self.runtime);
        let road = Road::of(&self.progress, self.read_at(position), length)?;
        Some(match self.progress.rate {
            rate @ 1.. if self.dry => road.at_rate(rate),
            _ => road,
        })
    }

    /// The film may run: enough lies ahead, or all that is asked for now.
    pub(crate) fn enough(&self, position: Duration) -> bool {
        self.road(position).is_some_and(|road| {
            let ahead = road.ahead();
            let idle = self.progress.rate == 0 && ahead >= road.cushion();
            idle || ahead >= self.outlook.need(road)
        })
    }

    /// Bytes that lie ahead of the film, and for how many seconds of it.
    pub(crate) fn ahead(&self, position: Duration) -> Option<(u64, Option<u64>)> {
        let road = self.road(position)?;
        let ahead = road.ahead();
        Some((ahead, ahead.checked_div(road.bitrate())))
    }

    /// Everything from where it is read to its end is held.
    pub(crate) fn has_the_rest(&self, position: Duration) -> bool {
        let (size, at) = (self.progress.size, self.read_at(position));
        let mut have = self.progress.have.iter();
        size > 0 && have.any(|run| run.start <= at && run.end >= size)
    }

    /// Thousandths of what must lie ahead that are there; none while the size is unknown.
    pub(crate) fn permille(&self, position: Duration) -> Option<u16> {
        let road = self.road(position)?;
        let need = self.outlook.need(road);
        (need > 0).then(|| (road.ahead() * 1000 / need).min(1000) as u16)
    }

    /// Seconds until the film runs, as the viewer is told.
    pub(crate) fn starts_in_s(&self) -> Option<u64> {
        self.outlook.starts_in_s()
    }

    /// Bytes a second that the film needs, when it gets fewer and will stop now and then.
    pub(crate) fn too_slow_for(&self) -> Option<u64> {
        let road = self.road(Duration::ZERO)?;
        self.outlook.too_slow().then(|| road.bitrate())
    }

    /// When what is told may change by itself.
    pub(crate) fn deadline(&self) -> Option<Time> {
        self.outlook.deadline()
    }

    /// Held parts as thousandths of the film; bytes stand for time, which is near enough to draw.
    pub(crate) fn buffered(&self) -> Vec<Range<u16>> {
        let size = self.progress.size;
        if size == 0 {
            return Vec::new();
        }
        let share = |at: u64| (u128::from(at) * 1000 / u128::from(size)).min(1000) as u16;
        let runs = self.progress.have.iter();
        let runs = runs.map(|run| share(run.start)..share(run.end));
        runs.filter(|run| !run.is_empty()).collect()
    }
}
