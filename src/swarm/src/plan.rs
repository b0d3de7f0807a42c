//! The demand, read once: which pieces are urgent, in which order, and how soon each is needed.
//!
//! Knows neither peers nor what is here already. The **front** is a short list in order of urgency:
//! what readers wait for, what is played within the next seconds, then the pins. All else that is
//! demanded is **far**: taken nearly in order, rarest first within a few pieces. With several
//! viewers each has a **road** of its own, and the piece that is played soonest goes first, so that
//! who would stall first is served first. Invariant: a front has no piece twice, and nothing
//! outside the wanted pieces is demanded at all.

use std::ops::Range;
use std::time::Duration;

use crate::bits::Bits;
use crate::layout::Layout;
use crate::news::{Demand, Place};

/// Most pieces of each kind in the front; what exceeds it is far. Four seconds of a 40 Mb/s film
/// in 256 KiB pieces are 80.
const FRONT_MAX: usize = 128;

/// What is played this soon is near.
const NEAR_SECONDS: u64 = 4;

/// Viewers of one torrent; those beyond get what they wait for and nothing ahead. A household's.
const PLACES_MAX: usize = 16;

/// Bytes a second while the film's own figure is not known: 8 Mb/s, a usual 1080p film.
const PACE_GUESS: u64 = 1_000_000;

/// Bytes a second that no film exceeds: eight times what uncompressed 1080p needs.
const PACE_MAX: u64 = 1_000_000_000;

/// Why a piece is in the front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// A reader waits for it.
    Waiting,
    /// It is played within seconds.
    Near,
    /// Wanted early, played late.
    Pin,
}

#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) demand: Demand,
    /// Urgent pieces, the most urgent first.
    pub(crate) front: Vec<(u32, Urgency)>,
    urgent: Bits,
    /// Everything demanded, the front included.
    pub(crate) demanded: Bits,
    /// What lies ahead of each viewer.
    pub(crate) roads: Vec<Road>,
}

/// What lies ahead of one viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Road {
    playhead: u32,
    start: u32,
    /// Where the far pieces begin.
    far: u32,
    end: u32,
    /// Bytes a second.
    pace: u64,
    piece_length: u32,
}

impl Road {
    fn new(place: Place, wanted: &Range<u32>, layout: &Layout) -> Road {
        let pace = match place.pace {
            0 => PACE_GUESS,
            pace => pace.min(PACE_MAX),
        };
        let piece_length = layout.piece_length();
        let start = place.playhead.max(wanted.start);
        let end = place.playhead.saturating_add(place.ahead);
        let end = end.min(wanted.end).min(layout.pieces());
        // Two at least: while one is hashed, the next must be on its way.
        let near = (pace * NEAR_SECONDS)
            .div_ceil(u64::from(piece_length))
            .max(2) as u32;
        Road {
            playhead: place.playhead,
            start,
            far: start.saturating_add(near).min(end),
            end,
            pace,
            piece_length,
        }
    }

    /// Pieces that are played within seconds.
    fn near(&self) -> Range<u32> {
        self.start..self.far
    }

    /// Pieces that are played later.
    pub(crate) fn far(&self) -> Range<u32> {
        self.far..self.end
    }

    /// The first piece that is played at least `seconds` from now.
    pub(crate) fn played_after(&self, seconds: f64) -> u32 {
        let bytes = seconds * self.pace as f64;
        let pieces = (bytes / f64::from(self.piece_length)).ceil() as u32;
        self.playhead.saturating_add(pieces)
    }

    /// Time until this viewer plays the piece; none if it lies behind.
    fn slack(&self, piece: u32) -> Option<Duration> {
        let pieces = u64::from(piece.checked_sub(self.playhead)?);
        let bytes = pieces * u64::from(self.piece_length);
        Some(Duration::from_secs_f64(bytes as f64 / self.pace as f64))
    }
}

