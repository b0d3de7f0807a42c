//! The planes of a card, and which of them are to be the film's and the UI's.
//!
//! A plane is chosen by what it takes and by where it lies, never by its type alone: on one chip
//! the film is on the primary plane and the UI on an overlay above it, on another the primary is
//! the one above. The choice is pure; whether the card keeps what it promises is asked of it
//! (TEST_ONLY) for one choice after the other, and a film that no choice is for is composed by the
//! processor.
//!
//! The kernel orders planes by `zpos`. Where a driver does not tell, primary planes are below
//! overlays, and overlays among themselves are in no order that could be relied on (the kernel's
//! documentation of plane composition).

use std::fmt;
use std::io;

use drm::buffer::DrmFourcc;
use media::ColourMatrix;

use super::device::{Device, Kind, LINEAR, Properties, Property};

/// Choices that are tried on a card: each costs buffers and a question to the driver.
pub(super) const CHOICES_MAX: usize = 6;

const PLACE: [&str; 8] = [
    "SRC_X", "SRC_Y", "SRC_W", "SRC_H", "CRTC_X", "CRTC_Y", "CRTC_W", "CRTC_H",
];

/// `DRM_PLANE_TYPE_*` of the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Overlay,
    Primary,
    Cursor,
}

/// Where a plane lies: a higher one is above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Zpos {
    pub(super) id: u32,
    pub(super) now: u64,
    /// What it can be set to, both ends with; none: it cannot.
    pub(super) range: Option<(u64, u64)>,
}

/// A plane, with the numbers of what a commit sets of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plane {
    pub(super) id: u32,
    pub(super) kind: Type,
    /// Formats by their fourcc, and the modifiers that each is taken with.
    pub(super) takes: Vec<(u32, u64)>,
    /// None: its driver does not tell.
    pub(super) zpos: Option<Zpos>,
    pub(super) picture: u32,
    pub(super) crtc: u32,
    /// Source x, y, width, height in 1/65536 pixel, then the same on the CRTC in pixels.
    pub(super) place: [u32; 8],
    /// What of the buffer is new; drivers that copy (virtio-gpu, USB) copy only that.
    pub(super) damage: Option<u32>,
    /// Property and values of BT.601, BT.709 and BT.2020; none: the driver takes the usual one.
    encoding: Option<(u32, [Option<u64>; 3])>,
    /// Property and values of 16..=235 and 0..=255.
    range: Option<(u32, [Option<u64>; 2])>,
    /// Property and value of premultiplied alpha, which is the kernel's way where none is named.
    blend: Option<(u32, Option<u64>)>,
}

/// Film and UI on planes of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choice {
    /// Places in the list of planes.
    pub(super) film: usize,
    pub(super) ui: usize,
    /// As the film's plane takes it.
    pub(super) format: DrmFourcc,
    /// To be set of the film's and the UI's, where they do not lie right by themselves.
    pub(super) zpos: (Option<u64>, Option<u64>),
}

/// Why there is no choice.
///
/// Ordered by how far a choice came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum WhyNot {
    OnePlane,
    NoFilm,
    NoUi,
    WrongOrder,
}

impl fmt::Display for WhyNot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            WhyNot::OnePlane => "there is no second plane",
            WhyNot::NoFilm => "no plane takes the film's pixels",
            WhyNot::NoUi => "no other plane takes pixels that are clear",
            WhyNot::WrongOrder => "the film would lie above the UI",
        })
    }
}

/// All planes that reach that CRTC.
pub(super) fn read<D: Device>(device: &D, crtc: u32) -> io::Result<Vec<Plane>> {
    let planes = device.planes(crtc)?;
    planes
        .into_iter()
        .map(|(id, formats)| one(device, id, &formats))
        .collect()
}

fn one<D: Device>(device: &D, id: u32, formats: &[u32]) -> io::Result<Plane> {
    let known = device.properties(id)?;
    let mut place = [0; 8];
    for (place, name) in place.iter_mut().zip(PLACE) {
        *place = known.id(name)?;
    }
    let listed = known.value("IN_FORMATS").filter(|blob| *blob != 0);
    let listed = listed.and_then(|blob| device.read_blob(blob).ok());
    let takes = listed.and_then(|bytes| in_formats(&bytes));
    let plain = || formats.iter().map(|format| (*format, LINEAR)).collect();
    let zpos = known.0.get("zpos").map(|property| Zpos {
        id: property.id,
        now: property.value,
        range: match property {
            Property {
                immutable: false,
                kind: Kind::Range(least, most),
                ..
            } => Some((*least, *most)),
            _ => None,
        },
    });
    Ok(Plane {
        id,
        kind: match known.value("type") {
            Some(1) => Type::Primary,
            Some(2) => Type::Cursor,
            _ => Type::Overlay,
        },
        takes: takes.unwrap_or_else(plain),
        zpos,
        picture: known.id("FB_ID")?,
        crtc: known.id("CRTC_ID")?,
        place,
        damage: known.id("FB_DAMAGE_CLIPS").ok(),
        // Their names are the kernel's (drm_color_mgmt.c, drm_blend.c).
        encoding: named(
            &known,
            "COLOR_ENCODING",
            [
                "ITU-R BT.601 YCbCr",
                "ITU-R BT.709 YCbCr",
                "ITU-R BT.2020 YCbCr",
            ],
        ),
        range: named(
            &known,
            "COLOR_RANGE",
            ["YCbCr limited range", "YCbCr full range"],
        ),
        blend: named(&known, "pixel blend mode", ["Pre-multiplied"]).map(|(id, [it])| (id, it)),
    })
}

