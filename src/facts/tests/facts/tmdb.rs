//! TheMovieDB.

use facts::Fault;
use facts::tmdb::{Episode, Facts, Hits, Images, Kind, Picture, Season, Series};

use super::answer;

const FILM: &str = include_str!("answers/tmdb_film.json");
const SERIES: &str = include_str!("answers/tmdb_series.json");

#[test]
fn a_film_is_told_whole() {
    let film = Facts::of(&answer(200, FILM)).unwrap();
    assert_eq!(
        (film.id, film.imdb.unwrap().to_string()),
        (45745, "tt1727587".into())
    );
    assert_eq!(
        (film.year, film.runtime_min, film.rating),
        (Some(2010), Some(14), Some(7.5))
    );
    assert_eq!(film.overview, "");
    // It has none of its own: the first of the list.
    assert_eq!(film.poster.as_deref(), Some("/poster.jpg"));
    assert_eq!(film.backdrop.as_deref(), Some("/backdrop.jpg"));
    assert_eq!(film.logo.as_deref(), Some("/logo.png"));
    assert_eq!(
        (film.genres, film.countries),
        (
            vec!["Animation".into(), "Fantastique".into()],
            vec!["NL".to_owned()]
        )
    );
    assert_eq!(film.by, ["A Director"]);
    assert_eq!((film.cast.len(), film.cast[0].role.as_str()), (2, "Sintel"));
    let trailers: Vec<&str> = film.trailers.iter().map(|it| it.youtube.as_str()).collect();
    assert_eq!(trailers, ["aTrailer002", "aTrailer001", "aTeaser0001"]);
    let similar = &film.similar[0];
    assert_eq!(
        (similar.kind, similar.year, similar.rating),
        (Kind::Film, None, None)
    );
}

#[test]
fn certifications_are_by_country() {
    let film = Facts::of(&answer(200, FILM)).unwrap();
    for (country, expected) in [
        ("FR", Some("TP")),
        ("US", Some("PG")),
        ("NL", None),
        ("XX", None),
    ] {
        assert_eq!(film.certification(country), expected, "{country}");
    }
    let series = Series::of(&answer(200, SERIES)).unwrap();
    assert_eq!(series.facts.certification("US"), Some("TV-14"));
    assert_eq!(series.facts.certification("DE"), None);
}

#[test]
fn a_series_has_its_seasons_in_order() {
    let series = Series::of(&answer(200, SERIES)).unwrap();
    let seasons: Vec<u16> = series.seasons.iter().map(|season| season.number).collect();
    assert_eq!(seasons, [1, 2, 0]);
    assert_eq!(series.next, Some((2, 1, "2027-01-02".into())));
    assert!(!series.ended);
    assert_eq!(
        (series.facts.title.as_str(), series.facts.rating),
        ("Pioneer One", Some(6.8))
    );
    assert_eq!(series.facts.cast[0].role, "Tom");
    assert_eq!(
        (series.facts.runtime_min, series.facts.by),
        (Some(34), vec!["A Maker".into()])
    );

    let body = r#"{"season_number":1,"name":"Season 1","overview":null,"poster_path":null,
        "episodes":[
          {"season_number":1,"episode_number":2,"name":"Two","runtime":null,"still_path":"/2.jpg"},
          {"season_number":1,"episode_number":1,"name":"One","air_date":"2010-06-16","runtime":34},
          {"name":"no number"}]}"#;
    let season = Season::of(&answer(200, body)).unwrap();
    let names: Vec<&str> = season.episodes.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["One", "Two"]);
    let body = r#"{"season_number":0,"episode_number":3,"name":"Special"}"#;
    let special = Episode::of_answer(&answer(200, body)).unwrap();
    assert_eq!((special.season, special.number), (0, 3));
}

#[test]
fn lists_are_of_films_and_series() {
    let body = r#"{"page":1,"total_pages":2,"total_results":"21","results":[
        {"media_type":"movie","id":1,"title":"Sintel","release_date":"2010-09-30","vote_count":3,
         "vote_average":7.5},
        {"media_type":"tv","id":2,"name":"Pioneer One","first_air_date":"2010-06-16"},
        {"media_type":"person","id":3,"name":"Somebody"},
        {"media_type":"movie","title":"no number"}, 7]}"#;
    let hits = Hits::of(&answer(200, body), None).unwrap();
    assert_eq!((hits.pages, hits.total, hits.hits.len()), (2, 21, 2));
    assert_eq!(hits.hits[1].kind, Kind::Series);
    let body = r#"{"movie_results":[{"id":1,"title":"Sintel"}],"tv_results":[],
        "person_results":[],"tv_episode_results":[],"tv_season_results":[]}"#;
    let found = Hits::of_find(&answer(200, body)).unwrap();
    assert_eq!((found.hits.len(), found.hits[0].kind), (1, Kind::Film));
    let none = r#"{"page":1,"results":[],"total_pages":0,"total_results":0}"#;
    assert_eq!(
        Hits::of(&answer(200, none), Some(Kind::Film)).unwrap().hits,
        []
    );
}

#[test]
fn pictures_are_where_the_configuration_says() {
    let body = r#"{"images":{"base_url":"http://image.example/t/p/",
        "secure_base_url":"https://image.example/t/p/","poster_sizes":["w92","w500","original"],
        "backdrop_sizes":["w1280","w300","original"],"profile_sizes":["w45","h632"]}}"#;
    let images = Images::of(&answer(200, body)).unwrap();
    let url = |picture, width| images.url("/a.jpg", picture, width).unwrap();
    assert_eq!(
        url(Picture::Poster, 300),
        "https://image.example/t/p/w500/a.jpg"
    );
    assert_eq!(
        url(Picture::Backdrop, 200),
        "https://image.example/t/p/w300/a.jpg"
    );
    assert_eq!(
        url(Picture::Profile, 100),
        "https://image.example/t/p/original/a.jpg"
    );
    assert_eq!(
        url(Picture::Logo, 1),
        "https://image.example/t/p/original/a.jpg"
    );
    let plain = body.replace("https://image.example", "http://image.example");
    let fault = Images::of(&answer(200, &plain)).unwrap_err();
    assert_eq!(fault, Fault::Shape("images.secure_base_url"));
}

#[test]
fn refusals_are_told_apart() {
    let said =
        |code: u16| format!(r#"{{"status_code":{code},"status_message":"x","success":false}}"#);
    for (status, body, expected) in [
        (401, said(7), Fault::Refused),
        (404, said(34), Fault::NotFound),
        (429, said(25), Fault::TooMany { wait: None }),
        // A refusal with a good status.
        (200, said(7), Fault::Refused),
        (200, said(34), Fault::NotFound),
        (200, said(25), Fault::TooMany { wait: None }),
        (200, said(11), Fault::Said("x".into())),
        (200, "[]".into(), Fault::Shape("object")),
        (200, r#"{"id":1}"#.into(), Fault::Shape("title")),
        (
            500,
            String::new(),
            Fault::Down {
                status: 500,
                wait: None,
            },
        ),
    ] {
        assert_eq!(
            Facts::of(&answer(status, &body)),
            Err(expected),
            "{status} {body}"
        );
    }
}
