//! A swarm in a box: peers with rates, round trips and faults, on a clock that is a number.
//!
//! Carries the orders of a [`Swarm`] to simulated peers and their answers back, and watches each
//! order against what the border promises. No sockets, no threads, no sleeping: minutes of a film
//! take milliseconds, and the same seed gives the same run.

mod remote;
pub(crate) mod viewer;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::time::Duration;

pub(crate) use remote::Nature;
use remote::Remote;
use swarm::{Arrival, BLOCK, Block, Demand, Layout, Limits, News, Order, PeerId, Swarm, Verdict};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Connect(u64),
    Leave(u64),
    Flip(u64),
    /// At the peer.
    Asked(u64, Block),
    Cancelled(u64, Block),
    Range(u64),
    Served(u64, Block),
    /// At us.
    Choke(u64, bool),
    Rejected(u64, Block),
    Data(u64, Block, bool),
    Hashed(u32),
}

/// The world around one swarm.
pub(crate) struct World {
    pub(crate) now: Duration,
    pub(crate) swarm: Swarm,
    pub(crate) layout: Layout,
    limits: Limits,
    demand: Demand,
    remotes: BTreeMap<u64, Remote>,
    line: BinaryHeap<Reverse<(Duration, u64, Event)>>,
    turn: u64,
    /// The RAM assemblies: which blocks are here, which of them are wrong.
    ram: BTreeMap<u32, BTreeMap<u32, u8>>,
    hashing: BTreeSet<u32>,
    chance: u64,
    pub(crate) banned: BTreeSet<u64>,
    /// Pieces that the cache keeps; what is played last goes first.
    pub(crate) keeps: usize,
    kept: BTreeSet<u32>,
    pub(crate) ram_max: u64,
    /// The pace that the swarm is told of, if not the viewer's own.
    pub(crate) told: Option<u64>,
}

/// Bytes of a piece beyond the bound that are on their way while another is finished.
const AHEAD: u64 = 8 << 20;

/// Hash and write of a piece: 300 MB/s, a small ARM board.
const HASH_RATE: f64 = 300e6;

impl World {
    pub(crate) fn new(layout: Layout, limits: Limits, natures: Vec<Nature>, seed: u64) -> Self {
        let mut world = Self {
            now: Duration::ZERO,
            swarm: Swarm::new(layout, limits, seed),
            layout,
            limits,
            demand: Demand::default(),
            remotes: BTreeMap::new(),
            line: BinaryHeap::new(),
            turn: 0,
            ram: BTreeMap::new(),
            hashing: BTreeSet::new(),
            chance: seed,
            banned: BTreeSet::new(),
            keeps: usize::MAX,
            kept: BTreeSet::new(),
            ram_max: 0,
            told: None,
        };
        for (id, nature) in (0u64..).zip(natures) {
            world.add(id, nature);
        }
        world
    }

    pub(crate) fn add(&mut self, id: u64, nature: Nature) {
        if let Some(connects) = nature.connects {
            self.at(connects, Event::Connect(id));
        }
        if let Some(leaves) = nature.leaves {
            self.at(leaves, Event::Leave(id));
        }
        if let Some(period) = nature.chokes {
            self.at(
                nature.connects.unwrap_or_default() + period / 2,
                Event::Flip(id),
            );
        }
        let remote = Remote::new(nature);
        self.remotes.insert(id, remote);
    }

    fn at(&mut self, when: Duration, event: Event) {
        self.turn += 1;
        self.line.push(Reverse((when, self.turn, event)));
    }

    pub(crate) fn demand(&mut self, demand: Demand) {
        self.demand = demand.clone();
        self.swarm.demand(self.now, demand);
        self.obey();
    }

