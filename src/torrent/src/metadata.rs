//! Extension handshakes, and the metadata that is asked for over them (BEP 9, 10): the part of a
//! torrent's state before, and beside, its pieces.
//!
//! What to ask of whom is `gathering.rs`'s word; this brings it to the peers and back.

use std::sync::Arc;

use swarm::{News, PeerId};

use super::download::{Download, Phase, State, blocking};
use super::gathering::{Gathered, Gathering};
use super::metainfo::Metainfo;
use super::say;
use super::wire::Extensions;

impl Download {
    /// The metadata came from peers: keeps it and goes on.
    pub(super) fn gathered(self: &Arc<Self>, info: Vec<u8>) {
        match Metainfo::from_info(&info.into()) {
            Ok(metainfo) => {
                let torrent = metainfo.to_torrent();
                self.handed(metainfo, torrent);
            }
            Err(failure) => self.fail(failure),
        }
    }

    /// The metainfo is there, from whomever first: keeps it and goes on.
    pub(super) fn handed(self: &Arc<Self>, metainfo: Metainfo, torrent: Vec<u8>) {
        {
            let mut state = self.lock();
            if !matches!(state.phase, Phase::Gathering(_)) {
                return;
            }
            state.phase = Phase::Between;
        }
        let me = Arc::clone(self);
        self.spawn(async move {
            let (here, hash) = (Arc::clone(&me), metainfo.info_hash);
            blocking(move || here.shared.shelve(hash, &torrent)).await;
            me.go_live(metainfo).await;
        });
    }

    pub(super) fn is_gathering(&self) -> bool {
        matches!(self.lock().phase, Phase::Gathering(_))
    }

    /// An extension handshake has come.
    ///
    /// # Errors
    /// Why the connection must be closed.
    pub(super) fn extended(&self, id: PeerId, extensions: Extensions) -> Result<(), String> {
        let now = self.now();
        let mut state = self.lock();
        let State { phase, peers, .. } = &mut *state;
        let Some(link) = peers.get_mut(&id) else {
            return Ok(());
        };
        link.extensions = extensions;
        match phase {
            Phase::Live(live) => {
                if let Some(reqq) = extensions.reqq {
                    let heard = live.swarm.peer(now, id, News::Queue(reqq));
                    heard.map_err(|e| e.to_string())?;
                }
            }
            Phase::Gathering(gathering) => offer(gathering, id, extensions),
            _ => {}
        }
        self.ask_metadata(&mut state);
        self.carry_out(&mut state);
        Ok(())
    }

    /// Peers that were there before it was known that the metadata must be asked for.
    pub(super) fn replay_extensions(&self) {
        let mut state = self.lock();
        let State { phase, peers, .. } = &mut *state;
        if let Phase::Gathering(gathering) = phase {
            for (id, link) in peers {
                offer(gathering, *id, link.extensions);
            }
        }
        self.ask_metadata(&mut state);
    }

    pub(super) fn ask_metadata(&self, state: &mut State) {
        let now = self.now();
        let State { phase, peers, .. } = &mut *state;
        if let Phase::Gathering(gathering) = phase {
            for (id, piece) in gathering.asks(now) {
                let link = peers.get(&id);
                if let Some((link, wanted)) = link.and_then(|l| Some((l, l.extensions.metadata?))) {
                    link.say(say::ask_metadata(wanted, piece));
                }
            }
        }
        self.check_deadline(state);
    }

    pub(super) fn metadata_came(self: &Arc<Self>, id: PeerId, piece: u32, data: &[u8]) {
        let mut state = self.lock();
        let State {
            phase, peers, book, ..
        } = &mut *state;
        let Phase::Gathering(gathering) = phase else {
            return;
        };
        match gathering.came(id, piece, data) {
            Gathered::NotYet => self.ask_metadata(&mut state),
            Gathered::Whole(info) => {
                if let Some(link) = peers.get_mut(&id) {
                    link.useful = true;
                }
                drop(state);
                self.gathered(info);
            }
            Gathered::Liar(liar) => {
                if let Some(link) = peers.get(&liar) {
                    tracing::warn!("peer {}: sent wrong metadata, banned", link.address);
                    book.ban(link.address);
                    link.kick.cancel();
                }
                self.ask_metadata(&mut state);
            }
        }
    }

    pub(super) fn metadata_asked(&self, id: PeerId, piece: u32) {
        let state = self.lock();
        let link = state.peers.get(&id);
        if let Some((link, wanted)) = link.and_then(|l| Some((l, l.extensions.metadata?))) {
            let info = self.film.get().map(|film| film.metainfo.info.as_ref());
            link.say(say::metadata_answer(wanted, piece, info));
        }
    }
}

fn offer(gathering: &mut Gathering, id: PeerId, extensions: Extensions) {
    if let (Some(_), Some(size)) = (extensions.metadata, extensions.metadata_size) {
        gathering.offered(id, size);
    }
}
