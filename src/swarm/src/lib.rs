//! The swarm: which block to ask of whom, now.
//!
//! Sans-I/O and without a clock: `now` (time since any fixed epoch) and what peers say go in,
//! [`Order`]s come out, [`Swarm::deadline`] says when to call [`Swarm::tick`]. It holds no bytes of
//! the film, opens no socket and writes no file; so that whole swarms are simulated in milliseconds.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod layout;
mod news;
mod swarm;

pub use layout::{
    BLOCK, Block, Layout, LayoutError, PIECE_LENGTH_MAX, PIECE_LENGTH_MIN, PIECES_MAX, PeerId,
};
pub use news::{Arrival, Demand, Limits, Misbehaviour, News, Order};
pub use swarm::{PeerStats, Stats, Swarm};
