//! Sentences of the app on the phone, by the names that it asks for them.

/// Names and sentences.
const WORDS: &[(&str, &str)] = &[
    ("title", "Matinee remote"),
    ("pages", "Pages"),
    ("remote", "Remote"),
    ("now", "Now"),
    ("find", "Find"),
    ("more", "More"),
    ("up", "Up"),
    ("down", "Down"),
    ("left", "Left"),
    ("right", "Right"),
    ("ok", "OK"),
    ("back", "Back"),
    ("home", "Home"),
    ("play", "Play or pause"),
    ("earlier", "10 seconds back"),
    ("later", "10 seconds on"),
    ("louder", "Louder"),
    ("softer", "Softer"),
    ("mute", "Mute"),
    ("menu", "Menu"),
    ("pad", "Touch pad: swipe to move, tap for OK"),
    ("type", "Type on the TV"),
    (
        "type_help",
        "What you type is on the TV at once. Where nothing wants text, the box searches.",
    ),
    ("nothing", "Nothing is playing."),
    ("place", "Place in the film"),
    ("sound", "Next sound"),
    ("subtitles", "Next subtitles"),
    ("stop", "Stop"),
    ("search", "Search for films"),
    ("go", "Search"),
    ("searching", "Looking for it."),
    ("none", "Nothing was found."),
    ("library", "Played lately"),
    ("list", "My list"),
    ("show", "Show on TV"),
    ("link", "Magnet link"),
    ("open", "Open on TV"),
    ("opened", "It is on the TV."),
    ("add_on", "Address of an add-on"),
    ("install", "Install"),
    ("installed", "It is installed."),
    ("add_ons", "Add-ons"),
    ("power", "Power"),
    ("standby", "Stand by"),
    ("wake", "Wake"),
    ("forget", "Forget this box"),
    ("pair", "Pair this phone"),
    (
        "pair_help",
        "On the TV choose Phone above the films. Then type the six digits it shows.",
    ),
    ("code", "Six digits"),
    ("name", "Name of this phone"),
    ("my_phone", "My phone"),
    ("enter", "Pair"),
    ("wrong", "That is not the code on the TV. Look again."),
    ("no_code", "The TV shows no code now. Choose Phone on it."),
    (
        "slow",
        "Too many wrong codes. Wait a moment before the next.",
    ),
    (
        "unpaired",
        "This phone is not paired, or the box has forgotten it.",
    ),
    (
        "away",
        "The box does not answer. It may be off, or in another network. Trying again.",
    ),
    ("failed", "That did not work."),
];

/// What the app on the phone says.
#[must_use]
pub fn handset_words() -> &'static [(&'static str, &'static str)] {
    WORDS
}
