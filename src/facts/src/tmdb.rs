//! TheMovieDB (version 3) with the owner's token: titles and texts in the owner's language, people,
//! pictures, ratings, certifications, trailers, seasons and episodes.
//!
//! The token goes in a header and nowhere else. Its terms ask for [`ATTRIBUTION`] and its logo,
//! less prominent than our own, where credits are shown, and that answers are kept for at most
//! [`KEPT_MAX`]. Pictures come from another host that needs no token: the shell sends what
//! [`Images::url`] gives as it is.

mod film;
mod images;
mod search;
mod series;

use std::time::Duration;

pub use film::{Cast, Facts, Trailer};
pub use images::{Images, Picture};
pub use search::{Hit, Hits, Kind};
pub use series::{Episode, Season, SeasonEntry, Series};

use crate::exchange::with_query;
use crate::lenient::{self, ANSWER_MAX_BYTES};
use crate::{Answer, Fault, Imdb, Request, Secret};

/// To be shown with its logo; its terms of use say where.
pub const ATTRIBUTION: &str =
    "This product uses the TMDB API but is not endorsed or certified by TMDB.";

/// Its terms allow six months.
pub const KEPT_MAX: Duration = Duration::from_secs(180 * 24 * 3600);

/// Between two requests: it allows some forty a second, and ten are enough.
pub const PACE: Duration = Duration::from_millis(100);

/// Everything a film's page shows in one answer.
const FILM_PARTS: &str = "credits,videos,images,external_ids,release_dates,similar";
const SERIES_PARTS: &str = "aggregate_credits,videos,images,external_ids,content_ratings,similar";

/// The server, the owner's token and language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tmdb {
    base: String,
    token: Secret,
    /// "fr-FR"
    language: String,
}

impl Tmdb {
    /// `language` in BCP 47: "fr", "pt-BR". `token` is the owner's "API read access token".
    pub fn new(token: Secret, language: &str) -> Tmdb {
        Tmdb {
            base: "https://api.themoviedb.org/3".into(),
            token,
            language: language.to_owned(),
        }
    }

    /// The same at a server that answers as it does.
    #[must_use]
    pub fn at(self, base: &str) -> Tmdb {
        Tmdb {
            base: base.trim_end_matches('/').to_owned(),
            ..self
        }
    }

    /// The same in another language: what has no text in the owner's is asked for again.
    #[must_use]
    pub fn in_language(&self, language: &str) -> Tmdb {
        Tmdb {
            language: language.to_owned(),
            ..self.clone()
        }
    }

    /// Where pictures are and in which sizes: asked once in a while, see [`Images`].
    pub fn configuration(&self) -> Request {
        self.request("/configuration", &[])
    }

    pub fn find(&self, id: Imdb) -> Request {
        let source = ("external_source", "imdb_id".to_owned());
        self.localized(&format!("/find/{id}"), &[source])
    }

    pub fn search_films(&self, words: &str, year: Option<u16>, page: u16) -> Request {
        self.search(
            "/search/movie",
            words,
            year.map(|year| ("year", year)),
            page,
        )
    }

    pub fn search_series(&self, words: &str, year: Option<u16>, page: u16) -> Request {
        let year = year.map(|year| ("first_air_date_year", year));
        self.search("/search/tv", words, year, page)
    }

    /// Films and series at once.
    pub fn search_all(&self, words: &str, page: u16) -> Request {
        self.search("/search/multi", words, None, page)
    }

    pub fn film(&self, id: u64) -> Request {
        self.whole(&format!("/movie/{id}"), FILM_PARTS)
    }

    pub fn series(&self, id: u64) -> Request {
        self.whole(&format!("/tv/{id}"), SERIES_PARTS)
    }

    pub fn season(&self, series: u64, season: u16) -> Request {
        self.localized(&format!("/tv/{series}/season/{season}"), &[])
    }

    pub fn episode(&self, series: u64, season: u16, episode: u16) -> Request {
        let path = format!("/tv/{series}/season/{season}/episode/{episode}");
        self.localized(&path, &[])
    }

