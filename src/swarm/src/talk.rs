//! What peers say, and the blocks they bring.
//!
//! Checks every message against the torrent and the protocol; what is merely odd is forgiven, what
//! could hurt is [`Misbehaviour`].

use std::time::Duration;

use crate::bits::Bits;
use crate::layout::{BLOCK, Block, PeerId};
use crate::news::{Arrival, Misbehaviour, News, Order};
use crate::peer::{Key, Peer};
use crate::swarm::Swarm;

/// Blocks nobody asked for that are forgiven: answers that crossed a CANCEL long forgotten.
const UNASKED_MAX: u32 = 64;

/// Most requests kept at a peer whatever it says: 16 MiB outstanding, half a second at 32 MB/s.
const QUEUE_MAX: u32 = 1024;

impl Swarm {
    /// A peer said something. Anything of an unknown peer is ignored.
    ///
    /// # Errors
    /// When it broke the protocol: the shell closes the connection and says [`News::Gone`].
    pub fn peer(&mut self, now: Duration, id: PeerId, news: News<'_>) -> Result<(), Misbehaviour> {
        let pieces = self.board.layout.pieces();
        if let News::Connected { fast, reqq } = news {
            let queue_max = reqq.unwrap_or(self.limits.inflight_max).clamp(1, QUEUE_MAX);
            self.forget(id);
            self.peers.insert(id, Peer::new(pieces, fast, queue_max));
            return Ok(());
        }
        if news == News::WebSeed {
            self.forget(id);
            let seed = Peer::web_seed(pieces);
            self.count(&seed.has, 1);
            self.peers.insert(id, seed);
            self.measure(now);
            self.review_web(now);
            self.fill(now, id);
            return Ok(());
        }
        let Some(peer) = self.peers.get_mut(&id) else {
            return Ok(());
        };
        match news {
            News::Connected { .. } | News::WebSeed => {}
            News::Queue(reqq) => peer.queue_max = reqq.clamp(1, QUEUE_MAX),
            News::Bitfield(bytes) => {
                let has = Bits::from_wire(bytes, pieces).ok_or(Misbehaviour::Bitfield)?;
                self.replace(now, id, has);
            }
            News::HaveAll | News::HaveNone | News::Rejected(_) if !peer.fast => {
                return Err(Misbehaviour::NotFast);
            }
            News::HaveAll => self.replace(now, id, Bits::full(pieces)),
            News::HaveNone => self.replace(now, id, Bits::new(pieces)),
            News::Have(piece) | News::DontHave(piece) | News::AllowedFast(piece)
                if piece >= pieces =>
            {
                return Err(Misbehaviour::Piece(piece));
            }
            News::Have(piece) => self.note(now, id, piece, true),
            News::DontHave(piece) => self.note(now, id, piece, false),
            News::AllowedFast(piece) => {
                peer.allow(piece);
                peer.barren = None;
            }
            News::Choked => self.choked(now, id),
            News::Unchoked => {
                peer.choked = false;
                peer.barren = None;
            }
            News::Interested => {
                peer.wants = true;
                self.settle_slots(now);
            }
            News::NotInterested => {
                peer.wants = false;
                self.settle_slots(now);
            }
            News::Rejected(block) => {
                // Most only answer a CANCEL, many at a time.
                if !self.rejected(now, id, block) {
                    return Ok(());
                }
            }
            News::Gone => {
                self.forget(id);
                self.settle_slots(now);
            }
        }
        self.measure(now);
        match news {
            News::Bitfield(_)
            | News::HaveNone
            | News::Choked
            | News::DontHave(_)
            | News::Rejected(_)
            | News::Gone => self.fill_all(now),
            _ => self.fill(now, id),
        }
        Ok(())
    }

    fn replace(&mut self, now: Duration, id: PeerId, has: Bits) {
        self.count(&has, 1);
        let Some(peer) = self.peers.get_mut(&id) else {
            return;
        };
        peer.barren = None;
        let old = std::mem::replace(&mut peer.has, has);
        self.count(&old, -1);
        self.void_lacking(now, id);
        self.show_interest(id);
    }

    fn note(&mut self, now: Duration, id: PeerId, piece: u32, has: bool) {
        let Some(peer) = self.peers.get_mut(&id) else {
            return;
        };
        if !peer.has.set(piece, has) {
            return;
        }
        peer.barren = None;
        let count = &mut self.availability[piece as usize];
        *count = count.saturating_add_signed(if has { 1 } else { -1 });
        if has {
            self.show_interest(id);
        } else {
            self.void(now, id, |(of, _)| of == piece);
        }
    }

    /// INTERESTED as soon as there is a reason; NOT INTERESTED can wait for the next tick.
    fn show_interest(&mut self, id: PeerId) {
        let Some(peer) = self.peers.get_mut(&id) else {
            return;
        };
        let wanted = self.plan.demand.wanted.clone();
        if !peer.web && !peer.interested && self.board.have.lacks_any(&peer.has, wanted) {
            peer.interested = true;
            self.orders.push(Order::Interested(id, true));
        }
    }

