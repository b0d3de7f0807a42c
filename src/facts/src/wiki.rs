//! Wikidata and Wikipedia: facts for everybody, without a key.
//!
//! Wikidata's are CC0. Wikipedia's texts are CC BY-SA: [`Summary`] holds what must be shown with
//! one. Both want to know who asks, and to be asked slowly and in bundles: hence many films in one
//! question.

use serde_json::Value;
use url::Url;

use crate::exchange::{escaped, with_query};
use crate::lenient::{self, ANSWER_MAX_BYTES};
use crate::{Answer, Fault, Imdb, Request};

/// To be shown with a text of Wikipedia, with a link to its article.
pub const ATTRIBUTION: &str = "Wikipedia, CC BY-SA 4.0";

/// Films of one question: the answer stays under a second and under the length of an address.
pub const FILMS_MAX: usize = 50;
/// Rows of one page of the list of free films.
pub const ROWS: u32 = 1000;

/// Between the values of a list in one cell.
const BETWEEN: char = '|';

/// The servers and their copies in tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wiki {
    sparql: String,
    /// With `{}` for the language, or none in it.
    wikipedia: String,
    /// ISO 639-1.
    language: String,
}

/// What Wikidata knows of a film.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    /// `Q4634`
    pub id: String,
    pub imdb: Option<Imdb>,
    pub tmdb: Option<u64>,
    /// An item of the Internet Archive.
    pub archive: Option<String>,
    pub title: String,
    pub year: Option<u16>,
    pub runtime_min: Option<u16>,
    pub directors: Vec<String>,
    pub cast: Vec<String>,
    pub genres: Vec<String>,
    /// A picture on Wikimedia Commons, with a licence of its own.
    pub image: Option<String>,
    /// The title of its article in the language that was asked for.
    pub article: Option<String>,
}

/// A film that is known as free, with its item of the Internet Archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeFilm {
    pub imdb: Imdb,
    pub archive: String,
    pub year: Option<u16>,
}

/// The beginning of an article, and what must be shown with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub title: String,
    pub text: String,
    /// The article, https.
    pub url: String,
    pub image: Option<String>,
}

impl Wiki {
    /// Texts in that language (the first part of BCP 47).
    pub fn new(language: &str) -> Wiki {
        let short = language.split('-').next().unwrap_or_default();
        let sound =
            (2..=3).contains(&short.len()) && short.bytes().all(|b| b.is_ascii_alphabetic());
        Wiki {
            sparql: "https://query.wikidata.org/sparql".into(),
            wikipedia: "https://{}.wikipedia.org".into(),
            language: if sound {
                short.to_ascii_lowercase()
            } else {
                "en".into()
            },
        }
    }

    /// The same at a server that answers as both do.
    #[must_use]
    pub fn at(self, base: &str) -> Wiki {
        let base = base.trim_end_matches('/');
        Wiki {
            sparql: format!("{base}/sparql"),
            wikipedia: base.to_owned(),
            ..self
        }
    }

    /// What is known of the first [`FILMS_MAX`] of these.
    pub fn films(&self, ids: &[Imdb]) -> Request {
        let ids: Vec<String> = ids
            .iter()
            .take(FILMS_MAX)
            .map(|id| format!("\"{id}\""))
            .collect();
        let list = |name: &str, property: &str| {
            format!(
                "OPTIONAL {{ ?w wdt:{property} ?{name}_ . ?{name}_ rdfs:label ?{name}l . \
                 FILTER(LANG(?{name}l) IN (\"{0}\",\"en\")) }} ",
                self.language
            )
        };
        let joined = |name: &str| {
            format!("(GROUP_CONCAT(DISTINCT ?{name}l;separator=\"{BETWEEN}\") AS ?{name}) ")
        };
        let query = format!(
            "SELECT ?w ?imdb (SAMPLE(?t) AS ?tmdb) (SAMPLE(?a) AS ?archive) \
             (SAMPLE(?l) AS ?title) (MIN(?d) AS ?date) (SAMPLE(?m) AS ?minutes) \
             (SAMPLE(?i) AS ?image) (SAMPLE(?n) AS ?article) {}{}{}WHERE {{ \
             VALUES ?imdb {{ {} }} ?w wdt:P345 ?imdb . \
             OPTIONAL {{ ?w wdt:P4947 ?t }} OPTIONAL {{ ?w wdt:P724 ?a }} \
             OPTIONAL {{ ?w wdt:P577 ?d }} OPTIONAL {{ ?w wdt:P2047 ?m }} \
             OPTIONAL {{ ?w wdt:P18 ?i }} \
             OPTIONAL {{ ?w rdfs:label ?l . FILTER(LANG(?l) = \"{lang}\") }} \
             OPTIONAL {{ ?s schema:about ?w ; schema:isPartOf <https://{lang}.wikipedia.org/> ; \
             schema:name ?n }} {}{}{}}} GROUP BY ?w ?imdb",
            joined("directors"),
            joined("cast"),
            joined("genres"),
            ids.join(" "),
            list("directors", "P57"),
            list("cast", "P161"),
            list("genres", "P136"),
            lang = self.language,
        );
        self.question(&query)
    }

