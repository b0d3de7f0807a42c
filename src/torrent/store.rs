//! The pieces on disk, under the bound of the cache.
//!
//! One file per piece, `<folder>/<info hash>/<number>`, written once and whole after its hash was
//! found right. Names are a hash and a number, never a torrent's names. There is no index that
//! could lie after a power cut: start-up lists folders, a file of a wrong length is dropped, and
//! a piece from an earlier run is hashed again before its first use. Nothing is preallocated or
//! mapped, so exFAT and vfat serve as well as ext4, and a pulled-out disk is an error, not a
//! signal.
//!
//! Invariant: evicted files are deleted before the piece that needs their room is written, and
//! writes happen one after another, so the bound holds at every instant.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use app::TorrentFailure;
use bytes::Bytes;
use cache::{Admission, Cache, Entry, FilmKey, Window};
use librqbit_sha1_wrapper::{ISha1, Sha1};

use super::metainfo::Metainfo;
use super::shelf::{failure, hex, is_full};

/// Of the disk so much stays free whatever the user's limit: logs, updates and other programs
/// need room to go on.
const RESERVE_BYTES: u64 = 1 << 30;
/// Or this part of the disk, if that is more.
const RESERVE_PART: u64 = 10;
/// So often a full disk is answered by evicting and writing again.
const ROOM_TRIES: u32 = 8;

#[derive(Debug)]
pub(super) struct Store {
    folder: PathBuf,
    /// What the user allows, in bytes.
    limit: u64,
    /// Bytes of the disk to leave free; none: the rule of the constants.
    reserve: Option<u64>,
    held: Mutex<Held>,
    /// Held while files are written or deleted.
    disk: Mutex<()>,
}

#[derive(Debug)]
struct Held {
    cache: Cache,
    /// Hashed in this run.
    verified: HashSet<Entry>,
}

/// What came of writing a piece.
#[derive(Debug)]
pub(super) enum Written {
    /// It is held; these are not any more.
    Kept { evicted: Vec<Entry> },
    /// All that is held is worth more, or the disk gave no room even after evicting these.
    NoRoom { evicted: Vec<Entry>, full: bool },
    /// The disk cannot be used.
    Failed(TorrentFailure),
}

