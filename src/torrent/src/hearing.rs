//! What peers say, message by message: blocks into the assembly of their piece, the rest to the
//! swarm or to whoever it concerns.
//!
//! The way back is `peer.rs`. Blocks come a hundred to a piece, so those that came together are
//! taken under one lock and copied once, from the connection's buffer to their place.

use std::sync::Arc;

use swarm::{Arrival, Block, News, PeerId};

use super::download::{Download, Phase, State};
use super::peer::Outgoing;
use super::wire::{self, Incoming};

impl Download {
    /// Does what the whole messages at the beginning of `bytes` say, blocks in a row under one
    /// lock. How many bytes they took.
    ///
    /// # Errors
    /// Why the connection must be closed.
    pub(super) fn heard(self: &Arc<Self>, id: PeerId, bytes: &[u8]) -> Result<usize, String> {
        let mut used = 0;
        let mut held = None;
        while let Some((message, length)) =
            wire::parse(&bytes[used..]).map_err(|error| error.to_string())?
        {
            used += length;
            if let Incoming::Block(block, data) = message {
                let state = held.get_or_insert_with(|| self.lock());
                self.take_block(state, id, block, data)?;
            } else {
                if let Some(state) = held.take() {
                    self.check_deadline(&state);
                }
                self.said(id, message)?;
            }
        }
        if let Some(state) = held {
            self.check_deadline(&state);
        }
        Ok(used)
    }

    /// A message has come.
    ///
    /// # Errors
    /// Why the connection must be closed.
    fn said(self: &Arc<Self>, id: PeerId, message: Incoming<'_>) -> Result<(), String> {
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
        self.take_block(&mut state, id, block, data)?;
        self.check_deadline(&state);
        Ok(())
    }

    fn take_block(
        &self,
        state: &mut State,
        id: PeerId,
        block: Block,
        data: &[u8],
    ) -> Result<(), String> {
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
        // At once: an order to discard a piece is older than the next block of it.
        self.follow_orders(state);
        Ok(())
    }
}
