//! The Internet Archive as an add-on: films that may be watched by everybody, as torrents that the
//! Archive seeds over the web, and as files.
//!
//! Whatever passes is lawful by [`facts::archive::standing`]: it has a licence, and is old enough,
//! or is known as free to Wikidata, or lies in a collection whose keepers own what is in it. What
//! does not pass is left out of rows and is not there when it is asked for by its name.
//!
//! Ids are `archive:` and the item's, of one of its several films with the name of its file after
//! another colon; a film's `tt` number is answered too, where Wikidata knows
//! its item.

mod films;
mod free;
mod pages;
mod parts;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use addon::{
    AddOn, AddOnError, Answer, AnswerFuture, Body, Cache, CatalogEntry, Extra, Manifest, Meta,
    PAGE_ITEMS, Request, Resource, Rule, Subtitle,
};
use app::own;
use facts::archive::{Archive as Site, Item, Search, Standing, standing};
use facts::wiki::Wiki;
use facts::{Imdb, archive};
use fetch::{Clock, Fetch};

use self::free::FreeFilms;
use self::pages::Pages;
use crate::ask::{Line, Places, Terms, failed};
use crate::metainfo::{self, Metainfo};

/// Before an item's name.
pub const PREFIX: &str = "archive:";

/// Collections whose keepers own, or know the rights of, what they put there; nobody else can.
/// Prelinger's films are given up by who collected them.
const CURATED: &[&str] = &["prelinger"];

/// Rows of the wall: id, title, the Archive's collection.
const ROWS: [(&str, &str, &str); 4] = [
    ("feature-films", own::FEATURE_FILMS, "feature_films"),
    ("silent-films", own::SILENT_FILMS, "silent_films"),
    ("cartoons", own::CARTOONS, "animationandcartoons"),
    ("prelinger", own::PRELINGER, "prelinger"),
];
/// The catalog that takes words.
const SEARCH: &str = "search";

/// An item changes when its uploader touches it, which is seldom.
const ITEM_FRESH: Duration = Duration::from_secs(24 * 3600);
const ITEM_ON_ERROR: Duration = Duration::from_secs(90 * 24 * 3600);
/// As `facts` reads it at most.
const ITEM_BYTES_MAX: u64 = 8 << 20;
/// What other clients are told of our answers.
const ANSWER_FRESH_S: u32 = 6 * 3600;

/// The add-on.
#[derive(Debug, Clone)]
pub struct Archive(Arc<Inner>);

struct Inner {
    manifest: Arc<Manifest>,
    site: Site,
    line: Line,
    pages: Pages,
    free: FreeFilms,
    clock: Clock,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive")
            .field("site", &self.site)
            .finish_non_exhaustive()
    }
}

impl Archive {
    /// Asks through `fetch`, at `places` if the owner named some; `clock` tells this year.
    pub fn new(fetch: &Fetch, places: &Places, clock: Clock) -> Archive {
        let base = places.archive.as_deref();
        let site = base.map_or_else(Site::default, Site::at);
        let line = Line::to(fetch, places.archive.as_ref());
        let wiki = Wiki::new("en");
        let wiki = match &places.wiki {
            Some(base) => wiki.at(base),
            None => wiki,
        };
        Archive(Arc::new(Inner {
            manifest: Arc::new(manifest()),
            pages: Pages::new(site.clone(), line.clone()),
            free: FreeFilms::new(Line::to(fetch, places.wiki.as_ref()), wiki),
            site,
            line,
            clock,
        }))
    }
}

impl AddOn for Archive {
    fn manifest(&self) -> Arc<Manifest> {
        Arc::clone(&self.0.manifest)
    }

    fn answer(&self, request: Request) -> AnswerFuture {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            inner.manifest.admit(&request)?;
            let body = inner.body(&request).await?;
            Ok(Answer::new(body).cached(Cache {
                max_age_s: Some(ANSWER_FRESH_S),
                ..Cache::default()
            }))
        })
    }
}

