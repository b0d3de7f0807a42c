//! What the store promises of its disk, on a real one.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use cache::Window;

use super::super::blocks::{blocks_of, sha1};
use super::super::disk::Disk;
use super::*;

mod cut;
mod faults;
mod image;
mod killed;

pub(super) const PIECE: u32 = 16 * 1024;
/// In bytes, enough for every test here.
const RING: u64 = 64 * PIECE as u64;

/// Of `pieces` pieces that are all `byte`; films of different bytes are different torrents.
pub(super) fn film(byte: u8, pieces: u32) -> (Metainfo, Blocks) {
    let piece = vec![byte; PIECE as usize];
    let hashes = sha1(&piece).repeat(pieces as usize);
    let mut info = format!(
        "d6:lengthi{}e4:name5:a.mp412:piece lengthi{PIECE}e6:pieces{}:",
        u64::from(pieces) * u64::from(PIECE),
        hashes.len()
    )
    .into_bytes();
    info.extend(hashes);
    info.push(b'e');
    let metainfo = Metainfo::from_info(&info.into()).unwrap();
    (metainfo, blocks_of(&piece))
}

pub(super) fn entry(film: &Metainfo, piece: u32) -> Entry {
    let film = FilmKey(film.info_hash);
    Entry { film, piece }
}

fn open(folder: &Path, limit: u64, reserve: u64) -> Store {
    let folder = folder.to_owned();
    Store::open(Box::new(Disk), folder, limit, Some(reserve), RING)
}

fn files(folder: &Path) -> usize {
    let films = fs::read_dir(folder).unwrap();
    films
        .map(|film| fs::read_dir(film.unwrap().path()).unwrap().count())
        .sum()
}

fn window(ahead: u32) -> Window {
    Window {
        ahead,
        ..Window::default()
    }
}

#[test]
fn another_folder_is_held_in_once_no_film_is_begun() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = open(first.path(), 20 * u64::from(PIECE), 0);
    let ((a, piece_a), (b, piece_b)) = (film(1, 3), film(2, 4));
    assert!(store.begin(&a).unwrap().is_empty());
    store.windows(a.info_hash, vec![window(3)]);
    assert!(store.write(&a, 0, &piece_a).kept);
    assert!(!store.move_to(second.path()), "under a film");
    store.close(a.info_hash);
    assert!(store.move_to(second.path()));
    assert_eq!(store.used(), 0);
    assert!(store.begin(&b).unwrap().is_empty());
    store.windows(b.info_hash, vec![window(4)]);
    for number in 0..4 {
        assert!(store.write(&b, number, &piece_b).kept);
    }
    store.close(b.info_hash);
    assert_eq!((files(first.path()), files(second.path())), (1, 4));
    // A place that is gone holds nothing, and what lay in the first is there again.
    let gone = second.path().join("gone");
    assert!(store.move_to(&gone));
    assert_eq!(store.used(), 0);
    assert!(store.move_to(first.path()));
    assert_eq!(store.used(), u64::from(PIECE));
    assert_eq!(store.begin(&a).unwrap(), [0]);
}

#[test]
fn the_longest_unused_film_goes_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), 20 * u64::from(PIECE), 0);
    let ((a, piece_a), (b, piece_b)) = (film(1, 15), film(2, 15));
    for (film, piece) in [(&a, &piece_a), (&b, &piece_b)] {
        assert!(store.begin(film).unwrap().is_empty());
        store.windows(film.info_hash, vec![window(15)]);
        for number in 0..15 {
            assert!(store.write(film, number, piece).kept);
            assert!(files(folder.path()) <= 20);
        }
        store.close(film.info_hash);
    }
    assert_eq!(store.used(), 20 * u64::from(PIECE));
    assert_eq!(store.begin(&b).unwrap().len(), 15);
    assert_eq!(store.begin(&a).unwrap(), [0, 1, 2, 3, 4]);
    // The same after a start.
    let store = open(folder.path(), 20 * u64::from(PIECE), 0);
    assert_eq!(store.begin(&a).unwrap(), [0, 1, 2, 3, 4]);
    assert_eq!(&store.read(&b, 14, 10, 5).unwrap()[..], [2; 5]);
}

#[test]
fn a_full_disk_takes_from_other_films_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), 1 << 30, 0);
    let ((a, piece_a), (b, piece_b)) = (film(1, 20), film(2, 20));
    store.begin(&a).unwrap();
    for number in 0..20 {
        assert!(store.write(&a, number, &piece_a).kept);
    }
    store.close(a.info_hash);
    store.begin(&b).unwrap();
    store.windows(b.info_hash, vec![Window::default()]);
    std::os::unix::fs::symlink("/dev/full", store.path(entry(&b, 0))).unwrap();
    let written = store.write(&b, 0, &piece_b);
    assert!(written.kept);
    assert_eq!(written.evicted.len(), 1);
    assert_eq!(written.evicted[0].film, FilmKey(a.info_hash));
    assert_eq!(store.bound(), 20 * u64::from(PIECE));
    assert!(!store.is_in_ram(b.info_hash));
    assert_eq!(&store.read(&b, 0, 0, 3).unwrap()[..], [2; 3]);
    assert_eq!(files(folder.path()), 20);
}

