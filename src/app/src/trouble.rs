//! Something outside failed: what happened in plain words, and what can be done about it.

use crate::opening::Attempt;
use crate::view::{ActionView, TroubleView};
use crate::{Key, words};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trouble {
    pub(crate) attempt: Attempt,
    title: String,
    message: String,
    focus: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum WayOut {
    TryAgain,
    OtherSource,
    Back,
}

impl Trouble {
    pub(crate) fn new(attempt: Attempt, (title, message): (String, String)) -> Trouble {
        Trouble {
            attempt,
            title,
            message,
            focus: 0,
        }
    }

    fn ways_out(&self) -> Vec<WayOut> {
        let mut ways = vec![WayOut::TryAgain];
        if self.attempt.film.sources.len() > 1 {
            ways.push(WayOut::OtherSource);
        }
        ways.push(WayOut::Back);
        ways
    }

    /// The way out that the key takes, if it takes one.
    pub(crate) fn key(&mut self, key: Key) -> Option<WayOut> {
        let ways = self.ways_out();
        match key {
            Key::Left | Key::Up => self.focus = self.focus.saturating_sub(1),
            Key::Right | Key::Down => self.focus = (self.focus + 1).min(ways.len() - 1),
            Key::Ok => return Some(ways[self.focus]),
            Key::Back | Key::Stop => return Some(WayOut::Back),
            _ => {}
        }
        None
    }

    pub(crate) fn view(&self) -> TroubleView {
        let label = |way: WayOut| match way {
            WayOut::TryAgain => words::TRY_AGAIN,
            WayOut::OtherSource => words::OTHER_SOURCE,
            WayOut::Back => words::GO_BACK,
        };
        let ways = self.ways_out().into_iter();
        TroubleView {
            title: self.title.clone(),
            message: self.message.clone(),
            actions: ways
                .map(|way| ActionView {
                    label: label(way).into(),
                    enabled: true,
                })
                .collect(),
            focus: self.focus,
        }
    }
}
