//! From the bytes of a file to its cues: out of the archive, out of the encoding, out of the
//! format.
//!
//! A file is taken for what its content looks like; its name decides only where the content does
//! not. Nothing is opened by name and nothing is written: whoever has the bytes asks.

use std::sync::Arc;

use crate::archive::{self, Fault as ArchiveFault};
use crate::cues::{Cue, Cues};
use crate::encoding;
use crate::language::Language;
use crate::names::Episode;
use crate::rate::Rate;
use crate::{ass, microdvd, timed};

/// Longest file read, packed or not (threat list of the house); the longest real ones, fansubs
/// with drawn signs, have 3 MiB.
pub const FILE_BYTES_MAX: usize = 5 * 1024 * 1024;

/// What is known of a file before it is read.
#[derive(Debug, Clone, Default)]
pub struct Hint<'h> {
    /// Its name, for its ending; never used as a path.
    pub name: &'h str,
    /// The language it is said to be in: helps the encoding, and the choice in an archive.
    pub language: Option<&'h Language>,
    /// The episode wanted, to choose in the archive of a season.
    pub episode: Option<Episode>,
    /// The rate of the film, for formats that count frames.
    pub rate: Option<Rate>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Subtitles {
    pub cues: Arc<Cues>,
    pub format: Format,
    /// WHATWG's name for it.
    pub encoding: &'static str,
    /// Its name; of an entry of an archive, the last part of the entry's.
    pub name: String,
    /// For a format that counts frames: the rate its times are made with.
    pub rate: Option<Rate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    SubRip,
    WebVtt,
    /// SSA too.
    Ass,
    MicroDvd,
}

/// Why a file gives no cues.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("{0} bytes are too many for subtitles")]
    TooLong(u64),
    #[error("these subtitles are pictures, not text")]
    Pictures,
    #[error("no subtitle in it")]
    Empty,
    #[error(transparent)]
    Archive(#[from] ArchiveFault),
}

/// Reads a subtitle file, or the one in an archive that fits the hint best.
///
/// # Errors
/// Whatever makes it unreadable; nothing of it is kept then.
pub fn read(bytes: &[u8], hint: &Hint) -> Result<Subtitles, Fault> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Fault::TooLong(bytes.len() as u64));
    }
    let entry = archive::open(bytes, hint)?;
    if is_pictures(&entry.bytes) {
        return Err(Fault::Pictures);
    }
    let (text, encoding) = encoding::decode(&entry.bytes, hint.language);
    let format = format_of(&text, &entry.name).ok_or(Fault::Empty)?;
    let (cues, rate) = match format {
        Format::SubRip => (timed::cues(&text, false), None),
        Format::WebVtt => (timed::cues(&text, true), None),
        Format::Ass => (ass::cues(&text), None),
        Format::MicroDvd => {
            let (cues, rate): (Vec<Cue>, Rate) = microdvd::cues(&text, hint.rate);
            (cues, Some(rate))
        }
    };
    let cues = Cues::new(cues);
    if cues.is_empty() {
        return Err(Fault::Empty);
    }
    Ok(Subtitles {
        cues: Arc::new(cues),
        format,
        encoding,
        name: entry.name,
        rate,
    })
}

/// VobSub's two files, and the PGS of a Blu-ray.
fn is_pictures(bytes: &[u8]) -> bool {
    let beginnings: [&[u8]; 3] = [b"\0\0\x01\xba", b"# VobSub index file", b"PG\0"];
    beginnings.iter().any(|known| bytes.starts_with(known))
}

/// Lines in which a format shows itself; files begin with notes and empty lines.
const HEAD_LINES: usize = 50;

