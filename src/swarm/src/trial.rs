//! What follows from a hash: thanks for a right piece, a trial of those who gave a wrong one.
//!
//! The bytes of a wrong piece are kept, except those of the suspects: they alone are fetched again,
//! of anybody else, so that a trial costs no more than what the suspects gave. Until it is over, a
//! second at most, the suspects are asked for nothing, or a liar would spoil every piece meanwhile.
//! Whom to suspect is `suspicion`'s.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::layout::{BLOCK, PeerId};
use crate::news::Verdict;
use crate::suspicion::Wrong;
use crate::swarm::Swarm;

/// Longest time that a suspect is asked for nothing: some round trips and half a megabyte of the
/// others. An honest one among the suspects loses no more than this.
const HOLD: Duration = Duration::from_secs(1);

impl Swarm {
    /// The answer to [`crate::Order::Verify`]. `good`: the hash was right and the piece is in the
    /// cache (if the cache would not keep it, [`Swarm::evicted`] must follow). `data`: the
    /// assembled bytes; they are looked at only to trace wrong bytes to the peer that sent them,
    /// and may be empty: then a wrong piece is fetched anew and only a sole giver is found.
    pub fn verified(&mut self, now: Duration, piece: u32, good: bool, data: &[u8]) -> Verdict {
        let open = self.board.open.get(&piece);
        let Some(open) = open.filter(|open| open.verifying) else {
            return Verdict::Done;
        };
        let givers: Vec<PeerId> = open.sources().collect();
        let verdict = if good {
            self.board.end(piece, true);
            self.plan.fulfil(piece);
            self.right(piece, givers, data);
            Verdict::Done
        } else {
            self.stats.corrupt += 1;
            let verdict = self.wrong(now, piece, &givers, data);
            self.clear_the_way(now);
            verdict
        };
        self.fill_all(now);
        verdict
    }

    fn right(&mut self, piece: u32, givers: Vec<PeerId>, data: &[u8]) {
        let suspects: Vec<PeerId> = self.suspicions.excluded(piece).collect();
        for liar in self.suspicions.right(piece, &givers, data) {
            self.ban(liar);
        }
        for id in suspects {
            if !self.suspicions.is_suspect(id)
                && let Some(peer) = self.peers.get_mut(&id)
            {
                peer.held = Duration::ZERO;
            }
        }
        for id in givers.into_iter().collect::<BTreeSet<_>>() {
            if let Some(peer) = self.peers.get_mut(&id) {
                peer.good = peer.good.saturating_add(1);
            }
        }
    }

    fn wrong(&mut self, now: Duration, piece: u32, givers: &[PeerId], data: &[u8]) -> Verdict {
        let peers = &self.peers;
        let good = |id| peers.get(&id).map_or(0, |peer| peer.good);
        match self.suspicions.wrong(piece, givers, data, good) {
            Wrong::Liar(liar) => {
                self.forget_bytes(piece);
                self.ban(liar);
                Verdict::Done
            }
            Wrong::Suspects(suspects) => {
                let demanded = self.plan.demanded.get(piece);
                let wanted = demanded && !data.is_empty() && !self.board.is_over();
                if wanted {
                    let lost = self.board.reopen(piece, |id| suspects.contains(&id));
                    self.stats.wasted += u64::from(lost) * u64::from(BLOCK);
                } else {
                    self.forget_bytes(piece);
                }
                self.hold(now, piece, &suspects);
                if wanted { Verdict::Keep } else { Verdict::Done }
            }
        }
    }

    fn forget_bytes(&mut self, piece: u32) {
        self.stats.wasted += u64::from(self.board.layout.piece_len(piece));
        self.board.end(piece, false);
    }

    /// Asks nothing of the suspects for a while, if there is somebody else.
    fn hold(&mut self, now: Duration, piece: u32, suspects: &BTreeSet<PeerId>) {
        if !self.is_given(now, piece) {
            return;
        }
        for id in suspects {
            let Some(peer) = self.peers.get_mut(id) else {
                continue;
            };
            peer.held = now + HOLD;
            let keys: Vec<_> = peer.inflight.keys().copied().collect();
            for key in keys {
                self.take_back(now, *id, key);
            }
        }
    }

    /// Whether somebody who may give the piece does.
    fn is_given(&self, now: Duration, piece: u32) -> bool {
        self.peers.iter().any(|(id, peer)| {
            !peer.snubbed && peer.offers(now, piece) && self.suspicions.allows(piece, *id)
        })
    }

    /// A trial that nobody can help with any more is put off: everybody may give the piece.
    pub(crate) fn review_trials(&mut self, now: Duration) {
        let pieces = self.suspicions.trials();
        let lost: Vec<u32> = pieces.filter(|piece| !self.is_given(now, *piece)).collect();
        for piece in lost {
            self.suspicions.acquit(piece);
        }
    }
}
