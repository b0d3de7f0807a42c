//! Where a film can be heard: ALSA's cards as the kernel lists them, the best first.
//!
//! Of the texts in `/proc/asound` and what is plugged into the screens' sockets: that is all there,
//! for everybody to read, and needs neither ALSA's library nor a device opened. What the card's
//! driver says of a sink (its ELD) counts before what the socket's EDID does.
//!
//! HDMI goes first, with something plugged in that takes sound: that is where the picture is. Then
//! what somebody plugged in to be heard by (USB), then loudspeakers, then optical sockets; last
//! HDMI of which nobody knows whether it is heard.

use crate::sound::{Format, Sound};

/// Outputs that are told: more than any box has.
const OUTPUTS_MAX: usize = 32;

/// A socket of a screen, as the kernel's display drivers have it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Socket {
    /// "HDMI-A-1".
    pub name: String,
    /// A picture goes out there.
    pub lit: bool,
    /// As it calls itself.
    pub sink: Option<String>,
    /// None: nothing that says anything is plugged in.
    pub sound: Option<Sound>,
}

/// What a card's driver has of a sink: one of its `eld#` files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Eld {
    /// Something is plugged in, and has told what it takes.
    pub valid: bool,
    pub sink: Option<String>,
    pub sound: Sound,
}

/// The kernel's list, and what else is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listed {
    /// `/proc/asound/cards`.
    pub cards: String,
    /// `/proc/asound/pcm`.
    pub pcm: String,
    /// Each card's, in the order of their names.
    pub elds: Vec<(u8, Vec<Eld>)>,
    pub sockets: Vec<Socket>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Hdmi,
    Usb,
    Analog,
    /// Optical, or coaxial.
    Spdif,
}

/// One way for sound out of the box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The card's name, which stays when its number does not.
    pub card: String,
    pub kind: Kind,
    /// Names for ALSA, to be tried in order.
    pub names: Vec<String>,
    /// What the sink takes; none: it has not told.
    pub sound: Option<Sound>,
}

#[derive(Debug)]
struct Card<'t> {
    number: u8,
    id: &'t str,
    /// Its driver and its names.
    about: String,
}

/// A device of a card that plays.
#[derive(Debug)]
struct Pcm<'t> {
    card: u8,
    device: u8,
    name: &'t str,
}

/// Whether one is heard there, as far as is known; the least is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Heard {
    OnTheScreen,
    PluggedIn,
    Unknown,
    /// It has said that it takes no sound, or nothing is plugged in.
    Hardly,
}

/// All that there are, the best first; those of the card that the owner named before all others.
pub fn outputs(listed: &Listed, wish: Option<&str>) -> Vec<Output> {
    let cards: Vec<_> = cards(&listed.cards).collect();
    let pcms: Vec<_> = listed.pcm.lines().filter_map(pcm).collect();
    let mut found = Vec::new();
    for card in &cards {
        let devices = pcms.iter().filter(|pcm| pcm.card == card.number);
        let mut of_hdmi = 0;
        for pcm in devices {
            let kind = kind(card, pcm);
            let nth = of_hdmi;
            of_hdmi += u8::from(kind == Kind::Hdmi);
            let (heard, sound) = match kind {
                Kind::Hdmi => heard(listed, card, nth),
                _ => (Heard::Unknown, None),
            };
            let wished = wish.is_some_and(|wish| card.id == wish);
            let rank = match (kind, heard) {
                (Kind::Hdmi, Heard::OnTheScreen) => 0,
                (Kind::Hdmi, Heard::PluggedIn) => 1,
                (Kind::Usb, _) => 2,
                (Kind::Analog, _) => 3,
                (Kind::Spdif, _) => 4,
                (Kind::Hdmi, Heard::Unknown) => 5,
                (Kind::Hdmi, Heard::Hardly) => 6,
            };
            let names = names(card, pcm, kind, nth);
            let output = Output {
                card: card.id.to_owned(),
                kind,
                names,
                sound,
            };
            found.push(((!wished, rank, pcm.card, pcm.device), output));
        }
    }
    found.sort_by_key(|(order, _)| *order);
    let all = found.into_iter().map(|(_, output)| output);
    all.take(OUTPUTS_MAX).collect()
}

