//! Going along a row of the wall by the first letters of its titles.
//!
//! Asked for in what can be done with a film, where its row is long, or is sorted by title. Then
//! the arrows go to the first film of the next or the letter before, whatever the row is sorted by,
//! until OK, Back or a rest of four seconds. A letter is one of any script; Korean syllables are
//! taken by their first consonant, and what begins with no letter goes before all.

use std::time::Duration;

use crate::app::App;
use crate::search_page::folded;
use crate::{Effect, Film, Key, Time};

/// Rows with more films than that are gone along by letters; two screens are faster by arrows.
const LONG: usize = 30;
const LONG_AND_SORTED: usize = 14;

/// After so long the letter goes, and the arrows go from film to film.
const REST: Duration = Duration::from_secs(4);

/// Stands for numbers and all that begins with no letter.
const NO_LETTER: char = '#';

/// The letter that a title is found by; folded, a syllable begins with its consonant (`hangul`).
pub(crate) fn initial(title: &str) -> char {
    match folded(title).chars().next() {
        Some(letter) if letter.is_alphabetic() => {
            let mut capital = letter.to_uppercase();
            capital.next().unwrap_or(letter)
        }
        _ => NO_LETTER,
    }
}

/// That of the film there, before or after it in the alphabet, and the first film of it.
pub(crate) fn jump(films: &[Film], from: usize, on: bool) -> Option<usize> {
    let now = rank(initial(&films.get(from)?.title));
    let initials = films.iter().map(|film| rank(initial(&film.title)));
    let places = initials.enumerate();
    let there = if on {
        places.filter(|(_, it)| *it > now).min_by_key(|(_, it)| *it)
    } else {
        let before = places.filter(|(_, it)| *it < now);
        // Of the same letter the first.
        before.rev().max_by_key(|(_, it)| *it)
    };
    there.map(|(place, _)| place)
}

/// No letter goes before all.
fn rank(initial: char) -> (bool, char) {
    (initial != NO_LETTER, initial)
}

/// It is faster to go along these by letters than one by one.
pub(crate) fn is_worth_it(films: &[Film]) -> bool {
    let sorted = || films.is_sorted_by_key(|film| rank(initial(&film.title)));
    films.len() > LONG || (films.len() > LONG_AND_SORTED && sorted())
}

impl App {
    /// The arrows go from letter to letter from now on.
    pub(crate) fn begin_letters(&mut self) {
        self.wall.letters = Some(self.now + REST);
    }

    /// A key of the wall while it is gone along by letters; false: it means what it always does.
    pub(crate) fn letters_key(&mut self, key: Key, effects: &mut Vec<Effect>) -> bool {
        if self.wall.letters.take().is_none() {
            return false;
        }
        let on = match key {
            Key::Left | Key::Up | Key::PageUp | Key::Previous | Key::Rewind => false,
            Key::Right | Key::Down | Key::PageDown | Key::Next | Key::Forward => true,
            // The film under the focus is chosen by the next OK.
            Key::Ok | Key::Back => return true,
            _ => return false,
        };
        self.wall.jump_letter(on);
        self.begin_letters();
        let more = self.wall.wants_more();
        effects.extend(more.map(|(row, have)| Effect::MoreOf { row, have }));
        true
    }

    /// When the letter goes by itself.
    pub(crate) fn letters_deadline(&self) -> Option<Time> {
        self.wall.letters
    }

    pub(crate) fn letters_tick(&mut self) {
        let now = self.now;
        self.wall.letters.take_if(|until| now >= *until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_any_script() {
        let of = |titles: &[&str]| -> String { titles.iter().map(|it| initial(it)).collect() };
        assert_eq!(of(&["ant", "Élan", "«Œuvre»", "ßa", "the End"]), "AEOST");
        assert_eq!(of(&["Ёлка", "война", "Ωmega", "אבא", "أحمد"]), "ЕВΩאا");
        assert_eq!(of(&["강", "한국", "黒猫", "さくら", "हम"]), "ㄱㅎ黒さह");
        assert_eq!(of(&["", "2001", "… !", "12 Angry Men"]), "####");
    }

    fn films(titles: &[&str]) -> Vec<Film> {
        let film = |title: &&str| Film {
            title: (*title).into(),
            ..Film::default()
        };
        titles.iter().map(film).collect()
    }

    #[test]
    fn the_first_film_of_the_next_letter_whatever_the_row_is_sorted_by() {
        let sorted = films(&["8", "Ant", "Aye", "Bee", "Яма"]);
        let on: Vec<_> = (0..5).map(|at| jump(&sorted, at, true)).collect();
        assert_eq!(on, [Some(1), Some(3), Some(3), Some(4), None]);
        let back: Vec<_> = (0..5).map(|at| jump(&sorted, at, false)).collect();
        assert_eq!(back, [None, Some(0), Some(0), Some(1), Some(3)]);
        let mixed = films(&["Cat", "Ant", "Bee", "Bug", "Aye"]);
        assert_eq!(jump(&mixed, 1, true), Some(2));
        assert_eq!(jump(&mixed, 0, false), Some(2));
        assert_eq!(jump(&[], 0, true), None);
    }

    #[test]
    fn short_rows_and_mixed_ones_are_gone_along_one_by_one() {
        let many: Vec<String> = (0..40).map(|it| format!("Film {it}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(is_worth_it(&films(&many)));
        assert!(is_worth_it(&films(&many[..15])) && !is_worth_it(&films(&many[..14])));
        let mut mixed = many[..20].to_vec();
        mixed.push("Ant");
        assert!(!is_worth_it(&films(&mixed)));
    }
}
