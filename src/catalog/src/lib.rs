//! What there is to see, and where it can be had: the shell that asks all add-ons, ours and those
//! of others, and the catalogue files of this box.
//!
//! [`Catalog`] does what the core wants asked (rows of the wall, facts, sources, searches) and
//! tells what comes as the core's events. Each add-on has the same bounds and none is waited for
//! by another; what was kept of an answer is told first, so the wall is there while every host is
//! down. What is kept lies with a [`Keeper`]; what goes over the network goes by `fetch`.
//!
//! Not here: what the protocol's bytes mean (`addon`), which source is the best (`app`), what a
//! name says (`names`), bytes of films (`torrent`), and the add-ons that are a part of the box.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod board;
mod catalog;
mod describing;
mod file;
mod film;
mod form;
mod install;
mod keeper;
mod listing;
mod magnet;
mod member;
mod meta;
mod near;
mod offer;
mod posters;
#[cfg(test)]
mod properties;
mod quests;
mod remote;
mod roster;
mod searching;
mod shelf;
mod sources;
mod texts;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use catalog::{Catalog, Config, News, OwnTexts};
pub use file::{CatalogError, Mistake, bundled, parse, read};
pub use keeper::{Installed, Keeper};
pub use meta::known;
pub use posters::Posters;
pub use texts::{By, FoundText, TEXT_BYTES_MAX, TextError, TextsWanted};

/// What a panic of another thread left behind is as whole as it was: each change is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
