//! What one reader and several make the torrent fetch and hold.

// A list of one range is meant.
#![allow(clippy::unwrap_used, clippy::single_range_in_vec_init)]

use super::*;

const MIB: u64 = 1 << 20;
const FILM: Range<u64> = 10 * MIB..90 * MIB;
/// Of 80 MiB, a film of five minutes at most.
const PACE: u64 = 80 * MIB / 300;
const NOW: Duration = Duration::ZERO;
const NO_BOUND: u64 = 1 << 40;

/// 100 MiB in pieces of 1 MiB; the film is 10..90.
fn readers() -> Readers {
    let layout = Layout::new(100 * MIB, MIB as u32).unwrap();
    Readers::new(layout, FILM)
}

/// The player reads.
fn read(readers: &mut Readers, mib: u64) -> ReaderId {
    read_as(readers, 1, mib)
}

fn read_as(readers: &mut Readers, viewer: u64, mib: u64) -> ReaderId {
    let bytes = mib * MIB..mib * MIB + MIB / 4;
    readers.begin(ViewerId(viewer), Some(&FILM), bytes)
}

/// Somebody reads subtitles.
fn read_beside(readers: &mut Readers, mib: u64) -> ReaderId {
    readers.begin(ViewerId(99), None, mib * MIB..mib * MIB + MIB / 4)
}

fn nothing(_: u32) -> bool {
    false
}

fn demand(readers: &Readers) -> Demand {
    readers.wants(NO_BOUND, NOW, nothing).0
}

fn playhead(readers: &Readers) -> u32 {
    let places = demand(readers).places;
    assert_eq!(places.len(), 1);
    places[0].playhead
}

#[test]
fn before_the_first_read_the_head_is_wanted() {
    let (demand, windows) = readers().wants(NO_BOUND, NOW, nothing);
    let place = Place {
        playhead: 10,
        ahead: 80,
        pace: PACE,
    };
    assert_eq!(demand.places, [place]);
    assert_eq!(demand.pins, [10, 89]);
    assert_eq!(windows[0].pins, [10, 89]);
    assert!(demand.waiting.is_empty());
}

#[test]
fn a_film_that_goes_on_in_the_middle_is_fetched_there() {
    let mut readers = readers();
    readers.expect(Some(40 * MIB));
    assert_eq!(playhead(&readers), 50);
    assert_eq!(demand(&readers).waiting, [10..11, 89..90, 50..51]);
    // The demuxer's look at the head is not where the film is played.
    let head = read(&mut readers, 10);
    assert_eq!(playhead(&readers), 50);
    readers.end(head);
    read(&mut readers, 49);
    assert_eq!(playhead(&readers), 49);
    assert_eq!(demand(&readers).waiting.first(), Some(&(49..50)));
    // One that begins elsewhere after all is followed.
    readers.expect(Some(40 * MIB));
    for _ in 0..PATIENCE {
        let id = read(&mut readers, 20);
        readers.end(id);
    }
    assert_eq!(playhead(&readers), 20);
}

#[test]
fn the_index_moves_where_the_player_is_expected_and_a_look_ahead_does_not() {
    let mut readers = readers();
    readers.expect(Some(40 * MIB));
    let ahead = read_beside(&mut readers, 52);
    assert_eq!((playhead(&readers), readers.read_at()), (50, 10 * MIB));
    readers.expect_surely(42 * MIB - MIB / 2);
    assert_eq!(playhead(&readers), 51);
    assert_eq!(demand(&readers).waiting, [52..53]);
    readers.end(ahead);
    // All of the first look is still to be played.
    read(&mut readers, 52);
    assert_eq!(readers.read_at(), 52 * MIB - MIB / 2);
    read(&mut readers, 53);
    assert_eq!(readers.read_at(), 53 * MIB);
    // A player that is there is not moved.
    readers.expect_surely(10 * MIB);
    assert_ne!(playhead(&readers), 20);
}