fn manifest() -> Manifest {
    let types = vec!["movie".to_owned()];
    let rule = |resource, prefixes: &[&str]| Rule {
        resource,
        types: types.clone(),
        id_prefixes: Some(prefixes.iter().map(|it| (*it).to_owned()).collect()),
    };
    let genre = Extra {
        options: own::GENRES.map(str::to_owned).to_vec(),
        ..Extra::new("genre")
    };
    let rows = ROWS.map(|(id, title, _)| CatalogEntry {
        name: Some(title.to_owned()),
        extra: vec![genre.clone(), Extra::new("skip")],
        ..CatalogEntry::new("movie", id)
    });
    let search = CatalogEntry {
        name: Some(own::ARCHIVE.to_owned()),
        extra: vec![
            Extra {
                is_required: true,
                ..Extra::new("search")
            },
            Extra::new("skip"),
        ],
        ..CatalogEntry::new("movie", SEARCH)
    };
    Manifest {
        id: crate::add_on_id("archive"),
        name: own::ARCHIVE.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        description: Some(own::ARCHIVE_ABOUT.to_owned()),
        resources: vec![
            rule(Resource::Meta, &[PREFIX, "tt"]),
            rule(Resource::Stream, &[PREFIX, "tt"]),
            rule(Resource::Subtitles, &[PREFIX, "tt"]),
        ],
        types,
        catalogs: rows.into_iter().chain([search]).collect(),
        hints: addon::ManifestHints {
            p2p: true,
            ..addon::ManifestHints::default()
        },
        ..Manifest::default()
    }
}

impl Inner {
    async fn body(&self, request: &Request) -> Result<Body, AddOnError> {
        if request.resource == Resource::Catalog {
            return Ok(Body::Catalog(self.catalog(request).await?));
        }
        let (id, part) = part_of(&request.id);
        let item = self.lawful_item(id).await?;
        Ok(match (request.resource, item) {
            // The page of a part is the item's.
            (Resource::Meta, _) if part.is_some() => Body::Meta(None),
            (Resource::Meta, item) => Body::Meta(item.map(|item| {
                let mut meta = films::meta(&self.site, &item);
                // A film goes by what it was asked for: its licence belongs to that page too.
                meta.id.clone_from(&request.id);
                Box::new(meta)
            })),
            (Resource::Subtitles, item) => {
                let texts = item.as_ref().map(|item| films::subtitles(item, part));
                Body::Subtitles(texts.unwrap_or_default())
            }
            (_, Some(item)) => {
                let metainfo = self.metainfo(&item).await;
                Body::Streams(films::streams(&self.site, &item, part, metainfo.as_ref()))
            }
            (_, None) => Body::Streams(Vec::new()),
        })
    }

    /// The films from the one that `skip` names on, a page of them.
    async fn catalog(&self, request: &Request) -> Result<Vec<Meta>, AddOnError> {
        let free = self.free.known().await;
        let this_year = year(&self.clock);
        let words = request.extra("search").unwrap_or_default();
        if request.id == SEARCH && words.trim().is_empty() {
            return Ok(Vec::new());
        }
        let row = ROWS.iter().find(|(id, ..)| *id == request.id);
        let search = Search {
            words: words.to_owned(),
            collections: row.map(|(_, _, it)| (*it).to_owned()).into_iter().collect(),
            subject: request.extra("genre").map(str::to_owned),
            ..Search::default()
        };
        let lawful = |hit: &archive::Hit| {
            let listed = free.has(&hit.id) || is_curated(&hit.collections);
            standing(hit.licence.as_ref(), hit.year, this_year, listed).is_lawful()
        };
        let wanted = request.skip().saturating_add(PAGE_ITEMS);
        let hits = self.pages.collect(search, wanted, lawful).await?;
        let hits = hits.iter().skip(request.skip()).take(PAGE_ITEMS);
        Ok(hits.map(|hit| films::tile(&self.site, hit)).collect())
    }

