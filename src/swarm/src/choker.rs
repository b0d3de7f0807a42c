//! Whom we serve: tit for tat with one optimistic slot (BEP 3, "Choking and Optimistic Unchoking").
//!
//! Decides only; sends nothing, and the limit of bytes is `bucket`'s. While we download, who
//! gives us most is served; while nobody has anything for us, who takes fastest. A slot that falls
//! free, because its peer has all it wants or is gone, is given away at once. Invariant: never more
//! peers served than there are slots.

use std::cmp::Reverse;
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

    /// Who wants of us has changed, or how many are served: slots of those that want nothing are
    /// free, and free ones are given away without waiting for the next round.
    pub(crate) fn settle(
        &self,
        now: Duration,
        peers: &mut BTreeMap<PeerId, Peer>,
        seeding: bool,
    ) -> Vec<Order> {
        let mut orders = Vec::new();
        let mut served = 0;
        for (id, peer) in peers.iter_mut().filter(|(_, peer)| peer.served) {
            if peer.wants {
                served += 1;
            } else {
                peer.served = false;
                orders.push(Order::Choke(*id, true));
            }
        }
        while served < self.slots {
            let waiting = peers
                .iter_mut()
                .filter(|(_, peer)| peer.wants && !peer.served);
            let best = waiting.max_by_key(|(id, peer)| (peer.merit(now, seeding), Reverse(**id)));
            let Some((id, peer)) = best else { break };
            peer.served = true;
            served += 1;
            orders.push(Order::Choke(*id, false));
        }
        orders
    }

    /// A round, if one is due. `seeding`: nobody has anything for us.
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
            .map(|(id, peer)| (peer.merit(now, seeding), *id))
            .collect();
        rank.sort_by_key(|(rate, id)| (Reverse(*rate), *id));
        let mut line: Vec<PeerId> = rank.into_iter().map(|(_, id)| id).collect();
        let regular = self.slots.saturating_sub(1).min(line.len());
        let rest = line.split_off(regular);
        let due = self.round.is_multiple_of(OPTIMISTIC_ROUNDS);
        self.round = self.round.wrapping_add(1);
        if due || !self.optimistic.is_some_and(|id| rest.contains(&id)) {
            // By chance among those whose last chance is longest ago.
            let last = |id: &PeerId| peers.get(id).map(|peer| peer.chance);
            let longest = rest.iter().filter_map(last).min();
            let able: Vec<PeerId> = rest
                .iter()
                .copied()
                .filter(|id| last(id) == longest)
                .collect();
            self.optimistic = chance.one_of(&able);
            let peer = self.optimistic.and_then(|id| peers.get_mut(&id));
            if let Some(peer) = peer {
                peer.chance = self.round;
            }
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
        choker.settle(SECOND, &mut peers, false);
        assert_eq!(served(&peers), [0, 1]);
        peers.entry(PeerId(0)).and_modify(|peer| peer.wants = false);
        assert_eq!(
            choker.settle(SECOND, &mut peers, false),
            [
                Order::Choke(PeerId(0), true),
                Order::Choke(PeerId(2), false)
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
        assert!(choker.settle(SECOND, &mut peers, true).is_empty());
    }
}
