//! Whether the box is awake, and what it and the TV do together.
//!
//! A box that stands by shows nothing, has no film open and gets nothing ahead; updates go on. Any
//! key wakes it, and so does whoever hands it a film. The TV is told what the box does, and is
//! woken for what the viewer does alone.
//!
//! Invariant: who stands by has no attempt open.

use std::time::Duration;

use crate::app::{App, Place};
use crate::playing::Step;
use crate::power_page::PowerPage;
use crate::reset_page::ResetPage;
use crate::sound::{Level, Volume, VolumeBy, VolumeWish};
use crate::{Effect, Key, Preferences, Press, Time, words};

/// A key that is held for so long asks for the page, as on most machines; shorter, for standby.
const HELD: Duration = Duration::from_secs(3);

/// The button of the box that is held for so long switches it off, as on other machines: whoever
/// does so has no other way left.
const FORCED: Duration = Duration::from_secs(10);

/// What the sleep timer can be set to, in minutes: an episode, a film, a long one; none: never.
pub(crate) const TIMERS_MIN: [Option<u16>; 7] = [
    None,
    Some(15),
    Some(30),
    Some(45),
    Some(60),
    Some(90),
    Some(120),
];

/// The viewer is told so long before.
const SOON: Duration = Duration::from_mins(1);

/// What the owner wants of the TV (HDMI-CEC).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own"
)]
pub struct TvSettings {
    /// It goes on, and shows the box, when the viewer wakes that or plays a film.
    pub wake: bool,
    /// The box stands by when the TV does.
    pub standby_follows: bool,
    /// The TV stands by when the box does.
    pub standby_turns_off: bool,
    /// The film pauses when the TV shows another.
    pub left_pauses: bool,
}

impl Default for TvSettings {
    fn default() -> TvSettings {
        TvSettings {
            wake: true,
            standby_follows: true,
            // The viewer may only want the box to be quiet, and see the news.
            standby_turns_off: false,
            left_pauses: true,
        }
    }
}

/// What the TV tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TvNews {
    /// It shows another.
    Left,
    /// It chose the box while that stands by.
    Chosen,
    /// It stands by.
    Standby,
    /// It wants that of the player.
    Key(Key),
    /// Who takes keys for the volume.
    Volume(VolumeBy),
    /// How loud the amplifier is.
    Level(Level),
    /// Its menus are in that language (ISO 639-2, three letters).
    Language([u8; 3]),
}

/// What is told to the TV, or wanted of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TvAct {
    Wake,
    /// The box stands by, and the TV is to where `tv`.
    Sleep {
        tv: bool,
    },
    /// It is to be on, and to show the box.
    Show,
    Deck(TvDeck),
    /// A key for the volume is down.
    Volume(TvVolume),
    VolumeReleased,
}

/// The player as the TV knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TvDeck {
    Playing,
    Paused,
    #[default]
    Stopped,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TvVolume {
    Up,
    Down,
    Mute,
}

/// How the machine ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerAct {
    Off,
    Restart,
    /// Forget everything, and start anew.
    Reset,
}

#[derive(Debug)]
pub(crate) struct Power {
    pub(crate) asleep: bool,
    /// The machine can be ended from here.
    pub(crate) ends: bool,
    /// It is about to end.
    pub(crate) ending: Option<PowerAct>,
    /// None: there is nobody to speak to.
    tv: Option<TvSettings>,
    timer: Option<Timer>,
    /// Since when the power key is down.
    pressed: Option<Time>,
    /// Since when the box's own button is down, and that it was before the first picture.
    button: Option<(Time, bool)>,
    /// The key that woke the box does nothing else.
    woken_by: Option<Key>,
    /// What the TV was told last.
    deck: TvDeck,
    /// Of its menus, once it told.
    pub(crate) language: Option<[u8; 3]>,
    pub(crate) volume: Volume,
}

#[derive(Debug, Clone, Copy)]
struct Timer {
    minutes: u16,
    due: Time,
    told: bool,
}

impl Power {
    pub(crate) fn new(tv: Option<TvSettings>, ends: bool, volume: VolumeWish) -> Power {
        Power {
            asleep: false,
            ends,
            ending: None,
            tv,
            timer: None,
            pressed: None,
            button: None,
            woken_by: None,
            deck: TvDeck::default(),
            language: None,
            volume: Volume::new(volume),
        }
    }

    pub(crate) fn obey(&mut self, preferences: &Preferences) {
        self.tv = preferences.tv;
        self.volume.obey(preferences.volume);
    }

    /// What the sleep timer was set to.
    pub(crate) fn timer_min(&self) -> Option<u16> {
        self.timer.map(|timer| timer.minutes)
    }

    /// Sets it, or ends it.
    pub(crate) fn set_timer(&mut self, minutes: Option<u16>, now: Time) {
        self.timer = minutes.map(|minutes| Timer {
            minutes,
            due: now + Duration::from_secs(60) * minutes.into(),
            told: false,
        });
    }

