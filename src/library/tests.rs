//! Reading back what was written, damage, and a power cut at every instant of a write.

use std::sync::mpsc;
use std::time::Duration;

use super::write::{PLAN, Step, Writing};
use super::*;

const PATIENCE: Duration = Duration::from_mins(1);

fn film(id: &str) -> app::Film {
    app::Film {
        id: app::FilmId(id.into()),
        title: "Füße \"und\"\n\u{1f3ac}".into(),
        year: Some(1999),
        synopsis: String::new(),
        runtime_min: None,
        by: "B".into(),
        genres: vec!["G".into()],
        licence: Some(app::Licence {
            name: "CC0".into(),
            url: "https://c.example/".into(),
        }),
        poster: Some(app::Poster("p.jpg".into())),
        colours: [1, 0xff_ffff],
        badge: Some("New".into()),
        sources: vec![app::Source {
            label: "MP4".into(),
            reach: app::Reach::Torrent(app::TorrentRef {
                info_hash: std::array::from_fn(|at| at as u8 * 13),
                name: "N".into(),
                trackers: vec!["udp://t.example:1/".into()],
                web_seeds: vec!["https://w.example/".into()],
                peers: vec!["[::1]:6881".parse().unwrap()],
                peer_hosts: vec!["p.example:6881".into()],
                exact_sources: vec!["https://x.example/a.torrent".into()],
                file: Some(3),
            }),
            offer: app::choosing::Offer::default(),
        }],
        readiness: app::Readiness::Preparing { percent: 7 },
        ..app::Film::default()
    }
}

/// `played` tells libraries apart.
fn library(played: u64) -> app::Library {
    let marks = ["a", "btih:00"].map(|id| {
        let mark = app::Mark {
            film: film(id),
            position: Duration::from_millis(played * 1000 + 123),
            duration: Duration::from_hours(1),
            watched: id == "a",
            played,
            read: (id == "a").then_some(app::ReadPlace {
                from: app::ReachKey::Torrent {
                    info_hash: [0xab; 20],
                    file: Some(3),
                },
                size: 1 << 40,
                at: Some(played),
            }),
        };
        (app::FilmId(id.into()), mark)
    });
    app::Library {
        marks: marks.into(),
        ..app::Library::default()
    }
}

#[test]
fn what_is_written_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let none = open(folder.path());
    assert_eq!(
        (none.library, none.warning),
        (app::Library::default(), None)
    );
    let path = folder.path().join(FILE_NAME);
    for played in [1, 2] {
        write::whole(&path, &file::bytes(&library(played))).unwrap();
        let opened = open(folder.path());
        assert_eq!((opened.library, opened.warning), (library(played), None));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains("\"version\": 1"), "{text}");
    assert!(
        text.contains("\"000d1a2734414e5b6875828f9ca9b6c3d0ddeaf7\""),
        "{text}"
    );
}

#[test]
fn fields_of_later_releases_are_passed_over() {
    let text = String::from_utf8(file::bytes(&library(1))).unwrap();
    let text = text.replace("\"watched\"", "\"stars\": 5, \"watched\"");
    let read = file::library(text.as_bytes(), Path::new("x")).unwrap();
    assert_eq!(read, library(1));
}

#[test]
fn a_damaged_or_newer_file_is_set_aside_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    let whole = file::bytes(&library(1));
    let text = String::from_utf8(whole.clone()).unwrap();
    let newer = text.replace("\"version\": 1", "\"version\": 2");
    let hash = text.replace("000d1a", "000d1x");
    let short = &whole[..whole.len() / 2];
    let zeros = vec![0; whole.len()];
    let cases: [&[u8]; 6] = [b"", b"[]", short, &zeros, newer.as_bytes(), hash.as_bytes()];
    for (at, bytes) in cases.into_iter().enumerate() {
        fs::write(&path, bytes).unwrap();
        let opened = open(folder.path());
        assert_eq!(opened.library, app::Library::default());
        let warning = opened.warning.unwrap();
        let aside = folder
            .path()
            .join(format!("library.json.damaged-{}", at + 1));
        assert!(warning.contains(aside.to_str().unwrap()), "{warning}");
        assert_eq!(warning.contains("newer"), at == 4, "{warning}");
        assert_eq!(fs::read(aside).unwrap(), bytes);
        assert!(!path.exists());
    }
}

#[test]
fn a_folder_in_the_place_of_the_file_is_no_panic() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(FILE_NAME)).unwrap();
    let opened = open(folder.path());
    assert!(opened.warning.unwrap().contains("damaged-1"));
}

#[test]
fn stopping_after_any_step_leaves_the_old_or_the_new() {
    for steps in 0..=PLAN.len() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        write::whole(&path, &file::bytes(&library(1))).unwrap();
        let bytes = file::bytes(&library(2));
        let mut writing = Writing::new(&path, &bytes);
        for step in &PLAN[..steps] {
            writing.take(*step).unwrap();
        }
        drop(writing);
        let opened = open(folder.path());
        let expected = if steps < 4 { library(1) } else { library(2) };
        assert_eq!((opened.library, opened.warning), (expected, None));
        // Leftovers are not in the way of the next write.
        write::whole(&path, &file::bytes(&library(3))).unwrap();
        assert_eq!(open(folder.path()).library, library(3));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

/// What may be on the disk when the power goes after `steps`: bytes under the file's name and
/// under the temporary one. What was not synced may be there wholly, partly, as zeros, or not.
fn remains(steps: &[Step], old: &[u8], new: &[u8]) -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
    let done = |step| steps.contains(&step);
    let full = new.to_vec();
    let contents = if done(Step::SyncFile) {
        vec![full]
    } else if done(Step::Create) {
        let cut = |length: usize| new[..length].to_vec();
        let half = [cut(new.len() / 2), vec![0; new.len() / 2]].concat();
        vec![
            cut(0),
            cut(1),
            cut(new.len() - 2),
            vec![0; new.len()],
            half,
            full,
        ]
    } else {
        return vec![(old.to_vec(), None)];
    };
    let mut remains = Vec::new();
    for content in contents {
        if done(Step::Rename) {
            remains.push((content.clone(), None));
        }
        if !(done(Step::Rename) && done(Step::SyncFolder)) {
            remains.push((old.to_vec(), None));
            remains.push((old.to_vec(), Some(content)));
        }
    }
    remains
}

