//! The mode for a film: with which of the screen's rates its pictures suffer least.
//!
//! A TV is dark for a second or two when its mode changes, and a receiver may lose the first words:
//! so it is done for a film that fills the screen and lasts, not for a trailer, and only where a
//! viewer would see a difference. Pixels stay as they are, for the wall is drawn for them.

use std::cmp::Reverse;
use std::time::Duration;

use crate::judder::{Cadence, Judder};
use crate::rate::Rate;
use crate::timings::Mode;

/// Shorter is not worth a dark screen.
const LENGTH_MIN: Duration = Duration::from_secs(180);

/// What is at most a cinema's rate is shown at it, for TVs know such films by it.
const CINEMA_MAX: Rate = Rate::hz(24);

/// What is faster is doubled, if it has not as much itself: what is drawn over a film moves better.
const SMOOTH_MIN: Rate = Rate::hz(47);

/// What the screen's rate depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Film {
    /// Pictures a second; none: nobody knows.
    pub rate: Option<Rate>,
    /// None: nobody knows yet.
    pub length: Option<Duration>,
    /// Nothing else is on the screen.
    pub fills_screen: bool,
}

/// Which of the offers shows that film best; the one that is on, if none is seen to be better.
///
/// `on` is the place of it in `offers`.
pub fn for_film(offers: &[Mode], on: usize, film: &Film) -> usize {
    let Some(now) = offers.get(on) else { return on };
    let is_worth_it = film.fills_screen && film.length.is_some_and(|it| it >= LENGTH_MIN);
    let Some(rate) = film.rate.filter(|_| is_worth_it) else {
        return on;
    };
    let suits = |mode: &Mode| {
        let same = (mode.width, mode.height) == (now.width, now.height);
        same && !mode.interlaced
    };
    let judder = |mode: &Mode| Judder::of(rate, mode.rate);
    let fit = |mode: &Mode| (judder(mode), liking(rate, mode.rate));
    let best = offers.iter().enumerate().filter(|(_, mode)| suits(mode));
    let best = best.min_by(|(_, a), (_, b)| fit(a).cmp(&fit(b)));
    match best {
        Some((place, mode)) if now.interlaced || judder(mode).is_seen_less_than(judder(now)) => {
            place
        }
        _ => on,
    }
}

/// Among what is equally even.
fn liking(film: Rate, screen: Rate) -> (u32, Reverse<Rate>) {
    let refreshes = match Judder::of(film, screen).cadence() {
        Cadence::Even(refreshes) => refreshes,
        _ => 0,
    };
    let is_enough = film <= CINEMA_MAX || film >= SMOOTH_MIN;
    let liked = if is_enough { 1 } else { 2 };
    (refreshes.abs_diff(liked), Reverse(screen))
}
