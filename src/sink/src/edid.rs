//! An EDID as facts.

use std::fmt;

use display_types::cea861::HdrEotf;
use piaf::{
    Cea861Capabilities, ColorimetryFlags, DisplayCapabilities, ExtensionLibrary, HdmiVsdb,
    HdrStaticMetadata, capabilities_from_edid, parse_edid,
};

use crate::mend::{Fault, mended};
use crate::sound::Sound;
use crate::timings::{Mode, modes};

/// The tag of an extension of CTA-861.
const CTA: u8 = 2;

/// Faults that are told; a mode of nonsense in each of many blocks is one.
const FAULTS_MAX: usize = 16;

/// What a sink says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// Three letters of a list of makers (PNP).
    pub maker: Option<String>,
    /// As it calls itself.
    pub name: Option<String>,
    /// Of the maker: kind and piece.
    pub numbers: (u16, u32),
    /// In the order told: some tell their best first. Rates are exact.
    pub modes: Vec<Mode>,
    pub sound: Sound,
    /// Where in the tree of HDMI we are plugged in, for CEC; none: not by HDMI, or not said.
    pub address: Option<Address>,
    pub hdr: Hdr,
    /// It takes the wide colours of BT.2020.
    pub wide_colours: bool,
    /// What was wrong; the facts are what was left.
    pub faults: Vec<Fault>,
}

/// As CEC writes it: four numbers from the TV down.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Address(pub u16);

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b] = self.0.to_be_bytes();
        write!(f, "{}.{}.{}.{}", a >> 4, a & 15, b >> 4, b & 15)
    }
}

/// What of high dynamic range is taken, and how bright it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hdr {
    /// SMPTE ST 2084, as HDR10 has it.
    pub pq: bool,
    /// Hybrid log-gamma, as broadcasts have it.
    pub hlg: bool,
    /// Candela a square metre, at most.
    pub nits_max: Option<u32>,
}

impl Facts {
    /// Reads it; of bytes that are none, no fact but the fault.
    pub fn of(edid: &[u8]) -> Facts {
        let mut faults = Vec::new();
        let Some(blocks) = mended(edid, &mut faults) else {
            return Facts {
                faults,
                ..Facts::default()
            };
        };
        let library = ExtensionLibrary::with_standard_handlers();
        let Ok(parsed) = parse_edid(&blocks, &library) else {
            faults.push(Fault::NoEdid);
            return Facts {
                faults,
                ..Facts::default()
            };
        };
        let read = capabilities_from_edid(&parsed, &library);
        let cta: Option<&Cea861Capabilities> = read.get_extension_data(CTA);
        if read.iter_warnings().next().is_some() {
            faults.push(Fault::Odd);
        }
        let modes = modes(&blocks, &read, &mut faults);
        faults.dedup();
        faults.truncate(FAULTS_MAX);
        Facts {
            maker: read.manufacturer.map(|maker| maker.to_string()),
            name: name(&read),
            numbers: (
                read.product_code.unwrap_or(0),
                read.serial_number.unwrap_or(0),
            ),
            modes,
            sound: cta.map(Sound::of_read).unwrap_or_default(),
            address: cta.and_then(|cta| cta.hdmi_vsdb.as_ref()).and_then(address),
            hdr: cta
                .and_then(|cta| cta.hdr_static_metadata.as_ref())
                .map_or_else(Hdr::default, hdr),
            wide_colours: cta.and_then(|cta| cta.colorimetry).is_some_and(|it| {
                it.colorimetry
                    .intersects(ColorimetryFlags::BT2020RGB | ColorimetryFlags::BT2020YCC)
            }),
            faults,
        }
    }

    /// What it is called, for the log.
    pub fn title(&self) -> &str {
        let title = self.name.as_deref().or(self.maker.as_deref());
        title.unwrap_or("a screen without a name")
    }
}

/// Letters, spaces and signs only, so that a log stays a log.
fn name(read: &DisplayCapabilities) -> Option<String> {
    let said = read.display_name.as_deref()?;
    let shown: String = said
        .chars()
        .filter(|it| it.is_ascii_graphic() || *it == ' ')
        .collect();
    let shown = shown.trim();
    (!shown.is_empty()).then(|| shown.to_owned())
}

fn address(hdmi: &HdmiVsdb) -> Option<Address> {
    // HDMI 1.4, section 8.7: all ones are none.
    Some(hdmi.source_physical_address)
        .filter(|it| *it != u16::MAX)
        .map(Address)
}

fn hdr(read: &HdrStaticMetadata) -> Hdr {
    Hdr {
        pq: read.eotf.contains(HdrEotf::ST2084),
        hlg: read.eotf.contains(HdrEotf::HLG),
        nits_max: read.max_luminance.map(|nits| nits.round() as u32),
    }
}
