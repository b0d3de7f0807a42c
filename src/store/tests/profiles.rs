//! Who watches: taken over from a file of before, read back, deleted, cut off, and carried to
//! another box.
#![allow(clippy::unwrap_used)]

mod films;

use std::fs;

use app::{Ages, Household, Library, PinHash, Profile, ProfileId, Title};
use films::{PATIENCE, film, library, mark, open};
use rusqlite::Connection;
use store::{Import, Opened, Store};

const TWO: ProfileId = ProfileId(2);

fn profile(id: u32, name: &str) -> Profile {
    Profile {
        id: ProfileId(id),
        name: name.into(),
        colour: id as u8,
        ..Profile::default()
    }
}

/// Ann has a PIN, Ben a limit; Ben watches.
fn two() -> Household {
    let ann = Profile {
        pin: Some(PinHash("kept-of-1234".into())),
        wrong: 3,
        ..profile(1, "Ann")
    };
    let ben = Profile {
        limit: Some(12),
        unknown: Some(true),
        ..profile(2, "Ben")
    };
    Household {
        profiles: vec![ann, ben],
        current: TWO,
        ages: Ages(std::sync::Arc::new(
            [(Title::new("movie", "tt1"), 16)].into(),
        )),
    }
}

/// Of that one, told apart by `played`.
fn of(id: u32, played: u64) -> Library {
    let mut library = Library {
        profile: ProfileId(id),
        ..library(played)
    };
    let own = format!("film-{id}");
    library.list = vec![film(&own)];
    let seen = library.marks.get_mut(&app::FilmId("a".into())).unwrap();
    seen.choices.audio = Some(format!("x{id}"));
    library
}

fn write(store: &Store, household: &Household, played: u64) {
    store.save_household(household.clone());
    for profile in &household.profiles {
        store.save(of(profile.id.0, played));
        store.searched(profile.id, &profile.name).unwrap();
    }
    assert!(store.flush(PATIENCE));
}

fn wall_row() -> app::WallRow {
    app::WallRow {
        name: "Old".into(),
        shown: false,
    }
}

fn viewer(opened: &Opened, id: u32) -> &app::Viewer {
    let mut all = opened.viewers.iter();
    all.find(|it| it.library.profile == ProfileId(id)).unwrap()
}

