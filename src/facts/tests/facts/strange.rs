//! Any bytes, any JSON, and JSON with the right names and wrong values: no panic, bounded answers.

use std::time::Duration;

use facts::archive::{Archive, Item, Page};
use facts::opensubtitles::{Query, Session, Wanted};
use facts::{Answer, Secret, tmdb, wiki};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// What is seen in a list, at most.
const LIST_MAX: usize = 1000;

/// Names that any of the sources' answers have.
const NAMES: &[&str] = &[
    "response",
    "numFound",
    "docs",
    "identifier",
    "title",
    "name",
    "year",
    "date",
    "metadata",
    "files",
    "format",
    "length",
    "size",
    "licenseurl",
    "collection",
    "is_dark",
    "btih",
    "id",
    "results",
    "release_date",
    "genres",
    "credits",
    "cast",
    "crew",
    "videos",
    "images",
    "posters",
    "file_path",
    "seasons",
    "season_number",
    "episode_number",
    "episodes",
    "iso_3166_1",
    "release_dates",
    "certification",
    "data",
    "attributes",
    "feature_details",
    "file_id",
    "fps",
    "language",
    "token",
    "base_url",
    "link",
    "remaining",
    "reset_time_utc",
    "bindings",
    "value",
    "w",
    "imdb",
    "directors",
    "extract",
    "content_urls",
    "desktop",
    "page",
    "type",
    "error",
    "success",
    "status_code",
    "secure_base_url",
    "poster_sizes",
    "movie_results",
    "key",
    "site",
];

fn texts() -> impl Strategy<Value = String> {
    let known = vec![
        "h.264",
        "Archive BitTorrent",
        "YouTube",
        "Trailer",
        "2010-09-27",
        "14:48",
        "1e999",
        "-1",
        "true",
        "https://creativecommons.org/licenses/by/4.0/",
        "tt1727587",
        "Q1",
        "a.en.srt",
        "2026-11-27T09:00:00.000Z",
        "999999999-99-99T99:99:99Z",
        "&#x110000;",
        "<p",
        "w342",
        "é",
        "https://evil.example/",
        "18446744073709551616",
        "Sintel.mp4",
        "::::",
    ];
    prop_oneof![
        4 => prop::sample::select(known).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        2 => any::<i64>().prop_map(Value::from),
        2 => any::<u64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        2 => (0..3000_u32).prop_map(Value::from),
        5 => texts().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 120, 12, |inner| {
        let name = prop::sample::select(NAMES);
        let entries = prop::collection::vec((name, inner.clone()), 0..12);
        prop_oneof![
            1 => prop::collection::vec(inner, 0..6).prop_map(Value::from),
            2 => entries.prop_map(|entries| {
                let entries = entries.into_iter().map(|(name, value)| (name.to_owned(), value));
                Value::from(entries.collect::<Map<_, _>>())
            }),
        ]
    })
}

/// Puts any value somewhere into a sound answer.
fn spoilt(sound: &str, at: usize, value: Value) -> String {
    let mut json: Value = serde_json::from_str(sound).unwrap();
    let pointers = pointers(&json);
    *json.pointer_mut(&pointers[at % pointers.len()]).unwrap() = value;
    json.to_string()
}

/// Where in the value something can be put.
fn pointers(value: &Value) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut inside = |name: String, value: &Value| {
        all.extend(
            pointers(value)
                .into_iter()
                .map(|rest| format!("/{name}{rest}")),
        );
    };
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(name, value)| inside(name.clone(), value)),
        Value::Array(list) => {
            let list = list.iter().enumerate();
            list.for_each(|(at, value)| inside(at.to_string(), value));
        }
        _ => {}
    }
    all
}

