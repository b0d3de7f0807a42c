//! Disks that fail while a film runs: it goes on from RAM, and comes back.

use super::super::super::assembly::Part;
use super::image::{Fault, Image, Memory};
use super::*;

fn on(memory: &Memory, limit: u64) -> Store {
    let fs = Box::new(memory.clone());
    Store::open(fs, PathBuf::from("/cache"), limit, Some(0), RING)
}

/// A film of 40 pieces of which 10 are on disk.
fn begun(memory: &Memory) -> (Store, Metainfo, Blocks) {
    let store = on(memory, 1 << 30);
    let (film, piece) = film(1, 40);
    store.begin(&film).unwrap();
    store.windows(film.info_hash, vec![window(40)]);
    for number in 0..10 {
        assert!(store.write(&film, number, &piece).kept);
    }
    (store, film, piece)
}

/// The time for the next try has come.
fn later(store: &Store) {
    let mut held = store.lock();
    assert!(held.try_again.is_some());
    held.try_again = Some(Instant::now());
}

#[test]
fn a_disk_that_takes_nothing_more_is_read_on_and_the_rest_is_in_ram() {
    for number in [libc::EROFS, libc::EIO, libc::EACCES, libc::ENODEV] {
        let memory = Memory::default();
        let (store, film, piece) = begun(&memory);
        let before = memory.image();
        memory.fail(Fault::Changes(number));
        for number in 10..40 {
            assert!(store.write(&film, number, &piece).kept);
        }
        assert!(store.is_in_ram(film.info_hash));
        assert_eq!(store.room(film.info_hash), RING);
        assert_eq!(store.trouble(&film), None);
        for number in 0..40 {
            assert_eq!(store.read(&film, number, 5, 3).unwrap()[..], [1; 3]);
        }
        assert_eq!(memory.image().files, before.files);
        // The disk is back.
        memory.fail(Fault::None);
        assert!(store.write(&film, 1, &piece).kept);
        assert!(store.is_in_ram(film.info_hash), "not tried again yet");
        later(&store);
        assert!(store.write(&film, 2, &piece).kept);
        assert!(!store.is_in_ram(film.info_hash));
        assert_eq!(store.used(), memory.image().piece_bytes());
        for number in 0..40 {
            assert_eq!(store.read(&film, number, 5, 3).unwrap()[..], [1; 3]);
        }
    }
}

#[test]
fn a_disk_that_is_gone_costs_the_pieces_on_it_and_nothing_else() {
    let memory = Memory::default();
    let (store, film, piece) = begun(&memory);
    store.close(film.info_hash);
    memory.fail(Fault::All(libc::ENODEV));
    for number in 0..10 {
        assert_eq!(store.read(&film, number, 0, 1), None);
    }
    assert_eq!(store.begin(&film), Ok(vec![]));
    assert!(store.is_in_ram(film.info_hash));
    for number in 0..10 {
        assert!(store.write(&film, number, &piece).kept);
        assert_eq!(store.read(&film, number, 0, 1).unwrap()[..], [1]);
    }
    // With the next film it is there again, and what is on it is counted, but hashed again.
    memory.fail(Fault::None);
    store.close(film.info_hash);
    let read = memory.reads();
    assert_eq!(store.begin(&film).unwrap().len(), 10);
    assert_eq!(memory.reads(), read, "nothing is read to begin");
    assert!(!store.is_in_ram(film.info_hash));
    assert_eq!(store.used(), 10 * u64::from(PIECE));
    assert_eq!(store.read(&film, 3, 0, 1).unwrap()[..], [1]);
    assert_eq!(memory.reads(), read + u64::from(PIECE) + 1);
}

#[test]
fn nothing_is_written_where_the_disk_was() {
    let memory = Memory::default();
    let (store, film, piece) = begun(&memory);
    // Pulled out: its place is an empty folder of another disk.
    memory.swap(7, Image::default());
    for number in 10..20 {
        assert!(store.write(&film, number, &piece).kept);
    }
    assert!(store.is_in_ram(film.info_hash));
    later(&store);
    assert!(store.write(&film, 20, &piece).kept);
    assert_eq!(memory.image().bytes(), 0);
    // One that has a cache on it is taken, with the next film.
    let other = Memory::default();
    begun(&other);
    memory.swap(8, other.image());
    let begun = store.begin(&film).unwrap();
    assert_eq!(begun[..10], (0..10).collect::<Vec<_>>());
    assert!(!store.is_in_ram(film.info_hash));
    assert!(store.write(&film, 30, &piece).kept);
    assert_eq!(memory.image().bytes(), 11 * u64::from(PIECE));
}

#[test]
fn a_full_disk_is_the_bound_and_too_full_a_one_is_none() {
    let memory = Memory::default();
    let (store, film, piece) = begun(&memory);
    let most = 10 * u64::from(PIECE) + 100;
    let write_at = |number: u32| {
        let at = Window {
            playhead: number,
            ..window(5)
        };
        store.windows(film.info_hash, vec![at]);
        assert!(store.write(&film, number, &piece).kept, "{number}");
        assert_eq!(store.read(&film, number, 0, 1).unwrap()[..], [1]);
    };
    memory.fail(Fault::Full(most));
    for number in 10..40 {
        write_at(number);
        assert!(memory.image().bytes() <= most);
    }
    assert!(
        !store.is_in_ram(film.info_hash),
        "it is enough to play from"
    );
    // Somebody else fills it.
    memory.fail(Fault::Full(0));
    (0..20).for_each(write_at);
    assert!(store.is_in_ram(film.info_hash));
    assert_eq!(store.trouble(&film), None);
    // There is room again.
    memory.fail(Fault::None);
    later(&store);
    write_at(20);
    assert!(!store.is_in_ram(film.info_hash));
    assert_eq!(store.used(), memory.image().bytes());
}

