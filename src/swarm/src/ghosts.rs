//! Requests taken back that a peer may answer all the same.
//!
//! An answer that crossed its CANCEL is no offence, so they are remembered for a while, a bounded
//! number of them. And some clients ignore CANCEL altogether (librqbit 9 does): then what was taken
//! back still stands in their queue before anything that is asked afterwards. Such a peer is known
//! by what it sends long after the CANCEL must have arrived; its ghosts then count as its queue.

use std::collections::VecDeque;
use std::time::Duration;

use crate::peer::Key;

/// Remembered; more are forgotten, oldest first. As many as the longest queue has.
const GHOSTS_MAX: usize = 1024;

/// Answers this long after the CANCEL must have arrived did not cross it: they were behind it.
const CROSSING: Duration = Duration::from_millis(150);

/// Such answers that show a peer to be deaf: one may be an odd delay.
const DEAF_AFTER: u32 = 2;

/// What did not come for so long will not.
const LIFETIME: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, Copy)]
struct Ghost {
    key: Key,
    turn: u64,
    at: Duration,
    /// Something asked later has come: it is not in the queue any more.
    passed: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Ghosts {
    line: VecDeque<Ghost>,
    evidence: u32,
}

impl Ghosts {
    /// A request was taken back.
    pub(crate) fn add(&mut self, now: Duration, key: Key, turn: u64) {
        if self.line.len() == GHOSTS_MAX {
            self.line.pop_front();
        }
        let passed = false;
        self.line.push_back(Ghost {
            key,
            turn,
            at: now,
            passed,
        });
    }

    /// It was answered. Returns whether there was such a request.
    pub(crate) fn answered(&mut self, now: Duration, key: Key, rtt: Duration) -> bool {
        let Some(at) = self.line.iter().position(|ghost| ghost.key == key) else {
            return false;
        };
        let Some(ghost) = self.line.remove(at) else {
            return false;
        };
        if now.saturating_sub(ghost.at) > rtt + CROSSING {
            self.evidence += 1;
        }
        self.pass(ghost.turn);
        true
    }

    /// It will not be answered. Returns whether there was such a request: what was asked again
    /// since then is not meant.
    pub(crate) fn rejected(&mut self, now: Duration, key: Key) -> bool {
        let meant = |ghost: &Ghost| ghost.key == key && now.saturating_sub(ghost.at) < LIFETIME;
        let at = self.line.iter().position(meant);
        at.and_then(|at| self.line.remove(at)).is_some()
    }

    /// What was asked with this turn has come: queues are served in order.
    pub(crate) fn pass(&mut self, turn: u64) {
        for ghost in &mut self.line {
            ghost.passed |= ghost.turn < turn;
        }
    }

    /// The peer has dropped its queue.
    pub(crate) fn pass_all(&mut self) {
        self.pass(u64::MAX);
    }

    /// It ignores CANCEL.
    pub(crate) fn deaf(&self) -> bool {
        self.evidence >= DEAF_AFTER
    }

    /// How many stand in the queue of a deaf peer before the request with this turn.
    pub(crate) fn before(&self, now: Duration, turn: u64) -> usize {
        if !self.deaf() {
            return 0;
        }
        let alive = |ghost: &&Ghost| {
            !ghost.passed && ghost.turn < turn && now.saturating_sub(ghost.at) < LIFETIME
        };
        self.line.iter().filter(alive).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const RTT: Duration = Duration::from_millis(50);

    #[test]
    fn an_answer_that_crossed_the_cancel_is_no_deafness() {
        let mut ghosts = Ghosts::default();
        for turn in 0..4 {
            ghosts.add(100 * MS, (0, turn as u32), turn);
            assert!(ghosts.answered(200 * MS, (0, turn as u32), RTT));
            assert!(!ghosts.answered(200 * MS, (0, turn as u32), RTT), "once");
        }
        assert!(!ghosts.deaf());
    }

    #[test]
    fn a_deaf_peer_s_ghosts_are_its_queue_until_they_are_passed() {
        let mut ghosts = Ghosts::default();
        for turn in 0..8 {
            ghosts.add(Duration::ZERO, (0, turn as u32), turn);
        }
        assert_eq!(ghosts.before(500 * MS, 100), 0, "not known to be deaf");
        ghosts.answered(400 * MS, (0, 0), RTT);
        ghosts.answered(440 * MS, (0, 1), RTT);
        assert_eq!(
            (ghosts.before(500 * MS, 100), ghosts.before(500 * MS, 4)),
            (6, 2)
        );
        ghosts.pass(5);
        assert_eq!(ghosts.before(500 * MS, 100), 3);
        assert_eq!(
            ghosts.before(11_000 * MS, 100),
            0,
            "they will not come any more"
        );
        ghosts.pass_all();
        assert_eq!(ghosts.before(500 * MS, 100), 0);
    }
}