    /// Films with an item of the Internet Archive, from that row on; [`ROWS`] at a time. They are
    /// not free for that alone: see [`crate::archive::standing`].
    pub fn free_films(&self, from_row: u32) -> Request {
        let query = format!(
            "SELECT ?imdb ?archive (MIN(?d) AS ?date) WHERE {{ \
             ?w wdt:P31/wdt:P279* wd:Q11424 ; wdt:P345 ?imdb ; wdt:P724 ?archive . \
             OPTIONAL {{ ?w wdt:P577 ?d }} }} \
             GROUP BY ?imdb ?archive ORDER BY ?imdb ?archive LIMIT {ROWS} OFFSET {from_row}"
        );
        self.question(&query)
    }

    /// The beginning of an article ([`Facts::article`]).
    pub fn summary(&self, article: &str) -> Request {
        let base = self.wikipedia.replace("{}", &self.language);
        // Their addresses have underscores for spaces.
        let title = escaped(&article.trim().replace(' ', "_"));
        Request::get(format!("{base}/api/rest_v1/page/summary/{title}"))
    }

    fn question(&self, query: &str) -> Request {
        let url = with_query(&self.sparql, &[("query", query.to_owned())]);
        let mut request = Request::get(url);
        request.headers.retain(|header| header.name != "accept");
        request.with("accept", "application/sparql-results+json")
    }
}

/// Rows of an answer, each cell by its name.
fn rows(answer: &Answer<'_>) -> Result<Vec<Value>, Fault> {
    let json = lenient::json(&answer.checked()?, ANSWER_MAX_BYTES)?;
    let rows = json["results"]["bindings"]
        .as_array()
        .ok_or(Fault::Shape("results.bindings"))?;
    Ok(rows.iter().take(ROWS as usize).cloned().collect())
}

fn cell(row: &Value, name: &str) -> Option<String> {
    lenient::text(&row[name]["value"])
}

fn list(row: &Value, name: &str) -> Vec<String> {
    let cell = cell(row, name).unwrap_or_default();
    let mut values: Vec<String> = Vec::new();
    for value in cell
        .split(BETWEEN)
        .map(str::trim)
        .filter(|value| !value.is_empty())
    {
        if values.len() < lenient::LIST_MAX && !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
    }
    values
}

impl Facts {
    /// Those that are known, of a question for several.
    ///
    /// # Errors
    /// A [`Fault`] that says why there are none.
    pub fn of(answer: &Answer<'_>) -> Result<Vec<Facts>, Fault> {
        Ok(rows(answer)?.iter().filter_map(Facts::read).collect())
    }

    fn read(row: &Value) -> Option<Facts> {
        let id = cell(row, "w")?.rsplit('/').next()?.to_owned();
        let digits = id.strip_prefix('Q').unwrap_or_default();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = |name: &str| cell(row, name).map(Value::from);
        let minutes = number("minutes").and_then(|value| lenient::number(&value));
        let minutes = minutes.filter(|minutes| (1.0..=3000.0).contains(minutes));
        Some(Facts {
            id,
            imdb: cell(row, "imdb").and_then(|id| id.parse().ok()),
            tmdb: number("tmdb").and_then(|value| lenient::whole(&value)),
            archive: cell(row, "archive"),
            title: cell(row, "title").unwrap_or_default(),
            year: number("date").and_then(|value| lenient::year(&value)),
            runtime_min: minutes.map(|minutes| minutes.round() as u16),
            directors: list(row, "directors"),
            cast: list(row, "cast"),
            genres: list(row, "genres"),
            image: cell(row, "image").and_then(|url| secure(&url)),
            article: cell(row, "article"),
        })
    }
}

impl FreeFilm {
    /// # Errors
    /// A [`Fault`] that says why there are none.
    pub fn of(answer: &Answer<'_>) -> Result<Vec<FreeFilm>, Fault> {
        let films = rows(answer)?.into_iter().filter_map(|row| {
            Some(FreeFilm {
                imdb: cell(&row, "imdb")?.parse().ok()?,
                archive: cell(&row, "archive")?,
                year: cell(&row, "date").and_then(|date| lenient::year(&date.into())),
            })
        });
        Ok(films.collect())
    }
}

impl Summary {
    /// # Errors
    /// A [`Fault`] that says why there is none; `NotFound` for a page that lists several articles.
    pub fn of(answer: &Answer<'_>) -> Result<Summary, Fault> {
        let json = lenient::json(&answer.checked()?, ANSWER_MAX_BYTES)?;
        if json["type"].as_str() == Some("disambiguation") {
            return Err(Fault::NotFound);
        }
        let url = lenient::text(&json["content_urls"]["desktop"]["page"]);
        let image = lenient::text(&json["thumbnail"]["source"]);
        Ok(Summary {
            title: lenient::text(&json["title"]).unwrap_or_default(),
            text: lenient::text(&json["extract"]).ok_or(Fault::Shape("extract"))?,
            // Without a link its licence does not let us show it.
            url: url
                .and_then(|url| secure(&url))
                .ok_or(Fault::Shape("content_urls"))?,
            image: image.and_then(|url| secure(&url)),
        })
    }
}

/// The same by https: their addresses of pictures are still written with http.
fn secure(address: &str) -> Option<String> {
    let mut url = Url::parse(address).ok()?;
    match url.scheme() {
        "https" => {}
        "http" => url.set_scheme("https").ok()?,
        _ => return None,
    }
    Some(url.to_string())
}
