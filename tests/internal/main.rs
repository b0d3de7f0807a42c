//! Our own sources against servers on loopback that answer as the real ones do, also when they are
//! not well (`fixtures::archive` and its neighbours).
//!
//! Nothing here waits for a time to pass but for bounds that are tried with servers that never
//! answer, where the clock is turned.
#![allow(clippy::unwrap_used)]

mod archive;
mod bench;
mod drives;
mod opensubtitles;
mod served;
mod tmdb;
mod wiki;
