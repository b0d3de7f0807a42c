//! The page that asks whether the box is to forget everything. It says what is lost, and what is
//! chosen there is asked for once more.

use crate::erasing::{Answer, Erasing};
use crate::power::Power;
use crate::view::MenuView;
use crate::{Key, PowerAct, words};

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct ResetPage {
    erasing: Erasing,
}

/// What the page asks of the core.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Asked {
    Nothing,
    Leave,
    Reset,
}

impl ResetPage {
    pub(crate) fn key(&mut self, key: Key, power: &Power) -> Asked {
        if power.ending.is_some() && !matches!(key, Key::Back | Key::Left) {
            return Asked::Nothing;
        }
        match self.erasing.key(key) {
            Answer::NotYet => Asked::Nothing,
            Answer::Leave => Asked::Leave,
            Answer::Erase => Asked::Reset,
        }
    }

    pub(crate) fn view(self, power: &Power) -> MenuView {
        let (labels, headline, message) = match power.ending {
            None => {
                let labels = vec![words::KEEP_ALL.into(), words::FORGET_ALL.into()];
                (labels, words::FACTORY_RESET, words::FACTORY_RESET_HELP)
            }
            Some(PowerAct::Off) => (Vec::new(), words::SHUTS_DOWN, words::UNPLUG_LATER),
            Some(PowerAct::Restart | PowerAct::Reset) => {
                (Vec::new(), words::RESETS, words::TAKES_A_MINUTE)
            }
        };
        MenuView {
            title: words::POWER.into(),
            focus: self.erasing.focus().min(labels.len().saturating_sub(1)),
            notes: Vec::new(),
            chosen: None,
            ask: (self.erasing.asks() && !labels.is_empty())
                .then(|| words::FORGET_ALL_SURELY.into()),
            labels,
            headline: headline.into(),
            message: message.into(),
            hint: words::CODE_HINT.into(),
        }
    }
}
