//! Blocks in any order, replaced, given up, spilled.
#![allow(clippy::unwrap_used)]

use std::cell::{Cell, RefCell};

use proptest::prelude::*;

use super::super::blocks::sha1;
use super::*;

const BLOCKS: u32 = 40;
const LENGTH: u32 = BLOCKS * BLOCK;

fn block(number: u32, salt: u8) -> Bytes {
    Bytes::from(vec![number as u8 ^ salt; BLOCK as usize])
}

fn digest(blocks: u32) -> [u8; 20] {
    let blocks: Vec<Bytes> = (0..blocks).map(|number| block(number, 0)).collect();
    sha1(&blocks.concat())
}

/// A file in memory that takes so many writes.
#[derive(Default)]
struct File {
    data: RefCell<Vec<u8>>,
    writes: Cell<usize>,
    written: Cell<usize>,
}

impl Part for File {
    fn write(&self, offset: u64, blocks: &[Bytes]) -> bool {
        if self.writes.get() == 0 {
            return false;
        }
        self.writes.set(self.writes.get() - 1);
        let (data, offset) = (blocks.concat(), offset as usize);
        self.written.set(self.written.get() + data.len());
        let mut file = self.data.borrow_mut();
        let end = file.len().max(offset + data.len());
        file.resize(end, 0);
        file[offset..offset + data.len()].copy_from_slice(&data);
        true
    }

    fn read(&self, offset: u64, len: usize) -> Option<Vec<u8>> {
        let data = self.data.borrow();
        Some(data.get(offset as usize..offset as usize + len)?.to_vec())
    }
}

fn none() -> File {
    File::default()
}

fn endless() -> File {
    let file = File::default();
    file.writes.set(usize::MAX);
    file
}

#[test]
fn blocks_in_any_order_have_the_hash_of_the_piece() {
    for step in [1, 3, 7, 39] {
        let mut assembly = Assembly::new(1, LENGTH, false);
        let mut hashed = 0;
        for at in 0..BLOCKS {
            let number = at * step % BLOCKS;
            assembly.put(number, block(number, 0));
            while let Some(run) = assembly.run() {
                hashed += run.blocks.len();
                assert_eq!(assembly.back(run.hash()), Some(false));
            }
        }
        assert!(assembly.complete());
        let mut whole = assembly.whole().unwrap();
        assert!(whole.is_nearly_hashed());
        assert_eq!(hashed, BLOCKS as usize, "all was hashed before");
        assert_eq!(whole.digest(&none()), Some(digest(BLOCKS)));
    }
}

#[test]
fn a_block_that_is_replaced_counts_as_it_is_at_last() {
    let mut assembly = Assembly::new(1, LENGTH, false);
    for number in 0..BLOCKS {
        assembly.put(number, block(number, if number == 5 { 9 } else { 0 }));
    }
    // Replaced after it was hashed, then while it is.
    let run = assembly.run().unwrap();
    assert_eq!(assembly.back(run.hash()), Some(false));
    assembly.put(5, block(5, 7));
    let run = assembly.run().unwrap();
    assembly.put(5, block(5, 0));
    assert!(!assembly.complete());
    assert_eq!(assembly.back(run.hash()), Some(true));
    let digested = assembly.whole().unwrap().digest(&none());
    assert_eq!(digested, Some(digest(BLOCKS)));
}

#[test]
fn the_hash_of_a_given_up_attempt_is_dropped() {
    let mut first = Assembly::new(1, LENGTH, false);
    (0..4).for_each(|number| first.put(number, block(number, 9)));
    let run = first.run().unwrap();
    let mut second = Assembly::new(2, LENGTH, false);
    (0..BLOCKS).for_each(|number| second.put(number, block(number, 0)));
    assert_eq!(second.back(run.hash()), None);
    assert!(second.complete());
    let digested = second.whole().unwrap().digest(&none());
    assert_eq!(digested, Some(digest(BLOCKS)));
}

