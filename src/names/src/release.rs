//! What a name can say, as values.
//!
//! The words of each value are guessit's, because hunch speaks them too and the table of agreement
//! compares by them. A word that is not listed is no value: names are full of words.

/// What one name says. Every field may be empty: names say what they like.
// Facts of which any may hold beside any other.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Release {
    pub kind: Kind,
    pub title: String,
    pub year: Option<u16>,
    /// In order and each once; several of a pack.
    pub seasons: Vec<u16>,
    /// In order and each once; none of a whole season.
    pub episodes: Vec<u16>,
    pub episode_title: Option<String>,
    /// Of an episode that goes by the day it was sent: "2015-07-22".
    pub date: Option<String>,
    /// "Part 2" of a film.
    pub part: Option<u16>,
    /// Lines of the picture: 480, 576, 720, 1080, 2160 ...
    pub resolution: Option<u16>,
    pub codec: Option<Codec>,
    /// Ten bits a colour, which few old boards decode.
    pub ten_bit: bool,
    pub source: Option<Medium>,
    /// Several at once: a film in Dolby Vision mostly has a layer of HDR10 below.
    pub hdr: Vec<Hdr>,
    pub audio: Vec<Audio>,
    /// Speakers, the one for the low tones with them: 6 is "5.1".
    pub channels: Option<u8>,
    /// Spoken, in BCP 47.
    pub languages: Vec<String>,
    /// Several languages are spoken, whether the name lists them or not.
    pub several_languages: bool,
    /// Written, in BCP 47.
    pub subtitles: Vec<String>,
    /// Who made this version.
    pub group: Option<String>,
    /// "Director's Cut"
    pub edition: Option<String>,
    /// The file's ending, in small letters.
    pub container: Option<String>,
    /// In stereoscopic 3D: two pictures on a flat screen.
    pub three_d: bool,
    /// As it is on the disc: large.
    pub remux: bool,
}

impl Release {
    /// The season, when it is one.
    pub fn season(&self) -> Option<u16> {
        match self.seasons.as_slice() {
            [season] => Some(*season),
            _ => None,
        }
    }

    /// The same for all episodes that one group made in one way; none when the group is not said.
    pub fn key(&self) -> Option<String> {
        let group = self.group.as_ref()?.to_lowercase();
        let lines = self
            .resolution
            .map_or("any".into(), |lines| lines.to_string());
        let source = self
            .source
            .map_or("any".into(), |source| format!("{source:?}"));
        Some(format!("{group} {lines} {source}"))
    }

    /// Whether it holds that episode: by its number, or as part of a whole season.
    pub fn holds(&self, season: u16, episode: u16) -> bool {
        let numbered = self.episodes.contains(&episode);
        self.seasons.contains(&season) && (numbered || self.episodes.is_empty())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    #[default]
    Film,
    Episode,
    /// A sample, a trailer, a bonus: nothing that one means by the film.
    Extra,
}

/// How the picture is coded.
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
    H263,
    RealVideo,
}

