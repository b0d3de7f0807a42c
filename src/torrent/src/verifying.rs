//! A piece's way from its last block to the reader: hash, RAM, disk.
//!
//! The reader does not wait for the disk: a piece that is right can be read as soon as there is
//! room for it in RAM (`fresh`), and is written after that. Peers are told of it once it is held.
//! Invariant: nothing is given out that was not hashed.

use std::sync::Arc;

use bytes::Bytes;
use cache::{Entry, FilmKey};
use swarm::{Block, Layout, Limits, Verdict};

use super::assembly::{Assembly, Run, Whole};
use super::blocks::Blocks;
use super::download::{Download, Live, Phase, State, blocking};
use super::metainfo::Metainfo;
use super::say;
use super::store::{PartFile, Written};

/// Pieces as long as this are written to disk while they are made: two of them, as many as must
/// be open at a time, would take a good part of a small board's RAM. Shorter ones are written
/// whole, when they are right.
///
/// While the disk takes no parts, one such piece is open at a time, with at most 8 MiB of the
/// next ([`swarm::Limits::assembly_bytes`]): 72 MiB of RAM for the longest piece there is, which
/// a board of 1 GiB has. A film that goes on from RAM altogether needs three pieces in the ring
/// besides; one with longer pieces is refused, with the reason.
const SPILL_BYTES: u32 = 8 << 20;

/// What came of hashing a piece.
enum Outcome {
    /// Right, and in RAM.
    Right(Blocks),
    /// Right, and on disk.
    Held,
    Wrong(Blocks),
    /// A part of it was on a disk that has gone.
    Lost,
}

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
            let length = swarm.layout().piece_len(block.piece);
            Assembly::new(*attempts, length, length >= SPILL_BYTES)
        });
        assembly.put(block.number(), data);
        assembly.run()
    }
}

impl Download {
    /// Two pieces at least may be open: with one alone peers would be idle while its last blocks
    /// come. Not where that is more RAM, because the disk does not take parts of long pieces.
    pub(super) fn limits(&self, layout: Layout, spills: bool) -> Limits {
        let mut limits = self.shared.limits();
        if spills {
            let two = 2 * u64::from(layout.piece_length());
            limits.assembly_bytes = limits.assembly_bytes.max(two);
        }
        limits
    }

    /// The disk has taken the part of a long piece, or has not.
    fn part_taken(&self, taken: bool) {
        let changed = match &mut self.lock().phase {
            Phase::Live(live) => std::mem::replace(&mut live.spills, taken) != taken,
            _ => false,
        };
        if changed {
            tracing::info!("torrent {:?}: parts on disk: {taken}", self.reference.name);
            self.limits_changed();
        }
    }

    /// Hashes here what can be, and elsewhere what blocks on the disk.
    pub(super) fn work(&self, piece: u32, mut run: Option<Run>) {
        while let Some(now) = run {
            if now.spill {
                return self.spill(piece, now);
            }
            run = self.bring_back(piece, now.hash());
        }
    }

    fn spill(&self, piece: u32, run: Run) {
        let (Some(me), Some(film)) = (self.me.upgrade(), self.film.get()) else {
            return;
        };
        let metainfo = Arc::clone(&film.metainfo);
        self.shared.runtime.spawn(async move {
            let mut next = Some(run);
            while let Some(run) = next.take_if(|run| run.spill) {
                let (writer, of) = (Arc::clone(&me), Arc::clone(&metainfo));
                let first = run.first;
                let (run, begun, evicted) = blocking(move || {
                    let store = &writer.shared.store;
                    let (begun, evicted) = if run.first {
                        store.begin_part(&of, piece, run.id())
                    } else {
                        (true, Vec::new())
                    };
                    let part = writer.part(piece, run.id());
                    let done = if begun { run.spill(&part) } else { run.hash() };
                    (done, begun, evicted)
                })
                .await;
                me.gone(&evicted);
                if first {
                    me.part_taken(begun);
                }
                next = me.bring_back(piece, run);
            }
            me.work(piece, next);
        });
    }

    /// A hash is back; what is to be done next for the piece.
    fn bring_back(&self, piece: u32, run: Run) -> Option<Run> {
        let (spilled, id) = (run.spill, run.id());
        let mut state = self.lock();
        let Phase::Live(live) = &mut state.phase else {
            // With the film its parts have gone.
            return None;
        };
        let assembly = live.assemblies.get_mut(&piece);
        let back = assembly.and_then(|assembly| assembly.back(run));
        let next = match back {
            Some(true) => {
                self.verify(live, piece);
                None
            }
            Some(false) => live.assemblies.get_mut(&piece).and_then(Assembly::run),
            None => {
                self.drop_part(piece, spilled.then_some(id));
                None
            }
        };
        self.review_congestion(live);
        next
    }

