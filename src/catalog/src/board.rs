//! The rows of the wall that add-ons give: which there are, in whose order, and their films as
//! they come.
//!
//! The core has its rows in the order in which they came, and shows none without films. So all are
//! told at once, empty, and filled as answers come: what is kept first, then what the host says.
//! Rows are told under one lock: what the core hears is what stands here.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use addon::{AddOnError, Answer, Body, PAGE_ITEMS, Request};
use app::{Event, Film, Row};

use crate::catalog::Inner;
use crate::lock;
use crate::member::Member;
use crate::meta;
use crate::roster::Roster;

/// As many as the core shows.
const ROWS_MAX: usize = 100;

/// Of one add-on, so that the first does not take them all.
const ROWS_OF_ONE_MAX: usize = 20;

/// Films of one row: five pages, each film about a kilobyte, here and in the core.
const FILMS_MAX: usize = 500;

/// The rows in order.
#[derive(Debug, Default)]
pub(crate) struct Board {
    lines: Vec<Line>,
}

/// A row, and how more of it is asked for.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone)]
struct Line {
    id: Arc<str>,
    title: String,
    member: Member,
    /// Its first page.
    request: Request,
    pages: bool,
    films: Vec<Film>,
    /// Items that the add-on has told, those that were left out with them.
    taken: usize,
    more: bool,
    /// Somebody has asked for its first page.
    asked: bool,
    /// Somebody asks for more of it.
    busy: bool,
}

impl Line {
    fn row(&self) -> Row {
        Row {
            id: Arc::clone(&self.id),
            title: self.title.clone(),
            films: self.films.clone(),
            more: self.more,
        }
    }

    /// The first page anew; whether the row is another now.
    fn begin(&mut self, films: Vec<Film>, taken: usize) -> bool {
        // Pages that came after it stay where it has not changed.
        if self.films.starts_with(&films) && !films.is_empty() {
            return false;
        }
        let changed = self.films != films;
        self.films = films;
        self.taken = taken;
        self.more = self.pages && taken >= PAGE_ITEMS;
        changed
    }

    /// A page more.
    fn go_on(&mut self, films: Vec<Film>, taken: usize) {
        let known: HashSet<_> = self.films.iter().map(|film| film.id.clone()).collect();
        let new = films.into_iter().filter(|film| !known.contains(&film.id));
        self.films.extend(new);
        self.taken += taken;
        self.more = taken >= PAGE_ITEMS && self.films.len() < FILMS_MAX;
        self.films.truncate(FILMS_MAX);
    }
}

/// The rows that those who are enabled give, in their order.
fn lines(roster: &Roster) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (_, member) in roster.enabled() {
        let manifest = member.manifest();
        for row in manifest.board().into_iter().take(ROWS_OF_ONE_MAX) {
            let entry = row.entry;
            let id = format!("{}/{}/{}", member.id, entry.kind, entry.id);
            if lines.len() >= ROWS_MAX || lines.iter().any(|it| *it.id == *id) {
                continue;
            }
            lines.push(Line {
                id: id.into(),
                title: entry.name.clone().unwrap_or_else(|| manifest.name.clone()),
                member: member.clone(),
                pages: entry.has_pages(),
                request: row.request,
                films: Vec::new(),
                taken: 0,
                more: false,
                asked: false,
                busy: false,
            });
        }
    }
    // "Popular" of films and "Popular" of series.
    let mut titles: HashMap<String, usize> = HashMap::new();
    for line in &lines {
        *titles.entry(line.title.clone()).or_default() += 1;
    }
    for line in &mut lines {
        if titles[&line.title] > 1 {
            let kind = &line.request.kind;
            line.title = format!("{} · {kind}", line.title);
        }
    }
    lines
}

/// The films that an answer tells, each once, and how many items it had.
fn films(answer: &Answer) -> (Vec<Film>, usize) {
    let Body::Catalog(metas) = &answer.body else {
        return (Vec::new(), 0);
    };
    let mut films: Vec<Film> = metas.iter().map(meta::card).collect();
    let mut seen = HashSet::new();
    films.retain(|film| seen.insert(film.id.clone()));
    films.truncate(FILMS_MAX);
    (films, metas.len())
}

