//! The swarm as a value: the calls that are not about one peer.
//!
//! What peers say is in `talk`, whom to ask for what in `picker`, what to do about the late in
//! `overdue`. Invariants, checked after every step of the property tests: a block is asked of a
//! peer once at a time; the board's (see there); no request for a piece that is not demanded.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::bits::Bits;
use crate::board::Board;
use crate::bucket::Bucket;
use crate::chance::Chance;
use crate::choker::Choker;
use crate::layout::{BLOCK, Layout, PeerId};
use crate::limits::Limits;
use crate::meter::Flow;
use crate::news::{Demand, Order};
use crate::peer::{Key, Peer};
use crate::plan::Plan;
use crate::stats::{Held, PeerStats, Stats};
use crate::suspicion::Suspicions;

/// Ticks while a reader waits: a late block is noticed a fifth of its patience late at most.
const TICK_WAITING: Duration = Duration::from_millis(50);

/// Ticks while blocks are in flight.
const TICK_BUSY: Duration = Duration::from_millis(250);

/// Never sooner: a download limit of 1 MB/s lets a block pass every 16 ms.
const TICK_MIN: Duration = Duration::from_millis(5);

/// Ticks otherwise, and the rhythm of what is not urgent.
const TICK_IDLE: Duration = Duration::from_secs(1);

/// Banned peers remembered; convicting an older one again would only repeat the order.
const BANNED_MAX: usize = 256;

/// The swarm of one torrent.
#[derive(Debug)]
pub struct Swarm {
    pub(crate) limits: Limits,
    pub(crate) board: Board,
    pub(crate) plan: Plan,
    pub(crate) peers: BTreeMap<PeerId, Peer>,
    /// Peers that have each piece.
    pub(crate) availability: Vec<u16>,
    pub(crate) suspicions: Suspicions,
    pub(crate) choker: Choker,
    pub(crate) chance: Chance,
    pub(crate) orders: Vec<Order>,
    pub(crate) stats: Stats,
    pub(crate) flow: Flow,
    /// Requests made so far.
    pub(crate) turn: u64,
    /// Bytes a second of all peers that serve us together.
    pub(crate) capacity: f64,
    /// The same of peers alone, those that were measured.
    pub(crate) crowd: f64,
    /// Somebody has given us something: who has not is a newcomer.
    pub(crate) proven: bool,
    /// Web seeds are asked too, for now.
    pub(crate) web_helps: bool,
    /// Bytes that may be asked for, and sent, by now.
    pub(crate) download: Bucket,
    pub(crate) upload: Bucket,
    /// The download limit was in the way since the last tick.
    pub(crate) throttled: bool,
    /// Bytes a second to assume of a peer that was not measured yet.
    pub(crate) guess: f64,
    /// Told to be banned, so that each is told once.
    banned: BTreeSet<PeerId>,
    last_tick: Duration,
    last_sweep: Duration,
}

impl Swarm {
    /// A swarm without peers that wants nothing yet. `seed`: for what is chosen by chance.
    pub fn new(layout: Layout, limits: Limits, seed: u64) -> Self {
        Self {
            limits,
            board: Board::new(layout, limits.assembly_bytes),
            plan: Plan::new(Demand::default(), &layout),
            peers: BTreeMap::new(),
            availability: vec![0; layout.pieces() as usize],
            suspicions: Suspicions::new(),
            choker: Choker::new(limits.slots()),
            chance: Chance::new(seed),
            orders: Vec::new(),
            stats: Stats::default(),
            flow: Flow::default(),
            turn: 0,
            capacity: 0.0,
            crowd: 0.0,
            proven: false,
            web_helps: true,
            download: Bucket::new(limits.download_bytes_per_second),
            upload: Bucket::new(limits.upload_bytes_per_second),
            throttled: false,
            guess: crate::picker::RATE_GUESS,
            banned: BTreeSet::new(),
            last_tick: Duration::ZERO,
            last_sweep: Duration::ZERO,
        }
    }

    /// The cut it works on.
    pub fn layout(&self) -> Layout {
        self.board.layout
    }

    /// Other limits from now on: open pieces beyond a smaller bound are dropped, peers beyond
    /// fewer slots are choked. [`Limits::inflight_max`] counts for peers that come later.
    pub fn set_limits(&mut self, now: Duration, limits: Limits) {
        self.limits = limits;
        self.download
            .set_rate(now, limits.download_bytes_per_second);
        self.upload.set_rate(now, limits.upload_bytes_per_second);
        self.board.set_bound(limits.assembly_bytes);
        self.drop_kept(now, 0);
        while self.board.is_over() {
            let open = self.board.open.iter();
            let able = open.filter(|(_, open)| !open.verifying);
            let last = able.map(|(piece, _)| *piece);
            let Some(last) = last.max_by_key(|piece| self.plan.rank(*piece)) else {
                break;
            };
            self.discard(now, last);
        }
        if self.choker.set_slots(limits.slots()) {
            self.review_choking(now);
        }
        self.settle_slots(now);
        self.throttled = false;
        self.fill_all(now);
    }

