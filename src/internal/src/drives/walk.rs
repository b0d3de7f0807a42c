//! What lies in folders: films, texts, torrents, links; found in a bounded walk that stays inside.
//!
//! Links are not followed, whatever they lead to: what they name inside is found by itself, and
//! what they name outside is not the owner's to show. Hidden folders and those of systems are left
//! out.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders within folders; a series has its seasons in the third.
const DEPTH_MAX: usize = 8;
/// Folders that are looked into, and watched: half of what one user may watch on a small system
/// (fs.inotify.max_user_watches was 8192 for long).
const FOLDERS_MAX: usize = 4096;
/// Names that are looked at.
const NAMES_MAX: usize = 200_000;
/// Films, and texts, and torrents, and links that are taken.
const TAKEN_MAX: usize = 10_000;

const FILMS: &[&str] = &[
    "3gp", "avi", "divx", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "ogm", "ogv",
    "ts", "vob", "webm", "wmv",
];
const TEXTS: &[&str] = &["ass", "srt", "ssa", "sub", "vtt"];
/// Of systems, on drives that they used.
const SYSTEM: &[&str] = &["$RECYCLE.BIN", "System Volume Information", "lost+found"];

#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) films: Vec<File>,
    pub(super) texts: Vec<PathBuf>,
    pub(super) torrents: Vec<PathBuf>,
    /// Text files, which may hold magnet links.
    pub(super) links: Vec<PathBuf>,
    /// The folders as they are without links; a film's path begins with one.
    pub(super) roots: Vec<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    pub(super) path: PathBuf,
    /// From its folder among the owner's.
    pub(super) below: PathBuf,
    pub(super) bytes: u64,
}

/// By its ending.
pub(super) fn is_film(name: &str) -> bool {
    let end = name
        .rsplit_once('.')
        .map(|(_, end)| end.to_ascii_lowercase());
    end.is_some_and(|end| FILMS.contains(&end.as_str()))
}

/// Walks `folders`; `enter` is told of each before it is read, so that nothing that comes later
/// goes unseen. Blocks on the disk.
pub(super) fn walk(folders: &[PathBuf], mut enter: impl FnMut(&Path)) -> Found {
    let mut found = Found::default();
    let mut walk = Walk {
        folders: 0,
        names: 0,
    };
    for folder in folders {
        let Ok(root) = folder.canonicalize() else {
            // A drive that is not in: its folder may come.
            let there = folder.ancestors().find(|it| it.is_dir());
            there.into_iter().for_each(&mut enter);
            continue;
        };
        // One folder inside another is walked once.
        if !found.roots.iter().any(|known| root.starts_with(known)) {
            walk.enter(&root, &root, 0, &mut found, &mut enter);
            found.roots.push(root);
        }
    }
    found
}

struct Walk {
    folders: usize,
    names: usize,
}

impl Walk {
    fn enter(
        &mut self,
        folder: &Path,
        root: &Path,
        depth: usize,
        found: &mut Found,
        enter: &mut impl FnMut(&Path),
    ) {
        if depth > DEPTH_MAX || self.folders == FOLDERS_MAX {
            tracing::debug!("not looked into: {}", folder.display());
            return;
        }
        self.folders += 1;
        enter(folder);
        let Ok(entries) = fs::read_dir(folder) else {
            return;
        };
        let mut inner = Vec::new();
        for entry in entries.flatten() {
            self.names += 1;
            if self.names > NAMES_MAX {
                tracing::warn!("too many files: {} is not seen whole", root.display());
                return;
            }
            let name = entry.file_name();
            // What has no name in Unicode cannot be told to anybody.
            let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else {
                continue;
            };
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !SYSTEM.contains(&name) => inner.push(entry.path()),
                Ok(kind) if kind.is_file() => take(&entry, name, root, found),
                _ => {}
            }
        }
        inner.sort_unstable();
        for folder in inner {
            self.enter(&folder, root, depth + 1, found, enter);
        }
    }
}

fn take(entry: &fs::DirEntry, name: &str, root: &Path, found: &mut Found) {
    let path = entry.path();
    let Some((_, end)) = name.rsplit_once('.') else {
        return;
    };
    let end = end.to_ascii_lowercase();
    let list = match end.as_str() {
        "torrent" => &mut found.torrents,
        "magnet" | "txt" => &mut found.links,
        end if TEXTS.contains(&end) => &mut found.texts,
        end if FILMS.contains(&end) && found.films.len() < TAKEN_MAX => {
            let bytes = entry.metadata().map_or(0, |it| it.len());
            let below = path.strip_prefix(root).unwrap_or(&path).to_owned();
            found.films.push(File { path, below, bytes });
            return;
        }
        _ => return,
    };
    if list.len() < TAKEN_MAX {
        list.push(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn write(root: &Path, name: &str) {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"x").unwrap();
    }

    #[test]
    fn a_walk_stays_inside_and_ends() {
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let root = folder.path();
        write(outside.path(), "secret.mkv");
        for name in ["a.mkv", "in/b.MP4", "in/b.srt", ".hidden/c.mkv", "d.doc"] {
            write(root, name);
        }
        write(root, &format!("{}deep.mkv", "x/".repeat(DEPTH_MAX + 1)));
        write(root, "lost+found/e.mkv");
        symlink(outside.path(), root.join("out")).unwrap();
        symlink(outside.path().join("secret.mkv"), root.join("f.mkv")).unwrap();
        symlink(root, root.join("in/again")).unwrap();
        let mut entered = 0;
        // The folder and one inside it, and one that is not there.
        let folders = [root.to_owned(), root.join("in"), root.join("gone/x")];
        let found = walk(&folders, |_| entered += 1);
        let mut below: Vec<_> = found.films.iter().map(|it| it.below.clone()).collect();
        below.sort();
        assert_eq!(below, [PathBuf::from("a.mkv"), PathBuf::from("in/b.MP4")]);
        assert_eq!((found.texts.len(), found.roots.len()), (1, 1));
        assert_eq!(entered, 2 + DEPTH_MAX + 1);
    }
}
