//! Search: what is typed on a remote finds what was meant, in the order one expects.
#![allow(clippy::unwrap_used)]

mod films;

use films::{PATIENCE, open};
use store::{Item, Rank, Store};

fn item(id: &str, titles: &[&str], people: &[&str], year: u16, popularity: u32) -> Item {
    Item {
        id: id.to_owned(),
        kind: "movie".to_owned(),
        titles: titles.iter().map(|&title| title.to_owned()).collect(),
        original: None,
        year: Some(year),
        people: people.iter().map(|&name| name.to_owned()).collect(),
        genres: vec!["Drama".to_owned()],
        poster: Some(format!("https://p.example/{id}.jpg")),
        popularity,
    }
}

fn filled() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    store.seen(vec![
        item("it-old", &["It"], &[], 1990, 10),
        item(
            "italian",
            &["The Italian Job"],
            &["Michael Caine"],
            1969,
            90_000,
        ),
        item(
            "matrix",
            &["The Matrix", "Матрица"],
            &["Keanu Reeves"],
            1999,
            2_000_000,
        ),
        item(
            "reloaded",
            &["The Matrix Reloaded"],
            &["Keanu Reeves"],
            2003,
            500_000,
        ),
        item("making", &["Making of Matrix"], &[], 2001, 40),
        item("fan", &["Matrix Fan Film"], &[], 2010, 3),
        item(
            "amelie",
            &["Le Fabuleux Destin d'Amélie Poulain", "Amélie"],
            &[],
            2001,
            700_000,
        ),
        item(
            "interstellar",
            &["Interstellar"],
            &["Christopher Nolan"],
            2014,
            1_900_000,
        ),
        item("spider", &["Spider-Man"], &["Sam Raimi"], 2002, 800_000),
        item(
            "starwars",
            &["Star Wars"],
            &["George Lucas"],
            1977,
            1_300_000,
        ),
        item(
            "name",
            &["君の名は。", "Your Name."],
            &["新海誠"],
            2016,
            250_000,
        ),
        item("naruto", &["ナルト"], &[], 2002, 100),
        item(
            "parasite",
            &["기생충", "Parasite"],
            &["봉준호"],
            2019,
            800_000,
        ),
        item(
            "seven",
            &["Se7en", "Seven"],
            &["David Fincher"],
            1995,
            1_600_000,
        ),
        item("strasse", &["Lange Straße"], &[], 1979, 12),
    ]);
    assert!(store.flush_seen(PATIENCE));
    (folder, store)
}

fn ids(store: &Store, query: &str) -> Vec<String> {
    let hits = store.search(query, 5).unwrap();
    hits.into_iter().map(|hit| hit.id).collect()
}

#[test]
fn the_order_is_exact_beginning_words_elsewhere_typos() {
    let (_folder, store) = filled();
    let hits = store.search("matrix", 9).unwrap();
    let told: Vec<_> = hits.iter().map(|hit| (hit.id.as_str(), hit.rank)).collect();
    let expected = [
        ("matrix", Rank::Exact),
        ("reloaded", Rank::Beginning),
        ("fan", Rank::Beginning),
        ("making", Rank::Words),
    ];
    assert_eq!(told, expected);
    assert_eq!(ids(&store, "it")[..2], ["it-old", "italian"]);
    let hits = store.search("matrix reeves", 9).unwrap();
    let told: Vec<_> = hits.iter().map(|hit| (hit.id.as_str(), hit.rank)).collect();
    assert_eq!(
        told,
        [("matrix", Rank::Elsewhere), ("reloaded", Rank::Elsewhere)]
    );
    let hit = &store.search("matrix", 1).unwrap()[0];
    assert_eq!((hit.title.as_str(), hit.year), ("The Matrix", Some(1999)));
    assert_eq!(hit.poster.as_deref(), Some("https://p.example/matrix.jpg"));
    assert_eq!(hit.kind, "movie");
}

