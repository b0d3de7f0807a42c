//! Where a film's bytes are, and what is known of each way, as JSON.
//!
//! What a file holds is written in words; one that is not known here is as if nothing was said.

use std::net::SocketAddr;
use std::time::Duration;

use app::choosing::{CODECS, Content, HDRS, Offer as Known, Way};
use serde::{Deserialize, Serialize};

use super::hash;

const WAYS: [(&str, Way); 2] = [("torrent", Way::Torrent), ("http", Way::Http)];

const CONTENTS: [(&str, Content); 3] = [
    ("film", Content::Film),
    ("poor", Content::Poor),
    ("extra", Content::Extra),
];

fn word<T: PartialEq>(words: &[(&str, T)], value: &T) -> String {
    let word = words.iter().find(|(_, known)| known == value);
    word.map_or("", |(word, _)| word).to_owned()
}

fn value<T: Copy>(words: &[(&str, T)], word: &str) -> Option<T> {
    let value = words.iter().find(|(known, _)| *known == word);
    value.map(|(_, value)| *value)
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Source {
    label: String,
    #[serde(flatten)]
    pub(crate) reach: Reach,
    #[serde(default)]
    offer: Offer,
}

/// Told apart by its fields, since releases before the store wrote torrents alone, and so.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Reach {
    Torrent(Torrent),
    Web(Web),
    File { path: String },
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Torrent {
    #[serde(with = "hash")]
    info_hash: [u8; 20],
    name: String,
    #[serde(default)]
    pub(crate) trackers: Vec<String>,
    #[serde(default)]
    pub(crate) web_seeds: Vec<String>,
    #[serde(default)]
    peers: Vec<SocketAddr>,
    #[serde(default)]
    peer_hosts: Vec<String>,
    #[serde(default)]
    pub(crate) exact_sources: Vec<String>,
    #[serde(default)]
    file: Option<u32>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Web {
    pub(crate) url: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    pub(crate) headers: Vec<(String, String)>,
    #[serde(default)]
    size: Option<u64>,
    #[serde(default)]
    near: bool,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Offer {
    add_on: u16,
    place: u16,
    way: String,
    content: String,
    lines: Option<u16>,
    codec: Option<String>,
    ten_bit: bool,
    three_d: bool,
    hdr: Vec<String>,
    size_bytes: Option<u64>,
    duration_ms: Option<u64>,
    seeds: Option<u32>,
    languages: Vec<String>,
    several_languages: bool,
    #[serde(default)]
    web_seeded: bool,
    release: Option<String>,
    open: bool,
}

/// Where a film's bytes were read last.
#[derive(Serialize, Deserialize)]
pub(crate) struct ReadPlace {
    #[serde(flatten)]
    pub(crate) from: ReachKey,
    #[serde(default)]
    size: u64,
    #[serde(default)]
    at: Option<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum ReachKey {
    Torrent {
        #[serde(with = "hash")]
        info_hash: [u8; 20],
        #[serde(default)]
        file: Option<u32>,
    },
    Web {
        url: String,
    },
    File {
        path: String,
    },
}

impl From<&app::Source> for Source {
    fn from(source: &app::Source) -> Self {
        Source {
            label: source.label.clone(),
            reach: Reach::from(&source.reach),
            offer: Offer::from(&source.offer),
        }
    }
}

impl From<Source> for app::Source {
    fn from(source: Source) -> Self {
        app::Source {
            label: source.label,
            reach: source.reach.into(),
            offer: source.offer.into(),
        }
    }
}

impl From<&app::Reach> for Reach {
    fn from(reach: &app::Reach) -> Self {
        match reach {
            app::Reach::Torrent(torrent) => Reach::Torrent(Torrent {
                info_hash: torrent.info_hash,
                name: torrent.name.clone(),
                trackers: torrent.trackers.clone(),
                web_seeds: torrent.web_seeds.clone(),
                peers: torrent.peers.clone(),
                peer_hosts: torrent.peer_hosts.clone(),
                exact_sources: torrent.exact_sources.clone(),
                file: torrent.file,
            }),
            app::Reach::Web(web) => Reach::Web(Web {
                url: web.url.clone(),
                name: web.name.clone(),
                headers: web.headers.clone(),
                size: web.size,
                near: web.near,
            }),
            app::Reach::File(path) => Reach::File {
                path: path.to_string(),
            },
        }
    }
}

impl From<Reach> for app::Reach {
    fn from(reach: Reach) -> Self {
        match reach {
            Reach::Torrent(torrent) => app::Reach::Torrent(app::TorrentRef {
                info_hash: torrent.info_hash,
                name: torrent.name,
                trackers: torrent.trackers,
                web_seeds: torrent.web_seeds,
                peers: torrent.peers,
                peer_hosts: torrent.peer_hosts,
                exact_sources: torrent.exact_sources,
                file: torrent.file,
            }),
            Reach::Web(web) => app::Reach::Web(app::WebFile {
                url: web.url,
                name: web.name,
                headers: web.headers,
                size: web.size,
                near: web.near,
            }),
            Reach::File { path } => app::Reach::File(path.into()),
        }
    }
}

impl From<&Known> for Offer {
    fn from(offer: &Known) -> Self {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Offer {
            add_on: offer.add_on,
            place: offer.place,
            way: word(&WAYS, &offer.way),
            content: word(&CONTENTS, &offer.content),
            lines: offer.lines,
            codec: offer.codec.map(|codec| word(&CODECS, &codec)),
            ten_bit: offer.ten_bit,
            three_d: offer.three_d,
            hdr: offer.hdr.iter().map(|hdr| word(&HDRS, hdr)).collect(),
            size_bytes: offer.size_bytes,
            duration_ms: offer.duration.map(millis),
            seeds: offer.seeds,
            languages: offer.languages.clone(),
            several_languages: offer.several_languages,
            web_seeded: offer.web_seeded,
            release: offer.release.clone(),
            open: offer.open,
        }
    }
}

impl From<Offer> for Known {
    fn from(offer: Offer) -> Self {
        let hdr = offer.hdr.iter().filter_map(|word| value(&HDRS, word));
        Known {
            add_on: offer.add_on,
            place: offer.place,
            way: value(&WAYS, &offer.way).unwrap_or_default(),
            content: value(&CONTENTS, &offer.content).unwrap_or_default(),
            lines: offer.lines,
            codec: offer.codec.and_then(|word| value(&CODECS, &word)),
            ten_bit: offer.ten_bit,
            three_d: offer.three_d,
            hdr: hdr.collect(),
            size_bytes: offer.size_bytes,
            duration: offer.duration_ms.map(Duration::from_millis),
            seeds: offer.seeds,
            languages: offer.languages,
            several_languages: offer.several_languages,
            web_seeded: offer.web_seeded,
            release: offer.release,
            open: offer.open,
        }
    }
}

impl From<&app::ReadPlace> for ReadPlace {
    fn from(read: &app::ReadPlace) -> Self {
        ReadPlace {
            from: match &read.from {
                app::ReachKey::Torrent { info_hash, file } => ReachKey::Torrent {
                    info_hash: *info_hash,
                    file: *file,
                },
                app::ReachKey::Web(url) => ReachKey::Web { url: url.clone() },
                app::ReachKey::File(path) => ReachKey::File { path: path.clone() },
            },
            size: read.size,
            at: read.at,
        }
    }
}

impl From<ReadPlace> for app::ReadPlace {
    fn from(read: ReadPlace) -> Self {
        app::ReadPlace {
            from: match read.from {
                ReachKey::Torrent { info_hash, file } => app::ReachKey::Torrent { info_hash, file },
                ReachKey::Web { url } => app::ReachKey::Web(url),
                ReachKey::File { path } => app::ReachKey::File(path),
            },
            size: read.size,
            at: read.at,
        }
    }
}
