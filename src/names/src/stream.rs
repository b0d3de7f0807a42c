//! The few lines that an add-on shows for a stream: what release it is, how large, how many seed.
//!
//! Add-ons have no fields for these, so they write them as they like: "👤 12 💾 2.1 GB",
//! "Seeders: 12", "1080p ⚡ 12 seeds". A number counts only beside a word or a sign that says what
//! it is of.

use crate::languages;
use crate::reading::join;
use crate::release::{Kind, Release};

/// Lines that are read of one text; add-ons write under ten.
const LINES_MAX: usize = 16;
/// Bytes of one text that are read.
const TEXT_MAX_BYTES: usize = 4096;
/// No torrent has more; a larger number is of something else.
const SEEDS_MAX: u64 = 10_000_000;
/// No film has more bytes (8 TiB).
const SIZE_MAX_BYTES: f64 = 8_796_093_022_208.0;

/// Signs before a number of seeds.
const SEED_SIGNS: &[char] = &['👤', '👥', '🌱', '⚡', '⬆', '🔼', '🧑'];
/// Words before or after one.
const SEED_WORDS: &[&str] = &["seeds", "seed", "seeders", "seeder", "peers"];
/// Units of 1024: that is what programs divide by, whatever they write; and too large is better
/// than too small where bytes are compared with a line's.
const UNITS: &[(&str, f64)] = &[
    ("kb", 1024.0),
    ("kib", 1024.0),
    ("mb", 1_048_576.0),
    ("mib", 1_048_576.0),
    ("gb", 1_073_741_824.0),
    ("gib", 1_073_741_824.0),
    ("tb", 1_099_511_627_776.0),
    ("tib", 1_099_511_627_776.0),
];

/// What an add-on says of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stream {
    pub release: Release,
    pub seeds: Option<u32>,
    /// About: it is written with one or two digits after the point.
    pub size_bytes: Option<u64>,
}

impl Stream {
    /// Of its `name`, its `description` (older add-ons: `title`) and its file's name. What the
    /// file says counts first, then the description, then the name.
    pub fn of(name: &str, description: &str, filename: Option<&str>) -> Stream {
        let mut stream = Stream::default();
        if let Some(file) = filename.filter(|file| !file.trim().is_empty()) {
            stream.release = Release::of(file);
        }
        for (text, titled) in [(description, true), (name, false)] {
            let end = text.floor_char_boundary(TEXT_MAX_BYTES);
            for line in text[..end].lines().take(LINES_MAX) {
                stream.take(line, titled);
            }
        }
        stream
    }

    /// `titled`: the line may be the release's name.
    fn take(&mut self, line: &str, titled: bool) {
        let words = words(line);
        let seeds = seeds(&words);
        let size = size(&words);
        self.seeds = self.seeds.or(seeds);
        self.size_bytes = self.size_bytes.or(size);
        let spoken = languages::of_flags(line);
        let mut release = Release::of(&plain(line));
        join(
            &mut release.languages,
            spoken.into_iter().map(str::to_owned).collect(),
        );
        let figures = seeds.is_some() || size.is_some();
        if !titled || figures || release.kind == Kind::Extra && self.is_titled() {
            // A line of figures, or the add-on's own name: no words of it are a title.
            release.title.clear();
            release.episode_title = None;
            release.group = None;
            release.kind = Kind::default();
        }
        self.release = std::mem::take(&mut self.release).or(release);
    }

    fn is_titled(&self) -> bool {
        !self.release.title.is_empty()
    }
}

/// Without signs that are no letters of any name; a path's parts stay apart.
fn plain(line: &str) -> String {
    let kept = |c: char| {
        let sign = !c.is_alphanumeric() && !c.is_ascii() && !c.is_whitespace();
        if sign { ' ' } else { c }
    };
    line.chars().map(kept).collect::<String>().trim().to_owned()
}

/// A number, a word, or a sign.
#[derive(Debug, Clone, PartialEq)]
enum Word {
    /// As a number, and as it is written when it is whole.
    Number(f64, Option<u64>),
    Letters(String),
    Sign(char),
}

