//! A piece in the making: its blocks as they come, hashed while the rest is on its way.
//!
//! Lives under the download's lock, but hashes outside of it: who brought a block takes the hash
//! and what has become contiguous with it, works, and brings the hash back. So with the last block
//! hardly anything is left to do, and a piece can be read a moment after it, whatever its length.
//! Of a long piece the same run also writes what it hashes into the piece's own file, so that RAM
//! holds little more than what came out of order; if that is too much, the end of it is written
//! ahead, and read back for its hash later.
//!
//! Invariant: what was hashed is exactly the blocks before `next`; a block that is replaced after
//! that (its giver was banned) makes the hash begin again.

use bytes::Bytes;
use librqbit_sha1_wrapper::{ISha1, Sha1};
use swarm::BLOCK;

use super::blocks::Blocks;

/// Blocks that are worth taking the hash away for: fewer are hashed with the next.
const RUN_MIN: usize = 4;
/// Blocks hashed at a time; 256 KiB, 1 ms on a slow board.
const RUN_MAX: usize = 16;
/// The same of a piece that is spilled: 1 MiB in one write.
const SPILL_RUN: usize = 64;
/// Blocks of a spilled piece that may wait for an earlier one in RAM; 4 MiB.
const AHEAD_MAX: usize = 256;
/// Beyond this the disk is too slow for the peers, and they must wait; 8 MiB.
const CONGESTED: usize = 512;

#[derive(Debug, Clone, Default)]
enum Slot {
    #[default]
    Missing,
    Here(Bytes),
    Spilled,
}

/// The file of a piece in the making.
pub(super) trait Part {
    /// Whether it was written.
    fn write(&self, offset: u64, blocks: &[Bytes]) -> bool;
    fn read(&self, offset: u64, len: usize) -> Option<Vec<u8>>;
}

/// Of a piece that is in RAM.
pub(super) struct NoFile;

impl Part for NoFile {
    fn write(&self, _: u64, _: &[Bytes]) -> bool {
        false
    }

    fn read(&self, _: u64, _: usize) -> Option<Vec<u8>> {
        None
    }
}

// Each is a fact of its own.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug)]
pub(super) struct Assembly {
    /// Tells it from an earlier attempt at the same piece.
    id: u64,
    /// In bytes.
    length: u32,
    blocks: Vec<Slot>,
    /// Of these in RAM.
    here: usize,
    /// Into its file.
    spill: bool,
    /// Something was asked of that file.
    begun: bool,
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

/// Blocks to hash or to write, outside of the lock. Must come back.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug)]
pub(super) struct Run {
    id: u64,
    hash: Hash,
    blocks: Vec<(usize, Slot)>,
    /// It has a file.
    pub(super) spill: bool,
    /// That must be made.
    pub(super) first: bool,
    /// Only to be written: it follows a gap.
    ahead: bool,
    written: bool,
}

/// A piece that has all its blocks.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) id: u64,
    hash: Hash,
    length: u32,
    blocks: Vec<Slot>,
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

    /// Adds the next block; none if it cannot be read back.
    fn add(&mut self, slot: &Slot, len: usize, part: &dyn Part) -> Option<()> {
        match slot {
            Slot::Here(block) => self.sha1.update(block),
            Slot::Spilled => self.sha1.update(&part.read(offset(self.next), len)?),
            Slot::Missing => return None,
        }
        self.next += 1;
        Some(())
    }
}

fn offset(number: usize) -> u64 {
    number as u64 * u64::from(BLOCK)
}

/// Writes those that are in RAM, neighbours at once. Whether all went well.
fn write(blocks: &[(usize, Slot)], part: &dyn Part) -> bool {
    let mut group: Vec<Bytes> = Vec::new();
    let mut start = 0;
    for (number, slot) in blocks {
        let Slot::Here(block) = slot else {
            continue;
        };
        if start + group.len() != *number && !group.is_empty() {
            if !part.write(offset(start), &group) {
                return false;
            }
            group.clear();
        }
        if group.is_empty() {
            start = *number;
        }
        group.push(block.clone());
    }
    group.is_empty() || part.write(offset(start), &group)
}

impl Assembly {
    /// Of a piece of `length` bytes. `id`: never that of another attempt. `spill`: into its file.
    pub(super) fn new(id: u64, length: u32, spill: bool) -> Assembly {
        Assembly {
            id,
            length,
            blocks: vec![Slot::Missing; length.div_ceil(BLOCK) as usize],
            here: 0,
            spill,
            begun: false,
            hash: Some(Hash::new()),
            void: false,
            again: false,
            complete: false,
        }
    }

    /// Of a piece that was wrong, of which some blocks will be replaced: nothing is hashed before
    /// it is complete again.
    pub(super) fn again(id: u64, blocks: &Blocks) -> Assembly {
        let slots = blocks.parts().iter().cloned().map(Slot::Here);
        Assembly {
            blocks: slots.collect(),
            again: true,
            ..Assembly::new(id, blocks.len() as u32, false)
        }
    }

    /// Of which attempt, if something of it is in a file.
    pub(super) fn file(&self) -> Option<u64> {
        self.begun.then_some(self.id)
    }

    /// A block that the swarm says to store.
    pub(super) fn put(&mut self, number: u32, block: Bytes) {
        let Some(place) = self.blocks.get_mut(number as usize) else {
            return;
        };
        let old = std::mem::replace(place, Slot::Here(block));
        self.here += usize::from(!matches!(old, Slot::Here(_)));
        match &mut self.hash {
            Some(hash) if hash.next > number as usize => *hash = Hash::new(),
            None if !matches!(old, Slot::Missing) => self.void = true,
            _ => {}
        }
    }

