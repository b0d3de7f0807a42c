//! Searching: words from the keyboard on the screen, from a phone or a keyboard, and the films
//! that were found, from everybody who was asked, each once.
//!
//! While nothing is typed, what led to a film before is offered once more.
//!
//! A film that several know is one film here: the same name in the add-on protocol, or the same
//! title and year. The first who told it is kept, and filled up with what the others know more.

use std::sync::Arc;
use std::time::Duration;

use crate::keyboard::{Keyboard, Layout, Stroke, Struck};
use crate::library::Library;
use crate::limit::Sieve;
use crate::search_filters::Filters;
use crate::view::{Card, FilterView, SearchView};
use crate::{Answer, Film, Key, Quest, Time, Title, hangul, wall, words};

/// Nobody types titles longer than this by arrows; a phone may paste anything.
const TEXT_CHARS: usize = 80;

/// Films shown for one search.
const FOUND_MAX: usize = 300;

/// After the last letter, before anybody is asked: the time between two letters by arrows.
const PAUSE: Duration = Duration::from_millis(350);

/// Letters from which on the world is asked: one finds everything.
const LETTERS_MIN: usize = 2;

/// Cards side by side on the screen.
const COLUMNS: usize = 5;

/// Earlier searches that are offered: side by side.
const RECENT_MAX: usize = 5;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SearchPage {
    text: String,
    /// Earlier searches, the latest first.
    recent: Vec<String>,
    keyboard: Keyboard,
    focus: Focus,
    last_film: usize,
    /// As well as they fit.
    found: Vec<Found>,
    filters: Filters,
    /// Places of the films that are shown among those found, in their order.
    shown: Vec<usize>,
    cards: Arc<Vec<Card>>,
    quest: Option<Quest>,
    /// Nobody has said yet how many are asked.
    fresh: bool,
    asked: u16,
    answered: u16,
    changed_at: Option<Time>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Keyboard,
    /// Among the earlier searches, which are there while nothing is typed.
    Recent(usize),
    Filter(usize),
    /// Among those shown.
    Film(usize),
}

#[derive(Debug, Clone, PartialEq)]
struct Found {
    film: Film,
    /// How well it fits, and how early it was told; smaller is better.
    rank: (u8, usize),
}

/// The words have changed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Due {
    /// Nobody waits for this any more.
    pub(crate) stop: Option<Quest>,
    /// These are to be looked for.
    pub(crate) ask: Option<String>,
}

/// What a key on the page asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    Nothing,
    Leave,
    Visit(Box<Film>),
}

impl SearchPage {
    /// `recent`: earlier searches, the latest first.
    pub(crate) fn new(recent: &[String]) -> SearchPage {
        SearchPage {
            text: String::new(),
            recent: recent.iter().take(RECENT_MAX).cloned().collect(),
            keyboard: Keyboard::new(Layout::words()),
            focus: Focus::Keyboard,
            last_film: 0,
            found: Vec::new(),
            filters: Filters::default(),
            shown: Vec::new(),
            cards: Arc::default(),
            quest: None,
            fresh: false,
            asked: 0,
            answered: 0,
            changed_at: None,
        }
    }

    /// The words as somebody typed them elsewhere; they are looked for at once.
    pub(crate) fn set_text(&mut self, text: &str, now: Time) {
        let clean = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.text = clean.chars().take(TEXT_CHARS).collect();
        self.changed_at = Some(now);
    }

    pub(crate) fn key(&mut self, key: Key, now: Time, library: &Library) -> Asked {
        match self.focus {
            Focus::Keyboard if key == Key::Back => return Asked::Leave,
            Focus::Recent(_) | Focus::Filter(_) | Focus::Film(_) if key == Key::Back => {
                self.focus = Focus::Keyboard;
            }
            Focus::Recent(at) => self.recent_key(key, at, now),
            _ if key == Key::Yellow && self.offers_recent() => self.focus = Focus::Recent(0),
            _ if key == Key::Yellow && !self.found.is_empty() => self.focus = Focus::Filter(0),
            Focus::Filter(at) => self.filter_key(key, at, library),
            Focus::Film(at) => return self.film_key(key, at),
            Focus::Keyboard => match (self.keyboard.key(key), key) {
                (Some(Struck::Stroke(stroke)), _) => self.strike(stroke, now),
                (Some(Struck::Below), _) | (None, Key::Play | Key::PlayPause) => {
                    self.enter_films();
                }
                _ => {}
            },
        }
        Asked::Nothing
    }

