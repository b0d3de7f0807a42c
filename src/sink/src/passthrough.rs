//! Whether a film's sound goes out as it is, or as PCM, and of how many channels.
//!
//! As it is where the sink says that it takes it and the link has the room: then the receiver
//! decodes, with what belongs to it. PCM goes always: of as many channels as the film has, the sink
//! takes and the owner wishes. What is not known is taken for a TV with two loudspeakers.

use crate::sound::{Format, Sound};

/// What PCM is sent at where the film's own rate is not taken: every sink has it.
const USUAL_HZ: u32 = 48_000;

/// Layouts that there are: 7.1, 5.1, stereo.
const LAYOUTS: [u8; 3] = [8, 6, 2];

/// The sound of a film, as its container has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    Ac3,
    Eac3,
    Dts,
    /// DTS-HD with an older decoder's DTS in it, as all on discs.
    DtsHd,
    TrueHd,
    /// What no sink decodes.
    Other,
}

/// A track of sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    pub codec: Codec,
    /// 0: unknown.
    pub channels: u8,
    pub rate_hz: u32,
    /// None: unknown.
    pub kbit: Option<u32>,
}

/// What carries the sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Channels at once, as for PCM.
    pub channels_max: u8,
    /// Of each of them.
    pub rate_max_hz: u32,
}

impl Link {
    pub const HDMI: Link = Link {
        channels_max: 8,
        rate_max_hz: 192_000,
    };
    /// The optical one.
    pub const SPDIF: Link = Link {
        channels_max: 2,
        rate_max_hz: 48_000,
    };
}

/// What the owner wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoundWish {
    /// Sound goes out as it is where it can.
    pub passthrough: bool,
    /// PCM has at most so many.
    pub channels_max: u8,
}

impl Default for SoundWish {
    fn default() -> SoundWish {
        SoundWish {
            passthrough: true,
            channels_max: LAYOUTS[0],
        }
    }
}

/// How coded sound is framed as if it were PCM (IEC 61937).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// Part 3.
    Ac3,
    /// Part 3, at four times the rate.
    Eac3,
    /// Part 5; of DTS-HD only what is DTS in it.
    Dts,
    /// Part 5, at a high rate.
    DtsHd,
    /// Part 9, at a high rate.
    TrueHd,
}

/// How sound goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// As it is: the device is opened as for PCM of these.
    Pass {
        framing: Framing,
        channels: u8,
        rate_hz: u32,
    },
    /// Decoded, and mixed down where the film has more.
    Pcm { channels: u8, rate_hz: u32 },
}

/// How this sound goes to that sink; none: nobody knows what it takes.
pub fn sound_way(stream: &Stream, sink: Option<&Sound>, link: Link, wish: SoundWish) -> Way {
    let passed = sink.filter(|_| wish.passthrough).and_then(|sink| {
        let ways = framings(stream.codec);
        ways.iter()
            .find_map(|framing| pass(stream, *framing, sink, link))
    });
    passed.unwrap_or_else(|| pcm(stream, sink, link, wish))
}

/// The best first.
fn framings(codec: Codec) -> &'static [Framing] {
    match codec {
        Codec::Ac3 => &[Framing::Ac3],
        Codec::Eac3 => &[Framing::Eac3],
        Codec::Dts => &[Framing::Dts],
        Codec::DtsHd => &[Framing::DtsHd, Framing::Dts],
        Codec::TrueHd => &[Framing::TrueHd],
        Codec::Other => &[],
    }
}

fn pass(stream: &Stream, framing: Framing, sink: &Sound, link: Link) -> Option<Way> {
    // A high rate is eight channels of 192 kHz, or of four times 44.1, whatever is in it.
    let family = if stream.rate_hz.is_multiple_of(44_100) {
        44_100
    } else {
        48_000
    };
    let (format, channels, rate_hz) = match framing {
        Framing::Ac3 => (Format::Ac3, 2, stream.rate_hz),
        Framing::Eac3 => (Format::Eac3, 2, stream.rate_hz.checked_mul(4)?),
        // What is DTS in DTS-HD is of 48 kHz, or 44.1.
        Framing::Dts => (Format::Dts, 2, stream.rate_hz.min(family)),
        Framing::DtsHd => (Format::DtsHd, 8, family * 4),
        Framing::TrueHd => (Format::TrueHd, 8, family * 4),
    };
    let has_core_only = framing == Framing::Dts && stream.codec == Codec::DtsHd;
    let coded_hz = if framing == Framing::Dts {
        rate_hz
    } else {
        stream.rate_hz
    };
    let takes = sink.takes(format).any(|taken| {
        // Channels are not asked for: a decoder decodes all of a format, and mixes down itself.
        let kbit = stream.kbit.filter(|_| !has_core_only);
        let fits = kbit
            .zip(taken.kbit_max)
            .is_none_or(|(has, max)| has <= u32::from(max));
        taken.has_rate(coded_hz) && fits
    });
    let has_room = channels <= link.channels_max && rate_hz <= link.rate_max_hz;
    (takes && has_room).then_some(Way::Pass {
        framing,
        channels,
        rate_hz,
    })
}

fn pcm(stream: &Stream, sink: Option<&Sound>, link: Link, wish: SoundWish) -> Way {
    let taken = |channels: u8, hz: u32| {
        let in_link = channels <= link.channels_max && hz <= link.rate_max_hz;
        let mut pcm = sink.into_iter().flat_map(|sink| sink.takes(Format::Pcm));
        in_link && pcm.any(|it| it.channels_max >= channels && it.has_rate(hz))
    };
    let speakers = sink.and_then(|sink| sink.speakers).unwrap_or(u8::MAX);
    // Of what has three channels to five, six hold all.
    let wanted = match stream.channels {
        0..=2 => 2,
        3..=6 => 6,
        _ => 8,
    };
    let most = wanted.min(wish.channels_max).min(speakers);
    let layouts = || LAYOUTS.into_iter().filter(|layout| *layout <= most);
    // All its channels come before its own rate.
    let rates = [stream.rate_hz, USUAL_HZ];
    let found = layouts().find_map(|channels| {
        let rate_hz = rates.into_iter().find(|hz| taken(channels, *hz))?;
        Some(Way::Pcm { channels, rate_hz })
    });
    found.unwrap_or(Way::Pcm {
        channels: 2,
        rate_hz: USUAL_HZ,
    })
}
