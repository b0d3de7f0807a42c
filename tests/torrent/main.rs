//! The torrent shell against programs that nobody here wrote, and against peers that do what a
//! test tells them; on loopback, each test with data and ports of its own.
#![allow(clippy::unwrap_used)]

mod dht;
mod disks;
mod encryption;
mod exchange;
mod files;
mod finding;
mod fuzz;
mod hostile;
mod interface;
mod libtorrent;
mod limits;
mod local;
mod magnets;
mod prefetch;
mod programs;
mod proxy;
mod seeding;
mod stream;
mod terms;
mod utp;
mod web_seeds;