    /// Onto the films; where filters keep back all of them, onto the filters.
    fn enter_films(&mut self) {
        self.focus = match self.shown.len().checked_sub(1) {
            Some(last) => Focus::Film(self.last_film.min(last)),
            None if self.offers_recent() => Focus::Recent(0),
            None if self.found.is_empty() => Focus::Keyboard,
            None => Focus::Filter(0),
        };
    }

    fn offers_recent(&self) -> bool {
        self.text.is_empty() && !self.recent.is_empty()
    }

    fn recent_key(&mut self, key: Key, at: usize, now: Time) {
        let last = self.recent.len().saturating_sub(1);
        match key {
            Key::Left if at == 0 => self.focus = Focus::Keyboard,
            Key::Left => self.focus = Focus::Recent(at - 1),
            Key::Right => self.focus = Focus::Recent((at + 1).min(last)),
            Key::Up | Key::Down => self.focus = Focus::Keyboard,
            Key::Ok | Key::Play | Key::PlayPause => {
                if let Some(text) = self.recent.get(at).cloned() {
                    self.set_text(&text, now);
                    self.focus = Focus::Keyboard;
                }
            }
            _ => {}
        }
    }

    /// The words that led to what is looked at now.
    pub(crate) fn searched(&self) -> Option<String> {
        let text = self.text.trim();
        (text.chars().count() >= LETTERS_MIN).then(|| text.to_owned())
    }

    fn filter_key(&mut self, key: Key, at: usize, library: &Library) {
        match key {
            Key::Left if at == 0 => self.focus = Focus::Keyboard,
            Key::Left => self.focus = Focus::Filter(at - 1),
            Key::Right => self.focus = Focus::Filter((at + 1).min(Filters::COUNT - 1)),
            Key::Up => self.focus = Focus::Keyboard,
            Key::Down if !self.shown.is_empty() => self.enter_films(),
            Key::Ok => {
                let films: Vec<&Film> = self.found.iter().map(|it| &it.film).collect();
                self.filters.turn(at, &films);
                self.last_film = 0;
                self.arrange(library);
            }
            _ => {}
        }
    }

    fn film_key(&mut self, key: Key, at: usize) -> Asked {
        let last = self.shown.len().saturating_sub(1);
        let to = match key {
            Key::Left => at.saturating_sub(1),
            Key::Right => (at + 1).min(last),
            Key::Down => (at + COLUMNS).min(last),
            Key::Up if at < COLUMNS => {
                self.focus = Focus::Filter(at % COLUMNS);
                return Asked::Nothing;
            }
            Key::Up => at - COLUMNS,
            Key::Ok | Key::Menu | Key::Context | Key::Info | Key::Play | Key::PlayPause => {
                let film = self.film(at).map(|film| Box::new(film.clone()));
                return film.map_or(Asked::Nothing, Asked::Visit);
            }
            _ => at,
        };
        self.focus = Focus::Film(to);
        self.last_film = to;
        Asked::Nothing
    }

    pub(crate) fn on_keyboard(&self) -> bool {
        self.focus == Focus::Keyboard
    }

    /// The film at that place among those shown.
    fn film(&self, at: usize) -> Option<&Film> {
        let place = self.shown.get(at)?;
        self.found.get(*place).map(|found| &found.film)
    }

    fn strike(&mut self, stroke: Stroke, now: Time) {
        let between = !self.text.is_empty() && !self.text.ends_with(' ');
        // Titles are looked for as they are typed: nobody need say that he is done.
        if (stroke != Stroke::Letter(' ') || between) && stroke.edit(&mut self.text, TEXT_CHARS) {
            self.changed_at = Some(now + PAUSE);
        }
    }

