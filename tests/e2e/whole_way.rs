//! The main job: the wall, OK, OK, the film; everything a viewer does with it; and the plug pulled.

use std::path::Path;

use rusqlite::Connection;
use serde_json::Value;

use crate::client::{PATIENT, SOON, TvBox};
use crate::{assert_picture_is_at_position, films, position_ms, screen};

fn demo_is_ready(state: &Value) -> bool {
    state["page"]["actions"][0]["enabled"].as_bool() == Some(true)
}

/// From the wall to the running demo film.
fn play_demo(tv: &TvBox) {
    tv.wait("the wall", SOON, |s| {
        screen(s) == "home" && s["rows"][0]["cards"][0].is_object()
    });
    tv.key("ok");
    tv.wait("the film's page", PATIENT, |s| {
        screen(s) == "film" && demo_is_ready(s)
    });
    tv.key("ok");
    tv.wait("the film", PATIENT, |s| {
        screen(s) == "playing" && position_ms(s) > 500.0
    });
}

/// Pauses and waits until the picture stands still.
fn pause(tv: &TvBox) -> Value {
    tv.key("pause");
    tv.wait("pause", SOON, |s| s["playback"]["playing"] == false)
}

/// A seek while paused: the position becomes the target and the picture follows.
fn seek(tv: &TvBox, key: &str, by_ms: f64) {
    let from = position_ms(&tv.state());
    tv.key(key);
    tv.wait("the seek", PATIENT, |s| {
        (position_ms(s) - from - by_ms).abs() < 100.0 && s["playback"]["seeking"] == false
    });
    assert_picture_is_at_position(tv);
}

#[test]
fn the_wall_the_film_seeks_tracks_and_continue() {
    let data = films::data_with_demo();
    let tv = TvBox::start(data.path(), &["--demo"]);
    play_demo(&tv);

    pause(&tv);
    seek(&tv, "right", 10_000.0);
    seek(&tv, "right", 10_000.0);
    seek(&tv, "left", -10_000.0);
    seek(&tv, "forward", 30_000.0);

    tv.key("play");
    tv.wait("the film runs", SOON, |s| s["playback"]["playing"] == true);
    let from = position_ms(&tv.state());
    tv.wait("it goes on", SOON, |s| position_ms(s) > from + 1000.0);

    switch_tracks(&tv);

    pause(&tv);
    let left_at = position_ms(&tv.state());
    tv.key("back");
    tv.wait("the page", SOON, |s| screen(s) == "film");
    tv.key("back");
    let wall = tv.wait("the wall", SOON, |s| screen(s) == "home");
    assert_eq!(wall["rows"][0]["title"], "Continue watching");
    assert_eq!(wall["rows"][0]["cards"][0]["film"], "demo");
    continue_from(&tv, left_at);
}

/// Audio to the second track, subtitles on: the state says so and a line of them shows.
fn switch_tracks(tv: &TvBox) {
    let tracks = tv.state()["playback"].clone();
    assert!(tracks["audio"].as_array().unwrap().len() >= 2, "{tracks:#}");
    let first = tracks["audio_now"].clone();
    // Controls, buttons, audio: the list, the next one.
    for key in ["up", "down", "right", "ok", "down", "ok"] {
        tv.key(key);
    }
    tv.wait("the other audio", SOON, |s| {
        s["playback"]["audio_now"] != first && s["playback"]["audio_now"].is_number()
    });
    for key in ["menu", "down", "ok"] {
        tv.key(key);
    }
    tv.wait("subtitles", SOON, |s| {
        s["playback"]["subtitle_now"].is_number()
    });
    tv.wait("a subtitle on the screen", SOON, |s| {
        s["playback"]["subtitle"].is_string()
    });
    tv.key("back");
}

/// Opens the first film of "Continue watching" and finds the place.
fn continue_from(tv: &TvBox, left_at: f64) {
    tv.key("back");
    tv.key("ok");
    let page = tv.wait("the page", PATIENT, |s| {
        screen(s) == "film" && demo_is_ready(s)
    });
    let label = page["page"]["actions"][0]["label"].as_str().unwrap();
    assert!(label.starts_with("Continue"), "{label}");
    tv.key("ok");
    tv.wait("the film", PATIENT, |s| screen(s) == "playing");
    pause(tv);
    let position = position_ms(&tv.state());
    assert!(
        (position - left_at).abs() < 2000.0,
        "left at {left_at}, resumed at {position}"
    );
    assert_picture_is_at_position(tv);
}

#[test]
fn the_plug_is_pulled_while_a_film_plays() {
    let data = films::data_with_demo();
    let tv = TvBox::start(data.path(), &["--demo"]);
    play_demo(&tv);
    for _ in 0..4 {
        tv.key("right");
    }
    let state = tv.wait("a later place", PATIENT, |s| {
        position_ms(s) > 40_500.0 && s["playback"]["seeking"] == false
    });
    let before = position_ms(&state);
    wait_until_written(data.path(), 40_000);
    tv.kill();

    let tv = TvBox::start(data.path(), &["--demo"]);
    let wall = tv.wait("the wall", SOON, |s| {
        s["rows"][0]["title"] == "Continue watching"
    });
    assert_eq!(wall["rows"][0]["cards"][0]["film"], "demo");
    // At most the five seconds between two writes are lost, and what ran since.
    tv.key("back");
    tv.key("ok");
    tv.wait("the page", PATIENT, |s| {
        screen(s) == "film" && demo_is_ready(s)
    });
    tv.key("ok");
    tv.wait("the film", PATIENT, |s| screen(s) == "playing");
    pause(&tv);
    let after = position_ms(&tv.state());
    assert!(
        after > before - 6000.0 && after < before + 20_000.0,
        "{before} then {after}"
    );
}

/// The place is written at most a second after it was told; the store is the signal.
fn wait_until_written(data: &Path, from_ms: i64) {
    let end = std::time::Instant::now() + SOON;
    let store = Connection::open(data.join("owner.db")).unwrap();
    loop {
        let last = "SELECT coalesce(max(position_ms), 0) FROM mark";
        let written: i64 = store.query_row(last, (), |row| row.get(0)).unwrap();
        if written >= from_ms {
            return;
        }
        assert!(std::time::Instant::now() < end, "not written: {written}");
        std::thread::yield_now();
    }
}

#[test]
fn a_held_arrow_scrubs_and_its_release_lands_exactly() {
    let data = films::data_with_demo();
    let tv = TvBox::start(data.path(), &["--demo"]);
    play_demo(&tv);
    pause(&tv);
    let from = position_ms(&tv.state());
    tv.press("right", "down");
    for _ in 0..4 {
        tv.press("right", "repeat");
    }
    tv.press("right", "up");
    tv.wait("the seek", PATIENT, |s| {
        (position_ms(s) - from - 50_000.0).abs() < 100.0 && s["playback"]["seeking"] == false
    });
    assert_picture_is_at_position(&tv);
}
