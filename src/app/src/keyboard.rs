//! The keyboard on the screen: letters that the arrows move over.
//!
//! A grid in the order of the alphabet, which everybody knows and which is quicker by arrows than
//! the order of typewriters. Rows wrap to the left and right, so that no key is far.

use std::sync::{Arc, LazyLock};

use crate::Key;

/// What a key on the screen does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stroke {
    Letter(char),
    Delete,
    Clear,
}

/// Letters by row.
const LETTERS: [&str; 6] = ["abcdef", "ghijkl", "mnopqr", "stuvwx", "yz1234", "567890"];

/// The row below them, as it is written on the keys.
const EDITING: [(&str, Stroke); 3] = [
    ("space", Stroke::Letter(' ')),
    ("delete", Stroke::Delete),
    ("clear", Stroke::Clear),
];

static LABELS: LazyLock<Arc<Vec<Vec<String>>>> = LazyLock::new(|| {
    let letters = LETTERS.map(|row| row.chars().map(String::from).collect());
    let editing = EDITING.map(|(label, _)| label.to_owned()).to_vec();
    Arc::new(letters.into_iter().chain([editing]).collect())
});

/// Where the focus is on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Keyboard {
    row: usize,
    column: usize,
}

/// What an arrow or OK came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Struck {
    Moved,
    Stroke(Stroke),
    /// Down from the last row.
    Below,
    /// Up from the first row.
    Above,
}

impl Keyboard {
    pub(crate) fn labels() -> Arc<Vec<Vec<String>>> {
        Arc::clone(&LABELS)
    }

    pub(crate) fn focus(self) -> (usize, usize) {
        (self.row, self.column)
    }

    pub(crate) fn key(&mut self, key: Key) -> Option<Struck> {
        let width = LABELS[self.row].len();
        match key {
            Key::Left => self.column = (self.column + width - 1) % width,
            Key::Right => self.column = (self.column + 1) % width,
            Key::Up if self.row == 0 => return Some(Struck::Above),
            Key::Up => self.go_to(self.row - 1),
            Key::Down if self.row + 1 == LABELS.len() => return Some(Struck::Below),
            Key::Down => self.go_to(self.row + 1),
            Key::Ok => return Some(Struck::Stroke(self.stroke())),
            _ => return None,
        }
        Some(Struck::Moved)
    }

    /// Rows differ in width: the focus goes to the key at the same share of it.
    fn go_to(&mut self, row: usize) {
        let (from, to) = (LABELS[self.row].len(), LABELS[row].len());
        self.column = self.column * to / from;
        self.row = row;
    }

    fn stroke(self) -> Stroke {
        match LETTERS.get(self.row) {
            Some(row) => Stroke::Letter(char::from(row.as_bytes()[self.column])),
            None => EDITING[self.column].1,
        }
    }
}
