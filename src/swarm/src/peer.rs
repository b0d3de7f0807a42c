//! A peer: what it has, what is asked of it, and how soon it would answer one more request.
//!
//! Knows nothing of other peers nor of what is wanted. Estimates are made of its measured rate, its
//! round trip and its queue; a peer that keeps us waiting gets worse by the moment, without timers.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::bits::Bits;
use crate::ghosts::Ghosts;
use crate::layout::BLOCK;
use crate::meter::{Flow, Meter};

/// A block in short: piece, number.
pub(crate) type Key = (u32, u32);

/// Requests at first, while nothing is known of a peer: one piece of 1 MiB is then spread over
/// eight of them, and 16 KiB x 8 a round trip of 30 ms is 4 MB/s.
const WINDOW_FIRST: u32 = 8;

/// Seconds of work to keep outstanding at a peer (beyond the round trip): less starves it when we
/// are slow to ask, more delays what is urgent. Half of it at a peer that ignores CANCEL: there
/// a seek has to wait for all of it.
pub(crate) const QUEUE_SECONDS: f64 = 0.5;

/// The same of a web seed: the next range must be long enough to be worth its round trip.
/// More is asked for when half of it has come, so that a range lasts a second.
const WEB_SECONDS: f64 = 2.0;

/// Requests at first at a web seed: 256 KiB, so that what a round trip of 100 ms costs is small
/// at 1 MB/s.
pub(crate) const WEB_FIRST: u32 = 16;

/// Most requests at a web seed: 16 MiB, the RAM for open pieces.
const WEB_QUEUE_MAX: u32 = 1024;

/// Round trip of a peer of which none is known.
const RTT_GUESS: Duration = Duration::from_millis(100);

/// Seconds by which a peer may miss its next block before it is expected later than its rate says:
/// more than a burst of a radio link, less than our patience.
const HESITATION: f64 = 0.15;

/// A peer that misses its next block by this much is stuck: it is what a viewer notices.
const STUCK: Duration = Duration::from_millis(250);

/// A peer that gives nothing for so long while blocks are asked of it is snubbed: 3 kB/s is no use.
const SNUB: Duration = Duration::from_secs(5);

/// A rejected piece is not asked again for this long (BEP 6 leaves the reason open).
const REFUSED: Duration = Duration::from_secs(10);

/// Pieces remembered as allowed fast: BEP 6 suggests 10.
const ALLOWED_MAX: usize = 64;

/// A request in flight.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) at: Duration,
    /// Rising with every request: its place in the peer's queue.
    pub(crate) turn: u64,
}

/// Its flags are the protocol's own (BEP 3): independent of one another, so no enum would be true.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools)]
pub(crate) struct Peer {
    pub(crate) fast: bool,
    /// A web seed.
    pub(crate) web: bool,
    /// Most requests it keeps.
    pub(crate) queue_max: u32,
    pub(crate) has: Bits,
    /// It chokes us.
    pub(crate) choked: bool,
    /// We said INTERESTED.
    pub(crate) interested: bool,
    /// It said INTERESTED.
    pub(crate) wants: bool,
    /// We serve it.
    pub(crate) served: bool,
    pub(crate) inflight: BTreeMap<Key, Asked>,
    ghosts: Ghosts,
    allowed: BTreeSet<u32>,
    refused: BTreeMap<u32, Duration>,
    meter: Meter,
    rtt: Option<Duration>,
    window: u32,
    /// Seconds of work to keep outstanding: less where all peers together would fill the RAM.
    pub(crate) queue_seconds: f64,
    /// Blocks that others brought in its stead since it last brought one.
    lost: u32,
    /// Since when we wait for its next block.
    mark: Duration,
    /// What it gives us, what it takes from us.
    pub(crate) given: Flow,
    pub(crate) taken: Flow,
    pub(crate) received: u64,
    pub(crate) uploaded: u64,
    /// The round in which it last had the optimistic slot.
    pub(crate) chance: u32,
    pub(crate) unasked: u32,
    pub(crate) snubbed: bool,
    /// A suspect: asked for nothing until then.
    pub(crate) held: Duration,
    /// Pieces with blocks of it that proved right.
    pub(crate) good: u32,
    /// The state of the board at which there was nothing to ask of it.
    pub(crate) barren: Option<u64>,
}

