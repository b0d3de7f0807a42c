//! The wall: which rows of films there are and which card has the focus.
//!
//! The focus is a film, not a number: when rows come and go it stays with its film.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::library::Library;
use crate::view::{Card, HomeView, RowView};
use crate::{Film, FilmId, Key, Row, words};

/// Films opened by hand that are kept on the wall; the oldest leaves first.
const OPENED_MAX: usize = 50;

#[derive(Debug, Default)]
pub(crate) struct Wall {
    catalogue: Vec<Row>,
    opened: Vec<Film>,
    /// The rows as shown; rebuilt when films or marks change.
    rows: Vec<Row>,
    shown: Arc<Vec<RowView>>,
    /// Title of the row under focus.
    row: String,
    /// The focused film of each row by its title.
    columns: BTreeMap<String, FilmId>,
}

impl Wall {
    pub(crate) fn set_catalogue(&mut self, rows: Vec<Row>, library: &Library) {
        self.catalogue = rows;
        self.rebuild(library);
    }

    /// Replaces the film wherever it stands; a film nobody knew joins those opened by hand.
    pub(crate) fn put(&mut self, film: Film, library: &Library) {
        let films = self.catalogue.iter_mut().flat_map(|row| &mut row.films);
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

    /// Makes the rows anew: what can be continued, then the catalogue, then what was opened.
    pub(crate) fn rebuild(&mut self, library: &Library) {
        let marks = library.continuable();
        let begun = marks
            .iter()
            .map(|m| self.listed(&m.film.id).unwrap_or(&m.film).clone());
        let begun = Row {
            title: words::CONTINUE_ROW.into(),
            films: begun.collect(),
        };
        let opened = Row {
            title: words::OPENED_ROW.into(),
            films: self.opened.clone(),
        };
        let catalogue = self.catalogue.iter().cloned();
        let rows = std::iter::once(begun)
            .chain(catalogue)
            .chain(std::iter::once(opened));
        self.rows = rows.filter(|row| !row.films.is_empty()).collect();
        let shown = self.rows.iter().map(|row| RowView {
            title: row.title.clone(),
            cards: row.films.iter().map(|film| card(film, library)).collect(),
        });
        self.shown = Arc::new(shown.collect());
    }

    /// The film as its catalogue has it now.
    fn listed(&self, id: &FilmId) -> Option<&Film> {
        let films = self.catalogue.iter().flat_map(|row| &row.films);
        films.chain(&self.opened).find(|film| film.id == *id)
    }

    pub(crate) fn film(&self, id: &FilmId) -> Option<&Film> {
        self.rows
            .iter()
            .flat_map(|row| &row.films)
            .find(|film| film.id == *id)
    }

    /// Index of the row and of the card under focus.
    fn focus(&self) -> (usize, usize) {
        let row = self
            .rows
            .iter()
            .position(|row| row.title == self.row)
            .unwrap_or(0);
        (row, self.column(row))
    }

    fn column(&self, row: usize) -> usize {
        let Some(row) = self.rows.get(row) else {
            return 0;
        };
        let focused = self.columns.get(&row.title);
        focused
            .and_then(|id| row.films.iter().position(|film| film.id == *id))
            .unwrap_or(0)
    }

    pub(crate) fn focused(&self) -> Option<&Film> {
        let (row, column) = self.focus();
        self.rows.get(row)?.films.get(column)
    }

    /// Arrows move the focus; Back and Home take it to the first card.
    pub(crate) fn key(&mut self, key: Key) {
        let (row, column) = self.focus();
        match key {
            Key::Up => self.look_at(row.saturating_sub(1), None),
            Key::Down => self.look_at(row + 1, None),
            Key::Left => self.look_at(row, Some(column.saturating_sub(1))),
            Key::Right => self.look_at(row, Some(column + 1)),
            Key::Back | Key::Home => {
                self.columns.clear();
                self.look_at(0, Some(0));
            }
            _ => {}
        }
    }

    fn look_at(&mut self, row: usize, column: Option<usize>) {
        let Some(last) = self.rows.len().checked_sub(1) else {
            return;
        };
        let row = &self.rows[row.min(last)];
        self.row.clone_from(&row.title);
        if let Some(column) = column {
            let film = &row.films[column.min(row.films.len() - 1)];
            self.columns.insert(row.title.clone(), film.id.clone());
        }
    }

    pub(crate) fn view(&self) -> HomeView {
        let (row, _) = self.focus();
        let film = self.focused();
        HomeView {
            rows: Arc::clone(&self.shown),
            row,
            columns: (0..self.rows.len()).map(|row| self.column(row)).collect(),
            title: film.map_or_else(|| words::EMPTY_WALL.to_owned(), |film| film.title.clone()),
            facts: film.map(words::facts_with_licence).unwrap_or_default(),
            synopsis: film.map_or_else(
                || words::EMPTY_WALL_HELP.to_owned(),
                |film| film.synopsis.clone(),
            ),
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
