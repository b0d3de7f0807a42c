//! What holds whatever peers, readers and the cache do: random lives of a swarm, watched after
//! every step.
//!
//! A shadow of what the border promises is kept apart from the swarm's own state: what was asked of
//! whom, which assemblies are in RAM, whom we serve.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::Duration;

use proptest::prelude::*;

use crate::layout::{BLOCK, Block, Layout, PeerId};
use crate::limits::Limits;
use crate::news::{Arrival, Demand, News, Order, Place, Verdict};
use crate::plan::Urgency;
use crate::swarm::Swarm;

const PEERS: u64 = 5;
const PIECES: u32 = 24;

#[derive(Debug, Clone)]
enum Step {
    Connect {
        peer: u64,
        fast: bool,
        reqq: Option<u32>,
    },
    Bitfield {
        peer: u64,
        bits: u32,
    },
    Have {
        peer: u64,
        piece: u32,
        has: bool,
    },
    Choke {
        peer: u64,
        choke: bool,
    },
    AllowedFast {
        peer: u64,
        piece: u32,
    },
    Wants {
        peer: u64,
        wants: bool,
    },
    Reject {
        peer: u64,
        at: usize,
    },
    Gone {
        peer: u64,
    },
    Answer {
        peer: u64,
        at: usize,
    },
    Unasked {
        peer: u64,
        piece: u32,
        number: u32,
    },
    Demand(Demand),
    Hashed {
        at: usize,
        good: bool,
    },
    Evicted {
        piece: u32,
    },
    Web {
        peer: u64,
    },
    Limits(Limits),
    Pass {
        millis: u64,
    },
}

fn range() -> impl Strategy<Value = Range<u32>> {
    (0..PIECES + 2, 0..6u32).prop_map(|(start, len)| start..start + len)
}

fn place() -> impl Strategy<Value = Place> {
    (0..PIECES + 2, 0..PIECES, 0..2_000_000u64).prop_map(|(playhead, ahead, pace)| Place {
        playhead,
        ahead,
        pace,
    })
}

fn demand() -> impl Strategy<Value = Demand> {
    let pins = proptest::collection::vec(0..PIECES + 2, 0..4);
    let waiting = proptest::collection::vec(range(), 0..3);
    let places = proptest::collection::vec(place(), 0..4);
    (waiting, places, 0..8u32, pins).prop_map(|(waiting, places, wanted, pins)| Demand {
        waiting,
        places,
        wanted: wanted..PIECES - wanted,
        pins,
    })
}

