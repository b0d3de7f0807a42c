//! Series with their seasons and episodes; season 0 has the specials.

use serde_json::Value;

use super::film::{Facts, cast, names};
use super::search::{Kind, rating};
use super::sound;
use crate::lenient;
use crate::{Answer, Fault};

#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub facts: Facts,
    /// In order, the specials last.
    pub seasons: Vec<SeasonEntry>,
    /// No more will come.
    pub ended: bool,
    /// Season and number of the one that is sent next, and its day.
    pub next: Option<(u16, u16, String)>,
}

/// A season as its series tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeasonEntry {
    pub number: u16,
    pub name: String,
    pub episodes: u16,
    pub poster: Option<String>,
    pub year: Option<u16>,
}

/// A whole season.
#[derive(Debug, Clone, PartialEq)]
pub struct Season {
    pub number: u16,
    pub name: String,
    pub overview: String,
    pub poster: Option<String>,
    pub episodes: Vec<Episode>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Episode {
    pub season: u16,
    pub number: u16,
    pub name: String,
    pub overview: String,
    /// "2010-06-16"
    pub aired: Option<String>,
    pub runtime_min: Option<u16>,
    pub still: Option<String>,
    /// Of ten; none without votes.
    pub rating: Option<f64>,
}

impl Series {
    /// # Errors
    /// A [`Fault`] that says why there is none.
    pub fn of(answer: &Answer<'_>) -> Result<Series, Fault> {
        let json = sound(answer)?;
        let mut facts = Facts::read(&json, Kind::Series)?;
        facts.runtime_min = lenient::items(&json["episode_run_time"])
            .find_map(lenient::whole)
            .filter(|minutes| *minutes > 0);
        facts.by = names(lenient::items(&json["created_by"]));
        facts.cast = cast(&json["aggregate_credits"]["cast"]);
        let ratings = lenient::items(&json["content_ratings"]["results"]);
        let ratings = ratings.filter_map(|country| {
            let rating = lenient::text(&country["rating"])?;
            Some((lenient::text(&country["iso_3166_1"])?, rating))
        });
        facts.certifications = ratings.collect();
        let seasons = lenient::items(&json["seasons"]);
        let mut seasons: Vec<SeasonEntry> = seasons.filter_map(SeasonEntry::of).collect();
        seasons.sort_by_key(|season| (season.number == 0, season.number));
        let next = &json["next_episode_to_air"];
        Ok(Series {
            facts,
            seasons,
            ended: matches!(json["status"].as_str(), Some("Ended" | "Canceled")),
            next: Episode::of(next).and_then(|next| Some((next.season, next.number, next.aired?))),
        })
    }
}

impl SeasonEntry {
    fn of(value: &Value) -> Option<SeasonEntry> {
        Some(SeasonEntry {
            number: lenient::whole(&value["season_number"])?,
            name: lenient::text(&value["name"]).unwrap_or_default(),
            episodes: lenient::whole(&value["episode_count"]).unwrap_or(0),
            poster: lenient::text(&value["poster_path"]),
            year: lenient::year(&value["air_date"]),
        })
    }
}

impl Season {
    /// # Errors
    /// A [`Fault`] that says why there is none.
    pub fn of(answer: &Answer<'_>) -> Result<Season, Fault> {
        let json = sound(answer)?;
        let text = |field: &str| lenient::text(&json[field]);
        let episodes = lenient::items(&json["episodes"]).filter_map(Episode::of);
        let mut episodes: Vec<Episode> = episodes.collect();
        episodes.sort_by_key(|episode| episode.number);
        Ok(Season {
            number: lenient::whole(&json["season_number"]).ok_or(Fault::Shape("season_number"))?,
            name: text("name").unwrap_or_default(),
            overview: text("overview").unwrap_or_default(),
            poster: text("poster_path"),
            episodes,
        })
    }
}

impl Episode {
    /// Of an answer about one alone.
    ///
    /// # Errors
    /// A [`Fault`] that says why there is none.
    pub fn of_answer(answer: &Answer<'_>) -> Result<Episode, Fault> {
        Episode::of(&sound(answer)?).ok_or(Fault::Shape("episode_number"))
    }

    fn of(value: &Value) -> Option<Episode> {
        let text = |field: &str| lenient::text(&value[field]);
        Some(Episode {
            season: lenient::whole(&value["season_number"])?,
            number: lenient::whole(&value["episode_number"])?,
            name: text("name").unwrap_or_default(),
            overview: text("overview").unwrap_or_default(),
            aired: text("air_date"),
            runtime_min: lenient::whole(&value["runtime"]).filter(|minutes| *minutes > 0),
            still: text("still_path"),
            rating: rating(value),
        })
    }
}
