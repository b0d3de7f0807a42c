//! A piece's way from its last block to the reader: hash, RAM, disk.
//!
//! The reader does not wait for the disk: a piece that is right can be read as soon as there is
//! room for it in RAM (`fresh`), and is written after that. Peers are told of it once it is held.
//! Invariant: nothing is given out that was not hashed.

use std::sync::Arc;

use bytes::Bytes;
use cache::{Entry, FilmKey};
use swarm::{Block, Verdict};

use super::assembly::{Assembly, Run};
use super::blocks::Blocks;
use super::download::{Download, Live, Phase, State, blocking};
use super::say;
use super::store::Written;

/// A piece is through, however it ended.
struct Done(Arc<Download>);

impl Drop for Done {
    fn drop(&mut self) {
        self.0.shared.writing.send_modify(|pieces| *pieces -= 1);
    }
}

impl Live {
    /// A block that the swarm says to store; what is to be hashed now.
    pub(super) fn store(&mut self, block: Block, data: Bytes) -> Option<Run> {
        let (swarm, attempts) = (&self.swarm, &mut self.attempts);
        let assembly = self.assemblies.entry(block.piece).or_insert_with(|| {
            *attempts += 1;
            Assembly::new(*attempts, swarm.layout().blocks(block.piece))
        });
        assembly.put(block.number(), data);
        assembly.run()
    }

    /// Nobody wants the piece any more.
    pub(super) fn discard(&mut self, piece: u32) {
        self.assemblies.remove(&piece);
    }
}

impl Download {
    /// Hashes what has become contiguous of a piece, and what becomes so meanwhile.
    pub(super) fn hash(&self, piece: u32, run: Run) {
        let mut next = Some(run);
        while let Some(run) = next {
            let done = run.hash();
            next = match &mut self.lock().phase {
                Phase::Live(live) => self.hashed(live, piece, done),
                _ => None,
            };
        }
    }

    /// A hash is back; what is to be hashed next.
    fn hashed(&self, live: &mut Live, piece: u32, run: Run) -> Option<Run> {
        let assembly = live.assemblies.get_mut(&piece)?;
        if assembly.back(run) {
            self.verify(live, piece);
            return None;
        }
        assembly.run()
    }

    /// All blocks of the piece are here.
    pub(super) fn verify(&self, live: &mut Live, piece: u32) {
        let Some(assembly) = live.assemblies.get_mut(&piece) else {
            tracing::error!("piece {piece} to verify is not there");
            return;
        };
        if !assembly.complete() {
            return;
        }
        let whole = live.assemblies.remove(&piece).and_then(Assembly::whole);
        let (Some(whole), Some(film), Some(me)) = (whole, self.film.get(), self.me.upgrade())
        else {
            tracing::error!("piece {piece} to verify is not whole");
            return;
        };
        let metainfo = Arc::clone(&film.metainfo);
        self.shared.writing.send_modify(|pieces| *pieces += 1);
        // Not `spawn`: a piece that is being written when the film is closed is finished, so that
        // what the cache counts is what is on disk.
        self.shared.runtime.spawn(async move {
            let _done = Done(Arc::clone(&me));
            let (digest, blocks) = if whole.is_nearly_hashed() {
                whole.finish()
            } else {
                blocking(move || whole.finish()).await
            };
            if digest != metainfo.hash(piece) {
                tracing::warn!("piece {piece}: hash is wrong");
                me.verified(piece, false, &blocks);
                return;
            }
            let entry = Entry {
                film: FilmKey(metainfo.info_hash),
                piece,
            };
            let early = me.shared.store.fresh(entry, &blocks);
            if early {
                me.verified(piece, true, &blocks);
            }
            let (writer, data) = (Arc::clone(&me), blocks.clone());
            let write = move || writer.shared.store.write(&metainfo, piece, &data);
            let written = blocking(write).await;
            if !early {
                me.verified(piece, true, &blocks);
            }
            me.written(piece, &written);
        });
    }

    /// The hash of the piece is known; if it is right, the piece can be read.
    fn verified(&self, piece: u32, good: bool, blocks: &Blocks) {
        let now = self.now();
        let mut state = self.lock();
        let Phase::Live(live) = &mut state.phase else {
            return;
        };
        // Copied only where it tells something: wrong bytes, and the right ones after them.
        let tells = if good {
            live.wrong.remove(&piece)
        } else {
            live.wrong.insert(piece);
            true
        };
        let data = if tells { blocks.to_vec() } else { Vec::new() };
        if live.swarm.verified(now, piece, good, &data) == Verdict::Keep {
            live.attempts += 1;
            let again = Assembly::again(live.attempts, blocks);
            live.assemblies.insert(piece, again);
        }
        self.follow_readers(&mut state);
        self.carry_out(&mut state);
        drop(state);
        self.pieces_changed.notify_waiters();
    }

    /// The disk has the piece, or has it not.
    fn written(&self, piece: u32, written: &Written) {
        let film = self.film.get();
        if let Some(failure) = film.and_then(|film| self.shared.store.trouble(&film.metainfo)) {
            return self.fail(failure);
        }
        let now = self.now();
        let mut state = self.lock();
        let State { phase, peers, .. } = &mut *state;
        let Phase::Live(live) = phase else {
            return;
        };
        if written.kept {
            for link in peers.values() {
                link.say(say::have(piece));
            }
        }
        let key = FilmKey(self.reference.info_hash);
        let ours = written.evicted.iter().filter(|entry| entry.film == key);
        let mut gone: Vec<u32> = ours.map(|entry| entry.piece).collect();
        for piece in &gone {
            for link in peers.values() {
                if let Some(id) = link.extensions.dont_have {
                    link.say(say::dont_have(id, *piece));
                }
            }
        }
        gone.extend((!written.kept).then_some(piece));
        if gone.is_empty() {
            return;
        }
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
}
