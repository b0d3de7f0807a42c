//! The pieces: which are here, which are missing, which are open in RAM.
//!
//! Knows no peers beyond their numbers and gives no orders. Invariants: a piece is at most one of
//! here, open, needed; the bytes of open pieces stay within the bound, except that one piece may
//! always be open, however large; `loose` are exactly the open pieces with a block to ask for.

use std::collections::{BTreeMap, BTreeSet};

use crate::assembly::Assembly;
use crate::bits::Bits;
use crate::layout::{Layout, PeerId};

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
        self.open.len() > 1 && self.open_bytes > self.bound
    }

    pub(crate) fn open_bytes(&self) -> u64 {
        self.open_bytes
    }

    fn bytes(&self, piece: u32) -> u64 {
        u64::from(self.layout.piece_len(piece))
    }

    /// A new demand. Returns the open pieces that nobody wants any more.
    pub(crate) fn set_demanded(&mut self, demanded: Bits) -> Vec<u32> {
        self.need = demanded.without(&self.have);
        for piece in self.open.keys() {
            self.need.set(*piece, false);
        }
        self.demanded = demanded;
        self.version += 1;
        let unwanted =
            |(piece, open): &(&u32, &Assembly)| !open.verifying && !self.demanded.get(**piece);
        self.open
            .iter()
            .filter(unwanted)
            .map(|(piece, _)| *piece)
            .collect()
    }

    /// Whether there is RAM for the piece with `reserve` bytes to spare.
    pub(crate) fn has_room(&self, piece: u32, reserve: u64) -> bool {
        self.open.is_empty() || self.open_bytes + self.bytes(piece) + reserve <= self.bound
    }

    /// Whether there would be if an open piece were dropped.
    pub(crate) fn has_room_without(&self, piece: u32, victim: u32) -> bool {
        let left = self.open_bytes - self.bytes(victim);
        left == 0 || left + self.bytes(piece) <= self.bound
    }

    /// Bytes to leave to what is urgent when a far piece is opened: one piece, where two fit.
    pub(crate) fn reserve(&self) -> u64 {
        let length = u64::from(self.layout.piece_length());
        if 2 * length <= self.bound { length } else { 0 }
    }

    pub(crate) fn begin(&mut self, piece: u32) {
        if self.need.set(piece, false) {
            self.open
                .insert(piece, Assembly::new(self.layout.blocks(piece)));
            self.open_bytes += self.bytes(piece);
            self.loose.insert(piece);
            self.version += 1;
        }
    }

    /// The RAM of the piece is free again. `here`: because it is verified and in the cache.
    pub(crate) fn end(&mut self, piece: u32, here: bool) -> Option<Assembly> {
        let open = self.open.remove(&piece)?;
        self.open_bytes -= self.bytes(piece);
        self.loose.remove(&piece);
        self.version += 1;
        if here {
            self.have.set(piece, true);
        } else if self.demanded.get(piece) {
            self.need.set(piece, true);
        }
        Some(open)
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
        open.verifying = open.missing() == 0;
        Some((holders, open.verifying))
    }

    /// What a liar gave counts for nothing any more. Returns the bytes lost (whole blocks).
    pub(crate) fn disown(&mut self, peer: PeerId) -> u64 {
        let mut lost = 0;
        for (piece, open) in &mut self.open {
            if open.verifying {
                continue;
            }
            let blocks = open.disown(peer);
            if blocks > 0 {
                self.loose.insert(*piece);
                self.version += 1;
            }
            lost += u64::from(blocks);
        }
        lost * u64::from(crate::layout::BLOCK)
    }

    #[cfg(test)]
    pub(crate) fn check(&self) {
        let mut bytes = 0;
        for (piece, open) in &self.open {
            open.check();
            bytes += self.bytes(*piece);
            assert!(!self.need.get(*piece), "open and needed");
            assert!(!self.have.get(*piece), "open and here");
            assert!(
                open.verifying || self.demanded.get(*piece),
                "open and unwanted"
            );
            assert_eq!(open.verifying, open.missing() == 0);
            assert_eq!(self.loose.contains(piece), open.free() > 0);
        }
        assert!(self.loose.iter().all(|piece| self.open.contains_key(piece)));
        assert_eq!(bytes, self.open_bytes);
        assert!(bytes <= self.bound || self.open.len() == 1, "RAM bound");
        for piece in self.need.ones() {
            assert!(self.demanded.get(piece) && !self.have.get(piece));
            assert!(!self.open.contains_key(&piece));
        }
    }
}