/// Two lines each: ` 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0`, then its long name.
fn cards(text: &str) -> impl Iterator<Item = Card<'_>> {
    let mut lines = text.lines();
    std::iter::from_fn(move || {
        loop {
            let first = lines.next()?;
            let Some((number, rest)) = first.split_once('[') else {
                continue;
            };
            let Some((id, about)) = rest.split_once("]:") else {
                continue;
            };
            let Ok(number) = number.trim().parse() else {
                continue;
            };
            let long = lines.next().unwrap_or_default();
            return Some(Card {
                number,
                id: id.trim(),
                about: format!("{} {}", about.trim(), long.trim()),
            });
        }
    })
}

/// `01-03: HDMI 0 : HDMI 0 : playback 1`; none: it does not play.
fn pcm(line: &str) -> Option<Pcm<'_>> {
    let (numbers, rest) = line.split_once(": ")?;
    let (card, device) = numbers.split_once('-')?;
    let mut parts = rest.split(" : ").map(str::trim);
    let name = parts.next()?;
    parts
        .any(|part| part.starts_with("playback"))
        .then_some(Pcm {
            card: card.trim().parse().ok()?,
            device: device.trim().parse().ok()?,
            name,
        })
}

fn kind(card: &Card<'_>, pcm: &Pcm<'_>) -> Kind {
    let card_says = |what: &str| {
        let about = card.about.to_ascii_lowercase();
        about.contains(what) || card.id.to_ascii_lowercase().contains(what)
    };
    let name = pcm.name.to_ascii_lowercase();
    let pcm_says = |what: &str| name.contains(what);
    if pcm_says("hdmi") || pcm_says("displayport") {
        Kind::Hdmi
    } else if pcm_says("iec958") || pcm_says("s/pdif") || pcm_says("spdif") || pcm_says("digital") {
        Kind::Spdif
    } else if card_says("usb-audio") {
        Kind::Usb
    } else if card_says("hdmi") && !pcm_says("analog") {
        // Of boards: a card of its own for each socket.
        Kind::Hdmi
    } else {
        Kind::Analog
    }
}

/// Whether anybody hears the nth socket of that card, and what is there.
fn heard(listed: &Listed, card: &Card<'_>, nth: u8) -> (Heard, Option<Sound>) {
    let elds = listed
        .elds
        .iter()
        .find(|(number, _)| *number == card.number);
    let eld = elds.and_then(|(_, elds)| elds.get(usize::from(nth)));
    let socket = socket(listed, card, nth, eld);
    if let Some(eld) = eld.filter(|eld| eld.valid) {
        let heard = by_sound(&eld.sound, socket.is_some_and(|socket| socket.lit));
        return (heard, Some(eld.sound.clone()));
    }
    match socket {
        // A card that tells of its sockets, and of nothing in this one.
        None if eld.is_some() => (Heard::Hardly, None),
        None => (Heard::Unknown, None),
        Some(socket) => match &socket.sound {
            None => (Heard::Hardly, None),
            Some(sound) => (by_sound(sound, socket.lit), Some(sound.clone())),
        },
    }
}

fn by_sound(sound: &Sound, lit: bool) -> Heard {
    match (sound.takes(Format::Pcm).next().is_some(), lit) {
        (true, true) => Heard::OnTheScreen,
        (true, false) => Heard::PluggedIn,
        (false, _) => Heard::Hardly,
    }
}

