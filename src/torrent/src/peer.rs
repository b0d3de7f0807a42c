//! What peers say and what we tell them, as state: from [`Incoming`] messages to the swarm, from
//! its orders to the outgoing queues.
//!
//! Reads and writes no socket (`connection.rs` does). Before the metadata is known there is no
//! swarm; what peers say then is kept, bounded, and said to it later.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use swarm::{Block, News, Order, PeerId};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::download::{Download, Phase, State, blocking};
use super::exchange::Told;
use super::say;
use super::wire::{self, Extensions};

/// HAVEs kept of a peer before the metadata is known; a bitfield tells the bulk.
const EARLY_HAVES_MAX: usize = 1024;
/// Messages that may wait for a peer's socket. Twice 250 requests with their cancels and what a
/// piece completed now and then adds; who does not read that many is not there.
pub(super) const OUTGOING_MAX: usize = 2048;

/// One connection, as the state knows it.
pub(super) struct Link {
    pub(super) address: SocketAddr,
    pub(super) peer_id: [u8; 20],
    /// Both speak the fast extension (BEP 6).
    pub(super) fast: bool,
    pub(super) extensions: Extensions,
    pub(super) outgoing: mpsc::Sender<Outgoing>,
    pub(super) kick: CancellationToken,
    pub(super) early: Early,
    /// Peers it was told of.
    pub(super) told: Told,
    /// We serve it.
    unchoked: bool,
    /// It has given us a block or metadata.
    pub(super) useful: bool,
}

impl Link {
    pub(super) fn new(
        address: SocketAddr,
        greeting: &wire::Greeting,
        outgoing: mpsc::Sender<Outgoing>,
        kick: CancellationToken,
    ) -> Link {
        Link {
            address,
            peer_id: greeting.peer_id,
            fast: greeting.fast,
            extensions: Extensions::default(),
            outgoing,
            kick,
            early: Early::default(),
            told: Told::default(),
            unchoked: false,
            useful: false,
        }
    }

    pub(super) fn send(&self, message: Outgoing) {
        if self.outgoing.try_send(message).is_err() {
            self.kick.cancel();
        }
    }

    pub(super) fn say(&self, message: Vec<u8>) {
        self.send(Outgoing::Message(message));
    }
}

/// For the socket of a peer.
#[derive(Debug)]
pub(super) enum Outgoing {
    Message(Vec<u8>),
    /// The most frequent of all.
    Request(Block),
    /// Read this block from disk and send it when there is nothing else to send.
    Serve(Block),
    /// It is not there: say so when its turn comes.
    Refuse(Block),
    /// Not any more, if it was not sent yet.
    Unserve(Block),
    /// Nor any other.
    UnserveAll,
}

/// What a peer said before there was a swarm.
#[derive(Debug, Default)]
pub(super) struct Early {
    bits: Option<Bits>,
    haves: Vec<u32>,
    unchoked: bool,
    interested: bool,
}

#[derive(Debug)]
enum Bits {
    Some(Vec<u8>),
    All,
    None,
}

impl Download {
    /// A connection has shaken hands. None when it is not wanted: there is one to this peer, or
    /// no place.
    pub(super) fn joined(&self, link: Link) -> Option<PeerId> {
        let mut state = self.lock();
        let places = self.shared.config.peers_max;
        let known = state
            .peers
            .values()
            .any(|other| other.peer_id == link.peer_id);
        if known || state.peers.len() >= places || matches!(state.phase, Phase::Over(_)) {
            return None;
        }
        let id = Download::number_peer(&mut state);
        state.peers.insert(id, link);
        if matches!(state.phase, Phase::Live(_)) {
            let said = self.replay(&mut state, id, &Early::default());
            debug_assert!(said.is_ok(), "it has said nothing yet");
            self.carry_out(&mut state);
        } else if let Some(link) = state.peers.get(&id)
            && link.fast
        {
            link.say(say::have_none());
        }
        Some(id)
    }

    /// Tells the swarm of a peer, and the peer what we hold.
    pub(super) fn replay(
        &self,
        state: &mut State,
        id: PeerId,
        early: &Early,
    ) -> Result<(), String> {
        let now = self.now();
        let (Phase::Live(live), Some(link)) = (&mut state.phase, state.peers.get(&id)) else {
            return Ok(());
        };
        let swarm = &mut live.swarm;
        let bits = swarm.bitfield();
        let none = bits.iter().all(|byte| *byte == 0);
        let total = swarm.layout().pieces();
        match (link.fast, none) {
            (true, true) => link.say(say::have_none()),
            (true, false) if (0..total).all(|piece| swarm.has(piece)) => link.say(say::have_all()),
            (false, true) => {}
            _ => link.say(say::bitfield(&bits)),
        }
        let (fast, reqq) = (link.fast, link.extensions.reqq);
        let said = [
            Some(News::Connected { fast, reqq }),
            early.bits.as_ref().map(|bits| match bits {
                Bits::Some(bits) => News::Bitfield(bits),
                Bits::All => News::HaveAll,
                Bits::None => News::HaveNone,
            }),
            early.unchoked.then_some(News::Unchoked),
            early.interested.then_some(News::Interested),
        ];
        let haves = early.haves.iter().map(|piece| News::Have(*piece));
        for news in said.into_iter().flatten().chain(haves) {
            swarm.peer(now, id, news).map_err(|e| e.to_string())?;
        }
        Ok(())
    }

