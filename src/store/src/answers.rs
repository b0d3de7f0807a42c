//! Answers of servers, kept by a text of the asker's choice: bytes, and beside them the bytes of
//! what the asker must know of them (HTTP's headers and times).
//!
//! Bounded in bytes; the ones longest not used go first. Calls wait for the disk, so they are for
//! threads that may; none waits for another file's writer. Nothing here is missed: a damaged file
//! is removed and begun anew, what fails is told in the log and is as if it had not been kept.
//! What an answer means, and whether it is fresh, is the asker's.

use std::fmt;
use std::sync::Mutex;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::file::{Place, is_damage};
use crate::lock;

/// Bytes of all answers, when nobody says otherwise: a few thousand lists of add-ons. Posters are
/// not kept here.
pub const ANSWERS_BYTES: u64 = 64 * 1024 * 1024;

/// What a row takes besides what is in it: its place in three indexes.
const ROW_BYTES: u64 = 128;

/// One answer may take this part of the bound, lest it sends all others away.
const ONE_OF: u64 = 4;

/// Uses that are noted together: each would be a write.
const NOTED: usize = 32;

/// A kept answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub meta: Vec<u8>,
    pub body: Vec<u8>,
    /// As it was said to [`Answers::keep`]: seconds since 1970.
    pub stored_s: u64,
}

/// The answers on disk; to be shared behind an `Arc`.
pub struct Answers {
    place: Place,
    bytes_max: u64,
    shelf: Mutex<Option<Shelf>>,
}

/// The open file, and what is reckoned of it.
struct Shelf {
    connection: Connection,
    bytes: u64,
    /// The last use of any answer.
    used: i64,
    /// Rows used since that was written, the last use last.
    noted: Vec<i64>,
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answers").finish_non_exhaustive()
    }
}

impl Answers {
    pub(crate) fn new(place: Place, bytes_max: u64) -> Self {
        Answers {
            place,
            bytes_max,
            shelf: Mutex::new(None),
        }
    }

    /// The answer that was kept by this key.
    pub fn cached(&self, key: &str) -> Option<Answer> {
        self.with(|shelf| shelf.cached(key)).flatten()
    }

    /// Keeps an answer in the place of one with that key. One that is too large is not kept, and
    /// then none is.
    pub fn keep(&self, key: &str, meta: &[u8], body: &[u8], stored_s: u64) {
        let bytes = size(key, meta, body);
        let most = self.bytes_max;
        self.with(|shelf| {
            if bytes > most / ONE_OF {
                return shelf.forget(key);
            }
            shelf.keep(key, meta, body, stored_s, most)
        });
    }

    /// Replaces what is to be known of an answer whose bytes stay (HTTP's 304).
    pub fn renew(&self, key: &str, meta: &[u8], stored_s: u64) {
        self.with(|shelf| shelf.renew(key, meta, stored_s));
    }

    pub fn forget(&self, key: &str) {
        self.with(|shelf| shelf.forget(key));
    }

    /// Forgets what was stored before that second.
    pub fn forget_older_than(&self, stored_s: u64) {
        self.with(|shelf| shelf.forget_older_than(stored_s));
    }

    /// Forgets all, for a box that is given away.
    pub fn clear(&self) {
        self.with(Shelf::clear);
    }

    /// What the answers take now.
    pub fn bytes(&self) -> u64 {
        self.with(|shelf| Ok(shelf.bytes)).unwrap_or(0)
    }

    /// Opens the file at the first use, since the wall needs none of it; none when it fails.
    fn with<T>(&self, act: impl Fn(&mut Shelf) -> rusqlite::Result<T>) -> Option<T> {
        let mut place = lock(&self.shelf);
        // The second time on a file that was begun anew.
        for _ in 0..2 {
            if place.is_none() {
                let opened = self.place.open_or_remake();
                let shelf = opened.and_then(|connection| {
                    Shelf::of(connection).map_err(|source| self.place.failed(source))
                });
                match shelf {
                    Ok(shelf) => *place = Some(shelf),
                    Err(error) if error.is_damage() => {
                        self.place.remove(&error).ok()?;
                        continue;
                    }
                    Err(error) => {
                        tracing::warn!("no answers are kept: {error}");
                        return None;
                    }
                }
            }
            let shelf = place.as_mut().expect("it was opened above");
            match act(shelf) {
                Ok(value) => return Some(value),
                Err(error) => {
                    let damaged = is_damage(&error);
                    let error = self.place.failed(error);
                    // What was reckoned may not be so any more.
                    *place = None;
                    if !damaged {
                        tracing::warn!("answers: {error}");
                        return None;
                    }
                    self.place.remove(&error).ok()?;
                }
            }
        }
        None
    }
}

fn size(key: &str, meta: &[u8], body: &[u8]) -> u64 {
    (key.len() + meta.len() + body.len()) as u64 + ROW_BYTES
}

impl Shelf {
    fn of(connection: Connection) -> rusqlite::Result<Self> {
        let sum = "SELECT coalesce(sum(bytes), 0), coalesce(max(used), 0) FROM answer";
        let (bytes, used) = connection.query_row(sum, (), |row| {
            Ok((row.get::<_, i64>(0)? as u64, row.get(1)?))
        })?;
        Ok(Shelf {
            connection,
            bytes,
            used,
            noted: Vec::new(),
        })
    }

