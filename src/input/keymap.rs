//! What buttons mean, as files: presets that come with the box, what its owner wrote, what was
//! learnt.
//!
//! A file has a table for each way that buttons come (`[infrared]`, `[cec]`, `[usage]`, `[code]`)
//! with the button on the left and the key on the right, by the name that the control API knows:
//! `0x800f0422 = "ok"`. A dot stands for a digit that may be any (`"0x87ee..5c"`: remotes that send
//! a number of their own). `protocol` says in the kernel's word which infrared protocol is meant;
//! the receiver must decode it, and a scancode does not tell. What is wrong is said with its line.

use std::collections::BTreeMap;

use app::{Button, Key};
use toml::de::DeValue;

use crate::small_file;

/// Buttons of a file: a remote has sixty.
const BUTTONS_MAX: usize = 2000;

/// What is wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub(super) struct Mistake {
    line: usize,
    what: String,
}

/// What some buttons mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Keymap {
    pub(super) title: String,
    /// Of the infrared ones, in the kernel's word.
    pub(super) protocol: Option<String>,
    exact: BTreeMap<Button, Key>,
    /// Infrared, with digits that may be any: those that count, what they are, and the key.
    loose: Vec<(u32, u32, Key)>,
}

impl Keymap {
    /// What a file says.
    pub(super) fn parse(text: &str) -> Result<Keymap, Mistake> {
        let mistake = |at: usize, what: String| Mistake {
            line: small_file::line(text, at),
            what,
        };
        let table = small_file::table(text).map_err(|(at, what)| mistake(at, what))?;
        let mut map = Keymap::default();
        for (name, value) in table.get_ref() {
            let (at, name) = (name.span().start, name.get_ref().as_ref());
            match (name, value.get_ref()) {
                ("title", DeValue::String(title)) => map.title = title.to_string(),
                ("protocol", DeValue::String(name)) => map.protocol = Some(name.to_string()),
                (kind, DeValue::Table(buttons)) => {
                    let of = kind_of(kind).ok_or_else(|| mistake(at, unknown(name)))?;
                    for (button, key) in buttons {
                        let at = button.span().start;
                        map.put(of, button.get_ref(), key.get_ref())
                            .map_err(|what| mistake(at, what))?;
                    }
                }
                _ => return Err(mistake(at, unknown(name))),
            }
        }
        Ok(map)
    }

    fn put(&mut self, of: Of, button: &str, key: &DeValue<'_>) -> Result<(), String> {
        if self.exact.len() + self.loose.len() == BUTTONS_MAX {
            return Err(format!("more than {BUTTONS_MAX} buttons"));
        }
        let DeValue::String(name) = key else {
            return Err(format!("{button}: must be the name of a key in quotes"));
        };
        let key = Key::named(name).ok_or_else(|| format!("there is no key {name:?}"))?;
        let digits = button.strip_prefix("0x").filter(|it| it.len() <= 8);
        let digits = digits.ok_or_else(|| wrong(button))?;
        if digits.contains('.') {
            let count = |digit: char| if digit == '.' { '0' } else { 'f' };
            let mask: String = digits.chars().map(count).collect();
            let (mask, bits) = (hex(&mask), hex(&digits.replace('.', "0")));
            let (Some(mask), Some(bits), Of::Infrared) = (mask, bits, of) else {
                return Err(wrong(button));
            };
            self.loose.push((mask, bits, key));
            return Ok(());
        }
        let number = hex(digits).ok_or_else(|| wrong(button))?;
        let button = of.button(number).ok_or_else(|| wrong(button))?;
        match self.exact.insert(button, key) {
            Some(_) => Err(format!("{} is there twice", written(button))),
            None => Ok(()),
        }
    }

    /// What the button means, if it is in here.
    pub(super) fn key(&self, button: Button) -> Option<Key> {
        self.exact.get(&button).copied().or_else(|| {
            let Button::Infrared(scan) = button else {
                return None;
            };
            let mut loose = self.loose.iter();
            let found = loose.find(|(mask, bits, _)| scan & mask == *bits);
            found.map(|(.., key)| *key)
        })
    }

