//! The tables of the three files, as steps from one release's shape to the next.
//!
//! A file's `user_version` is the number of steps it has taken; opening takes the rest, each with
//! its number in one transaction. A step that was released is never changed: a new one follows
//! it. Thirty lines of our own, because rusqlite_migration asks for a newer compiler than we do
//! and its way down is never taken: a file of a newer release is refused, not turned back.

use rusqlite::{Connection, TransactionBehavior};

/// What the owner would miss: few rows, written with a sync each.
pub(crate) const OWNER: &[&str] = &[
    "
    CREATE TABLE mark (
        film TEXT PRIMARY KEY,
        position_ms INTEGER NOT NULL,
        duration_ms INTEGER NOT NULL,
        watched INTEGER NOT NULL,
        played INTEGER NOT NULL,
        read TEXT
    ) STRICT;
    CREATE TABLE marked_film (film TEXT PRIMARY KEY, snapshot TEXT NOT NULL) STRICT;
    CREATE TABLE listed (place INTEGER PRIMARY KEY, snapshot TEXT NOT NULL) STRICT;
    CREATE TABLE series (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        snapshot TEXT NOT NULL,
        PRIMARY KEY (kind, id)
    ) STRICT;
    CREATE TABLE visit (
        number INTEGER PRIMARY KEY,
        film TEXT NOT NULL,
        title TEXT NOT NULL,
        at_s INTEGER NOT NULL,
        position_ms INTEGER NOT NULL,
        watched INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE addon (
        url TEXT PRIMARY KEY,
        place INTEGER NOT NULL,
        enabled INTEGER NOT NULL,
        secret INTEGER NOT NULL,
        flags TEXT NOT NULL,
        manifest TEXT NOT NULL
    ) STRICT;
    CREATE TABLE memory (
        subject TEXT PRIMARY KEY,
        number INTEGER NOT NULL,
        choices TEXT NOT NULL
    ) STRICT;
    CREATE INDEX memory_number ON memory (number);
    CREATE TABLE recent_search (
        query TEXT PRIMARY KEY,
        number INTEGER NOT NULL
    ) STRICT;
",
    "
    DROP TABLE memory;
    CREATE TABLE choice (subject TEXT PRIMARY KEY, choices TEXT NOT NULL) STRICT;
",
    // Profiles: what there was is the first one's; of the choices those of the box are 0's.
    "
    CREATE TABLE profile (
        id INTEGER PRIMARY KEY,
        place INTEGER NOT NULL,
        name TEXT NOT NULL,
        colour INTEGER NOT NULL,
        pin TEXT,
        age_limit INTEGER,
        unknown INTEGER,
        wrong INTEGER NOT NULL,
        current INTEGER NOT NULL
    ) STRICT;
    INSERT INTO profile VALUES (1, 0, '', 0, NULL, NULL, NULL, 0, 1);
    CREATE TABLE age (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        age INTEGER NOT NULL,
        PRIMARY KEY (kind, id)
    ) STRICT;
    ALTER TABLE mark RENAME TO old_mark;
    CREATE TABLE mark (
        profile INTEGER NOT NULL,
        film TEXT NOT NULL,
        position_ms INTEGER NOT NULL,
        duration_ms INTEGER NOT NULL,
        watched INTEGER NOT NULL,
        played INTEGER NOT NULL,
        read TEXT,
        PRIMARY KEY (profile, film)
    ) STRICT;
    INSERT INTO mark
        SELECT 1, film, position_ms, duration_ms, watched, played, read FROM old_mark;
    DROP TABLE old_mark;
    ALTER TABLE marked_film RENAME TO old_marked_film;
    CREATE TABLE marked_film (
        profile INTEGER NOT NULL,
        film TEXT NOT NULL,
        snapshot TEXT NOT NULL,
        PRIMARY KEY (profile, film)
    ) STRICT;
    INSERT INTO marked_film SELECT 1, film, snapshot FROM old_marked_film;
    DROP TABLE old_marked_film;
    ALTER TABLE listed RENAME TO old_listed;
    CREATE TABLE listed (
        profile INTEGER NOT NULL,
        place INTEGER NOT NULL,
        snapshot TEXT NOT NULL,
        PRIMARY KEY (profile, place)
    ) STRICT;
    INSERT INTO listed SELECT 1, place, snapshot FROM old_listed;
    DROP TABLE old_listed;
    ALTER TABLE series RENAME TO old_series;
    CREATE TABLE series (
        profile INTEGER NOT NULL,
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        snapshot TEXT NOT NULL,
        PRIMARY KEY (profile, kind, id)
    ) STRICT;
    INSERT INTO series SELECT 1, kind, id, snapshot FROM old_series;
    DROP TABLE old_series;
    ALTER TABLE choice RENAME TO old_choice;
    CREATE TABLE choice (
        profile INTEGER NOT NULL,
        subject TEXT NOT NULL,
        choices TEXT NOT NULL,
        PRIMARY KEY (profile, subject)
    ) STRICT;
    INSERT INTO choice
        SELECT CASE WHEN subject IN ('sound', 'settings') THEN 0 ELSE 1 END, subject, choices
        FROM old_choice;
    DROP TABLE old_choice;
    ALTER TABLE recent_search RENAME TO old_recent_search;
    CREATE TABLE recent_search (
        profile INTEGER NOT NULL,
        query TEXT NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (profile, query)
    ) STRICT;
    INSERT INTO recent_search SELECT 1, query, number FROM old_recent_search;
    DROP TABLE old_recent_search;
",
];

/// What was once fetched; `used` counts up with each use, over all answers.
pub(crate) const ANSWERS: &[&str] = &["
    CREATE TABLE answer (
        number INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        stored_s INTEGER NOT NULL,
        used INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        meta BLOB NOT NULL,
        body BLOB NOT NULL
    ) STRICT;
    CREATE INDEX answer_used ON answer (used, bytes);
    CREATE INDEX answer_stored ON answer (stored_s);
"];

/// What can be found. `place` of an item is its row in `words` too, and says its rank: see
/// `seen::index`. The words come folded and cut, so the tokenizer has only to part them at
/// spaces; neither positions nor columns of a word are asked for.
pub(crate) const SEEN: &[&str] = &["
    CREATE TABLE item (
        place INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        year INTEGER,
        poster TEXT,
        titles TEXT NOT NULL,
        others TEXT NOT NULL,
        UNIQUE (id, kind)
    ) STRICT;
    CREATE TABLE title (
        folded TEXT NOT NULL,
        place INTEGER NOT NULL,
        PRIMARY KEY (folded, place)
    ) STRICT, WITHOUT ROWID;
    CREATE VIRTUAL TABLE words USING fts5 (
        text, content = '', contentless_delete = 1, detail = none, prefix = '1 2 3',
        tokenize = 'ascii'
    );
    CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, row);
"];

/// Why a file cannot be brought to our shape.
pub(crate) enum Unfit {
    /// It has taken more steps than we know.
    Newer(usize),
    Database(rusqlite::Error),
}

impl From<rusqlite::Error> for Unfit {
    fn from(error: rusqlite::Error) -> Self {
        Unfit::Database(error)
    }
}

/// Takes the steps that the file has not taken yet.
pub(crate) fn migrate(connection: &mut Connection, steps: &[&str]) -> Result<(), Unfit> {
    let taken = version(connection)?;
    if taken > steps.len() {
        return Err(Unfit::Newer(taken));
    }
    for (at, step) in steps.iter().enumerate().skip(taken) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", at as i64 + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Steps taken; a negative number is not ours, and as good as one too high.
fn version(connection: &Connection) -> rusqlite::Result<usize> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_taken_once_and_whole() {
        let mut connection = Connection::open_in_memory().unwrap();
        let first = ["CREATE TABLE a (x)"];
        let both = ["CREATE TABLE a (x)", "CREATE TABLE b (x)"];
        let broken = [both[0], both[1], "CREATE TABLE c (x); CREATE TABLE a (x)"];
        for steps in [&first[..], &first, &both, &both] {
            assert!(migrate(&mut connection, steps).is_ok());
        }
        assert!(matches!(
            migrate(&mut connection, &broken),
            Err(Unfit::Database(_))
        ));
        // The step that failed left nothing behind.
        assert_eq!(version(&connection).unwrap(), 2);
        assert!(connection.prepare("SELECT x FROM c").is_err());
        assert!(matches!(
            migrate(&mut connection, &first),
            Err(Unfit::Newer(2))
        ));
    }

    #[test]
    fn every_schema_is_made() {
        for steps in [OWNER, ANSWERS, SEEN] {
            let mut connection = Connection::open_in_memory().unwrap();
            assert!(migrate(&mut connection, steps).is_ok());
        }
    }
}