/// Whether a library, and after the last step the new one, is read from all that may remain.
fn survives(plan: &[Step]) -> bool {
    let (old, new) = (file::bytes(&library(1)), file::bytes(&library(2)));
    let mut survives = true;
    for steps in 0..=plan.len() {
        for (named, temporary) in remains(&plan[..steps], &old, &new) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(FILE_NAME);
            fs::write(&path, named).unwrap();
            if let Some(bytes) = temporary {
                fs::write(Writing::temporary(&path), bytes).unwrap();
            }
            let opened = open(folder.path());
            let old = opened.library == library(1) && steps < plan.len();
            let new = opened.library == library(2);
            survives &= opened.warning.is_none() && (old || new);
        }
    }
    survives
}

#[test]
fn a_power_cut_at_any_instant_leaves_the_old_or_the_new() {
    assert!(survives(&PLAN));
    for left_out in [Step::SyncFile, Step::SyncFolder] {
        let plan: Vec<_> = PLAN.into_iter().filter(|step| *step != left_out).collect();
        assert!(!survives(&plan), "without {left_out:?} it must not survive");
    }
}

#[test]
fn the_newest_is_written_and_bursts_are_one_write() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::start(folder.path(), |why| panic!("{why}")).unwrap();
    for played in 0..1000 {
        ledger.save(library(played));
    }
    assert!(ledger.flush(PATIENCE));
    assert_eq!(open(folder.path()).library, library(999));
    // Within the pause after a write; the end does not wait for it.
    ledger.save(library(1000));
    drop(ledger);
    assert_eq!(open(folder.path()).library, library(1000));
}

#[test]
fn a_full_disk_is_told_once_and_mended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    // Every write to this device fails with ENOSPC.
    std::os::unix::fs::symlink("/dev/full", Writing::temporary(&path)).unwrap();
    let (tell, told) = mpsc::channel();
    let ledger = Ledger::start(folder.path(), move |why| tell.send(why).unwrap()).unwrap();
    for played in 1..4 {
        ledger.save(library(played));
        assert!(!ledger.flush(PATIENCE));
    }
    let why = told.recv_timeout(PATIENCE).unwrap();
    assert!(
        why.contains("No space left") && why.contains("library.json"),
        "{why}"
    );
    assert!(told.try_recv().is_err(), "one failure is told once");
    fs::remove_file(Writing::temporary(&path)).unwrap();
    ledger.save(library(4));
    assert!(ledger.flush(PATIENCE));
    assert_eq!(open(folder.path()).library, library(4));
    // The next failure is a new one.
    fs::remove_dir_all(folder.path()).unwrap();
    ledger.save(library(5));
    assert!(!ledger.flush(PATIENCE));
    assert!(
        told.recv_timeout(PATIENCE)
            .unwrap()
            .contains("No such file")
    );
}

#[test]
fn flushing_nothing_is_done_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::start(folder.path(), |why| panic!("{why}")).unwrap();
    assert!(ledger.flush(Duration::ZERO));
    drop(ledger);
    assert!(!folder.path().join(FILE_NAME).exists());
}

/// As release 0.1 wrote it, before the byte was remembered.
#[test]
fn older_files_are_read_and_newer_fields_passed_over() {
    let old = library(1);
    let text = String::from_utf8(file::bytes(&old)).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    for mark in value["marks"].as_array_mut().unwrap() {
        mark.as_object_mut().unwrap().remove("read");
        mark["of-a-later-release"] = true.into();
        for source in mark["film"]["sources"].as_array_mut().unwrap() {
            let source = source.as_object_mut().unwrap();
            source.remove("peer_hosts").unwrap();
            source.remove("exact_sources").unwrap();
        }
    }
    let read = file::library(value.to_string().as_bytes(), Path::new("x")).unwrap();
    let mut expected = old;
    for mark in expected.marks.values_mut() {
        mark.read = None;
        for source in &mut mark.film.sources {
            let app::Reach::Torrent(torrent) = &mut source.reach else {
                unreachable!("all of them are torrents");
            };
            torrent.peer_hosts.clear();
            torrent.exact_sources.clear();
        }
    }
    assert_eq!(read, expected);
}

proptest::proptest! {
    /// Any damage is told or harmless; a library that was read can be written and read again.
    #[test]
    fn damage_is_no_panic(at in 0_usize..4000, removed in 0_usize..40, put: Vec<u8>) {
        let mut bytes = file::bytes(&library(1));
        let at = at.min(bytes.len());
        let end = (at + removed).min(bytes.len());
        bytes.splice(at..end, put);
        if let Ok(read) = file::library(&bytes, Path::new("x")) {
            let again = file::library(&file::bytes(&read), Path::new("x"));
            proptest::prop_assert_eq!(again.ok(), Some(read));
        }
    }
}

#[test]
fn deep_nesting_is_damage_and_no_crash() {
    let bytes = format!("{{\"version\":1,\"marks\":{}", "[".repeat(1_000_000));
    let read = file::library(bytes.as_bytes(), Path::new("x"));
    assert!(matches!(read, Err(LibraryError::Damaged { .. })));
}
