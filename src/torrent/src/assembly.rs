//! A piece in the making: its blocks as they come, hashed while the rest is on its way.
//!
//! Lives under the download's lock, but hashes outside of it: who brought a block takes the hash
//! and what has become contiguous with it, works, and brings the hash back. So with the last block
//! hardly anything is left to do, and a piece can be read a moment after it, whatever its length.
//! Invariant: what was hashed is exactly the blocks before `next`, as they lie here; a block
//! that is replaced after that (its giver was banned) makes the hash begin again.

use bytes::Bytes;
use librqbit_sha1_wrapper::{ISha1, Sha1};

use super::blocks::Blocks;

/// Blocks that are worth taking the hash away for: fewer are hashed with the next.
const RUN_MIN: usize = 4;
/// Blocks hashed at a time; 256 KiB, 1 ms on a slow board.
const RUN_MAX: usize = 16;

#[derive(Debug)]
pub(super) struct Assembly {
    /// Tells it from an earlier attempt at the same piece.
    id: u64,
    blocks: Vec<Option<Bytes>>,
    /// None while somebody hashes.
    hash: Option<Hash>,
    /// What is hashed now is void.
    void: bool,
    /// It was wrong before.
    again: bool,
    /// Every block is here and the piece is to be verified.
    complete: bool,
}

/// The hash of the first blocks.
struct Hash {
    sha1: Sha1,
    next: usize,
}

/// Blocks to hash, outside of the lock.
#[derive(Debug)]
pub(super) struct Run {
    id: u64,
    hash: Hash,
    blocks: Vec<Bytes>,
}

/// A piece that has all its blocks.
#[derive(Debug)]
pub(super) struct Whole {
    hash: Hash,
    blocks: Blocks,
}

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hash of {} blocks", self.next)
    }
}

impl Hash {
    fn new() -> Hash {
        Hash {
            sha1: Sha1::new(),
            next: 0,
        }
    }

    fn add(&mut self, block: &[u8]) {
        self.sha1.update(block);
        self.next += 1;
    }
}

impl Assembly {
    /// Of a piece of `blocks` blocks. `id`: never that of another attempt.
    pub(super) fn new(id: u64, blocks: u32) -> Assembly {
        Assembly {
            id,
            blocks: vec![None; blocks as usize],
            hash: Some(Hash::new()),
            void: false,
            again: false,
            complete: false,
        }
    }

    /// Of a piece that was wrong, of which some blocks will be replaced: nothing is hashed before
    /// it is complete again.
    pub(super) fn again(id: u64, blocks: &Blocks) -> Assembly {
        Assembly {
            blocks: blocks.parts().iter().cloned().map(Some).collect(),
            again: true,
            ..Assembly::new(id, 0)
        }
    }

    /// A block that the swarm says to store.
    pub(super) fn put(&mut self, number: u32, block: Bytes) {
        let Some(place) = self.blocks.get_mut(number as usize) else {
            return;
        };
        let replaced = place.replace(block).is_some();
        match &mut self.hash {
            Some(hash) if hash.next > number as usize => *hash = Hash::new(),
            None if replaced => self.void = true,
            _ => {}
        }
    }

    /// What can be hashed now, if it is worth it and nobody does. Must come back.
    pub(super) fn run(&mut self) -> Option<Run> {
        let next = self.hash.as_ref().filter(|_| !self.again)?.next;
        let blocks: Vec<Bytes> = self.blocks[next..]
            .iter()
            .take(RUN_MAX)
            .map_while(Clone::clone)
            .collect();
        let last = next + blocks.len() == self.blocks.len();
        if blocks.is_empty() || (blocks.len() < RUN_MIN && !last) {
            return None;
        }
        let hash = self.hash.take()?;
        Some(Run {
            id: self.id,
            hash,
            blocks,
        })
    }

    /// The hash is back. Whether the piece waits to be verified.
    pub(super) fn back(&mut self, run: Run) -> bool {
        // Of an attempt that was given up meanwhile.
        if run.id != self.id {
            return false;
        }
        let void = std::mem::take(&mut self.void);
        self.hash = Some(if void { Hash::new() } else { run.hash });
        self.complete
    }