/// All that can be read of an answer.
fn read_all(status: u16, body: &[u8]) {
    let headers = [
        ("retry-after".to_owned(), "99999999999999999999".to_owned()),
        ("location".to_owned(), "http://[".to_owned()),
    ];
    let answer = Answer {
        status,
        headers: &headers,
        body,
    };
    if let Ok(page) = Page::of(&answer) {
        assert!(page.hits.len() <= LIST_MAX);
    }
    if let Ok(item) = Item::of(&Archive::default(), &answer) {
        assert!(item.videos.len() + item.subtitles.len() <= LIST_MAX);
        for video in item.videos {
            assert!(
                video.url.starts_with("https://archive.org/download/"),
                "{}",
                video.url
            );
        }
    }
    if let Ok(film) = tmdb::Facts::of(&answer) {
        assert!(film.cast.len() <= LIST_MAX && film.rating.is_none_or(|it| it <= 10.0));
    }
    let _ = tmdb::Series::of(&answer);
    let _ = tmdb::Season::of(&answer);
    let _ = tmdb::Episode::of_answer(&answer);
    let _ = tmdb::Hits::of(&answer, None);
    let _ = tmdb::Hits::of_find(&answer);
    if let Ok(images) = tmdb::Images::of(&answer) {
        let url = images.url("/a.jpg", tmdb::Picture::Poster, 100);
        assert!(url.unwrap().starts_with("https://"));
    }
    let _ = wiki::Facts::of(&answer);
    let _ = wiki::FreeFilm::of(&answer);
    if let Ok(summary) = wiki::Summary::of(&answer) {
        assert!(summary.url.starts_with("https://"));
    }
    let now = Duration::from_secs(1_795_737_600);
    let mut session = Session::new(Secret::new("key"), Some(("a".into(), Secret::new("b"))));
    let _ = session.logged_in(&answer, now);
    if let Ok(page) = session.searched(&answer, now) {
        page.subtitles.iter().for_each(|it| {
            it.fit(&Wanted::default());
        });
    }
    let _ = session.downloaded(&answer, now);
    let _ = Session::fetched(&answer, now);
    // Whatever was said: after two days one may ask again, or never for a reason.
    let later = now + Duration::from_secs(2 * 24 * 3600);
    let again = session.search(&Query::default(), later);
    assert!(again.is_ok() || status == 403, "{again:?}");
}

fn statuses() -> impl Strategy<Value = u16> {
    prop_oneof![
        6 => Just(200_u16),
        1 => prop::sample::select(vec![301_u16, 400, 401, 403, 404, 406, 407, 410, 429, 500, 503]),
        1 => any::<u16>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(status in statuses(), body in any::<Vec<u8>>()) {
        read_all(status, &body);
    }

    #[test]
    fn any_json_is_read(status in statuses(), body in any_json()) {
        read_all(status, body.to_string().as_bytes());
    }

    #[test]
    fn spoilt_answers_are_read(
        which in 0..6_usize, at in any::<prop::sample::Index>(), value in any_json(),
    ) {
        let sound = [
            include_str!("answers/archive_search.json"),
            include_str!("answers/archive_item.json"),
            include_str!("answers/tmdb_film.json"),
            include_str!("answers/tmdb_series.json"),
            include_str!("answers/opensubtitles_search.json"),
            include_str!("answers/wikidata.json"),
        ][which];
        read_all(200, spoilt(sound, at.index(10_000), value).as_bytes());
    }
}

#[test]
fn what_is_deep_is_no_answer() {
    let deep = "[".repeat(100_000);
    read_all(200, deep.as_bytes());
    read_all(200, format!("{deep}{}", "]".repeat(100_000)).as_bytes());
}

#[test]
fn what_is_long_is_cut() {
    let hits: Vec<Value> = (0..20_000)
        .map(|at| json!({ "identifier": format!("i{at}"), "title": "x" }))
        .collect();
    let body = json!({ "response": { "numFound": 20_000, "docs": hits } }).to_string();
    let page = Page::of(&super::answer(200, &body)).unwrap();
    assert_eq!(page.hits.len(), 500);
    let files: Vec<Value> = (0..20_000)
        .map(|at| json!({ "name": format!("{at}.mp4"), "format": "h.264" }))
        .collect();
    let body = json!({ "metadata": { "identifier": "a", "title": "y".repeat(1 << 20) },
        "files": files })
    .to_string();
    let item = Item::of(&Archive::default(), &super::answer(200, &body)).unwrap();
    assert_eq!((item.videos.len(), item.title.len()), (500, 16 << 10));
}
