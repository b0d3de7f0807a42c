//! `make bench`: the figures of the README's table, measured on the real binary with a headless
//! screen, driven through its control API. Prints one Markdown row a figure.
//!
//! Films are seeded by this process, so that the box under test only plays. Waiting a while is
//! what is measured here (idle, a viewer's pace), so unlike the tests it does sleep.

#![allow(clippy::unwrap_used)]

#[path = "../e2e/client.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod client;
#[path = "../e2e/films.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod films;

use std::path::Path;
use std::time::{Duration, Instant};

use client::{PATIENT, SOON, TvBox};
use serde_json::Value;

/// Starts of the box, each on new data.
const STARTS: usize = 7;
/// Films opened, each on new data.
const OPENS: usize = 5;
/// Keys pressed on the wall.
const KEYS: usize = 300;
/// How long the box is left alone.
const IDLE: Duration = Duration::from_secs(10);
const FULL_HD: &str = "1920x1080";

fn main() {
    let folder = films::demo_folder();
    assert!(folder.exists());
    println!("| figure | value |\n|---|---|");
    start_to_wall();
    wall();
    open();
    play();
}

fn row(figure: &str, value: &str) {
    println!("| {figure} | {value} |");
}

fn on_the_wall(data: &Path) -> TvBox {
    let tv = TvBox::start(data, &["--size", FULL_HD]);
    tv.wait("the wall", SOON, |s| {
        s["screen"] == "home" && s["rows"][0].is_object()
    });
    tv
}

fn start_to_wall() {
    let start = |_| {
        let data = tempfile::tempdir().unwrap();
        let tv = on_the_wall(data.path());
        wait_figure(&tv, |f| f["wall_ms"].as_f64())
    };
    let times = sorted((0..STARTS).map(start));
    row("exec to wall (median, most)", &median_and_most(&times));
}

fn sorted(times: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut times: Vec<f64> = times.collect();
    times.sort_by(f64::total_cmp);
    times
}

fn median_and_most(sorted: &[f64]) -> String {
    format!(
        "{:.0} ms, {:.0} ms",
        sorted[sorted.len() / 2],
        sorted[sorted.len() - 1]
    )
}

/// Asks until the figure is there; it comes within a frame or two.
fn wait_figure<T>(tv: &TvBox, pick: impl Fn(&Value) -> Option<T>) -> T {
    let end = Instant::now() + SOON;
    loop {
        if let Some(value) = pick(&tv.figures()) {
            return value;
        }
        assert!(Instant::now() < end, "no such figure: {}", tv.figures());
    }
}

fn spread(figures: &Value) -> String {
    let ms = |key: &str| figures[key].as_f64().unwrap_or(f64::NAN);
    format!("{:.1} ms, {:.1} ms", ms("median"), ms("p99"))
}

fn wall() {
    let data = tempfile::tempdir().unwrap();
    let tv = on_the_wall(data.path());
    let before = settled(&tv);
    let cpu_before = cpu(&tv);
    std::thread::sleep(IDLE);
    let after = tv.figures()["redraws"].as_u64().unwrap();
    row(
        "redraws on the idle wall in 10 s",
        &(after - before).to_string(),
    );
    let percent = (cpu(&tv) - cpu_before) / IDLE.as_secs_f64() * 100.0;
    row("CPU on the idle wall", &format!("{percent:.1} %"));
    row("RSS on the wall", &format!("{:.0} MB", rss(&tv)));
    for number in 0..KEYS {
        tv.key(["right", "right", "down", "left", "left", "up"][number % 6]);
        // Faster than a remote repeats (8 a second), slower than an animation ends.
        std::thread::sleep(Duration::from_millis(40));
    }
    let figures = tv.figures();
    row(
        "key to presented frame (median, p99)",
        &spread(&figures["key_to_frame_ms"]),
    );
    row(
        "drawing the interface, all frames of it (median, p99)",
        &spread(&figures["ui_draw_ms"]),
    );
    row(
        "presenting them (median, p99)",
        &spread(&figures["commit_ms"]),
    );
}

/// Redraws so far, once none has come for a second.
fn settled(tv: &TvBox) -> u64 {
    let redraws = || tv.figures()["redraws"].as_u64().unwrap();
    let end = Instant::now() + SOON;
    loop {
        let before = redraws();
        std::thread::sleep(Duration::from_secs(1));
        if redraws() == before {
            return before;
        }
        assert!(Instant::now() < end, "the wall never comes to rest");
    }
}

/// Opens the film by magnet and plays it.
fn begin(tv: &TvBox, seeder: &films::Seeder, torrent: &films::Torrent) {
    let (status, answer) = tv.open_magnet(&torrent.magnet(seeder.address()));
    assert_eq!(status, 200, "{answer}");
    tv.wait("the page", SOON, |s| s["screen"] == "film");
    tv.key("ok");
    tv.wait("the film", PATIENT, |s| s["screen"] == "playing");
}

fn open() {
    let torrent = films::demo_torrent();
    for (peer, limit) in [
        ("one fast peer", None),
        ("one peer of 1 MB/s", Some(1_000_000)),
    ] {
        let seeder = films::seed(&torrent, limit);
        let open = |_| {
            let data = tempfile::tempdir().unwrap();
            let tv = on_the_wall(data.path());
            begin(&tv, &seeder, &torrent);
            wait_figure(&tv, |f| f["open_to_picture_ms"]["median"].as_f64())
        };
        let times = sorted((0..OPENS).map(open));
        let figure = format!("OK to first picture, magnet, {peer} (median, most)");
        row(&figure, &median_and_most(&times));
    }
}

/// A 720p film on a 1080p screen: with and without controls over it, in one run.
fn play() {
    let torrent = films::demo_torrent();
    let seeder = films::seed(&torrent, None);
    let data = tempfile::tempdir().unwrap();
    let tv = on_the_wall(data.path());
    begin(&tv, &seeder, &torrent);
    tv.wait("the controls leave", SOON, |s| {
        s["playback"]["controls"].is_null()
    });
    let bare = recent(&tv);
    tv.key("up");
    tv.wait("the controls", SOON, |s| {
        s["playback"]["controls"].is_object()
    });
    let controls = recent(&tv);
    row(
        "a frame: scale 720p to 1080p, convert, present (median)",
        &format!("{bare:.1} ms"),
    );
    row(
        "the same with the controls blended over it (median)",
        &format!("{controls:.1} ms"),
    );
    row("RSS in play", &format!("{:.0} MB", rss(&tv)));
    tv.wait("the controls leave", SOON, |s| {
        s["playback"]["controls"].is_null()
    });
    let before = cpu(&tv);
    std::thread::sleep(IDLE);
    let percent = (cpu(&tv) - before) / IDLE.as_secs_f64() * 100.0;
    row(
        "CPU in play (720p VP8), of one core",
        &format!("{percent:.0} %"),
    );
}

/// Median milliseconds of presenting over the next two seconds.
fn recent(tv: &TvBox) -> f64 {
    std::thread::sleep(Duration::from_secs(3));
    tv.figures()["picture_commit_ms"]["recent"]
        .as_f64()
        .unwrap_or(f64::NAN)
}

/// Seconds of CPU used so far.
fn cpu(tv: &TvBox) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", tv.pid())).unwrap();
    let fields: Vec<_> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    // utime and stime, in hundredths (proc(5); USER_HZ is 100 on every Linux we run on).
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    ticks / 100.0
}

/// Megabytes resident now.
fn rss(tv: &TvBox) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", tv.pid())).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap();
    let kib: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib * 1024.0 / 1e6
}
