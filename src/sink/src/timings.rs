//! The modes that an EDID offers, with their exact rates.
//!
//! The reader of the blocks (piaf) rounds rates to whole ones, knows no formats of HDMI 1.4, and
//! takes numbers of formats above 192 for others. So these are read here again: detailed timings by
//! their clock, formats of CTA-861 by their number, each with its twin at 1000/1001, and the four
//! of HDMI 1.4 for 4K. What an old PC's modes are at is known to whole Hz only; none of them is for
//! films.

use display_types::cea861::vic_to_mode;
use piaf::{DisplayCapabilities, ModeSource};

use crate::mend::{BLOCK, Fault};
use crate::rate::Rate;

/// More than any sink offers; a base block and sixteen of CTA-861 with short formats alone.
const MODES_MAX: usize = 512;

/// No screen is smaller, nor larger: 16 to 16,384 each way, as everywhere in the box.
const PIXELS: std::ops::RangeInclusive<u32> = 16..=16_384;

/// Slower is no mode, whatever a clock says.
const HZ_MIN: u32 = 10;

/// Bytes of a detailed timing.
const TIMING: usize = 18;

/// Where the four of the first block begin.
const TIMINGS: usize = 54;

/// Of HDMI 1.4: width, height, pictures a second, by their number from 1.
const HDMI_FORMATS: [(u32, u32, u32); 4] = [
    (3_840, 2_160, 30),
    (3_840, 2_160, 25),
    (3_840, 2_160, 24),
    (4_096, 2_160, 24),
];

/// Tags of blocks in an extension of CTA-861: short descriptors of formats, and what is a vendor's.
const VIDEO: u8 = 2;
const VENDOR: u8 = 3;

/// The vendor whose block HDMI 1.4 is.
const HDMI: [u8; 3] = [0x03, 0x0c, 0x00];

/// A way to show pictures, as a sink offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mode {
    pub width: u32,
    pub height: u32,
    /// Every second line at a time.
    pub interlaced: bool,
    /// Of fields where it is interlaced.
    pub rate: Rate,
    /// What the sink says it shows best.
    pub preferred: bool,
}

impl Mode {
    pub fn new(width: u32, height: u32, rate: Rate) -> Mode {
        Mode {
            width,
            height,
            interlaced: false,
            rate,
            preferred: false,
        }
    }

    fn is_possible(&self) -> bool {
        let fits = PIXELS.contains(&self.width) && PIXELS.contains(&self.height);
        fits && self.rate >= Rate::hz(HZ_MIN)
    }

    /// But for being the best.
    fn is_as(&self, other: &Mode) -> bool {
        Mode {
            preferred: false,
            ..*self
        } == Mode {
            preferred: false,
            ..*other
        }
    }
}

/// Modes, each once.
struct Offered<'a> {
    modes: Vec<Mode>,
    faults: &'a mut Vec<Fault>,
}

impl Offered<'_> {
    fn add(&mut self, mode: Mode) {
        if !mode.is_possible() {
            self.faults.push(Fault::Mode);
        } else if let Some(known) = self.modes.iter_mut().find(|known| known.is_as(&mode)) {
            known.preferred |= mode.preferred;
        } else if self.modes.len() < MODES_MAX {
            self.modes.push(mode);
        }
    }

    fn add_with_twin(&mut self, mode: Mode) {
        self.add(mode);
        if mode.rate.has_twin() {
            self.add(Mode {
                rate: mode.rate.slower(),
                preferred: false,
                ..mode
            });
        }
    }
}

