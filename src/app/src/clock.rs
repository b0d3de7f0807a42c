//! What time it is where the box stands.
//!
//! The core reads no clock: a shell tells the time at each turn of the minute, for as long as
//! something that is shown goes by it ([`ClockAct::Tell`]), and in between it is reckoned by how
//! long the program has run. So a clock that comes up is there at once, and is set right a moment
//! later where the box's was changed meanwhile. What is not known for sure is not shown: a box
//! whose clock has no battery begins in another year.

use std::sync::Arc;

use crate::app::{App, Place};
use crate::playing::Playing;
use crate::{Effect, Resting, Time, Zone, words};

pub(crate) const MINUTE_MS: u32 = 60_000;
pub(crate) const DAY_MS: u32 = 24 * 60 * MINUTE_MS;

/// A time of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeOfDay {
    /// Milliseconds since midnight (UTC).
    pub utc_ms: u32,
    /// None: nobody has said where the box is.
    pub here: Option<Here>,
}

/// Where the box is, as far as its clock goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Here {
    /// As the time zone database calls it: "Europe/Vienna".
    pub zone: Arc<str>,
    /// Minutes ahead of UTC, now.
    pub ahead_min: i16,
}

/// What the clock tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClockNews {
    /// None: nobody knows for sure what time it is.
    Time(Option<TimeOfDay>),
    Zones {
        /// The zone that holds where none is chosen on the box; none: nobody has said.
        usual: Option<Arc<str>>,
        /// How far zones that can be chosen are ahead of UTC, in minutes, now.
        ahead_min: Vec<(Zone, i16)>,
    },
}

/// What is asked of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockAct {
    /// Tell the time, now and at each turn of the minute ([`ClockNews::Time`]); false: no more. It
    /// tells from its start on until it hears otherwise.
    Tell(bool),
    /// Tell how zones stand ([`ClockNews::Zones`]), once.
    Zones,
    /// The box is there; none: where the settings or the system say.
    Be(Option<Zone>),
}

/// What the core knows of the time.
#[derive(Debug)]
pub(crate) struct Clock {
    /// What was told last, and when.
    told: Option<(TimeOfDay, Time)>,
    /// It has spoken: before that nobody hears what is asked of it.
    spoke: bool,
    /// What it was asked last.
    tells: bool,
    /// As of [`ClockNews::Zones`].
    pub(crate) usual: Option<Arc<str>>,
    ahead_min: Vec<(Zone, i16)>,
}

impl Default for Clock {
    fn default() -> Clock {
        Clock {
            told: None,
            spoke: false,
            tells: true,
            usual: None,
            ahead_min: Vec::new(),
        }
    }
}

impl Clock {
    /// Milliseconds since midnight (UTC); none: nobody knows for sure.
    pub(crate) fn utc_ms(&self, now: Time) -> Option<u32> {
        let (told, at) = self.told.as_ref()?;
        let gone = now.since(*at).as_millis() % u128::from(DAY_MS);
        Some((told.utc_ms % DAY_MS + gone as u32) % DAY_MS)
    }

    /// The zone that the box is in, as was told last.
    pub(crate) fn zone(&self) -> Option<&str> {
        let here = self.told.as_ref()?.0.here.as_ref();
        here.map(|here| &*here.zone)
    }

    /// Milliseconds since midnight where the box is.
    fn local_ms(&self, now: Time) -> Option<u32> {
        let here = self.told.as_ref()?.0.here.as_ref()?;
        Some(shifted(self.utc_ms(now)?, here.ahead_min))
    }

    /// The box is there from now on, before the world says what time that makes it.
    pub(crate) fn be(&mut self, zone: Option<Zone>) {
        let ahead = zone.and_then(|zone| Some((zone, self.ahead_min(zone)?)));
        if let Some((told, _)) = &mut self.told {
            told.here = ahead.map(|(zone, ahead_min)| Here {
                zone: zone.name().into(),
                ahead_min,
            });
        }
    }

    /// How far the zone is ahead of UTC, in minutes.
    pub(crate) fn ahead_min(&self, zone: Zone) -> Option<i16> {
        let known = self.ahead_min.iter().find(|it| it.0 == zone);
        known.map(|it| it.1)
    }
}

/// A time of the day, in milliseconds, so many minutes ahead.
fn shifted(ms: u32, ahead_min: i16) -> u32 {
    let ahead = i64::from(ahead_min) * i64::from(MINUTE_MS);
    (i64::from(ms) + ahead).rem_euclid(i64::from(DAY_MS)) as u32
}

/// The minute of the day, so many minutes ahead.
pub(crate) fn minute(ms: u32, ahead_min: i16) -> u16 {
    (shifted(ms, ahead_min) / MINUTE_MS) as u16
}

impl App {
    pub(crate) fn clock_news(&mut self, news: ClockNews) {
        let Some(clock) = &mut self.clock else {
            return;
        };
        clock.spoke = true;
        match news {
            ClockNews::Time(told) => {
                clock.told = told.map(|told| (told, self.now));
                if self.shows_zones() && self.voice.is_on() {
                    self.leave_unsaid();
                }
            }
            ClockNews::Zones { usual, ahead_min } => {
                clock.usual = usual;
                clock.ahead_min = ahead_min;
            }
        }
    }

    /// The time is among what is shown.
    fn shows_clock(&self) -> bool {
        let shown = match &self.place {
            Place::Home | Place::Film(_) | Place::Series(_) => true,
            Place::Playing(playing) => playing.shows_controls(self.now),
            _ => matches!(self.rest.view(), Resting::Drift(_)),
        };
        shown && !self.is_dark()
    }

    /// The page that tells what time it is elsewhere is shown.
    fn shows_zones(&self) -> bool {
        matches!(self.place, Place::Zone(_)) && !self.is_dark()
    }

    /// Asks for the time while something goes by it, and reckons when the film will have ended.
    pub(crate) fn turn_clock(&mut self, effects: &mut Vec<Effect>) {
        let tells = self.shows_clock() || self.shows_zones();
        let Some(clock) = &mut self.clock else {
            return;
        };
        if clock.spoke && tells != std::mem::replace(&mut clock.tells, tells) {
            effects.push(Effect::Clock(ClockAct::Tell(tells)));
        }
        if let Place::Playing(playing) = &mut self.place {
            playing.reckon_end(clock.local_ms(self.now), self.now);
        }
    }

    /// "21:05", where that is shown and known.
    pub(crate) fn clock_view(&self) -> Option<String> {
        let clock = self.clock.as_ref().filter(|_| self.shows_clock())?;
        let minute = (clock.local_ms(self.now)? / MINUTE_MS) as u16;
        Some(words::time_of_day(minute, clock.zone()?))
    }

    /// "Ends at 22:41"
    pub(crate) fn ends_view(&self, playing: &Playing) -> Option<String> {
        let zone = self.clock.as_ref()?.zone()?;
        let minute = playing.ends_at()?;
        Some(words::ends_at(&words::time_of_day(minute, zone)))
    }
}
