//! The pieces that are held: on disk, or in RAM while the disk cannot take them.
//!
//! One file per piece, `<folder>/<info hash>/<number>`, written once and whole after its hash was
//! found right. Names are a hash and a number, never a torrent's names. There is no index that
//! could lie after a power cut: start-up lists folders, a file of a wrong length is dropped, and
//! a piece from an earlier run is hashed again before its first use. That is also why no piece is
//! synced: what a power cut takes is fetched again.
//!
//! A disk that is full, read-only, broken or pulled out does not end a film: it goes on from a
//! ring in RAM that follows the same policy. From time to time, and with the next film, the disk
//! is tried again.
//!
//! Invariants: evicted files are deleted before the piece that needs their room is written, and
//! writes happen one after another, so the bound holds at every instant. No file is touched while
//! `held` is locked; `disk` is locked before `held`, never after.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use app::SupplyFailure;
use cache::{Cache, Entry, FilmKey, Window};

use super::blocks::Blocks;
use super::disk::Fs;
use super::fresh::Fresh;
use super::metainfo::Metainfo;
use super::readers::PIECES_MIN;
use super::shelf::{failure, hex};

pub use listing::Held;
pub(super) use listing::Refusal;
pub(super) use parts::PartFile;

pub(super) mod listing;
mod parts;
mod reading;
#[cfg(test)]
mod tests;
mod writing;

/// RAM for pieces while the disk takes none, beside those in the making ([`swarm::Limits`]): 100 s
/// at 5 Mb/s, and what a board of 1 GiB can spare.
pub(super) const RING_BYTES: u64 = 64 << 20;
/// Of the disk so much stays free whatever the user's limit: logs, updates and other programs
/// need room to go on.
const RESERVE_BYTES: u64 = 1 << 30;
/// Or this part of the disk, if that is more.
const RESERVE_PART: u64 = 10;
/// Fewest pieces of a ring to play from: one read, the next, and one in reserve. With the default
/// ring of 64 MiB pieces of 16 MiB can be played without a disk, the larger ones cannot.
const RING_PIECES_MIN: u64 = 3;
/// A disk that did not take a piece is tried again after this: soon enough for who plugs it in
/// again, and a slow failure costs little so.
const TRY_AGAIN: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Store {
    folder: RwLock<PathBuf>,
    /// What the user allows on disk, in bytes.
    limit: u64,
    /// Bytes of the disk to leave free; none: the rule of the constants.
    reserve: Option<u64>,
    fs: Box<dyn Fs>,
    held: Mutex<State>,
    /// Held while files are written or deleted.
    disk: Mutex<()>,
}

#[derive(Debug)]
struct State {
    cache: Cache,
    ring: Ring,
    fresh: Fresh,
    /// Films that somebody has begun and not closed: RAM is for these.
    begun: HashSet<FilmKey>,
    /// Hashed in this run.
    verified: HashSet<Entry>,
    /// Bytes that were held when the disk turned out to be full; until it is tried again.
    ceiling: u64,
    /// The disk did something else than to be full: nothing is written until it is tried again.
    broken: Option<SupplyFailure>,
    try_again: Option<Instant>,
    looked: Option<Instant>,
    /// The file system that the folder is on.
    device: Option<u64>,
    /// Pieces that are written while they are made, and which attempt at each it is.
    parts: HashMap<Entry, u64>,
    /// Parts of closed films, to be deleted.
    orphans: Vec<Entry>,
    /// Lengths in bytes of the films that the owner keeps.
    promised: HashMap<FilmKey, u64>,
}

/// Pieces in RAM.
#[derive(Debug)]
struct Ring {
    cache: Cache,
    pieces: HashMap<Entry, Blocks>,
    /// Films that are played from here.
    films: HashSet<FilmKey>,
}

/// What came of a piece.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// It is held.
    pub(super) kept: bool,
    /// These are not any more.
    pub(super) evicted: Vec<Entry>,
}

