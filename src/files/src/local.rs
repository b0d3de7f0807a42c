//! A film that is a file of this box or of a drive.
//!
//! Read on threads that may block, never by a link that leads elsewhere. A file that shrinks, or
//! whose drive is pulled out, ends the film with a word; one that is late says so, and is read
//! ahead of the player (`pace`).

use std::fs::{File, OpenOptions};
use std::io;
use std::ops::Range;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use app::{Progress, SupplyFailure};
use bytes::Bytes;
use media::{HeldFuture, ReadFuture, Source, SourceGone};
use tokio::sync::watch;

use crate::pace::Pace;

/// One read is at most this, as of torrents.
const READ_MAX_BYTES: usize = 32 << 20;

/// What is told when a file fails while it is read.
type Failed = Box<dyn FnOnce(SupplyFailure) + Send>;

pub(crate) struct LocalFilm(Arc<Inner>);

struct Inner {
    file: File,
    path: PathBuf,
    name: String,
    size: u64,
    failed: Mutex<Option<Failed>>,
    pace: Mutex<Pace>,
    /// Rings when a read begins, ends or has come.
    changed: watch::Sender<()>,
}

impl std::fmt::Debug for LocalFilm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LocalFilm({})", self.0.path.display())
    }
}

impl LocalFilm {
    /// Blocks on the disk. `failed` is called once, from a thread that may block.
    pub(crate) fn open(path: &Path, failed: Failed) -> Result<LocalFilm, SupplyFailure> {
        let shown = path.display().to_string();
        let mut options = OpenOptions::new();
        // Not through a link, and without waiting for the other end of a pipe.
        options
            .read(true)
            .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_CLOEXEC);
        let none = |error: io::Error| match error.raw_os_error() {
            Some(libc::ELOOP) => SupplyFailure::Unsupported(format!("{shown} is a link")),
            Some(libc::EACCES | libc::EPERM) => {
                SupplyFailure::Unsupported(format!("{shown} may not be read"))
            }
            _ => SupplyFailure::NoFile(shown.clone()),
        };
        let file = options.open(path).map_err(none)?;
        let meta = file.metadata().map_err(none)?;
        if !meta.is_file() {
            return Err(SupplyFailure::Unsupported(format!("{shown} is no file")));
        }
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        Ok(LocalFilm(Arc::new(Inner {
            file,
            path: path.to_owned(),
            name: name.unwrap_or_default(),
            size: meta.len(),
            failed: Mutex::new(Some(failed)),
            pace: Mutex::new(Pace::new(meta.len())),
            changed: watch::Sender::new(()),
        })))
    }

    pub(crate) fn share(&self) -> LocalFilm {
        LocalFilm(Arc::clone(&self.0))
    }

    /// How it does; `sample`: a quarter of a second is over.
    pub(crate) fn progress(&self, sample: bool) -> Progress {
        self.0.pace().progress(sample, Instant::now())
    }

    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.0.changed.subscribe()
    }

    /// Reads ahead of the player where the drive is slow; ends where it cannot be read.
    pub(crate) async fn read_ahead(&self) {
        let mut changed = self.changes();
        loop {
            let next = self.0.pace().ahead();
            let done = match next {
                Some(next) => self.0.read_on_a_thread(next).await.is_ok(),
                None => changed.changed().await.is_ok(),
            };
            if !done {
                return;
            }
        }
    }
}

/// Somebody waits for bytes; dropping it ends that.
struct Reading {
    film: Arc<Inner>,
    read: u64,
}

impl Reading {
    fn begin(film: &Arc<Inner>, at: u64) -> Reading {
        let read = film.pace().begins(at, Instant::now());
        film.changed.send_replace(());
        let film = Arc::clone(film);
        Reading { film, read }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.film.pace().ends(self.read);
        self.film.changed.send_replace(());
    }
}

impl Inner {
    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn read_on_a_thread(self: &Arc<Self>, bytes: Range<u64>) -> Result<Bytes, SourceGone> {
        let (film, at) = (Arc::clone(self), bytes.clone());
        let len = (bytes.end - bytes.start) as usize;
        let read = tokio::task::spawn_blocking(move || film.read(at.start, len)).await;
        let read = read.map_err(|_| SourceGone("closed".to_owned()))??;
        self.pace().came(bytes);
        self.changed.send_replace(());
        Ok(read)
    }

    fn read(&self, offset: u64, len: usize) -> Result<Bytes, SourceGone> {
        let mut bytes = vec![0; len];
        let read = self.file.read_exact_at(&mut bytes, offset);
        read.map_err(|error| {
            let path = self.path.display().to_string();
            let failure = if error.kind() == io::ErrorKind::UnexpectedEof {
                SupplyFailure::Changed(path)
            } else {
                tracing::warn!("{path}: {error}");
                SupplyFailure::Unplugged(path)
            };
            let gone = SourceGone(app::supply_lost(&failure));
            let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(failed) = failed.take() {
                failed(failure);
            }
            gone
        })?;
        Ok(bytes.into())
    }
}

impl Source for LocalFilm {
    fn size(&self) -> u64 {
        self.0.size
    }

    fn name(&self) -> &str {
        &self.0.name
    }

    fn read_at(&self, offset: u64, len: usize) -> ReadFuture {
        let bytes = self.part(offset, len);
        let film = Arc::clone(&self.0);
        Box::pin(async move {
            if bytes.is_empty() {
                return Ok(Bytes::new());
            }
            let _reading = Reading::begin(&film, bytes.start);
            film.read_on_a_thread(bytes).await
        })
    }

    /// All of it is, unless the drive is slow.
    fn held(&self, offset: u64, len: usize) -> HeldFuture {
        let bytes = self.part(offset, len);
        let held = self.0.pace().holds(&bytes);
        let film = Arc::clone(&self.0);
        Box::pin(async move {
            if held {
                film.read_on_a_thread(bytes).await.ok()
            } else {
                None
            }
        })
    }
}

impl LocalFilm {
    /// `len` bytes from `offset`, fewer where the film ends.
    fn part(&self, offset: u64, len: usize) -> Range<u64> {
        let start = offset.min(self.0.size);
        let end = start.saturating_add(len.min(READ_MAX_BYTES) as u64);
        start..end.min(self.0.size)
    }
}
