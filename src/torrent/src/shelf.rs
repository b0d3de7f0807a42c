//! The torrents this box has been handed or has fetched, kept as `<info hash>.torrent`.
//!
//! Knows nothing of pieces. A file is there whole or not at all (written aside, synced, renamed),
//! and is checked against its name when it is read, so a damaged one is as good as none. The
//! longest unused go when there are too many; what the disk does not take is remembered in RAM for
//! this run, so that a film can be played without a disk.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use app::SupplyFailure;

use super::magnet::{selection, selection_text};
use super::metainfo::{METAINFO_MAX_BYTES, Metainfo};

/// 1000 ranges of two numbers.
const CHOICE_MAX_BYTES: u64 = 32 * 1024;
/// Most files; the metainfo of a film is 10 to 200 kB.
const FILES_MAX: usize = 200;
/// Most bytes of all: six of the largest.
const BYTES_MAX: u64 = 64 << 20;
/// Of those that the disk does not take so many are remembered, and so many bytes.
const REMEMBERED_MAX: usize = 8;
const REMEMBERED_BYTES_MAX: usize = METAINFO_MAX_BYTES;

/// What is on the shelf of one run only: info hash and metainfo file, the oldest first.
type Remembered = Vec<([u8; 20], Vec<u8>)>;

#[derive(Debug)]
pub(super) struct Shelf {
    folder: PathBuf,
    remembered: Mutex<Remembered>,
    /// Names the files that are being written, so that two never share one.
    writes: AtomicU64,
}

impl Shelf {
    pub(super) fn new(folder: PathBuf) -> Shelf {
        Shelf {
            folder,
            remembered: Mutex::default(),
            writes: AtomicU64::new(0),
        }
    }

    /// Keeps `bytes`, the metainfo file of `info_hash`; one already there is the same torrent and
    /// is replaced only if it has become unreadable. Those that `stays` names are not let go for
    /// it.
    pub(super) fn keep(&self, info_hash: [u8; 20], bytes: &[u8], stays: impl Fn([u8; 20]) -> bool) {
        if self.find(info_hash).is_some() {
            return;
        }
        if let Err(error) = self.write(info_hash, bytes) {
            tracing::warn!("{}: {error}", self.folder.display());
            let mut remembered = self.remembered();
            remembered.push((info_hash, bytes.to_vec()));
            let total = |all: &Remembered| all.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
            while remembered.len() > REMEMBERED_MAX
                || (remembered.len() > 1 && total(&remembered) > REMEMBERED_BYTES_MAX)
            {
                remembered.remove(0);
            }
        }
        if let Err(error) = self.trim(|other| other == info_hash || stays(other)) {
            tracing::debug!("{}: {error}", self.folder.display());
        }
    }

    /// Deletes the longest unused beyond the bounds.
    fn trim(&self, stays: impl Fn([u8; 20]) -> bool) -> io::Result<()> {
        let mut files = Vec::new();
        for file in fs::read_dir(&self.folder)? {
            let file = file?;
            let metadata = file.metadata()?;
            let used = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            files.push((used, metadata.len(), file.path()));
        }
        files.sort();
        let mut bytes: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
        let mut count = files.len();
        for (_, length, path) in files {
            if count <= FILES_MAX && bytes <= BYTES_MAX {
                break;
            }
            let name = path.file_stem().and_then(|name| name.to_str());
            if !name.and_then(super::magnet::hex).is_some_and(&stays) {
                fs::remove_file(&path)?;
                (count, bytes) = (count - 1, bytes - length);
            }
        }
        Ok(())
    }

