//! The add-on protocol (version 3 of Stremio's) as values: manifests, requests, answers, links.
//!
//! Sans I/O: bytes in, values out, and the other way round; who connects, waits, caches and
//! checks addresses is `catalog`. Every source of films of this box is an [`AddOn`], ours too, so
//! nothing above knows the one from the other.
//!
//! Reading is lenient, because add-ons are: what can be understood is, a bad item is skipped and
//! counted ([`Losses`]), never the whole answer. And it is bounded (`bounds`): bytes, depth,
//! values, items, lengths of text; no control character comes through. What was read is written so
//! that every client reads it, and read again as the same.
//!
//! Not here: words for the viewer (they are the core's), what a language code or a release name
//! means, the legacy protocol and IPFS, which are recognised and refused.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod add_on;
mod answer;
mod bounds;
mod fields;
#[doc(hidden)]
pub mod fuzzing;
mod json;
mod link;
mod losses;
mod manifest;
mod meta;
mod offers;
#[cfg(test)]
mod properties;
mod reply;
mod request;
mod source;
mod stream;
mod text;
mod transport;
mod video;

pub use add_on::{AddOn, AddOnError, AnswerFuture};
pub use answer::{Answer, Body, Cache, Listed};
pub use bounds::ANSWER_MAX_BYTES;
pub use json::AnswerError;
pub use link::{Link, LinkError};
pub use losses::{Losses, Skip};
pub use manifest::{CatalogEntry, Extra, Manifest, ManifestHints, Rule};
pub use meta::{Meta, MetaHints, MetaLink, PosterShape, Trailer};
pub use offers::{PAGE_ITEMS, Row, Sight};
pub use reply::{CORS, Reply};
pub use request::{Request, Resource, Route};
pub use source::{InfoHash, Source, Torrent};
pub use stream::{ProxyHeaders, Stream, StreamHints, Subtitle};
pub use transport::Transport;
pub use video::Video;