/// The file as the release before profiles made it: two steps of its schema, and a row of each
/// kind.
const BEFORE: &str = "
    CREATE TABLE mark (
        film TEXT PRIMARY KEY, position_ms INTEGER NOT NULL, duration_ms INTEGER NOT NULL,
        watched INTEGER NOT NULL, played INTEGER NOT NULL, read TEXT
    ) STRICT;
    CREATE TABLE marked_film (film TEXT PRIMARY KEY, snapshot TEXT NOT NULL) STRICT;
    CREATE TABLE listed (place INTEGER PRIMARY KEY, snapshot TEXT NOT NULL) STRICT;
    CREATE TABLE series (
        kind TEXT NOT NULL, id TEXT NOT NULL, snapshot TEXT NOT NULL, PRIMARY KEY (kind, id)
    ) STRICT;
    CREATE TABLE visit (
        number INTEGER PRIMARY KEY, film TEXT NOT NULL, title TEXT NOT NULL, at_s INTEGER NOT NULL,
        position_ms INTEGER NOT NULL, watched INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE addon (
        url TEXT PRIMARY KEY, place INTEGER NOT NULL, enabled INTEGER NOT NULL,
        secret INTEGER NOT NULL, flags TEXT NOT NULL, manifest TEXT NOT NULL
    ) STRICT;
    CREATE TABLE recent_search (query TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
    CREATE TABLE choice (subject TEXT PRIMARY KEY, choices TEXT NOT NULL) STRICT;
    INSERT INTO mark VALUES ('fox', 61000, 7200000, 0, 7, NULL);
    INSERT INTO marked_film VALUES ('fox', '{\"id\":\"fox\",\"title\":\"Fox\"}');
    INSERT INTO listed VALUES (0, '{\"id\":\"owl\",\"title\":\"Owl\"}');
    INSERT INTO series VALUES ('series', 'hen', '{\"id\":\"hen\",\"title\":\"Hen\"}');
    INSERT INTO recent_search VALUES ('one', 1), ('two', 2);
    INSERT INTO choice VALUES
        ('film:fox', '{\"audio\":\"fr\"}'), ('sound', '{\"sound\":{\"night\":true}}'),
        ('settings', '{\"chosen\":{\"autoplay\":true}}'), ('language', '{\"language\":\"de\"}');
    INSERT INTO visit VALUES (1, 'fox', 'Fox', 5, 6, 0);
    INSERT INTO addon VALUES ('https://a.example/', 0, 1, 0, '[]', '{}');
    PRAGMA user_version = 2;
";

#[test]
fn what_there_was_before_profiles_is_everybodys() {
    let folder = tempfile::tempdir().unwrap();
    let before = Connection::open(folder.path().join("owner.db")).unwrap();
    before.execute_batch(BEFORE).unwrap();
    drop(before);
    let opened = open(folder.path());
    assert_eq!(opened.warning, None);
    assert_eq!(opened.household, Household::default());
    let library = &opened.library;
    let mark = &library.marks[&app::FilmId("fox".into())];
    assert_eq!(mark.position.as_secs(), 61);
    assert_eq!(mark.choices.audio.as_deref(), Some("fr"));
    assert_eq!(library.list[0].title, "Owl");
    assert!(library.series.contains_key(&Title::new("series", "hen")));
    assert!(library.sound.night);
    assert_eq!(library.owner.autoplay, Some(true));
    assert_eq!(library.language, Some(app::Language::German));
    assert_eq!(viewer(&opened, 1).searches, ["two", "one"]);
    assert_eq!(opened.store.addons().unwrap().len(), 1);
    assert_eq!(opened.store.visits(9).unwrap().len(), 1);
    // And is so from then on.
    let library = library.clone();
    drop(opened);
    assert_eq!(open(folder.path()).library, library);
}

#[test]
fn each_has_what_is_its_own_and_the_box_has_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    write(&store, &two(), 1);
    let mut loud = of(2, 5);
    loud.sound.night = true;
    loud.owner.autoplay = Some(true);
    store.save(loud.clone());
    drop(store);
    let opened = open(folder.path());
    assert_eq!(opened.household, two());
    assert_eq!(opened.library, loud);
    let ann = viewer(&opened, 1);
    assert_eq!(ann.searches, ["Ann"]);
    let expected = Library {
        sound: loud.sound,
        owner: loud.owner,
        ..of(1, 1)
    };
    assert_eq!(ann.library, expected);
    // What the box's is goes back by the hand of another.
    opened.store.save(of(1, 2));
    drop(opened);
    let opened = open(folder.path());
    assert!(!opened.library.sound.night);
    assert_eq!(opened.library.owner, app::OwnerSettings::default());
}

#[test]
fn of_who_is_deleted_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    write(&store, &two(), 1);
    let mut one = two();
    one.profiles.pop();
    one.current = ProfileId::FIRST;
    store.save_household(one.clone());
    // It comes late.
    store.save(of(2, 9));
    drop(store);
    let opened = open(folder.path());
    assert_eq!(opened.household, one);
    assert_eq!(opened.library, of(1, 1));
    let rows = Connection::open(folder.path().join("owner.db")).unwrap();
    for table in [
        "mark",
        "marked_film",
        "listed",
        "series",
        "choice",
        "recent_search",
        "profile",
    ] {
        let column = if table == "profile" { "id" } else { "profile" };
        let count = format!("SELECT count(*) FROM {table} WHERE {column} = 2");
        let left: i64 = rows.query_row(&count, (), |row| row.get(0)).unwrap();
        assert_eq!(left, 0, "{table}");
    }
}