impl Inner {
    /// Makes the rows those of the roster as it is now, and asks for those that are new.
    pub(crate) fn lay(self: &Arc<Self>) {
        let mut board = lock(&self.board);
        let mut lines = lines(&lock(&self.roster));
        let old = std::mem::take(&mut board.lines);
        let pairs = old.iter().zip(&lines);
        let same = pairs.take_while(|(old, new)| old.id == new.id).count();
        for line in &old[same..] {
            (self.news)(Event::RowGone(Arc::clone(&line.id)));
        }
        let mut known: HashMap<Arc<str>, Line> = old
            .into_iter()
            .map(|line| (Arc::clone(&line.id), line))
            .collect();
        for line in &mut lines {
            if let Some(old) = known.remove(&line.id)
                && old.request == line.request
            {
                line.films = old.films;
                (line.taken, line.more) = (old.taken, old.more);
                (line.asked, line.busy) = (old.asked, old.busy);
            }
        }
        for line in &lines[same..] {
            (self.news)(Event::Row(line.row()));
        }
        for line in lines.iter_mut().filter(|line| !line.asked) {
            line.asked = true;
            let (inner, id) = (Arc::clone(self), Arc::clone(&line.id));
            self.runtime
                .spawn(async move { inner.begin_row(&id).await });
        }
        board.lines = lines;
    }

    /// Asks for the first page of every row again, as far as what is kept is too old.
    pub(crate) async fn renew_rows(self: &Arc<Self>) {
        let ids: Vec<_> = {
            let board = lock(&self.board);
            board.lines.iter().map(|it| Arc::clone(&it.id)).collect()
        };
        let rows = ids.iter().map(|id| self.begin_row(id));
        futures_util::future::join_all(rows).await;
    }

    async fn begin_row(&self, id: &str) {
        let find = |board: &Board| {
            let line = board.lines.iter().find(|line| *line.id == *id)?;
            Some((
                line.member.clone(),
                line.request.clone(),
                line.films.is_empty(),
            ))
        };
        let Some((member, request, empty)) = find(&lock(&self.board)) else {
            return;
        };
        if empty && let Some(kept) = member.kept(&request).await {
            self.row_begins(id, &kept);
        }
        match member.ask(request).await {
            Ok(answer) => {
                self.row_begins(id, &answer);
                self.see(&answer);
            }
            // Asking again would change nothing.
            Err(AddOnError::Unsupported | AddOnError::NotFound) => {}
            Err(_) => self.failed.notify_one(),
        }
    }

    fn row_begins(&self, id: &str, answer: &Answer) {
        let (films, taken) = films(answer);
        let mut board = lock(&self.board);
        let line = board.lines.iter_mut().find(|line| *line.id == *id);
        if let Some(line) = line
            && line.begin(films, taken)
        {
            (self.news)(Event::Row(line.row()));
        }
    }

    /// The films of a page are found by searches from now on.
    fn see(&self, answer: &Answer) {
        let (films, _) = films(answer);
        if !films.is_empty() {
            self.keeper.seen(&films);
        }
    }

    /// Tells the row again with more films than `have`.
    pub(crate) async fn more_of_row(&self, id: &str, have: usize) {
        let (member, request) = {
            let mut board = lock(&self.board);
            let Some(line) = board.lines.iter_mut().find(|line| *line.id == *id) else {
                return;
            };
            if line.films.len() > have || !line.more {
                (self.news)(Event::Row(line.row()));
                return;
            }
            if line.busy {
                return;
            }
            line.busy = true;
            let skip = line.taken.to_string();
            (line.member.clone(), line.request.clone().with("skip", skip))
        };
        let answer = member.ask(request).await;
        if let Ok(answer) = &answer {
            self.see(answer);
        }
        let mut board = lock(&self.board);
        let Some(line) = board.lines.iter_mut().find(|line| *line.id == *id) else {
            return;
        };
        line.busy = false;
        if let Ok(answer) = answer {
            let (films, taken) = films(&answer);
            line.go_on(films, taken);
            (self.news)(Event::Row(line.row()));
        }
    }
}
