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
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use app::TorrentFailure;
use bytes::Bytes;
use cache::{Admission, Cache, Entry, FilmKey, Window};
use librqbit_sha1_wrapper::{ISha1, Sha1};

use super::disk::{read_at, restore, space};
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
    /// Bytes that were held when the disk turned out to be full; until the next film.
    ceiling: u64,
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
                ceiling: u64::MAX,
            }),
            disk: Mutex::new(()),
        };
        store.fit(&mut store.lock());
        store
    }

    /// Makes the bound what the limit and the disk allow now, and evicts what is over it.
    fn fit(&self, held: &mut Held) -> Vec<Entry> {
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
        let allowed = held.cache.used().saturating_add(room);
        let evicted = held
            .cache
            .set_bound(allowed.min(self.limit).min(held.ceiling));
        self.delete(held, &evicted);
        evicted
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
        let _disk = self.lock_disk();
        let mut held = self.lock();
        held.ceiling = u64::MAX;
        self.fit(&mut held);
        let need = film.least_room(pieces_min);
        let bound = held.cache.bound();
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
        // The room on the disk is looked at before every write: others write there too.
        let (mut evicted, mut full) = (self.fit(&mut self.lock()), false);
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
                    held.ceiling = bound;
                    let gone = held.cache.set_bound(bound);
                    self.delete(&mut held, &gone);
                    evicted.extend(gone);
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

/// Of a whole piece.
pub(super) fn sha1(data: &[u8]) -> [u8; 20] {
    let mut sha1 = Sha1::new();
    sha1.update(data);
    sha1.finish()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;

    use super::*;

    const PIECE: u32 = 16 * 1024;

    /// Of `pieces` pieces that are all `byte`; films of different bytes are different torrents.
    fn film(byte: u8, pieces: u32) -> (Metainfo, Vec<u8>) {
        let piece = vec![byte; PIECE as usize];
        let hashes = sha1(&piece).repeat(pieces as usize);
        let mut info = format!(
            "d6:lengthi{}e4:name5:a.mp412:piece lengthi{PIECE}e6:pieces{}:",
            u64::from(pieces) * u64::from(PIECE),
            hashes.len()
        )
        .into_bytes();
        info.extend(hashes);
        info.push(b'e');
        (Metainfo::from_info(&info.into()).unwrap(), piece)
    }

    fn entry(film: &Metainfo, piece: u32) -> Entry {
        let film = FilmKey(film.info_hash);
        Entry { film, piece }
    }

    fn files(folder: &Path) -> usize {
        let films = fs::read_dir(folder).unwrap();
        films
            .map(|film| fs::read_dir(film.unwrap().path()).unwrap().count())
            .sum()
    }

    #[test]
    fn the_longest_unused_film_goes_first() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().to_owned(), 20 * u64::from(PIECE), Some(0));
        let ((a, piece_a), (b, piece_b)) = (film(1, 15), film(2, 15));
        for (film, piece) in [(&a, &piece_a), (&b, &piece_b)] {
            assert!(store.begin(film, 8).unwrap().is_empty());
            let window = Window {
                ahead: 15,
                ..Window::default()
            };
            store.window(film.info_hash, window);
            for number in 0..15 {
                let written = store.write(entry(film, number), piece);
                assert!(matches!(written, Written::Kept { .. }), "{written:?}");
                assert!(files(folder.path()) <= 20);
            }
            store.close(film.info_hash);
        }
        assert_eq!(store.used(), 20 * u64::from(PIECE));
        assert_eq!(store.begin(&b, 8).unwrap().len(), 15);
        assert_eq!(store.begin(&a, 8).unwrap(), [0, 1, 2, 3, 4]);
        // The same after a start.
        let store = Store::open(folder.path().to_owned(), 20 * u64::from(PIECE), Some(0));
        assert_eq!(store.begin(&a, 8).unwrap(), [0, 1, 2, 3, 4]);
        assert_eq!(&store.read(&b, 14, 10, 5).unwrap()[..], [2; 5]);
    }

    #[test]
    fn a_full_disk_takes_from_other_films_first() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().to_owned(), 1 << 30, Some(0));
        let ((a, piece_a), (b, piece_b)) = (film(1, 20), film(2, 20));
        store.begin(&a, 8).unwrap();
        for number in 0..20 {
            let written = store.write(entry(&a, number), &piece_a);
            assert!(matches!(written, Written::Kept { .. }));
        }
        store.close(a.info_hash);
        store.begin(&b, 8).unwrap();
        store.window(b.info_hash, Window::default());
        std::os::unix::fs::symlink("/dev/full", store.path(entry(&b, 0))).unwrap();
        let written = store.write(entry(&b, 0), &piece_b);
        let Written::Kept { evicted } = written else {
            panic!("{written:?}");
        };
        assert_eq!(evicted.len(), 1);
        assert_eq!(evicted[0].film, FilmKey(a.info_hash));
        assert_eq!(store.bound(), 20 * u64::from(PIECE));
        assert_eq!(&store.read(&b, 0, 0, 3).unwrap()[..], [2; 3]);
        assert_eq!(files(folder.path()), 20);
    }

    #[test]
    fn what_leaves_no_reserve_is_not_held() {
        let folder = tempfile::tempdir().unwrap();
        let (film, piece) = film(1, 20);
        {
            let store = Store::open(folder.path().to_owned(), 1 << 30, Some(0));
            store.begin(&film, 8).unwrap();
            for number in 0..20 {
                let _ = store.write(entry(&film, number), &piece);
            }
        }
        // A reserve no disk has: nothing more may be added to what is there.
        let store = Store::open(folder.path().to_owned(), 1 << 30, Some(u64::MAX));
        assert_eq!(store.bound(), 20 * u64::from(PIECE));
        let (other, _) = self::film(2, 100);
        let empty = tempfile::tempdir().unwrap();
        let store = Store::open(empty.path().to_owned(), 1 << 30, Some(u64::MAX));
        assert_eq!(store.begin(&other, 8), Err(TorrentFailure::DiskFull));
    }

    #[test]
    fn strange_things_in_the_folder_are_survived() {
        let folder = tempfile::tempdir().unwrap();
        let (film, piece) = film(1, 20);
        fs::write(folder.path().join("0".repeat(40)), b"a file").unwrap();
        fs::create_dir_all(folder.path().join("1".repeat(40)).join("7")).unwrap();
        fs::create_dir_all(folder.path().join("2".repeat(40))).unwrap();
        fs::create_dir_all(folder.path().join("notes")).unwrap();
        let store = Store::open(folder.path().to_owned(), 1 << 30, Some(0));
        assert_eq!(store.used(), 0);
        assert!(!folder.path().join("2".repeat(40)).exists());
        store.begin(&film, 8).unwrap();
        let _ = store.write(entry(&film, 3), &piece);
        // Tidied away by somebody.
        fs::remove_dir_all(store.film_folder(FilmKey(film.info_hash))).unwrap();
        assert_eq!(store.read(&film, 3, 0, 1), None);
        assert_eq!(store.used(), 0);
        let written = store.write(entry(&film, 3), &piece);
        assert!(matches!(written, Written::Kept { .. }), "{written:?}");
        assert_eq!(&store.read(&film, 3, 0, 1).unwrap()[..], [1]);
    }
}