impl Peer {
    pub(crate) fn new(pieces: u32, fast: bool, queue_max: u32) -> Self {
        Self {
            fast,
            web: false,
            queue_max,
            has: Bits::new(pieces),
            choked: true,
            interested: false,
            wants: false,
            served: false,
            inflight: BTreeMap::new(),
            ghosts: Ghosts::default(),
            allowed: BTreeSet::new(),
            refused: BTreeMap::new(),
            meter: Meter::default(),
            rtt: None,
            window: WINDOW_FIRST,
            queue_seconds: QUEUE_SECONDS,
            lost: 0,
            mark: Duration::ZERO,
            given: Flow::default(),
            taken: Flow::default(),
            received: 0,
            uploaded: 0,
            chance: 0,
            unasked: 0,
            snubbed: false,
            held: Duration::ZERO,
            good: 0,
            barren: None,
        }
    }

    /// A web seed: serves everything at once.
    pub(crate) fn web_seed(pieces: u32) -> Self {
        Self {
            web: true,
            has: Bits::full(pieces),
            choked: false,
            window: WEB_FIRST,
            ..Self::new(pieces, true, WEB_QUEUE_MAX)
        }
    }

    /// Whether this piece may be asked of it now.
    pub(crate) fn offers(&self, now: Duration, piece: u32) -> bool {
        self.has.get(piece)
            && (!self.choked || self.allowed.contains(&piece))
            && self.refused.get(&piece).is_none_or(|until| *until <= now)
    }

    /// Whether anything at all may be asked of it.
    pub(crate) fn serves(&self) -> bool {
        !self.choked || !self.allowed.is_empty()
    }

    pub(crate) fn allow(&mut self, piece: u32) {
        if self.allowed.len() < ALLOWED_MAX {
            self.allowed.insert(piece);
        }
    }

