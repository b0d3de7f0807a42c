//! The pieces: which are here, which are missing, which are open in RAM.
//!
//! Knows no peers beyond their numbers and gives no orders. An open piece that nobody wants any
//! more is **kept** with what came of it, because most seeks are short and come back; it goes as
//! soon as its room is needed. Where two pieces do not fit, the next may go **ahead** with a few
//! blocks when there is nothing more to ask for of the first, so that the network does not idle
//! while the last blocks come and while it is hashed.
//!
//! Invariants: a piece is at most one of here, open, needed; the bytes of open pieces stay within
//! the bound, except that one piece may always be open, however large, that another may be ahead,
//! and that what is being hashed when the bound is lowered stays until it is; `loose` are exactly
//! the open pieces that are wanted and have a block to ask for.

use std::collections::{BTreeMap, BTreeSet};

use crate::assembly::Assembly;
use crate::bits::Bits;
use crate::layout::{Layout, PeerId};

/// Most blocks of a piece that is ahead: 8 MiB, which at 40 MB/s come while 64 MiB are hashed.
const AHEAD_MAX: u32 = 512;

#[derive(Debug)]
pub(crate) struct Board {
    pub(crate) layout: Layout,
    bound: u64,
    pub(crate) have: Bits,
    /// Demanded, neither here nor open.
    pub(crate) need: Bits,
    demanded: Bits,
    pub(crate) open: BTreeMap<u32, Assembly>,
    open_bytes: u64,
    pub(crate) loose: BTreeSet<u32>,
    /// Open, not complete, and wanted no more.
    kept: BTreeSet<u32>,
    kept_bytes: u64,
    /// Open beyond the bound, in part.
    ahead: Option<u32>,
    /// Grows whenever there is something new to ask for.
    pub(crate) version: u64,
}

impl Board {
    pub(crate) fn new(layout: Layout, bound: u64) -> Self {
        let pieces = layout.pieces();
        Self {
            layout,
            bound,
            have: Bits::new(pieces),
            need: Bits::new(pieces),
            demanded: Bits::new(pieces),
            open: BTreeMap::new(),
            open_bytes: 0,
            loose: BTreeSet::new(),
            kept: BTreeSet::new(),
            kept_bytes: 0,
            ahead: None,
            version: 0,
        }
    }

    /// Another bound. What is open stays; the caller drops pieces until it fits.
    pub(crate) fn set_bound(&mut self, bound: u64) {
        self.bound = bound;
        self.version += 1;
    }

    /// More is open than the bound allows.
    pub(crate) fn is_over(&self) -> bool {
        let ahead = usize::from(self.ahead.is_some());
        self.open.len() > 1 + ahead && self.open_bytes > self.bound
    }

    pub(crate) fn open_bytes(&self) -> u64 {
        self.open_bytes
    }

    fn bytes(&self, piece: u32) -> u64 {
        u64::from(self.layout.piece_len(piece))
    }

    /// A new demand. Returns the open pieces that nobody wants any more: what is asked of them is
    /// to be taken back.
    pub(crate) fn set_demanded(&mut self, demanded: Bits) -> Vec<u32> {
        self.need = demanded.without(&self.have);
        self.demanded = demanded;
        self.version += 1;
        self.kept.clear();
        self.loose.clear();
        self.kept_bytes = 0;
        for (piece, open) in &self.open {
            self.need.set(*piece, false);
            if self.demanded.get(*piece) {
                if open.free() > 0 {
                    self.loose.insert(*piece);
                }
            } else if !open.verifying {
                self.kept.insert(*piece);
                self.kept_bytes += match self.ahead {
                    Some(ahead) if ahead == *piece => 0,
                    _ => u64::from(self.layout.piece_len(*piece)),
                };
            }
        }
        self.kept.iter().copied().collect()
    }

    /// The kept piece to drop first, if there are too many (beyond half of the bound) or `for_new`
    /// bytes need their room: the one with the least in it.
    pub(crate) fn to_drop(&self, for_new: u64) -> Option<u32> {
        let full = self.open_bytes + for_new > self.bound || self.kept_bytes > self.bound / 2;
        let empty = |piece: &&u32| {
            let open = &self.open[piece];
            open.missing() == open.blocks() || self.ahead == Some(**piece)
        };
        let line = || self.kept.iter();
        let least = || line().max_by_key(|piece| self.open[piece].missing());
        let worst = line().find(empty).or_else(|| least().filter(|_| full));
        worst.copied()
    }

