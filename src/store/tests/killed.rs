//! The store under `kill -9`: a child writes without end, dies at any moment, and what it said was
//! on disk must be there.
#![allow(clippy::unwrap_used)]

mod films;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use films::PATIENCE;
use store::Visit;

/// Tells the child where to write.
const FOLDER: &str = "MATINEE_TEST_STORE";

/// Deaths; each takes some tens of milliseconds.
const KILLS: u64 = 20;

/// A child that nobody kills ends after so many writes.
const MOST_WRITES: u64 = 20_000;

/// Enough rows that a write takes many pages, and the log is often begun anew.
const FILMS: u64 = 100;

/// All marks carry the same number, so that a mixture of two would be seen.
fn numbered(number: u64) -> app::Library {
    let mark = |film: u64| {
        let mut mark = films::mark(&format!("film-{film}"), number);
        mark.film.synopsis = "S".repeat(600);
        (mark.film.id.clone(), mark)
    };
    app::Library {
        marks: (0..FILMS).map(mark).collect(),
        ..app::Library::default()
    }
}

/// The number of the library on disk; 0 when there is none.
fn number_of(library: &app::Library, visits: &[Visit]) -> u64 {
    let first = library.marks.values().next();
    let number = first.map_or(0, |mark| mark.played);
    assert!(
        number == 0 || *library == numbered(number),
        "a mixture of two"
    );
    let visited = visits.first().map_or(0, |visit| visit.at_s);
    // Handed over before the marks, it is written with them or just before.
    assert!(
        visited == number || visited == number + 1,
        "{visited}, {number}"
    );
    number
}

fn found(folder: &Path) -> u64 {
    let opened = films::open(folder);
    assert_eq!(opened.warning, None);
    number_of(&opened.library, &opened.store.visits(1).unwrap())
}

#[test]
#[ignore = "the child of killed_at_any_moment, which starts it"]
fn child() {
    let folder = std::env::var_os(FOLDER).expect("started by killed_at_any_moment");
    let opened = films::open(Path::new(&folder));
    let store = opened.store;
    let begin = number_of(&opened.library, &store.visits(1).unwrap());
    for number in begin + 1..begin + MOST_WRITES {
        let visit = Visit {
            film: "film-0".into(),
            title: "T".into(),
            at_s: number,
            position_ms: 0,
            watched: false,
        };
        store.visited(visit).unwrap();
        store.save(numbered(number));
        assert!(store.flush(PATIENCE));
        println!("written {number}");
    }
}

#[test]
fn killed_at_any_moment() {
    let folder = tempfile::tempdir().unwrap();
    let mut last = 0;
    for kill in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "child",
                "--ignored",
                "--nocapture",
                "--test-threads=1",
            ])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let numbers = lines.map_while(Result::ok).filter_map(|line| {
            let number = line.split_once("written ")?.1;
            number.trim().parse::<u64>().ok()
        });
        // Some writes later, and by the speed of the pipe at another moment of a write each time.
        let mut numbers = numbers.skip(usize::try_from(kill % 7).unwrap());
        let said = numbers.next().expect("the child writes");
        child.kill().unwrap();
        // What it said between our reading and its death counts too.
        let said = numbers.last().unwrap_or(said);
        child.wait().unwrap();
        let number = found(folder.path());
        assert!(number >= said, "{said} was on disk, {number} is there");
        assert!(said > last, "the child went on from what was there");
        last = number;
    }
}