    /// What is watched most this week.
    pub fn trending(&self) -> Request {
        self.localized("/trending/all/week", &[])
    }

    fn search(
        &self,
        path: &str,
        words: &str,
        year: Option<(&'static str, u16)>,
        page: u16,
    ) -> Request {
        // Longer ones find nothing.
        let end = words.floor_char_boundary(200);
        let mut pairs = vec![
            ("query", words[..end].to_owned()),
            ("include_adult", "false".to_owned()),
            // Pages beyond 500 are refused.
            ("page", page.clamp(1, 500).to_string()),
        ];
        pairs.extend(year.map(|(name, year)| (name, year.to_string())));
        self.localized(path, &pairs)
    }

    fn whole(&self, path: &str, parts: &str) -> Request {
        let short = self.language.split('-').next().unwrap_or_default();
        // Pictures without words are for everybody.
        let mut languages = vec![short];
        languages.extend((short != "en").then_some("en"));
        languages.push("null");
        let pairs = [
            ("append_to_response", parts.to_owned()),
            ("include_image_language", languages.join(",")),
        ];
        self.localized(path, &pairs)
    }

    fn localized(&self, path: &str, pairs: &[(&'static str, String)]) -> Request {
        let language = ("language", self.language.clone());
        let pairs: Vec<_> = pairs.iter().cloned().chain([language]).collect();
        self.request(path, &pairs)
    }

    fn request(&self, path: &str, pairs: &[(&'static str, String)]) -> Request {
        let token = Secret::new(format!("Bearer {}", self.token.reveal()));
        let url = with_query(&format!("{}{path}", self.base), pairs);
        Request::get(url).with_secret("authorization", token)
    }
}

/// The JSON of an answer that is none of a refusal.
fn sound(answer: &Answer<'_>) -> Result<serde_json::Value, Fault> {
    let json = lenient::json(&answer.checked()?, ANSWER_MAX_BYTES)?;
    if json["success"] == serde_json::Value::Bool(false) {
        let message = lenient::text(&json["status_message"]).unwrap_or_default();
        return Err(match json["status_code"].as_u64() {
            Some(7 | 3 | 33) => Fault::Refused,
            Some(34) => Fault::NotFound,
            Some(25) => Fault::TooMany { wait: None },
            _ => lenient::said(&message),
        });
    }
    if !json.is_object() {
        return Err(Fault::Shape("object"));
    }
    Ok(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tmdb() -> Tmdb {
        Tmdb::new(Secret::new("token"), "fr-FR")
    }

    #[test]
    fn the_token_is_in_its_header_alone() {
        for request in [
            tmdb().configuration(),
            tmdb().film(1),
            tmdb().search_all("token ring", 1),
            tmdb().episode(1, 2, 3),
        ] {
            assert_eq!(request.header("authorization"), Some("Bearer token"));
            assert!(!request.url.contains("api_key"), "{}", request.url);
            assert!(!format!("{request:?}{:?}", tmdb()).contains("Bearer token"));
        }
    }

    #[test]
    fn addresses_are_as_its_description_has_them() {
        let base = "https://api.themoviedb.org/3";
        for (request, expected) in [
            (tmdb().configuration(), "/configuration"),
            (
                tmdb().find(Imdb(1_727_587)),
                "/find/tt1727587?external_source=imdb_id&language=fr-FR",
            ),
            (
                tmdb().search_films("Sintel & co", Some(2010), 0),
                "/search/movie?query=Sintel%20%26%20co&include_adult=false&page=1&year=2010\
                 &language=fr-FR",
            ),
            (
                tmdb().film(45745),
                "/movie/45745?append_to_response=credits%2Cvideos%2Cimages%2Cexternal_ids\
                 %2Crelease_dates%2Csimilar&include_image_language=fr%2Cen%2Cnull&language=fr-FR",
            ),
            (
                tmdb().in_language("en").season(9, 0),
                "/tv/9/season/0?language=en",
            ),
        ] {
            assert_eq!(request.url, format!("{base}{expected}"));
        }
    }
}
