//! Asks that are under way: who asks the same meanwhile waits for the same answer.
//!
//! An ask goes on as long as anybody waits for it, and is cut off when nobody does.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared, WeakShared};

use crate::answer::Answer;
use crate::error::FetchError;
use crate::kept::Key;

/// Entries at which those that have ended are swept out; more than can be under way at once.
const SWEEP: usize = 64;

type Flying = BoxFuture<'static, Result<Answer, FetchError>>;

/// By what is asked and how.
#[derive(Debug, Default)]
pub(crate) struct Flights(Mutex<HashMap<Key, WeakShared<Flying>>>);

impl Flights {
    /// The ask that is under way, or this one.
    pub(crate) fn join(&self, key: Key, ask: impl FnOnce() -> Flying) -> Shared<Flying> {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let running = flights.get(&key).and_then(WeakShared::upgrade);
        // One that has ended is of the past.
        if let Some(running) = running.filter(|running| running.peek().is_none()) {
            return running;
        }
        if flights.len() >= SWEEP {
            flights.retain(|_, flight| flight.upgrade().is_some_and(|it| it.peek().is_none()));
        }
        let flight = ask().shared();
        flights.extend(flight.downgrade().map(|weak| (key, weak)));
        flight
    }
}
