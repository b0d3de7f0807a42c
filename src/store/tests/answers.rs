//! Kept answers: found, replaced, bounded, forgotten, and gone with their file.
#![allow(clippy::unwrap_used)]

mod films;

use std::fs;
use std::os::unix::fs::FileExt as _;

use films::open;
use store::{ANSWERS_BYTES, Answer};

fn answer(meta: &[u8], body: &[u8], stored_s: u64) -> Answer {
    Answer {
        meta: meta.to_vec(),
        body: body.to_vec(),
        stored_s,
    }
}

#[test]
fn what_is_kept_is_found_until_it_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let answers = store.answers();
    assert_eq!((answers.cached("a"), answers.bytes()), (None, 0));
    answers.keep("a", b"meta", &[0, 255, 1], 10);
    answers.keep("b", b"", b"", 20);
    assert_eq!(answers.cached("a"), Some(answer(b"meta", &[0, 255, 1], 10)));
    let bytes = answers.bytes();
    answers.keep("a", b"more", &[7; 103], 30);
    assert_eq!(answers.bytes(), bytes + 100);
    answers.renew("a", b"later", 40);
    answers.renew("none", b"later", 40);
    assert_eq!(answers.bytes(), bytes + 101);
    drop((answers, store));
    let store = open(folder.path()).store;
    let answers = store.answers();
    assert_eq!(answers.cached("a"), Some(answer(b"later", &[7; 103], 40)));
    assert_eq!(answers.bytes(), bytes + 101);
    answers.forget_older_than(21);
    assert_eq!(answers.cached("b"), None);
    answers.forget("a");
    assert_eq!((answers.cached("a"), answers.bytes()), (None, 0));
    answers.keep("secret", b"", b"a text that may not stay", 1);
    answers.clear();
    assert_eq!((answers.cached("secret"), answers.bytes()), (None, 0));
    for name in films::names(folder.path()) {
        let bytes = fs::read(folder.path().join(&name)).unwrap();
        let text = b"may not stay";
        assert!(
            bytes.windows(text.len()).all(|found| found != text),
            "{name}"
        );
    }
}

#[test]
fn those_longest_not_used_go_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).store;
    let answers = store.answers();
    let body = vec![1; 4 << 20];
    let most = ANSWERS_BYTES / body.len() as u64;
    for number in 0..most - 1 {
        answers.keep(&number.to_string(), b"", &body, 1);
    }
    assert!(answers.cached("0").is_some());
    answers.keep("new", b"", &body, 1);
    assert!(answers.bytes() <= ANSWERS_BYTES);
    answers.keep("newer", b"", &body, 1);
    assert!(answers.bytes() <= ANSWERS_BYTES);
    let there = ["0", "1", "2", "3", "new", "newer"].map(|key| answers.cached(key).is_some());
    assert_eq!(there, [true, false, there[2], true, true, true]);
    // One that would send away a quarter of the others is not kept, and the old one is none.
    answers.keep("0", b"", &vec![1; ANSWERS_BYTES as usize / 4 + 1], 1);
    assert_eq!(answers.cached("0"), None);
    let files = films::names(folder.path());
    let bytes: u64 = files
        .iter()
        .filter(|name| name.starts_with("answers.db"))
        .map(|name| fs::metadata(folder.path().join(name)).unwrap().len())
        .sum();
    assert!(bytes < ANSWERS_BYTES * 3 / 2, "{bytes} bytes on disk");
}

#[test]
fn a_file_that_rots_while_it_is_used_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    {
        let answers = open(folder.path()).store.answers();
        for number in 0..100 {
            answers.keep(&number.to_string(), b"m", &[1; 1000], 1);
        }
    }
    let path = folder.path().join("answers.db");
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    let length = file.metadata().unwrap().len();
    let store = open(folder.path()).store;
    let answers = store.answers();
    file.write_all_at(&vec![0x5a; length as usize - 4096], 4096)
        .unwrap();
    assert_eq!(answers.cached("50"), None);
    answers.keep("50", b"m", b"again", 2);
    assert_eq!(answers.cached("50").unwrap().body, b"again");
    drop((answers, store));
    let answers = open(folder.path()).store.answers();
    assert_eq!(answers.cached("50").unwrap().body, b"again");
}
