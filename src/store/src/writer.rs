//! The one thread that writes the owner's data and the index: newest wins, at most one write of
//! the owner's data a second.
//!
//! A film plays and its position is saved every few seconds; what was not yet written is replaced,
//! never queued. Other changes wait in a bounded queue, where a newer one of the same thing takes
//! the place of the older. A write is one transaction of all that waits; one that fails is told
//! once through the callback, and tried again every [`RETRY`] and with each new change until it
//! succeeds. Invariant: when [`Desk::flush`] says true, or the store was dropped without a
//! failure, all of the owner's data that was handed over before is on disk.

use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app::{Household, ProfileId};
use rusqlite::{Connection, TransactionBehavior};

use crate::file::Place;
use crate::house::{self, House};
use crate::owner::{self, Addon, Visit};
use crate::portable::{Import, ImportError, Imported, Portable};
use crate::seen::{Item, Seen};
use crate::{lock, marks};

/// Between writes: an SD card wears, and more than a second of position is not missed.
const SPACING: Duration = Duration::from_secs(1);

/// Before a failed write is tried again: a disk that was full may have room by then.
const RETRY: Duration = Duration::from_secs(10);

/// Changes that wait at most; people make a few a second. On a disk that takes nothing more are
/// refused.
const CHANGES: usize = 1024;

/// Items that wait for the index at most; a wall of add-ons brings some thousands. More are left
/// out until they are seen again.
const ITEMS: usize = 16 * 1024;

/// Items put into the index at once: some ten milliseconds, so that a position waits no longer.
const ITEMS_AT_ONCE: usize = 256;

/// One thing of the owner's, as it is from now on.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Addons(Vec<Addon>),
    Visit(Box<Visit>),
    Searched(ProfileId, String),
}

impl Change {
    /// Whether `self` is all that remains of `older`.
    fn replaces(&self, older: &Change) -> bool {
        match (self, older) {
            (Change::Addons(_), Change::Addons(_)) => true,
            (Change::Searched(whose, new), Change::Searched(other, old)) => {
                (whose, new) == (other, old)
            }
            _ => false,
        }
    }

    fn write(&self, connection: &Connection) -> rusqlite::Result<()> {
        match self {
            Change::Addons(addons) => owner::set_addons(connection, addons),
            Change::Visit(visit) => owner::visit(connection, visit),
            Change::Searched(whose, query) => owner::searched(connection, *whose, query),
        }
    }
}

/// An import on its way to the thread, and where its end is told.
pub(crate) struct Order {
    pub(crate) portable: Portable,
    pub(crate) import: Import,
    pub(crate) done: SyncSender<Result<Imported, ImportError>>,
}

/// Where work is laid down for the thread.
#[derive(Default)]
pub(crate) struct Desk {
    state: Mutex<State>,
    /// Rung at every change of the state.
    bell: Condvar,
}

#[derive(Default)]
struct State {
    /// The owner's data, not yet taken by the thread.
    batch: Batch,
    order: Option<Order>,
    items: VecDeque<Item>,
    /// How much was handed over, and up to which it was tried and is on disk.
    saved: u64,
    tried: u64,
    written: u64,
    /// Items that were handed over, and up to which they were put in.
    seen: u64,
    indexed: u64,
    /// Someone waits: no pause between writes.
    hurry: bool,
    closing: bool,
}

/// What is written in one transaction.
#[derive(Debug, Clone, Default)]
struct Batch {
    household: Option<Household>,
    /// The newest of each profile.
    libraries: BTreeMap<ProfileId, app::Library>,
    changes: VecDeque<Change>,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.household.is_none() && self.libraries.is_empty() && self.changes.is_empty()
    }

    /// False when too much waits.
    fn push(&mut self, change: Change) -> bool {
        self.changes.retain(|older| !change.replaces(older));
        let room = self.changes.len() < CHANGES;
        if room {
            self.changes.push_back(change);
        }
        room
    }

    fn put(&mut self, library: app::Library) {
        house::put(&mut self.libraries, library);
    }

    /// Takes in what came after this, which was not written. The bound holds for each of the two.
    fn follow(&mut self, newer: Batch) {
        self.household = newer.household.or(self.household.take());
        for library in newer.libraries.into_values() {
            self.put(library);
        }
        for change in newer.changes {
            self.changes.retain(|older| !change.replaces(older));
            self.changes.push_back(change);
        }
        while self.changes.len() > CHANGES {
            tracing::warn!("a change is given up: too many could not be written");
            self.changes.pop_front();
        }
    }
}

impl Desk {
    pub(crate) fn save(&self, library: app::Library) {
        let mut state = lock(&self.state);
        state.batch.put(library);
        state.saved += 1;
        self.bell.notify_all();
    }

