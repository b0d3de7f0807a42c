//! A limit of bytes a second, as a bucket of bytes that fills at that rate.
//!
//! Invariant: in any span of `t` seconds no more than `rate * t` bytes and one bucketful are taken.

use std::time::Duration;

use crate::layout::BLOCK;

/// Seconds of the rate that a bucket holds: what was saved up is spent at once, so not more than
/// a burst that other traffic on the line hardly notices.
const HOLDS: f64 = 0.25;

#[derive(Debug)]
pub(crate) struct Bucket {
    /// Bytes a second; `None`: no limit.
    rate: Option<f64>,
    bytes: f64,
    at: Duration,
}

impl Bucket {
    pub(crate) fn new(rate: Option<u64>) -> Self {
        let mut bucket = Self {
            rate: rate.map(|rate| rate as f64),
            bytes: 0.0,
            at: Duration::ZERO,
        };
        bucket.bytes = bucket.size();
        bucket
    }

    /// Another limit from now on.
    pub(crate) fn set_rate(&mut self, now: Duration, rate: Option<u64>) {
        self.refill(now);
        let limited = self.rate.is_some();
        self.rate = rate.map(|rate| rate as f64);
        // What flowed without a limit was not counted: nothing is saved up.
        let most = if limited { self.size() } else { 0.0 };
        self.bytes = self.bytes.min(most);
    }

    pub(crate) fn limit(&self) -> Option<f64> {
        self.rate
    }

    /// One block at least, or nothing would ever pass.
    fn size(&self) -> f64 {
        match self.rate {
            Some(0.0) => 0.0,
            rate => (rate.unwrap_or(0.0) * HOLDS).max(f64::from(BLOCK)),
        }
    }

    fn refill(&mut self, now: Duration) {
        let past = now.saturating_sub(self.at).as_secs_f64();
        self.at = self.at.max(now);
        let rate = self.rate.unwrap_or(0.0);
        self.bytes = (self.bytes + rate * past).min(self.size());
    }

    /// Whether so many bytes are in it.
    pub(crate) fn has(&mut self, now: Duration, bytes: u32) -> bool {
        self.refill(now);
        // A hair less will do: a wait that was rounded to the nanosecond must not be in vain.
        self.rate.is_none() || self.bytes + 0.01 >= f64::from(bytes)
    }

    /// Takes them out, be they in it or not: what is owed is filled up first.
    pub(crate) fn take(&mut self, now: Duration, bytes: u32) {
        self.refill(now);
        if self.rate.is_some() {
            self.bytes -= f64::from(bytes);
        }
    }

    /// They were not needed after all.
    pub(crate) fn give_back(&mut self, bytes: u32) {
        self.bytes = (self.bytes + f64::from(bytes)).min(self.size());
    }

    /// When there will be so many bytes in it; `None`: never.
    pub(crate) fn ready(&self, bytes: u32) -> Option<Duration> {
        let Some(rate) = self.rate else {
            return Some(self.at);
        };
        let lack = f64::from(bytes) - self.bytes;
        if lack <= 0.0 {
            return Some(self.at);
        }
        let wait = Duration::try_from_secs_f64(lack / rate).ok()?;
        self.at.checked_add(wait)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn without_a_limit_everything_passes_and_a_limit_of_nothing_passes_nothing() {
        let mut open = Bucket::new(None);
        assert!(open.has(Duration::ZERO, u32::MAX));
        let mut shut = Bucket::new(Some(0));
        assert!(!shut.has(Duration::from_secs(1 << 40), 1));
        assert_eq!(shut.ready(1), None);
    }

    proptest! {
        #[test]
        fn no_span_gets_more_than_its_rate_and_one_bucketful(
            rate in 1u64..4_000_000,
            steps in proptest::collection::vec((0u64..400, 1u32..=BLOCK), 1..200),
        ) {
            let mut bucket = Bucket::new(Some(rate));
            let mut now = Duration::ZERO;
            let mut taken: Vec<(Duration, u64)> = Vec::new();
            for (pause, bytes) in steps {
                now += Duration::from_millis(pause);
                if bucket.has(now, bytes) {
                    bucket.take(now, bytes);
                    taken.push((now, u64::from(bytes)));
                } else {
                    let at = bucket.ready(bytes).unwrap();
                    prop_assert!(at > now);
                    prop_assert!(bucket.has(at + Duration::from_nanos(1), bytes));
                    now = at;
                }
            }
            for (first, (start, _)) in taken.iter().enumerate() {
                let mut sum = 0;
                for (at, bytes) in &taken[first..] {
                    sum += bytes;
                    let most = rate as f64 * (*at - *start).as_secs_f64() + bucket.size() + 1.0;
                    prop_assert!(sum as f64 <= most, "{sum} of {most}");
                }
            }
        }
    }
}