fn format_of(text: &str, name: &str) -> Option<Format> {
    let head = || {
        text.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .take(HEAD_LINES)
    };
    if head().next()?.starts_with("WEBVTT") {
        return Some(Format::WebVtt);
    }
    let is_ass = |line: &str| {
        let section = ["[script info]", "[events]", "[v4 styles]", "[v4+ styles]"];
        section.iter().any(|known| line.eq_ignore_ascii_case(known))
    };
    if head().any(is_ass) {
        return Some(Format::Ass);
    }
    if head().next().is_some_and(microdvd::is_line) {
        return Some(Format::MicroDvd);
    }
    if text.contains("-->") {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        let vtt = ending.is_some_and(|ending| ending.eq_ignore_ascii_case("vtt"));
        return Some(if vtt { Format::WebVtt } else { Format::SubRip });
    }
    if text.contains("\nDialogue:") {
        return Some(Format::Ass);
    }
    head().any(microdvd::is_line).then_some(Format::MicroDvd)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn named(name: &str) -> Hint<'_> {
        Hint {
            name,
            ..Hint::default()
        }
    }

    #[test]
    fn files_are_known_by_their_content_then_by_their_name() {
        let srt = "\n\n1\n00:00:01,000 --> 00:00:02,000\nx\n";
        let ass = "; a note\n[Script Info]\n[Events]\nDialogue: 0,0:00:01.50,0:00:02.00,,,,,,,x";
        for (text, name, format) in [
            (srt, "a.txt", Format::SubRip),
            (srt, "a.ass", Format::SubRip),
            (srt, "a.VTT", Format::WebVtt),
            (
                "WEBVTT - x\n\n00:01.000 --> 00:02.000\nx",
                "a.srt",
                Format::WebVtt,
            ),
            (ass, "a.srt", Format::Ass),
            (
                "\nDialogue: 0,0:00:01.50,0:00:02.00,,,,,,,x",
                "",
                Format::Ass,
            ),
            ("{1}{1}25\n{2}{3}x", "a.sub", Format::MicroDvd),
            ("by me\n{2}{3}x", "a.sub", Format::MicroDvd),
        ] {
            let read = read(text.as_bytes(), &named(name)).unwrap();
            assert_eq!(read.format, format, "{text}");
            assert_eq!(read.cues.as_slice()[0].text, "x");
            assert_eq!(read.rate.is_some(), format == Format::MicroDvd);
        }
    }

    #[test]
    fn what_gives_no_cues_says_why() {
        let read = |bytes: &[u8]| read(bytes, &named("a.srt")).unwrap_err();
        assert_eq!(read(b""), Fault::Empty);
        assert_eq!(read(b"<!DOCTYPE html><p>Sign in --> here"), Fault::Empty);
        assert_eq!(read(b"\0\0\x01\xba\x44"), Fault::Pictures);
        assert_eq!(read(b"# VobSub index file, v7"), Fault::Pictures);
        let size = FILE_BYTES_MAX + 1;
        assert_eq!(read(&vec![b'x'; size]), Fault::TooLong(size as u64));
    }

    #[test]
    fn frames_are_counted_by_the_films_rate() {
        let mut hint = named("a.sub");
        hint.rate = Rate::of(25.0);
        let read = read(b"{25}{50}x", &hint).unwrap();
        assert_eq!(read.cues.as_slice()[0].start.as_millis(), 1000);
        assert_eq!(read.rate, Rate::of(25.0));
    }

    proptest::proptest! {
        #[test]
        fn no_file_breaks_the_readers(
            head in "(WEBVTT\n\n|\\[Events\\]\n|\\{1\\}\\{1\\}|1\n|)",
            file in "([0-9:,.<>{}\n\r \\\\a-z&;é]| --> |\
                \nDialogue: |\\{1\\}\\{2\\}|0:00:01.00){0,200}",
        ) {
            if let Ok(read) = read(format!("{head}{file}").as_bytes(), &named("a.srt")) {
                for cue in read.cues.as_slice() {
                    proptest::prop_assert!(cue.start < cue.end && !cue.text.is_empty());
                }
            }
        }
    }
}
