//! What goes into the follower and what comes out.

use std::fmt;

use crate::{Frame, Logical, Place};

/// What the adapter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bus {
    /// We have an address; also when it is another one than before.
    Claimed { address: Logical, place: Place },
    /// There is a cable or none, and nobody says where we are: the TV may be off.
    Unplaced,
    /// There is no adapter.
    Gone,
    /// For us, or for everybody.
    Received(Frame),
    /// How the message ended that was sent.
    Sent(Sent),
}

/// How a message ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    Done,
    /// Nobody is there, or it sleeps.
    Refused,
    /// The bus or the adapter did not do it.
    Failed,
}

/// What the box does, or wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// It is up.
    Wake,
    /// It goes to sleep, and the TV too where that is wanted.
    Sleep { tv: bool },
    /// The viewer did something here: the TV is to be on, and to show us.
    Show,
    /// What the film does.
    Deck(Deck),
    /// A key for the volume is pressed or still held.
    Volume(Volume),
    /// It is let go.
    VolumeReleased,
}

/// A player as others know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Deck {
    Playing,
    Paused,
    /// No film is open.
    #[default]
    Stopped,
}

/// What of a deck can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeckKey {
    Play,
    Pause,
    Stop,
    Next,
    Previous,
    Forward,
    Rewind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volume {
    Up,
    Down,
    Mute,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Nothing else is given out to be sent until [`Bus::Sent`] says how it ended.
    Send(Frame),
    Tell(Told),
}

/// News for the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The TV shows us.
    Shown,
    /// It shows another.
    Left,
    /// It chose us while the box sleeps.
    Chosen,
    /// It went off, or wants us to.
    Standby,
    Deck(DeckKey),
    /// The TV did not wake, however often it was asked.
    NotWoken,
    /// Who takes the keys for the volume.
    Volume(VolumeBy),
    /// How loud the amplifier is.
    Level(Level),
    /// The language of the TV's menus: three letters (ISO 639-2).
    Language([u8; 3]),
}

/// Who is heard, as far as the bus knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VolumeBy {
    /// There is no bus, or the TV has refused such a key.
    #[default]
    Nobody,
    Tv,
    Amplifier,
}

/// How loud an amplifier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// In hundredths; none: it does not know.
    pub volume: Option<u8>,
    pub muted: bool,
}

/// For the log.
impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Told::Level(Level {
                volume: Some(volume),
                muted,
            }) => {
                let muted = if *muted { ", muted" } else { "" };
                return write!(f, "the amplifier's volume is {volume}{muted}");
            }
            Told::Level(Level { muted: true, .. }) => "the amplifier is muted",
            Told::Level(_) => "the amplifier does not know its volume",
            Told::Language(language) => {
                let language = std::str::from_utf8(language).unwrap_or("unknown");
                return write!(f, "the language of its menus is {language}");
            }
            Told::Shown => "it shows us",
            Told::Left => "it shows another",
            Told::Chosen => "it chose us while the box sleeps",
            Told::Standby => "standby heard",
            Told::Deck(DeckKey::Play) => "it wants the film to play",
            Told::Deck(DeckKey::Pause) => "it wants the film to pause",
            Told::Deck(DeckKey::Stop) => "it wants the film to stop",
            Told::Deck(DeckKey::Next) => "it wants what comes next",
            Told::Deck(DeckKey::Previous) => "it wants what was before",
            Told::Deck(DeckKey::Forward) => "it wants to go forward",
            Told::Deck(DeckKey::Rewind) => "it wants to go back",
            Told::NotWoken => "it does not wake",
            Told::Volume(VolumeBy::Amplifier) => "an amplifier is heard",
            Told::Volume(VolumeBy::Tv) => "the TV is heard",
            Told::Volume(VolumeBy::Nobody) => "nobody takes keys for the volume",
        })
    }
}
