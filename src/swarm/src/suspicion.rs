//! Who sent the wrong bytes: piece replay.
//!
//! A piece that fails its hash and came from one peer convicts that peer. If several gave blocks,
//! a keyed digest of each block is kept with its giver, and the blocks of the most suspicious part
//! of the givers are fetched again of others. If the piece is right then, every giver of a block
//! that differs is a liar; if not, the most suspicious part of those left is excluded too, so in
//! the end one peer alone is convicted or right. Suspicious is who gave much of the piece, took
//! part in other wrong ones and has few right ones to its name.
//!
//! Holds digests only, of a bounded number of pieces; the key is by chance so that no peer can
//! prepare blocks of equal digests. Looking at bytes costs nothing while all pieces are right.
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

/// Part of all suspicion that the excluded must bear: with one liar among equals that is half of
/// them, each time; one that gave most is excluded alone.
const GUILT: f64 = 0.4;

/// Giver and digest of each block.
type Attempt = Vec<(PeerId, Option<u64>)>;

#[derive(Debug, Default)]
struct Case {
    attempts: Vec<Attempt>,
    /// Who may not give it until it is right.
    excluded: BTreeSet<PeerId>,
}

/// What a wrong piece says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// Who must have sent wrong bytes.
    Liar(PeerId),
    /// Who may have; the blocks of the others are taken for right until the next hash.
    Suspects(BTreeSet<PeerId>),
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

    /// The piece was wrong. `good`: pieces with blocks of a peer that proved right.
    pub(crate) fn wrong(
        &mut self,
        piece: u32,
        givers: &[PeerId],
        data: &[u8],
        good: impl Fn(PeerId) -> u32,
    ) -> Wrong {
        let mut blocks: BTreeMap<PeerId, u32> = BTreeMap::new();
        for giver in givers {
            *blocks.entry(*giver).or_default() += 1;
        }
        if let (1, Some(liar)) = (blocks.len(), givers.first()) {
            return Wrong::Liar(*liar);
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
        let weight = |id: PeerId, blocks: u32| {
            f64::from(blocks) * (1.0 + self.failures(id) as f64) / (1.0 + f64::from(good(id)))
        };
        let mut line: Vec<(f64, PeerId)> = blocks
            .iter()
            .map(|(id, blocks)| (weight(*id, *blocks), *id))
            .collect();
        line.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let enough = GUILT * line.iter().map(|(weight, _)| weight).sum::<f64>();
        // Somebody must be left whose blocks are taken for right.
        line.pop();
        let mut sum = 0.0;
        let part = line.into_iter().take_while(|(weight, _)| {
            let before = sum;
            sum += weight;
            before < enough
        });
        let suspects: BTreeSet<PeerId> = part.map(|(_, id)| id).collect();
        if let Some(case) = self.cases.get_mut(&piece) {
            case.excluded.extend(&suspects);
        }
        Wrong::Suspects(suspects)
    }

    /// In how many wrong pieces the peer took part.
    fn failures(&self, id: PeerId) -> usize {
        let gave = |attempt: &Attempt| attempt.iter().any(|(giver, _)| *giver == id);
        let cases = self.cases.values();
        cases.filter(|case| case.attempts.iter().any(gave)).count()
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

    /// The pieces that not everybody may give.
    pub(crate) fn trials(&self) -> impl Iterator<Item = u32> + '_ {
        let open = self
            .cases
            .iter()
            .filter(|(_, case)| !case.excluded.is_empty());
        open.map(|(piece, _)| *piece)
    }

    /// Whether this peer may give the piece.
    pub(crate) fn allows(&self, piece: u32, id: PeerId) -> bool {
        let case = self.cases.get(&piece);
        case.is_none_or(|case| !case.excluded.contains(&id))
    }

    /// Who may not.
    pub(crate) fn excluded(&self, piece: u32) -> impl Iterator<Item = PeerId> + '_ {
        let case = self.cases.get(&piece);
        case.into_iter()
            .flat_map(|case| case.excluded.iter().copied())
    }

    /// Whether there is a piece that this peer may not give.
    pub(crate) fn is_suspect(&self, id: PeerId) -> bool {
        self.cases.values().any(|case| case.excluded.contains(&id))
    }

    /// Everybody may give the piece.
    pub(crate) fn acquit(&mut self, piece: u32) {
        if let Some(case) = self.cases.get_mut(&piece) {
            case.excluded.clear();
        }
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
                case.excluded.clear();
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

    fn suspects(ids: &[PeerId]) -> Wrong {
        Wrong::Suspects(ids.iter().copied().collect())
    }

    fn nobody_good(_: PeerId) -> u32 {
        0
    }

    #[test]
    fn a_sole_giver_is_convicted_at_once() {
        let mut suspicions = Suspicions::new();
        let wrong = suspicions.wrong(7, &[A, A, A], &[], nobody_good);
        assert_eq!(wrong, Wrong::Liar(A));
        assert_eq!(suspicions.trials().count(), 0);
    }

    #[test]
    fn replay_convicts_the_liar_and_nobody_else() {
        let mut suspicions = Suspicions::new();
        let wrong = suspicions.wrong(7, &[A, B, C], &bytes([1, 9, 3]), nobody_good);
        assert_eq!(wrong, suspects(&[A, B]));
        assert!(!suspicions.allows(7, A) && suspicions.is_suspect(B) && suspicions.allows(7, C));
        let liars = suspicions.right(7, &[C, C, C], &bytes([1, 2, 3]));
        assert_eq!(liars.into_iter().collect::<Vec<_>>(), [B]);
        assert!(!suspicions.is_suspect(A));
    }

    #[test]
    fn who_gave_most_is_suspected_first_and_who_proved_good_last() {
        let mut suspicions = Suspicions::new();
        let data = bytes([1, 2, 3]);
        assert_eq!(
            suspicions.wrong(7, &[A, B, A], &data, nobody_good),
            suspects(&[A])
        );
        let good = |id| if id == A { 3 } else { 0 };
        assert_eq!(suspicions.wrong(8, &[A, B, A], &data, good), suspects(&[B]));
    }

    #[test]
    fn suspicion_ends_with_one_peer_and_the_others_are_free_then() {
        let mut suspicions = Suspicions::new();
        let data = bytes([1, 9, 3]);
        assert_eq!(
            suspicions.wrong(7, &[A, B, C], &data, nobody_good),
            suspects(&[A, B])
        );
        let wrong = suspicions.wrong(7, &[C, C, C], &data, nobody_good);
        assert_eq!(wrong, Wrong::Liar(C));
        suspicions.convicted(C);
        assert!(suspicions.allows(7, A) && suspicions.allows(7, B));
    }

    #[test]
    fn without_the_bytes_nobody_is_convicted() {
        let mut suspicions = Suspicions::new();
        let _ = suspicions.wrong(7, &[A, B, C], &[], nobody_good);
        assert!(
            suspicions
                .right(7, &[C, C, C], &bytes([1, 2, 3]))
                .is_empty()
        );
    }
}
