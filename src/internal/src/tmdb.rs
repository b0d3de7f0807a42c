//! TheMovieDB as an add-on, with the owner's token: facts, pictures, seasons and episodes in the
//! owner's language; what it is searched for, and what is watched this week.
//!
//! Its films go by their `tt` number wherever they have one, because by that all others know them;
//! the rest are `tmdb:` and its own. A token that was refused is not sent again until the program
//! starts anew. What its terms ask to be said is a link of each meta.

mod page;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use addon::{
    AddOn, AddOnError, Answer, AnswerFuture, Body, CatalogEntry, Extra, Manifest, Meta, Request,
    Resource, Rule,
};
use app::own;
use facts::tmdb::{self, Facts, Hit, Hits, Images, KEPT_MAX, Kind, Season, Series};
use facts::{Fault, Imdb, Secret};
use fetch::Fetch;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::ask::{Line, Places, Terms, failed};

/// Before its own number of a film or series.
pub const PREFIX: &str = "tmdb:";

const TRENDING: &str = "trending";
const SEARCH: &str = "search";

/// It says some hours itself; a synopsis need not be newer than this.
const FRESH: Duration = Duration::from_secs(24 * 3600);
/// With what `Terms` adds to it, within what its terms allow.
const ON_ERROR: Duration = KEPT_MAX.saturating_sub(FRESH.saturating_mul(2));
/// Where pictures are has not changed for years.
const IMAGES_FRESH: Duration = Duration::from_secs(7 * 24 * 3600);
/// The longest series has forty; each season is one question.
const SEASONS_MAX: usize = 50;
/// A row is shown after this, with the numbers that are known by then.
const ROW_WITHIN: Duration = Duration::from_secs(6);
/// A page likewise, with the seasons that have come.
const PAGE_WITHIN: Duration = Duration::from_secs(8);

/// The add-on.
#[derive(Debug, Clone)]
pub struct Tmdb(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    manifest: Arc<Manifest>,
    site: tmdb::Tmdb,
    line: Line,
    /// ISO 3166-1; empty: nowhere.
    country: String,
    refused: AtomicBool,
}

impl Tmdb {
    /// `language` in BCP 47. `country` (ISO 3166-1) is that of certifications.
    pub fn new(
        fetch: &Fetch,
        places: &Places,
        token: Secret,
        language: &str,
        country: &str,
    ) -> Tmdb {
        let site = tmdb::Tmdb::new(token, language);
        let site = match &places.tmdb {
            Some(base) => site.at(base),
            None => site,
        };
        Tmdb(Arc::new(Inner {
            manifest: Arc::new(manifest()),
            site,
            line: Line::to(fetch, places.tmdb.as_ref()).of_account("tmdb"),
            country: country.to_ascii_uppercase(),
            refused: AtomicBool::new(false),
        }))
    }
}

impl AddOn for Tmdb {
    fn manifest(&self) -> Arc<Manifest> {
        Arc::clone(&self.0.manifest)
    }

    fn answer(&self, request: Request) -> AnswerFuture {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            inner.manifest.admit(&request)?;
            let kind = if request.kind == "series" {
                Kind::Series
            } else {
                Kind::Film
            };
            let body = match request.resource {
                Resource::Catalog => Body::Catalog(inner.catalog(&request, kind).await?),
                _ => Body::Meta(inner.meta(&request.id, kind).await?.map(Box::new)),
            };
            Ok(Answer::new(body))
        })
    }
}

fn manifest() -> Manifest {
    let types = vec!["movie".to_owned(), "series".to_owned()];
    let trending = |kind: &str, name: &str| CatalogEntry {
        name: Some(name.to_owned()),
        ..CatalogEntry::new(kind, TRENDING)
    };
    let search = |kind: &str| CatalogEntry {
        name: Some(own::TMDB.to_owned()),
        extra: vec![Extra {
            is_required: true,
            ..Extra::new("search")
        }],
        ..CatalogEntry::new(kind, SEARCH)
    };
    Manifest {
        id: crate::add_on_id("tmdb"),
        name: own::TMDB.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        description: Some(own::TMDB_ABOUT.to_owned()),
        resources: vec![Rule {
            resource: Resource::Meta,
            types: types.clone(),
            id_prefixes: Some(vec!["tt".to_owned(), PREFIX.to_owned()]),
        }],
        types,
        catalogs: vec![
            trending("movie", own::TRENDING_FILMS),
            trending("series", own::TRENDING_SERIES),
            search("movie"),
            search("series"),
        ],
        ..Manifest::default()
    }
}

