//! What the sites of `make peers` have: the same few titles everywhere, so that what one knows can
//! be seen to be joined with what another knows.

use fixtures::archive::{File, Item};
use fixtures::opensubtitles::Text;
use fixtures::tmdb::Title;
use fixtures::wiki::Known;

const BY: &str = "http://creativecommons.org/licenses/by/3.0/";
const MARK: &str = "https://creativecommons.org/publicdomain/mark/1.0/";

/// Two items with the film, one of the day of silent films without one, and one that must not be
/// seen.
pub(crate) fn archive(film: &[u8]) -> Vec<Item> {
    let files = || {
        vec![
            File {
                name: "film.webm",
                format: "WebM",
                bytes: film.to_vec(),
                length_s: Some(120),
                height: Some(720),
                of: None,
            },
            File {
                name: "film.en.srt",
                format: "SubRip",
                bytes: b"1\n00:00:01,000 --> 00:00:05,000\nFrom the Archive\n".to_vec(),
                length_s: None,
                height: None,
                of: None,
            },
        ]
    };
    let item = |id, title, year, licence| Item {
        id,
        title,
        year,
        licence: Some(licence),
        collection: "feature_films",
        subject: "Drama; peers",
        torrent: true,
        files: files(),
        ..Item::default()
    };
    vec![
        Item {
            imdb: Some("tt1727587"),
            ..item("The-Peer", "The Peer", 2010, BY)
        },
        Item {
            collection: "silent_films",
            ..item("the_silent_peer", "The Silent Peer", 1921, MARK)
        },
        item("ClaimedByItsUploader", "Must not be seen", 1999, MARK),
    ]
}

pub(crate) fn wiki() -> Vec<Known> {
    vec![Known {
        imdb: "tt1727587",
        title: "The Peer",
        year: 2010,
        archive: Some("The-Peer"),
        director: "A Director",
        article: Some("The Peer (film)"),
        summary: "The Peer is a film of two minutes that this box made of nothing.",
    }]
}

pub(crate) fn tmdb() -> Vec<Title> {
    let film = Title {
        id: 45745,
        imdb: Some("tt1727587"),
        name: "The Peer",
        year: 2010,
        overview: "Everybody shares a film, and nobody watches it.",
        trailer: Some("abcDEF-_123"),
        ..Title::default()
    };
    let series = Title {
        id: 9,
        imdb: Some("tt0108778"),
        name: "The Peers",
        year: 2011,
        series: true,
        seasons: vec![1, 3, 2],
        trailer: None,
        ..film.clone()
    };
    vec![film, series]
}

pub(crate) fn texts() -> Vec<Text> {
    let text = |file_id, language, hash_match| Text {
        file_id,
        language,
        imdb: 1_727_587,
        hash_match,
        release: "The.Peer.2010.720p",
        downloads: file_id,
        text: "1\n00:00:01,000 --> 00:00:10,000\nFrom OpenSubtitles\n",
    };
    vec![
        text(1, "en", true),
        text(2, "en", false),
        text(3, "fr", false),
        text(4, "de", false),
    ]
}
