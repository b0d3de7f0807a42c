//! The torrent shell against programs that nobody here wrote, and against peers that do what a
//! test tells them; on loopback, each test with data and ports of its own.
#![allow(clippy::unwrap_used)]

mod dht;
mod files;
mod finding;
mod fuzz;
mod hostile;
mod libtorrent;
mod programs;
mod stream;
mod web_seeds;
