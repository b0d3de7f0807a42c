//! Who sent the wrong bytes: piece replay.
//!
//! A piece that fails its hash and came from one peer convicts that peer. If several gave blocks,
//! a keyed digest of each block is kept with its giver; the piece is fetched again, from one peer
//! if that can be (which either convicts it or gives the right bytes), and when it is right every
//! giver of a block that differs is a liar. Holds digests only, of a bounded number of pieces; the
//! key is by chance so that no peer can prepare blocks of equal digests. Looking at bytes costs
//! nothing while all pieces are right.
//!
//! Not done: distrusting whoever merely took part in a wrong piece. With one liar among many that
//! bans the many.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, RandomState};

use crate::layout::{BLOCK, PeerId};

/// Wrong pieces remembered; a torrent with more at a time is beyond help.
const PIECES_MAX: usize = 64;

/// Wrong attempts remembered of a piece.
const ATTEMPTS_MAX: usize = 4;

type Attempt = Vec<(PeerId, u64)>;

#[derive(Debug, Default)]
struct Case {
    attempts: Vec<Attempt>,
    /// The one peer to fetch it from, if there is one.
    sole: Option<PeerId>,
}

#[derive(Debug)]
pub(crate) struct Suspicions {
    cases: BTreeMap<u32, Case>,
    key: RandomState,
}

impl Suspicions {
    pub(crate) fn new() -> Self {
        Self {
            cases: BTreeMap::new(),
            key: RandomState::new(),
        }
    }

    /// The piece was wrong. Returns its giver if there was only one: a liar.
    pub(crate) fn wrong(&mut self, piece: u32, givers: &[PeerId], data: &[u8]) -> Option<PeerId> {
        let (first, rest) = givers.split_first()?;
        if rest.iter().all(|giver| giver == first) {
            return Some(*first);
        }
        if self.cases.len() >= PIECES_MAX && !self.cases.contains_key(&piece) {
            self.cases.pop_first();
        }
        let attempt = self.digests(givers, data);
        let case = self.cases.entry(piece).or_default();
        if case.attempts.len() == ATTEMPTS_MAX {
            case.attempts.remove(0);
        }
        case.attempts.push(attempt);
        None
    }

    /// The piece is right. Returns those who had given other bytes for a block of it.
    pub(crate) fn right(&mut self, piece: u32, givers: &[PeerId], data: &[u8]) -> BTreeSet<PeerId> {
        let Some(case) = self.cases.remove(&piece) else {
            return BTreeSet::new();
        };
        let truth = self.digests(givers, data);
        let blocks = case
            .attempts
            .iter()
            .flat_map(|attempt| attempt.iter().zip(&truth));
        blocks
            .filter(|(then, now)| then.1 != now.1)
            .map(|(then, _)| then.0)
            .collect()
    }

    /// Empty where the bytes are not to be had.
    fn digests(&self, givers: &[PeerId], data: &[u8]) -> Attempt {
        let blocks = data
            .chunks(BLOCK as usize)
            .map(|block| self.key.hash_one(block));
        givers.iter().copied().zip(blocks).collect()
    }

    /// The pieces under suspicion.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = u32> + '_ {
        self.cases.keys().copied()
    }

    /// The one peer that this piece is to be fetched from.
    pub(crate) fn sole(&self, piece: u32) -> Option<PeerId> {
        self.cases.get(&piece)?.sole
    }

    pub(crate) fn set_sole(&mut self, piece: u32, peer: Option<PeerId>) {
        if let Some(case) = self.cases.get_mut(&piece) {
            case.sole = peer;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: PeerId = PeerId(1);
    const B: PeerId = PeerId(2);
    const C: PeerId = PeerId(3);

    fn bytes(blocks: [u8; 3]) -> Vec<u8> {
        blocks
            .iter()
            .flat_map(|byte| vec![*byte; BLOCK as usize])
            .collect()
    }

    #[test]
    fn a_sole_giver_is_convicted_at_once() {
        let mut suspicions = Suspicions::new();
        assert_eq!(suspicions.wrong(7, &[A, A, A], &[]), Some(A));
        assert_eq!(suspicions.pieces().count(), 0);
    }

    #[test]
    fn replay_convicts_the_liar_and_nobody_else() {
        let mut suspicions = Suspicions::new();
        assert_eq!(suspicions.wrong(7, &[A, B, C], &bytes([1, 9, 3])), None);
        assert_eq!(suspicions.wrong(7, &[B, A, B], &bytes([1, 2, 8])), None);
        let liars = suspicions.right(7, &[C, C, C], &bytes([1, 2, 3]));
        assert_eq!(liars.into_iter().collect::<Vec<_>>(), [B]);
    }

    #[test]
    fn without_the_bytes_nobody_is_convicted() {
        let mut suspicions = Suspicions::new();
        assert_eq!(suspicions.wrong(7, &[A, B, C], &[]), None);
        assert!(
            suspicions
                .right(7, &[C, C, C], &bytes([1, 2, 3]))
                .is_empty()
        );
    }
}
