//! The swarm as a value: the calls, each followed by a single pass that orders what is missing.
//!
//! This is the plain first body: waiting pieces, the window, then pins, each peer filled to a
//! fixed depth. Invariant: a block is in flight at one peer at most.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::layout::{Block, Layout, PeerId};
use crate::news::{Arrival, Demand, Limits, Misbehaviour, News, Order};

/// Requests outstanding at a peer: half a second at 500 kB/s.
const DEPTH: usize = 16;

#[derive(Debug, Default)]
struct Peer {
    fast: bool,
    bits: BTreeSet<u32>,
    choked: bool,
    interested: bool,
    inflight: BTreeSet<Block>,
    bytes: u64,
}

#[derive(Debug, Default)]
struct Assembly {
    got: BTreeSet<u32>,
    asked: BTreeSet<u32>,
    verifying: bool,
    sources: BTreeSet<PeerId>,
}

/// Figures of one peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerStats {
    /// The connection.
    pub peer: PeerId,
    /// Bytes a second it has been giving us lately.
    pub rate: u64,
    /// Bytes it gave us, wasted ones included.
    pub received: u64,
    /// Bytes a second we have been giving it lately.
    pub upload_rate: u64,
    /// Requests outstanding.
    pub inflight: u32,
    /// It serves us.
    pub unchoked: bool,
    /// It was asked and stays silent.
    pub snubbed: bool,
}

/// Figures of the whole swarm since it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Bytes of blocks that arrived, wasted ones included.
    pub received: u64,
    /// Bytes of blocks that arrived in vain: duplicates, late ones, pieces that were wrong.
    pub wasted: u64,
    /// Blocks asked of a second peer because the first was late.
    pub duplicates: u64,
    /// Requests taken back.
    pub cancelled: u64,
    /// Pieces that failed their hash.
    pub corrupt: u64,
    /// Peers banned.
    pub banned: u64,
    /// Bytes of pieces in RAM now: open, or being verified.
    pub assembly_bytes: u64,
}

/// The swarm of one torrent.
#[derive(Debug)]
pub struct Swarm {
    layout: Layout,
    limits: Limits,
    have: BTreeSet<u32>,
    demand: Demand,
    peers: BTreeMap<PeerId, Peer>,
    open: BTreeMap<u32, Assembly>,
    orders: Vec<Order>,
    stats: Stats,
}

impl Swarm {
    /// A swarm without peers that wants nothing yet. `seed`: for what is chosen by chance.
    pub fn new(layout: Layout, limits: Limits, _seed: u64) -> Self {
        Self {
            layout,
            limits,
            have: BTreeSet::new(),
            demand: Demand::default(),
            peers: BTreeMap::new(),
            open: BTreeMap::new(),
            orders: Vec::new(),
            stats: Stats::default(),
        }
    }

    /// The cut it works on.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Pieces that the cache holds already.
    pub fn set_have(&mut self, pieces: impl Iterator<Item = u32>) {
        let count = self.layout.pieces();
        self.have.extend(pieces.filter(|piece| *piece < count));
    }

    /// Whether the piece is verified and in the cache.
    pub fn has(&self, piece: u32) -> bool {
        self.have.contains(&piece)
    }

    /// The verified pieces in the cache, as the body of a BITFIELD message (BEP 3).
    pub fn bitfield(&self) -> Vec<u8> {
        let mut bits = vec![0; self.layout.pieces().div_ceil(8) as usize];
        for piece in &self.have {
            bits[*piece as usize / 8] |= 0x80 >> (piece % 8);
        }
        bits
    }

    /// What is wanted from now on; CANCELs of the rest follow.
    pub fn demand(&mut self, _now: Duration, demand: Demand) {
        self.demand = demand;
        let line: BTreeSet<u32> = self.line().into_iter().collect();
        let orders = &mut self.orders;
        for (id, peer) in &mut self.peers {
            peer.inflight.retain(|block| {
                let keep = line.contains(&block.piece);
                if !keep {
                    orders.push(Order::Cancel(*id, *block));
                    self.stats.cancelled += 1;
                }
                keep
            });
        }
        self.open.retain(|piece, assembly| {
            let keep = assembly.verifying || line.contains(piece);
            if !keep {
                orders.push(Order::Discard(*piece));
            }
            keep
        });
        self.pick();
    }

