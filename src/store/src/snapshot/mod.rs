//! A film as it was when it was put down, as JSON: the core's values in a shape of its own, so
//! that the core may change without old rows becoming unreadable.
//!
//! Lenient where a step back to an older release, or forth to a newer one, needs it: unknown
//! fields are passed over, missing ones are empty, a source of a kind that is not known is left
//! out. What names the film must be right. Not here: where the text is kept.

mod source;
mod title;

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};

pub(crate) use source::{Reach, ReachKey, ReadPlace, Source};
pub(crate) use title::Title;
use title::{Episode, Facts};

#[derive(Serialize, Deserialize)]
pub(crate) struct Film {
    pub(crate) id: String,
    pub(crate) title: String,
    #[serde(default)]
    year: Option<u16>,
    #[serde(default)]
    synopsis: String,
    #[serde(default)]
    runtime_min: Option<u16>,
    #[serde(default)]
    by: String,
    #[serde(default)]
    genres: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    age: Option<u8>,
    #[serde(default)]
    licence: Option<Licence>,
    #[serde(default)]
    pub(crate) poster: Option<String>,
    #[serde(default)]
    colours: [u32; 2],
    #[serde(default)]
    badge: Option<String>,
    #[serde(default, deserialize_with = "known_ones")]
    pub(crate) sources: Vec<Source>,
    #[serde(default)]
    readiness: Readiness,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) origin: Option<Title>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    episode: Option<Episode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) facts: Option<Facts>,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
enum Readiness {
    #[default]
    Ready,
    Preparing {
        percent: u8,
    },
    Failed,
}

#[derive(Serialize, Deserialize)]
struct Licence {
    name: String,
    url: String,
}

/// One that is of a later release's kind does not take the others with it.
fn known_ones<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Source>, D::Error> {
    let sources = Vec::<serde_json::Value>::deserialize(from)?;
    let known = |source| {
        let read = serde_json::from_value(source);
        read.inspect_err(|error| tracing::debug!("a source is left out: {error}"))
            .ok()
    };
    Ok(sources.into_iter().filter_map(known).collect())
}

/// An info hash as 40 hexadecimal digits.
mod hash {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(hash: &[u8; 20], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hash.map(|byte| format!("{byte:02x}")).concat())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 20], D::Error> {
        let text = String::deserialize(from)?;
        read(&text).ok_or_else(|| D::Error::custom(format!("{text:?} is no info hash")))
    }

    fn read(hex: &str) -> Option<[u8; 20]> {
        if hex.len() != 40 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let mut hash = [0; 20];
        for (byte, pair) in hash.iter_mut().zip(hex.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(hash)
    }
}

/// The text for a row.
pub(crate) fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("text keys and no failing types")
}

impl From<&app::Film> for Film {
    fn from(film: &app::Film) -> Self {
        let licence = film.licence.as_ref();
        Film {
            id: film.id.0.clone(),
            title: film.title.clone(),
            year: film.year,
            synopsis: film.synopsis.clone(),
            runtime_min: film.runtime_min,
            by: film.by.clone(),
            genres: film.genres.clone(),
            age: film.age,
            licence: licence.map(|licence| Licence {
                name: licence.name.clone(),
                url: licence.url.clone(),
            }),
            poster: address(film.poster.as_ref()),
            colours: film.colours,
            badge: film.badge.clone(),
            sources: film.sources.iter().map(Source::from).collect(),
            readiness: match film.readiness {
                app::Readiness::Ready => Readiness::Ready,
                app::Readiness::Preparing { percent } => Readiness::Preparing { percent },
                app::Readiness::Failed => Readiness::Failed,
            },
            origin: film.origin.as_ref().map(Title::from),
            episode: film.episode.as_deref().map(Episode::from),
            facts: film.facts.as_deref().map(Facts::from),
        }
    }
}

impl From<Film> for app::Film {
    fn from(film: Film) -> Self {
        app::Film {
            id: app::FilmId(film.id),
            title: film.title,
            year: film.year,
            synopsis: film.synopsis,
            runtime_min: film.runtime_min,
            by: film.by,
            genres: film.genres,
            age: film.age,
            licence: film.licence.map(|licence| app::Licence {
                name: licence.name,
                url: licence.url,
            }),
            poster: poster(film.poster),
            colours: film.colours,
            badge: film.badge,
            sources: film.sources.into_iter().map(app::Source::from).collect(),
            readiness: match film.readiness {
                Readiness::Ready => app::Readiness::Ready,
                Readiness::Preparing { percent } => app::Readiness::Preparing { percent },
                Readiness::Failed => app::Readiness::Failed,
            },
            origin: film.origin.map(app::Title::from),
            episode: film.episode.map(|episode| Arc::new(episode.into())),
            facts: film.facts.map(|facts| Arc::new(facts.into())),
        }
    }
}

/// Where a picture is, as text.
fn address(poster: Option<&app::Poster>) -> Option<String> {
    poster.map(|poster| poster.0.to_string())
}

fn poster(address: Option<String>) -> Option<app::Poster> {
    address.map(|address| app::Poster(address.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_later_release_adds_is_passed_over() {
        let text = r#"{"id": "a", "title": "A", "stars": 5, "sources": [
            {"label": "later", "kind": "radio", "wave": 90},
            {"label": "MP4", "info_hash": "000102030405060708090a0b0c0d0e0f10111213",
             "name": "N", "more": [1]}
        ]}"#;
        let film: Film = serde_json::from_str(text).unwrap();
        let film = app::Film::from(film);
        assert_eq!((film.title.as_str(), film.sources.len()), ("A", 1));
        let torrent = film.sources[0].reach.torrent().unwrap();
        assert_eq!(torrent.info_hash[19], 0x13);
        let again: Film = serde_json::from_str(&super::text(&Film::from(&film))).unwrap();
        assert_eq!(app::Film::from(again), film);
    }

    #[test]
    fn a_film_without_its_name_is_none() {
        for text in ["{}", r#"{"id": "a"}"#, r#"{"id": 1, "title": "A"}"#, "[]"] {
            assert!(serde_json::from_str::<Film>(text).is_err(), "{text}");
        }
    }
}
