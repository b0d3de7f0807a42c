//! What is on the screen at a position of the film: one or two files of cues, each with its own
//! offset and speed.
//!
//! Two languages at once are two tracks side by side, not one merged list: each can be moved,
//! stretched and replaced alone, and the screen knows which is which. A value and lookups; who
//! asks, at 4 Hz or once per picture, keeps what it was told last.

use std::sync::Arc;
use std::time::Duration;

use crate::cues::{Cue, Cues};

/// From the times of a file to positions of the film.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// Added to the stretched times; a positive one shows the texts later.
    pub offset_ms: i64,
    /// Times of the film over times of the file; see `Scale`.
    pub scale: f64,
}

impl Default for Timing {
    fn default() -> Timing {
        Timing {
            offset_ms: 0,
            scale: 1.0,
        }
    }
}

impl Timing {
    /// Where in the film a time of the file is; none before its beginning.
    pub fn film_position(self, time: Duration) -> Option<Duration> {
        let secs = time.as_secs_f64() * self.scale + self.offset_ms as f64 / 1000.0;
        Duration::try_from_secs_f64(secs).ok()
    }

    /// The time of the file at a position of the film; none before its beginning.
    pub fn file_time(self, position: Duration) -> Option<Duration> {
        let secs = (position.as_secs_f64() - self.offset_ms as f64 / 1000.0) / self.scale;
        Duration::try_from_secs_f64(secs).ok()
    }
}

/// Cues and how they lie on the film.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    pub cues: Arc<Cues>,
    pub timing: Timing,
}

impl Track {
    pub fn new(cues: Arc<Cues>) -> Track {
        Track {
            cues,
            timing: Timing::default(),
        }
    }
}

/// The tracks to show: the viewer's language, and beside it a second one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Titles {
    pub first: Option<Track>,
    pub second: Option<Track>,
}

/// What is up now, each in the order of its starts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown<'t> {
    pub first: Vec<&'t Cue>,
    pub second: Vec<&'t Cue>,
}

impl Titles {
    pub fn at(&self, position: Duration) -> Shown<'_> {
        Shown {
            first: up(self.first.as_ref(), position),
            second: up(self.second.as_ref(), position),
        }
    }

    /// The position at which something comes or goes next.
    pub fn next_change(&self, position: Duration) -> Option<Duration> {
        let tracks = self.first.iter().chain(&self.second);
        let changes = tracks.filter_map(|track| {
            let time = track.timing.file_time(position);
            let change = match time {
                Some(time) => track.cues.next_change(time),
                None => track.cues.as_slice().first().map(|cue| cue.start),
            };
            // A stretched time is rounded: the next change is never now.
            let change = track.timing.film_position(change?)?;
            Some(change.max(position + Duration::from_millis(1)))
        });
        changes.min()
    }
}

fn up(track: Option<&Track>, position: Duration) -> Vec<&Cue> {
    let due = track.and_then(|it| Some(it.cues.at(it.timing.file_time(position)?)));
    due.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(offset_ms: i64, scale: f64, spans: &[(u64, u64, &str)]) -> Track {
        let cue = |(start, end, text): &(u64, u64, &str)| {
            Cue::plain(
                Duration::from_secs(*start),
                Duration::from_secs(*end),
                *text,
            )
        };
        let cues = Arc::new(Cues::new(spans.iter().map(cue).collect()));
        let timing = Timing { offset_ms, scale };
        Track { cues, timing }
    }

    fn told(titles: &Titles, millis: u64) -> String {
        let shown = titles.at(Duration::from_millis(millis));
        let texts = |cues: Vec<&Cue>| -> Vec<String> {
            cues.into_iter().map(|cue| cue.text.clone()).collect()
        };
        format!(
            "{}|{}",
            texts(shown.first).join("+"),
            texts(shown.second).join("+")
        )
    }

    #[test]
    fn two_languages_go_each_at_its_own_pace() {
        let titles = Titles {
            first: Some(track(1500, 1.0, &[(0, 2, "a"), (2, 4, "b")])),
            second: Some(track(-1000, 2.0, &[(1, 2, "x"), (1, 3, "y")])),
        };
        for (millis, expected) in [
            (0, "|"),
            (1000, "|x+y"),
            (1499, "|x+y"),
            (1500, "a|x+y"),
            (2999, "a|x+y"),
            (3000, "a|y"),
            (3500, "b|y"),
            (5000, "b|"),
            (5500, "|"),
        ] {
            assert_eq!(told(&titles, millis), expected, "{millis}");
        }
        let mut at = Duration::ZERO;
        let mut changes = Vec::new();
        while let Some(next) = titles.next_change(at) {
            changes.push(next.as_millis());
            at = next;
        }
        assert_eq!(changes, [1000, 1500, 3000, 3500, 5000, 5500]);
    }

    #[test]
    fn there_is_nothing_before_the_beginning_and_without_tracks() {
        assert_eq!(told(&Titles::default(), 5), "|");
        assert_eq!(Titles::default().next_change(Duration::ZERO), None);
        let titles = Titles {
            first: Some(track(10_000, 1.0, &[(0, 1, "a")])),
            second: None,
        };
        assert_eq!(told(&titles, 9_999), "|");
        assert_eq!(
            titles.next_change(Duration::ZERO),
            Some(Duration::from_secs(10))
        );
    }
}
