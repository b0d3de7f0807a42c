//! What TheMovieDB knows as metas of the add-on protocol.

use addon::{Meta, MetaLink, Trailer, Video};
use facts::Imdb;
use facts::tmdb::{ATTRIBUTION as NOTICE, Facts, Hit, Images, Kind, Picture, Season, Series};

use super::PREFIX;
use crate::{AGE, ATTRIBUTION, CERTIFICATION, ORIGINAL_TITLE, SIMILAR};

/// Pixels: a card of the wall on a screen of 1920, and one that is read from near.
const POSTER_WIDTH: u16 = 500;
/// The picture behind a page; larger ones cost seconds on small boards.
const BACKDROP_WIDTH: u16 = 1280;
const STILL_WIDTH: u16 = 300;
const LOGO_WIDTH: u16 = 500;
/// Titles that are named as similar; it lists twenty.
const SIMILAR_MAX: usize = 20;
/// The best one is played; the rest is for who has another language.
const TRAILERS_MAX: usize = 5;

pub(super) fn tile(hit: &Hit, imdb: Option<Imdb>, images: &Images) -> Meta {
    let picture = |path: &Option<String>, kind, width| {
        let path = path.as_deref()?;
        images.url(path, kind, width)
    };
    Meta {
        poster: picture(&hit.poster, Picture::Poster, POSTER_WIDTH),
        background: picture(&hit.backdrop, Picture::Backdrop, BACKDROP_WIDTH),
        description: Some(hit.overview.clone()).filter(|text| !text.is_empty()),
        release_info: hit.year.map(|year| year.to_string()),
        imdb_rating: hit.rating.map(|rating| rating as f32),
        tmdb_id: Some(hit.id),
        links: vec![notice(hit.kind, hit.id)],
        ..Meta::new(id(imdb, hit.id), word(hit.kind), hit.title.clone())
    }
}

fn id(imdb: Option<Imdb>, number: u64) -> String {
    imdb.map_or_else(|| format!("{PREFIX}{number}"), |imdb| imdb.to_string())
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Film => "movie",
        Kind::Series => "series",
    }
}

fn site(kind: Kind, number: u64) -> String {
    let word = match kind {
        Kind::Film => "movie",
        Kind::Series => "tv",
    };
    format!("https://www.themoviedb.org/{word}/{number}")
}

fn notice(kind: Kind, number: u64) -> MetaLink {
    MetaLink {
        name: NOTICE.to_owned(),
        category: ATTRIBUTION.to_owned(),
        url: site(kind, number),
    }
}

/// All that is known of one title.
pub(super) struct Told<'f> {
    pub(super) facts: &'f Facts,
    pub(super) kind: Kind,
    /// ISO 3166-1
    pub(super) country: &'f str,
    pub(super) images: &'f Images,
}

impl Told<'_> {
    /// By the id that was asked for.
    pub(super) fn meta(&self, asked: &str, seasons: &[Season], series: Option<&Series>) -> Meta {
        let facts = self.facts;
        let trailers = facts.trailers.iter().take(TRAILERS_MAX);
        let mut meta = Meta {
            poster: self.picture(facts.poster.as_ref(), Picture::Poster, POSTER_WIDTH),
            background: self.picture(facts.backdrop.as_ref(), Picture::Backdrop, BACKDROP_WIDTH),
            logo: self.picture(facts.logo.as_ref(), Picture::Logo, LOGO_WIDTH),
            description: Some(facts.overview.clone()).filter(|text| !text.is_empty()),
            release_info: facts.year.map(|year| year.to_string()),
            released: facts.released.clone(),
            runtime: facts.runtime_min.map(|minutes| format!("{minutes} min")),
            imdb_rating: facts.rating.map(|rating| rating as f32),
            imdb_id: facts.imdb.map(|id| id.to_string()),
            tmdb_id: Some(facts.id),
            genres: facts.genres.clone(),
            director: facts.by.clone(),
            cast: facts
                .cast
                .iter()
                .map(|person| person.name.clone())
                .collect(),
            country: facts.countries.first().cloned(),
            language: Some(facts.original_language.clone()).filter(|text| !text.is_empty()),
            links: self.links(),
            trailers: trailers
                .map(|trailer| Trailer {
                    source: trailer.youtube.clone(),
                    kind: "Trailer".to_owned(),
                })
                .collect(),
            ..Meta::new(asked, word(self.kind), facts.title.clone())
        };
        // Episodes go by what others know the series by.
        let known = id(facts.imdb, facts.id);
        let base = if asked.starts_with("tt") {
            asked
        } else {
            &known
        };
        meta.videos = self.videos(base, seasons);
        if let Some(series) = series {
            meta.hints.has_scheduled_videos = series.next.is_some() && !series.ended;
        }
        meta
    }

    fn picture(&self, path: Option<&String>, kind: Picture, width: u16) -> Option<String> {
        self.images.url(path?, kind, width)
    }

    fn links(&self) -> Vec<MetaLink> {
        let facts = self.facts;
        let link = |name: &str, category: &str, url: String| MetaLink {
            name: name.to_owned(),
            category: category.to_owned(),
            url,
        };
        let mut links = vec![notice(self.kind, facts.id)];
        let mut certifications = facts.certifications.iter();
        let certification = certifications.find(|(country, _)| country == self.country);
        if let Some((_, certification)) = certification {
            let page = site(self.kind, facts.id);
            links.push(link(certification, CERTIFICATION, page));
        }
        if let Some(age) = facts::ages::age(&facts.certifications, self.country) {
            links.push(link(&age.to_string(), AGE, site(self.kind, facts.id)));
        }
        if facts.original_title != facts.title {
            let page = site(self.kind, facts.id);
            links.push(link(&facts.original_title, ORIGINAL_TITLE, page));
        }
        let similar = facts.similar.iter().filter(|hit| !hit.adult);
        links.extend(similar.take(SIMILAR_MAX).map(|hit| {
            let url = format!("stremio:///detail/{}/tmdb%3A{}", word(hit.kind), hit.id);
            link(&hit.title, SIMILAR, url)
        }));
        links
    }

    fn videos(&self, base: &str, seasons: &[Season]) -> Vec<Video> {
        let episodes = seasons.iter().flat_map(|season| &season.episodes);
        let videos = episodes.map(|episode| Video {
            id: format!("{base}:{}:{}", episode.season, episode.number),
            title: episode.name.clone(),
            released: episode.aired.clone(),
            season: Some(u32::from(episode.season)),
            episode: Some(u32::from(episode.number)),
            overview: Some(episode.overview.clone()).filter(|text| !text.is_empty()),
            thumbnail: self.picture(episode.still.as_ref(), Picture::Still, STILL_WIDTH),
            ..Video::default()
        });
        videos.collect()
    }
}
