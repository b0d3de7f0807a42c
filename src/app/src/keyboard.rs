//! The keyboard on the screen: letters that the arrows move over.
//!
//! A grid in the order of the alphabet, which everybody knows and which is quicker by arrows than
//! the order of typewriters. Titles are looked for in the letters of the box's language, where
//! those are few enough for arrows, and in Latin ones; for an address of the web there are its
//! marks too, for one of a network digits and its marks alone. Rows wrap to the left and right, so
//! that no key is far.

use std::sync::{Arc, OnceLock};

use crate::saying::{Message, spoken};
use crate::{Key, Language, hangul, words};

/// What a key on the screen does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stroke {
    Letter(char),
    Delete,
    Clear,
    Done,
    /// Other letters take the place of these; seen by nobody but the keyboard.
    Layout(Layout),
    /// What is typed is shown, or hidden.
    Show,
}

impl Stroke {
    /// Changes what is typed, which has at most so many letters; false: it is nothing for that, or
    /// no letter more fits.
    pub(crate) fn edit(self, text: &mut String, most: usize) -> bool {
        match self {
            Stroke::Letter(letter) if text.chars().count() < most => hangul::push(text, letter),
            Stroke::Letter(_) | Stroke::Done | Stroke::Layout(_) | Stroke::Show => return false,
            Stroke::Delete => hangul::pop(text),
            Stroke::Clear => text.clear(),
        }
        true
    }
}

/// Which letters there are of all that a password can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    Small,
    Large,
    Signs,
}

/// In whose letters titles are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    Latin,
    /// Of the language that is spoken.
    Own,
}

/// Which keys there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// For titles, which are looked for as they are typed.
    Words(Script),
    /// For a name, which is typed whole.
    Name(Script),
    /// For an address of the web.
    Address,
    /// For an address of a network: digits as on telephones.
    Numbers,
    /// For a password, which may have every letter that ASCII has.
    Secret(Layer),
}

/// Letters by row.
const WORDS: &[&str] = &["abcdef", "ghijkl", "mnopqr", "stuvwx", "yz1234", "567890"];
const ADDRESS: &[&str] = &[
    "abcdef", "ghijkl", "mnopqr", "stuvwx", "yz1234", "567890", "./:-_~", "=?&%@+",
];

const NUMBERS: &[&str] = &["123", "456", "789", ".0/"];

/// Of these languages rows of their own letters, each as wide as the others. Where one reads from
/// the right the alphabet begins there. Of Korean there are the letters that syllables are put
/// together of (`hangul`). Other syllables, and ideographs, are for the keyboards of phones.
const RUSSIAN: &[&str] = &["абвгде", "ёжзийк", "лмнопр", "стуфхц", "чшщъыь", "эюя-'."];
const UKRAINIAN: &[&str] = &["абвгґд", "еєжзиі", "їйклмн", "опрсту", "фхцчшщ", "ьюя-'."];
const HEBREW: &[&str] = &["והדגבא", "לכיטחז", "צפעסנמ", "ןםתשרק", ".'-ךץף"];
const ARABIC: &[&str] = &["حجثتبا", "سزرذدخ", "عظطضصش", "ملكقفغ", "آءيوهن", "ىةئؤإأ"];

const KOREAN: &[&str] = &[
    "ㄱㄴㄷㄹㅁㅂ",
    "ㅅㅇㅈㅊㅋㅌ",
    "ㅍㅎㄲㄸㅃㅆ",
    "ㅉㅏㅑㅓㅕㅗ",
    "ㅛㅜㅠㅡㅣㅐ",
    "ㅔㅒㅖ",
];

const LARGE: &[&str] = &["ABCDEF", "GHIJKL", "MNOPQR", "STUVWX", "YZ1234", "567890"];
const SIGNS: &[&str] = &["!?.,:;", "-_+=/\\", "@#$%&*", "()[]{}", "<>'\"`^", "|~"];

/// What is written on a key below the letters.
#[derive(Debug, Clone, Copy)]
enum Label {
    /// Letters stand for all of their kind, in every language.
    Letters(&'static str),
    Word(Message),
    /// The first three letters of the language's own.
    Own,
}

/// The rows below them.
type Editing = &'static [&'static [(Label, Stroke)]];

const SPACE: (Label, Stroke) = (Label::Word(words::SPACE), Stroke::Letter(' '));
const DELETE: (Label, Stroke) = (Label::Word(words::DELETE), Stroke::Delete);
const CLEAR: (Label, Stroke) = (Label::Word(words::CLEAR), Stroke::Clear);
const DONE: (Label, Stroke) = (Label::Word(words::DONE), Stroke::Done);
const SHOW: (Label, Stroke) = (Label::Word(words::DOTS), Stroke::Show);
const TO_SMALL: (Label, Stroke) = (Label::Letters("abc"), to(Layout::Secret(Layer::Small)));
const TO_LARGE: (Label, Stroke) = (Label::Letters("ABC"), to(Layout::Secret(Layer::Large)));
const TO_SIGNS: (Label, Stroke) = (Label::Letters("#+="), to(Layout::Secret(Layer::Signs)));
const TO_LATIN: (Label, Stroke) = (Label::Letters("abc 123"), to(Layout::Words(Script::Latin)));
const TO_OWN: (Label, Stroke) = (Label::Own, to(Layout::Words(Script::Own)));
const NAME_TO_LATIN: (Label, Stroke) = (Label::Letters("abc 123"), to(Layout::Name(Script::Latin)));
const NAME_TO_OWN: (Label, Stroke) = (Label::Own, to(Layout::Name(Script::Own)));

