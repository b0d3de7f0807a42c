//! The window's keyboard as Linux codes, so that the one table of keys serves it.
//!
//! What is printed on a key decides where it is a name or a letter (M is Menu on every layout, and
//! a remote desktop may number its keys as it likes), its place elsewhere (the digit row of a
//! French keyboard types signs).

use app::{Key, Press};
use winit::event::{ElementState, KeyEvent};
use winit::keyboard::{Key as Printed, NamedKey, PhysicalKey};
use winit::platform::scancode::PhysicalKeyExtScancode;

use crate::keys;

/// Names that windows give to keys, with the code of the same key in linux/input-event-codes.h.
const NAMES: &[(NamedKey, u16)] = &[
    (NamedKey::ArrowUp, 103),
    (NamedKey::ArrowDown, 108),
    (NamedKey::ArrowLeft, 105),
    (NamedKey::ArrowRight, 106),
    (NamedKey::Enter, 28),
    (NamedKey::Select, 353),
    (NamedKey::Escape, 1),
    (NamedKey::Backspace, 14),
    (NamedKey::BrowserBack, 158),
    (NamedKey::GoBack, 158),
    (NamedKey::Home, 102),
    (NamedKey::BrowserHome, 172),
    (NamedKey::GoHome, 172),
    (NamedKey::ContextMenu, 127),
    (NamedKey::Info, 358),
    (NamedKey::Space, 57),
    (NamedKey::MediaPlayPause, 164),
    (NamedKey::MediaPlay, 207),
    (NamedKey::MediaPause, 201),
    (NamedKey::Pause, 119),
    (NamedKey::MediaStop, 128),
    (NamedKey::MediaFastForward, 208),
    (NamedKey::MediaRewind, 168),
    (NamedKey::MediaTrackNext, 163),
    (NamedKey::MediaTrackPrevious, 165),
    (NamedKey::PageUp, 104),
    (NamedKey::PageDown, 109),
    (NamedKey::ChannelUp, 402),
    (NamedKey::ChannelDown, 403),
    (NamedKey::Subtitle, 370),
    (NamedKey::ColorF0Red, 398),
    (NamedKey::ColorF1Green, 399),
    (NamedKey::ColorF2Yellow, 400),
    (NamedKey::ColorF3Blue, 401),
    (NamedKey::Delete, 111),
];

/// The only letters with a meaning: the key of the same print, see `keys::TABLE`.
const LETTERS: &[(char, u16)] = &[
    ('m', 50),
    ('i', 23),
    ('c', 46),
    ('p', 25),
    ('x', 45),
    ('f', 33),
    ('r', 19),
    ('t', 20),
];

/// The box's key for an event of the window, and what happened to it.
pub(super) fn key(event: &KeyEvent) -> Option<(Key, Press)> {
    let press = match (event.state, event.repeat) {
        (ElementState::Pressed, false) => Press::Down,
        (ElementState::Pressed, true) => Press::Repeat,
        (ElementState::Released, _) => Press::Up,
    };
    let code = linux_code(&event.logical_key, event.physical_key)?;
    Some((keys::from_linux(code)?, press))
}

fn linux_code(printed: &Printed, place: PhysicalKey) -> Option<u16> {
    match printed {
        Printed::Named(name) => {
            let row = NAMES.iter().find(|(known, _)| known == name);
            row.map(|(_, code)| *code).or_else(|| scancode(place))
        }
        Printed::Character(text) => {
            let mut letters = text.chars().filter(|char| !char.is_ascii_digit());
            match letters.next() {
                Some(letter) if letter.is_ascii_alphabetic() => LETTERS
                    .iter()
                    .find(|(known, _)| letter.eq_ignore_ascii_case(known))
                    .map(|(_, code)| *code),
                _ => scancode(place),
            }
        }
        Printed::Unidentified(_) | Printed::Dead(_) => scancode(place),
    }
}

/// On X11 and Wayland the scancode is the Linux code.
fn scancode(place: PhysicalKey) -> Option<u16> {
    u16::try_from(place.to_scancode()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use winit::keyboard::{KeyCode, NativeKeyCode};

    fn pressed(printed: &Printed, place: PhysicalKey) -> Option<Key> {
        linux_code(printed, place).and_then(keys::from_linux)
    }

    fn typed(text: &str, place: KeyCode) -> Option<Key> {
        pressed(&Printed::Character(text.into()), PhysicalKey::Code(place))
    }

    #[test]
    fn every_name_is_a_key_of_the_box() {
        for (name, code) in NAMES {
            assert!(keys::from_linux(*code).is_some(), "{name:?}");
        }
        for (letter, code) in LETTERS {
            assert!(keys::from_linux(*code).is_some(), "{letter}");
        }
    }

    #[test]
    fn a_letter_is_where_it_is_printed() {
        assert_eq!(typed("m", KeyCode::KeyM), Some(Key::Menu));
        assert_eq!(typed("M", KeyCode::KeyM), Some(Key::Menu));
        assert_eq!(typed("m", KeyCode::Semicolon), Some(Key::Menu));
        assert_eq!(typed("q", KeyCode::KeyI), None);
    }

    #[test]
    fn a_letter_of_another_script_is_known_by_its_place() {
        assert_eq!(typed("ь", KeyCode::KeyM), Some(Key::Menu));
    }

    #[test]
    fn digits_work_on_rows_that_type_signs() {
        assert_eq!(typed("1", KeyCode::Digit1), Some(Key::Digit(1)));
        assert_eq!(typed("&", KeyCode::Digit1), Some(Key::Digit(1)));
        assert_eq!(typed("7", KeyCode::Numpad7), Some(Key::Digit(7)));
    }

    #[test]
    fn a_key_without_a_name_is_known_by_its_number() {
        let remote = PhysicalKey::Unidentified(NativeKeyCode::Xkb(352));
        let nameless = Printed::Unidentified(winit::keyboard::NativeKey::Unidentified);
        assert_eq!(pressed(&nameless, remote), Some(Key::Ok));
    }

    #[test]
    fn the_numpad_without_num_lock_moves() {
        let place = PhysicalKey::Code(KeyCode::Numpad8);
        assert_eq!(
            pressed(&Printed::Named(NamedKey::ArrowUp), place),
            Some(Key::Up)
        );
    }
}
