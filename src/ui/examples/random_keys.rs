//! Ten thousand keys at random over a wall of two thousand films, as somebody in a hurry presses
//! them:
//! `cargo run --release -p matinee-ui --example random_keys`.
//!
//! Each key is a step of the core and what frames follow until the next; what they cost is CPU time
//! of the drawing thread. `KEYS` says how many, `SEED` which. The core's films are opened and play,
//! as far as it can tell.

#![allow(clippy::unwrap_used)]

#[path = "../tests/common/mod.rs"]
mod common;
mod costs;

use std::time::Duration;

use app::choosing::Offer;
use app::{
    App, Effect, Event, Film, FilmId, Key, Library, PlayerNews, Poster, Preferences, Press, Reach,
    Row, Source, SupplyNews, Time, TorrentRef, Tracks,
};
use common::Bench;
use costs::{Costs, resident, work_ms};

const ROWS: usize = 20;
const FILMS: usize = 100;

/// From one key to the next: a thumb in a hurry; and the frames in between.
const BETWEEN: Duration = Duration::from_millis(120);
const FRAMES: usize = 7;

/// Arrows come more often than others, as on a real thumb.
const KEYS: [Key; 24] = [
    Key::Up,
    Key::Down,
    Key::Left,
    Key::Right,
    Key::Up,
    Key::Down,
    Key::Left,
    Key::Right,
    Key::Right,
    Key::Down,
    Key::Ok,
    Key::Ok,
    Key::Back,
    Key::Back,
    Key::Home,
    Key::Menu,
    Key::Info,
    Key::PlayPause,
    Key::Forward,
    Key::Rewind,
    Key::Search,
    Key::PageDown,
    Key::Yellow,
    Key::Red,
];

/// xorshift: the same keys for the same seed, everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, of: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % of as u64) as usize
    }
}

fn film(number: usize) -> Film {
    let mut hash = [0; 20];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    Film {
        id: FilmId(format!("film-{number}")),
        title: format!("The {number}th film of the wall"),
        year: Some(1900 + (number % 120) as u16),
        runtime_min: Some(90),
        synopsis: "Somebody leaves, and somebody comes back, and nothing is as it was.".into(),
        poster: Some(Poster(format!("painted {number}").into())),
        colours: [0x0040_6080, 0x0010_2030],
        sources: vec![Source {
            label: "1080p".into(),
            reach: Reach::Torrent(TorrentRef {
                info_hash: hash,
                name: format!("film-{number}"),
                ..TorrentRef::default()
            }),
            offer: Offer::default(),
        }],
        ..Film::default()
    }
}

/// The world as it would answer at once.
fn answers(effect: &Effect) -> Option<Event> {
    match effect {
        Effect::Open { session, .. } => Some(Event::Supply(
            *session,
            SupplyNews::Ready {
                size: 1 << 30,
                subtitles: Vec::new(),
            },
        )),
        Effect::OpenPlayer { session, .. } => Some(Event::Player(
            *session,
            PlayerNews::Ready {
                duration: Some(Duration::from_secs(5400)),
                seekable: true,
                tracks: Tracks::default(),
                chapters: Vec::new(),
            },
        )),
        Effect::Seek { session, to, .. } => Some(Event::Player(*session, PlayerNews::Seeked(*to))),
        _ => None,
    }
}

fn number(name: &str, usual: u64) -> u64 {
    let said = std::env::var(name).ok();
    said.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn main() {
    let (keys, seed) = (number("KEYS", 10_000), number("SEED", 20_261_127).max(1));
    let mut bench = Bench::new(1920, 1080);
    let preferences = Preferences {
        languages: true,
        network: true,
        phones: true,
        drives: Some(app::DriveWish::Auto),
        ..Preferences::default()
    };
    let mut app = App::new(Library::default(), preferences);
    let rows = (0..ROWS).map(|row| {
        let films = (0..FILMS).map(|at| film(row * FILMS + at));
        Row::new(format!("Row {row}"), films.collect())
    });
    let mut now = Time::default();
    app.update(Event::Rows(rows.collect()), now);
    let (mut dice, mut frames, mut core) = (Dice(seed), Costs::default(), Costs::default());
    let mut memory = Vec::new();
    for pressed in 0..keys {
        let key = KEYS[dice.roll(KEYS.len())];
        let before = work_ms();
        let mut events = vec![Event::Key(key, Press::Down), Event::Key(key, Press::Up)];
        while !events.is_empty() {
            let event = events.remove(0);
            events.extend(app.update(event, now).iter().filter_map(answers));
        }
        core.ms.push(work_ms() - before);
        bench.ui.show(&app.view());
        for _ in 0..FRAMES {
            frames.frame(&mut bench);
        }
        now = now + BETWEEN;
        if app.deadline().is_some_and(|due| due <= now) {
            app.update(Event::Tick, now);
        }
        if pressed % (keys / 10).max(1) == 0 {
            memory.push(resident() >> 20);
        }
    }
    println!("{keys} keys, seed {seed}, {} films", ROWS * FILMS);
    core.print("a key in the core");
    frames.print("a frame");
    println!("MiB resident at each tenth: {memory:?}");
}
