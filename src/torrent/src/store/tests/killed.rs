//! Kill -9 while pieces are written: the test runs itself as the child that is killed.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use super::*;

/// Where the child works; without it the child's test does nothing.
const FOLDER: &str = "MATINEE_TEST_STORE";
const ROUNDS: u32 = 12;
const PIECES: u32 = 200;
/// In pieces.
const BOUND: u64 = 40;

fn films() -> Vec<(Metainfo, Blocks)> {
    (1..=3).map(|byte| film(byte, PIECES)).collect()
}

#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let store = open(Path::new(&folder), BOUND * u64::from(PIECE), 0);
    let films = films();
    for (film, piece) in films.iter().cycle() {
        let _ = store.begin(film);
        for number in 0..PIECES {
            let at = Window {
                playhead: number,
                ..window(10)
            };
            store.windows(film.info_hash, vec![at]);
            let _ = store.write(film, number, piece);
            println!("piece");
        }
        store.close(film.info_hash);
    }
}

#[test]
fn a_killed_program_leaves_nothing_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let films = films();
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::tests::killed::child", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let after = 20 + 37 * round as usize;
        let heard = said
            .lines()
            .filter(|line| line.as_ref().unwrap() == "piece");
        assert_eq!(heard.take(after).count(), after);
        child.kill().unwrap();
        child.wait().unwrap();
        let store = open(folder.path(), BOUND * u64::from(PIECE), 0);
        let mut right = 0;
        for (film, piece) in &films {
            for number in store.begin(film).unwrap() {
                let read = store.read(film, number, 0, PIECE);
                assert!(read.is_none_or(|data| data == piece.to_vec()));
                right += u64::from(store.read(film, number, 0, 1).is_some());
            }
        }
        // Of all that was held at most the piece that was being written, and the one that went
        // for it, are lost.
        let written = (after as u64).min(BOUND);
        assert!(right + 2 >= written, "{right} of {written}");
        assert!(files(folder.path()) as u64 <= BOUND);
    }
}