    fn write(&self, info_hash: [u8; 20], bytes: &[u8]) -> io::Result<()> {
        let path = self.path(info_hash);
        let number = self.writes.fetch_add(1, Ordering::Relaxed);
        let aside = path.with_extension(format!("{}-{number}.tmp", std::process::id()));
        let written = fs::create_dir_all(&self.folder)
            .and_then(|()| write_synced(&aside, bytes))
            .and_then(|()| fs::rename(&aside, &path))
            .and_then(|()| File::open(&self.folder)?.sync_all());
        written.inspect_err(|_| {
            // What is left of it is worth nothing; that it cannot be removed changes nothing.
            let _ = fs::remove_file(&aside);
        })
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, Remembered> {
        self.remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The torrent of that hash, if it is here and sound.
    pub(super) fn find(&self, info_hash: [u8; 20]) -> Option<Metainfo> {
        let path = self.path(info_hash);
        let bytes = read(&path).ok().or_else(|| {
            let remembered = self.remembered();
            let found = remembered.iter().find(|(hash, _)| *hash == info_hash);
            found.map(|(_, bytes)| bytes.clone())
        })?;
        match Metainfo::from_torrent(&bytes) {
            Ok(metainfo) if metainfo.info_hash == info_hash => Some(metainfo),
            Ok(_) => {
                tracing::warn!("{}: is another torrent", path.display());
                None
            }
            Err(why) => {
                tracing::warn!("{}: {why:?}", path.display());
                None
            }
        }
    }

    /// Remembers which files of a torrent a link has chosen, because the torrent itself may not be
    /// here yet. It is advice: a disk that does not take it is only logged.
    pub(super) fn choose(&self, info_hash: [u8; 20], files: &[RangeInclusive<u32>]) {
        let path = self.path(info_hash).with_extension("files");
        let text = selection_text(files);
        let written = fs::create_dir_all(&self.folder).and_then(|()| fs::write(&path, text));
        if let Err(error) = written {
            tracing::warn!("{}: {error}", path.display());
        }
    }

    /// The files that were chosen; none: all.
    pub(super) fn chosen(&self, info_hash: [u8; 20]) -> Vec<RangeInclusive<u32>> {
        let path = self.path(info_hash).with_extension("files");
        let mut text = String::new();
        let read =
            File::open(path).and_then(|f| f.take(CHOICE_MAX_BYTES).read_to_string(&mut text));
        read.map(|_| selection(&text)).unwrap_or_default()
    }

    fn path(&self, info_hash: [u8; 20]) -> PathBuf {
        self.folder.join(format!("{}.torrent", hex(info_hash)))
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    // The time of its last use; where the disk takes no times it ages faster.
    let _ = file.set_modified(SystemTime::now());
    let mut bytes = Vec::new();
    let most = METAINFO_MAX_BYTES as u64 + 1;
    (&mut file).take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// What a failing disk means to the viewer.
pub(super) fn failure(path: &Path, error: &io::Error) -> SupplyFailure {
    if is_full(error) {
        return SupplyFailure::DiskFull;
    }
    SupplyFailure::Disk(format!("{}: {error}", path.display()))
}

/// No room on the disk, in the quota, or (EFBIG) in what this process may write.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

/// 40 lower-case digits.
pub(super) fn hex(info_hash: [u8; 20]) -> String {
    librqbit_core::hash_id::Id20::new(info_hash).as_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn torrent() -> (Metainfo, Vec<u8>) {
        let info = format!(
            "d6:lengthi9e4:name5:a.mp412:piece lengthi16384e6:pieces20:{}e",
            "0".repeat(20)
        );
        let metainfo = Metainfo::from_info(&info.into()).unwrap();
        let bytes = metainfo.to_torrent();
        (metainfo, bytes)
    }

    #[test]
    fn what_is_kept_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(folder.path().join("torrents"));
        let (metainfo, bytes) = torrent();
        assert!(shelf.find(metainfo.info_hash).is_none());
        shelf.keep(metainfo.info_hash, &bytes, |_| false);
        let found = shelf.find(metainfo.info_hash).unwrap();
        assert_eq!(found.info_hash, metainfo.info_hash);
        let left: Vec<_> = fs::read_dir(folder.path().join("torrents"))
            .unwrap()
            .collect();
        assert_eq!(left.len(), 1);
    }

    #[test]
    fn the_choice_of_files_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(folder.path().join("torrents"));
        assert_eq!(shelf.chosen([7; 20]), []);
        shelf.choose([7; 20], &[0..=0, 4..=6]);
        assert_eq!(shelf.chosen([7; 20]), [0..=0, 4..=6]);
        assert_eq!(shelf.chosen([8; 20]), []);
    }

    #[test]
    fn a_damaged_file_is_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(folder.path().to_owned());
        let (metainfo, bytes) = torrent();
        shelf.keep(metainfo.info_hash, &bytes, |_| false);
        let path = shelf.path(metainfo.info_hash);
        let half = &bytes[..bytes.len() / 2];
        fs::write(&path, half).unwrap();
        assert!(shelf.find(metainfo.info_hash).is_none());
        let other = String::from_utf8(bytes.clone())
            .unwrap()
            .replace("a.mp4", "b.mp4");
        fs::write(&path, other).unwrap();
        assert!(shelf.find(metainfo.info_hash).is_none());
        shelf.keep(metainfo.info_hash, &bytes, |_| false);
        assert!(shelf.find(metainfo.info_hash).is_some());
    }

    #[test]
    fn what_the_disk_does_not_take_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"").unwrap();
        let (metainfo, bytes) = torrent();
        let shelf = Shelf::new(file.join("torrents"));
        shelf.keep(metainfo.info_hash, &bytes, |_| false);
        assert!(shelf.find(metainfo.info_hash).is_some());
        for number in 0..20 {
            shelf.keep([number; 20], &bytes, |_| false);
        }
        assert!(shelf.find(metainfo.info_hash).is_none());
        assert_eq!(shelf.remembered().len(), REMEMBERED_MAX);
    }

    #[test]
    fn the_longest_unused_go_but_not_what_stays() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(folder.path().to_owned());
        let (metainfo, bytes) = torrent();
        let time = |number: u64| SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(number);
        for number in 0..FILES_MAX as u64 + 5 {
            let path = shelf.path([number as u8; 20]);
            let file = File::create(path).unwrap();
            file.set_modified(time(number)).unwrap();
        }
        shelf.keep(metainfo.info_hash, &bytes, |hash| hash[0] == 2);
        let count = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(count, FILES_MAX);
        assert!(shelf.find(metainfo.info_hash).is_some());
        let there: Vec<bool> = (0..9).map(|n| shelf.path([n; 20]).exists()).collect();
        assert_eq!(
            there,
            [false, false, true, false, false, false, false, true, true]
        );
    }
}
