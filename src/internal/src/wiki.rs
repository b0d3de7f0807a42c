//! Wikidata and Wikipedia as an add-on: facts of films for who has no key for anything.
//!
//! Wikidata's facts are free of rights. A text of Wikipedia comes with what its licence wants said:
//! a link to its article. Pictures are not taken: each has a licence of its own.

use std::sync::Arc;
use std::time::Duration;

use addon::{
    AddOn, AddOnError, Answer, AnswerFuture, Body, Manifest, Meta, MetaLink, Request, Resource,
    Rule,
};
use app::own;
use facts::wiki::{ATTRIBUTION as NOTICE, Facts, Summary, Wiki as Site};
use facts::{Fault, Imdb};
use fetch::Fetch;

use crate::ATTRIBUTION;
use crate::ask::{Line, Places, Terms, failed};

/// Articles of old films change seldom.
const FRESH: Duration = Duration::from_secs(7 * 24 * 3600);
const ON_ERROR: Duration = Duration::from_secs(160 * 24 * 3600);
/// People that are told of a film.
const PEOPLE_MAX: usize = 20;
const GENRES_MAX: usize = 5;

/// The add-on.
#[derive(Debug, Clone)]
pub struct Wiki(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    manifest: Arc<Manifest>,
    site: Site,
    line: Line,
}

impl Wiki {
    /// `language` in BCP 47.
    pub fn new(fetch: &Fetch, places: &Places, language: &str) -> Wiki {
        let site = Site::new(language);
        let site = match &places.wiki {
            Some(base) => site.at(base),
            None => site,
        };
        let types = vec!["movie".to_owned()];
        let manifest = Manifest {
            id: crate::add_on_id("wiki"),
            name: own::WIKI.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            description: Some(own::WIKI_ABOUT.to_owned()),
            resources: vec![Rule {
                resource: Resource::Meta,
                types: types.clone(),
                id_prefixes: Some(vec!["tt".to_owned()]),
            }],
            types,
            ..Manifest::default()
        };
        Wiki(Arc::new(Inner {
            manifest: Arc::new(manifest),
            site,
            line: Line::to(fetch, places.wiki.as_ref()),
        }))
    }
}

impl AddOn for Wiki {
    fn manifest(&self) -> Arc<Manifest> {
        Arc::clone(&self.0.manifest)
    }

    fn answer(&self, request: Request) -> AnswerFuture {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            inner.manifest.admit(&request)?;
            let meta = match request.id.parse() {
                Ok(imdb) => inner.meta(imdb).await?,
                Err(()) => None,
            };
            Ok(Answer::new(Body::Meta(meta.map(Box::new))))
        })
    }
}

impl Inner {
    async fn meta(&self, imdb: Imdb) -> Result<Option<Meta>, AddOnError> {
        let films = self.ask(self.site.films(&[imdb]), Facts::of).await?;
        let mut films = films.into_iter();
        let Some(facts) = films.find(|film| film.imdb == Some(imdb)) else {
            return Ok(None);
        };
        let summary = match &facts.article {
            Some(article) => {
                let summary = self.ask(self.site.summary(article), Summary::of).await;
                let why = |error: &AddOnError| tracing::debug!("no summary: {error}");
                summary.inspect_err(why).ok()
            }
            None => None,
        };
        Ok(Some(meta(imdb, facts, summary)))
    }

    async fn ask<T>(
        &self,
        request: facts::Request,
        read: impl Fn(&facts::Answer<'_>) -> Result<T, Fault>,
    ) -> Result<T, AddOnError> {
        let terms = Terms::kept(FRESH, ON_ERROR);
        let value = self.line.read(&request, terms, read).await?;
        value.map_err(failed)
    }
}

fn meta(imdb: Imdb, facts: Facts, summary: Option<Summary>) -> Meta {
    let (notice, page) = match &summary {
        Some(summary) => (NOTICE, summary.url.clone()),
        None => (
            "Wikidata",
            format!("https://www.wikidata.org/wiki/{}", facts.id),
        ),
    };
    let some = |list: Vec<String>, max| list.into_iter().take(max).collect();
    Meta {
        description: summary.map(|summary| summary.text),
        release_info: facts.year.map(|year| year.to_string()),
        runtime: facts.runtime_min.map(|minutes| format!("{minutes} min")),
        tmdb_id: facts.tmdb,
        genres: some(facts.genres, GENRES_MAX),
        director: some(facts.directors, PEOPLE_MAX),
        cast: some(facts.cast, PEOPLE_MAX),
        links: vec![MetaLink {
            name: notice.to_owned(),
            category: ATTRIBUTION.to_owned(),
            url: page,
        }],
        ..Meta::new(imdb.to_string(), "movie", facts.title)
    }
}
