//! When the film will have ended, by the clock.

use super::Playing;
use crate::Time;
use crate::clock::{self, DAY_MS};

/// A minute that is shown stays until the end is so far out of it: where the film is comes four
/// times a second, and what is at the turn of a minute would flicker.
const STAYS_MS: i64 = 5000;

const MINUTE_MS: i64 = clock::MINUTE_MS as i64;

impl Playing {
    /// Something of the controls is on the screen.
    pub(crate) fn shows_controls(&self, now: Time) -> bool {
        self.controls.visible(now, self.paused) && !self.is_over()
    }

    /// It is `local_ms` of the day; none: nobody knows.
    pub(crate) fn reckon_end(&mut self, local_ms: Option<u32>, now: Time) {
        let left = self.supply.duration;
        let left = left.map(|end| end.saturating_sub(self.place()).as_millis() * 1000);
        let left = left.and_then(|it| it.checked_div(u128::from(self.speed)));
        let exact = local_ms.zip(left).filter(|_| self.shows_controls(now));
        self.ends = exact.map(|(local, left)| {
            let exact = (u128::from(local) + left) % u128::from(DAY_MS);
            kept(self.ends, exact as u32)
        });
    }

    /// The minute of the day.
    pub(crate) fn ends_at(&self) -> Option<u16> {
        self.ends
    }
}

/// The minute to show of an end at `exact_ms` of the day, while `shown` is.
fn kept(shown: Option<u16>, exact_ms: u32) -> u16 {
    let near = |minute: &u16| {
        // From the middle of the minute, the shorter way round the day.
        let off = i64::from(exact_ms) - i64::from(*minute) * MINUTE_MS - MINUTE_MS / 2;
        let day = i64::from(DAY_MS);
        let off = (off + day / 2).rem_euclid(day) - day / 2;
        off.abs() <= MINUTE_MS / 2 + STAYS_MS
    };
    let minute = (i64::from(exact_ms) / MINUTE_MS) as u16;
    shown.filter(near).unwrap_or(minute)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// How far apart on the clock's round.
    fn apart(one: i64, other: i64) -> i64 {
        let day = i64::from(DAY_MS);
        let way = (one - other).rem_euclid(day);
        way.min(day - way)
    }

    proptest! {
        #[test]
        fn what_is_shown_is_right_to_some_seconds_at_any_time_of_the_day(
            shown in proptest::option::of(0..1440_u16),
            exact in 0..DAY_MS,
        ) {
            let minute = kept(shown, exact);
            prop_assert!(minute < 1440);
            let middle = i64::from(minute) * MINUTE_MS + MINUTE_MS / 2;
            let off = apart(i64::from(exact), middle);
            prop_assert!(off <= MINUTE_MS / 2 + STAYS_MS, "{minute} for {exact}");
        }

        /// Round midnight too.
        #[test]
        fn it_does_not_flicker(
            begin in 0..DAY_MS,
            steps in proptest::collection::vec(-2000..2000_i64, 1..50),
        ) {
            let first = kept(None, begin);
            let mut shown = first;
            for step in steps {
                let exact = (i64::from(begin) + step).rem_euclid(i64::from(DAY_MS));
                shown = kept(Some(shown), exact as u32);
            }
            prop_assert_eq!(shown, first);
        }
    }

    #[test]
    fn a_minute_gives_way_to_the_next_and_midnight_to_the_first() {
        assert_eq!(kept(None, 0), 0);
        assert_eq!(kept(None, DAY_MS - 1), 1439);
        assert_eq!(kept(Some(1439), 4999), 1439);
        assert_eq!(kept(Some(1439), 5001), 0);
        assert_eq!(kept(Some(0), DAY_MS - 5000), 0);
        assert_eq!(kept(Some(0), DAY_MS - 5001), 1439);
    }
}
