//! SRT and `WebVTT`, read as files are and not as they should be.
//!
//! What counts is the line with the arrow: whatever follows it until the next one is its text,
//! less the number that announces the next. So missing or doubled empty lines, wrong numbers,
//! '.' for ',' and missing hours do no harm, and a mistake costs one cue and not the file.

use std::time::Duration;

use super::{Cue, markup};

/// Cues read of one file; a talkative film has 2,500.
const CUES_MAX: usize = 20_000;

/// No film is longer than 100 hours; a later time is a slip of the pen.
const SECS_MAX: u64 = 100 * 3600;

/// A cue that ends before it begins is shown this long.
const MENDED_SHOWN: Duration = Duration::from_secs(3);

/// All cues that can be read, by their starts.
pub(super) fn cues(file: &str) -> Vec<Cue> {
    let file = file.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let vtt = file.trim_start().starts_with("WEBVTT");
    let lines: Vec<&str> = file.split(['\n', '\r']).collect();
    let times: Vec<_> = lines.iter().map(|line| timing(line)).collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|at| times[*at].is_some()).collect();
    let mut cues = Vec::new();
    for (nth, at) in starts.iter().copied().enumerate().take(CUES_MAX) {
        let next = starts.get(nth + 1).copied();
        let text = text(
            &lines[at + 1..next.unwrap_or(lines.len())],
            next.is_some(),
            vtt,
        );
        if let (Some((start, end)), false) = (times[at], text.is_empty()) {
            let end = if end > start {
                end
            } else {
                start + MENDED_SHOWN
            };
            cues.push(Cue { start, end, text });
        }
    }
    cues.sort_by_key(|cue| cue.start);
    cues
}

/// The text in the lines between two arrows.
fn text(lines: &[&str], another_follows: bool, vtt: bool) -> String {
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
    markup::plain(&lines.join("\n"))
}

fn is_number(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads "00:01:02,500 --> 00:01:04,000" and what may follow it.
fn timing(line: &str) -> Option<(Duration, Duration)> {
    let (start, rest) = line.split_once("-->")?;
    let end = rest.split_whitespace().next()?;
    Some((moment(start.trim())?, moment(end)?))
}

/// Reads "1:02:03,5", "02:03.500" or, sloppily, "01:02:03:500".
fn moment(text: &str) -> Option<Duration> {
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
    if secs > SECS_MAX || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let millis: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    Some(Duration::from_secs(secs) + Duration::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(file: &str) -> Vec<String> {
        let tell = |cue: Cue| {
            let (start, end) = (cue.start.as_millis(), cue.end.as_millis());
            format!("{start}-{end} {}", cue.text.replace('\n', "|"))
        };
        cues(file).into_iter().map(tell).collect()
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
        let file = "\u{feff}7\r\n0:00:01.5 --> 0:00:02.000 X1:0\r\n\r\nlate\r\n\r\n\
                    8\r\n00:00:03:000 --> 00:00:04:000\r\n42\r\n\r\n\
                    00:00:09,000-->00:00:08,000\r\nbackwards\r\n9\r\n\
                    00:00:05,000 --> 00:00:06,000\r\nout of order";
        let expected = [
            "1500-2000 late",
            "3000-4000 42",
            "5000-6000 out of order",
            "9000-12000 backwards",
        ];
        assert_eq!(told(file), expected);
    }

    #[test]
    fn a_vtt_is_read_without_its_notes_and_names() {
        let file = "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nfirst\n\
                    00:01.000 --> 00:02.000 align:start\n<v Bob>Hi\n\nNOTE nothing\n\n\
                    00:00:03.000 --> 00:00:04.000\n- <c.loud>Ho</c>\n";
        assert_eq!(told(file), ["1000-2000 Hi", "3000-4000 - Ho"]);
    }

    #[test]
    fn what_is_no_subtitle_gives_none() {
        assert!(told("").is_empty());
        assert!(told("a --> b\nc").is_empty());
        assert!(told("99999999999999999999:00:00,000 --> 1\nx").is_empty());
        assert!(told("18446744073709551615:00,000 --> 1\nx").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_file_breaks_the_reader(file in "[0-9:,.<>\\-\n\r {}\\\\a-z&;é]{0,300}") {
            for cue in cues(&file) {
                proptest::prop_assert!(cue.start < cue.end && !cue.text.is_empty());
            }
        }
    }
}
