//! The demand, read once: which pieces are urgent, in which order, and how soon each is needed.
//!
//! Knows neither peers nor what is here already. The **front** is a short list in order of urgency:
//! what readers wait for, what is played within the next seconds, then the pins. All else that is
//! demanded is **far**: taken nearly in order, rarest first within a few pieces. Invariant: a front
//! has no piece twice, and nothing outside the wanted pieces is demanded at all.

use std::time::Duration;

use crate::bits::Bits;
use crate::layout::Layout;
use crate::news::Demand;

/// Most pieces of each kind in the front; what exceeds it is far. Four seconds of a 40 Mb/s film
/// in 256 KiB pieces are 80.
const FRONT_MAX: usize = 128;

/// What is played this soon is near.
const NEAR_SECONDS: u64 = 4;

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
    /// Where the far pieces begin.
    pub(crate) far: u32,
    pace: u64,
    piece_length: u32,
}

impl Plan {
    pub(crate) fn new(demand: Demand, layout: &Layout) -> Self {
        let pieces = layout.pieces();
        let pace = match demand.pace {
            0 => PACE_GUESS,
            pace => pace.min(PACE_MAX),
        };
        let piece_length = layout.piece_length();
        let start = demand.playhead.max(demand.wanted.start);
        let end = demand
            .playhead
            .saturating_add(demand.ahead)
            .min(demand.wanted.end)
            .min(pieces);
        // Two at least: while one is hashed, the next must be on its way.
        let near = (pace * NEAR_SECONDS)
            .div_ceil(u64::from(piece_length))
            .max(2) as u32;
        let far = start.saturating_add(near).min(end);
        let mut plan = Self {
            demanded: Bits::new(pieces),
            urgent: Bits::new(pieces),
            front: Vec::new(),
            far,
            pace,
            piece_length,
            demand: Demand::default(),
        };
        let waiting = demand
            .waiting
            .iter()
            .cloned()
            .flatten()
            .filter(|p| *p < pieces);
        plan.demand_of(waiting.take(pieces as usize), &demand, Urgency::Waiting);
        plan.demand_of(start..far, &demand, Urgency::Near);
        plan.demand_of(demand.pins.iter().copied(), &demand, Urgency::Pin);
        plan.demanded.set_range(start..end);
        plan.demand = demand;
        plan
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
        match self.is_urgent(piece).then(at).flatten() {
            Some(at) => at as u64,
            None if piece < self.far => u64::from(u32::MAX) + u64::from(piece),
            None => (1 << 16) + u64::from(piece),
        }
    }

    /// Whether a reader waits for the piece or it is played within seconds, be it here or not.
    pub(crate) fn is_soon(&self, piece: u32) -> bool {
        let Demand {
            waiting, playhead, ..
        } = &self.demand;
        let near = *playhead..self.far;
        self.demanded.get(piece)
            && (near.contains(&piece) || waiting.iter().any(|range| range.contains(&piece)))
    }

    /// Whether a reader waits for the piece.
    pub(crate) fn is_waiting(&self, piece: u32) -> bool {
        let mut waiting = self
            .front
            .iter()
            .take_while(|(_, why)| *why == Urgency::Waiting);
        self.is_urgent(piece) && waiting.any(|(front, _)| *front == piece)
    }

    /// Time until the piece is played. Behind the playhead, where only pins and leftovers of long
    /// waiting lists are: as if at the end of the near zone.
    pub(crate) fn slack(&self, piece: u32) -> Duration {
        let bytes = match piece.checked_sub(self.demand.playhead) {
            Some(pieces) => u64::from(pieces) * u64::from(self.piece_length),
            None => NEAR_SECONDS * self.pace,
        };
        Duration::from_secs_f64(bytes as f64 / self.pace as f64)
    }

    /// The front without the pins, if a reader waits: they would keep it waiting.
    pub(crate) fn front_now(&self) -> &[(u32, Urgency)] {
        let first = self.front.first();
        let waits = first.is_some_and(|(_, why)| *why == Urgency::Waiting);
        let pins = || self.front.iter().position(|(_, why)| *why == Urgency::Pin);
        let end = waits.then(pins).flatten();
        &self.front[..end.unwrap_or(self.front.len())]
    }

    /// Bytes a second that the film needs, or is taken to.
    pub(crate) fn pace(&self) -> f64 {
        self.pace as f64
    }

    /// The first piece from the playhead on that is demanded and not here; failing that, the first
    /// of all such pieces.
    pub(crate) fn first_missing(&self, have: &Bits) -> Option<u32> {
        let ahead = have.first_lacking(&self.demanded, self.demand.playhead..u32::MAX);
        ahead.or_else(|| have.first_lacking(&self.demanded, 0..self.demand.playhead))
    }

    /// The first piece that is played at least `wait` from now.
    pub(crate) fn played_after(&self, wait: Duration) -> u32 {
        let bytes = wait.as_secs_f64() * self.pace as f64;
        let pieces = (bytes / f64::from(self.piece_length)).ceil() as u32;
        self.demand.playhead.saturating_add(pieces)
    }
}

#[cfg(test)]
mod tests {
    use super::Urgency::{Near, Pin, Waiting};
    use super::*;

    fn plan(demand: Demand) -> Plan {
        Plan::new(demand, &Layout::new(100 << 20, 1 << 20).unwrap())
    }

    #[test]
    fn waiting_then_near_then_pins_each_once_within_the_file() {
        let plan = plan(Demand {
            waiting: vec![20..22, 3..4],
            playhead: 20,
            ahead: 30,
            wanted: 10..60,
            pins: vec![10, 59, 21, 99],
            pace: 0,
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
        assert_eq!(plan.played_after(Duration::from_secs(2)), 22);
    }

    #[test]
    fn absurd_demands_are_cut() {
        let plan = plan(Demand {
            waiting: vec![0..u32::MAX, 7..7],
            playhead: u32::MAX,
            ahead: u32::MAX,
            wanted: 0..u32::MAX,
            pins: vec![u32::MAX; 1000],
            pace: u64::MAX,
        });
        assert_eq!(plan.front.len(), 100);
        assert_eq!(plan.demanded.ones().count(), 100);
    }
}
