//! The rows of what was seen: an item, its titles, its words.
//!
//! An item's number is its rank: the popularity's power of two in the upper bits, a count of
//! arrivals below. So the index's own order, from the highest number down, is popular first and
//! new first among equals, and the first hundreds of a long list of hits are the right ones,
//! whatever was asked: no query reads more. An item that became far more popular is put in anew.
//! One that was seen again unchanged, as nearly all are, costs one look.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::Item;
use super::fold;

/// Items kept; those with the lowest rank go first. At about 500 bytes each 100 MB.
const ITEMS_MAX: i64 = 200_000;

/// Bits of the count of arrivals: more than anyone sees.
const ARRIVALS: u32 = 40;

/// Titles of one item in all its languages.
const TITLES: usize = 40;

/// People and genres of one item: those in front.
const OTHERS: usize = 40;

/// Bytes of an id, a kind, a poster's address: what is longer is no name.
const NAME_BYTES: usize = 1024;

/// An item in the form of its row.
#[derive(PartialEq, Eq)]
struct Entry {
    title: String,
    year: Option<u16>,
    poster: Option<String>,
    /// Folded and without doubles, one a line, the shown one first.
    titles: String,
    /// Folded people, genres, year.
    others: String,
}

/// Puts the items in; the words that are new to the index, and known ones, go to `word`.
/// Gives back how many rows were written.
pub(super) fn put(
    connection: &mut Connection,
    items: &[Item],
    mut word: impl FnMut(&str),
) -> rusqlite::Result<usize> {
    let transaction = connection.transaction()?;
    let mut arrivals = arrivals(&transaction)?;
    let mut count = 0;
    let mut tokens = String::new();
    {
        let mut look = transaction.prepare(
            "SELECT place, title, year, poster, titles, others FROM item
             WHERE id = ? AND kind = ?",
        )?;
        let mut put_item = transaction.prepare(
            "INSERT INTO item (place, id, kind, title, year, poster, titles, others)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        let mut put_title =
            transaction.prepare("INSERT OR IGNORE INTO title (folded, place) VALUES (?, ?)")?;
        let mut put_words = transaction.prepare("INSERT INTO words (rowid, text) VALUES (?, ?)")?;
        for item in items.iter().filter(|item| is_fit(item)) {
            let entry = entry(item);
            let known = look
                .query_row([&item.id, &item.kind], |row| {
                    let entry = Entry {
                        title: row.get(1)?,
                        year: row.get(2)?,
                        poster: row.get(3)?,
                        titles: row.get(4)?,
                        others: row.get(5)?,
                    };
                    Ok((row.get::<_, i64>(0)?, entry))
                })
                .optional()?;
            if let Some((place, known)) = known {
                if known == entry && place >> ARRIVALS == rank(item.popularity) {
                    continue;
                }
                remove(&transaction, place, &known.titles)?;
            }
            arrivals += 1;
            count += 1;
            let place = rank(item.popularity) << ARRIVALS | arrivals;
            put_item.execute(params![
                place,
                item.id,
                item.kind,
                entry.title,
                entry.year,
                entry.poster,
                entry.titles,
                entry.others,
            ])?;
            for title in entry.titles.lines() {
                put_title.execute(params![title, place])?;
            }
            tokens.clear();
            for text in entry.titles.lines().chain([entry.others.as_str()]) {
                fold::push_tokens(text, &mut tokens);
            }
            tokens.split(' ').for_each(&mut word);
            put_words.execute(params![place, tokens])?;
        }
    }
    bound(&transaction, ITEMS_MAX)?;
    transaction.commit()?;
    Ok(count)
}

/// Who sends what is longer means no good, or made a mistake.
fn is_fit(item: &Item) -> bool {
    let poster = item.poster.as_deref().unwrap_or("");
    let named = !item.id.is_empty() && item.titles.iter().any(|title| !title.trim().is_empty());
    named
        && [&item.id, &item.kind, poster]
            .iter()
            .all(|name| name.len() <= NAME_BYTES)
}

/// The power of two of a number of votes, in steps of four: 0 to 16.
fn rank(popularity: u32) -> i64 {
    i64::from((u32::BITS - popularity.leading_zeros()).div_ceil(2))
}

fn entry(item: &Item) -> Entry {
    let mut titles: Vec<String> = Vec::new();
    for title in item.titles.iter().chain(&item.original).take(TITLES) {
        let spelled = fold::spelled(title);
        for folded in [Some(fold::folded(title)), spelled].into_iter().flatten() {
            if !folded.is_empty() && !titles.contains(&folded) {
                titles.push(folded);
            }
        }
    }
    let mut others = String::new();
    for other in item.people.iter().chain(&item.genres).take(OTHERS) {
        let spelled = fold::spelled(other);
        for folded in [Some(fold::folded(other)), spelled].into_iter().flatten() {
            others.push_str(&folded);
            others.push(' ');
        }
    }
    if let Some(year) = item.year {
        others.push_str(&year.to_string());
    }
    let shown = item.titles.iter().find(|title| !title.trim().is_empty());
    let shown = shown.map_or("", |title| title.trim());
    Entry {
        // As long as any title is; the screen cuts it sooner.
        title: shown.chars().take(NAME_BYTES / 4).collect(),
        year: item.year,
        poster: item.poster.clone(),
        titles: titles.join("\n"),
        others: others.trim_end().to_owned(),
    }
}

/// The highest count of arrivals among all ranks.
fn arrivals(connection: &Connection) -> rusqlite::Result<i64> {
    let mut last = connection.prepare("SELECT max(place) FROM item WHERE place < ?")?;
    let mut arrivals = 0;
    for rank in 0..=rank(u32::MAX) {
        let place: Option<i64> = last.query_row([(rank + 1) << ARRIVALS], |row| row.get(0))?;
        let place = place.filter(|place| place >> ARRIVALS == rank);
        arrivals = arrivals.max(place.map_or(0, |place| place & ((1 << ARRIVALS) - 1)));
    }
    Ok(arrivals)
}

fn remove(transaction: &Transaction<'_>, place: i64, titles: &str) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM words WHERE rowid = ?", [place])?;
    for title in titles.lines() {
        let row = params![title, place];
        transaction.execute("DELETE FROM title WHERE folded = ? AND place = ?", row)?;
    }
    transaction.execute("DELETE FROM item WHERE place = ?", [place])?;
    Ok(())
}

/// Takes the lowest out until `most` are left.
fn bound(transaction: &Transaction<'_>, most: i64) -> rusqlite::Result<()> {
    let count: i64 = transaction.query_row("SELECT count(*) FROM item", (), |row| row.get(0))?;
    let mut lowest =
        transaction.prepare("SELECT place, titles FROM item ORDER BY place LIMIT ?")?;
    let rows = lowest.query_map([(count - most).max(0)], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
    })?;
    for row in rows.collect::<rusqlite::Result<Vec<_>>>()? {
        remove(transaction, row.0, &row.1)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{SEEN, migrate};

    fn item(id: &str, title: &str, popularity: u32) -> Item {
        Item {
            id: id.to_owned(),
            kind: "movie".to_owned(),
            titles: vec![title.to_owned()],
            popularity,
            ..Item::default()
        }
    }

    fn ids(connection: &Connection) -> Vec<String> {
        let mut rows = connection
            .prepare("SELECT id FROM item ORDER BY place DESC")
            .unwrap();
        let ids = rows.query_map((), |row| row.get(0)).unwrap();
        ids.collect::<rusqlite::Result<_>>().unwrap()
    }

    fn found(connection: &Connection, query: &str) -> i64 {
        let sql = "SELECT count(*) FROM words WHERE words MATCH ?";
        connection
            .query_row(sql, [query], |row| row.get(0))
            .unwrap()
    }

    #[test]
    fn rows_are_ranked_replaced_and_bounded() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert!(migrate(&mut connection, SEEN).is_ok());
        let mut put = |items: &[Item]| super::put(&mut connection, items, |_| ()).unwrap();
        let first = [
            item("a", "First", 0),
            item("b", "Second", 9000),
            item("c", "Third", 0),
        ];
        assert_eq!(put(&first), 3);
        assert_eq!(put(&first), 0);
        // As popular as before, or nearly.
        assert_eq!(put(&[item("b", "Second", 9001)]), 0);
        assert_eq!(put(&[item("a", "Another", 0), item("", "No id", 0)]), 1);
        assert_eq!(put(&[item("c", "Third", 1_000_000)]), 1);
        assert_eq!(ids(&connection), ["c", "b", "a"]);
        assert_eq!(found(&connection, "first"), 0);
        assert_eq!(found(&connection, "\"another\""), 1);
        let transaction = connection.transaction().unwrap();
        bound(&transaction, 2).unwrap();
        transaction.commit().unwrap();
        assert_eq!(ids(&connection), ["c", "b"]);
        assert_eq!(found(&connection, "another"), 0);
        let titles: i64 = connection
            .query_row("SELECT count(*) FROM title", (), |row| row.get(0))
            .unwrap();
        assert_eq!(titles, 2);
    }
}
