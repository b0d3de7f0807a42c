//! Which of the ways to get a film Play takes, and why.
//!
//! Each offer gets a key from itself, the board, the owner's wishes and the line, never from
//! another offer, and the offers are sorted by it. So the order does not depend on the order they
//! came in, a worse offer more changes nothing above it, and a faster line never leads to a worse
//! picture. A sum of points, as other systems have it, holds none of these and can be explained to
//! nobody; here the reasons told are the key's own parts.
//!
//! The order of what counts: what is allowed, the film itself and no trailer of it, what the board
//! decodes, somebody has it, no picture from a cinema, the owner's range of resolutions, a language
//! that is understood, playing through, colours the screen shows, the release of the episode
//! before, enough who share it, and only then the sharpest picture. What it costs to decode, the
//! first of several languages, seeds and the add-on's own order decide between equals.
//!
//! Not here: sentences for the viewer (`words`), and what an offer is fetched with.

mod offer;

use std::cmp::Reverse;

use crate::Progress;
use crate::forecast::{FASTER_PERCENT, Forecast, Road, forecast};

pub use offer::{
    Board, CODECS, Choice, Codec, Content, Decoder, HDRS, Hdr, Line, Offer, Reason, Way, Wish,
};

/// Bytes a second of a line nobody has measured: 20 Mb/s, the least that providers sell for films
/// in 1080p with others at home beside it.
const LINE_GUESS: u64 = 2_500_000;

/// Fewer than so many sharers may all be gone or slow when the film is opened.
const FEW_SEEDS: u32 = 3;

/// A server is as sure a thing as so many sharers.
const SERVER_SEEDS: u32 = 256;

/// Lines of a picture of which nothing is known: television's, as old films mostly have.
const LINES_GUESS: u16 = 480;

/// What a film of so many lines or fewer takes in bytes a second when its size is not known: from
/// the common settings of today's releases, generous.
const TYPICAL: &[(u16, u64)] = &[
    (480, 200_000),
    (576, 250_000),
    (720, 500_000),
    (1080, 1_000_000),
    (1440, 1_500_000),
    (u16::MAX, 2_500_000),
];

/// All offers, the best first.
pub fn choose(offers: &[Offer], board: &Board, wish: &Wish, line: Line) -> Vec<Choice> {
    let mut judged: Vec<(Key<'_>, Choice)> = Vec::with_capacity(offers.len());
    for (index, offer) in offers.iter().enumerate() {
        let (key, reasons) = Judge { board, wish, line }.judge(offer);
        let choice = Choice {
            offer: index,
            allowed: !key.0.forbidden,
            reasons,
        };
        judged.push((key, choice));
    }
    // Equal keys are equal offers: which of them is first cannot be seen.
    judged.sort_by(|(one, _), (other, _)| one.cmp(other));
    judged.into_iter().map(|(_, choice)| choice).collect()
}

/// What an offer is sorted by, the smallest first; the last part makes it a total order.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a>(Standing, Picture, &'a Offer);

/// Whether it plays, and is what is wanted.
#[allow(clippy::struct_excessive_bools, reason = "each is a fault of its own")]
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Standing {
    forbidden: bool,
    extra: bool,
    undecodable: bool,
    dead: bool,
    poor: bool,
    out_of_range: bool,
    language: Understood,
    stops: bool,
    /// Of two that stop, the one that stops less: bytes a second; zero for what plays through.
    needs: u64,
}

/// What it looks like, of those that play.
#[allow(clippy::struct_excessive_bools, reason = "each is a fault of its own")]
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Picture {
    hdr_lost: bool,
    other_release: bool,
    few_seeds: bool,
    /// As many as the screen shows.
    lines: Reverse<u16>,
    /// What is scaled away costs bytes for nothing.
    lines_over: u16,
    software: bool,
    no_hdr: bool,
    language: usize,
    /// In powers of two: 40 sharers or 50 are the same.
    seeds: Reverse<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Understood {
    Yes,
    /// Several are spoken, and nobody says which.
    Perhaps,
    NotSaid,
    No,
}

/// How a picture would be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decoding {
    Hardware,
    Software,
    None,
}

#[derive(Debug, Clone, Copy)]
struct Judge<'a> {
    board: &'a Board,
    wish: &'a Wish,
    line: Line,
}

