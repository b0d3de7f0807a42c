//! The owner's data: read back as it was written, told when it cannot be, taken in from before.
#![allow(clippy::unwrap_used)]

mod films;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use app::choosing::{Codec, Content, Hdr, Offer, Way};
use films::{PATIENCE, film, library, names, open};
use rusqlite::Connection;
use store::{Addon, SEARCHES_MAX, Store, StoreError, VISITS_MAX, Visit};

fn addon(name: &str) -> Addon {
    Addon {
        url: format!("https://{name}.example/manifest.json"),
        manifest: format!("{{\"name\":\"{name}\"}}"),
        enabled: name != "b",
        secret: false,
        flags: vec!["asked".into()],
    }
}

fn visit(number: u64) -> Visit {
    Visit {
        film: format!("film-{number}"),
        title: "T".into(),
        at_s: number,
        position_ms: 5,
        watched: number.is_multiple_of(2),
    }
}

#[test]
fn what_was_chosen_is_read_and_what_is_gone_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let timing = |offset_ms, stretch_ppm| app::TextTiming {
        offset_ms,
        stretch_ppm,
    };
    let like = |language: Option<&str>, title: Option<&str>| app::TextChoice::Like {
        language: language.map(Into::into),
        title: title.map(Into::into),
    };
    let mut library = library(1);
    let subtitles = [
        Some(like(Some("fr"), Some("A site"))),
        Some(like(None, Some("Songs"))),
    ];
    for (mark, subtitle) in library.marks.values_mut().zip(subtitles) {
        mark.choices = app::Choices {
            audio: Some("ja".into()),
            subtitle,
            second: Some("en".into()),
            timings: [timing(-1500, 42_708), timing(3, 0)],
            release: Some("group".into()),
            zoom: app::Zoom::Filled,
        };
    }
    let series = app::Title::new("series", "tt1");
    library.series.insert(series.clone(), film("tt1"));
    let off = app::Choices {
        subtitle: Some(app::TextChoice::Off),
        ..app::Choices::default()
    };
    library.series_choices.insert(series, off);
    library.look = app::TextLook {
        size: app::TextSize::Huge,
        place: app::TextPlace::Top,
        colour: app::TextColour::Boxed,
    };
    library.sound = app::SoundSettings {
        volume: 35,
        muted: true,
        night: true,
        stereo: true,
        delay_ms: -140,
    };
    library.language = Some(app::Language::Japanese);
    library.owner = app::OwnerSettings {
        autoplay: Some(true),
        texts: Some(app::ShowTexts::Always),
        prefetch: Some(false),
        volume: Some(app::VolumeWish::Box),
        screensaver_min: Some(2),
        screen_off_min: Some(60),
        tv_wake: Some(false),
        standby_follows: Some(false),
        standby_turns_off: Some(true),
        left_pauses: Some(false),
        contrast: Some(true),
        large_text: Some(true),
        overscan: Some(7),
        sharing: app::OwnerSharing {
            peers: Some(false),
            encryption: Some(app::Encryption::Require),
            download_limit: Some(2_000_000),
            upload_limit: Some(0),
            seed_minutes: Some(60),
            seed_percent: Some(150),
            metered: Some(true),
            port_mapping: Some(false),
        },
        spoken: Some(true),
        pace: Some(app::Pace::Fast),
        zone: app::Zone::named("Asia/Kathmandu"),
        welcomed: true,
    };
    let row = |(name, shown): (&str, bool)| app::WallRow {
        name: name.into(),
        shown,
    };
    library.wall.0 = [("New", true), ("Old", false)].map(row).into();
    let store = open(folder.path()).store;
    store.save(library.clone());
    drop(store);
    let opened = open(folder.path());
    assert_eq!((opened.library, opened.warning), (library.clone(), None));
    library.wall = app::WallRows::default();
    library.sound = app::SoundSettings::default();
    library.language = None;
    library.owner = app::OwnerSettings::default();
    library.look = app::TextLook::default();
    library.series_choices.clear();
    library.marks.pop_first();
    opened.store.save(library.clone());
    drop(opened.store);
    assert_eq!(open(folder.path()).library, library);
}

#[test]
fn what_is_written_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let opened = open(folder.path());
    let library_before = (opened.library, opened.warning);
    assert_eq!(library_before, (app::Library::default(), None));
    let store = opened.store;
    store.save(library(1));
    store.set_addons(vec![addon("b"), addon("a")]).unwrap();
    store.visited(visit(1)).unwrap();
    store.visited(visit(2)).unwrap();
    for query in ["one", "two", "one"] {
        store.searched(app::ProfileId::FIRST, query).unwrap();
    }
    drop(store);
    let opened = open(folder.path());
    assert_eq!((opened.library, opened.warning), (library(1), None));
    let store = opened.store;
    assert_eq!(store.addons().unwrap(), [addon("b"), addon("a")]);
    assert_eq!(store.visits(9).unwrap(), [visit(2), visit(1)]);
    assert_eq!(
        store.recent_searches(app::ProfileId::FIRST).unwrap(),
        ["one", "two"]
    );
    store.set_addons(vec![addon("c")]).unwrap();
    store.save(app::Library::default());
    assert!(store.flush(PATIENCE));
    assert_eq!(store.addons().unwrap(), [addon("c")]);
    drop(store);
    assert_eq!(open(folder.path()).library, app::Library::default());
    assert_eq!(names(folder.path()), ["owner.db", "seen.db"]);
    let rights = fs::metadata(folder.path().join("owner.db"))
        .unwrap()
        .permissions();
    assert_eq!(rights.mode() & 0o777, 0o600);
}