impl Store {
    /// A store in `folder`, with what earlier runs left there. A folder that cannot be used is
    /// an empty one until a film is opened, see [`Store::begin`].
    pub(super) fn open(folder: PathBuf, limit: u64, reserve: Option<u64>) -> Store {
        let mut cache = Cache::new(limit);
        if let Err(error) = restore(&folder, &mut cache)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!("{}: {error}", folder.display());
        }
        let store = Store {
            folder,
            limit,
            reserve,
            held: Mutex::new(Held {
                cache,
                verified: HashSet::new(),
            }),
            disk: Mutex::new(()),
        };
        store.fit();
        store
    }

    /// Makes the bound what the limit and the disk allow now, and evicts what is over it.
    fn fit(&self) {
        let _disk = self.lock_disk();
        let mut held = self.lock();
        let used = held.cache.used();
        let room = match space(&self.folder) {
            Ok((free, total)) => {
                let rule = RESERVE_BYTES.max(total / RESERVE_PART);
                free.saturating_sub(self.reserve.unwrap_or(rule))
            }
            Err(error) => {
                tracing::debug!("{}: free space: {error}", self.folder.display());
                u64::MAX
            }
        };
        let bound = self.limit.min(used.saturating_add(room));
        let evicted = held.cache.set_bound(bound);
        self.delete(&mut held, &evicted);
    }

    /// Makes ready to hold pieces of `film`: its folder is there, files that cannot be pieces of
    /// it are gone. Returns the pieces held.
    ///
    /// # Errors
    /// `Disk` when the folder cannot be made, or the bound is too small to play from.
    pub(super) fn begin(
        &self,
        film: &Metainfo,
        pieces_min: u64,
    ) -> Result<Vec<u32>, TorrentFailure> {
        let folder = self.film_folder(FilmKey(film.info_hash));
        fs::create_dir_all(&folder).map_err(|error| failure(&folder, &error))?;
        // The folder's time says when the film was last used, see `restore`.
        if let Ok(opened) = File::open(&folder) {
            let _ = opened.set_modified(SystemTime::now());
        }
        self.fit();
        let need = film.least_room(pieces_min);
        let bound = self.bound();
        if bound < need.min(self.limit) {
            return Err(TorrentFailure::DiskFull);
        }
        if bound < need {
            return Err(TorrentFailure::Disk(format!(
                "{}: the limit of {} MB is too small for this film, {} MB are needed",
                self.folder.display(),
                bound / 1_000_000,
                need.div_ceil(1_000_000)
            )));
        }
        let _disk = self.lock_disk();
        let mut held = self.lock();
        let key = FilmKey(film.info_hash);
        let pieces: Vec<u32> = held.cache.pieces(key).collect();
        let wrong = |piece: &u32| {
            let length = fs::symlink_metadata(self.path(Entry {
                film: key,
                piece: *piece,
            }));
            !length
                .is_ok_and(|m| m.is_file() && m.len() == u64::from(film.layout.piece_len(*piece)))
        };
        let (wrong, right): (Vec<u32>, Vec<u32>) = pieces.into_iter().partition(wrong);
        for piece in wrong {
            let entry = Entry { film: key, piece };
            held.cache.forget(entry);
            self.delete(&mut held, &[entry]);
        }
        Ok(right)
    }

    /// Writes a piece whose hash is right.
    pub(super) fn write(&self, entry: Entry, data: &[u8]) -> Written {
        let _disk = self.lock_disk();
        let (mut evicted, mut full) = (Vec::new(), false);
        for _ in 0..ROOM_TRIES {
            match self.admit(entry, data.len() as u64) {
                Some(gone) => evicted.extend(gone),
                None => break,
            }
            match self.put(entry, data) {
                Ok(()) => {
                    self.lock().verified.insert(entry);
                    return Written::Kept { evicted };
                }
                Err(error) => {
                    let mut held = self.lock();
                    held.cache.forget(entry);
                    self.delete(&mut held, &[entry]);
                    if !is_full(&error) {
                        return Written::Failed(failure(&self.path(entry), &error));
                    }
                    // The disk is the bound now; the next try evicts for this piece.
                    full = true;
                    let bound = held.cache.used().max(data.len() as u64);
                    tracing::warn!("{}: {error}; holding {bound} bytes", self.folder.display());
                    let gone = held.cache.set_bound(bound);
                    debug_assert!(gone.is_empty(), "the bound is what is held");
                }
            }
        }
        Written::NoRoom { evicted, full }
    }

    fn admit(&self, entry: Entry, bytes: u64) -> Option<Vec<Entry>> {
        let mut held = self.lock();
        match held.cache.admit(entry, bytes) {
            Admission::Keep { evict } => {
                self.delete(&mut held, &evict);
                Some(evict)
            }
            Admission::Refuse => None,
        }
    }

    fn put(&self, entry: Entry, data: &[u8]) -> io::Result<()> {
        let path = self.path(entry);
        match fs::write(&path, data) {
            // Somebody has tidied the folder away under us.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(self.film_folder(entry.film))?;
                fs::write(&path, data)
            }
            written => written,
        }
    }

    /// `len` bytes at `offset` of a piece; `None` when it is not held, or what the disk has is
    /// not what `film` says (it is dropped then, and can be fetched again). Blocks on the disk.
    pub(super) fn read(&self, film: &Metainfo, piece: u32, offset: u32, len: u32) -> Option<Bytes> {
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
        let read = if verified {
            read_at(&self.path(entry), u64::from(offset), len as usize).map(Bytes::from)
        } else {
            self.read_first(film, entry)
                .map(|data| data.slice(offset as usize..(offset + len) as usize))
        };
        match read {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                // Evicted since: nothing is wrong.
                if self.lock().cache.holds(entry) {
                    tracing::warn!("{}: {error}", self.path(entry).display());
                    self.drop_piece(entry);
                }
                None
            }
        }
    }

    /// The whole piece, hashed.
    fn read_first(&self, film: &Metainfo, entry: Entry) -> io::Result<Bytes> {
        let length = film.layout.piece_len(entry.piece) as usize;
        let data = read_at(&self.path(entry), 0, length)?;
        if sha1(&data) != film.hash(entry.piece) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "hash is wrong"));
        }
        let mut held = self.lock();
        if held.cache.holds(entry) {
            held.verified.insert(entry);
        }
        Ok(Bytes::from(data))
    }

    fn drop_piece(&self, entry: Entry) {
        let _disk = self.lock_disk();
        let mut held = self.lock();
        held.cache.forget(entry);
        self.delete(&mut held, &[entry]);
    }

    /// What the player of `film` needs now.
    pub(super) fn window(&self, film: [u8; 20], window: Window) {
        self.lock().cache.window(FilmKey(film), window);
    }

    /// Nobody plays `film` any more.
    pub(super) fn close(&self, film: [u8; 20]) {
        self.lock().cache.close(FilmKey(film));
    }

    /// Bytes that may be held.
    pub(super) fn bound(&self) -> u64 {
        self.lock().cache.bound()
    }

    /// Bytes held.
    pub(super) fn used(&self) -> u64 {
        self.lock().cache.used()
    }

    fn delete(&self, held: &mut Held, entries: &[Entry]) {
        for entry in entries {
            held.verified.remove(entry);
            let path = self.path(*entry);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::warn!("{}: {error}", path.display());
                }
                _ => {}
            }
        }
    }

    fn film_folder(&self, film: FilmKey) -> PathBuf {
        self.folder.join(hex(film.0))
    }

    fn path(&self, entry: Entry) -> PathBuf {
        self.film_folder(entry.film).join(entry.piece.to_string())
    }

    /// What is behind the locks is whole after every statement, so a panic elsewhere spoils
    /// nothing.
    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_disk(&self) -> MutexGuard<'_, ()> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lists what is on disk into `cache`. Whatever is no piece of ours is deleted, if it lies in a
