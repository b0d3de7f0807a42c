//! Wikidata and Wikipedia: facts for everybody, without a key.
//!
//! Wikidata's are CC0. Wikipedia's texts are CC BY-SA: [`Summary`] holds what must be shown with
//! one. Both want to know who asks, and to be asked slowly and in bundles: hence many films in one
//! question.

use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::Url;

use crate::exchange::{escaped, with_query};
use crate::lenient::{self, ANSWER_MAX_BYTES};
use crate::{Answer, Fault, Imdb, Request};

/// To be shown with a text of Wikipedia, with a link to its article.
pub const ATTRIBUTION: &str = "Wikipedia, CC BY-SA 4.0";

/// Films of one question: with some fifty facts each the answer stays under 1 MiB.
pub const FILMS_MAX: usize = 20;
/// Rows of one answer: a film with a hundred actors is among them now and then.
const FACTS_MAX: usize = 5000;
/// Rows of one page of the list of free films.
pub const ROWS: u32 = 1000;

/// Director, cast, genre, date of publication, minutes, picture, Internet Archive, TheMovieDB.
const PROPERTIES: [&str; 8] = [
    "P57", "P161", "P136", "P577", "P2047", "P18", "P724", "P4947",
];

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

    /// What is known of the first [`FILMS_MAX`] of these. A row for each fact: one for each film
    /// would be made of all combinations of its facts, and those are too many for the server.
    pub fn films(&self, ids: &[Imdb]) -> Request {
        let ids: Vec<String> = ids
            .iter()
            .take(FILMS_MAX)
            .map(|id| format!("\"{id}\""))
            .collect();
        let properties = PROPERTIES
            .map(|property| format!("wdt:{property}"))
            .join(" ");
        let query = format!(
            "SELECT ?imdb ?w ?wLabel ?p ?v ?vLabel WHERE {{ \
             VALUES ?imdb {{ {} }} ?w wdt:P345 ?imdb . \
             {{ VALUES ?p {{ {properties} }} ?w ?p ?v }} UNION \
             {{ ?v schema:about ?w ; schema:isPartOf <https://{lang}.wikipedia.org/> . \
             BIND(schema:about AS ?p) }} \
             SERVICE wikibase:label {{ bd:serviceParam wikibase:language \"{lang},en,mul\" }} }} \
             LIMIT {FACTS_MAX}",
            ids.join(" "),
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
    let mut json = lenient::json(&answer.checked()?, ANSWER_MAX_BYTES)?;
    let rows = json.pointer_mut("/results/bindings").map(Value::take);
    match rows {
        Some(Value::Array(mut rows)) => {
            rows.truncate(FACTS_MAX);
            Ok(rows)
        }
        _ => Err(Fault::Shape("results.bindings")),
    }
}

fn cell(row: &Value, name: &str) -> Option<String> {
    lenient::text(&row[name]["value"])
}

/// The last part of an address of theirs: `Q4634`, `P57`.
fn last(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or(address)
}

/// What has no name in any language is called by its number.
fn is_number(name: &str) -> bool {
    let digits = name.strip_prefix('Q').unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

impl Facts {
    /// Those that are known, of a question for several.
    ///
    /// # Errors
    /// A [`Fault`] that says why there are none.
    pub fn of(answer: &Answer<'_>) -> Result<Vec<Facts>, Fault> {
        let mut films: Vec<Facts> = Vec::new();
        for row in rows(answer)? {
            let Some(id) = cell(&row, "w").filter(|id| is_number(last(id))) else {
                continue;
            };
            let id = last(&id);
            let known = films.iter().position(|film| film.id == id);
            if known.is_none() && films.len() == FILMS_MAX {
                continue;
            }
            let at = known.unwrap_or_else(|| {
                films.push(Facts {
                    id: id.to_owned(),
                    imdb: cell(&row, "imdb").and_then(|id| id.parse().ok()),
                    title: name(&row, "wLabel").unwrap_or_default(),
                    ..Facts::default()
                });
                films.len() - 1
            });
            films[at].take(&row);
        }
        Ok(films)
    }

    fn take(&mut self, row: &Value) {
        let (Some(property), Some(value)) = (cell(row, "p"), cell(row, "v")) else {
            return;
        };
        let list = |list: &mut Vec<String>| {
            let name = name(row, "vLabel").filter(|name| !list.contains(name));
            list.extend(name.filter(|_| list.len() < lenient::LIST_MAX));
        };
        let text = Value::from(value.as_str());
        match last(&property) {
            "P57" => list(&mut self.directors),
            "P161" => list(&mut self.cast),
            "P136" => list(&mut self.genres),
            "P577" => {
                // Of several the first: later ones are other countries and cuts.
                let years = [self.year, lenient::year(&text)];
                self.year = years.into_iter().flatten().min();
            }
            "P2047" => {
                let minutes = lenient::number(&text).filter(|it| (1.0..=3000.0).contains(it));
                let minutes = minutes.map(|minutes| minutes.round() as u16);
                self.runtime_min = self.runtime_min.or(minutes);
            }
            "P18" => self.image = self.image.take().or_else(|| secure(&value)),
            "P724" => self.archive = self.archive.take().or(Some(value)),
            "P4947" => self.tmdb = self.tmdb.or(lenient::whole(&text)),
            "about" => self.article = self.article.take().or_else(|| title(&value)),
            _ => {}
        }
    }
}

/// The name of something, if it has one.
fn name(row: &Value, cell_name: &str) -> Option<String> {
    cell(row, cell_name).filter(|name| !is_number(name))
}

/// The title in the address of an article.
fn title(address: &str) -> Option<String> {
    let title = percent_decode_str(last(address)).decode_utf8().ok()?;
    Some(title.replace('_', " ")).filter(|title| !title.is_empty())
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