    /// The connection is closed.
    pub(super) fn left(&self, id: PeerId) {
        let now = self.now();
        let mut state = self.lock();
        let Some(link) = state.peers.remove(&id) else {
            return;
        };
        state.book.left(link.address, link.useful, now);
        match &mut state.phase {
            Phase::Live(live) => {
                // It is gone; what it did wrong with its last breath does not matter.
                let _ = live.swarm.peer(now, id, News::Gone);
            }
            Phase::Gathering(gathering) => gathering.gone(id),
            _ => {}
        }
        self.ask_metadata(&mut state);
        self.carry_out(&mut state);
        drop(state);
        self.call.notify_one();
    }

    /// Does what the swarm has ordered.
    pub(super) fn carry_out(&self, state: &mut State) {
        self.follow_orders(state);
        self.check_deadline(state);
    }

    pub(super) fn follow_orders(&self, state: &mut State) {
        let State {
            phase,
            peers,
            web,
            book,
            ..
        } = &mut *state;
        if let Phase::Live(live) = phase {
            for order in live.swarm.orders() {
                match order {
                    Order::Request(id, block) => match web.get(&id) {
                        Some(link) => link.request(block),
                        None => {
                            if let Some(link) = peers.get(&id) {
                                link.send(Outgoing::Request(block));
                            }
                        }
                    },
                    Order::Cancel(id, block) => match web.get(&id) {
                        Some(link) => link.cancel(block),
                        None => tell(peers.get(&id), || say::cancel(block)),
                    },
                    Order::Interested(id, yes) => tell(peers.get(&id), || say::interested(yes)),
                    Order::Choke(id, yes) => {
                        if let Some(link) = peers.get_mut(&id) {
                            link.unchoked = !yes;
                            if yes {
                                link.send(Outgoing::UnserveAll);
                            }
                            link.say(say::choke(yes));
                        }
                    }
                    Order::Verify(piece) => self.verify(live, piece),
                    Order::Discard(piece) => self.discard(live, piece),
                    Order::Ban(id) => {
                        if let Some(link) = peers.get(&id) {
                            tracing::warn!("peer {}: sent wrong bytes, banned", link.address);
                            book.ban(link.address);
                            link.kick.cancel();
                        }
                        if let Some(link) = web.get(&id) {
                            link.ban();
                        }
                    }
                }
            }
        }
    }

    pub(super) fn request(&self, id: PeerId, block: Block) {
        let state = self.lock();
        let Some(link) = state.peers.get(&id) else {
            return;
        };
        let held = match &state.phase {
            // Who asks before it knows that it is choked again is only told so (BEP 6).
            Phase::Live(live) if link.unchoked => {
                live.swarm.layout().holds(block) && live.swarm.has(block.piece)
            }
            _ => false,
        };
        if held {
            link.send(Outgoing::Serve(block));
        } else {
            link.send(Outgoing::Refuse(block));
        }
    }

    /// The bytes of a block for a peer; none if they are not held (any more).
    pub(super) async fn serve(self: &Arc<Self>, block: Block) -> Option<Bytes> {
        let metainfo = Arc::clone(&self.film.get()?.metainfo);
        let (hash, part) = (metainfo.info_hash, (block.offset, block.len));
        let at_hand = self.shared.store.at_hand(hash, block.piece, part);
        if at_hand.is_some() {
            return at_hand;
        }
        let me = Arc::clone(self);
        let read = blocking(move || {
            let store = &me.shared.store;
            store.read(&metainfo, block.piece, block.offset, block.len)
        });
        let bytes = read.await;
        if bytes.is_none() {
            self.lost(block.piece);
        }
        bytes
    }

    /// A block is on its way to a peer.
    pub(super) fn served(&self, id: PeerId, bytes: u32) {
        let now = self.now();
        if let Phase::Live(live) = &mut self.lock().phase {
            live.swarm.sent(now, id, bytes);
        }
    }
}

impl Early {
    pub(super) fn keep(&mut self, news: News<'_>) {
        match news {
            News::Bitfield(bits) => self.bits = Some(Bits::Some(bits.to_vec())),
            News::HaveAll => self.bits = Some(Bits::All),
            News::HaveNone => self.bits = Some(Bits::None),
            News::Have(piece) if self.haves.len() < EARLY_HAVES_MAX => self.haves.push(piece),
            News::Unchoked => self.unchoked = true,
            News::Choked => self.unchoked = false,
            News::Interested => self.interested = true,
            News::NotInterested => self.interested = false,
            _ => {}
        }
    }
}

fn tell(link: Option<&Link>, message: impl FnOnce() -> Vec<u8>) {
    if let Some(link) = link {
        link.say(message());
    }
}
