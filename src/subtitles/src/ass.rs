//! ASS and SSA as plain cues: the Dialogue lines, in the order of fields that the file's own
//! Format lines say.
//!
//! They are not given to libass, although GStreamer has an element for it: it is a C parser of
//! strangers' files with fonts inside, which the threat list of the house keeps out of the
//! process; it draws into the picture, where the UI's damage and the viewer's size, colour and
//! place do not reach; and it knows one file at a time, not two languages. What is lost is
//! typesetting; italics, colours and the place of a sign stay. Of a named style only italics and
//! the place count: its font, weight and colour are the look of the file, and here that is the
//! viewer's.

use std::collections::HashMap;
use std::time::Duration;

use crate::cues::{CUES_MAX, Cue, Place, Row, Style};
use crate::overrides;
use crate::text::Text;
use crate::timed;

/// Named styles kept; a fansub has 50.
const STYLES_MAX: usize = 1_000;

/// Fields of a Format line; the formats have 10 and 23.
const FIELDS_MAX: usize = 64;

/// What the formats say when the file does not.
const EVENT_FIELDS: &str =
    "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text";

/// All cues that can be read, in the file's order.
pub(crate) fn cues(file: &str) -> Vec<Cue> {
    let mut script = Script {
        events: fields(EVENT_FIELDS),
        ..Script::default()
    };
    let mut cues = Vec::new();
    for line in file.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            script.section = section.trim_end_matches(']').to_ascii_lowercase();
        } else if let Some((key, value)) = line.split_once(':') {
            cues.extend(script.line(key.trim(), value.trim_start()));
        }
        if cues.len() >= CUES_MAX {
            break;
        }
    }
    cues
}

/// What the lines so far have said.
#[derive(Default)]
struct Script {
    section: String,
    /// Height that `\pos` counts in.
    height: Option<f32>,
    style_fields: Vec<String>,
    styles: HashMap<String, (Style, Place)>,
    events: Vec<String>,
}

impl Script {
    fn line(&mut self, key: &str, value: &str) -> Option<Cue> {
        match key.to_ascii_lowercase().as_str() {
            "playresy" => self.height = value.trim().parse().ok().filter(|height| *height > 0.0),
            "format" if self.section.contains("styles") => self.style_fields = fields(value),
            "format" if self.section == "events" => self.events = fields(value),
            "style" => self.style(value),
            // A few files have lost their sections; a Dialogue line is one anywhere.
            "dialogue" => return self.dialogue(value),
            _ => {}
        }
        None
    }

    fn style(&mut self, value: &str) {
        let row = Fields::split(&self.style_fields, value);
        let (Some(name), true) = (row.get("name"), self.styles.len() < STYLES_MAX) else {
            return;
        };
        let style = Style {
            italic: row.get("italic").is_some_and(|value| value != "0"),
            ..Style::default()
        };
        let number = row.get("alignment").and_then(|value| value.parse().ok());
        // "v4 styles" of SSA count otherwise than "v4+ styles" of ASS.
        let placed = if self.section.contains('+') {
            overrides::keypad
        } else {
            overrides::legacy
        };
        let place = number.and_then(placed).unwrap_or_default();
        self.styles
            .insert(name.trim_start_matches('*').to_owned(), (style, place));
    }

    fn dialogue(&self, value: &str) -> Option<Cue> {
        let row = Fields::split(&self.events, value);
        let start = timed::moment(row.get("start")?)?;
        let end = timed::moment(row.get("end")?)?;
        let style = row.get("style").unwrap_or_default().trim_start_matches('*');
        let (style, place) = self.styles.get(style).copied().unwrap_or_default();
        let mut text = Text::with_style(style);
        let at = words(&mut text, style, row.get("text")?);
        let asked = text.place.or_else(|| {
            let row = row_at(at?, self.height?);
            Some(Place { row, ..place })
        });
        let (text, runs) = text.finish();
        (!text.is_empty()).then(|| Cue {
            start,
            end: end.max(Duration::ZERO),
            text,
            runs,
            place: asked.unwrap_or(place),
        })
    }
}

/// Puts the text in, without overrides and drawings. Gives the height of the first `\pos`.
fn words(text: &mut Text, base: Style, marked: &str) -> Option<f32> {
    let (mut drawing, mut at) = (false, None);
    let mut rest = marked;
    while !text.is_full() {
        // What is before the next brace is text, and so is a brace that is never closed.
        let (before, after) = rest.split_once('{').unwrap_or((rest, ""));
        if !drawing {
            plain(text, before);
        }
        if before.len() == rest.len() {
            break;
        }
        let Some((inside, after)) = after.split_once('}') else {
            if !drawing {
                plain(text, after);
            }
            break;
        };
        overrides::apply(text, base, &mut drawing, inside);
        at = at.or_else(|| height_of(inside));
        rest = after;
    }
    at
}

fn plain(text: &mut Text, words: &str) {
    let mut rest = words;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let (stands_for, len) = match rest.as_bytes().get(at + 1) {
            Some(b'N') => ('\n', 2),
            // A line may end here where it is too long: the screen knows better.
            Some(b'n' | b'h') => (' ', 2),
            _ => ('\\', 1),
        };
        text.push(stands_for);
        rest = &rest[at + len..];
    }
    text.push_str(rest);
}

