//! The page of the box's power: standby, the sleep timer, a new start, the end.

use crate::power::{Power, TIMERS_MIN};
use crate::turning::{Turn, turned};
use crate::view::MenuView;
use crate::{Key, PowerAct, words};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct PowerPage {
    focus: usize,
    /// Shutting down was chosen once; the second time it is done.
    sure: bool,
}

/// What the page asks of the core.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Asked {
    Nothing,
    Leave,
    StandBy,
    /// Minutes; none: never.
    Timer(Option<u16>),
    /// The page that asks whether to forget everything.
    Reset,
    End(PowerAct),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Act {
    StandBy,
    Timer,
    Restart,
    Off,
    Reset,
}

fn acts(power: &Power) -> &'static [Act] {
    match (power.ending, power.ends) {
        (Some(_), _) => &[],
        (None, true) => {
            const ALL: [Act; 5] = [Act::StandBy, Act::Timer, Act::Restart, Act::Off, Act::Reset];
            &ALL
        }
        (None, false) => &[Act::StandBy, Act::Timer],
    }
}

impl PowerPage {
    pub(crate) fn key(&mut self, key: Key, power: &Power) -> Asked {
        let acts = acts(power);
        let last = acts.len().saturating_sub(1);
        let act = acts.get(self.focus.min(last)).copied();
        let to = match key {
            Key::Up => self.focus.saturating_sub(1),
            Key::Down => (self.focus + 1).min(last),
            Key::Left | Key::Right if act == Some(Act::Timer) => {
                let turn = if key == Key::Right {
                    Turn::On
                } else {
                    Turn::Back
                };
                return Asked::Timer(turned(&TIMERS_MIN, power.timer_min(), turn));
            }
            Key::Back | Key::Left => return Asked::Leave,
            Key::Ok => return act.map_or(Asked::Nothing, |act| self.carry_out(act, power)),
            _ => self.focus,
        };
        self.sure &= to == self.focus;
        self.focus = to;
        Asked::Nothing
    }

    fn carry_out(&mut self, act: Act, power: &Power) -> Asked {
        match act {
            Act::StandBy => Asked::StandBy,
            Act::Timer => Asked::Timer(turned(&TIMERS_MIN, power.timer_min(), Turn::Round)),
            Act::Restart => Asked::End(PowerAct::Restart),
            Act::Off if !std::mem::replace(&mut self.sure, true) => Asked::Nothing,
            Act::Off => Asked::End(PowerAct::Off),
            Act::Reset => Asked::Reset,
        }
    }

    pub(crate) fn view(&self, power: &Power) -> MenuView {
        let acts = acts(power);
        let focus = self.focus.min(acts.len().saturating_sub(1));
        let label = |act: &Act| match act {
            Act::StandBy => words::STAND_BY.into(),
            Act::Timer => words::sleep_timer(power.timer_min()),
            Act::Restart => words::RESTART.into(),
            Act::Off => words::SHUT_DOWN.into(),
            Act::Reset => words::FACTORY_RESET.into(),
        };
        let (headline, message) = match (power.ending, acts.get(focus)) {
            (Some(PowerAct::Restart | PowerAct::Reset), _) => {
                (words::RESTARTS, words::TAKES_A_MINUTE)
            }
            (Some(PowerAct::Off), _) => (words::SHUTS_DOWN, words::UNPLUG_LATER),
            (None, Some(Act::Timer)) => (words::SLEEP_TIMER, words::SLEEP_TIMER_HELP),
            (None, Some(Act::Restart)) => (words::RESTART, words::RESTART_HELP),
            (None, Some(Act::Off)) => (words::SHUT_DOWN, words::SHUT_DOWN_HELP),
            (None, Some(Act::Reset)) => (words::FACTORY_RESET, words::FACTORY_RESET_HELP),
            (None, _) => (words::STAND_BY, words::STAND_BY_HELP),
        };
        MenuView {
            title: words::POWER.into(),
            labels: acts.iter().map(label).collect(),
            notes: Vec::new(),
            chosen: None,
            focus,
            headline: headline.into(),
            message: message.into(),
            ask: (self.sure && acts.get(focus) == Some(&Act::Off))
                .then(|| words::SHUT_DOWN_SURELY.into()),
            hint: words::CODE_HINT.into(),
        }
    }
}
