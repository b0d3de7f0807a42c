//! How a sentence is said in the language of the box.
//!
//! Sentences are written in English where they are used, as messages with named places:
//! `tr!("Continue from {place}", place = clock(at))`. Where a number decides the form it is
//! `trn!(count, "{count} peer", "{count} peers")`, and `msg!("Play")` is one to be said later, a
//! constant. Where one English text has two meanings, what it is comes first:
//! `msg!("button of a remote" => "Play")`. A message is whole: other languages put its parts in
//! another order.
//!
//! The translations are gettext catalogues (`po/*.po`), which translators' tools know. They are
//! read when the crate is built, so the box has them in its program, and a bad one stops the build.
//! Their template (`po/matinee.pot`) is drawn from these macros by a test (`tests/catalogues`).
//!
//! What is spoken is a part of [`App`](crate::App), which says it here for as long as one of its
//! functions runs. So words need not be handed a language through every page, and the core stays
//! pure: what it answers depends on the box and the event alone, on any thread. It is no language
//! of the process that tests could fight over. Elsewhere it is English.

use std::cell::Cell;
use std::fmt::{self, Display};

use crate::Language;

/// A sentence that can be said in every language of the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    context: &'static str,
    text: &'static str,
}

/// A message to be said later.
macro_rules! msg {
    ($text:literal) => {
        $crate::saying::Message::new("", $text)
    };
    ($context:literal => $text:literal) => {
        $crate::saying::Message::new($context, $text)
    };
}

/// What a named place is filled with: a value, or the variable of that name.
macro_rules! place {
    ($place:ident) => {
        &$place
    };
    ($place:ident = $value:expr) => {
        &$value
    };
}

/// A message, said now.
macro_rules! tr {
    ($text:literal $(, $place:ident $(= $value:expr)?)* $(,)?) => {
        $crate::saying::say(
            $crate::saying::msg!($text),
            &[$((stringify!($place), $crate::saying::place!($place $(= $value)?))),*],
        )
    };
    ($context:literal => $text:literal $(, $place:ident $(= $value:expr)?)* $(,)?) => {
        $crate::saying::say(
            $crate::saying::msg!($context => $text),
            &[$((stringify!($place), $crate::saying::place!($place $(= $value)?))),*],
        )
    };
}

/// A message whose form goes with a number, which it names `{count}`.
macro_rules! trn {
    ($count:expr, $one:literal, $many:literal $(, $place:ident $(= $value:expr)?)* $(,)?) => {
        $crate::saying::count(
            u64::from($count),
            ($one, $many),
            &[$((stringify!($place), $crate::saying::place!($place $(= $value)?))),*],
        )
    };
}

/// A name that others know in English too: it is said by [`own_name`].
macro_rules! own {
    ($text:literal) => {
        $text
    };
}

pub(crate) use {msg, own, place, tr, trn};

/// What [`own!`] marks, in the catalogues.
const OWN: &str = "name";

/// Stands between the context and the text in a catalogue's key (gettext).
const BETWEEN: char = '\u{4}';

/// Keys with their translations, one for each plural form; sorted by the keys.
type Catalogue = [(&'static str, &'static [&'static str])];

// `fn catalogue(code: &str) -> &'static Catalogue`, from po/*.po by the build script.
include!(concat!(env!("OUT_DIR"), "/catalogues.rs"));

thread_local! {
    static SPOKEN: Cell<Language> = const { Cell::new(Language::English) };
}

/// While it is there, this thread speaks a language; then the one before again.
#[derive(Debug)]
pub(crate) struct Speaking(Language);

/// From now on, until what it gives is dropped.
#[must_use]
pub(crate) fn speak(language: Language) -> Speaking {
    Speaking(SPOKEN.replace(language))
}

impl Drop for Speaking {
    fn drop(&mut self) {
        SPOKEN.set(self.0);
    }
}

/// What is spoken now.
pub(crate) fn spoken() -> Language {
    SPOKEN.get()
}

pub(crate) fn has_catalogue(language: Language) -> bool {
    !catalogue(language.code()).is_empty()
}

impl Message {
    pub(crate) const fn new(context: &'static str, text: &'static str) -> Message {
        Message { context, text }
    }

    fn template(self) -> String {
        template(self.context, self.text)
    }
}

impl Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.template())
    }
}

impl From<Message> for String {
    fn from(message: Message) -> String {
        message.template()
    }
}

/// A name of [`own!`] in the language that is spoken; any other as it is.
pub(crate) fn own_name(name: &str) -> String {
    template(OWN, name)
}

