//! The tags inside the texts of SRT, WebVTT and the containers' text: what of them is style, and
//! what goes.
//!
//! Italic, bold, underline, colour and the place are kept; every other tag goes and its text
//! stays. SRT files also carry ASS overrides in braces and `\N`; those are read by `overrides`.
//! A '<' that begins no tag is text ("I <3 you"), as is a '{' that no backslash follows. Each tag
//! is looked for in a short window only, so a file full of '<' costs no more than any other.

use crate::colour;
use crate::cues::{Place, Run, Style};
use crate::overrides;
use crate::text::Text;

/// Longest tag taken for one; beyond it a '<' is text.
const TAG_BYTES_MAX: usize = 200;

/// Tags of colour open at once; deeper ones are not undone in turn.
const COLOURS_MAX: usize = 16;

/// Named characters that are seen in files.
const NAMED: [(&str, char); 9] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("lrm", '\u{200e}'),
    ("rlm", '\u{200f}'),
    ("shy", '\u{ad}'),
];

/// What a marked text says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marked {
    /// Lines apart by '\n'; may be empty.
    pub text: String,
    pub runs: Vec<Run>,
    /// Where it asks to be, if it asks.
    pub place: Option<Place>,
}

/// Reads the text of one cue of SRT, WebVTT, or a container (Pango markup).
pub fn read(marked: &str) -> Marked {
    let mut reader = Reader::default();
    let mut rest = marked;
    while let Some(next) = rest.chars().next().filter(|_| !reader.text.is_full()) {
        let taken = reader.special(rest, next).unwrap_or_else(|| {
            reader.text.push(next);
            next.len_utf8()
        });
        rest = &rest[taken..];
    }
    let place = reader.text.place;
    let (text, runs) = reader.text.finish();
    Marked { text, runs, place }
}

#[derive(Default)]
struct Reader {
    text: Text,
    /// Colours that hold again when the tags are closed.
    colours: Vec<Option<[u8; 3]>>,
}

impl Reader {
    /// Takes what begins here and is not text: its length in bytes.
    fn special(&mut self, rest: &str, first: char) -> Option<usize> {
        match first {
            '<' => self.tag(rest),
            '{' if rest.starts_with("{\\") => {
                let inside = closed(rest, b'}')?;
                let mut drawing = false;
                overrides::apply(&mut self.text, Style::default(), &mut drawing, inside);
                Some(inside.len() + 2)
            }
            '\\' if rest.starts_with("\\N") || rest.starts_with("\\n") => {
                self.text.push('\n');
                Some(2)
            }
            '&' => self.named(rest),
            _ => None,
        }
    }

    fn tag(&mut self, rest: &str) -> Option<usize> {
        let inside = closed(rest, b'>')?;
        let name = inside.trim_start_matches('/');
        let closes = name.len() < inside.len();
        let end = name.find(|c: char| !c.is_ascii_alphanumeric());
        let (name, attributes) = name.split_at(end.unwrap_or(name.len()));
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            // WebVTT marks when each word is sung: <00:01.500>.
            let timed = |c: char| c.is_ascii_digit() || ":.".contains(c);
            let is_time = !inside.is_empty() && inside.chars().all(timed);
            return is_time.then_some(inside.len() + 2);
        }
        match name.to_ascii_lowercase().as_str() {
            "i" | "em" => self.text.style.italic = !closes,
            "b" | "strong" => self.text.style.bold = !closes,
            "u" => self.text.style.underline = !closes,
            "br" => self.text.push('\n'),
            "font" | "c" | "span" if closes => {
                self.text.style.colour = self.colours.pop().flatten();
            }
            "font" | "c" | "span" => {
                if self.colours.len() < COLOURS_MAX {
                    self.colours.push(self.text.style.colour);
                }
                let colour = colour_of(attributes);
                self.text.style.colour = colour.or(self.text.style.colour);
            }
            _ => {}
        }
        Some(inside.len() + 2)
    }

    fn named(&mut self, rest: &str) -> Option<usize> {
        let window = &rest.as_bytes()[1..rest.len().min(10)];
        let end = window.iter().position(|byte| *byte == b';')?;
        let name = rest.get(1..=end)?;
        let c = match name.strip_prefix('#') {
            Some(number) => {
                let hex = number.strip_prefix(['x', 'X']);
                let number = match hex {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => number.parse(),
                };
                char::from_u32(number.ok()?)?
            }
            None => NAMED.iter().find(|(known, _)| *known == name)?.1,
        };
        self.text.push(c);
        Some(end + 2)
    }
}

/// What is between the first byte and `end`.
fn closed(rest: &str, end: u8) -> Option<&str> {
    let window = &rest.as_bytes()[..rest.len().min(TAG_BYTES_MAX)];
    let end = window.iter().position(|byte| *byte == end)?;
    rest.get(1..end)
}

