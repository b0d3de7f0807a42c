//! SRT and `WebVTT`, read as files are and not as they should be.
//!
//! What counts is the line with the arrow: whatever follows it until the next one is its text,
//! less the number that announces the next. So missing or doubled empty lines, wrong numbers,
//! '.' for ',' and missing hours do no harm, and a mistake costs one cue and not the file.

use std::time::Duration;

use crate::cues::{CUES_MAX, Column, Cue, Place, Row, TIME_MAX};
use crate::markup;

/// All cues that can be read, in the file's order. `vtt`: an empty line ends a text.
pub(crate) fn cues(file: &str, vtt: bool) -> Vec<Cue> {
    let mut cues = Vec::new();
    let mut open: Option<(Timing, Vec<&str>)> = None;
    // Old Macs ended lines with '\r' alone.
    let lines = file
        .split('\n')
        .flat_map(|line| line.trim_end_matches('\r').split('\r'));
    for line in lines {
        if let Some(timing) = timing(line) {
            cues.extend(
                open.take()
                    .and_then(|(timing, lines)| cue(&timing, &lines, true, vtt)),
            );
            if cues.len() >= CUES_MAX {
                return cues;
            }
            open = Some((timing, Vec::new()));
        } else if let Some((_, lines)) = &mut open {
            lines.push(line);
        }
    }
    cues.extend(open.and_then(|(timing, lines)| cue(&timing, &lines, false, vtt)));
    cues
}

struct Timing {
    start: Duration,
    end: Duration,
    place: Option<Place>,
}

/// The cue of the lines between two arrows.
fn cue(timing: &Timing, lines: &[&str], another_follows: bool, vtt: bool) -> Option<Cue> {
    let mut lines = lines;
    if vtt {
        // After the empty line come names of cues, notes and styles.
        let end = lines.iter().position(|line| line.trim().is_empty());
        lines = &lines[..end.unwrap_or(lines.len())];
    } else if another_follows
        && let Some((last, before)) = lines.split_last()
        && is_number(last)
    {
        lines = before;
    }
    let marked = markup::read(&lines.join("\n"));
    (!marked.text.is_empty()).then(|| Cue {
        start: timing.start,
        end: timing.end,
        text: marked.text,
        runs: marked.runs,
        place: marked.place.or(timing.place).unwrap_or_default(),
    })
}

fn is_number(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads "00:00:01,500 --> 00:00:04,000" and what may follow it.
fn timing(line: &str) -> Option<Timing> {
    let (start, rest) = line.split_once("-->")?;
    let mut words = rest.split_whitespace();
    let end = words.next()?;
    Some(Timing {
        start: moment(start.trim())?,
        end: moment(end)?,
        place: settings(words),
    })
}

/// Reads "1:02:03,5", "02:03.500" or, sloppily, "01:02:03:500".
pub(crate) fn moment(text: &str) -> Option<Duration> {
    let (whole, fraction) = match text.rsplit_once([',', '.']) {
        Some((whole, fraction)) => (whole, fraction),
        None if text.matches(':').count() == 3 => text.rsplit_once(':')?,
        None => (text, ""),
    };
    let mut secs = 0_u64;
    for part in whole.split(':') {
        let part: u64 = part.trim().parse().ok()?;
        secs = secs.checked_mul(60)?.checked_add(part)?;
    }
    let fraction = fraction.trim();
    if secs > TIME_MAX.as_secs() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let millis: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    Some(Duration::from_secs(secs) + Duration::from_millis(millis))
}

/// The settings of a `WebVTT` cue, `line:0 position:10% align:start`, as a place.
fn settings<'a>(words: impl Iterator<Item = &'a str>) -> Option<Place> {
    let mut place = Place::default();
    let mut asked = false;
    for (key, value) in words.filter_map(|word| word.split_once(':')) {
        let value = value.split(',').next().unwrap_or_default();
        match key {
            "line" => place.row = row(value)?,
            "align" => {
                place.column = match value {
                    "start" | "left" => Column::Left,
                    "end" | "right" => Column::Right,
                    _ => Column::Centre,
                }
            }
            _ => continue,
        }
        asked = true;
    }
    asked.then_some(place)
}

