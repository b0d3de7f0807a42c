//! How a film is shown is looked at now and then, while somebody wants to know.

use std::time::{Duration, Instant};

use app::{Measured, PlayerNews};

use super::{Film, Phase};
use crate::player::pipeline::Job;

/// As often as a person can read.
const COUNT_EVERY: Duration = Duration::from_secs(1);

impl Film {
    pub(super) fn want_counts(&mut self, wanted: bool) {
        self.opening.counts = wanted;
        self.counts_at = Instant::now();
    }

    /// When it is to be looked at; none: nobody wants to know, or it cannot be asked now.
    pub(super) fn counts(&self) -> Option<Instant> {
        let can = self.phase == Phase::Ready && !self.busy && self.end.is_none();
        (can && self.opening.counts).then_some(self.counts_at)
    }

    pub(super) fn count_job(&mut self) -> Option<Job> {
        let now = Instant::now();
        let due = self.counts().is_some_and(|at| now >= at);
        due.then(|| {
            self.counts_at = now + COUNT_EVERY;
            Job::Count
        })
    }

    pub(super) fn counted(&self, measured: Measured) {
        if self.opening.counts {
            self.news(PlayerNews::Measured(measured));
        }
    }
}
