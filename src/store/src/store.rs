//! The store's handle: opening, what is handed over, what is read.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::Connection;

use crate::answers::{ANSWERS_BYTES, Answers};
use crate::file::{Place, Sync};
use crate::house::{self, House};
use crate::legacy::Legacy;
use crate::owner::{self, Addon, Visit};
use crate::portable::{self, Import, ImportError, Imported};
use crate::schema;
use crate::seen::{Hit, Item, Seen};
use crate::writer::{Change, Desk, Order, Writer};
use crate::{StoreError, lock, marks};

/// The files in the data folder.
const OWNER_FILE: &str = "owner.db";
const ANSWERS_FILE: &str = "answers.db";
const SEEN_FILE: &str = "seen.db";

/// The store of one data folder. Cheap to clone; when the last one is dropped, the owner's data
/// that was handed over is written and that is waited for.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    desk: Arc<Desk>,
    seen: Arc<Seen>,
    answers: Arc<Answers>,
    place: Place,
    reader: Mutex<Connection>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

/// What was found at the start.
#[derive(Debug)]
pub struct Opened {
    pub store: Store,
    /// Everybody when there was nobody, or none that can be read.
    pub household: app::Household,
    /// Of who watches now; empty when there was none, or none that can be read.
    pub library: app::Library,
    /// All who watch, with what they have of their own.
    pub viewers: Vec<app::Viewer>,
    /// What was wrong with what was there, and where it was put; for a word to the viewer.
    pub warning: Option<String>,
}

impl Opened {
    /// Takes an export in before anybody has what was opened.
    ///
    /// # Errors
    /// As of [`Store::import`].
    pub fn import(&mut self, bytes: &[u8], import: Import) -> Result<Imported, ImportError> {
        let imported = self.store.import(bytes, import)?;
        let house = &imported.house;
        self.viewers = self.store.read(|owner| house::viewers(owner, house))?;
        self.household = house.household.clone();
        self.library = imported.library.clone();
        Ok(imported)
    }
}

impl Store {
    /// Opens the store of a data folder that no other process uses, and makes it when there is
    /// none. A damaged file is set aside and told in [`Opened::warning`]; a library of releases
    /// before the store is taken in.
    ///
    /// `failed` gets the reason in words when a write fails after one that did not, on the store's
    /// thread; it must not block.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a newer release has written there, and the file was left as it
    /// is; else when the disk or the system gives nothing.
    pub fn open(
        folder: &Path,
        failed: impl Fn(String) + Send + 'static,
    ) -> Result<Opened, StoreError> {
        Self::open_places(Places::of(folder), Some(folder), Box::new(failed))
    }

    /// [`Store::open`], and where that fails a store that forgets all at its end, so that the box
    /// plays films all the same; the warning says so.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn open_or_forget(
        folder: &Path,
        failed: impl Fn(String) + Send + Clone + 'static,
    ) -> Result<Opened, StoreError> {
        Self::open(folder, failed.clone()).or_else(|error| {
            let mut opened = Self::open_places(Places::in_memory(), None, Box::new(failed))?;
            let warning = format!("{error}; until that is mended nothing is remembered");
            tracing::warn!("{warning}");
            opened.warning = Some(warning);
            Ok(opened)
        })
    }

    fn open_places(
        places: Places,
        folder: Option<&Path>,
        failed: Box<dyn Fn(String) + Send>,
    ) -> Result<Opened, StoreError> {
        let owner = places.owner;
        let (connection, house, mut warnings) = open_owner(&owner)?;
        let reader = owner.connect()?;
        let mut opened = house;
        let legacy = folder.map_or(Ok(None), Legacy::find);
        match legacy {
            Ok(None) => {}
            Ok(Some(legacy)) => opened = take_in(&connection, &owner, &opened, legacy)?,
            Err(why) => warnings.push(why),
        }
        let viewers = house::viewers(&reader, &opened).map_err(|source| owner.failed(source))?;
        let desk = Arc::new(Desk::default());
        let seen = Arc::new(Seen::new(places.seen));
        let writer = Writer {
            desk: Arc::clone(&desk),
            seen: Arc::clone(&seen),
            place: owner.clone(),
            connection,
            on_disk: opened.clone(),
            failed,
        };
        let thread = thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || writer.run())
            .map_err(|source| StoreError::Io {
                path: owner.path.clone(),
                source,
            })?;
        let store = Store(Arc::new(Inner {
            desk,
            seen,
            answers: Arc::new(Answers::new(places.answers, ANSWERS_BYTES)),
            place: owner,
            reader: Mutex::new(reader),
            thread: Some(thread),
        }));
        Ok(Opened {
            store,
            library: opened.current(),
            household: opened.household,
            viewers,
            warning: (!warnings.is_empty()).then(|| warnings.join("; ")),
        })
    }

    /// Has the library written soon, what changed of it; replaces a state not yet written. Never
    /// waits for the disk.
    pub fn save(&self, library: app::Library) {
        self.0.desk.save(library);
    }

    /// Has it written soon who watches; all that those have left who are gone goes with them. Never
    /// waits for the disk.
    pub fn save_household(&self, household: app::Household) {
        self.0.desk.save_household(household);
    }

    /// Waits until all of the owner's data handed over so far is on disk; false when it could not
    /// be written, or not within `patience`.
    pub fn flush(&self, patience: Duration) -> bool {
        self.0.desk.flush(patience)
    }
}

