//! From what is typed to hits in their order: exact, beginning, words, elsewhere, typos.
//!
//! Each way to a hit reads a bounded number of items from the top of the ranks, so a query of one
//! letter costs no more than one of twenty; the order among them is reckoned from the items' own
//! text. Typos are looked for when the ways before found less than was asked for. Invariant: a
//! title that is what was typed comes first, however unpopular.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::fold::{self, Piece};
use super::vocabulary::{Vocabulary, edits, forgiven};
use super::{Hit, Rank};

/// Bytes of a query that count, folded: longer than any title one types.
const QUERY_BYTES: usize = 120;

/// Words and pairs of a query that count.
const PIECES: usize = 12;

/// Items read at most for each way to a hit.
const READ: i64 = 300;

/// Hits given at most.
const HITS: usize = 100;

/// Letters from which on beginnings of titles are read from their own order; below, the top of
/// the ranks has more of them than are asked for.
const BEGINNING_BYTES: usize = 3;

/// A query, folded and cut.
struct Query<'q> {
    text: &'q str,
    /// Without its article.
    bare: &'q str,
    words: Vec<&'q str>,
    runs: Vec<&'q str>,
}

impl<'q> Query<'q> {
    fn new(text: &'q str) -> Self {
        let (mut words, mut runs) = (Vec::new(), Vec::new());
        for piece in fold::pieces(text).take(PIECES) {
            match piece {
                Piece::Word(word) => words.push(word),
                Piece::Run(run) => runs.push(run),
            }
        }
        Query {
            text,
            bare: fold::without_article(text).unwrap_or(text),
            words,
            runs,
        }
    }

    /// The words, and whether each is the beginning of one: the last is still being typed.
    fn words(&self) -> impl Iterator<Item = (&'q str, bool)> {
        let last = self.words.len().saturating_sub(1);
        let words = self.words.iter().enumerate();
        words.map(move |(at, word)| (*word, at == last))
    }

    /// What the index is asked for dense writing.
    fn run_terms(&self) -> impl Iterator<Item = String> {
        self.runs.iter().flat_map(|run| {
            let pairs: Vec<_> = fold::pairs(run).map(|pair| term(pair, false)).collect();
            if pairs.is_empty() {
                vec![term(run, true)]
            } else {
                pairs
            }
        })
    }

    /// The query for the index, without typos.
    fn terms(&self) -> String {
        let words = self.words().map(|(word, beginning)| term(word, beginning));
        let terms: Vec<_> = words.chain(self.run_terms()).take(PIECES).collect();
        terms.join(" AND ")
    }

    /// The query for the index with all that may have been meant; none when nothing else may.
    fn meant(&self, vocabulary: &Vocabulary) -> Option<String> {
        // Longer queries have fewer each, for the whole to be as fast.
        let most = 24 / self.words.len().max(1);
        let mut changed = false;
        let mut groups = Vec::new();
        for (word, beginning) in self.words() {
            let mut ways = vec![term(word, beginning)];
            let meant = vocabulary.meant(word, beginning, most);
            ways.extend(meant.iter().map(|meant| term(&meant.word, false)));
            let places = 2..word.len().saturating_sub(1);
            let parted = places.map(|at| word.split_at(at));
            // "starwars"
            let known = parted.filter(|(left, right)| {
                vocabulary.has(left) && (beginning || vocabulary.has(right))
            });
            ways.extend(known.map(|(left, right)| {
                format!("({} AND {})", term(left, false), term(right, beginning))
            }));
            changed |= ways.len() > 1;
            groups.push(format!("({})", ways.join(" OR ")));
        }
        let runs: Vec<_> = self.run_terms().take(PIECES).collect();
        let whole = [groups.as_slice(), &runs].concat().join(" AND ");
        let mut queries = vec![format!("({whole})")];
        // "spider man" for "spiderman"
        for at in 1..groups.len() {
            let joined = [self.words[at - 1], self.words[at]].concat();
            let mut others = groups.clone();
            others[at - 1] = term(&joined, at + 1 == groups.len());
            others.remove(at);
            others.extend_from_slice(&runs);
            queries.push(format!("({})", others.join(" AND ")));
            changed = true;
        }
        changed.then(|| queries.join(" OR "))
    }
}

