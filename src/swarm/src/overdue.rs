//! What to do about the late: ask another peer too, take requests back, give peers up.
//!
//! A block that a reader waits for is asked of a second peer once it is 250 ms old and that peer
//! would clearly bring it sooner; one of the next pieces after 1 s, if it would miss its time. Age
//! alone is no reason: a queue of half a second is healthy. The first answer wins, the losers
//! are cancelled. Invariant: no block is asked of more than [`HOLDERS_MAX`] peers.

use std::time::Duration;

use crate::layout::{BLOCK, PeerId};
use crate::peer::{Key, Peer, WEB_FIRST};
use crate::plan::Urgency;
use crate::swarm::Swarm;

/// Age at which a block that a reader waits for may be asked of another peer.
const PATIENCE_WAITING: Duration = Duration::from_millis(250);

/// The same while web seeds race: what they bring twice is bounded by the pieces waited for.
const PATIENCE_RACE: Duration = Duration::from_millis(100);

/// The same for the pieces that are played next.
const PATIENCE_NEAR: Duration = Duration::from_secs(1);

/// Peers that one block is asked of at a time: each gets our patience, so that the sixth is asked
/// only when five have failed for over a second.
const HOLDERS_MAX: usize = 6;

/// The second peer must be expected sooner by this factor, and by this many seconds.
const CLEARLY: f64 = 1.5;
const GAIN: f64 = 0.05;

/// Seconds that a peer of unknown rate is taken to be later than it seems.
const DOUBT: f64 = 0.25;

/// Late blocks looked after in one tick: a piece of 1 MiB.
const LATE_MAX: usize = 64;

/// A block that is late, and when it is expected at last.
#[derive(Debug, Clone, Copy)]
struct Late {
    key: Key,
    why: Urgency,
    seconds: f64,
    /// Within our patience: only a web seed may race for it.
    young: bool,
}

impl Swarm {
    /// Asks other peers for what is late.
    pub(crate) fn chase(&mut self, now: Duration) {
        self.relieve(now);
        let mut late = self.late(now);
        if late.is_empty() {
            return;
        }
        // What would come last first: what comes soon anyway then is not worth it any more.
        let urgent = |late: &Late| late.why != Urgency::Waiting;
        late.sort_by(|a, b| {
            urgent(a)
                .cmp(&urgent(b))
                .then(b.seconds.total_cmp(&a.seconds))
        });
        let mut ranges: Vec<(PeerId, Key)> = Vec::new();
        let mut queues: Vec<(PeerId, usize)> = self
            .peers
            .iter()
            .filter(|(_, peer)| peer.serves())
            .map(|(id, peer)| (*id, self.urgent_queue(now, peer)))
            .collect();
        for Late {
            key,
            why,
            seconds,
            young,
        } in late
        {
            if !self.download.has(now, BLOCK) {
                self.throttled = true;
                break;
            }
            let piece = key.0;
            let runner = queues
                .iter_mut()
                .filter_map(|entry| {
                    let peer = self.peers.get(&entry.0)?;
                    let full = peer.queue(now) as u32 >= peer.queue_max;
                    let able = (peer.web || !young)
                        && peer.is_fit(now)
                        && peer.offers(now, piece)
                        && !peer.inflight.contains_key(&key);
                    let queue = match why {
                        Urgency::Waiting => entry.1,
                        _ => peer.queue(now),
                    };
                    let doubt = if peer.rate(now).is_some() { 0.0 } else { DOUBT };
                    let eta = peer.eta(now, queue, self.guess) + doubt;
                    (able && !full).then_some((eta, entry))
                })
                .min_by(|a, b| a.0.total_cmp(&b.0));
            let Some((eta, entry)) = runner else { continue };
            if eta * CLEARLY + GAIN < seconds {
                entry.1 += 1;
                let id = entry.0;
                if why == Urgency::Waiting {
                    self.make_way(now, id);
                }
                self.stats.duplicates += 1;
                if self.peers[&id].web {
                    ranges.push((id, key));
                } else {
                    self.request(now, id, piece, key.1);
                }
            }
        }
        // Neighbours one after the other, so that they become one range.
        ranges.sort_unstable();
        for (id, (piece, number)) in ranges {
            self.request(now, id, piece, number);
        }
    }

    /// Takes back what a reader waits for from peers that are late with their first block, except
    /// that one: they are most likely slow, and will not have begun to send the others.
    fn relieve(&mut self, now: Duration) {
        let untried = self
            .peers
            .iter()
            .filter(|(_, peer)| self.is_untried(now, peer));
        let held: Vec<(PeerId, Vec<Key>)> = untried
            .map(|(id, peer)| {
                let first = peer.inflight.iter().min_by_key(|(_, asked)| asked.turn);
                let first = first.map(|(key, _)| *key);
                let keys = peer.inflight.keys().copied();
                let keys = keys.filter(|key| Some(*key) != first && self.plan.is_waiting(key.0));
                (*id, keys.collect())
            })
            .collect();
        for (id, keys) in held {
            for key in keys {
                self.take_back(now, id, key);
            }
            self.peers.entry(id).and_modify(Peer::narrow);
        }
    }

