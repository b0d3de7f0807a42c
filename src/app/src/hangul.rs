//! Syllables of Hangul, put together as their letters are typed.
//!
//! A keyboard has the letters (jamo); a syllable is one character that is reckoned from two or
//! three of them (Unicode, section 3.12): lead, vowel and perhaps a tail. What a letter does comes
//! of the character before it alone, so nothing has to be remembered between two of them: a
//! consonant closes the open syllable before it, a vowel takes the consonant that closed one for
//! its own lead.

const FIRST: u32 = 0xAC00;
const VOWELS: u32 = 21;
const TAILS: u32 = 28;

/// As Unicode counts them; letters as keyboards have them.
const LEADS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const VOWEL_LETTERS: &str = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ";
/// The first of [`TAILS`] is none.
const TAIL_LETTERS: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

/// Two letters that are written as one: the first two, and the one.
const PAIRS: [&str; 18] = [
    "ㅗㅏㅘ",
    "ㅗㅐㅙ",
    "ㅗㅣㅚ",
    "ㅜㅓㅝ",
    "ㅜㅔㅞ",
    "ㅜㅣㅟ",
    "ㅡㅣㅢ",
    "ㄱㅅㄳ",
    "ㄴㅈㄵ",
    "ㄴㅎㄶ",
    "ㄹㄱㄺ",
    "ㄹㅁㄻ",
    "ㄹㅂㄼ",
    "ㄹㅅㄽ",
    "ㄹㅌㄾ",
    "ㄹㅍㄿ",
    "ㄹㅎㅀ",
    "ㅂㅅㅄ",
];

/// A syllable, of which more may come.
#[derive(Debug, Clone, Copy)]
struct Syllable {
    lead: char,
    vowel: char,
    tail: Option<char>,
}

fn at(letters: &str, letter: char) -> Option<u32> {
    letters
        .chars()
        .position(|it| it == letter)
        .map(|it| it as u32)
}

fn nth(letters: &str, nth: u32) -> Option<char> {
    letters.chars().nth(nth as usize)
}

fn is_vowel(letter: char) -> bool {
    at(VOWEL_LETTERS, letter).is_some()
}

fn joined(first: char, second: char) -> Option<char> {
    let pair = PAIRS.iter().find(|pair| {
        let mut letters = pair.chars();
        letters.next() == Some(first) && letters.next() == Some(second)
    });
    pair.and_then(|pair| pair.chars().nth(2))
}

/// The two that a letter was joined of.
fn parted(letter: char) -> Option<(char, char)> {
    let pair = PAIRS.iter().find(|pair| pair.ends_with(letter))?;
    let mut letters = pair.chars();
    Some((letters.next()?, letters.next()?))
}

impl Syllable {
    fn of(letter: char) -> Option<Syllable> {
        let index = u32::from(letter).checked_sub(FIRST)?;
        Some(Syllable {
            lead: nth(LEADS, index / (VOWELS * TAILS))?,
            vowel: nth(VOWEL_LETTERS, index / TAILS % VOWELS)?,
            tail: (index % TAILS)
                .checked_sub(1)
                .and_then(|it| nth(TAIL_LETTERS, it)),
        })
    }

    /// None: no syllable has those.
    fn written(self) -> Option<char> {
        let lead = at(LEADS, self.lead)?;
        let vowel = at(VOWEL_LETTERS, self.vowel)?;
        let tail = match self.tail {
            Some(tail) => at(TAIL_LETTERS, tail)? + 1,
            None => 0,
        };
        char::from_u32(FIRST + (lead * VOWELS + vowel) * TAILS + tail)
    }
}

