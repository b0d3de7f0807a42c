//! The names that add-ons have for films and series, and the facts told of them, as JSON.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Film, Reach};

#[derive(Serialize, Deserialize)]
pub(crate) struct Title {
    pub(crate) kind: String,
    pub(crate) id: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Episode {
    series: Title,
    #[serde(default)]
    series_name: String,
    id: String,
    season: u16,
    number: u16,
    #[serde(default)]
    name: String,
    #[serde(default)]
    synopsis: String,
    #[serde(default)]
    released: Option<String>,
    #[serde(default)]
    still: Option<String>,
    #[serde(default)]
    runtime_min: Option<u16>,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
pub(crate) struct Facts {
    original_title: Option<String>,
    pub(crate) backdrop: Option<String>,
    cast: Vec<String>,
    directors: Vec<String>,
    rating: Option<u8>,
    certification: Option<String>,
    country: Option<String>,
    pub(crate) trailer: Option<Trailer>,
    youtube: Option<String>,
    /// Without facts and ways to get them: they are there to be asked about.
    pub(crate) similar: Vec<Film>,
    episodes: Vec<Episode>,
    attribution: Vec<String>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Trailer {
    name: String,
    pub(crate) reach: Reach,
}

impl From<&app::Title> for Title {
    fn from(title: &app::Title) -> Self {
        Title {
            kind: title.kind.to_string(),
            id: title.id.to_string(),
        }
    }
}

impl From<Title> for app::Title {
    fn from(title: Title) -> Self {
        app::Title::new(&title.kind, &title.id)
    }
}

impl From<&app::Episode> for Episode {
    fn from(episode: &app::Episode) -> Self {
        Episode {
            series: Title::from(&episode.series),
            series_name: episode.series_name.clone(),
            id: episode.id.to_string(),
            season: episode.season,
            number: episode.number,
            name: episode.name.clone(),
            synopsis: episode.synopsis.clone(),
            released: episode.released.clone(),
            still: super::address(episode.still.as_ref()),
            runtime_min: episode.runtime_min,
        }
    }
}

impl From<Episode> for app::Episode {
    fn from(episode: Episode) -> Self {
        app::Episode {
            series: episode.series.into(),
            series_name: episode.series_name,
            id: episode.id.into(),
            season: episode.season,
            number: episode.number,
            name: episode.name,
            synopsis: episode.synopsis,
            released: episode.released,
            still: super::poster(episode.still),
            runtime_min: episode.runtime_min,
        }
    }
}

impl From<&app::Facts> for Facts {
    fn from(facts: &app::Facts) -> Self {
        let bare = |film: &app::Film| Film {
            facts: None,
            sources: Vec::new(),
            ..Film::from(film)
        };
        let episodes = facts.episodes.iter();
        Facts {
            original_title: facts.original_title.clone(),
            backdrop: super::address(facts.backdrop.as_ref()),
            cast: facts.cast.clone(),
            directors: facts.directors.clone(),
            rating: facts.rating,
            certification: facts.certification.clone(),
            country: facts.country.clone(),
            trailer: facts.trailer.as_ref().map(|trailer| Trailer {
                name: trailer.name.clone(),
                reach: Reach::from(&trailer.reach),
            }),
            youtube: facts.youtube.clone(),
            similar: facts.similar.iter().map(bare).collect(),
            episodes: episodes.map(|episode| Episode::from(&**episode)).collect(),
            attribution: facts.attribution.clone(),
        }
    }
}

impl From<Facts> for app::Facts {
    fn from(facts: Facts) -> Self {
        let episodes = facts.episodes.into_iter();
        app::Facts {
            original_title: facts.original_title,
            backdrop: super::poster(facts.backdrop),
            cast: facts.cast,
            directors: facts.directors,
            rating: facts.rating,
            certification: facts.certification,
            country: facts.country,
            trailer: facts.trailer.map(|trailer| app::Trailer {
                name: trailer.name,
                reach: trailer.reach.into(),
            }),
            youtube: facts.youtube,
            similar: facts.similar.into_iter().map(app::Film::from).collect(),
            episodes: episodes.map(|it| Arc::new(it.into())).collect(),
            attribution: facts.attribution,
        }
    }
}
