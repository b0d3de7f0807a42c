//! What comes to a folder, changes in it and goes, as the kernel tells (inotify(7)).

use std::ffi::CStr;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
use rustix::io::Errno;

/// Of device nodes: a new one belongs to root at first, and is opened to others a moment later.
pub const NODES: WatchFlags = WatchFlags::CREATE
    .union(WatchFlags::ATTRIB)
    .union(WatchFlags::DELETE);

/// A read takes as many events as fit.
const EVENT_BYTES: usize = 4096;

/// Readable when something was told. More than the kernel keeps (16,384 by default) is lost, and
/// told as [`ReadFlags::QUEUE_OVERFLOW`] without a name.
#[derive(Debug)]
pub struct FolderWatch(OwnedFd);

impl FolderWatch {
    /// Of no folder yet.
    ///
    /// # Errors
    /// The process may open nothing more.
    pub fn new() -> io::Result<FolderWatch> {
        let made = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        Ok(FolderWatch(made))
    }

    /// Of that folder.
    ///
    /// # Errors
    /// As [`FolderWatch::new`] and [`FolderWatch::add`].
    pub fn of(folder: &Path, what: WatchFlags) -> io::Result<FolderWatch> {
        let watch = FolderWatch::new()?;
        watch.add(folder, what)?;
        Ok(watch)
    }

    /// Of that folder too; one that is watched already is not watched twice.
    ///
    /// # Errors
    /// It is not there, cannot be read, or there are too many watches on this machine.
    pub fn add(&self, folder: &Path, what: WatchFlags) -> io::Result<()> {
        inotify::add_watch(&self.0, folder, what)?;
        Ok(())
    }

    /// Gives `each` all that was told since, with the name in the folder where there is one. It
    /// does not wait.
    ///
    /// # Errors
    /// As of read(2): that is a mistake of ours.
    pub fn heard(&self, mut each: impl FnMut(Option<&CStr>, ReadFlags)) -> io::Result<()> {
        let mut buffer = [MaybeUninit::uninit(); EVENT_BYTES];
        let mut told = inotify::Reader::new(&self.0, &mut buffer);
        loop {
            match told.next() {
                Ok(event) => each(event.file_name(), event.events()),
                Err(Errno::AGAIN) => return Ok(()),
                Err(Errno::INTR) => {}
                Err(why) => return Err(why.into()),
            }
        }
    }
}

impl AsFd for FolderWatch {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_and_goes_is_told_in_order_and_nothing_when_there_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let watch = FolderWatch::of(folder.path(), NODES).unwrap();
        let heard = || {
            let mut all = Vec::new();
            let told = watch.heard(|name, what| {
                let name = name.map(|name| name.to_string_lossy().into_owned());
                all.push((name.unwrap_or_default(), what));
            });
            told.unwrap();
            all
        };
        assert_eq!(heard(), []);
        std::fs::write(folder.path().join("event3"), "").unwrap();
        std::fs::remove_file(folder.path().join("event3")).unwrap();
        let name = "event3".to_owned();
        assert_eq!(
            heard(),
            [(name.clone(), ReadFlags::CREATE), (name, ReadFlags::DELETE)]
        );
        assert_eq!(heard(), []);
        let nowhere = folder.path().join("none");
        let why = FolderWatch::of(&nowhere, NODES).unwrap_err();
        assert_eq!(why.kind(), io::ErrorKind::NotFound);
    }
}