    pub(crate) fn tell(&self, act: TvAct, effects: &mut Vec<Effect>) {
        if self.tv.is_some() {
            effects.push(Effect::Tv(act));
        }
    }

    pub(crate) fn deadline(&self) -> Option<Time> {
        let timer = self.timer.map(|timer| {
            let before = if timer.told { Duration::ZERO } else { SOON };
            Time(timer.due.0.saturating_sub(before))
        });
        let held = self.pressed.map(|since| since + HELD);
        let volume = self.volume.deadline();
        [timer, held, volume].into_iter().flatten().min()
    }
}

impl App {
    /// Takes keys that wake, or are about power, volume, or sleep; false: it is for the page.
    pub(crate) fn power_key(&mut self, key: Key, press: Press, effects: &mut Vec<Effect>) -> bool {
        if self.rest_key(key, press, effects) {
            return true;
        }
        let volume = match key {
            Key::VolumeUp => Some(TvVolume::Up),
            Key::VolumeDown => Some(TvVolume::Down),
            Key::Mute => Some(TvVolume::Mute),
            _ => None,
        };
        if key == Key::PowerButton && self.button_forces(press, effects) {
            return true;
        }
        if self.power.asleep {
            // One wakes by a key, not by one that says sleep, or is the TV's.
            if press == Press::Down && volume.is_none() && key != Key::Sleep {
                self.wake(true, effects);
                self.power.woken_by = Some(key);
            }
            return true;
        }
        if press == Press::Down {
            self.power.woken_by = None;
        } else if self.power.woken_by == Some(key) {
            return true;
        }
        match (key, press) {
            (Key::Power | Key::PowerButton, Press::Down) => self.power.pressed = Some(self.now),
            (Key::Power | Key::PowerButton, Press::Up) => {
                if self.power.pressed.take().is_some() {
                    self.stand_by(true, effects);
                }
            }
            (Key::Sleep, Press::Down) => self.stand_by(true, effects),
            (Key::Power | Key::PowerButton | Key::Sleep | Key::Wake, _) => {}
            _ => {
                let Some(volume) = volume else {
                    return false;
                };
                self.volume_key(volume, press, effects);
            }
        }
        true
    }

    /// Whether the box's own button is held for so long that the machine ends. That it is still
    /// down is said by who reads it: a release that was lost switches nothing off.
    fn button_forces(&mut self, press: Press, effects: &mut Vec<Effect>) -> bool {
        match press {
            Press::Down => self.power.button = Some((self.now, self.lamp.is_starting())),
            Press::Up => self.power.button = None,
            Press::Repeat => {
                let long = |(since, _): &mut (Time, bool)| self.now.since(*since) >= FORCED;
                let ended = self.power.ending.is_some() || !self.power.ends;
                if !ended && self.power.button.take_if(long).is_some() {
                    self.open_power(effects);
                    self.end(PowerAct::Off, effects);
                    return true;
                }
            }
        }
        false
    }

    /// That key has woken the screen, and does nothing more until it is pressed again; but the
    /// box's own button that is held on ends the machine all the same.
    pub(crate) fn wakes_by(&mut self, key: Key, effects: &mut Vec<Effect>) {
        if key == Key::PowerButton {
            self.button_forces(Press::Down, effects);
        }
        self.power.woken_by = Some(key);
    }

    /// The viewer did something: if that opened a film, the TV is to show it.
    pub(crate) fn show_film(&self, before: bool, effects: &mut Vec<Effect>) {
        if !before && self.wants_film() {
            self.show_on_tv(effects);
        }
    }

    /// A film is open, or will be once there is a source.
    pub(crate) fn wants_film(&self) -> bool {
        self.session().is_some() || matches!(self.place, Place::Seeking(_))
    }

    fn show_on_tv(&self, effects: &mut Vec<Effect>) {
        let ends = self.power.ending == Some(PowerAct::Off);
        if !ends && self.power.tv.is_some_and(|tv| tv.wake) {
            effects.push(Effect::Tv(TvAct::Show));
        }
    }

    /// What is shown goes dark, and the TV too where the owner wants that and does not know yet.
    pub(crate) fn stand_by(&mut self, ours: bool, effects: &mut Vec<Effect>) {
        if self.power.asleep {
            return;
        }
        self.leave(effects);
        self.stop_coming(effects);
        if matches!(self.place, Place::Power(_) | Place::Reset(_)) {
            self.back(effects);
        }
        // Whoever wakes it may be another; and what a phone reads meanwhile is nobody's.
        self.ask_who(effects);
        self.power.asleep = true;
        self.power.timer = None;
        self.power.pressed = None;
        self.tell_deck(effects);
        let tv = ours && self.power.tv.is_some_and(|tv| tv.standby_turns_off);
        self.power.tell(TvAct::Sleep { tv }, effects);
    }

    /// `show`: the TV is to be on, too.
    pub(crate) fn wake(&mut self, show: bool, effects: &mut Vec<Effect>) {
        if !std::mem::take(&mut self.power.asleep) {
            return;
        }
        self.power.tell(TvAct::Wake, effects);
        if show {
            self.show_on_tv(effects);
        }
    }

