//! Watches folders: the kernel says that something changed, and when it has been quiet for a moment
//! all is walked again.
//!
//! What exactly changed is not looked at: a walk costs little beside a copy of a film, and one that
//! sees everything cannot miss anything. Drives that come and go are a change of mounts, which the
//! kernel tells of too.

use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::watch::Sender;
use tokio::time::{Instant, sleep, timeout};

use super::TakesTorrent;
use super::index::{Index, Reader};
use super::walk::walk;

/// A copy of many files is one change when no two are further apart.
const QUIET: Duration = Duration::from_millis(500);
/// Something that never rests is walked this often.
const QUIET_MAX: Duration = Duration::from_secs(10);
/// Where the kernel cannot watch (a limit, a network's folder), the folders are walked so often.
const WITHOUT_WATCH: Duration = Duration::from_secs(60);
/// The mounts of this process (proc(5)): polled, it tells of changes.
const MOUNTS: &str = "/proc/self/mounts";
/// Events are not looked at; a read takes as many as fit.
const EVENT_BYTES: usize = 4096;

/// Walks and watches until nobody listens.
pub(super) async fn watch(
    folders: Vec<PathBuf>,
    torrents: TakesTorrent,
    index: Sender<Option<Arc<Index>>>,
) {
    let watcher = Watcher::new()
        .inspect_err(|error| tracing::warn!("folders cannot be watched: {error}"))
        .ok()
        .map(Arc::new);
    let mounts = mounts();
    let mut reader = Reader::new(torrents);
    loop {
        let (places, eyes) = (folders.clone(), watcher.clone());
        let walked = tokio::task::spawn_blocking(move || {
            let found = walk(&places, |folder| {
                if let Some(watcher) = &eyes {
                    watcher.add(folder);
                }
            });
            let read = reader.read(found);
            (reader, read)
        });
        let Ok((again, read)) = walked.await else {
            tracing::error!("a walk through the folders panicked");
            return;
        };
        reader = again;
        let same = index.borrow().as_deref() == Some(&read);
        if !same && index.send(Some(Arc::new(read))).is_err() {
            return;
        }
        changed(watcher.as_deref(), mounts.as_ref()).await;
        let begun = Instant::now();
        let more = || changed(watcher.as_deref(), mounts.as_ref());
        while begun.elapsed() < QUIET_MAX && timeout(QUIET, more()).await.is_ok() {}
    }
}

/// Until something may be other than before.
async fn changed(watcher: Option<&Watcher>, mounts: Option<&AsyncFd<OwnedFd>>) {
    let folders = async {
        match watcher {
            Some(watcher) => watcher.changed().await,
            None => sleep(WITHOUT_WATCH).await,
        }
    };
    let drives = async {
        let ready = match mounts {
            Some(mounts) => mounts.ready(Interest::PRIORITY).await,
            None => std::future::pending().await,
        };
        match ready {
            Ok(mut ready) => ready.clear_ready(),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = folders => {}
        () = drives => {}
    }
}

fn mounts() -> Option<AsyncFd<OwnedFd>> {
    let file = File::open(MOUNTS).ok()?;
    registered(file.into(), Interest::PRIORITY).ok()
}

/// By its readiness.
fn registered(fd: OwnedFd, interest: Interest) -> io::Result<AsyncFd<OwnedFd>> {
    // SAFETY: an owned descriptor is open, and the same one, until it is dropped.
    let registered = unsafe { AsyncFd::register_with_interest(fd, interest) };
    Ok(registered?)
}

struct Watcher(AsyncFd<OwnedFd>);

impl Watcher {
    fn new() -> io::Result<Watcher> {
        let fd = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?;
        Ok(Watcher(registered(fd, Interest::READABLE)?))
    }

    /// Watching a folder twice is watching it once.
    fn add(&self, folder: &Path) {
        let what = WatchFlags::CREATE
            | WatchFlags::CLOSE_WRITE
            | WatchFlags::DELETE
            | WatchFlags::DELETE_SELF
            | WatchFlags::MOVED_FROM
            | WatchFlags::MOVED_TO
            | WatchFlags::MOVE_SELF
            | WatchFlags::ONLYDIR;
        if let Err(error) = inotify::add_watch(self.0.get_ref(), folder, what) {
            tracing::debug!("{}: not watched: {error}", folder.display());
        }
    }

    async fn changed(&self) {
        loop {
            let Ok(mut ready) = self.0.readable().await else {
                return std::future::pending().await;
            };
            let mut events = [MaybeUninit::uninit(); EVENT_BYTES];
            let read = rustix::io::read(self.0.get_ref(), &mut events);
            match read {
                Ok(_) => return,
                Err(rustix::io::Errno::AGAIN) => ready.clear_ready(),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => {
                    tracing::warn!("folders are watched no more: {error}");
                    return std::future::pending().await;
                }
            }
        }
    }
}