/// The screen's socket that this one of the card is.
fn socket<'l>(
    listed: &'l Listed,
    card: &Card<'_>,
    nth: u8,
    eld: Option<&Eld>,
) -> Option<&'l Socket> {
    let named = |name: &str| {
        let mut sockets = listed.sockets.iter();
        sockets.find(|socket| socket.sink.as_deref() == Some(name))
    };
    if let Some(eld) = eld {
        // Which is which only what is plugged in can tell.
        return eld.sink.as_deref().and_then(named);
    }
    // Boards count both from one end: vc4hdmi0 is HDMI-A-1.
    let counted = card.id.bytes().last().filter(u8::is_ascii_digit);
    let place = counted.map_or(nth, |digit| digit - b'0');
    let mut sockets = listed.sockets.iter();
    let of_hdmi = format!("HDMI-A-{}", u16::from(place) + 1);
    sockets.find(|socket| socket.name == of_hdmi)
}

fn names(card: &Card<'_>, pcm: &Pcm<'_>, kind: Kind, nth: u8) -> Vec<String> {
    let plain = format!("plughw:CARD={},DEV={}", card.id, pcm.device);
    match kind {
        // ALSA's own way for it, which frames the samples where the driver does not.
        Kind::Hdmi => vec![format!("hdmi:CARD={},DEV={nth}", card.id), plain],
        Kind::Usb | Kind::Analog | Kind::Spdif => vec![plain],
    }
}

impl Eld {
    /// Of the text that a driver makes of it.
    pub fn of_text(text: &str) -> Eld {
        let mut eld = Eld::default();
        let (mut present, mut told) = (false, false);
        let mut taken: Vec<(u8, [u8; 3])> = Vec::new();
        let mut speakers = 0;
        for line in text.lines() {
            let mut words = line.split_whitespace();
            let (Some(key), Some(value)) = (words.next(), words.next()) else {
                continue;
            };
            match key {
                "monitor_present" => present = value == "1",
                "eld_valid" => told = value == "1",
                "monitor_name" => {
                    let name = line.trim_start()["monitor_name".len()..].trim();
                    eld.sink = Some(name.to_owned());
                }
                "speakers" => speakers = hex(value) as u8,
                _ => descriptor(key, value, &mut taken),
            }
        }
        eld.valid = present && told;
        let bytes: Vec<u8> = taken.iter().flat_map(|(_, bytes)| *bytes).collect();
        eld.sound = Sound::of_descriptors(&bytes, speakers);
        eld
    }
}

/// `sad0_coding_type [0x1] LPCM` and the like, back into the three bytes that it was made of.
fn descriptor(key: &str, value: &str, taken: &mut Vec<(u8, [u8; 3])>) {
    let Some((number, what)) = key
        .strip_prefix("sad")
        .and_then(|rest| rest.split_once('_'))
    else {
        return;
    };
    let Ok(number) = number.parse::<u8>() else {
        return;
    };
    let at = match taken.iter().position(|(known, _)| *known == number) {
        Some(at) => at,
        None if taken.len() < 15 => {
            taken.push((number, [0; 3]));
            taken.len() - 1
        }
        None => return,
    };
    let bytes = &mut taken[at].1;
    match what {
        "coding_type" => bytes[0] |= (hex(value) as u8 & 0x0f) << 3,
        "channels" => {
            let channels: u8 = value.parse().unwrap_or(1);
            bytes[0] |= channels.saturating_sub(1) & 7;
        }
        // ALSA's bits begin with 5,512 Hz, and have 64,000 between 48,000 and 88,200.
        "rates" => {
            let alsa = hex(value);
            let bit = |from: u32, to: u8| u8::from(alsa >> from & 1 == 1) << to;
            bytes[1] = bit(5, 0)
                | bit(6, 1)
                | bit(7, 2)
                | bit(9, 3)
                | bit(10, 4)
                | bit(11, 5)
                | bit(12, 6);
        }
        "max_bitrate" => {
            let bits: u32 = value.parse().unwrap_or(0);
            bytes[2] = u8::try_from(bits / 8000).unwrap_or(u8::MAX);
        }
        _ => {}
    }
}

/// "[0x1e0]"; zero where it is none.
fn hex(text: &str) -> u32 {
    let digits = text.trim_matches(['[', ']']);
    let digits = digits.strip_prefix("0x").unwrap_or(digits);
    u32::from_str_radix(digits, 16).unwrap_or(0)
}
