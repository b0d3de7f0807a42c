//! A card as it is recorded, and how the kernel would tell of it: properties by object, and the
//! list of formats and modifiers of a plane.

use drm::buffer::DrmFourcc;

use super::super::device::{Kind, Properties, Property};
use super::super::planes::Type;
use super::{CRTC, Fake, LISTS};

/// What is known of a card.
#[derive(Debug, Clone)]
pub(in crate::display::kms) struct Recorded {
    pub(super) name: &'static str,
    pub(super) planes: Vec<Known>,
    /// The CRTC shows nothing unless its primary plane does.
    pub(super) insists_on_primary: bool,
}

/// What is known of a plane.
#[derive(Debug, Clone)]
pub(in crate::display::kms) struct Known {
    pub(super) kind: Type,
    pub(super) formats: Vec<DrmFourcc>,
    /// What of them it takes; none: it does not say, and takes rows one after the other.
    pub(super) modifiers: Option<Vec<u64>>,
    pub(super) crtcs: Vec<u32>,
    /// Where it lies, and where it can be put.
    pub(super) zpos: Option<(u64, Option<(u64, u64)>)>,
    pub(super) encodings: &'static [&'static str],
    pub(super) ranges: &'static [&'static str],
    pub(super) blends: &'static [&'static str],
    /// It copies what is said to be new, and only that.
    pub(super) copies: bool,
    /// How many times smaller and larger it shows a picture.
    pub(super) scales: (f64, f64),
}

impl Fake {
    /// All that an object has, with the values of the start.
    pub(super) fn describe(&self, object: u32) -> Properties {
        let mut all = Properties::default();
        let mut number = object * 100;
        let mut add = |name: &str, value: u64, kind: Kind, immutable: bool| {
            number += 1;
            let property = Property {
                id: number,
                value,
                kind,
                immutable,
            };
            all.0.insert(name.to_owned(), property);
        };
        let Some(plane) = self.plane(object) else {
            if object == CRTC {
                add("ACTIVE", 0, Kind::Range(0, 1), false);
                add("MODE_ID", 0, Kind::Number, false);
            } else {
                add("CRTC_ID", 0, Kind::Number, false);
            }
            return all;
        };
        let kind = match plane.kind {
            Type::Overlay => 0,
            Type::Primary => 1,
            Type::Cursor => 2,
        };
        let kinds = ["Overlay", "Primary", "Cursor"];
        add("type", kind, named(&kinds), true);
        add("FB_ID", 0, Kind::Number, false);
        add("CRTC_ID", 0, Kind::Number, false);
        let far = u64::from(u32::MAX);
        for name in ["SRC_X", "SRC_Y", "SRC_W", "SRC_H", "CRTC_W", "CRTC_H"] {
            add(name, 0, Kind::Range(0, far), false);
        }
        add("CRTC_X", 0, Kind::Number, false);
        add("CRTC_Y", 0, Kind::Number, false);
        if let Some((now, range)) = plane.zpos {
            let (least, most) = range.unwrap_or((now, now));
            add("zpos", now, Kind::Range(least, most), range.is_none());
        }
        for (name, values) in [
            ("COLOR_ENCODING", plane.encodings),
            ("COLOR_RANGE", plane.ranges),
            ("pixel blend mode", plane.blends),
        ] {
            if !values.is_empty() {
                add(name, 0, named(values), false);
            }
        }
        if plane.copies {
            add("FB_DAMAGE_CLIPS", 0, Kind::Number, false);
        }
        if plane.modifiers.is_some() {
            add("IN_FORMATS", LISTS + u64::from(object), Kind::Number, true);
        }
        all
    }
}

fn named(values: &[&str]) -> Kind {
    let named = values.iter().enumerate();
    Kind::Enum(
        named
            .map(|(at, it)| ((*it).to_owned(), at as u64))
            .collect(),
    )
}

/// As of `drm_format_modifier_blob`.
pub(super) fn list(formats: &[DrmFourcc], modifiers: &[u64]) -> Vec<u8> {
    let (count, head) = (formats.len() as u32, 24);
    let words = [1, 0, count, head, modifiers.len() as u32, head + count * 4];
    let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    for format in formats {
        bytes.extend((*format as u32).to_le_bytes());
    }
    for modifier in modifiers {
        let all = (1_u64 << count) - 1;
        bytes.extend([all, 0, *modifier].iter().flat_map(|it| it.to_le_bytes()));
    }
    bytes
}
