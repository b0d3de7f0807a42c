//! Setting titles: how large, and broken into which lines.
//!
//! The renderer breaks lines greedily, which leaves "The Cabinet of Doctor / X". Titles are set
//! here: the largest of a few sizes at which the words fit, then the narrowest measure that keeps
//! the number of lines, so that lines come out about equally long. Widths are the font's own.

use std::sync::OnceLock;

use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

/// The face of titles; also embedded by ui/stage.slint.
static DISPLAY: &[u8] = include_bytes!("../fonts/InterDisplay-Bold.otf");

/// `Headline.letter-spacing` in ui/tokens.slint, in ems.
const TRACKING: f32 = -0.01;
/// Width of a letter the font has not, in ems: letters of other alphabets are about this wide.
const STRANGE: f32 = 0.62;
/// Width of an ideograph, in ems.
const IDEOGRAPH: f32 = 1.0;
/// Letters of a title that are looked at: five times the longest film title anybody remembers.
const LETTERS_MAX: usize = 300;

/// A title ready to be shown: lines are broken by `\n`.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Title {
    pub(crate) text: String,
    pub(crate) size: f32,
}

/// What a title must fit in.
pub(crate) struct Measure<'a> {
    /// Sizes to try, largest first, and how many lines each may take.
    pub(crate) sizes: &'a [(f32, usize)],
    pub(crate) width: f32,
    /// Up to this size a title is taken as it falls; above it a smaller size is tried before a
    /// line is left nearly empty.
    pub(crate) ragged_max: f32,
}

/// Sets `title`; at the last size it is cut off with an ellipsis if it fits at none.
pub(crate) fn set(title: &str, measure: &Measure<'_>) -> Title {
    let title: String = title.chars().take(LETTERS_MAX).collect();
    let words = words(&title);
    for &(size, lines_max) in measure.sizes {
        let width = measure.width / size;
        let fits = words.iter().all(|word| word.width <= width);
        let lines = broken(&words, width);
        if fits && lines.len() <= lines_max {
            let text = balanced(&words, width, lines.len());
            if measure.ragged_max >= size || even(&text) {
                return Title { text, size };
            }
        }
    }
    let (size, lines_max) = measure.sizes.last().copied().unwrap_or((24.0, 1));
    let width = measure.width / size;
    let pieces: Vec<Word> = words
        .into_iter()
        .flat_map(|word| cut(word, width))
        .collect();
    let mut lines = broken(&pieces, width);
    if lines.len() > lines_max {
        lines.truncate(lines_max.max(1));
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && advance(last) + advance("…") > width {
                last.pop();
            }
            last.truncate(last.trim_end().len());
            last.push('…');
        }
    }
    Title {
        text: lines.join("\n"),
        size,
    }
}

struct Word {
    text: String,
    /// In ems.
    width: f32,
    /// A space stands before it, unless it begins a line.
    spaced: bool,
}

impl Word {
    fn new(text: &str, spaced: bool) -> Self {
        Self {
            text: text.to_owned(),
            width: advance(text),
            spaced,
        }
    }
}

fn words(title: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for word in title.split_whitespace() {
        // Ideographs may be parted anywhere.
        if word.chars().all(ideograph) {
            for (at, letter) in word.chars().enumerate() {
                words.push(Word::new(letter.encode_utf8(&mut [0; 4]), at == 0));
            }
        } else {
            words.push(Word::new(word, true));
        }
    }
    words
}

/// Parts a word that is wider than a line.
fn cut(word: Word, width: f32) -> Vec<Word> {
    if word.width <= width {
        return vec![word];
    }
    let mut parts = Vec::new();
    let mut part = String::new();
    for letter in word.text.chars() {
        part.push(letter);
        if advance(&part) > width && part.chars().count() > 1 {
            part.pop();
            parts.push(Word::new(&part, word.spaced && parts.is_empty()));
            part = letter.to_string();
        }
    }
    parts.push(Word::new(&part, word.spaced && parts.is_empty()));
    parts
}

