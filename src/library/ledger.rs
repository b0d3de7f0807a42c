//! The thread that writes the library: newest wins, at most one write a second.
//!
//! A film plays and its position is saved every few seconds; what was not yet written is replaced,
//! never queued. A write that fails is told once through the callback, and tried again every
//! [`RETRY`] and with each new state until it succeeds. Invariant: when [`Ledger::flush`] says
//! true, or the ledger was dropped without a failure, the last saved state is on disk.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::{FILE_NAME, LibraryError, file, write};

/// Between writes: an SD card wears, and more than a second of position is not missed.
const SPACING: Duration = Duration::from_secs(1);

/// Before a failed write is tried again: a disk that was full may have room by then.
const RETRY: Duration = Duration::from_secs(10);

/// Writes the library of one data folder. Dropping it writes what is left and waits for that.
pub struct Ledger {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger").finish_non_exhaustive()
    }
}

struct Shared {
    state: Mutex<State>,
    /// Rung at every change of the state.
    bell: Condvar,
}

#[derive(Default)]
struct State {
    /// Saved and not yet taken by the thread.
    next: Option<app::Library>,
    /// How many states were saved, and up to which one they were tried and are on disk.
    saved: u64,
    tried: u64,
    written: u64,
    /// Someone waits: no pause between writes.
    hurry: bool,
    closing: bool,
}

impl Ledger {
    /// Starts the thread for the library of `folder`.
    ///
    /// `failed` gets the reason in words when a write fails after one that did not, on the
    /// ledger's thread; it must not block.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        folder: &Path,
        failed: impl Fn(String) + Send + 'static,
    ) -> Result<Self, LibraryError> {
        let path = folder.join(FILE_NAME);
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            bell: Condvar::new(),
        });
        let writer = Writer {
            shared: shared.clone(),
            path: path.clone(),
            failed: Box::new(failed),
        };
        let thread = thread::Builder::new()
            .name("library".to_owned())
            .spawn(move || writer.run())
            .map_err(|source| LibraryError::Io { path, source })?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Has it written soon; replaces a state not yet written. Never blocks on the disk.
    pub fn save(&self, library: app::Library) {
        let mut state = self.shared.state();
        state.next = Some(library);
        state.saved += 1;
        self.shared.bell.notify_all();
    }

    /// Waits until everything saved so far is on disk; false when it could not be written, or not
    /// within `patience`.
    pub fn flush(&self, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        let mut state = self.shared.state();
        let target = state.saved;
        if state.tried < target {
            state.hurry = true;
            self.shared.bell.notify_all();
        }
        while state.tried < target {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = self.shared.wait(state, left);
        }
        state.written >= target
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.shared.state().closing = true;
        self.shared.bell.notify_all();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the library's thread panicked");
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State>, time: Duration) -> MutexGuard<'s, State> {
        let waited = self.bell.wait_timeout(state, time);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

struct Writer {
    shared: Arc<Shared>,
    path: PathBuf,
    failed: Box<dyn Fn(String) + Send>,
}

/// What the thread keeps of its last write.
struct Last {
    at: Option<Instant>,
    /// The state that could not be written; a newer one replaces it.
    left: Option<app::Library>,
}

impl Writer {
    fn run(self) {
        let mut last = Last {
            at: None,
            left: None,
        };
        while let Some((library, number)) = self.next(&mut last) {
            let result = write::whole(&self.path, &file::bytes(&library));
            last.at = Some(Instant::now());
            match result {
                Ok(()) => {
                    last.left = None;
                    tracing::debug!("library written");
                }
                Err(error) => {
                    let why = format!("{}: {error}", self.path.display());
                    if last.left.replace(library).is_none() {
                        tracing::warn!("library not written: {why}");
                        (self.failed)(why);
                    }
                }
            }
            let mut state = self.shared.state();
            state.tried = number;
            if last.left.is_none() {
                state.written = number;
            }
            if state.tried == state.saved {
                state.hurry = false;
            }
            self.shared.bell.notify_all();
        }
    }

    /// Waits until something is to be written; none at the end. Takes it and its number.
    fn next(&self, last: &mut Last) -> Option<(app::Library, u64)> {
        let mut state = self.shared.state();
        loop {
            let fresh = state.next.is_some();
            let pause = if fresh { SPACING } else { RETRY };
            let due = last.at.map(|at| at + pause);
            let left = due.map_or(Duration::ZERO, |due| {
                due.saturating_duration_since(Instant::now())
            });
            let now = state.hurry || state.closing || left.is_zero();
            if now && let Some(library) = state.next.take() {
                return Some((library, state.saved));
            }
            if state.closing {
                return None;
            }
            if last.left.is_some() && left.is_zero() {
                return last.left.clone().map(|library| (library, state.saved));
            }
            state = if fresh || last.left.is_some() {
                self.shared.wait(state, left)
            } else {
                let rung = self.shared.bell.wait(state);
                rung.unwrap_or_else(PoisonError::into_inner)
            };
        }
    }
}
