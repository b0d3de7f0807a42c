//! Why a source is where it is in the list, in a few words.

use crate::Source;
use crate::choosing::{Codec, Hdr, Offer, Reason};

/// Reasons that are told of one source: more are not read.
const TOLD: usize = 3;

/// The source that Play takes: "1080p  ·  H.264  ·  plays without stopping".
pub(crate) fn choice(source: &Source, why: &[Reason]) -> String {
    let facts = facts(&source.offer);
    let facts = if facts.is_empty() {
        source.label.clone()
    } else {
        facts.join("  ·  ")
    };
    match reasons(why) {
        reasons if reasons.is_empty() => facts,
        reasons => format!("{facts}  ·  {reasons}"),
    }
}

/// What is known of it as a picture.
fn facts(offer: &Offer) -> Vec<String> {
    let mut facts = Vec::new();
    facts.extend(offer.lines.map(|lines| format!("{lines}p")));
    facts.extend(offer.codec.and_then(codec).map(str::to_owned));
    facts.extend(offer.hdr.first().map(|kind| hdr(*kind).to_owned()));
    facts
}

/// What counts most, those against it first: they are what is looked for.
pub(crate) fn reasons(reasons: &[Reason]) -> String {
    let against = reasons.iter().filter(|reason| reason.is_against());
    let favour = reasons.iter().filter(|reason| !reason.is_against());
    let told = against.chain(favour).filter_map(reason).take(TOLD);
    told.collect::<Vec<_>>().join("  ·  ")
}

fn reason(reason: &Reason) -> Option<String> {
    Some(match reason {
        Reason::TorrentsOff => "BitTorrent is switched off".into(),
        Reason::HttpOff => "films from servers are switched off".into(),
        Reason::LicenceUnknown => "nobody says that it is open".into(),
        Reason::TooLarge { bytes, max_bytes } => {
            format!(
                "{} is more than the {} you allow",
                size(*bytes),
                size(*max_bytes)
            )
        }
        Reason::Extra => "a trailer or a sample".into(),
        Reason::CannotDecode { codec: it, lines } => match codec(*it) {
            Some(name) => format!("this box can't play {name} in {lines}p"),
            None => "this box can't play it".into(),
        },
        Reason::NobodyShares => "nobody shares it now".into(),
        Reason::Poor => "filmed in a cinema".into(),
        Reason::ThreeD => "in 3D".into(),
        Reason::TooHigh { max } => format!("more than the {max}p you want"),
        Reason::TooLow { min } => format!("less than the {min}p you want"),
        Reason::OtherLanguage => "in another language".into(),
        Reason::StartsIn(wait) => match wait.as_secs() {
            seconds @ 0..=90 => format!("starts after about {} s", seconds.max(1)),
            seconds => format!("starts after about {} min", seconds.div_ceil(60)),
        },
        Reason::TooSlow { needs, has } => {
            format!("needs {}, {} comes", super::rate(*needs), super::rate(*has))
        }
        Reason::HdrLost => "its colours need another screen".into(),
        Reason::OtherRelease => "another release than before".into(),
        Reason::FewShare(1) => "one person shares it".into(),
        Reason::FewShare(few) => format!("{few} people share it"),
        Reason::BelowScreen => "less sharp than your screen".into(),
        Reason::DecodesInSoftware => "hard work for this box".into(),
        Reason::Decodes => "fits this box".into(),
        Reason::PlaysThrough => "plays without stopping".into(),
        Reason::ShouldPlayThrough => "should play without stopping".into(),
        Reason::Speaks(code) => super::language(code),
        Reason::SameRelease => "same release as before".into(),
        Reason::ShowsHdr => "HDR on your screen".into(),
        Reason::OpenLicence => "open licence".into(),
        // The lines are told already.
        Reason::FillsScreen => return None,
    })
}

fn codec(codec: Codec) -> Option<&'static str> {
    Some(match codec {
        Codec::H264 => "H.264",
        Codec::H265 => "H.265",
        Codec::Av1 => "AV1",
        Codec::Vp8 => "VP8",
        Codec::Vp9 => "VP9",
        Codec::Mpeg4 => "MPEG-4",
        Codec::Mpeg2 => "MPEG-2",
        Codec::Vc1 => "VC-1",
        Codec::Theora => "Theora",
        Codec::Other => return None,
    })
}

fn hdr(hdr: Hdr) -> &'static str {
    match hdr {
        Hdr::Hdr10 => "HDR10",
        Hdr::Hdr10Plus => "HDR10+",
        Hdr::DolbyVision => "Dolby Vision",
        Hdr::Hlg => "HLG",
    }
}

/// "4.2 GB": powers of ten, as on the boxes of disks.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000_000 => format!("{} MB", bytes.div_ceil(1_000_000)),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}
