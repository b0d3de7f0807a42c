//! The owner's file: there and back, merged, refused by name; and the library of releases before.
#![allow(clippy::unwrap_used)]

mod films;

use std::fs;

use films::{PATIENCE, film, library, mark, names, open};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use store::{Addon, Import, ImportError, Store, Visit};

fn addon(url: &str) -> Addon {
    Addon {
        url: url.to_owned(),
        manifest: json!({"name": format!("The one at {}", url.len())}).to_string(),
        enabled: true,
        secret: false,
        flags: Vec::new(),
    }
}

/// Everything there is, told apart by `name`.
fn fill(store: &Store, name: &str) -> app::Library {
    let id = app::FilmId(format!("film-{name}"));
    let mut library = library(3);
    library.marks.insert(id.clone(), mark(&id.0, 4));
    for id in ["a", &id.0] {
        let mark = library.marks.get_mut(&app::FilmId(id.into())).unwrap();
        mark.choices.audio = Some(name.to_owned());
    }
    library.look.size = app::TextSize::Large;
    library.sound.night = true;
    library.language = Some(app::Language::Polish);
    library.list = vec![film(&id.0)];
    store.save(library.clone());
    let addons = vec![addon(&format!("https://{name}.example/manifest.json"))];
    store.set_addons(addons).unwrap();
    let visit = Visit {
        film: id.0,
        title: name.to_owned(),
        at_s: name.len() as u64,
        position_ms: 1,
        watched: true,
    };
    store.visited(visit).unwrap();
    store.searched(app::ProfileId::FIRST, name).unwrap();
    assert!(store.flush(PATIENCE));
    library
}

#[test]
fn an_export_makes_another_box_the_same() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [one, two] = folders.each_ref().map(|folder| open(folder.path()).store);
    let library = fill(&one, "one");
    fill(&two, "other");
    let bytes = one.export().unwrap();
    let imported = two.import(&bytes, Import::Replace).unwrap();
    assert_eq!(imported.library, library);
    let counts = (
        imported.marks,
        imported.listed,
        imported.addons,
        imported.memories,
    );
    assert_eq!(counts, (3, 1, 1, 5));
    assert_eq!(two.export().unwrap(), bytes);
    // What is saved next is compared with what was imported.
    two.save(library.clone());
    drop(two);
    let opened = open(folders[1].path());
    assert_eq!(opened.library, library);
    assert_eq!(opened.store.export().unwrap(), bytes);
}

#[test]
fn a_merge_adds_and_keeps_what_is_here() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [one, two] = folders.each_ref().map(|folder| open(folder.path()).store);
    fill(&one, "one");
    let mut expected = fill(&two, "other");
    expected
        .marks
        .get_mut(&app::FilmId("a".into()))
        .unwrap()
        .played = 99;
    two.save(expected.clone());
    let imported = two.import(&one.export().unwrap(), Import::Merge).unwrap();
    let mut of_one = mark("film-one", 4);
    of_one.choices.audio = Some("one".into());
    let id = app::FilmId("film-one".into());
    expected.marks.insert(id, of_one);
    expected.list.push(film("film-one"));
    assert_eq!(imported.library, expected);
    let urls: Vec<_> = two
        .addons()
        .unwrap()
        .into_iter()
        .map(|addon| addon.url)
        .collect();
    assert_eq!(
        urls,
        [
            "https://other.example/manifest.json",
            "https://one.example/manifest.json"
        ]
    );
    let visits = two.visits(9).unwrap();
    let titles: Vec<_> = visits.iter().map(|visit| visit.title.as_str()).collect();
    assert_eq!(titles, ["other", "one"]);
    assert_eq!(
        two.recent_searches(app::ProfileId::FIRST).unwrap(),
        ["other", "one"]
    );
    // Once more changes nothing.
    let before = two.export().unwrap();
    two.import(&one.export().unwrap(), Import::Merge).unwrap();
    assert_eq!(two.export().unwrap(), before);
    drop(two);
    assert_eq!(open(folders[1].path()).library, expected);
}

