//! One keyboard or remote as the kernel has it (evdev).
//!
//! It is taken for us alone: neither the console nor logind hears its keys. What it lost while
//! nobody read (`SYN_DROPPED`) is asked for afterwards, so no button stays down.

use std::fs::{self, OpenOptions};
use std::io;
use std::ops::RangeInclusive;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use evdev::raw_stream::RawDevice;
use evdev::{BusType, EventType, KeyCode, MiscCode, SynchronizationCode};

use super::hearing::{Kind, Said};
use crate::keys::{self, Bus};

/// Codes below are keys and above 0x15f again; between are buttons of mice and joysticks
/// (linux/input-event-codes.h).
const BUTTONS: RangeInclusive<u16> = 0x100..=0x15f;

/// The first button of every gamepad (`BTN_SOUTH`).
const SOUTH: u16 = 0x130;

/// What the buttons of a case are for: `KEY_POWER`, `KEY_SLEEP`, `KEY_SUSPEND`, `KEY_WAKEUP`,
/// `KEY_POWER2`, `KEY_RESTART`.
const POWER: [u16; 6] = [116, 142, 205, 143, 356, 408];

/// A device with buttons that mean something here.
pub(super) struct Device {
    raw: RawDevice,
    kind: Kind,
    /// From where to where its axes go, by their code.
    axes: Vec<(u16, RangeInclusive<i32>)>,
    /// Events were lost: nothing counts until the device has said what it said last.
    lost: bool,
}

impl Device {
    /// Opens it if it has keys that mean something, or may be taught.
    pub(super) fn open(path: &Path, number: u64) -> io::Result<Option<Device>> {
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_NONBLOCK)
            .open(path)?;
        let mut raw = RawDevice::from_fd(file.into())?;
        let cec = raw.input_id().bus_type() == BusType::BUS_CEC;
        let keys = raw.supported_keys();
        let codes = keys.iter().flat_map(|keys| keys.iter());
        let codes: Vec<u16> = codes.map(|KeyCode(code)| code).collect();
        let Some(kind) = kind(&codes, cec, is_receiver(number)) else {
            return Ok(None);
        };
        // Another program may have it: then its keys are not meant for us, but they are heard. Not
        // the button of the case: two would switch off and on by one press.
        if let Err(why) = raw.grab() {
            if kind == Kind::Case {
                return Err(why);
            }
            tracing::warn!("{}: shared with another program: {why}", path.display());
        }
        let axes = if kind == Kind::Pad {
            let axes = raw.get_absinfo()?;
            axes.map(|(axis, it)| (axis.0, it.minimum()..=it.maximum()))
                .collect()
        } else {
            Vec::new()
        };
        Ok(Some(Device {
            raw,
            kind,
            axes,
            lost: false,
        }))
    }

    /// What it calls itself.
    pub(super) fn name(&self) -> &str {
        self.raw.name().unwrap_or("a device without a name")
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// Takes what it said since.
    pub(super) fn read(&mut self) -> io::Result<Vec<Said>> {
        let events: Vec<_> = match self.raw.fetch_events() {
            Ok(events) => events.collect(),
            Err(why) if why.kind() == io::ErrorKind::WouldBlock => return Ok(Vec::new()),
            Err(why) => return Err(why),
        };
        let mut said = Vec::new();
        for event in events {
            match event.event_type() {
                EventType::SYNCHRONIZATION
                    if event.code() == SynchronizationCode::SYN_DROPPED.0 =>
                {
                    self.lost = true;
                }
                EventType::SYNCHRONIZATION if self.lost => {
                    self.lost = false;
                    said.push(Said::Lost(self.down()));
                }
                _ if self.lost => {}
                EventType::SYNCHRONIZATION => said.push(Said::End),
                EventType::KEY => said.push(Said::Key(event.code(), event.value())),
                // A scancode is unsigned, and its event is not.
                EventType::MISC if event.code() == MiscCode::MSC_SCAN.0 => {
                    said.push(Said::Scan(event.value().cast_unsigned()));
                }
                EventType::ABSOLUTE => {
                    let axis = self.axes.iter().find(|(axis, _)| *axis == event.code());
                    said.extend(
                        axis.map(|(axis, range)| Said::Axis(*axis, event.value(), range.clone())),
                    );
                }
                _ => {}
            }
        }
        Ok(said)
    }

    /// What was down before anybody read: of the case, where it tells who started the box so.
    pub(super) fn held_at_first(&self) -> Vec<Said> {
        if self.kind != Kind::Case {
            return Vec::new();
        }
        let down = self.down().into_iter();
        down.map(|code| Said::Key(code, 1)).collect()
    }

    /// The codes that are down; none of a device that cannot be asked, which is about to be gone.
    fn down(&self) -> Vec<u16> {
        let down = self.raw.get_key_state().unwrap_or_default();
        down.iter().map(|KeyCode(code)| code).collect()
    }
}

impl AsFd for Device {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.raw.as_fd()
    }
}

/// What a device with these codes is; none: it is not read.
fn kind(codes: &[u16], cec: bool, receiver: bool) -> Option<Kind> {
    if cec {
        return Some(Kind::Cec);
    }
    // Its buttons may all be strange to the kernel.
    if receiver {
        return Some(Kind::Infrared);
    }
    if codes.contains(&SOUTH) {
        return Some(Kind::Pad);
    }
    if !codes.is_empty() && codes.iter().all(|code| POWER.contains(code)) {
        return Some(Kind::Case);
    }
    let known = |code: &u16| keys::meaning(Bus::Keys, *code).is_some() && !BUTTONS.contains(code);
    codes.iter().any(known).then_some(Kind::Keys)
}

/// Whether the node is of a receiver of infrared light: the kernel has it in that one's folder.
fn is_receiver(number: u64) -> bool {
    let node = fs::canonicalize(format!("/sys/class/input/event{number}"));
    node.is_ok_and(|path| path.components().any(|part| part.as_os_str() == "rc"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_key_for_us_is_left_alone() {
        assert_eq!(kind(&[], false, false), None, "an accelerometer");
        assert_eq!(kind(&[0x110, 0x111, 0x112], false, false), None, "a mouse");
        assert_eq!(kind(&[183, 184], false, false), None, "F13 and F14");
        assert_eq!(kind(&[30, 103, 28], false, false), Some(Kind::Keys));
        assert_eq!(kind(&[164], false, false), Some(Kind::Keys), "a headset");
    }

    #[test]
    fn the_buttons_of_the_case_are_known_by_being_nothing_else() {
        assert_eq!(kind(&[116], false, false), Some(Kind::Case));
        assert_eq!(kind(&[116, 142, 143], false, false), Some(Kind::Case));
        assert_eq!(
            kind(&[116, 103, 108], false, false),
            Some(Kind::Keys),
            "a remote"
        );
        assert_eq!(kind(&[116], true, false), Some(Kind::Cec));
    }

    #[test]
    fn pads_and_receivers_are_known_by_what_they_are() {
        assert_eq!(kind(&[0x130, 0x131], false, false), Some(Kind::Pad));
        assert_eq!(kind(&[], false, true), Some(Kind::Infrared));
        assert_eq!(kind(&[], true, true), Some(Kind::Cec));
    }
}
