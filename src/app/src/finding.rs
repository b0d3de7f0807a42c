//! Where a film can be had, while those who may know are asked.
//!
//! Play does not wait for the slowest: once somebody offers the film, the others have a moment
//! more, and then the best of what there is plays.

use std::time::Duration;

use crate::{Answer, Quest, Source, Time};

/// After the first offer the others have this long: most answer within a second of each other.
const MOMENT: Duration = Duration::from_millis(1500);

/// Nobody is waited for longer: the shell gives up on a host after ten seconds.
const PATIENCE: Duration = Duration::from_secs(12);

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finding {
    pub(crate) quest: Quest,
    pub(crate) asked: u16,
    pub(crate) answered: u16,
    /// It is not known yet how many are asked.
    fresh: bool,
    since: Time,
    offered_at: Option<Time>,
}

impl Finding {
    pub(crate) fn new(quest: Quest, now: Time) -> Finding {
        Finding {
            quest,
            asked: 0,
            answered: 0,
            fresh: true,
            since: now,
            offered_at: None,
        }
    }

    pub(crate) fn take(&mut self, answer: &Answer<Source>, now: Time) {
        self.asked = answer.asked;
        self.answered = self.answered.max(answer.answered);
        self.fresh = false;
        if !answer.items.is_empty() {
            self.offered_at = self.offered_at.or(Some(now));
        }
    }

    /// Everybody has answered, or nobody waits any more.
    pub(crate) fn is_over(&self, now: Time) -> bool {
        let all = !self.fresh && self.answered >= self.asked;
        all || now.since(self.since) >= PATIENCE
    }

    /// The best of what was offered may play.
    pub(crate) fn is_settled(&self, now: Time) -> bool {
        let moment = self.offered_at.is_some_and(|at| now.since(at) >= MOMENT);
        moment || self.is_over(now)
    }

    /// When it may have settled by itself.
    pub(crate) fn deadline(&self, now: Time) -> Option<Time> {
        if self.is_over(now) {
            return None;
        }
        let moment = self.offered_at.map(|at| at + MOMENT);
        let patience = Some(self.since + PATIENCE);
        let all = [moment, patience].into_iter().flatten();
        all.filter(|at| *at > now).min()
    }
}
