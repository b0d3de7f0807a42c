//! TheMovieDB as an add-on, against one of a few titles.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use addon::{AddOnError, Request, Resource};
use facts::Secret;
use fixtures::tmdb::{TOKEN, Title, TmdbSite};
use internal::{ATTRIBUTION, CERTIFICATION, ORIGINAL_TITLE, Places, SIMILAR, Tmdb};

use crate::bench::{ANY, body, catalog, door, fetch, links, meta};

fn titles() -> Vec<Title> {
    let film = Title {
        id: 45745,
        imdb: Some("tt1727587"),
        name: "The Film",
        year: 2010,
        overview: "A film.",
        trailer: Some("abcDEF-_123"),
        ..Title::default()
    };
    let other = Title {
        id: 7,
        imdb: None,
        name: "Another Film",
        trailer: None,
        ..film.clone()
    };
    let series = Title {
        id: 9,
        imdb: Some("tt0108778"),
        name: "The Series",
        series: true,
        seasons: vec![1, 2],
        ..film.clone()
    };
    vec![film, other, series]
}

fn places(site: &TmdbSite) -> Places {
    Places {
        tmdb: Some(site.base()),
        ..Places::default()
    }
}

fn add_on(site: &TmdbSite, token: &str) -> Tmdb {
    let places = places(site);
    Tmdb::new(&fetch(&places), &places, Secret::new(token), "fr-FR", "fr")
}

#[tokio::test]
async fn a_film_has_all_its_facts_by_either_number() {
    let site = TmdbSite::start(ANY, titles()).await;
    let add_on = add_on(&site, TOKEN);
    let film = meta(&add_on, "movie", "tt1727587").await.unwrap();
    assert_eq!(
        (film.id.as_str(), film.name.as_str()),
        ("tt1727587", "The Film")
    );
    // There is no French text: the English one stands in.
    assert_eq!(film.description.as_deref(), Some("A film."));
    assert_eq!(film.director, ["A Director"]);
    assert_eq!(film.cast, ["An Actor"]);
    assert_eq!(
        (film.year(), film.runtime_minutes()),
        (Some(2010), Some(95))
    );
    let picture = |size: &str| Some(format!("https://image.example/t/p/{size}"));
    assert_eq!(film.poster, picture("w500/poster.jpg"));
    assert_eq!(film.background, picture("w1280/backdrop.jpg"));
    assert_eq!(film.trailers[0].source, "abcDEF-_123");
    assert_eq!(links(&film, CERTIFICATION)[0].0, "12");
    assert_eq!(links(&film, ORIGINAL_TITLE)[0].0, "The Film (original)");
    let similar = (
        "Another Film".to_owned(),
        "stremio:///detail/movie/tmdb%3A7".to_owned(),
    );
    assert_eq!(links(&film, SIMILAR), [similar]);
    let (notice, page) = links(&film, ATTRIBUTION)[0].clone();
    assert!(
        notice.contains("not endorsed or certified by TMDB"),
        "{notice}"
    );
    assert_eq!(page, "https://www.themoviedb.org/movie/45745");
    let by_its_own = meta(&add_on, "movie", "tmdb:45745").await.unwrap();
    assert_eq!(
        (by_its_own.imdb(), by_its_own.name.clone()),
        (Some("tt1727587"), film.name)
    );
    for (kind, id) in [
        ("movie", "tt0000404"),
        ("movie", "tmdb:404"),
        ("movie", "tmdb:x"),
        ("series", "tt1727587"),
    ] {
        assert_eq!(meta(&add_on, kind, id).await, None, "{kind} {id}");
    }
    let asked = site.site.asked();
    assert!(asked.iter().all(|it| !it.target.contains(TOKEN)));
}

#[tokio::test]
async fn a_series_has_its_seasons_and_specials() {
    let site = TmdbSite::start(ANY, titles()).await;
    let series = meta(&add_on(&site, TOKEN), "series", "tmdb:9")
        .await
        .unwrap();
    let videos: Vec<_> = series
        .videos
        .iter()
        .map(|video| (video.id.as_str(), video.season, video.title.as_str()))
        .collect();
    assert_eq!(
        videos,
        [
            ("tt0108778:1:1", Some(1), "Episode 1-1"),
            ("tt0108778:1:2", Some(1), "Episode 1-2"),
            ("tt0108778:0:1", Some(0), "Episode 0-1"),
        ]
    );
    assert!(series.hints.has_scheduled_videos);
    assert_eq!(links(&series, CERTIFICATION)[0].0, "10");
    assert_eq!(series.director, ["A Maker"]);
}

#[tokio::test]
async fn rows_and_searches_name_films_as_others_know_them() {
    let site = TmdbSite::start(ANY, titles()).await;
    let add_on = add_on(&site, TOKEN);
    let trending = catalog(
        &add_on,
        Request::new(Resource::Catalog, "movie", "trending"),
    )
    .await;
    let ids: Vec<_> = trending.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["tt1727587", "tmdb:7"]);
    let search = Request::new(Resource::Catalog, "series", "search").with("search", "series");
    let found = catalog(&add_on, search).await;
    assert_eq!((found.len(), found[0].id.as_str()), (1, "tt0108778"));
    let search = Request::new(Resource::Catalog, "movie", "search").with("search", "nothing");
    assert!(catalog(&add_on, search).await.is_empty());
    // The page of what a row named is there already.
    let before = site.site.count("/3/movie/");
    let again = meta(&add_on, "movie", "tmdb:45745").await;
    assert!(again.is_some());
    // Only the English text was asked for.
    assert_eq!(site.site.count("/3/movie/"), before + 1);
}

#[tokio::test]
async fn a_token_that_is_refused_is_not_sent_again() {
    let site = TmdbSite::start(ANY, titles()).await;
    let add_on = add_on(&site, "another");
    let ask = || body(&add_on, Request::new(Resource::Meta, "movie", "tt1727587"));
    assert!(matches!(ask().await, Err(AddOnError::Failed(_))));
    assert!(matches!(ask().await, Err(AddOnError::Failed(_))));
    assert_eq!(site.site.asked().len(), 1);
}

#[tokio::test]
async fn too_many_questions_are_no_film_and_no_end() {
    let site = TmdbSite::start(ANY, titles()).await;
    let add_on = add_on(&site, TOKEN);
    let ask = |id| body(&add_on, Request::new(Resource::Meta, "movie", id));
    let film = ask("tt1727587").await.unwrap();
    site.refuse(429, 25);
    assert_eq!(ask("tmdb:7").await, Err(AddOnError::Status(429)));
    // What is known stays.
    assert_eq!(ask("tt1727587").await.unwrap(), film);
}

#[tokio::test]
async fn nothing_is_kept_for_more_than_six_months() {
    let now = Arc::new(AtomicU64::new(1_784_000_000));
    let clock = Arc::clone(&now);
    let clock: fetch::Clock = Arc::new(move || {
        SystemTime::UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed))
    });
    let site = TmdbSite::start(ANY, titles()).await;
    let places = places(&site);
    let door = door(&places, Some(clock));
    let add_on = Tmdb::new(&door, &places, Secret::new(TOKEN), "en-US", "US");
    let ask = || body(&add_on, Request::new(Resource::Meta, "movie", "tt1727587"));
    let film = ask().await.unwrap();
    site.refuse(503, 9);
    now.fetch_add(170 * 24 * 3600, Ordering::Relaxed);
    assert_eq!(ask().await.unwrap(), film, "it is down");
    now.fetch_add(10 * 24 * 3600, Ordering::Relaxed);
    assert!(ask().await.is_err());
}
