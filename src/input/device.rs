//! One keyboard or remote as the kernel has it (evdev).
//!
//! It is taken for us alone: neither the console nor logind hears its keys. What it lost while
//! nobody read (`SYN_DROPPED`) is asked for afterwards, so no button stays down.

use std::fs::OpenOptions;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use evdev::raw_stream::RawDevice;
use evdev::{EventType, KeyCode, SynchronizationCode};

/// Codes below are keys and above 0x15f again; between are buttons of mice and joysticks
/// (linux/input-event-codes.h).
const BUTTONS: std::ops::Range<u16> = 0x100..0x160;

/// A device with buttons that mean something here.
pub(super) struct Device {
    raw: RawDevice,
    /// Events were lost: nothing counts until the device has said what it said last.
    lost: bool,
}

/// What a device said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// Code of the key, and 0, 1 or 2: up, down, still down.
    Key(u16, i32),
    /// It lost events; whatever is down may be up by now.
    Lost,
}

impl Device {
    /// Opens it if it has keys of `keys`, which say what a code means.
    pub(super) fn open(path: &Path, known: impl Fn(u16) -> bool) -> io::Result<Option<Device>> {
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_NONBLOCK)
            .open(path)?;
        let mut raw = RawDevice::from_fd(file.into())?;
        let useful = raw.supported_keys().is_some_and(|keys| {
            keys.iter()
                .any(|KeyCode(code)| known(code) && !BUTTONS.contains(&code))
        });
        if !useful {
            return Ok(None);
        }
        // Another program may have it: then its keys are not meant for us, but they are heard.
        if let Err(why) = raw.grab() {
            tracing::warn!("{}: shared with another program: {why}", path.display());
        }
        Ok(Some(Device { raw, lost: false }))
    }

    /// What it calls itself.
    pub(super) fn name(&self) -> &str {
        self.raw.name().unwrap_or("a device without a name")
    }

    /// Takes what it said since.
    pub(super) fn read(&mut self) -> io::Result<Vec<Said>> {
        let mut said = Vec::new();
        let events = match self.raw.fetch_events() {
            Ok(events) => events,
            Err(why) if why.kind() == io::ErrorKind::WouldBlock => return Ok(said),
            Err(why) => return Err(why),
        };
        for event in events {
            match event.event_type() {
                EventType::SYNCHRONIZATION
                    if event.code() == SynchronizationCode::SYN_DROPPED.0 =>
                {
                    self.lost = true;
                }
                EventType::SYNCHRONIZATION if self.lost => {
                    self.lost = false;
                    said.push(Said::Lost);
                }
                EventType::KEY if !self.lost => said.push(Said::Key(event.code(), event.value())),
                _ => {}
            }
        }
        Ok(said)
    }

    /// Of these codes, which are not down any more.
    pub(super) fn up(&self, codes: &[u16]) -> io::Result<Vec<u16>> {
        let down = self.raw.get_key_state()?;
        let up = codes.iter().filter(|code| !down.contains(KeyCode(**code)));
        Ok(up.copied().collect())
    }
}

impl AsFd for Device {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.raw.as_fd()
    }
}
