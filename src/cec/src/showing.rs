//! The way to be shown: the TV is woken, and told who is to be seen once it is on.
//!
//! CEC 1.4b, One Touch Play. A TV that wakes loses what it is told meanwhile, so it is asked
//! whether it is on; and one that does not say is told after a while all the same. What is asked
//! again waits ten seconds: the bus is slow, and everybody's.

use std::time::Duration;

/// A TV that says nothing of its power has answered by now or never will.
const ANSWER: Duration = Duration::from_secs(2);

/// Between two questions for its power.
const POLL: Duration = Duration::from_secs(10);

/// Old sets need half a minute to light up.
const POLLS: u8 = 3;

/// A TV without a place that was woken gives one within this, or sleeps on.
const PLACE: Duration = Duration::from_secs(30);

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It is told to wake.
    Waking,
    /// It heard that; where it puts us is not known before this time.
    Placing { until: Duration },
    /// It was asked whether it is on.
    Asking { polls: u8, until: Duration },
    /// It is not on yet, and is asked again at this time.
    Waiting { polls: u8, until: Duration },
}

/// What to do next on that way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Nothing,
    /// Ask for its power.
    Ask,
    /// Say who is to be seen, and be done.
    Claim,
    GiveUp,
}

#[derive(Debug, Default)]
pub(crate) struct Showing {
    stage: Option<Stage>,
    /// When it was asked last.
    asked: Option<Duration>,
}

impl Showing {
    pub(crate) fn is_on(&self) -> bool {
        self.stage.is_some()
    }

    pub(crate) fn begin(&mut self) {
        self.stage = Some(Stage::Waking);
    }

    pub(crate) fn end(&mut self) {
        self.stage = None;
    }

    /// The TV has heard, or has not, that it is to wake.
    pub(crate) fn woken(&mut self, heard: bool, placed: bool, now: Duration) -> Step {
        match self.stage {
            Some(Stage::Waking) if !heard => {
                self.stage = None;
                Step::GiveUp
            }
            Some(Stage::Waking) if placed => self.ask(0, now),
            Some(Stage::Waking) => {
                self.stage = Some(Stage::Placing { until: now + PLACE });
                Step::Nothing
            }
            _ => Step::Nothing,
        }
    }

    /// We know where we are.
    pub(crate) fn placed(&mut self, now: Duration) -> Step {
        match self.stage {
            // What was on its way when the address changed is not waited for.
            Some(Stage::Placing { .. } | Stage::Waking) => self.ask(0, now),
            Some(Stage::Asking { polls, .. } | Stage::Waiting { polls, .. }) => {
                let until = now + POLL;
                self.stage = Some(Stage::Waiting { polls, until });
                Step::Nothing
            }
            None => Step::Nothing,
        }
    }

    /// We know it no more.
    pub(crate) fn unplaced(&mut self, now: Duration) {
        if self.stage.is_some() {
            self.stage = Some(Stage::Placing { until: now + PLACE });
        }
    }

    /// It says whether it is on.
    pub(crate) fn power(&mut self, on: bool, now: Duration) -> Step {
        match self.stage {
            Some(Stage::Asking { .. } | Stage::Waiting { .. }) if on => self.claim(),
            Some(Stage::Asking { polls, .. }) if polls < POLLS => {
                let until = self.asked.unwrap_or(now) + POLL;
                self.stage = Some(Stage::Waiting { polls, until });
                Step::Nothing
            }
            Some(Stage::Asking { .. }) => self.claim(),
            _ => Step::Nothing,
        }
    }

    /// It was asked whether it is on, and heard that or not; until then the question may have
    /// waited for other messages.
    pub(crate) fn asked(&mut self, heard: bool, now: Duration) -> Step {
        self.asked = Some(now);
        match self.stage {
            Some(Stage::Asking { .. }) if !heard => self.claim(),
            _ => Step::Nothing,
        }
    }

    pub(crate) fn tick(&mut self, now: Duration) -> Step {
        match self.stage {
            Some(Stage::Asking { until, .. }) if now >= until => self.claim(),
            Some(Stage::Waiting { polls, until }) if now >= until => self.ask(polls, now),
            Some(Stage::Placing { until }) if now >= until => {
                self.stage = None;
                Step::GiveUp
            }
            _ => Step::Nothing,
        }
    }

    pub(crate) fn deadline(&self) -> Option<Duration> {
        match self.stage? {
            Stage::Waking => None,
            Stage::Placing { until }
            | Stage::Asking { until, .. }
            | Stage::Waiting { until, .. } => Some(until),
        }
    }

    fn ask(&mut self, polls: u8, now: Duration) -> Step {
        if self.asked.is_some_and(|asked| now < asked + POLL) {
            // It was on a moment ago, or is about to be.
            return self.claim();
        }
        self.asked = Some(now);
        let (polls, until) = (polls + 1, now + ANSWER);
        self.stage = Some(Stage::Asking { polls, until });
        Step::Ask
    }

    fn claim(&mut self) -> Step {
        self.stage = None;
        Step::Claim
    }
}
