//! The films of the wall that come from a file: the bundled catalogue, and one the user names.
//!
//! A catalogue is a TOML file, its keys are in the `README.md` of this crate. Reading is strict: an
//! unknown key or a value out of range is a [`Mistake`] with file, line and field, because a typing
//! error that is passed over shows up months later as a film that finds no peers. Nothing is
//! fetched here; bytes of films are the torrent shell's.
//!
//! Invariant: what [`parse`] returns is fit for the core: ids are unique, every film has a source,
//! every address has a scheme somebody here can speak.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::{film, form};

/// The catalogue in the binary.
const BUNDLED: &str = include_str!("../bundled.toml");

/// What it is called in errors.
const BUNDLED_NAME: &str = "bundled.toml";

/// A film takes about 1.5 KiB: this is some 2,500 films, as many as the wall can show with joy.
const FILE_BYTES: u64 = 4 * 1024 * 1024;

/// Where a catalogue is wrong, and how.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {}{what}", label(field))]
pub struct Mistake {
    /// As it was given.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// `row.film.source.info_hash`; empty where the text is no TOML at all.
    pub field: String,
    /// What is wrong and what would be right.
    pub what: String,
}

fn label(field: &str) -> String {
    if field.is_empty() {
        String::new()
    } else {
        format!("{field}: ")
    }
}

/// Why a catalogue was not read.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    #[error("{}: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Mistake(#[from] Mistake),
}

/// The four films in the binary.
pub fn bundled() -> Vec<app::Row> {
    parse(BUNDLED, BUNDLED_NAME).expect("a test reads the bundled catalogue")
}

/// Reads a catalogue file. Posters with relative paths are looked for beside it.
///
/// # Errors
/// [`CatalogError::Read`] when it cannot be read or has more than 4 MiB, else the first
/// [`Mistake`] in it.
pub fn read(path: &Path) -> Result<Vec<app::Row>, CatalogError> {
    let failed = |source| CatalogError::Read {
        path: path.to_owned(),
        source,
    };
    let mut text = String::new();
    let file = File::open(path).map_err(failed)?;
    let read = file.take(FILE_BYTES + 1).read_to_string(&mut text);
    read.map_err(failed)?;
    if text.len() as u64 > FILE_BYTES {
        return Err(failed(io::Error::other("more than 4 MiB is no catalogue")));
    }
    Ok(parse(&text, &path.to_string_lossy())?)
}

/// The rows of a catalogue's text. `file_name` is for the mistakes, and its folder for posters
/// with relative paths.
///
/// # Errors
/// The first [`Mistake`].
pub fn parse(text: &str, file_name: &str) -> Result<Vec<app::Row>, Mistake> {
    film::rows(&form::Page::new(text, file_name))
}

#[cfg(test)]
mod tests;
