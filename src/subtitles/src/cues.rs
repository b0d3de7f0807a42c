//! The one value that every format is read into: texts, when they are shown, and where.
//!
//! Sorted by start once and never changed; what was wrong in the file (no length, ends before it
//! begins) is mended here, so every reader may be sloppy. A lookup costs a binary search and the
//! cues that may still be up: the latest end so far says where to stop, so a seek costs what a
//! step costs. What is not here: markup (`markup`), the offset against the film (`titles`).

use std::ops::Range;
use std::time::Duration;

/// Cues kept of one file (threat list of the house); a talkative film has 2,500, and a fansub
/// with signs drawn frame by frame 20,000.
pub const CUES_MAX: usize = 50_000;

/// Characters kept of one cue; no more fits a screen.
pub const CHARS_MAX: usize = 2_000;

/// No film is longer than 100 hours; a later time is a slip of the pen.
pub(crate) const TIME_MAX: Duration = Duration::from_secs(100 * 3600);

/// A cue without a length is shown this long, or until the next begins ...
const MENDED_SHOWN: Duration = Duration::from_secs(3);

/// ... but not shorter than this: less cannot be read.
const MENDED_SHOWN_MIN: Duration = Duration::from_secs(1);

/// A text and when it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    pub start: Duration,
    /// Exclusive.
    pub end: Duration,
    /// Plain, lines apart by '\n', without empty ones.
    pub text: String,
    /// What of the text is not plain; in order and apart.
    pub runs: Vec<Run>,
    pub place: Place,
}

impl Cue {
    /// A text without style at its usual place.
    pub fn plain(start: Duration, end: Duration, text: impl Into<String>) -> Cue {
        Cue {
            start,
            end,
            text: text.into(),
            runs: Vec::new(),
            place: Place::default(),
        }
    }
}

/// A part of a cue's text with a style of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Of the cue's text, at borders of characters; never empty.
    pub bytes: Range<usize>,
    pub style: Style,
}

/// All the style a file may ask for; fonts, sizes and effects are the viewer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    pub italic: bool,
    pub bold: bool,
    pub underline: bool,
    /// Red, green, blue.
    pub colour: Option<[u8; 3]>,
}

/// Where on the picture a text would like to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    pub row: Row,
    pub column: Column,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Row {
    Top,
    Middle,
    #[default]
    Bottom,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Column {
    Left,
    #[default]
    Centre,
    Right,
}

/// The cues of a file by their starts. Those that overlap stay, in the file's order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cues {
    list: Vec<Cue>,
    /// The latest end of each cue and those before it.
    latest: Vec<Duration>,
}

impl Cues {
    /// Sorts and mends; beyond `CUES_MAX` the rest is left out, and so is what has no text,
    /// begins after `TIME_MAX` or was said already.
    pub fn new(mut list: Vec<Cue>) -> Cues {
        list.retain(|cue| !cue.text.is_empty() && cue.start < TIME_MAX);
        list.sort_by_key(|cue| cue.start);
        list.truncate(CUES_MAX);
        let mut next = TIME_MAX;
        for at in (0..list.len()).rev() {
            if let Some(after) = list
                .get(at + 1)
                .filter(|after| after.start > list[at].start)
            {
                next = after.start;
            }
            let cue = &mut list[at];
            if cue.end <= cue.start {
                let shown = (next - cue.start).clamp(MENDED_SHOWN_MIN, MENDED_SHOWN);
                cue.end = cue.start + shown;
            }
        }
        // Typesetters lay one text over itself, for its border and its shadow.
        list.dedup_by(|cue, before| {
            (cue.start, cue.end, &cue.text) == (before.start, before.end, &before.text)
        });
        let latest = list.iter().scan(Duration::ZERO, |latest, cue| {
            *latest = cue.end.max(*latest);
            Some(*latest)
        });
        let latest = latest.collect();
        Cues { list, latest }
    }

    pub fn as_slice(&self) -> &[Cue] {
        &self.list
    }

