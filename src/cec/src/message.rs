//! What messages mean, of those a player says or hears, and what is wrong with others.
//!
//! Read leniently as CEC 1.4b section CEC 12 says: more operands than known are left alone, too
//! few make a message that was never sent, and so does one to everybody that is for one, or the
//! other way round. Opcodes and operands are of tables CEC 8 to CEC 29 there.

use crate::{Deck, DeckKey, Frame, Level, Logical, Place, Volume};

const FEATURE_ABORT: u8 = 0x00;
const IMAGE_VIEW_ON: u8 = 0x04;
const GIVE_DECK_STATUS: u8 = 0x1a;
const DECK_STATUS: u8 = 0x1b;
const SET_MENU_LANGUAGE: u8 = 0x32;
const STANDBY: u8 = 0x36;
const PLAY: u8 = 0x41;
const DECK_CONTROL: u8 = 0x42;
const USER_CONTROL_PRESSED: u8 = 0x44;
const USER_CONTROL_RELEASED: u8 = 0x45;
const GIVE_OSD_NAME: u8 = 0x46;
const SET_OSD_NAME: u8 = 0x47;
const SET_SYSTEM_AUDIO_MODE: u8 = 0x72;
const REPORT_AUDIO_STATUS: u8 = 0x7a;
const GIVE_AUDIO_STATUS: u8 = 0x71;
const GIVE_SYSTEM_AUDIO_MODE_STATUS: u8 = 0x7d;
const SYSTEM_AUDIO_MODE_STATUS: u8 = 0x7e;
const ROUTING_CHANGE: u8 = 0x80;
const ROUTING_INFORMATION: u8 = 0x81;
const ACTIVE_SOURCE: u8 = 0x82;
const REPORT_PHYSICAL_ADDRESS: u8 = 0x84;
const REQUEST_ACTIVE_SOURCE: u8 = 0x85;
const SET_STREAM_PATH: u8 = 0x86;
const DEVICE_VENDOR_ID: u8 = 0x87;
const MENU_REQUEST: u8 = 0x8d;
const MENU_STATUS: u8 = 0x8e;
const GIVE_DEVICE_POWER_STATUS: u8 = 0x8f;
const REPORT_POWER_STATUS: u8 = 0x90;
const INACTIVE_SOURCE: u8 = 0x9d;
const CEC_VERSION: u8 = 0x9e;
const ABORT: u8 = 0xff;

/// A message of which we know what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// The other does not do that.
    FeatureAbort {
        opcode: u8,
        reason: Reason,
    },
    /// Only for tests of devices; always refused.
    Abort,
    /// To the TV: wake, and show who says so.
    ImageViewOn,
    Standby,
    /// We are what is shown.
    ActiveSource(Place),
    /// We are it no more.
    InactiveSource(Place),
    RequestActiveSource,
    /// The TV wants that one.
    SetStreamPath(Place),
    /// An input was chosen by hand.
    RoutingChange {
        to: Place,
    },
    /// Where what was chosen leads to.
    RoutingInformation(Place),
    GiveDevicePowerStatus,
    /// Whether it is on; one that is about to be is not.
    ReportPowerStatus {
        on: bool,
    },
    MenuRequest,
    /// Our menus are there, so keys make sense.
    MenuActive,
    /// Of a deck: what it does, once or at each change, or no more.
    GiveDeckStatus(Tell),
    DeckStatus(Deck),
    /// Of PLAY and DECK_CONTROL.
    Deck(DeckKey),
    UserControlPressed(Volume),
    UserControlReleased,
    GiveSystemAudioModeStatus,
    /// The amplifier is what is heard; it says so by itself or when asked.
    SystemAudioMode {
        on: bool,
    },
    GiveAudioStatus,
    ReportAudioStatus(Level),
    /// The menus of who says so, the TV, are in that language.
    SetMenuLanguage([u8; 3]),
    GiveOsdName,
    SetOsdName(OsdName),
}

/// How often something is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tell {
    AtEachChange,
    NoMore,
    Once,
}

/// A name of at most 14 letters, of ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OsdName([u8; OsdName::BYTES_MAX], u8);

impl OsdName {
    /// What fits into a message with its head and opcode.
    pub const BYTES_MAX: usize = 14;

    /// What is too long is cut; other letters are left out.
    pub fn new(name: &str) -> OsdName {
        let mut bytes = [0; OsdName::BYTES_MAX];
        let mut length = 0;
        let plain = name.bytes().filter(|byte| matches!(byte, b' '..=b'~'));
        for (place, byte) in bytes.iter_mut().zip(plain) {
            *place = byte;
            length += 1;
        }
        OsdName(bytes, length)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0[..usize::from(self.1)]
    }
}

/// Why a feature is refused (CEC 1.4b, Abort Reason).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Unrecognized,
    /// Not now: the box sleeps.
    NotInCorrectMode,
    InvalidOperand,
    Refused,
    Other(u8),
}

impl Reason {
    fn code(self) -> u8 {
        match self {
            Reason::Unrecognized => 0,
            Reason::NotInCorrectMode => 1,
            Reason::InvalidOperand => 3,
            Reason::Refused => 4,
            Reason::Other(code) => code,
        }
    }

