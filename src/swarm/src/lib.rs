//! The swarm: which block to ask of whom, now.
//!
//! Sans-I/O and without a clock: `now` (time since any fixed epoch) and what peers say go in,
//! [`Order`]s come out, [`Swarm::deadline`] says when to call [`Swarm::tick`]. It holds no bytes of
//! the film, opens no socket and writes no file; so that whole swarms are simulated in milliseconds.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod assembly;
mod bits;
mod board;
mod chance;
mod choker;
mod layout;
mod meter;
mod news;
mod overdue;
mod peer;
mod picker;
mod plan;
#[cfg(test)]
mod properties;
mod stats;
mod suspicion;
mod swarm;
mod talk;

pub use layout::{
    BLOCK, Block, Layout, LayoutError, PIECE_LENGTH_MAX, PIECE_LENGTH_MIN, PIECES_MAX, PeerId,
};
pub use news::{Arrival, Demand, Limits, Misbehaviour, News, Order};
pub use stats::{PeerStats, Stats};
pub use swarm::Swarm;
