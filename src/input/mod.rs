//! Keyboards and remotes without a desktop: reads the kernel's devices and says which keys of the
//! box are pressed.
//!
//! A thread of its own sleeps until a device says something, one comes or goes, a held button
//! counts again, or new meanings of buttons are there. Devices are found by watching their folder,
//! so no daemon is asked; a node that may not be read yet is tried again when its rights change.
//! It decides nothing about keys: `keys` and the maps say what a button means (`hearing`), the
//! core what is done.
//!
//! A button of a case that switches the power and does nothing else is ours too, for it means
//! standby, and only while this process lives: once it is gone the button is logind's, which shuts
//! the machine down in order. What of it was down before we looked counts as pressed.

mod device;
mod hearing;
mod hold;
mod keymap;
mod learnt;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::time::Instant;

use app::{Button, Key, Press};
use rustix::event::{PollFd, PollFlags};
use rustix::fs::inotify::ReadFlags;

use self::device::Device;
use self::hearing::{Hearing, Told};
use self::learnt::Learnt;
use crate::bell::{self, Bell};
use crate::folder_watch::{self, FolderWatch};

/// Where the kernel has its devices.
pub const FOLDER: &str = "/dev/input";

/// The owner's keymaps in the data folder.
pub const KEYMAPS: &str = "keymaps";

/// A living room has a handful; the rest are not opened.
const DEVICES_MAX: usize = 32;

/// Wishes waiting at most: they come by hand.
const WISHES: usize = 16;

/// The devices cannot be watched.
#[derive(Debug, thiserror::Error)]
#[error("keyboards and remotes cannot be read: {0}: {1}")]
pub struct InputError(PathBuf, io::Error);

/// What is to be known of keyboards and remotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    Key(Key, Press),
    /// A button was pressed that has no meaning; while the box learns buttons any, and its meaning.
    Heard(Button, Option<Key>),
    /// The keys that are down now.
    Held(Vec<Key>),
    /// A file of the owner's cannot be used, or not be written; which, where and why.
    Mistake(String),
}

/// Takes news; of keys it must not wait for anybody but the core.
pub type Sink = Arc<dyn Fn(News) + Send + Sync>;

enum Wish {
    /// Buttons are told, and press no keys.
    Learn(bool),
    /// These mean that from now on.
    Keep(Vec<(Button, Key)>),
}

/// The hand on the thread that reads. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Remotes {
    wishes: SyncSender<Wish>,
    bell: Bell,
}

impl Remotes {
    /// Whether buttons are told instead of pressing keys.
    pub fn learn(&self, on: bool) {
        self.wish(Wish::Learn(on));
    }

    /// These buttons mean that from now on, also after the next start.
    pub fn keep(&self, buttons: Vec<(Button, Key)>) {
        self.wish(Wish::Keep(buttons));
    }

    fn wish(&self, wish: Wish) {
        if let Err(TrySendError::Full(_)) = self.wishes.try_send(wish) {
            tracing::warn!("remotes: too much is wished at once");
        }
        self.bell.ring();
    }
}

/// Reads devices of `folder` on a thread of its own, as long as the process lives, by the owner's
/// keymaps in `keymaps`.
///
/// # Errors
/// When the folder cannot be watched. A device or a keymap that cannot be read is left out and
/// told.
pub fn start(folder: &Path, keymaps: &Path, sink: Sink) -> Result<Remotes, InputError> {
    let failed = |why: io::Error| InputError(folder.to_owned(), why);
    let (mut readers, remotes) = Readers::watch(folder, keymaps, sink).map_err(failed)?;
    let thread = std::thread::Builder::new().name("input".to_owned());
    let run = move || {
        if let Err(why) = readers.run() {
            tracing::error!("no key is heard any more: {why}");
        }
    };
    thread.spawn(run).map_err(failed)?;
    Ok(remotes)
}

/// The devices that are read.
struct Readers {
    folder: PathBuf,
    watch: FolderWatch,
    wishes: Receiver<Wish>,
    bell: Bell,
    sink: Sink,
    /// By the number of their node: `event3`.
    devices: BTreeMap<u64, Device>,
    hearing: Hearing,
    learnt: Learnt,
    /// As they were told last.
    held: Vec<Key>,
}

impl Readers {
    fn watch(folder: &Path, keymaps: &Path, sink: Sink) -> io::Result<(Readers, Remotes)> {
        let watch = FolderWatch::of(folder, folder_watch::NODES)?;
        let (sender, wishes) = sync_channel(WISHES);
        let bell = Bell::new()?;
        let remotes = Remotes {
            wishes: sender,
            bell: bell.clone(),
        };
        let (learnt, mistakes) = Learnt::read(keymaps);
        for mistake in mistakes {
            tracing::warn!("{mistake}");
            sink(News::Mistake(mistake));
        }
        let mut hearing = Hearing::default();
        hearing.maps.presets = keymap::presets();
        hearing.maps.owner = learnt.all();
        let mut readers = Readers {
            folder: folder.to_owned(),
            watch,
            wishes,
            bell,
            sink,
            devices: BTreeMap::new(),
            hearing,
            learnt,
            held: Vec::new(),
        };
        // After the watch is set: what comes in between is seen twice rather than not at all.
        readers.open_all()?;
        Ok((readers, remotes))
    }

