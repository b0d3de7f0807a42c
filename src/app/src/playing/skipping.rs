//! The button that skips an opening, a recap or credits, where the film's chapters say that those
//! are.
//!
//! It is there for as long as that lasts, but not while controls are on the screen: the keys are
//! theirs. The card of the next episode goes before it.

use std::time::Duration;

use super::{Playing, Step};
use crate::chapters::{Part, Skip};
use crate::controls;
use crate::{Effect, Key, Press, Time, words};

/// So short before its end a skip would skip nothing.
const LEAST: Duration = Duration::from_secs(1);

impl Playing {
    fn skip(&self) -> Option<Skip> {
        let place = self.place();
        let here = |it: &&Skip| it.from <= place && place + LEAST < it.to;
        let skip = self.skips.iter().find(here).copied();
        let wanted = |it: &Skip| {
            // Before another episode the credits are its card's, also if that is not wanted.
            let of_card = it.part == Part::Credits && self.next().is_some();
            !of_card && self.not_skipped != Some(it.from)
        };
        skip.filter(|it| self.seekable.is_some() && !self.card_shows() && wanted(it))
    }

    /// What a key does to the button; none: it is for the film.
    pub(super) fn skip_key(
        &mut self,
        key: Key,
        press: Press,
        now: Time,
        effects: &mut Vec<Effect>,
    ) -> Option<Step> {
        let free = press == Press::Down && !self.controls.visible(now, self.paused);
        let skip = self.skip().filter(|_| free)?;
        match key {
            Key::Ok => {
                let end = self.seekable?;
                self.seek(controls::clamp(skip.to, end), now, effects);
            }
            Key::Back => self.not_skipped = Some(skip.from),
            _ => return None,
        }
        Some(Step::Stay)
    }

    pub(super) fn skip_view(&self, now: Time) -> Option<String> {
        let free = !self.controls.visible(now, self.paused);
        let skip = self.skip().filter(|_| free)?;
        Some(words::skip(skip.part).into())
    }
}