    fn of(code: u8) -> Reason {
        match code {
            0 => Reason::Unrecognized,
            1 => Reason::NotInCorrectMode,
            3 => Reason::InvalidOperand,
            4 => Reason::Refused,
            code => Reason::Other(code),
        }
    }
}

/// What a frame is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    Message(Message),
    /// It needs neither an answer nor an act, or was never sent by a device in its right mind.
    Nothing,
    /// Whoever said it must hear why nothing is done.
    Refused {
        opcode: u8,
        reason: Reason,
    },
}

/// Reads a frame that is for us or for everybody.
pub fn read(frame: &Frame) -> Heard {
    let Some(opcode) = frame.opcode() else {
        return Heard::Nothing;
    };
    if !right_way(opcode, frame.is_broadcast()) {
        return Heard::Nothing;
    }
    match meaning(opcode, frame) {
        Some(heard) => heard,
        // Too short.
        None => Heard::Nothing,
    }
}

/// Whether that message may be sent so.
fn right_way(opcode: u8, broadcast: bool) -> bool {
    match opcode {
        STANDBY | SET_SYSTEM_AUDIO_MODE | REPORT_POWER_STATUS => true,
        ROUTING_CHANGE
        | ROUTING_INFORMATION
        | ACTIVE_SOURCE
        | REPORT_PHYSICAL_ADDRESS
        | REQUEST_ACTIVE_SOURCE
        | SET_STREAM_PATH
        | DEVICE_VENDOR_ID
        | SET_MENU_LANGUAGE => broadcast,
        // Unknown ones to everybody are nobody's business.
        _ => !broadcast,
    }
}

/// None: an operand is missing.
fn meaning(opcode: u8, frame: &Frame) -> Option<Heard> {
    let operands = frame.operands();
    let byte = || operands.first().copied();
    let refused = |reason| Some(Heard::Refused { opcode, reason });
    let message = match opcode {
        FEATURE_ABORT => Message::FeatureAbort {
            opcode: byte()?,
            reason: Reason::of(*operands.get(1)?),
        },
        ABORT => Message::Abort,
        STANDBY => Message::Standby,
        ACTIVE_SOURCE => match place(operands) {
            Some(place) => Message::ActiveSource(place),
            None => return Some(Heard::Nothing),
        },
        REQUEST_ACTIVE_SOURCE => Message::RequestActiveSource,
        SET_STREAM_PATH => Message::SetStreamPath(place(operands)?),
        ROUTING_CHANGE => Message::RoutingChange {
            to: place(operands.get(2..)?)?,
        },
        ROUTING_INFORMATION => Message::RoutingInformation(place(operands)?),
        GIVE_DEVICE_POWER_STATUS => Message::GiveDevicePowerStatus,
        REPORT_POWER_STATUS => Message::ReportPowerStatus { on: byte()? == 0 },
        MENU_REQUEST => match byte()? {
            0..=2 => Message::MenuRequest,
            _ => return refused(Reason::InvalidOperand),
        },
        GIVE_DECK_STATUS => Message::GiveDeckStatus(match byte()? {
            1 => Tell::AtEachChange,
            2 => Tell::NoMore,
            3 => Tell::Once,
            _ => return refused(Reason::InvalidOperand),
        }),
        PLAY => match play(byte()?) {
            Ok(key) => Message::Deck(key),
            Err(reason) => return refused(reason),
        },
        DECK_CONTROL => Message::Deck(match byte()? {
            1 => DeckKey::Next,
            2 => DeckKey::Previous,
            3 => DeckKey::Stop,
            // There is nothing to eject.
            4 => return refused(Reason::Refused),
            _ => return refused(Reason::InvalidOperand),
        }),
        SET_SYSTEM_AUDIO_MODE | SYSTEM_AUDIO_MODE_STATUS => {
            Message::SystemAudioMode { on: byte()? == 1 }
        }
        REPORT_AUDIO_STATUS => Message::ReportAudioStatus(level(byte()?)),
        SET_MENU_LANGUAGE => match language(operands) {
            Some(language) => Message::SetMenuLanguage(language),
            None => return Some(Heard::Nothing),
        },
        GIVE_OSD_NAME => Message::GiveOsdName,
        // Answers, and what the kernel makes keys of.
        USER_CONTROL_PRESSED
        | USER_CONTROL_RELEASED
        | SET_OSD_NAME
        | REPORT_PHYSICAL_ADDRESS
        | DEVICE_VENDOR_ID
        | DECK_STATUS
        | MENU_STATUS
        | INACTIVE_SOURCE
        | CEC_VERSION => return Some(Heard::Nothing),
        // Commands of makers too: who is none of them refuses.
        _ => return refused(Reason::Unrecognized),
    };
    Some(Heard::Message(message))
}

/// Of one byte: a bit for the silence, and hundredths; above them it is not known.
fn level(byte: u8) -> Level {
    Level {
        volume: Some(byte & 0x7f).filter(|volume| *volume <= 100),
        muted: byte & 0x80 != 0,
    }
}