impl State {
    /// Whether the disk takes pieces, and has room to play the film from.
    fn disk_takes(&self, film: &Metainfo) -> bool {
        let room = self.cache.room(FilmKey(film.info_hash));
        self.broken.is_none() && room >= film.least_room(PIECES_MIN)
    }

    fn holds(&self, entry: Entry) -> bool {
        self.cache.holds(entry) || self.ring.pieces.contains_key(&entry)
    }

    /// Evicted from disk.
    fn let_go(&mut self, entries: &[Entry]) {
        for entry in entries {
            self.verified.remove(entry);
            self.fresh.remove(*entry);
        }
    }
}

impl Store {
    /// A store in `folder`, with what earlier runs left there, and a ring of `ring` bytes for
    /// when the folder cannot be used.
    pub(super) fn open(
        fs: Box<dyn Fs>,
        folder: PathBuf,
        limit: u64,
        reserve: Option<u64>,
        ring: u64,
    ) -> Store {
        let device = fs.device(&folder).ok();
        let store = Store {
            folder: RwLock::new(folder),
            limit,
            reserve,
            fs,
            held: Mutex::new(State {
                cache: Cache::new(limit),
                ring: Ring {
                    cache: Cache::new(ring),
                    pieces: HashMap::new(),
                    films: HashSet::new(),
                },
                fresh: Fresh::default(),
                begun: HashSet::new(),
                verified: HashSet::new(),
                ceiling: u64::MAX,
                broken: None,
                try_again: None,
                looked: None,
                device,
                parts: HashMap::new(),
                orphans: Vec::new(),
                promised: HashMap::new(),
            }),
            disk: Mutex::new(()),
        };
        {
            let _disk = store.lock_disk();
            store.list_all();
            store.fit();
        }
        store
    }

    /// Makes the bound what the limit and the disk allow now, and evicts what is over it.
    fn fit(&self) -> Vec<Entry> {
        let space = self.fs.space(&self.folder());
        let mut held = self.lock();
        held.looked = Some(Instant::now());
        let room = match space {
            Ok((free, total)) => {
                let rule = RESERVE_BYTES.max(total / RESERVE_PART);
                free.saturating_sub(self.reserve.unwrap_or(rule))
            }
            Err(error) => {
                tracing::debug!("{}: free space: {error}", self.folder().display());
                u64::MAX
            }
        };
        let allowed = held.cache.used().saturating_add(room);
        let bound = allowed.min(self.limit).min(held.ceiling);
        let evicted = held.cache.set_bound(bound);
        held.let_go(&evicted);
        drop(held);
        self.delete(&evicted);
        evicted
    }

    /// Makes ready to hold pieces of `film`: its folder is there, files that cannot be pieces of
    /// it are gone. Returns the pieces held.
    ///
    /// # Errors
    /// When neither the disk nor the ring has room to play it from; why the disk has not.
    pub(super) fn begin(&self, film: &Metainfo) -> Result<Vec<u32>, SupplyFailure> {
        let _disk = self.lock_disk();
        self.sweep();
        let key = FilmKey(film.info_hash);
        if self.fs.list(&self.folder()).is_ok() {
            // Whatever it is on now, it is ours: another disk may have been plugged in.
            self.lock().device = self.fs.device(&self.folder()).ok();
        }
        self.revive();
        if let Err((path, error)) = self.make_ready(key) {
            self.broke(&path, &error);
        }
        self.drop_wrong(film);
        if let Some(failure) = self.trouble(film) {
            return Err(failure);
        }
        let mut held = self.lock();
        held.begun.insert(key);
        if held.disk_takes(film) {
            held.ring.films.remove(&key);
        } else {
            self.set_afloat(&mut held, film);
        }
        let mut pieces: Vec<u32> = held.cache.pieces(key).collect();
        pieces.extend(held.ring.cache.pieces(key));
        Ok(pieces)
    }

