//! MicroDVD: `{start}{end}text|text` with times in frames.
//!
//! Frames are no time without the film's rate. A first cue of `{1}{1}25.000` says it; else the
//! one who asks does, by what the film or the site says; else cinema's rate is assumed, which is
//! wrong for half of Europe, and the drift is then found by `align`.

use std::time::Duration;

use crate::colour;
use crate::cues::{CUES_MAX, Cue, TIME_MAX};
use crate::rate::Rate;
use crate::text::Text;

/// The cues in the file's order, and the rate they were timed by.
pub(crate) fn cues(file: &str, rate: Option<Rate>) -> (Vec<Cue>, Rate) {
    let mut lines = file.lines().map(str::trim).peekable();
    let told = lines.peek().and_then(|line| told_rate(line));
    if told.is_some() {
        lines.next();
    }
    let rate = told.or(rate).unwrap_or(Rate::CINEMA);
    let cues = lines.filter_map(|line| cue(line, rate)).take(CUES_MAX);
    (cues.collect(), rate)
}

/// Whether a line looks like one of this format.
pub(crate) fn is_line(line: &str) -> bool {
    frames(line.trim()).is_some()
}

/// `{1}{1}23.976`; some programs begin at 0.
fn told_rate(line: &str) -> Option<Rate> {
    let (start, end, text) = frames(line)?;
    let begins = start <= 1 && end.is_some_and(|end| end <= 1);
    let number = text.trim().replace(',', ".");
    begins.then(|| Rate::of(number.parse().ok()?)).flatten()
}

/// `{start}{end}text`; the end may be missing.
fn frames(line: &str) -> Option<(u64, Option<u64>, &str)> {
    let (start, rest) = line.strip_prefix('{')?.split_once('}')?;
    let (end, text) = rest.strip_prefix('{')?.split_once('}')?;
    let end = if end.is_empty() {
        None
    } else {
        Some(end.parse().ok()?)
    };
    Some((start.parse().ok()?, end, text))
}

fn cue(line: &str, rate: Rate) -> Option<Cue> {
    let (start, end, marked) = frames(line)?;
    let time = |frame: u64| {
        let secs = frame as f64 / rate.per_sec();
        Duration::try_from_secs_f64(secs).map_or(TIME_MAX, |time| time.min(TIME_MAX))
    };
    let mut text = Text::default();
    let mut whole = text.style;
    for line in marked.split('|') {
        text.style = whole;
        let mut rest = line;
        while let Some((code, after)) = rest.strip_prefix('{').and_then(|it| it.split_once('}')) {
            apply(&mut text, &mut whole, code);
            rest = after;
        }
        if let Some(after) = rest.strip_prefix('/') {
            text.style.italic = true;
            rest = after;
        }
        text.push_str(rest);
        text.push('\n');
    }
    let place = text.place.unwrap_or_default();
    let (text, runs) = text.finish();
    let start = time(start);
    (!text.is_empty()).then(|| Cue {
        start,
        end: end.map_or(start, time),
        text,
        runs,
        place,
    })
}

/// `y:i,b` and `c:$0000ff` for the line, in capitals for all lines that follow too.
fn apply(text: &mut Text, whole: &mut crate::cues::Style, code: &str) {
    let Some((key, value)) = code.split_once(':') else {
        return;
    };
    match key {
        "y" | "Y" => {
            for letter in value.split(',') {
                match letter.trim() {
                    "i" | "I" => text.style.italic = true,
                    "b" | "B" => text.style.bold = true,
                    "u" | "U" => text.style.underline = true,
                    _ => {}
                }
            }
        }
        "c" | "C" => text.style.colour = colour::read_reversed(value).or(text.style.colour),
        _ => {}
    }
    if key == "Y" || key == "C" {
        *whole = text.style;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(file: &str, rate: Option<f64>) -> Vec<String> {
        let (cues, _) = cues(file, rate.and_then(Rate::of));
        let tell = |cue: &Cue| {
            let (start, end) = (cue.start.as_millis(), cue.end.as_millis());
            format!("{start}-{end} {}", cue.text.replace('\n', "|"))
        };
        cues.iter().map(tell).collect()
    }

    #[test]
    fn frames_become_times_by_the_rate() {
        let file = "{25}{75}One|two\n{100}{}no end\nnothing\n{x}{1}no";
        assert_eq!(
            told(file, Some(25.0)),
            ["1000-3000 One|two", "4000-4000 no end"]
        );
        let with_rate = format!("{{1}}{{1}}25.000\r\n{file}");
        assert_eq!(told(&with_rate, Some(30.0)), told(file, Some(25.0)));
        assert_eq!(told("{24000}{24024}x", None), ["1001000-1002001 x"]);
        assert_eq!(told("{1}{1}9000\n{1}{2}x", Some(25.0))[0], "40-40 9000");
        assert_eq!(told("{18446744073709551615}{1}x", None), ["360000000-41 x"]);
    }

    #[test]
    fn codes_are_style_for_a_line_or_for_all() {
        let (cues, _) = cues(
            "{1}{9}{y:i}one|two|/three\n{1}{9}{Y:b}{c:$0000ff}one|two",
            None,
        );
        let runs = |cue: &Cue| -> Vec<(String, crate::cues::Style)> {
            let run = |run: &crate::cues::Run| (cue.text[run.bytes.clone()].to_owned(), run.style);
            cue.runs.iter().map(run).collect()
        };
        let [one, three] = &runs(&cues[0])[..] else {
            panic!("{cues:?}");
        };
        assert!(one.0 == "one" && one.1.italic && three.0 == "three");
        let [red, bold] = &runs(&cues[1])[..] else {
            panic!("{cues:?}");
        };
        assert!(red.1.colour == Some([255, 0, 0]) && red.1.bold);
        assert!(bold.1.colour.is_none() && bold.1.bold);
    }
}