/// folder of ours.
fn restore(folder: &Path, cache: &mut Cache) -> io::Result<()> {
    for film in fs::read_dir(folder)? {
        let film = film?;
        let name = film.file_name();
        let Some(info_hash) = name.to_str().and_then(super::magnet::hex) else {
            continue;
        };
        // A folder's time changes with every piece that comes and goes, and is set at each play.
        let used = film
            .metadata()?
            .modified()
            .unwrap_or(SystemTime::UNIX_EPOCH);
        let used = used.duration_since(SystemTime::UNIX_EPOCH);
        let used = used.unwrap_or(Duration::ZERO).as_secs();
        for piece in fs::read_dir(film.path())? {
            let piece = piece?;
            let metadata = piece.metadata()?;
            let number = piece.file_name().to_str().and_then(|n| n.parse().ok());
            match number {
                Some(number) if metadata.is_file() => {
                    let film = FilmKey(info_hash);
                    let entry = Entry {
                        film,
                        piece: number,
                    };
                    cache.restore(entry, metadata.len(), used);
                }
                _ => {
                    tracing::warn!("{}: no piece, removed", piece.path().display());
                    let _ = fs::remove_file(piece.path());
                }
            }
        }
    }
    Ok(())
}

fn read_at(path: &Path, offset: u64, len: usize) -> io::Result<Vec<u8>> {
    let mut data = vec![0; len];
    File::open(path)?.read_exact_at(&mut data, offset)?;
    Ok(data)
}

/// Of a whole piece.
pub(super) fn sha1(data: &[u8]) -> [u8; 20] {
    let mut sha1 = Sha1::new();
    sha1.update(data);
    sha1.finish()
}

/// Free bytes for us, and all bytes, of the disk that `folder` is or will be on.
fn space(folder: &Path) -> io::Result<(u64, u64)> {
    use std::ffi::CString;
    use std::os::unix::ffi::OsStrExt;

    let there = folder.ancestors().find(|ancestor| ancestor.exists());
    let path = there.unwrap_or(Path::new("."));
    let path = CString::new(path.as_os_str().as_bytes())?;
    let mut stat = std::mem::MaybeUninit::<libc::statvfs>::uninit();
    // SAFETY: the path ends in a zero, and `stat` has room for what is written there.
    let stat = unsafe {
        if libc::statvfs(path.as_ptr(), stat.as_mut_ptr()) != 0 {
            return Err(io::Error::last_os_error());
        }
        stat.assume_init()
    };
    // The fields are narrower on 32-bit boards.
    #[allow(clippy::useless_conversion, clippy::unnecessary_cast)]
    let (size, free, all) = (
        stat.f_frsize as u64,
        stat.f_bavail as u64,
        stat.f_blocks as u64,
    );
    Ok((free * size, all * size))
}
