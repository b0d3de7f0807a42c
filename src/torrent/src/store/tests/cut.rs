//! The power is cut after any change of the disk: what a start finds then is right and bounded.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::super::assembly::Part;
use super::image::{Image, Memory};
use super::*;

const FILMS: u8 = 3;
const PIECES: u32 = 12;
/// In pieces.
const BOUND: u64 = 16;

#[derive(Debug, Clone)]
enum Step {
    Begin(u8),
    Write(u8, u32),
    /// How many of four quarters, and then whether it is finished.
    Part(u8, u32, u8),
    Window(u8, u32),
    Close(u8),
    Keep(u8, bool),
    Forget(u8),
    Start,
}

fn step() -> impl Strategy<Value = Step> {
    let film = || 0..FILMS;
    prop_oneof![
        2 => film().prop_map(Step::Begin),
        14 => (film(), 0..PIECES).prop_map(|(f, p)| Step::Write(f, p)),
        4 => (film(), 0..PIECES, 0..7u8).prop_map(|(f, p, n)| Step::Part(f, p, n)),
        2 => (film(), 0..PIECES).prop_map(|(f, p)| Step::Window(f, p)),
        1 => film().prop_map(Step::Close),
        2 => (film(), any::<bool>()).prop_map(|(f, k)| Step::Keep(f, k)),
        1 => film().prop_map(Step::Forget),
        1 => Just(Step::Start),
    ]
}

fn start(memory: &Memory) -> Store {
    let fs = Box::new(memory.clone());
    let limit = BOUND * u64::from(PIECE);
    Store::open(fs, PathBuf::from("/cache"), limit, Some(0), RING)
}

fn live(memory: &Memory, films: &[(Metainfo, Blocks)], steps: Vec<Step>) {
    let mut store = start(memory);
    for step in steps {
        let film = |f: u8| &films[f as usize].0;
        match step {
            Step::Begin(f) => drop(store.begin(film(f))),
            Step::Write(f, piece) => drop(store.write(film(f), piece, &films[f as usize].1)),
            Step::Part(f, piece, parts) => {
                let entry = entry(film(f), piece);
                let id = u64::from(parts);
                if !store.begin_part(film(f), piece, id).0 {
                    continue;
                }
                let file = PartFile {
                    store: &store,
                    entry,
                    id,
                };
                for at in (0..4).take(parts.into()) {
                    let quarter = films[f as usize].1.read(at * PIECE / 4, PIECE / 4);
                    assert!(file.write(u64::from(at * PIECE / 4), &[quarter]));
                }
                match parts {
                    6 => store.drop_part(entry, id),
                    4 | 5 => assert!(store.finish_part(entry, id)),
                    _ => {}
                }
            }
            Step::Window(f, playhead) => {
                let at = Window {
                    playhead,
                    ..window(4)
                };
                store.windows(film(f).info_hash, vec![at]);
            }
            Step::Close(f) => store.close(film(f).info_hash),
            Step::Keep(f, kept) => {
                let length = u64::from(PIECES) * u64::from(PIECE);
                drop(store.keep(film(f).info_hash, kept, length));
            }
            Step::Forget(f) => drop(store.forget(film(f).info_hash)),
            Step::Start => store = start(memory),
        }
    }
}

/// Starts on what is left, and looks at all it claims.
fn check(left: Image, films: &[(Metainfo, Blocks)]) -> Result<(), TestCaseError> {
    let before: BTreeMap<_, _> = left.files.clone();
    let memory = Memory::of(left);
    let store = start(&memory);
    prop_assert!(store.used() <= BOUND * u64::from(PIECE));
    prop_assert_eq!(store.used(), memory.image().piece_bytes());
    // Marks are read, pieces are not.
    prop_assert!(memory.reads() <= 20 * u64::from(FILMS));
    for (film, piece) in films {
        let kept = store.folder().join(hex(film.info_hash)).join("keep");
        let key = FilmKey(film.info_hash);
        let is_kept = store.lock().cache.is_kept(key);
        prop_assert_eq!(is_kept, before.contains_key(&kept));
        let claimed = store.begin(film).unwrap();
        for number in 0..PIECES {
            let was = before.get(&store.path(entry(film, number)));
            let right = was.is_some_and(|data| **data == piece.to_vec());
            let read = store.read(film, number, 0, PIECE);
            prop_assert!(read.is_none() || claimed.contains(&number));
            // What was whole is there again: nothing has asked for its room.
            prop_assert_eq!(read.is_some(), right);
            prop_assert!(
                read.is_none_or(|data| data == piece.to_vec()),
                "wrong bytes"
            );
        }
    }
    prop_assert_eq!(store.used(), memory.image().piece_bytes());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_start_claims_what_is_there_and_nothing_else(
        steps in proptest::collection::vec(step(), 1..60),
        harms in proptest::collection::vec(any::<u8>(), 16),
    ) {
        let films: Vec<_> = (1..=FILMS).map(|byte| film(byte, PIECES)).collect();
        let memory = Memory::default();
        live(&memory, &films, steps);
        for (at, image) in memory.history().into_iter().enumerate() {
            prop_assert!(image.piece_bytes() <= BOUND * u64::from(PIECE), "over the bound");
            // A program that was killed, and a power cut: what was not synced suffers.
            check(image.clone(), &films)?;
            let mut cut = image;
            let names: Vec<PathBuf> = cut.files.keys().cloned().collect();
            for (number, name) in names.iter().enumerate() {
                cut.harm(name, harms[(at * 7 + number) % harms.len()]);
            }
            check(cut, &films)?;
        }
    }
}