    /// The same with all times multiplied.
    #[must_use]
    pub fn stretched(&self, scale: f64) -> Cues {
        let cue = |cue: &Cue| Cue {
            start: cue.start.mul_f64(scale),
            end: cue.end.mul_f64(scale),
            ..cue.clone()
        };
        Cues::new(self.as_slice().iter().map(cue).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// When the last text goes.
    pub fn end(&self) -> Duration {
        self.latest.last().copied().unwrap_or_default()
    }

    /// What is up at `time`, in the order of the starts.
    pub fn at(&self, time: Duration) -> Vec<&Cue> {
        let begun = self.begun(time);
        let mut due: Vec<&Cue> = self.list[..begun]
            .iter()
            .zip(&self.latest)
            .rev()
            .take_while(|(_, latest)| time < **latest)
            .map(|(cue, _)| cue)
            .filter(|cue| time < cue.end)
            .collect();
        due.reverse();
        due
    }

    /// When something comes or goes after `time`.
    pub fn next_change(&self, time: Duration) -> Option<Duration> {
        let next = self.list.get(self.begun(time)).map(|cue| cue.start);
        let ends = self.at(time).into_iter().map(|cue| cue.end);
        ends.chain(next).min()
    }

    fn begun(&self, time: Duration) -> usize {
        self.list.partition_point(|cue| cue.start <= time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cue(start: u64, end: u64, text: &str) -> Cue {
        Cue::plain(Duration::from_secs(start), Duration::from_secs(end), text)
    }

    fn told(cues: &Cues, secs: u64) -> Vec<&str> {
        let due = cues.at(Duration::from_secs(secs));
        due.into_iter().map(|cue| cue.text.as_str()).collect()
    }

    #[test]
    fn overlapping_texts_are_up_together_and_ends_are_exclusive() {
        let cues = Cues::new(vec![
            cue(1, 9, "long"),
            cue(3, 4, "next"),
            cue(2, 3, "short"),
        ]);
        assert!(told(&cues, 0).is_empty());
        assert_eq!(told(&cues, 1), ["long"]);
        assert_eq!(told(&cues, 2), ["long", "short"]);
        assert_eq!(told(&cues, 3), ["long", "next"]);
        assert!(told(&cues, 9).is_empty());
        let secs = Duration::from_secs;
        let changes = [
            (0, Some(1)),
            (1, Some(2)),
            (3, Some(4)),
            (4, Some(9)),
            (9, None),
        ];
        for (at, change) in changes {
            assert_eq!(cues.next_change(secs(at)), change.map(secs), "{at}");
        }
        assert_eq!(cues.end(), secs(9));
    }

    #[test]
    fn what_has_no_length_gets_one() {
        let list = vec![
            cue(10, 10, "none"),
            cue(20, 5, "backwards"),
            cue(22, 30, "next"),
            cue(22, 0, "beside it"),
            cue(400_000, 400_001, "a slip"),
            cue(9, 11, ""),
        ];
        let cues = Cues::new(list);
        let ends: Vec<u64> = cues
            .as_slice()
            .iter()
            .map(|cue| cue.end.as_secs())
            .collect();
        assert_eq!(ends, [13, 22, 30, 25]);
    }

    #[test]
    fn too_many_are_cut_and_doubles_go() {
        let list = (0..60_000)
            .map(|nth| cue(nth / 2, nth / 2 + 1, "same"))
            .collect();
        assert_eq!(Cues::new(list).as_slice().len(), CUES_MAX / 2);
    }

    proptest::proptest! {
        #[test]
        fn a_lookup_is_what_a_search_of_all_finds(
            spans in proptest::collection::vec((0u64..50, 0u64..20), 0..40),
            at in 0u64..80,
        ) {
            let list = spans.iter().enumerate();
            let list = list.map(|(nth, (start, len))| cue(*start, start + len, &nth.to_string()));
            let cues = Cues::new(list.collect());
            let at = Duration::from_secs(at);
            let due = |time: Duration| -> Vec<&Cue> {
                let up = |cue: &&Cue| cue.start <= time && time < cue.end;
                cues.as_slice().iter().filter(up).collect()
            };
            proptest::prop_assert_eq!(cues.at(at), due(at));
            if let Some(change) = cues.next_change(at) {
                proptest::prop_assert_ne!(due(change), due(at));
                proptest::prop_assert_eq!(due(change - Duration::from_millis(1)), due(at));
            }
        }
    }
}
