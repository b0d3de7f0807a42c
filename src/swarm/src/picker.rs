//! Whom to ask for which block.
//!
//! In order of urgency, and within it by who would bring the block first. A peer may take an urgent
//! block only if the swarm as a whole would not be done with everything up to it sooner, or if
//! nobody faster has it: so slow peers drift by themselves to pieces that are played later, where
//! they help instead of stalling the film. After a seek or at the start, blocks are dealt one by
//! one to the peer with the shortest expected wait: a piece is spread over all peers at once.
//!
//! Does not wait for late answers: see `overdue`. Cost of a block: the front (tens of pieces), plus
//! a word for every 64 pieces when a far piece is opened.

use std::time::Duration;

use crate::assembly::Assembly;
use crate::layout::{BLOCK, PeerId};
use crate::peer::{Peer, QUEUE_SECONDS};
use crate::plan::{Road, Urgency};
use crate::swarm::Swarm;

/// Bytes a second to assume of a peer before any was measured.
pub(crate) const RATE_GUESS: f64 = 200_000.0;

/// Seconds by which a peer may be later than the swarm would be without it: a tick, and the
/// error of the estimates.
const GRACE: f64 = 0.1;

/// Another peer is faster only if it is so by this factor: rates are estimates.
const CLEARLY: f64 = 1.25;

/// Far pieces of which the rarest is opened first. Few, since a film is played in order.
const RAREST_OF: usize = 8;

/// Pieces too early for a slow peer for which a faster one is looked for.
const TOO_EARLY_MAX: usize = 4;

/// What to ask next of a peer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice {
    pub(crate) piece: u32,
    /// An open piece that must make room in RAM first.
    victim: Option<u32>,
}

impl Choice {
    pub(crate) fn of(piece: u32) -> Self {
        let victim = None;
        Self { piece, victim }
    }
}

impl Swarm {
    /// Sums up what the peers can give.
    pub(crate) fn measure(&mut self, now: Duration) {
        let serving = self
            .peers
            .values()
            .filter(|peer| peer.serves() && !peer.snubbed);
        let (mut known, mut web, mut unknown) = (0, 0.0, 0);
        self.crowd = 0.0;
        self.proven = false;
        for peer in serving {
            self.proven |= peer.received > 0;
            match peer.rate(now) {
                Some(rate) if peer.web => web += rate,
                Some(rate) => (known, self.crowd) = (known + 1, self.crowd + rate),
                None => unknown += 1,
            }
        }
        let sum = self.crowd;
        self.guess = if known > 0 {
            sum / f64::from(known)
        } else {
            RATE_GUESS
        };
        self.capacity = sum + web + f64::from(unknown) * self.guess;
        // What is outstanding is RAM: half of it at most, the other half is hashed and written.
        let ram = self.limits.assembly_bytes as f64 / 2.0;
        let seconds = QUEUE_SECONDS.min(ram / self.capacity.max(1.0));
        for peer in self.peers.values_mut() {
            peer.queue_seconds = seconds;
        }
    }

    /// Deals urgent blocks to all peers, then fills each.
    pub(crate) fn fill_all(&mut self, now: Duration) {
        if let Some(bytes) = self.board.catches_up() {
            self.drop_kept(now, bytes);
            self.board.catch_up();
        }
        let ids: Vec<(PeerId, bool)> = self
            .peers
            .iter()
            .map(|(id, peer)| (*id, peer.web))
            .collect();
        // A run needs room before single blocks are scattered over it.
        for (id, _) in ids.iter().filter(|(_, web)| *web) {
            self.fill(now, *id);
        }
        self.deal(now);
        for (id, _) in ids.iter().filter(|(_, web)| !web) {
            self.fill(now, *id);
        }
    }