    pub(crate) fn save_household(&self, household: Household) {
        let mut state = lock(&self.state);
        // Of who is gone nothing is written any more.
        let libraries = &mut state.batch.libraries;
        libraries.retain(|id, _| household.profile(*id).is_some());
        state.batch.household = Some(household);
        state.saved += 1;
        self.bell.notify_all();
    }

    /// False when too much waits and the change was not taken.
    pub(crate) fn change(&self, change: Change) -> bool {
        let mut state = lock(&self.state);
        let taken = state.batch.push(change);
        state.saved += u64::from(taken);
        self.bell.notify_all();
        taken
    }

    /// Hands over what was seen, as much as there is room for.
    pub(crate) fn seen(&self, items: Vec<Item>) {
        let mut state = lock(&self.state);
        let room = ITEMS.saturating_sub(state.items.len());
        if items.len() > room {
            tracing::debug!(left_out = items.len() - room, "too much was seen at once");
        }
        let before = state.items.len();
        state.items.extend(items.into_iter().take(room));
        state.seen += (state.items.len() - before) as u64;
        self.bell.notify_all();
    }

    /// False when another import waits.
    pub(crate) fn order(&self, order: Order) -> bool {
        let mut state = lock(&self.state);
        let free = state.order.is_none();
        if free {
            state.order = Some(order);
            state.hurry = true;
            self.bell.notify_all();
        }
        free
    }

    /// Waits until all of the owner's data handed over so far is on disk; false when it could not
    /// be written, or not within `patience`.
    pub(crate) fn flush(&self, patience: Duration) -> bool {
        let mut state = lock(&self.state);
        let saved = state.saved;
        if state.tried < saved {
            state.hurry = true;
            self.bell.notify_all();
        }
        self.wait_while(state, patience, |state| state.tried < saved)
            .written
            >= saved
    }

    /// Waits until all items handed over so far can be found; false when not within `patience`.
    pub(crate) fn flush_seen(&self, patience: Duration) -> bool {
        let state = lock(&self.state);
        let seen = state.seen;
        self.wait_while(state, patience, |state| state.indexed < seen)
            .indexed
            >= seen
    }

    fn wait_while<'s>(
        &self,
        state: MutexGuard<'s, State>,
        patience: Duration,
        waits: impl Fn(&State) -> bool,
    ) -> MutexGuard<'s, State> {
        let waited = self
            .bell
            .wait_timeout_while(state, patience, |state| waits(state));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    pub(crate) fn close(&self) {
        lock(&self.state).closing = true;
        self.bell.notify_all();
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State>, time: Duration) -> MutexGuard<'s, State> {
        let waited = self.bell.wait_timeout(state, time);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// The thread's own.
pub(crate) struct Writer {
    pub(crate) desk: Arc<Desk>,
    pub(crate) seen: Arc<Seen>,
    pub(crate) place: Place,
    pub(crate) connection: Connection,
    /// As it is on disk.
    pub(crate) on_disk: House,
    pub(crate) failed: Box<dyn Fn(String) + Send>,
}

/// What the thread keeps of its last write.
#[derive(Default)]
struct Last {
    at: Option<Instant>,
    /// What could not be written; newer things of the same kind replace it.
    left: Batch,
}

enum Work {
    Write(Batch, u64),
    Import(Order),
    Index(Vec<Item>),
}

impl Writer {
    pub(crate) fn run(mut self) {
        let mut last = Last::default();
        let mut pen = self.seen.open();
        while let Some(work) = self.next(&mut last) {
            match work {
                Work::Write(batch, number) => self.write(&mut last, batch, number),
                Work::Import(order) => self.import(order),
                Work::Index(items) => {
                    self.seen.put(&mut pen, &items);
                    lock(&self.desk.state).indexed += items.len() as u64;
                    self.desk.bell.notify_all();
                }
            }
        }
    }

    fn write(&mut self, last: &mut Last, batch: Batch, number: u64) {
        let result = self.transaction(&batch);
        last.at = Some(Instant::now());
        let written = result.is_ok();
        match result {
            Ok(()) => {
                if let Some(household) = batch.household {
                    self.on_disk.put_household(household);
                }
                for library in batch.libraries.into_values() {
                    self.on_disk.put(library);
                }
                tracing::debug!("the owner's data written");
            }
            Err(error) => {
                let why = self.place.failed(error).to_string();
                if last.left.is_empty() {
                    tracing::warn!("not written: {why}");
                    (self.failed)(why);
                }
                last.left = batch;
            }
        }
        let mut state = lock(&self.desk.state);
        state.tried = number;
        if written {
            last.left = Batch::default();
            state.written = number;
        }
        if state.tried == state.saved && state.order.is_none() {
            state.hurry = false;
        }
        self.desk.bell.notify_all();
    }

