//! The figures of the engine on scripted swarms: start, seek, stalls, waste.
//!
//! The swarms and the film are those of ../shared/specs/streaming.md ("Measured anchors"): 376 MB,
//! 626 kB/s, pieces of 1 MiB unless said. The bounds asserted here are what the best programs
//! reach over real sockets, or better; `--nocapture` prints the table.

#![allow(clippy::unwrap_used)]

mod sim;

use std::time::Duration;

use sim::{Nature, World};
use swarm::{Layout, Limits};

const FILM: u64 = 376_000_000;
const PACE: u64 = 626_000;
const PATIENCE: Duration = Duration::from_mins(1);

fn world(natures: Vec<Nature>, piece_length: u32, seed: u64) -> World {
    World::new(
        Layout::new(FILM, piece_length).unwrap(),
        Limits::default(),
        natures,
        seed,
    )
}

fn fast() -> Vec<Nature> {
    vec![Nature::seed(5_000_000, 30)]
}

fn eight() -> Vec<Nature> {
    (0..8).map(|_| Nature::seed(400_000, 60)).collect()
}

fn mixed() -> Vec<Nature> {
    let mut natures: Vec<Nature> = (0..4).map(|_| Nature::seed(400_000, 60)).collect();
    natures.extend((0..2).map(|_| Nature::seed(20_000, 60)));
    let stalls = Nature {
        stalls_after: Some(300_000),
        ..Nature::seed(400_000, 60)
    };
    natures.extend([stalls.clone(), stalls]);
    natures.push(Nature {
        connects: None,
        ..Nature::seed(1, 60)
    });
    natures.push(Nature {
        silent: true,
        ..Nature::seed(400_000, 60)
    });
    natures
}

fn tight() -> Vec<Nature> {
    let mut natures: Vec<Nature> = (0..4).map(|_| Nature::seed(180_000, 60)).collect();
    natures.extend((0..3).map(|_| Nature::seed(20_000, 60)));
    natures
}

/// Seconds of first 2 MB, of 1 MB at 50 %, at 90 %; waste in percent.
struct Figures {
    start: f64,
    seek50: f64,
    seek90: f64,
    waste: f64,
}

/// As the bench does: 2 MB, 4 s of play, a seek, 3 s, another.
fn figures(name: &str, natures: Vec<Nature>, piece_length: u32) -> Figures {
    let mut world = world(natures, piece_length, 1);
    let read = |world: &mut World, at, bytes| {
        world
            .read(at, bytes, PACE, PATIENCE)
            .unwrap_or(PATIENCE)
            .as_secs_f64()
    };
    let start = read(&mut world, 0, 2_000_000);
    world.play(0, PACE, 4);
    let seek50 = read(&mut world, FILM / 2, 1_000_000);
    world.play(FILM / 2, PACE, 3);
    let seek90 = read(&mut world, FILM / 10 * 9, 1_000_000);
    let stats = world.swarm.stats();
    let waste = 100.0 * stats.wasted as f64 / stats.received as f64;
    println!(
        "{name:24} 2 MB {start:5.2} s · 50 % {seek50:5.2} s · 90 % {seek90:5.2} s · waste {waste:4.1} % \
         · duplicates {} · cancelled {} · RAM {} MiB",
        stats.duplicates,
        stats.cancelled,
        world.ram_max >> 20
    );
    Figures {
        start,
        seek50,
        seek90,
        waste,
    }
}

#[test]
fn one_fast_peer() {
    let f = figures("1 x 5 MB/s", fast(), 1 << 20);
    assert!(f.start < 0.65 && f.seek50 < 0.65 && f.seek90 < 0.65 && f.waste < 10.0);
}

#[test]
fn eight_equal_peers() {
    let f = figures("8 x 400 kB/s", eight(), 1 << 20);
    assert!(f.start < 1.1 && f.seek50 < 1.1 && f.seek90 < 1.1 && f.waste < 10.0);
}

#[test]
fn eight_equal_peers_with_large_pieces() {
    let f = figures("8 x 400 kB/s, 4 MiB", eight(), 4 << 20);
    assert!(f.start < 1.7 && f.seek50 < 3.0 && f.waste < 20.0);
}

#[test]
fn a_mixed_crowd() {
    let f = figures("mixed", mixed(), 1 << 20);
    assert!(f.start < 2.0 && f.seek50 < 1.8 && f.seek90 < 1.8 && f.waste < 30.0);
}

#[test]
fn a_tight_swarm_plays_without_a_stall() {
    for seed in 0..3 {
        let mut world = world(tight(), 1 << 20, seed);
        let played = world.play(0, PACE, 40);
        let stats = world.swarm.stats();
        println!(
            "tight (x1.25)            began {:.2} s · stalls {} · stalled {:.1} s · waste {:.1} %",
            played.began.as_secs_f64(),
            played.stalls,
            played.stalled.as_secs_f64(),
            100.0 * stats.wasted as f64 / stats.received as f64,
        );
        assert!(played.stalls == 0 && played.began < Duration::from_millis(4300));
    }
}
