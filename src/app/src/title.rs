//! What add-ons know of films and series: the names they go by, and the facts told of them.
//!
//! Values only. A [`Title`] names something in the add-on protocol's terms; a film of the wall that
//! has one can be asked about.

use std::sync::Arc;

use crate::{Film, Poster};

/// A title, or one video of it, as add-ons are asked for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Title {
    /// The protocol's type: `movie`, `series`, `channel`, `tv`, or one of an add-on's own.
    pub kind: Arc<str>,
    /// `tt1727587`, or with the prefix of the add-on that made it up.
    pub id: Arc<str>,
}

impl Title {
    pub fn new(kind: &str, id: &str) -> Title {
        Title {
            kind: kind.into(),
            id: id.into(),
        }
    }

    /// It has episodes to choose from.
    pub fn is_series(&self) -> bool {
        matches!(&*self.kind, "series" | "channel")
    }
}

/// One episode of a series, or one part of a film that has several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Episode {
    /// The series, or the whole film.
    pub series: Title,
    pub series_name: String,
    /// What add-ons call the episode (`tt0108778:1:1`).
    pub id: Arc<str>,
    /// 0: specials.
    pub season: u16,
    pub number: u16,
    /// Empty when nobody knows it.
    pub name: String,
    pub synopsis: String,
    /// `2010-09-27`.
    pub released: Option<String>,
    pub still: Option<Poster>,
    pub runtime_min: Option<u16>,
}

/// What is told of a title on its page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    pub original_title: Option<String>,
    pub backdrop: Option<Poster>,
    /// In the order of their importance.
    pub cast: Vec<String>,
    pub directors: Vec<String>,
    /// Tenths of ten points.
    pub rating: Option<u8>,
    /// As it is printed on the box in the owner's country ("12", "PG-13").
    pub certification: Option<String>,
    pub country: Option<String>,
    pub trailer: Option<Trailer>,
    /// YouTube's id of a trailer, for a phone: letters, digits, `-` and `_`.
    pub youtube: Option<String>,
    pub similar: Vec<Film>,
    /// By season and number, specials last.
    pub episodes: Vec<Arc<Episode>>,
    /// Whom the facts are from, as their terms want it said.
    pub attribution: Vec<String>,
}

/// A trailer that can be played here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trailer {
    pub name: String,
    pub reach: crate::Reach,
}