    /// Fills one peer's queue.
    pub(crate) fn fill(&mut self, now: Duration, id: PeerId) {
        while let Some(peer) = self.peers.get(&id) {
            let room = peer.serves() && (peer.queue(now) as u32) < peer.depth(now);
            if !room || peer.barren == Some(self.board.version) {
                return;
            }
            if peer.snubbed {
                return self.probe(now, id);
            }
            if peer.web {
                return self.fill_web(now, id);
            }
            let Some(choice) = self.choose(now, id, peer) else {
                if self.throttled {
                    return;
                }
                let version = self.board.version;
                self.peers
                    .entry(id)
                    .and_modify(|peer| peer.barren = Some(version));
                return;
            };
            if !self.take(now, id, choice) {
                return;
            }
        }
    }

    /// Opens the piece if need be, and asks for its first free block.
    pub(crate) fn take(
        &mut self,
        now: Duration,
        id: PeerId,
        Choice { piece, victim }: Choice,
    ) -> bool {
        if !self.download.has(now, BLOCK) {
            self.throttled = true;
            return false;
        }
        if let Some(victim) = victim {
            self.discard(now, victim);
        }
        self.drop_kept(now, self.board.bytes_to_open(piece));
        self.board.begin(piece);
        let free = self.board.open.get(&piece).and_then(Assembly::first_free);
        free.inspect(|number| self.request(now, id, piece, *number))
            .is_some()
    }

    /// Asks `id` for a block, be it the first to be asked or another.
    pub(crate) fn request(&mut self, now: Duration, id: PeerId, piece: u32, number: u32) {
        let Some(peer) = self.peers.get_mut(&id) else {
            return;
        };
        let Some(block) = self.board.layout.block(piece, number) else {
            return;
        };
        peer.ask(now, (piece, number), self.turn);
        self.download.take(now, block.len);
        self.turn += 1;
        // Nobody relies on a snubbed peer: for the others the block is still to be had.
        if !peer.snubbed {
            self.board.ask(piece, number, id);
        }
        self.orders.push(crate::news::Order::Request(id, block));
    }

    /// One block of a snubbed peer: does it live? While others serve us, what is needed last;
    /// else the network itself was gone, and it is what is needed first.
    fn probe(&mut self, now: Duration, id: PeerId) {
        let peer = &self.peers[&id];
        if self
            .peers
            .values()
            .any(|peer| peer.serves() && !peer.snubbed)
        {
            let mut line = self
                .board
                .open
                .iter()
                .rev()
                .filter(|(piece, open)| !open.verifying && !self.board.is_kept(**piece));
            if let Some((piece, open)) = line.find(|(piece, _)| peer.offers(now, **piece)) {
                let missing = (0..open.blocks()).rev().find(|number| !open.has(*number));
                if let Some(number) = missing {
                    self.request(now, id, *piece, number);
                }
                return;
            }
        }
        if let Some(choice) = self.choose(now, id, peer) {
            self.take(now, id, choice);
        }
    }

    fn choose(&self, now: Duration, id: PeerId, peer: &Peer) -> Option<Choice> {
        let eta = peer.eta(now, peer.queue(now), self.guess);
        let urgent = self.choose_urgent(now, id, peer, eta);
        // What the limit lets through is for what is urgent first, whoever brings it.
        if self.throttled && self.plan.front.iter().any(|(p, _)| self.blocks_of(*p).0) {
            return urgent;
        }
        urgent
            .or_else(|| self.choose_open(now, id, peer, eta))
            .or_else(|| self.choose_new(now, id, peer, eta))
            .or_else(|| self.choose_pin(now, id, peer))
    }

    /// What is wanted early but played late waits while a reader does: whoever needs it sooner
    /// reads it.
    pub(crate) fn choose_pin(&self, now: Duration, id: PeerId, peer: &Peer) -> Option<Choice> {
        let able = |piece: &u32| {
            self.blocks_of(*piece).0 && peer.offers(now, *piece) && self.may(id, *piece)
        };
        let front = self.plan.front.iter();
        let mut pins = front
            .filter(|(_, why)| *why == Urgency::Pin)
            .map(|(piece, _)| *piece)
            .filter(able);
        // One that does not fit must not keep back another that is open already.
        pins.find_map(|piece| self.room(piece, Urgency::Pin))
    }

