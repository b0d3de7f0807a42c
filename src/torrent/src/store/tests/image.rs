//! A disk in memory that remembers how it looked after each change, and fails on demand.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::super::super::disk::{Found, Fs};

/// What a disk holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Image {
    pub(super) files: BTreeMap<PathBuf, Arc<Vec<u8>>>,
    folders: BTreeMap<PathBuf, u64>,
    /// Files that a power cut does not change.
    synced: BTreeSet<PathBuf>,
    time: u64,
}

/// What it does instead of what it is told.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Fault {
    #[default]
    None,
    /// Changes fail with this number; reading works.
    Changes(i32),
    /// Everything does.
    All(i32),
    /// Files may take so many bytes together; what is beyond fails half-way.
    Full(u64),
}

#[derive(Debug, Default)]
struct Inner {
    now: Image,
    history: Vec<Image>,
    fault: Fault,
    device: u64,
    reads: u64,
}

/// A handle on it.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory(Arc<Mutex<Inner>>);

impl Memory {
    pub(super) fn of(now: Image) -> Memory {
        let memory = Memory::default();
        memory.lock().now = now;
        memory
    }

    pub(super) fn fail(&self, fault: Fault) {
        self.lock().fault = fault;
    }

    /// Another disk is seen at the same place.
    pub(super) fn swap(&self, device: u64, now: Image) {
        let mut inner = self.lock();
        inner.device = device;
        inner.now = now;
    }

    pub(super) fn image(&self) -> Image {
        self.lock().now.clone()
    }

    /// How it looked after each change.
    pub(super) fn history(&self) -> Vec<Image> {
        self.lock().history.clone()
    }

    /// Bytes of files that were read so far.
    pub(super) fn reads(&self) -> u64 {
        self.lock().reads
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    fn change<T>(&self, change: impl FnOnce(&mut Image) -> io::Result<T>) -> io::Result<T> {
        let mut inner = self.lock();
        if let Fault::Changes(number) | Fault::All(number) = inner.fault {
            return Err(io::Error::from_raw_os_error(number));
        }
        inner.now.time += 1;
        let done = change(&mut inner.now);
        let now = inner.now.clone();
        inner.history.push(now);
        done
    }

    fn look<T>(&self, look: impl FnOnce(&Image) -> io::Result<T>) -> io::Result<T> {
        let inner = self.lock();
        match inner.fault {
            Fault::All(number) => Err(io::Error::from_raw_os_error(number)),
            _ => look(&inner.now),
        }
    }

    fn put(&self, path: &Path, offset: usize, parts: &[Bytes], whole: bool) -> io::Result<()> {
        let data = parts.concat();
        let Fault::Full(most) = self.lock().fault else {
            return self.change(|image| image.put(path, offset, &data, whole));
        };
        self.change(|image| {
            let others = image.bytes() - image.files.get(path).map_or(0, |old| old.len() as u64);
            if others + (offset + data.len()) as u64 <= most {
                return image.put(path, offset, &data, whole);
            }
            if others + (offset + data.len() / 2) as u64 <= most {
                image.put(path, offset, &data[..data.len() / 2], whole)?;
            }
            Err(io::Error::from_raw_os_error(libc::ENOSPC))
        })
    }
}

fn not_found() -> io::Error {
    io::Error::from_raw_os_error(libc::ENOENT)
}

impl Image {
    /// Of all files together.
    pub(super) fn bytes(&self) -> u64 {
        self.files.values().map(|data| data.len() as u64).sum()
    }

    /// Of pieces, whole or being written.
    pub(super) fn piece_bytes(&self) -> u64 {
        let files = self.files.iter();
        let pieces = files.filter(|(path, _)| !path.to_string_lossy().contains("keep"));
        pieces.map(|(_, data)| data.len() as u64).sum()
    }

    /// What a power cut does to a file that was not synced. `harm`: 0 shortens it, 1 fills it
    /// with zeros, 2 takes it away, 3 does nothing.
    pub(super) fn harm(&mut self, path: &Path, harm: u8) {
        if self.synced.contains(path) {
            return;
        }
        let Some(data) = self.files.get_mut(path) else {
            return;
        };
        match harm % 4 {
            0 => *data = Arc::new(data[..data.len() / 2].to_vec()),
            1 => *data = Arc::new(vec![0; data.len()]),
            2 => drop(self.files.remove(path)),
            _ => {}
        }
    }

