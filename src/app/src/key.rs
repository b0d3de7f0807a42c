//! The keys of the box, whatever sends them: a keyboard, an infrared remote, the TV over CEC, a
//! phone. Every shell that has keys maps its own codes to these.

/// One button of the remote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    Up,
    Down,
    Left,
    Right,
    Ok,
    Back,
    Home,
    Menu,
    /// What can be done with what has the focus; a long press of OK is the same.
    Context,
    Info,
    /// Look for a film by words.
    Search,
    /// What the viewer has kept: the list of their own.
    Favourites,
    PlayPause,
    Play,
    Pause,
    Stop,
    Forward,
    Rewind,
    Next,
    Previous,
    /// A screenful further up, or a programme up.
    PageUp,
    PageDown,
    /// The next subtitles.
    Subtitles,
    /// The next sound track.
    Audio,
    VolumeUp,
    VolumeDown,
    Mute,
    /// The one button for on and off.
    Power,
    /// Off, never on.
    Sleep,
    /// On, never off.
    Wake,
    /// The button of the box itself: as [`Key::Power`], and more when it is held for long.
    PowerButton,
    Red,
    Green,
    Yellow,
    Blue,
    /// Takes the last letter away.
    Delete,
    /// 0 to 9.
    Digit(u8),
}

/// What happened to the button.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Press {
    Down,
    /// Still held; sent again at the repeat rate of the sender.
    Repeat,
    Up,
}

impl Key {
    /// Every key with the name the control API knows it by.
    pub const NAMES: [(&'static str, Key); 46] = [
        ("up", Key::Up),
        ("down", Key::Down),
        ("left", Key::Left),
        ("right", Key::Right),
        ("ok", Key::Ok),
        ("back", Key::Back),
        ("home", Key::Home),
        ("menu", Key::Menu),
        ("context", Key::Context),
        ("info", Key::Info),
        ("search", Key::Search),
        ("favourites", Key::Favourites),
        ("play-pause", Key::PlayPause),
        ("play", Key::Play),
        ("pause", Key::Pause),
        ("stop", Key::Stop),
        ("forward", Key::Forward),
        ("rewind", Key::Rewind),
        ("next", Key::Next),
        ("previous", Key::Previous),
        ("page-up", Key::PageUp),
        ("page-down", Key::PageDown),
        ("subtitles", Key::Subtitles),
        ("audio", Key::Audio),
        ("volume-up", Key::VolumeUp),
        ("volume-down", Key::VolumeDown),
        ("mute", Key::Mute),
        ("power", Key::Power),
        ("sleep", Key::Sleep),
        ("wake", Key::Wake),
        ("power-button", Key::PowerButton),
        ("red", Key::Red),
        ("green", Key::Green),
        ("yellow", Key::Yellow),
        ("blue", Key::Blue),
        ("delete", Key::Delete),
        ("0", Key::Digit(0)),
        ("1", Key::Digit(1)),
        ("2", Key::Digit(2)),
        ("3", Key::Digit(3)),
        ("4", Key::Digit(4)),
        ("5", Key::Digit(5)),
        ("6", Key::Digit(6)),
        ("7", Key::Digit(7)),
        ("8", Key::Digit(8)),
        ("9", Key::Digit(9)),
    ];

    /// What the control API calls it.
    pub fn name(self) -> &'static str {
        let mut all = Self::NAMES.iter();
        let named = all.find(|(_, key)| *key == self);
        named.map_or("", |(name, _)| name)
    }

    /// The key of that name, see [`Key::NAMES`].
    pub fn named(name: &str) -> Option<Key> {
        Self::NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, key)| *key)
    }
}