/// None: it is none.
fn language(operands: &[u8]) -> Option<[u8; 3]> {
    let letters = *operands.first_chunk::<3>()?;
    let letters = letters.map(|letter| letter.to_ascii_lowercase());
    letters
        .iter()
        .all(u8::is_ascii_lowercase)
        .then_some(letters)
}

fn place(operands: &[u8]) -> Option<Place> {
    let &[high, low, ..] = operands else {
        return None;
    };
    Place::new(u16::from_be_bytes([high, low]))
}

/// The modes of PLAY.
fn play(mode: u8) -> Result<DeckKey, Reason> {
    match mode {
        0x24 => Ok(DeckKey::Play),
        0x25 => Ok(DeckKey::Pause),
        0x05..=0x07 => Ok(DeckKey::Forward),
        0x09..=0x0b => Ok(DeckKey::Rewind),
        // Backwards, and slowly: no film of ours plays so.
        0x20 | 0x15..=0x17 | 0x19..=0x1b => Err(Reason::Refused),
        _ => Err(Reason::InvalidOperand),
    }
}

impl Message {
    /// The bytes of it.
    pub(crate) fn frame(self, from: Logical, to: Logical) -> Frame {
        let made = |rest: &[u8]| Frame::made(from, to, rest);
        let at = |opcode, place: Place| {
            let [high, low] = place.number().to_be_bytes();
            made(&[opcode, high, low])
        };
        match self {
            Message::FeatureAbort { opcode, reason } => {
                made(&[FEATURE_ABORT, opcode, reason.code()])
            }
            Message::Abort => made(&[ABORT]),
            Message::ImageViewOn => made(&[IMAGE_VIEW_ON]),
            Message::Standby => made(&[STANDBY]),
            Message::ActiveSource(place) => at(ACTIVE_SOURCE, place),
            Message::InactiveSource(place) => at(INACTIVE_SOURCE, place),
            Message::RequestActiveSource => made(&[REQUEST_ACTIVE_SOURCE]),
            Message::SetStreamPath(place) => at(SET_STREAM_PATH, place),
            Message::RoutingChange { to } => {
                let [high, low] = to.number().to_be_bytes();
                made(&[ROUTING_CHANGE, 0, 0, high, low])
            }
            Message::RoutingInformation(place) => at(ROUTING_INFORMATION, place),
            Message::GiveDevicePowerStatus => made(&[GIVE_DEVICE_POWER_STATUS]),
            Message::ReportPowerStatus { on } => made(&[REPORT_POWER_STATUS, u8::from(!on)]),
            // The box's menus are asked for.
            Message::MenuRequest => made(&[MENU_REQUEST, 2]),
            Message::MenuActive => made(&[MENU_STATUS, 0]),
            Message::GiveDeckStatus(tell) => made(&[
                GIVE_DECK_STATUS,
                match tell {
                    Tell::AtEachChange => 1,
                    Tell::NoMore => 2,
                    Tell::Once => 3,
                },
            ]),
            Message::DeckStatus(deck) => made(&[
                DECK_STATUS,
                match deck {
                    Deck::Playing => 0x11,
                    Deck::Paused => 0x14,
                    Deck::Stopped => 0x1a,
                },
            ]),
            Message::Deck(key) => match key {
                DeckKey::Play => made(&[PLAY, 0x24]),
                DeckKey::Pause => made(&[PLAY, 0x25]),
                DeckKey::Forward => made(&[PLAY, 0x05]),
                DeckKey::Rewind => made(&[PLAY, 0x09]),
                DeckKey::Next => made(&[DECK_CONTROL, 1]),
                DeckKey::Previous => made(&[DECK_CONTROL, 2]),
                DeckKey::Stop => made(&[DECK_CONTROL, 3]),
            },
            Message::UserControlPressed(volume) => made(&[
                USER_CONTROL_PRESSED,
                match volume {
                    Volume::Up => 0x41,
                    Volume::Down => 0x42,
                    Volume::Mute => 0x43,
                },
            ]),
            Message::UserControlReleased => made(&[USER_CONTROL_RELEASED]),
            Message::GiveSystemAudioModeStatus => made(&[GIVE_SYSTEM_AUDIO_MODE_STATUS]),
            Message::SystemAudioMode { on } => made(&[SYSTEM_AUDIO_MODE_STATUS, u8::from(on)]),
            Message::GiveAudioStatus => made(&[GIVE_AUDIO_STATUS]),
            Message::ReportAudioStatus(Level { volume, muted }) => {
                // Above all hundredths: not known.
                let volume = volume.unwrap_or(0x7f) & 0x7f;
                made(&[REPORT_AUDIO_STATUS, volume | u8::from(muted) << 7])
            }
            Message::SetMenuLanguage([first, second, third]) => {
                made(&[SET_MENU_LANGUAGE, first, second, third])
            }
            Message::GiveOsdName => made(&[GIVE_OSD_NAME]),
            Message::SetOsdName(name) => {
                let mut rest = [SET_OSD_NAME; 1 + OsdName::BYTES_MAX];
                let length = 1 + name.bytes().len();
                rest[1..length].copy_from_slice(name.bytes());
                made(&rest[..length])
            }
        }
    }
}
