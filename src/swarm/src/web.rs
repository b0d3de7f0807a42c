//! Web seeds: when to use them, and runs of blocks for them instead of single ones.
//!
//! They race for the first bytes after the start and a seek, because nobody knows yet who is fast.
//! Then the swarm takes over as soon as it alone keeps up and some seconds are in hand: somebody
//! pays for what a web seed sends. When the swarm falls behind, or there is none, they help again.
//! A range costs a round trip, so that a web seed gets neighbouring blocks, many at a time, and no
//! more before half of them have come.

use std::ops::Range;
use std::time::Duration;

use crate::assembly::Assembly;
use crate::layout::PeerId;
use crate::peer::Peer;
use crate::picker::Choice;
use crate::plan::{Road, Urgency};
use crate::swarm::Swarm;

/// The swarm alone keeps up if it is faster than the film by this factor: bit rates vary, peers
/// come and go.
const KEEPS_UP: f64 = 1.25;

/// It does not any more below this one.
const FALLS_BEHIND: f64 = 1.05;

/// Seconds of the film in hand at which the swarm takes over, if it keeps up.
const COMFORT: f64 = 10.0;

/// Requests at once at the start, if there is nobody else: a piece of 1 MiB.
const ALONE: u32 = 64;

/// Seconds below which web seeds help in any case: what a reader holds.
const DANGER: f64 = 4.0;

/// Seconds in hand with which a swarm that falls behind may be left alone.
const PLENTY: f64 = 60.0;

impl Swarm {
    /// Decides whether web seeds are asked for anything now.
    pub(crate) fn review_web(&mut self, now: Duration) {
        if !self.peers.values().any(|peer| peer.web) {
            return;
        }
        let missing = self.plan.first_missing(&self.board.have);
        let seconds = match missing {
            // Wherever that is.
            _ if self.plan.waits() => 0.0,
            Some(piece) => self.plan.slack(piece).as_secs_f64(),
            None => PLENTY,
        };
        let pace = self.plan.pace();
        let helps = if self.web_helps {
            seconds < COMFORT || self.crowd < KEEPS_UP * pace && seconds < PLENTY
        } else {
            seconds < DANGER || self.crowd < FALLS_BEHIND * pace && seconds < PLENTY / 2.0
        };
        // What no peer has there is nobody to leave to.
        let given = missing.is_none_or(|piece| {
            let mut peers = self.peers.values();
            peers.any(|peer| !peer.web && !peer.snubbed && peer.offers(now, piece))
        });
        let helps = helps || !given || self.crowd <= 0.0;
        if helps && !self.web_helps {
            for peer in self.peers.values_mut().filter(|peer| peer.web) {
                peer.barren = None;
            }
        }
        self.web_helps = helps;
    }

    /// Asks a web seed for runs, if it is due.
    pub(crate) fn fill_web(&mut self, now: Duration, id: PeerId) {
        let others = self.peers.values().any(|peer| !peer.web && peer.serves());
        if let Some(peer) = self.peers.get_mut(&id)
            && !others
            && !peer.is_late(now)
        {
            peer.widen(ALONE);
        }
        while let Some(peer) = self.peers.get(&id) {
            let (queue, depth) = (peer.queue(now) as u32, peer.depth(now));
            let due = self.web_helps && queue <= depth / 2;
            if !due || peer.barren == Some(self.board.version) {
                return;
            }
            if !self.run(now, id, depth - queue) {
                return;
            }
        }
    }

