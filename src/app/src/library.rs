//! What the viewer has seen: resume positions and watched marks, as a value.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::{Film, FilmId};

/// Everything that is remembered of films, by film.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Library {
    pub marks: BTreeMap<FilmId, Mark>,
}

/// What is remembered of one film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The film as it was when last played: it can be continued when its catalogue is gone.
    pub film: Film,
    pub position: Duration,
    /// Zero while unknown.
    pub duration: Duration,
    pub watched: bool,
    /// Higher was played later; counts up by one with each play.
    pub played: u64,
}
