//! Phones that are remotes of the box: which there are, and whether any may reach it.
//!
//! The box listens to its home network only after the viewer said so on the TV. A code is offered
//! only while its page is shown and the box is awake; the shell makes it, and holds what was
//! tried against it ([`Pairing`](crate::Pairing)).

use std::sync::Arc;
use std::time::Duration;

use crate::app::{App, Place};
use crate::pairing::CODE_LIVES;
use crate::phone_page::Asked;
use crate::playing::Step;
use crate::{Effect, Time, words};

/// One that may tell the box what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    pub id: Arc<str>,
    /// As its owner calls it.
    pub name: String,
}

/// What is to be done about phones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhonesAct {
    /// Listen to phones at home, or no longer; remembered.
    Listen(bool),
    /// Make a code that lets one in, in the place of the one before.
    Offer,
    /// No code lets anybody in.
    EndOffer,
    /// That phone may no longer.
    Forget(Arc<str>),
}

/// What there is of phones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhonesNews {
    /// Whether the box listens, and who may speak.
    Stand { listens: bool, phones: Vec<Phone> },
    /// It cannot listen, or remember; why.
    Failed(String),
    /// What lets one in.
    Offered(WayIn),
    /// One was let in; its name.
    Paired(String),
}

/// A way in, for the time that a code lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayIn {
    /// Six.
    pub digits: String,
    /// Of the box, to be typed.
    pub address: String,
    /// The address with a secret, for a camera.
    pub link: String,
}

/// What the core knows of phones.
#[derive(Debug, Default)]
pub(crate) struct Phones {
    pub(crate) listens: bool,
    pub(crate) phones: Vec<Phone>,
    pub(crate) offer: Option<WayIn>,
    pub(crate) trouble: Option<String>,
    /// A code was asked for; it is asked for anew then.
    asked: Option<Time>,
}

impl Phones {
    fn take(&mut self, news: PhonesNews) -> Option<String> {
        match news {
            PhonesNews::Stand { listens, phones } => {
                self.listens = listens;
                self.phones = phones;
                if listens {
                    self.trouble = None;
                }
            }
            PhonesNews::Failed(why) => self.trouble = Some(words::phones_failed(&why)),
            PhonesNews::Offered(offer) => {
                // One that comes when its page is left is nobody's.
                self.offer = Some(offer).filter(|_| self.asked.is_some());
            }
            PhonesNews::Paired(name) => {
                // It was for one.
                self.offer = None;
                self.asked = self.asked.map(|_| Time::default());
                return Some(words::phone_paired(&name));
            }
        }
        None
    }

    /// A code is there while `shown`, and none otherwise.
    fn turn(&mut self, shown: bool, now: Time, effects: &mut Vec<Effect>) {
        if !(shown && self.listens) {
            self.offer = None;
            if self.asked.take().is_some() {
                effects.push(Effect::Phones(PhonesAct::EndOffer));
            }
            return;
        }
        if self.asked.is_none_or(|until| now >= until) {
            self.asked = Some(now + CODE_LIVES);
            effects.push(Effect::Phones(PhonesAct::Offer));
        }
    }

    pub(crate) fn deadline(&self) -> Option<Time> {
        self.asked
    }
}

impl App {
    pub(crate) fn phones_are(&mut self, news: PhonesNews) {
        let told = self.phones.as_mut().and_then(|it| it.take(news));
        if let Some(text) = told {
            self.notify(text);
        }
    }

    /// A phone's finger is on that place of the film.
    pub(crate) fn jump(&mut self, to: Duration, effects: &mut Vec<Effect>) {
        if let Place::Playing(playing) = &mut self.place {
            playing.jump(to, self.now, effects);
            self.take(Step::Stay, true, effects);
        }
    }

    pub(crate) fn turn_phones(&mut self, effects: &mut Vec<Effect>) {
        let shown = matches!(self.place, Place::Phone(_)) && !self.power.asleep;
        if let Some(phones) = &mut self.phones {
            phones.turn(shown, self.now, effects);
        }
    }

    pub(crate) fn phone_asked(&mut self, asked: Asked, effects: &mut Vec<Effect>) {
        match asked {
            Asked::Nothing => {}
            Asked::Leave => self.back(effects),
            Asked::Act(act) => effects.push(Effect::Phones(act)),
        }
    }
}
