//! The page that asks whether the box is to forget everything. It says what is lost, and what is
//! chosen there is asked for once more.

use crate::power::Power;
use crate::view::PowerView;
use crate::{Key, PowerAct, words};

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct ResetPage {
    /// The focus is on what erases, not on what leaves.
    erase: bool,
    /// It was chosen once; the second time it is done.
    sure: bool,
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
        match key {
            Key::Back | Key::Left => return Asked::Leave,
            _ if power.ending.is_some() => {}
            Key::Up => *self = ResetPage::default(),
            Key::Down => self.erase = true,
            Key::Ok if !self.erase => return Asked::Leave,
            Key::Ok if std::mem::take(&mut self.sure) => return Asked::Reset,
            Key::Ok => self.sure = true,
            _ => {}
        }
        Asked::Nothing
    }

    pub(crate) fn view(self, power: &Power) -> PowerView {
        let (labels, headline, message) = match power.ending {
            None => {
                let labels = vec![words::KEEP_ALL.to_owned(), words::FORGET_ALL.to_owned()];
                (labels, words::FACTORY_RESET, words::FACTORY_RESET_HELP)
            }
            Some(PowerAct::Off) => (Vec::new(), words::SHUTS_DOWN, words::UNPLUG_LATER),
            Some(PowerAct::Restart | PowerAct::Reset) => {
                (Vec::new(), words::RESETS, words::TAKES_A_MINUTE)
            }
        };
        PowerView {
            title: words::POWER.into(),
            focus: usize::from(self.erase && !labels.is_empty()),
            ask: (self.sure && !labels.is_empty()).then(|| words::FORGET_ALL_SURELY.to_owned()),
            labels,
            headline: headline.into(),
            message: message.into(),
            hint: words::CODE_HINT.into(),
        }
    }
}
