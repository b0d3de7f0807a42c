//! Why a source is where it is in the list, in a few words.

use super::{beside, rate, size};
use crate::Source;
use crate::choosing::{Codec, Hdr, Offer, Reason};
use crate::saying::{tr, trn};

/// Reasons that are told of one source: more are not read.
const TOLD: usize = 3;

/// The source that Play takes: "1080p  ·  H.264  ·  plays without stopping".
pub(crate) fn choice(source: &Source, why: &[Reason]) -> String {
    let facts = facts(&source.offer);
    let facts = if facts.is_empty() {
        source.label.clone()
    } else {
        beside(&facts)
    };
    beside(&[facts, reasons(why)])
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
    beside(&told.collect::<Vec<_>>())
}

/// Why a source is taken or not, in a few words; several stand beside each other. {has} and {needs}
/// are speeds, {lines} a height of the picture: 1080.
fn reason(reason: &Reason) -> Option<String> {
    Some(match reason {
        Reason::TorrentsOff => tr!("BitTorrent is switched off"),
        Reason::HttpOff => tr!("films from servers are switched off"),
        Reason::LicenceUnknown => tr!("nobody says that it is open"),
        Reason::TooLarge { bytes, max_bytes } => tr!(
            "{size} is more than the {most} you allow",
            size = size(*bytes),
            most = size(*max_bytes),
        ),
        Reason::Extra => tr!("a trailer or a sample"),
        Reason::CannotDecode { codec: it, lines } => match codec(*it) {
            Some(codec) => tr!("this box can't play {codec} in {lines}p", codec, lines),
            None => tr!("this box can't play it"),
        },
        Reason::NobodyShares => tr!("nobody shares it now"),
        Reason::Poor => tr!("filmed in a cinema"),
        Reason::ThreeD => tr!("in 3D"),
        Reason::TooHigh { max } => tr!("more than the {lines}p you want", lines = max),
        Reason::TooLow { min } => tr!("less than the {lines}p you want", lines = min),
        Reason::OtherLanguage => tr!("in another language"),
        Reason::StartsIn(wait) => match wait.as_secs() {
            seconds @ 0..=90 => trn!(
                seconds.max(1),
                "starts after about {count} s",
                "starts after about {count} s",
            ),
            seconds => trn!(
                seconds.div_ceil(60),
                "starts after about {count} min",
                "starts after about {count} min",
            ),
        },
        Reason::TooSlow { needs, has } => tr!(
            "needs {needs}, {has} comes",
            needs = rate(*needs),
            has = rate(*has),
        ),
        Reason::HdrLost => tr!("its colours need another screen"),
        Reason::OtherRelease => tr!("another release than before"),
        Reason::FewShare(few) => {
            trn!(*few, "one person shares it", "{count} people share it")
        }
        Reason::BelowScreen => tr!("less sharp than your screen"),
        Reason::DecodesInSoftware => tr!("hard work for this box"),
        Reason::Decodes => tr!("fits this box"),
        Reason::PlaysThrough => tr!("plays without stopping"),
        Reason::ShouldPlayThrough => tr!("should play without stopping"),
        Reason::Speaks(code) => super::language(code),
        Reason::SameRelease => tr!("same release as before"),
        Reason::ShowsHdr => tr!("HDR on your screen"),
        Reason::OpenLicence => tr!("open licence"),
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