#[test]
fn a_wrong_piece_is_put_right() {
    let blocks = (0..BLOCKS).map(|number| block(number, u8::from(number == 7)));
    let mut assembly = Assembly::again(3, &Blocks::new(blocks.collect()));
    assembly.put(7, block(7, 0));
    assert!(assembly.run().is_none());
    assert!(assembly.complete());
    let digested = assembly.whole().unwrap().digest(&none());
    assert_eq!(digested, Some(digest(BLOCKS)));
}

#[test]
fn what_is_spilled_in_order_is_written_once_and_never_read() {
    let blocks = 1024;
    let mut assembly = Assembly::new(1, blocks * BLOCK, true);
    let file = endless();
    let mut most = 0;
    for number in 0..blocks {
        assembly.put(number, block(number, 0));
        while let Some(run) = assembly.run() {
            assert_eq!(assembly.back(run.spill(&file)), Some(false));
        }
        most = most.max(assembly.here);
    }
    assert!(most <= RUN_MAX, "{most}");
    assert_eq!(file.written.get(), (blocks * BLOCK) as usize);
    let mut whole = assembly.whole().unwrap();
    assert!(whole.is_spilled() && whole.write(&none()));
    assert_eq!(whole.digest(&none()), Some(digest(blocks)));
}

#[test]
fn without_its_first_block_a_piece_is_written_ahead() {
    let blocks = 1024;
    let mut assembly = Assembly::new(1, blocks * BLOCK, true);
    let file = endless();
    for number in (1..blocks).chain([0]) {
        assembly.put(number, block(number, 0));
        while let Some(run) = assembly.run() {
            assert_eq!(assembly.back(run.spill(&file)), Some(false));
        }
        assert!(assembly.here <= AHEAD_MAX + 1, "{}", assembly.here);
    }
    let mut whole = assembly.whole().unwrap();
    assert!(whole.write(&file));
    assert_eq!(whole.digest(&file), Some(digest(blocks)));
    assert_eq!(
        file.written.get(),
        (blocks * BLOCK) as usize,
        "each byte once"
    );
    assert_eq!(sha1(&file.data.borrow()), digest(blocks));
}

proptest! {
    #[test]
    fn whatever_the_disk_does_the_piece_is_right_or_none(
        blocks in 1u32..600,
        tail in 1u32..=BLOCK,
        order in any::<prop::sample::Index>(),
        writes in 0usize..20,
        replaced in proptest::option::of(0u32..600),
        late in any::<bool>(),
    ) {
        let length = (blocks - 1) * BLOCK + tail;
        let data = |number: u32, salt| {
            let len = BLOCK.min(length - number * BLOCK) as usize;
            block(number, salt).slice(..len)
        };
        let step = (0..).map(|i| order.index(blocks as usize) as u32 + i);
        let step = step.into_iter().find(|step| gcd(*step, blocks) == 1).unwrap();
        let file = File::default();
        file.writes.set(writes);
        let mut assembly = Assembly::new(1, length, true);
        let mut away: Option<Run> = None;
        for at in 0..blocks {
            let number = (u64::from(at) * u64::from(step) % u64::from(blocks)) as u32;
            let wrong = replaced == Some(number);
            assembly.put(number, data(number, u8::from(wrong)));
            if let Some(run) = away.take() {
                assembly.back(run);
            }
            while let Some(run) = assembly.run() {
                let run = if run.spill { run.spill(&file) } else { run.hash() };
                if late && at % 3 == 0 {
                    away = Some(run);
                    break;
                }
                assembly.back(run);
            }
        }
        if let Some(number) = replaced.filter(|number| *number < blocks) {
            assembly.put(number, data(number, 0));
        }
        if let Some(run) = away.take() {
            assembly.back(run);
        }
        let mut whole = assembly.whole().unwrap();
        let parts: Vec<Bytes> = (0..blocks).map(|number| data(number, 0)).collect();
        prop_assert_eq!(whole.digest(&file), Some(sha1(&parts.concat())));
        if whole.write(&file) && whole.is_spilled() {
            prop_assert!(*file.data.borrow() == parts.concat());
        }
        prop_assert!(whole.gather(&file).unwrap().to_vec() == parts.concat());
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