    /// Asks for up to `room` blocks that follow one another. Returns whether there were any.
    fn run(&mut self, now: Duration, id: PeerId, mut room: u32) -> bool {
        let mut next = None;
        let mut asked = 0;
        while room > 0 {
            let Some(peer) = self.peers.get(&id) else {
                break;
            };
            let choice = match next {
                None => self.choose_run(now, id, peer),
                Some(piece) => self.choose_next(now, id, peer, piece),
            };
            let Some(choice) = choice else { break };
            let share = self.share(peer, choice.piece).min(room);
            let count = self.take_run(now, id, choice, share);
            if count == 0 {
                break;
            }
            asked += count;
            room -= count;
            next = Some(choice.piece + 1);
        }
        if asked == 0
            && !self.throttled
            && let Some(peer) = self.peers.get_mut(&id)
        {
            peer.barren = Some(self.board.version);
        }
        asked > 0
    }

    /// The next free blocks of a piece, as long as they follow one another. Returns their number.
    fn take_run(&mut self, now: Duration, id: PeerId, mut choice: Choice, most: u32) -> u32 {
        let piece = choice.piece;
        let open = self.board.open.get(&piece);
        let Some(first) = open.map_or(Some(0), Assembly::first_free) else {
            return 0;
        };
        let most = most.min(self.board.layout.blocks(piece) - first);
        for count in 0..most {
            let open = self.board.open.get(&piece);
            let free = open.is_none_or(|open| open.is_free(first + count));
            if !free || !self.take(now, id, choice) {
                return count;
            }
            choice = Choice::of(piece);
        }
        most
    }

    /// Blocks of the piece to leave to this web seed: of what a reader waits for its part of what
    /// all sources give, so that all of them bring it together.
    fn share(&self, peer: &Peer, piece: u32) -> u32 {
        if !self.plan.is_waiting(piece) || self.crowd <= 0.0 {
            return u32::MAX;
        }
        let rate = peer.rate(Duration::ZERO).unwrap_or(self.guess);
        let blocks = f64::from(self.board.layout.blocks(piece));
        (blocks * rate / self.capacity.max(rate)).ceil().max(1.0) as u32
    }

    fn choose_run(&self, now: Duration, id: PeerId, peer: &Peer) -> Option<Choice> {
        let eta = peer.eta(now, peer.queue(now), self.guess);
        self.choose_urgent(now, id, peer, eta)
            .or_else(|| self.choose_in_order(now, id, peer))
            .or_else(|| self.choose_open(now, id, peer, eta))
            .or_else(|| self.choose_pin(now, id, peer))
    }

    /// The first far piece with something to ask for, begun or not.
    fn choose_in_order(&self, now: Duration, id: PeerId, peer: &Peer) -> Option<Choice> {
        let need = &self.board.need;
        let able = |piece: &u32| {
            !self.plan.is_urgent(*piece) && peer.offers(now, *piece) && self.may(id, *piece)
        };
        let fits = |piece: &u32| {
            let room = self.board.has_room(*piece, self.board.reserve());
            room || self.board.may_go_ahead(*piece)
        };
        let new = |range: Range<u32>| need.both(&peer.has, range).find(able).filter(fits);
        let of_road = |road: &Road| {
            let begun = self.board.loose.range(road.far()).copied().find(able);
            begun.into_iter().chain(new(road.far())).min()
        };
        let found = self.plan.soonest(of_road).map(|(_, piece)| piece);
        let piece = found.or_else(|| new(0..u32::MAX))?;
        Some(Choice::of(piece))
    }

    /// The piece after a run, if it can follow.
    fn choose_next(&self, now: Duration, id: PeerId, peer: &Peer, piece: u32) -> Option<Choice> {
        let open = self.board.open.get(&piece);
        let first = open.map_or(self.board.need.get(piece), |open| {
            self.board.loose.contains(&piece) && open.is_free(0)
        });
        if !first || !peer.offers(now, piece) || !self.may(id, piece) {
            return None;
        }
        let reserve = self.board.reserve();
        if self.plan.is_urgent(piece) {
            return self.room(piece, Urgency::Near);
        }
        let room =
            open.is_some() || self.board.has_room(piece, reserve) || self.board.may_go_ahead(piece);
        room.then(|| Choice::of(piece))
    }
}