/// Percent of the height, or lines from the top or, negative, from the bottom.
fn row(value: &str) -> Option<Row> {
    if let Some(percent) = value.strip_suffix('%') {
        let percent: f32 = percent.parse().ok()?;
        return Some(match percent {
            ..34.0 => Row::Top,
            34.0..67.0 => Row::Middle,
            _ => Row::Bottom,
        });
    }
    let line: i32 = value.parse().ok()?;
    // A picture has some 16 lines.
    Some(match line {
        0..=4 => Row::Top,
        5..=9 => Row::Middle,
        _ => Row::Bottom,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told_as(file: &str, vtt: bool) -> Vec<String> {
        let tell = |cue: Cue| {
            let (start, end) = (cue.start.as_millis(), cue.end.as_millis());
            format!("{start}-{end} {}", cue.text.replace('\n', "|"))
        };
        cues(file, vtt).into_iter().map(tell).collect()
    }

    fn told(file: &str) -> Vec<String> {
        told_as(file, false)
    }

    #[test]
    fn a_tidy_srt_is_read() {
        let file = "1\n00:00:01,000 --> 00:00:02,500\nOne\nand two\n\n\
                    2\n01:00:03,000 --> 01:00:04,000\n<i>Three</i>\n";
        assert_eq!(
            told(file),
            ["1000-2500 One|and two", "3603000-3604000 Three"]
        );
    }

    #[test]
    fn sloppy_files_lose_nothing() {
        let file = "7\r\n0:00:01.5 --> 0:00:02.000 X1:0\r\n\r\nlate\r\n\r\n\
                    8\r\n00:00:03:000 --> 00:00:04:000\r\n42\r\n\r\n\
                    00:00:09,000-->00:00:08,000\r\nbackwards\r\n9\r\n\
                    00:00:05 --> 00:00:06\r\nout of order";
        let expected = [
            "1500-2000 late",
            "3000-4000 42",
            "9000-8000 backwards",
            "5000-6000 out of order",
        ];
        assert_eq!(told(file), expected);
        let mac = "1\r00:00:01,000 --> 00:00:02,000\rold\r\r2\r0:0:3,0 --> 0:0:4,0\rmac";
        assert_eq!(told(mac), ["1000-2000 old", "3000-4000 mac"]);
    }

    #[test]
    fn a_vtt_is_read_without_its_notes_and_names() {
        let file = "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nfirst\n\
                    00:01.000 --> 00:02.000 align:start\n<v Bob>Hi\n\nNOTE nothing\n\n\
                    00:00:03.000 --> 00:00:04.000\n- <c.loud>Ho</c>\n";
        assert_eq!(told_as(file, true), ["1000-2000 Hi", "3000-4000 - Ho"]);
    }

    #[test]
    fn a_cue_lies_where_its_settings_say() {
        let place = |settings: &str| {
            let file = format!("00:01.000 --> 00:02.000 {settings}\nx");
            let place = cues(&file, true)[0].place;
            (place.row, place.column)
        };
        for (settings, expected) in [
            ("", (Row::Bottom, Column::Centre)),
            ("line:0", (Row::Top, Column::Centre)),
            (
                "line:10%,start position:5% align:start",
                (Row::Top, Column::Left),
            ),
            ("line:50% align:end size:30%", (Row::Middle, Column::Right)),
            ("line:-1 align:middle", (Row::Bottom, Column::Centre)),
            ("line:soon align:end", (Row::Bottom, Column::Centre)),
            ("X1:10 Y1:20", (Row::Bottom, Column::Centre)),
        ] {
            assert_eq!(place(settings), expected, "{settings}");
        }
    }

    #[test]
    fn what_is_no_subtitle_gives_none() {
        assert!(told("").is_empty());
        assert!(told("a --> b\nc").is_empty());
        assert!(told("99999999999999999999:00:00,000 --> 1\nx").is_empty());
        assert!(told("18446744073709551615:00,000 --> 1\nx").is_empty());
    }
}
