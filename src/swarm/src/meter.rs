//! How fast bytes come: two ways to measure it, both without a window of samples to keep.
//!
//! [`Meter`] is what a peer *can* give: only the time it was busy for us counts, so a peer that we
//! ask little is not taken for a slow one. [`Flow`] is what comes by the clock, idle time included:
//! what the viewer is shown and the choker compares. Both forget with a half-life, because the rate
//! of an hour ago says nothing of the next second.

use std::time::Duration;

/// Seconds after which a measurement weighs 1/e: long enough to smooth TCP's bursts, short enough
/// to notice within a second or two that a peer went slow.
const MEMORY: f64 = 2.0;

/// Bytes a second while busy.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Meter {
    bytes: f64,
    seconds: f64,
    samples: u32,
}

impl Meter {
    /// `bytes` came after `busy` of waiting for them.
    pub(crate) fn add(&mut self, bytes: u32, busy: Duration) {
        let busy = busy.as_secs_f64();
        let keep = (-busy / MEMORY).exp();
        self.bytes = self.bytes * keep + f64::from(bytes);
        self.seconds = self.seconds * keep + busy;
        self.samples = self.samples.saturating_add(1);
    }

    /// Seconds of waiting so far.
    pub(crate) fn seconds(&self) -> f64 {
        self.seconds
    }

    /// Bytes a second, if `pending` of waiting ended now with nothing; `None` while too little came
    /// to tell (two blocks: one alone measures the round trip).
    pub(crate) fn rate(&self, pending: Duration) -> Option<f64> {
        // A millisecond at least: a first burst out of a socket's buffer is no rate.
        let seconds = (self.seconds + pending.as_secs_f64()).max(0.001);
        (self.samples >= 2).then(|| self.bytes / seconds)
    }
}

/// Bytes a second by the clock.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Flow {
    bytes: f64,
    at: Duration,
}

impl Flow {
    pub(crate) fn add(&mut self, now: Duration, bytes: u32) {
        self.bytes = self.at_time(now) + f64::from(bytes);
        self.at = now;
    }

    pub(crate) fn rate(&self, now: Duration) -> u64 {
        (self.at_time(now) / MEMORY) as u64
    }

    fn at_time(&self, now: Duration) -> f64 {
        let past = now.saturating_sub(self.at).as_secs_f64();
        self.bytes * (-past / MEMORY).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_rate_is_found_and_a_silence_lowers_it() {
        let mut meter = Meter::default();
        assert_eq!(meter.rate(Duration::ZERO), None);
        for _ in 0..100 {
            meter.add(16_384, Duration::from_millis(40));
        }
        let rate = meter.rate(Duration::ZERO).unwrap();
        assert!((400_000.0..425_000.0).contains(&rate), "{rate}");
        assert!(meter.rate(Duration::from_secs(4)).unwrap() < rate / 2.5);
    }

    #[test]
    fn a_flow_settles_at_the_rate_and_dies_away() {
        let mut flow = Flow::default();
        let mut now = Duration::ZERO;
        for _ in 0..400 {
            now += Duration::from_millis(40);
            flow.add(now, 16_384);
        }
        assert!(
            (390_000..430_000).contains(&flow.rate(now)),
            "{}",
            flow.rate(now)
        );
        assert!(flow.rate(now + Duration::from_secs(20)) < 100);
    }
}
