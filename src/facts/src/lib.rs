//! What the world's sources of facts are asked and how they answer: the Internet Archive,
//! TheMovieDB, OpenSubtitles, Wikidata and Wikipedia.
//!
//! Without I/O: a [`Request`] is plain data that a shell sends, an [`Answer`] is what came back,
//! and where an answer decides what may be asked next ([`opensubtitles::Session`]) the time is
//! passed in. So each source's habits and every error of it is a test without a network. Answers
//! are read leniently, because all of these send a number as text or a list as one value now and
//! then: what is odd in an answer is left out, and only an answer that says nothing is a
//! [`Fault`]. Every list and text that is taken is bounded.
//!
//! Secrets are in headers and bodies only, never in an address, and no `Debug` shows them. What is
//! not here: sending, redirects, caching, and the rates of hosts but that of OpenSubtitles.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod ages;
pub mod archive;
mod exchange;
mod imdb;
mod lenient;
pub mod opensubtitles;
pub mod tmdb;
pub mod wiki;

pub use exchange::{Answer, Fault, Header, Method, Request, Secret, USER_AGENT, Value};
pub use imdb::Imdb;
