//! Our own sources of films, facts and texts, each an [`addon::AddOn`] like those of strangers: the
//! Internet Archive, drives and folders, TheMovieDB, Wikidata, OpenSubtitles, and the films that
//! come with the box.
//!
//! What is asked and how answers are read is `facts`; how the web is reached is `fetch`. This crate
//! puts both together and speaks the add-on protocol. It decides nothing about what is shown.
//!
//! # What is said by links
//!
//! The protocol has no fields for some things that must reach the viewer. They travel as links of a
//! meta, by these categories:
//!
//! | category | name | address |
//! | --- | --- | --- |
//! | [`LICENCE`] | "CC BY 3.0" | of the licence |
//! | [`ATTRIBUTION`] | whom facts are from, as they want it said | their page |
//! | [`CERTIFICATION`] | "PG-13", of the owner's country | the film's page there |
//! | [`AGE`] | "12": the same in years, else the strictest of any country | the film's page there |
//! | [`ORIGINAL_TITLE`] | the title in the film's own language | the same |
//! | [`SIMILAR`] | a title | `stremio:///detail/{type}/{id}` |
//!
//! A local file is a stream whose address is `file://` and its path, percent-encoded. Readers of
//! foreign answers refuse that scheme, so it can only come from an add-on of this process.
//!
//! # Invariants
//!
//! - What is not lawful by `facts::archive::standing` is neither listed nor played.
//! - Secrets are in headers and bodies of `fetch` alone.
//! - An answer has a bound in time and in bytes before it is asked for.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod archive;
mod ask;
pub mod bundled;
pub mod drives;
mod metainfo;
pub mod opensubtitles;
pub mod serve;
pub mod tmdb;
pub mod wiki;

pub use archive::Archive;
pub use ask::{Places, paces};
pub use bundled::Bundled;
pub use drives::Drives;
pub use opensubtitles::{Account, OpenSubtitles, TextError};
pub use serve::Served;
pub use tmdb::Tmdb;
pub use wiki::Wiki;

/// Category of the link that names a film's licence.
pub const LICENCE: &str = "licence";
/// Category of the link that names whom facts are from.
pub const ATTRIBUTION: &str = "attribution";
/// Category of the link that names from which age on a film may be seen.
pub const CERTIFICATION: &str = "certification";
/// Category of the link that says the same in years, for any country's label.
pub const AGE: &str = "age";
/// Category of the link that names a title in the film's own language.
pub const ORIGINAL_TITLE: &str = "original title";
/// Category of links to films that are like this one.
pub const SIMILAR: &str = "similar";

/// How this box goes by in the ids of its add-ons.
pub(crate) fn add_on_id(name: &str) -> String {
    format!("org.matinee.{name}")
}