/// All of them, those of the first block first; the bytes are whole blocks.
pub(crate) fn modes(
    blocks: &[u8],
    read: &DisplayCapabilities,
    faults: &mut Vec<Fault>,
) -> Vec<Mode> {
    let mut offered = Offered {
        modes: Vec::new(),
        faults,
    };
    for (number, block) in blocks.chunks(BLOCK).enumerate() {
        let from = match (number, block[0], block[2]) {
            (0, ..) => TIMINGS,
            // An extension of CTA-861 says where its own begin; after its four bytes of head.
            (_, 2, from) if from >= 4 => usize::from(from),
            _ => continue,
        };
        let end = if number == 0 {
            TIMINGS + 4 * TIMING
        } else {
            BLOCK - 1
        };
        let timings = block
            .get(from..end)
            .unwrap_or_default()
            .chunks_exact(TIMING);
        for (place, timing) in timings.enumerate() {
            if let Some(mut mode) = detailed(timing) {
                mode.preferred = (number, place) == (0, 0);
                offered.add(mode);
            } else if timing[..2] != [0, 0] {
                offered.faults.push(Fault::Mode);
            } else if number != 0 {
                // The rest of an extension is padding.
                break;
            }
        }
    }
    for (tag, block) in data_blocks(blocks) {
        for number in block.iter().copied().filter(|_| tag == VIDEO) {
            let format = vic_to_mode(format_of(number));
            if let Some(mode) = format.as_ref().and_then(whole) {
                offered.add_with_twin(mode);
            }
        }
        let is_hdmi = tag == VENDOR && block.starts_with(&HDMI);
        for number in hdmi_formats(block).iter().filter(|_| is_hdmi) {
            let place = usize::from(*number).checked_sub(1);
            if let Some((width, height, hz)) = place.and_then(|place| HDMI_FORMATS.get(place)) {
                offered.add_with_twin(Mode::new(*width, *height, Rate::hz(*hz)));
            }
        }
    }
    for mode in &read.supported_modes {
        // Detailed ones and formats of CTA-861 have been here; some shown in 4:2:0 alone are not
        // for us, who send RGB.
        let is_known = matches!(
            mode.source,
            Some(ModeSource::Vic(_) | ModeSource::Dtd { .. })
        );
        if let Some(mode) = whole(mode).filter(|_| !is_known && !mode.y420) {
            offered.add(mode);
        }
    }
    offered.modes
}

/// By its whole rate.
fn whole(mode: &piaf::VideoMode) -> Option<Mode> {
    let rate = mode.refresh_rate?;
    Some(Mode {
        interlaced: mode.interlaced,
        ..Mode::new(
            u32::from(mode.width),
            u32::from(mode.height),
            Rate::new(u64::from(rate.numer()), u64::from(rate.denom()))?,
        )
    })
}

/// A detailed timing (EDID 1.4, table 3.21); none: it is another descriptor, or nonsense.
fn detailed(timing: &[u8]) -> Option<Mode> {
    let at = |place: usize| u32::from(timing[place]);
    let clock_khz = (at(0) + (at(1) << 8)) * 10;
    let (width, blank) = (at(2) + ((at(4) & 0xf0) << 4), at(3) + ((at(4) & 0x0f) << 8));
    let (lines, dark) = (at(5) + ((at(7) & 0xf0) << 4), at(6) + ((at(7) & 0x0f) << 8));
    let interlaced = timing[17] & 0x80 != 0;
    if [clock_khz, width, blank, lines, dark].contains(&0) {
        return None;
    }
    let across = u64::from(width + blank);
    // The lines are those of a field, and two fields have one more.
    let down = u64::from(lines + dark);
    let rate = if interlaced {
        Rate::of_clock(clock_khz.saturating_mul(2), across * (2 * down + 1))
    } else {
        Rate::of_clock(clock_khz, across * down)
    };
    let height = if interlaced { lines * 2 } else { lines };
    Some(Mode {
        interlaced,
        ..Mode::new(width, height, rate?)
    })
}

/// The blocks of data in the extensions of CTA-861, with their tags.
fn data_blocks(blocks: &[u8]) -> Vec<(u8, &[u8])> {
    let mut found = Vec::new();
    let extensions = blocks.chunks(BLOCK).skip(1);
    for extension in extensions.filter(|block| block[0] == 2) {
        let end = match usize::from(extension[2]) {
            0 => BLOCK - 1,
            end => end.min(BLOCK - 1),
        };
        let mut rest = extension.get(4..end).unwrap_or_default();
        while let [head, after @ ..] = rest {
            let Some((block, following)) = after.split_at_checked(usize::from(head & 0x1f)) else {
                break;
            };
            found.push((head >> 5, block));
            rest = following;
        }
    }
    found
}

/// The number of a format in a short descriptor: up to 64 its first bit says that it is the sink's
/// own, above 192 it belongs to the number (CTA-861-G, section 7.5.1).
fn format_of(descriptor: u8) -> u8 {
    match descriptor {
        129..=192 => descriptor & 0x7f,
        number => number,
    }
}

/// The numbers of HDMI 1.4's own formats in its block (its table 8-16).
fn hdmi_formats(block: &[u8]) -> &[u8] {
    let flags = block.get(7).copied().unwrap_or(0);
    // Two latencies, two more for interlaced modes, then the formats if there are any.
    let at = 8 + 2 * usize::from(flags >> 7) + 2 * usize::from(flags >> 6 & 1);
    let count = block.get(at + 1).map_or(0, |byte| usize::from(byte >> 5));
    let has_formats = flags & 0x20 != 0;
    let formats = block.get(at + 2..).filter(|_| has_formats);
    let formats = formats.unwrap_or_default();
    &formats[..count.min(formats.len())]
}
