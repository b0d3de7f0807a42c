//! What the owner has besides the library: add-ons, visits, searches.
//!
//! Each is a value and two functions, rows to values and values to rows; all run in transactions
//! of others. Bounds are kept here, the oldest goes first. What the values mean is for those who
//! make them.

use std::time::Duration;

use app::ProfileId;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use crate::marks::millis;
use crate::snapshot;

/// Add-ons at most; a wall with more than a few dozen is slow for its owner, not for us.
pub const ADDONS_MAX: usize = 256;

/// Visits kept: ten a day for three years.
pub const VISITS_MAX: usize = 10_000;

/// Searches offered again.
pub const SEARCHES_MAX: usize = 50;

/// An installed add-on. Its place among the others is its place in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addon {
    /// Where its manifest is.
    pub url: String,
    /// The manifest as it came, JSON.
    pub manifest: String,
    pub enabled: bool,
    /// The address carries the owner's keys or settings: it is never exported.
    #[serde(default)]
    pub secret: bool,
    /// What its owner was asked and said, as words of those who ask.
    #[serde(default)]
    pub flags: Vec<String>,
}

/// One time that a film was played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub film: String,
    /// As it was then.
    pub title: String,
    /// When it ended, in seconds since 1970.
    pub at_s: u64,
    pub position_ms: u64,
    pub watched: bool,
}

pub(crate) fn addons(connection: &Connection) -> rusqlite::Result<Vec<Addon>> {
    let mut statement = connection
        .prepare("SELECT url, manifest, enabled, secret, flags FROM addon ORDER BY place, url")?;
    let rows = statement.query_map((), |row| {
        Ok(Addon {
            url: row.get(0)?,
            manifest: row.get(1)?,
            enabled: row.get(2)?,
            secret: row.get(3)?,
            flags: serde_json::from_str(row.get_ref(4)?.as_str()?).unwrap_or_default(),
        })
    })?;
    rows.collect()
}

/// Makes the add-ons these, in this order.
pub(crate) fn set_addons(connection: &Connection, addons: &[Addon]) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM addon", ())?;
    let mut put = connection.prepare(
        "INSERT OR REPLACE INTO addon (url, place, enabled, secret, flags, manifest)
         VALUES (?, ?, ?, ?, ?, ?)",
    )?;
    for (place, addon) in addons.iter().take(ADDONS_MAX).enumerate() {
        put.execute(params![
            addon.url,
            place as i64,
            addon.enabled,
            addon.secret,
            snapshot::text(&addon.flags),
            addon.manifest,
        ])?;
    }
    Ok(())
}

/// The newest visits first.
pub(crate) fn visits(connection: &Connection, most: usize) -> rusqlite::Result<Vec<Visit>> {
    let mut statement = connection.prepare(
        "SELECT film, title, at_s, position_ms, watched FROM visit ORDER BY number DESC LIMIT ?",
    )?;
    let rows = statement.query_map([most as i64], visit_of)?;
    rows.collect()
}

fn visit_of(row: &Row<'_>) -> rusqlite::Result<Visit> {
    Ok(Visit {
        film: row.get(0)?,
        title: row.get(1)?,
        at_s: row.get::<_, i64>(2)? as u64,
        position_ms: row.get::<_, i64>(3)? as u64,
        watched: row.get(4)?,
    })
}

pub(crate) fn visit(connection: &Connection, visit: &Visit) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO visit (film, title, at_s, position_ms, watched) VALUES (?, ?, ?, ?, ?)",
        params![
            visit.film,
            visit.title,
            visit.at_s as i64,
            millis(Duration::from_millis(visit.position_ms)),
            visit.watched,
        ],
    )?;
    connection.execute(
        "DELETE FROM visit WHERE number <= (SELECT max(number) FROM visit) - ?",
        [VISITS_MAX as i64],
    )?;
    Ok(())
}

/// The newest searches first.
pub(crate) fn searches(connection: &Connection, of: ProfileId) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection
        .prepare("SELECT query FROM recent_search WHERE profile = ? ORDER BY number DESC")?;
    let rows = statement.query_map([of.0], |row| row.get(0))?;
    rows.collect()
}

pub(crate) fn searched(
    connection: &Connection,
    of: ProfileId,
    query: &str,
) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT OR REPLACE INTO recent_search (profile, query, number)
         VALUES (?, ?, (SELECT coalesce(max(number), 0) + 1 FROM recent_search))",
        params![of.0, query],
    )?;
    connection.execute(
        "DELETE FROM recent_search WHERE profile = ?1 AND query NOT IN
         (SELECT query FROM recent_search WHERE profile = ?1 ORDER BY number DESC LIMIT ?2)",
        params![of.0, SEARCHES_MAX as i64],
    )?;
    Ok(())
}

/// Takes everything away that an import replaces, the library besides.
pub(crate) fn clear(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("DELETE FROM visit; DELETE FROM addon; DELETE FROM recent_search;")
}
