//! What is chosen from, what it is held against, and what is told of it: plain values.
//!
//! Nothing is decided here. What is not known is none or empty and is never held against an offer
//! as if it were known.

use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Codec {
    H264,
    H265,
    Av1,
    Vp8,
    Vp9,
    /// MPEG-4 part 2: DivX and Xvid.
    Mpeg4,
    Mpeg2,
    Vc1,
    Theora,
    /// Known, and none of these.
    Other,
}

/// What codecs are called in files.
pub const CODECS: [(&str, Codec); 10] = [
    ("h264", Codec::H264),
    ("h265", Codec::H265),
    ("av1", Codec::Av1),
    ("vp8", Codec::Vp8),
    ("vp9", Codec::Vp9),
    ("mpeg4", Codec::Mpeg4),
    ("mpeg2", Codec::Mpeg2),
    ("vc1", Codec::Vc1),
    ("theora", Codec::Theora),
    ("other", Codec::Other),
];

/// Kinds of high dynamic range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hdr {
    Hdr10,
    Hdr10Plus,
    DolbyVision,
    Hlg,
}

/// What they are called in files.
pub const HDRS: [(&str, Hdr); 4] = [
    ("hdr10", Hdr::Hdr10),
    ("hdr10-plus", Hdr::Hdr10Plus),
    ("dolby-vision", Hdr::DolbyVision),
    ("hlg", Hdr::Hlg),
];

/// What the bytes come over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Way {
    #[default]
    Torrent,
    Http,
}

/// What an offer holds, by what is said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Content {
    #[default]
    Film,
    /// Filmed in a cinema, or not finished.
    Poor,
    /// A sample, a trailer, a bonus.
    Extra,
}

/// One way to get the film: what is known of it.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Offer {
    /// The owner's order of add-ons, from 0.
    pub add_on: u16,
    /// Its place in that add-on's answer, from 0.
    pub place: u16,
    pub way: Way,
    pub content: Content,
    /// Lines of the picture.
    pub lines: Option<u16>,
    pub codec: Option<Codec>,
    pub ten_bit: bool,
    /// Stereoscopic: two pictures on a flat screen.
    pub three_d: bool,
    /// Empty: none, or not said. Any one that the screen shows is enough.
    pub hdr: Vec<Hdr>,
    /// Of the film's own file, not of a season it comes with.
    pub size_bytes: Option<u64>,
    /// Of this file, or else of the film by its catalogue.
    pub duration: Option<Duration>,
    /// Those who have all of it; none: not said.
    pub seeds: Option<u32>,
    /// A web server has all of it besides (BEP 19): as sure a thing as a file there, and each piece
    /// is checked.
    pub web_seeded: bool,
    /// Spoken, in BCP 47; empty: not said.
    pub languages: Vec<String>,
    /// Several are spoken, whether they are named or not.
    pub several_languages: bool,
    /// The same for all episodes of one release: an add-on's `bingeGroup`, or the group with
    /// resolution and medium.
    pub release: Option<String>,
    /// Its licence, or the film's, is known and lets everybody share it.
    pub open: bool,
}

/// One decoder of the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decoder {
    pub codec: Codec,
    pub hardware: bool,
    /// It keeps up with pictures of so many lines.
    pub lines_max: u16,
    pub ten_bit: bool,
}

/// What the board and its screen can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// Empty while not known: then nothing is held against an offer.
    pub decoders: Vec<Decoder>,
    pub screen_lines: u16,
    pub hdr: Vec<Hdr>,
}

impl Default for Board {
    /// A common television, and decoders not known.
    fn default() -> Board {
        Board {
            decoders: Vec::new(),
            screen_lines: 1080,
            hdr: Vec::new(),
        }
    }
}

/// What the owner wants.
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Understood, in BCP 47, the best first; empty: any.
    pub languages: Vec<String>,
    pub size_max_bytes: Option<u64>,
    pub lines_max: Option<u16>,
    pub lines_min: Option<u16>,
    pub torrents: bool,
    pub http: bool,
    pub open_only: bool,
    /// What the episode before was played from.
    pub release: Option<String>,
}

impl Default for Wish {
    fn default() -> Wish {
        Wish {
            languages: Vec::new(),
            size_max_bytes: None,
            lines_max: None,
            lines_min: None,
            torrents: true,
            http: true,
            open_only: false,
            release: None,
        }
    }
}

/// What comes to the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Line {
    #[default]
    Unknown,
    /// Bytes a second.
    Measured(u64),
}

/// Something that speaks for an offer or against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// BitTorrent is switched off.
    TorrentsOff,
    /// Servers are switched off.
    HttpOff,
    /// Only open films are wanted, and nobody says that this is one.
    LicenceUnknown,
    TooLarge {
        bytes: u64,
        max_bytes: u64,
    },
    /// A sample, a trailer, a bonus.
    Extra,
    CannotDecode {
        codec: Codec,
        lines: u16,
    },
    /// No sharer has all of it.
    NobodyShares,
    /// Filmed in a cinema, or not finished.
    Poor,
    ThreeD,
    /// More lines than the owner wants.
    TooHigh {
        max: u16,
    },
    TooLow {
        min: u16,
    },
    /// Spoken in languages that are not understood.
    OtherLanguage,
    /// It plays through after a wait.
    StartsIn(Duration),
    /// It will stop now and then; bytes a second.
    TooSlow {
        needs: u64,
        has: u64,
    },
    /// The screen does not show its colours as they are meant.
    HdrLost,
    /// Another release than of the episode before.
    OtherRelease,
    FewShare(u32),
    /// Fewer lines than the screen has.
    BelowScreen,
    /// The decoder is a program.
    DecodesInSoftware,

    Decodes,
    PlaysThrough,
    /// As far as one can tell: the line was not measured yet.
    ShouldPlayThrough,
    /// In this language, which is understood.
    Speaks(String),
    SameRelease,
    FillsScreen,
    ShowsHdr,
    OpenLicence,
}

impl Reason {
    pub fn is_against(&self) -> bool {
        !matches!(
            self,
            Reason::Decodes
                | Reason::PlaysThrough
                | Reason::ShouldPlayThrough
                | Reason::Speaks(_)
                | Reason::SameRelease
                | Reason::FillsScreen
                | Reason::ShowsHdr
                | Reason::OpenLicence
        )
    }
}

/// An offer in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Index into the offers that were given.
    pub offer: usize,
    /// The owner's limits do not forbid it. Play takes the first, if that is allowed.
    pub allowed: bool,
    /// What counts most first.
    pub reasons: Vec<Reason>,
}
