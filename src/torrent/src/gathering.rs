//! Puts the info dictionary together from what several peers send (BEP 9), without sockets.
//!
//! All peers that claim the same size share one attempt, its pieces spread over them. If what
//! comes out has the wrong hash somebody lied; from then on every peer must bring the whole by
//! itself, so the liar is known by its own bytes. Nothing is taken for the metadata but bytes
//! that hash to the info hash.

use std::collections::HashMap;
use std::time::Duration;

use librqbit_sha1_wrapper::{ISha1, Sha1};
use swarm::PeerId;

use super::metainfo::METAINFO_MAX_BYTES;
use super::wire::METADATA_PIECE_BYTES;

/// Unanswered for so long, a piece is asked of another peer as well.
const OVERDUE: Duration = Duration::from_millis(1500);
/// Pieces asked of one peer at a time; libtorrent does 2, and 64 KiB are on the way so.
const ASKED_MAX: usize = 4;
/// Attempts at once: each may hold 10 MiB.
const ATTEMPTS_MAX: usize = 4;

/// One metadata in the making.
#[derive(Debug)]
pub(super) struct Gathering {
    info_hash: [u8; 20],
    peers: HashMap<PeerId, Claim>,
    attempts: Vec<Attempt>,
    /// A shared attempt has failed: trust nobody with a part.
    alone: bool,
}

#[derive(Debug)]
struct Claim {
    size: u32,
    /// It has refused a piece: it is not asked again.
    refused: bool,
}

#[derive(Debug)]
struct Attempt {
    size: u32,
    /// The only peer it is made from; none: all with this size.
    owner: Option<PeerId>,
    pieces: Vec<Piece>,
}

#[derive(Debug, Default)]
struct Piece {
    data: Option<Vec<u8>>,
    asked: Vec<(PeerId, Duration)>,
}

/// What came of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Gathered {
    NotYet,
    /// The info dictionary; its hash is right.
    Whole(Vec<u8>),
    /// This peer alone sent all of it, and it was wrong.
    Liar(PeerId),
}

impl Gathering {
    pub(super) fn new(info_hash: [u8; 20]) -> Gathering {
        Gathering {
            info_hash,
            peers: HashMap::new(),
            attempts: Vec::new(),
            alone: false,
        }
    }

    /// A peer says that it has the metadata and how many bytes that is.
    pub(super) fn offered(&mut self, peer: PeerId, size: u32) {
        if (1..=METAINFO_MAX_BYTES as u32).contains(&size) {
            let claim = Claim {
                size,
                refused: false,
            };
            self.peers.insert(peer, claim);
        }
    }

    /// The peer has left or does not give.
    pub(super) fn gone(&mut self, peer: PeerId) {
        self.peers.remove(&peer);
        self.attempts.retain(|a| a.owner != Some(peer));
        for piece in self.attempts.iter_mut().flat_map(|a| &mut a.pieces) {
            piece.asked.retain(|(asked, _)| *asked != peer);
        }
    }

    pub(super) fn refused(&mut self, peer: PeerId) {
        if let Some(claim) = self.peers.get_mut(&peer) {
            claim.refused = true;
        }
        self.attempts.retain(|a| a.owner != Some(peer));
        for piece in self.attempts.iter_mut().flat_map(|a| &mut a.pieces) {
            piece.asked.retain(|(asked, _)| *asked != peer);
        }
    }

    /// Which piece to ask of whom, now.
    pub(super) fn asks(&mut self, now: Duration) -> Vec<(PeerId, u32)> {
        let mut peers: Vec<PeerId> = self.peers.keys().copied().collect();
        // Maps have no order: without one no two runs would be the same.
        peers.sort_unstable_by_key(|peer| peer.0);
        let mut asks = Vec::new();
        for _ in 0..ASKED_MAX {
            for peer in &peers {
                asks.extend(self.ask(*peer, now).map(|piece| (*peer, piece)));
            }
        }
        asks
    }

    /// When [`Gathering::asks`] may have more to ask though nothing has come.
    pub(super) fn deadline(&self) -> Option<Duration> {
        let pieces = self.attempts.iter().flat_map(|a| &a.pieces);
        let open = pieces.filter(|piece| piece.data.is_none());
        let latest = open.filter_map(|piece| piece.asked.iter().map(|(_, at)| *at).max());
        latest.min().map(|at| at + OVERDUE)
    }

    fn ask(&mut self, peer: PeerId, now: Duration) -> Option<u32> {
        let claim = self.peers.get(&peer).filter(|claim| !claim.refused)?;
        let (size, alone) = (claim.size, self.alone);
        let attempt = self.attempt(peer, size, alone)?;
        let waiting = attempt.pieces.iter().filter(|piece| {
            piece.data.is_none() && piece.asked.iter().any(|(asked, _)| *asked == peer)
        });
        if waiting.count() >= ASKED_MAX {
            return None;
        }
        let free = attempt.pieces.iter_mut().enumerate().find(|(_, piece)| {
            piece.data.is_none()
                && piece
                    .asked
                    .iter()
                    .all(|(asked, at)| *asked != peer && now >= *at + OVERDUE)
        });
        let (index, piece) = free?;
        piece.asked.push((peer, now));
        Some(index as u32)
    }

