//! What the owner has said of buttons: files in the data folder, and what was learnt.
//!
//! `keymaps/*.toml` are read in the order of their names, and `learnt.toml` last, for it was said
//! last. That one alone is written here, whole or not at all, on a thread of its own: a card may
//! take seconds, and keys are read meanwhile.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use app::{Button, Key};

use super::keymap::Keymap;
use super::{News, Sink};
use crate::small_file;

const LEARNT: &str = "learnt.toml";

/// Files of the owner's; more are not read.
const FILES_MAX: usize = 32;

pub(super) struct Learnt {
    folder: PathBuf,
    /// Of the owner's other files.
    written: Keymap,
    learnt: Keymap,
    /// What is to be written next; a newer one replaces it.
    next: Arc<Mutex<Option<String>>>,
    /// Held while the file is being written.
    writing: Arc<Mutex<()>>,
}

impl Learnt {
    /// What is in the folder, and what is wrong there; a folder that is not there has nothing.
    pub(super) fn read(folder: &Path) -> (Learnt, Vec<String>) {
        let mut mistakes = Vec::new();
        let mut written = Keymap::default();
        let mut learnt = Keymap::default();
        for path in files(folder, &mut mistakes) {
            let into = if path.file_name().is_some_and(|name| name == LEARNT) {
                &mut learnt
            } else {
                &mut written
            };
            match read(&path) {
                Ok(map) => into.take(map),
                Err(why) => mistakes.push(format!("{}: {why}", path.display())),
            }
        }
        let learnt = Learnt {
            folder: folder.to_owned(),
            written,
            learnt,
            next: Arc::default(),
            writing: Arc::default(),
        };
        (learnt, mistakes)
    }

    /// All of it as one.
    pub(super) fn all(&self) -> Keymap {
        let mut all = self.written.clone();
        all.take(self.learnt.clone());
        all
    }

    /// These mean that from now on, and after the next start.
    pub(super) fn keep(&mut self, buttons: &[(Button, Key)], sink: &Sink) {
        for (button, key) in buttons {
            self.learnt.learn(*button, *key);
        }
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.learnt.text());
        let (next, writing) = (Arc::clone(&self.next), Arc::clone(&self.writing));
        let (folder, failed) = (self.folder.clone(), Arc::clone(sink));
        let thread = std::thread::Builder::new().name("keymaps".to_owned());
        let spawned = thread.spawn(move || {
            let _one = writing.lock().unwrap_or_else(PoisonError::into_inner);
            let text = next.lock().unwrap_or_else(PoisonError::into_inner).take();
            // Another has written what is newer.
            let Some(text) = text else { return };
            match write(&folder, &text) {
                Ok(()) => tracing::info!("{}: written", folder.join(LEARNT).display()),
                Err(why) => failed(News::Mistake(format!("{}: {why}", folder.display()))),
            }
        });
        if let Err(why) = spawned {
            sink(News::Mistake(format!("{LEARNT}: {why}")));
        }
    }
}

/// The keymaps in the folder, by name, and what was learnt last.
fn files(folder: &Path, mistakes: &mut Vec<String>) -> Vec<PathBuf> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(why) => {
            if why.kind() != io::ErrorKind::NotFound {
                mistakes.push(format!("{}: {why}", folder.display()));
            }
            return Vec::new();
        }
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let mut paths: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    paths.sort_by_key(|path| (path.ends_with(LEARNT), path.clone()));
    if paths.len() > FILES_MAX {
        mistakes.push(format!("{}: more than {FILES_MAX} files", folder.display()));
        // What was learnt is kept.
        paths.drain(..paths.len() - FILES_MAX);
    }
    paths
}

fn read(path: &Path) -> Result<Keymap, String> {
    let text = small_file::read(path, "keymap").map_err(|why| why.to_string())?;
    // It was listed.
    let text = text.ok_or("it is gone")?;
    Keymap::parse(&text).map_err(|why| why.to_string())
}

fn write(folder: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    small_file::replace(&folder.join(LEARNT), text.as_bytes())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::{Duration, Instant};

    use super::*;

    /// Longer than any write here takes.
    const PATIENCE: Duration = Duration::from_secs(10);

    fn quiet() -> Sink {
        Arc::new(|news| panic!("{news:?}"))
    }

    fn written(folder: &Path) -> Learnt {
        let end = Instant::now() + PATIENCE;
        loop {
            let (learnt, mistakes) = Learnt::read(folder);
            assert_eq!(mistakes, Vec::<String>::new());
            if learnt.learnt != Keymap::default() {
                return learnt;
            }
            assert!(Instant::now() < end, "nothing was written");
            std::thread::yield_now();
        }
    }

    #[test]
    fn what_was_learnt_is_there_after_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let keymaps = folder.path().join("keymaps");
        let (mut learnt, mistakes) = Learnt::read(&keymaps);
        assert_eq!(mistakes, Vec::<String>::new(), "no folder is no mistake");
        learnt.keep(&[(Button::Infrared(0xdead), Key::Ok)], &quiet());
        let again = written(&keymaps);
        assert_eq!(again.all().key(Button::Infrared(0xdead)), Some(Key::Ok));
    }

    #[test]
    fn what_was_learnt_comes_before_what_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        put("learnt.toml", "[infrared]\n0x01 = \"ok\"\n");
        put("mine.toml", "[infrared]\n0x01 = \"up\"\n0x02 = \"down\"\n");
        put("zoo.toml", "[infrared]\n0x02 = \"left\"\n");
        put("notes.txt", "not one");
        let (learnt, mistakes) = Learnt::read(folder.path());
        assert_eq!(mistakes, Vec::<String>::new());
        assert_eq!(learnt.all().key(Button::Infrared(1)), Some(Key::Ok));
        assert_eq!(learnt.all().key(Button::Infrared(2)), Some(Key::Left));
    }

    #[test]
    fn a_file_that_is_wrong_is_told_and_the_others_count() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        put("a.toml", "[infrared]\n0x01 = \"okay\"\n");
        put("b.toml", "[infrared]\n0x01 = \"up\"\n");
        put("c.toml", &" ".repeat(70_000));
        let (learnt, mistakes) = Learnt::read(folder.path());
        assert_eq!(learnt.all().key(Button::Infrared(1)), Some(Key::Up));
        assert_eq!(mistakes.len(), 2);
        assert!(mistakes[0].ends_with("a.toml: line 2: there is no key \"okay\""));
        assert!(mistakes[1].ends_with("c.toml: more than 64 KiB are no keymap"));
    }

    #[test]
    fn a_folder_that_takes_nothing_is_told_and_the_buttons_count_until_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keymaps");
        let (mut learnt, _) = Learnt::read(&file);
        fs::write(&file, "a file in its place").unwrap();
        let (sender, told) = channel();
        let sink: Sink = Arc::new(move |news| sender.send(news).unwrap());
        learnt.keep(&[(Button::Cec(1), Key::Ok)], &sink);
        assert!(matches!(told.recv_timeout(PATIENCE), Ok(News::Mistake(_))));
        assert_eq!(learnt.all().key(Button::Cec(1)), Some(Key::Ok));
    }
}
