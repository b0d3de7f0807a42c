//! From keys as Linux numbers them to the box's own. Every shell with keys turns what it hears into
//! a Linux code and asks here, so a key means the same thing wherever it is pressed, but where its
//! bus gives a code another meaning. It knows no device and no state.

use app::Key;

/// Code and name as in linux/input-event-codes.h, and what the key means here.
///
/// Remotes differ in what their OK, Back and Menu send, so each of ours has several names.
pub const TABLE: &[(u16, &str, Key)] = &[
    (103, "KEY_UP", Key::Up),
    (108, "KEY_DOWN", Key::Down),
    (105, "KEY_LEFT", Key::Left),
    (106, "KEY_RIGHT", Key::Right),
    (28, "KEY_ENTER", Key::Ok),
    (96, "KEY_KPENTER", Key::Ok),
    (352, "KEY_OK", Key::Ok),
    (353, "KEY_SELECT", Key::Ok),
    (1, "KEY_ESC", Key::Back),
    (14, "KEY_BACKSPACE", Key::Back),
    (158, "KEY_BACK", Key::Back),
    (174, "KEY_EXIT", Key::Back),
    (223, "KEY_CANCEL", Key::Back),
    (102, "KEY_HOME", Key::Home),
    (172, "KEY_HOMEPAGE", Key::Home),
    (125, "KEY_LEFTMETA", Key::Home),
    (226, "KEY_MEDIA", Key::Home),
    (618, "KEY_ROOT_MENU", Key::Home),
    (50, "KEY_M", Key::Menu),
    (139, "KEY_MENU", Key::Menu),
    (141, "KEY_SETUP", Key::Menu),
    (171, "KEY_CONFIG", Key::Menu),
    (389, "KEY_DVD", Key::Menu),
    (619, "KEY_MEDIA_TOP_MENU", Key::Menu),
    (46, "KEY_C", Key::Context),
    (127, "KEY_COMPOSE", Key::Context),
    (130, "KEY_PROPS", Key::Context),
    (357, "KEY_OPTION", Key::Context),
    (369, "KEY_TITLE", Key::Context),
    (438, "KEY_CONTEXT_MENU", Key::Context),
    (23, "KEY_I", Key::Info),
    (358, "KEY_INFO", Key::Info),
    (431, "KEY_DISPLAYTOGGLE", Key::Info),
    (217, "KEY_SEARCH", Key::Search),
    (61, "KEY_F3", Key::Search),
    (582, "KEY_VOICECOMMAND", Key::Search),
    (156, "KEY_BOOKMARKS", Key::Favourites),
    (364, "KEY_FAVORITES", Key::Favourites),
    (365, "KEY_EPG", Key::Favourites),
    (366, "KEY_PVR", Key::Favourites),
    (377, "KEY_TV", Key::Favourites),
    (393, "KEY_VIDEO", Key::Favourites),
    (627, "KEY_VOD", Key::Favourites),
    (57, "KEY_SPACE", Key::PlayPause),
    (164, "KEY_PLAYPAUSE", Key::PlayPause),
    (200, "KEY_PLAYCD", Key::Play),
    (207, "KEY_PLAY", Key::Play),
    (25, "KEY_P", Key::Play),
    (119, "KEY_PAUSE", Key::Pause),
    (201, "KEY_PAUSECD", Key::Pause),
    (128, "KEY_STOP", Key::Stop),
    (166, "KEY_STOPCD", Key::Stop),
    (45, "KEY_X", Key::Stop),
    (208, "KEY_FASTFORWARD", Key::Forward),
    (33, "KEY_F", Key::Forward),
    (168, "KEY_REWIND", Key::Rewind),
    (629, "KEY_FASTREVERSE", Key::Rewind),
    (19, "KEY_R", Key::Rewind),
    (163, "KEY_NEXTSONG", Key::Next),
    (407, "KEY_NEXT", Key::Next),
    (159, "KEY_FORWARD", Key::Next),
    (52, "KEY_DOT", Key::Next),
    (165, "KEY_PREVIOUSSONG", Key::Previous),
    (412, "KEY_PREVIOUS", Key::Previous),
    (51, "KEY_COMMA", Key::Previous),
    (104, "KEY_PAGEUP", Key::PageUp),
    (402, "KEY_CHANNELUP", Key::PageUp),
    (109, "KEY_PAGEDOWN", Key::PageDown),
    (403, "KEY_CHANNELDOWN", Key::PageDown),
    (370, "KEY_SUBTITLE", Key::Subtitles),
    (388, "KEY_TEXT", Key::Subtitles),
    (522, "KEY_NUMERIC_STAR", Key::Subtitles),
    (20, "KEY_T", Key::Subtitles),
    (213, "KEY_SOUND", Key::Audio),
    (368, "KEY_LANGUAGE", Key::Audio),
    (392, "KEY_AUDIO", Key::Audio),
    (523, "KEY_NUMERIC_POUND", Key::Audio),
    (115, "KEY_VOLUMEUP", Key::VolumeUp),
    (68, "KEY_F10", Key::VolumeUp),
    (78, "KEY_KPPLUS", Key::VolumeUp),
    (13, "KEY_EQUAL", Key::VolumeUp),
    (114, "KEY_VOLUMEDOWN", Key::VolumeDown),
    (67, "KEY_F9", Key::VolumeDown),
    (74, "KEY_KPMINUS", Key::VolumeDown),
    (12, "KEY_MINUS", Key::VolumeDown),
    (113, "KEY_MUTE", Key::Mute),
    (66, "KEY_F8", Key::Mute),
    (116, "KEY_POWER", Key::Power),
    (356, "KEY_POWER2", Key::Power),
    (142, "KEY_SLEEP", Key::Sleep),
    (143, "KEY_WAKEUP", Key::Wake),
    (398, "KEY_RED", Key::Red),
    (399, "KEY_GREEN", Key::Green),
    (400, "KEY_YELLOW", Key::Yellow),
    (401, "KEY_BLUE", Key::Blue),
    (48, "KEY_B", Key::Blue),
    (111, "KEY_DELETE", Key::Delete),
    (355, "KEY_CLEAR", Key::Delete),
    (11, "KEY_0", Key::Digit(0)),
    (2, "KEY_1", Key::Digit(1)),
    (3, "KEY_2", Key::Digit(2)),
    (4, "KEY_3", Key::Digit(3)),
    (5, "KEY_4", Key::Digit(4)),
    (6, "KEY_5", Key::Digit(5)),
    (7, "KEY_6", Key::Digit(6)),
    (8, "KEY_7", Key::Digit(7)),
    (9, "KEY_8", Key::Digit(8)),
    (10, "KEY_9", Key::Digit(9)),
    (82, "KEY_KP0", Key::Digit(0)),
    (79, "KEY_KP1", Key::Digit(1)),
    (80, "KEY_KP2", Key::Digit(2)),
    (81, "KEY_KP3", Key::Digit(3)),
    (75, "KEY_KP4", Key::Digit(4)),
    (76, "KEY_KP5", Key::Digit(5)),
    (77, "KEY_KP6", Key::Digit(6)),
    (71, "KEY_KP7", Key::Digit(7)),
    (72, "KEY_KP8", Key::Digit(8)),
    (73, "KEY_KP9", Key::Digit(9)),
    (512, "KEY_NUMERIC_0", Key::Digit(0)),
    (513, "KEY_NUMERIC_1", Key::Digit(1)),
    (514, "KEY_NUMERIC_2", Key::Digit(2)),
    (515, "KEY_NUMERIC_3", Key::Digit(3)),
    (516, "KEY_NUMERIC_4", Key::Digit(4)),
    (517, "KEY_NUMERIC_5", Key::Digit(5)),
    (518, "KEY_NUMERIC_6", Key::Digit(6)),
    (519, "KEY_NUMERIC_7", Key::Digit(7)),
    (520, "KEY_NUMERIC_8", Key::Digit(8)),
    (521, "KEY_NUMERIC_9", Key::Digit(9)),
];