/// RAM in half pieces of two blocks.
fn limits() -> impl Strategy<Value = Limits> {
    let limit = || proptest::option::of(0u64..4_000_000);
    (1u64..12, limit(), limit(), any::<bool>(), 0..4u32).prop_map(
        |(ram, download, upload, seeding, upload_slots)| Limits {
            assembly_bytes: ram * u64::from(BLOCK),
            download_bytes_per_second: download,
            upload_bytes_per_second: upload,
            seeding,
            upload_slots,
            ..Limits::default()
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let peer = 0..PEERS;
    let piece = 0..PIECES;
    prop_oneof![
        2 => (peer.clone(), any::<bool>(), proptest::option::of(0..600u32))
            .prop_map(|(peer, fast, reqq)| Step::Connect { peer, fast, reqq }),
        3 => (peer.clone(), any::<u32>()).prop_map(|(peer, bits)| Step::Bitfield { peer, bits }),
        2 => (peer.clone(), piece.clone(), any::<bool>())
            .prop_map(|(peer, piece, has)| Step::Have { peer, piece, has }),
        4 => (peer.clone(), prop::bool::weighted(0.2))
            .prop_map(|(peer, choke)| Step::Choke { peer, choke }),
        1 => (peer.clone(), piece.clone())
            .prop_map(|(peer, piece)| Step::AllowedFast { peer, piece }),
        1 => (peer.clone(), any::<bool>()).prop_map(|(peer, wants)| Step::Wants { peer, wants }),
        2 => (peer.clone(), any::<usize>()).prop_map(|(peer, at)| Step::Reject { peer, at }),
        1 => peer.clone().prop_map(|peer| Step::Gone { peer }),
        40 => (peer.clone(), any::<usize>()).prop_map(|(peer, at)| Step::Answer { peer, at }),
        1 => (peer.clone(), piece.clone(), 0..4u32)
            .prop_map(|(peer, piece, number)| Step::Unasked { peer, piece, number }),
        4 => demand().prop_map(Step::Demand),
        8 => (any::<usize>(), prop::bool::weighted(0.8))
            .prop_map(|(at, good)| Step::Hashed { at, good }),
        1 => piece.prop_map(|piece| Step::Evicted { piece }),
        1 => peer.clone().prop_map(|peer| Step::Web { peer }),
        1 => limits().prop_map(Step::Limits),
        6 => (0..2000u64).prop_map(|millis| Step::Pass { millis }),
    ]
}

/// The swarm and what it must answer for.
struct Watch {
    swarm: Swarm,
    now: Duration,
    limits: Limits,
    fast: BTreeMap<u64, bool>,
    asked: BTreeMap<u64, Vec<Block>>,
    ram: BTreeMap<u32, BTreeSet<u32>>,
    hashing: BTreeSet<u32>,
    served: BTreeSet<u64>,
}

impl Watch {
    fn new(piece_length: u32, ram_pieces: u64) -> Self {
        // The last piece is short by a block and a half.
        let total = u64::from(PIECES) * u64::from(piece_length) - u64::from(BLOCK * 3 / 2);
        let layout = Layout::new(total.max(1), piece_length).unwrap();
        let assembly_bytes = ram_pieces * u64::from(piece_length) / 2;
        let limits = Limits {
            assembly_bytes,
            upload_slots: 2,
            ..Limits::default()
        };
        Self {
            swarm: Swarm::new(layout, limits, 7),
            now: Duration::ZERO,
            limits,
            fast: BTreeMap::new(),
            asked: BTreeMap::new(),
            ram: BTreeMap::new(),
            hashing: BTreeSet::new(),
            served: BTreeSet::new(),
        }
    }

    fn forget(&mut self, peer: u64) {
        self.asked.remove(&peer);
        self.fast.remove(&peer);
        self.served.remove(&peer);
    }

    fn say(&mut self, peer: u64, news: News<'_>) {
        self.swarm.peer(self.now, PeerId(peer), news).unwrap();
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Connect { peer, fast, reqq } => {
                self.forget(peer);
                self.fast.insert(peer, fast);
                self.say(peer, News::Connected { fast, reqq });
            }
            Step::Bitfield { peer, bits } => {
                let mut wire = bits.to_be_bytes()[..3].to_vec();
                wire.truncate(self.swarm.layout().pieces().div_ceil(8) as usize);
                self.void(peer, |block| {
                    wire[block.piece as usize / 8] & (0x80 >> (block.piece % 8)) == 0
                });
                self.say(peer, News::Bitfield(&wire));
            }
            Step::Have {
                peer,
                piece,
                has: true,
            } => self.say(peer, News::Have(piece)),
            Step::Have { peer, piece, .. } => {
                self.void(peer, |block| block.piece == piece);
                self.say(peer, News::DontHave(piece));
            }
            Step::Choke { peer, choke: true } => {
                // Those that are allowed fast stay asked; the swarm knows which.
                self.say(peer, News::Choked);
                if let Some(left) = self.swarm.peers.get(&PeerId(peer)) {
                    let left: BTreeSet<_> = left.inflight.keys().copied().collect();
                    self.void(peer, |block| !left.contains(&(block.piece, block.number())));
                }
            }
            Step::Choke { peer, .. } => self.say(peer, News::Unchoked),
            Step::AllowedFast { peer, piece } => self.say(peer, News::AllowedFast(piece)),
            Step::Wants { peer, wants: true } => self.say(peer, News::Interested),
            Step::Wants { peer, .. } => self.say(peer, News::NotInterested),
            Step::Reject { peer, at } => {
                if self.fast.get(&peer) == Some(&true)
                    && let Some(block) = self.pop(peer, at)
                {
                    self.say(peer, News::Rejected(block));
                    // Unless the swarm takes it for the answer to a CANCEL: then it is still asked.
                    let key = (block.piece, block.number());
                    if self.swarm.peers[&PeerId(peer)].inflight.contains_key(&key) {
                        self.asked.entry(peer).or_default().push(block);
                    }
                }
            }
            Step::Gone { peer } => {
                self.forget(peer);
                self.say(peer, News::Gone);
            }
            Step::Answer { peer, at } => {
                if let Some(block) = self.pop(peer, at) {
                    self.arrive(peer, block);
                }
            }
            Step::Unasked {
                peer,
                piece,
                number,
            } => {
                if let Some(block) = self.swarm.layout().block(piece, number) {
                    // Its answer is not in doubt only if it really was not asked for.
                    if !self
                        .asked
                        .get(&peer)
                        .is_some_and(|asked| asked.contains(&block))
                    {
                        self.arrive(peer, block);
                    }
                }
            }
            Step::Demand(demand) => self.swarm.demand(self.now, demand),
            Step::Hashed { at, good } => self.hashed(at, good),
            Step::Evicted { piece } => self.swarm.evicted(self.now, piece),
            Step::Web { peer } => {
                self.forget(peer);
                self.fast.insert(peer, true);
                self.say(peer, News::WebSeed);
            }
            Step::Limits(limits) => {
                self.limits = limits;
                self.swarm.set_limits(self.now, limits);
            }
            Step::Pass { millis } => {
                self.now += Duration::from_millis(millis);
                self.swarm.tick(self.now);
            }
        }
        self.obey();
        self.check();
    }

    fn void(&mut self, peer: u64, which: impl Fn(&Block) -> bool) {
        if let Some(asked) = self.asked.get_mut(&peer) {
            asked.retain(|block| !which(block));
        }
    }

    fn pop(&mut self, peer: u64, at: usize) -> Option<Block> {
        let asked = self.asked.get_mut(&peer)?;
        let at = at.checked_rem(asked.len())?;
        Some(asked.remove(at))
    }

    fn arrive(&mut self, peer: u64, block: Block) {
        let arrival = self.swarm.block(self.now, PeerId(peer), block);
        if arrival == Ok(Arrival::Store) {
            assert!(!self.hashing.contains(&block.piece));
            self.ram
                .entry(block.piece)
                .or_default()
                .insert(block.number());
        }
    }

    fn hashed(&mut self, at: usize, good: bool) {
        let Some(at) = at.checked_rem(self.hashing.len()) else {
            return;
        };
        let piece = *self.hashing.iter().nth(at).unwrap();
        self.hashing.remove(&piece);
        // Some shells keep the bytes, of others nothing is known.
        let len = self.swarm.layout().piece_len(piece) as usize;
        let data = vec![7; if piece.is_multiple_of(2) { len } else { 0 }];
        if self.swarm.verified(self.now, piece, good, &data) == Verdict::Done {
            self.ram.remove(&piece);
        } else {
            assert!(!good);
            // It may have been dropped since then: the order to do so follows.
            let open = self.swarm.board.open.get(&piece);
            let ram = self.ram.get_mut(&piece).unwrap();
            ram.retain(|number| open.is_some_and(|open| open.has(*number)));
        }
    }

    fn obey(&mut self) {
        let demand = self.swarm.plan.demand.clone();
        for order in self.swarm.orders() {
            match order {
                Order::Request(PeerId(id), block) => {
                    let asked = self.asked.entry(id).or_default();
                    assert!(!asked.contains(&block), "twice of one peer");
                    asked.push(block);
                    let peer = &self.swarm.peers[&PeerId(id)];
                    assert!(peer.has.get(block.piece), "what it has not");
                    let allowed = peer.allowed().any(|piece| piece == block.piece);
                    assert!(!peer.choked || allowed, "of a peer that chokes us");
                    assert!(asked.len() <= peer.queue_max as usize, "beyond its queue");
                    assert!(demand.wanted.contains(&block.piece), "outside the file");
                    assert!(self.swarm.plan.demanded.get(block.piece), "not demanded");
                    assert!(!self.hashing.contains(&block.piece));
                }
                Order::Cancel(PeerId(id), block) => {
                    let asked = self.asked.get_mut(&id).unwrap();
                    let at = asked.iter().position(|asked| *asked == block);
                    asked.remove(at.expect("only what was asked is cancelled"));
                }
                Order::Verify(piece) => {
                    let blocks = self.swarm.layout().blocks(piece) as usize;
                    assert_eq!(self.ram[&piece].len(), blocks, "incomplete");
                    assert!(self.hashing.insert(piece));
                }
                Order::Discard(piece) => {
                    assert!(!self.hashing.contains(&piece), "discarded while hashed");
                    self.ram.remove(&piece);
                }
                Order::Choke(PeerId(id), choke) => {
                    let changed = if choke {
                        self.served.remove(&id)
                    } else {
                        self.served.insert(id)
                    };
                    assert!(changed, "told twice");
                }
                Order::Ban(PeerId(id)) => self.forget(id),
                Order::Interested(..) => {}
            }
        }
    }

    fn check(&self) {
        let swarm = &self.swarm;
        swarm.board.check();
        assert!(self.served.len() <= self.limits.slots() as usize, "slots");
        for (PeerId(id), peer) in &swarm.peers {
            let mine: BTreeSet<_> = peer.inflight.keys().copied().collect();
            let shadow = self.asked.get(id).into_iter().flatten();
            let shadow: BTreeSet<_> = shadow.map(|b| (b.piece, b.number())).collect();
            assert_eq!(mine, shadow);
        }
        for (piece, open) in &swarm.board.open {
            for number in 0..open.blocks() {
                for holder in open.holders(number) {
                    assert!(swarm.peers[holder].inflight.contains_key(&(*piece, number)));
                }
            }
        }
        let mut count = vec![0; PIECES as usize];
        for peer in swarm.peers.values() {
            peer.has.ones().for_each(|piece| count[piece as usize] += 1);
        }
        assert_eq!(count, swarm.availability);
        for (piece, why) in &swarm.plan.front {
            assert!(!swarm.board.have.get(*piece), "{why:?} for what is here");
            assert!(swarm.plan.is_waiting(*piece) == (*why == Urgency::Waiting));
        }
    }

    /// From now on everybody answers and every hash is right: what must happen does.
    fn settle(&mut self) {
        // What was evicted without being urgent is fetched with the next demand.
        let mut demand = self.swarm.plan.demand.clone();
        demand.pins.push(u32::MAX);
        // Without a limit of bytes a second, one of nothing would be kept for ever.
        let limits = Limits {
            download_bytes_per_second: None,
            ..self.limits
        };
        self.take(Step::Limits(limits));
        self.take(Step::Demand(demand));
        for _ in 0..20_000 {
            let next = self.asked.iter().find(|(_, asked)| !asked.is_empty());
            let step = match next.map(|(peer, _)| *peer) {
                Some(peer) => Step::Answer { peer, at: 0 },
                None if !self.hashing.is_empty() => Step::Hashed { at: 0, good: true },
                None if self.is_done() => return,
                None => Step::Pass { millis: 1100 },
            };
            self.now += Duration::from_millis(5);
            self.take(step);
        }
        panic!("a piece that is demanded and served was not fetched");
    }

    fn is_done(&self) -> bool {
        let swarm = &self.swarm;
        let served = |piece: &u32| swarm.peers.values().any(|p| !p.choked && p.has.get(*piece));
        !swarm
            .plan
            .demanded
            .ones()
            .any(|piece| !swarm.has(piece) && served(&piece))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn a_swarm_keeps_its_promises_and_gets_its_pieces(
        blocks in 1u32..5,
        ram_halves in 1u64..12,
        steps in proptest::collection::vec(step(), 1..300),
    ) {
        let mut watch = Watch::new(blocks.max(2) * BLOCK, ram_halves);
        for step in steps {
            watch.take(step);
        }
        watch.settle();
    }
}

/// What a reader waits for is had of nobody, and there is RAM for one piece.
#[test]
fn a_pin_that_does_not_fit_keeps_back_none_that_is_open() {
    let mut watch = Watch::new(2 * BLOCK, 1);
    let bits = |pieces: [u32; 2]| pieces.iter().map(|piece| 1 << (31 - piece)).sum();
    for step in [
        Step::Connect {
            peer: 0,
            fast: false,
            reqq: None,
        },
        Step::Demand(Demand {
            waiting: std::iter::once(13..14).collect(),
            places: Vec::new(),
            wanted: 0..PIECES,
            pins: vec![2, 16],
        }),
        Step::Choke {
            peer: 0,
            choke: false,
        },
        Step::Bitfield {
            peer: 0,
            bits: bits([13, 16]),
        },
        Step::Bitfield {
            peer: 0,
            bits: bits([2, 16]),
        },
    ] {
        watch.take(step);
    }
    watch.settle();
}
