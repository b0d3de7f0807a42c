//! The smoke run of this crate's fuzz targets: each over its corpus and over mutations of it. A
//! finding of the real fuzzer (`tests/fuzz`) goes into the corpus and stays found.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};
use subtitles::fuzzing::TARGETS;

/// For each target: some seconds in a build that is not optimised.
const MUTATIONS: u32 = 4_000;

/// Pieces that parsers look for.
const WORDS: [&[u8]; 12] = [
    b" --> ",
    b"\n\n",
    b"00:00:01,000",
    b"{\\p1}",
    b"\nDialogue: ",
    b"{1}{2}",
    b"99999999999999999999",
    b"\xff",
    b"&#x",
    b"<i>",
    b"\x16\x00\x0b",
    b"\x80\x00\x00",
];

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap());
    let folder = root.join("../../tests/fuzz/corpus").join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

#[derive(Debug, Clone)]
enum Change {
    Byte(Index, u8),
    Cut(Index, usize),
    Word(Index, usize),
    Copy(Index, Index, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        (at(), 0..16_usize).prop_map(|(at, count)| Change::Cut(at, count)),
        (at(), 0..WORDS.len()).prop_map(|(at, word)| Change::Word(at, word)),
        (at(), at(), 0..64_usize).prop_map(|(at, from, count)| Change::Copy(at, from, count)),
    ]
}

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let length = bytes.len();
        let place = |at: &Index| at.index(length + 1);
        let end = |from: usize, count: usize| (from + count).min(length);
        match change {
            Change::Byte(at, byte) => {
                bytes
                    .iter_mut()
                    .skip(place(at))
                    .take(1)
                    .for_each(|it| *it = *byte);
            }
            Change::Cut(at, count) => drop(bytes.drain(place(at)..end(place(at), *count))),
            Change::Word(at, word) => {
                drop(bytes.splice(place(at)..place(at), WORDS[*word].iter().copied()));
            }
            Change::Copy(at, from, count) => {
                let copy = bytes[place(from)..end(place(from), *count)].to_vec();
                drop(bytes.splice(place(at)..place(at), copy));
            }
        }
    }
    bytes
}

#[test]
fn every_reader_survives_its_corpus_and_mutations_of_it() {
    for (name, target) in TARGETS {
        let seeds = corpus(name);
        assert!(!seeds.is_empty(), "{name} has no corpus");
        for seed in &seeds {
            target(seed);
        }
        let mutation = (any::<Index>(), proptest::collection::vec(change(), 1..5));
        let mut runner = TestRunner::new(Config {
            cases: MUTATIONS,
            failure_persistence: None,
            ..Config::default()
        });
        let tried = runner.run(&mutation, |(seed, changes)| {
            target(&changed(seed.get(&seeds).clone(), &changes));
            Ok(())
        });
        tried.unwrap_or_else(|finding| panic!("{name}: {finding}"));
    }
}