impl Plan {
    pub(crate) fn new(demand: Demand, layout: &Layout) -> Self {
        let pieces = layout.pieces();
        let places = demand.places.iter().take(PLACES_MAX);
        let roads = places.map(|place| Road::new(*place, &demand.wanted, layout));
        let mut plan = Self {
            demanded: Bits::new(pieces),
            urgent: Bits::new(pieces),
            front: Vec::new(),
            roads: roads.collect(),
            demand: Demand::default(),
        };
        let waiting = demand
            .waiting
            .iter()
            .cloned()
            .flatten()
            .filter(|p| *p < pieces);
        plan.demand_of(waiting.take(pieces as usize), &demand, Urgency::Waiting);
        let near = plan.near();
        plan.demand_of(near.into_iter(), &demand, Urgency::Near);
        plan.demand_of(demand.pins.iter().copied(), &demand, Urgency::Pin);
        for road in &plan.roads {
            plan.demanded.set_range(road.start..road.end);
        }
        plan.demand = demand;
        plan
    }

    /// Near pieces of all viewers, what is played soonest first.
    fn near(&self) -> Vec<u32> {
        let of_road = |road: &Road| {
            let road = *road;
            road.near().map(move |piece| (road.slack(piece), piece))
        };
        let mut near: Vec<_> = self.roads.iter().flat_map(of_road).collect();
        near.sort_by_key(|(slack, _)| *slack);
        near.into_iter().map(|(_, piece)| piece).collect()
    }

    /// Of what `of_road` finds on each road what is played soonest, and its road.
    pub(crate) fn soonest(&self, of_road: impl Fn(&Road) -> Option<u32>) -> Option<(Road, u32)> {
        let found = self.roads.iter().filter_map(|road| {
            let piece = of_road(road)?;
            Some((*road, piece))
        });
        found.min_by_key(|(road, piece)| road.slack(*piece))
    }

    fn demand_of(&mut self, pieces: impl Iterator<Item = u32>, demand: &Demand, why: Urgency) {
        let mut count = 0;
        for piece in pieces.filter(|piece| demand.wanted.contains(piece)) {
            if self.demanded.set(piece, true) && count < FRONT_MAX {
                self.front.push((piece, why));
                self.urgent.set(piece, true);
                count += 1;
            }
        }
    }

    /// The piece is here: nobody is urgent about it any more.
    pub(crate) fn fulfil(&mut self, piece: u32) {
        if self.urgent.set(piece, false) {
            self.front.retain(|(front, _)| *front != piece);
        }
    }

    /// Keeps only such pieces in the front.
    pub(crate) fn retain(&mut self, keep: impl Fn(u32) -> bool) {
        let urgent = &mut self.urgent;
        self.front
            .retain(|(piece, _)| keep(*piece) || !urgent.set(*piece, false));
    }

    /// Whether the piece is in the front.
    pub(crate) fn is_urgent(&self, piece: u32) -> bool {
        self.urgent.get(piece)
    }

    /// Smaller is more urgent.
    pub(crate) fn rank(&self, piece: u32) -> u64 {
        let at = || self.front.iter().position(|(front, _)| *front == piece);
        if let Some(at) = self.is_urgent(piece).then(at).flatten() {
            return at as u64;
        }
        let ahead = self.roads.iter().filter(|road| piece >= road.far);
        match ahead.map(|road| piece.abs_diff(road.playhead)).min() {
            Some(pieces) => (1 << 16) + u64::from(pieces),
            None => (1 << 33) + u64::from(piece),
        }
    }

    /// Whether a reader waits for the piece or it is played within seconds, be it here or not.
    pub(crate) fn is_soon(&self, piece: u32) -> bool {
        let near = self.roads.iter().any(|road| road.near().contains(&piece));
        let waiting = || {
            self.demand
                .waiting
                .iter()
                .any(|range| range.contains(&piece))
        };
        self.demanded.get(piece) && (near || waiting())
    }

    /// Whether a reader waits for the piece.
    pub(crate) fn is_waiting(&self, piece: u32) -> bool {
        let mut waiting = self
            .front
            .iter()
            .take_while(|(_, why)| *why == Urgency::Waiting);
        self.is_urgent(piece) && waiting.any(|(front, _)| *front == piece)
    }

    /// Time until the piece is played by whoever plays it first. Behind all of them, where only
    /// pins and leftovers of long waiting lists are: as if at the end of the near zone.
    pub(crate) fn slack(&self, piece: u32) -> Duration {
        let slacks = self.roads.iter().filter_map(|road| road.slack(piece));
        slacks.min().unwrap_or(Duration::from_secs(NEAR_SECONDS))
    }

