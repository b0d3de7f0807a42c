//! All that a film's or a series' page shows.

use serde_json::Value;

use super::search::{Hit, Kind, list, rating};
use super::sound;
use crate::lenient;
use crate::{Answer, Fault, Imdb};

/// People that are told of a film: what a page shows and a search finds.
const CAST_MAX: usize = 30;
/// Jobs whose people are "by".
const JOBS: &[&str] = &["Director", "Creator"];

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    pub id: u64,
    pub imdb: Option<Imdb>,
    pub title: String,
    pub original_title: String,
    /// ISO 639-1.
    pub original_language: String,
    pub tagline: String,
    /// In the language that was asked for; empty when there is none: ask again in another.
    pub overview: String,
    pub year: Option<u16>,
    /// "2010-09-27"
    pub released: Option<String>,
    pub runtime_min: Option<u16>,
    pub genres: Vec<String>,
    /// ISO 3166-1.
    pub countries: Vec<String>,
    /// Of ten; none without votes.
    pub rating: Option<f64>,
    pub poster: Option<String>,
    pub backdrop: Option<String>,
    /// The title as a picture.
    pub logo: Option<String>,
    /// Directors of a film, makers of a series.
    pub by: Vec<String>,
    pub cast: Vec<Cast>,
    /// The best first.
    pub trailers: Vec<Trailer>,
    /// By country (ISO 3166-1): "PG-13", "12".
    pub certifications: Vec<(String, String)>,
    pub similar: Vec<Hit>,
    /// The name of the set of films it belongs to.
    pub collection: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cast {
    pub name: String,
    pub role: String,
    pub picture: Option<String>,
}

/// A trailer, which is elsewhere: YouTube's id of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trailer {
    pub name: String,
    pub youtube: String,
    /// ISO 639-1.
    pub language: String,
}

impl Facts {
    /// Of a film.
    ///
    /// # Errors
    /// A [`Fault`] that says why there are none.
    pub fn of(answer: &Answer<'_>) -> Result<Facts, Fault> {
        let json = sound(answer)?;
        let mut facts = Facts::read(&json, Kind::Film)?;
        facts.runtime_min = lenient::whole(&json["runtime"]).filter(|minutes| *minutes > 0);
        facts.certifications = film_certifications(&json["release_dates"]["results"]);
        facts.cast = cast(&json["credits"]["cast"]);
        let crew = lenient::items(&json["credits"]["crew"]);
        let by = crew.filter(|person| {
            person["job"]
                .as_str()
                .is_some_and(|job| JOBS.contains(&job))
        });
        facts.by = names(by);
        Ok(facts)
    }

    /// What films and series have alike.
    pub(super) fn read(json: &Value, kind: Kind) -> Result<Facts, Fault> {
        let (title, original, date) = match kind {
            Kind::Film => ("title", "original_title", "release_date"),
            Kind::Series => ("name", "original_name", "first_air_date"),
        };
        let text = |field: &str| lenient::text(&json[field]);
        let original_title = text(original).or_else(|| text(title));
        let original_title = original_title.ok_or(Fault::Shape("title"))?;
        let imdb = text("imdb_id").or_else(|| lenient::text(&json["external_ids"]["imdb_id"]));
        let images = &json["images"];
        Ok(Facts {
            id: lenient::whole(&json["id"]).ok_or(Fault::Shape("id"))?,
            imdb: imdb.and_then(|id| id.parse().ok()),
            title: text(title).unwrap_or_else(|| original_title.clone()),
            original_title,
            original_language: text("original_language").unwrap_or_default(),
            tagline: text("tagline").unwrap_or_default(),
            overview: text("overview").unwrap_or_default(),
            year: lenient::year(&json[date]),
            released: text(date),
            genres: names(lenient::items(&json["genres"])),
            countries: countries(json),
            rating: rating(json),
            poster: text("poster_path").or_else(|| first_picture(&images["posters"])),
            backdrop: text("backdrop_path").or_else(|| first_picture(&images["backdrops"])),
            logo: first_picture(&images["logos"]),
            trailers: trailers(&json["videos"]["results"]),
            similar: list(&json["similar"]["results"], Some(kind)),
            collection: lenient::text(&json["belongs_to_collection"]["name"]),
            ..Facts::default()
        })
    }