    /// Without the fast extension what was asked is void (BEP 3); with it the peer answers or
    /// rejects each request (BEP 6), but when is open: nobody shall wait for that either.
    fn choked(&mut self, now: Duration, id: PeerId) {
        let Some(peer) = self.peers.get_mut(&id) else {
            return;
        };
        peer.choke();
        let allowed: Vec<u32> = peer.allowed().collect();
        self.void(now, id, |(piece, _)| !allowed.contains(&piece));
    }

    /// What it says it has not it will not send.
    fn void_lacking(&mut self, now: Duration, id: PeerId) {
        let Some(peer) = self.peers.get(&id) else {
            return;
        };
        let lacking: Vec<Key> = peer
            .inflight
            .keys()
            .copied()
            .filter(|key| !peer.has.get(key.0))
            .collect();
        self.void(now, id, |key| lacking.contains(&key));
    }

    /// Requests that will most likely not be answered; no CANCEL is owed for them.
    fn void(&mut self, now: Duration, id: PeerId, which: impl Fn(Key) -> bool) {
        let Some(peer) = self.peers.get_mut(&id) else {
            return;
        };
        let keys: Vec<Key> = peer
            .inflight
            .keys()
            .copied()
            .filter(|key| which(*key))
            .collect();
        for (piece, number) in keys {
            peer.withdraw(now, (piece, number));
            self.board.release(piece, number, id);
            self.download.give_back(BLOCK);
        }
    }

    /// Returns whether that was news.
    fn rejected(&mut self, now: Duration, id: PeerId, block: Block) -> bool {
        let Some(peer) = self.peers.get_mut(&id) else {
            return false;
        };
        let (piece, number) = (block.piece, block.number());
        if !self.board.layout.holds(block) || !peer.rejected(now, (piece, number)) {
            return false;
        }
        peer.refuse(now, piece);
        self.board.release(piece, number, id);
        self.download.give_back(block.len);
        true
    }

    /// Whether `bytes` of a block may be sent to a peer now under the upload limit; they count
    /// as sent towards it. In any span of time no more passes than the limit and a quarter of a
    /// second of it (or one block).
    ///
    /// # Errors
    /// Not yet: when to ask again, or `None` if never under this limit.
    pub fn may_send(&mut self, now: Duration, bytes: u32) -> Result<(), Option<Duration>> {
        if !self.upload.has(now, bytes) {
            return Err(self.upload.ready(bytes));
        }
        self.upload.take(now, bytes);
        Ok(())
    }

    /// The shell sent a peer `bytes` of the film.
    pub fn sent(&mut self, now: Duration, peer: PeerId, bytes: u32) {
        self.stats.uploaded += u64::from(bytes);
        if let Some(peer) = self.peers.get_mut(&peer) {
            peer.taken.add(now, bytes);
            peer.uploaded += u64::from(bytes);
        }
    }

    /// A block of a PIECE message arrived (BEP 3): what to do with its bytes.
    ///
    /// # Errors
    /// When it is no block of the torrent, or many come that nobody asked for.
    pub fn block(
        &mut self,
        now: Duration,
        id: PeerId,
        block: Block,
    ) -> Result<Arrival, Misbehaviour> {
        if !self.board.layout.holds(block) {
            return Err(Misbehaviour::Block(block));
        }
        let Some(peer) = self.peers.get_mut(&id) else {
            return Ok(Arrival::Waste);
        };
        let key = (block.piece, block.number());
        self.stats.received += u64::from(block.len);
        self.flow.add(now, block.len);
        if !peer.inflight.contains_key(&key) {
            // Given back when it was taken back, and here all the same.
            self.download.take(now, block.len);
        }
        if peer.web {
            self.stats.web_received += u64::from(block.len);
        }
        let probed: Vec<Key> = if peer.snubbed {
            peer.inflight.keys().copied().collect()
        } else {
            Vec::new()
        };
        if !peer.deliver(now, key, block.len) {
            peer.unasked += 1;
            self.stats.wasted += u64::from(block.len);
            let patient = peer.unasked <= UNASKED_MAX;
            return if patient {
                Ok(Arrival::Waste)
            } else {
                Err(Misbehaviour::Unasked)
            };
        }
        // It lives: what it was probed with counts as asked of it now.
        for (piece, number) in probed.into_iter().filter(|probe| *probe != key) {
            if !self.board.ask(piece, number, id) {
                self.take_back(now, id, (piece, number));
            }
        }
        let arrival = self.store(now, id, key);
        if arrival == Arrival::Waste {
            self.stats.wasted += u64::from(block.len);
        }
        self.fill(now, id);
        Ok(arrival)
    }

    fn store(&mut self, now: Duration, id: PeerId, (piece, number): Key) -> Arrival {
        let Some((holders, complete)) = self.board.store(piece, number, id) else {
            return Arrival::Waste;
        };
        for loser in holders.into_iter().filter(|holder| *holder != id) {
            self.take_back(now, loser, (piece, number));
            self.peers.entry(loser).and_modify(Peer::lose);
        }
        if complete {
            self.recall(now, piece);
            self.orders.push(Order::Verify(piece));
        }
        Arrival::Store
    }
}