    fn cached(&mut self, key: &str) -> rusqlite::Result<Option<Answer>> {
        let sql = "SELECT number, meta, body, stored_s FROM answer WHERE key = ?";
        let row = self.connection.query_row(sql, [key], |row| {
            let answer = Answer {
                meta: row.get(1)?,
                body: row.get(2)?,
                stored_s: row.get::<_, i64>(3)? as u64,
            };
            Ok((row.get(0)?, answer))
        });
        let Some((number, answer)) = row.optional()? else {
            return Ok(None);
        };
        self.noted.push(number);
        if self.noted.len() >= NOTED {
            self.change(|_| Ok(0))?;
        }
        Ok(Some(answer))
    }

    fn keep(
        &mut self,
        key: &str,
        meta: &[u8],
        body: &[u8],
        stored_s: u64,
        most: u64,
    ) -> rusqlite::Result<()> {
        let bytes = size(key, meta, body);
        let before = self.bytes;
        self.change(|shelf| {
            let old = remove(&shelf.connection, "key = ?", key)?;
            let room = most.saturating_sub(bytes);
            let mut left = before.saturating_sub(old);
            while left > room {
                let gone = remove_oldest(&shelf.connection)?;
                left = left.saturating_sub(gone);
                if gone == 0 {
                    break;
                }
            }
            shelf.used += 1;
            shelf.connection.execute(
                "INSERT INTO answer (key, stored_s, used, bytes, meta, body)
                 VALUES (?, ?, ?, ?, ?, ?)",
                params![key, stored_s as i64, shelf.used, bytes as i64, meta, body],
            )?;
            Ok(left as i64 + bytes as i64 - before as i64)
        })
    }

    fn renew(&mut self, key: &str, meta: &[u8], stored_s: u64) -> rusqlite::Result<()> {
        self.change(|shelf| {
            let sql = "SELECT length(meta) FROM answer WHERE key = ?";
            let old = shelf
                .connection
                .query_row(sql, [key], |row| row.get::<_, i64>(0));
            let Some(old) = old.optional()? else {
                return Ok(0);
            };
            let more = meta.len() as i64 - old;
            shelf.used += 1;
            shelf.connection.execute(
                "UPDATE answer SET meta = ?, stored_s = ?, used = ?, bytes = bytes + ?
                 WHERE key = ?",
                params![meta, stored_s as i64, shelf.used, more, key],
            )?;
            Ok(more)
        })
    }

    fn forget(&mut self, key: &str) -> rusqlite::Result<()> {
        self.change(|shelf| Ok(-(remove(&shelf.connection, "key = ?", key)? as i64)))
    }

    fn forget_older_than(&mut self, stored_s: u64) -> rusqlite::Result<()> {
        self.change(|shelf| {
            Ok(-(remove(&shelf.connection, "stored_s < ?", stored_s as i64)? as i64))
        })
    }

    fn clear(&mut self) -> rusqlite::Result<()> {
        self.change(|shelf| {
            shelf.connection.execute("DELETE FROM answer", ())?;
            Ok(-(shelf.bytes as i64))
        })?;
        // Given away means: no byte is left in the file either.
        self.connection
            .execute_batch("VACUUM; PRAGMA wal_checkpoint (TRUNCATE)")
    }

    /// One transaction, with the uses that were noted; `act` says how many bytes came to it.
    fn change(&mut self, act: impl Fn(&mut Self) -> rusqlite::Result<i64>) -> rusqlite::Result<()> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        let done = self.write_noted().and_then(|()| act(self));
        match done {
            Ok(more) => {
                self.connection.execute_batch("COMMIT")?;
                self.bytes = self.bytes.saturating_add_signed(more);
                Ok(())
            }
            Err(error) => {
                // It may have been rolled back already; the caller opens the file anew either way.
                let _ = self.connection.execute_batch("ROLLBACK");
                Err(error)
            }
        }
    }

    fn write_noted(&mut self) -> rusqlite::Result<()> {
        let sql = "UPDATE answer SET used = ? WHERE number = ?";
        let mut statement = self.connection.prepare(sql)?;
        for number in self.noted.drain(..) {
            self.used += 1;
            statement.execute([self.used, number])?;
        }
        Ok(())
    }
}

/// Removes rows and says how many bytes they were.
fn remove(
    connection: &Connection,
    which: &str,
    value: impl rusqlite::ToSql,
) -> rusqlite::Result<u64> {
    let mut statement =
        connection.prepare(&format!("DELETE FROM answer WHERE {which} RETURNING bytes"))?;
    let bytes = statement.query_map([value], |row| row.get::<_, i64>(0))?;
    let mut sum = 0;
    for bytes in bytes {
        sum += bytes? as u64;
    }
    Ok(sum)
}

/// Removes the one longest not used; 0 when there is none.
fn remove_oldest(connection: &Connection) -> rusqlite::Result<u64> {
    let oldest = "number = (SELECT number FROM answer ORDER BY used LIMIT 1) AND ?";
    remove(connection, oldest, true)
}
