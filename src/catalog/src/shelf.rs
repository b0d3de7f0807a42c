//! The folder of fetched posters: bounded, the longest unused leaves first.
//!
//! One file an address: a head line with the length and the address, then the picture. The head
//! makes a file that a power cut left half written, or two addresses of one hash, plain to see, so
//! nothing needs to be synced to disk: a poster lost is fetched again. Invariant: after each
//! [`Shelf::put`] the folder holds at most the bytes it was given, and a reader never sees a
//! picture in the making (it is renamed into place).

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// The end of a finished poster's name.
const KEPT: &str = "poster";

/// The end of the name of one in the making.
const MAKING: &str = "new";

/// Files looked at when the folder is opened: more than 64 MiB of the smallest posters.
const FILES: usize = 20_000;

pub(crate) struct Shelf {
    folder: PathBuf,
    /// Most bytes of all files together.
    limit: u64,
    /// Bytes of all files together; none when the folder cannot be used. Held while writing.
    used: Mutex<Option<u64>>,
}

impl Shelf {
    /// Opens the folder, makes it when it is missing, and clears what a stop left half made.
    pub(crate) fn open(folder: &Path, limit: u64) -> Self {
        let used = fs::create_dir_all(folder).and_then(|()| tidy(folder));
        if let Err(error) = &used {
            tracing::warn!(folder = %folder.display(), %error, "posters are not kept");
        }
        Self {
            folder: folder.to_owned(),
            limit,
            used: Mutex::new(used.ok()),
        }
    }

    /// What was put under that address, if it is still there and whole.
    pub(crate) fn get(&self, address: &str) -> Option<Vec<u8>> {
        let file = File::open(self.path(address)).ok()?;
        let mut bytes = Vec::new();
        (&file).take(self.limit).read_to_end(&mut bytes).ok()?;
        let start = whole_under(address, &bytes)?;
        // The time of last use decides who leaves first.
        let _ = file.set_modified(SystemTime::now());
        bytes.drain(..start);
        Some(bytes)
    }

    /// Keeps the bytes under that address, as long as there is room.
    pub(crate) fn put(&self, address: &str, bytes: &[u8]) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(before) = *used else {
            return;
        };
        if let Err(error) = self.write(address, bytes) {
            // A full disk must not cost the poster that was just fetched; it is shown all the same.
            tracing::debug!(%address, %error, "a poster is not kept");
            return;
        }
        let size = (head(address, bytes.len()).len() + bytes.len()) as u64;
        *used = Some(before + size);
        if before + size > self.limit {
            *used = shrink(&self.folder, self.limit).ok();
        }
    }

    fn write(&self, address: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(address);
        let making = path.with_extension(MAKING);
        let mut file = File::create(&making)?;
        let written = file
            .write_all(head(address, bytes.len()).as_bytes())
            .and_then(|()| file.write_all(bytes))
            .and_then(|()| fs::rename(&making, &path));
        if written.is_err() {
            let _ = fs::remove_file(&making);
        }
        written
    }

    fn path(&self, address: &str) -> PathBuf {
        self.folder.join(format!("{:016x}.{KEPT}", fnv(address)))
    }
}

/// FNV-1a of 64 bits: stable over releases, and a chance meeting of two is seen by the head.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

fn head(address: &str, length: usize) -> String {
    format!("matinee poster 1 {length} {address}\n")
}

/// Where the picture begins, if the file is that of this address and whole.
fn whole_under(address: &str, file: &[u8]) -> Option<usize> {
    let start = 1 + file.iter().position(|byte| *byte == b'\n')?;
    let right = head(address, file.len() - start);
    (file[..start] == *right.as_bytes()).then_some(start)
}

/// Clears what is half made; the bytes of the rest.
fn tidy(folder: &Path) -> io::Result<u64> {
    let mut used = 0;
    for entry in fs::read_dir(folder)?.take(FILES) {
        let entry = entry?;
        if entry.path().extension().is_some_and(|end| end == MAKING) {
            let _ = fs::remove_file(entry.path());
        } else {
            used += entry.metadata()?.len();
        }
    }
    Ok(used)
}

/// Removes the longest unused until a quarter is free, so that this happens seldom; the bytes left.
fn shrink(folder: &Path, limit: u64) -> io::Result<u64> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|end| end == KEPT) {
            let facts = entry.metadata()?;
            files.push((facts.modified()?, facts.len(), entry.path()));
        }
    }
    files.sort();
    let mut used: u64 = files.iter().map(|(_, size, _)| size).sum();
    for (_, size, path) in files {
        if used <= limit / 4 * 3 {
            break;
        }
        fs::remove_file(path)?;
        used -= size;
    }
    Ok(used)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_found_also_later() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(&folder.path().join("a/b"), 1000);
        assert_eq!(shelf.get("x"), None);
        shelf.put("x", b"one\ntwo");
        shelf.put("y", b"");
        shelf.put("x", b"new");
        let again = Shelf::open(&folder.path().join("a/b"), 1000);
        assert_eq!(again.get("x").unwrap(), b"new");
        assert_eq!(again.get("y").unwrap(), b"");
    }

    #[test]
    fn the_longest_unused_leave_first() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path(), 1000);
        let old = |name: &str, age| {
            let file = File::options().write(true).open(shelf.path(name)).unwrap();
            let when = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(age);
            file.set_modified(when).unwrap();
        };
        for (name, age) in [("a", 3), ("b", 1), ("c", 2)] {
            shelf.put(name, &[0; 270]);
            old(name, age);
        }
        // Reading makes it the youngest.
        shelf.get("b").unwrap();
        shelf.put("d", &[0; 270]);
        let there = ["a", "b", "c", "d"].map(|name| shelf.get(name).is_some());
        assert_eq!(there, [false, true, false, true]);
        assert!(tidy(folder.path()).unwrap() <= 1000);
    }

    #[test]
    fn what_is_not_whole_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path(), 1000);
        shelf.put("x", b"picture");
        let whole = fs::read(shelf.path("x")).unwrap();
        for length in 0..whole.len() {
            fs::write(shelf.path("x"), &whole[..length]).unwrap();
            assert_eq!(shelf.get("x"), None, "{length} bytes");
        }
        fs::write(shelf.path("y"), &whole).unwrap();
        assert_eq!(shelf.get("y"), None, "the file of another address");
    }

    #[test]
    fn a_folder_that_cannot_be_made_only_costs_the_keeping() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"").unwrap();
        let shelf = Shelf::open(&file, 1000);
        shelf.put("x", b"picture");
        assert_eq!(shelf.get("x"), None);
    }

    #[test]
    fn half_made_ones_are_cleared() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("0.new"), b"half").unwrap();
        Shelf::open(folder.path(), 1000);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