    /// The piece is to be verified. If the hash is away, [`Assembly::back`] says when it can be.
    pub(super) fn complete(&mut self) -> bool {
        self.complete = true;
        self.hash.is_some()
    }

    /// None if a block or the hash is not here.
    pub(super) fn whole(self) -> Option<Whole> {
        let blocks: Option<Vec<Bytes>> = self.blocks.into_iter().collect();
        Some(Whole {
            hash: self.hash?,
            blocks: Blocks::new(blocks?),
        })
    }
}

impl Run {
    /// The work.
    pub(super) fn hash(mut self) -> Run {
        for block in std::mem::take(&mut self.blocks) {
            self.hash.add(&block);
        }
        self
    }
}

impl Whole {
    /// Whether little is left to hash.
    pub(super) fn is_nearly_hashed(&self) -> bool {
        self.blocks.parts().len() - self.hash.next <= RUN_MAX
    }

    /// SHA-1 of the piece, and the piece.
    pub(super) fn finish(mut self) -> ([u8; 20], Blocks) {
        for block in &self.blocks.parts()[self.hash.next..] {
            self.hash.sha1.update(block);
        }
        (self.hash.sha1.finish(), self.blocks)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use swarm::BLOCK;

    use super::super::blocks::sha1;
    use super::*;

    const BLOCKS: u32 = 40;

    fn block(number: u32, salt: u8) -> Bytes {
        Bytes::from(vec![number as u8 ^ salt; BLOCK as usize])
    }

    fn digest() -> [u8; 20] {
        let blocks: Vec<Bytes> = (0..BLOCKS).map(|number| block(number, 0)).collect();
        sha1(&blocks.concat())
    }

    #[test]
    fn blocks_in_any_order_have_the_hash_of_the_piece() {
        for step in [1, 3, 7, 39] {
            let mut assembly = Assembly::new(1, BLOCKS);
            let mut hashed = 0;
            for at in 0..BLOCKS {
                let number = at * step % BLOCKS;
                assembly.put(number, block(number, 0));
                while let Some(run) = assembly.run() {
                    hashed += run.blocks.len();
                    assert!(!assembly.back(run.hash()));
                }
            }
            assert!(assembly.complete());
            let whole = assembly.whole().unwrap();
            assert!(whole.is_nearly_hashed());
            assert_eq!(hashed, BLOCKS as usize, "all was hashed before");
            assert_eq!(whole.finish().0, digest());
        }
    }

    #[test]
    fn a_block_that_is_replaced_counts_as_it_is_at_last() {
        let mut assembly = Assembly::new(1, BLOCKS);
        for number in 0..BLOCKS {
            assembly.put(number, block(number, if number == 5 { 9 } else { 0 }));
        }
        // Replaced while it is being hashed, then after it was.
        let run = assembly.run().unwrap();
        assert!(!assembly.back(run.hash()));
        assembly.put(5, block(5, 7));
        let run = assembly.run().unwrap();
        assembly.put(5, block(5, 0));
        assert!(!assembly.complete());
        assert!(assembly.back(run.hash()));
        assert_eq!(assembly.whole().unwrap().finish().0, digest());
    }

    #[test]
    fn a_wrong_piece_is_put_right() {
        let blocks = (0..BLOCKS).map(|number| block(number, u8::from(number == 7)));
        let mut assembly = Assembly::again(3, &Blocks::new(blocks.collect()));
        assembly.put(7, block(7, 0));
        assert!(assembly.run().is_none());
        assert!(assembly.complete());
        assert_eq!(assembly.whole().unwrap().finish().0, digest());
    }

    #[test]
    fn the_hash_of_a_given_up_attempt_is_dropped() {
        let mut first = Assembly::new(1, BLOCKS);
        (0..4).for_each(|number| first.put(number, block(number, 9)));
        let run = first.run().unwrap();
        let mut second = Assembly::new(2, BLOCKS);
        (0..BLOCKS).for_each(|number| second.put(number, block(number, 0)));
        assert!(!second.back(run.hash()));
        assert!(second.complete());
        assert_eq!(second.whole().unwrap().finish().0, digest());
    }
}
