//! The index of all that was seen: what the box can find while every source is down.
//!
//! Its file is opened, checked and written on the store's thread, after the owner's data; a search
//! reads on the caller's thread beside that, by a connection of its own. Nothing here is missed
//! for long, since it is put in again when it is seen again: a damaged file is made anew, and a
//! commit waits for no disk.

mod fold;
mod index;
mod search;
mod vocabulary;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use rusqlite::Connection;

use crate::file::{Place, is_damage};
use crate::{StoreError, lock};
use vocabulary::Vocabulary;

/// A search that comes before the index was opened waits so long for it; on a slow card a large
/// one takes about a second after an unclean end.
const OPENING: Duration = Duration::from_secs(3);

/// A film or series that was seen somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// With the kind it names the item: seen again it is the same.
    pub id: String,
    /// "movie", "series" and so on, as its source says.
    pub kind: String,
    /// In all languages known; the first is the one shown.
    pub titles: Vec<String>,
    pub original: Option<String>,
    pub year: Option<u16>,
    /// Those who made it and play in it, the most important first.
    pub people: Vec<String>,
    pub genres: Vec<String>,
    pub poster: Option<String>,
    /// Votes, views or the like; what is more popular comes first. Zero when it is not known.
    pub popularity: u32,
}

/// Why an item was found; what is less comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// A title is what was asked for, but for an article.
    Exact,
    /// A title begins with it.
    Beginning,
    /// All words are in a title, the last one as the beginning of a word.
    Words,
    /// They are in a title, names, genres and the year together.
    Elsewhere,
    /// As [`Rank::Elsewhere`] or better when so many letters are forgiven.
    Typos(u8),
}

/// An item that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub id: String,
    pub kind: String,
    pub title: String,
    pub year: Option<u16>,
    pub poster: Option<String>,
    pub rank: Rank,
}

enum Reader {
    Opening,
    Open(Connection),
    /// It cannot be opened: nothing is found.
    Shut,
}

/// What searches and the store's thread share.
pub(crate) struct Seen {
    place: Place,
    reader: Mutex<Reader>,
    /// Rung when the index was opened.
    bell: Condvar,
    vocabulary: RwLock<Vocabulary>,
    /// A search found damage.
    damaged: AtomicBool,
}

/// The end that writes; of the store's thread alone.
pub(crate) struct SeenPen(Option<Connection>);

impl Seen {
    pub(crate) fn new(place: Place) -> Self {
        Seen {
            place,
            reader: Mutex::new(Reader::Opening),
            bell: Condvar::new(),
            vocabulary: RwLock::default(),
            damaged: AtomicBool::new(false),
        }
    }

    /// Opens the index and lets the searches in.
    pub(crate) fn open(&self) -> SeenPen {
        let opened = self.opened();
        let mut reader = lock(&self.reader);
        let pen = match opened {
            Ok((writer, connection)) => {
                *reader = Reader::Open(connection);
                Some(writer)
            }
            Err(error) => {
                tracing::warn!("nothing will be found: {error}");
                *reader = Reader::Shut;
                None
            }
        };
        self.bell.notify_all();
        SeenPen(pen)
    }

    fn opened(&self) -> Result<(Connection, Connection), StoreError> {
        let mut writer = self.place.open_or_remake()?;
        let vocabulary = match words(&writer) {
            Err(error) if is_damage(&error) => {
                drop(writer);
                self.place.remove(&self.place.failed(error))?;
                writer = self.place.open_or_remake()?;
                Ok(Vocabulary::default())
            }
            read => read,
        };
        let vocabulary = vocabulary.map_err(|source| self.place.failed(source))?;
        *self
            .vocabulary
            .write()
            .unwrap_or_else(PoisonError::into_inner) = vocabulary;
        let reader = self.place.connect()?;
        Ok((writer, reader))
    }

    /// Puts items in; what fails is put in when it is seen again.
    pub(crate) fn put(&self, pen: &mut SeenPen, items: &[Item]) {
        if self.damaged.swap(false, Ordering::Relaxed) {
            self.remake(pen);
        }
        let Some(writer) = &mut pen.0 else { return };
        let mut new = Vec::new();
        match index::put(writer, items, |word| new.push(word.to_owned())) {
            Ok(written) => {
                tracing::debug!(seen = items.len(), written, "index");
                let mut vocabulary = self
                    .vocabulary
                    .write()
                    .unwrap_or_else(PoisonError::into_inner);
                for word in &new {
                    vocabulary.add(word, 1);
                }
            }
            Err(error) => {
                let damage = is_damage(&error);
                tracing::warn!("not put into the index: {}", self.place.failed(error));
                if damage {
                    self.remake(pen);
                }
            }
        }
    }

    /// Makes the file anew.
    fn remake(&self, pen: &mut SeenPen) {
        // Nothing may be open while it is removed.
        *lock(&self.reader) = Reader::Opening;
        pen.0 = None;
        if let Err(error) = self.place.remove(&"damage was met") {
            tracing::warn!("{error}");
        }
        *pen = self.open();
    }

    /// The best hits for what is typed so far, at most `limit` of them.
    pub(crate) fn search(&self, query: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
        let reader = self.reader();
        let Reader::Open(connection) = &*reader else {
            return Ok(Vec::new());
        };
        let vocabulary = self
            .vocabulary
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        search::search(connection, &vocabulary, query, limit).map_err(|error| {
            if is_damage(&error) {
                self.damaged.store(true, Ordering::Relaxed);
            }
            self.place.failed(error)
        })
    }

    fn reader(&self) -> MutexGuard<'_, Reader> {
        let opening = |reader: &mut Reader| matches!(reader, Reader::Opening);
        let waited = self
            .bell
            .wait_timeout_while(lock(&self.reader), OPENING, opening);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// All words of the index, and in how many items they are.
fn words(connection: &Connection) -> rusqlite::Result<Vocabulary> {
    let mut vocabulary = Vocabulary::default();
    let mut statement = connection.prepare("SELECT term, doc FROM vocabulary")?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let uses = u32::try_from(row.get::<_, i64>(1)?).unwrap_or(u32::MAX);
        vocabulary.add(row.get_ref(0)?.as_str()?, uses);
    }
    Ok(vocabulary)
}
