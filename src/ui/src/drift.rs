//! Posters that drift on black: how the screen is spared while nobody presses a key.
//!
//! Three at a time rise slowly, each in a third of the screen and somewhere else in it each time,
//! so that no place is lit for longer than a poster takes to pass over it: half a minute. They are
//! moved twelve times a second, whole pixels each time, which is all that is drawn: on a screen of
//! 1080 lines not a ninth of it, and never more often on a larger one. The time, where it is known,
//! stands below the poster that is nearest to the middle, and goes on with the next.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use app::Card;
use slint::{ComponentHandle, Model, VecModel};

use crate::pictures::Pictures;
use crate::rows::dressed;
use crate::{Geometry, POSTER, rounded};
use screens::{Drift, DriftItem, Stage};

/// Posters at a time, one in each part of the screen's breadth.
const LANES: usize = 3;

/// Lengths of the screens a second. A poster is 333 of them high.
const SPEED: f32 = 12.0;

/// Moves a second.
const RATE: u32 = 12;

/// Height of all screens.
const HEIGHT: f32 = 1080.0;

/// From below the screen until it is above it.
const WAY: f32 = HEIGHT + POSTER.1;

/// The clock is below a poster, so far.
const CLOCK_BELOW: f32 = POSTER.1 + 18.0;

/// It goes with the poster whose top is nearest to this, so that it is always on the screen.
const CLOCK_MIDDLE: f32 = 375.0;

pub(crate) struct DriftScreen {
    posters: Rc<VecModel<DriftItem>>,
    cards: Arc<Vec<Card>>,
    /// The time is known.
    clock: bool,
    /// On the clock of the drawing; none: it has not begun.
    began: Option<Duration>,
    /// Moves so far.
    moves: u64,
}

/// Where a poster is.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    /// Which of all cards.
    card: usize,
    x: f32,
    y: f32,
}

impl DriftScreen {
    pub(crate) fn new(stage: &Stage) -> Self {
        let screen = Self {
            posters: Rc::default(),
            cards: Arc::default(),
            clock: false,
            began: None,
            moves: 0,
        };
        let posters = Rc::clone(&screen.posters);
        stage.global::<Drift>().set_posters(posters.into());
        screen
    }

    /// `clock`: the time goes with them.
    pub(crate) fn show(
        &mut self,
        (cards, clock): (&Arc<Vec<Card>>, bool),
        fresh: bool,
        geometry: Geometry,
        pictures: &mut Pictures,
    ) {
        if fresh {
            self.began = None;
            self.moves = 0;
        }
        self.cards = Arc::clone(cards);
        self.clock = clock;
        self.wish(geometry, pictures);
    }

    fn wish(&self, geometry: Geometry, pictures: &mut Pictures) {
        let places = places(self.moves, geometry.breadth, self.cards.len());
        let cards = places.map(|place| &self.cards[place.card]);
        pictures.wish(cards.map(|card| geometry.card_wish(card)));
    }

    /// Moves them on to `now`.
    pub(crate) fn step(
        &mut self,
        stage: &Stage,
        now: Duration,
        geometry: Geometry,
        pictures: &mut Pictures,
    ) {
        let began = *self.began.get_or_insert(now);
        let gone = now.saturating_sub(began);
        self.moves = (gone.as_millis() * u128::from(RATE) / 1000) as u64;
        let places = places(self.moves, geometry.breadth, self.cards.len());
        let mut other = false;
        let mut there = 0;
        for (at, place) in places.enumerate() {
            there = at + 1;
            let card = &self.cards[place.card];
            let picture = pictures.get(&geometry.card_wish(card));
            let item = DriftItem {
                card: dressed(card, place.card, picture),
                x: rounded(place.x, geometry.scale),
                y: rounded(place.y, geometry.scale),
            };
            match self.posters.row_data(at) {
                None => {
                    self.posters.push(item);
                    other = true;
                }
                Some(before) if before != item => {
                    other |= before.card.column != item.card.column;
                    self.posters.set_row_data(at, item);
                }
                Some(_) => {}
            }
        }
        // Who comes next does not see what was on the wall of another.
        while self.posters.row_count() > there {
            self.posters.remove(there);
        }
        if other {
            self.wish(geometry, pictures);
        }
        if self.clock {
            let (x, y) = clock_place(self.moves, geometry.breadth);
            let drift = stage.global::<Drift>();
            drift.set_clock_x(rounded(x, geometry.scale));
            drift.set_clock_y(rounded(y, geometry.scale));
        }
    }

