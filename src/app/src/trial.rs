//! A fixed address is tried: root's half sets it, the box waits until it has it, and asks whether
//! its router answers.
//!
//! One that works is kept without another word. One that does not is said to the viewer, who can go
//! back by one key, or keep it all the same; where nobody says so it goes back by itself after
//! [`BACK`], so that nobody needs to find the box again who did all this from a phone. The remote
//! works in any case, for it needs no network. A way that nothing is plugged into cannot be tried.

use std::net::Ipv4Addr;
use std::time::Duration;

use crate::app::{App, Place};
use crate::fixed::{Fixed, Way};
use crate::fixed_page::{Asked, FixedPage};
use crate::network::Link;
use crate::network_page::NetworkPage;
use crate::{Effect, Key, NetworkAct, Time, words};

/// Root's half has done it by then, or will not.
const ASKED: Duration = Duration::from_secs(20);

/// The box has the address by then, and its router has answered: seven seconds of asking whether
/// somebody else has it (RFC 5227), and as much for the answer; twice that.
const TRIES: Duration = Duration::from_secs(30);

/// It goes back by itself then: time to read two sentences.
const BACK: Duration = Duration::from_mins(1);

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Root's half was asked.
    Asked,
    /// It holds for networkd, and the box has not got it yet.
    Waits,
    /// Its router is asked whether it is there.
    Knocks,
    Fails(Failing),
}

/// Why it does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failing {
    /// The box does not get it: somebody else may have it.
    NoAddress,
    /// Nobody is there where the router should be.
    NoRouter,
}

/// What one can do then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WayOut {
    /// None: to an automatic one.
    BackTo(Option<Fixed>),
    Keep,
}

/// An address that is being tried.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trial {
    pub(crate) way: Way,
    /// None: an automatic one, which ends with root's half.
    pub(crate) wanted: Option<Fixed>,
    /// What was there before.
    was: Option<Fixed>,
    stage: Stage,
    pub(crate) until: Time,
}

impl Trial {
    pub(crate) fn failing(&self) -> Option<Failing> {
        match self.stage {
            Stage::Fails(why) => Some(why),
            Stage::Asked | Stage::Waits | Stage::Knocks => None,
        }
    }

    pub(crate) fn ways_out(&self) -> Vec<WayOut> {
        let automatic = self.was.as_ref().map(|_| WayOut::BackTo(None));
        let back = WayOut::BackTo(self.was.clone());
        let all = [Some(back), automatic, Some(WayOut::Keep)];
        all.into_iter().flatten().collect()
    }
}

impl App {
    /// Root's half is asked for an address, and it is tried; what was there before is where it goes
    /// back to.
    fn fix(
        &mut self,
        way: Way,
        wanted: Option<Fixed>,
        was: Option<Fixed>,
        effects: &mut Vec<Effect>,
    ) {
        let until = self.now + ASKED;
        let Some(network) = &mut self.network else {
            return;
        };
        network.trial = Some(Trial {
            way,
            wanted: wanted.clone(),
            was,
            stage: Stage::Asked,
            until,
        });
        effects.push(Effect::Network(NetworkAct::Fix { way, fixed: wanted }));
    }

    /// The box is in another network: what is kept may be none of its.
    pub(crate) fn try_kept(&mut self, way: Way, effects: &mut Vec<Effect>) {
        let until = self.now + TRIES;
        let Some(network) = self.network.as_mut().filter(|it| it.trial.is_none()) else {
            return;
        };
        let kept = network.stand.addressing(way);
        let Some(kept) = kept.and_then(|it| it.fixed.clone()) else {
            return;
        };
        network.trial = Some(Trial {
            way,
            wanted: Some(kept),
            was: None,
            stage: Stage::Waits,
            until,
        });
        self.go_on_trying(effects);
    }