    /// None for what is not there or must not be shown.
    async fn lawful_item(&self, id: &str) -> Result<Option<Item>, AddOnError> {
        let name = match id.strip_prefix(PREFIX) {
            Some(name) => Some(name.to_owned()),
            // Of an episode (`tt1:2:3`) there is no item.
            None => match id.parse::<Imdb>() {
                Ok(imdb) => self.free.known().await.item(imdb),
                Err(()) => None,
            },
        };
        let Some(asked) = name.and_then(|name| self.site.item(&name)) else {
            return Ok(None);
        };
        let terms = Terms::kept(ITEM_FRESH, ITEM_ON_ERROR).bytes_max(ITEM_BYTES_MAX);
        let told = self.line.ask(&asked, terms).await?;
        let item = match Item::of(&self.site, &told.answer()) {
            Ok(item) => item,
            Err(facts::Fault::NotFound) => return Ok(None),
            Err(fault) => return Err(failed(fault)),
        };
        let listed = is_curated(&item.collections) || self.free.known().await.has(&item.id);
        let standing = standing(item.licence.as_ref(), item.year, year(&self.clock), listed);
        if !standing.is_lawful() {
            tracing::debug!("{}: not shown, {standing:?}", item.id);
        }
        debug_assert!(standing != Standing::Listed || listed);
        Ok(standing.is_lawful().then_some(item))
    }

    /// The item's torrent, when it can be had and is the one that the item names.
    async fn metainfo(&self, item: &Item) -> Option<Metainfo> {
        let torrent = item.torrent.as_ref()?;
        let asked = films::file_request(&torrent.url);
        let terms = Terms::kept(ITEM_FRESH, ITEM_ON_ERROR).bytes_max(metainfo::BYTES_MAX as u64);
        let told = self.line.ask(&asked, terms).await;
        let told = told
            .inspect_err(|error| tracing::debug!("{}: no torrent: {error}", item.id))
            .ok()?;
        let metainfo = Metainfo::read(&told.body).filter(|_| told.status == 200)?;
        let hash = metainfo
            .info_hash
            .map(|byte| format!("{byte:02x}"))
            .concat();
        // A newer one than the item tells of is as good; its own hash is what counts.
        if hash != torrent.info_hash {
            tracing::debug!("{}: its torrent is another than it says", item.id);
        }
        Some(metainfo)
    }
}

/// The item's id, and the name of one of its films; items' names have no colon.
fn part_of(id: &str) -> (&str, Option<&str>) {
    let (prefix, name) = id.split_at(id.find(':').map_or(0, |at| at + 1));
    match name.split_once(':') {
        Some((item, part)) if prefix == PREFIX => (&id[..prefix.len() + item.len()], Some(part)),
        _ => (id, None),
    }
}

fn is_curated(collections: &[String]) -> bool {
    collections
        .iter()
        .any(|name| CURATED.contains(&name.as_str()))
}

/// The year of the clock, right but for the hours around New Year.
fn year(clock: &Clock) -> u16 {
    // Of the Gregorian calendar on average: 365.2425 days.
    const YEAR_S: u64 = 31_556_952;
    let since = clock().duration_since(SystemTime::UNIX_EPOCH);
    let years = since.unwrap_or_default().as_secs() / YEAR_S;
    u16::try_from(1970 + years).unwrap_or(u16::MAX)
}

/// Subtitles as they are told; the language as a tag, `und` where nobody says one.
fn told(name: &str, url: &str, language: Option<&str>, film: &str) -> Subtitle {
    let facts = subtitles::facts(name, Some(film));
    let read = facts
        .language
        .or_else(|| language.and_then(subtitles::Language::read));
    Subtitle {
        id: format!("{PREFIX}{name}"),
        lang: read.map_or_else(|| "und".to_owned(), |it| it.tag().to_owned()),
        url: url.to_owned(),
        label: Some(name.to_owned()),
    }
}