    /// What to do now that the words have changed, once for each change of them; what was found
    /// before is gone.
    pub(crate) fn due(&mut self, now: Time) -> Option<Due> {
        self.changed_at.take_if(|at| *at <= now)?;
        self.found.clear();
        self.shown.clear();
        self.last_film = 0;
        self.focus = Focus::Keyboard;
        self.cards = Arc::default();
        (self.asked, self.answered) = (0, 0);
        let text = self.text.trim();
        Some(Due {
            stop: self.quest.take(),
            ask: (text.chars().count() >= LETTERS_MIN).then(|| text.to_owned()),
        })
    }

    pub(crate) fn asks(&mut self, quest: Quest) {
        self.quest = Some(quest);
        self.fresh = true;
    }

    /// What is on the wall already is found at once, whoever is down.
    pub(crate) fn find_among<'a>(
        &mut self,
        films: impl Iterator<Item = &'a Film>,
        library: &Library,
    ) {
        let films = films.filter(|film| fits(&film.title, &self.text));
        let films: Vec<Film> = films.cloned().collect();
        self.put_all(films, library);
    }

    /// The page is left: what has not been found by now is not waited for.
    pub(crate) fn stop(&mut self) -> Option<Quest> {
        self.answered = self.asked;
        self.fresh = false;
        self.quest.take()
    }

    pub(crate) fn quest(&self) -> Option<Quest> {
        self.quest
    }

    pub(crate) fn deadline(&self) -> Option<Time> {
        self.changed_at
    }

    /// More was found. The focus stays with its film.
    pub(crate) fn take(&mut self, answer: Answer<Film>, library: &Library) {
        self.asked = answer.asked;
        self.answered = self.answered.max(answer.answered);
        self.fresh = false;
        self.put_all(answer.items, library);
    }

    fn put_all(&mut self, films: Vec<Film>, library: &Library) {
        let focused = match self.focus {
            Focus::Film(at) => self.film(at).map(|film| film.id.clone()),
            Focus::Keyboard | Focus::Recent(_) | Focus::Filter(_) => None,
        };
        for film in films {
            self.put(film);
        }
        self.found.sort_by_key(|found| found.rank);
        self.found.truncate(FOUND_MAX);
        self.arrange(library);
        if let Some(id) = focused {
            let mut shown = self.shown.iter();
            let place = shown.position(|at| self.found[*at].film.id == id);
            self.last_film = place.unwrap_or(0);
            self.enter_films();
        }
    }

    /// What is not for who watches is taken away.
    pub(crate) fn sift(&mut self, sieve: &Sieve, library: &Library) {
        self.found.retain(|found| sieve.lets(&found.film));
        self.put_all(Vec::new(), library);
    }

    /// Filters and sorts anew what was found.
    fn arrange(&mut self, library: &Library) {
        let films: Vec<&Film> = self.found.iter().map(|it| &it.film).collect();
        self.shown = self.filters.arrange(&films);
        let shown = self.shown.iter();
        self.cards = Arc::new(shown.map(|at| wall::card(films[*at], library)).collect());
    }

    fn put(&mut self, film: Film) {
        let same = |found: &&mut Found| same(&found.film, &film);
        if let Some(known) = self.found.iter_mut().find(same) {
            fill(&mut known.film, film);
            return;
        }
        let rank = (fit(&film.title, &self.text), self.found.len());
        self.found.push(Found { film, rank });
    }

    pub(crate) fn view(&self) -> SearchView {
        let focused = match self.focus {
            Focus::Film(at) => self.film(at),
            Focus::Keyboard | Focus::Recent(_) | Focus::Filter(_) => None,
        };
        let filter = match self.focus {
            Focus::Filter(at) => Some(at),
            Focus::Keyboard | Focus::Recent(_) | Focus::Film(_) => None,
        };
        let waits = self.fresh || self.answered < self.asked;
        let looking = waits || self.changed_at.is_some();
        let asks = self.text.trim().chars().count() >= LETTERS_MIN;
        let filters = if self.offers_recent() {
            let again = |(at, text): (usize, &String)| FilterView {
                label: text.clone(),
                active: false,
                focused: self.focus == Focus::Recent(at),
            };
            self.recent.iter().enumerate().map(again).collect()
        } else if self.found.is_empty() {
            Vec::new()
        } else {
            self.filters.view(filter)
        };
        let status = || {
            let kept_back = self.found.len() - self.shown.len();
            let counts = (self.shown.len(), kept_back);
            words::search_status(counts, looking, self.answered, self.asked)
        };
        SearchView {
            heading: words::capitals(words::SEARCH),
            text: self.text.clone(),
            keys: self.keyboard.labels(),
            key: (self.focus == Focus::Keyboard).then(|| self.keyboard.focus()),
            filters,
            cards: Arc::clone(&self.cards),
            focus: match self.focus {
                Focus::Film(at) => at,
                Focus::Keyboard | Focus::Recent(_) | Focus::Filter(_) => self.last_film,
            },
            title: focused.map_or_else(String::new, |film| film.title.clone()),
            facts: focused.map_or_else(String::new, words::facts_with_licence),
            status: asks.then(status),
        }
    }
}

