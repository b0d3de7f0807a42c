//! Which button is held, and when it counts again: pure, the time is given to it.
//!
//! Keyboards repeat at thirty a second and remotes at eight or not at all, so what they send is
//! left alone: a held button repeats here, at one pace for all. Invariant: every `Down` is followed
//! by an `Up` of the same key, also where its device is gone or has lost events.

use std::time::{Duration, Instant};

use app::{Key, Press};

/// Until a held button counts as held; below, people press twice by mistake.
const FIRST: Duration = Duration::from_millis(400);

/// From repeat to repeat at first: a row of posters can still be read.
const SLOW: Duration = Duration::from_millis(125);

/// And once it has been held for [`HURRY`].
const FAST: Duration = Duration::from_millis(50);

const HURRY: Duration = Duration::from_secs(2);

/// Buttons down at once, at most: more than a hand has fingers.
const DOWN_MAX: usize = 16;

/// A button of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Button {
    device: u64,
    code: u16,
    key: Key,
}

/// Held buttons of all devices.
#[derive(Debug, Default)]
pub(super) struct Hold {
    down: Vec<Button>,
    /// The last one pressed, since when, and when it counts again.
    repeating: Option<(Button, Instant, Instant)>,
}

impl Hold {
    /// A button goes down; false where it is down already, or too many are.
    pub(super) fn press(&mut self, device: u64, code: u16, key: Key, now: Instant) -> bool {
        let button = Button { device, code, key };
        if self.down.contains(&button) || self.down.len() == DOWN_MAX {
            return false;
        }
        self.down.push(button);
        self.repeating = Some((button, now, now + FIRST));
        true
    }

    /// A button goes up: which key that was, if it was down.
    pub(super) fn release(&mut self, device: u64, code: u16) -> Option<Key> {
        let at = self
            .down
            .iter()
            .position(|button| button.device == device && button.code == code)?;
        let button = self.down.remove(at);
        self.repeating.take_if(|(of, ..)| *of == button);
        Some(button.key)
    }

    /// Codes of that device that are down.
    pub(super) fn of(&self, device: u64) -> Vec<u16> {
        let of = self.down.iter().filter(|button| button.device == device);
        of.map(|button| button.code).collect()
    }

    /// When the next repeat is due.
    pub(super) fn due(&self) -> Option<Instant> {
        self.repeating.map(|(.., next)| next)
    }

    /// The key that counts again now.
    pub(super) fn repeat(&mut self, now: Instant) -> Option<Key> {
        let (button, since, next) = self.repeating.as_mut()?;
        if *next > now {
            return None;
        }
        let held = now.saturating_duration_since(*since);
        // From now on, so that a late thread does not make up for what nobody saw.
        *next = now + if held < HURRY { SLOW } else { FAST };
        Some(button.key)
    }
}

/// What a device said of a key: up, down, or still down (its own repeat, which is not taken).
pub(super) fn pressed(value: i32) -> Option<Press> {
    match value {
        0 => Some(Press::Up),
        1 => Some(Press::Down),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const LEFT: u16 = 105;

    #[test]
    fn a_held_button_counts_again_after_a_while_and_then_faster() {
        let start = Instant::now();
        let mut hold = Hold::default();
        assert!(hold.press(1, LEFT, Key::Left, start));
        assert_eq!(hold.due(), Some(start + 400 * MS));
        assert_eq!(hold.repeat(start + 399 * MS), None);
        assert_eq!(hold.repeat(start + 400 * MS), Some(Key::Left));
        assert_eq!(hold.due(), Some(start + 525 * MS));
        assert_eq!(hold.repeat(start + 2000 * MS), Some(Key::Left));
        assert_eq!(hold.due(), Some(start + 2050 * MS));
        assert_eq!(hold.release(1, LEFT), Some(Key::Left));
        assert_eq!(hold.due(), None);
    }

    #[test]
    fn only_the_last_one_pressed_repeats() {
        let start = Instant::now();
        let mut hold = Hold::default();
        assert!(hold.press(1, LEFT, Key::Left, start));
        assert!(hold.press(2, 106, Key::Right, start + 100 * MS));
        assert_eq!(hold.repeat(start + 500 * MS), Some(Key::Right));
        assert_eq!(hold.release(2, 106), Some(Key::Right));
        assert_eq!(hold.due(), None);
        assert_eq!(hold.of(1), [LEFT]);
    }

    #[test]
    fn a_button_is_pressed_once_and_released_once() {
        let start = Instant::now();
        let mut hold = Hold::default();
        assert!(hold.press(1, LEFT, Key::Left, start));
        assert!(!hold.press(1, LEFT, Key::Left, start));
        assert_eq!(hold.release(1, LEFT), Some(Key::Left));
        assert_eq!(hold.release(1, LEFT), None);
    }

    #[test]
    fn a_cat_on_the_keyboard_fills_no_memory() {
        let start = Instant::now();
        let mut hold = Hold::default();
        let taken = (0..200).filter(|code| hold.press(1, *code, Key::Ok, start));
        assert_eq!(taken.count(), DOWN_MAX);
    }

    #[test]
    fn repeats_of_the_device_are_not_taken() {
        assert_eq!(pressed(0), Some(Press::Up));
        assert_eq!(pressed(1), Some(Press::Down));
        assert_eq!(pressed(2), None);
    }
}
