//! `matinee export` and `matinee import`: the owner's data as one file, from box to box.
//!
//! What is in the file is the store's matter. Both work on a data folder that no box uses; one that
//! is in use is said so.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use store::{IMPORT_BYTES_MAX, Import, ImportError, Imported, Store, StoreError};

/// Why it was not written or read.
#[derive(Debug, thiserror::Error)]
pub enum PortableError {
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}: {source}", path.display())]
    Import { path: PathBuf, source: ImportError },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes what the box of that data folder has to a new file; the bytes.
///
/// # Errors
/// A file of that name exists, or one of the two cannot be read or written.
pub fn export(data: &Path, path: &Path) -> Result<usize, PortableError> {
    let failed = |source| PortableError::File {
        path: path.to_owned(),
        source,
    };
    let opened = Store::open(data, |_| {})?;
    let bytes = opened.store.export()?;
    let mut file = File::create_new(path).map_err(failed)?;
    let written = file.write_all(&bytes).and_then(|()| file.sync_all());
    written.map_err(failed)?;
    Ok(bytes.len())
}

/// Takes in such a file: all of it, or nothing.
///
/// # Errors
/// It cannot be read, is no such file, or is of a newer version.
pub fn import(data: &Path, path: &Path, import: Import) -> Result<Imported, PortableError> {
    let failed = |source| PortableError::File {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    // One more, so that a file that is too large is seen to be.
    let mut file = file.take(IMPORT_BYTES_MAX as u64 + 1);
    file.read_to_end(&mut bytes).map_err(failed)?;
    let opened = Store::open(data, |_| {})?;
    let imported = opened.store.import(&bytes, import);
    imported.map_err(|source| PortableError::Import {
        path: path.to_owned(),
        source,
    })
}