/// Whether both are the same film, told by different ones.
fn same(one: &Film, other: &Film) -> bool {
    if one.id == other.id || one.origin.is_some() && one.origin == other.origin {
        return true;
    }
    // Of a different kind, or two films whose names are known to differ.
    let kind = |film: &Film| film.origin.as_ref().map(Title::is_series);
    let imdb = |film: &Film| {
        let id = film.origin.as_ref().map(|title| &title.id);
        id.filter(|id| id.starts_with("tt")).cloned()
    };
    if kind(one) != kind(other) && kind(one).is_some() && kind(other).is_some() {
        return false;
    }
    if let (Some(one), Some(other)) = (imdb(one), imdb(other)) {
        return one == other;
    }
    one.year.is_some() && one.year == other.year && folded(&one.title) == folded(&other.title)
}

/// What the first does not know, from the second.
fn fill(film: &mut Film, more: Film) {
    film.year = film.year.or(more.year);
    film.runtime_min = film.runtime_min.or(more.runtime_min);
    film.poster = film.poster.take().or(more.poster);
    film.licence = film.licence.take().or(more.licence);
    film.age = film.age.max(more.age);
    film.origin = film.origin.take().or(more.origin);
    if film.synopsis.is_empty() {
        film.synopsis = more.synopsis;
    }
    if film.genres.is_empty() {
        film.genres = more.genres;
    }
    for source in more.sources {
        let key = source.reach.key();
        if film.sources.iter().all(|known| known.reach.key() != key) {
            film.sources.push(source);
        }
    }
}

/// As of [`fit`]: the words are not in the title.
const ANYWAY: u8 = 4;

/// Whether these words are those of a title, or parts of it in any order.
pub fn fits(title: &str, words: &str) -> bool {
    fit(title, words) < ANYWAY
}

/// How well a title fits the words: 0 the title itself, then its beginning, a word's beginning,
/// all words somewhere, and last what somebody found by other ways.
fn fit(title: &str, words: &str) -> u8 {
    let (title, words) = (folded(title), folded(words));
    if title == words {
        return 0;
    }
    if title.starts_with(&words) {
        return 1;
    }
    let begins = |word: &str| title.split(' ').any(|part| part.starts_with(word));
    if words.split(' ').all(begins) {
        return 2;
    }
    if words.split(' ').all(|word| title.contains(word)) {
        return 3;
    }
    ANYWAY
}

/// Lower case, letters without their marks, words apart by one space, no punctuation: as titles are
/// compared, and typed where a keyboard has no marks.
pub(crate) fn folded(text: &str) -> String {
    let letters = text.chars().flat_map(char::to_lowercase);
    let mut plain = String::with_capacity(text.len());
    for letter in letters {
        match unmarked(letter) {
            Some(bare) => plain.push_str(bare),
            None if letter.is_alphanumeric() => plain.extend(hangul::typed(letter)),
            None => plain.push(' '),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A small letter as it is typed without its marks; none: it has none.
fn unmarked(letter: char) -> Option<&'static str> {
    Some(match letter {
        // Marks that stand by themselves, in Latin, Arabic and Hebrew.
        '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{652}' | '\u{591}'..='\u{5c7}' | '\'' | '’' => "",
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ì'..='ï' | 'ĩ' | 'ī' | 'į' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ț' => "t",
        'ù'..='ü' | 'ũ' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ё' => "е",
        'أ' | 'إ' | 'آ' => "ا",
        _ => return None,
    })
}
