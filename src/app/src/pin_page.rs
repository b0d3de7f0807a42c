//! The keypad on the screen: four digits, by the digits of the remote or by arrows and OK.
//!
//! What is typed is in no view: only how many digits there are. The last digit asks by itself. A
//! new PIN is typed twice.

use std::time::Duration;

use crate::app::{App, Place};
use crate::household::{PIN_DIGITS, Pin, ProfileId};
use crate::profiles::Gate;
use crate::view::PinView;
use crate::{Effect, Key, Quest, Time, words};

/// Keys side by side.
const COLUMNS: usize = 3;

/// As on telephones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pad {
    Digit(u8),
    Delete,
    Leave,
}

const PAD: [Pad; 12] = [
    Pad::Digit(1),
    Pad::Digit(2),
    Pad::Digit(3),
    Pad::Digit(4),
    Pad::Digit(5),
    Pad::Digit(6),
    Pad::Digit(7),
    Pad::Digit(8),
    Pad::Digit(9),
    Pad::Delete,
    Pad::Digit(0),
    Pad::Leave,
];

/// The key in the middle, from which no other is far.
const MIDDLE: usize = 4;

/// What the PIN is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// That one watches.
    Enter(ProfileId),
    Unlock(Gate),
    /// That one gets it.
    New(ProfileId),
}

/// What came of the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    Wrong,
    /// The second was not as the first.
    Differ,
    NotKept,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PinPage {
    purpose: Purpose,
    typed: Pin,
    /// Of a new one, as it was typed first.
    first: Option<Pin>,
    focus: usize,
    /// It is being looked at.
    quest: Option<Quest>,
    said: Option<Said>,
}

/// What the page asks of the core.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    Nothing,
    Leave,
    Check(Pin),
    Make(Pin),
}

impl PinPage {
    pub(crate) fn new(purpose: Purpose) -> PinPage {
        PinPage {
            purpose,
            typed: Pin::default(),
            first: None,
            focus: MIDDLE,
            quest: None,
            said: None,
        }
    }

    pub(crate) fn purpose(&self) -> Purpose {
        self.purpose
    }

    fn key(&mut self, key: Key) -> Asked {
        let (row, column) = (self.focus / COLUMNS, self.focus % COLUMNS);
        let rows = PAD.len() / COLUMNS;
        let go = |row: usize, column: usize| row * COLUMNS + column;
        match key {
            Key::Up => self.focus = go((row + rows - 1) % rows, column),
            Key::Down => self.focus = go((row + 1) % rows, column),
            Key::Left => self.focus = go(row, (column + COLUMNS - 1) % COLUMNS),
            Key::Right => self.focus = go(row, (column + 1) % COLUMNS),
            Key::Digit(digit) => return self.digit(digit),
            Key::Delete => self.delete(),
            Key::Back | Key::Stop => return Asked::Leave,
            Key::Ok => match PAD[self.focus] {
                Pad::Digit(digit) => return self.digit(digit),
                Pad::Delete => self.delete(),
                Pad::Leave => return Asked::Leave,
            },
            _ => {}
        }
        Asked::Nothing
    }

    fn delete(&mut self) {
        if self.quest.is_none() {
            self.typed.0.pop();
        }
    }

    fn digit(&mut self, digit: u8) -> Asked {
        if self.quest.is_some() || digit > 9 {
            return Asked::Nothing;
        }
        self.said = None;
        self.typed.0.push(char::from(b'0' + digit));
        if self.typed.0.len() < PIN_DIGITS {
            return Asked::Nothing;
        }
        let typed = std::mem::take(&mut self.typed);
        match (self.purpose, self.first.take()) {
            (Purpose::Enter(_) | Purpose::Unlock(_), _) => return Asked::Check(typed),
            (Purpose::New(_), None) => self.first = Some(typed),
            (Purpose::New(_), Some(first)) if first == typed => return Asked::Make(typed),
            (Purpose::New(_), Some(_)) => self.said = Some(Said::Differ),
        }
        Asked::Nothing
    }

    /// As if the digits had been typed here.
    fn type_all(&mut self, text: &str) -> Asked {
        self.typed = Pin::default();
        let digits = text.bytes().filter(u8::is_ascii_digit).take(PIN_DIGITS);
        let mut asked = Asked::Nothing;
        for digit in digits {
            asked = self.digit(digit - b'0');
        }
        asked
    }

