//! What a sink takes as sound.

use piaf::{AudioFormat, AudioFormatInfo, Cea861Capabilities, ShortAudioDescriptor};

/// Descriptors of sound that are read: CTA-861 has room for fifteen formats, and one for each
/// layout.
const FORMATS_MAX: usize = 32;

/// Rates that have a bit in a descriptor, from the lowest.
const RATES_HZ: [u32; 7] = [32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

/// What has a name to us; the rest of CTA-861's is sent by nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    Pcm,
    Ac3,
    Eac3,
    Dts,
    /// With its extensions, as discs have it.
    DtsHd,
    /// And what else MLP carries.
    TrueHd,
}

/// A format and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub format: Format,
    pub channels_max: u8,
    /// A bit for each rate, the lowest for 32 kHz.
    rates: u8,
    /// Of AC-3 and DTS; none: it says nothing.
    pub kbit_max: Option<u16>,
}

impl Taken {
    pub fn new(format: Format, channels_max: u8, rates_hz: &[u32]) -> Taken {
        let bit = |place: usize| u8::from(rates_hz.contains(&RATES_HZ[place])) << place;
        Taken {
            format,
            channels_max,
            rates: (0..RATES_HZ.len()).map(bit).sum(),
            kbit_max: None,
        }
    }

    pub fn has_rate(&self, hz: u32) -> bool {
        let place = RATES_HZ.iter().position(|rate| *rate == hz);
        place.is_some_and(|place| self.rates >> place & 1 == 1)
    }

    /// Of the three bytes of a descriptor; none: of a format that we never send.
    pub(crate) fn of_bytes([first, rates, more]: [u8; 3]) -> Option<Taken> {
        let format = match first >> 3 & 0x0f {
            1 => Format::Pcm,
            2 => Format::Ac3,
            7 => Format::Dts,
            10 => Format::Eac3,
            11 => Format::DtsHd,
            12 => Format::TrueHd,
            _ => return None,
        };
        let limited = matches!(format, Format::Ac3 | Format::Dts) && more != 0;
        Some(Taken {
            format,
            channels_max: (first & 7) + 1,
            rates: rates & 0x7f,
            kbit_max: limited.then(|| u16::from(more) * 8),
        })
    }

    fn of_read(read: &ShortAudioDescriptor) -> Option<Taken> {
        let format = match read.format {
            AudioFormat::Lpcm => Format::Pcm,
            AudioFormat::Ac3 => Format::Ac3,
            AudioFormat::Dts => Format::Dts,
            AudioFormat::EnhancedAc3 => Format::Eac3,
            AudioFormat::DtsHd => Format::DtsHd,
            AudioFormat::MlpTrueHd => Format::TrueHd,
            _ => return None,
        };
        let kbit_max = match read.format_info {
            AudioFormatInfo::MaxBitrateKbps(kbit) if kbit != 0 => Some(kbit),
            _ => None,
        };
        Some(Taken {
            format,
            channels_max: read.max_channels,
            rates: read.sample_rates.bits(),
            kbit_max,
        })
    }
}

/// What a sink takes as sound.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sound {
    pub taken: Vec<Taken>,
    /// Loudspeakers it says it has, of eight; none: it says nothing.
    pub speakers: Option<u8>,
}

impl Sound {
    pub(crate) fn of_read(cta: &Cea861Capabilities) -> Sound {
        let taken = cta.audio_descriptors.iter().filter_map(Taken::of_read);
        let mut sound = Sound {
            taken: taken.take(FORMATS_MAX).collect(),
            speakers: cta
                .speaker_allocation
                .as_ref()
                .map(|speakers| count(speakers.channels.bits())),
        };
        let basic = cta.flags.contains(piaf::Cea861Flags::BASIC_AUDIO);
        if basic && !sound.taken.iter().any(|taken| taken.format == Format::Pcm) {
            sound.taken.push(Sound::BASIC);
        }
        sound
    }

    /// What every sink with sound takes (CTA-861, basic audio).
    const BASIC: Taken = Taken {
        format: Format::Pcm,
        channels_max: 2,
        rates: 0b111,
        kbit_max: None,
    };

    pub(crate) fn of_descriptors(bytes: &[u8], speakers: u8) -> Sound {
        let (descriptors, _) = bytes.as_chunks::<3>();
        let taken = descriptors
            .iter()
            .filter_map(|bytes| Taken::of_bytes(*bytes));
        Sound {
            taken: taken.take(FORMATS_MAX).collect(),
            speakers: Some(speakers).filter(|bits| *bits != 0).map(count),
        }
    }

    pub fn takes(&self, format: Format) -> impl Iterator<Item = &Taken> {
        self.taken
            .iter()
            .filter(move |taken| taken.format == format)
    }
}

/// Loudspeakers by CTA-861's bits: pairs, but for the bass, the centre and the back centre.
fn count(bits: u8) -> u8 {
    let single = (bits & 0b0001_0110).count_ones();
    let pairs = (bits & 0b1110_1001).count_ones();
    (single + 2 * pairs).min(8) as u8
}