    /// Urgent blocks that are past their patience with every peer they are asked of.
    fn late(&self, now: Duration) -> Vec<Late> {
        let mut late = Vec::new();
        let races = self.web_helps && self.peers.values().any(|peer| peer.web && peer.is_fit(now));
        for (piece, why) in self.plan.front.iter().copied() {
            let patience = match why {
                Urgency::Waiting if races => PATIENCE_RACE,
                Urgency::Waiting => PATIENCE_WAITING,
                Urgency::Near => PATIENCE_NEAR,
                Urgency::Pin => continue,
            };
            let Some(open) = self.board.open.get(&piece) else {
                continue;
            };
            let played = match why {
                Urgency::Near => self.plan.slack(piece).as_secs_f64() / 2.0,
                _ => 0.0,
            };
            for number in 0..open.blocks() {
                let holders = open.holders(number);
                if open.has(number) || holders.is_empty() || holders.len() >= HOLDERS_MAX {
                    continue;
                }
                let key = (piece, number);
                let seconds = holders
                    .iter()
                    .map(|id| self.expected(now, *id, key, patience));
                let seconds = seconds.fold(f64::INFINITY, f64::min);
                let young = races && holders.iter().any(|id| self.is_young(now, *id, key));
                if seconds > played {
                    late.push(Late {
                        key,
                        why,
                        seconds,
                        young,
                    });
                }
                if late.len() == LATE_MAX {
                    return late;
                }
            }
        }
        late
    }

    fn is_young(&self, now: Duration, id: PeerId, key: Key) -> bool {
        let asked = self.peers.get(&id).and_then(|peer| peer.inflight.get(&key));
        asked.is_some_and(|asked| now.saturating_sub(asked.at) < PATIENCE_WAITING)
    }

    /// Seconds until this holder brings the block; 0 while it has our patience.
    fn expected(&self, now: Duration, id: PeerId, key: Key, patience: Duration) -> f64 {
        let Some(peer) = self.peers.get(&id) else {
            return f64::INFINITY;
        };
        let Some(asked) = peer.inflight.get(&key).copied() else {
            return f64::INFINITY;
        };
        if now.saturating_sub(asked.at) < patience {
            0.0
        } else {
            peer.remaining(now, asked)
        }
    }

    /// The length of its queue if all that is not waited for were taken back.
    fn urgent_queue(&self, now: Duration, peer: &Peer) -> usize {
        if peer.is_deaf() {
            return peer.queue(now);
        }
        let urgent = peer
            .inflight
            .keys()
            .filter(|key| self.plan.is_waiting(key.0))
            .count();
        urgent.max(peer.on_wire(now).min(peer.inflight.len()))
    }

    /// Takes back what stands in the queue of a peer before blocks that a reader waits for, except
    /// what is on the wire by now.
    fn make_way(&mut self, now: Duration, id: PeerId) {
        let Some(peer) = self.peers.get(&id) else {
            return;
        };
        // To cut a range costs as much as to wait for the end of a short one.
        let short = peer.web && (peer.inflight.len() as u32) < WEB_FIRST;
        if peer.is_deaf() || short {
            return;
        }
        let mut queue: Vec<(u64, Key)> = peer
            .inflight
            .iter()
            .map(|(key, asked)| (asked.turn, *key))
            .collect();
        queue.sort_unstable();
        for (_, key) in queue.into_iter().skip(peer.on_wire(now)) {
            if !self.plan.is_waiting(key.0) {
                self.take_back(now, id, key);
            }
        }
    }

    /// A reader waits for blocks that nobody was asked for: they go before everything else.
    pub(crate) fn clear_the_way(&mut self, now: Duration) {
        let unasked = |(piece, why): &&(u32, Urgency)| {
            let open = self.board.open.get(piece);
            let free = open.map_or(self.board.need.get(*piece), |open| open.free() > 0);
            *why == Urgency::Waiting && free
        };
        let wanted: Vec<u32> = self
            .plan
            .front
            .iter()
            .filter(unasked)
            .map(|(p, _)| *p)
            .collect();
        let offers = |peer: &Peer| {
            let queue = |length| peer.eta(now, length, self.guess);
            let gain = queue(peer.queue(now)) - queue(self.urgent_queue(now, peer));
            gain > GAIN && wanted.iter().any(|piece| peer.offers(now, *piece))
        };
        let ids: Vec<PeerId> = self
            .peers
            .iter()
            .filter(|(_, peer)| offers(peer))
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            self.make_way(now, id);
        }
    }

    /// Gives up peers that stay silent: what they hold is free again.
    pub(crate) fn snub(&mut self, now: Duration) {
        let silent = |(_, peer): &(&PeerId, &Peer)| !peer.snubbed && peer.is_silent(now);
        let ids: Vec<PeerId> = self
            .peers
            .iter()
            .filter(silent)
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            let keys: Vec<Key> = self.peers[&id].inflight.keys().copied().collect();
            for key in keys {
                self.take_back(now, id, key);
            }
            if let Some(peer) = self.peers.get_mut(&id) {
                peer.snubbed = true;
            }
        }
    }

    /// Open pieces that nobody has any more must not hold the RAM that others need.
    pub(crate) fn sweep(&mut self, now: Duration) {
        let need = self.board.need.ones().next();
        let room = need.is_none_or(|need| self.board.has_room(need, self.board.reserve()));
        if room && !self.board.is_ahead() {
            return;
        }
        let dead: Vec<u32> = self
            .board
            .loose
            .iter()
            .copied()
            .filter(|piece| !self.peers.values().any(|peer| peer.offers(now, *piece)))
            .collect();
        for piece in dead {
            self.discard(now, piece);
        }
    }
}