impl Inner {
    /// Asks and reads. An answer that is none is not kept.
    async fn ask<T>(
        &self,
        request: facts::Request,
        fresh: Duration,
        read: impl Fn(&facts::Answer<'_>) -> Result<T, Fault>,
    ) -> Result<T, AddOnError> {
        if self.refused.load(Ordering::Relaxed) {
            return Err(AddOnError::Failed(Fault::Refused.to_string()));
        }
        let terms = Terms::kept(fresh, ON_ERROR);
        let value = self.line.read(&request, terms, read).await?;
        value.map_err(|fault| {
            if fault == Fault::Refused && !self.refused.swap(true, Ordering::Relaxed) {
                tracing::warn!("TheMovieDB does not accept the token");
            }
            failed(fault)
        })
    }

    async fn images(&self) -> Images {
        let images = self.ask(self.site.configuration(), IMAGES_FRESH, Images::of);
        // As they have been for years.
        images.await.unwrap_or_default()
    }

    async fn catalog(
        self: &Arc<Self>,
        request: &Request,
        kind: Kind,
    ) -> Result<Vec<Meta>, AddOnError> {
        let words = request.extra("search").unwrap_or_default();
        let hits = match (request.id.as_str(), kind) {
            (TRENDING, _) => {
                let all = |answer: &facts::Answer<'_>| Hits::of(answer, None);
                self.ask(self.site.trending(), FRESH, all).await?
            }
            (_, Kind::Film) => {
                let films = |answer: &facts::Answer<'_>| Hits::of(answer, Some(kind));
                let asked = self.site.search_films(words, None, 1);
                self.ask(asked, FRESH, films).await?
            }
            (_, Kind::Series) => {
                let series = |answer: &facts::Answer<'_>| Hits::of(answer, Some(kind));
                let asked = self.site.search_series(words, None, 1);
                self.ask(asked, FRESH, series).await?
            }
        };
        let fit = |hit: &Hit| hit.kind == kind && !hit.adult;
        let hits: Vec<Hit> = hits.hits.into_iter().filter(fit).collect();
        let ids = self.known_ids(&hits).await;
        let images = self.images().await;
        let hits = hits.iter().zip(ids);
        Ok(hits
            .map(|(hit, imdb)| page::tile(hit, imdb, &images))
            .collect())
    }

    /// The numbers that others know these by, as far as they come in time. It is their pages that
    /// are asked for, which are kept for when one is opened.
    async fn known_ids(self: &Arc<Self>, hits: &[Hit]) -> Vec<Option<Imdb>> {
        let deadline = Instant::now() + ROW_WITHIN;
        let mut asked = JoinSet::new();
        for (at, hit) in hits.iter().enumerate() {
            let (inner, kind, id) = (Arc::clone(self), hit.kind, hit.id);
            asked.spawn(async move { (at, inner.facts(kind, id).await) });
        }
        let mut ids = vec![None; hits.len()];
        while let Ok(Some(came)) = timeout_at(deadline, asked.join_next()).await {
            if let Ok((at, Ok((facts, _)))) = came {
                ids[at] = facts.imdb;
            }
        }
        ids
    }

    /// Of a series with its seasons.
    async fn facts(&self, kind: Kind, id: u64) -> Result<(Facts, Option<Series>), AddOnError> {
        match kind {
            Kind::Film => {
                let facts = self.ask(self.site.film(id), FRESH, Facts::of).await?;
                Ok((facts, None))
            }
            Kind::Series => {
                let series = self.ask(self.site.series(id), FRESH, Series::of).await?;
                Ok((series.facts.clone(), Some(series)))
            }
        }
    }

    async fn meta(self: &Arc<Self>, id: &str, kind: Kind) -> Result<Option<Meta>, AddOnError> {
        let Some(number) = self.number(id, kind).await? else {
            return Ok(None);
        };
        let deadline = Instant::now() + PAGE_WITHIN;
        let (mut facts, series) = match self.facts(kind, number).await {
            Err(AddOnError::NotFound) => return Ok(None),
            facts => facts?,
        };
        if facts.overview.is_empty() {
            facts.overview = self.english(kind, number).await.unwrap_or_default();
        }
        let seasons = match &series {
            Some(series) => self.seasons(number, series, deadline).await,
            None => Vec::new(),
        };
        let images = self.images().await;
        let told = page::Told {
            facts: &facts,
            kind,
            country: &self.country,
            images: &images,
        };
        Ok(Some(told.meta(id, &seasons, series.as_ref())))
    }

    /// Its number of what goes by this id.
    async fn number(&self, id: &str, kind: Kind) -> Result<Option<u64>, AddOnError> {
        if let Some(number) = id.strip_prefix(PREFIX) {
            return Ok(number.parse().ok());
        }
        let Ok(imdb) = id.parse::<Imdb>() else {
            return Ok(None);
        };
        let found = self.ask(self.site.find(imdb), FRESH, Hits::of_find).await?;
        let mut hits = found.hits.iter();
        Ok(hits.find(|hit| hit.kind == kind).map(|hit| hit.id))
    }

    async fn english(&self, kind: Kind, id: u64) -> Option<String> {
        let site = self.site.in_language("en-US");
        let overview = match kind {
            Kind::Film => {
                self.ask(site.film(id), FRESH, Facts::of)
                    .await
                    .ok()?
                    .overview
            }
            Kind::Series => {
                let series = self.ask(site.series(id), FRESH, Series::of).await.ok()?;
                series.facts.overview
            }
        };
        Some(overview)
    }

    /// Those that come in time, in their order.
    async fn seasons(self: &Arc<Self>, id: u64, series: &Series, deadline: Instant) -> Vec<Season> {
        let mut asked = JoinSet::new();
        for (at, season) in series.seasons.iter().take(SEASONS_MAX).enumerate() {
            let (inner, number) = (Arc::clone(self), season.number);
            asked.spawn(async move {
                let asked = inner.site.season(id, number);
                (at, inner.ask(asked, FRESH, Season::of).await)
            });
        }
        let mut seasons = Vec::new();
        while let Ok(Some(came)) = timeout_at(deadline, asked.join_next()).await {
            match came {
                Ok((at, Ok(season))) => seasons.push((at, season)),
                Ok((_, Err(error))) => tracing::debug!("a season of {id}: {error}"),
                Err(panic) => tracing::error!("a season of {id}: {panic}"),
            }
        }
        seasons.sort_by_key(|(at, _)| *at);
        seasons.into_iter().map(|(_, season)| season).collect()
    }
}