    /// Whether a reader waits for anything.
    pub(crate) fn waits(&self) -> bool {
        let first = self.front.first();
        first.is_some_and(|(_, why)| *why == Urgency::Waiting)
    }

    /// The front without the pins, if a reader waits: they would keep it waiting.
    pub(crate) fn front_now(&self) -> &[(u32, Urgency)] {
        let waits = self.waits();
        let pins = || self.front.iter().position(|(_, why)| *why == Urgency::Pin);
        let end = waits.then(pins).flatten();
        &self.front[..end.unwrap_or(self.front.len())]
    }

    /// Bytes a second that all viewers together need, or are taken to.
    pub(crate) fn pace(&self) -> f64 {
        self.roads.iter().map(|road| road.pace as f64).sum()
    }

    /// Of the pieces that are demanded and not here the one that is played soonest; failing that,
    /// the first of all such pieces.
    pub(crate) fn first_missing(&self, have: &Bits) -> Option<u32> {
        let of_road = |road: &Road| have.first_lacking(&self.demanded, road.playhead..u32::MAX);
        let ahead = self.soonest(of_road).map(|(_, piece)| piece);
        ahead.or_else(|| have.first_lacking(&self.demanded, 0..u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::Urgency::{Near, Pin, Waiting};
    use super::*;

    fn place(playhead: u32, ahead: u32) -> Place {
        Place {
            playhead,
            ahead,
            pace: 0,
        }
    }

    fn plan(demand: Demand) -> Plan {
        Plan::new(demand, &Layout::new(100 << 20, 1 << 20).unwrap())
    }

    #[test]
    fn waiting_then_near_then_pins_each_once_within_the_file() {
        let plan = plan(Demand {
            waiting: vec![20..22, 3..4],
            places: vec![place(20, 30)],
            wanted: 10..60,
            pins: vec![10, 59, 21, 99],
        });
        let front = [
            (20, Waiting),
            (21, Waiting),
            (22, Near),
            (23, Near),
            (10, Pin),
            (59, Pin),
        ];
        assert_eq!(plan.front, front);
        assert_eq!(plan.demanded.ones().count(), 30 + 2);
        assert!(plan.rank(10) < plan.rank(24) && plan.rank(24) < plan.rank(49));
        assert_eq!(plan.slack(21), Duration::from_secs_f64(1.048_576));
        assert_eq!(plan.roads[0].played_after(2.0), 22);
    }

    #[test]
    fn absurd_demands_are_cut() {
        let plan = plan(Demand {
            waiting: vec![0..u32::MAX, 7..7],
            places: vec![
                Place {
                    playhead: u32::MAX,
                    ahead: u32::MAX,
                    pace: u64::MAX,
                };
                1000
            ],
            wanted: 0..u32::MAX,
            pins: vec![u32::MAX; 1000],
        });
        assert_eq!(plan.front.len(), 100);
        assert_eq!(plan.demanded.ones().count(), 100);
    }

    #[test]
    fn of_several_viewers_who_plays_a_piece_soonest_goes_first() {
        let fast = Place {
            pace: 2_000_000,
            ..place(50, 30)
        };
        let plan = plan(Demand {
            waiting: std::iter::once(50..51).collect(),
            places: vec![place(20, 30), fast],
            wanted: 0..100,
            pins: vec![],
        });
        let front: Vec<u32> = plan.front.iter().map(|(piece, _)| *piece).collect();
        assert_eq!(front[..6], [50, 20, 51, 21, 52, 53]);
        // What comes after that, too: 30 is 10 s away, 58 is 4.
        assert_eq!(plan.slack(58), Duration::from_secs_f64(4.194_304));
        let soonest = plan.soonest(|road| Some(road.far));
        assert_eq!(soonest.map(|(_, piece)| piece), Some(24));
        assert!(plan.rank(58) < plan.rank(29) && plan.rank(49) < plan.rank(10));
        assert_eq!(plan.pace() as u64, 3_000_000);
        let mut have = Bits::new(100);
        have.set_range(20..40);
        have.set_range(50..55);
        assert_eq!(plan.first_missing(&have), Some(55));
    }
}
