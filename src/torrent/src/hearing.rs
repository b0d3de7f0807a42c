//! What peers say, message by message: blocks into the assembly of their piece, the rest to the
//! swarm or to whoever it concerns.
//!
//! The way back is `peer.rs`. Blocks come a hundred to a piece, so those that came together are
//! taken under one lock and copied once, from the connection's buffer to their place.

use std::sync::{Arc, MutexGuard};

use bytes::Bytes;
use swarm::{Arrival, Block, News, PeerId};

use super::assembly::Run;
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
        let mut runs = Vec::new();
        let heard = loop {
            let (message, length) = match wire::parse(&bytes[used..]) {
                Ok(Some(parsed)) => parsed,
                Ok(None) => break Ok(used),
                Err(error) => break Err(error.to_string()),
            };
            used += length;
            let done = if let Incoming::Block(block, data) = message {
                let state = held.get_or_insert_with(|| self.lock());
                let taken = self.take_block(state, id, block, data);
                taken.map(|run| runs.extend(run))
            } else {
                self.release(held.take(), &mut runs);
                self.said(id, message)
            };
            if let Err(reason) = done {
                break Err(reason);
            }
        };
        // Also after an error: a hash that was taken away must come back.
        self.release(held, &mut runs);
        heard
    }

    /// Gives the lock back, and hashes what has become contiguous.
    fn release(&self, held: Option<MutexGuard<'_, State>>, runs: &mut Vec<(u32, Run)>) {
        if let Some(state) = held {
            self.check_deadline(&state);
        }
        for (piece, run) in runs.drain(..) {
            self.work(piece, Some(run));
        }
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
        let run = self.take_block(&mut state, id, block, data)?;
        let mut runs = Vec::from_iter(run);
        self.release(Some(state), &mut runs);
        Ok(())
    }

    /// A block, and what is to be hashed now that it is here.
    fn take_block(
        &self,
        state: &mut State,
        id: PeerId,
        block: Block,
        data: &[u8],
    ) -> Result<Option<(u32, Run)>, String> {
        let Phase::Live(live) = &mut state.phase else {
            return Ok(None);
        };
        let arrival = live.swarm.block(self.now(), id, block);
        let arrival = arrival.map_err(|e| e.to_string())?;
        let mut run = None;
        if arrival == Arrival::Store {
            run = live.store(block, Bytes::copy_from_slice(data));
            if let Some(link) = state.peers.get_mut(&id) {
                link.useful = true;
            } else if let Some(link) = state.web.get_mut(&id) {
                link.useful = true;
            }
        }
        // At once: an order to discard a piece is older than the next block of it.
        self.follow_orders(state);
        Ok(run.map(|run| (block.piece, run)))
    }
}
