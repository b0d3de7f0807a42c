//! A verified piece on its way to the disk, or to the ring in RAM.

use std::io;
use std::time::{Duration, Instant};

use cache::{Admission, Entry, FilmKey};

use super::super::blocks::Blocks;
use super::super::metainfo::Metainfo;
use super::super::shelf;
use super::{Ring, Store, TRY_AGAIN, Written};

/// So often a full disk is answered by evicting and writing again.
const ROOM_TRIES: u32 = 8;
/// The free space is asked for this often: what others write meanwhile comes out of the reserve.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

impl Store {
    /// A verified piece that will be written at once: it can be read from now on, if there is
    /// room in RAM.
    pub(in super::super) fn fresh(&self, entry: Entry, blocks: &Blocks) -> bool {
        self.lock().fresh.add(entry, blocks.clone())
    }

    /// Holds a piece whose hash is right. Blocks on the disk.
    pub(in super::super) fn write(&self, film: &Metainfo, piece: u32, blocks: &Blocks) -> Written {
        let _disk = self.lock_disk();
        let film_key = FilmKey(film.info_hash);
        let entry = Entry {
            film: film_key,
            piece,
        };
        let mut evicted = self.look();
        let mut kept = false;
        if self.lock().disk_takes(film) {
            kept = self.write_to_disk(entry, blocks, &mut evicted);
        }
        let mut held = self.lock();
        if kept {
            held.verified.insert(entry);
            held.fresh.written(entry);
            held.ring.films.remove(&film_key);
        } else {
            held.fresh.remove(entry);
            // What the disk has refused as worth less than all else is not for the ring either.
            if held.begun.contains(&entry.film) && !held.disk_takes(film) {
                self.set_afloat(&mut held, film);
                kept = held.ring.hold(entry, blocks, &mut evicted);
            }
        }
        evicted.retain(|entry| !held.holds(*entry));
        Written { kept, evicted }
    }

    /// Looks at the room on the disk, since others write there too, and whether a disk that
    /// failed is back.
    pub(super) fn look(&self) -> Vec<Entry> {
        self.sweep();
        let now = Instant::now();
        let (again, looked) = {
            let held = self.lock();
            (held.try_again, held.looked)
        };
        match again {
            Some(at) if now >= at => self.revive(),
            None if looked.is_none_or(|at| now >= at + LOOK_AGAIN) => self.fit(),
            _ => Vec::new(),
        }
    }

    fn write_to_disk(&self, entry: Entry, blocks: &Blocks, evicted: &mut Vec<Entry>) -> bool {
        let bytes = blocks.len() as u64;
        if self.lock().parts.contains_key(&entry) {
            // Of an attempt that was given up.
            self.drop_one(entry);
        }
        for _ in 0..ROOM_TRIES {
            match self.admit(entry, bytes) {
                Some(gone) => evicted.extend(gone),
                None => return false,
            }
            let Err(error) = self.put(entry, blocks) else {
                return true;
            };
            self.forget_one(entry);
            if !shelf::is_full(&error) {
                self.broke(&self.path(entry), &error);
                return false;
            }
            evicted.extend(self.lower_bound(&error, bytes));
        }
        false
    }

    /// The disk is the bound now; the next try evicts for the piece.
    fn lower_bound(&self, error: &io::Error, bytes: u64) -> Vec<Entry> {
        let mut held = self.lock();
        let bound = held.cache.used().max(bytes);
        tracing::warn!(
            "{}: {error}; holding {bound} bytes",
            self.folder().display()
        );
        held.ceiling = bound;
        held.try_again = Some(Instant::now() + TRY_AGAIN);
        let gone = held.cache.set_bound(bound);
        held.let_go(&gone);
        drop(held);
        self.delete(&gone);
        gone
    }

    fn admit(&self, entry: Entry, bytes: u64) -> Option<Vec<Entry>> {
        let mut held = self.lock();
        match held.cache.admit(entry, bytes) {
            Admission::Keep { evict } => {
                held.let_go(&evict);
                drop(held);
                self.delete(&evict);
                Some(evict)
            }
            Admission::Refuse => None,
        }
    }

    fn put(&self, entry: Entry, blocks: &Blocks) -> io::Result<()> {
        let path = self.path(entry);
        match self.fs.write(&path, blocks.parts()) {
            // Somebody has tidied the folder away under us.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.make_folder(&self.film_folder(entry.film))?;
                self.fs.write(&path, blocks.parts())
            }
            written => written,
        }
    }
}

impl Ring {
    fn hold(&mut self, entry: Entry, blocks: &Blocks, evicted: &mut Vec<Entry>) -> bool {
        let Admission::Keep { evict } = self.cache.admit(entry, blocks.len() as u64) else {
            return false;
        };
        for gone in &evict {
            self.pieces.remove(gone);
        }
        evicted.extend(evict);
        self.pieces.insert(entry, blocks.clone());
        true
    }
}
