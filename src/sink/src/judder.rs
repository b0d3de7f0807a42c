//! What a film's pictures suffer on a screen of another rate.
//!
//! A screen can only show a picture for whole refreshes. Where a film has `f` pictures a second and
//! the screen `d` refreshes, a picture should last `d/f` of them and lasts the whole number below
//! or above. What of that is seen is first a matter of kind ([`Cadence`]), then of how much.

use std::cmp::Ordering;

use crate::rate::Rate;

/// The difference between 24 and 23.976 is one part in 1,001, and that between a monitor's 60 and
/// 60 up to one in 500; all others are far more.
const SLIP_PARTS: u128 = 450;

/// The kinds, the least seen first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cadence {
    /// Every picture lasts this many refreshes.
    Even(u32),
    /// As even, but for a picture twice or one dropped every ten seconds or more: 24 at 23.976.
    Slipping,
    /// Two refreshes, three, two, three: films on TVs of 60 Hz since there are any.
    Pulldown,
    /// A stutter several times a second.
    Uneven,
    /// Pictures are dropped: the screen is slower than the film.
    Dropping,
}

/// What is suffered; less is better.
#[derive(Debug, Clone, Copy)]
pub struct Judder {
    cadence: Cadence,
    /// How far it is off, within its kind: a fraction.
    off: (u128, u128),
}

impl Judder {
    /// Of a film on a screen.
    pub fn of(film: Rate, screen: Rate) -> Judder {
        let ((film, film_under), (screen, screen_under)) = (film.parts(), screen.parts());
        // Refreshes for a picture, as a fraction of two numbers of 64 bits.
        let lasts = u128::from(screen) * u128::from(film_under);
        let one = u128::from(screen_under) * u128::from(film);
        let whole = ((lasts + one / 2) / one).max(1);
        let off_whole = lasts.abs_diff(whole * one);
        let (cadence, off) = if off_whole == 0 {
            (Cadence::Even(whole as u32), (0, 1))
        } else if off_whole * SLIP_PARTS <= whole * one {
            (Cadence::Slipping, (off_whole, whole * one))
        } else if lasts < one {
            (Cadence::Dropping, (one - lasts, one))
        } else {
            let off_pulldown = (2 * lasts).abs_diff(5 * one);
            if off_pulldown * SLIP_PARTS <= 5 * one {
                (Cadence::Pulldown, (off_pulldown, 5 * one))
            } else {
                (Cadence::Uneven, uneven(lasts, one))
            }
        };
        Judder { cadence, off }
    }

    pub fn cadence(self) -> Cadence {
        self.cadence
    }

    /// A viewer would see it: the kinds differ, not only the amount.
    pub fn is_seen_less_than(self, other: Judder) -> bool {
        self.kind() < other.kind()
    }

    /// How many refreshes an even one has is no matter of judder.
    fn kind(self) -> Cadence {
        match self.cadence {
            Cadence::Even(_) => Cadence::Even(1),
            other => other,
        }
    }
}

/// By how much pictures last too long or too short, as a part of how long they should.
fn uneven(lasts: u128, one: u128) -> (u128, u128) {
    // A part `longer / one` of them lasts a refresh more than the others, and each is off by the
    // other's part. Factors have 64 bits, so no product has more than 128.
    let longer = lasts % one;
    (2 * longer * (one - longer), one * lasts)
}

impl Ord for Judder {
    fn cmp(&self, other: &Judder) -> Ordering {
        let off = || compare(self.off, other.off);
        self.kind().cmp(&other.kind()).then_with(off)
    }
}

impl PartialOrd for Judder {
    fn partial_cmp(&self, other: &Judder) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Judder {
    fn eq(&self, other: &Judder) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Judder {}

/// Which of two fractions is more, without a product that may not fit: whole parts first, then what
/// is left over, upside down.
fn compare(mut a: (u128, u128), mut b: (u128, u128)) -> Ordering {
    loop {
        let whole = (a.0 / a.1).cmp(&(b.0 / b.1));
        if whole != Ordering::Equal {
            return whole;
        }
        let (left_a, left_b) = (a.0 % a.1, b.0 % b.1);
        match (left_a, left_b) {
            (0, 0) => return Ordering::Equal,
            (0, _) => return Ordering::Less,
            (_, 0) => return Ordering::Greater,
            _ => (a, b) = ((b.1, left_b), (a.1, left_a)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A rate as people write it.
    fn rate(text: &str) -> Rate {
        match text.split_once('.') {
            None => Rate::hz(text.parse().unwrap()),
            Some((whole, _)) => Rate::hz(whole.parse::<u32>().unwrap() + 1).slower(),
        }
    }

    #[test]
    fn kinds_are_as_the_field_has_them() {
        for (film, screen, cadence) in [
            ("24", "24", Cadence::Even(1)),
            ("23.976", "23.976", Cadence::Even(1)),
            ("23.976", "119.88", Cadence::Even(5)),
            ("25", "50", Cadence::Even(2)),
            ("29.97", "59.94", Cadence::Even(2)),
            ("30", "60", Cadence::Even(2)),
            ("24", "23.976", Cadence::Slipping),
            ("23.976", "24", Cadence::Slipping),
            ("29.97", "60", Cadence::Slipping),
            ("24", "60", Cadence::Pulldown),
            ("23.976", "59.94", Cadence::Pulldown),
            ("23.976", "60", Cadence::Pulldown),
            ("25", "60", Cadence::Uneven),
            ("24", "50", Cadence::Uneven),
            ("50", "60", Cadence::Uneven),
            ("60", "50", Cadence::Dropping),
            ("60", "30", Cadence::Dropping),
            ("30", "24", Cadence::Dropping),
        ] {
            let judder = Judder::of(rate(film), rate(screen));
            assert_eq!(judder.cadence(), cadence, "{film} at {screen}");
        }
    }

    #[test]
    fn within_a_kind_less_is_better() {
        let of = |film, screen| Judder::of(rate(film), rate(screen));
        assert_eq!(of("24", "24"), of("24", "48"));
        assert!(of("23.976", "59.94") < of("23.976", "60"));
        assert!(of("60", "50") < of("60", "30"));
        assert!(of("25", "60") < of("25", "24"));
        assert!(!of("24", "48").is_seen_less_than(of("24", "24")));
        assert!(!of("23.976", "59.94").is_seen_less_than(of("23.976", "60")));
        assert!(of("24", "24").is_seen_less_than(of("24", "23.976")));
    }

    proptest! {
        #[test]
        fn fractions_are_ordered_rightly(a in 0_u64.., b in 1_u64.., c in 0_u64.., d in 1_u64..) {
            let [a, b, c, d] = [a, b, c, d].map(u128::from);
            prop_assert_eq!(compare((a, b), (c, d)), (a * d).cmp(&(c * b)));
        }

        #[test]
        fn any_two_rates_have_a_judder(
            film in (1_u64..=u64::from(u32::MAX), 1_u64..=u64::from(u32::MAX)),
            screen in (1_u64..=u64::from(u32::MAX), 1_u64..=u64::from(u32::MAX)),
        ) {
            let rates = (Rate::new(film.0, film.1), Rate::new(screen.0, screen.1));
            if let (Some(film), Some(screen)) = rates {
                let judder = Judder::of(film, screen);
                let even = matches!(judder.cadence(), Cadence::Even(_));
                prop_assert_eq!(judder == Judder::of(film, film), even);
                prop_assert!(judder >= Judder::of(film, film));
            }
        }
    }
}