/// One word for the index. It has letters and digits alone, so nothing in it is a command.
fn term(word: &str, beginning: bool) -> String {
    format!("\"{word}\"{}", if beginning { " *" } else { "" })
}

/// An item as it was read.
struct Found {
    place: i64,
    hit: Hit,
    titles: String,
    others: String,
    /// Among those of one rank.
    order: u8,
}

/// The best hits, at most `limit` of them.
pub(super) fn search(
    connection: &Connection,
    vocabulary: &Vocabulary,
    query: &str,
    limit: usize,
) -> rusqlite::Result<Vec<Hit>> {
    let limit = limit.min(HITS);
    let mut text = fold::folded(query);
    text.truncate(text.floor_char_boundary(QUERY_BYTES));
    let query = Query::new(text.trim_end());
    if query.text.is_empty() || limit == 0 {
        return Ok(Vec::new());
    }
    let mut places = titled(connection, &query)?;
    places.extend(worded(connection, &query.terms())?);
    let mut found = read(connection, &places)?;
    found.retain_mut(|found| {
        let rank = rank(&query, found);
        found.hit.rank = rank.unwrap_or(Rank::Elsewhere);
        rank.is_some()
    });
    if found.len() < limit
        && let Some(meant) = query.meant(vocabulary)
    {
        let more = worded(connection, &meant)?;
        let more = more.difference(&places).copied().collect();
        let mut more = read(connection, &more)?;
        more.retain_mut(|found| typos(&query, found));
        found.extend(more);
    }
    found.sort_by_key(|found| (found.hit.rank, found.order, std::cmp::Reverse(found.place)));
    found.truncate(limit);
    Ok(found.into_iter().map(|found| found.hit).collect())
}

/// Items by their whole titles and the beginnings of these.
fn titled(connection: &Connection, query: &Query<'_>) -> rusqlite::Result<BTreeSet<i64>> {
    let mut places = BTreeSet::new();
    let mut exact = connection
        .prepare("SELECT place FROM title WHERE folded = ? ORDER BY place DESC LIMIT ?")?;
    let with = fold::ARTICLES.map(|article| format!("{article} {}", query.bare));
    let texts = with.iter().map(String::as_str);
    for text in texts.chain([query.text, query.bare]) {
        let rows = exact.query_map(params![text, READ], |row| row.get(0))?;
        for place in rows {
            places.insert(place?);
        }
    }
    if query.text.len() >= BEGINNING_BYTES {
        let mut begins = connection
            .prepare("SELECT place FROM title WHERE folded > ? AND folded < ? LIMIT ?")?;
        // After every text that begins so.
        let after = format!("{}\u{10ffff}", query.text);
        let rows = begins.query_map(params![query.text, after, READ], |row| row.get(0))?;
        for place in rows {
            places.insert(place?);
        }
    }
    Ok(places)
}

/// The highest ranks among those that the index finds.
fn worded(connection: &Connection, terms: &str) -> rusqlite::Result<BTreeSet<i64>> {
    let mut statement = connection
        .prepare("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?")?;
    let rows = statement.query_map(params![terms, READ], |row| row.get(0))?;
    rows.collect()
}

