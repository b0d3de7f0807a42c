//! The library under `kill -9`: a child writes without end, dies at any moment, and what it said
//! was on disk must be there.
#![allow(clippy::unwrap_used)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use matinee::library::{self, Ledger};

/// Tells the child where to write.
const FOLDER: &str = "MATINEE_TEST_LIBRARY";

/// Deaths; each takes some tens of milliseconds.
const KILLS: u64 = 20;

/// A child that nobody kills ends after so many writes.
const MOST_WRITES: u64 = 20_000;

/// As long as a well-filled library, so that writes take a while.
const FILMS: u64 = 200;

/// All marks carry the same number, so that a mixture of two would be seen.
fn numbered(number: u64) -> app::Library {
    let mark = |film: u64| {
        let id = app::FilmId(format!("film-{film}"));
        let film = app::Film {
            id: id.clone(),
            title: "T".repeat(200),
            synopsis: "S".repeat(1000),
            ..app::Film::default()
        };
        let mark = app::Mark {
            film,
            position: Duration::from_secs(number),
            duration: Duration::ZERO,
            watched: false,
            played: number,
            read: None,
        };
        (id, mark)
    };
    app::Library {
        marks: (0..FILMS).map(mark).collect(),
        ..app::Library::default()
    }
}

/// The number of the library on disk; 0 when there is none.
fn found(folder: &Path) -> u64 {
    let opened = library::open(folder);
    assert_eq!(opened.warning, None);
    let first = opened.library.marks.values().next();
    let number = first.map_or(0, |mark| mark.played);
    assert!(
        number == 0 || opened.library == numbered(number),
        "a mixture"
    );
    number
}

#[test]
#[ignore = "the child of killed_at_any_moment, which starts it"]
fn child() {
    let folder = std::env::var_os(FOLDER).expect("started by killed_at_any_moment");
    let folder = Path::new(&folder);
    let begin = found(folder);
    let ledger = Ledger::start(folder, |why| panic!("{why}")).unwrap();
    for number in begin + 1..begin + MOST_WRITES {
        ledger.save(numbered(number));
        assert!(ledger.flush(Duration::from_mins(1)));
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
