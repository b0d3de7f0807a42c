//! What can be handed to the box and is no film: a clear word each time, and the wall stays alive.

use std::path::Path;

use serde_json::Value;

use crate::client::{PATIENT, SOON, TvBox};
use crate::{films, screen};

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The wall still answers keys.
fn assert_alive(tv: &TvBox) {
    tv.key("home");
    tv.wait("the wall", SOON, |s| screen(s) == "home");
}

#[test]
fn a_torrent_without_a_video_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let tv = TvBox::start(data.path(), &[]);
    let metainfo = films::torrent_of(&[("readme.txt", 40_000)]).metainfo;
    let (status, answer) = tv.open_metainfo(&metainfo);
    assert!((400..500).contains(&status), "{status} {answer}");
    tv.wait("a notice", SOON, |s| text(&s["notice"]).contains("no film"));
    assert_alive(&tv);
}

#[test]
fn what_is_no_torrent_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let tv = TvBox::start(data.path(), &[]);
    let nested = vec![b'l'; 100_000];
    for garbage in [&b"not bencode"[..], b"d4:infod6:lengthi-5eee", &nested] {
        let (status, answer) = tv.open_metainfo(garbage);
        assert!((400..500).contains(&status), "{status} {answer}");
    }
    for magnet in [
        "magnet:?xt=urn:btih:tooshort",
        "http://example.invalid/film",
        "",
    ] {
        let (status, answer) = tv.open_magnet(magnet);
        assert!((400..500).contains(&status), "{status} {answer}");
    }
    assert_alive(&tv);
}

#[test]
fn a_magnet_nobody_answers_can_be_left_at_any_time() {
    let data = tempfile::tempdir().unwrap();
    let tv = TvBox::start(data.path(), &[]);
    // A port nobody listens on: it was ours a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let hash = "00112233445566778899aabbccddeeff00112233";
    let magnet = format!("magnet:?xt=urn:btih:{hash}&dn=Nobody&x.pe=127.0.0.1:{port}");
    let (status, answer) = tv.open_magnet(&magnet);
    assert_eq!(status, 200, "{answer}");
    tv.wait("the page", SOON, |s| screen(s) == "film");
    tv.key("ok");
    tv.wait("finding peers", SOON, |s| {
        screen(s) == "opening" && text(&s["opening"]["headline"]).contains("Finding")
    });
    tv.key("back");
    tv.wait("the page", SOON, |s| screen(s) == "film");
    assert_alive(&tv);
}

#[test]
fn a_codec_that_nothing_decodes_is_named() {
    let data = films::data_with_demo();
    let mut command = TvBox::command(data.path(), &["--demo"]);
    command.env(
        "GST_PLUGIN_FEATURE_RANK",
        "vp8dec:NONE,avdec_vp8:NONE,vavp8dec:NONE",
    );
    let tv = TvBox::spawn(command);
    films::open_demo(&tv);
    let state = tv.wait("the trouble", PATIENT, |s| screen(s) == "trouble");
    assert!(
        text(&state["trouble"]["message"]).contains("VP8"),
        "{}",
        state["trouble"]
    );
    tv.key("back");
    tv.wait("the page", SOON, |s| screen(s) == "film");
    assert_alive(&tv);
}

#[test]
fn a_file_that_is_no_film_is_said_to_be_damaged() {
    let data = tempfile::tempdir().unwrap();
    let tv = TvBox::start(data.path(), &[]);
    let torrent = films::torrent_of(&[("film.mkv", 3_000_000)]);
    let seeder = films::seed(&torrent, None);
    let (status, answer) = tv.open_magnet(&torrent.magnet(seeder.address()));
    assert_eq!(status, 200, "{answer}");
    tv.wait("the page", SOON, |s| screen(s) == "film");
    tv.key("ok");
    let state = tv.wait("the trouble", PATIENT, |s| screen(s) == "trouble");
    assert!(
        text(&state["trouble"]["title"]).contains("damaged"),
        "{}",
        state["trouble"]
    );
    assert_alive(&tv);
}

#[test]
fn a_mistake_in_a_catalogue_is_told_with_line_and_field() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("films.toml");
    // The bundled films with one key that nobody knows.
    let sound = include_str!("../../src/catalog/bundled.toml");
    let title = sound
        .lines()
        .position(|line| line.starts_with("title"))
        .unwrap();
    let mut lines: Vec<&str> = sound.lines().collect();
    lines.insert(title + 1, "colour = \"red\"");
    std::fs::write(&file, lines.join("\n")).unwrap();
    let tv = TvBox::start(data.path(), &["--catalogue", file.to_str().unwrap()]);
    let state = tv.wait("a notice", SOON, |s| {
        text(&s["notice"]).contains("films.toml")
    });
    let notice = text(&state["notice"]);
    // Counted from 1, and the new line is the one after the title.
    let line = format!("line {}:", title + 2);
    assert!(
        notice.contains(&line) && notice.contains("colour"),
        "{notice}"
    );
    assert!(
        state["rows"]
            .as_array()
            .is_some_and(|rows| !rows.is_empty()),
        "the rest is there"
    );
}

/// Runs the box until it ends by itself and gives back what it said.
fn refusal(data: &Path, args: &[&str]) -> String {
    let output = TvBox::command(data, args).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_data_folder_that_cannot_be_used_is_told_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "").unwrap();
    let said = refusal(&file.join("data"), &[]);
    assert!(said.contains("a-file"), "{said}");
}

#[test]
fn a_second_box_on_the_same_data_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let tv = TvBox::start(data.path(), &[]);
    let said = refusal(data.path(), &[]);
    assert!(said.contains("another Matinee"), "{said}");
    assert_alive(&tv);
}
