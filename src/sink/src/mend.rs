//! Mends an EDID so far that its reader takes it, and says what was wrong.
//!
//! What stands in one is believed as far as it can be: a cable or a receiver spoils a byte, and a
//! TV whose every fact is thrown away for it gets 640x480. Only without its header, or of another
//! version, is it nothing. What was mended here may still say nonsense; the reader bounds it.

use std::fmt;

/// Bytes of a block.
pub(crate) const BLOCK: usize = 128;

/// The most of any sink we have seen is 7; DisplayID of tiled screens.
const BLOCKS_MAX: usize = 16;

const HEADER: [u8; 8] = [0, 255, 255, 255, 255, 255, 255, 0];

/// The kernel takes a header of which so many bytes are right.
const HEADER_RIGHT_MIN: usize = 6;

/// Without the descriptors of modes there is nothing to read: they begin at this byte.
const BYTES_MIN: usize = 72;

/// Where the version is, the number of blocks that follow, and a block's sum.
const VERSION: usize = 18;
const FOLLOWING: usize = 126;
const SUM: usize = 127;

/// What was wrong with an EDID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// There are no bytes.
    Nothing,
    /// It does not begin as one; or has another version, that nobody has any more.
    NoEdid,
    /// A block's sum is wrong; 0 is the first.
    Sum { block: u8 },
    /// It ends within a block.
    Cut,
    /// It promises more blocks than there are.
    Missing { promised: u8, there: u8 },
    /// It has more than are read.
    TooLong,
    /// The reader of its blocks found something odd.
    Odd,
    /// A mode that no screen has.
    Mode,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Nothing => f.write_str("it is empty"),
            Fault::NoEdid => f.write_str("it is no EDID of version 1"),
            Fault::Sum { block } => write!(f, "the sum of block {block} is wrong"),
            Fault::Cut => f.write_str("it is cut off"),
            Fault::Missing { promised, there } => {
                write!(f, "it promises {promised} more blocks and has {there}")
            }
            Fault::TooLong => f.write_str("it is longer than is read"),
            Fault::Odd => f.write_str("a block is not as it should be"),
            Fault::Mode => f.write_str("it has a mode that no screen has"),
        }
    }
}

/// Whole blocks, each with its right sum, as many as the first says.
pub(crate) fn mended(bytes: &[u8], faults: &mut Vec<Fault>) -> Option<Vec<u8>> {
    if bytes.is_empty() || bytes.iter().all(|byte| *byte == 0) {
        faults.push(Fault::Nothing);
        return None;
    }
    let right = bytes
        .iter()
        .zip(HEADER)
        .filter(|(is, is_right)| *is == is_right);
    let is_headed = right.count() >= HEADER_RIGHT_MIN;
    if bytes.len() < BYTES_MIN || !is_headed || bytes[VERSION] != 1 {
        faults.push(Fault::NoEdid);
        return None;
    }
    let mut blocks = bytes.to_vec();
    if blocks.len() > BLOCKS_MAX * BLOCK {
        faults.push(Fault::TooLong);
        blocks.truncate(BLOCKS_MAX * BLOCK);
    }
    let whole = blocks.len() / BLOCK;
    if !blocks.len().is_multiple_of(BLOCK) {
        faults.push(Fault::Cut);
        // Zeros are no data block and no timing.
        blocks.resize(blocks.len().next_multiple_of(BLOCK), 0);
    }
    let summed = |block: &[u8]| block.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    for (number, block) in blocks.chunks(BLOCK).take(whole).enumerate() {
        if summed(block) != 0 {
            faults.push(Fault::Sum {
                block: number as u8,
            });
        }
    }
    blocks[..HEADER.len()].copy_from_slice(&HEADER);
    let (promised, there) = (blocks[FOLLOWING], (blocks.len() / BLOCK - 1) as u8);
    if promised > there {
        faults.push(Fault::Missing { promised, there });
    }
    blocks[FOLLOWING] = promised.min(there);
    blocks.truncate((usize::from(blocks[FOLLOWING]) + 1) * BLOCK);
    for block in blocks.chunks_mut(BLOCK) {
        block[SUM] = 0_u8.wrapping_sub(summed(&block[..SUM]));
    }
    Some(blocks)
}