    /// Nobody wants the piece any more.
    pub(super) fn discard(&self, live: &mut Live, piece: u32) {
        let assembly = live.assemblies.remove(&piece);
        self.drop_part(piece, assembly.and_then(|assembly| assembly.file()));
        self.review_congestion(live);
    }

    fn drop_part(&self, piece: u32, id: Option<u64>) {
        if let (Some(me), Some(id)) = (self.me.upgrade(), id) {
            let drop_it = move || me.shared.store.drop_part(me.entry(piece), id);
            self.shared.runtime.spawn_blocking(drop_it);
        }
    }

    fn review_congestion(&self, live: &Live) {
        let congested = live.assemblies.values().any(Assembly::is_congested);
        if *self.congested.borrow() != congested {
            self.congested.send_replace(congested);
        }
    }

    /// Waits while the disk is behind with long pieces.
    pub(super) async fn breathe(&self) {
        if *self.congested.borrow() {
            let mut congested = self.congested.subscribe();
            // The sender lives as long as `self`.
            let _ = congested.wait_for(|congested| !congested).await;
        }
    }

    fn entry(&self, piece: u32) -> Entry {
        let film = FilmKey(self.reference.info_hash);
        Entry { film, piece }
    }

    fn part(&self, piece: u32, id: u64) -> PartFile<'_> {
        PartFile {
            store: &self.shared.store,
            entry: self.entry(piece),
            id,
        }
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
            let hash = metainfo.hash(piece);
            let outcome = if whole.is_nearly_hashed() {
                me.judge(piece, whole, hash)
            } else {
                let judge = Arc::clone(&me);
                blocking(move || judge.judge(piece, whole, hash)).await
            };
            me.conclude(piece, outcome, metainfo).await;
        });
    }

    /// Blocks on the disk if the piece is in its file.
    fn judge(&self, piece: u32, mut whole: Whole, hash: [u8; 20]) -> Outcome {
        let (spilled, id) = (whole.is_spilled(), whole.id);
        let part = self.part(piece, id);
        let right = whole.digest(&part).map(|digest| digest == hash);
        let store = &self.shared.store;
        let on_disk = spilled && right == Some(true) && whole.write(&part);
        if on_disk && store.finish_part(part.entry, id) {
            return Outcome::Held;
        }
        let blocks = whole.gather(&part);
        if spilled {
            store.drop_part(part.entry, id);
        }
        match (right, blocks) {
            (Some(true), Some(blocks)) => Outcome::Right(blocks),
            (Some(false), Some(blocks)) => Outcome::Wrong(blocks),
            _ => Outcome::Lost,
        }
    }

    async fn conclude(self: &Arc<Self>, piece: u32, outcome: Outcome, metainfo: Arc<Metainfo>) {
        let nothing = Blocks::new(Vec::new());
        match outcome {
            Outcome::Wrong(blocks) => {
                tracing::warn!("piece {piece}: hash is wrong");
                self.verified(piece, false, &blocks);
            }
            Outcome::Right(blocks) => {
                let early = self.shared.store.fresh(self.entry(piece), &blocks);
                if early {
                    self.verified(piece, true, &blocks);
                }
                let (writer, data) = (Arc::clone(self), blocks.clone());
                let write = move || writer.shared.store.write(&metainfo, piece, &data);
                let written = blocking(write).await;
                if !early {
                    self.verified(piece, true, &blocks);
                }
                self.written(piece, &written);
            }
            Outcome::Held => {
                self.verified(piece, true, &nothing);
                let evicted = Vec::new();
                self.written(
                    piece,
                    &Written {
                        kept: true,
                        evicted,
                    },
                );
            }
            // Nobody's fault: what they gave was right as far as can be told.
            Outcome::Lost => {
                self.verified(piece, true, &nothing);
                self.written(piece, &Written::default());
            }
        }
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
        if !written.kept {
            live.swarm.evicted(now, piece);
        }
        drop(state);
        self.gone(&written.evicted);
        if !written.kept {
            self.look_again();
        }
    }

    /// These are not held any more.
    fn gone(&self, evicted: &[Entry]) {
        let key = FilmKey(self.reference.info_hash);
        let ours = evicted.iter().filter(|entry| entry.film == key);
        let gone: Vec<u32> = ours.map(|entry| entry.piece).collect();
        if gone.is_empty() {
            return;
        }
        let now = self.now();
        let mut state = self.lock();
        let State { phase, peers, .. } = &mut *state;
        let Phase::Live(live) = phase else {
            return;
        };
        for piece in gone {
            for link in peers.values() {
                if let Some(id) = link.extensions.dont_have {
                    link.say(say::dont_have(id, piece));
                }
            }
            live.swarm.evicted(now, piece);
        }
        drop(state);
        self.look_again();
    }

    /// What is held has changed.
    fn look_again(&self) {
        let mut state = self.lock();
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