/// Further things of the owner's, handed over: none of these waits for the disk.
#[allow(
    clippy::missing_errors_doc,
    reason = "all: `StoreError::Busy` when too much waits"
)]
impl Store {
    /// Has the add-ons be these, in this order.
    pub fn set_addons(&self, addons: Vec<Addon>) -> Result<(), StoreError> {
        self.change(Change::Addons(addons))
    }

    /// Notes that a film was played.
    pub fn visited(&self, visit: Visit) -> Result<(), StoreError> {
        self.change(Change::Visit(Box::new(visit)))
    }

    /// Notes what that one searched for.
    pub fn searched(&self, whose: app::ProfileId, query: &str) -> Result<(), StoreError> {
        self.change(Change::Searched(whose, query.to_owned()))
    }

    /// Has items be found by [`Store::search`]. What does not fit, or still waits at the end, is
    /// left out until seen again.
    pub fn seen(&self, items: Vec<Item>) {
        self.0.desk.seen(items);
    }

    /// Waits until all items handed over so far can be found; false when not within `patience`.
    pub fn flush_seen(&self, patience: Duration) -> bool {
        self.0.desk.flush_seen(patience)
    }

    fn change(&self, change: Change) -> Result<(), StoreError> {
        if self.0.desk.change(change) {
            Ok(())
        } else {
            Err(StoreError::Busy)
        }
    }
}

/// What is on disk; what was just handed over is so within a second, or by [`Store::flush`].
#[allow(
    clippy::missing_errors_doc,
    reason = "all: the disk's, or the file's that rots"
)]
impl Store {
    /// The add-ons in their order.
    pub fn addons(&self) -> Result<Vec<Addon>, StoreError> {
        self.read(owner::addons)
    }

    /// The last films played, at most so many, the latest first.
    pub fn visits(&self, most: usize) -> Result<Vec<Visit>, StoreError> {
        self.read(|connection| owner::visits(connection, most))
    }

    /// The last searches of that one, the latest first.
    pub fn recent_searches(&self, whose: app::ProfileId) -> Result<Vec<String>, StoreError> {
        self.read(|connection| owner::searches(connection, whose))
    }

    /// The best hits for what is typed so far, at most `limit` (and 100) of them.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
        self.0.seen.search(query, limit)
    }

    /// Answers of servers.
    pub fn answers(&self) -> Arc<Answers> {
        Arc::clone(&self.0.answers)
    }

    /// The owner's data as one file, without secrets.
    pub fn export(&self) -> Result<Vec<u8>, StoreError> {
        self.read(portable::export)
    }

    /// Takes in a file of [`Store::export`]: all of it or nothing. Waits for the disk.
    ///
    /// # Errors
    /// Words that name the field; [`StoreError::Busy`] while another import is under way.
    pub fn import(&self, bytes: &[u8], import: Import) -> Result<Imported, ImportError> {
        let portable = portable::read(bytes)?;
        let (done, imported) = sync_channel(1);
        let order = Order {
            portable,
            import,
            done,
        };
        if !self.0.desk.order(order) {
            return Err(StoreError::Busy.into());
        }
        // The thread ends only after the last handle, and this is one.
        imported.recv().map_err(|_| StoreError::Busy)?
    }

    fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let value = read(&lock(&self.0.reader));
        value.map_err(|source| self.0.place.failed(source))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.desk.close();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's thread panicked");
        }
    }
}

/// Opens the owner's file and reads the marks; damage that is found only in reading counts too.
fn open_owner(place: &Place) -> Result<(Connection, House, Vec<String>), StoreError> {
    let mut warnings = Vec::new();
    let (mut connection, warning) = place.open()?;
    warnings.extend(warning);
    let (house, unread) = match house::read(&connection) {
        Err(error) => {
            let error = place.failed(error);
            if !error.is_damage() {
                return Err(error);
            }
            drop(connection);
            warnings.push(place.set_aside(&error)?);
            connection = place.open()?.0;
            house::read(&connection).map_err(|error| place.failed(error))?
        }
        Ok(read) => read,
    };
    if unread > 0 {
        let path = place.path.display();
        warnings.push(format!("{path}: {unread} films cannot be read"));
    }
    Ok((connection, house, warnings))
}

/// Adds what a release before the store wrote, and removes its file when that is on the disk.
fn take_in(
    connection: &Connection,
    place: &Place,
    house: &House,
    mut legacy: Legacy,
) -> Result<House, StoreError> {
    let library = house.current();
    let mut whole = library.clone();
    for (id, mark) in std::mem::take(&mut legacy.library.marks) {
        whole.marks.entry(id).or_insert(mark);
    }
    let written = connection.unchecked_transaction().and_then(|transaction| {
        marks::write(&transaction, &library, &whole)?;
        transaction.commit()
    });
    written.map_err(|source| place.failed(source))?;
    legacy.done();
    let mut house = house.clone();
    house.put(whole);
    Ok(house)
}

/// Where the three files are.
struct Places {
    owner: Place,
    answers: Place,
    seen: Place,
}

impl Places {
    fn of(folder: &Path) -> Self {
        Self::named(|name| folder.join(name), false)
    }

    /// In RAM, each time another one.
    fn in_memory() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Self::named(|name| PathBuf::from(format!("{number}-{name}")), true)
    }

    fn named(path: impl Fn(&str) -> PathBuf, in_memory: bool) -> Self {
        let place = |name, sync, steps| Place {
            path: path(name),
            in_memory,
            sync,
            steps,
        };
        Places {
            owner: place(OWNER_FILE, Sync::Each, schema::OWNER),
            answers: place(ANSWERS_FILE, Sync::Later, schema::ANSWERS),
            seen: place(SEEN_FILE, Sync::Later, schema::SEEN),
        }
    }
}
