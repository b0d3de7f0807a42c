//! The whole way: the real binary, a data folder of its own, its control API, nothing else.
//!
//! Positions are read from the picture itself: the demo film carries its frame number in a pattern
//! that survives coding and scaling ([`matinee::demo::pattern`]).

#![allow(clippy::unwrap_used)]

mod addons;
mod bad_input;
mod by_remote;
#[allow(dead_code, reason = "the bench uses the rest")]
mod client;
mod films;
mod peers;
mod phone;
mod portable;
mod power;
mod sources;
mod updates;
mod web_file;
mod whole_way;

use serde_json::Value;

/// Frames a second of the demo film.
const FPS: f64 = 24.0;

/// Milliseconds of the film that the picture on the screen stands for.
fn picture_ms(tv: &client::TvBox) -> f64 {
    let (width, height, rgb) = tv.screen();
    let frame = matinee::demo::pattern::read(&rgb, width, height);
    f64::from(frame.expect("the pattern is on the screen")) * 1000.0 / FPS
}

/// The film stands still, and what is told of it is where its picture is, to 100 ms, as the issue
/// asks. The wish to pause is told at once; the place where it comes to rest, and its picture, a
/// moment later. No word tells of a picture, so it is looked at again.
fn assert_picture_is_at_position(tv: &client::TvBox) {
    tv.wait("the film stands still", client::SOON, |s| {
        s["playback"]["playing"] == false && s["playback"]["seeking"] == false
    });
    let end = std::time::Instant::now() + client::SOON;
    loop {
        let (picture, position) = (picture_ms(tv), position_ms(&tv.state()));
        if (picture - position).abs() <= 100.0 {
            return;
        }
        assert!(
            std::time::Instant::now() < end,
            "picture at {picture} ms, told {position} ms"
        );
    }
}

fn position_ms(state: &Value) -> f64 {
    state["playback"]["position_ms"]
        .as_f64()
        .expect("something plays")
}

fn screen(state: &Value) -> &str {
    state["screen"].as_str().expect("a state has a screen")
}
