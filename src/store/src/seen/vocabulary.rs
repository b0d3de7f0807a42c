//! All words that the index holds, to find those that were meant by a word that was not.
//!
//! A hundred thousand films have about as many words: some megabytes, held in RAM, and looked
//! through whole for each word with a typo. A set of letters as bits rules out nearly all before
//! one distance is reckoned, since each letter that a word lacks is an edit. That is simpler and
//! finds more than a trigram index, in which a typo in a word of five letters spoils every
//! trigram. Words stay when their last film goes: they only find nothing.

use std::collections::HashMap;

/// Words at most, 20 MB of them; those that come later are found without typos only.
const WORDS_MAX: usize = 400_000;

/// Letters of a query's word from which on one edit is forgiven, and two.
const FORGIVEN: [usize; 2] = [4, 8];

/// Reckoned words are cut after so many letters; the index cuts at 32.
const LETTERS: usize = 40;

/// Edits forgiven in a word of so many letters.
pub(super) fn forgiven(letters: usize) -> usize {
    FORGIVEN.iter().filter(|from| letters >= **from).count()
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Which letters and digits it has.
    letters: u64,
    /// How often it was taken in.
    uses: u32,
}

/// The words and how often they were seen.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: HashMap<Box<str>, Entry>,
}

/// A word that may have been meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meant {
    pub(super) word: String,
    pub(super) edits: usize,
    uses: u32,
}

impl Vocabulary {
    /// Takes in a word that was seen so often. Only Latin ones: others are found by their pairs.
    pub(super) fn add(&mut self, word: &str, uses: u32) {
        if !word.is_ascii() || word.len() < FORGIVEN[0] - 1 {
            return;
        }
        if let Some(entry) = self.words.get_mut(word) {
            entry.uses = entry.uses.saturating_add(uses);
        } else if self.words.len() < WORDS_MAX {
            let letters = letters(word);
            self.words.insert(word.into(), Entry { letters, uses });
        }
    }

    /// The words that were seen at least once.
    pub(super) fn has(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// The likeliest words that `typed` stands for when `most` edits are forgiven, `typed` itself
    /// not among them; with `beginning` it is the beginning of one.
    pub(super) fn meant(&self, typed: &str, beginning: bool, most: usize) -> Vec<Meant> {
        /// Asked for in the index together: each costs the reading of its films.
        const MEANT: usize = 12;
        let edits_max = forgiven(typed.len());
        if edits_max == 0 {
            return Vec::new();
        }
        let mask = letters(typed);
        let mut meant = Vec::new();
        for (word, entry) in &self.words {
            let lacks = (mask & !entry.letters).count_ones() as usize;
            let more = (entry.letters & !mask).count_ones() as usize;
            if lacks > edits_max || (!beginning && more > edits_max) {
                continue;
            }
            let long = typed.len() > word.len() + edits_max;
            let short = !beginning && word.len() > typed.len() + edits_max;
            if long || short {
                continue;
            }
            let edits = edits(typed, word, beginning, edits_max);
            if let Some(edits) = edits.filter(|edits| *edits > 0) {
                meant.push(Meant {
                    word: word.to_string(),
                    edits,
                    uses: entry.uses,
                });
            }
        }
        let order = |meant: &Meant| {
            // Most typos are not in the first letter.
            let first = meant.word.as_bytes()[0] != typed.as_bytes()[0];
            let length = meant.word.len().abs_diff(typed.len());
            (
                meant.edits,
                first,
                length > 1,
                std::cmp::Reverse(meant.uses),
            )
        };
        meant.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.word.cmp(&b.word)));
        meant.truncate(most.min(MEANT));
        meant
    }
}

/// Bits of the letters a to z and the digits; the word is folded.
fn letters(word: &str) -> u64 {
    word.bytes().fold(0, |letters, byte| {
        let bit = match byte {
            b'a'..=b'z' => byte - b'a',
            b'0'..=b'9' => byte - b'0' + 26,
            _ => 36,
        };
        letters | 1 << bit
    })
}

