//! Politeness to each host, and patience with it: a lane per host.
//!
//! A host is asked a few things at a time and so often a second; when it says "later" that is
//! obeyed, and when it fails again and again it is left alone for a while, then tried by one ask.
//! Lanes know nothing of one another, so one host's trouble is not another's; what all hosts share
//! is a bound on asks at a time, which bounds memory. Pace is one instant per host (the virtual
//! scheduling of leaky buckets): governor, which librqbit brings, sleeps by a clock of its own that
//! tests cannot turn.
//!
//! Invariant: no wait goes beyond the ask's deadline; what cannot be in time fails at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::error::FetchError;

/// Hosts remembered; a wall of twenty add-ons with posters from everywhere names fewer.
const HOSTS_MAX: usize = 256;
/// Asks at a time to all hosts together. With 4 MiB each it bounds what answers hold.
const ASKS_MAX: usize = 32;
/// Longest that a host is left alone because it says so; it is asked again then, once.
const HELD_MAX: Duration = Duration::from_secs(3600);

/// How often a host is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// At a time.
    pub at_once: usize,
    pub per_second: u32,
    /// So many may go out without a wait between.
    pub burst: u32,
}

impl Default for Pace {
    /// What a browser does that opens a page.
    fn default() -> Pace {
        Pace {
            at_once: 4,
            per_second: 10,
            burst: 20,
        }
    }
}

/// With a host that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// It is left alone after so many in a row.
    pub failures: u32,
    /// For so long at first, then twice that, and so on.
    pub open_min: Duration,
    pub open_max: Duration,
    /// Before the first repeat of an ask that found nobody, twice that before the second, each by
    /// half more or less.
    pub backoff: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            failures: 5,
            open_min: Duration::from_secs(30),
            open_max: Duration::from_secs(600),
            // A server that is being restarted needs about a second.
            backoff: Duration::from_millis(300),
        }
    }
}

/// All hosts.
#[derive(Debug)]
pub(crate) struct Lanes {
    lanes: Mutex<HashMap<String, Arc<Lane>>>,
    all: Arc<Semaphore>,
    pace: Pace,
    paces: Vec<(String, Pace)>,
    patience: Patience,
}

#[derive(Debug)]
struct Lane {
    host: String,
    slots: Arc<Semaphore>,
    pace: Pace,
    patience: Patience,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Used last.
    used: Instant,
    /// When the next ask would go out if none went out of turn.
    due: Instant,
    /// It said so.
    held: Option<Instant>,
    /// In a row.
    failures: u32,
    /// It is left alone until then; after that one ask tries.
    open: Option<Instant>,
    /// Times it was opened in a row.
    openings: u32,
    probing: bool,
}

/// The right to ask a host now. Dropped without a verdict it says nothing about the host.
#[derive(Debug)]
pub(crate) struct Pass {
    lane: Arc<Lane>,
    probe: bool,
    /// It was said how it went.
    judged: bool,
    _permits: [OwnedSemaphorePermit; 2],
}

impl Lanes {
    pub(crate) fn new(pace: Pace, paces: Vec<(String, Pace)>, patience: Patience) -> Lanes {
        Lanes {
            lanes: Mutex::default(),
            all: Arc::new(Semaphore::new(ASKS_MAX)),
            pace,
            paces,
            patience,
        }
    }

    /// Waits for its turn.
    ///
    /// # Errors
    /// It is not to be asked before the deadline.
    pub(crate) async fn enter(&self, host: &str, deadline: Instant) -> Result<Pass, FetchError> {
        let lane = self.lane(host);
        lane.admit(Instant::now())?;
        let slow = |_| FetchError::TooSlow(host.to_owned());
        let slot = Arc::clone(&lane.slots).acquire_owned();
        let slot = timeout_at(deadline, slot).await.map_err(slow)?;
        let slot = slot.expect("it is never closed");
        while let Some(until) = lane.turn(Instant::now(), deadline)? {
            sleep_until(until).await;
        }
        let all = Arc::clone(&self.all).acquire_owned();
        let all = timeout_at(deadline, all).await.map_err(slow)?;
        let all = all.expect("it is never closed");
        // Last, so that no wait can be cut off that would have to give the probe back.
        let probe = lane.begin(Instant::now())?;
        Ok(Pass {
            lane,
            probe,
            judged: false,
            _permits: [slot, all],
        })
    }

