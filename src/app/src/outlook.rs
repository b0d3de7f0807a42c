//! The forecast made steady: what the viewer is told, and has to wait for.
//!
//! Rates swing, and at the start they are not known yet. So a change of the forecast counts only
//! after it has held for [`HOLDS`], and the seconds told count down but jump up only when they
//! were far off. Nothing is lost by it at the start: a swarm that is slower than the film cannot
//! bring a cushion of four seconds in less than four.

use std::time::Duration;

use crate::Time;
use crate::forecast::{Pace, Road};

/// A change of the forecast must hold this long: rates are means over about as much.
const HOLDS: Duration = Duration::from_secs(3);

/// What has been expected of the film for a while.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Outlook {
    pace: Pace,
    /// What it looks like now, when that differs, and since when.
    change: Option<(Pace, Time)>,
    /// Seconds until the film runs, as told.
    told_s: Option<u64>,
}

impl Outlook {
    /// Takes in how the road is now; without one nothing is known.
    pub(crate) fn look(&mut self, road: Option<Road<'_>>, now: Time) {
        let Some(road) = road else { return };
        match road.pace() {
            Some(pace) if pace != self.pace => {
                let since = match self.change {
                    Some((changed, since)) if changed == pace => since,
                    _ => now,
                };
                self.change = Some((pace, since));
                if now.since(since) >= HOLDS {
                    self.pace = pace;
                    self.change = None;
                }
            }
            // Where nothing comes, nothing new is known.
            _ => self.change = None,
        }
        let left = road.left(self.need(road));
        let left = left.map(|left| left.as_millis().div_ceil(1000));
        self.told_s = left.map(
            |s| match (u64::try_from(s).unwrap_or(u64::MAX), self.told_s) {
                (s, Some(told)) if s > told && s <= told + 1 + told / 4 => told,
                (s, _) => s,
            },
        );
    }

    /// The place in the film has changed: what was known of the road is over.
    pub(crate) fn restart(&mut self) {
        *self = Outlook::default();
    }

    /// A new wait begins: its seconds are not those of the last one.
    pub(crate) fn recount(&mut self) {
        self.told_s = None;
    }

    /// Bytes that must lie ahead before the film runs.
    pub(crate) fn need(&self, road: Road<'_>) -> u64 {
        match self.pace {
            Pace::Through => road.cushion(),
            Pace::Later | Pace::TooSlow => road.need(),
        }
    }

    /// Seconds until the film runs, for the viewer; none while nobody knows.
    pub(crate) fn starts_in_s(&self) -> Option<u64> {
        self.told_s
    }

    /// The film will stop now and then.
    pub(crate) fn too_slow(&self) -> bool {
        self.pace == Pace::TooSlow
    }

    /// When a change will have held long enough.
    pub(crate) fn deadline(&self) -> Option<Time> {
        self.change.map(|(_, since)| since + HOLDS)
    }
}