    fn run(&mut self) -> io::Result<()> {
        loop {
            let (folder, woken, ready) = self.sleep()?;
            if folder {
                self.read_folder()?;
            }
            if woken {
                self.fulfil();
            }
            for number in ready {
                self.read(number);
            }
            let mut told = Vec::new();
            self.hearing.turn(Instant::now(), &mut told);
            self.tell(told);
        }
    }

    /// Until the folder changes, somebody wishes something, a device says something, or a held
    /// button counts again.
    fn sleep(&self) -> io::Result<(bool, bool, Vec<u64>)> {
        let mut all = vec![
            PollFd::new(&self.watch, PollFlags::IN),
            PollFd::new(&self.bell, PollFlags::IN),
        ];
        let devices = self.devices.values();
        all.extend(devices.map(|device| PollFd::new(device, PollFlags::IN)));
        bell::sleep(&mut all, self.hearing.due())?;
        // One that was pulled out says so by an error when it is read.
        let spoke = |one: &PollFd<'_>| !one.revents().is_empty();
        let ready = self.devices.keys().zip(&all[2..]);
        let ready = ready.filter(|(_, one)| spoke(one));
        let ready = ready.map(|(number, _)| *number).collect();
        Ok((spoke(&all[0]), spoke(&all[1]), ready))
    }

    fn read_folder(&mut self) -> io::Result<()> {
        let mut came = Vec::new();
        self.watch.heard(|name, what| {
            let node = name.and_then(|name| number(&name.to_string_lossy()));
            // What came and went too fast to be told has no name.
            let lost = what.contains(ReadFlags::QUEUE_OVERFLOW);
            let gone = what.contains(ReadFlags::DELETE);
            came.push((node, gone, lost));
        })?;
        for (node, gone, lost) in came {
            match node {
                // Another may get its number before this one is read and found to be gone.
                Some(node) if gone => self.close(node, "it was pulled out"),
                Some(node) => self.open(node),
                None if lost => self.open_all()?,
                None => {}
            }
        }
        Ok(())
    }

    fn open_all(&mut self) -> io::Result<()> {
        for entry in std::fs::read_dir(&self.folder)?.flatten() {
            if let Some(number) = number(&entry.file_name().to_string_lossy()) {
                self.open(number);
            }
        }
        Ok(())
    }

    /// Nothing of the device is held any more.
    fn close(&mut self, number: u64, why: &str) {
        let Some(device) = self.devices.remove(&number) else {
            return;
        };
        tracing::info!("no keys from {} any more: {why}", device.name());
        let mut told = Vec::new();
        self.hearing.went(number, &mut told);
        self.tell(told);
    }

    /// Does what was wished since.
    fn fulfil(&mut self) {
        self.bell.silence();
        loop {
            match self.wishes.try_recv() {
                Ok(Wish::Learn(on)) => {
                    tracing::info!("buttons are {}", if on { "learnt" } else { "keys again" });
                    self.hearing.learning = on;
                }
                Ok(Wish::Keep(buttons)) => {
                    for (button, key) in &buttons {
                        tracing::info!("learnt: {button:?} is {key:?}");
                    }
                    self.learnt.keep(&buttons, &self.sink);
                    self.hearing.maps.owner = self.learnt.all();
                }
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return,
            }
        }
    }

    fn open(&mut self, number: u64) {
        if self.devices.contains_key(&number) || self.devices.len() == DEVICES_MAX {
            return;
        }
        let path = self.folder.join(format!("event{number}"));
        match Device::open(&path, number) {
            Ok(Some(device)) => {
                let (name, kind, first) = (device.name(), device.kind(), device.held_at_first());
                tracing::info!("keys come from {name} ({}, {kind:?})", path.display());
                self.devices.insert(number, device);
                self.hearing.came(number, kind);
                let mut told = Vec::new();
                for said in first {
                    self.hearing.hear(number, said, Instant::now(), &mut told);
                }
                self.tell(told);
            }
            Ok(None) => {}
            // A node is made before its rights are set, and its rights are news too.
            Err(why) => tracing::debug!("{}: {why}", path.display()),
        }
    }

    fn read(&mut self, number: u64) {
        let Some(device) = self.devices.get_mut(&number) else {
            return;
        };
        let said = match device.read() {
            Ok(said) => said,
            Err(why) => return self.close(number, &why.to_string()),
        };
        let now = Instant::now();
        let mut told = Vec::new();
        for said in said {
            self.hearing.hear(number, said, now, &mut told);
        }
        self.tell(told);
    }

    fn tell(&mut self, told: Vec<Told>) {
        if told.is_empty() {
            return;
        }
        for it in told {
            (self.sink)(match it {
                Told::Key(key, press) => News::Key(key, press),
                Told::Heard(button, key) => News::Heard(button, key),
            });
        }
        let held = self.hearing.held();
        if held != self.held {
            self.held.clone_from(&held);
            (self.sink)(News::Held(held));
        }
    }
}

/// Of the node's name `event3`.
fn number(name: &str) -> Option<u64> {
    name.strip_prefix("event")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_event_nodes_are_devices() {
        assert_eq!(number("event12"), Some(12));
        assert_eq!(number("mouse0"), None);
        assert_eq!(number("event"), None);
        assert_eq!(number("by-path"), None);
    }
}
