//! The keyboard on the screen: letters that the arrows move over.
//!
//! A grid in the order of the alphabet, which everybody knows and which is quicker by arrows than
//! the order of typewriters. For an address there are its marks too. Rows wrap to the left and
//! right, so that no key is far.

use std::sync::{Arc, OnceLock};

use crate::saying::{Message, spoken};
use crate::{Key, Language, words};

/// What a key on the screen does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stroke {
    Letter(char),
    Delete,
    Clear,
    Done,
}

/// Which keys there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Layout {
    /// For titles, which are looked for as they are typed.
    #[default]
    Words,
    /// For an address of the web.
    Address,
}

/// Letters by row.
const WORDS: &[&str] = &["abcdef", "ghijkl", "mnopqr", "stuvwx", "yz1234", "567890"];
const ADDRESS: &[&str] = &[
    "abcdef", "ghijkl", "mnopqr", "stuvwx", "yz1234", "567890", "./:-_~", "=?&%@+",
];

/// The row below them, as it is written on the keys.
const WORDS_EDITING: [(Message, Stroke); 3] = [
    (words::SPACE, Stroke::Letter(' ')),
    (words::DELETE, Stroke::Delete),
    (words::CLEAR, Stroke::Clear),
];
const ADDRESS_EDITING: [(Message, Stroke); 3] = [
    (words::DELETE, Stroke::Delete),
    (words::CLEAR, Stroke::Clear),
    (words::DONE, Stroke::Done),
];

type Labels = Arc<Vec<Vec<String>>>;

/// Written once for each language.
type Written = [OnceLock<Labels>; Language::COUNT];

static WORDS_LABELS: Written = [const { OnceLock::new() }; Language::COUNT];
static ADDRESS_LABELS: Written = [const { OnceLock::new() }; Language::COUNT];

impl Layout {
    fn letters(self) -> &'static [&'static str] {
        match self {
            Layout::Words => WORDS,
            Layout::Address => ADDRESS,
        }
    }

    fn editing(self) -> [(Message, Stroke); 3] {
        match self {
            Layout::Words => WORDS_EDITING,
            Layout::Address => ADDRESS_EDITING,
        }
    }

    fn written(self) -> Labels {
        let letters = self.letters().iter();
        let letters = letters.map(|row| row.chars().map(String::from).collect());
        let editing = self
            .editing()
            .map(|(label, _)| String::from(label))
            .to_vec();
        Arc::new(letters.chain([editing]).collect())
    }

    fn labels(self) -> &'static Labels {
        let written = match self {
            Layout::Words => &WORDS_LABELS,
            Layout::Address => &ADDRESS_LABELS,
        };
        written[spoken() as usize].get_or_init(|| self.written())
    }
}

/// Where the focus is on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Keyboard {
    layout: Layout,
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
    pub(crate) fn new(layout: Layout) -> Keyboard {
        Keyboard {
            layout,
            ..Keyboard::default()
        }
    }

    pub(crate) fn labels(self) -> Arc<Vec<Vec<String>>> {
        Arc::clone(self.layout.labels())
    }

    pub(crate) fn focus(self) -> (usize, usize) {
        (self.row, self.column)
    }

    pub(crate) fn key(&mut self, key: Key) -> Option<Struck> {
        let labels = self.layout.labels();
        let width = labels[self.row].len();
        match key {
            Key::Left => self.column = (self.column + width - 1) % width,
            Key::Right => self.column = (self.column + 1) % width,
            Key::Up if self.row == 0 => return Some(Struck::Above),
            Key::Up => self.go_to(self.row - 1),
            Key::Down if self.row + 1 == labels.len() => return Some(Struck::Below),
            Key::Down => self.go_to(self.row + 1),
            Key::Ok => return Some(Struck::Stroke(self.stroke())),
            _ => return None,
        }
        Some(Struck::Moved)
    }

    /// From the first row to the last, and back: where nothing lies beyond the keys.
    pub(crate) fn wrap(&mut self) {
        let last = self.layout.labels().len() - 1;
        self.go_to(if self.row == last { 0 } else { last });
    }

    /// Rows differ in width: the focus goes to the key at the same share of it.
    fn go_to(&mut self, row: usize) {
        let labels = self.layout.labels();
        let (from, to) = (labels[self.row].len(), labels[row].len());
        self.column = self.column * to / from;
        self.row = row;
    }

    fn stroke(self) -> Stroke {
        match self.layout.letters().get(self.row) {
            Some(row) => Stroke::Letter(char::from(row.as_bytes()[self.column])),
            None => self.layout.editing()[self.column].1,
        }
    }
}
