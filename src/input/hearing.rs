//! From what devices say to keys of the box: pure, of one thread, the time is given to it.
//!
//! What a button means is asked in this order: what the owner has said or taught
//! ([`Maps::owner`]), the kernel's code by the table of its bus (`keys`), a preset. The owner comes
//! first so that a wrong table can be put right, and presets last because a code that the kernel
//! has is of this very remote. A scancode alone has no release; it is let go when it is not said
//! again ([`Lasts::WhileSaid`]).
//!
//! Invariant: every key that is told to be down is told to be up later, whatever is lost or pulled
//! out, and none is told to be down twice by one button.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::time::Instant;

use app::{Button, Key, Press};

use super::hold::{CEC_SILENT, Hold, INFRARED_SILENT, Lasts, Part};
use super::keymap::Keymap;
use crate::keys::{self, Bus};

/// Scancodes of one device whose codes are remembered: more than a keyboard has keys.
const CODED_MAX: usize = 256;

/// The kernel's word for a key that it does not know (`KEY_UNKNOWN`).
const UNKNOWN: u16 = 240;

/// Which part of its way an axis must go to count, and below which it does not any more, in
/// hundredths: sticks rest a little off their middle, and one at the edge must not flutter.
const TILTED: i64 = 60;
const UPRIGHT: i64 = 40;

/// What a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyboard or a remote that is one.
    Keys,
    /// A receiver of infrared light.
    Infrared,
    /// The TV's remote over CEC.
    Cec,
    /// A gamepad.
    Pad,
    /// The button of the box itself.
    Case,
}

impl Kind {
    fn bus(self) -> Bus {
        match self {
            Kind::Keys | Kind::Infrared => Bus::Keys,
            Kind::Cec => Bus::Cec,
            Kind::Pad => Bus::Pad,
            Kind::Case => Bus::Case,
        }
    }

    fn button(self, scan: u32) -> Button {
        match self {
            Kind::Keys | Kind::Pad | Kind::Case => Button::Usage(scan),
            Kind::Infrared => Button::Infrared(scan),
            Kind::Cec => Button::Cec(scan),
        }
    }

    /// How a code of it lasts.
    fn lasts(self) -> Lasts {
        match self {
            Kind::Cec => Lasts::OnceSaidAgain(CEC_SILENT),
            Kind::Keys | Kind::Infrared | Kind::Pad | Kind::Case => Lasts::UntilUp,
        }
    }

    /// How a scancode without a code lasts.
    fn scan_lasts(self) -> Lasts {
        match self {
            Kind::Cec => Lasts::OnceSaidAgain(CEC_SILENT),
            Kind::Keys | Kind::Infrared | Kind::Pad | Kind::Case => {
                Lasts::WhileSaid(INFRARED_SILENT)
            }
        }
    }
}

/// What a device said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// Which button the rest of the packet is of.
    Scan(u32),
    /// Code of the key, and 0, 1 or 2: up, down, still down.
    Key(u16, i32),
    /// An axis is there, of such a range.
    Axis(u16, i32, RangeInclusive<i32>),
    /// What belongs together has been said.
    End,
    /// It lost events; of these codes it is still sure that they are down.
    Lost(Vec<u16>),
}

/// What comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Key(Key, Press),
    /// A button was pressed that has no meaning; while buttons are learnt, any, and what it means.
    Heard(Button, Option<Key>),
}

/// What buttons mean.
#[derive(Debug, Default)]
pub(super) struct Maps {
    /// What the owner wrote, and what was learnt.
    pub(super) owner: Keymap,
    pub(super) presets: Keymap,
}

#[derive(Debug)]
struct Source {
    kind: Kind,
    /// The packet is of this button.
    scan: Option<u32>,
    /// Scancodes that came with a code; alone they are said again, or late, and mean nothing.
    coded: BTreeSet<u32>,
    /// The code that came last with a scancode.
    last: Option<(u32, u16)>,
    /// The scancode without a meaning that is held.
    strange: Option<(u32, Instant)>,
}

/// All devices, and what is held.
#[derive(Debug, Default)]
pub(super) struct Hearing {
    pub(super) maps: Maps,
    /// Buttons are being learnt: they are told as such, and press no key.
    pub(super) learning: bool,
    sources: BTreeMap<u64, Source>,
    hold: Hold,
}

impl Hearing {
    pub(super) fn came(&mut self, device: u64, kind: Kind) {
        let source = Source {
            kind,
            scan: None,
            coded: BTreeSet::new(),
            last: None,
            strange: None,
        };
        self.sources.insert(device, source);
    }

    /// The device is gone: nothing of it is held any more.
    pub(super) fn went(&mut self, device: u64, told: &mut Vec<Told>) {
        self.sources.remove(&device);
        for part in self.hold.of(device) {
            self.release(device, part, told);
        }
    }

    /// The keys that are down.
    pub(super) fn held(&self) -> Vec<Key> {
        self.hold.keys()
    }

    /// When [`Hearing::turn`] has something to say.
    pub(super) fn due(&self) -> Option<Instant> {
        self.hold.due()
    }

    /// Time has passed: what is held counts again, or has been silent for too long.
    pub(super) fn turn(&mut self, now: Instant, told: &mut Vec<Told>) {
        let lapsed = self.hold.lapse(now).into_iter();
        told.extend(lapsed.map(|key| Told::Key(key, Press::Up)));
        if let Some(key) = self.hold.repeat(now) {
            told.push(Told::Key(key, Press::Repeat));
        }
    }

