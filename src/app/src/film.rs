//! Films as the wall knows them: facts, and where their bytes can be had.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::choosing::Offer;
use crate::title::{Episode, Facts, Title};

/// Names a film for ever: `demo`, `sintel`, `btih:<40 hex>` for one opened from a magnet, or
/// `movie:tt1727587` (type and id) for one that only add-ons know.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilmId(pub String);

/// What is known of one film. An episode of a series is one too, once it is to be played.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Film {
    pub id: FilmId,
    pub title: String,
    pub year: Option<u16>,
    pub synopsis: String,
    pub runtime_min: Option<u16>,
    /// Who made it, as one line.
    pub by: String,
    pub genres: Vec<String>,
    /// For viewers from this age on, in years; none: nobody has said.
    pub age: Option<u8>,
    pub licence: Option<Licence>,
    pub poster: Option<Poster>,
    /// Two colours (0xRRGGBB, top and bottom) for the poster that is drawn when none can be had.
    pub colours: [u32; 2],
    /// A short word on the poster ("Demo").
    pub badge: Option<String>,
    /// Those that are known from the start, best first. Of a film with an [`origin`](Film::origin)
    /// there may be none until add-ons were asked.
    pub sources: Vec<Source>,
    pub readiness: Readiness,
    /// What add-ons call it: they may know more facts, sources and subtitles.
    pub origin: Option<Title>,
    /// For an episode: which, of what.
    pub episode: Option<Arc<Episode>>,
    /// What was learnt beyond the poster.
    pub facts: Option<Arc<Facts>>,
}

/// Whether the film can be played yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Readiness {
    #[default]
    Ready,
    /// Being made on this box.
    Preparing { percent: u8 },
    /// Could not be made: the disk is full or a codec is missing.
    Failed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    /// "CC BY 3.0"
    pub name: String,
    pub url: String,
}

impl Licence {
    /// Everybody may pass on what is under it: one of Creative Commons', or no right left at all.
    pub fn is_open(&self) -> bool {
        let (_, place) = self.url.split_once("://").unwrap_or_default();
        let place = place.strip_prefix("www.").unwrap_or(place);
        let path = place.strip_prefix("creativecommons.org/");
        path.is_some_and(|path| {
            path.starts_with("licenses/by") || path.starts_with("publicdomain/")
        })
    }
}

/// Where the picture is: an `https://` address or a file path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Poster(pub Arc<str>);

/// One way to get the film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// "720p · MP4 · 129 MB"
    pub label: String,
    pub reach: Reach,
    /// What is known of it, to choose by.
    pub offer: Offer,
}

/// Where the film's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    Torrent(TorrentRef),
    Web(WebFile),
    /// A file of this box or of a drive, by its path.
    File(Arc<str>),
}

impl Reach {
    pub fn torrent(&self) -> Option<&TorrentRef> {
        match self {
            Reach::Torrent(torrent) => Some(torrent),
            Reach::Web(_) | Reach::File(_) => None,
        }
    }

    /// What tells it from others, and stays the same when trackers and the like change.
    pub fn key(&self) -> ReachKey {
        match self {
            Reach::Torrent(torrent) => ReachKey::Torrent {
                info_hash: torrent.info_hash,
                file: torrent.file,
            },
            Reach::Web(web) => ReachKey::Web(web.url.clone()),
            Reach::File(path) => ReachKey::File(path.to_string()),
        }
    }
}

/// Tells one [`Reach`] from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReachKey {
    Torrent {
        info_hash: [u8; 20],
        /// As of [`TorrentRef::file`].
        file: Option<u32>,
    },
    Web(String),
    File(String),
}

/// A file on a web server that gives parts of it (RFC 9110 section 14).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WebFile {
    /// http or https.
    pub url: String,
    /// The file's name, when the address does not end in it.
    pub name: Option<String>,
    /// Headers that its server wants to see (`proxyHeaders` of the add-on protocol).
    pub headers: Vec<(String, String)>,
    /// Bytes, when somebody said.
    pub size: Option<u64>,
    /// The owner named the address: it may be at home, on a host that he listed.
    pub near: bool,
}

