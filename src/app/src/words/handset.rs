//! Sentences of the app on the phone, by the names that it asks for them.

use crate::Language;
use crate::saying::{Message, msg, speak};

/// Of the app on a phone that is a remote of the box.
const WORDS: &[(&str, Message)] = &[
    ("title", msg!("phone" => "Matinee remote")),
    ("pages", msg!("phone" => "Pages")),
    ("remote", msg!("phone" => "Remote")),
    ("now", msg!("phone" => "Now")),
    ("find", msg!("phone" => "Find")),
    ("more", msg!("phone" => "More")),
    ("up", msg!("phone" => "Up")),
    ("down", msg!("phone" => "Down")),
    ("left", msg!("phone" => "Left")),
    ("right", msg!("phone" => "Right")),
    ("ok", msg!("phone" => "OK")),
    ("back", msg!("phone" => "Back")),
    ("home", msg!("phone" => "Home")),
    ("play", msg!("phone" => "Play or pause")),
    ("earlier", msg!("phone" => "10 seconds back")),
    ("later", msg!("phone" => "10 seconds on")),
    ("louder", msg!("phone" => "Louder")),
    ("softer", msg!("phone" => "Softer")),
    ("mute", msg!("phone" => "Mute")),
    ("menu", msg!("phone" => "Menu")),
    (
        "pad",
        msg!("phone" => "Touch pad: swipe to move, tap for OK"),
    ),
    ("type", msg!("phone" => "Type on the TV")),
    (
        "type_help",
        msg!(
            "phone" =>
            "What you type is on the TV at once. Where nothing wants text, the box searches."),
    ),
    ("who", super::WHO),
    ("nothing", msg!("phone" => "Nothing is playing.")),
    ("place", msg!("phone" => "Place in the film")),
    ("sound", msg!("phone" => "Next sound")),
    ("subtitles", msg!("phone" => "Next subtitles")),
    ("stop", msg!("phone" => "Stop")),
    ("search", msg!("phone" => "Search for films")),
    ("go", msg!("phone" => "Search")),
    ("searching", msg!("phone" => "Looking for it.")),
    ("none", msg!("phone" => "Nothing was found.")),
    ("library", msg!("phone" => "Played lately")),
    ("list", msg!("phone" => "My list")),
    ("show", msg!("phone" => "Show on TV")),
    ("link", msg!("phone" => "Magnet link")),
    ("open", msg!("phone" => "Open on TV")),
    ("opened", msg!("phone" => "It is on the TV.")),
    ("add_on", msg!("phone" => "Address of an add-on")),
    ("install", msg!("phone" => "Install")),
    ("installed", msg!("phone" => "It is installed.")),
    ("add_ons", msg!("phone" => "Add-ons")),
    ("power", msg!("phone" => "Power")),
    ("standby", msg!("phone" => "Stand by")),
    ("wake", msg!("phone" => "Wake")),
    ("backup", msg!("phone" => "Backup")),
    (
        "backup_help",
        msg!(
            "phone" =>
            "What this box remembers of films, its add-ons and its settings, without secrets."),
    ),
    ("save", msg!("phone" => "Save a backup")),
    ("restore", msg!("phone" => "Bring a backup to the box")),
    ("asked", msg!("phone" => "The TV asks whether to take it.")),
    ("diagnostics", msg!("phone" => "How the box does")),
    (
        "diagnostics_help",
        msg!(
            "phone" =>
            "Whether all is well, versions, and warnings of the log. Nothing is sent to anybody."),
    ),
    ("diagnose", msg!("phone" => "Look")),
    ("keep", msg!("phone" => "Save as a file")),
    ("forget", msg!("phone" => "Forget this box")),
    ("pair", msg!("phone" => "Pair this phone")),
    (
        "pair_help",
        msg!(
            "phone" =>
            "On the TV choose Phone above the films. Then type the six digits it shows."),
    ),
    ("code", msg!("phone" => "Six digits")),
    ("name", msg!("phone" => "Name of this phone")),
    ("my_phone", msg!("phone" => "My phone")),
    ("enter", msg!("phone" => "Pair")),
    (
        "wrong",
        msg!("phone" => "That is not the code on the TV. Look again."),
    ),
    (
        "no_code",
        msg!("phone" => "The TV shows no code now. Choose Phone on it."),
    ),
    (
        "slow",
        msg!("phone" => "Too many wrong codes. Wait a moment before the next."),
    ),
    (
        "unpaired",
        msg!("phone" => "This phone is not paired, or the box has forgotten it."),
    ),
    (
        "away",
        msg!(
            "phone" =>
            "The box does not answer. It may be off, or in another network. Trying again."),
    ),
    ("failed", msg!("phone" => "That did not work.")),
];

/// Of the page by which a phone tells the box its network.
const SETUP: &[(&str, Message)] = &[
    ("title", msg!("phone" => "Matinee: Wi-Fi")),
    ("choose", msg!("phone" => "Choose your network")),
    ("other", msg!("phone" => "Another network")),
    ("name", msg!("phone" => "Name of the network")),
    ("password", msg!("phone" => "Password of the network")),
    ("show", msg!("phone" => "Show the password")),
    ("join", msg!("phone" => "Connect the box")),
    (
        "length",
        msg!(
            "phone" =>
            "A Wi-Fi password has 8 to 63 letters without accents, digits and signs."),
    ),
    (
        "sent",
        msg!(
            "phone" =>
            "The box has it, and joins the network now: look at the TV. Your phone goes back to \
            its own network."),
    ),
    (
        "away",
        msg!(
            "phone" =>
            "The box does not answer. Look at the TV: its network may be closed."),
    ),
];

/// What the app on the phone says.
#[must_use]
pub fn handset_words(language: Language) -> Vec<(&'static str, String)> {
    said(WORDS, language)
}

/// What the page says by which a phone tells the box its network.
#[must_use]
pub fn setup_words(language: Language) -> Vec<(&'static str, String)> {
    said(SETUP, language)
}

fn said(words: &[(&'static str, Message)], language: Language) -> Vec<(&'static str, String)> {
    let _speaks = speak(language);
    words
        .iter()
        .map(|(name, said)| (*name, (*said).into()))
        .collect()
}