    /// Pieces that the cache holds already; pieces that the torrent does not have are ignored.
    pub fn set_have(&mut self, pieces: impl Iterator<Item = u32>) {
        for piece in pieces {
            if !self.board.open.contains_key(&piece) && self.board.have.set(piece, true) {
                self.board.need.set(piece, false);
                self.plan.fulfil(piece);
            }
        }
    }

    /// Whether the piece is verified and in the cache.
    pub fn has(&self, piece: u32) -> bool {
        self.board.have.get(piece)
    }

    /// All that is verified and in the cache.
    pub fn held(&self) -> Held {
        let bytes = |piece| u64::from(self.board.layout.piece_len(piece));
        self.board
            .have
            .ones()
            .fold(Held::default(), |sum, piece| Held {
                pieces: sum.pieces + 1,
                bytes: sum.bytes + bytes(piece),
            })
    }

    /// The verified pieces in the cache, as the body of a BITFIELD message (BEP 3).
    pub fn bitfield(&self) -> Vec<u8> {
        self.board.have.to_wire()
    }

    /// What is wanted from now on: a seek is a new demand. Requests for what is wanted no more are
    /// taken back, and if a reader waits for blocks that nobody was asked for yet, so are those
    /// that would keep it waiting. The same demand again is free.
    pub fn demand(&mut self, now: Duration, demand: Demand) {
        if demand == self.plan.demand {
            return;
        }
        self.adopt(now, demand);
        self.review_web(now);
        self.clear_the_way(now);
        self.fill_all(now);
    }

    fn adopt(&mut self, now: Duration, demand: Demand) {
        let wanted = demand.wanted.clone();
        let moved = wanted != self.plan.demand.wanted;
        self.plan_for(demand);
        for piece in self.board.set_demanded(self.plan.demanded.clone()) {
            self.recall(now, piece);
        }
        self.drop_kept(now, 0);
        if moved {
            self.review_interest();
        }
    }

    /// Drops kept pieces so that `for_new` bytes fit.
    pub(crate) fn drop_kept(&mut self, now: Duration, for_new: u64) {
        while let Some(piece) = self.board.to_drop(for_new) {
            self.discard(now, piece);
        }
    }

    fn plan_for(&mut self, demand: Demand) {
        self.plan = Plan::new(demand, &self.board.layout);
        let Self { plan, board, .. } = self;
        plan.retain(|piece| !board.have.get(piece));
    }

    /// The cache let the piece go, or found it broken. If a reader waits for it or it is played
    /// soon it is fetched again at once; if it is merely demanded, with the next demand: one that
    /// does not fit into the cache must not fetch and evict in turn as fast as the line allows.
    pub fn evicted(&mut self, now: Duration, piece: u32) {
        if self.board.lose(piece) && self.plan.is_soon(piece) {
            self.board.need.set(piece, true);
            self.board.version += 1;
            self.plan_for(self.plan.demand.clone());
            self.fill_all(now);
        }
    }

    /// Time passed: late blocks, silent peers, the choker. Due at [`Swarm::deadline`]; sooner does
    /// no harm.
    pub fn tick(&mut self, now: Duration) {
        self.last_tick = now;
        self.throttled = false;
        self.measure(now);
        self.snub(now);
        self.review_web(now);
        self.review_trials(now);
        self.chase(now);
        if now.saturating_sub(self.last_sweep) >= TICK_IDLE {
            self.last_sweep = now;
            self.review_interest();
            self.sweep(now);
        }
        self.review_choking(now);
        for peer in self.peers.values_mut() {
            peer.barren = None;
        }
        self.fill_all(now);
    }

    fn review_choking(&mut self, now: Duration) {
        let seeding = self.is_seeding();
        let orders = self
            .choker
            .round(now, &mut self.peers, seeding, &mut self.chance);
        self.orders.extend(orders);
    }

    /// Gives free slots away.
    pub(crate) fn settle_slots(&mut self, now: Duration) {
        let seeding = self.is_seeding();
        let orders = self.choker.settle(now, &mut self.peers, seeding);
        self.orders.extend(orders);
    }

    /// Nobody has anything for us.
    fn is_seeding(&self) -> bool {
        !self.peers.values().any(|peer| peer.interested)
    }

    /// When [`Swarm::tick`] is due; `None`: not before something else happens.
    pub fn deadline(&self) -> Option<Duration> {
        if self.peers.is_empty() {
            return None;
        }
        let waiting = self.plan.waits();
        let busy = self.peers.values().any(|peer| !peer.inflight.is_empty());
        let pause = match (busy, waiting) {
            (true, true) => TICK_WAITING,
            (true, false) => TICK_BUSY,
            (false, _) => TICK_IDLE,
        };
        let due = self.last_tick + pause;
        let allowed = self.throttled.then(|| self.download.ready(BLOCK)).flatten();
        Some(allowed.map_or(due, |at| at.max(self.last_tick + TICK_MIN).min(due)))
    }

