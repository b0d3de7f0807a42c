//! What lies in the folder: listed at the start, summed up for the owner, and kept if the owner
//! says so.
//!
//! Listing opens no piece. A film's folder tells when it was last used: its time changes with
//! every piece that comes and goes, and is set at each play. A file `keep` in it says that the
//! owner keeps the film; it holds the film's length in decimal, and is there whole or not at all
//! (written aside, synced, renamed, synced).

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use bytes::Bytes;
use cache::{Entry, FilmKey};

use super::super::disk::{Found, seconds};
use super::super::magnet;
use super::{Store, hex};

/// The name of the mark.
const KEEP: &str = "keep";
/// And while it is being written.
const KEEP_ASIDE: &str = "keep.tmp";
/// A mark is 20 digits at most.
const KEEP_BYTES_MAX: u64 = 20;
/// Of the bound, kept films may take all but this part: what else is played needs some.
const SPARE_PART: u64 = 10;

/// What the cache holds of a film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Of its torrent (BEP 3).
    pub info_hash: [u8; 20],
    /// Of its torrent; none when that is not known any more.
    pub name: Option<String>,
    /// On disk.
    pub bytes: u64,
    /// The owner keeps it: it is not evicted.
    pub kept: bool,
    /// When it was played or fetched last.
    pub last_used: SystemTime,
}

/// Why a film cannot be kept or given up.
#[derive(Debug)]
pub(in super::super) enum Refusal {
    /// With what is kept already it would take more of the bound than kept films may.
    Full {
        need: u64,
        left: u64,
    },
    Disk(io::Error),
}

/// What a file in a film's folder is, by its name.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) enum Named {
    Piece(u32),
    Mark,
    Nothing,
}

/// Only the very names that we write: `+7` or `07` would be counted as a piece that is at another
/// place, and never be evicted.
pub(in super::super) fn named(name: &str) -> Named {
    match name.parse::<u32>() {
        Ok(piece) if piece.to_string() == name => Named::Piece(piece),
        _ if name == KEEP => Named::Mark,
        _ => Named::Nothing,
    }
}

/// The film of a folder, by its name; as above.
pub(in super::super) fn film_of(name: &str) -> Option<FilmKey> {
    let hash = magnet::hex(name).filter(|hash| hex(*hash) == name);
    hash.map(FilmKey)
}