/// Where the picture was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Medium {
    UltraHdBluRay,
    BluRay,
    HdDvd,
    Web,
    Hdtv,
    Dvd,
    Tv,
    Vhs,
    /// A copy lent to critics.
    Screener,
    /// From a cinema's film reel.
    Telecine,
    /// Filmed in a cinema, with sound by wire.
    Telesync,
    /// Filmed in a cinema.
    Camera,
    /// Not finished.
    Workprint,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hdr {
    Hdr10,
    Hdr10Plus,
    DolbyVision,
    Hlg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audio {
    Aac,
    Ac3,
    Eac3,
    TrueHd,
    Atmos,
    Dts,
    DtsHd,
    DtsX,
    Flac,
    Opus,
    Vorbis,
    Mp3,
    Mp2,
    Pcm,
}

impl Codec {
    /// "H.264", "Xvid" ...
    pub fn named(word: &str) -> Option<Codec> {
        Some(match word {
            "H.264" => Codec::H264,
            "H.265" => Codec::H265,
            "AV1" => Codec::Av1,
            "VP8" => Codec::Vp8,
            "VP9" => Codec::Vp9,
            "DivX" | "Xvid" => Codec::Mpeg4,
            "MPEG-2" => Codec::Mpeg2,
            "VC-1" => Codec::Vc1,
            "H.263" => Codec::H263,
            "RealVideo" => Codec::RealVideo,
            _ => return None,
        })
    }
}

impl Medium {
    /// "Blu-ray", "HD Camera" ...
    pub fn named(word: &str) -> Option<Medium> {
        Some(match word {
            "Ultra HD Blu-ray" => Medium::UltraHdBluRay,
            "Blu-ray" => Medium::BluRay,
            "HD-DVD" => Medium::HdDvd,
            "Web" | "Video on Demand" => Medium::Web,
            "HDTV" | "Ultra HDTV" => Medium::Hdtv,
            "DVD" | "Digital Master" => Medium::Dvd,
            "TV" | "Digital TV" | "Analog HDTV" | "Satellite" | "Pay-per-view" => Medium::Tv,
            "VHS" => Medium::Vhs,
            "Screener" => Medium::Screener,
            "Telecine" | "HD Telecine" => Medium::Telecine,
            "Telesync" | "HD Telesync" => Medium::Telesync,
            "Camera" | "HD Camera" => Medium::Camera,
            "Workprint" => Medium::Workprint,
            _ => return None,
        })
    }

    /// Nobody watches these who has a choice.
    pub fn is_poor(self) -> bool {
        matches!(
            self,
            Medium::Telecine | Medium::Telesync | Medium::Camera | Medium::Workprint
        )
    }
}

impl Hdr {
    /// "HDR10", "Dolby Vision" ...
    pub fn named(word: &str) -> Option<Hdr> {
        Some(match word {
            "HDR10" => Hdr::Hdr10,
            "HDR10+" => Hdr::Hdr10Plus,
            "Dolby Vision" => Hdr::DolbyVision,
            "HLG" => Hdr::Hlg,
            _ => return None,
        })
    }
}

impl Audio {
    /// "Dolby Digital", "DTS-HD" ...
    pub fn named(word: &str) -> Option<Audio> {
        Some(match word {
            "AAC" => Audio::Aac,
            "Dolby Digital" => Audio::Ac3,
            "Dolby Digital Plus" => Audio::Eac3,
            "Dolby TrueHD" => Audio::TrueHd,
            "Dolby Atmos" => Audio::Atmos,
            "DTS" => Audio::Dts,
            "DTS-HD" => Audio::DtsHd,
            "DTS:X" => Audio::DtsX,
            "FLAC" => Audio::Flac,
            "Opus" => Audio::Opus,
            "Vorbis" => Audio::Vorbis,
            "MP3" => Audio::Mp3,
            "MP2" => Audio::Mp2,
            "PCM" | "LPCM" => Audio::Pcm,
            _ => return None,
        })
    }
}

/// Speakers of "5.1", "2.0", "7.1".
pub fn channels(word: &str) -> Option<u8> {
    let (main, low) = word.split_once('.')?;
    let (main, low): (u8, u8) = (main.parse().ok()?, low.parse().ok()?);
    // 22.2 is the most that is standardised (ITU-R BS.2051).
    (main <= 22 && low <= 2).then_some(main + low)
}

/// Lines of "1080p", "576i", "1920x800"; the last counts as what it was cut from.
pub fn resolution(word: &str) -> Option<u16> {
    let word = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    let lines: u16 = match word.split_once('x') {
        Some((_, lines)) => lines.parse().ok()?,
        None => word.parse().ok()?,
    };
    // 8K is the most that is sold, and below 100 lines nothing is a film.
    (100..=4320).contains(&lines).then_some(lines)
}