/// The message with its places filled.
pub(crate) fn say(message: Message, places: &[(&str, &dyn Display)]) -> String {
    fill(&message.template(), places)
}

/// The form of the message that goes with the number.
pub(crate) fn count(
    count: u64,
    (one, many): (&'static str, &'static str),
    places: &[(&str, &dyn Display)],
) -> String {
    let language = spoken();
    let form = (language.plurals().form)(count);
    let template = match found(language, "", one).and_then(|forms| forms.get(form)) {
        Some(text) => (*text).to_owned(),
        None => untranslated(language, if count == 1 { one } else { many }),
    };
    let number = crate::words::number(count);
    let mut all: Vec<(&str, &dyn Display)> = vec![("count", &number)];
    all.extend(places);
    fill(&template, &all)
}

fn template(context: &str, text: &str) -> String {
    let language = spoken();
    match found(language, context, text).and_then(|forms| forms.first()) {
        Some(text) => (*text).to_owned(),
        None if context == OWN && language == Language::Pseudo => text.to_owned(),
        None => untranslated(language, text),
    }
}

fn found(language: Language, context: &str, text: &str) -> Option<&'static [&'static str]> {
    let catalogue = catalogue(language.code());
    let at = catalogue.binary_search_by(|(key, _)| {
        let (of, id) = key.split_once(BETWEEN).unwrap_or(("", key));
        (of, id).cmp(&(context, text))
    });
    at.ok().map(|at| catalogue[at].1)
}

fn untranslated(language: Language, text: &str) -> String {
    match language {
        Language::Pseudo => pseudo(text),
        _ => text.to_owned(),
    }
}

/// "[Ćōńťíńűë ƒŕōm {place} ōnë twō]": what is in braces stays.
fn pseudo(text: &str) -> String {
    const PLAIN: &str = "acdeghiknorstuyzACDEGINORSTUYZ";
    const ACCENTED: &str = "åçďéğĥíķñöŕšťüýžÅÇĎÉĞÍÑÖŔŠŤÜÝŽ";
    // A word: longer by letters, not by words.
    const SHORT: usize = 12;
    const PADDING: [&str; 4] = [" ōnë", " twō", " ţhŕëë", " ƒōúŕ"];
    let mut inside = false;
    let accent = |c: char| {
        inside = (inside || c == '{') && c != '}';
        let at = PLAIN.chars().position(|it| it == c && !inside);
        at.and_then(|at| ACCENTED.chars().nth(at)).unwrap_or(c)
    };
    let mut said: String = text.chars().map(accent).collect();
    let length = text.chars().count();
    if length < SHORT {
        said.extend(std::iter::repeat_n('~', (2 * length).div_ceil(5)));
        return format!("[{said}]");
    }
    let mut longer = 0;
    for word in PADDING.iter().cycle() {
        if 5 * longer >= 2 * length {
            break;
        }
        said.push_str(word);
        longer += word.chars().count();
    }
    format!("[{said}]")
}

fn fill(template: &str, places: &[(&str, &dyn Display)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let place = after.split_once('}');
        let value = place.and_then(|(name, after)| {
            let (_, value) = places.iter().find(|(known, _)| *known == name)?;
            Some((value, after))
        });
        if let Some((value, after)) = value {
            filled.push_str(&value.to_string());
            rest = after;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_spoken_until_it_is_dropped() {
        assert_eq!(spoken(), Language::English);
        let outer = speak(Language::German);
        {
            let _inner = speak(Language::Pseudo);
            assert_eq!(spoken(), Language::Pseudo);
        }
        assert_eq!(spoken(), Language::German);
        drop(outer);
        assert_eq!(spoken(), Language::English);
    }

    #[test]
    fn places_are_filled_by_name_and_others_left() {
        let places: [(&str, &dyn Display); 2] = [("a", &1), ("b", &"{a}")];
        assert_eq!(fill("{b}, {a}; {c} {", &places), "{a}, 1; {c} {");
    }

    #[test]
    fn the_pseudo_language_is_longer_and_keeps_its_places() {
        let _speaks = speak(Language::Pseudo);
        let said = tr!("Continue from {place}", place = 7);
        assert!(
            said.starts_with("[Çöñťíñüé fŕöm 7 ") && said.ends_with(']'),
            "{said}"
        );
        assert!(
            said.chars().count() * 10 >= "Continue from 7".len() * 14,
            "{said}"
        );
    }
}