#[test]
fn what_is_typed_finds_what_was_meant() {
    let (_folder, store) = filled();
    for (query, expected) in [
        // As one types.
        ("int", "interstellar"),
        ("the mat", "matrix"),
        ("THE MATRIX", "matrix"),
        ("le fabuleux d", "amelie"),
        ("lucas 1977", "starwars"),
        // Without the marks, or with others.
        ("amelie", "amelie"),
        ("amélie", "amelie"),
        ("AMÈLIE", "amelie"),
        ("lange strasse", "strasse"),
        // Typos: left out, put in, changed, exchanged, and the first letter.
        ("matrx", "matrix"),
        ("mattrix", "matrix"),
        ("matrux", "matrix"),
        ("amtrix", "matrix"),
        ("intersteler", "interstellar"),
        ("imterstellar", "interstellar"),
        ("interstela", "interstellar"),
        ("matrix relaoded", "reloaded"),
        ("christofer nolan", "interstellar"),
        // Spaces elsewhere.
        ("spiderman", "spider"),
        ("spider man", "spider"),
        ("starwars", "starwars"),
        ("inter stellar", "interstellar"),
        // Other alphabets, as they are and in Latin letters.
        ("матрица", "matrix"),
        ("matritsa", "matrix"),
        ("君", "name"),
        ("君の", "name"),
        ("名は", "name"),
        ("は", "name"),
        ("新海", "name"),
        ("ナル", "naruto"),
        ("naruto", "naruto"),
        ("기생", "parasite"),
        ("se7en", "seven"),
    ] {
        let ids = ids(&store, query);
        assert_eq!(
            ids.first().map(String::as_str),
            Some(expected),
            "{query}: {ids:?}"
        );
    }
}

#[test]
fn what_is_not_there_is_not_found() {
    let (_folder, store) = filled();
    for query in [
        "",
        " ",
        "...",
        "zzzz",
        "matrix xqzw",
        "君君",
        "\"",
        "matrix\" OR \"it",
        "*",
        "^",
    ] {
        let hits = ids(&store, query);
        let expected = if query.contains("OR") { "matrix" } else { "" };
        let none = hits.is_empty() || hits.first().is_some_and(|id| id == expected);
        assert!(none, "{query}: {hits:?}");
    }
    assert_eq!(store.search("matrix", 0).unwrap(), []);
    let long = "matrix ".repeat(10_000);
    assert!(store.search(&long, 5).is_ok());
}

#[test]
fn words_are_known_after_the_next_start_and_items_seen_again_are_one() {
    let (folder, store) = filled();
    let mut again = item(
        "matrix",
        &["The Matrix", "Matriz"],
        &["Keanu Reeves"],
        1999,
        2_000_000,
    );
    store.seen(vec![again.clone(), again.clone()]);
    assert!(store.flush_seen(PATIENCE));
    let hits = store.search("matriz", 5).unwrap();
    assert_eq!((hits[0].id.as_str(), hits[0].rank), ("matrix", Rank::Exact));
    assert!(hits[1..].iter().all(|hit| hit.id != "matrix"));
    assert_eq!(ids(&store, "матрица"), [""; 0]);
    // Another kind is another item.
    again.kind = "series".to_owned();
    store.seen(vec![again]);
    assert!(store.flush_seen(PATIENCE));
    drop(store);
    let store = open(folder.path()).store;
    assert_eq!(ids(&store, "matritz").len(), 2);
    assert_eq!(ids(&store, "intersteler"), ["interstellar"]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(16))]
    /// Whatever is typed is an answer, and whatever is seen can be found by its title.
    #[test]
    fn nothing_that_is_typed_or_seen_is_an_error(
        query: String,
        title in "\\PC{1,30}",
        id in "\\PC{1,9}",
    ) {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path()).store;
        store.seen(vec![item(&id, &[&title, &query], &[&query], 2000, 1)]);
        assert!(store.flush_seen(PATIENCE));
        store.search(&query, 5).unwrap();
        let hits = store.search(&title, 5).unwrap();
        let findable = title.chars().any(char::is_alphanumeric) && title.is_ascii();
        proptest::prop_assert!(!findable || hits.first().is_some_and(|hit| hit.id == id));
    }
}
