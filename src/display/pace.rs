//! When the next turn is due: the refreshes of a screen as a steady grid of moments.
//!
//! A turn between two refreshes (a key, a video frame) does not shift the grid, so something that
//! moves keeps its rate; turns that were missed are skipped, never made up for.

use std::time::{Duration, Instant};

use super::Next;

/// Refreshes a second where the screen does not tell: what most do.
const USUAL_MHZ: u32 = 60_000;

#[derive(Debug)]
pub(super) struct Pace {
    period: Duration,
    /// The last refresh asked for, or the first one.
    refresh: Instant,
}

/// What to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    At(Instant),
    Whenever,
    Never,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Pace {
        let mut pace = Pace {
            period: Duration::ZERO,
            refresh: now,
        };
        pace.set_rate(None);
        pace
    }

    /// Refreshes in thousandths a second, if the screen tells. Outside 20 to 500 a second it does
    /// not tell the truth (virtual screens say 0 or 1).
    pub(super) fn set_rate(&mut self, millihertz: Option<u32>) {
        let rate = millihertz
            .filter(|rate| (20_000..=500_000).contains(rate))
            .unwrap_or(USUAL_MHZ);
        self.period = Duration::from_nanos(1_000_000_000_000 / u64::from(rate));
    }

    pub(super) fn due(&mut self, next: Next, now: Instant) -> Due {
        match next {
            Next::Quit => Due::Never,
            Next::Idle => Due::Whenever,
            Next::At(at) => Due::At(at),
            Next::Frame => {
                if self.refresh <= now {
                    let late = now.duration_since(self.refresh).as_nanos();
                    let behind = late / self.period.as_nanos();
                    self.refresh = if behind > 10 {
                        // It rested: the grid begins anew.
                        now + self.period
                    } else {
                        self.refresh + self.period * (behind as u32 + 1)
                    };
                }
                Due::At(self.refresh)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn refreshes_keep_their_grid_whatever_comes_between() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        pace.set_rate(Some(50_000));
        assert_eq!(pace.due(Next::Frame, start), Due::At(start + 20 * MS));
        assert_eq!(
            pace.due(Next::Frame, start + 5 * MS),
            Due::At(start + 20 * MS)
        );
        assert_eq!(
            pace.due(Next::Frame, start + 21 * MS),
            Due::At(start + 40 * MS)
        );
        // Two refreshes were missed: neither is made up for.
        assert_eq!(
            pace.due(Next::Frame, start + 85 * MS),
            Due::At(start + 100 * MS)
        );
        // After a rest the next one is a whole period away.
        let later = start + Duration::from_secs(9) + 3 * MS;
        assert_eq!(pace.due(Next::Frame, later), Due::At(later + 20 * MS));
    }

    #[test]
    fn a_rate_that_cannot_be_is_taken_for_the_usual_one() {
        let now = Instant::now();
        for rate in [None, Some(0), Some(1_000), Some(u32::MAX)] {
            let mut pace = Pace::new(now);
            pace.set_rate(rate);
            assert_eq!(pace.period, Duration::from_nanos(16_666_666));
        }
    }
}
