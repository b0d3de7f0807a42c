//! One database file: opened, checked after an unclean end, set aside when it is damaged.
//!
//! Every file is in WAL mode. A log that is still there at the start says that the last run did
//! not end in order; then every page is checked before it is believed. Invariant: a file that
//! cannot be read is renamed with its log, never written over; one of a newer release is left as
//! it is. What is in the tables is for others.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::StoreError;
use crate::schema::{self, Unfit};

/// Damaged files kept; the oldest goes first. More would be the same story told again.
const KEPT: usize = 3;

/// A reader waits so long for a writer. In WAL mode there is nothing to wait for but the instant
/// in which a log is begun anew.
const BUSY: Duration = Duration::from_secs(2);

/// The log is written into its file when it has so many pages of 4 KiB: 1 MiB, so that a log is
/// read fast after a power cut.
const LOG_PAGES: i64 = 256;

/// When a commit is on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sync {
    /// Before it is told: one sync of the log for each commit.
    Each,
    /// At the next checkpoint. A power cut takes the last commits, and never more than whole ones.
    Later,
}

/// A file and what to do with it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// A path, or the name of a memory that ends with its last connection.
    pub(crate) path: PathBuf,
    pub(crate) in_memory: bool,
    pub(crate) sync: Sync,
    pub(crate) steps: &'static [&'static str],
}

impl Place {
    /// Opens it, and makes it anew when there is none. A damaged one is set aside first; the words
    /// say what was wrong with it and where it is.
    pub(crate) fn open(&self) -> Result<(Connection, Option<String>), StoreError> {
        let damage = match self.open_as_it_is() {
            Err(error) if error.is_damage() => error,
            opened => return opened.map(|connection| (connection, None)),
        };
        let warning = self.set_aside(&damage)?;
        Ok((self.open_as_it_is()?, Some(warning)))
    }

    /// Renames the file, to which every connection must be closed; gives back words.
    pub(crate) fn set_aside(&self, damage: &StoreError) -> Result<String, StoreError> {
        let aside = self.rename().map_err(|source| StoreError::Io {
            path: self.path.clone(),
            source,
        })?;
        let warning = format!("{damage}; kept as {}", aside.display());
        tracing::warn!("begun anew: {warning}");
        Ok(warning)
    }

    /// Opens it, and takes it away first when it is damaged or a newer release's: for what can be
    /// fetched again.
    pub(crate) fn open_or_remake(&self) -> Result<Connection, StoreError> {
        match self.open_as_it_is() {
            Err(error) if error.is_damage() || matches!(error, StoreError::Newer { .. }) => {
                self.remove(&error)?;
                self.open_as_it_is()
            }
            opened => opened,
        }
    }

    /// Removes the file; every connection to it must be closed.
    pub(crate) fn remove(&self, why: &dyn fmt::Display) -> Result<(), StoreError> {
        tracing::warn!("{}: begun anew: {why}", self.path.display());
        for end in ["-wal", "-shm", ""] {
            gone(fs::remove_file(self.with_end(end))).map_err(|source| StoreError::Io {
                path: self.path.clone(),
                source,
            })?;
        }
        Ok(())
    }

    fn open_as_it_is(&self) -> Result<Connection, StoreError> {
        let unclean = !self.in_memory && fs::metadata(self.with_end("-wal")).is_ok();
        if !self.in_memory {
            self.make_private()?;
        }
        let mut connection = self.connect()?;
        if unclean {
            self.check(&connection)?;
        }
        let migrated = schema::migrate(&mut connection, self.steps);
        migrated.map_err(|unfit| match unfit {
            Unfit::Newer(version) => StoreError::Newer {
                path: self.path.clone(),
                version,
                known: self.steps.len(),
            },
            Unfit::Database(source) => self.failed(source),
        })?;
        Ok(connection)
    }

    /// One more connection to a file that is open.
    pub(crate) fn connect(&self) -> Result<Connection, StoreError> {
        self.settled().map_err(|source| self.failed(source))
    }

    fn settled(&self) -> rusqlite::Result<Connection> {
        // No lock inside: each connection is in one thread, or behind a lock of ours.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = if self.in_memory {
            let address = format!("file:/{}?vfs=memdb", self.path.display());
            Connection::open_with_flags(address, flags | OpenFlags::SQLITE_OPEN_URI)?
        } else {
            Connection::open_with_flags(&self.path, flags)?
        };
        connection.busy_timeout(BUSY)?;
        // It answers the mode that it has now; a memory has no log.
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        let sync = match self.sync {
            Sync::Each => "FULL",
            Sync::Later => "NORMAL",
        };
        connection.pragma_update(None, "synchronous", sync)?;
        connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
        // What a stranger wrote into the file runs nothing of its own.
        connection.pragma_update(None, "trusted_schema", false)?;
        Ok(connection)
    }

    fn check(&self, connection: &Connection) -> Result<(), StoreError> {
        let checked = connection
            .query_row("PRAGMA integrity_check (1)", (), |row| {
                row.get::<_, String>(0)
            })
            .map_err(|source| self.failed(source))?;
        if checked == "ok" {
            return Ok(());
        }
        Err(StoreError::Damaged {
            path: self.path.clone(),
            what: checked,
        })
    }

    /// Titles are private: the file is made for its owner alone, and the log takes after it.
    fn make_private(&self) -> Result<(), StoreError> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600);
        let made = options.open(&self.path);
        made.map(drop).map_err(|source| StoreError::Io {
            path: self.path.clone(),
            source,
        })
    }

    pub(crate) fn failed(&self, source: rusqlite::Error) -> StoreError {
        StoreError::Database {
            path: self.path.clone(),
            source,
        }
    }

    fn with_end(&self, end: &str) -> PathBuf {
        with_end(&self.path, end)
    }

    /// Renames the file and its log to `.damaged-1`, the ones before to 2 and 3.
    fn rename(&self) -> io::Result<PathBuf> {
        let aside = |number: usize| self.with_end(&format!(".damaged-{number}"));
        for number in (1..KEPT).rev() {
            for end in ["", "-wal"] {
                let (from, to) = (aside(number), aside(number + 1));
                // One without its log must not find the log of another beside it.
                gone(fs::remove_file(with_end(&to, end)))?;
                gone(fs::rename(with_end(&from, end), with_end(&to, end)))?;
            }
        }
        // The log first: without it the file is an older one, but with another's it is none.
        gone(fs::rename(
            self.with_end("-wal"),
            with_end(&aside(1), "-wal"),
        ))?;
        gone(fs::remove_file(self.with_end("-shm")))?;
        fs::rename(&self.path, aside(1))?;
        Ok(aside(1))
    }
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// What is not there need not be moved.
fn gone(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// Whether the file, and not the disk or another program, is at fault.
pub(crate) fn is_damage(error: &rusqlite::Error) -> bool {
    match error {
        rusqlite::Error::SqliteFailure(failure, _) => matches!(
            failure.code,
            // The last: tables are not as we made them.
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown
        ),
        rusqlite::Error::SqlInputError { error, .. } => matches!(
            error.code,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown
        ),
        // Values of another type than their column's.
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::Utf8Error(..) => true,
        _ => false,
    }
}