/// The height in `\pos(320,40)` or `\move(1,2,3,4)`.
fn height_of(inside: &str) -> Option<f32> {
    let at = inside.find("\\pos(").or_else(|| inside.find("\\move("))?;
    let (_, numbers) = inside[at..].split_once('(')?;
    let second = numbers.split([',', ')']).nth(1)?;
    second.trim().parse().ok()
}

fn row_at(at: f32, height: f32) -> Row {
    match at / height {
        ..0.34 => Row::Top,
        0.34..0.67 => Row::Middle,
        _ => Row::Bottom,
    }
}

fn fields(value: &str) -> Vec<String> {
    let names = value.split(',').take(FIELDS_MAX);
    names.map(|name| name.trim().to_ascii_lowercase()).collect()
}

/// The fields of a line by the names of its Format.
struct Fields<'a> {
    names: &'a [String],
    values: Vec<&'a str>,
}

impl<'a> Fields<'a> {
    /// The last field holds all the commas that are left.
    fn split(names: &'a [String], value: &'a str) -> Fields<'a> {
        let values = value.splitn(names.len(), ',').collect();
        Fields { names, values }
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        let at = self.names.iter().position(|known| known == name)?;
        self.values.get(at).map(|value| value.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cues::Column;

    const HEAD: &str = "[Script Info]\nPlayResY: 300\n\n[V4+ Styles]\n\
        Format: Name, Fontname, Bold, Italic, PrimaryColour, Alignment\n\
        Style: Default,Arial,-1,0,&H0000FFFF,2\nStyle: Thought,Arial,0,-1,&H00FFFFFF,2\n\
        Style: Sign,Arial,0,0,&H00FFFFFF,8\n\n[Events]\n\
        Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n";

    fn read(events: &str) -> Vec<Cue> {
        cues(&format!("{HEAD}{events}"))
    }

    fn one(text: &str) -> Cue {
        let line = format!("Dialogue: 0,0:00:01.50,0:00:02.00,Default,,0,0,0,,{text}");
        let mut cues = read(&line);
        assert_eq!(cues.len(), 1, "{text}");
        cues.remove(0)
    }

    #[test]
    fn dialogue_is_read_and_comments_are_not() {
        let cue = one("Well, {\\i1}who{\\i0} are\\Nyou,\\h{a note}sir? I <3 \\o/ &amp;");
        assert_eq!(cue.text, "Well, who are\nyou, sir? I <3 \\o/ &amp;");
        assert_eq!(&cue.text[cue.runs[0].bytes.clone()], "who");
        assert_eq!(cue.runs.len(), 1, "the style's bold and yellow are its own");
        let span = (cue.start.as_millis(), cue.end.as_millis());
        assert_eq!(span, (1500, 2000));
        assert!(read("Comment: 0,0:00:01.50,0:00:02.00,Default,,0,0,0,,x").is_empty());
        assert!(read("Dialogue: 0,0:00:01.50").is_empty());
        assert!(read("Dialogue: 0,soon,0:00:02.00,Default,,0,0,0,,x").is_empty());
    }

    #[test]
    fn drawings_are_skipped() {
        let shape = "{\\p1}m 0 0 l 100 0 100 100{\\p0}";
        assert_eq!(one(&format!("{shape}word")).text, "word");
        let line = format!("Dialogue: 0,0:00:01.50,0:00:02.00,Default,,0,0,0,,{shape}");
        assert!(read(&line).is_empty());
        assert_eq!(one("open {brace").text, "open brace");
    }

    #[test]
    fn styles_give_italics_and_a_place() {
        let events = "Dialogue: 0,0:00:01.00,0:00:02.00,Thought,,0,0,0,,hm\n\
            Dialogue: 0,0:00:01.00,0:00:02.00,*Sign,,0,0,0,,SHOP\n\
            Dialogue: 0,0:00:01.00,0:00:02.00,Sign,,0,0,0,,{\\pos(10,290)}low\n\
            Dialogue: 0,0:00:01.00,0:00:02.00,Sign,,0,0,0,,{\\an4\\pos(10,290)}side\n\
            Dialogue: 0,0:00:01.00,0:00:02.00,Thought,,0,0,0,,{\\i0}said\n";
        let cues = read(events);
        assert!(cues[0].runs[0].style.italic);
        let places: Vec<Row> = cues.iter().map(|cue| cue.place.row).collect();
        assert_eq!(
            places,
            [Row::Bottom, Row::Top, Row::Bottom, Row::Middle, Row::Bottom]
        );
        assert_eq!(cues[3].place.column, Column::Left);
        assert!(cues[4].runs.is_empty());
    }

    #[test]
    fn fields_come_in_the_files_own_order() {
        let file = "[V4 Styles]\nFormat: Name, Alignment\nStyle: Top,6\n[Events]\n\
            Format: Marked, Style, End, Start, Text\n\
            Dialogue: Marked=0,Top,0:00:03.00,0:00:02.00,a, b\n";
        let cues = cues(file);
        assert_eq!(cues[0].text, "a, b");
        assert_eq!(cues[0].start, Duration::from_secs(2));
        assert_eq!(cues[0].place.row, Row::Top);
    }
}
