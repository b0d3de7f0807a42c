//! What the store asks of a disk, and the disk that does it.
//!
//! Decides nothing; the store does. A border of its own because what a store promises of a disk
//! that is cut off, full or pulled out can only be shown with one that does so on demand, and that
//! remembers in which order it was told what. Nothing is mapped and no length is set ahead of the
//! bytes: vfat and exFAT fill the gap with zeros, 15 s for 256 MiB.

use std::ffi::CString;
use std::fmt::Debug;
use std::fs::{self, File, OpenOptions};
use std::io::{self, IoSlice, Read, Seek, SeekFrom, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bytes::Bytes;

/// Something in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) is_file: bool,
    /// In bytes.
    pub(super) length: u64,
}

/// All paths are absolute or relative to where the program was started. No call follows another
/// before it has returned.
pub(super) trait Fs: Debug + Send + Sync {
    /// What is in a folder; in no order.
    fn list(&self, folder: &Path) -> io::Result<Vec<Found>>;
    /// The folder and those it is in; there already is no error.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;
    /// An empty one.
    fn remove_folder(&self, folder: &Path) -> io::Result<()>;
    /// A file of these parts and nothing else.
    fn write(&self, path: &Path, parts: &[Bytes]) -> io::Result<()>;
    /// These parts into a file that is there, from `offset` on.
    fn write_at(&self, path: &Path, offset: u64, parts: &[Bytes]) -> io::Result<()>;
    /// Everything the file holds is on the disk, and so is its name.
    fn sync(&self, path: &Path) -> io::Result<()>;
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Exactly `len` bytes.
    fn read(&self, path: &Path, offset: u64, len: usize) -> io::Result<Vec<u8>>;
    /// Of a file; what is none is an error.
    fn length(&self, path: &Path) -> io::Result<u64>;
    /// Sets the time of a folder to now.
    fn touch(&self, folder: &Path) -> io::Result<()>;
    /// The time of a folder.
    fn touched(&self, folder: &Path) -> io::Result<SystemTime>;
    /// Number of the file system that the folder is or will be on.
    fn device(&self, folder: &Path) -> io::Result<u64>;
    /// Free bytes for us, and all bytes, of the same.
    fn space(&self, folder: &Path) -> io::Result<(u64, u64)>;
}

/// The real one.
#[derive(Debug)]
pub(super) struct Disk;

impl Fs for Disk {
    fn list(&self, folder: &Path) -> io::Result<Vec<Found>> {
        let mut all = Vec::new();
        for found in fs::read_dir(folder)? {
            let found = found?;
            // One that has gone meanwhile is not there.
            let Ok(metadata) = found.metadata() else {
                continue;
            };
            all.push(Found {
                path: found.path(),
                is_file: metadata.is_file(),
                length: metadata.len(),
            });
        }
        Ok(all)
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)
    }

    fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        fs::remove_dir(folder)
    }

    fn write(&self, path: &Path, parts: &[Bytes]) -> io::Result<()> {
        write_all(&File::create(path)?, parts)
    }

    fn write_at(&self, path: &Path, offset: u64, parts: &[Bytes]) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        write_all(&file, parts)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()?;
        match path.parent() {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn read(&self, path: &Path, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        if offset > 0 {
            file.seek(SeekFrom::Start(offset))?;
        }
        // Into memory that was not cleared before.
        let mut data = Vec::with_capacity(len);
        file.take(len as u64).read_to_end(&mut data)?;
        if data.len() < len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(data)
    }

    fn length(&self, path: &Path) -> io::Result<u64> {
        let metadata = fs::symlink_metadata(path)?;
        if metadata.is_file() {
            Ok(metadata.len())
        } else {
            Err(io::ErrorKind::InvalidData.into())
        }
    }

    fn touch(&self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.set_modified(SystemTime::now())
    }

    fn touched(&self, folder: &Path) -> io::Result<SystemTime> {
        fs::metadata(folder)?.modified()
    }

    fn device(&self, folder: &Path) -> io::Result<u64> {
        Ok(fs::metadata(existing(folder))?.dev())
    }

    fn space(&self, folder: &Path) -> io::Result<(u64, u64)> {
        let path = CString::new(existing(folder).as_os_str().as_bytes())?;
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
}

fn write_all(mut file: &File, parts: &[Bytes]) -> io::Result<()> {
    let mut slices: Vec<IoSlice> = parts.iter().map(|part| IoSlice::new(part)).collect();
    let mut slices = &mut slices[..];
    while !slices.is_empty() {
        match file.write_vectored(slices) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut slices, written),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The folder, or the nearest around it that is there.
fn existing(folder: &Path) -> &Path {
    let there = folder.ancestors().find(|ancestor| ancestor.exists());
    there.unwrap_or(Path::new("."))
}

/// Seconds of the epoch.
pub(super) fn seconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or(Duration::ZERO).as_secs()
}