    /// There is news of what is tried, or may be.
    pub(crate) fn go_on_trying(&mut self, effects: &mut Vec<Effect>) {
        let now = self.now;
        let Some(network) = &mut self.network else {
            return;
        };
        let Some(trial) = &mut network.trial else {
            return;
        };
        let Some(addressing) = network.stand.addressing(trial.way) else {
            return;
        };
        let link = network.stand.link(trial.way);
        if trial.stage == Stage::Asked && addressing.fixed == trial.wanted {
            trial.stage = Stage::Waits;
            trial.until = now + TRIES;
            let said = match &trial.wanted {
                None => Some(words::AUTOMATIC_NOW.into()),
                Some(fixed) if matches!(link, None | Some(Link::Down)) => {
                    Some(words::fixed_later(fixed.address))
                }
                Some(_) => None,
            };
            if let Some(said) = said {
                network.trial = None;
                self.notify(said);
                return;
            }
        }
        if let (Stage::Waits, Some(fixed), Some(Link::Up { address })) =
            (trial.stage, &trial.wanted, link)
            && *address == fixed.address.to_string()
        {
            trial.stage = Stage::Knocks;
            effects.push(Effect::Network(NetworkAct::Knock {
                from: fixed.address,
                router: fixed.router,
            }));
        }
    }

    /// A router answered, or did not.
    pub(crate) fn knocked(&mut self, router: Ipv4Addr, answers: bool, effects: &mut Vec<Effect>) {
        let Some(network) = &mut self.network else {
            return;
        };
        let Some(trial) = &mut network.trial else {
            return;
        };
        if trial.stage != Stage::Knocks {
            return;
        }
        let Some(fixed) = trial.wanted.as_ref().filter(|it| it.router == router) else {
            return;
        };
        let address = fixed.address;
        let link = network.stand.link(trial.way);
        let has_it = matches!(link, Some(Link::Up { address: it }) if *it == address.to_string());
        if answers {
            network.trial = None;
            self.notify(words::fixed_holds(address));
        } else if has_it {
            self.fails(Failing::NoRouter);
        } else {
            // It was the address before, which was the same.
            trial.stage = Stage::Waits;
            self.go_on_trying(effects);
        }
    }

    fn fails(&mut self, why: Failing) {
        let until = self.now + BACK;
        let here = matches!(self.place, Place::Fixed(_));
        let Some(trial) = self.network.as_mut().and_then(|it| it.trial.as_mut()) else {
            return;
        };
        trial.stage = Stage::Fails(why);
        trial.until = until;
        let address = trial.wanted.as_ref().map(|it| it.address);
        if let Some(address) = address.filter(|_| !here) {
            self.notify(words::does_not_work(address));
        }
    }

    /// Its time is over.
    pub(crate) fn turn_trial(&mut self, effects: &mut Vec<Effect>) {
        let now = self.now;
        let Some(network) = &mut self.network else {
            return;
        };
        let Some(trial) = network.trial.as_ref().filter(|it| now >= it.until) else {
            return;
        };
        match trial.stage {
            Stage::Asked => {
                network.trial = None;
                self.notify(words::FIXED_NOT_TAKEN.into());
            }
            Stage::Waits => self.fails(Failing::NoAddress),
            Stage::Knocks => self.fails(Failing::NoRouter),
            Stage::Fails(_) => {
                let (way, was) = (trial.way, trial.was.clone());
                self.fix(way, was, None, effects);
            }
        }
    }

    pub(crate) fn fixed_key(&mut self, mut page: FixedPage, key: Key, effects: &mut Vec<Effect>) {
        let Some(network) = &mut self.network else {
            return self.back(effects);
        };
        let asked = page.key(key, network);
        let way = page.way;
        self.place = Place::Fixed(page);
        match asked {
            Asked::Nothing => {}
            Asked::Leave => self.place = Place::Network(NetworkPage::at_address(way)),
            Asked::Set(fixed) => {
                let was = network.stand.addressing(way);
                let was = was.and_then(|it| it.fixed.clone());
                self.fix(way, fixed, was, effects);
            }
            Asked::Go(out) => {
                let trial = network.trial.take();
                match (out, trial) {
                    (WayOut::Keep, Some(trial)) => {
                        let address = trial.wanted.map(|it| it.address);
                        if let Some(said) = address.map(words::fixed_all_the_same) {
                            self.notify(said);
                        }
                    }
                    (WayOut::BackTo(was), Some(trial)) => self.fix(trial.way, was, None, effects),
                    (_, None) => {}
                }
            }
        }
    }
}
