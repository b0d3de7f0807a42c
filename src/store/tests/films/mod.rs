//! Films and libraries that the tests of the store share.
#![allow(dead_code, reason = "not every test needs each")]

use std::path::Path;
use std::time::Duration;

use store::{Opened, Store};

/// Longer than any disk takes; a test that waits so long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) fn film(id: &str) -> app::Film {
    app::Film {
        id: app::FilmId(id.into()),
        title: "Füße \"und\"\n\u{1f3ac}".into(),
        year: Some(1999),
        synopsis: String::new(),
        runtime_min: None,
        by: "B".into(),
        genres: vec!["G".into()],
        licence: Some(app::Licence {
            name: "CC0".into(),
            url: "https://c.example/".into(),
        }),
        poster: Some(app::Poster("p.jpg".into())),
        colours: [1, 0xff_ffff],
        badge: Some("New".into()),
        sources: vec![app::Source {
            label: "MP4".into(),
            reach: app::Reach::Torrent(app::TorrentRef {
                info_hash: std::array::from_fn(|at| at as u8 * 13),
                name: "N".into(),
                trackers: vec!["udp://t.example:1/".into()],
                web_seeds: vec!["https://w.example/".into()],
                peers: vec!["[::1]:6881".parse().unwrap()],
                peer_hosts: vec!["p.example:6881".into()],
                exact_sources: vec!["https://x.example/a.torrent".into()],
                file: Some(3),
            }),
            offer: app::choosing::Offer::default(),
        }],
        readiness: app::Readiness::Preparing { percent: 7 },
        ..app::Film::default()
    }
}

pub(crate) fn mark(id: &str, played: u64) -> app::Mark {
    app::Mark {
        film: film(id),
        position: Duration::from_millis(played * 1000 + 123),
        duration: Duration::from_hours(1),
        watched: id == "a",
        played,
        read: (id == "a").then_some(app::ReadPlace {
            from: app::ReachKey::Torrent {
                info_hash: [0xab; 20],
                file: Some(3),
            },
            size: 1 << 40,
            at: Some(played),
        }),
        choices: app::Choices::default(),
    }
}

/// `played` tells libraries apart.
pub(crate) fn library(played: u64) -> app::Library {
    let marks = ["a", "btih:00"].map(|id| (app::FilmId(id.into()), mark(id, played)));
    app::Library {
        marks: marks.into(),
        ..app::Library::default()
    }
}

/// Opens a store in which nothing may fail.
pub(crate) fn open(folder: &Path) -> Opened {
    Store::open(folder, |why| panic!("{why}")).unwrap()
}

/// The names in a folder.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
