//! Sentences of the page where a remote is learnt.

use super::beside;
use crate::learn_page::Answer;
use crate::saying::{Message, msg, tr};
use crate::{Button, Key};

/// A place above the wall: the buttons of the remote are learnt there.
pub(crate) const REMOTE: Message = msg!("Remote");
pub(crate) const STRANGE_REMOTE: Message = msg!(
    "This remote's buttons are not known yet. Press them one after another as they are asked \
     for. Whoever does nothing gets back to the wall."
);
pub(crate) const LEARNING: Message =
    msg!("Point the remote at the box and press the button once. If it has no such button, wait.");
pub(crate) const KEEP_BUTTONS: Message = msg!("Keep these buttons?");
pub(crate) const KEEP_BY_NEW_OK: Message = msg!(
    "Press the OK that you have just taught the box. If nothing is pressed for fifteen seconds, \
     everything stays as it was."
);
pub(crate) const KEEP_BY_OK: Message =
    msg!("Press OK. If nothing is pressed for fifteen seconds, everything stays as it was.");
pub(crate) const LEARN_HINT: Message =
    msg!("After ten seconds the next button is asked for. A Back that works already leaves.");
pub(crate) const KEEP_HINT: Message = msg!("Back leaves everything as it was.");
pub(crate) const BUTTONS_KEPT: Message = msg!("The buttons are kept. The remote works now.");
pub(crate) const BUTTONS_DROPPED: Message =
    msg!("Nothing was kept: all buttons do what they did before.");

/// What is written on most remotes, or drawn.
fn name(key: Key) -> String {
    let name = match key {
        Key::Up => msg!("button of a remote" => "Up"),
        Key::Down => msg!("button of a remote" => "Down"),
        Key::Left => msg!("button of a remote" => "Left"),
        Key::Right => msg!("button of a remote" => "Right"),
        Key::Ok => msg!("button of a remote" => "OK"),
        Key::Back => msg!("button of a remote" => "Back"),
        Key::Home => msg!("button of a remote" => "Home"),
        Key::Menu => msg!("button of a remote" => "Menu"),
        Key::Context => msg!("button of a remote" => "Options"),
        Key::Info => msg!("button of a remote" => "Info"),
        Key::Search => msg!("button of a remote" => "Search"),
        Key::Favourites => msg!("button of a remote" => "Favourites"),
        Key::PlayPause => msg!("button of a remote" => "Play/Pause"),
        Key::Play => msg!("button of a remote" => "Play"),
        Key::Pause => msg!("button of a remote" => "Pause"),
        Key::Stop => msg!("button of a remote" => "Stop"),
        Key::Forward => msg!("button of a remote" => "Fast forward"),
        Key::Rewind => msg!("button of a remote" => "Rewind"),
        Key::Next => msg!("button of a remote" => "Next"),
        Key::Previous => msg!("button of a remote" => "Previous"),
        Key::PageUp => msg!("button of a remote" => "Page up"),
        Key::PageDown => msg!("button of a remote" => "Page down"),
        Key::Subtitles => msg!("button of a remote" => "Subtitles"),
        Key::Audio => msg!("button of a remote" => "Audio"),
        Key::VolumeUp => msg!("button of a remote" => "Volume up"),
        Key::VolumeDown => msg!("button of a remote" => "Volume down"),
        Key::Mute => msg!("button of a remote" => "Mute"),
        Key::Power => msg!("button of a remote" => "Power"),
        Key::Sleep => msg!("button of a remote" => "Sleep"),
        Key::Wake => msg!("button of a remote" => "Wake"),
        Key::PowerButton => msg!("button of a remote" => "The box's button"),
        Key::Red => msg!("button of a remote" => "Red"),
        Key::Green => msg!("button of a remote" => "Green"),
        Key::Yellow => msg!("button of a remote" => "Yellow"),
        Key::Blue => msg!("button of a remote" => "Blue"),
        Key::Delete => msg!("button of a remote" => "Delete"),
        Key::Digit(digit) => return digit.to_string(),
    };
    name.into()
}

/// A line of the list of buttons, and what became of it.
pub(crate) fn asked_button(key: Key, answer: Option<Answer>) -> String {
    let answer = match answer {
        Some(Answer::Learnt) => tr!("button of a remote" => "learnt"),
        Some(Answer::Works) => tr!("button of a remote" => "works"),
        Some(Answer::Skipped) => tr!("button of a remote" => "left out"),
        None => String::new(),
    };
    beside(&[name(key), answer])
}

/// {button} is what is written on it.
pub(crate) fn press_button(key: Key) -> String {
    tr!("Press {button}", button = name(key))
}

/// A button that was pressed, as whoever writes a keymap needs it; {number} is "0x1f".
pub(crate) fn heard_button(button: Button) -> String {
    let hex = |number: u32| format!("{number:#04x}");
    match button {
        Button::Infrared(number) => tr!("Heard: infrared {number}", number = hex(number)),
        Button::Cec(number) => {
            tr!("Heard: button {number} of the TV", number = hex(number))
        }
        Button::Usage(number) => tr!("Heard: usage {number}", number = hex(number)),
        Button::Code(number) => tr!("Heard: code {number}", number = hex(number.into())),
    }
}

/// {button} is what is written on it.
pub(crate) fn works_already(key: Key) -> String {
    tr!("{button} works already.", button = name(key))
}

/// {button} and {asked} are what is written on them.
pub(crate) fn means_already(key: Key, asked: Option<Key>) -> String {
    let button = name(key);
    match asked {
        Some(asked) => tr!(
            "That button is {button} already. Press it once more to make it {asked}.",
            button,
            asked = name(asked),
        ),
        None => tr!("That button is {button} already.", button),
    }
}

/// {button} is what is written on it.
pub(crate) fn taken_button(key: Key) -> String {
    tr!(
        "That button has just been taken for {button}.",
        button = name(key)
    )
}