    pub(crate) fn tv(&mut self, news: TvNews, effects: &mut Vec<Effect>) {
        let Some(tv) = self.power.tv else {
            return;
        };
        match news {
            TvNews::Volume(by) => self.volume_is_by(by),
            TvNews::Level(level) => self.level_is(level),
            TvNews::Language(language) => self.power.language = Some(language),
            TvNews::Chosen if self.power.asleep => {
                self.wake(false, effects);
                effects.push(Effect::Tv(TvAct::Show));
            }
            // It has done that itself, or the box is dark.
            TvNews::Chosen => {}
            _ if self.power.asleep => {}
            TvNews::Standby if tv.standby_follows => self.stand_by(false, effects),
            TvNews::Standby | TvNews::Left if tv.left_pauses => self.pause(effects),
            TvNews::Standby | TvNews::Left => {}
            TvNews::Key(key) => {
                self.sign_of_life();
                self.key(key, Press::Down, effects);
                self.key(key, Press::Up, effects);
            }
        }
    }

    fn pause(&mut self, effects: &mut Vec<Effect>) {
        if let Place::Playing(playing) = &mut self.place {
            playing.pause();
            self.take(Step::Stay, true, effects);
        }
    }

    /// The machine was to end, and does not.
    pub(crate) fn not_ended(&mut self, why: &str, effects: &mut Vec<Effect>) {
        if self.power.ending.take() == Some(PowerAct::Off) && !self.power.asleep {
            self.power.tell(TvAct::Wake, effects);
        }
        self.notify(words::not_ended(why));
    }

    /// What is due is done: standby by the timer, the page by a held key; and the TV hears what the
    /// film does.
    pub(crate) fn turn_power(&mut self, effects: &mut Vec<Effect>) {
        let now = self.now;
        let held = |since: &mut Time| now.since(*since) >= HELD;
        if self.power.pressed.take_if(held).is_some() {
            self.open_power(effects);
        }
        if let Some(timer) = &mut self.power.timer {
            if now >= timer.due {
                self.stand_by(true, effects);
            } else if now + SOON >= timer.due && !std::mem::replace(&mut timer.told, true) {
                self.notify(words::STANDS_BY_SOON.into());
            }
        }
        self.tell_deck(effects);
        self.turn_sound(effects);
        self.turn_rest();
    }

    fn tell_deck(&mut self, effects: &mut Vec<Effect>) {
        let deck = match &self.place {
            Place::Playing(playing) if playing.paused() => TvDeck::Paused,
            Place::Playing(_) => TvDeck::Playing,
            _ => TvDeck::Stopped,
        };
        if deck != std::mem::replace(&mut self.power.deck, deck) {
            self.power.tell(TvAct::Deck(deck), effects);
        }
    }

    /// The page of all this; a film that plays is left, its place kept.
    fn open_power(&mut self, effects: &mut Vec<Effect>) {
        self.leave(effects);
        self.stop_coming(effects);
        // Who starts the box with its button held wants to begin anew.
        let anew = self.power.ends && self.power.button.is_some_and(|(_, early)| early);
        if anew && !matches!(self.place, Place::Reset(_)) {
            self.step_in(effects);
            self.place = Place::Reset(ResetPage::default());
        } else if !matches!(self.place, Place::Power(_) | Place::Reset(_)) {
            self.step_in(effects);
            self.place = Place::Power(PowerPage::default());
        }
    }

    pub(crate) fn power_page_key(
        &mut self,
        mut page: PowerPage,
        key: Key,
        effects: &mut Vec<Effect>,
    ) {
        use crate::power_page::Asked;
        let asked = page.key(key, &self.power);
        self.place = Place::Power(page);
        match asked {
            Asked::Nothing => {}
            Asked::Leave => self.back(effects),
            Asked::StandBy => self.stand_by(true, effects),
            Asked::Timer(minutes) => self.power.set_timer(minutes, self.now),
            Asked::Reset => self.place = Place::Reset(ResetPage::default()),
            Asked::End(act) => self.end(act, effects),
        }
    }

    pub(crate) fn reset_page_key(
        &mut self,
        mut page: ResetPage,
        key: Key,
        effects: &mut Vec<Effect>,
    ) {
        use crate::reset_page::Asked;
        let asked = page.key(key, &self.power);
        self.place = Place::Reset(page);
        match asked {
            Asked::Nothing => {}
            Asked::Leave => self.place = Place::Power(PowerPage::default()),
            Asked::Reset => self.end(PowerAct::Reset, effects),
        }
    }

    pub(crate) fn end(&mut self, act: PowerAct, effects: &mut Vec<Effect>) {
        self.power.ending = Some(act);
        if act == PowerAct::Off && !self.power.asleep {
            let tv = self.power.tv.is_some_and(|tv| tv.standby_turns_off);
            self.power.tell(TvAct::Sleep { tv }, effects);
        }
        effects.push(Effect::Power(act));
    }
}
