//! Learning a remote: the page asks for one button after another and hears which is pressed.
//!
//! Nothing is changed before the end, where what was learnt is kept if the viewer says so with the
//! OK that was just learnt: a remote that was learnt wrongly cannot say it, and then all is as it
//! was. Whoever does nothing goes on to the next button, and out in the end, so nobody needs a
//! remote that works to leave.

use std::time::Duration;

use crate::view::LearnView;
use crate::{Button, Key, Time, words};

/// A button that is not on the remote is waited for so long.
const PATIENCE: Duration = Duration::from_secs(10);

/// And an answer to whether all is to be kept.
const DECISION: Duration = Duration::from_secs(15);

/// So many buttons in a row that nobody presses: nobody is there, or the rest are not on it.
const UNANSWERED: usize = 3;

/// In this order: what nobody can do without comes first.
const ASKED: [Key; 19] = [
    Key::Up,
    Key::Down,
    Key::Left,
    Key::Right,
    Key::Ok,
    Key::Back,
    Key::Home,
    Key::PlayPause,
    Key::Menu,
    Key::Stop,
    Key::Rewind,
    Key::Forward,
    Key::Info,
    Key::Subtitles,
    Key::Audio,
    Key::VolumeUp,
    Key::VolumeDown,
    Key::Mute,
    Key::Power,
];

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LearnPage {
    /// Opened because a remote was heard that is not known.
    by_itself: bool,
    step: Step,
    until: Time,
    learnt: Vec<(Button, Key)>,
    /// What became of each that was asked for.
    answers: Vec<Answer>,
    said: Said,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Of [`ASKED`].
    Ask(usize),
    /// Whether all is to be kept.
    Keep,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Learnt,
    /// It had that meaning.
    Works,
    Skipped,
}

/// What there is to say of the last button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    Learnt(Button),
    Works(Key),
    /// It means something else; pressed again it is taken all the same.
    Means(Button, Key),
    /// It was learnt just now for something else.
    Taken(Key),
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    Nothing,
    Leave,
    Keep(Vec<(Button, Key)>),
    /// Nothing was kept.
    Drop,
}

impl LearnPage {
    pub(crate) fn new(by_itself: bool, now: Time) -> LearnPage {
        LearnPage {
            by_itself,
            step: Step::Ask(0),
            until: now + PATIENCE,
            learnt: Vec::new(),
            answers: Vec::new(),
            said: Said::Nothing,
        }
    }

    pub(crate) fn deadline(&self) -> Time {
        self.until
    }

    /// A button was pressed that means `key` so far.
    pub(crate) fn hear(&mut self, button: Button, key: Option<Key>, now: Time) -> Asked {
        let learnt = self.learnt.iter().find(|(known, _)| *known == button);
        let learnt = learnt.map(|(_, key)| *key);
        let Step::Ask(at) = self.step else {
            return self.decide(learnt, key);
        };
        let asked = ASKED[at];
        if let Some(taken) = learnt {
            self.said = Said::Taken(taken);
            return Asked::Nothing;
        }
        let again = self.said == key.map_or(Said::Nothing, |key| Said::Means(button, key));
        match key {
            Some(key) if key == asked => {
                self.answered(at, Answer::Works, now);
                self.said = Said::Works(key);
            }
            Some(Key::Back | Key::Home) => return Asked::Leave,
            Some(key) if !again => self.said = Said::Means(button, key),
            _ => {
                self.learnt.push((button, asked));
                self.answered(at, Answer::Learnt, now);
                self.said = Said::Learnt(button);
            }
        }
        self.go_on()
    }

    /// Where nothing was learnt there is nothing to decide.
    fn go_on(&self) -> Asked {
        if self.step == Step::Keep && self.learnt.is_empty() {
            Asked::Leave
        } else {
            Asked::Nothing
        }
    }

    /// An answer to whether all is to be kept, by a button that was learnt or by one that works.
    fn decide(&mut self, learnt: Option<Key>, key: Option<Key>) -> Asked {
        let new_ok = self.learnt.iter().any(|(_, key)| *key == Key::Ok);
        match learnt.or(key) {
            Some(Key::Ok) if learnt.is_some() || !new_ok => {
                Asked::Keep(std::mem::take(&mut self.learnt))
            }
            Some(Key::Back | Key::Home) => Asked::Drop,
            _ => Asked::Nothing,
        }
    }

    /// A key from a phone or a gamepad, which nobody learns.
    pub(crate) fn key(&mut self, key: Key, now: Time) -> Asked {
        match (key, self.step) {
            (Key::Back | Key::Stop, _) => self.end(),
            (Key::Right | Key::Down, Step::Ask(at)) => {
                self.answered(at, Answer::Skipped, now);
                self.said = Said::Nothing;
                self.go_on()
            }
            (Key::Ok, Step::Keep) => self.decide(None, Some(key)),
            _ => Asked::Nothing,
        }
    }

    fn end(&self) -> Asked {
        if self.learnt.is_empty() {
            Asked::Leave
        } else {
            Asked::Drop
        }
    }

    /// Time has passed.
    pub(crate) fn tick(&mut self, now: Time) -> Asked {
        if now < self.until {
            return Asked::Nothing;
        }
        let Step::Ask(at) = self.step else {
            return Asked::Drop;
        };
        self.said = Said::Nothing;
        self.answered(at, Answer::Skipped, now);
        let last = self.answers.iter().rev();
        let unanswered = last.take_while(|it| **it == Answer::Skipped).count();
        if unanswered >= UNANSWERED {
            self.ask_to_keep(now);
        }
        self.go_on()
    }

    fn answered(&mut self, at: usize, answer: Answer, now: Time) {
        self.answers.push(answer);
        if at + 1 == ASKED.len() {
            self.ask_to_keep(now);
        } else {
            self.step = Step::Ask(at + 1);
            self.until = now + PATIENCE;
        }
    }

    fn ask_to_keep(&mut self, now: Time) {
        self.step = Step::Keep;
        self.until = now + DECISION;
    }

    pub(crate) fn view(&self) -> LearnView {
        let answer = |(at, key): (usize, &Key)| {
            let answer = self.answers.get(at).copied();
            words::asked_button(*key, answer)
        };
        let (asks, step) = match self.step {
            Step::Ask(at) => (Some(ASKED[at]), at),
            Step::Keep => (None, ASKED.len() - 1),
        };
        let new_ok = self.learnt.iter().any(|(_, key)| *key == Key::Ok);
        LearnView {
            title: words::REMOTE.into(),
            buttons: ASKED.iter().enumerate().map(answer).collect(),
            step,
            asks,
            learnt: self.learnt.clone(),
            headline: match asks {
                Some(key) => words::press_button(key),
                None => words::KEEP_BUTTONS.into(),
            },
            message: match asks {
                Some(_) if self.by_itself && self.answers.is_empty() => {
                    words::STRANGE_REMOTE.into()
                }
                Some(_) => words::LEARNING.into(),
                None if new_ok => words::KEEP_BY_NEW_OK.into(),
                None => words::KEEP_BY_OK.into(),
            },
            heard: match self.said {
                Said::Nothing => None,
                Said::Learnt(button) => Some(words::heard_button(button)),
                Said::Works(key) => Some(words::works_already(key)),
                Said::Means(_, key) => Some(words::means_already(key, asks)),
                Said::Taken(key) => Some(words::taken_button(key)),
            },
            hint: match asks {
                Some(_) => words::LEARN_HINT.into(),
                None => words::KEEP_HINT.into(),
            },
        }
    }
}