    /// Bytes of the piece that was not opened yet.
    pub(crate) fn bytes_to_open(&self, piece: u32) -> u64 {
        if self.open.contains_key(&piece) || !self.has_room(piece, 0) {
            0
        } else {
            self.bytes(piece)
        }
    }

    /// Whether the piece may be opened beyond the bound: nothing else is left to ask for.
    pub(crate) fn may_go_ahead(&self, piece: u32) -> bool {
        let alone = 2 * u64::from(self.layout.piece_length()) > self.bound;
        alone && self.ahead.is_none() && self.loose.is_empty() && self.need.get(piece)
    }

    /// Whether a piece is ahead, and waits for another to end.
    pub(crate) fn is_ahead(&self) -> bool {
        self.ahead.is_some()
    }

    /// Bytes of the piece that is ahead, if there is room for it by now once kept pieces are
    /// dropped.
    pub(crate) fn catches_up(&self) -> Option<u64> {
        let piece = self.ahead.filter(|piece| !self.kept.contains(piece))?;
        let alone = self.open.len() == self.kept.len() + 1;
        let taken = self.open_bytes - self.kept_bytes;
        (alone || taken + self.bytes(piece) <= self.bound).then(|| self.bytes(piece))
    }

    /// The piece that is ahead is one like any other now.
    pub(crate) fn catch_up(&mut self) {
        let Some(piece) = self.ahead.take() else {
            return;
        };
        self.open_bytes += self.bytes(piece);
        if let Some(open) = self.open.get_mut(&piece) {
            open.widen();
            if open.free() > 0 {
                self.loose.insert(piece);
            }
        }
        self.version += 1;
    }

    /// Whether all that is open is merely kept, or ahead.
    fn is_vacant(&self) -> bool {
        self.open_bytes == self.kept_bytes
    }

    /// Whether there is RAM for the piece with `reserve` bytes to spare. What is kept gives way.
    pub(crate) fn has_room(&self, piece: u32, reserve: u64) -> bool {
        let taken = self.open_bytes - self.kept_bytes;
        self.is_vacant() || taken + self.bytes(piece) + reserve <= self.bound
    }

    /// Whether there would be if an open piece were dropped.
    pub(crate) fn has_room_without(&self, piece: u32, victim: u32) -> bool {
        if self.ahead == Some(victim) {
            return false;
        }
        let left = self.open_bytes - self.kept_bytes - self.bytes(victim);
        left == 0 || left + self.bytes(piece) <= self.bound
    }

    pub(crate) fn is_kept(&self, piece: u32) -> bool {
        self.kept.contains(&piece)
    }

    fn unkeep(&mut self, piece: u32) {
        if self.kept.remove(&piece) && self.ahead != Some(piece) {
            self.kept_bytes -= self.bytes(piece);
        }
    }

    /// Bytes to leave to what is urgent when a far piece is opened: one piece, where two fit.
    pub(crate) fn reserve(&self) -> u64 {
        let length = u64::from(self.layout.piece_length());
        if 2 * length <= self.bound { length } else { 0 }
    }

    pub(crate) fn begin(&mut self, piece: u32) {
        if self.need.set(piece, false) {
            let blocks = self.layout.blocks(piece);
            let fits = self.is_vacant() || self.open_bytes + self.bytes(piece) <= self.bound;
            let most = if fits {
                self.open_bytes += self.bytes(piece);
                blocks
            } else {
                self.ahead = Some(piece);
                (blocks / 2).clamp(1, AHEAD_MAX)
            };
            self.open.insert(piece, Assembly::new(blocks, most));
            self.loose.insert(piece);
            self.version += 1;
        }
    }

    /// The RAM of the piece is free again. `here`: because it is verified and in the cache.
    pub(crate) fn end(&mut self, piece: u32, here: bool) -> Option<Assembly> {
        let open = self.open.remove(&piece)?;
        self.unkeep(piece);
        if self.ahead == Some(piece) {
            self.ahead = None;
        } else {
            self.open_bytes -= self.bytes(piece);
        }
        self.loose.remove(&piece);
        self.version += 1;
        if here {
            self.have.set(piece, true);
        } else if self.demanded.get(piece) {
            self.need.set(piece, true);
        }
        Some(open)
    }