/// Every field that the core's values have.
fn full_library() -> app::Library {
    let title = app::Title::new("series", "tt1");
    let episode = |number: u16| {
        Arc::new(app::Episode {
            series: title.clone(),
            series_name: "S".into(),
            id: format!("tt1:1:{number}").into(),
            season: 1,
            number,
            name: "N".into(),
            synopsis: "Y".into(),
            released: Some("2010-09-27".into()),
            still: Some(app::Poster("s.jpg".into())),
            runtime_min: Some(22),
        })
    };
    let web = app::Source {
        label: "HTTP".into(),
        reach: app::Reach::Web(app::WebFile {
            near: true,
            url: "https://w.example/a.mkv".into(),
            name: Some("a.mkv".into()),
            headers: vec![("Referer".into(), "https://w.example/".into())],
            size: Some(5),
        }),
        offer: Offer {
            web_seeded: true,
            add_on: 1,
            place: 2,
            way: Way::Http,
            content: Content::Poor,
            lines: Some(1080),
            codec: Some(Codec::Av1),
            ten_bit: true,
            three_d: true,
            hdr: vec![Hdr::Hlg, Hdr::Hdr10Plus],
            size_bytes: Some(7),
            duration: Some(Duration::from_millis(8)),
            seeds: Some(9),
            languages: vec!["de".into()],
            several_languages: true,
            release: Some("R".into()),
            open: true,
        },
    };
    let file = app::Source {
        label: "File".into(),
        reach: app::Reach::File("films/a.mkv".into()),
        offer: Offer::default(),
    };
    let facts = Arc::new(app::Facts {
        original_title: Some("O".into()),
        backdrop: Some(app::Poster("b.jpg".into())),
        cast: vec!["C".into()],
        directors: vec!["D".into()],
        rating: Some(81),
        certification: Some("12".into()),
        country: Some("FR".into()),
        youtube: Some("eRsGyueVLvQ".into()),
        trailer: Some(app::Trailer {
            name: "T".into(),
            reach: web.reach.clone(),
        }),
        similar: vec![app::Film {
            sources: Vec::new(),
            ..film("similar")
        }],
        episodes: vec![episode(1), episode(2)],
        attribution: vec!["A".into()],
    });
    let mut library = library(1);
    let series = app::Film {
        origin: Some(title.clone()),
        facts: Some(Arc::clone(&facts)),
        ..film("series:tt1")
    };
    let mut mark = films::mark("series:tt1:1:1", 2);
    mark.film.episode = Some(episode(1));
    mark.film.facts = Some(facts);
    mark.film.sources.extend([web, file]);
    mark.read = Some(app::ReadPlace {
        from: app::ReachKey::Web("https://w.example/a.mkv".into()),
        size: 5,
        at: None,
    });
    library.marks.insert(mark.film.id.clone(), mark);
    library.list = vec![film("y"), series.clone(), film("x")];
    library.series.insert(title, series);
    library
}

#[test]
fn every_field_of_a_library_comes_back_and_what_left_it_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let full = full_library();
    for library in [
        full.clone(),
        library(5),
        full.clone(),
        app::Library::default(),
    ] {
        let store = open(folder.path()).store;
        store.save(library.clone());
        drop(store);
        let opened = open(folder.path());
        assert_eq!((opened.library, opened.warning), (library, None));
    }
    // All episodes share what is known of the series.
    let store = open(folder.path()).store;
    store.save(full);
    drop(store);
    let library = open(folder.path()).library;
    let episode = &library.marks[&app::FilmId("series:tt1:1:1".into())].film;
    let (_, series) = library.series.first_key_value().unwrap();
    let [one, other] = [episode, series].map(|film| film.facts.as_ref().unwrap());
    assert!(Arc::ptr_eq(one, other));
}

