//! The Internet Archive.

use facts::Fault;
use facts::archive::{Archive, Item, PAGES_MAX, Page, Search, Sort, is_suspicious, standing};

use super::answer;

const SEARCH: &str = include_str!("answers/archive_search.json");
const ITEM: &str = include_str!("answers/archive_item.json");

#[test]
fn a_search_asks_for_what_is_free_alone() {
    let search = Search {
        words: "Night: of \"the\" OR (dead)*".into(),
        collections: vec!["feature_films".into(), "a) OR (b".into()],
        years: Some((1920, 1930)),
        sort: Sort::Title,
        page: 2,
        ..Search::default()
    };
    let request = Archive::default().search(&search).unwrap();
    let url = url::Url::parse(&request.url).unwrap();
    let value = |name: &str| {
        let values = url.query_pairs().filter(|(known, _)| known == name);
        values
            .map(|(_, value)| value.into_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(url.path(), "/advancedsearch.php");
    assert_eq!(
        value("q"),
        ["mediatype:movies AND (licenseurl:*publicdomain* OR \
          licenseurl:*creativecommons.org/licenses*) AND -access-restricted-item:true AND \
          -collection:stream_only AND -collection:inlibrary AND collection:(feature_films) AND \
          title:(\"Night\" AND \"of\" AND \"the\" AND \"OR\" AND \"dead\") AND \
          year:[1920 TO 1930]"]
    );
    assert_eq!(value("sort[]"), ["titleSorter asc", "identifier asc"]);
    assert_eq!(
        (value("rows"), value("page")),
        (vec!["100".into()], vec!["2".into()])
    );
    assert!(value("fl[]").contains(&"licenseurl".to_owned()));
    for page in [0, PAGES_MAX + 1] {
        let search = Search {
            page,
            ..Search::default()
        };
        assert_eq!(Archive::default().search(&search), None);
    }
}

#[test]
fn hits_are_read_whatever_their_types() {
    let page = Page::of(&answer(200, SEARCH)).unwrap();
    assert_eq!((page.total, page.hits.len()), (5, 3));
    let sintel = &page.hits[0];
    assert_eq!(sintel.description, "A girl looks for her dragon.");
    assert_eq!(sintel.subjects, ["dragon", "animation", "open film"]);
    assert_eq!((sintel.rating, sintel.runtime_s), (Some(4.5), Some(888)));
    assert_eq!(sintel.licence.as_ref().unwrap().name, "CC BY 3.0");
    let old = &page.hits[1];
    assert_eq!((old.title.as_str(), old.year), ("An old film", Some(1925)));
    assert_eq!((old.downloads, old.size_bytes), (7, Some(98_765_432)));
    assert!(standing(old.licence.as_ref(), old.year, 2026, false).is_lawful());
    assert!(!standing(sintel.licence.as_ref(), sintel.year, 2026, false).is_lawful());
    assert!(standing(sintel.licence.as_ref(), sintel.year, 2026, true).is_lawful());
    assert_eq!(page.hits[2].title, "only_a_name");
}

#[test]
fn the_end_of_the_pages_is_an_error_with_status_200() {
    let body = r#"{"error":"[DEEP_PAGING] Paging beyond the limit is not supported."}"#;
    let fault = Page::of(&answer(200, body)).unwrap_err();
    assert!(
        matches!(&fault, Fault::Said(words) if words.contains("DEEP_PAGING")),
        "{fault}"
    );
    for (status, body, expected) in [
        (200, "<html>busy</html>", None),
        (200, "{}", Some(Fault::Shape("response"))),
        (429, "", Some(Fault::TooMany { wait: None })),
        (
            503,
            "",
            Some(Fault::Down {
                status: 503,
                wait: None,
            }),
        ),
    ] {
        let fault = Page::of(&answer(status, body)).unwrap_err();
        match expected {
            Some(expected) => assert_eq!(fault, expected),
            None => assert!(matches!(fault, Fault::NotJson(_))),
        }
    }
    let large = " ".repeat(5 << 20);
    let fault = Page::of(&answer(200, &large)).unwrap_err();
    assert!(matches!(fault, Fault::TooLarge { .. }));
}

#[test]
fn a_total_that_shrinks_is_not_believed() {
    assert!(is_suspicious(0, 2) && is_suspicious(4000, 9000));
    assert!(!is_suspicious(0, 0) && !is_suspicious(8000, 9000) && !is_suspicious(9, 3));
}

#[test]
fn an_item_has_its_film_first() {
    let item = Item::of(&Archive::default(), &answer(200, ITEM)).unwrap();
    assert_eq!((item.title.as_str(), item.year), ("Sintel", Some(2010)));
    assert_eq!(item.description, "First & foremost.\nSecond.");
    assert_eq!(item.imdb.unwrap().to_string(), "tt1727587");
    let names: Vec<&str> = item
        .videos
        .iter()
        .map(|video| video.name.as_str())
        .collect();
    let expected = [
        "Sintel.mp4",
        "Sintel.mkv",
        "Sintel.ia.mp4",
        "extras/a #1.avi",
        "Sintel_512kb.mp4",
    ];
    assert_eq!(names, expected);
    let best = &item.videos[0];
    assert_eq!(
        (best.size_bytes, best.length_s),
        (Some(400_000_000), Some(888))
    );
    assert_eq!((best.of.as_str(), best.original), ("Sintel.mkv", false));
    assert_eq!(item.videos[1].of, "Sintel.mkv");
    assert!(item.videos[1].sha1.is_some());
    assert_eq!(
        item.videos[3].url,
        "https://archive.org/download/Sintel/extras/a%20%231.avi"
    );
    let languages: Vec<_> = item
        .subtitles
        .iter()
        .map(|it| it.language.as_deref())
        .collect();
    assert_eq!(languages, [Some("en"), Some("fre")]);
    let torrent = item.torrent.unwrap();
    assert_eq!(
        torrent.info_hash,
        "08ada5a7a6183aae1e09d831df6748d566095a10"
    );
    assert_eq!(
        torrent.url,
        "https://archive.org/download/Sintel/Sintel_archive.torrent"
    );
}

#[test]
fn what_must_not_be_shown_is_not_there() {
    for body in [
        "[]",
        "{}",
        r#"{"is_dark":true,"metadata":{"identifier":"a"}}"#,
        r#"{"metadata":{"identifier":"a","access-restricted-item":"true"}}"#,
        r#"{"metadata":{"identifier":"a","collection":["x","stream_only"]}}"#,
        r#"{"metadata":{"identifier":"a","collection":"inlibrary"}}"#,
    ] {
        let fault = Item::of(&Archive::default(), &answer(200, body)).unwrap_err();
        assert_eq!(fault, Fault::NotFound, "{body}");
    }
    let fault = Item::of(&Archive::default(), &answer(200, r#"{"files":[]}"#)).unwrap_err();
    assert_eq!(fault, Fault::Shape("metadata.identifier"));
}