    /// Forgets what hosts did wrong: the network came back, or is another.
    pub(crate) fn forgive(&self) {
        lock(&self.lanes).clear();
    }

    pub(crate) fn backoff(&self) -> Duration {
        self.patience.backoff
    }

    fn lane(&self, host: &str) -> Arc<Lane> {
        let mut lanes = lock(&self.lanes);
        let now = Instant::now();
        if let Some(lane) = lanes.get(host) {
            lock(&lane.state).used = now;
            return Arc::clone(lane);
        }
        if lanes.len() >= HOSTS_MAX {
            // Asks that are under way keep theirs.
            let oldest = lanes.values().min_by_key(|lane| lock(&lane.state).used);
            let oldest = oldest.map(|lane| lane.host.clone());
            oldest.map(|host| lanes.remove(&host));
        }
        let named = self.paces.iter().find(|(name, _)| name == host);
        let pace = named.map_or(self.pace, |(_, pace)| *pace);
        let lane = Arc::new(Lane {
            host: host.to_owned(),
            slots: Arc::new(Semaphore::new(pace.at_once.max(1))),
            pace,
            patience: self.patience,
            state: Mutex::new(State {
                used: now,
                due: now,
                held: None,
                failures: 0,
                open: None,
                openings: 0,
                probing: false,
            }),
        });
        lanes.insert(host.to_owned(), Arc::clone(&lane));
        lane
    }
}

impl Lane {
    fn later(&self, after: Duration) -> FetchError {
        let host = self.host.clone();
        FetchError::Later { host, after }
    }

    /// Whether it is asked at all at present.
    fn admit(&self, now: Instant) -> Result<(), FetchError> {
        let state = lock(&self.state);
        match state.open {
            Some(until) if until > now => Err(self.later(until - now)),
            Some(_) if state.probing => Err(self.later(self.patience.open_min)),
            _ => Ok(()),
        }
    }

    /// How long to wait still; none: it is its turn.
    fn turn(&self, now: Instant, deadline: Instant) -> Result<Option<Instant>, FetchError> {
        self.admit(now)?;
        let mut state = lock(&self.state);
        if let Some(held) = state.held.filter(|held| *held > now) {
            return if held < deadline {
                Ok(Some(held))
            } else {
                Err(self.later(held - now))
            };
        }
        let apart = Duration::from_secs(1) / self.pace.per_second.max(1);
        let ahead = apart * self.pace.burst.saturating_sub(1);
        let due = state.due.max(now);
        match due.checked_duration_since(now + ahead) {
            Some(wait) if !wait.is_zero() => {
                let until = now + wait;
                if until < deadline {
                    Ok(Some(until))
                } else {
                    Err(self.later(wait))
                }
            }
            _ => {
                state.due = due + apart;
                Ok(None)
            }
        }
    }

    /// Whether this ask is the one that tries a host that was left alone.
    fn begin(&self, now: Instant) -> Result<bool, FetchError> {
        self.admit(now)?;
        let mut state = lock(&self.state);
        let probe = state.open.is_some();
        state.probing |= probe;
        Ok(probe)
    }
}

impl Pass {
    /// Unless it has failed before.
    pub(crate) fn worked(&mut self) {
        if std::mem::replace(&mut self.judged, true) {
            return;
        }
        let mut state = lock(&self.lane.state);
        state.failures = 0;
        state.open = None;
        state.openings = 0;
        state.probing = false;
        self.probe = false;
    }

    pub(crate) fn failed(&mut self) {
        if std::mem::replace(&mut self.judged, true) {
            return;
        }
        let mut state = lock(&self.lane.state);
        state.failures = state.failures.saturating_add(1);
        let patience = self.lane.patience;
        // One that began before it was opened opens it no further.
        if self.probe || (state.open.is_none() && state.failures >= patience.failures) {
            let twice = 1u32 << state.openings.min(16);
            let open = (patience.open_min * twice).min(patience.open_max);
            state.open = Some(Instant::now() + open);
            state.openings += 1;
            tracing::info!("{}: left alone for {} s", self.lane.host, open.as_secs());
        }
        if std::mem::take(&mut self.probe) {
            state.probing = false;
        }
    }

    /// It said when it wants to be asked again.
    pub(crate) fn held(&mut self, after: Duration) {
        let until = Instant::now() + after.min(HELD_MAX);
        let mut state = lock(&self.lane.state);
        state.held = state.held.max(Some(until));
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if self.probe {
            lock(&self.lane.state).probing = false;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
