//! Requests of a peer that are refused, and how patiently (BEP 6).
//!
//! Every request is answered, if the peer knows how to read that. At once for a while, and then
//! one at a time: a program that does not know that pieces go again (BEP 54) asks anew for what
//! was refused, at once, and aria2 would do so 100,000 times a second. Beside a film that is not
//! held whole that is its usual state, and its requests for what is there are served all the same.

use std::collections::VecDeque;
use std::time::Duration;

use swarm::Block;
use tokio::time::{Instant, sleep_until};

use super::say;
use super::wire::REQUESTS_MAX;

/// So many are refused at once: a full queue, as after a seek.
const AT_ONCE: u32 = REQUESTS_MAX as u32;
/// And then one in each of these: 100 a second are 1.7 kB.
const PAUSE: Duration = Duration::from_millis(10);
/// aria2 asks for 800 at a time, whatever it is told; these are 24 KiB.
const WAITING_MAX: usize = 2048;

/// Of one connection.
#[derive(Debug)]
pub(super) struct Refusals {
    /// The peer knows the message.
    fast: bool,
    /// To be refused, in this order.
    waiting: VecDeque<Block>,
    /// When all would be paid for that were refused, at one in each pause.
    paid: Instant,
}

impl Refusals {
    pub(super) fn new(fast: bool) -> Refusals {
        Refusals {
            fast,
            waiting: VecDeque::new(),
            paid: Instant::now(),
        }
    }

    /// Without waiting: the peer has taken it back, or asks for more than it may.
    pub(super) fn now(&mut self, block: Block, batch: &mut Vec<u8>) {
        if self.fast {
            batch.extend_from_slice(&say::reject(block));
        }
    }

    /// When its turn comes; at once where more wait than a peer may ask for.
    pub(super) fn later(&mut self, block: Block, batch: &mut Vec<u8>) {
        if !self.fast {
            return;
        }
        if self.waiting.len() >= WAITING_MAX {
            return self.now(block, batch);
        }
        self.waiting.push_back(block);
    }

    /// Those whose turn it is.
    pub(super) fn say(&mut self, now: Instant, batch: &mut Vec<u8>) {
        while self.next() <= now
            && let Some(block) = self.waiting.pop_front()
        {
            self.paid = self.paid.max(now) + PAUSE;
            self.now(block, batch);
        }
    }

    /// Until it is the turn of one; for ever if none waits.
    pub(super) async fn due(&self) {
        if self.waiting.is_empty() {
            return std::future::pending().await;
        }
        sleep_until(self.next()).await;
    }

    fn next(&self) -> Instant {
        let credit = PAUSE * (AT_ONCE - 1);
        self.paid.checked_sub(credit).unwrap_or(self.paid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: Block = Block {
        piece: 1,
        offset: 0,
        len: 16384,
    };

    fn said(refusals: &mut Refusals, now: Instant) -> usize {
        let mut batch = Vec::new();
        refusals.say(now, &mut batch);
        batch.len() / say::reject(BLOCK).len()
    }

    #[test]
    fn a_queue_at_once_and_then_a_hundred_a_second() {
        let mut refusals = Refusals::new(true);
        let (mut count, began) = (0, Instant::now());
        // It asks again for whatever is refused.
        (0..24).for_each(|_| refusals.later(BLOCK, &mut Vec::new()));
        let mut now = began;
        while now < began + Duration::from_secs(10) {
            now = now.max(refusals.next());
            for _ in 0..said(&mut refusals, now) {
                count += 1;
                refusals.later(BLOCK, &mut Vec::new());
            }
        }
        let fair = AT_ONCE + 10 * 100;
        assert!((fair - 24..=fair + 24).contains(&count), "{count}");
        // And is forgiven in time.
        assert_eq!(said(&mut refusals, now + Duration::from_mins(1)), 24);
    }

    #[test]
    fn who_cannot_read_it_is_told_nothing() {
        let mut refusals = Refusals::new(false);
        let mut batch = Vec::new();
        refusals.now(BLOCK, &mut batch);
        refusals.later(BLOCK, &mut batch);
        refusals.say(Instant::now(), &mut batch);
        assert!(batch.is_empty());
    }
}