/// The length in a mark; 0 where it says none.
pub(in super::super) fn promised(mark: &[u8]) -> u64 {
    let text = std::str::from_utf8(mark).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

impl Store {
    /// Makes the cache agree with what is on the disk. Nothing of it counts as hashed. What is no
    /// piece is deleted, in folders that are ours.
    pub(super) fn list_all(&self) {
        let films = match self.fs.list(&self.folder()) {
            Ok(films) => films,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return self.broke(&self.folder(), &error),
        };
        let mut there = BTreeMap::new();
        let mut kept = BTreeMap::new();
        for film in films {
            let name = film.path.file_name().and_then(|name| name.to_str());
            let Some(key) = name.and_then(film_of) else {
                continue;
            };
            // One that cannot be listed is no reason to lose the others.
            match self.list_film(&film.path, key, &mut there) {
                Ok(promised) => kept.extend(promised.map(|bytes| (key, bytes))),
                Err(error) => tracing::warn!("{}: {error}", film.path.display()),
            }
            // Works on an empty one only.
            let _ = self.fs.remove_folder(&film.path);
        }
        let mut held = self.lock();
        held.verified.clear();
        let known: Vec<FilmKey> = held.cache.films().map(|(key, _)| key).collect();
        for film in known {
            let pieces: Vec<u32> = held.cache.pieces(film).collect();
            for piece in pieces {
                held.cache.forget(Entry { film, piece });
            }
            held.cache.keep(film, false);
        }
        for (entry, (bytes, used)) in there {
            held.cache.restore(entry, bytes, used);
        }
        for film in kept.keys() {
            held.cache.keep(*film, true);
        }
        held.promised = kept.into_iter().collect();
    }

    /// The length in the film's mark, if it has one.
    fn list_film(
        &self,
        folder: &Path,
        film: FilmKey,
        there: &mut BTreeMap<Entry, (u64, u64)>,
    ) -> io::Result<Option<u64>> {
        let used = seconds(self.fs.touched(folder)?);
        let mut kept = None;
        for found in self.fs.list(folder)? {
            let name = found.path.file_name().and_then(|name| name.to_str());
            match name.map(named) {
                Some(Named::Piece(piece)) if found.is_file => {
                    there.insert(Entry { film, piece }, (found.length, used));
                }
                Some(Named::Mark) if found.is_file => kept = Some(self.promise(&found)),
                _ => {
                    tracing::warn!("{}: no piece, removed", found.path.display());
                    let _ = self.fs.remove(&found.path);
                }
            }
        }
        Ok(kept)
    }

    /// What a mark says; one that cannot be read still marks.
    fn promise(&self, mark: &Found) -> u64 {
        let length = mark.length.min(KEEP_BYTES_MAX) as usize;
        promised(&self.fs.read(&mark.path, 0, length).unwrap_or_default())
    }

    /// Keeps a film of `length` bytes, or not any more. Blocks on the disk.
    pub(in super::super) fn keep(
        &self,
        film: [u8; 20],
        kept: bool,
        length: u64,
    ) -> Result<(), Refusal> {
        let _disk = self.lock_disk();
        let (film, folder) = (FilmKey(film), self.film_folder(FilmKey(film)));
        if !kept {
            match self.fs.remove(&folder.join(KEEP)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(Refusal::Disk(error));
                }
                _ => {}
            }
            let mut held = self.lock();
            held.promised.remove(&film);
            held.cache.keep(film, false);
            drop(held);
            // The bound may have been made smaller since.
            self.fit();
            return Ok(());
        }
        {
            let held = self.lock();
            let bound = held.cache.bound();
            let of = |(key, bytes): (FilmKey, u64)| match held.promised.get(&key) {
                Some(promised) if key != film => bytes.max(*promised),
                _ => 0,
            };
            let taken: u64 = held.cache.films().map(of).sum();
            let left = (bound - bound / SPARE_PART).saturating_sub(taken);
            if length > left {
                return Err(Refusal::Full { need: length, left });
            }
        }
        self.mark(&folder, length).map_err(Refusal::Disk)?;
        let mut held = self.lock();
        held.promised.insert(film, length);
        held.cache.keep(film, true);
        Ok(())
    }

    fn mark(&self, folder: &Path, length: u64) -> io::Result<()> {
        let (mark, aside) = (folder.join(KEEP), folder.join(KEEP_ASIDE));
        self.make_folder(folder)?;
        self.fs.write(&aside, &[Bytes::from(length.to_string())])?;
        self.fs.sync(&aside)?;
        self.fs.rename(&aside, &mark)?;
        self.fs.sync(&mark)
    }

    /// Deletes what is held of a film, kept or not; returns the pieces. Blocks on the disk.
    pub(in super::super) fn forget(&self, film: [u8; 20]) -> Result<Vec<u32>, Refusal> {
        self.keep(film, false, 0)?;
        let _disk = self.lock_disk();
        let film = FilmKey(film);
        let mut held = self.lock();
        let mut pieces: Vec<u32> = held.cache.pieces(film).collect();
        pieces.extend(held.ring.cache.pieces(film));
        let entries = pieces.iter().map(|piece| Entry {
            film,
            piece: *piece,
        });
        let entries: Vec<Entry> = entries.collect();
        for entry in &entries {
            held.cache.forget(*entry);
            held.ring.cache.forget(*entry);
            held.ring.pieces.remove(entry);
        }
        held.let_go(&entries);
        drop(held);
        self.delete(&entries);
        // A film that is played has its folder still, for what comes.
        let _ = self.fs.remove_folder(&self.film_folder(film));
        Ok(pieces)
    }

    /// Every film of which something is on disk; without names. Blocks on the disk.
    pub(in super::super) fn films(&self) -> Vec<Held> {
        let films: Vec<(FilmKey, u64, bool)> = {
            let held = self.lock();
            let films = held.cache.films();
            films
                .map(|(key, bytes)| (key, bytes, held.cache.is_kept(key)))
                .filter(|(_, bytes, kept)| *bytes > 0 || *kept)
                .collect()
        };
        let summed = films.into_iter().map(|(key, bytes, kept)| {
            let touched = self.fs.touched(&self.folder().join(hex(key.0)));
            Held {
                info_hash: key.0,
                name: None,
                bytes,
                kept,
                last_used: touched.unwrap_or(SystemTime::UNIX_EPOCH),
            }
        });
        summed.collect()
    }

    /// Whether the owner keeps the film.
    pub(in super::super) fn keeps(&self, film: [u8; 20]) -> bool {
        self.lock().cache.is_kept(FilmKey(film))
    }

    /// Whether something of the film is held, or it is kept.
    pub(in super::super) fn knows(&self, film: [u8; 20]) -> bool {
        let held = self.lock();
        held.cache.films().any(|(key, _)| key.0 == film)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_we_write_are_ours() {
        assert_eq!(named("0"), Named::Piece(0));
        assert_eq!(named("4294967295"), Named::Piece(u32::MAX));
        assert_eq!(named(KEEP), Named::Mark);
        for name in ["+7", "07", "-0", "", "4294967296", KEEP_ASIDE, "7.part"] {
            assert_eq!(named(name), Named::Nothing, "{name}");
        }
        let film = "00112233445566778899aabbccddeeff00112233";
        assert!(film_of(film).is_some());
        assert_eq!(film_of(&film.to_uppercase()), None);
    }

    #[test]
    fn a_mark_that_cannot_be_read_promises_nothing() {
        assert_eq!(promised(b"1234"), 1234);
        for mark in [&b""[..], b"-1", b"x", b"\xff", b"99999999999999999999"] {
            assert_eq!(promised(mark), 0);
        }
    }
}
