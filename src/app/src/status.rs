//! What the box is doing, in one word: for a lamp on its case, which is seen while the screen is
//! dark, elsewhere, or broken.

use crate::app::{App, Place};
use crate::updates::Stage;
use crate::{Effect, Incident, PowerAct};

/// What the box is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Status {
    /// It comes up, or is about to end: nobody should pull the plug.
    #[default]
    Starting,
    /// On a page, and nothing plays.
    Idle,
    /// A film is open.
    Playing,
    /// It gets an update of its own.
    Updating,
    Standby,
    /// A film could not be played, or the box came up without what it remembers.
    Trouble,
}

/// What else tells which of these it is, and what the lamp was told last.
#[derive(Debug)]
pub(crate) struct Lamp {
    /// There is one.
    wanted: bool,
    /// The first picture is on the screen.
    shown: bool,
    /// The box came up without what it remembers.
    ails: bool,
    told: Status,
}

impl Lamp {
    pub(crate) fn new(wanted: bool) -> Lamp {
        Lamp {
            wanted,
            shown: false,
            ails: false,
            told: Status::default(),
        }
    }

    pub(crate) fn is_starting(&self) -> bool {
        !self.shown
    }

    pub(crate) fn shown(&mut self) {
        self.shown = true;
    }

    pub(crate) fn incident(&mut self, incident: Incident) {
        self.ails |= match incident {
            Incident::DataInMemory | Incident::Safe => true,
            Incident::DataRepaired | Incident::DataMadeAnew | Incident::Reset => false,
        };
    }
}

impl App {
    /// What the box is doing. In a dark room an update is nobody's business, and a film is more of
    /// it than what went wrong before.
    fn status(&self) -> Status {
        let stage = self.updates.as_ref().map(|updates| &updates.stage);
        match (self.power.ending, stage) {
            (Some(PowerAct::Off | PowerAct::Restart | PowerAct::Reset), _)
            | (None, Some(Stage::Restarting)) => Status::Starting,
            _ if self.lamp.is_starting() => Status::Starting,
            _ if self.power.asleep => Status::Standby,
            _ if matches!(self.place, Place::Trouble(_)) => Status::Trouble,
            _ if self.wants_film() => Status::Playing,
            _ if self.lamp.ails => Status::Trouble,
            (None, Some(Stage::Fetching { .. })) => Status::Updating,
            _ => Status::Idle,
        }
    }

    /// Tells the lamp what has changed.
    pub(crate) fn tell_status(&mut self, effects: &mut Vec<Effect>) {
        let now = self.status();
        if self.lamp.wanted && now != std::mem::replace(&mut self.lamp.told, now) {
            effects.push(Effect::Status(now));
        }
    }
}
