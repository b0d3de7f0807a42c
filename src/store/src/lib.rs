//! What the box remembers: the owner's library, add-ons and choices, answers of servers, and an
//! index of all that was seen. SQLite in three files of one folder.
//!
//! - `owner.db`: what the owner would miss. A commit is on the disk before it is told.
//! - `answers.db`: what was once fetched, bounded in bytes. A power cut may take the last ones.
//! - `seen.db`: what search finds without any source; as `answers.db`.
//!
//! Three files because they may be lost differently: a damaged cache is removed and begun anew
//! without a word, the owner's file is set aside and told. All are in WAL mode; after an end
//! without order (the log is still there) every page is checked. What is handed over is written by
//! one thread of the store's ([`Store::save`] and its like never wait); reading goes on beside it.
//!
//! What a library or an add-on means is the core's and the catalogue's, HTTP's rules are the
//! fetcher's, pictures are kept elsewhere.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod answers;
mod chosen;
mod file;
mod house;
mod legacy;
mod marks;
mod memory;
mod owner;
mod portable;
mod schema;
mod seen;
mod snapshot;
mod store;
mod writer;

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use answers::{ANSWERS_BYTES, Answer, Answers};
pub use owner::{ADDONS_MAX, Addon, SEARCHES_MAX, VISITS_MAX, Visit};
pub use portable::{IMPORT_BYTES_MAX, Import, ImportError, Imported, films_of_export};
pub use seen::{Hit, Item, Rank};
pub use store::{Opened, Store};

/// Why the store could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}: {source}", path.display())]
    Database {
        path: PathBuf,
        source: rusqlite::Error,
    },
    #[error("{}: damaged: {what}", path.display())]
    Damaged { path: PathBuf, what: String },
    #[error(
        "{}: written by a newer version (file version {version}, known is {known})",
        path.display()
    )]
    Newer {
        path: PathBuf,
        version: usize,
        known: usize,
    },
    #[error("too much waits to be written")]
    Busy,
}

impl StoreError {
    /// Whether the file's bytes, and not the disk or another program, are at fault.
    fn is_damage(&self) -> bool {
        match self {
            StoreError::Io { source, .. } => source.kind() == io::ErrorKind::IsADirectory,
            StoreError::Database { source, .. } => file::is_damage(source),
            StoreError::Damaged { .. } => true,
            StoreError::Newer { .. } | StoreError::Busy => false,
        }
    }
}

/// What a panic of another thread left behind is as whole as it was: each change is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
