//! Whom we serve: tit for tat with one optimistic slot (BEP 3, "Choking and Optimistic Unchoking").
//!
//! Decides only; sends nothing, and the limit of bytes is `bucket`'s. While we download, who
//! gives us most is served; while we lack nothing, who takes fastest. Invariant: never more peers
//! served than there are slots.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::chance::Chance;
use crate::layout::PeerId;
use crate::news::Order;
use crate::peer::Peer;

/// BEP 3: long enough for TCP to reach its rate, short enough to answer in kind.
const ROUND: Duration = Duration::from_secs(10);

/// Rounds that a peer keeps the optimistic slot (BEP 3: 30 seconds).
const OPTIMISTIC_ROUNDS: u32 = 3;

#[derive(Debug)]
pub(crate) struct Choker {
    slots: usize,
    next: Duration,
    round: u32,
    optimistic: Option<PeerId>,
}

impl Choker {
    pub(crate) fn new(slots: u32) -> Self {
        Self {
            slots: slots as usize,
            next: Duration::ZERO,
            round: 0,
            optimistic: None,
        }
    }

    /// Another number of slots. Returns whether a round is due because of it.
    pub(crate) fn set_slots(&mut self, slots: u32) -> bool {
        let fewer = (slots as usize) < self.slots;
        self.slots = slots as usize;
        if fewer {
            self.next = Duration::ZERO;
        }
        fewer
    }

    /// A peer began to want of us: it need not wait for the next round if a slot is free.
    pub(crate) fn greet(&self, id: PeerId, peers: &mut BTreeMap<PeerId, Peer>) -> Option<Order> {
        let served = peers.values().filter(|peer| peer.served).count();
        let peer = peers.get_mut(&id)?;
        if peer.served || !peer.wants || served >= self.slots {
            return None;
        }
        peer.served = true;
        Some(Order::Choke(id, false))
    }

    /// A round, if one is due. `seeding`: we lack nothing.
    pub(crate) fn round(
        &mut self,
        now: Duration,
        peers: &mut BTreeMap<PeerId, Peer>,
        seeding: bool,
        chance: &mut Chance,
    ) -> Vec<Order> {
        if now < self.next {
            return Vec::new();
        }
        self.next = now + ROUND;
        let mut rank: Vec<(u64, PeerId)> = peers
            .iter()
            .filter(|(_, peer)| peer.wants)
            .map(|(id, peer)| {
                (
                    if seeding {
                        peer.taken.rate(now)
                    } else {
                        peer.given.rate(now)
                    },
                    *id,
                )
            })
            .collect();
        rank.sort_by_key(|(rate, id)| (std::cmp::Reverse(*rate), *id));
        let mut line: Vec<PeerId> = rank.into_iter().map(|(_, id)| id).collect();
        let regular = self.slots.saturating_sub(1).min(line.len());
        let rest = line.split_off(regular);
        let due = self.round.is_multiple_of(OPTIMISTIC_ROUNDS);
        self.round = self.round.wrapping_add(1);
        if due || !self.optimistic.is_some_and(|id| rest.contains(&id)) {
            self.optimistic = chance.one_of(&rest);
        }
        if self.slots > 0 {
            line.extend(self.optimistic);
        }
        let mut orders = Vec::new();
        for (id, peer) in peers.iter_mut() {
            let serve = line.contains(id);
            if peer.served != serve {
                peer.served = serve;
                orders.push(Order::Choke(*id, !serve));
            }
        }
        // Slots are freed before they are given.
        orders.sort_by_key(|order| !matches!(order, Order::Choke(_, true)));
        orders
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn crowd(count: u64) -> BTreeMap<PeerId, Peer> {
        let peer = |id| {
            let mut peer = Peer::new(8, true, 250);
            peer.wants = true;
            (PeerId(id), peer)
        };
        (0..count).map(peer).collect()
    }

    fn served(peers: &BTreeMap<PeerId, Peer>) -> Vec<u64> {
        peers
            .iter()
            .filter(|(_, peer)| peer.served)
            .map(|(id, _)| id.0)
            .collect()
    }

    #[test]
    fn the_generous_are_served_and_everyone_gets_a_chance() {
        let mut peers = crowd(12);
        let mut choker = Choker::new(4);
        let mut chance = Chance::new(1);
        let mut lucky = std::collections::BTreeSet::new();
        for round in 0..600u64 {
            let now = SECOND * (round * 10) as u32;
            for id in [3, 5, 7] {
                peers
                    .get_mut(&PeerId(id))
                    .unwrap()
                    .given
                    .add(now, 1_000_000);
            }
            choker.round(now, &mut peers, false, &mut chance);
            let now_served = served(&peers);
            assert_eq!(now_served.len(), 4);
            assert!([3, 5, 7].iter().all(|id| now_served.contains(id)));
            lucky.extend(now_served);
        }
        assert_eq!(lucky.len(), 12);
    }

    #[test]
    fn a_newcomer_takes_a_free_slot_at_once_but_no_more_than_there_are() {
        let mut peers = crowd(3);
        let choker = Choker::new(2);
        let greeted: Vec<_> = (0..3)
            .filter_map(|id| choker.greet(PeerId(id), &mut peers))
            .collect();
        assert_eq!(
            greeted,
            [
                Order::Choke(PeerId(0), false),
                Order::Choke(PeerId(1), false)
            ]
        );
    }

    #[test]
    fn no_slot_serves_nobody() {
        let mut peers = crowd(3);
        let mut choker = Choker::new(0);
        assert!(
            choker
                .round(SECOND, &mut peers, true, &mut Chance::new(1))
                .is_empty()
        );
        assert!(choker.greet(PeerId(1), &mut peers).is_none());
    }
}
