//! Our own sources on the box: a film of an Internet Archive is found on the wall, has its licence
//! on its page, and plays by the Archive's web seed alone; one in a folder is there beside it.

use fixtures::archive::{ArchiveSite, File, Item};
use fixtures::wiki::{Known, WikiSite};
use serde_json::Value;

use crate::client::{PATIENT, SOON, TvBox};
use crate::{assert_picture_is_at_position, films, position_ms, screen};

/// Where a row stands on the wall.
fn row(state: &Value, title: &str) -> Option<usize> {
    let rows = state["rows"].as_array()?;
    rows.iter().position(|row| row["title"] == title)
}

#[test]
fn a_film_of_the_archive_plays_from_its_web_seed() {
    let film = films::demo_folder().join("Matinee Demo/Matinee Demo.mkv");
    let bytes = std::fs::read(&film).unwrap();
    let item = Item {
        id: "The-Peer",
        title: "The Peer",
        year: 2010,
        licence: Some("http://creativecommons.org/licenses/by/3.0/"),
        collection: "feature_films",
        torrent: true,
        files: vec![File {
            name: "film.mkv",
            format: "Matroska",
            bytes,
            length_s: Some(120),
            height: Some(720),
            of: None,
        }],
        ..Item::default()
    };
    let unproven = Item {
        id: "Claimed",
        title: "Claimed",
        ..item.clone()
    };
    let known = Known {
        imdb: "tt1727587",
        title: "The Peer",
        year: 2010,
        archive: Some("The-Peer"),
        director: "A Director",
        ..Known::default()
    };
    let any = "127.0.0.1:0".parse().unwrap();
    let (archive, wiki) = films::runtime().block_on(async {
        let archive = ArchiveSite::start(any, vec![item, unproven]).await;
        (archive, WikiSite::start(any, vec![known]).await)
    });
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    std::fs::hard_link(film, folder.path().join("Another.2012.mkv")).unwrap();
    let data = tempfile::tempdir().unwrap();
    let tv = TvBox::start(
        data.path(),
        &[
            "--prefetch=false",
            "--local-peers",
            "--archive-address",
            &archive.site.base(),
            "--wiki-address",
            &wiki.site.base(),
            "--film-folders",
            folder.path().to_str().unwrap(),
        ],
    );
    let wall = tv.wait("the rows of our own sources", SOON, |s| {
        row(s, "Feature films").is_some() && row(s, "On this drive").is_some()
    });
    let cards = |title| &wall["rows"][row(&wall, title).unwrap()]["cards"];
    assert_eq!(cards("On this drive")[0]["title"], "Another");
    assert_eq!(cards("Feature films").as_array().unwrap().len(), 1);
    for _ in 0..row(&wall, "Feature films").unwrap() {
        tv.key("down");
    }
    tv.wait("the film under focus", SOON, |s| {
        s["focus"]["film"] == "movie:archive:The-Peer"
    });
    tv.key("ok");
    let page = tv.wait("the page with its sources", SOON, |s| {
        screen(s) == "film"
            && s["page"]["actions"][1]["label"] == "Sources (2)"
            && s["page"]["attribution"][0] == "Internet Archive"
    });
    assert!(page["page"]["licence"].to_string().contains("CC BY 3.0"));
    // The torrent, which has nobody but the web seed.
    tv.key("right");
    tv.key("ok");
    tv.wait("the sources", SOON, |s| !s["page"]["sources"].is_null());
    tv.key("down");
    tv.key("ok");
    tv.wait("the page again", SOON, |s| s["page"]["sources"].is_null());
    tv.key("ok");
    tv.wait("the film", PATIENT, |s| {
        screen(s) == "playing" && position_ms(s) > 300.0
    });
    tv.key("pause");
    assert_picture_is_at_position(&tv);
    assert!(
        archive.site.count("/node/The-Peer/film.mkv") > 0,
        "its web seed gave the film"
    );
}