    fn make_ready(&self, key: FilmKey) -> Result<(), (PathBuf, io::Error)> {
        let folder = self.film_folder(key);
        let made = self.make_folder(&folder);
        made.map_err(|error| (folder.clone(), error))?;
        // The folder's time says when the film was last used, see `listing`.
        if let Err(error) = self.fs.touch(&folder) {
            tracing::debug!("{}: {error}", folder.display());
        }
        Ok(())
    }

    /// Makes the folder again, but not where another disk is seen now that ours is gone.
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        let device = self.fs.device(&self.folder())?;
        let known = *self.lock().device.get_or_insert(device);
        if device != known {
            return Err(io::Error::from_raw_os_error(libc::ENODEV));
        }
        self.fs.make_folder(folder)
    }

    /// Files of a wrong length are no pieces of the film.
    fn drop_wrong(&self, film: &Metainfo) {
        let key = FilmKey(film.info_hash);
        let pieces: Vec<u32> = self.lock().cache.pieces(key).collect();
        let entries = pieces.into_iter().map(|piece| Entry { film: key, piece });
        let wrong = |entry: &Entry| {
            let length = self.fs.length(&self.path(*entry));
            !length.is_ok_and(|length| length == u64::from(film.layout.piece_len(entry.piece)))
        };
        for entry in entries.filter(wrong) {
            // A disk that has gone says of every piece that it is wrong.
            if self.lock().broken.is_some() {
                return;
            }
            self.forget_one(entry);
        }
    }

    /// Why the film cannot be played, neither from the disk nor from the ring, if it cannot.
    pub(super) fn trouble(&self, film: &Metainfo) -> Option<SupplyFailure> {
        let held = self.lock();
        let ring = held.ring.cache.room(FilmKey(film.info_hash));
        let none = !held.disk_takes(film) && ring < film.least_room(RING_PIECES_MIN);
        none.then(|| self.why(&held, film))
    }

    /// Why the disk is not the film's home.
    fn why(&self, held: &State, film: &Metainfo) -> SupplyFailure {
        let need = film.least_room(PIECES_MIN);
        match &held.broken {
            Some(failure) => failure.clone(),
            None if held.cache.bound() < need.min(self.limit) => SupplyFailure::DiskFull,
            None => SupplyFailure::Disk(format!(
                "{}: the limit of {} MB leaves too little for this film, {} MB are needed",
                self.folder().display(),
                self.limit / 1_000_000,
                need.div_ceil(1_000_000)
            )),
        }
    }

    /// The film's pieces go to the ring from now on.
    fn set_afloat(&self, held: &mut State, film: &Metainfo) {
        if held.ring.films.insert(FilmKey(film.info_hash)) {
            tracing::warn!(
                "{:?} goes on from RAM: {:?}",
                film.name,
                self.why(held, film)
            );
        }
        let later = Instant::now() + TRY_AGAIN;
        held.try_again.get_or_insert(later);
    }

    /// Tries the disk again: with what is on it now, and room as it says.
    fn revive(&self) -> Vec<Entry> {
        let broken = {
            let mut held = self.lock();
            held.try_again = None;
            held.ceiling = u64::MAX;
            held.broken.take()
        };
        if broken.is_some() {
            self.list_all();
        }
        self.fit()
    }

    /// What is on the disk can't be relied on from here on.
    fn broke(&self, path: &Path, error: &io::Error) {
        let gone = matches!(error.raw_os_error(), Some(libc::ENODEV | libc::ENXIO));
        let failure = if gone {
            SupplyFailure::Unplugged(self.folder().display().to_string())
        } else {
            failure(path, error)
        };
        tracing::warn!("{}: {error}", path.display());
        let mut held = self.lock();
        held.lose_parts();
        held.broken = Some(failure);
        held.try_again = Some(Instant::now() + TRY_AGAIN);
    }

    /// Nobody else writes meanwhile.
    fn forget_one(&self, entry: Entry) {
        {
            let mut held = self.lock();
            held.cache.forget(entry);
            held.verified.remove(&entry);
        }
        self.delete(&[entry]);
    }

    /// What the players of `film` need now.
    pub(super) fn windows(&self, film: [u8; 20], windows: Vec<Window>) {
        let mut held = self.lock();
        held.ring.cache.windows(FilmKey(film), windows.clone());
        held.cache.windows(FilmKey(film), windows);
    }

    /// Nobody plays `film` for now: what is held of it, in RAM too, makes room for others.
    pub(super) fn rest(&self, film: [u8; 20]) {
        let mut held = self.lock();
        held.cache.close(FilmKey(film));
        held.ring.cache.close(FilmKey(film));
    }

    /// `film` is closed for good; RAM is given back.
    pub(super) fn close(&self, film: [u8; 20]) {
        let film = FilmKey(film);
        let mut held = self.lock();
        held.cache.close(film);
        held.fresh.close(film);
        held.begun.remove(&film);
        held.orphan_parts(film);
        let ring = &mut held.ring;
        let pieces: Vec<u32> = ring.cache.pieces(film).collect();
        for piece in pieces {
            ring.cache.forget(Entry { film, piece });
        }
        ring.cache.close(film);
        ring.pieces.retain(|entry, _| entry.film != film);
        ring.films.remove(&film);
    }

    /// Bytes that the player of the film may count on.
    pub(super) fn room(&self, film: [u8; 20]) -> u64 {
        let held = self.lock();
        let film = FilmKey(film);
        if held.ring.films.contains(&film) {
            held.ring.cache.room(film)
        } else {
            held.cache.room(film)
        }
    }

    /// Whether the film goes on from RAM, since the disk does not take it.
    pub(super) fn is_in_ram(&self, film: [u8; 20]) -> bool {
        self.lock().ring.films.contains(&FilmKey(film))
    }

    /// Bytes that may be held on disk.
    pub(super) fn bound(&self) -> u64 {
        self.lock().cache.bound()
    }

    /// Bytes held on disk.
    pub(super) fn used(&self) -> u64 {
        self.lock().cache.used()
    }

    /// Of files that are not held any more. One that cannot be deleted still takes room: what is
    /// there must be listed again before anything more is written.
    fn delete(&self, entries: &[Entry]) {
        for entry in entries {
            let path = self.path(*entry);
            match self.fs.remove(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    self.broke(&path, &error);
                }
                _ => {}
            }
        }
    }

    pub(super) fn folder(&self) -> PathBuf {
        let folder = self.folder.read().unwrap_or_else(PoisonError::into_inner);
        folder.clone()
    }

    /// Holds pieces in another folder from now on, with what lies there; what is in this one stays,
    /// for when it is held in again. False: a film that somebody has begun is held in this one.
    pub(super) fn move_to(&self, folder: &Path) -> bool {
        let _disk = self.lock_disk();
        self.sweep();
        {
            let mut held = self.lock();
            if !held.begun.is_empty() {
                return false;
            }
            held.lose_parts();
            held.orphans.clear();
            held.fresh = Fresh::default();
            held.broken = None;
            held.try_again = None;
            held.ceiling = u64::MAX;
            held.device = self.fs.device(folder).ok();
        }
        folder.clone_into(&mut self.folder.write().unwrap_or_else(PoisonError::into_inner));
        self.list_all();
        self.fit();
        true
    }

    fn film_folder(&self, film: FilmKey) -> PathBuf {
        self.folder().join(hex(film.0))
    }

    fn path(&self, entry: Entry) -> PathBuf {
        self.film_folder(entry.film).join(entry.piece.to_string())
    }

    /// What is behind the locks is whole after every statement, so a panic elsewhere spoils
    /// nothing.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_disk(&self) -> MutexGuard<'_, ()> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
