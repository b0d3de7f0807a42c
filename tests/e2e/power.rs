//! Standby and the end, on the real binary: what is dark is black, and what is switched off is
//! asked for where the system looks.

use std::time::Instant;

use crate::client::{PATIENT, SOON, TvBox};
use crate::films;
use crate::screen;

/// Every pixel becomes black, or something is to be seen: a turn of the screen that is under way
/// answers with what was before.
fn becomes(tv: &TvBox, black: bool) {
    let end = Instant::now() + SOON;
    loop {
        let (_, _, rgb) = tv.screen();
        if rgb.iter().all(|part| *part == 0) == black {
            return;
        }
        assert!(Instant::now() < end, "it is never black: {black}");
    }
}

#[test]
fn a_box_that_stands_by_is_black_and_any_key_brings_it_back() {
    let data = tempfile::tempdir().unwrap();
    let tv = TvBox::start(data.path(), &[]);
    tv.wait("the wall", SOON, |s| screen(s) == "home");
    becomes(&tv, false);
    tv.key("power");
    tv.wait("standby", SOON, |s| s["dark"] == true);
    becomes(&tv, true);
    tv.key("down");
    let back = tv.wait("the wall again", SOON, |s| s["dark"] == false);
    assert_eq!(screen(&back), "home");
    becomes(&tv, false);
}

#[test]
fn a_film_is_left_for_standby_at_its_place() {
    let data = films::data_with_demo();
    let tv = TvBox::start(data.path(), &["--demo"]);
    films::open_demo(&tv);
    tv.wait("the film", PATIENT, |s| screen(s) == "playing");
    tv.key("sleep");
    let dark = tv.wait("standby", SOON, |s| s["dark"] == true);
    assert_eq!(screen(&dark), "film");
    becomes(&tv, true);
    tv.key("wake");
    tv.wait("its page", SOON, |s| s["dark"] == false);
    becomes(&tv, false);
}

#[test]
fn the_end_is_asked_for_where_the_system_looks() {
    let (data, asks) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut command = TvBox::command(data.path(), &[]);
    command.env("RUNTIME_DIRECTORY", asks.path());
    let tv = TvBox::spawn(command);
    tv.wait("the wall", SOON, |s| screen(s) == "home");
    tv.door("Power");
    tv.wait("the page", SOON, |s| screen(s) == "menu");
    for key in ["down", "down", "down", "ok"] {
        tv.key(key);
    }
    tv.wait("whether that is meant", SOON, |s| {
        s["menu"]["ask"].is_string()
    });
    let off = asks.path().join("off");
    assert!(!off.exists());
    tv.key("ok");
    let nothing_left =
        |s: &serde_json::Value| s["menu"]["actions"].as_array().is_some_and(Vec::is_empty);
    tv.wait("the end", SOON, nothing_left);
    // The page says so after it was asked for.
    assert!(off.exists());
    assert!(!asks.path().join("restart").exists());
}