/// What keys of the TV over CEC mean beside [`TABLE`]: the kernel gives its "Backward" the code
/// that is Back on remotes, and its "Sub picture" that of a tuner. Its own "back" is `KEY_EXIT`.
pub const OF_CEC: &[(u16, &str, Key)] = &[
    (158, "KEY_BACK", Key::Previous),
    (378, "KEY_TV2", Key::Subtitles),
];

/// The button of the box itself.
pub const OF_CASES: &[(u16, &str, Key)] = &[
    (116, "KEY_POWER", Key::PowerButton),
    (356, "KEY_POWER2", Key::PowerButton),
];

/// Buttons of gamepads, which no other device has.
pub const OF_PADS: &[(u16, &str, Key)] = &[
    (0x130, "BTN_SOUTH", Key::Ok),
    (0x131, "BTN_EAST", Key::Back),
    (0x133, "BTN_NORTH", Key::Info),
    (0x134, "BTN_WEST", Key::PlayPause),
    (0x136, "BTN_TL", Key::Previous),
    (0x137, "BTN_TR", Key::Next),
    (0x138, "BTN_TL2", Key::Rewind),
    (0x139, "BTN_TR2", Key::Forward),
    (0x13a, "BTN_SELECT", Key::Context),
    (0x13b, "BTN_START", Key::Menu),
    (0x13c, "BTN_MODE", Key::Home),
    (0x220, "BTN_DPAD_UP", Key::Up),
    (0x221, "BTN_DPAD_DOWN", Key::Down),
    (0x222, "BTN_DPAD_LEFT", Key::Left),
    (0x223, "BTN_DPAD_RIGHT", Key::Right),
];

