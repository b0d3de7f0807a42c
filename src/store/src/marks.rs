//! A library of the core's as rows: read whole at the start, then written where it changed.
//!
//! The rows are compared as values with what is on disk, so a position that moved is one row of a
//! hundred bytes: films are in a table of their own. Of an episode the facts are not written with
//! each mark, for they are its series', all episodes included, and that is there once. Invariant:
//! after [`write`] in a transaction the rows are exactly the library given. What it means is the
//! core's.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, Row, params};

use crate::memory;
use crate::snapshot::{self, Film, ReadPlace};

/// Reads it all. A row that cannot be read is left out and counted: one bad row must not hide a
/// thousand others, and it stays where it is.
pub(crate) fn read(
    connection: &Connection,
    of: app::ProfileId,
) -> rusqlite::Result<(app::Library, usize)> {
    let (mut library, mut unread) = (app::Library::default(), 0);
    library.profile = of;
    let mut statement =
        connection.prepare("SELECT snapshot FROM listed WHERE profile = ? ORDER BY place")?;
    let mut rows = statement.query([of.0])?;
    while let Some(row) = rows.next()? {
        match film(row, 0)? {
            Some(film) => library.list.push(film),
            None => unread += 1,
        }
    }
    let mut statement =
        connection.prepare("SELECT kind, id, snapshot FROM series WHERE profile = ?")?;
    let mut rows = statement.query([of.0])?;
    while let Some(row) = rows.next()? {
        let title = app::Title::new(row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?);
        match film(row, 2)? {
            Some(film) => drop(library.series.insert(title, film)),
            None => unread += 1,
        }
    }
    let mut statement = connection.prepare(
        "SELECT film, position_ms, duration_ms, watched, played, read, snapshot
         FROM mark JOIN marked_film USING (profile, film) WHERE profile = ?",
    )?;
    let mut rows = statement.query([of.0])?;
    while let Some(row) = rows.next()? {
        match film(row, 6)? {
            Some(film) => {
                let mark = mark(row, with_facts(film, &library.series))?;
                library.marks.insert(app::FilmId(row.get(0)?), mark);
            }
            None => unread += 1,
        }
    }
    memory::put(&mut library, &memory::read(connection, of)?);
    Ok((library, unread))
}

fn film(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<app::Film>> {
    let film = serde_json::from_str::<Film>(row.get_ref(column)?.as_str()?);
    let film = film.inspect_err(|error| tracing::warn!("a film is left out: {error}"));
    Ok(film.ok().map(app::Film::from))
}

fn mark(row: &Row<'_>, film: app::Film) -> rusqlite::Result<app::Mark> {
    // Without the place the film is continued by its length.
    let read = row.get_ref(5)?.as_str_or_null()?;
    let read = read.and_then(|read| serde_json::from_str::<ReadPlace>(read).ok());
    Ok(app::Mark {
        film,
        position: Duration::from_millis(row.get::<_, i64>(1)? as u64),
        duration: Duration::from_millis(row.get::<_, i64>(2)? as u64),
        watched: row.get(3)?,
        played: row.get::<_, i64>(4)? as u64,
        read: read.map(app::ReadPlace::from),
        choices: app::Choices::default(),
    })
}

/// An episode with the facts of its series, which all episodes share.
pub(crate) fn with_facts(
    mut film: app::Film,
    series: &BTreeMap<app::Title, app::Film>,
) -> app::Film {
    if let Some(episode) = &film.episode
        && film.facts.is_none()
        && let Some(series) = series.get(&episode.series)
    {
        film.facts.clone_from(&series.facts);
    }
    film
}

/// A film as it is written with its mark.
pub(crate) fn without_facts(film: &app::Film, series: &BTreeMap<app::Title, app::Film>) -> Film {
    let episode = film.episode.as_ref();
    let known = episode.is_some_and(|episode| series.contains_key(&episode.series));
    Film::from(&app::Film {
        facts: film.facts.as_ref().filter(|_| !known).map(Arc::clone),
        ..film.clone()
    })
}

/// Makes the rows of its profile those of `library`, where they are those of `old`.
pub(crate) fn write(
    connection: &Connection,
    old: &app::Library,
    library: &app::Library,
) -> rusqlite::Result<()> {
    let of = library.profile.0;
    write_marks(connection, old, library)?;
    memory::write(connection, old, library)?;
    if old.list != library.list {
        connection.execute("DELETE FROM listed WHERE profile = ?", [of])?;
        let mut put =
            connection.prepare("INSERT INTO listed (profile, place, snapshot) VALUES (?, ?, ?)")?;
        for (place, film) in library.list.iter().enumerate() {
            put.execute(params![of, place as i64, snapshot::text(&Film::from(film))])?;
        }
    }
    let mut put = connection.prepare(
        "INSERT OR REPLACE INTO series (profile, kind, id, snapshot) VALUES (?, ?, ?, ?)",
    )?;
    for (title, film) in &library.series {
        if old.series.get(title) != Some(film) {
            let text = snapshot::text(&Film::from(film));
            put.execute(params![of, &*title.kind, &*title.id, text])?;
        }
    }
    let mut remove =
        connection.prepare("DELETE FROM series WHERE profile = ? AND kind = ? AND id = ?")?;
    for title in old.series.keys() {
        if !library.series.contains_key(title) {
            remove.execute(params![of, &*title.kind, &*title.id])?;
        }
    }
    Ok(())
}

fn write_marks(
    connection: &Connection,
    old: &app::Library,
    library: &app::Library,
) -> rusqlite::Result<()> {
    let of = library.profile.0;
    let mut put = connection.prepare(
        "INSERT INTO mark (profile, film, position_ms, duration_ms, watched, played, read)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (profile, film) DO UPDATE SET position_ms = excluded.position_ms,
         duration_ms = excluded.duration_ms, watched = excluded.watched,
         played = excluded.played, read = excluded.read",
    )?;
    let mut put_film = connection
        .prepare("INSERT OR REPLACE INTO marked_film (profile, film, snapshot) VALUES (?, ?, ?)")?;
    for (id, mark) in &library.marks {
        let before = old.marks.get(id);
        if before == Some(mark) {
            continue;
        }
        let read = mark.read.as_ref().map(ReadPlace::from);
        put.execute(params![
            of,
            id.0,
            millis(mark.position),
            millis(mark.duration),
            mark.watched,
            // SQLite's numbers have a sign; all 64 bits come back as they were.
            mark.played as i64,
            read.as_ref().map(snapshot::text),
        ])?;
        if before.is_none_or(|before| before.film != mark.film) {
            let film = without_facts(&mark.film, &library.series);
            put_film.execute(params![of, id.0, snapshot::text(&film)])?;
        }
    }
    let mut remove = connection.prepare("DELETE FROM mark WHERE profile = ? AND film = ?")?;
    let mut remove_film =
        connection.prepare("DELETE FROM marked_film WHERE profile = ? AND film = ?")?;
    for id in old.marks.keys() {
        if !library.marks.contains_key(id) {
            remove.execute(params![of, id.0])?;
            remove_film.execute(params![of, id.0])?;
        }
    }
    Ok(())
}

/// Milliseconds for a column: what is longer than 292 million years is cut.
pub(crate) fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