    /// A peer said something.
    ///
    /// # Errors
    /// When it broke the protocol: the shell closes the connection and says [`News::Gone`].
    pub fn peer(&mut self, _now: Duration, id: PeerId, news: News<'_>) -> Result<(), Misbehaviour> {
        let pieces = self.layout.pieces();
        if let News::Connected { fast, .. } = news {
            let peer = Peer {
                fast,
                choked: true,
                ..Peer::default()
            };
            self.peers.insert(id, peer);
            self.orders.push(Order::Choke(id, false));
            return Ok(());
        }
        let Some(peer) = self.peers.get_mut(&id) else {
            return Ok(());
        };
        match news {
            News::Connected { .. }
            | News::Queue(_)
            | News::AllowedFast(_)
            | News::Interested
            | News::NotInterested => {}
            News::Bitfield(bytes) => {
                if bytes.len() != pieces.div_ceil(8) as usize {
                    return Err(Misbehaviour::Bitfield);
                }
                let set = |piece: &u32| bytes[*piece as usize / 8] & (0x80 >> (piece % 8)) != 0;
                peer.bits = (0..pieces).filter(set).collect();
            }
            News::HaveAll => peer.bits = (0..pieces).collect(),
            News::HaveNone => peer.bits.clear(),
            News::Have(piece) if piece >= pieces => return Err(Misbehaviour::Piece(piece)),
            News::Have(piece) => drop(peer.bits.insert(piece)),
            News::DontHave(piece) => drop(peer.bits.remove(&piece)),
            News::Choked => {
                peer.choked = true;
                if !peer.fast {
                    self.release(id);
                }
            }
            News::Unchoked => peer.choked = false,
            News::Rejected(block) => {
                peer.inflight.remove(&block);
                if let Some(assembly) = self.open.get_mut(&block.piece) {
                    assembly.asked.remove(&block.number());
                }
            }
            News::Gone => {
                self.release(id);
                self.peers.remove(&id);
            }
        }
        if let Some(peer) = self.peers.get_mut(&id)
            && !peer.interested
            && !peer.bits.is_empty()
        {
            peer.interested = true;
            self.orders.push(Order::Interested(id, true));
        }
        self.pick();
        Ok(())
    }

    /// A block of a PIECE message arrived (BEP 3).
    ///
    /// # Errors
    /// When it is no block of the torrent, or blocks come that nobody asked for.
    pub fn block(
        &mut self,
        _now: Duration,
        id: PeerId,
        block: Block,
    ) -> Result<Arrival, Misbehaviour> {
        if !self.layout.holds(block) {
            return Err(Misbehaviour::Block(block));
        }
        let asked = self.peers.get_mut(&id).is_some_and(|peer| {
            peer.bytes += u64::from(block.len);
            peer.inflight.remove(&block)
        });
        self.stats.received += u64::from(block.len);
        let all = self.layout.blocks(block.piece) as usize;
        let mut arrival = Arrival::Waste;
        if let Some(open) = self.open.get_mut(&block.piece)
            && asked
            && open.got.insert(block.number())
        {
            arrival = Arrival::Store;
            open.sources.insert(id);
            if open.got.len() == all {
                open.verifying = true;
                self.orders.push(Order::Verify(block.piece));
            }
        }
        if arrival == Arrival::Waste {
            self.stats.wasted += u64::from(block.len);
        }
        self.pick();
        Ok(arrival)
    }

    /// The shell sent a peer `bytes` of the film.
    pub fn sent(&mut self, _now: Duration, _peer: PeerId, _bytes: u32) {}

    /// The answer to [`Order::Verify`]: whether the hash was right (and the piece is written).
    /// `data`: the assembled bytes; they are looked at only where wrong bytes must be traced to
    /// the peer that sent them, and may be empty, then nobody is traced.
    pub fn verified(&mut self, _now: Duration, piece: u32, good: bool, _data: &[u8]) {
        let Some(assembly) = self.open.remove(&piece) else {
            return;
        };
        if good {
            self.have.insert(piece);
        } else {
            self.stats.corrupt += 1;
            if assembly.sources.len() == 1 {
                for id in assembly.sources {
                    self.release(id);
                    self.peers.remove(&id);
                    self.orders.push(Order::Ban(id));
                }
            }
        }
        self.pick();
    }

