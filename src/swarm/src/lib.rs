//! The swarm: which block to ask of whom, now.
//!
//! Sans-I/O and without a clock: `now` (time since any fixed epoch) and what peers say go in,
//! [`Order`]s come out, [`Swarm::deadline`] says when to call [`Swarm::tick`]. It holds no bytes of
//! the film, opens no socket and writes no file: whole swarms are simulated in milliseconds.
//!
//! A demand becomes a `plan` (what is urgent); the `board` knows the pieces and their blocks, a
//! `peer` how soon it would answer; `suspicion` finds who lied, `choker` decides whom we serve, a
//! `bucket` holds a limit of bytes a second. Each of them is plain state without the others. The
//! verbs of [`Swarm`] use them all: `talk` hears peers, `picker` deals blocks to them, `web` deals
//! runs of blocks to web seeds, `overdue` chases what is late, `trial` follows from a hash.
//!
//! What the shell does with it, in short: every piece of [`News`] goes to [`Swarm::peer`], every
//! block to [`Swarm::block`], every hash to [`Swarm::verified`]; [`Swarm::orders`] are carried out
//! after each of these calls. A web seed is announced by [`News::WebSeed`]. Before a block is sent
//! [`Swarm::may_send`] is asked, and [`Swarm::sent`] told. [`Swarm::demand`] follows the readers,
//! [`Swarm::set_limits`] the settings; [`Swarm::capacity`] against the film's bytes a second
//! is the forecast.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod assembly;
mod bits;
mod board;
mod bucket;
mod chance;
mod choker;
mod ghosts;
mod layout;
mod limits;
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
mod trial;
mod web;

pub use layout::{
    BLOCK, Block, Layout, LayoutError, PIECE_LENGTH_MAX, PIECE_LENGTH_MIN, PIECES_MAX, PeerId,
};
pub use limits::Limits;
pub use news::{Arrival, Demand, Misbehaviour, News, Order, Place, Verdict};
pub use stats::{Held, PeerStats, Stats};
pub use swarm::Swarm;
