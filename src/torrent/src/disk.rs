//! What a disk says: which pieces lie there, what is in them, how much room there is.
//!
//! Decides nothing; the store does.

use std::ffi::CString;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use cache::{Cache, Entry, FilmKey};

/// Lists what is on disk into `cache`. What is no piece is deleted, in folders that are ours.
pub(super) fn restore(folder: &Path, cache: &mut Cache) -> io::Result<()> {
    for film in fs::read_dir(folder)? {
        let film = film?.path();
        let name = film.file_name().and_then(|name| name.to_str());
        let Some(info_hash) = name.and_then(super::magnet::hex) else {
            continue;
        };
        // One that cannot be listed is no reason to lose the others.
        if let Err(error) = restore_film(&film, FilmKey(info_hash), cache) {
            tracing::warn!("{}: {error}", film.display());
        }
        // Works on an empty one only.
        let _ = fs::remove_dir(&film);
    }
    Ok(())
}

fn restore_film(folder: &Path, film: FilmKey, cache: &mut Cache) -> io::Result<()> {
    // A folder's time changes with every piece that comes and goes, and is set at each play.
    let used = fs::metadata(folder)?
        .modified()
        .unwrap_or(SystemTime::UNIX_EPOCH);
    let used = used.duration_since(SystemTime::UNIX_EPOCH);
    let used = used.unwrap_or(Duration::ZERO).as_secs();
    for piece in fs::read_dir(folder)? {
        let piece = piece?;
        let metadata = piece.metadata()?;
        let number = piece.file_name().to_str().and_then(|n| n.parse().ok());
        match number {
            Some(number) if metadata.is_file() => {
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
    Ok(())
}

/// Exactly `len` bytes.
pub(super) fn read_at(path: &Path, offset: u64, len: usize) -> io::Result<Vec<u8>> {
    let mut data = vec![0; len];
    File::open(path)?.read_exact_at(&mut data, offset)?;
    Ok(data)
}

/// Free bytes for us, and all bytes, of the disk that `folder` is or will be on.
pub(super) fn space(folder: &Path) -> io::Result<(u64, u64)> {
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