/// Where a code comes from, as far as that changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bus {
    /// Keyboards, and remotes of all kinds.
    Keys,
    /// The TV.
    Cec,
    /// Gamepads.
    Pad,
    /// The box's own case.
    Case,
}

/// What a code means that came by this bus; none if it has no meaning here.
pub fn meaning(bus: Bus, code: u16) -> Option<Key> {
    let first = match bus {
        Bus::Keys => &[],
        Bus::Cec => OF_CEC,
        Bus::Pad => OF_PADS,
        Bus::Case => OF_CASES,
    };
    let row = first.iter().find(|(known, ..)| *known == code);
    row.map(|(.., key)| *key).or_else(|| from_linux(code))
}

/// The arrows of an axis, down and up its scale: of the left stick (`ABS_X`, `ABS_Y`) and of the
/// cross (`ABS_HAT0X`, `ABS_HAT0Y`).
pub fn arrows(axis: u16) -> Option<(Key, Key)> {
    match axis {
        0x00 | 0x10 => Some((Key::Left, Key::Right)),
        0x01 | 0x11 => Some((Key::Up, Key::Down)),
        _ => None,
    }
}

/// The key a Linux code (`KEY_*` of linux/input-event-codes.h) stands for; none if it has no
/// meaning here.
pub fn from_linux(code: u16) -> Option<Key> {
    TABLE
        .iter()
        .find(|(known, ..)| *known == code)
        .map(|(.., key)| *key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_stands_for_two_keys() {
        for table in [TABLE, OF_CEC, OF_PADS, OF_CASES] {
            for (place, (code, name, _)) in table.iter().enumerate() {
                let again = table[place + 1..]
                    .iter()
                    .find(|(other, label, _)| other == code || label == name);
                assert_eq!(again, None, "{name} is in the table twice");
            }
        }
    }

    #[test]
    fn every_key_of_the_box_can_be_pressed() {
        for (name, key) in Key::NAMES {
            let row = TABLE
                .iter()
                .chain(OF_CASES)
                .find(|(.., known)| *known == key);
            assert!(row.is_some(), "no code stands for {name}");
        }
    }

    #[test]
    fn a_bus_changes_what_it_must_and_no_more() {
        for code in 0..0x300 {
            let usual = from_linux(code);
            assert_eq!(meaning(Bus::Keys, code), usual);
            if OF_CEC.iter().all(|(known, ..)| *known != code) {
                assert_eq!(meaning(Bus::Cec, code), usual);
            }
        }
        assert_eq!(meaning(Bus::Keys, 158), Some(Key::Back));
        assert_eq!(meaning(Bus::Cec, 158), Some(Key::Previous));
        assert_eq!(meaning(Bus::Cec, 174), Some(Key::Back));
        assert_eq!(meaning(Bus::Keys, 0x130), None);
        assert_eq!(meaning(Bus::Pad, 0x130), Some(Key::Ok));
        assert_eq!(meaning(Bus::Case, 116), Some(Key::PowerButton));
        assert_eq!(meaning(Bus::Case, 142), Some(Key::Sleep));
    }

    /// Of the kernel's table for the TV's remote (rc-cec), what a viewer presses.
    #[test]
    fn buttons_of_a_tv_have_their_meaning() {
        let buttons = [
            (352, Key::Ok),
            (618, Key::Home),
            (619, Key::Menu),
            (438, Key::Context),
            (200, Key::Play),
            (166, Key::Stop),
            (201, Key::Pause),
            (164, Key::PlayPause),
            (168, Key::Rewind),
            (208, Key::Forward),
            (159, Key::Next),
            (402, Key::PageUp),
            (515, Key::Digit(3)),
            (398, Key::Red),
            (115, Key::VolumeUp),
            (116, Key::Power),
            (142, Key::Sleep),
            (143, Key::Wake),
        ];
        for (code, key) in buttons {
            assert_eq!(meaning(Bus::Cec, code), Some(key), "{code}");
        }
    }

    #[test]
    fn a_code_without_a_meaning_is_no_key() {
        assert_eq!(from_linux(0), None);
        assert_eq!(from_linux(87), None); // KEY_F11 belongs to the window.
        assert_eq!(from_linux(u16::MAX), None);
    }
}
