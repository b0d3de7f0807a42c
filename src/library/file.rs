//! The library's file as JSON: the core's values in a shape of its own, so that the core may
//! change without old files becoming unreadable.
//!
//! Version 1. A field that later versions add must be optional; one that changes its meaning
//! makes a new version. Unknown fields are passed over, so that a step back to an older release
//! keeps the marks.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::LibraryError;

/// Of the files written here, and the newest that is read.
pub(super) const VERSION: u64 = 1;

#[derive(Serialize, Deserialize)]
struct Head {
    version: u64,
}

#[derive(Serialize, Deserialize)]
struct LibraryFile {
    version: u64,
    marks: Vec<Mark>,
}

#[derive(Serialize, Deserialize)]
struct Mark {
    film: Film,
    position_ms: u64,
    duration_ms: u64,
    watched: bool,
    played: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    read: Option<ReadPlace>,
}

#[derive(Serialize, Deserialize)]
struct ReadPlace {
    info_hash: String,
    file: Option<u32>,
    size: u64,
    at: Option<u64>,
}

#[derive(Serialize, Deserialize)]
struct Film {
    id: String,
    title: String,
    year: Option<u16>,
    synopsis: String,
    runtime_min: Option<u16>,
    by: String,
    genres: Vec<String>,
    licence: Option<Licence>,
    poster: Option<String>,
    colours: [u32; 2],
    badge: Option<String>,
    sources: Vec<Source>,
    readiness: Readiness,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Readiness {
    Ready,
    Preparing { percent: u8 },
    Failed,
}

#[derive(Serialize, Deserialize)]
struct Licence {
    name: String,
    url: String,
}

#[derive(Serialize, Deserialize)]
struct Source {
    label: String,
    info_hash: String,
    name: String,
    trackers: Vec<String>,
    web_seeds: Vec<String>,
    peers: Vec<SocketAddr>,
    #[serde(default)]
    peer_hosts: Vec<String>,
    #[serde(default)]
    exact_sources: Vec<String>,
    file: Option<u32>,
}

/// The file's bytes for a library.
pub(super) fn bytes(library: &app::Library) -> Vec<u8> {
    let file = LibraryFile {
        version: VERSION,
        marks: library.marks.values().map(mark).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&file).expect("no map keys and no failing types");
    bytes.push(b'\n');
    bytes
}

/// The library of a file's bytes; `path` is for the error.
pub(super) fn library(bytes: &[u8], path: &Path) -> Result<app::Library, LibraryError> {
    let damaged = |error: &dyn ToString| LibraryError::Damaged {
        path: path.to_owned(),
        what: error.to_string(),
    };
    // The version first: a newer file may have any other shape.
    let head: Head = serde_json::from_slice(bytes).map_err(|error| damaged(&error))?;
    if head.version > VERSION {
        return Err(LibraryError::Newer {
            path: path.to_owned(),
            version: head.version,
        });
    }
    let file: LibraryFile = serde_json::from_slice(bytes).map_err(|error| damaged(&error))?;
    let mut library = app::Library::default();
    for mark in file.marks {
        let mark = mark_of(mark).map_err(|what| damaged(&what))?;
        library.marks.insert(mark.film.id.clone(), mark);
    }
    Ok(library)
}

fn mark(mark: &app::Mark) -> Mark {
    Mark {
        film: film(&mark.film),
        position_ms: millis(mark.position),
        duration_ms: millis(mark.duration),
        watched: mark.watched,
        played: mark.played,
        read: mark.read.as_ref().and_then(read),
    }
}

fn mark_of(mark: Mark) -> Result<app::Mark, String> {
    Ok(app::Mark {
        film: film_of(mark.film)?,
        position: Duration::from_millis(mark.position_ms),
        duration: Duration::from_millis(mark.duration_ms),
        watched: mark.watched,
        played: mark.played,
        read: mark.read.as_ref().map(read_of).transpose()?,
    })
}

/// Places in anything but torrents are not kept: those are found again without.
fn read(read: &app::ReadPlace) -> Option<ReadPlace> {
    let app::ReachKey::Torrent { info_hash, file } = read.from else {
        return None;
    };
    Some(ReadPlace {
        info_hash: hex(info_hash),
        file,
        size: read.size,
        at: read.at,
    })
}

fn read_of(read: &ReadPlace) -> Result<app::ReadPlace, String> {
    Ok(app::ReadPlace {
        from: app::ReachKey::Torrent {
            info_hash: hash_of(&read.info_hash)?,
            file: read.file,
        },
        size: read.size,
        at: read.at,
    })
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn film(film: &app::Film) -> Film {
    let licence = film.licence.as_ref();
    Film {
        id: film.id.0.clone(),
        title: film.title.clone(),
        year: film.year,
        synopsis: film.synopsis.clone(),
        runtime_min: film.runtime_min,
        by: film.by.clone(),
        genres: film.genres.clone(),
        licence: licence.map(|licence| Licence {
            name: licence.name.clone(),
            url: licence.url.clone(),
        }),
        poster: film.poster.as_ref().map(|poster| poster.0.to_string()),
        colours: film.colours,
        badge: film.badge.clone(),
        sources: film.sources.iter().filter_map(source).collect(),
        readiness: match film.readiness {
            app::Readiness::Ready => Readiness::Ready,
            app::Readiness::Preparing { percent } => Readiness::Preparing { percent },
            app::Readiness::Failed => Readiness::Failed,
        },
    }
}

fn film_of(film: Film) -> Result<app::Film, String> {
    let sources = film.sources.into_iter().map(source_of);
    Ok(app::Film {
        sources: sources.collect::<Result<_, _>>()?,
        id: app::FilmId(film.id),
        title: film.title,
        year: film.year,
        synopsis: film.synopsis,
        runtime_min: film.runtime_min,
        by: film.by,
        genres: film.genres,
        licence: film.licence.map(|licence| app::Licence {
            name: licence.name,
            url: licence.url,
        }),
        poster: film.poster.map(|poster| app::Poster(poster.into())),
        colours: film.colours,
        badge: film.badge,
        readiness: match film.readiness {
            Readiness::Ready => app::Readiness::Ready,
            Readiness::Preparing { percent } => app::Readiness::Preparing { percent },
            Readiness::Failed => app::Readiness::Failed,
        },
        ..app::Film::default()
    })
}

fn source(source: &app::Source) -> Option<Source> {
    let torrent = source.reach.torrent()?;
    Some(Source {
        label: source.label.clone(),
        info_hash: hex(torrent.info_hash),
        name: torrent.name.clone(),
        trackers: torrent.trackers.clone(),
        web_seeds: torrent.web_seeds.clone(),
        peers: torrent.peers.clone(),
        peer_hosts: torrent.peer_hosts.clone(),
        exact_sources: torrent.exact_sources.clone(),
        file: torrent.file,
    })
}

fn source_of(source: Source) -> Result<app::Source, String> {
    let info_hash = hash_of(&source.info_hash)?;
    Ok(app::Source {
        label: source.label,
        reach: app::Reach::Torrent(app::TorrentRef {
            info_hash,
            name: source.name,
            trackers: source.trackers,
            web_seeds: source.web_seeds,
            peers: source.peers,
            peer_hosts: source.peer_hosts,
            exact_sources: source.exact_sources,
            file: source.file,
        }),
        offer: app::choosing::Offer::default(),
    })
}

fn hex(hash: [u8; 20]) -> String {
    hash.map(|byte| format!("{byte:02x}")).concat()
}

fn hash_of(text: &str) -> Result<[u8; 20], String> {
    hash_in(text).ok_or_else(|| format!("{text:?} is no info hash"))
}

fn hash_in(hex: &str) -> Option<[u8; 20]> {
    if hex.len() != 40 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let mut hash = [0; 20];
    for (byte, pair) in hash.iter_mut().zip(hex.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(hash)
}
