//! What a sound card has of a sink: the ELD, of HDMI's sound as ALSA gives it.
//!
//! The card's driver makes it of the EDID (High Definition Audio, section 7.3.3.34), so it says
//! what the EDID does, and is there where the screen is another program's.

use crate::sound::Sound;

/// Before what is counted: its version and length.
const HEAD: usize = 4;

/// Of what is counted, before the name.
const FIXED: usize = 16;

impl Sound {
    /// None where it is not one, or of no sink: the socket is empty.
    pub fn of_eld(bytes: &[u8]) -> Option<Sound> {
        // Version 2 is CEA-861-D's; 31 is of a driver that knows only the name.
        let is_known = matches!(bytes.first()? >> 3, 2 | 31);
        let length = usize::from(*bytes.get(2)?) * 4;
        let body = bytes.get(HEAD..)?;
        let body = body.get(..length.min(body.len()))?;
        let fixed = body.get(..FIXED).filter(|_| is_known)?;
        let name = usize::from(fixed[0] & 0x1f);
        let count = usize::from(fixed[1] >> 4);
        let descriptors = body.get(FIXED + name..)?;
        let descriptors = &descriptors[..(count * 3).min(descriptors.len())];
        Some(Sound::of_descriptors(descriptors, fixed[3]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::Format;
    use proptest::prelude::*;

    /// Of a receiver that takes PCM of eight channels and AC-3; made by hand.
    fn eld() -> Vec<u8> {
        let mut eld = vec![0x10, 0, 7, 0, 0x63, 0x20, 0, 0x4f];
        eld.extend([0; 8]);
        eld.extend([0x3d, 0xcb, 0x51, 0x0f]);
        eld.extend(*b"RX1");
        eld.extend([0x0f, 0x7f, 0x07, 0x15, 0x07, 0x50, 0, 0]);
        eld
    }

    #[test]
    fn it_says_what_is_taken() {
        let sound = Sound::of_eld(&eld()).unwrap();
        let told: Vec<_> = sound
            .taken
            .iter()
            .map(|it| (it.format, it.channels_max))
            .collect();
        assert_eq!(told, [(Format::Pcm, 8), (Format::Ac3, 6)]);
        assert_eq!(sound.taken[1].kbit_max, Some(640));
        assert_eq!(sound.speakers, Some(8));
        assert!(sound.taken[0].has_rate(192_000) && !sound.taken[1].has_rate(96_000));
    }

    #[test]
    fn an_empty_socket_says_nothing() {
        assert_eq!(Sound::of_eld(&[]), None);
        assert_eq!(Sound::of_eld(&[0; 128]), None);
        assert_eq!(Sound::of_eld(&eld()[..12]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut eld = bytes;
            let _ = Sound::of_eld(&eld);
            if let Some(first) = eld.first_mut() {
                *first = 0x10;
            }
            let _ = Sound::of_eld(&eld);
        }
    }
}
