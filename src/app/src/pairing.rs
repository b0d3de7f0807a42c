//! Which code lets a phone in: one that the TV shows now, and few guesses at it.
//!
//! Invariants: an offer lives [`CODE_LIVES`] and is taken once; in any minute at most [`TRIES`]
//! codes are looked at, whatever offers come and go; after each wrong one the next is looked at
//! later. A million codes at five guesses a minute: who knows nothing is let in by one offer with
//! a chance of one in a hundred thousand.

use std::collections::VecDeque;
use std::time::Duration;

use crate::Time;

/// Long enough to find the phone and type six digits.
pub const CODE_LIVES: Duration = Duration::from_secs(120);

/// Wrong codes in [`TRIES_IN`].
pub const TRIES: usize = 5;

/// A minute.
pub const TRIES_IN: Duration = Duration::from_secs(60);

/// How long after a wrong code the next is looked at; twice as long after each further one.
const SLOWED: Duration = Duration::from_secs(1);

/// What lets a phone in, and what was tried.
#[derive(Debug, Default)]
pub struct Pairing {
    offer: Option<Offer>,
    /// When codes were wrong, the latest last: those of the last minute alone.
    wrong: VecDeque<Time>,
}

#[derive(Debug)]
struct Offer {
    /// The digits to type, and the secret that the picture holds.
    either: [String; 2],
    until: Time,
}

/// What came of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    Right,
    Wrong,
    /// The TV shows none.
    NoCode,
    /// Too soon after wrong ones: it was not looked at. The next may come after that.
    Later(Duration),
}

impl Pairing {
    /// From now on either of these lets one phone in; what was offered before does not.
    pub fn offer(&mut self, digits: String, secret: String, now: Time) {
        let either = [digits, secret];
        let until = now + CODE_LIVES;
        self.offer = Some(Offer { either, until });
    }

    /// Nothing lets anybody in.
    pub fn end(&mut self) {
        self.offer = None;
    }

    /// Somebody gives a code.
    pub fn take(&mut self, code: &str, now: Time) -> Tried {
        while (self.wrong.front()).is_some_and(|at| now >= *at + TRIES_IN) {
            self.wrong.pop_front();
        }
        if let Some(free) = self.free_at().filter(|free| now < *free) {
            return Tried::Later(free.0.saturating_sub(now.0));
        }
        self.offer.take_if(|offer| now >= offer.until);
        let Some(offer) = &self.offer else {
            return Tried::NoCode;
        };
        if offer.either.iter().any(|right| right == code) {
            self.offer = None;
            return Tried::Right;
        }
        self.wrong.push_back(now);
        Tried::Wrong
    }

    /// When the next code is looked at; none: now.
    fn free_at(&self) -> Option<Time> {
        let last = *self.wrong.back()?;
        if self.wrong.len() >= TRIES {
            return self.wrong.front().map(|first| *first + TRIES_IN);
        }
        let doubled = u32::try_from(self.wrong.len() - 1).unwrap_or(0);
        Some(last + SLOWED * 2_u32.pow(doubled))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Time {
        Time(Duration::from_secs(seconds))
    }

    fn offered() -> Pairing {
        let mut pairing = Pairing::default();
        pairing.offer("123456".into(), "secret".into(), at(0));
        pairing
    }

    #[test]
    fn either_code_is_right_and_only_once() {
        for code in ["123456", "secret"] {
            let mut pairing = offered();
            assert_eq!(pairing.take(code, at(1)), Tried::Right);
            assert_eq!(pairing.take(code, at(1)), Tried::NoCode);
        }
    }

    #[test]
    fn a_code_lives_two_minutes_and_no_longer_than_its_page() {
        let mut pairing = offered();
        assert_eq!(pairing.take("123456", at(120)), Tried::NoCode);
        let mut pairing = offered();
        pairing.end();
        assert_eq!(pairing.take("123456", at(1)), Tried::NoCode);
        let mut pairing = offered();
        pairing.offer("654321".into(), "other".into(), at(1));
        assert_eq!(pairing.take("123456", at(2)), Tried::Wrong);
    }

    #[test]
    fn wrong_codes_are_slowed() {
        let mut pairing = offered();
        let later = |seconds| Tried::Later(Duration::from_secs(seconds));
        for (wrong_at, wait) in [(0, 1), (1, 2), (3, 4), (7, 8)] {
            assert_eq!(pairing.take("0", at(wrong_at)), Tried::Wrong);
            // Not even the right one is looked at.
            assert_eq!(pairing.take("123456", at(wrong_at)), later(wait));
        }
        assert_eq!(pairing.take("0", at(15)), Tried::Wrong);
        assert_eq!(pairing.take("123456", at(15)), later(45));
        pairing.offer("1".into(), "2".into(), at(16));
        assert_eq!(pairing.take("1", at(16)), later(44), "nor of a new offer");
        assert_eq!(pairing.take("1", at(60)), Tried::Right);
    }

    #[test]
    fn never_more_than_five_in_a_minute() {
        let mut pairing = Pairing::default();
        let mut wrong: Vec<u64> = Vec::new();
        for second in 0..3600 {
            pairing.offer("123456".into(), "secret".into(), at(second));
            if pairing.take("0", at(second)) == Tried::Wrong {
                wrong.push(second);
            }
        }
        assert!(wrong.len() > 100, "who waits is looked at: {}", wrong.len());
        for five in wrong.windows(TRIES + 1) {
            assert!(five[TRIES] - five[0] >= 60, "{five:?}");
        }
    }
}