    pub(crate) fn choose_urgent(
        &self,
        now: Duration,
        id: PeerId,
        peer: &Peer,
        eta: f64,
    ) -> Option<Choice> {
        let mut before = 0;
        for (piece, why) in self.plan.front_now().iter().copied() {
            let (free, missing) = self.blocks_of(piece);
            before += missing;
            if !free || !peer.offers(now, piece) || !self.may(id, piece) {
                continue;
            }
            if why == Urgency::Waiting && self.is_untried(now, peer) {
                continue;
            }
            if eta > self.horizon(piece, why, before) && self.is_outrun(now, id, piece, eta) {
                continue;
            }
            let choice = self.room(piece, why);
            if choice.is_some() {
                return choice;
            }
        }
        None
    }

    /// Whether a peer that has given nothing yet, and is late with it, holds a block already: among
    /// peers that have proven themselves, what a reader waits for is safer with those.
    pub(crate) fn is_untried(&self, now: Duration, peer: &Peer) -> bool {
        self.proven && peer.received == 0 && peer.is_late(now) && !peer.inflight.is_empty()
    }

    /// Whether there is a block to ask for, and the blocks that are not here.
    fn blocks_of(&self, piece: u32) -> (bool, u32) {
        match self.board.open.get(&piece) {
            Some(open) => (open.free() > 0, open.missing()),
            None if self.board.need.get(piece) => (true, self.board.layout.blocks(piece)),
            None => (false, 0),
        }
    }

    /// Seconds after which a block of the piece is no longer early enough: when the whole swarm
    /// would be done with the `before` blocks up to the piece's end, or half the time until it
    /// is played.
    fn horizon(&self, piece: u32, why: Urgency, before: u32) -> f64 {
        let swarm = f64::from(before) * f64::from(BLOCK) / self.capacity.max(1.0);
        let slack = match why {
            Urgency::Near => self.plan.slack(piece).as_secs_f64() / 2.0,
            Urgency::Waiting | Urgency::Pin => 0.0,
        };
        swarm.max(slack) + GRACE
    }

    /// Whether another peer would clearly bring a block of the piece sooner.
    fn is_outrun(&self, now: Duration, id: PeerId, piece: u32, eta: f64) -> bool {
        self.peers.iter().any(|(other, peer)| {
            *other != id
                && !peer.snubbed
                && !peer.is_held(now)
                && peer.offers(now, piece)
                && self.may(*other, piece)
                && peer.eta(now, peer.queue(now), self.guess) * CLEARLY < eta
        })
    }

    /// Whether the piece may be asked of this peer: a wrong one is not fetched of everybody.
    pub(crate) fn may(&self, id: PeerId, piece: u32) -> bool {
        self.suspicions.allows(piece, id)
    }

    /// Whether there is RAM for the piece, and which open piece would have to go for it.
    pub(crate) fn room(&self, piece: u32, why: Urgency) -> Option<Choice> {
        if self.board.open.contains_key(&piece) || self.board.has_room(piece, 0) {
            return Some(Choice::of(piece));
        }
        let ahead = || {
            let able = self.board.may_go_ahead(piece);
            able.then(|| Choice::of(piece))
        };
        if why != Urgency::Waiting {
            return ahead();
        }
        let rank = self.plan.rank(piece);
        let later = |victim: &u32| self.plan.rank(*victim) > rank;
        let able = self
            .board
            .open
            .iter()
            .filter(|(piece, open)| !open.verifying && !self.board.is_kept(**piece))
            .map(|(p, _)| *p);
        let victim = able
            .filter(later)
            .filter(|v| self.board.has_room_without(piece, *v));
        let victim = victim.max_by_key(|victim| self.plan.rank(*victim));
        match victim {
            None => ahead(),
            victim => Some(Choice { piece, victim }),
        }
    }