    /// When they move next.
    pub(crate) fn due(&self) -> Option<Duration> {
        let began = self
            .began
            .filter(|_| self.clock || !self.cards.is_empty())?;
        // Rounded up: a step that comes too early moves nothing.
        let next = (self.moves + 1) * 1000;
        Some(began + Duration::from_millis(next.div_ceil(u64::from(RATE))))
    }
}

/// Where all are after so many moves; nowhere, if there are none.
fn places(moves: u64, breadth: f32, cards: usize) -> impl Iterator<Item = Place> {
    let lanes = (0..LANES).filter(move |_| cards > 0);
    lanes.map(move |lane| place(lane, moves, breadth, cards))
}

/// Where the clock is, as wide as a poster; it moves where there are no posters too.
fn clock_place(moves: u64, breadth: f32) -> (f32, f32) {
    let off = |it: &Place| (it.y - CLOCK_MIDDLE).abs();
    let nearest = places(moves, breadth, 1).min_by(|one, other| off(one).total_cmp(&off(other)));
    nearest.map_or((0.0, 0.0), |it| (it.x, it.y + CLOCK_BELOW))
}

fn place(lane: usize, moves: u64, breadth: f32, cards: usize) -> Place {
    // They do not come side by side, and the first is there from the start.
    let ahead = WAY * (0.8 - lane as f32 / LANES as f32);
    let step = f64::from(SPEED) / f64::from(RATE);
    let gone = moves as f64 * step + f64::from(ahead.max(0.0));
    let pass = (gone / f64::from(WAY)) as u64;
    let risen = (gone % f64::from(WAY)) as f32;
    let part = breadth / LANES as f32;
    let room = (part - POSTER.0).max(0.0);
    Place {
        card: (pass as usize).wrapping_mul(LANES).wrapping_add(lane) % cards,
        x: part * lane as f32 + room * chance(pass, lane),
        y: HEIGHT - risen,
    }
}

/// Between 0 and 1, another each time (the golden ratio spreads evenly).
fn chance(pass: u64, lane: usize) -> f32 {
    let turns = (pass % 1000) as f32 + 0.37 * lane as f32;
    (turns * 0.618_034 + 0.11).fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_poster_stays_in_its_part_and_all_come_by_turns() {
        let mut seen = std::collections::BTreeSet::new();
        // Two hours.
        for moves in 0..u64::from(RATE) * 7200 {
            for (lane, place) in places(moves, 1920.0, 9).enumerate() {
                let left = 640.0 * lane as f32;
                assert!(place.x >= left && place.x + POSTER.0 <= left + 640.0);
                assert!(place.y > -POSTER.1 - 1.0 && place.y <= HEIGHT);
                seen.insert(place.card);
            }
        }
        assert_eq!(seen.len(), 9);
        assert_eq!(places(5, 1920.0, 0).count(), 0);
        // A screen that is narrower than three posters.
        assert!(places(5, 600.0, 1).all(|place| place.x >= 0.0 && place.card == 0));
    }

    #[test]
    fn no_place_is_lit_for_longer_than_a_poster_passes() {
        let (x, y) = (800.0, 500.0);
        let (mut lit, mut longest) = (0_u64, 0);
        for moves in 0..u64::from(RATE) * 7200 {
            let covers = |place: Place| {
                (place.x..place.x + POSTER.0).contains(&x)
                    && (place.y..place.y + POSTER.1).contains(&y)
            };
            let is_lit = places(moves, 1920.0, 9).any(covers);
            lit = if is_lit { lit + 1 } else { 0 };
            longest = longest.max(lit);
        }
        assert!(longest > 0 && longest <= u64::from(RATE) * 30, "{longest}");
    }

    #[test]
    fn the_clock_is_on_the_screen_and_never_stands() {
        let (mut hops, mut before) = (0, clock_place(0, 1920.0));
        // Two hours.
        for moves in 1..u64::from(RATE) * 7200 {
            let (x, y) = clock_place(moves, 1920.0);
            assert!((54.0..HEIGHT - 90.0).contains(&y), "{y}");
            assert!((0.0..1920.0 - POSTER.0).contains(&x), "{x}");
            let below = |it: Place| it.x == x && it.y + CLOCK_BELOW == y;
            assert!(places(moves, 1920.0, 9).any(below));
            assert_ne!((x, y), before);
            hops += usize::from(x != before.0);
            before = (x, y);
        }
        // A third of a poster's way with each.
        let each = WAY / LANES as f32 / SPEED;
        assert!(hops.abs_diff((7200.0 / each) as usize) <= 1, "{hops}");
    }
}
