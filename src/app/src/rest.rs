//! What the screen does while nobody presses a key: it dims, then posters drift on black, and it
//! goes off where the owner wants that.
//!
//! A picture that stands for hours stays for good on some screens. So time counts while nothing
//! moves: on any page, and in a film that is paused. A film that plays, or is being opened, keeps
//! the screen as it is, and so does standby, in which it is off. A key that wakes the screen does
//! nothing else, for nobody sees what it would do.

use std::sync::Arc;
use std::time::Duration;

use crate::app::{App, Place};
use crate::view::{Card, Resting};
use crate::{Effect, Event, Key, Press, Time, TvNews};

/// Dim for so long before posters drift: who is still there has time to say so.
const DIM: Duration = Duration::from_mins(1);

/// Posters that drift by turns: an hour of them.
const CARDS_MAX: usize = 36;

/// When the screen rests; 0: never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RestSettings {
    /// Minutes without a key until it dims; posters drift a minute later.
    pub screensaver_min: u16,
    /// Minutes without a key until it is off.
    pub screen_off_min: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    Awake,
    Dim,
    Drift,
    Off,
}

#[derive(Debug)]
pub(crate) struct Rest {
    settings: RestSettings,
    /// The last sign of life.
    since: Time,
    /// Nothing moves by itself.
    still: bool,
    stage: Stage,
    /// What drifts; chosen when that begins.
    cards: Arc<Vec<Card>>,
}

impl Rest {
    pub(crate) fn new(settings: RestSettings) -> Rest {
        Rest {
            settings,
            since: Time::default(),
            still: false,
            stage: Stage::Awake,
            cards: Arc::default(),
        }
    }

    pub(crate) fn obey(&mut self, settings: RestSettings) {
        self.settings = settings;
    }

    /// What is reached after how long, the latest first.
    fn stages(&self) -> [Option<(Duration, Stage)>; 3] {
        let minutes = |min: u16| (min > 0).then(|| Duration::from_secs(60) * u32::from(min));
        let saver = minutes(self.settings.screensaver_min);
        [
            minutes(self.settings.screen_off_min).map(|after| (after, Stage::Off)),
            saver.map(|after| (after + DIM, Stage::Drift)),
            saver.map(|after| (after, Stage::Dim)),
        ]
    }

    fn stage(&self, idle: Duration) -> Stage {
        let mut reached = self.stages().into_iter().flatten();
        let reached = reached.find(|(after, _)| *after <= idle);
        reached.map_or(Stage::Awake, |(_, stage)| stage)
    }

    /// When the next stage is reached; none: it stays as it is.
    pub(crate) fn deadline(&self) -> Option<Time> {
        if !self.still || self.stage == Stage::Off {
            return None;
        }
        let due = |(after, _)| self.since + after;
        let reached = |now: &Stage, next: Stage| *now as u8 >= next as u8;
        let stages = self.stages().into_iter().flatten();
        let next = stages.filter(|(_, stage)| !reached(&self.stage, *stage));
        next.map(due).min()
    }

    /// The screen is off.
    pub(crate) fn is_off(&self) -> bool {
        self.stage == Stage::Off
    }

    pub(crate) fn view(&self) -> Resting {
        match self.stage {
            Stage::Awake | Stage::Off => Resting::Awake,
            Stage::Dim => Resting::Dim,
            Stage::Drift => Resting::Drift(Arc::clone(&self.cards)),
        }
    }

    /// How long nobody has been there.
    fn rested(&self, now: Time) -> Duration {
        now.since(self.since)
    }

    /// Somebody is there; true: the screen rested until then.
    fn wake(&mut self, now: Time) -> bool {
        self.since = now;
        std::mem::take(&mut self.stage) != Stage::Awake
    }
}

impl App {
    /// Takes a key that wakes the screen.
    pub(crate) fn rest_key(&mut self, key: Key, press: Press, effects: &mut Vec<Effect>) -> bool {
        let rested = self.rest.rested(self.now);
        let mut woke = self.rest.wake(self.now) && press == Press::Down;
        if press == Press::Down {
            woke |= self.asks_after_rest(rested, effects);
        }
        if woke {
            self.wakes_by(key, effects);
        }
        woke
    }

    /// Ends it where somebody is there, though he has pressed no key.
    pub(crate) fn end_rest(&mut self, event: &Event, effects: &mut Vec<Effect>) {
        if matches!(
            event,
            Event::Open(_) | Event::SearchFor(_) | Event::Typed(_) | Event::Watches(..)
        ) {
            self.wake(true, effects);
        }
        let is_there = match event {
            Event::Open(_)
            | Event::SearchFor(_)
            | Event::Watches(..)
            | Event::PinTyped(_)
            | Event::Heard(..) => true,
            Event::Tv(news) => matches!(news, TvNews::Chosen | TvNews::Key(_)),
            _ => false,
        };
        if is_there {
            let rested = self.rest.rested(self.now);
            self.rest.wake(self.now);
            self.asks_after_rest(rested, effects);
        }
    }

    /// Takes what is due of the screen's rest.
    pub(crate) fn turn_rest(&mut self) {
        let moves = match &self.place {
            Place::Playing(playing) => !playing.paused(),
            Place::Opening(_) | Place::Seeking(_) => true,
            _ => false,
        };
        self.rest.still = !moves && !self.power.asleep;
        if !self.rest.still {
            self.rest.wake(self.now);
            return;
        }
        let stage = self.rest.stage(self.now.since(self.rest.since));
        let before = std::mem::replace(&mut self.rest.stage, stage);
        if stage == Stage::Drift && before != stage {
            // What is on the wall of one is nothing to who comes next.
            self.rest.cards = if self.profiles.waits {
                Arc::default()
            } else {
                Arc::new(self.wall.posters(CARDS_MAX))
            };
        }
    }
}