impl Judge<'_> {
    fn judge<'o>(&self, offer: &'o Offer) -> (Key<'o>, Vec<Reason>) {
        let mut reasons = Vec::new();
        let forbidden = self.forbidden(offer);
        let is_forbidden = forbidden.is_some();
        reasons.extend(forbidden);
        let lines = offer.lines.unwrap_or(LINES_GUESS);
        let codec = offer.codec.unwrap_or(usual(lines));
        let decoding = self.decoding(codec, lines, offer.ten_bit);
        let seeds = match offer.way {
            Way::Torrent if offer.web_seeded => offer.seeds.max(Some(SERVER_SEEDS)),
            Way::Torrent => offer.seeds,
            Way::Http => Some(SERVER_SEEDS),
        };
        let range = self.out_of_range(lines).filter(|_| offer.lines.is_some());
        let (language, place) = self.language(offer);
        let rate = rate(offer, lines);
        let stops = self.stops(rate);
        let hdr_shown = offer.hdr.iter().any(|hdr| self.board.hdr.contains(hdr));
        let standing = Standing {
            forbidden: is_forbidden,
            extra: offer.content == Content::Extra,
            undecodable: decoding == Decoding::None,
            dead: seeds == Some(0),
            poor: offer.content == Content::Poor || offer.three_d,
            out_of_range: range.is_some(),
            language,
            stops,
            needs: if stops { rate } else { 0 },
        };
        let picture = Picture {
            hdr_lost: !offer.hdr.is_empty() && !hdr_shown,
            other_release: self.wish.release.is_some() && self.wish.release != offer.release,
            few_seeds: seeds.is_some_and(|seeds| seeds < FEW_SEEDS),
            lines: Reverse(lines.min(self.board.screen_lines)),
            lines_over: lines.saturating_sub(self.board.screen_lines),
            software: decoding == Decoding::Software,
            no_hdr: !hdr_shown && !self.board.hdr.is_empty(),
            language: place,
            seeds: Reverse(seeds.map_or(0, |seeds| seeds.saturating_add(1).ilog2())),
        };
        let against = [
            standing.extra.then_some(Reason::Extra),
            standing
                .undecodable
                .then_some(Reason::CannotDecode { codec, lines }),
            standing.dead.then_some(Reason::NobodyShares),
            (offer.content == Content::Poor).then_some(Reason::Poor),
            offer.three_d.then_some(Reason::ThreeD),
            range,
            (language == Understood::No).then_some(Reason::OtherLanguage),
            standing.stops.then(|| self.slow(offer, rate)),
            picture.hdr_lost.then_some(Reason::HdrLost),
            picture.other_release.then_some(Reason::OtherRelease),
            seeds
                .filter(|seeds| (1..FEW_SEEDS).contains(seeds))
                .map(Reason::FewShare),
            (lines < self.board.screen_lines && offer.lines.is_some())
                .then_some(Reason::BelowScreen),
            picture.software.then_some(Reason::DecodesInSoftware),
        ];
        reasons.extend(against.into_iter().flatten());
        let known = !self.board.decoders.is_empty() && offer.codec.is_some();
        let plays = match self.line {
            Line::Measured(_) if offer.size_bytes.is_some() => Reason::PlaysThrough,
            _ => Reason::ShouldPlayThrough,
        };
        let speaks = self.wish.languages.get(place).cloned();
        let in_favour = [
            (decoding == Decoding::Hardware && known).then_some(Reason::Decodes),
            (!standing.stops).then_some(plays),
            speaks.map(Reason::Speaks),
            (self.wish.release.is_some() && !picture.other_release).then_some(Reason::SameRelease),
            (lines >= self.board.screen_lines).then_some(Reason::FillsScreen),
            hdr_shown.then_some(Reason::ShowsHdr),
            offer.open.then_some(Reason::OpenLicence),
        ];
        reasons.extend(in_favour.into_iter().flatten());
        (Key(standing, picture, offer), reasons)
    }

    fn forbidden(&self, offer: &Offer) -> Option<Reason> {
        match (offer.way, offer.size_bytes, self.wish.size_max_bytes) {
            (Way::Torrent, ..) if !self.wish.torrents => Some(Reason::TorrentsOff),
            (Way::Http, ..) if !self.wish.http => Some(Reason::HttpOff),
            _ if self.wish.open_only && !offer.open => Some(Reason::LicenceUnknown),
            (_, Some(bytes), Some(max_bytes)) if bytes > max_bytes => {
                Some(Reason::TooLarge { bytes, max_bytes })
            }
            _ => None,
        }
    }

    fn decoding(&self, codec: Codec, lines: u16, ten_bit: bool) -> Decoding {
        if self.board.decoders.is_empty() {
            return Decoding::Hardware;
        }
        let takes = |decoder: &&Decoder| {
            let depth = decoder.ten_bit || !ten_bit;
            decoder.codec == codec && lines <= decoder.lines_max && depth
        };
        let takes = self.board.decoders.iter().filter(takes);
        match takes.map(|decoder| decoder.hardware).max() {
            Some(true) => Decoding::Hardware,
            Some(false) => Decoding::Software,
            None => Decoding::None,
        }
    }

    fn out_of_range(&self, lines: u16) -> Option<Reason> {
        let high = self.wish.lines_max.filter(|max| lines > *max);
        let low = self.wish.lines_min.filter(|min| lines < *min);
        let high = high.map(|max| Reason::TooHigh { max });
        high.or(low.map(|min| Reason::TooLow { min }))
    }

    /// Whether it is understood, and the place of its best language in the owner's list.
    fn language(&self, offer: &Offer) -> (Understood, usize) {
        let wanted = &self.wish.languages;
        let spoken = |wish: &String| offer.languages.iter().any(|tag| same_language(tag, wish));
        match wanted.iter().position(spoken) {
            Some(place) => (Understood::Yes, place),
            None if wanted.is_empty() => (Understood::Yes, 0),
            None if offer.several_languages => (Understood::Perhaps, wanted.len()),
            None if offer.languages.is_empty() => (Understood::NotSaid, wanted.len()),
            None => (Understood::No, wanted.len()),
        }
    }

    /// Bytes a second that come.
    fn comes(&self) -> u64 {
        match self.line {
            Line::Measured(rate) => rate,
            Line::Unknown => LINE_GUESS,
        }
    }

    fn stops(&self, rate: u64) -> bool {
        self.comes().saturating_mul(100) < rate.saturating_mul(FASTER_PERCENT)
    }

    /// Why it does not play through at once: the forecast of a film of which nothing is here.
    fn slow(&self, offer: &Offer, rate: u64) -> Reason {
        let progress = progress(offer, self.comes());
        match forecast(&progress, offer.duration) {
            Some(Forecast::StartsIn(wait)) => Reason::StartsIn(wait),
            _ => Reason::TooSlow {
                needs: rate,
                has: self.comes(),
            },
        }
    }
}

/// What a picture of so many lines is coded with when nobody says it.
fn usual(lines: u16) -> Codec {
    if lines > 1080 {
        Codec::H265
    } else {
        Codec::H264
    }
}

/// Bytes a second that the film needs: by the forecast's own rule, or what is typical.
fn rate(offer: &Offer, lines: u16) -> u64 {
    let progress = progress(offer, 0);
    if let Some(road) = Road::of(&progress, 0, offer.duration) {
        return road.bitrate();
    }
    let fits = TYPICAL.iter().find(|(most, _)| lines <= *most);
    fits.expect("the last takes any number of lines").1
}

fn progress(offer: &Offer, capacity: u64) -> Progress {
    Progress {
        size: offer.size_bytes.unwrap_or(0),
        capacity,
        ..Progress::default()
    }
}

/// By the first part: who understands Portuguese understands that of Brazil.
fn same_language(one: &str, other: &str) -> bool {
    let first = |tag: &str| tag.split('-').next().unwrap_or(tag).to_ascii_lowercase();
    first(one) == first(other)
}