#[test]
fn secrets_stay_on_the_box() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let mut told = addon("https://a.example/c2VjcmV0/manifest.json");
    told.secret = true;
    let query = addon("https://b.example/manifest.json?key=secret1");
    let user = addon("https://me:secret2@c.example/manifest.json");
    let open_one = addon("https://d.example/manifest.json");
    let addons = vec![told, query, user, open_one.clone()];
    store.set_addons(addons).unwrap();
    let mut library = library(1);
    for mark in library.marks.values_mut() {
        let app::Reach::Torrent(torrent) = &mut mark.film.sources[0].reach else {
            unreachable!("all of them are torrents");
        };
        torrent.trackers = vec![
            "udp://t.example:1/announce".into(),
            "https://t.example/secret3/announce".into(),
            "https://t.example/announce?passkey=secret4".into(),
        ];
        torrent
            .web_seeds
            .push("https://u:secret5@w.example/".into());
        torrent
            .exact_sources
            .push("https://x.example/?secret6".into());
    }
    let web = |url: &str, header: Option<&str>| app::Source {
        label: "HTTP".into(),
        reach: app::Reach::Web(app::WebFile {
            url: url.into(),
            headers: header
                .map(|it| ("Cookie".into(), it.into()))
                .into_iter()
                .collect(),
            ..app::WebFile::default()
        }),
        offer: app::choosing::Offer::default(),
    };
    let mut listed = film("listed");
    listed.sources.extend([
        web("https://w.example/a.mkv?token=secret7", None),
        web("https://w.example/b.mkv", Some("secret8")),
        web("https://w.example/plain.mkv", None),
    ]);
    listed.poster = Some(app::Poster("https://p.example/?key=secret9".into()));
    library.list = vec![listed];
    store.save(library);
    assert!(store.flush(PATIENCE));
    let text = String::from_utf8(store.export().unwrap()).unwrap();
    assert!(!text.contains("c2VjcmV0"), "{text}");
    assert!(text.contains("https://w.example/plain.mkv"), "{text}");
    for number in 1..10 {
        assert!(!text.contains(&format!("secret{number}")), "{text}");
    }
    assert!(text.contains("udp://t.example:1/announce"), "{text}");
    let imported = store.import(text.as_bytes(), Import::Replace).unwrap();
    assert_eq!(imported.left_out.len(), 3);
    assert_eq!(store.addons().unwrap(), [open_one]);
}

#[test]
fn what_is_wrong_is_named_and_nothing_changes() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    fill(&store, "one");
    let before = store.export().unwrap();
    let file: Value = serde_json::from_slice(&before).unwrap();
    let with = |path: &str, value: Value| {
        let mut file = file.clone();
        *file.pointer_mut(path).unwrap() = value;
        file.to_string()
    };
    let searches: Vec<_> = (0..51).map(|number| number.to_string()).collect();
    let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
    let deep = format!("{open}{close}");
    let deep = with("/marks/0/film/sources", json!("deep")).replace("\"deep\"", &deep);
    let cases = [
        (
            with("/marks/1/position_ms", json!("x")),
            "marks[1].position_ms: invalid type",
        ),
        (
            with("/marks/0/film/title", json!(5)),
            "marks[0].film.title: invalid type",
        ),
        (
            with("/marks/0/read/info_hash", json!("xyz")),
            "marks[0].read: ",
        ),
        (
            with("/addons/0/enabled", Value::Null),
            "addons[0].enabled: invalid type",
        ),
        (
            with("/memories/film:a", json!(5)),
            "memories.film:a: invalid type",
        ),
        (with("/history", json!({})), "history: invalid type"),
        (
            with("/searches", json!(searches)),
            "searches: 51 entries, more than 50",
        ),
        (
            with("/version", json!(2)),
            "newer version (file version 2, known is 1)",
        ),
        (with("/kind", json!("other")), "no export of Matinee"),
        ("[]".to_owned(), "no export of Matinee"),
        (deep, "recursion limit"),
        (
            // Maybe in the middle of a character.
            String::from_utf8_lossy(&before[..before.len() / 2]).into_owned(),
            "the file: EOF",
        ),
        (
            " ".repeat(store::IMPORT_BYTES_MAX + 1),
            "more than 67108864",
        ),
    ];
    for (text, expected) in cases {
        for import in [Import::Merge, Import::Replace] {
            let error = store
                .import(text.as_bytes(), import)
                .unwrap_err()
                .to_string();
            assert!(error.contains(expected), "{error} is not {expected}");
        }
        assert_eq!(store.export().unwrap(), before);
    }
}