#[test]
fn little_is_prefetched_and_nothing_after_it() {
    let (demand, windows) = readers().wants_early(NO_BOUND, Some(40 * MIB));
    let pieces: Vec<u32> = demand.waiting.iter().cloned().flatten().collect();
    assert_eq!(pieces, [10, 89, 49, 50, 51, 52, 11]);
    assert!(demand.places.is_empty() && demand.pins.is_empty());
    assert_eq!(windows[0].pins, pieces);
    let small = readers().wants_early(8 * MIB, None).0;
    assert_eq!(small.waiting, [10..11, 89..90]);
}

#[test]
fn a_far_read_is_a_seek() {
    let mut readers = readers();
    read(&mut readers, 10);
    let there = read(&mut readers, 60);
    assert_eq!(playhead(&readers), 60);
    assert_eq!(demand(&readers).waiting, [60..61, 10..11]);
    readers.end(there);
    read(&mut readers, 20);
    assert_eq!(playhead(&readers), 20);
}

#[test]
fn a_look_at_the_index_is_no_seek() {
    let mut readers = readers();
    let head = read(&mut readers, 10);
    readers.end(head);
    read(&mut readers, 89);
    assert_eq!(playhead(&readers), 10);
    assert_eq!(demand(&readers).waiting.first(), Some(&(89..90)));
    assert_eq!(readers.read_at(), 89 * MIB);
}

#[test]
fn another_file_moves_nothing_but_is_held() {
    let mut readers = readers();
    read(&mut readers, 40);
    read_beside(&mut readers, 3);
    let (demand, windows) = readers.wants(NO_BOUND, NOW, |piece| piece == 40);
    assert_eq!(demand.places[0].playhead, 40);
    assert_eq!(demand.waiting.first(), Some(&(3..4)));
    assert_eq!(windows[0].waiting, [3]);
    assert_eq!(readers.waiting_at(|piece| piece == 40), None);
    assert_eq!(readers.waiting_at(|piece| piece == 3), Some(40 * MIB));
    assert_eq!(readers.waiting_at(|_| true), None);
}

#[test]
fn two_viewers_share_the_room_and_do_not_move_one_another() {
    let mut readers = readers();
    read_as(&mut readers, 1, 20);
    read_as(&mut readers, 2, 60);
    let (demand, windows) = readers.wants(48 * MIB, NOW, nothing);
    // 48 less one behind each, 10, 89, 20 and 60, and one in reserve.
    let place = |playhead, ahead| Place {
        playhead,
        ahead,
        pace: PACE,
    };
    assert_eq!(demand.places, [place(20, 21), place(60, 20)]);
    assert_eq!(demand.waiting, [20..21, 60..61]);
    assert_eq!((windows[0].behind, windows[1].behind), (1, 1));
    assert_eq!((windows[0].pins.len(), windows[1].pins.len()), (2, 0));
    // One goes on; what the other has is not touched.
    read_as(&mut readers, 1, 21);
    let demand = readers.wants(48 * MIB, NOW, nothing).0;
    assert_eq!(demand.places[1], place(60, 20));
}

#[test]
fn a_window_ends_where_the_next_begins() {
    let mut readers = readers();
    read_as(&mut readers, 1, 20);
    read_as(&mut readers, 2, 25);
    let ahead: Vec<u32> = demand(&readers).places.iter().map(|p| p.ahead).collect();
    assert_eq!(ahead, [5, 65]);
}

#[test]
fn who_has_waited_longest_goes_first() {
    let mut readers = readers();
    let first = read_as(&mut readers, 1, 20);
    read_as(&mut readers, 2, 60);
    read_as(&mut readers, 2, 61);
    // The one behind is what the second waits for, but its newest is asked for first.
    assert_eq!(demand(&readers).waiting, [20..21, 61..62, 60..61]);
    readers.end(first);
    read_as(&mut readers, 1, 21);
    assert_eq!(demand(&readers).waiting, [61..62, 60..61, 21..22]);
    // A long read waits anew with each piece that it gets.
    let long = readers.begin(ViewerId(3), Some(&FILM), 30 * MIB..34 * MIB);
    read_as(&mut readers, 4, 70);
    readers.advance(long, 31 * MIB);
    let last = demand(&readers).waiting.split_off(3);
    assert_eq!(last, [70..71, 31..34]);
}

