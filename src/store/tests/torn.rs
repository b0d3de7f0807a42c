//! Power cuts: whatever is left of the log, the store opens, whole, and with all that was written
//! before the last checkpoint; bytes that rot are told.
#![allow(clippy::unwrap_used)]

mod films;

use std::fs;
use std::path::Path;

use films::{PATIENCE, library, names, open};
use rusqlite::Connection;

/// Writes marks 1 to `last`, the first `checked` of them into the file itself, and gives back the
/// file and its log as they are on the disk while the store runs.
fn written(checked: u64, last: u64) -> (Vec<u8>, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let opened = open(folder.path());
    let path = folder.path().join("owner.db");
    for played in 1..=last {
        opened.store.save(library(played));
        assert!(opened.store.flush(PATIENCE));
        if played == checked {
            let other = Connection::open(&path).unwrap();
            other
                .query_row("PRAGMA wal_checkpoint (TRUNCATE)", (), |row| {
                    let busy: i64 = row.get(0)?;
                    assert_eq!(busy, 0);
                    Ok(())
                })
                .unwrap();
        }
    }
    let log = fs::read(folder.path().join("owner.db-wal")).unwrap();
    (fs::read(path).unwrap(), log)
}

/// The number of the library that is read from what was left, after a check of every page.
fn found(file: &[u8], log: &[u8]) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("owner.db"), file).unwrap();
    fs::write(folder.path().join("owner.db-wal"), log).unwrap();
    let opened = open(folder.path());
    assert_eq!(opened.warning, None);
    let played = opened.library.marks.values().next().unwrap().played;
    assert_eq!(opened.library, library(played), "a mixture of two");
    // It goes on from there.
    opened.store.save(library(1000));
    assert!(opened.store.flush(PATIENCE));
    drop(opened);
    let path = folder.path().join("owner.db");
    let sound = Connection::open(path).unwrap();
    let sound: String = sound
        .query_row("PRAGMA integrity_check", (), |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
    assert_eq!(open(folder.path()).library, library(1000));
    played
}

#[test]
fn a_log_cut_anywhere_is_read_up_to_its_last_whole_commit() {
    let (file, log) = written(2, 6);
    let mut before = 2;
    for end in (0..=log.len()).step_by(512) {
        let number = found(&file, &log[..end]);
        assert!(number >= before, "a longer log has no less: {number}");
        before = number;
    }
    assert_eq!(found(&file, &log), 6);
    assert_eq!(found(&file, &[]), 2);
}

#[test]
fn a_log_with_a_rotten_end_is_read_up_to_there() {
    let (file, log) = written(2, 6);
    for (at, byte) in [
        (0, 0xff),
        (100, 1),
        (log.len() / 2, 0x80),
        (log.len() - 1, 1),
    ] {
        let mut log = log.clone();
        log[at] ^= byte;
        assert!((2..=6).contains(&found(&file, &log)));
        log[at..].fill(0);
        assert!((2..=6).contains(&found(&file, &log)));
        log[at..].fill(0xa5);
        assert!((2..=6).contains(&found(&file, &log)));
    }
}

fn put(folder: &Path, bytes: &[u8]) {
    fs::write(folder.join("owner.db"), bytes).unwrap();
    // An end without order: the file is looked at before it is believed.
    fs::write(folder.join("owner.db-wal"), b"").unwrap();
}

#[test]
fn a_rotten_file_is_set_aside_whole_and_three_are_kept() {
    let (file, _) = written(2, 3);
    let zeros = vec![0; file.len()];
    let mut rotten = file.clone();
    // The second page on: the tables, not the head.
    rotten[4096..].fill(0x5a);
    let half = &file[..file.len() / 2];
    let text = "no database ".repeat(100);
    let cases: [&[u8]; 4] = [&rotten, text.as_bytes(), half, &zeros[..1000]];
    let folder = tempfile::tempdir().unwrap();
    for bytes in cases {
        put(folder.path(), bytes);
        let opened = open(folder.path());
        assert_eq!(opened.library, app::Library::default());
        let warning = opened.warning.unwrap();
        let aside = folder.path().join("owner.db.damaged-1");
        assert!(warning.contains(aside.to_str().unwrap()), "{warning}");
        assert_eq!(fs::read(aside).unwrap(), bytes, "{warning}");
        opened.store.save(library(7));
        assert!(opened.store.flush(PATIENCE));
        drop(opened.store);
        let opened = open(folder.path());
        assert_eq!((opened.library, opened.warning), (library(7), None));
    }
    let mut kept = names(folder.path());
    kept.retain(|name| name.contains("damaged") && !name.ends_with("-wal"));
    let expected = [1, 2, 3].map(|number| format!("owner.db.damaged-{number}"));
    assert_eq!(kept, expected);
    let last = fs::read(folder.path().join("owner.db.damaged-3")).unwrap();
    assert_eq!(last, text.as_bytes());
}

#[test]
fn a_folder_in_the_place_of_the_file_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("owner.db")).unwrap();
    let opened = open(folder.path());
    assert!(opened.warning.unwrap().contains("damaged-1"));
}

#[test]
fn caches_that_rot_are_made_anew_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["answers.db", "seen.db"] {
        fs::write(folder.path().join(name), "no database ".repeat(100)).unwrap();
    }
    let opened = open(folder.path());
    assert_eq!(opened.warning, None);
    let answers = opened.store.answers();
    assert_eq!(answers.cached("a"), None);
    answers.keep("a", b"m", b"b", 1);
    assert_eq!(answers.cached("a").unwrap().body, b"b");
    opened.store.seen(vec![store::Item {
        id: "1".into(),
        titles: vec!["Sintel".into()],
        ..store::Item::default()
    }]);
    assert!(opened.store.flush_seen(PATIENCE));
    assert_eq!(opened.store.search("sint", 9).unwrap().len(), 1);
}
