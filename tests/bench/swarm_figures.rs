//! From OK to the first picture over the wide swarm of the streaming benchmark (eight peers of
//! 400 kB/s, 60 ms away): a film that had the focus for two seconds, and one that goes on at
//! minute 5 with nothing of it held. `tests/bench/box.sh` runs this in a network namespace.
//!
//! The box is the real one, headless, driven through its control API; the peers are the
//! benchmark's own. Prints one Markdown row a figure. Waiting is what is measured here (a viewer's
//! focus, a film that plays), so unlike the tests it does sleep.

#![allow(clippy::unwrap_used)]

#[path = "../e2e/client.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod client;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use client::{PATIENT, SOON, TvBox};
use serde_json::Value;

/// As the benchmark has it.
const WIDE: &str = r#"[{"n": 8, "rate": 400000, "rtt": 0.06}]"#;
const TRACKER: &str = "http://127.0.0.1:6969/announce";
/// Film and torrent of the benchmark's payload.
const FILMS: [(&str, &str); 2] = [("film.mkv", "mkv1M"), ("film.mp4", "mp41M")];
const RUNS: usize = 5;
const FOCUS: Duration = Duration::from_secs(2);
/// The digit that jumps to the film's fifth minute of ten.
const MINUTE_5: (&str, f64) = ("5", 300_000.0);
/// Its place is told exactly once it has played for a while.
const PLAYED_MS: f64 = 7_000.0;

/// What the box writes of its owner: a database and its log, read as a pulled plug leaves them.
const OWNED: [&str; 2] = ["owner.db", "owner.db-wal"];
type Owned = [Vec<u8>; 2];

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let (Some(bench), Some(payload)) = (args.next(), args.next()) else {
        panic!("usage: swarm_figures BENCH PAYLOAD (tests/bench/box.sh gives both)");
    };
    let (bench, payload) = (PathBuf::from(bench), PathBuf::from(payload));
    println!("| figure | value |\n|---|---|");
    for (film, torrent) in FILMS {
        let stage = Stage::new(&payload, film, torrent);
        let focused: Vec<Times> = (0..RUNS).map(|_| stage.focused(&bench)).collect();
        row(&format!("OK after 2 s of focus, {film}"), &focused);
        let marks = stage.marks(&bench);
        let cold: Vec<Times> = marks
            .iter()
            .map(|mark| stage.goes_on(&bench, mark))
            .collect();
        row(&format!("Continue at minute 5, cold, {film}"), &cold);
    }
    let load = std::fs::read_to_string("/proc/loadavg").unwrap();
    println!("\nload at the end: {}", load.trim());
}

/// Milliseconds from OK to the first picture, and until the film runs.
struct Times {
    picture: f64,
    runs: f64,
}

fn row(figure: &str, times: &[Times]) {
    let spread = |of: fn(&Times) -> f64| {
        let mut all: Vec<f64> = times.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        format!(
            "{:.0} ms ({:.0} to {:.0})",
            all[all.len() / 2],
            all[0],
            all[all.len() - 1]
        )
    };
    let (picture, runs) = (spread(|it| it.picture), spread(|it| it.runs));
    println!("| {figure}: picture | {picture} |\n| the same: runs | {runs} |");
}

/// The benchmark's swarm; it ends when dropped.
struct Peers(Child);

impl Drop for Peers {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing left to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// One film of the payload, as a catalogue has it.
struct Stage<'a> {
    payload: &'a Path,
    torrent: &'a str,
    catalogue: PathBuf,
    _folder: tempfile::TempDir,
}