#[test]
fn who_has_left_is_held_for_a_while_and_not_fetched() {
    let mut readers = readers();
    let id = read_as(&mut readers, 1, 20);
    readers.end(id);
    readers.leave(ViewerId(1), NOW);
    assert_eq!(playhead(&readers), 20);
    read_as(&mut readers, 2, 60);
    // What is on its way is not taken back at once.
    assert_eq!(demand(&readers).places.len(), 2);
    let soon = Duration::from_secs(5);
    let (demand, windows) = readers.wants(NO_BOUND, soon, nothing);
    assert_eq!(demand.places.len(), 1);
    assert_eq!((windows[0].playhead, windows[1].playhead), (20, 60));
    let later = Duration::from_secs(60);
    assert_eq!(readers.wants(NO_BOUND, later, nothing).1.len(), 1);
    assert_eq!(readers.playhead_byte(NOW), 50 * MIB);
    // Another file is shown: it is fetched from its start.
    readers.leave(ViewerId(2), NOW);
    readers.show(92 * MIB..100 * MIB);
    assert_eq!(playhead(&readers), 92);
}

#[test]
fn two_files_are_watched_side_by_side() {
    let mut readers = readers();
    read_as(&mut readers, 1, 20);
    let other = 92 * MIB..100 * MIB;
    readers.show(other.clone());
    readers.begin(ViewerId(2), Some(&other), 92 * MIB..93 * MIB);
    let demand = demand(&readers);
    let places: Vec<(u32, u32)> = demand
        .places
        .iter()
        .map(|p| (p.playhead, p.ahead))
        .collect();
    assert_eq!(places, [(20, 70), (92, 8)]);
    assert_eq!(demand.pins, [10, 89, 92, 99]);
    assert_eq!(readers.playhead_byte(NOW), 0);
}

#[test]
fn all_that_is_wanted_fits_under_the_bound() {
    for pieces in PIECES_MIN..100 {
        let mut readers = readers();
        for (viewer, at) in [
            (1, 10),
            (2, 50),
            (2, 89),
            (3, 70),
            (1, 11),
            (4, 30),
            (5, 31),
        ] {
            read_as(&mut readers, viewer, at);
            read_beside(&mut readers, 3);
            let (demand, windows) = readers.wants(pieces * MIB, NOW, nothing);
            let mut all: Vec<u32> = demand.waiting.iter().cloned().flatten().collect();
            for window in &windows {
                all.extend(window.pins.iter().chain(&window.waiting));
                all.extend(window.playhead..window.playhead + window.ahead);
            }
            let places = demand.places.iter();
            all.extend(places.flat_map(|place| place.playhead..place.playhead + place.ahead));
            all.sort_unstable();
            all.dedup();
            let behind: u32 = windows.iter().map(|window| window.behind).sum();
            let held = all.len() as u64 + u64::from(behind);
            let least = windows.iter().all(|window| window.ahead == 1);
            assert!(held < pieces || least, "{held} of {pieces}");
            assert!(windows.len() as u64 <= pieces / 4);
        }
    }
}

#[test]
fn a_read_moves_on_piece_by_piece() {
    let mut readers = readers();
    let id = readers.begin(ViewerId(1), Some(&FILM), 50 * MIB..53 * MIB);
    readers.advance(id, 52 * MIB);
    assert_eq!(demand(&readers).waiting.first(), Some(&(52..53)));
    readers.end(id);
    assert!(demand(&readers).waiting.is_empty());
}
