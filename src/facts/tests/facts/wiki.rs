//! Wikidata and Wikipedia.

use facts::wiki::{FILMS_MAX, Facts, FreeFilm, Summary, Wiki};
use facts::{Fault, Imdb, Request};

use super::answer;

const FILMS: &str = include_str!("answers/wikidata.json");

fn query(request: &Request) -> String {
    let url = url::Url::parse(&request.url).unwrap();
    let mut pairs = url.query_pairs();
    let (_, query) = pairs.find(|(name, _)| name == "query").unwrap();
    query.into_owned()
}

#[test]
fn many_films_are_one_question() {
    let wiki = Wiki::new("fr-CA");
    let ids: Vec<Imdb> = (1..=60).map(Imdb).collect();
    let request = wiki.films(&ids);
    assert!(
        request
            .url
            .starts_with("https://query.wikidata.org/sparql?query=")
    );
    assert!(request.url.len() < 8000, "{}", request.url.len());
    assert_eq!(
        request.header("accept"),
        Some("application/sparql-results+json")
    );
    let query = query(&request);
    assert_eq!(query.matches("\"tt").count(), FILMS_MAX);
    assert!(query.contains("\"fr,en,mul\"") && query.contains("https://fr.wikipedia.org/"));
    for (open, close) in [('{', '}'), ('(', ')')] {
        assert_eq!(
            query.matches(open).count(),
            query.matches(close).count(),
            "{query}"
        );
    }
    let injected = Wiki::new("fr\") } #");
    assert!(
        injected
            .summary("a")
            .url
            .starts_with("https://en.wikipedia.org/")
    );
}

#[test]
fn films_are_read() {
    let films = Facts::of(&answer(200, FILMS)).unwrap();
    let [sintel, other] = films.as_slice() else {
        panic!("{films:?}")
    };
    assert_eq!(sintel.imdb, Some(Imdb(1_727_587)));
    assert_eq!(
        (sintel.tmdb, sintel.year, sintel.runtime_min),
        (Some(45745), Some(2010), Some(15))
    );
    assert_eq!(sintel.cast, ["One", "Two"]);
    assert_eq!(
        (&sintel.directors[..], &sintel.genres[..]),
        (&["A Director".to_owned()][..], &[][..])
    );
    assert_eq!(sintel.article.as_deref(), Some("Sintel (film) ½"));
    assert_eq!(
        (sintel.title.as_str(), sintel.archive.as_deref()),
        ("Sintel", Some("Sintel"))
    );
    assert_eq!(
        sintel.image.as_deref(),
        Some("https://commons.wikimedia.org/wiki/Special:FilePath/Sintel.jpg")
    );
    assert_eq!(
        (other.imdb, &other.image, other.title.as_str()),
        (None, &None, "")
    );
}

#[test]
fn free_films_come_in_pages() {
    let request = Wiki::new("en").free_films(2000);
    assert!(query(&request).ends_with("LIMIT 1000 OFFSET 2000"));
    let body = r#"{"results":{"bindings":[
        {"imdb":{"value":"tt1727587"},"archive":{"value":"Sintel"},"date":{"value":"2010-09-27"}},
        {"imdb":{"value":"tt1254207"}}, 1]}}"#;
    let films = FreeFilm::of(&answer(200, body)).unwrap();
    let sintel = FreeFilm {
        imdb: Imdb(1_727_587),
        archive: "Sintel".into(),
        year: Some(2010),
    };
    assert_eq!(films, [sintel]);
}

#[test]
fn a_summary_has_its_link() {
    let wiki = Wiki::new("fr");
    let request = wiki.summary("Sintel (film)");
    assert_eq!(
        request.url,
        "https://fr.wikipedia.org/api/rest_v1/page/summary/Sintel_%28film%29"
    );
    assert!(
        wiki.summary("../../a?b")
            .url
            .ends_with("/summary/..%2F..%2Fa%3Fb")
    );
    let body = r#"{"type":"standard","title":"Sintel","extract":"Un film libre.",
        "thumbnail":{"source":"https://upload.wikimedia.org/a.jpg"},
        "content_urls":{"desktop":{"page":"https://fr.wikipedia.org/wiki/Sintel"}}}"#;
    let summary = Summary::of(&answer(200, body)).unwrap();
    assert_eq!(
        (summary.text.as_str(), summary.url.as_str()),
        ("Un film libre.", "https://fr.wikipedia.org/wiki/Sintel")
    );
    for (status, body, expected) in [
        (
            200,
            body.replace("standard", "disambiguation"),
            Fault::NotFound,
        ),
        (
            200,
            body.replace("content_urls", "x"),
            Fault::Shape("content_urls"),
        ),
        (200, body.replace("extract", "x"), Fault::Shape("extract")),
        (404, String::new(), Fault::NotFound),
        (429, String::new(), Fault::TooMany { wait: None }),
    ] {
        assert_eq!(Summary::of(&answer(status, &body)), Err(expected));
    }
    let fault = Facts::of(&answer(200, "{}")).unwrap_err();
    assert_eq!(fault, Fault::Shape("results.bindings"));
}
