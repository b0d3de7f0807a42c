//! What peers say and what we tell them, as state: from [`Incoming`] messages to the swarm, from
//! its orders to the outgoing queues.
//!
//! Reads and writes no socket (`connection.rs` does). Before the metadata is known there is no
//! swarm; what peers say then is kept, bounded, and said to it later.

use std::net::SocketAddr;
use std::sync::Arc;

use app::TorrentFailure;
use bytes::Bytes;
use cache::{Entry, FilmKey};
use swarm::{Arrival, Block, News, Order, PeerId, Verdict};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::download::{Download, Live, Phase, State, blocking};
use super::exchange::Told;
use super::readers::PIECES_MIN;
use super::say;
use super::store::{Written, sha1};
use super::wire::{self, Extensions, Incoming};

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

    fn send(&self, message: Outgoing) {
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
    /// Read this block from disk and send it when there is nothing else to send.
    Serve(Block),
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

    /// A message has come.
    ///
    /// # Errors
    /// Why the connection must be closed.
    pub(super) fn said(self: &Arc<Self>, id: PeerId, message: Incoming<'_>) -> Result<(), String> {
        let news = match message {
            Incoming::Nothing => return Ok(()),
            Incoming::Block(block, data) => return self.block(id, block, data),
            Incoming::Request(block) => {
                self.request(id, block);
                return Ok(());
            }
            Incoming::Cancel(block) => {
                if let Some(link) = self.lock().peers.get(&id) {
                    link.send(Outgoing::Unserve(block));
                }
                return Ok(());
            }
            Incoming::Extensions(extensions) => return self.extended(id, extensions),
            Incoming::MetadataAsked(piece) => {
                self.metadata_asked(id, piece);
                return Ok(());
            }
            Incoming::MetadataRefused => {
                let mut state = self.lock();
                if let Phase::Gathering(gathering) = &mut state.phase {
                    gathering.refused(id);
                }
                self.ask_metadata(&mut state);
                return Ok(());
            }
            Incoming::Metadata { piece, data } => {
                self.metadata_came(id, piece, data);
                return Ok(());
            }
            Incoming::Exchange(peers) => {
                if !self.film.get().is_some_and(|film| film.metainfo.private) {
                    self.found(peers.into_iter());
                }
                return Ok(());
            }
            Incoming::Choke => News::Choked,
            Incoming::Unchoke => News::Unchoked,
            Incoming::Interested => News::Interested,
            Incoming::NotInterested => News::NotInterested,
            Incoming::Have(piece) => News::Have(piece),
            Incoming::Bitfield(bits) => News::Bitfield(bits),
            Incoming::HaveAll => News::HaveAll,
            Incoming::HaveNone => News::HaveNone,
            Incoming::AllowedFast(piece) => News::AllowedFast(piece),
            Incoming::DontHave(piece) => News::DontHave(piece),
            Incoming::Rejected(block) => News::Rejected(block),
        };
        let mut state = self.lock();
        let State { phase, peers, .. } = &mut *state;
        match phase {
            Phase::Live(live) => {
                let heard = live.swarm.peer(self.now(), id, news);
                heard.map_err(|e| e.to_string())?;
                self.carry_out(&mut state);
            }
            _ => {
                if let Some(link) = peers.get_mut(&id) {
                    link.early.keep(news);
                }
            }
        }
        Ok(())
    }

    /// A block has come, of a peer or a web seed.
    ///
    /// # Errors
    /// Why that source must not be listened to any more.
    pub(super) fn block(&self, id: PeerId, block: Block, data: &[u8]) -> Result<(), String> {
        let mut state = self.lock();
        let Phase::Live(live) = &mut state.phase else {
            return Ok(());
        };
        let arrival = live.swarm.block(self.now(), id, block);
        let arrival = arrival.map_err(|e| e.to_string())?;
        if arrival == Arrival::Store {
            let length = live.swarm.layout().piece_len(block.piece) as usize;
            let assembly = live.assemblies.entry(block.piece);
            let assembly = assembly.or_insert_with(|| vec![0; length]);
            let at = block.offset as usize;
            assembly[at..at + data.len()].copy_from_slice(data);
            if let Some(link) = state.peers.get_mut(&id) {
                link.useful = true;
            } else if let Some(link) = state.web.get_mut(&id) {
                link.useful = true;
            }
        }
        self.carry_out(&mut state);
        Ok(())
    }

    /// Does what the swarm has ordered.
    pub(super) fn carry_out(&self, state: &mut State) {
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
                        None => tell(peers.get(&id), || say::request(block)),
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
                    Order::Discard(piece) => {
                        live.assemblies.remove(&piece);
                    }
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
        self.check_deadline(state);
    }

    fn verify(&self, live: &mut Live, piece: u32) {
        let (Some(data), Some(film)) = (live.assemblies.remove(&piece), self.film.get()) else {
            tracing::error!("piece {piece} to verify is not there");
            return;
        };
        let Some(me) = self.me.upgrade() else {
            return;
        };
        let metainfo = Arc::clone(&film.metainfo);
        // Not `spawn`: a piece that is being written when the film is closed is finished, so that
        // what the cache counts is what is on disk.
        self.shared.runtime.spawn(async move {
            let worker = Arc::clone(&me);
            let (data, written) = blocking(move || {
                let good = sha1(&data) == metainfo.hash(piece);
                let entry = Entry {
                    film: FilmKey(metainfo.info_hash),
                    piece,
                };
                let written = good.then(|| worker.shared.store.write(entry, &data));
                (data, written)
            })
            .await;
            me.verified(piece, data, written);
        });
    }

    /// `written`: none if the hash was wrong.
    fn verified(&self, piece: u32, data: Vec<u8>, written: Option<Written>) {
        let (kept, evicted) = match written {
            None => {
                tracing::warn!("piece {piece}: hash is wrong");
                (None, Vec::new())
            }
            Some(Written::Kept { evicted }) => (Some(true), evicted),
            Some(Written::NoRoom { full: true, .. }) => return self.fail(TorrentFailure::DiskFull),
            Some(Written::NoRoom { evicted, .. }) => (Some(false), evicted),
            Some(Written::Failed(failure)) => return self.fail(failure),
        };
        // A full disk lowers the bound; below this there is nothing more to evict.
        let film = self.film.get();
        let least = film.map_or(0, |film| film.metainfo.least_room(PIECES_MIN));
        if self.shared.store.bound() < least {
            return self.fail(TorrentFailure::DiskFull);
        }
        let now = self.now();
        let mut state = self.lock();
        let State { phase, peers, .. } = &mut *state;
        let Phase::Live(live) = phase else {
            return;
        };
        let verdict = live.swarm.verified(now, piece, kept.is_some(), &data);
        if verdict == Verdict::Keep {
            live.assemblies.insert(piece, data);
        }
        if kept == Some(true) {
            for link in peers.values() {
                link.say(say::have(piece));
            }
        }
        let key = FilmKey(self.reference.info_hash);
        let ours = evicted.iter().filter(|entry| entry.film == key);
        let mut gone: Vec<u32> = ours.map(|entry| entry.piece).collect();
        for piece in &gone {
            for link in peers.values() {
                if let Some(id) = link.extensions.dont_have {
                    link.say(say::dont_have(id, *piece));
                }
            }
        }
        gone.extend((kept == Some(false)).then_some(piece));
        for piece in gone {
            live.swarm.evicted(now, piece);
        }
        self.follow_readers(&mut state);
        self.carry_out(&mut state);
        drop(state);
        self.pieces_changed.notify_waiters();
    }

    /// A piece that was held is not on disk, or not as it should be.
    pub(super) fn lost(&self, piece: u32) {
        let now = self.now();
        let mut state = self.lock();
        if let Phase::Live(live) = &mut state.phase
            && live.swarm.has(piece)
        {
            live.swarm.evicted(now, piece);
            self.follow_readers(&mut state);
            self.carry_out(&mut state);
        }
    }

    fn request(&self, id: PeerId, block: Block) {
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
        } else if link.fast {
            link.say(say::reject(block));
        }
    }

    /// The bytes of a block for a peer; none if they are not held (any more).
    pub(super) async fn serve(self: &Arc<Self>, block: Block) -> Option<Bytes> {
        let metainfo = Arc::clone(&self.film.get()?.metainfo);
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
    fn keep(&mut self, news: News<'_>) {
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