    pub(super) fn hear(&mut self, device: u64, said: Said, now: Instant, told: &mut Vec<Told>) {
        let Some(source) = self.sources.get_mut(&device) else {
            return;
        };
        match said {
            Said::Scan(scan) => source.scan = Some(scan),
            Said::Key(code, value) => {
                let scan = source.scan.take();
                match value {
                    0 => self.release(device, Part::Code(code), told),
                    1 => self.pressed(device, code, scan, now, told),
                    _ => self.hold.still(device, Part::Code(code), now),
                }
            }
            Said::Axis(axis, value, range) => self.tilt(device, (axis, value, &range), now, told),
            Said::End => {
                if let Some(scan) = source.scan.take() {
                    self.scanned(device, scan, now, told);
                }
            }
            Said::Lost(down) => {
                source.scan = None;
                for part in self.hold.of(device) {
                    // An axis says where it is when it moves; a scancode lapses.
                    let gone = match part {
                        Part::Code(code) => !down.contains(&code),
                        Part::Tilt(..) => true,
                        Part::Scan(_) => false,
                    };
                    if gone {
                        self.release(device, part, told);
                    }
                }
            }
        }
    }

    fn release(&mut self, device: u64, part: Part, told: &mut Vec<Told>) {
        let key = self.hold.release(device, part);
        told.extend(key.map(|key| Told::Key(key, Press::Up)));
    }

    /// What the button means: by the owner, by the kernel's code, by a preset.
    fn meaning(&self, button: Button, bus: Bus, code: Option<u16>) -> Option<Key> {
        let by_code = || code.and_then(|code| keys::meaning(bus, code));
        let by_owner = self.maps.owner.key(button);
        by_owner
            .or_else(by_code)
            .or_else(|| self.maps.presets.key(button))
    }

    /// A key went down, with the scancode of its button where the device tells it.
    fn pressed(
        &mut self,
        device: u64,
        code: u16,
        scan: Option<u32>,
        now: Instant,
        told: &mut Vec<Told>,
    ) {
        let Some(source) = self.sources.get_mut(&device) else {
            return;
        };
        if let Some(scan) = scan {
            source.last = Some((scan, code));
            if source.coded.len() < CODED_MAX {
                source.coded.insert(scan);
            }
        }
        let kind = source.kind;
        let button = scan.map_or(Button::Code(code), |scan| kind.button(scan));
        let part = Part::Code(code);
        match self.meaning(button, kind.bus(), Some(code)) {
            Some(key) => self.down((device, part), (button, key), kind.lasts(), now, told),
            // Letters of a keyboard have no meaning either, and are no strange remote.
            None if self.learning || code == UNKNOWN => told.push(Told::Heard(button, None)),
            None => {}
        }
    }

    /// A scancode was said without a code.
    fn scanned(&mut self, device: u64, scan: u32, now: Instant, told: &mut Vec<Told>) {
        let Some(source) = self.sources.get_mut(&device) else {
            return;
        };
        if source.coded.contains(&scan) {
            if let Some((_, code)) = source.last.filter(|(last, _)| *last == scan) {
                self.hold.still(device, Part::Code(code), now);
            }
            return;
        }
        let kind = source.kind;
        let part = Part::Scan(scan);
        if self.hold.has(device, part) {
            self.hold.still(device, part, now);
            return;
        }
        // A remote sends one button at a time.
        let others = self.hold.of(device).into_iter();
        for other in others.filter(|it| matches!(it, Part::Scan(_))) {
            self.release(device, other, told);
        }
        let button = kind.button(scan);
        if let Some(key) = self.meaning(button, kind.bus(), None) {
            self.down((device, part), (button, key), kind.scan_lasts(), now, told);
            return;
        }
        let silent = match kind {
            Kind::Cec => CEC_SILENT,
            Kind::Keys | Kind::Infrared | Kind::Pad | Kind::Case => INFRARED_SILENT,
        };
        if let Some(source) = self.sources.get_mut(&device) {
            let held = source.strange.replace((scan, now));
            let same = held.is_some_and(|(of, at)| of == scan && now < at + silent);
            if !same {
                told.push(Told::Heard(button, None));
            }
        }
    }

    fn down(
        &mut self,
        from: (u64, Part),
        (button, key): (Button, Key),
        lasts: Lasts,
        now: Instant,
        told: &mut Vec<Told>,
    ) {
        let quiet = self.learning;
        if !self.hold.press(from, key, (lasts, quiet), now) {
            return;
        }
        told.push(if quiet {
            Told::Heard(button, Some(key))
        } else {
            Told::Key(key, Press::Down)
        });
    }

    /// Crosses and sticks are arrows. They are no buttons, so nobody learns them.
    fn tilt(
        &mut self,
        device: u64,
        (axis, value, range): (u16, i32, &RangeInclusive<i32>),
        now: Instant,
        told: &mut Vec<Told>,
    ) {
        let Some((less, more)) = keys::arrows(axis) else {
            return;
        };
        for (up, key) in [(false, less), (true, more)] {
            let part = Part::Tilt(axis, up);
            let held = self.hold.has(device, part);
            let tilted = tilted(value, range, up, held);
            if held && !tilted {
                self.release(device, part, told);
            } else if tilted
                && self
                    .hold
                    .press((device, part), key, (Lasts::UntilUp, false), now)
            {
                told.push(Told::Key(key, Press::Down));
            }
        }
    }
}

/// Whether an axis is tilted that way; once it is, it is for longer.
fn tilted(value: i32, range: &RangeInclusive<i32>, up: bool, was: bool) -> bool {
    let (low, high) = (i64::from(*range.start()), i64::from(*range.end()));
    if low >= high {
        return false;
    }
    // In hundredths of the way from the middle to the end.
    let doubled = 2 * i64::from(value) - low - high;
    let way = 100 * doubled / (high - low);
    let way = if up { way } else { -way };
    way >= if was { UPRIGHT } else { TILTED }
}

#[cfg(test)]
mod tests;
