//! Long pieces that are written while they are made: `<number>.part`, renamed when the hash is
//! right.
//!
//! The room is taken from the bound before the first byte. A part belongs to one attempt at the
//! piece, and dies with the disk it is on: after a failure nothing more is written to any, so none
//! can end up with a hole. Those of an earlier run are deleted at the start.

use std::io;
use std::path::PathBuf;

use bytes::Bytes;
use cache::{Admission, Entry, FilmKey};

use super::super::assembly::Part;
use super::super::metainfo::Metainfo;
use super::super::shelf;
use super::{State, Store};

/// A part, for who makes the piece.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct PartFile<'a> {
    pub(in super::super) store: &'a Store,
    pub(in super::super) entry: Entry,
    /// Which attempt at the piece.
    pub(in super::super) id: u64,
}

impl State {
    /// All parts are void.
    pub(super) fn lose_parts(&mut self) {
        for (entry, _) in std::mem::take(&mut self.parts) {
            self.cache.forget(entry);
        }
        self.orphans.clear();
    }

    /// The film is closed: its parts are deleted when the disk is at hand.
    pub(super) fn orphan_parts(&mut self, film: FilmKey) {
        let of_film: Vec<Entry> = self.parts.keys().copied().collect();
        for entry in of_film.into_iter().filter(|entry| entry.film == film) {
            self.parts.remove(&entry);
            self.orphans.push(entry);
        }
    }
}

impl Store {
    /// Begins a part, if the disk takes the film's pieces. Returns whether it does, and what had
    /// to go. Blocks on the disk.
    pub(in super::super) fn begin_part(
        &self,
        film: &Metainfo,
        piece: u32,
        id: u64,
    ) -> (bool, Vec<Entry>) {
        let _disk = self.lock_disk();
        let mut evicted = self.look();
        let film_key = FilmKey(film.info_hash);
        let entry = Entry {
            film: film_key,
            piece,
        };
        let bytes = u64::from(film.layout.piece_len(piece));
        {
            let mut held = self.lock();
            if !held.disk_takes(film) {
                return (false, evicted);
            }
            let Admission::Keep { evict } = held.cache.begin(entry, bytes) else {
                return (false, evicted);
            };
            held.let_go(&evict);
            held.parts.insert(entry, id);
            drop(held);
            self.delete(&evict);
            evicted.extend(evict);
        }
        let path = self.part_path(entry);
        let made = match self.fs.write(&path, &[]) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => self
                .make_folder(&self.film_folder(film_key))
                .and_then(|()| self.fs.write(&path, &[])),
            made => made,
        };
        if let Err(error) = &made {
            self.part_failed(entry, error);
            self.drop_one(entry);
        }
        (made.is_ok(), evicted)
    }

    /// The piece is whole and right. Blocks on the disk.
    pub(in super::super) fn finish_part(&self, entry: Entry, id: u64) -> bool {
        let _disk = self.lock_disk();
        if self.lock().parts.get(&entry) != Some(&id) {
            return false;
        }
        let renamed = self.fs.rename(&self.part_path(entry), &self.path(entry));
        if let Err(error) = renamed {
            self.part_failed(entry, &error);
            self.drop_one(entry);
            return false;
        }
        let mut held = self.lock();
        held.parts.remove(&entry);
        held.cache.finish(entry);
        held.verified.insert(entry);
        held.ring.films.remove(&entry.film);
        true
    }

    /// Nobody wants it any more. Blocks on the disk.
    pub(in super::super) fn drop_part(&self, entry: Entry, id: u64) {
        let _disk = self.lock_disk();
        if self.lock().parts.get(&entry) == Some(&id) {
            self.drop_one(entry);
        }
    }

    /// Deletes the parts of closed films.
    pub(super) fn sweep(&self) {
        let orphans = std::mem::take(&mut self.lock().orphans);
        for entry in orphans {
            if !self.lock().parts.contains_key(&entry) {
                self.drop_one(entry);
            }
        }
    }

    pub(super) fn drop_one(&self, entry: Entry) {
        let path = self.part_path(entry);
        if let Err(error) = self.fs.remove(&path)
            && error.kind() != io::ErrorKind::NotFound
        {
            return self.broke(&path, &error);
        }
        let mut held = self.lock();
        held.parts.remove(&entry);
        if !held.cache.holds(entry) {
            held.cache.forget(entry);
        }
    }

    fn part_failed(&self, entry: Entry, error: &io::Error) {
        let path = self.part_path(entry);
        // One that somebody has deleted, and a disk that others have filled, are no broken disk.
        if shelf::is_full(error) || error.kind() == io::ErrorKind::NotFound {
            tracing::warn!("{}: {error}", path.display());
        } else {
            self.broke(&path, error);
        }
    }

    fn part_path(&self, entry: Entry) -> PathBuf {
        self.path(entry).with_extension("part")
    }
}

impl Part for PartFile<'_> {
    fn write(&self, offset: u64, blocks: &[Bytes]) -> bool {
        if self.store.lock().parts.get(&self.entry) != Some(&self.id) {
            return false;
        }
        let path = self.store.part_path(self.entry);
        let written = self.store.fs.write_at(&path, offset, blocks);
        if let Err(error) = &written {
            self.store.part_failed(self.entry, error);
        }
        written.is_ok()
    }

    fn read(&self, offset: u64, len: usize) -> Option<Vec<u8>> {
        let path = self.store.part_path(self.entry);
        let ours = self.store.lock().parts.get(&self.entry) == Some(&self.id);
        ours.then(|| self.store.fs.read(&path, offset, len).ok())?
    }
}