/// Edits that make one ASCII word the other: a letter put in, left out or changed, or two
/// neighbours exchanged (optimal string alignment). With `beginning`, only as much of `word` as
/// fits best counts. None when it takes more than `most`.
pub(super) fn edits(typed: &str, word: &str, beginning: bool, most: usize) -> Option<usize> {
    let (typed, word) = (typed.as_bytes(), word.as_bytes());
    let typed = &typed[..typed.len().min(LETTERS)];
    if !beginning && word.len() > typed.len() + most {
        return None;
    }
    // More of it cannot fit into so few edits.
    let word = &word[..word.len().min(typed.len() + most + 1)];
    // A row for each letter of `word`; the last column of each is the whole of `typed`.
    let mut before = [0; LETTERS + 1];
    let mut last = [0; LETTERS + 1];
    for (at, cell) in last.iter_mut().enumerate() {
        *cell = at;
    }
    let end = typed.len();
    let mut best = last[end];
    for (row, letter) in word.iter().enumerate() {
        let mut now = [0; LETTERS + 1];
        now[0] = row + 1;
        let mut least = now[0];
        for (column, other) in typed.iter().enumerate() {
            let changed = last[column] + usize::from(letter != other);
            let mut cell = changed.min(last[column + 1] + 1).min(now[column] + 1);
            let exchanged =
                row > 0 && column > 0 && word[row - 1] == *other && typed[column - 1] == *letter;
            if exchanged {
                cell = cell.min(before[column - 1] + 1);
            }
            now[column + 1] = cell;
            least = least.min(cell);
        }
        best = if beginning {
            best.min(now[end])
        } else {
            now[end]
        };
        // No later row has less: an exchange adds one to the row before this, which has at least
        // one less than this.
        if least > most + 1 {
            break;
        }
        (before, last) = (last, now);
    }
    (best <= most).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        for (typed, word, whole, beginning) in [
            ("matrix", "matrix", Some(0), Some(0)),
            ("matirx", "matrix", Some(1), Some(1)),
            ("matrx", "matrix", Some(1), Some(1)),
            ("mattrix", "matrix", Some(1), Some(1)),
            ("matr", "matrix", Some(2), Some(0)),
            ("matt", "matrix", None, Some(1)),
            ("intersteler", "interstellar", Some(2), Some(2)),
            ("xxxxxx", "matrix", None, None),
            ("matrix", "", None, None),
        ] {
            let edits = [false, true].map(|begin| edits(typed, word, begin, 2));
            assert_eq!(edits, [whole, beginning], "{typed} {word}");
        }
    }

    /// The plain recursion by the definition of the distance.
    fn slow(a: &[u8], b: &[u8]) -> usize {
        match (a, b) {
            ([], rest) | (rest, []) => rest.len(),
            ([x, a @ ..], [y, b @ ..]) => {
                let mut least = slow(a, b) + usize::from(x != y);
                least = least.min(slow(a, &[&[*y], b].concat()) + 1);
                least = least.min(slow(&[&[*x], a].concat(), b) + 1);
                if let ([x2, a @ ..], [y2, b @ ..]) = (a, b)
                    && (x, x2) == (y2, y)
                {
                    least = least.min(slow(a, b) + 1);
                }
                least
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn edits_are_those_of_the_definition(a in "[abc]{0,5}", b in "[abc]{0,6}") {
            let whole = slow(a.as_bytes(), b.as_bytes());
            let fit = (0..=b.len()).map(|end| slow(a.as_bytes(), &b.as_bytes()[..end]));
            let fit = fit.min().unwrap();
            for most in 0..=3 {
                let expected = |edits| (edits <= most).then_some(edits);
                proptest::prop_assert_eq!(edits(&a, &b, false, most), expected(whole));
                proptest::prop_assert_eq!(edits(&a, &b, true, most), expected(fit));
            }
        }
    }

    #[test]
    fn the_likeliest_words_come_first() {
        let mut words = Vocabulary::default();
        for (word, uses) in [("matrix", 5), ("matrox", 1), ("patrix", 9), ("tree", 9)] {
            words.add(word, uses);
        }
        let meant = |typed, beginning| {
            let meant = words.meant(typed, beginning, 9);
            meant
                .into_iter()
                .map(|meant| meant.word)
                .collect::<Vec<_>>()
        };
        assert_eq!(meant("matrx", false), ["matrix", "matrox"]);
        assert_eq!(meant("matrix", false), ["matrox", "patrix"]);
        assert_eq!(meant("mtre", true), ["tree"]);
        assert_eq!(meant("mat", true), [""; 0]);
    }
}
