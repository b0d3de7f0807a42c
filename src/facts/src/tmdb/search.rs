//! Lists of films and series: what was found, what is similar, what is watched.

use serde_json::Value;

use super::sound;
use crate::lenient;
use crate::{Answer, Fault};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Film,
    Series,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hits {
    pub page: u16,
    pub pages: u16,
    pub total: u32,
    pub hits: Vec<Hit>,
}

/// A film or series as a list tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub kind: Kind,
    pub id: u64,
    pub title: String,
    pub original_title: String,
    /// ISO 639-1.
    pub original_language: String,
    pub year: Option<u16>,
    pub overview: String,
    pub poster: Option<String>,
    pub backdrop: Option<String>,
    /// Of ten; none without votes.
    pub rating: Option<f64>,
    pub popularity: f64,
    pub adult: bool,
}

impl Hits {
    /// Of a search; `kind` is what was searched for, none for all kinds.
    ///
    /// # Errors
    /// A [`Fault`] that says why there is no list. Nothing found is a list too.
    pub fn of(answer: &Answer<'_>, kind: Option<Kind>) -> Result<Hits, Fault> {
        let json = sound(answer)?;
        json["results"].as_array().ok_or(Fault::Shape("results"))?;
        Ok(Hits {
            page: lenient::whole(&json["page"]).unwrap_or(1),
            pages: lenient::whole(&json["total_pages"]).unwrap_or(1),
            total: lenient::whole(&json["total_results"]).unwrap_or(0),
            hits: list(&json["results"], kind),
        })
    }

    /// Of a question by the id of IMDb.
    ///
    /// # Errors
    /// As [`Hits::of`].
    pub fn of_find(answer: &Answer<'_>) -> Result<Hits, Fault> {
        let json = sound(answer)?;
        json["movie_results"]
            .as_array()
            .ok_or(Fault::Shape("movie_results"))?;
        let mut hits = list(&json["movie_results"], Some(Kind::Film));
        hits.extend(list(&json["tv_results"], Some(Kind::Series)));
        let total = hits.len() as u32;
        let (page, pages) = (1, 1);
        Ok(Hits {
            page,
            pages,
            total,
            hits,
        })
    }
}

pub(super) fn list(values: &Value, kind: Option<Kind>) -> Vec<Hit> {
    lenient::items(values)
        .filter_map(|value| Hit::of(value, kind))
        .collect()
}

impl Hit {
    /// None for people, and for what has no number or title.
    fn of(value: &Value, kind: Option<Kind>) -> Option<Hit> {
        let kind = match (value["media_type"].as_str(), kind) {
            (Some("movie"), None) => Kind::Film,
            (Some("tv"), None) => Kind::Series,
            (_, kind) => kind?,
        };
        let (title, original, date) = match kind {
            Kind::Film => ("title", "original_title", "release_date"),
            Kind::Series => ("name", "original_name", "first_air_date"),
        };
        let text = |field: &str| lenient::text(&value[field]);
        let original_title = text(original).or_else(|| text(title))?;
        Some(Hit {
            kind,
            id: lenient::whole(&value["id"])?,
            title: text(title).unwrap_or_else(|| original_title.clone()),
            original_title,
            original_language: text("original_language").unwrap_or_default(),
            year: lenient::year(&value[date]),
            overview: text("overview").unwrap_or_default(),
            poster: text("poster_path"),
            backdrop: text("backdrop_path"),
            rating: rating(value),
            popularity: lenient::number(&value["popularity"]).unwrap_or(0.0),
            adult: lenient::truth(&value["adult"]),
        })
    }
}

/// Of ten; nobody's vote is none.
pub(super) fn rating(value: &Value) -> Option<f64> {
    let votes = lenient::number(&value["vote_count"]).filter(|votes| *votes >= 1.0);
    let rating = lenient::number(&value["vote_average"]);
    votes
        .and(rating)
        .filter(|rating| (0.0..=10.0).contains(rating))
}
