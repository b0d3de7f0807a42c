//! To another place of the film.

use std::time::Duration;

use super::Playing;
use crate::{Effect, Lines, SeekMode, Time, controls};

/// Previous goes to the start of the chapter; within this of it, to the one before.
const CHAPTER_BEGUN: Duration = Duration::from_secs(3);

impl Playing {
    pub(super) fn seek(&mut self, to: Duration, now: Time, effects: &mut Vec<Effect>) {
        self.seeking = Some(to);
        self.supply.jump();
        self.lines = Lines::default();
        self.moved_at = now;
        let seek = Effect::Seek {
            session: self.session(),
            to,
            mode: SeekMode::Accurate,
        };
        effects.push(seek);
    }

    /// To that place of the film, where it can be moved.
    pub(crate) fn jump(&mut self, to: Duration, now: Time, effects: &mut Vec<Effect>) {
        if let Some(end) = self.seekable.filter(|_| !self.is_over()) {
            self.seek(controls::clamp(to, end), now, effects);
            self.controls.show(now);
        }
    }

    /// Where the chapter begins that is next, or that the film is in.
    pub(super) fn chapter(&self, forward: bool) -> Option<Duration> {
        let end = self.seekable?;
        let place = self.place();
        let mut starts = self.chapters.iter().map(|chapter| chapter.start);
        if forward {
            return starts
                .find(|start| *start > place)
                .map(|start| controls::clamp(start, end));
        }
        let before = place.saturating_sub(CHAPTER_BEGUN);
        Some(
            starts
                .rfind(|start| *start <= before)
                .unwrap_or(Duration::ZERO),
        )
    }
}