fn named<const N: usize>(
    known: &Properties,
    name: &str,
    values: [&str; N],
) -> Option<(u32, [Option<u64>; N])> {
    let property = known.0.get(name)?;
    let Kind::Enum(names) = &property.kind else {
        return None;
    };
    let value = |wanted: &str| names.iter().find(|(name, _)| name == wanted).map(|it| it.1);
    Some((property.id, values.map(value)))
}

/// Formats and modifiers as the kernel lists them together (`drm_format_modifier_blob`); none: that
/// is no such list.
pub(super) fn in_formats(bytes: &[u8]) -> Option<Vec<(u32, u64)>> {
    let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let long = |at: usize| Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
    let (formats, formats_at) = (word(8)? as usize, word(12)? as usize);
    let (modifiers, modifiers_at) = (word(16)? as usize, word(20)? as usize);
    let mut takes = Vec::new();
    for number in 0..modifiers {
        // Each is for some of 64 formats from a first one on.
        let at = modifiers_at.checked_add(number.checked_mul(24)?)?;
        let (which, first, modifier) = (long(at)?, word(at + 8)? as usize, long(at + 16)?);
        for bit in (0..64).filter(|bit| which & 1 << bit != 0) {
            let format = first.checked_add(bit)?;
            if format >= formats {
                return None;
            }
            takes.push((word(formats_at.checked_add(format * 4)?)?, modifier));
        }
    }
    Some(takes)
}

impl Plane {
    pub(super) fn takes(&self, format: DrmFourcc, modifier: u64) -> bool {
        self.takes.contains(&(format as u32, modifier))
    }

    /// Can be the UI's above a film.
    fn is_clear(&self) -> bool {
        let blends = self.blend.is_none_or(|(_, value)| value.is_some());
        blends && self.takes(DrmFourcc::Argb8888, LINEAR)
    }

    /// Properties and values for a film's colours; none: its colours would be wrong.
    pub(super) fn colours(
        &self,
        matrix: ColourMatrix,
        full_range: bool,
    ) -> Option<Vec<(u32, u64)>> {
        let matrix = match matrix {
            ColourMatrix::Bt601 => 0,
            ColourMatrix::Bt709 => 1,
            ColourMatrix::Bt2020 => 2,
        };
        let mut set = Vec::new();
        if let Some((id, values)) = self.encoding {
            set.push((id, values[matrix]?));
        }
        if let Some((id, values)) = self.range {
            set.push((id, values[usize::from(full_range)]?));
        }
        Some(set)
    }

    /// Property and value by which its alpha is premultiplied.
    pub(super) fn blend(&self) -> Option<(u32, u64)> {
        self.blend.and_then(|(id, value)| Some((id, value?)))
    }
}

/// How a film's plane is brought below the UI's: what to set of each; none: it cannot.
fn below(film: &Plane, ui: &Plane) -> Option<(Option<u64>, Option<u64>)> {
    let (Some(low), Some(high)) = (film.zpos, ui.zpos) else {
        let told = film.zpos.is_some() || ui.zpos.is_some();
        let usual = film.kind == Type::Primary && ui.kind == Type::Overlay;
        return (!told && usual).then_some((None, None));
    };
    if low.now < high.now {
        return Some((None, None));
    }
    let least = low.range.map_or(low.now, |range| range.0);
    let most = high.range.map_or(high.now, |range| range.1);
    if least >= most {
        return None;
    }
    // The next one above is enough where that can be had.
    let above = high.range.map_or(most, |range| range.0.max(least + 1));
    Some((
        low.range.is_some().then_some(least),
        high.range.is_some().then_some(above),
    ))
}

/// The ways in which film and UI can be on planes, best first, at most [`CHOICES_MAX`]. `formats`
/// are those in which the film can be handed over, best first.
///
/// # Errors
/// There is none, and why.
pub(super) fn choose(
    planes: &[Plane],
    formats: &[DrmFourcc],
    modifier: u64,
) -> Result<Vec<Choice>, WhyNot> {
    let usable = |plane: &&Plane| plane.kind != Type::Cursor;
    if planes.iter().filter(usable).count() < 2 {
        return Err(WhyNot::OnePlane);
    }
    let (mut found, mut why) = (Vec::new(), WhyNot::NoFilm);
    for (film, low) in planes.iter().enumerate() {
        let rank = formats
            .iter()
            .position(|format| low.takes(*format, modifier));
        let (true, Some(rank)) = (low.kind != Type::Cursor, rank) else {
            continue;
        };
        for (ui, high) in planes.iter().enumerate() {
            if ui == film || high.kind == Type::Cursor {
                continue;
            }
            if !high.is_clear() {
                why = why.max(WhyNot::NoUi);
                continue;
            }
            let Some(zpos) = below(low, high) else {
                why = why.max(WhyNot::WrongOrder);
                continue;
            };
            // Drivers have their primary planes lit at all times, and some insist.
            let one_is = (low.kind == Type::Primary) != (high.kind == Type::Primary);
            let order = (rank, !one_is, film, ui);
            let format = formats[rank];
            found.push((
                order,
                Choice {
                    film,
                    ui,
                    format,
                    zpos,
                },
            ));
        }
    }
    if found.is_empty() {
        return Err(why);
    }
    found.sort_by_key(|(order, _)| *order);
    found.truncate(CHOICES_MAX);
    Ok(found.into_iter().map(|(_, choice)| choice).collect())
}