impl<'a> Stage<'a> {
    fn new(payload: &'a Path, film: &str, torrent: &'a str) -> Stage<'a> {
        let metainfo = std::fs::read(payload.join(format!("{torrent}.torrent"))).unwrap();
        let hash = fixtures::hex(fixtures::info_hash(&metainfo));
        let folder = tempfile::tempdir().unwrap();
        let catalogue = folder.path().join("films.toml");
        let text = format!(
            "trackers = [\"{TRACKER}\"]\n[[row]]\ntitle = \"Bench\"\n[[row.film]]\nid = \"bench\"\n\
             title = \"{film}\"\n[[row.film.source]]\nlabel = \"{film}\"\ninfo_hash = \"{hash}\"\n"
        );
        std::fs::write(&catalogue, text).unwrap();
        Stage {
            payload,
            torrent,
            catalogue,
            _folder: folder,
        }
    }

    /// Peers that have sent nothing yet, so that each run finds them alike.
    #[allow(clippy::zombie_processes, reason = "waited for when it is dropped")]
    fn swarm(&self, bench: &Path) -> Peers {
        let mut child = Command::new("python3")
            .arg(bench.join("swarm.py"))
            .arg("--torrent")
            .arg(self.payload.join(format!("{}.torrent", self.torrent)))
            .arg("--data")
            .arg(self.payload)
            .args(["--spec", WIDE])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        assert!(line.starts_with("SWARM READY"), "{line}");
        Peers(child)
    }

    /// On the wall, the focus on whatever is first.
    fn on_the_wall(&self, data: &Path, args: &[&str]) -> TvBox {
        let catalogue = self.catalogue.to_str().unwrap();
        let usual = [
            "--local-peers",
            "--reserve-bytes",
            "1G",
            "--catalogue",
            catalogue,
        ];
        let args: Vec<&str> = usual.iter().chain(args).copied().collect();
        let tv = TvBox::start(data, &args);
        tv.wait("the wall", SOON, |s| place_of_film(s).is_some());
        tv
    }

    fn focused(&self, bench: &Path) -> Times {
        let _peers = self.swarm(bench);
        let data = tempfile::tempdir().unwrap();
        let tv = self.on_the_wall(data.path(), &[]);
        to_film(&tv);
        std::thread::sleep(FOCUS);
        tv.key("ok");
        tv.wait("the page", SOON, |s| s["screen"] == "film");
        open(&tv)
    }

    /// Libraries of a film that was left at places after minute 5, as the box wrote them.
    fn marks(&self, bench: &Path) -> Vec<Owned> {
        let _peers = self.swarm(bench);
        let data = tempfile::tempdir().unwrap();
        let tv = self.on_the_wall(data.path(), &[]);
        to_film(&tv);
        tv.key("ok");
        tv.wait("the page", SOON, |s| s["screen"] == "film");
        open(&tv);
        tv.key(MINUTE_5.0);
        let position = |s: &Value| s["playback"]["position_ms"].as_f64().unwrap_or(0.0);
        let mut marks: Vec<Owned> = Vec::new();
        // The box writes the place every few seconds; each is one where the plug could be pulled.
        let mut from = MINUTE_5.1 + PLAYED_MS;
        while marks.len() < RUNS {
            tv.wait("the film goes on", PATIENT, |s| position(s) > from);
            let library = OWNED.map(|name| std::fs::read(data.path().join(name)).unwrap());
            if marks.last() != Some(&library) {
                marks.push(library);
            }
            from += 1_000.0;
        }
        marks
    }

    fn goes_on(&self, bench: &Path, mark: &Owned) -> Times {
        let _peers = self.swarm(bench);
        let data = tempfile::tempdir().unwrap();
        for (name, bytes) in OWNED.iter().zip(mark) {
            std::fs::write(data.path().join(name), bytes).unwrap();
        }
        let tv = self.on_the_wall(data.path(), &["--prefetch=false"]);
        tv.wait("the mark", SOON, |s| {
            s["rows"][0]["title"] == "Continue watching"
        });
        tv.key("ok");
        let page = tv.wait("the page", SOON, |s| s["screen"] == "film");
        let label = page["page"]["actions"][0]["label"].as_str().unwrap();
        assert!(label.starts_with("Continue"), "{label}");
        open(&tv)
    }
}

/// Row and column of the film on the wall.
fn place_of_film(state: &Value) -> Option<(usize, usize)> {
    let rows = state["rows"].as_array()?;
    rows.iter().enumerate().find_map(|(at, row)| {
        let cards = row["cards"].as_array()?;
        Some((at, cards.iter().position(|card| card["film"] == "bench")?))
    })
}

/// Moves the focus to the film.
fn to_film(tv: &TvBox) {
    let (row, column) = place_of_film(&tv.state()).unwrap();
    for _ in 0..row {
        tv.key("down");
    }
    for _ in 0..column {
        tv.key("right");
    }
    let state = tv.state();
    assert_eq!(state["focus"]["film"], "bench", "{state:#}");
}

/// Presses OK on the film's page.
fn open(tv: &TvBox) -> Times {
    let begun = Instant::now();
    tv.key("ok");
    tv.wait("the film", PATIENT, |s| s["screen"] == "playing");
    let runs = begun.elapsed().as_secs_f64() * 1000.0;
    let end = Instant::now() + SOON;
    loop {
        if let Some(picture) = tv.figures()["open_to_picture_ms"]["median"].as_f64() {
            return Times { picture, runs };
        }
        assert!(Instant::now() < end, "no picture: {}", tv.figures());
    }
}
