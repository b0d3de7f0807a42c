//! Titles of add-ons: films and series without sources, and what is told of them.

use std::sync::Arc;

use app::{Episode, Facts, Film, FilmId, Licence, Row, Title};

use super::film;

/// A film that an add-on names and knows no source of.
pub(crate) fn titled(kind: &str, id: &str) -> Film {
    Film {
        id: FilmId(format!("{kind}:{id}")),
        origin: Some(Title::new(kind, id)),
        ..film(id, 0)
    }
}

pub(crate) fn added_row() -> Row {
    Row {
        id: "added".into(),
        more: true,
        ..Row::new(
            "Added",
            vec![titled("movie", "fox"), titled("series", "owl")],
        )
    }
}

/// What is told of the series `owl`: two seasons of two episodes, and a special.
pub(crate) fn owl() -> Film {
    owl_of(&[(0, 1), (1, 1), (1, 2), (2, 1), (2, 2)])
}

/// The same with one season of six.
pub(crate) fn owl_of_six() -> Film {
    owl_of(&[(1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (1, 6)])
}

fn owl_of(numbers: &[(u16, u16)]) -> Film {
    let episode = |&(season, number): &(u16, u16)| {
        Arc::new(Episode {
            series: Title::new("series", "owl"),
            series_name: "OWL".into(),
            id: format!("owl:{season}:{number}").into(),
            season,
            number,
            name: format!("Part {number}"),
            synopsis: String::new(),
            released: None,
            still: None,
            runtime_min: Some(2),
        })
    };
    Film {
        facts: Some(Arc::new(Facts {
            episodes: numbers.iter().map(episode).collect(),
            ..Facts::default()
        })),
        ..titled("series", "owl")
    }
}

/// What is told of the film `fox`: its licence and a trailer.
pub(crate) fn fox() -> Film {
    let facts = Facts {
        youtube: Some("eRsGyueVLvQ".into()),
        ..Facts::default()
    };
    Film {
        facts: Some(Arc::new(facts)),
        licence: Some(Licence {
            name: "CC BY 3.0".into(),
            url: "https://creativecommons.org/licenses/by/3.0/".into(),
        }),
        ..titled("movie", "fox")
    }
}

/// The same film in two parts.
pub(crate) fn parts() -> Film {
    let part = |number: u16| {
        Arc::new(Episode {
            series: Title::new("movie", "fox"),
            series_name: "FOX".into(),
            id: format!("fox:{number}").into(),
            season: 1,
            number,
            name: format!("Reel {number}"),
            synopsis: String::new(),
            released: None,
            still: None,
            runtime_min: Some(2),
        })
    };
    let facts = Facts {
        episodes: [1, 2].map(part).into(),
        ..Facts::default()
    };
    Film {
        facts: Some(Arc::new(facts)),
        ..titled("movie", "fox")
    }
}
