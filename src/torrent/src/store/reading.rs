//! A held piece on its way to a reader or a peer.

use std::io;

use bytes::Bytes;
use cache::{Entry, FilmKey};
use librqbit_sha1_wrapper::{ISha1, Sha1};

use super::super::metainfo::Metainfo;
use super::Store;

/// Pieces of earlier runs are hashed in parts of this: a piece may have 64 MiB.
const HASH_BYTES: usize = 256 << 10;

impl Store {
    /// As [`Store::read`], of what is in RAM only; does not block.
    pub(in super::super) fn at_hand(
        &self,
        film: [u8; 20],
        piece: u32,
        range: (u32, u32),
    ) -> Option<Bytes> {
        let film = FilmKey(film);
        let entry = Entry { film, piece };
        let mut held = self.lock();
        let blocks = held.fresh.get(entry);
        let blocks = blocks.or_else(|| held.ring.pieces.get(&entry))?.clone();
        held.cache.touch(entry);
        drop(held);
        Some(blocks.read(range.0, range.1))
    }

    /// `len` bytes at `offset` of a piece; `None` when it is not held, or what the disk has is
    /// not what `film` says (it is dropped then, and can be fetched again). Blocks on the disk.
    pub(in super::super) fn read(
        &self,
        film: &Metainfo,
        piece: u32,
        offset: u32,
        len: u32,
    ) -> Option<Bytes> {
        if let Some(bytes) = self.at_hand(film.info_hash, piece, (offset, len)) {
            return Some(bytes);
        }
        let entry = Entry {
            film: FilmKey(film.info_hash),
            piece,
        };
        let verified = {
            let mut held = self.lock();
            if !held.cache.holds(entry) {
                return None;
            }
            held.cache.touch(entry);
            held.verified.contains(&entry)
        };
        let checked = if verified {
            Ok(())
        } else {
            self.check(film, entry)
        };
        let read = checked
            .and_then(|()| {
                self.fs
                    .read(&self.path(entry), u64::from(offset), len as usize)
            })
            .map(Bytes::from);
        if let Err(error) = &read
            && self.lock().cache.holds(entry)
        {
            tracing::warn!("{}: {error}", self.path(entry).display());
            let _disk = self.lock_disk();
            self.forget_one(entry);
        }
        // If it was evicted meanwhile nothing is wrong.
        read.ok()
    }

    /// Hashes a piece of an earlier run.
    fn check(&self, film: &Metainfo, entry: Entry) -> io::Result<()> {
        let length = film.layout.piece_len(entry.piece) as usize;
        let path = self.path(entry);
        let mut sha1 = Sha1::new();
        for at in (0..length).step_by(HASH_BYTES) {
            let part = HASH_BYTES.min(length - at);
            sha1.update(&self.fs.read(&path, at as u64, part)?);
        }
        if sha1.finish() != film.hash(entry.piece) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "hash is wrong"));
        }
        let mut held = self.lock();
        if held.cache.holds(entry) {
            held.verified.insert(entry);
        }
        Ok(())
    }
}