    /// The piece was wrong: it is open again with the blocks that did not come from `suspects`.
    /// Returns the number of the others.
    pub(crate) fn reopen(&mut self, piece: u32, suspects: impl Fn(PeerId) -> bool) -> u32 {
        let Some(open) = self.open.get_mut(&piece) else {
            return 0;
        };
        open.verifying = false;
        let lost = open.disown(suspects);
        if open.free() > 0 {
            self.loose.insert(piece);
        }
        self.version += 1;
        lost
    }

    /// The cache let it go: it is needed again when the demand is read again. Returns whether it
    /// was here.
    pub(crate) fn lose(&mut self, piece: u32) -> bool {
        self.have.set(piece, false)
    }

    /// Returns whether the block is still of use.
    pub(crate) fn ask(&mut self, piece: u32, number: u32, peer: PeerId) -> bool {
        match self.open.get_mut(&piece) {
            Some(open) if !open.has(number) => {
                open.ask(number, peer);
                if open.free() == 0 {
                    self.loose.remove(&piece);
                }
                true
            }
            _ => false,
        }
    }

    pub(crate) fn release(&mut self, piece: u32, number: u32, peer: PeerId) {
        if let Some(open) = self.open.get_mut(&piece)
            && open.release(number, peer)
            && !self.kept.contains(&piece)
            && open.free() > 0
        {
            self.loose.insert(piece);
            self.version += 1;
        }
    }

    /// A block came. `None`: it is of no use; else the peers that it is still asked of, and
    /// whether the piece is complete (it is then verifying).
    pub(crate) fn store(
        &mut self,
        piece: u32,
        number: u32,
        peer: PeerId,
    ) -> Option<(Vec<PeerId>, bool)> {
        let open = self.open.get_mut(&piece)?;
        let holders = open.store(number, peer)?;
        if open.free() == 0 {
            self.loose.remove(&piece);
        }
        let complete = open.missing() == 0;
        open.verifying = complete;
        if complete {
            self.unkeep(piece);
        }
        Some((holders, complete))
    }

    /// What a liar gave counts for nothing any more. Returns the bytes lost (whole blocks).
    pub(crate) fn disown(&mut self, peer: PeerId) -> u64 {
        let mut lost = 0;
        for (piece, open) in &mut self.open {
            if open.verifying {
                continue;
            }
            let blocks = open.disown(|giver| giver == peer);
            if open.free() > 0 && !self.kept.contains(piece) {
                self.loose.insert(*piece);
                self.version += 1;
            }
            lost += u64::from(blocks);
        }
        lost * u64::from(crate::layout::BLOCK)
    }

    #[cfg(test)]
    fn weight(&self, piece: u32) -> u64 {
        if self.ahead == Some(piece) {
            0
        } else {
            self.bytes(piece)
        }
    }

    #[cfg(test)]
    pub(crate) fn check(&self) {
        let mut bytes = 0;
        for (piece, open) in &self.open {
            open.check();
            bytes += self.weight(*piece);
            assert!(!self.need.get(*piece), "open and needed");
            assert!(!self.have.get(*piece), "open and here");
            assert!(
                open.verifying || self.demanded.get(*piece) != self.kept.contains(piece),
                "open and unwanted"
            );
            assert_eq!(open.verifying, open.missing() == 0);
            let loose = open.free() > 0 && !self.kept.contains(piece);
            assert_eq!(self.loose.contains(piece), loose);
        }
        assert!(self.loose.iter().all(|piece| self.open.contains_key(piece)));
        assert_eq!(bytes, self.open_bytes);
        // What is hashed when the bound is lowered cannot be dropped.
        let within =
            |(piece, open): (&u32, &Assembly)| open.verifying || self.ahead == Some(*piece);
        let hashed = self.open.iter().all(within);
        assert!(
            self.ahead
                .is_none_or(|ahead| self.open.contains_key(&ahead))
        );
        assert!(!self.is_over() || hashed, "RAM bound");
        assert!(self.kept.iter().all(|piece| self.open.contains_key(piece)));
        let kept: u64 = self.kept.iter().map(|piece| self.weight(*piece)).sum();
        assert_eq!(kept, self.kept_bytes);
        for piece in self.need.ones() {
            assert!(self.demanded.get(piece) && !self.have.get(piece));
            assert!(!self.open.contains_key(&piece));
        }
    }
}