#[test]
fn what_leaves_no_reserve_is_not_held() {
    let folder = tempfile::tempdir().unwrap();
    let (film, piece) = film(1, 20);
    {
        let store = open(folder.path(), 1 << 30, 0);
        store.begin(&film).unwrap();
        for number in 0..20 {
            assert!(store.write(&film, number, &piece).kept);
        }
    }
    // A reserve no disk has: nothing more may be added to what is there.
    let store = open(folder.path(), 1 << 30, u64::MAX);
    assert_eq!(store.bound(), 20 * u64::from(PIECE));
    let (other, piece) = self::film(2, 100);
    let empty = tempfile::tempdir().unwrap();
    let store = open(empty.path(), 1 << 30, u64::MAX);
    assert_eq!(store.begin(&other), Ok(vec![]));
    assert!(store.is_in_ram(other.info_hash));
    assert!(store.write(&other, 0, &piece).kept);
    assert_eq!(files(empty.path()), 0);
    // Without a ring that is the end.
    let disk = Box::new(Disk);
    let store = Store::open(disk, empty.path().to_owned(), 1 << 30, Some(u64::MAX), 0);
    assert_eq!(store.begin(&other), Err(SupplyFailure::DiskFull));
}

#[test]
fn strange_things_in_the_folder_are_survived() {
    let folder = tempfile::tempdir().unwrap();
    let (film, piece) = film(1, 20);
    fs::write(folder.path().join("0".repeat(40)), b"a file").unwrap();
    fs::create_dir_all(folder.path().join("1".repeat(40)).join("7")).unwrap();
    fs::create_dir_all(folder.path().join("2".repeat(40))).unwrap();
    fs::create_dir_all(folder.path().join("notes")).unwrap();
    let store = open(folder.path(), 1 << 30, 0);
    assert_eq!(store.used(), 0);
    assert!(!folder.path().join("2".repeat(40)).exists());
    store.begin(&film).unwrap();
    assert!(store.write(&film, 3, &piece).kept);
    // Tidied away by somebody.
    fs::remove_dir_all(store.film_folder(FilmKey(film.info_hash))).unwrap();
    assert_eq!(store.read(&film, 3, 0, 1), None);
    assert_eq!(store.used(), 0);
    assert!(store.write(&film, 3, &piece).kept);
    assert_eq!(&store.read(&film, 3, 0, 1).unwrap()[..], [1]);
}

#[test]
fn a_kept_film_stays_and_another_goes_on_from_ram() {
    let folder = tempfile::tempdir().unwrap();
    let limit = 20 * u64::from(PIECE);
    let ((a, piece_a), (b, piece_b)) = (film(1, 15), film(2, 15));
    {
        let store = open(folder.path(), limit, 0);
        store.begin(&a).unwrap();
        store
            .keep(a.info_hash, true, 15 * u64::from(PIECE))
            .unwrap();
        for number in 0..15 {
            assert!(store.write(&a, number, &piece_a).kept);
        }
        store.close(a.info_hash);
        let full = store.keep(b.info_hash, true, 15 * u64::from(PIECE));
        assert!(
            matches!(full, Err(Refusal::Full { left, .. }) if left == 3 * u64::from(PIECE)),
            "{full:?}"
        );
        // Another film: the 5 that are left are too few to play from.
        store.begin(&b).unwrap();
        assert!(store.is_in_ram(b.info_hash));
        for number in 0..15 {
            assert!(store.write(&b, number, &piece_b).kept);
        }
        assert_eq!(store.read(&b, 14, 0, 2).unwrap()[..], [2; 2]);
        store.close(b.info_hash);
        assert_eq!(store.read(&b, 14, 0, 2), None, "RAM is given back");
    }
    // Neither a start nor a smaller limit takes it.
    let store = open(folder.path(), 5 * u64::from(PIECE), 0);
    assert_eq!(store.used(), 15 * u64::from(PIECE));
    let films = store.films();
    assert_eq!(films.len(), 1);
    assert_eq!(
        (films[0].kept, films[0].bytes),
        (true, 15 * u64::from(PIECE))
    );
    store.keep(a.info_hash, false, 0).unwrap();
    assert_eq!(store.used(), 5 * u64::from(PIECE));
    assert_eq!(
        store.forget(a.info_hash).map_err(|_| ()),
        Ok((0..5).collect())
    );
    assert_eq!(store.films(), []);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