const fn to(layout: Layout) -> Stroke {
    Stroke::Layout(layout)
}

const WORDS_EDITING: Editing = &[&[SPACE, DELETE, CLEAR]];
const LATIN_EDITING: Editing = &[&[SPACE, DELETE, CLEAR], &[TO_OWN]];
const OWN_EDITING: Editing = &[&[SPACE, DELETE, CLEAR], &[TO_LATIN]];
const NAME_EDITING: Editing = &[&[SPACE, DELETE, DONE]];
const LATIN_NAME_EDITING: Editing = &[&[NAME_TO_OWN], &[SPACE, DELETE, DONE]];
const OWN_NAME_EDITING: Editing = &[&[NAME_TO_LATIN], &[SPACE, DELETE, DONE]];
const ADDRESS_EDITING: Editing = &[&[DELETE, CLEAR, DONE]];
const SECRET_EDITING: &[(Label, Stroke)] = &[DELETE, SHOW, DONE];
const SMALL_EDITING: Editing = &[&[TO_LARGE, TO_SIGNS, SPACE], SECRET_EDITING];
const LARGE_EDITING: Editing = &[&[TO_SMALL, TO_SIGNS, SPACE], SECRET_EDITING];
const SIGNS_EDITING: Editing = &[&[TO_LARGE, TO_SMALL, SPACE], SECRET_EDITING];

/// The letters of the language that is spoken; none: Latin ones, or more than arrows can reach.
fn own_letters() -> Option<&'static [&'static str]> {
    match spoken() {
        Language::Russian => Some(RUSSIAN),
        Language::Ukrainian => Some(UKRAINIAN),
        Language::Hebrew => Some(HEBREW),
        Language::Arabic => Some(ARABIC),
        Language::Korean => Some(KOREAN),
        _ => None,
    }
}

type Labels = Arc<Vec<Vec<String>>>;

/// Written once for each language.
type Written = [OnceLock<Labels>; Language::COUNT];

static LATIN_LABELS: Written = [const { OnceLock::new() }; Language::COUNT];
static OWN_LABELS: Written = [const { OnceLock::new() }; Language::COUNT];
static LATIN_NAME_LABELS: Written = [const { OnceLock::new() }; Language::COUNT];
static OWN_NAME_LABELS: Written = [const { OnceLock::new() }; Language::COUNT];
static ADDRESS_LABELS: Written = [const { OnceLock::new() }; Language::COUNT];
static NUMBERS_LABELS: Written = [const { OnceLock::new() }; Language::COUNT];
static SMALL_LABELS: Written = [const { OnceLock::new() }; Language::COUNT];
static LARGE_LABELS: Written = [const { OnceLock::new() }; Language::COUNT];
static SIGNS_LABELS: Written = [const { OnceLock::new() }; Language::COUNT];

impl Label {
    fn written(self) -> String {
        match self {
            Label::Letters(letters) => letters.to_owned(),
            Label::Word(word) => word.into(),
            Label::Own => {
                let first = own_letters().and_then(|rows| rows.first()).copied();
                let mut first: Vec<char> = first.unwrap_or_default().chars().collect();
                if spoken().is_rtl() {
                    first.reverse();
                }
                first.into_iter().take(3).collect()
            }
        }
    }
}

impl Layout {
    /// For titles, in the language that is spoken.
    pub(crate) fn words() -> Layout {
        Layout::Words(match own_letters() {
            Some(_) => Script::Own,
            None => Script::Latin,
        })
    }

    /// For a name, in the language that is spoken.
    pub(crate) fn name() -> Layout {
        Layout::Name(match own_letters() {
            Some(_) => Script::Own,
            None => Script::Latin,
        })
    }

