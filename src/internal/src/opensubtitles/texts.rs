//! Texts that were downloaded, in a folder: each cost one of the day's downloads, and is there
//! without a network too.
//!
//! Bounded; what was shown longest ago goes first. A file is written whole or not at all. Where the
//! disk takes nothing the text is shown all the same.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;

/// Some 600 texts of a long film, or a series in two languages.
const FOLDER_BYTES_MAX: u64 = 64 << 20;

/// What is being written.
const UNFINISHED: &str = "new";

#[derive(Debug, Clone)]
pub(super) struct Texts {
    folder: PathBuf,
}

impl Texts {
    pub(super) fn new(folder: PathBuf) -> Texts {
        Texts { folder }
    }

    fn path(&self, file: u64) -> PathBuf {
        self.folder.join(format!("{file}.text"))
    }

    pub(super) async fn get(&self, file: u64) -> Option<Bytes> {
        let path = self.path(file);
        let read = move || {
            let bytes = fs::read(&path).ok()?;
            // Used now: it goes last.
            let file = fs::File::options().append(true).open(&path);
            let _ = file.and_then(|file| file.set_modified(SystemTime::now()));
            Some(Bytes::from(bytes))
        };
        tokio::task::spawn_blocking(read).await.ok().flatten()
    }

    pub(super) async fn put(&self, file: u64, text: Bytes) {
        let (folder, path) = (self.folder.clone(), self.path(file));
        let write = move || {
            let kept = write(&folder, &path, &text);
            if let Err(error) = kept {
                tracing::warn!("{}: the text is not kept: {error}", path.display());
            }
        };
        if let Err(panic) = tokio::task::spawn_blocking(write).await {
            tracing::error!("keeping a text: {panic}");
        }
    }
}

fn write(folder: &Path, path: &Path, text: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    make_room(folder, text.len() as u64, FOLDER_BYTES_MAX)?;
    let unfinished = path.with_extension(UNFINISHED);
    let written = fs::write(&unfinished, text);
    let kept = written.and_then(|()| fs::rename(&unfinished, path));
    if kept.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    kept
}

/// Removes what was used longest ago until `bytes` more are no more than `max`.
fn make_room(folder: &Path, bytes: u64, max: u64) -> io::Result<()> {
    let mut kept = Vec::new();
    for entry in fs::read_dir(folder)?.flatten() {
        if let Ok(about) = entry.metadata() {
            let used = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            kept.push((used, about.len(), entry.path()));
        }
    }
    kept.sort();
    let mut held: u64 = kept.iter().map(|(_, bytes, _)| bytes).sum();
    for (_, size, path) in kept {
        if held + bytes <= max {
            break;
        }
        fs::remove_file(path)?;
        held -= size;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_folder_keeps_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        for (at, name) in ["c", "a", "b"].iter().enumerate() {
            let path = folder.path().join(name);
            fs::write(&path, [0; 100]).unwrap();
            let used = SystemTime::UNIX_EPOCH + Duration::from_secs(at as u64);
            let file = fs::File::options().append(true).open(path).unwrap();
            file.set_modified(used).unwrap();
        }
        let names = || {
            let entries = fs::read_dir(folder.path()).unwrap();
            let mut names: Vec<_> = entries.map(|it| it.unwrap().file_name()).collect();
            names.sort();
            names
        };
        make_room(folder.path(), 100, 400).unwrap();
        assert_eq!(names(), ["a", "b", "c"]);
        make_room(folder.path(), 150, 350).unwrap();
        assert_eq!(names(), ["a", "b"]);
    }

    #[tokio::test]
    async fn what_was_put_is_there_for_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("texts");
        Texts::new(place.clone())
            .put(7, Bytes::from_static(b"text"))
            .await;
        let again = Texts::new(place);
        assert_eq!(again.get(7).await.as_deref(), Some(&b"text"[..]));
        assert_eq!(again.get(8).await, None);
    }
}
