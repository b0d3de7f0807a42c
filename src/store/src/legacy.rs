//! The library of releases before the store: one JSON file, taken in once and removed.
//!
//! Version 1 of `library.json`, the only one there was. What is marked already is newer and is
//! not replaced; the file goes when its marks are on the disk, so a power cut between the two
//! takes it in once more. One that cannot be read is set aside, as that release would have done.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::snapshot::{Film, ReadPlace};

/// The file's name in the data folder.
const FILE_NAME: &str = "library.json";

/// The release that wrote it read no more.
const FILE_BYTES: u64 = 64 * 1024 * 1024;

/// The only version there was.
const VERSION: u64 = 1;

#[derive(Deserialize)]
struct Head {
    version: u64,
}

#[derive(Deserialize)]
struct LibraryFile {
    marks: Vec<Mark>,
}

#[derive(Deserialize)]
struct Mark {
    film: Film,
    position_ms: u64,
    duration_ms: u64,
    watched: bool,
    played: u64,
    #[serde(default)]
    read: Option<ReadPlace>,
}

/// The file of a data folder, if it has one.
pub(crate) struct Legacy {
    path: PathBuf,
    pub(crate) library: app::Library,
}

impl Legacy {
    /// None when there is no file; words when it cannot be read, after it was set aside.
    pub(crate) fn find(folder: &Path) -> Result<Option<Legacy>, String> {
        let path = folder.join(FILE_NAME);
        let open = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            open => open,
        };
        let read = open
            .map_err(|error| error.to_string())
            .and_then(|file| read(&file));
        match read {
            Ok(library) => Ok(Some(Legacy { path, library })),
            Err(why) => {
                let aside = folder.join(format!("{FILE_NAME}.damaged"));
                let told = match fs::rename(&path, &aside) {
                    Ok(()) => format!("kept as {}", aside.display()),
                    Err(error) => format!("it could not be set aside: {error}"),
                };
                Err(format!("{}: {why}; {told}", path.display()))
            }
        }
    }

    /// Removes it, once its marks are on the disk.
    pub(crate) fn done(self) {
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!("{}: taken in, not removed: {error}", self.path.display());
        }
    }
}

fn read(file: &File) -> Result<app::Library, String> {
    let mut bytes = Vec::new();
    file.take(FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > FILE_BYTES {
        return Err(format!("it has more than {FILE_BYTES} bytes"));
    }
    // The version first: a newer file may have any other shape.
    let head: Head = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    if head.version != VERSION {
        return Err(format!("its version is {}, not {VERSION}", head.version));
    }
    let file: LibraryFile = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    let marks = file.marks.into_iter().map(|mark| {
        let mark = app::Mark {
            choices: app::Choices::default(),
            film: mark.film.into(),
            position: Duration::from_millis(mark.position_ms),
            duration: Duration::from_millis(mark.duration_ms),
            watched: mark.watched,
            played: mark.played,
            read: mark.read.map(app::ReadPlace::from),
        };
        (mark.film.id.clone(), mark)
    });
    Ok(app::Library {
        marks: marks.collect(),
        ..app::Library::default()
    })
}
