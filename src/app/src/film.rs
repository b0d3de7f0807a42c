//! Films as the wall knows them: facts, and where their bytes can be had.

use std::net::SocketAddr;
use std::sync::Arc;

/// Names a film for ever: `demo`, `sintel`, or `btih:<40 hex>` for one opened from a magnet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilmId(pub String);

/// What is known of one film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Film {
    pub id: FilmId,
    pub title: String,
    pub year: Option<u16>,
    pub synopsis: String,
    pub runtime_min: Option<u16>,
    /// Who made it, as one line.
    pub by: String,
    pub genres: Vec<String>,
    pub licence: Option<Licence>,
    pub poster: Option<Poster>,
    /// Two colours (0xRRGGBB, top and bottom) for the poster that is drawn when none can be had.
    pub colours: [u32; 2],
    /// A short word on the poster ("Demo").
    pub badge: Option<String>,
    /// Best first; empty only while not [`Readiness::Ready`].
    pub sources: Vec<Source>,
    pub readiness: Readiness,
}

/// Whether the film can be played yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    Ready,
    /// Being made on this box.
    Preparing {
        percent: u8,
    },
    /// Could not be made: the disk is full or a codec is missing.
    Failed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    /// "CC BY 3.0"
    pub name: String,
    pub url: String,
}

/// Where the picture is: an `https://` address or a file path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Poster(pub Arc<str>);

/// One way to get the film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// "720p · MP4 · 129 MB"
    pub label: String,
    pub torrent: TorrentRef,
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub title: String,
    pub films: Vec<Film>,
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
            year: None,
            synopsis: String::new(),
            runtime_min: None,
            by: String::new(),
            genres: Vec::new(),
            licence: None,
            poster: None,
            colours: colours(torrent.info_hash),
            badge: None,
            sources: vec![Source {
                label: torrent.name.clone(),
                torrent,
            }],
            readiness: Readiness::Ready,
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

/// Two dark colours that are always the same for the same film.
fn colours(hash: [u8; 20]) -> [u32; 2] {
    let colour = |at: usize, most: u32| {
        let part = |byte: u8| 24 + u32::from(byte) * most / 255;
        part(hash[at]) << 16 | part(hash[at + 1]) << 8 | part(hash[at + 2])
    };
    [colour(0, 96), colour(3, 48)]
}

#[cfg(test)]
mod tests {
    use super::title;

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