/// What `last` becomes, and what comes behind it, when a letter is typed behind it; none: nothing
/// becomes of the two.
fn met(last: char, letter: char) -> Option<(char, Option<char>)> {
    let Some(syllable) = Syllable::of(last) else {
        let open = Syllable {
            lead: last,
            vowel: letter,
            tail: None,
        };
        let one = open.written();
        return one.or_else(|| joined(last, letter)).map(|one| (one, None));
    };
    let written = |it: Syllable| it.written().map(|one| (one, None));
    match syllable.tail {
        None if is_vowel(letter) => written(Syllable {
            vowel: joined(syllable.vowel, letter)?,
            ..syllable
        }),
        None => written(Syllable {
            tail: Some(letter),
            ..syllable
        }),
        Some(tail) if is_vowel(letter) => {
            let (stays, goes) = match parted(tail) {
                Some((stays, goes)) => (Some(stays), goes),
                None => (None, tail),
            };
            let next = Syllable {
                lead: goes,
                vowel: letter,
                tail: None,
            };
            let rest = Syllable {
                tail: stays,
                ..syllable
            };
            Some((rest.written()?, Some(next.written()?)))
        }
        Some(tail) => written(Syllable {
            tail: Some(joined(tail, letter)?),
            ..syllable
        }),
    }
}

/// Types a letter behind the text: of Hangul it may become a part of the last syllable.
pub(crate) fn push(text: &mut String, letter: char) {
    let joint = text.chars().last().and_then(|last| met(last, letter));
    match joint {
        Some((one, more)) => {
            text.pop();
            text.push(one);
            text.extend(more);
        }
        None => text.push(letter),
    }
}

/// Takes the last letter away: of a syllable of Hangul what was typed of it last.
pub(crate) fn pop(text: &mut String) {
    let last = text.pop();
    if let Some(syllable) = last.and_then(Syllable::of) {
        text.extend(without_last(syllable));
    }
}

fn without_last(syllable: Syllable) -> Option<char> {
    let vowel = |vowel| Syllable {
        vowel,
        tail: None,
        ..syllable
    };
    match syllable.tail {
        Some(tail) => Syllable {
            tail: parted(tail).map(|(first, _)| first),
            ..syllable
        }
        .written(),
        None => match parted(syllable.vowel) {
            Some((first, _)) => vowel(first).written(),
            None => Some(syllable.lead),
        },
    }
}

/// What was typed for this: the letters of a syllable, or itself.
pub(crate) fn typed(letter: char) -> impl Iterator<Item = char> {
    let letters = |letter: Option<char>| match letter.map(|it| (it, parted(it))) {
        Some((_, Some((first, second)))) => [Some(first), Some(second)],
        Some((letter, None)) => [Some(letter), None],
        None => [None, None],
    };
    let syllable = Syllable::of(letter);
    let lead = syllable.map_or(letter, |it| it.lead);
    let vowel = letters(syllable.map(|it| it.vowel));
    let tail = letters(syllable.and_then(|it| it.tail));
    std::iter::once(lead).chain(vowel.into_iter().chain(tail).flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(letters: &str) -> String {
        let mut text = String::new();
        for letter in letters.chars() {
            push(&mut text, letter);
        }
        text
    }

    #[test]
    fn letters_become_syllables() {
        for (letters, syllables) in [
            ("ㄱㅣㅅㅐㅇㅊㅜㅇ", "기생충"),
            ("ㅂㅜㅅㅏㄴㅎㅐㅇ", "부산행"),
            ("ㅇㅗㅣㄱㅖㅇㅣㄴ", "외계인"),
            ("ㄱㅘㄴ", "관"),
            ("ㄱㅗㅏㄴ", "관"),
            ("ㄷㅏㄹㄱ", "닭"),
            ("ㄷㅏㄹㄱㅇㅣ", "닭이"),
            ("ㄷㅏㄹㄱㅣ", "달기"),
            ("ㄲㅏㄸㅏ", "까따"),
            ("ㅋㅋㅋ", "ㅋㅋㅋ"),
            ("ㅏㅏ", "ㅏㅏ"),
            ("abㄱㅏ 1", "ab가 1"),
        ] {
            assert_eq!(typed(letters), syllables, "{letters}");
        }
    }

    #[test]
    fn every_syllable_is_made_of_its_letters() {
        for written in '\u{ac00}'..='\u{d7a3}' {
            assert_eq!(
                Syllable::of(written).and_then(Syllable::written),
                Some(written)
            );
            let letters: String = super::typed(written).collect();
            assert_eq!(typed(&letters), written.to_string());
            let mut text = written.to_string();
            for _ in letters.chars() {
                pop(&mut text);
            }
            assert_eq!(text, "");
        }
    }
}