    pub(crate) fn asks(&mut self, quest: Quest) {
        self.quest = Some(quest);
    }

    /// Whether that is what is waited for, which it is no more then.
    pub(crate) fn answers(&mut self, quest: Quest) -> bool {
        self.quest.take_if(|it| *it == quest).is_some()
    }

    pub(crate) fn wrong(&mut self) {
        self.said = Some(Said::Wrong);
    }

    pub(crate) fn not_kept(&mut self) {
        self.said = Some(Said::NotKept);
    }
}

/// When another minute of a wait is over.
fn next_minute(left: Duration, now: Time) -> Option<Time> {
    let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
    let beyond = Duration::from_secs(seconds.saturating_sub(1) / 60 * 60);
    (!left.is_zero()).then(|| now + left.saturating_sub(beyond))
}

impl App {
    pub(crate) fn pin_key(&mut self, mut page: PinPage, key: Key, effects: &mut Vec<Effect>) {
        let asked = page.key(key);
        self.place = Place::Pin(page);
        self.pin_asked(asked, effects);
    }

    /// By a phone, which has no other way past this page than the TV has.
    pub(crate) fn pin_typed(&mut self, pin: &Pin, effects: &mut Vec<Effect>) {
        if let Place::Pin(page) = &mut self.place {
            let asked = page.type_all(&pin.0);
            self.pin_asked(asked, effects);
        }
    }

    fn pin_asked(&mut self, asked: Asked, effects: &mut Vec<Effect>) {
        let Place::Pin(page) = &self.place else {
            return;
        };
        let purpose = page.purpose();
        match asked {
            Asked::Nothing => {}
            Asked::Leave => match purpose {
                Purpose::Enter(_) => self.place = self.who(),
                Purpose::Unlock(_) | Purpose::New(_) => self.back(effects),
            },
            Asked::Check(pin) => self.check_pin(purpose, pin, effects),
            Asked::Make(pin) => self.make_pin(pin, effects),
        }
    }

    fn left(&self, page: &PinPage) -> Duration {
        let who = self.asked_of(page.purpose);
        if page.quest.is_some() {
            return Duration::ZERO;
        }
        self.profiles.locked(&who, self.now)
    }

    pub(crate) fn pin_deadline(&self, page: &PinPage) -> Option<Time> {
        next_minute(self.left(page), self.now)
    }

    pub(crate) fn pin_view(&self, page: &PinPage) -> PinView {
        let name = |id| {
            let profile = self.profiles.household.profile(id);
            profile.map(words::profile_name).unwrap_or_default()
        };
        let title = match page.purpose {
            Purpose::Enter(id) | Purpose::Unlock(Gate::Page(id)) => words::pin_of(&name(id)),
            Purpose::Unlock(Gate::Door(_)) => words::KEY_PIN.into(),
            Purpose::New(id) => words::new_pin_of(&name(id)),
        };
        let left = self.left(page);
        let status = if page.quest.is_some() {
            words::CHECKING_PIN.into()
        } else if !left.is_zero() {
            words::pin_waits(left)
        } else if let Some(said) = page.said {
            words::pin_said(said).into()
        } else if page.first.is_some() {
            words::PIN_AGAIN.into()
        } else {
            words::pin_help(page.purpose).into()
        };
        let label = |key: &Pad| match key {
            Pad::Digit(digit) => digit.to_string(),
            Pad::Delete => words::DELETE.into(),
            Pad::Leave => words::GO_BACK.into(),
        };
        PinView {
            title,
            status,
            digits: PIN_DIGITS,
            typed: page.typed.0.len(),
            keys: PAD.iter().map(label).collect(),
            columns: COLUMNS,
            focus: page.focus,
            waits: !left.is_zero() || page.quest.is_some(),
            hint: words::PIN_HINT.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_told_anew_at_each_minute() {
        let told = |left: u64| {
            let due = next_minute(Duration::from_secs(left), Time::default());
            due.map(|due| due.0.as_secs())
        };
        assert_eq!(told(0), None);
        assert_eq!(told(60), Some(60));
        assert_eq!(told(61), Some(1));
        assert_eq!(told(120), Some(60));
        assert_eq!(told(1), Some(1));
    }
}
