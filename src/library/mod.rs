//! The library on disk: resume positions and watched marks in one file, safe against power cuts.
//!
//! [`open`] reads it once; a [`Ledger`] writes each new state on its own thread, the newest wins.
//! Invariant: whenever the power goes, the next start finds one whole library, the last written or
//! the one before (`write` says how), and never loses a file it could not read: it is set aside.
//!
//! One JSON file and not a database: a few hundred films are some 500 kB, written at most once a
//! second, and a person can read and mend it. What the marks mean is the core's.

mod file;
mod ledger;
mod write;

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

pub use self::ledger::Ledger;

/// The file's name in the data folder.
pub const FILE_NAME: &str = "library.json";

/// A mark takes about 1.5 KiB: this is over 40,000 films, past anyone's lifetime.
const FILE_BYTES: u64 = 64 * 1024 * 1024;

/// Damaged files kept at most; when there are more, something else is wrong with this box.
const SET_ASIDE: u32 = 100;

/// Why the library could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}: damaged: {what}", path.display())]
    Damaged { path: PathBuf, what: String },
    #[error(
        "{}: written by a newer version (file version {version}, known is {})",
        path.display(),
        file::VERSION
    )]
    Newer { path: PathBuf, version: u64 },
}

/// What was found at the start.
#[derive(Debug)]
pub struct Opened {
    /// Empty when there was none, or none that can be read.
    pub library: app::Library,
    /// What was wrong with the file that was there, and where it was put; for a word to the viewer.
    pub warning: Option<String>,
}

/// Reads the library of a data folder. Never fails: what cannot be read is set aside as
/// `library.json.damaged-N` and told in [`Opened::warning`].
pub fn open(folder: &Path) -> Opened {
    let path = folder.join(FILE_NAME);
    match read(&path) {
        Ok(library) => Opened {
            library,
            warning: None,
        },
        Err(error) => {
            let warning = match set_aside(&path) {
                Ok(aside) => format!("{error}; kept as {}", aside.display()),
                Err(why) => format!("{error}; it could not be set aside: {why}"),
            };
            tracing::warn!("library not read: {warning}");
            Opened {
                library: app::Library::default(),
                warning: Some(warning),
            }
        }
    }
}

/// The library in that file, empty when there is no file.
fn read(path: &Path) -> Result<app::Library, LibraryError> {
    let io = |source| LibraryError::Io {
        path: path.to_owned(),
        source,
    };
    let open = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(app::Library::default());
        }
        open => open.map_err(io)?,
    };
    let mut bytes = Vec::new();
    open.take(FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(io)?;
    if bytes.len() as u64 > FILE_BYTES {
        return Err(LibraryError::Damaged {
            path: path.to_owned(),
            what: format!("it has more than {FILE_BYTES} bytes"),
        });
    }
    file::library(&bytes, path)
}

/// Renames it to the first free `.damaged-N`; the last N is used again.
fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let aside = |number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".damaged-{number}"));
        PathBuf::from(name)
    };
    let free = (1..SET_ASIDE)
        .map(aside)
        .find(|path| fs::symlink_metadata(path).is_err());
    let aside = free.unwrap_or_else(|| aside(SET_ASIDE));
    fs::rename(path, &aside)?;
    Ok(aside)
}

#[cfg(test)]
mod tests;