fn read(connection: &Connection, places: &BTreeSet<i64>) -> rusqlite::Result<Vec<Found>> {
    let mut statement = connection.prepare(
        "SELECT id, kind, title, year, poster, titles, others FROM item WHERE place = ?",
    )?;
    let mut found = Vec::with_capacity(places.len());
    for place in places.iter().rev() {
        let row = statement.query_row([place], |row| {
            Ok(Found {
                place: *place,
                hit: Hit {
                    id: row.get(0)?,
                    kind: row.get(1)?,
                    title: row.get(2)?,
                    year: row.get(3)?,
                    poster: row.get(4)?,
                    rank: Rank::Elsewhere,
                },
                titles: row.get(5)?,
                others: row.get(6)?,
                order: 0,
            })
        });
        // Taken out between two reads.
        found.extend(row.optional()?);
    }
    Ok(found)
}

/// How well the item is what was asked for; none when it is not.
fn rank(query: &Query<'_>, found: &Found) -> Option<Rank> {
    let titles = found.titles.lines();
    let best = titles.filter_map(|title| {
        let bare = fold::without_article(title).unwrap_or(title);
        if title == query.text || bare == query.bare {
            Some(Rank::Exact)
        } else if title.starts_with(query.text) || bare.starts_with(query.text) {
            Some(Rank::Beginning)
        } else {
            has_all(query, title, "").then_some(Rank::Words)
        }
    });
    let elsewhere = || has_all(query, &found.titles, &found.others).then_some(Rank::Elsewhere);
    best.min().or_else(elsewhere)
}

fn has_all(query: &Query<'_>, titles: &str, others: &str) -> bool {
    let has = |(word, beginning): (&str, bool)| {
        let mut words = words(titles).chain(words(others));
        words.any(|other| other == word || (beginning && other.starts_with(word)))
    };
    let mut runs = query.runs.iter();
    runs.all(|run| titles.contains(run) || others.contains(run)) && query.words().all(has)
}

fn words(folded: &str) -> impl Iterator<Item = &str> {
    fold::pieces(folded).filter_map(|piece| match piece {
        Piece::Word(word) => Some(word),
        Piece::Run(_) => None,
    })
}

/// Ranks an item that has what was meant; false when it has not, after all.
fn typos(query: &Query<'_>, found: &mut Found) -> bool {
    let runs = query.runs.iter();
    if !{ runs }.all(|run| found.titles.contains(run) || found.others.contains(run)) {
        return false;
    }
    let parted = parted(query, &found.titles);
    let worded = worded_typos(query, found);
    let Some((typos, order)) = [parted, worded].into_iter().flatten().min() else {
        return false;
    };
    found.hit.rank = Rank::Typos(u8::try_from(typos).unwrap_or(u8::MAX));
    found.order = order;
    true
}

/// The edits of all words together; and before others those whose title begins so, then those
/// that have it in a title.
fn worded_typos(query: &Query<'_>, found: &Found) -> Option<(usize, u8)> {
    let (mut typos, mut order) = (0, 0);
    for (at, (word, beginning)) in query.words().enumerate() {
        let most = forgiven(word.len());
        let least = |words: &mut dyn Iterator<Item = &str>| {
            let all = words.filter_map(|other| edits(word, other, beginning, most));
            all.min()
        };
        let first = |title: &str| {
            let title = fold::without_article(title).unwrap_or(title);
            let other = words(title).nth(at)?;
            edits(word, other, beginning, most)
        };
        let in_titles = least(&mut words(&found.titles));
        let in_others = least(&mut words(&found.others));
        let best = in_titles.into_iter().chain(in_others).min()?;
        let place = if found.titles.lines().any(|title| first(title) == Some(best)) {
            0
        } else if in_titles == Some(best) {
            1
        } else {
            2
        };
        typos += best;
        order = order.max(place);
    }
    Some((typos, order))
}

/// One typo for spaces that are elsewhere than in the title, or not at all.
fn parted(query: &Query<'_>, titles: &str) -> Option<(usize, u8)> {
    let joined = |text: &str| text.replace(' ', "");
    let text = joined(query.text);
    let mut titles = titles.lines().map(joined);
    titles.any(|title| title.contains(&text)).then_some((1, 0))
}