/// The colour in ` color="#fff"` (SRT), ` foreground="red"` (Pango), or `.yellow.bg_black`
/// (WebVTT's classes).
fn colour_of(attributes: &str) -> Option<[u8; 3]> {
    if let Some(classes) = attributes.strip_prefix('.') {
        let classes = classes.split_whitespace().next().unwrap_or_default();
        return classes.split('.').find_map(colour::named);
    }
    let lower = attributes.to_ascii_lowercase();
    let at = ["color", "foreground"]
        .iter()
        .find_map(|key| lower.find(key).map(|at| at + key.len()))?;
    let value = lower[at..].trim_start().strip_prefix('=')?.trim_start();
    let value = value.trim_start_matches(['"', '\'']);
    let end = value.find(['"', '\'', ' ', '/']).unwrap_or(value.len());
    colour::read(&value[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cues::{Column, Row};

    fn plain(marked: &str) -> String {
        read(marked).text
    }

    /// Runs as `text:style`.
    fn styled(marked: &str) -> String {
        let marked = read(marked);
        let run = |run: &Run| {
            let Style {
                italic,
                bold,
                underline,
                colour,
            } = run.style;
            let mut told = format!("{}:", &marked.text[run.bytes.clone()]);
            told.extend(
                [(italic, 'i'), (bold, 'b'), (underline, 'u')]
                    .iter()
                    .filter(|it| it.0)
                    .map(|it| it.1),
            );
            colour.map_or(told.clone(), |[r, g, b]| {
                format!("{told}#{r:02x}{g:02x}{b:02x}")
            })
        };
        let runs: Vec<String> = marked.runs.iter().map(run).collect();
        runs.join(" ")
    }

    #[test]
    fn tags_go_and_text_stays() {
        for (marked, expected) in [
            (
                "<i>Hello</i>, <font color=\"#fff\">you</font>",
                "Hello, you",
            ),
            ("{\\an8}up there\\Nhere", "up there\nhere"),
            ("<v Anna>Yes &amp; no", "Yes & no"),
            ("la <00:01.500>la", "la la"),
            ("I <3 you > me", "I <3 you > me"),
            ("one<br/>two\r\n\r\n three ", "one\ntwo\nthree"),
            ("{not ass} a < b", "{not ass} a < b"),
            ("<i></i>", ""),
            (
                "caf&#233; &#xE9;&nosuch; &#1114112; R&D",
                "café é&nosuch; &#1114112; R&D",
            ),
            ("a\u{7}b\u{9c}c\u{200f}d", "abc\u{200f}d"),
            ("<", "<"),
            ("<>", "<>"),
            ("{\\", "{\\"),
            ("&", "&"),
        ] {
            assert_eq!(plain(marked), expected, "{marked}");
        }
        assert_eq!(plain(&"<".repeat(5000)).len(), crate::cues::CHARS_MAX);
    }

    #[test]
    fn styles_are_kept_where_they_are_known() {
        for (marked, expected) in [
            (
                "<i>Hello</i>, <b>you<u> two</b></u>",
                "Hello:i you:b two:bu",
            ),
            ("<I>one\ntwo", "one\ntwo:i"),
            (
                "<font color=red>r<font color='#0f0'>g</font>r</font>.",
                "r:#ff0000 g:#00ff00 r:#ff0000",
            ),
            ("<font face=x>plain</font>", ""),
            ("<font color=\"nonsense\">plain</font></font></font>", ""),
            (
                "<c.yellow.bg_blue>a</c> <span foreground=\"#00FFff\">b</span>",
                "a:#ffff00 b:#00ffff",
            ),
            ("{\\i1}a{\\i0}b{\\c&H0000FF&}c{\\r}d", "a:i c:#ff0000"),
        ] {
            assert_eq!(styled(marked), expected, "{marked}");
        }
    }

    #[test]
    fn a_place_is_kept_where_it_is_asked_for() {
        let place = |row, column| Some(Place { row, column });
        assert_eq!(read("a").place, None);
        assert_eq!(read("{\\an8}a").place, place(Row::Top, Column::Centre));
        assert_eq!(read("{\\a11}a").place, place(Row::Middle, Column::Right));
        assert_eq!(read("{\\an1}a").place, place(Row::Bottom, Column::Left));
    }

    proptest::proptest! {
        #[test]
        fn runs_lie_on_the_text(marked in "([<>{}/\\\\&;#=\"ibuN \né1]|font color|red|an8){0,80}") {
            let marked = read(&marked);
            let mut end = 0;
            for run in &marked.runs {
                proptest::prop_assert!(run.bytes.start >= end && run.bytes.end > run.bytes.start);
                proptest::prop_assert!(marked.text.get(run.bytes.clone()).is_some());
                end = run.bytes.end;
            }
            let empty = |line: &str| line.is_empty() || line.trim() != line;
            proptest::prop_assert!(!marked.text.split('\n').any(empty) || marked.text.is_empty());
        }
    }
}
