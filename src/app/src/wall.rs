//! The wall: which rows of films there are and which card has the focus.
//!
//! The focus is a film, not a number: when rows come and go it stays with its film.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::library::Library;
use crate::limit::Sieve;
use crate::saying::own_name;
use crate::view::{Card, HomeView, RowView};
use crate::{Film, FilmId, Key, Row, Time, letters, words};

/// Films opened by hand that are kept on the wall; the oldest leaves first.
const OPENED_MAX: usize = 50;

/// Rows of add-ons; more than a viewer scrolls through.
const ADDED_MAX: usize = 100;

/// Films of one row.
const FILMS_MAX: usize = 1000;

/// Rows and cards that a page key goes over: what is on the screen at once.
const PAGE_ROWS: usize = 2;
const PAGE_CARDS: usize = 6;

/// More films are asked for when so few are left to the right of the focus: two screens.
const AHEAD: usize = 14;

/// Places beside the wall, in the order in which they stand above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    Search,
    AddOns,
    Network,
    Updates,
    Settings,
    Power,
    /// Where it is asked who watches.
    Who,
}

/// The network is there while there is none, updates while there is one; the settings lead to both
/// at any time. Who watches is there where several do.
const DOORS: [Door; 7] = [
    Door::Search,
    Door::AddOns,
    Door::Network,
    Door::Updates,
    Door::Settings,
    Door::Power,
    Door::Who,
];

impl Door {
    /// `who`: who watches.
    fn name(self, who: Option<&str>) -> String {
        match self {
            Door::Search => words::SEARCH,
            Door::AddOns => words::ADD_ONS,
            Door::Network => words::NO_NETWORK,
            Door::Updates => words::UPDATES,
            Door::Settings => words::SETTINGS,
            Door::Power => words::POWER,
            Door::Who => return who.unwrap_or_default().into(),
        }
        .into()
    }
}

/// A row without its films.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RowName {
    pub(crate) name: String,
    pub(crate) title: String,
}