#[test]
fn a_cut_at_any_instant_leaves_what_was_or_what_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let mut one = two();
    one.profiles.pop();
    one.current = ProfileId::FIRST;
    // The second is made, plays, and is deleted again.
    let states = [one.clone(), two(), one];
    for (played, household) in (1..).zip(&states) {
        write(&store, household, played);
    }
    let path = folder.path().join("owner.db");
    let file = fs::read(&path).unwrap();
    let log = fs::read(folder.path().join("owner.db-wal")).unwrap();
    for end in (0..=log.len()).step_by(1024) {
        let cut = tempfile::tempdir().unwrap();
        fs::write(cut.path().join("owner.db"), &file).unwrap();
        fs::write(cut.path().join("owner.db-wal"), &log[..end]).unwrap();
        let opened = open(cut.path());
        assert_eq!(opened.warning, None);
        let household = &opened.household;
        let known = states.contains(household) || *household == Household::default();
        assert!(known, "a mixture: {household:?}");
        for viewer in &opened.viewers {
            let library = &viewer.library;
            let id = library.profile.0;
            let known = (1..=3).any(|played| *library == of(id, played));
            let empty = library.marks.is_empty() && library.list.is_empty();
            assert!(known || empty, "a mixture of {id} at {end}");
        }
    }
}

#[test]
fn an_export_has_everybody_and_no_pin() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [from, to] = folders.each_ref().map(|folder| open(folder.path()).store);
    write(&from, &two(), 1);
    let bytes = from.export().unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains("kept-of-1234"));
    // Onto a box that has nobody else.
    let imported = to.import(&bytes, Import::Merge).unwrap();
    assert_eq!((imported.profiles, imported.marks), (2, 4));
    drop(to);
    let opened = open(folders[1].path());
    let names: Vec<_> = opened
        .household
        .profiles
        .iter()
        .map(|it| (it.name.as_str(), it.limit, it.pin.is_some()))
        .collect();
    assert_eq!(names, [("Ann", None, false), ("Ben", Some(12), false)]);
    assert_eq!(viewer(&opened, 1).library, of(1, 1));
    assert_eq!(viewer(&opened, 2).library, of(2, 1));
    assert_eq!(viewer(&opened, 2).searches, ["Ben"]);
    assert_eq!(opened.store.export().unwrap(), bytes);
}

#[test]
fn an_import_keeps_pins_and_who_has_no_room_is_named() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [from, to] = folders.each_ref().map(|folder| open(folder.path()).store);
    let mut many = two();
    many.profiles[0].pin = None;
    let more = (3..=8).map(|id| profile(id, &format!("P{id}")));
    many.profiles.extend(more);
    write(&from, &many, 1);
    let mut ann = of(1, 1);
    ann.wall.0 = vec![wall_row()];
    from.save(ann);
    assert!(from.flush(PATIENCE));
    let mut here = two();
    here.profiles.push(profile(7, "Cleo"));
    write(&to, &here, 2);
    let bytes = from.export().unwrap();
    let merged = to.import(&bytes, Import::Merge).unwrap();
    assert_eq!(merged.profiles_left_out, ["P8"]);
    let imported = to.import(&bytes, Import::Replace).unwrap();
    assert!(imported.profiles_left_out.is_empty());
    drop(to);
    let opened = open(folders[1].path());
    let all = &opened.household.profiles;
    assert_eq!(all.len(), 8);
    assert!(all.iter().all(|it| it.name != "Cleo"));
    assert_eq!(all[0].pin, Some(PinHash("kept-of-1234".into())));
    assert_eq!(all[1].limit, Some(12));
    for viewer in &opened.viewers {
        assert_eq!(viewer.library.wall.0, [wall_row()]);
    }
    let ann = viewer(&opened, all[0].id.0);
    let expected = of(1, 1).marks;
    assert_eq!(ann.library.marks, expected);
    assert_eq!(mark("a", 1).film, expected[&app::FilmId("a".into())].film);
}