    fn letters(self) -> &'static [&'static str] {
        match self {
            Layout::Words(Script::Own) | Layout::Name(Script::Own) => {
                own_letters().unwrap_or(WORDS)
            }
            Layout::Words(Script::Latin)
            | Layout::Name(Script::Latin)
            | Layout::Secret(Layer::Small) => WORDS,
            Layout::Address => ADDRESS,
            Layout::Numbers => NUMBERS,
            Layout::Secret(Layer::Large) => LARGE,
            Layout::Secret(Layer::Signs) => SIGNS,
        }
    }

    fn editing(self) -> Editing {
        match self {
            Layout::Words(Script::Own) => OWN_EDITING,
            Layout::Words(Script::Latin) if own_letters().is_some() => LATIN_EDITING,
            Layout::Words(Script::Latin) => WORDS_EDITING,
            Layout::Name(Script::Own) => OWN_NAME_EDITING,
            Layout::Name(Script::Latin) if own_letters().is_some() => LATIN_NAME_EDITING,
            Layout::Name(Script::Latin) => NAME_EDITING,
            Layout::Address | Layout::Numbers => ADDRESS_EDITING,
            Layout::Secret(Layer::Small) => SMALL_EDITING,
            Layout::Secret(Layer::Large) => LARGE_EDITING,
            Layout::Secret(Layer::Signs) => SIGNS_EDITING,
        }
    }

    fn written(self) -> Labels {
        let letters = self.letters().iter();
        let letters = letters.map(|row| row.chars().map(String::from).collect());
        let editing = self.editing().iter();
        let editing = editing.map(|row| row.iter().map(|(label, _)| label.written()).collect());
        Arc::new(letters.chain(editing).collect())
    }

    fn labels(self) -> &'static Labels {
        let written = match self {
            Layout::Words(Script::Latin) => &LATIN_LABELS,
            Layout::Words(Script::Own) => &OWN_LABELS,
            Layout::Name(Script::Latin) => &LATIN_NAME_LABELS,
            Layout::Name(Script::Own) => &OWN_NAME_LABELS,
            Layout::Address => &ADDRESS_LABELS,
            Layout::Numbers => &NUMBERS_LABELS,
            Layout::Secret(Layer::Small) => &SMALL_LABELS,
            Layout::Secret(Layer::Large) => &LARGE_LABELS,
            Layout::Secret(Layer::Signs) => &SIGNS_LABELS,
        };
        written[spoken() as usize].get_or_init(|| self.written())
    }
}

/// Where the focus is on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Keyboard {
    layout: Layout,
    row: usize,
    column: usize,
}

/// What a key came to where something is typed whole, and then said to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Typed {
    Nothing,
    Stroke(Stroke),
    Done,
    Leave,
}

/// What an arrow or OK came to, or a key that types by itself.
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
        // Where the alphabet begins.
        let own = matches!(
            layout,
            Layout::Words(Script::Own) | Layout::Name(Script::Own)
        );
        let from_right = own && spoken().is_rtl();
        let last = layout.labels()[0].len() - 1;
        Keyboard {
            layout,
            row: 0,
            column: if from_right { last } else { 0 },
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
            Key::Ok => match self.stroke() {
                Stroke::Layout(layout) => self.turn(layout),
                stroke => return Some(Struck::Stroke(stroke)),
            },
            Key::Digit(digit) => {
                return Some(Struck::Stroke(Stroke::Letter(char::from(b'0' + digit))));
            }
            Key::Delete => return Some(Struck::Stroke(Stroke::Delete)),
            _ => return None,
        }
        Some(Struck::Moved)
    }

    /// The same on a page of its own: nothing lies beyond the keys, and Play says that it is done.
    pub(crate) fn type_whole(&mut self, key: Key) -> Typed {
        match (self.key(key), key) {
            (_, Key::Back) => Typed::Leave,
            (Some(Struck::Stroke(Stroke::Done)), _) | (None, Key::Play | Key::PlayPause) => {
                Typed::Done
            }
            (Some(Struck::Stroke(stroke)), _) => Typed::Stroke(stroke),
            (Some(Struck::Above | Struck::Below), _) => {
                self.wrap();
                Typed::Nothing
            }
            (Some(Struck::Moved) | None, _) => Typed::Nothing,
        }
    }

    /// Other letters; the focus stays on the key that brings these back.
    fn turn(&mut self, layout: Layout) {
        let from_end = self.layout.labels().len() - self.row;
        self.layout = layout;
        self.row = self.layout.labels().len() - from_end;
    }

    /// From the first row to the last, and back.
    fn wrap(&mut self) {
        let last = self.layout.labels().len() - 1;
        self.go_to(if self.row == last { 0 } else { last });
    }

    /// To the last key, which says that all is typed.
    pub(crate) fn end(&mut self) {
        let labels = self.layout.labels();
        self.row = labels.len() - 1;
        self.column = labels[self.row].len() - 1;
    }

    /// Rows differ in width: the focus goes to the key at the same share of it.
    fn go_to(&mut self, row: usize) {
        let labels = self.layout.labels();
        let (from, to) = (labels[self.row].len(), labels[row].len());
        self.column = self.column * to / from;
        self.row = row;
    }

    fn stroke(self) -> Stroke {
        let letters = self.layout.letters();
        match letters.get(self.row) {
            Some(row) => Stroke::Letter(row.chars().nth(self.column).unwrap_or(' ')),
            None => self.layout.editing()[self.row - letters.len()][self.column].1,
        }
    }
}