    fn transaction(&mut self, batch: &Batch) -> rusqlite::Result<()> {
        let behavior = TransactionBehavior::Immediate;
        let transaction = self.connection.transaction_with_behavior(behavior)?;
        let here = &self.on_disk;
        let household = batch.household.as_ref().unwrap_or(&here.household);
        house::write(&transaction, &here.household, household)?;
        for (id, library) in &batch.libraries {
            // Who was deleted meanwhile has nothing.
            if household.profile(*id).is_some() {
                marks::write(&transaction, &here.library(*id), library)?;
            }
        }
        for change in &batch.changes {
            change.write(&transaction)?;
        }
        transaction.commit()
    }

    fn import(&mut self, order: Order) {
        let imported = self.imported(order.portable, order.import);
        if let Ok(imported) = &imported {
            self.on_disk.clone_from(&imported.house);
        }
        // Nobody waits for it any more: it is done all the same.
        let _ = order.done.send(imported);
        let mut state = lock(&self.desk.state);
        if state.tried == state.saved {
            state.hurry = false;
        }
    }

    fn imported(&mut self, portable: Portable, import: Import) -> Result<Imported, ImportError> {
        let failed = |source| ImportError::Store(self.place.failed(source));
        let behavior = TransactionBehavior::Immediate;
        let transaction = self.connection.transaction_with_behavior(behavior);
        let transaction = transaction.map_err(failed)?;
        let imported = portable.put(&transaction, import, &self.on_disk);
        let imported = imported.map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(imported)
    }

    /// Waits until something is to be done; none at the end. The owner's data goes first.
    fn next(&self, last: &mut Last) -> Option<Work> {
        let mut state = lock(&self.desk.state);
        loop {
            let fresh = !state.batch.is_empty();
            let pause = if fresh { SPACING } else { RETRY };
            let due = last.at.map(|at| at + pause);
            let left = due.map_or(Duration::ZERO, |due| {
                due.saturating_duration_since(Instant::now())
            });
            let now = state.hurry || state.closing || left.is_zero();
            if now && fresh {
                let mut batch = mem::take(&mut last.left);
                let told = !batch.is_empty();
                batch.follow(mem::take(&mut state.batch));
                if told {
                    // It failed before: a further failure is no news.
                    last.left = batch.clone();
                }
                return Some(Work::Write(batch, state.saved));
            }
            if let Some(order) = state.order.take() {
                return Some(Work::Import(order));
            }
            // Items that still wait are put in when they are seen again.
            if state.closing {
                return None;
            }
            if !last.left.is_empty() && left.is_zero() {
                return Some(Work::Write(last.left.clone(), state.saved));
            }
            if !state.items.is_empty() {
                let count = state.items.len().min(ITEMS_AT_ONCE);
                return Some(Work::Index(state.items.drain(..count).collect()));
            }
            state = if fresh || !last.left.is_empty() {
                self.desk.wait(state, left)
            } else {
                let rung = self.desk.bell.wait(state);
                rung.unwrap_or_else(PoisonError::into_inner)
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written in the order of their ids, the older one would come last.
    #[test]
    fn what_was_said_last_of_the_box_holds_for_all_who_wait() {
        let of = |id| app::Library {
            profile: ProfileId(id),
            ..app::Library::default()
        };
        let mut loud = of(1);
        loud.sound.night = true;
        let mut batch = Batch::default();
        batch.put(of(2));
        batch.put(loud.clone());
        assert_eq!(batch.libraries[&ProfileId(2)], of(2).on_box(&loud));
        let mut older = Batch::default();
        older.put(of(3));
        older.follow(batch);
        assert_eq!(older.libraries[&ProfileId(3)], of(3).on_box(&loud));
    }

    fn searched(query: usize) -> Change {
        Change::Searched(ProfileId::FIRST, query.to_string())
    }

    #[test]
    fn newer_changes_take_the_place_of_older() {
        let mut batch = Batch::default();
        for query in 0..CHANGES {
            assert!(batch.push(searched(query)));
        }
        assert!(!batch.push(searched(CHANGES)), "the queue is full");
        assert!(batch.push(searched(0)), "it has room for what is in it");
        assert_eq!(batch.changes.len(), CHANGES);
        let mut newer = Batch::default();
        assert!(newer.push(searched(1)) && newer.push(searched(CHANGES)));
        batch.follow(newer);
        assert_eq!(batch.changes.len(), CHANGES);
        let last = batch.changes.back().unwrap();
        assert!(last.replaces(&searched(CHANGES)));
    }

    #[test]
    fn what_differs_stays() {
        let mut batch = Batch::default();
        let addons = Change::Addons(Vec::new());
        for change in [
            searched(1),
            addons.clone(),
            searched(2),
            addons,
            searched(1),
        ] {
            assert!(batch.push(change));
        }
        assert_eq!(batch.changes.len(), 3);
    }
}
