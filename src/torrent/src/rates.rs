//! Limits on what all connections together send and receive.
//!
//! A bucket for each direction that may run into debt: bytes are counted when they go, and who
//! made the debt waits until it is paid. The scheduler paces what is asked for by the same
//! numbers; this is the hard stop below it, which also holds against peers that send what nobody
//! asked for. Without a limit it costs one look at a number.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// What was not used is kept for so long: the clock of sleeping is coarse, and blocks come in
/// bursts.
const CREDIT: Duration = Duration::from_millis(100);
/// Read at once at most what the limit gives in this part of a second, so that connections take
/// turns.
const TURNS_PER_SECOND: u64 = 8;
/// But not less, or it would be all system calls.
const TURN_MIN_BYTES: u64 = 4096;

/// Bytes a second for all torrents together; none: no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rates {
    pub upload: Option<u64>,
    pub download: Option<u64>,
}

/// One direction.
#[derive(Debug)]
pub(super) struct Bucket {
    /// Bytes a second; [`NO_LIMIT`].
    rate: AtomicU64,
    /// When the debt is paid.
    paid_at: Mutex<Instant>,
    changed: Notify,
}

const NO_LIMIT: u64 = u64::MAX;

impl Bucket {
    pub(super) fn new(rate: Option<u64>) -> Bucket {
        Bucket {
            rate: AtomicU64::new(rate.unwrap_or(NO_LIMIT)),
            paid_at: Mutex::new(Instant::now()),
            changed: Notify::new(),
        }
    }

    /// From now on. Old debts are forgotten, and who waits for them goes on.
    pub(super) fn set(&self, rate: Option<u64>) {
        self.rate.store(rate.unwrap_or(NO_LIMIT), Ordering::Relaxed);
        *self.paid_at() = Instant::now();
        self.changed.notify_waiters();
    }

    /// Bytes to take in one turn, out of `most`.
    pub(super) fn turn(&self, most: usize) -> usize {
        let turn = self.rate.load(Ordering::Relaxed) / TURNS_PER_SECOND;
        most.min(turn.max(TURN_MIN_BYTES) as usize)
    }

    /// Counts `bytes`, and waits until they are paid.
    pub(super) async fn spend(&self, bytes: usize) {
        let until = self.count(bytes);
        self.wait(until).await;
    }

    /// Counts `bytes`; says when they will be paid, and none if there is no limit.
    pub(super) fn count(&self, bytes: usize) -> Option<Instant> {
        self.count_at(bytes, Instant::now())
    }

    fn count_at(&self, bytes: usize, now: Instant) -> Option<Instant> {
        let rate = self.rate.load(Ordering::Relaxed);
        if rate == NO_LIMIT {
            return None;
        }
        // A day is as good as never, and no time overflows.
        let cost = (bytes as f64 / rate.max(1) as f64).min(86_400.0);
        let kept = now.checked_sub(CREDIT);
        let mut paid_at = self.paid_at();
        let from = kept.map_or(*paid_at, |at| at.max(*paid_at));
        *paid_at = from + Duration::from_secs_f64(cost);
        Some(*paid_at)
    }

    /// Until then, or there is another limit.
    pub(super) async fn wait(&self, until: Option<Instant>) {
        let Some(until) = until else {
            return;
        };
        tokio::select! {
            () = tokio::time::sleep_until(until) => {}
            () = self.changed.notified() => {}
        }
    }

    fn paid_at(&self) -> std::sync::MutexGuard<'_, Instant> {
        self.paid_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn all_together_keep_the_rate_and_save_up_little() {
        let bucket = Bucket::new(Some(100_000));
        let began = Instant::now() + Duration::from_secs(1);
        let paid = (0..20).map(|_| bucket.count_at(10_000, began).unwrap());
        let last = paid.max().unwrap() - began;
        assert_eq!(last.as_millis(), 1_900);
        // A minute of silence is worth the credit and no more.
        let later = began + Duration::from_secs(60);
        let paid = bucket.count_at(30_000, later).unwrap();
        assert_eq!((paid - later).as_millis(), 200);
        // Nor does a limit of nothing run over.
        bucket.set(Some(0));
        for _ in 0..100 {
            assert!(bucket.count_at(usize::MAX, later).is_some());
        }
    }

    #[tokio::test]
    async fn a_new_limit_wakes_who_waits_for_the_old() {
        let bucket = Bucket::new(Some(0));
        let waiting = bucket.spend(1_000_000);
        let setting = async {
            // The other is polled first, and waits by then.
            bucket.set(None);
        };
        tokio::join!(biased; waiting, setting);
        bucket.spend(usize::MAX).await;
        assert_eq!(bucket.turn(1 << 20), 1 << 20);
        bucket.set(Some(80_000));
        assert_eq!(bucket.turn(1 << 20), 10_000);
        bucket.set(Some(10));
        assert_eq!(bucket.turn(1 << 20), 4096);
    }
}