    /// Takes in what another says; of a button that both have, the other's.
    pub(super) fn take(&mut self, other: Keymap) {
        self.exact.extend(other.exact);
        self.loose.splice(0..0, other.loose);
    }

    /// The button means this from now on.
    pub(super) fn learn(&mut self, button: Button, key: Key) {
        if self.exact.len() < BUTTONS_MAX {
            self.exact.insert(button, key);
        }
    }

    /// As a file, without what is loose, which nobody learns.
    pub(super) fn text(&self) -> String {
        let mut text =
            String::from("# Learnt on the screen; src/input/keymap.rs says what this is.\n");
        for (name, of) in KINDS {
            let buttons = self
                .exact
                .iter()
                .filter(|(button, _)| Of::which(**button) == of);
            let mut lines =
                buttons.map(|(button, key)| format!("{} = \"{}\"\n", written(*button), key.name()));
            if let Some(first) = lines.next() {
                text.extend(["\n[", name, "]\n", first.as_str()]);
                text.extend(lines);
            }
        }
        text
    }

    /// Each button whose meaning is said in full.
    #[cfg(test)]
    fn buttons(&self) -> impl Iterator<Item = (Button, Key)> {
        self.exact.iter().map(|(button, key)| (*button, *key))
    }
}

/// A way that buttons come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Infrared,
    Cec,
    Usage,
    Code,
}

const KINDS: [(&str, Of); 4] = [
    ("infrared", Of::Infrared),
    ("cec", Of::Cec),
    ("usage", Of::Usage),
    ("code", Of::Code),
];

impl Of {
    fn which(button: Button) -> Of {
        match button {
            Button::Infrared(_) => Of::Infrared,
            Button::Cec(_) => Of::Cec,
            Button::Usage(_) => Of::Usage,
            Button::Code(_) => Of::Code,
        }
    }

    fn button(self, number: u32) -> Option<Button> {
        Some(match self {
            Of::Infrared => Button::Infrared(number),
            Of::Cec => Button::Cec(number),
            Of::Usage => Button::Usage(number),
            Of::Code => Button::Code(u16::try_from(number).ok()?),
        })
    }
}

fn kind_of(name: &str) -> Option<Of> {
    let kind = KINDS.iter().find(|(known, _)| *known == name);
    kind.map(|(_, of)| *of)
}

fn hex(digits: &str) -> Option<u32> {
    // `from_str_radix` takes a sign.
    let all = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| all)
}

fn written(button: Button) -> String {
    match button {
        Button::Infrared(number) | Button::Cec(number) | Button::Usage(number) => {
            format!("{number:#04x}")
        }
        Button::Code(number) => format!("{number:#04x}"),
    }
}

fn unknown(name: &str) -> String {
    format!("{name:?} is neither title nor protocol, nor a table infrared, cec, usage or code")
}

fn wrong(button: &str) -> String {
    format!("{button:?} is no button: say it as 0x1a2b, at most eight digits")
}

/// Those that come with the box, by the names of their files.
pub(super) const PRESETS: [(&str, &str); 5] = [
    ("apple", include_str!("keymaps/apple.toml")),
    ("boxes", include_str!("keymaps/boxes.toml")),
    ("mce", include_str!("keymaps/mce.toml")),
    ("tv", include_str!("keymaps/tv.toml")),
    ("xbox", include_str!("keymaps/xbox.toml")),
];