    fn attempt(&mut self, peer: PeerId, size: u32, alone: bool) -> Option<&mut Attempt> {
        let owner = alone.then_some(peer);
        let found = self
            .attempts
            .iter()
            .position(|a| a.owner == owner && a.size == size);
        let index = match found {
            Some(index) => index,
            None if self.attempts.len() >= ATTEMPTS_MAX => return None,
            None => {
                let count = size.div_ceil(METADATA_PIECE_BYTES) as usize;
                let mut pieces = Vec::with_capacity(count);
                pieces.resize_with(count, Piece::default);
                self.attempts.push(Attempt {
                    size,
                    owner,
                    pieces,
                });
                self.attempts.len() - 1
            }
        };
        self.attempts.get_mut(index)
    }

    /// A piece has come. What was not asked of this peer is dropped.
    pub(super) fn came(&mut self, peer: PeerId, index: u32, data: &[u8]) -> Gathered {
        let asked = |attempt: &Attempt| {
            let piece = attempt.pieces.get(index as usize);
            piece.is_some_and(|p| p.asked.iter().any(|(asked, _)| *asked == peer))
        };
        let Some(at) = self.attempts.iter().position(asked) else {
            return Gathered::NotYet;
        };
        let attempt = &mut self.attempts[at];
        let start = index * METADATA_PIECE_BYTES;
        if data.len() as u32 != (attempt.size - start).min(METADATA_PIECE_BYTES) {
            // It has changed its mind about the size.
            self.refused(peer);
            return Gathered::NotYet;
        }
        let piece = &mut attempt.pieces[index as usize];
        piece.data.get_or_insert_with(|| data.to_vec());
        if attempt.pieces.iter().any(|piece| piece.data.is_none()) {
            return Gathered::NotYet;
        }
        let attempt = self.attempts.swap_remove(at);
        let parts = attempt.pieces.into_iter().filter_map(|piece| piece.data);
        let whole: Vec<u8> = parts.flatten().collect();
        let mut sha1 = Sha1::new();
        sha1.update(&whole);
        if sha1.finish() == self.info_hash {
            return Gathered::Whole(whole);
        }
        if let Some(liar) = attempt.owner {
            self.gone(liar);
            return Gathered::Liar(liar);
        }
        self.alone = true;
        self.attempts.clear();
        Gathered::NotYet
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const SIZE: u32 = 5 * METADATA_PIECE_BYTES + 77;

    fn whole() -> Vec<u8> {
        (0..SIZE).map(|i| (i / 7 % 251) as u8).collect()
    }

    fn gathering() -> Gathering {
        let mut sha1 = Sha1::new();
        sha1.update(&whole());
        Gathering::new(sha1.finish())
    }

    fn piece(index: u32) -> Vec<u8> {
        let chunks: Vec<Vec<u8>> = whole()
            .chunks(METADATA_PIECE_BYTES as usize)
            .map(<[u8]>::to_vec)
            .collect();
        chunks[index as usize].clone()
    }

    #[test]
    fn pieces_are_spread_over_peers() {
        let mut g = gathering();
        g.offered(PeerId(1), SIZE);
        g.offered(PeerId(2), SIZE);
        let asks = g.asks(Duration::ZERO);
        assert_eq!(asks.len(), 6);
        assert_eq!(asks.iter().filter(|(peer, _)| peer.0 == 1).count(), 3);
        let mut last = Gathered::NotYet;
        for (peer, index) in asks {
            last = g.came(peer, index, &piece(index));
        }
        assert_eq!(last, Gathered::Whole(whole()));
    }

    #[test]
    fn a_silent_peer_is_overtaken() {
        let mut g = gathering();
        g.offered(PeerId(1), SIZE);
        assert_eq!(g.asks(Duration::ZERO).len(), ASKED_MAX);
        g.offered(PeerId(2), SIZE);
        assert_eq!(g.asks(Duration::ZERO), [(PeerId(2), 4), (PeerId(2), 5)]);
        assert_eq!(g.deadline(), Some(OVERDUE));
        let again = g.asks(OVERDUE);
        assert_eq!(
            again,
            [
                (PeerId(2), 0),
                (PeerId(2), 1),
                (PeerId(1), 4),
                (PeerId(1), 5)
            ][..2]
        );
    }

    #[test]
    fn a_liar_is_found_and_the_honest_peer_delivers() {
        let mut g = gathering();
        let (liar, honest) = (PeerId(1), PeerId(2));
        g.offered(liar, SIZE);
        g.offered(honest, SIZE);
        let (mut now, mut liars, mut result) = (Duration::ZERO, Vec::new(), None);
        for _ in 0..20 {
            for (peer, index) in g.asks(now) {
                let mut data = piece(index);
                if peer == liar {
                    data[0] ^= 1;
                }
                match g.came(peer, index, &data) {
                    Gathered::Whole(bytes) => result = Some(bytes),
                    Gathered::Liar(peer) => liars.push(peer),
                    Gathered::NotYet => {}
                }
            }
            now += OVERDUE;
        }
        assert_eq!(result, Some(whole()));
        assert_eq!(liars, [liar]);
    }

    #[test]
    fn silly_sizes_are_not_asked_for() {
        let mut g = gathering();
        for size in [0, METAINFO_MAX_BYTES as u32 + 1, u32::MAX] {
            g.offered(PeerId(1), size);
        }
        assert_eq!(g.asks(Duration::ZERO), []);
        g.offered(PeerId(1), SIZE);
        assert_eq!(g.came(PeerId(1), 0, &piece(0)), Gathered::NotYet);
        assert_eq!(g.came(PeerId(9), 99, &[]), Gathered::NotYet);
        let asked = g.asks(Duration::ZERO).len();
        assert_eq!(asked, ASKED_MAX);
        g.came(PeerId(1), 0, b"short");
        assert_eq!(g.asks(OVERDUE * 2), [], "it has refused");
    }
}