    /// A far piece that is open already.
    pub(crate) fn choose_open(
        &self,
        now: Duration,
        id: PeerId,
        peer: &Peer,
        eta: f64,
    ) -> Option<Choice> {
        let loose = &self.board.loose;
        let able = |piece: &u32| {
            !self.plan.is_urgent(*piece) && peer.offers(now, *piece) && self.may(id, *piece)
        };
        let of_road = |road: &Road| {
            let soonest = road.played_after(2.0 * eta.min(1e6));
            let mut early = 0;
            let mut line = loose.range(road.far()).copied().filter(able);
            line.find(|piece| {
                if *piece >= soonest {
                    return true;
                }
                early += 1;
                early <= TOO_EARLY_MAX && !self.is_outrun(now, id, *piece, eta)
            })
        };
        let found = self.plan.soonest(of_road).map(|(_, piece)| piece);
        let piece = found.or_else(|| {
            let mut rest = loose.iter().copied().filter(able).take(TOO_EARLY_MAX);
            rest.find(|piece| !self.is_outrun(now, id, *piece, eta))
        })?;
        Some(Choice::of(piece))
    }

    /// A far piece to open: the rarest of the next ones.
    fn choose_new(&self, now: Duration, id: PeerId, peer: &Peer, eta: f64) -> Option<Choice> {
        let need = &self.board.need;
        let able = |piece: &u32| {
            !self.plan.is_urgent(*piece) && peer.offers(now, *piece) && self.may(id, *piece)
        };
        let next = |road: &Road| {
            let far = road.far();
            let from = far.start.max(road.played_after(2.0 * eta.min(1e6)));
            need.both(&peer.has, from..far.end).filter(able)
        };
        let road = self.plan.soonest(|road| next(road).next());
        let rare = road.and_then(|(road, _)| {
            let next = next(&road).take(RAREST_OF);
            next.min_by_key(|piece| self.availability[*piece as usize])
        });
        let piece = rare.or_else(|| {
            let early = need
                .both(&peer.has, 0..u32::MAX)
                .filter(able)
                .take(TOO_EARLY_MAX);
            early
                .into_iter()
                .find(|piece| !self.is_outrun(now, id, *piece, eta))
        })?;
        let room = self.board.has_room(piece, self.board.reserve());
        let room = room || self.board.may_go_ahead(piece);
        room.then_some(Choice::of(piece))
    }

    /// Deals the blocks of the front, one by one, each to the peer that would bring it first.
    fn deal(&mut self, now: Duration) {
        let mut before = 0;
        let mut at = 0;
        while let Some((piece, why)) = self.plan.front_now().get(at).copied() {
            let (free, missing) = self.blocks_of(piece);
            at += 1;
            before += missing;
            if !free {
                continue;
            }
            let Some(mut choice) = self.room(piece, why) else {
                continue;
            };
            let horizon = self.horizon(piece, why, before);
            while let Some((id, eta)) = self.first_to_bring(now, piece, why) {
                if eta > horizon && self.is_outrun(now, id, piece, eta) {
                    break;
                }
                if !self.take(now, id, choice) {
                    break;
                }
                choice.victim = None;
            }
        }
    }

    /// The peer with room in its queue that would bring a block of the piece first.
    fn first_to_bring(&self, now: Duration, piece: u32, why: Urgency) -> Option<(PeerId, f64)> {
        let able = self.peers.iter().filter(|(id, peer)| {
            !peer.snubbed
                && !peer.web
                && peer.offers(now, piece)
                && (peer.queue(now) as u32) < peer.depth(now)
                && !(why == Urgency::Waiting && self.is_untried(now, peer))
                && self.may(**id, piece)
        });
        let eta = |peer: &Peer| peer.eta(now, peer.queue(now), self.guess);
        able.map(|(id, peer)| (*id, eta(peer)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
    }
}