/// All presets as one.
pub(super) fn presets() -> Keymap {
    let mut all = Keymap::default();
    for (name, text) in PRESETS {
        match Keymap::parse(text) {
            Ok(map) => all.take(map),
            Err(why) => tracing::error!("the preset {name}: {why}"),
        }
    }
    all
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn why(text: &str) -> String {
        Keymap::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        assert_eq!(
            why("[infrared]\n0x12 = \"ok\"\n0x13 = \"okay\"\n"),
            "line 3: there is no key \"okay\""
        );
        assert_eq!(
            why("title = \"x\"\n[infrared]\n12 = \"ok\"\n"),
            "line 3: \"12\" is no button: say it as 0x1a2b, at most eight digits"
        );
        assert_eq!(
            why("[infrared]\n0x1E = \"ok\"\n0x1e = \"up\"\n"),
            "line 3: 0x1e is there twice"
        );
        assert!(why("[radio]\n0x1 = \"ok\"\n").starts_with("line 1: \"radio\" is neither"));
        assert!(why("[code]\n0x10000 = \"ok\"\n").starts_with("line 2: \"0x10000\" is no"));
        assert!(
            why("[cec]\n\"0x9.\" = \"ok\"\n").starts_with("line 2: "),
            "loose elsewhere"
        );
        assert!(why("[infrared]\n0x123456789 = \"ok\"\n").starts_with("line 2: "));
        assert!(why("[infrared]\n\"0x+1\" = \"ok\"\n").starts_with("line 2: "));
        assert!(why("[infrared]\n0x1 = 7\n").starts_with("line 2: 0x1: must be"));
        assert!(why("[infrared\n").starts_with("line 1: "));
    }

    #[test]
    fn digits_that_may_be_any_are_any() {
        let map = Keymap::parse("[infrared]\n\"0x87ee..5c\" = \"ok\"\n").unwrap();
        assert_eq!(map.key(Button::Infrared(0x87ee_015c)), Some(Key::Ok));
        assert_eq!(map.key(Button::Infrared(0x87ee_ff5c)), Some(Key::Ok));
        assert_eq!(map.key(Button::Infrared(0x87ee_015d)), None);
        assert_eq!(map.key(Button::Infrared(0x77ee_015c)), None);
        assert_eq!(map.key(Button::Usage(0x87ee_015c)), None);
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        let mut map = Keymap::default();
        map.learn(Button::Infrared(0x800f_0422), Key::Ok);
        map.learn(Button::Infrared(7), Key::Digit(7));
        map.learn(Button::Cec(0x91), Key::Back);
        map.learn(Button::Usage(0x000c_0224), Key::Back);
        map.learn(Button::Code(240), Key::VolumeUp);
        assert_eq!(Keymap::parse(&map.text()), Ok(map));
    }

    #[test]
    fn presets_are_sound_and_agree() {
        let mut all: BTreeMap<Button, (Key, &str)> = BTreeMap::new();
        for (name, text) in PRESETS {
            let map = Keymap::parse(text).unwrap_or_else(|why| panic!("{name}: {why}"));
            assert!(!map.title.is_empty(), "{name} has no title");
            for (button, key) in map.buttons() {
                if let Some((other, of)) = all.insert(button, (key, name)) {
                    assert_eq!(other, key, "{button:?} of {of} and of {name}");
                }
            }
        }
        let all = presets();
        assert_eq!(all.key(Button::Infrared(0x800f_0422)), Some(Key::Ok));
        assert_eq!(all.key(Button::Infrared(0x87ee_420b)), Some(Key::Up));
        assert_eq!(all.key(Button::Cec(0x91)), Some(Key::Back));
    }

    #[test]
    fn receivers_are_told_to_decode_what_presets_need() {
        let rule = include_str!("../../systemd/80-matinee-infrared.rules");
        for (name, text) in PRESETS {
            let map = Keymap::parse(text).unwrap();
            let infrared = map
                .buttons()
                .any(|(it, _)| matches!(it, Button::Infrared(_)));
            if infrared || !map.loose.is_empty() {
                let protocol = map.protocol.unwrap_or_default();
                assert!(
                    rule.contains(&format!("+{protocol}")),
                    "{name}: {protocol:?}"
                );
            }
        }
    }
}
