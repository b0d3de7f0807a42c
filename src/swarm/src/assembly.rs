//! An open piece: which of its blocks are here and from whom, which are asked of whom.
//!
//! Holds no bytes: those are in the shell's RAM assembly. Invariant: `free` counts the blocks that
//! are neither here nor asked of anybody, `missing` those that are not here.

use crate::layout::PeerId;

#[derive(Debug, Clone, Default)]
struct Slot {
    got: Option<PeerId>,
    /// Whom it is asked of; a second and third only for overdue urgent blocks.
    holders: Vec<PeerId>,
}

#[derive(Debug)]
pub(crate) struct Assembly {
    slots: Vec<Slot>,
    free: u32,
    missing: u32,
    /// Every free block is at or after this one: keeps the search for one short.
    hint: u32,
    /// Blocks that may be here or asked for.
    most: u32,
    /// Complete, and with the shell for its hash.
    pub(crate) verifying: bool,
}

impl Assembly {
    /// `most`: blocks that may be taken for now.
    pub(crate) fn new(blocks: u32, most: u32) -> Self {
        let slots = vec![Slot::default(); blocks as usize];
        Self {
            slots,
            free: blocks,
            missing: blocks,
            hint: 0,
            most,
            verifying: false,
        }
    }

    pub(crate) fn blocks(&self) -> u32 {
        self.slots.len() as u32
    }

    /// Blocks that may be asked for.
    pub(crate) fn free(&self) -> u32 {
        let taken = self.blocks() - self.free;
        self.free.min(self.most.saturating_sub(taken))
    }

    /// Every block may be asked for from now on.
    pub(crate) fn widen(&mut self) {
        self.most = self.blocks();
    }

    pub(crate) fn missing(&self) -> u32 {
        self.missing
    }

    pub(crate) fn first_free(&self) -> Option<u32> {
        if self.free() == 0 {
            return None;
        }
        (self.hint..self.blocks()).find(|number| self.is_free(*number))
    }

    pub(crate) fn is_free(&self, number: u32) -> bool {
        let slot = &self.slots[number as usize];
        slot.got.is_none() && slot.holders.is_empty()
    }

    pub(crate) fn has(&self, number: u32) -> bool {
        self.slots[number as usize].got.is_some()
    }

    pub(crate) fn holders(&self, number: u32) -> &[PeerId] {
        &self.slots[number as usize].holders
    }

    /// The block is asked of `peer`, be it the first or another one.
    pub(crate) fn ask(&mut self, number: u32, peer: PeerId) {
        if self.is_free(number) {
            self.free -= 1;
            if number == self.hint {
                self.hint += 1;
            }
        }
        self.slots[number as usize].holders.push(peer);
    }

    /// The block is not asked of `peer` any more. Returns whether it became free.
    pub(crate) fn release(&mut self, number: u32, peer: PeerId) -> bool {
        let slot = &mut self.slots[number as usize];
        let held = slot.holders.len();
        slot.holders.retain(|holder| *holder != peer);
        let freed = held > slot.holders.len() && slot.holders.is_empty() && slot.got.is_none();
        if freed {
            self.free += 1;
            self.hint = self.hint.min(number);
        }
        freed
    }

    /// The block came from `peer`; `None` if it was here already, else the peers it is asked of.
    pub(crate) fn store(&mut self, number: u32, peer: PeerId) -> Option<Vec<PeerId>> {
        if self.has(number) {
            return None;
        }
        if self.is_free(number) {
            self.free -= 1;
        }
        self.missing -= 1;
        let slot = &mut self.slots[number as usize];
        slot.got = Some(peer);
        Some(std::mem::take(&mut slot.holders))
    }

    /// What came from these peers counts for nothing any more. Returns the number of such blocks.
    pub(crate) fn disown(&mut self, of: impl Fn(PeerId) -> bool) -> u32 {
        let mut lost = 0;
        for (number, slot) in self.slots.iter_mut().enumerate() {
            if slot.got.is_some_and(&of) {
                slot.got = None;
                lost += 1;
                self.hint = self.hint.min(number as u32);
            }
        }
        self.missing += lost;
        self.free += lost;
        lost
    }

    /// Who gave each block, in order; for a complete piece.
    pub(crate) fn sources(&self) -> impl Iterator<Item = PeerId> + '_ {
        self.slots.iter().filter_map(|slot| slot.got)
    }

    #[cfg(test)]
    pub(crate) fn check(&self) {
        let free = (0..self.blocks())
            .filter(|number| self.is_free(*number))
            .count();
        let missing = self.slots.iter().filter(|slot| slot.got.is_none()).count();
        assert_eq!((self.free, self.missing), (free as u32, missing as u32));
        assert!((0..self.hint.min(self.blocks())).all(|number| !self.is_free(number)));
        assert_eq!(self.first_free().is_some(), self.free() > 0);
    }
}