    /// What the film is rated in that country (ISO 3166-1, in capitals).
    pub fn certification(&self, country: &str) -> Option<&str> {
        let mut all = self.certifications.iter();
        let found = all.find(|(known, _)| known == country);
        found.map(|(_, certification)| certification.as_str())
    }
}

pub(super) fn names<'v>(values: impl Iterator<Item = &'v Value>) -> Vec<String> {
    values
        .filter_map(|value| lenient::text(&value["name"]))
        .take(CAST_MAX)
        .collect()
}

fn countries(json: &Value) -> Vec<String> {
    let made = lenient::items(&json["production_countries"]);
    let made = made.filter_map(|country| lenient::text(&country["iso_3166_1"]));
    made.collect()
}

/// Its lists are ordered best first; the words on a title's picture are why the language counts,
/// and the server gives the asked one first.
fn first_picture(pictures: &Value) -> Option<String> {
    let mut pictures = lenient::items(pictures);
    // Vector pictures are for those who can draw them.
    pictures.find_map(|picture| {
        let path = lenient::text(&picture["file_path"])?;
        let vector = path.to_ascii_lowercase().ends_with(".svg");
        (!vector).then_some(path)
    })
}

pub(super) fn cast(people: &Value) -> Vec<Cast> {
    let people = lenient::items(people).filter_map(|person| {
        let roles = &person["roles"][0]["character"];
        let role = lenient::text(&person["character"]).or_else(|| lenient::text(roles));
        Some(Cast {
            name: lenient::text(&person["name"])?,
            role: role.unwrap_or_default(),
            picture: lenient::text(&person["profile_path"]),
        })
    });
    people.take(CAST_MAX).collect()
}

fn trailers(videos: &Value) -> Vec<Trailer> {
    let mut found: Vec<(bool, bool, Trailer)> = Vec::new();
    for video in lenient::items(videos) {
        let is = |field: &str, word: &str| video[field].as_str() == Some(word);
        let Some(key) = lenient::text(&video["key"]).filter(|_| is("site", "YouTube")) else {
            continue;
        };
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let sound = key.len() <= 20 && key.bytes().all(letter);
        if sound && (is("type", "Trailer") || is("type", "Teaser")) {
            let trailer = Trailer {
                name: lenient::text(&video["name"]).unwrap_or_default(),
                youtube: key,
                language: lenient::text(&video["iso_639_1"]).unwrap_or_default(),
            };
            found.push((
                is("type", "Teaser"),
                !lenient::truth(&video["official"]),
                trailer,
            ));
        }
    }
    // The order of the server is kept within these.
    found.sort_by_key(|(teaser, unofficial, _)| (*teaser, *unofficial));
    found.into_iter().map(|(_, _, trailer)| trailer).collect()
}

/// Of each country the one of its cinemas, or else the first that says something.
fn film_certifications(countries: &Value) -> Vec<(String, String)> {
    let countries = lenient::items(countries).filter_map(|country| {
        let dates: Vec<&Value> = lenient::items(&country["release_dates"]).collect();
        let said = |date: &&&Value| lenient::text(&date["certification"]).is_some();
        // Type 3 is "theatrical".
        let cinema = dates
            .iter()
            .filter(said)
            .find(|date| date["type"].as_u64() == Some(3));
        let date = cinema.or_else(|| dates.iter().find(said))?;
        let certification = lenient::text(&date["certification"])?;
        Some((lenient::text(&country["iso_3166_1"])?, certification))
    });
    countries.collect()
}