/// "👤12 · 2,1GB" as a sign, 12, a sign, 2.1, "gb".
fn words(line: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let run = |is: fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        let length = if first.is_ascii_digit() {
            let length = run(|c| c.is_ascii_digit() || c == '.' || c == ',');
            words.extend(number(rest[..length].trim_end_matches(['.', ','])));
            length
        } else if first.is_alphabetic() {
            let length = run(char::is_alphabetic);
            words.push(Word::Letters(rest[..length].to_lowercase()));
            length
        } else {
            // What stands between a word and its number says nothing; U+FE0F is half a sign.
            let silent = first.is_whitespace() || matches!(first, ':' | '=' | '\u{fe0f}');
            if !silent {
                words.push(Word::Sign(first));
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    words
}

/// "1.5", "1,5", "1,234", "12".
fn number(text: &str) -> Option<Word> {
    let thousands = text.contains(',')
        && text.split([',', '.']).skip(1).all(|part| part.len() == 3)
        && !text.contains('.');
    let plain = if thousands {
        text.replace(',', "")
    } else {
        text.replace(',', ".")
    };
    let value: f64 = plain.parse().ok()?;
    Some(Word::Number(value, plain.parse().ok()))
}

fn seeds(words: &[Word]) -> Option<u32> {
    let named = |word: &Word| match word {
        Word::Sign(sign) => SEED_SIGNS.contains(sign),
        Word::Letters(letters) => SEED_WORDS.contains(&letters.as_str()),
        Word::Number(..) => false,
    };
    let whole = |word: &Word| match word {
        Word::Number(_, Some(number @ 0..=SEEDS_MAX)) => u32::try_from(*number).ok(),
        _ => None,
    };
    let pairs = words.windows(2);
    let before = pairs.clone().enumerate().filter_map(|(at, pair)| {
        let unit = matches!(words.get(at + 2), Some(Word::Letters(word)) if unit(word).is_some());
        whole(&pair[1]).filter(|_| named(&pair[0]) && !unit)
    });
    let after = pairs.filter_map(|pair| match &pair[1] {
        Word::Letters(_) => whole(&pair[0]).filter(|_| named(&pair[1])),
        _ => None,
    });
    // "12 seeds, 3 peers": a word behind its number is the surer one.
    after.chain(before).next()
}

fn size(words: &[Word]) -> Option<u64> {
    words.windows(2).enumerate().find_map(|(at, pair)| {
        let (Word::Number(number, _), Word::Letters(word)) = (&pair[0], &pair[1]) else {
            return None;
        };
        // "12 MB/s" is a rate.
        let rate = matches!(words.get(at + 2), Some(Word::Sign('/')));
        let bytes = number * unit(word).filter(|_| !rate)?;
        (1.0..=SIZE_MAX_BYTES)
            .contains(&bytes)
            .then_some(bytes as u64)
    })
}

fn unit(word: &str) -> Option<f64> {
    let found = UNITS.iter().find(|(unit, _)| *unit == word);
    found.map(|(_, bytes)| *bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    #[test]
    fn figures_are_found_however_they_are_written() {
        for (line, expected_seeds, expected_size) in [
            ("1080p ⚡ 12 seeds 💾 2.1 GB", Some(12), Some(GIB * 21 / 10)),
            ("👤 3 💾 700 MB ⚙️ Blender", Some(3), Some(700 << 20)),
            ("👤3💾1,5GiB", Some(3), Some(GIB * 3 / 2)),
            ("Seeders: 1,234 | Size: 2 TB", Some(1234), Some(2 << 40)),
            ("seeds=0", Some(0), None),
            ("40 seeds, 7 peers", Some(40), None),
            ("⚡ 12 MB/s", None, None),
            ("⚡ 5.5 GB", None, Some(GIB * 11 / 2)),
            ("Tears of Steel 2012 1080p", None, None),
            ("99999999999999999999 seeds, 1e9 GB", None, Some(9 * GIB)),
            ("size 0 GB, 123456789 TB", None, None),
            ("", None, None),
        ] {
            let words = words(line);
            assert_eq!(seeds(&words), expected_seeds, "{line}");
            assert_eq!(size(&words), expected_size, "{line}");
        }
    }
}
