//! What the cache promises, on examples and on random lives.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use cache::{Admission, Cache, Entry, FilmKey, Window};
use proptest::prelude::*;

const MIB: u64 = 1 << 20;

fn film(n: u8) -> FilmKey {
    FilmKey([n; 20])
}

fn entry(n: u8, piece: u32) -> Entry {
    Entry {
        film: film(n),
        piece,
    }
}

fn window(playhead: u32, behind: u32, ahead: u32, pins: &[u32]) -> Window {
    Window {
        playhead,
        behind,
        ahead,
        pins: pins.to_vec(),
        waiting: Vec::new(),
    }
}

/// Admits a piece of 1 MiB; the numbers of the evicted pieces, or nothing if refused.
fn admit(cache: &mut Cache, entry: Entry) -> Option<Vec<u32>> {
    match cache.admit(entry, MIB) {
        Admission::Keep { evict } => Some(evict.iter().map(|entry| entry.piece).collect()),
        Admission::Refuse => None,
    }
}

/// A cache of ten pieces that holds 0..10 of film 1.
fn full() -> Cache {
    let mut cache = Cache::new(10 * MIB);
    cache.windows(film(1), vec![window(0, 2, 10, &[0])]);
    for piece in 0..10 {
        assert_eq!(admit(&mut cache, entry(1, piece)), Some(vec![]));
    }
    cache
}

#[test]
fn what_was_played_goes_first_and_pins_stay() {
    let mut cache = full();
    cache.windows(film(1), vec![window(6, 2, 10, &[0])]);
    let evicted: Vec<_> = (10..14)
        .map(|piece| admit(&mut cache, entry(1, piece)))
        .collect();
    let one = |piece| Some(vec![piece]);
    // 0 is pinned; 4 and 5 lie behind the playhead, in the window; then all is worth more.
    assert_eq!(evicted, [one(1), one(2), one(3), one(4)]);
    assert_eq!(admit(&mut cache, entry(1, 14)), one(5));
    assert_eq!(admit(&mut cache, entry(1, 15)), None);
    assert!(cache.holds(entry(1, 0)));
}

#[test]
fn a_seek_back_lets_go_of_what_is_farthest_ahead() {
    let mut cache = full();
    cache.windows(film(1), vec![window(9, 2, 6, &[])]);
    for piece in 10..15 {
        admit(&mut cache, entry(1, piece)).unwrap();
    }
    cache.windows(film(1), vec![window(1, 2, 6, &[])]);
    assert_eq!(admit(&mut cache, entry(1, 1)), Some(vec![14]));
    assert_eq!(admit(&mut cache, entry(1, 2)), Some(vec![13]));
}

#[test]
fn other_films_go_before_the_one_that_plays_the_longest_unused_first() {
    let mut cache = Cache::new(6 * MIB);
    for (n, used) in [(1, 30), (2, 10), (3, 20)] {
        cache.restore(entry(n, 0), MIB, used);
        cache.restore(entry(n, 1), MIB, used);
    }
    cache.touch(entry(2, 0));
    cache.windows(film(4), vec![window(0, 0, 4, &[])]);
    let films: Vec<u8> = (0..5)
        .map(|piece| match cache.admit(entry(4, piece), MIB) {
            Admission::Keep { evict } => evict[0].film.0[0],
            Admission::Refuse => 0,
        })
        .collect();
    assert_eq!(films, [3, 3, 1, 1, 2]);
}

#[test]
fn a_closed_film_keeps_longest_where_it_will_go_on() {
    let mut cache = full();
    cache.windows(film(1), vec![window(5, 1, 3, &[0])]);
    cache.close(film(1));
    cache.windows(film(2), vec![window(0, 0, 20, &[])]);
    let evicted: Vec<u32> = (0..10)
        .map(|piece| admit(&mut cache, entry(2, piece)).unwrap()[0])
        .collect();
    assert_eq!(evicted, [1, 2, 3, 9, 8, 4, 7, 6, 5, 0]);
    assert_eq!(cache.pieces(film(1)).count(), 0);
}

