//! The card of the next episode over a film: when it is there, what its keys do, and how it counts
//! down.
//!
//! It comes with the film's last part, and stays when that is over. While controls are on the
//! screen it is not: the keys are theirs, and what is said is read there. A countdown begins at the
//! film's end, so that nobody loses a scene after the credits, and any key stops it.

use std::time::Duration;

use super::{Playing, Step};
use crate::{Film, Key, Press, Time};

/// The next episode plays by itself so long after the end: time to find the remote.
const COUNTDOWN: Duration = Duration::from_secs(15);

#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct UpNext {
    /// What it is; none: nothing comes, or nobody has looked yet.
    film: Option<Box<Film>>,
    /// Somebody has looked.
    looked: bool,
    /// The viewer does not want the card.
    dismissed: bool,
    /// The film is over, and only the card is left of it.
    over: bool,
    countdown: Option<Countdown>,
    /// It played by itself for long: it is asked whether anybody is there.
    asks: bool,
    /// Index into what can be done once it is over.
    focus: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Countdown {
    until: Time,
    /// As it was told last.
    left_s: u64,
}

impl Countdown {
    fn look(&mut self, now: Time) {
        let left = self.until.since(now);
        self.left_s = left.as_secs() + u64::from(left.subsec_nanos() > 0);
    }

    /// When another second is over.
    fn deadline(self) -> Time {
        let rest = Duration::from_secs(self.left_s.saturating_sub(1));
        Time(self.until.0.saturating_sub(rest))
    }
}

/// What is to be done at the end of a film that has a next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AtEnd {
    Wait,
    /// It plays by itself after a countdown.
    CountDown,
    Ask,
}

/// The part of the card's view that the film knows.
#[derive(Debug)]
pub(crate) struct Shown<'a> {
    pub(crate) film: &'a Film,
    pub(crate) over: bool,
    pub(crate) asks: bool,
    /// Seconds.
    pub(crate) plays_in: Option<u64>,
    pub(crate) focus: usize,
}

impl Playing {
    /// The viewer has seen all that is not credits.
    pub(crate) fn in_last_part(&self) -> bool {
        self.up_next.over || self.last_part.is_some_and(|from| self.place() >= from)
    }

    /// What comes next is to be looked for.
    pub(crate) fn wants_next(&self) -> bool {
        !self.up_next.looked && self.attempt.film.episode.is_some() && self.in_last_part()
    }

    /// That comes next.
    pub(crate) fn comes_next(&mut self, next: Option<Film>) {
        self.up_next.looked = true;
        self.up_next.film = next.map(Box::new);
    }

    pub(crate) fn next(&self) -> Option<&Film> {
        self.up_next.film.as_deref()
    }

    /// The film is over, and the card of the next one stays; false: there is none.
    pub(crate) fn ends(&mut self, how: AtEnd, now: Time) -> bool {
        let stays = self.up_next.film.is_some() && !self.up_next.dismissed;
        if stays {
            self.up_next.over = true;
            self.up_next.asks = how == AtEnd::Ask;
            let mut countdown = Countdown {
                until: now + COUNTDOWN,
                left_s: 0,
            };
            countdown.look(now);
            self.up_next.countdown = (how == AtEnd::CountDown).then_some(countdown);
            self.lines = crate::Lines::default();
            self.paused = true;
        }
        stays
    }

    /// Only the card of the next one is left.
    pub(crate) fn is_over(&self) -> bool {
        self.up_next.over
    }

    /// Somebody is there, or nobody any more: nothing plays by itself.
    pub(crate) fn stop_countdown(&mut self) {
        self.up_next.countdown = None;
    }

    pub(super) fn card_shows(&self) -> bool {
        self.up_next.film.is_some() && !self.up_next.dismissed && self.in_last_part()
    }

    /// What a key does to the card; none: it is for the film.
    pub(super) fn card_key(&mut self, key: Key, press: Press, now: Time) -> Option<Step> {
        if self.up_next.over {
            let step = if press == Press::Down {
                self.over_key(key)
            } else {
                Step::Stay
            };
            return Some(step);
        }
        let free = !self.controls.visible(now, self.paused);
        if press != Press::Down || !free || !self.card_shows() {
            return None;
        }
        match key {
            Key::Ok => Some(Step::PlayNext { by_itself: false }),
            Key::Back => {
                self.up_next.dismissed = true;
                Some(Step::Stay)
            }
            _ => None,
        }
    }

    pub(super) fn over_key(&mut self, key: Key) -> Step {
        match key {
            Key::Left => self.up_next.focus = 0,
            Key::Right => self.up_next.focus = 1,
            Key::Ok if self.up_next.focus == 1 => return Step::Leave,
            Key::Ok | Key::Play | Key::PlayPause | Key::Next => {
                return Step::PlayNext { by_itself: false };
            }
            Key::Back | Key::Stop => return Step::Leave,
            _ => {}
        }
        Step::Stay
    }

    /// Time has passed.
    pub(super) fn count_down(&mut self, now: Time) -> Step {
        let Some(countdown) = &mut self.up_next.countdown else {
            return Step::Stay;
        };
        countdown.look(now);
        if countdown.left_s > 0 {
            return Step::Stay;
        }
        self.up_next.countdown = None;
        Step::PlayNext { by_itself: true }
    }

    pub(super) fn card_deadline(&self) -> Option<Time> {
        self.up_next.countdown.map(Countdown::deadline)
    }

    pub(crate) fn next_shown(&self, now: Time) -> Option<Shown<'_>> {
        let over = self.up_next.over;
        let free = over || !self.controls.visible(now, self.paused);
        let film = self.next().filter(|_| free && self.card_shows())?;
        Some(Shown {
            film,
            over,
            asks: self.up_next.asks,
            plays_in: self.up_next.countdown.map(|it| it.left_s),
            focus: self.up_next.focus,
        })
    }
}