impl RowName {
    fn of(row: &Row) -> RowName {
        RowName {
            name: row.name().to_owned(),
            title: row.title.clone(),
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Wall {
    catalogue: Vec<Row>,
    /// Rows of add-ons, in the order in which they came.
    added: Vec<Row>,
    opened: Vec<Film>,
    /// All rows in their order, those without films and those that are hidden too.
    all: Vec<RowName>,
    /// The rows as shown; rebuilt when films or marks change.
    rows: Vec<Row>,
    shown: Arc<Vec<RowView>>,
    /// Name of the row under focus.
    row: String,
    /// The focused film of each row by its name.
    columns: BTreeMap<String, FilmId>,
    /// The focus is above the wall, on one of [`Wall::doors`].
    door: Option<usize>,
    /// Places that are there at times, and are there now.
    own: Vec<Door>,
    /// The name of who watches, where several do.
    who: Option<String>,
    /// What is for who watches.
    sieve: Sieve,
    /// Rows that more films were asked for, and how many they had then.
    asked: BTreeMap<Arc<str>, usize>,
    /// The arrows go from letter to letter until then ([`letters`]).
    pub(crate) letters: Option<Time>,
}

impl Wall {
    /// Others watch, or more is known of what is for them.
    pub(crate) fn set_sieve(&mut self, sieve: Sieve, library: &Library) {
        self.sieve = sieve;
        self.rebuild(library);
    }

    /// Who watches; none: there is but one.
    pub(crate) fn set_who(&mut self, name: Option<String>) {
        let there = name.is_some();
        if self.who.is_some() != there {
            self.set_door(Door::Who, there);
        }
        self.who = name;
    }

    /// As it is to who sees it for the first time.
    pub(crate) fn begin(&mut self) {
        self.columns.clear();
        self.row.clear();
        self.door = None;
    }

    pub(crate) fn set_catalogue(&mut self, rows: Vec<Row>, library: &Library) {
        self.catalogue = rows;
        self.rebuild(library);
    }

    /// A row of an add-on: in the place of the one with its id, else after the others.
    pub(crate) fn put_row(&mut self, mut row: Row, library: &Library) {
        row.films.truncate(FILMS_MAX);
        row.more &= row.films.len() < FILMS_MAX;
        match self.added.iter().position(|old| old.id == row.id) {
            Some(at) => self.added[at] = row,
            None if self.added.len() < ADDED_MAX => self.added.push(row),
            None => return,
        }
        self.rebuild(library);
    }

    pub(crate) fn remove_row(&mut self, id: &str, library: &Library) {
        self.added.retain(|row| *row.id != *id);
        self.asked.remove(id);
        self.rebuild(library);
    }

    /// The row under focus, if its end is near and more of it can be asked for.
    pub(crate) fn wants_more(&mut self) -> Option<(Arc<str>, usize)> {
        let (row, column) = self.focus();
        let row = self.rows.get(row).filter(|row| row.more)?;
        let have = row.films.len();
        if column + AHEAD < have || self.asked.get(&row.id) == Some(&have) {
            return None;
        }
        self.asked.insert(Arc::clone(&row.id), have);
        Some((Arc::clone(&row.id), have))
    }

    /// Replaces the film wherever it stands; a film nobody knew joins those opened by hand.
    pub(crate) fn put(&mut self, film: Film, library: &Library) {
        let rows = self.catalogue.iter_mut().chain(&mut self.added);
        let films = rows.flat_map(|row| &mut row.films);
        let mut known = false;
        for old in films
            .chain(&mut self.opened)
            .filter(|old| old.id == film.id)
        {
            *old = film.clone();
            known = true;
        }
        if !known {
            self.opened.insert(0, film);
            self.opened.truncate(OPENED_MAX);
        }
        self.rebuild(library);
    }

    /// Makes the rows anew: what can be continued, then the catalogue, then what was opened; or in
    /// the owner's order, without those he hides.
    pub(crate) fn rebuild(&mut self, library: &Library) {
        let marks = library.continuable();
        let begun = marks
            .iter()
            .map(|m| self.listed(&m.film.id).unwrap_or(&m.film).clone());
        let own = [
            Row::new(words::CONTINUE_ROW, begun.collect()),
            Row::new(words::NEXT_ROW, library.next_episodes()),
            Row::new(words::MY_LIST_ROW, library.list.clone()),
        ];
        let rest = [Row::new(words::OPENED_ROW, self.opened.clone())];
        let others = self.catalogue.iter().chain(&self.added).cloned();
        let mut rows: Vec<Row> = own.into_iter().chain(others).chain(rest).collect();
        for row in &mut rows {
            self.sieve.sift(&mut row.films);
        }
        library.wall.sort(&mut rows);
        self.all = rows.iter().map(RowName::of).collect();
        rows.retain(|row| !row.films.is_empty() && library.wall.shows(row.name()));
        self.rows = rows;
        let shown = self.rows.iter().map(|row| RowView {
            title: own_name(&row.title),
            cards: row.films.iter().map(|film| card(film, library)).collect(),
        });
        self.shown = Arc::new(shown.collect());
    }

    /// Those that can stand on the wall, in their order.
    pub(crate) fn all_rows(&self) -> &[RowName] {
        &self.all
    }

    /// The film as its catalogue has it now.
    fn listed(&self, id: &FilmId) -> Option<&Film> {
        let rows = self.catalogue.iter().chain(&self.added);
        let films = rows.flat_map(|row| &row.films);
        films.chain(&self.opened).find(|film| film.id == *id)
    }

    pub(crate) fn film(&self, id: &FilmId) -> Option<&Film> {
        let in_sight = self.films().find(|film| film.id == *id);
        in_sight.or_else(|| self.listed(id))
    }

    /// Index of the row and of the card under focus.
    fn focus(&self) -> (usize, usize) {
        let row = self
            .rows
            .iter()
            .position(|row| row.name() == self.row)
            .unwrap_or(0);
        (row, self.column(row))
    }

    fn column(&self, row: usize) -> usize {
        let Some(row) = self.rows.get(row) else {
            return 0;
        };
        let focused = self.columns.get(row.name());
        focused
            .and_then(|id| row.films.iter().position(|film| film.id == *id))
            .unwrap_or(0)
    }

    /// The film under focus, if the focus is on the wall.
    pub(crate) fn focused(&self) -> Option<&Film> {
        self.at_focus().filter(|_| self.door.is_none())
    }

    /// The film that has the focus on the wall, or had it last.
    fn at_focus(&self) -> Option<&Film> {
        let (row, column) = self.focus();
        self.rows.get(row)?.films.get(column)
    }

    fn doors(&self) -> impl Iterator<Item = Door> {
        let there = |door: &Door| match door {
            Door::Search | Door::AddOns | Door::Settings | Door::Power => true,
            Door::Who => self.who.is_some(),
            Door::Network | Door::Updates => self.own.contains(door),
        };
        DOORS.into_iter().filter(there)
    }

    /// A place that is there at times is there from now on, or no more; the focus stays on its
    /// place, and beside one that goes.
    pub(crate) fn set_door(&mut self, door: Door, there: bool) {
        let focused = self.door();
        self.own.retain(|it| *it != door);
        if there {
            self.own.push(door);
        }
        let same = self.doors().position(|it| Some(it) == focused);
        let last = self.doors().count() - 1;
        self.door = self.door.map(|at| same.unwrap_or(at.min(last)));
    }

    /// The place above the wall that has the focus.
    pub(crate) fn door(&self) -> Option<Door> {
        let at = self.door?;
        self.doors().nth(at)
    }

    /// Posters of films on it, without marks, from the heads of all rows; our own drawings where it
    /// has no others.
    pub(crate) fn posters(&self, most: usize) -> Vec<Card> {
        let rows = self.shown.iter().map(|row| row.cards.len());
        let longest = rows.max().unwrap_or(0);
        let column = |column| {
            self.shown
                .iter()
                .filter_map(move |row| row.cards.get(column))
        };
        let painted = |card: &&Card| card.poster.is_some();
        let any = (0..longest).flat_map(column).any(|card| painted(&card));
        let mut cards: Vec<Card> = Vec::new();
        for card in (0..longest).flat_map(column) {
            let known = cards.iter().any(|it| it.film == card.film);
            if !known && (!any || painted(&card)) {
                cards.push(Card {
                    badge: None,
                    seen_permille: None,
                    watched: false,
                    ..card.clone()
                });
            }
            if cards.len() == most {
                break;
            }
        }
        cards
    }

    /// Those too that are not for who watches.
    pub(crate) fn all_films(&self) -> impl Iterator<Item = &Film> {
        let rows = self.catalogue.iter().chain(&self.added);
        rows.flat_map(|row| &row.films)
    }

    /// Every film in sight on it, some more than once.
    pub(crate) fn films(&self) -> impl Iterator<Item = &Film> {
        self.rows.iter().flat_map(|row| &row.films)
    }

    /// Arrows and page keys move the focus, arrows from the first row to what is above the wall;
    /// Back and Home take it to the first card.
    pub(crate) fn key(&mut self, key: Key) {
        let (row, column) = self.focus();
        if let Some(at) = self.door {
            match key {
                Key::Left => self.door = Some(at.saturating_sub(1)),
                Key::Right => self.door = Some((at + 1).min(self.doors().count() - 1)),
                Key::Down | Key::Back | Key::Home => self.door = None,
                _ => {}
            }
            return;
        }
        match key {
            Key::Up if row == 0 => self.door = Some(0),
            Key::Up => self.look_at(row.saturating_sub(1), None),
            Key::Down => self.look_at(row + 1, None),
            Key::Left => self.look_at(row, Some(column.saturating_sub(1))),
            Key::Right => self.look_at(row, Some(column + 1)),
            Key::PageUp | Key::Previous => self.look_at(row.saturating_sub(PAGE_ROWS), None),
            Key::PageDown | Key::Next => self.look_at(row + PAGE_ROWS, None),
            Key::Rewind => self.look_at(row, Some(column.saturating_sub(PAGE_CARDS))),
            Key::Forward => self.look_at(row, Some(column + PAGE_CARDS)),
            Key::Back | Key::Home => {
                self.columns.clear();
                self.look_at(0, Some(0));
            }
            _ => {}
        }
    }

    /// The row under focus is gone along faster by letters.
    pub(crate) fn has_letters(&self) -> bool {
        let row = self.rows.get(self.focus().0);
        row.is_some_and(|row| letters::is_worth_it(&row.films))
    }

    /// To the first film of the next letter of its row, or of the one before.
    pub(crate) fn jump_letter(&mut self, on: bool) {
        let (row, column) = self.focus();
        let films = self.rows.get(row).map(|row| &*row.films);
        if let Some(there) = films.and_then(|films| letters::jump(films, column, on)) {
            self.look_at(row, Some(there));
        }
    }

    /// The focus is on the films.
    pub(crate) fn look_down(&mut self) {
        self.door = None;
        self.letters = None;
    }

    /// The focus goes to the viewer's own list, if there is one.
    pub(crate) fn look_at_list(&mut self) {
        let list = |row: &Row| row.title == words::MY_LIST_ROW;
        if let Some(row) = self.rows.iter().position(list) {
            self.door = None;
            self.look_at(row, None);
        }
    }

    /// The focus stays on its card whatever rows come above it.
    pub(crate) fn stay(&mut self) {
        let (row, column) = self.focus();
        self.look_at(row, Some(column));
    }

    fn look_at(&mut self, row: usize, column: Option<usize>) {
        let Some(last) = self.rows.len().checked_sub(1) else {
            return;
        };
        let row = &self.rows[row.min(last)];
        row.name().clone_into(&mut self.row);
        if let Some(column) = column {
            let film = &row.films[column.min(row.films.len() - 1)];
            self.columns.insert(row.name().to_owned(), film.id.clone());
        }
    }

    pub(crate) fn view(&self) -> HomeView {
        let (row, _) = self.focus();
        let film = self.at_focus();
        let letter = film.filter(|_| self.letters.is_some());
        let (empty, help) = match self.all_films().next() {
            None => (words::EMPTY_WALL, words::EMPTY_WALL_HELP),
            Some(_) => (words::NOTHING_FOR_AGE, words::NOTHING_FOR_AGE_HELP),
        };
        HomeView {
            rows: Arc::clone(&self.shown),
            row,
            columns: (0..self.rows.len()).map(|row| self.column(row)).collect(),
            menu: self
                .doors()
                .map(|it| it.name(self.who.as_deref()))
                .collect(),
            menu_focus: self.door,
            letter: letter.map(|film| letters::initial(&film.title).into()),
            title: film.map_or_else(|| empty.into(), |film| film.title.clone()),
            facts: film.map(words::facts_with_licence).unwrap_or_default(),
            synopsis: film.map_or_else(|| help.into(), |film| film.synopsis.clone()),
        }
    }
}

/// The film as a poster on the wall.
pub(crate) fn card(film: &Film, library: &Library) -> Card {
    let mark = library.marks.get(&film.id);
    Card {
        film: film.id.clone(),
        title: film.title.clone(),
        year: film.year,
        poster: film.poster.clone(),
        colours: film.colours,
        badge: film.badge.clone(),
        seen_permille: mark.and_then(crate::Mark::seen_permille),
        watched: mark.is_some_and(|mark| mark.watched),
    }
}
