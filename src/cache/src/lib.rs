//! The cache: which pieces to hold, across films, under a bound in bytes.
//!
//! A value without I/O: the shell asks before it writes and deletes what it is told to. Invariant:
//! [`Cache::used`] never exceeds [`Cache::bound`], at no instant, because evictions are named
//! before the write that needs them; only a bound that is made smaller than what the owner keeps
//! is exceeded by that, and then nothing more is taken. Pieces count whole, with the bytes that
//! the shell says.
//!
//! What goes first: films that nobody plays, the longest unused first; then of the playing films
//! what lies behind their windows, beyond them, and only then the windows themselves from their
//! outer ends. Pins (head, tail, resume point) and what a reader waits for go last. Kept films do
//! not go. Nothing is evicted for a piece that is worth less.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod cache;
mod film;

pub use cache::{Admission, Cache, Entry, FilmKey};
pub use film::Window;