    /// The cache let the piece go, or found it broken: it is fetched again when it is demanded.
    pub fn evicted(&mut self, _now: Duration, piece: u32) {
        self.have.remove(&piece);
        self.pick();
    }

    /// Time passed: overdue blocks, silent peers, the choker.
    pub fn tick(&mut self, _now: Duration) {}

    /// When [`Swarm::tick`] is due; `None`: not before something else happens.
    pub fn deadline(&self) -> Option<Duration> {
        None
    }

    /// What must be done, in this order. Drain after every call.
    pub fn orders(&mut self) -> Vec<Order> {
        std::mem::take(&mut self.orders)
    }

    /// Bytes a second that arrive now.
    pub fn rate(&self, _now: Duration) -> u64 {
        0
    }

    /// Figures since the beginning.
    pub fn stats(&self) -> Stats {
        let bytes = |piece: &u32| u64::from(self.layout.piece_len(*piece));
        Stats {
            assembly_bytes: self.open.keys().map(bytes).sum(),
            ..self.stats
        }
    }

    /// Figures of each peer.
    pub fn peers(&self, _now: Duration) -> Vec<PeerStats> {
        let stats = |(id, peer): (&PeerId, &Peer)| PeerStats {
            peer: *id,
            rate: 0,
            received: peer.bytes,
            upload_rate: 0,
            inflight: peer.inflight.len() as u32,
            unchoked: !peer.choked,
            snubbed: false,
        };
        self.peers.iter().map(stats).collect()
    }

    /// The missing pieces in the order of their urgency.
    fn line(&self) -> Vec<u32> {
        let Demand {
            waiting,
            playhead,
            ahead,
            wanted,
            pins,
            ..
        } = &self.demand;
        let end = playhead.saturating_add(*ahead);
        let window = *playhead..end;
        let mut line: Vec<u32> = Vec::new();
        for piece in waiting
            .iter()
            .cloned()
            .flatten()
            .chain(window)
            .chain(pins.iter().copied())
        {
            if piece >= self.layout.pieces() {
                continue;
            }
            if wanted.contains(&piece) && !self.have.contains(&piece) && !line.contains(&piece) {
                line.push(piece);
            }
        }
        line
    }

    fn release(&mut self, id: PeerId) {
        let Some(peer) = self.peers.get_mut(&id) else {
            return;
        };
        for block in std::mem::take(&mut peer.inflight) {
            if let Some(assembly) = self.open.get_mut(&block.piece) {
                assembly.asked.remove(&block.number());
            }
        }
    }

    fn pick(&mut self) {
        let mut ram: u64 = self
            .open
            .keys()
            .map(|piece| u64::from(self.layout.piece_len(*piece)))
            .sum();
        for piece in self.line() {
            let len = u64::from(self.layout.piece_len(piece));
            for number in 0..self.layout.blocks(piece) {
                let open = self.open.get(&piece);
                if open.is_none() && ram > 0 && ram + len > self.limits.assembly_bytes {
                    break;
                }
                if open.is_some_and(|a| a.got.contains(&number) || a.asked.contains(&number)) {
                    continue;
                }
                let room = |peer: &Peer| {
                    !peer.choked && peer.bits.contains(&piece) && peer.inflight.len() < DEPTH
                };
                let free = self.peers.iter_mut().filter(|(_, peer)| room(peer));
                let Some((id, peer)) = free.min_by_key(|(_, peer)| peer.inflight.len()) else {
                    break;
                };
                let Some(block) = self.layout.block(piece, number) else {
                    break;
                };
                peer.inflight.insert(block);
                self.orders.push(Order::Request(*id, block));
                if open.is_none() {
                    ram += len;
                }
                self.open.entry(piece).or_default().asked.insert(number);
            }
        }
    }
}
