//! The page where rows of the wall are shown or hidden, and put in order.
//!
//! OK shows or hides one. The arrows to the sides carry it up and down, and so do up and down once
//! it is picked up by a long OK. The focus stays with its row, whatever rows come meanwhile.

use crate::app::{App, Place};
use crate::saying::own_name;
use crate::view::MenuView;
use crate::wall::RowName;
use crate::{Effect, Key, words};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct RowsPage {
    /// Name of the row under focus; one that is gone: the first.
    focus: String,
    /// It is carried by up and down.
    carried: bool,
}

/// What a key on the page asks for.
enum Asked {
    Nothing,
    Leave,
    Switch,
    /// Into the place of that one.
    Carry(usize),
}

impl RowsPage {
    fn place(&self, rows: &[RowName]) -> usize {
        let place = rows.iter().position(|row| row.name == self.focus);
        place.unwrap_or(0)
    }

    fn key(&mut self, key: Key, rows: &[RowName]) -> Asked {
        let at = self.place(rows);
        let (above, below) = (at.saturating_sub(1), at + 1);
        let to = match key {
            Key::Back | Key::Ok | Key::Menu | Key::Context if self.carried => {
                self.carried = false;
                return Asked::Nothing;
            }
            Key::Up if self.carried => return Asked::Carry(above),
            Key::Down if self.carried => return Asked::Carry(below),
            Key::Left => return Asked::Carry(above),
            Key::Right => return Asked::Carry(below),
            Key::Up => above,
            Key::Down => below,
            Key::Context | Key::Menu => {
                self.carried = true;
                return Asked::Nothing;
            }
            Key::Ok => return Asked::Switch,
            Key::Back | Key::Stop => return Asked::Leave,
            _ => at,
        };
        if let Some(row) = rows.get(to) {
            row.name.clone_into(&mut self.focus);
        }
        Asked::Nothing
    }
}

impl App {
    pub(crate) fn rows_page(&self) -> Place {
        let first = self.wall.all_rows().first();
        Place::Rows(RowsPage {
            focus: first.map(|row| row.name.clone()).unwrap_or_default(),
            carried: false,
        })
    }

    pub(crate) fn rows_key(&mut self, mut page: RowsPage, key: Key, effects: &mut Vec<Effect>) {
        let rows = self.wall.all_rows();
        let asked = page.key(key, rows);
        let at = page.place(rows);
        let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
        self.place = Place::Rows(page);
        let mut wall = self.library.wall.clone();
        match (asked, names.get(at)) {
            (Asked::Leave, _) => return self.back(effects),
            (Asked::Switch, Some(name)) => wall.switch(name, &names),
            (Asked::Carry(to), Some(name)) if to != at => {
                if let Some(other) = names.get(to) {
                    wall.swap(name, other, &names);
                }
            }
            (Asked::Nothing | Asked::Switch | Asked::Carry(_), _) => {}
        }
        if wall != self.library.wall {
            self.library.wall = wall;
            self.wall.rebuild(&self.library);
            effects.push(Effect::SaveLibrary(self.library.clone()));
        }
    }

    pub(crate) fn rows_view(&self, page: &RowsPage) -> MenuView {
        let rows = self.wall.all_rows();
        let focus = page.place(rows);
        let shown = |row: &RowName| words::on_or_off(self.library.wall.shows(&row.name)).into();
        let focused = rows.get(focus).map(|row| own_name(&row.title));
        let hint = if page.carried {
            words::CARRY_HINT
        } else {
            words::ROWS_HINT
        };
        MenuView {
            title: words::WALL_ROWS.into(),
            labels: rows.iter().map(|row| own_name(&row.title)).collect(),
            notes: rows.iter().map(shown).collect(),
            chosen: page.carried.then_some(focus),
            focus,
            headline: focused.unwrap_or_default(),
            message: words::WALL_ROWS_HELP.into(),
            ask: None,
            hint: hint.into(),
        }
    }
}
