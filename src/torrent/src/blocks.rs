//! A piece in RAM, as its blocks came.
//!
//! Never one long buffer: blocks of 16 KiB are taken from and given back to the heap without a
//! page fault each, are hashed while the rest is on its way, go to disk in one gathered write, and
//! are shared, not copied, by whoever holds the piece a while longer.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use librqbit_sha1_wrapper::{ISha1, Sha1};
use swarm::BLOCK;

/// The bytes of a whole piece. Every part but the last is [`BLOCK`] long.
#[derive(Debug, Clone)]
pub(super) struct Blocks {
    parts: Arc<[Bytes]>,
    length: usize,
}

impl Blocks {
    /// `parts` in order.
    pub(super) fn new(parts: Vec<Bytes>) -> Blocks {
        let length = parts.iter().map(Bytes::len).sum();
        let whole = parts.iter().rev().skip(1);
        debug_assert!(whole.into_iter().all(|part| part.len() == BLOCK as usize));
        Blocks {
            parts: parts.into(),
            length,
        }
    }

    /// In bytes.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn parts(&self) -> &[Bytes] {
        &self.parts
    }

    /// `len` bytes at `offset`, as far as there are any. Copies unless they lie in one block.
    pub(super) fn read(&self, offset: u32, len: u32) -> Bytes {
        let start = (offset as usize).min(self.length);
        let end = (start + len as usize).min(self.length);
        let block = BLOCK as usize;
        if start == end {
            return Bytes::new();
        }
        let (first, last) = (start / block, (end - 1) / block);
        if first == last {
            return self.parts[first].slice(start - first * block..end - first * block);
        }
        let mut out = BytesMut::with_capacity(end - start);
        for (at, part) in self.parts.iter().enumerate().take(last + 1).skip(first) {
            let from = start.saturating_sub(at * block);
            let to = part.len().min(end - at * block);
            out.extend_from_slice(&part[from..to]);
        }
        out.freeze()
    }

    /// All in one buffer.
    pub(super) fn to_vec(&self) -> Vec<u8> {
        self.parts.concat()
    }
}

/// Of bytes in one place.
pub(super) fn sha1(data: &[u8]) -> [u8; 20] {
    let mut sha1 = Sha1::new();
    sha1.update(data);
    sha1.finish()
}

#[cfg(test)]
pub(super) fn blocks_of(data: &[u8]) -> Blocks {
    let parts = data.chunks(BLOCK as usize);
    Blocks::new(parts.map(Bytes::copy_from_slice).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_part_can_be_read() {
        let data: Vec<u8> = (0..3 * BLOCK + 100).map(|i| (i / 5 % 251) as u8).collect();
        let blocks = blocks_of(&data);
        assert_eq!(blocks.len(), data.len());
        assert_eq!(blocks.to_vec(), data);
        for (offset, len) in [
            (0, 10),
            (BLOCK - 1, 2),
            (BLOCK, BLOCK),
            (5, 3 * BLOCK),
            (3 * BLOCK, 100),
            (0, 3 * BLOCK + 100),
            (3 * BLOCK + 90, 500),
            (4 * BLOCK, 1),
        ] {
            let start = (offset as usize).min(data.len());
            let end = (start + len as usize).min(data.len());
            assert!(
                blocks.read(offset, len) == data[start..end],
                "{len} at {offset}"
            );
        }
    }
}