    pub(crate) fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
        self.swarm.set_limits(self.now, limits);
        self.obey();
    }

    /// Runs until `until`, or until `done` says so after an event. Returns whether it did.
    pub(crate) fn run(&mut self, until: Duration, mut done: impl FnMut(&mut Self) -> bool) -> bool {
        loop {
            if done(self) {
                return true;
            }
            let tick = self.swarm.deadline().map(|at| at.max(self.now));
            let next = self.line.peek().map(|Reverse((at, _, _))| *at);
            let soonest = [tick, next].into_iter().flatten().min();
            let Some(at) = soonest.filter(|at| *at <= until) else {
                self.now = until;
                return false;
            };
            self.now = at;
            if next == Some(at) {
                let Some(Reverse((_, _, event))) = self.line.pop() else {
                    return false;
                };
                self.happen(event);
            } else {
                self.swarm.tick(at);
            }
            self.obey();
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Connect(id) => self.connect(id),
            Event::Leave(id) => {
                if let Some(remote) = self.remotes.get_mut(&id) {
                    remote.gone = true;
                    remote.open = false;
                    remote.asked.clear();
                }
                self.swarm.peer(self.now, PeerId(id), News::Gone).unwrap();
            }
            Event::Flip(id) => self.flip(id),
            Event::Asked(id, block) => {
                let remote = self.remotes.get_mut(&id).unwrap();
                if !remote.nature.silent && !remote.choking {
                    remote.queue.push_back(block);
                    if remote.nature.web {
                        // The shell hands over all that was ordered at once.
                        self.at(self.now, Event::Range(id));
                    } else {
                        self.serve(id);
                    }
                }
            }
            Event::Cancelled(id, block) => {
                let remote = self.remotes.get_mut(&id).unwrap();
                if remote.cancel(block) {
                    let arrives = self.now + remote.nature.down();
                    self.at(arrives, Event::Rejected(id, block));
                }
            }
            Event::Range(id) => self.serve(id),
            Event::Served(id, block) => self.served(id, block),
            Event::Choke(id, choke) => {
                let remote = self.remotes.get_mut(&id).unwrap();
                if remote.gone {
                    return;
                }
                remote.open = !choke;
                if choke {
                    remote.asked.clear();
                }
                let news = if choke { News::Choked } else { News::Unchoked };
                self.swarm.peer(self.now, PeerId(id), news).unwrap();
            }
            Event::Rejected(id, block) => {
                if !self.remotes[&id].gone {
                    let news = News::Rejected(block);
                    self.swarm.peer(self.now, PeerId(id), news).unwrap();
                }
            }
            Event::Data(id, block, good) => self.data(id, block, good),
            Event::Hashed(piece) => self.hashed(piece),
        }
    }

    fn connect(&mut self, id: u64) {
        let remote = self.remotes.get_mut(&id).unwrap();
        let mut bits = vec![0u8; self.layout.pieces().div_ceil(8) as usize];
        for piece in (0..self.layout.pieces()).filter(|piece| remote.nature.has(*piece)) {
            bits[piece as usize / 8] |= 0x80 >> (piece % 8);
        }
        remote.choking = false;
        let unchoke = self.now + remote.nature.rtt;
        let Nature {
            fast, web, parts, ..
        } = remote.nature;
        remote.open = web;
        let peer = PeerId(id);
        let reqq = fast.then_some(500);
        let has = match parts {
            (_, 1) if fast => News::HaveAll,
            _ => News::Bitfield(&bits),
        };
        let said = if web {
            vec![News::WebSeed]
        } else {
            vec![News::Connected { fast, reqq }, has]
        };
        for news in said {
            self.swarm.peer(self.now, peer, news).unwrap();
        }
        if web {
            return;
        }
        self.at(unchoke, Event::Choke(id, false));
    }

    fn flip(&mut self, id: u64) {
        let remote = self.remotes.get_mut(&id).unwrap();
        remote.choking = !remote.choking;
        remote.queue.clear();
        let (choking, down) = (remote.choking, remote.nature.down());
        let period = remote.nature.chokes.unwrap();
        self.at(self.now + down, Event::Choke(id, choking));
        self.at(self.now + period / 2, Event::Flip(id));
    }

    fn serve(&mut self, id: u64) {
        let (layout, now) = (self.layout, self.now);
        let remote = self.remotes.get_mut(&id).unwrap();
        let Some((block, delay)) = remote.next(&layout) else {
            return;
        };
        let (rate, jitter) = (remote.nature.rate, remote.nature.jitter);
        let took = self.vary(f64::from(block.len) / rate, jitter);
        let remote = self.remotes.get_mut(&id).unwrap();
        // What it did not use lately it may catch up on.
        let idle = now.saturating_sub(remote.nature.burst);
        remote.free = remote.free.max(idle) + took;
        let mut done = remote.free.max(now) + delay;
        if let Some((from, to)) = remote.nature.pause
            && (from..to).contains(&done)
        {
            done = to;
        }
        self.at(done, Event::Served(id, block));
    }

    /// Blocks' bytes that peers have sent.
    pub(crate) fn sent(&self) -> u64 {
        let blocks: u64 = self.remotes.values().map(|remote| remote.sent).sum();
        blocks * u64::from(BLOCK)
    }

    /// Seconds, more or less.
    fn vary(&mut self, seconds: f64, jitter: f64) -> Duration {
        let noise = if jitter > 0.0 { self.noise() } else { 0.0 };
        Duration::from_secs_f64(seconds * (1.0 + jitter * noise))
    }

    /// From -1 to 1.
    fn noise(&mut self) -> f64 {
        // The generator of Knuth's MMIX: plenty for noise.
        self.chance = self
            .chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.chance >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    fn served(&mut self, id: u64, block: Block) {
        let remote = self.remotes.get_mut(&id).unwrap();
        remote.sending = false;
        if !remote.delivers(block) {
            return self.serve(id);
        }
        remote.sent += 1;
        let Nature { lies, jitter, .. } = remote.nature;
        let down = remote.nature.down();
        let good = lies.is_none_or(|share| 0.5 + self.noise() / 2.0 >= share);
        let arrives = self.now + self.vary(down.as_secs_f64(), jitter);
        let remote = self.remotes.get_mut(&id).unwrap();
        remote.arrived = remote.arrived.max(arrives);
        let arrives = remote.arrived;
        self.at(arrives, Event::Data(id, block, good));
        self.serve(id);
    }

    fn data(&mut self, id: u64, block: Block, good: bool) {
        let remote = self.remotes.get_mut(&id).unwrap();
        if remote.gone {
            return;
        }
        remote.asked.remove(&block);
        let arrival = self.swarm.block(self.now, PeerId(id), block).unwrap();
        if arrival == Arrival::Store {
            assert!(
                !self.hashing.contains(&block.piece),
                "stored into a piece being hashed"
            );
            let wrong = if good { 0 } else { 1 + id as u8 };
            let ram = self.ram.entry(block.piece).or_default();
            assert!(
                ram.insert(block.number(), wrong).is_none() || !good || self.lied(),
                "twice"
            );
        }
    }

    fn lied(&self) -> bool {
        self.remotes
            .values()
            .any(|remote| remote.nature.lies.is_some())
    }

    fn hashed(&mut self, piece: u32) {
        self.hashing.remove(&piece);
        let ram = self.ram[&piece].clone();
        assert_eq!(
            ram.len() as u32,
            self.layout.blocks(piece),
            "verified incomplete"
        );
        let good = ram.values().all(|wrong| *wrong == 0);
        let mut data = Vec::new();
        if self.lied() {
            for (number, wrong) in &ram {
                let len = self.layout.block(piece, *number).unwrap().len as usize;
                data.resize(data.len() + len, *wrong);
            }
        }
        if self.swarm.verified(self.now, piece, good, &data) == Verdict::Done {
            self.ram.remove(&piece);
        }
        if good {
            self.kept.insert(piece);
        }
        while self.kept.len() > self.keeps {
            let last = self.kept.pop_last().unwrap();
            self.swarm.evicted(self.now, last);
        }
    }

    fn obey(&mut self) {
        for order in self.swarm.orders() {
            match order {
                Order::Request(PeerId(id), block) => self.request(id, block),
                Order::Cancel(PeerId(id), block) => {
                    let remote = self.remotes.get_mut(&id).unwrap();
                    assert!(remote.asked.remove(&block), "cancelled what was not asked");
                    let arrives = self.now + remote.nature.up;
                    self.at(arrives, Event::Cancelled(id, block));
                }
                Order::Verify(piece) => {
                    let len = f64::from(self.layout.piece_len(piece));
                    self.hashing.insert(piece);
                    let done = self.now + Duration::from_secs_f64(len / HASH_RATE);
                    self.at(done, Event::Hashed(piece));
                }
                Order::Discard(piece) => {
                    assert!(!self.hashing.contains(&piece), "discarded while hashed");
                    self.ram.remove(&piece);
                }
                Order::Ban(PeerId(id)) => {
                    self.banned.insert(id);
                    let remote = self.remotes.get_mut(&id).unwrap();
                    remote.gone = true;
                    remote.open = false;
                    remote.asked.clear();
                }
                Order::Interested(..) | Order::Choke(..) => {}
            }
        }
        let blocks: usize = self.ram.values().map(BTreeMap::len).sum();
        let ram = blocks as u64 * u64::from(BLOCK);
        self.ram_max = self.ram_max.max(ram);
        let bound = self.limits.assembly_bytes;
        let large = u64::from(self.layout.piece_length());
        assert!(ram <= bound || ram <= large + AHEAD, "RAM bound");
    }

    fn request(&mut self, id: u64, block: Block) {
        let remote = self.remotes.get_mut(&id).unwrap();
        assert!(remote.open, "asked of a peer that does not serve");
        assert!(
            remote.nature.has(block.piece),
            "asked of a peer what it has not"
        );
        assert!(remote.asked.insert(block), "asked twice of one peer");
        assert!(remote.asked.len() <= 1024, "beyond any queue");
        assert!(!self.swarm.has(block.piece), "asked for what is here");
        assert_eq!(block.offset % BLOCK, 0);
        let Demand {
            waiting,
            places,
            wanted,
            pins,
        } = &self.demand;
        let piece = block.piece;
        let demanded = waiting.iter().any(|range| range.contains(&piece))
            || places
                .iter()
                .any(|place| (place.playhead..place.playhead + place.ahead).contains(&piece))
            || pins.contains(&piece);
        assert!(
            demanded && wanted.contains(&piece),
            "asked for what nobody wants"
        );
        let arrives = self.now + remote.nature.up;
        self.at(arrives, Event::Asked(id, block));
    }
}
