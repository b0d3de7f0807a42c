//! The catalogue over real sockets on loopback: add-ons by others, and posters.
#![allow(clippy::unwrap_used)]

mod own;
mod posters;
mod sdk;
mod sloppy;
mod stage;