    fn put(&mut self, path: &Path, offset: usize, data: &[u8], whole: bool) -> io::Result<()> {
        let folder = path.parent().unwrap();
        let time = self.time;
        *self.folders.get_mut(folder).ok_or_else(not_found)? = time;
        self.synced.remove(path);
        let file = Arc::make_mut(self.files.entry(path.to_owned()).or_default());
        if whole {
            file.clear();
        }
        file.resize(file.len().max(offset + data.len()), 0);
        file[offset..offset + data.len()].copy_from_slice(data);
        Ok(())
    }
}

impl Fs for Memory {
    fn list(&self, folder: &Path) -> io::Result<Vec<Found>> {
        self.look(|image| {
            image.folders.get(folder).ok_or_else(not_found)?;
            let inside = |path: &Path| path.parent() == Some(folder);
            let files = image.files.iter().filter(|(path, _)| inside(path));
            let files = files.map(|(path, data)| Found {
                path: path.clone(),
                is_file: true,
                length: data.len() as u64,
            });
            let folders = image.folders.keys().filter(|path| inside(path));
            let folders = folders.map(|path| Found {
                path: path.clone(),
                is_file: false,
                length: 0,
            });
            Ok(files.chain(folders).collect())
        })
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        if self.look(|image| Ok(image.folders.contains_key(folder)))? {
            return Ok(());
        }
        self.change(|image| {
            for above in folder.ancestors() {
                image.folders.entry(above.to_owned()).or_insert(image.time);
            }
            Ok(())
        })
    }

    fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        if !self.list(folder)?.is_empty() {
            return Err(io::Error::from_raw_os_error(libc::ENOTEMPTY));
        }
        self.change(|image| {
            image.folders.remove(folder);
            Ok(())
        })
    }

    fn write(&self, path: &Path, parts: &[Bytes]) -> io::Result<()> {
        self.put(path, 0, parts, true)
    }

    fn write_at(&self, path: &Path, offset: u64, parts: &[Bytes]) -> io::Result<()> {
        self.length(path)?;
        self.put(path, offset as usize, parts, false)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        self.change(|image| {
            image.synced.insert(path.to_owned());
            Ok(())
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change(|image| {
            let data = image.files.remove(from).ok_or_else(not_found)?;
            image.files.insert(to.to_owned(), data);
            if image.synced.remove(from) {
                image.synced.insert(to.to_owned());
            }
            Ok(())
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.change(|image| {
            image.files.remove(path).ok_or_else(not_found)?;
            Ok(())
        })
    }

    fn read(&self, path: &Path, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        self.lock().reads += len as u64;
        self.look(|image| {
            let data = image.files.get(path).ok_or_else(not_found)?;
            let part = data.get(offset as usize..offset as usize + len);
            let part = part.ok_or(io::ErrorKind::UnexpectedEof)?;
            Ok(part.to_vec())
        })
    }

    fn length(&self, path: &Path) -> io::Result<u64> {
        self.look(|image| {
            let data = image.files.get(path).ok_or_else(not_found)?;
            Ok(data.len() as u64)
        })
    }

    fn touch(&self, folder: &Path) -> io::Result<()> {
        self.change(|image| {
            let time = image.time;
            *image.folders.get_mut(folder).ok_or_else(not_found)? = time;
            Ok(())
        })
    }

    fn touched(&self, folder: &Path) -> io::Result<SystemTime> {
        self.look(|image| {
            let time = image.folders.get(folder).ok_or_else(not_found)?;
            Ok(SystemTime::UNIX_EPOCH + Duration::from_secs(*time))
        })
    }

    fn device(&self, _: &Path) -> io::Result<u64> {
        Ok(self.lock().device)
    }

    fn space(&self, _: &Path) -> io::Result<(u64, u64)> {
        Ok((1 << 40, 1 << 41))
    }
}
