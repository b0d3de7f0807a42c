//! A film that is a file of this box or of a drive.
//!
//! Read on threads that may block, never by a link that leads elsewhere. A file that shrinks, or
//! whose drive is pulled out, ends the film with a word.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use app::{Carrier, Progress, SupplyFailure};
use bytes::Bytes;
use media::{HeldFuture, ReadFuture, Source, SourceGone};

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
        })))
    }

    pub(crate) fn share(&self) -> LocalFilm {
        LocalFilm(Arc::clone(&self.0))
    }

    /// All of it is there.
    pub(crate) fn progress(&self) -> Progress {
        let size = self.0.size;
        Progress {
            carrier: Carrier::Drive,
            size,
            have: std::iter::once(0..size).collect(),
            ..Progress::default()
        }
    }
}

impl Inner {
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
        let start = offset.min(self.0.size);
        let len = (len.min(READ_MAX_BYTES) as u64).min(self.0.size - start) as usize;
        let film = Arc::clone(&self.0);
        Box::pin(async move {
            if len == 0 {
                return Ok(Bytes::new());
            }
            let read = tokio::task::spawn_blocking(move || film.read(start, len)).await;
            read.map_err(|_| SourceGone("closed".to_owned()))?
        })
    }

    /// All of it is.
    fn held(&self, offset: u64, len: usize) -> HeldFuture {
        let read = self.read_at(offset, len);
        Box::pin(async move { read.await.ok() })
    }
}