    /// What must be done, in this order. Drain after every call.
    pub fn orders(&mut self) -> Vec<Order> {
        std::mem::take(&mut self.orders)
    }

    /// Bytes a second that arrive now.
    pub fn rate(&self, now: Duration) -> u64 {
        self.flow.rate(now)
    }

    /// Bytes a second that peers and web seeds could give now, under the download limit, if
    /// asked for as much: of those that serve us, what each was measured to give while it was
    /// busy for us; one that was not measured yet counts like the mean of the others. 0 while
    /// none was measured.
    pub fn capacity(&self) -> u64 {
        if !self
            .peers
            .values()
            .any(|peer| peer.rate(Duration::ZERO).is_some())
        {
            return 0;
        }
        let limit = self.download.limit().unwrap_or(f64::INFINITY);
        self.capacity.min(limit) as u64
    }

    /// Figures since the beginning.
    pub fn stats(&self) -> Stats {
        Stats {
            assembly_bytes: self.board.open_bytes(),
            ..self.stats
        }
    }

    /// Figures of each peer.
    pub fn peers(&self, now: Duration) -> Vec<PeerStats> {
        let stats = |(id, peer): (&PeerId, &Peer)| PeerStats {
            peer: *id,
            web_seed: peer.web,
            rate: peer.given.rate(now),
            capacity: peer.rate(now).map(|rate| rate as u64),
            received: peer.received,
            uploaded: peer.uploaded,
            upload_rate: peer.taken.rate(now),
            inflight: peer.inflight.len() as u32,
            unchoked: !peer.choked,
            interested: peer.interested,
            served: peer.served,
            wants: peer.wants,
            snubbed: peer.snubbed,
        };
        self.peers.iter().map(stats).collect()
    }

    /// INTERESTED follows the whole file, not the window: who is told that we want nothing chokes
    /// us, and the next seek would wait for it.
    fn review_interest(&mut self) {
        for (id, peer) in self.peers.iter_mut().filter(|(_, peer)| !peer.web) {
            let wants = self
                .board
                .have
                .lacks_any(&peer.has, self.plan.demand.wanted.clone());
            if wants != peer.interested {
                peer.interested = wants;
                self.orders.push(Order::Interested(*id, wants));
            }
        }
    }

    /// Drops an open piece and what is asked of it.
    pub(crate) fn discard(&mut self, now: Duration, piece: u32) {
        self.recall(now, piece);
        if let Some(open) = self.board.end(piece, false) {
            self.stats.wasted += u64::from(open.blocks() - open.missing()) * u64::from(BLOCK);
            self.orders.push(Order::Discard(piece));
        }
    }

    /// Takes back every request for the piece.
    pub(crate) fn recall(&mut self, now: Duration, piece: u32) {
        let ids: Vec<PeerId> = self.peers.keys().copied().collect();
        for id in ids {
            let range = (piece, 0)..=(piece, u32::MAX);
            let keys: Vec<Key> = self.peers[&id]
                .inflight
                .range(range)
                .map(|(k, _)| *k)
                .collect();
            for key in keys {
                self.take_back(now, id, key);
            }
        }
    }

    /// Takes back one request.
    pub(crate) fn take_back(&mut self, now: Duration, id: PeerId, (piece, number): Key) {
        let Some(peer) = self.peers.get_mut(&id) else {
            return;
        };
        if peer.withdraw(now, (piece, number)) {
            self.board.release(piece, number, id);
            self.stats.cancelled += 1;
            if let Some(block) = self.board.layout.block(piece, number) {
                self.download.give_back(block.len);
                self.orders.push(Order::Cancel(id, block));
            }
        }
    }

    /// Forgets a peer; what was asked of it is free again.
    pub(crate) fn forget(&mut self, id: PeerId) {
        let Some(peer) = self.peers.remove(&id) else {
            return;
        };
        for (piece, number) in peer.inflight.into_keys() {
            self.board.release(piece, number, id);
            self.download.give_back(BLOCK);
        }
        self.count(&peer.has, -1);
    }

    pub(crate) fn count(&mut self, has: &Bits, by: i16) {
        for piece in has.ones() {
            let count = &mut self.availability[piece as usize];
            *count = count.saturating_add_signed(by);
        }
    }

    pub(crate) fn ban(&mut self, id: PeerId) {
        if !self.banned.insert(id) {
            return;
        }
        if self.banned.len() > BANNED_MAX {
            self.banned.pop_first();
        }
        self.forget(id);
        self.suspicions.convicted(id);
        self.stats.wasted += self.board.disown(id);
        self.stats.banned += 1;
        self.orders.push(Order::Ban(id));
    }
}
