//! Keyboards and remotes without a desktop: reads the kernel's devices and says which keys of the
//! box are pressed.
//!
//! A thread of its own sleeps until a device says something, one comes or goes, or a held button
//! counts again. Devices are found by watching their folder, so no daemon is asked; a node that
//! may not be read yet is tried again when its rights change. It decides nothing about keys:
//! `keys` says what a code means, the core what is done.

mod device;
mod hold;

use std::collections::BTreeMap;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::time::Instant;

use app::{Key, Press};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
use rustix::io::Errno;

use self::device::{Device, Said};
use self::hold::{Hold, pressed};
use crate::keys;

/// Where the kernel has its devices.
pub const FOLDER: &str = "/dev/input";

/// A living room has a handful; the rest are not opened.
const DEVICES_MAX: usize = 32;

/// The devices cannot be watched.
#[derive(Debug, thiserror::Error)]
#[error("keyboards and remotes cannot be read: {0}: {1}")]
pub struct InputError(PathBuf, io::Error);

/// Takes a key and what happened to it; must not block.
pub type Sink = Box<dyn Fn(Key, Press) + Send>;

/// Reads devices of `folder` on a thread of its own, as long as the process lives.
///
/// # Errors
/// When the folder cannot be watched. A device that cannot be read is left out and logged.
pub fn start(folder: &Path, sink: Sink) -> Result<(), InputError> {
    let failed = |why: io::Error| InputError(folder.to_owned(), why);
    let mut readers = Readers::watch(folder, sink).map_err(failed)?;
    let thread = std::thread::Builder::new().name("input".to_owned());
    let run = move || {
        if let Err(why) = readers.run() {
            tracing::error!("no key is heard any more: {why}");
        }
    };
    thread.spawn(run).map_err(failed)?;
    Ok(())
}

/// The devices that are read.
struct Readers {
    folder: PathBuf,
    watch: OwnedFd,
    sink: Sink,
    /// By the number of their node: `event3`.
    devices: BTreeMap<u64, Device>,
    hold: Hold,
}

impl Readers {
    fn watch(folder: &Path, sink: Sink) -> io::Result<Readers> {
        let watch = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        let news = WatchFlags::CREATE | WatchFlags::ATTRIB | WatchFlags::DELETE;
        inotify::add_watch(&watch, folder, news)?;
        let mut readers = Readers {
            folder: folder.to_owned(),
            watch,
            sink,
            devices: BTreeMap::new(),
            hold: Hold::default(),
        };
        // After the watch is set: what comes in between is seen twice rather than not at all.
        for entry in std::fs::read_dir(folder)?.flatten() {
            if let Some(number) = number(&entry.file_name().to_string_lossy()) {
                readers.open(number);
            }
        }
        Ok(readers)
    }

    fn run(&mut self) -> io::Result<()> {
        loop {
            let (folder, ready) = self.sleep()?;
            if folder {
                self.read_folder()?;
            }
            for number in ready {
                self.read(number);
            }
            if let Some(key) = self.hold.repeat(Instant::now()) {
                (self.sink)(key, Press::Repeat);
            }
        }
    }

    /// Until the folder changes, a device says something, or a held button counts again.
    fn sleep(&self) -> io::Result<(bool, Vec<u64>)> {
        let left = self.hold.due().map(|due| {
            let left = due.saturating_duration_since(Instant::now());
            Timespec {
                tv_sec: left.as_secs() as i64,
                tv_nsec: i64::from(left.subsec_nanos()),
            }
        });
        let mut all = vec![PollFd::new(&self.watch, PollFlags::IN)];
        let devices = self.devices.values();
        all.extend(devices.map(|device| PollFd::new(device, PollFlags::IN)));
        match poll(&mut all, left.as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(why) => return Err(why.into()),
        }
        // One that was pulled out says so by an error when it is read.
        let spoke = |one: &PollFd<'_>| !one.revents().is_empty();
        let ready = self.devices.keys().zip(&all[1..]);
        let ready = ready.filter(|(_, one)| spoke(one));
        Ok((spoke(&all[0]), ready.map(|(number, _)| *number).collect()))
    }

    fn read_folder(&mut self) -> io::Result<()> {
        let mut numbers = Vec::new();
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut reader = inotify::Reader::new(&self.watch, &mut buffer);
        loop {
            match reader.next() {
                Ok(event) if event.events().contains(ReadFlags::DELETE) => {}
                Ok(event) => {
                    let name = event.file_name().map(|name| name.to_string_lossy());
                    numbers.extend(name.and_then(|name| number(&name)));
                }
                Err(Errno::WOULDBLOCK) => break,
                Err(why) => return Err(why.into()),
            }
        }
        for number in numbers {
            self.open(number);
        }
        Ok(())
    }

    fn open(&mut self, number: u64) {
        if self.devices.contains_key(&number) || self.devices.len() == DEVICES_MAX {
            return;
        }
        let path = self.folder.join(format!("event{number}"));
        match Device::open(&path, |code| keys::from_linux(code).is_some()) {
            Ok(Some(device)) => {
                tracing::info!("keys come from {} ({})", device.name(), path.display());
                self.devices.insert(number, device);
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
        match device.read() {
            Ok(said) => {
                for said in said {
                    self.hear(number, said);
                }
            }
            Err(why) => {
                tracing::info!("no keys from {} any more: {why}", device.name());
                self.devices.remove(&number);
                self.release(number, &self.hold.of(number));
            }
        }
    }

    fn hear(&mut self, number: u64, said: Said) {
        match said {
            Said::Key(code, value) => {
                let Some(key) = keys::from_linux(code) else {
                    return;
                };
                match pressed(value) {
                    Some(Press::Down) if self.hold.press(number, code, key, Instant::now()) => {
                        (self.sink)(key, Press::Down);
                    }
                    Some(Press::Up) => self.release(number, &[code]),
                    _ => {}
                }
            }
            Said::Lost => {
                let held = self.hold.of(number);
                let up = self.devices.get(&number).map(|device| device.up(&held));
                // One that cannot be asked is about to be gone.
                let up = up.and_then(Result::ok).unwrap_or(held);
                self.release(number, &up);
            }
        }
    }

    fn release(&mut self, number: u64, codes: &[u16]) {
        for code in codes {
            if let Some(key) = self.hold.release(number, *code) {
                (self.sink)(key, Press::Up);
            }
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