#[test]
fn a_smaller_bound_takes_even_the_window() {
    let mut cache = full();
    let evicted = cache.set_bound(3 * MIB);
    assert_eq!(evicted.len(), 7);
    assert_eq!(cache.pieces(film(1)).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(cache.set_bound(0).len(), 3);
    assert_eq!(admit(&mut cache, entry(1, 0)), None);
}

#[test]
fn a_piece_larger_than_the_bound_evicts_nothing() {
    let mut cache = full();
    assert_eq!(cache.admit(entry(1, 0), 11 * MIB), Admission::Refuse);
    assert_eq!(cache.used(), 10 * MIB);
}

#[test]
fn what_is_waited_for_outlasts_pins() {
    let mut cache = Cache::new(2 * MIB);
    let at = Window {
        waiting: vec![50],
        ..window(50, 0, 2, &[0, 99])
    };
    cache.windows(film(1), vec![at]);
    assert_eq!(admit(&mut cache, entry(1, 0)), Some(vec![]));
    assert_eq!(admit(&mut cache, entry(1, 99)), Some(vec![]));
    assert_eq!(admit(&mut cache, entry(1, 51)), None, "pins are worth more");
    assert_eq!(admit(&mut cache, entry(1, 50)), Some(vec![0]));
}

#[test]
fn two_players_of_a_film_keep_what_both_need() {
    let mut cache = full();
    let two = vec![window(1, 0, 2, &[]), window(7, 1, 2, &[])];
    cache.windows(film(1), two.clone());
    let evicted: Vec<_> = (0..5)
        .filter_map(|_| {
            let bound = cache.bound() - MIB;
            cache.set_bound(bound).pop().map(|entry| entry.piece)
        })
        .collect();
    assert_eq!(evicted, [0, 5, 4, 3, 9]);
    assert_eq!(cache.pieces(film(1)).collect::<Vec<_>>(), [1, 2, 6, 7, 8]);
}

#[test]
fn two_films_share_the_room_evenly() {
    let mut cache = full();
    cache.windows(film(2), vec![window(0, 0, 10, &[])]);
    assert_eq!(cache.room(film(2)), 5 * MIB);
    for piece in 0..10 {
        // Both are used in turn.
        cache.touch(entry(1, 0));
        let _ = cache.admit(entry(2, piece), MIB);
    }
    let held: Vec<u32> = cache.pieces(film(2)).collect();
    assert_eq!(held, [0, 1, 2, 3, 4]);
    assert_eq!(cache.pieces(film(1)).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    // One that asks for little leaves the rest.
    cache.windows(film(2), vec![window(0, 0, 1, &[])]);
    assert_eq!(cache.room(film(1)), 9 * MIB);
}

#[test]
fn kept_films_stay_whatever_comes() {
    let mut cache = full();
    cache.keep(film(1), true);
    cache.close(film(1));
    cache.windows(film(2), vec![window(0, 0, 4, &[])]);
    assert_eq!(cache.room(film(2)), 0);
    assert_eq!(admit(&mut cache, entry(2, 0)), None);
    assert_eq!(cache.set_bound(4 * MIB), []);
    assert_eq!((cache.used(), cache.bound()), (10 * MIB, 4 * MIB));
    // Its own player may let go of its pieces.
    cache.windows(film(1), vec![window(9, 0, 20, &[])]);
    let _ = cache.set_bound(10 * MIB);
    assert_eq!(admit(&mut cache, entry(1, 10)), Some(vec![0]));
    cache.keep(film(1), false);
    assert_eq!(cache.set_bound(4 * MIB).len(), 6);
}

#[test]
fn a_piece_in_the_making_takes_room_and_is_not_held() {
    let mut cache = full();
    let large = entry(1, 20);
    cache.windows(film(1), vec![window(20, 2, 10, &[0])]);
    let begun = cache.begin(large, 4 * MIB);
    assert!(matches!(begun, Admission::Keep { evict } if evict.len() == 4));
    assert_eq!(cache.used(), 10 * MIB);
    assert!(!cache.holds(large));
    assert_eq!(
        cache.set_bound(4 * MIB).len(),
        6,
        "all but what is being made"
    );
    cache.finish(large);
    assert!(cache.holds(large));
    let again = cache.begin(large, 4 * MIB);
    assert_eq!(again, Admission::Keep { evict: vec![large] });
    let _ = cache.begin(entry(1, 21), MIB);
    cache.forget(entry(1, 21));
    cache.forget(large);
    assert_eq!(cache.used(), 0);
}

#[derive(Debug, Clone)]
enum Step {
    Admit(u8, u32, u64),
    Window(u8, Window),
    Close(u8),
    Touch(u8, u32),
    Forget(u8, u32),
    Bound(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let (films, pieces) = (0..3u8, 0..40u32);
    let pins = proptest::collection::vec(0..40u32, 0..3);
    let window = (0..40u32, 0..8u32, 0..20u32, pins);
    prop_oneof![
        12 => (films.clone(), pieces.clone(), 1..5u64).prop_map(|(f, p, b)| Step::Admit(f, p, b)),
        2 => (films.clone(), window).prop_map(|(f, (playhead, behind, ahead, pins))| {
            Step::Window(f, Window { playhead, behind, ahead, pins, waiting: Vec::new() })
        }),
        1 => films.clone().prop_map(Step::Close),
        1 => (films.clone(), pieces.clone()).prop_map(|(f, p)| Step::Touch(f, p)),
        1 => (films, pieces).prop_map(|(f, p)| Step::Forget(f, p)),
        1 => (0..40u64).prop_map(Step::Bound),
    ]
}

/// The class of a piece, by the words of the crate's documentation; the least goes first.
fn class(windows: &BTreeMap<u8, Window>, entry: Entry) -> u8 {
    let Some(window) = windows.get(&entry.film.0[0]) else {
        return 0;
    };
    let Window {
        playhead,
        behind,
        ahead,
        pins,
        ..
    } = window;
    let piece = entry.piece;
    match () {
        () if pins.contains(&piece) => 5,
        () if piece < playhead.saturating_sub(*behind) => 1,
        () if piece >= playhead + ahead => 2,
        () if piece < *playhead => 3,
        () => 4,
    }
}

/// Nothing better went for the newcomer, nor before what stays.
fn fair(
    windows: &BTreeMap<u8, Window>,
    disk: &BTreeMap<Entry, u64>,
    new: Entry,
    evict: &[Entry],
) -> Result<(), TestCaseError> {
    let Some(best) = evict.iter().map(|gone| class(windows, *gone)).max() else {
        return Ok(());
    };
    prop_assert!(best <= class(windows, new));
    let stays = disk
        .keys()
        .filter(|entry| !evict.contains(entry) && **entry != new);
    let least = stays.map(|entry| class(windows, *entry)).min();
    prop_assert!(least.is_none_or(|least| best <= least));
    Ok(())
}

proptest! {
    #[test]
    fn never_over_the_bound_and_never_the_better_for_the_worse(
        bound in 0..40u64,
        steps in proptest::collection::vec(step(), 1..200),
    ) {
        let mut cache = Cache::new(bound);
        let mut disk: BTreeMap<Entry, u64> = BTreeMap::new();
        let mut windows: BTreeMap<u8, Window> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Admit(f, piece, bytes) => {
                    let new = entry(f, piece);
                    let Admission::Keep { evict } = cache.admit(new, bytes) else { continue };
                    // One film plays at a time: of several, the earlier opened one goes first.
                    if windows.len() < 2 {
                        fair(&windows, &disk, new, &evict)?;
                    }
                    for gone in evict {
                        prop_assert!(gone != new && disk.remove(&gone).is_some());
                    }
                    disk.insert(new, bytes);
                }
                Step::Window(f, window) => {
                    windows.insert(f, window.clone());
                    cache.windows(film(f), vec![window]);
                }
                Step::Close(f) => {
                    windows.remove(&f);
                    cache.close(film(f));
                }
                Step::Touch(f, piece) => cache.touch(entry(f, piece)),
                Step::Forget(f, piece) => {
                    disk.remove(&entry(f, piece));
                    cache.forget(entry(f, piece));
                }
                Step::Bound(bytes) => {
                    for gone in cache.set_bound(bytes) {
                        prop_assert!(disk.remove(&gone).is_some());
                    }
                }
            }
            let on_disk: u64 = disk.values().sum();
            prop_assert_eq!(cache.used(), on_disk);
            prop_assert!(on_disk <= cache.bound());
            for entry in disk.keys() {
                prop_assert!(cache.holds(*entry));
            }
        }
    }
}