    /// More is here than the disk has taken in time.
    pub(super) fn is_congested(&self) -> bool {
        self.spill && self.hash.is_none() && self.here > CONGESTED
    }

    /// What can be hashed now, if it is worth it and nobody does.
    pub(super) fn run(&mut self) -> Option<Run> {
        let next = self.hash.as_ref().filter(|_| !self.again)?.next;
        let (least, most) = if self.spill {
            (RUN_MAX, SPILL_RUN)
        } else {
            (RUN_MIN, RUN_MAX)
        };
        let able = |slot: &&Slot| match slot {
            Slot::Here(_) => true,
            Slot::Spilled => self.spill,
            Slot::Missing => false,
        };
        let numbered = self.blocks.iter().enumerate();
        let ready = numbered.clone().skip(next).take(most);
        let ready = ready.take_while(|(_, slot)| able(slot));
        let mut blocks: Vec<_> = ready.map(|(at, slot)| (at, slot.clone())).collect();
        let last = next + blocks.len() == self.blocks.len();
        let ahead = self.spill && blocks.len() < least && self.here > AHEAD_MAX;
        if ahead {
            let here = numbered.filter(|(_, slot)| matches!(slot, Slot::Here(_)));
            blocks = here.map(|(at, slot)| (at, slot.clone())).collect();
            blocks.drain(..blocks.len() - SPILL_RUN);
        } else if blocks.is_empty() || (blocks.len() < least && !last) {
            return None;
        }
        let hash = self.hash.take()?;
        let first = self.spill && !self.begun;
        self.begun |= self.spill;
        Some(Run {
            id: self.id,
            hash,
            blocks,
            spill: self.spill,
            first,
            ahead,
            written: false,
        })
    }

    /// The hash is back. Whether the piece waits to be verified; none if it is not of this
    /// attempt.
    pub(super) fn back(&mut self, run: Run) -> Option<bool> {
        if run.id != self.id {
            return None;
        }
        if run.written {
            for (number, slot) in &run.blocks {
                self.spilled(*number, slot);
            }
        } else {
            // What the disk does not take stays here.
            self.spill = false;
        }
        let void = std::mem::take(&mut self.void);
        self.hash = Some(if void { Hash::new() } else { run.hash });
        Some(self.complete)
    }

    /// The block is in the file, unless it was replaced meanwhile.
    fn spilled(&mut self, number: usize, written: &Slot) {
        let same = matches!((&self.blocks[number], written),
            (Slot::Here(now), Slot::Here(then)) if now.as_ptr() == then.as_ptr());
        if same {
            self.blocks[number] = Slot::Spilled;
            self.here -= 1;
        }
    }

    /// The piece is to be verified. If the hash is away, [`Assembly::back`] says when it can be.
    pub(super) fn complete(&mut self) -> bool {
        self.complete = true;
        self.hash.is_some()
    }

    /// None if a block or the hash is not here.
    pub(super) fn whole(self) -> Option<Whole> {
        let missing = |slot: &Slot| matches!(slot, Slot::Missing);
        if self.blocks.iter().any(missing) {
            return None;
        }
        Some(Whole {
            id: self.id,
            hash: self.hash?,
            length: self.length,
            blocks: self.blocks,
        })
    }
}

impl Run {
    /// The work without a file.
    pub(super) fn hash(mut self) -> Run {
        if !self.ahead {
            let added = |(_, slot): &(_, _)| self.hash.add(slot, BLOCK as usize, &NoFile);
            let _ = self.blocks.iter().map_while(added).count();
        }
        self
    }

    /// Of which attempt.
    pub(super) fn id(&self) -> u64 {
        self.id
    }

    /// The work with one. What can't be read back is left for the end.
    pub(super) fn spill(mut self, part: &dyn Part) -> Run {
        self.written = write(&self.blocks, part);
        if !self.ahead {
            for (_, slot) in &self.blocks {
                if self.hash.add(slot, BLOCK as usize, part).is_none() {
                    self.written = false;
                    break;
                }
            }
        }
        self
    }
}

impl Whole {
    /// Whether little is left to do.
    pub(super) fn is_nearly_hashed(&self) -> bool {
        !self.is_spilled() && self.blocks.len() - self.hash.next <= RUN_MAX
    }

    /// Whether part of it is in its file.
    pub(super) fn is_spilled(&self) -> bool {
        let spilled = |slot: &Slot| matches!(slot, Slot::Spilled);
        self.blocks.iter().any(spilled)
    }

    /// SHA-1 of the piece; none if a part of it cannot be read back.
    pub(super) fn digest(&mut self, part: &dyn Part) -> Option<[u8; 20]> {
        let mut hash = std::mem::replace(&mut self.hash, Hash::new());
        for (number, slot) in self.blocks.iter().enumerate().skip(hash.next) {
            let len = u64::from(self.length) - offset(number);
            hash.add(slot, len.min(BLOCK.into()) as usize, part)?;
        }
        Some(hash.sha1.finish())
    }

    /// Writes what is not in the file yet.
    pub(super) fn write(&self, part: &dyn Part) -> bool {
        let blocks: Vec<_> = self.blocks.iter().cloned().enumerate().collect();
        write(&blocks, part)
    }

    /// All of it, in RAM.
    pub(super) fn gather(self, part: &dyn Part) -> Option<Blocks> {
        let gathered = self.blocks.into_iter().enumerate();
        let gathered = gathered.map(|(number, slot)| match slot {
            Slot::Here(block) => Some(block),
            Slot::Spilled => {
                let len = u64::from(self.length) - offset(number);
                let len = len.min(BLOCK.into()) as usize;
                part.read(offset(number), len).map(Bytes::from)
            }
            Slot::Missing => None,
        });
        Some(Blocks::new(gathered.collect::<Option<_>>()?))
    }
}

#[cfg(test)]
mod tests;
