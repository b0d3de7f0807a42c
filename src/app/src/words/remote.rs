//! Sentences of the page where a remote is learnt.

use crate::learn_page::Answer;
use crate::{Button, Key};

pub(crate) const REMOTE: &str = "Remote";
pub(crate) const STRANGE_REMOTE: &str = "This remote's buttons are not known yet. \
    Press them one after another as they are asked for. \
    Whoever does nothing gets back to the wall.";
pub(crate) const LEARNING: &str =
    "Point the remote at the box and press the button once. If it has no such button, wait.";
pub(crate) const KEEP_BUTTONS: &str = "Keep these buttons?";
pub(crate) const KEEP_BY_NEW_OK: &str = "Press the OK that you have just taught the box. \
    If nothing is pressed for fifteen seconds, everything stays as it was.";
pub(crate) const KEEP_BY_OK: &str =
    "Press OK. If nothing is pressed for fifteen seconds, everything stays as it was.";
pub(crate) const LEARN_HINT: &str =
    "After ten seconds the next button is asked for. A Back that works already leaves.";
pub(crate) const KEEP_HINT: &str = "Back leaves everything as it was.";
pub(crate) const BUTTONS_KEPT: &str = "The buttons are kept. The remote works now.";
pub(crate) const BUTTONS_DROPPED: &str = "Nothing was kept: all buttons do what they did before.";

/// What is written on most remotes, or drawn.
fn name(key: Key) -> String {
    let name = match key {
        Key::Up => "Up",
        Key::Down => "Down",
        Key::Left => "Left",
        Key::Right => "Right",
        Key::Ok => "OK",
        Key::Back => "Back",
        Key::Home => "Home",
        Key::Menu => "Menu",
        Key::Context => "Options",
        Key::Info => "Info",
        Key::Search => "Search",
        Key::Favourites => "Favourites",
        Key::PlayPause => "Play/Pause",
        Key::Play => "Play",
        Key::Pause => "Pause",
        Key::Stop => "Stop",
        Key::Forward => "Fast forward",
        Key::Rewind => "Rewind",
        Key::Next => "Next",
        Key::Previous => "Previous",
        Key::PageUp => "Page up",
        Key::PageDown => "Page down",
        Key::Subtitles => "Subtitles",
        Key::Audio => "Audio",
        Key::VolumeUp => "Volume up",
        Key::VolumeDown => "Volume down",
        Key::Mute => "Mute",
        Key::Power => "Power",
        Key::Sleep => "Sleep",
        Key::Wake => "Wake",
        Key::PowerButton => "The box's button",
        Key::Red => "Red",
        Key::Green => "Green",
        Key::Yellow => "Yellow",
        Key::Blue => "Blue",
        Key::Delete => "Delete",
        Key::Digit(digit) => return digit.to_string(),
    };
    name.into()
}

/// A line of the list of buttons, and what became of it.
pub(crate) fn asked_button(key: Key, answer: Option<Answer>) -> String {
    let name = name(key);
    match answer {
        Some(Answer::Learnt) => format!("{name}  ·  learnt"),
        Some(Answer::Works) => format!("{name}  ·  works"),
        Some(Answer::Skipped) => format!("{name}  ·  left out"),
        None => name,
    }
}

pub(crate) fn press_button(key: Key) -> String {
    format!("Press {}", name(key))
}

/// As whoever writes a keymap needs it.
pub(crate) fn heard_button(button: Button) -> String {
    match button {
        Button::Infrared(number) => format!("Heard: infrared {number:#04x}"),
        Button::Cec(number) => format!("Heard: button {number:#04x} of the TV"),
        Button::Usage(number) => format!("Heard: usage {number:#04x}"),
        Button::Code(number) => format!("Heard: code {number:#04x}"),
    }
}

pub(crate) fn works_already(key: Key) -> String {
    format!("{} works already.", name(key))
}

pub(crate) fn means_already(key: Key, asked: Option<Key>) -> String {
    let is = format!("That button is {} already.", name(key));
    match asked {
        Some(asked) => format!("{is} Press it once more to make it {}.", name(asked)),
        None => is,
    }
}

pub(crate) fn taken_button(key: Key) -> String {
    format!("That button has just been taken for {}.", name(key))
}
