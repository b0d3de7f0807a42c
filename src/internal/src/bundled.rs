//! The films that come with the box as an add-on, so that other clients on the home network can
//! have them too.
//!
//! The box itself shows these rows without asking anybody: they are its catalogue.

use std::collections::HashMap;
use std::sync::Arc;

use addon::{
    AddOn, AddOnError, Answer, AnswerFuture, Body, CatalogEntry, Extra, InfoHash, Manifest,
    ManifestHints, Meta, MetaLink, PAGE_ITEMS, Request, Resource, Rule, Source, Stream,
    StreamHints, Torrent,
};
use app::{Film, Reach, Row, own};

use crate::LICENCE;

/// Before a film's id.
pub const PREFIX: &str = "matinee:";

/// The add-on.
#[derive(Debug, Clone)]
pub struct Bundled(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    manifest: Arc<Manifest>,
    rows: Vec<Vec<String>>,
    films: HashMap<String, Film>,
}

impl Bundled {
    pub fn new(rows: Vec<Row>) -> Bundled {
        let types = vec!["movie".to_owned()];
        let rule = |resource| Rule {
            resource,
            types: types.clone(),
            id_prefixes: Some(vec![PREFIX.to_owned()]),
        };
        let catalogs = rows.iter().enumerate().map(|(at, row)| CatalogEntry {
            name: Some(row.title.clone()),
            extra: vec![Extra::new("search"), Extra::new("skip")],
            ..CatalogEntry::new("movie", format!("row-{at}"))
        });
        let manifest = Manifest {
            id: crate::add_on_id("bundled"),
            name: own::BUNDLED.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            description: Some(own::BUNDLED_ABOUT.to_owned()),
            resources: vec![rule(Resource::Meta), rule(Resource::Stream)],
            catalogs: catalogs.collect(),
            hints: ManifestHints {
                p2p: true,
                ..ManifestHints::default()
            },
            types,
            ..Manifest::default()
        };
        let mut films = HashMap::new();
        let rows = rows.into_iter().map(|row| {
            let row = row.films.into_iter().map(|film| {
                let id = format!("{PREFIX}{}", film.id.0);
                films.insert(id.clone(), film);
                id
            });
            row.collect()
        });
        let rows = rows.collect();
        Bundled(Arc::new(Inner {
            manifest: Arc::new(manifest),
            rows,
            films,
        }))
    }
}

impl AddOn for Bundled {
    fn manifest(&self) -> Arc<Manifest> {
        Arc::clone(&self.0.manifest)
    }

    fn answer(&self, request: Request) -> AnswerFuture {
        let answer = self.0.answer(&request);
        Box::pin(async { answer.map(Answer::new) })
    }
}

impl Inner {
    fn answer(&self, request: &Request) -> Result<Body, AddOnError> {
        self.manifest.admit(request)?;
        let film = self.films.get(&request.id);
        Ok(match request.resource {
            Resource::Catalog => Body::Catalog(self.catalog(request)),
            Resource::Meta => Body::Meta(film.map(|film| Box::new(meta(&request.id, film)))),
            _ => Body::Streams(film.map(streams).unwrap_or_default()),
        })
    }

    fn catalog(&self, request: &Request) -> Vec<Meta> {
        let row = request.id.strip_prefix("row-");
        let row = row.and_then(|at| self.rows.get(at.parse::<usize>().ok()?));
        let words = request.extra("search").unwrap_or_default().to_lowercase();
        let films = row.into_iter().flatten();
        let films = films.filter_map(|id| Some((id, self.films.get(id)?)));
        let meant = films.filter(|(_, film)| film.title.to_lowercase().contains(&words));
        let page = meant.skip(request.skip()).take(PAGE_ITEMS);
        page.map(|(id, film)| meta(id, film)).collect()
    }
}

fn meta(id: &str, film: &Film) -> Meta {
    let poster = film.poster.as_ref().map(|poster| poster.0.to_string());
    let licence = film.licence.as_ref().map(|licence| MetaLink {
        name: licence.name.clone(),
        category: LICENCE.to_owned(),
        url: licence.url.clone(),
    });
    let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    Meta {
        // A picture on the box's disk is for the box.
        poster: poster.filter(|poster| poster.starts_with("http")),
        description: some(&film.synopsis),
        release_info: film.year.map(|year| year.to_string()),
        runtime: film.runtime_min.map(|minutes| format!("{minutes} min")),
        genres: film.genres.clone(),
        director: some(&film.by).into_iter().collect(),
        links: licence.into_iter().collect(),
        ..Meta::new(id, "movie", film.title.clone())
    }
}

fn streams(film: &Film) -> Vec<Stream> {
    let streams = film.sources.iter().filter_map(|source| {
        let (of, file) = match &source.reach {
            Reach::Torrent(torrent) => {
                let of = Source::Torrent(Torrent {
                    info_hash: InfoHash(torrent.info_hash),
                    file: torrent.file,
                    trackers: torrent.trackers.clone(),
                    ..Torrent::default()
                });
                (of, Some(torrent.name.clone()))
            }
            Reach::Web(web) => (Source::Url(web.url.clone()), web.name.clone()),
            Reach::File(_) => return None,
        };
        Some(Stream {
            name: Some(own::BUNDLED.to_owned()),
            description: Some(source.label.clone()),
            hints: StreamHints {
                filename: file,
                video_bytes: source.offer.size_bytes,
                ..StreamHints::default()
            },
            ..Stream::of(of)
        })
    });
    streams.collect()
}
