//! The Archive's search.
//!
//! Its paging ends at 10,000 hits, with an error that has the status 200; pages overlap unless the
//! order is a total one; and under load it finds fewer than there are.

use serde_json::Value;

use super::licence::Licence;
use crate::lenient::{self, ANSWER_MAX_BYTES};
use crate::{Answer, Fault};

/// Hits on a page.
pub const ROWS: u32 = 100;
/// The last page that is ever given.
pub const PAGES_MAX: u32 = 10_000 / ROWS;

/// Words of a question that count: a title of more is found by these.
const WORDS_MAX: usize = 12;

/// What of an item is asked for.
const FIELDS: &[&str] = &[
    "identifier",
    "title",
    "year",
    "date",
    "description",
    "creator",
    "subject",
    "language",
    "downloads",
    "avg_rating",
    "num_reviews",
    "licenseurl",
    "collection",
    "runtime",
    "item_size",
    "external-identifier",
];

/// What never may be shown is not even asked for.
const LAWFUL: &str = "mediatype:movies AND (licenseurl:*publicdomain* OR \
    licenseurl:*creativecommons.org/licenses*) AND -access-restricted-item:true AND \
    -collection:stream_only AND -collection:inlibrary";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    Popular,
    Newest,
    BestRated,
    Title,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Words of the title; none: all.
    pub words: String,
    /// Any of these: `feature_films`, `silent_films`, `prelinger`, `animationandcartoons` ...
    pub collections: Vec<String>,
    /// A word among the item's subjects: "comedy".
    pub subject: Option<String>,
    /// From this year to that.
    pub years: Option<(u16, u16)>,
    pub sort: Sort,
    /// From 1.
    pub page: u32,
}

impl Default for Search {
    fn default() -> Search {
        Search {
            words: String::new(),
            collections: Vec::new(),
            subject: None,
            years: None,
            sort: Sort::default(),
            page: 1,
        }
    }
}

/// A page of hits.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Of all pages; see [`is_suspicious`].
    pub total: u64,
    pub hits: Vec<Hit>,
}

/// An item as the search tells it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hit {
    pub id: String,
    pub title: String,
    pub year: Option<u16>,
    pub description: String,
    pub creators: Vec<String>,
    pub subjects: Vec<String>,
    pub languages: Vec<String>,
    pub collections: Vec<String>,
    pub licence: Option<Licence>,
    pub downloads: u64,
    /// Of five.
    pub rating: Option<f64>,
    pub runtime_s: Option<u32>,
    pub size_bytes: Option<u64>,
}

impl Search {
    /// The query as pairs, in the order the Archive's own pages have them.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("q", self.query())];
        pairs.extend(FIELDS.iter().map(|field| ("fl[]", (*field).to_owned())));
        let first = match self.sort {
            Sort::Popular => Some("downloads desc"),
            Sort::Newest => Some("addeddate desc"),
            Sort::BestRated => Some("avg_rating desc"),
            Sort::Title => Some("titleSorter asc"),
        };
        // A total order: or pages overlap.
        let sorts = first.into_iter().chain(["identifier asc"]);
        pairs.extend(sorts.map(|sort| ("sort[]", sort.to_owned())));
        pairs.push(("rows", ROWS.to_string()));
        pairs.push(("page", self.page.to_string()));
        pairs.push(("output", "json".to_owned()));
        pairs
    }

    fn query(&self) -> String {
        let mut query = LAWFUL.to_owned();
        let mut and = |part: String| {
            query.push_str(" AND ");
            query.push_str(&part);
        };
        let any_of = |field: &str, values: &[String], between: &str| {
            (!values.is_empty()).then(|| format!("{field}:({})", values.join(between)))
        };
        let collections = self
            .collections
            .iter()
            .filter(|name| super::is_identifier(name));
        let collections: Vec<String> = collections.take(WORDS_MAX).cloned().collect();
        if let Some(part) = any_of("collection", &collections, " OR ") {
            and(part);
        }
        if let Some(part) = any_of("title", &words(&self.words), " AND ") {
            and(part);
        }
        let subject = self.subject.as_deref().map(words).unwrap_or_default();
        if let Some(part) = any_of("subject", &subject, " AND ") {
            and(part);
        }
        if let Some((from, to)) = self.years {
            and(format!("year:[{from} TO {to}]"));
        }
        query
    }
}

/// Words without any sign that means something in a query, in quotes: AND, OR and NOT are words
/// then.
fn words(text: &str) -> Vec<String> {
    let letter = |c: char| c.is_alphanumeric() || c == '_';
    let words = text
        .split(|c: char| !letter(c))
        .filter(|word| !word.is_empty());
    words
        .take(WORDS_MAX)
        .map(|word| format!("\"{word}\""))
        .collect()
}

impl Page {
    /// # Errors
    /// A [`Fault`] that says why there is no page; `Said` beyond the last page that is given.
    pub fn of(answer: &Answer<'_>) -> Result<Page, Fault> {
        let json = lenient::json(&answer.checked()?, ANSWER_MAX_BYTES)?;
        if let Some(error) = lenient::text(&json["error"]) {
            return Err(lenient::said(&error));
        }
        let response = &json["response"];
        let total = lenient::whole(&response["numFound"]);
        let (Some(total), Some(_)) = (total, response["docs"].as_array()) else {
            return Err(Fault::Shape("response"));
        };
        let hits = lenient::items(&response["docs"])
            .filter_map(Hit::of)
            .collect();
        Ok(Page { total, hits })
    }
}

impl Hit {
    /// None without a name.
    fn of(item: &Value) -> Option<Hit> {
        let id = lenient::text(&item["identifier"]).filter(|id| super::is_identifier(id))?;
        let year = lenient::year(&item["year"]).or_else(|| lenient::year(&item["date"]));
        let description = lenient::text(&item["description"]).unwrap_or_default();
        Some(Hit {
            title: lenient::text(&item["title"]).unwrap_or_else(|| id.clone()),
            year,
            description: lenient::plain(&description),
            creators: lenient::texts(&item["creator"]),
            subjects: subjects(&item["subject"]),
            languages: lenient::texts(&item["language"]),
            collections: lenient::texts(&item["collection"]),
            licence: lenient::text(&item["licenseurl"]).and_then(|url| Licence::of(&url)),
            downloads: lenient::whole(&item["downloads"]).unwrap_or(0),
            rating: lenient::number(&item["avg_rating"]).filter(|of| (0.0..=5.0).contains(of)),
            runtime_s: lenient::text(&item["runtime"]).and_then(|text| super::item::seconds(&text)),
            size_bytes: lenient::whole(&item["item_size"]),
            id,
        })
    }
}

/// A list, or one text with `;` or `,` between.
pub(super) fn subjects(value: &Value) -> Vec<String> {
    let texts = lenient::texts(value);
    let apart = texts.iter().flat_map(|text| text.split([';', ',']));
    let apart = apart.map(str::trim).filter(|word| !word.is_empty());
    apart.take(lenient::LIST_MAX).map(str::to_owned).collect()
}

/// Whether a total is so much smaller than the one known that the search was not itself: under
/// load it leaves out parts and says nothing of it. What is cached is better then.
pub fn is_suspicious(total: u64, known: u64) -> bool {
    total < known / 2
}