/// Lines, each filled before the next.
fn broken(words: &[Word], width: f32) -> Vec<String> {
    let space = advance(" ");
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0.0;
    for word in words {
        let gap = if word.spaced { space } else { 0.0 };
        match lines.last_mut() {
            Some(line) if used + gap + word.width <= width => {
                if word.spaced {
                    line.push(' ');
                }
                line.push_str(&word.text);
                used += gap + word.width;
            }
            _ => {
                lines.push(word.text.clone());
                used = word.width;
            }
        }
    }
    lines
}

/// The same number of lines in the narrowest measure.
fn balanced(words: &[Word], width: f32, lines: usize) -> String {
    let (mut narrow, mut wide) = (0.0, width);
    // Halving 12 times finds the measure to a four-thousandth of it.
    for _ in 0..12 {
        let middle = f32::midpoint(narrow, wide);
        let fits = words.iter().all(|word| word.width <= middle);
        if fits && broken(words, middle).len() <= lines {
            wide = middle;
        } else {
            narrow = middle;
        }
    }
    broken(words, wide).join("\n")
}

/// No line is much shorter than the longest.
fn even(text: &str) -> bool {
    let widths = || text.lines().map(advance);
    let longest = widths().fold(0.0, f32::max);
    widths().all(|width| width >= 0.38 * longest)
}

fn ideograph(letter: char) -> bool {
    matches!(letter, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{ff00}'..='\u{ffef}')
}

/// Width of `text` in ems, without kerning.
pub(crate) fn advance(text: &str) -> f32 {
    static FONT: OnceLock<Option<FontRef<'static>>> = OnceLock::new();
    let Some(font) = FONT.get_or_init(|| FontRef::new(DISPLAY).ok()) else {
        return text.chars().count() as f32 * STRANGE;
    };
    let map = font.charmap();
    let glyphs = font.glyph_metrics(Size::new(1.0), LocationRef::default());
    text.chars()
        .map(|letter| {
            let known = map
                .map(letter)
                .and_then(|glyph| glyphs.advance_width(glyph));
            let width = match known {
                Some(width) => width,
                None if ideograph(letter) => IDEOGRAPH,
                None => STRANGE,
            };
            width + TRACKING
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSTER: Measure<'_> = Measure {
        sizes: &[(44.0, 4), (30.0, 4), (20.0, 5)],
        width: 186.0,
        ragged_max: 30.0,
    };

    #[test]
    fn lines_are_balanced() {
        let title = set(
            "The Cabinet of Doctor X",
            &Measure {
                sizes: &[(50.0, 2)],
                width: 480.0,
                ragged_max: 0.0,
            },
        );
        assert_eq!(title.text, "The Cabinet\nof Doctor X");
    }

    #[test]
    fn short_titles_are_large_and_long_ones_smaller() {
        assert_eq!(
            set("Sintel", &POSTER),
            Title {
                text: "Sintel".into(),
                size: 44.0
            }
        );
        assert!(set("Caminandes: Llamigos", &POSTER).size < 44.0);
        let sizes: Vec<f32> = ["Слёзы из стали", "Δάκρυα από ατσάλι", "短編映画"]
            .map(|title| set(title, &POSTER).size)
            .to_vec();
        assert!(sizes.iter().all(|size| *size >= 30.0), "{sizes:?}");
    }

    #[test]
    fn whatever_comes_fits_in_its_lines() {
        for title in [
            "",
            "   ",
            "x",
            &"w".repeat(900),
            &"long words ".repeat(80),
            "短".repeat(99).as_str(),
        ] {
            let set = set(title, &POSTER);
            assert!(set.text.lines().count() <= 5, "{}", set.text);
            for line in set.text.lines() {
                assert!(advance(line) * set.size <= 187.0, "{line}");
            }
        }
    }
}