/// The part of piece `number` of the film, by hand.
fn part<'a>(store: &'a Store, film: &Metainfo, number: u32) -> PartFile<'a> {
    let entry = entry(film, number);
    PartFile {
        store,
        entry,
        id: 1,
    }
}

#[test]
fn a_part_takes_its_room_at_once_and_is_held_when_it_is_whole() {
    let memory = Memory::default();
    let store = on(&memory, 20 * u64::from(PIECE));
    let (film, piece) = film(1, 40);
    store.begin(&film).unwrap();
    store.windows(film.info_hash, vec![window(40)]);
    for number in 0..20 {
        assert!(store.write(&film, number, &piece).kept);
    }
    let at = Window {
        playhead: 20,
        ..window(20)
    };
    store.windows(film.info_hash, vec![at]);
    let (begun, evicted) = store.begin_part(&film, 30, 1);
    assert!(begun);
    assert_eq!(evicted, [entry(&film, 0)]);
    let file = part(&store, &film, 30);
    let half = piece.read(0, PIECE / 2);
    assert!(file.write(0, std::slice::from_ref(&half)));
    assert_eq!(store.read(&film, 30, 0, 1), None, "not whole");
    assert!(file.write(u64::from(PIECE / 2), &[half]));
    assert_eq!(file.read(5, 3), Some(vec![1; 3]));
    assert!(!store.finish_part(file.entry, 2), "another attempt");
    assert!(store.finish_part(file.entry, 1));
    assert_eq!(store.read(&film, 30, 0, 1).unwrap()[..], [1]);
    assert_eq!(store.used(), memory.image().bytes());
    // Given up, closed, and left by an earlier run.
    for (number, ends) in [(31, 0), (32, 1), (33, 2)] {
        assert!(store.begin_part(&film, number, 1).0);
        assert!(part(&store, &film, number).write(0, &[piece.read(0, 5)]));
        match ends {
            0 => store.drop_part(entry(&film, number), 1),
            1 => {
                store.close(film.info_hash);
                store.begin(&film).unwrap();
            }
            _ => {
                let store = on(&memory, 1 << 30);
                assert_eq!(store.used(), memory.image().bytes());
                assert_eq!(store.used() % u64::from(PIECE), 0);
                return;
            }
        }
        assert_eq!(store.used(), memory.image().bytes());
        assert!(!part(&store, &film, number).write(0, &[piece.read(0, 5)]));
    }
}

#[test]
fn a_part_dies_with_its_disk() {
    for fault in [
        Fault::All(libc::ENODEV),
        Fault::Changes(libc::EROFS),
        Fault::Full(0),
    ] {
        let memory = Memory::default();
        let (store, film, piece) = begun(&memory);
        assert!(store.begin_part(&film, 30, 1).0);
        let file = part(&store, &film, 30);
        assert!(file.write(0, &[piece.read(0, 100)]));
        memory.fail(fault);
        assert!(!file.write(100, &[piece.read(0, 100)]));
        memory.fail(Fault::None);
        if fault != Fault::Full(0) {
            assert!(
                !file.write(100, &[piece.read(0, 100)]),
                "it may have a hole"
            );
            assert!(!store.finish_part(file.entry, 1));
            later(&store);
            assert!(store.write(&film, 11, &piece).kept);
        }
        store.drop_part(file.entry, 1);
        assert_eq!(store.used(), memory.image().bytes());
    }
}

#[test]
fn the_ring_is_bounded_and_follows_the_playhead() {
    let memory = Memory::default();
    memory.fail(Fault::All(libc::EIO));
    let store = on(&memory, 1 << 30);
    let (film, piece) = film(1, 200);
    assert_eq!(store.begin(&film), Ok(vec![]));
    for number in 0..200 {
        let at = Window {
            playhead: number,
            behind: 3,
            ahead: 50,
            pins: vec![0],
            waiting: vec![number],
        };
        store.windows(film.info_hash, vec![at]);
        assert!(store.write(&film, number, &piece).kept);
        let held = store.lock();
        let bytes: usize = held.ring.pieces.values().map(Blocks::len).sum();
        assert!(bytes as u64 <= RING && bytes as u64 == held.ring.cache.used());
    }
    assert_eq!(store.read(&film, 0, 0, 1).unwrap()[..], [1], "pinned");
    assert_eq!(store.read(&film, 100, 0, 1), None);
    assert_eq!(store.read(&film, 190, 0, 1).unwrap()[..], [1]);
    // A film whose pieces are too long for it is refused, with the reason.
    let (long, _) = self::film(2, 500);
    let fs = Box::new(memory.clone());
    let ring = 2 * u64::from(PIECE);
    let tiny = Store::open(fs, "/cache".into(), 1 << 30, Some(0), ring);
    let Err(SupplyFailure::Disk(why)) = tiny.begin(&long) else {
        panic!("it cannot be played");
    };
    assert!(why.contains("/cache"), "{why}");
}