    pub(crate) fn allowed(&self) -> impl Iterator<Item = u32> + '_ {
        self.allowed.iter().copied()
    }

    pub(crate) fn refuse(&mut self, now: Duration, piece: u32) {
        self.refused.retain(|_, until| *until > now);
        self.refused.insert(piece, now + REFUSED);
        self.allowed.remove(&piece);
    }

    pub(crate) fn ask(&mut self, now: Duration, key: Key, turn: u64) {
        if self.inflight.is_empty() {
            self.mark = now + self.rtt.unwrap_or_default();
        }
        self.inflight.insert(key, Asked { at: now, turn });
    }

    /// The request is void; should it be answered all the same, that is no offence.
    pub(crate) fn withdraw(&mut self, now: Duration, key: Key) -> bool {
        let asked = self.inflight.remove(&key);
        asked
            .inspect(|asked| self.ghosts.add(now, key, asked.turn))
            .is_some()
    }

    /// It chokes us: its queue for us is empty.
    pub(crate) fn choke(&mut self) {
        self.choked = true;
        self.ghosts.pass_all();
    }

    /// Requests in its queue, those included that it ignores our CANCEL of.
    pub(crate) fn queue(&self, now: Duration) -> usize {
        self.inflight.len() + self.ghosts.before(now, u64::MAX)
    }

    /// Whether a CANCEL is of any use.
    pub(crate) fn is_deaf(&self) -> bool {
        self.ghosts.deaf()
    }

    /// Another peer was first with what was asked of this one.
    pub(crate) fn lose(&mut self) {
        self.lost += 1;
        // Of unknown worth, and late at once: it begins anew, with one block.
        if self.rate(Duration::ZERO).is_none() {
            self.window = 1;
        }
    }

    /// The request will not be answered.
    pub(crate) fn rejected(&mut self, now: Duration, key: Key) -> bool {
        !self.ghosts.rejected(now, key) && self.inflight.remove(&key).is_some()
    }

    /// A block came. Returns whether it was asked for.
    pub(crate) fn deliver(&mut self, now: Duration, key: Key, bytes: u32) -> bool {
        self.received += u64::from(bytes);
        self.given.add(now, bytes);
        let asked = self.inflight.remove(&key);
        match asked {
            Some(asked) => {
                let trip = now.saturating_sub(asked.at);
                self.rtt = Some(self.rtt.map_or(trip, |rtt| rtt.min(trip)));
                self.ghosts.pass(asked.turn);
            }
            None if self.ghosts.answered(now, key, self.rtt()) => {}
            None => return false,
        }
        self.snubbed = false;
        self.lost = 0;
        // After a pause without requests only what one block may take is known to be work.
        let busy = if asked.is_some() {
            Duration::MAX
        } else {
            Duration::from_secs(1)
        };
        self.meter
            .add(bytes, now.saturating_sub(self.mark).min(busy));
        self.mark = now;
        // One more for each that came doubles it every round trip, up to what the rate bears out.
        self.window = (self.window + 1).min(self.target(now));
        true
    }

    /// Requests to keep outstanding at its rate; without bound while that is not known.
    fn target(&self, now: Duration) -> u32 {
        let Some(rate) = self.rate(now) else {
            return u32::MAX;
        };
        let queue = match (self.web, self.is_deaf()) {
            (true, _) => rate * WEB_SECONDS,
            (_, true) => rate * self.queue_seconds / 2.0,
            _ => rate * self.queue_seconds,
        };
        let bytes = queue + rate * self.rtt().as_secs_f64();
        (bytes / f64::from(BLOCK)).ceil() as u32 + 1
    }

    fn rtt(&self) -> Duration {
        self.rtt.unwrap_or(RTT_GUESS).min(Duration::from_secs(1))
    }

    /// Requests that may be outstanding now.
    pub(crate) fn depth(&self, now: Duration) -> u32 {
        match (self.snubbed, self.lost) {
            (true, _) => 1,
            _ if self.is_stuck(now) || self.is_held(now) => 0,
            (_, 1..) => 1,
            (_, 0) => self.window.min(self.target(now)).max(2).min(self.queue_max),
        }
    }

    /// How long we have been waiting for its next block.
    fn pending(&self, now: Duration) -> Duration {
        if self.inflight.is_empty() {
            Duration::ZERO
        } else {
            now.saturating_sub(self.mark)
        }
    }

    /// Bytes a second it can give; `None` while not known.
    pub(crate) fn rate(&self, now: Duration) -> Option<f64> {
        self.meter.rate(self.pending(now))
    }

    /// It may ask for so many at once now: a range that nobody else wants may be long.
    pub(crate) fn widen(&mut self, window: u32) {
        self.window = self.window.max(window);
    }

    /// It is late with its first block: it begins anew, with one block.
    pub(crate) fn narrow(&mut self) {
        self.window = 1;
    }

    /// It should have begun to give by now.
    pub(crate) fn is_late(&self, now: Duration) -> bool {
        self.pending(now) > STUCK
    }

    /// It keeps us waiting for its next block: it gets no more to hold until it brings one.
    fn is_stuck(&self, now: Duration) -> bool {
        let usual = self
            .meter
            .rate(Duration::ZERO)
            .map_or(1.0, |rate| 1.5 * f64::from(BLOCK) / rate);
        self.pending(now).as_secs_f64() > usual + STUCK.as_secs_f64()
    }

    /// Seconds by which it must be expected to be late, beyond its rate. `guess`: as below.
    fn stuck(&self, now: Duration, guess: f64) -> f64 {
        let usual = f64::from(BLOCK) / self.meter.rate(Duration::ZERO).unwrap_or(guess);
        let over = self.pending(now).as_secs_f64() - usual;
        // Who has been silent for a while is most likely silent for longer still.
        if over > HESITATION { 3.0 * over } else { 0.0 }
    }

    /// Seconds until `queue` requests and one more were answered. `guess`: rate to assume while
    /// none is known.
    pub(crate) fn eta(&self, now: Duration, queue: usize, guess: f64) -> f64 {
        let rate = self.rate(now).unwrap_or(guess).max(1.0);
        let work = (queue + 1) as f64 * f64::from(BLOCK) / rate;
        let doubt = f64::from(self.lost) * STUCK.as_secs_f64();
        work + self.rtt().as_secs_f64() + self.stuck(now, rate) + doubt
    }

    /// Seconds until this request is answered.
    pub(crate) fn remaining(&self, now: Duration, asked: Asked) -> f64 {
        let before = self
            .inflight
            .values()
            .filter(|other| other.turn <= asked.turn)
            .count();
        let before = before + self.ghosts.before(now, asked.turn);
        let Some(rate) = self.rate(now) else {
            // Unknown: as with the stuck, the longer it took the longer it will, and what stands
            // behind takes a multiple of it. The first block alone may have been its round trip.
            let first = self
                .meter
                .seconds()
                .max(2.0 * self.pending(now).as_secs_f64());
            return before as f64 * first;
        };
        before as f64 * f64::from(BLOCK) / rate.max(1.0) + self.stuck(now, rate.max(1.0))
    }

    /// Requests that are most likely on the wire already: taking them back saves nothing.
    pub(crate) fn on_wire(&self, now: Duration) -> usize {
        if self.is_stuck(now) {
            return 0;
        }
        let bytes = self.rate(now).unwrap_or(0.0) * self.rtt().as_secs_f64();
        (bytes / f64::from(BLOCK)).ceil() as usize
    }

    /// Fit to stand in for another: it has delivered and does not keep us waiting, or it was asked
    /// so lately that it could not.
    pub(crate) fn is_fit(&self, now: Duration) -> bool {
        let known = self.rate(now).is_some() || self.pending(now) < STUCK;
        let free = !self.is_stuck(now) && !self.is_held(now);
        known && self.lost == 0 && !self.snubbed && free
    }

    /// What speaks for serving it, in bytes a second. `seeding`: nobody has anything for us.
    pub(crate) fn merit(&self, now: Duration, seeding: bool) -> u64 {
        if seeding {
            self.taken.rate(now)
        } else {
            self.given.rate(now)
        }
    }

    pub(crate) fn is_held(&self, now: Duration) -> bool {
        now < self.held
    }

    pub(crate) fn is_silent(&self, now: Duration) -> bool {
        self.pending(now) > SNUB
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// A peer that answers a request every 40 ms (410 kB/s), kept busy for two seconds.
    fn steady() -> (Peer, Duration) {
        let mut peer = Peer::new(10, true, 250);
        let mut now = Duration::ZERO;
        (0..4).for_each(|n| peer.ask(now, (0, n), u64::from(n)));
        for n in 0..50 {
            now += 40 * MS;
            assert!(peer.deliver(now, (0, n), BLOCK));
            peer.ask(now, (0, n + 4), u64::from(n) + 4);
        }
        (peer, now)
    }

    #[test]
    fn the_pipeline_holds_half_a_second_of_the_rate() {
        let (peer, now) = steady();
        assert!((14..=16).contains(&peer.depth(now)), "{}", peer.depth(now));
        let slow = Peer {
            queue_max: 5,
            ..steady().0
        };
        assert_eq!(slow.depth(now), 5, "bounded by reqq");
    }

    #[test]
    fn who_falls_silent_is_expected_late_at_once_and_snubbed_after_seconds() {
        let (peer, now) = steady();
        let usual = peer.eta(now, 4, 1e5);
        assert!((0.2..0.35).contains(&usual), "{usual}");
        let stuck = peer.eta(now + 400 * MS, 4, 1e5);
        assert!(stuck > usual + 1.0, "{stuck}");
        assert!(!peer.is_silent(now + 4900 * MS) && peer.is_silent(now + 5100 * MS));
    }

    #[test]
    fn a_request_taken_back_may_still_be_answered_once() {
        let (mut peer, now) = steady();
        assert!(peer.withdraw(now, (0, 50)));
        assert!(peer.deliver(now, (0, 50), BLOCK));
        assert!(!peer.deliver(now, (0, 50), BLOCK));
        assert!(peer.withdraw(now, (0, 51)) && !peer.rejected(now, (0, 51)));
        assert!(!peer.rejected(now, (0, 99)), "never asked");
        peer.ask(now, (0, 51), 99);
        assert!(peer.withdraw(now, (0, 51)));
        peer.ask(now, (0, 51), 100);
        assert!(!peer.rejected(now, (0, 51)), "the one taken back is meant");
        assert!(peer.rejected(now, (0, 51)));
        assert!(!peer.rejected(now, (0, 51)));
        assert!(!peer.deliver(now, (0, 51), BLOCK), "it said it would not");
    }
}
