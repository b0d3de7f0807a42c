//! The strip of stills over the seek bar: what there is to see around the place that is sought.
//!
//! A film has [`PLACES`] places for stills at most, evenly over its length, so what is kept of one
//! is bounded by them. While the strip is up the player is asked for those that it shows, the
//! nearest first, and for none that is not here: a still costs nobody a byte. One that was made is
//! kept as long as the film is open.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Playing;
use crate::view::StillView;
use crate::{Effect, Still, Time, words};

/// Places in a film, and stills that are kept of it.
const PLACES: u32 = 100;

/// Places of a short film are not nearer than key frames are.
const APART_MIN: Duration = Duration::from_secs(2);

/// Of the strip, on each side of the place that is sought.
const BESIDE: u32 = 3;

#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Stills {
    /// By their places.
    made: BTreeMap<u32, Still>,
    /// Places of the strip that are here, as the player was asked last.
    wanted: Vec<u32>,
}

/// What the strip shows: the places from the first to the last, and which is the one sought.
#[derive(Debug, Clone, Copy)]
struct Strip {
    apart: Duration,
    first: u32,
    last: u32,
    middle: u32,
}

impl Strip {
    /// Around that moment of a film of that length.
    fn around(moment: Duration, length: Duration) -> Strip {
        let apart = (length / PLACES).max(APART_MIN);
        let place = |moment: Duration| (moment.as_nanos() / apart.as_nanos()) as u32;
        let end = place(length.saturating_sub(Duration::from_nanos(1))).min(PLACES - 1);
        let middle = place(moment).min(end);
        Strip {
            apart,
            first: middle.saturating_sub(BESIDE),
            last: (middle + BESIDE).min(end),
            middle,
        }
    }

    fn moment(&self, place: u32) -> Duration {
        self.apart * place
    }
}

impl Playing {
    fn strip(&self, now: Time) -> Option<Strip> {
        let shows = self.controls.shows_strip(now, self.paused) && !self.is_over();
        let end = self.seekable.filter(|_| shows)?;
        Some(Strip::around(self.place(), end))
    }

    /// Asks the player for what the strip lacks, when that has changed.
    pub(crate) fn want_stills(&mut self, now: Time, effects: &mut Vec<Effect>) {
        let strip = self.strip(now);
        let wanted = strip.map_or_else(Vec::new, |strip| {
            let here = |place: &u32| self.supply.seems_here(strip.moment(*place));
            let mut places: Vec<u32> = (strip.first..=strip.last).filter(here).collect();
            places.sort_by_key(|place| place.abs_diff(strip.middle));
            places
        });
        if wanted == self.stills.wanted {
            return;
        }
        let lacking = wanted
            .iter()
            .filter(|it| !self.stills.made.contains_key(it));
        let moment = |place: &u32| strip.map(|strip| strip.moment(*place));
        effects.push(Effect::MakeStills {
            session: self.session(),
            at: lacking.filter_map(moment).collect(),
        });
        self.stills.wanted = wanted;
    }

    /// The player made one.
    pub(super) fn still(&mut self, at: Duration, still: Still) {
        if let Some(end) = self.seekable {
            let strip = Strip::around(at, end);
            self.stills.made.insert(strip.middle, still);
        }
    }

    /// What the strip shows, and which of it is the place that is sought.
    pub(super) fn stills_view(&self, now: Time) -> (Vec<StillView>, usize) {
        let Some(strip) = self.strip(now) else {
            return (Vec::new(), 0);
        };
        let still = |place: u32| StillView {
            clock: words::clock(strip.moment(place)),
            picture: self.stills.made.get(&place).cloned(),
        };
        let stills = (strip.first..=strip.last).map(still).collect();
        (stills, (strip.middle - strip.first) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn a_strip_lies_within_the_film() {
        for length in [Duration::from_secs(1), HOUR / 60, 3 * HOUR] {
            for percent in 0..=100 {
                let strip = Strip::around(length * percent / 100, length);
                assert!(strip.first <= strip.middle && strip.middle <= strip.last);
                assert!(strip.last < PLACES && strip.moment(strip.last) < length);
                assert!(strip.last - strip.first <= 2 * BESIDE);
                // A still's own moment leads to its own place.
                let again = Strip::around(strip.moment(strip.middle), length);
                assert_eq!(again.middle, strip.middle);
            }
        }
    }
}