/// A file of a torrent. The metainfo itself, when known, is kept on disk by the torrent shell
/// under the info hash.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TorrentRef {
    /// v1 info hash (BEP 3).
    pub info_hash: [u8; 20],
    pub name: String,
    /// Announce URLs (http, https, udp).
    pub trackers: Vec<String>,
    /// BEP 19 addresses.
    pub web_seeds: Vec<String>,
    /// Peers known from the start (`x.pe`, or the demo's).
    pub peers: Vec<SocketAddr>,
    /// More of them as `host:port`, whose names must be asked for first (`x.pe`).
    pub peer_hosts: Vec<String>,
    /// http and https addresses of the metainfo itself (`xs`, `as` of a magnet).
    pub exact_sources: Vec<String>,
    /// Index into the torrent's files; none: its largest video.
    pub file: Option<u32>,
}

/// A titled row of the wall.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Tells it from others of the same title; empty: the title does.
    pub id: Arc<str>,
    pub title: String,
    pub films: Vec<Film>,
    /// There are more films where these come from ([`Effect::MoreOf`](crate::Effect::MoreOf)).
    pub more: bool,
}

impl Row {
    /// A row that is known by its title and complete.
    pub fn new(title: impl Into<String>, films: Vec<Film>) -> Row {
        Row {
            title: title.into(),
            films,
            ..Row::default()
        }
    }

    /// What it is known by.
    pub(crate) fn name(&self) -> &str {
        if self.id.is_empty() {
            &self.title
        } else {
            &self.id
        }
    }
}

impl Film {
    /// A film of which only its torrent is known: the name becomes its title.
    pub fn of_torrent(torrent: TorrentRef) -> Film {
        let hash = torrent.info_hash.map(|byte| format!("{byte:02x}")).concat();
        let title = title(&torrent.name);
        Film {
            id: FilmId(format!("btih:{hash}")),
            title: if title.is_empty() {
                hash[..8].to_owned()
            } else {
                title
            },
            colours: colours(&torrent.info_hash),
            sources: vec![Source {
                label: torrent.name.clone(),
                reach: Reach::Torrent(torrent),
                offer: Offer::default(),
            }],
            ..Film::default()
        }
    }
}

/// A file name as a person would say it: no extension, spaces for dots and underscores.
fn title(name: &str) -> String {
    let stem = match name.rsplit_once('.') {
        Some((stem, extension)) if (2..=4).contains(&extension.len()) && !stem.is_empty() => stem,
        _ => name,
    };
    let spaced = if stem.contains(' ') {
        stem.to_owned()
    } else {
        stem.replace(['.', '_'], " ")
    };
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Two dark colours that are always the same for the same hash, of which the first six bytes count.
pub fn colours(hash: &[u8]) -> [u32; 2] {
    let colour = |at: usize, most: u32| {
        let part = |byte: u8| 24 + u32::from(byte) * most / 255;
        part(hash[at]) << 16 | part(hash[at + 1]) << 8 | part(hash[at + 2])
    };
    [colour(0, 96), colour(3, 48)]
}

#[cfg(test)]
mod tests {
    use super::{Licence, title};

    #[test]
    fn a_licence_is_open_by_its_address() {
        for (url, open) in [
            ("https://creativecommons.org/licenses/by/3.0/", true),
            (
                "http://www.creativecommons.org/licenses/by-nc-nd/3.0/us/",
                true,
            ),
            ("https://creativecommons.org/publicdomain/mark/1.0/", true),
            ("https://creativecommons.org/", false),
            (
                "https://films.example/creativecommons.org/licenses/by/3.0/",
                false,
            ),
            (
                "https://creativecommons.org.example/licenses/by/3.0/",
                false,
            ),
            ("", false),
        ] {
            let licence = Licence {
                name: "CC BY 3.0".into(),
                url: url.into(),
            };
            assert_eq!(licence.is_open(), open, "{url}");
        }
    }

    #[test]
    fn titles_are_names_without_their_trimmings() {
        for (name, expected) in [
            ("Big.Buck.Bunny.mp4", "Big Buck Bunny"),
            ("Sintel", "Sintel"),
            ("A film. Of two sentences.mkv", "A film. Of two sentences"),
            ("night_of_the_living_dead.webm", "night of the living dead"),
            (".mkv", "mkv"),
        ] {
            assert_eq!(title(name), expected);
        }
    }
}