#[test]
fn the_oldest_goes_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    for number in 0..VISITS_MAX as u64 + 5 {
        while store.visited(visit(number)).is_err() {
            assert!(
                store.flush(PATIENCE),
                "what is refused has room after a flush"
            );
        }
    }
    for number in 0..SEARCHES_MAX + 5 {
        store
            .searched(app::ProfileId::FIRST, &number.to_string())
            .unwrap();
    }
    assert!(store.flush(PATIENCE));
    let visits = store.visits(usize::MAX >> 1).unwrap();
    assert_eq!((visits.len(), visits[VISITS_MAX - 1].at_s), (VISITS_MAX, 5));
    let searches = store.recent_searches(app::ProfileId::FIRST).unwrap();
    assert_eq!(
        (searches.len(), searches[SEARCHES_MAX - 1].as_str()),
        (SEARCHES_MAX, "5")
    );
}

#[test]
fn only_marks_that_changed_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    store.save(library(1));
    assert!(store.flush(PATIENCE));
    let other = Connection::open(folder.path().join("owner.db")).unwrap();
    let count = "CREATE TABLE wrote (film);
        CREATE TRIGGER v AFTER INSERT ON marked_film BEGIN SELECT raise(ABORT, 'a film'); END;
        CREATE TRIGGER t AFTER UPDATE ON mark BEGIN INSERT INTO wrote VALUES (new.film); END;
        CREATE TRIGGER u AFTER INSERT ON mark BEGIN INSERT INTO wrote VALUES (new.film); END;";
    other.execute_batch(count).unwrap();
    let mut next = library(1);
    next.marks.get_mut(&app::FilmId("a".into())).unwrap().played = 9;
    store.save(next.clone());
    assert!(store.flush(PATIENCE));
    let wrote: String = other
        .query_row("SELECT group_concat(film) FROM wrote", (), |row| row.get(0))
        .unwrap();
    assert_eq!(wrote, "a");
    drop(store);
    assert_eq!(open(folder.path()).library, next);
}

#[test]
fn bursts_are_few_writes_and_the_newest_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    for played in 0..1000 {
        store.save(library(played));
    }
    assert!(store.flush(PATIENCE));
    assert_eq!(open(folder.path()).library, library(999));
    // Within the pause after a write; the end does not wait for it.
    store.save(library(1000));
    drop(store);
    assert_eq!(open(folder.path()).library, library(1000));
}

#[test]
fn a_failure_is_told_once_and_mended() {
    let folder = tempfile::tempdir().unwrap();
    let (tell, told) = mpsc::channel();
    let store = Store::open(folder.path(), move |why| tell.send(why).unwrap());
    let store = store.unwrap().store;
    let other = Connection::open(folder.path().join("owner.db")).unwrap();
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON mark
        BEGIN SELECT raise(ABORT, 'no room'); END";
    for round in 0..2 {
        other.execute_batch(refuse).unwrap();
        for played in 1..4 {
            store.save(library(10 * round + played));
            store
                .searched(app::ProfileId::FIRST, &played.to_string())
                .unwrap();
            assert!(!store.flush(PATIENCE));
        }
        let why = told.recv_timeout(PATIENCE).unwrap();
        assert!(why.contains("no room") && why.contains("owner.db"), "{why}");
        assert!(told.try_recv().is_err(), "one failure is told once");
        other.execute_batch("DROP TRIGGER refuse").unwrap();
        store.save(library(10 * round + 5));
        assert!(store.flush(PATIENCE));
        assert_eq!(
            store.recent_searches(app::ProfileId::FIRST).unwrap(),
            ["3", "2", "1"]
        );
        assert_eq!(open(folder.path()).library, library(10 * round + 5));
    }
}

#[test]
fn flushing_nothing_is_done_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    assert!(store.flush(Duration::ZERO));
}

#[test]
fn a_newer_release_s_file_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    store.save(library(1));
    drop(store);
    let path = folder.path().join("owner.db");
    let other = Connection::open(&path).unwrap();
    other.pragma_update(None, "user_version", 9).unwrap();
    drop(other);
    let before = fs::read(&path).unwrap();
    let refused = Store::open(folder.path(), |_| ()).unwrap_err();
    assert!(matches!(refused, StoreError::Newer { version: 9, .. }));
    assert!(refused.to_string().contains("newer version"), "{refused}");
    // The box goes on, and forgets.
    let opened = Store::open_or_forget(folder.path(), |why| panic!("{why}")).unwrap();
    assert!(opened.warning.unwrap().contains("newer version"));
    let store = opened.store;
    store.save(library(2));
    store.searched(app::ProfileId::FIRST, "a").unwrap();
    store.seen(vec![store::Item {
        id: "1".into(),
        titles: vec!["Sintel".into()],
        ..store::Item::default()
    }]);
    assert!(store.flush(PATIENCE) && store.flush_seen(PATIENCE));
    assert_eq!(store.recent_searches(app::ProfileId::FIRST).unwrap(), ["a"]);
    assert_eq!(store.search("sintel", 9).unwrap().len(), 1);
    store.answers().keep("k", b"", b"body", 1);
    assert_eq!(store.answers().cached("k").unwrap().body, b"body");
    drop(store);
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(names(folder.path()), ["owner.db", "seen.db"]);
}
