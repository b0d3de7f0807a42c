//! The pieces that were verified last, in RAM: a piece can be read before the disk has taken it,
//! and as a rule is read while it is still here.
//!
//! Decides nothing about what is held: what is here is also on its way to the disk, or there.
//! Invariant: together they are at most [`FRESH_BYTES`]; what the disk has not taken yet is not
//! let go. Who finds no room waits for the disk, so a slow one slows the peers, not the heap.

use std::collections::VecDeque;

use cache::Entry;

use super::blocks::Blocks;

/// Twice the largest usual piece of a film of a few GB (4 MiB), or 13 s of a 5 Mb/s film.
const FRESH_BYTES: usize = 8 << 20;

#[derive(Debug, Default)]
pub(super) struct Fresh {
    /// The oldest first.
    pieces: VecDeque<Piece>,
    bytes: usize,
}

#[derive(Debug)]
struct Piece {
    entry: Entry,
    blocks: Blocks,
    /// The disk has it.
    written: bool,
}

impl Fresh {
    /// A verified piece, not yet written. Whether there was room.
    pub(super) fn add(&mut self, entry: Entry, blocks: Blocks) -> bool {
        self.remove(entry);
        let mut at = 0;
        while self.bytes + blocks.len() > FRESH_BYTES {
            match self.pieces.get(at) {
                Some(piece) if piece.written => self.take(at),
                Some(_) => at += 1,
                None => return false,
            }
        }
        self.bytes += blocks.len();
        self.pieces.push_back(Piece {
            entry,
            blocks,
            written: false,
        });
        true
    }

    /// The disk has it: it may go when its place is needed.
    pub(super) fn written(&mut self, entry: Entry) {
        let piece = self.pieces.iter_mut().find(|piece| piece.entry == entry);
        if let Some(piece) = piece {
            piece.written = true;
        }
    }

    pub(super) fn get(&self, entry: Entry) -> Option<&Blocks> {
        let piece = self.pieces.iter().find(|piece| piece.entry == entry);
        piece.map(|piece| &piece.blocks)
    }

    pub(super) fn remove(&mut self, entry: Entry) {
        if let Some(at) = self.pieces.iter().position(|piece| piece.entry == entry) {
            self.take(at);
        }
    }

    /// Lets all of the film go that the disk has.
    pub(super) fn close(&mut self, film: cache::FilmKey) {
        self.pieces
            .retain(|piece| piece.entry.film != film || !piece.written);
        self.bytes = self.pieces.iter().map(|piece| piece.blocks.len()).sum();
    }

    fn take(&mut self, at: usize) {
        if let Some(piece) = self.pieces.remove(at) {
            self.bytes -= piece.blocks.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use cache::FilmKey;

    use super::super::blocks::blocks_of;
    use super::*;

    fn entry(piece: u32) -> Entry {
        let film = FilmKey([1; 20]);
        Entry { film, piece }
    }

    #[test]
    fn what_the_disk_has_goes_first_and_the_rest_not_at_all() {
        let mut fresh = Fresh::default();
        let third = blocks_of(&vec![0; FRESH_BYTES / 3]);
        for piece in 0..3 {
            assert!(fresh.add(entry(piece), third.clone()));
        }
        assert!(!fresh.add(entry(3), third.clone()));
        fresh.written(entry(1));
        assert!(fresh.add(entry(3), third.clone()));
        let here: Vec<_> = (0..4).map(|p| fresh.get(entry(p)).is_some()).collect();
        assert_eq!(here, [true, false, true, true]);
        fresh.written(entry(0));
        fresh.close(FilmKey([1; 20]));
        assert!(fresh.get(entry(0)).is_none());
        assert_eq!(fresh.bytes, 2 * third.len());
        assert!(!fresh.add(entry(9), blocks_of(&vec![0; FRESH_BYTES + 1])));
    }
}
