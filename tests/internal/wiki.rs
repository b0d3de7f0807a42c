//! Wikidata and Wikipedia as an add-on, against those of two films.

use addon::{AddOnError, Request, Resource};
use fixtures::wiki::{Known, WikiSite};
use internal::{ATTRIBUTION, Places, Wiki};

use crate::bench::{ANY, body, fetch, links, meta};

#[tokio::test]
async fn a_film_has_facts_and_a_text_with_its_licence() {
    let films = vec![
        Known {
            imdb: "tt0000011",
            title: "A Film",
            year: 1925,
            director: "Somebody",
            article: Some("A Film (1925)"),
            summary: "A Film is a film.",
            ..Known::default()
        },
        Known {
            imdb: "tt0000012",
            title: "Without",
            year: 1926,
            director: "Somebody",
            ..Known::default()
        },
    ];
    let site = WikiSite::start(ANY, films).await;
    let places = Places {
        wiki: Some(site.site.base()),
        ..Places::default()
    };
    let add_on = Wiki::new(&fetch(&places), &places, "en-GB");
    let film = meta(&add_on, "movie", "tt0000011").await.unwrap();
    assert_eq!(film.description.as_deref(), Some("A Film is a film."));
    assert_eq!(
        (film.year(), film.runtime_minutes()),
        (Some(1925), Some(64))
    );
    assert_eq!(film.director, ["Somebody"]);
    let article = "https://en.wikipedia.org/wiki/A_Film_(1925)".to_owned();
    let notice = "Wikipedia, CC BY-SA 4.0".to_owned();
    assert_eq!(links(&film, ATTRIBUTION), [(notice, article)]);
    let other = meta(&add_on, "movie", "tt0000012").await.unwrap();
    assert_eq!(other.description, None);
    assert_eq!(links(&other, ATTRIBUTION)[0].0, "Wikidata");
    assert_eq!(meta(&add_on, "movie", "tt0000013").await, None);
    let before = site.site.asked().len();
    assert_eq!(meta(&add_on, "movie", "tt0000011").await, Some(film));
    assert_eq!(site.site.asked().len(), before, "all of it is kept");
    let series = body(&add_on, Request::new(Resource::Meta, "series", "tt0000011")).await;
    assert_eq!(series, Err(AddOnError::Unsupported));
}
