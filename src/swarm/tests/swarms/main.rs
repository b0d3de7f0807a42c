//! The figures of the engine on scripted swarms: start, seek, stalls, waste.
//!
//! The film is that of ../shared/specs/streaming.md ("Measured anchors"): 376 MB, 626 kB/s, pieces
//! of 1 MiB unless said. The bounds asserted here are what the best programs reach over real
//! sockets, or better; `--nocapture` prints the table.

#![allow(clippy::unwrap_used)]

mod bench;
mod cost;
mod crowds;
mod limits;
mod sim;
mod viewers;
mod web;

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

/// Reads `bytes` from the start; seconds.
fn read(world: &mut World, bytes: u64) -> f64 {
    let took = world.read(0, bytes, PACE, Duration::from_mins(10));
    took.expect("it arrives in the end").as_secs_f64()
}

fn percent_wasted(world: &World) -> f64 {
    let stats = world.swarm.stats();
    100.0 * stats.wasted as f64 / stats.received as f64
}
