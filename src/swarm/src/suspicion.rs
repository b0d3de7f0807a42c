//! Who sent the wrong bytes: piece replay.
//!
//! A piece that fails its hash and came from one peer convicts that peer. If several gave blocks,
//! a keyed digest of each block is kept with its giver and the piece is fetched again; once it is
//! right, every giver of a block that differs is a liar. It is fetched from half of the peers, the
//! more trusted half, which is right with one liar in two tries and twice as slow as all of them;
//! each further failure halves again, so in the end one peer alone is convicted or right.
//!
//! Holds digests only, of a bounded number of pieces; the
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

/// Giver and digest of each block.
type Attempt = Vec<(PeerId, Option<u64>)>;

#[derive(Debug, Default)]
struct Case {
    attempts: Vec<Attempt>,
    /// Times it was wrong.
    failures: u32,
    /// Who may give it; nobody in particular if empty.
    jury: Vec<PeerId>,
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
        case.failures += 1;
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
            .filter(|(then, now)| then.1.is_some() && now.1.is_some() && then.1 != now.1)
            .map(|(then, _)| then.0)
            .collect()
    }

    /// Without digests where the bytes are not to be had.
    fn digests(&self, givers: &[PeerId], data: &[u8]) -> Attempt {
        let blocks = data
            .chunks(BLOCK as usize)
            .map(|block| Some(self.key.hash_one(block)));
        givers
            .iter()
            .copied()
            .zip(blocks.chain(std::iter::repeat(None)))
            .collect()
    }

    /// The pieces under suspicion.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = u32> + '_ {
        self.cases.keys().copied()
    }

    /// Whether this peer may give the piece.
    pub(crate) fn allows(&self, piece: u32, id: PeerId) -> bool {
        let case = self.cases.get(&piece);
        case.is_none_or(|case| case.jury.is_empty() || case.jury.contains(&id))
    }

    /// Who may give the piece, if that is not everybody.
    pub(crate) fn jury(&self, piece: u32) -> &[PeerId] {
        self.cases.get(&piece).map_or(&[], |case| &case.jury)
    }

    /// Chooses who may give it of `able` (the most trusted first): who was in the fewest failures
    /// and is in the fewest juries, so that two wrong pieces question different halves.
    pub(crate) fn appoint(&mut self, piece: u32, mut able: Vec<PeerId>) {
        let Some(failures) = self.cases.get(&piece).map(|case| case.failures) else {
            return;
        };
        let part = able.len() >> failures.min(31);
        able.sort_by_cached_key(|id| self.record(*id, piece));
        able.truncate(part.max(1));
        if let Some(case) = self.cases.get_mut(&piece) {
            case.jury = able;
        }
    }

    /// In how many wrong attempts a peer took part, and in how many juries of other pieces it is.
    fn record(&self, id: PeerId, piece: u32) -> (usize, usize) {
        let gave = |attempt: &&Attempt| attempt.iter().any(|(giver, _)| *giver == id);
        let attempts = self.cases.values().flat_map(|case| &case.attempts);
        let juries = self
            .cases
            .iter()
            .filter(|(of, case)| **of != piece && case.jury.contains(&id));
        (attempts.filter(gave).count(), juries.count())
    }

    /// A liar is found: its part in other cases explains them.
    pub(crate) fn convicted(&mut self, liar: PeerId) {
        for case in self.cases.values_mut() {
            if case
                .attempts
                .iter()
                .flatten()
                .any(|(giver, _)| *giver == liar)
            {
                case.jury.clear();
                case.failures = 0;
            }
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
    fn the_jury_shrinks_and_prefers_who_was_not_there() {
        let mut suspicions = Suspicions::new();
        let all: Vec<PeerId> = (1..=8).map(PeerId).collect();
        assert_eq!(suspicions.wrong(7, &all[..3], &bytes([1, 9, 3])), None);
        suspicions.appoint(7, all.clone());
        assert_eq!(
            suspicions.jury(7),
            [PeerId(4), PeerId(5), PeerId(6), PeerId(7)]
        );
        assert!(suspicions.allows(7, PeerId(4)) && !suspicions.allows(7, A));
        assert_eq!(suspicions.wrong(7, &all[3..6], &bytes([1, 9, 3])), None);
        suspicions.appoint(7, all.clone());
        assert_eq!(suspicions.jury(7), [PeerId(7), PeerId(8)]);
        suspicions.convicted(PeerId(2));
        assert!(suspicions.allows(7, A));
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