/// Bytes cut out, put in or changed: the file is taken in whole or refused, never a part of it.
#[test]
fn damage_is_told_or_harmless() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    fill(&store, "one");
    let whole = store.export().unwrap();
    let mut random = StdRng::seed_from_u64(1);
    let mut refused = 0;
    for _ in 0..300 {
        let mut bytes = whole.clone();
        let from = random.random_range(0..bytes.len());
        let to = (from + random.random_range(0..8)).min(bytes.len());
        let put: Vec<u8> = (0..random.random_range(0..4))
            .map(|_| random.random())
            .collect();
        bytes.splice(from..to, put);
        let before = store.export().unwrap();
        if store.import(&bytes, Import::Replace).is_err() {
            refused += 1;
            assert_eq!(store.export().unwrap(), before);
        }
        // What was taken in can be written and taken in again, but for an add-on whose address
        // became a secret: that is told once, and not in the file.
        let now = store.export().unwrap();
        store.import(&now, Import::Replace).unwrap();
        let mut told: Value = serde_json::from_slice(&now).unwrap();
        told["addons_left_out"] = json!([]);
        let again: Value = serde_json::from_slice(&store.export().unwrap()).unwrap();
        assert_eq!(again, told);
    }
    assert!(
        (100..300).contains(&refused),
        "{refused} of 300 are refused"
    );
}

#[test]
fn an_import_that_fails_half_way_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    fill(&store, "one");
    let before = store.export().unwrap();
    let other = rusqlite::Connection::open(folder.path().join("owner.db")).unwrap();
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON recent_search
        BEGIN SELECT raise(ABORT, 'no room'); END";
    other.execute_batch(refuse).unwrap();
    let error = store.import(&before, Import::Replace).unwrap_err();
    assert!(matches!(error, ImportError::Store(_)), "{error}");
    assert!(error.to_string().contains("no room"), "{error}");
    other.execute_batch("DROP TRIGGER refuse").unwrap();
    assert_eq!(store.export().unwrap(), before);
    store.import(&before, Import::Replace).unwrap();
}

/// As release 0.1 wrote it.
fn old_file() -> Value {
    json!({"version": 1, "marks": [{
        "film": {
            "id": "old", "title": "Old", "year": 1968, "synopsis": "", "runtime_min": null,
            "by": "", "genres": ["G"], "licence": {"name": "CC0", "url": "https://c.example/"},
            "poster": null, "colours": [1, 2], "badge": null,
            "sources": [{
                "label": "MP4", "info_hash": "000d1a2734414e5b6875828f9ca9b6c3d0ddeaf7",
                "name": "N", "trackers": [], "web_seeds": [], "peers": ["[::1]:6881"],
                "file": 3
            }],
            "readiness": {"preparing": {"percent": 7}}
        },
        "position_ms": 60_123, "duration_ms": 3_600_000, "watched": false, "played": 2
    }]})
}

#[test]
fn the_library_of_before_is_taken_in_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("library.json");
    fs::write(&path, old_file().to_string()).unwrap();
    let opened = open(folder.path());
    assert_eq!(opened.warning, None);
    let mut expected = opened.library.clone();
    let mark = &expected.marks[&app::FilmId("old".into())];
    assert_eq!((mark.position.as_millis(), mark.played), (60_123, 2));
    assert_eq!(
        mark.film.sources[0].reach.torrent().unwrap().info_hash[1],
        13
    );
    assert_eq!(
        mark.film.readiness,
        app::Readiness::Preparing { percent: 7 }
    );
    assert!(!path.exists());
    // On the disk at once: nothing was saved yet, and the file is gone.
    assert_eq!(open(folder.path()).library, expected);
    // It came back from a copy of the folder: what is marked since stays.
    expected.marks.values_mut().for_each(|mark| mark.played = 9);
    opened.store.save(expected.clone());
    drop(opened.store);
    fs::write(&path, old_file().to_string()).unwrap();
    assert_eq!(open(folder.path()).library, expected);
    assert_eq!(names(folder.path()), ["owner.db", "seen.db"]);
}

#[test]
fn a_library_of_before_that_cannot_be_read_is_set_aside() {
    let mut newer = old_file();
    newer["version"] = 2.into();
    let deep = format!("{{\"version\":1,\"marks\":{}", "[".repeat(1_000_000));
    for text in [
        "",
        "[]",
        "{\"version\":1}",
        deep.as_str(),
        &newer.to_string(),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("library.json"), text).unwrap();
        let opened = open(folder.path());
        assert_eq!(opened.library, app::Library::default());
        let warning = opened.warning.unwrap();
        assert!(warning.contains("library.json.damaged"), "{warning}");
        let aside = fs::read(folder.path().join("library.json.damaged")).unwrap();
        assert_eq!(aside, text.as_bytes());
        assert_eq!(open(folder.path()).warning, None);
    }
}
