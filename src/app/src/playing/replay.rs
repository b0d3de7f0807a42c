//! What did they say: ten seconds back, with subtitles up to where the key was pressed.
//!
//! The subtitles are lent: what the viewer chose is not changed by it and not remembered anew.
//! Where some are shown already the film goes back, and no more.

use std::time::Duration;

use super::{Playing, Step};
use crate::texts::TextWish;
use crate::{Effect, TextTiming, Time, words};

/// A sentence or two.
const BACK: Duration = Duration::from_secs(10);

/// Who goes back farther than this looks for something else.
const FAR: Duration = Duration::from_mins(1);

impl Playing {
    /// The viewer did not understand what was said last.
    pub(crate) fn say_again(
        &mut self,
        wish: &TextWish,
        now: Time,
        effects: &mut Vec<Effect>,
    ) -> Step {
        if self.seekable.is_none() {
            return Step::Refused;
        }
        let from = self.place();
        self.paused = false;
        self.seek(from.saturating_sub(BACK), now, effects);
        if self.tracks.subtitle_now.is_some() {
            return Step::Stay;
        }
        let Some(id) = wish.of_what_is_heard(&self.tracks) else {
            return Step::Tell(words::NO_SUBTITLES.into());
        };
        self.show_text(Some(id), TextTiming::default(), effects);
        self.lent_until = Some(from);
        Step::Stay
    }

    /// The film is where it is: lent subtitles go once they have done their work.
    pub(super) fn look_at_lent(&mut self, effects: &mut Vec<Effect>) {
        let place = self.position;
        let done = |until: &mut Duration| place >= *until || place + FAR < *until;
        if self.seeking.is_none() && self.lent_until.take_if(done).is_some() {
            self.show_text(None, TextTiming::default(), effects);
        }
    }
}
