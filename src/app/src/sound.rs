//! How loud the box is, and what else can be set of its sound.
//!
//! A key for the volume goes to whoever is heard: an amplifier or the TV where they take it over
//! CEC, else the box's own sound follows it. What is set of that is remembered, for all films.
//!
//! Invariant: a key for the volume changes one of them, never two.

use std::time::Duration;

use crate::app::{App, Place};
use crate::power::TvVolume;
use crate::view::VolumeView;
use crate::{Effect, Press, Time, TvAct, words};

/// The volume is shown for so long: it is read at a glance.
const SHOWN: Duration = Duration::from_secs(2);

/// One press of a key, in hundredths.
const STEP: u8 = 5;

const LOUDEST: u8 = 100;

/// Sound that is farther off than this is of another cut.
const DELAY_MAX_MS: i16 = 500;

/// What is set of the box's own sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SoundSettings {
    /// In hundredths as one hears them; 100 leaves the film's sound as it is.
    pub volume: u8,
    pub muted: bool,
    /// What is loud is made quieter, and what is quiet louder.
    pub night: bool,
    /// Mixed down to two channels, from the next film on.
    pub stereo: bool,
    /// The sound comes so much later than the picture, in milliseconds; earlier below zero.
    pub delay_ms: i16,
}

impl Default for SoundSettings {
    fn default() -> SoundSettings {
        SoundSettings {
            volume: LOUDEST,
            muted: false,
            night: false,
            stereo: false,
            delay_ms: 0,
        }
    }
}

impl SoundSettings {
    /// What is out of bounds is brought back into them.
    #[must_use]
    pub fn bounded(self) -> SoundSettings {
        SoundSettings {
            volume: self.volume.min(LOUDEST),
            delay_ms: self.delay_ms.clamp(-DELAY_MAX_MS, DELAY_MAX_MS),
            ..self
        }
    }

    pub(crate) fn delayed(self, by_ms: i16) -> SoundSettings {
        let delay_ms = self.delay_ms.saturating_add(by_ms);
        SoundSettings { delay_ms, ..self }.bounded()
    }

    fn turned(self, key: TvVolume) -> SoundSettings {
        let (volume, muted) = match key {
            TvVolume::Up => ((self.volume + STEP).min(LOUDEST), false),
            // What is muted stays so while it is turned down.
            TvVolume::Down => (self.volume.saturating_sub(STEP), self.muted),
            TvVolume::Mute => (self.volume, !self.muted),
        };
        SoundSettings {
            volume,
            muted,
            ..self
        }
    }
}

/// Whom the owner wants the keys for the volume to turn up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VolumeWish {
    /// The amplifier or the TV where they can be asked, else the box.
    #[default]
    Auto,
    /// Never the box.
    Tv,
    /// Always the box.
    Box,
}

impl VolumeWish {
    /// All of them with what they are called in files.
    pub const NAMES: [(&'static str, VolumeWish); 3] = [
        ("auto", VolumeWish::Auto),
        ("tv", VolumeWish::Tv),
        ("box", VolumeWish::Box),
    ];
}

/// Who takes keys for the volume over CEC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VolumeBy {
    #[default]
    Nobody,
    Tv,
    Amplifier,
}

/// How loud an amplifier says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// In hundredths; none: it does not know.
    pub volume: Option<u8>,
    pub muted: bool,
}

/// Keys for the volume, and what is shown of it.
#[derive(Debug, Default)]
pub(crate) struct Volume {
    wish: VolumeWish,
    pub(crate) by: VolumeBy,
    level: Option<Level>,
    /// It is shown until then.
    shown: Option<Time>,
    /// The box's own is shown, and not what another told.
    own: bool,
    /// What the player was told.
    told: SoundSettings,
    /// What was set is not written yet.
    unsaved: bool,
    /// The box ends: nothing is written later.
    ends: bool,
}

impl Volume {
    pub(crate) fn new(wish: VolumeWish) -> Volume {
        Volume {
            wish,
            ..Volume::default()
        }
    }

    pub(crate) fn obey(&mut self, wish: VolumeWish) {
        self.wish = wish;
    }

    /// The keys are for the box.
    fn is_ours(&self) -> bool {
        match self.wish {
            VolumeWish::Auto => self.by == VolumeBy::Nobody,
            VolumeWish::Tv => false,
            VolumeWish::Box => true,
        }
    }

    pub(crate) fn deadline(&self) -> Option<Time> {
        self.shown
    }

    fn view(&self, own: SoundSettings) -> Option<VolumeView> {
        self.shown?;
        let Level { volume, muted } = if self.own {
            Level {
                volume: Some(own.volume),
                muted: own.muted,
            }
        } else {
            // A TV shows its own; of an amplifier in a cupboard only this is seen.
            self.level.filter(|_| self.by == VolumeBy::Amplifier)?
        };
        Some(VolumeView {
            text: words::volume(volume, muted),
            volume,
            muted,
        })
    }
}

impl App {
    /// A key for the volume.
    pub(crate) fn volume_key(&mut self, key: TvVolume, press: Press, effects: &mut Vec<Effect>) {
        let ours = self.power.volume.is_ours();
        match (press, ours) {
            (Press::Down | Press::Repeat, true) => {
                self.set_sound(self.library.sound.turned(key));
                self.show_volume(true);
            }
            (Press::Down | Press::Repeat, false) => {
                self.power.tell(TvAct::Volume(key), effects);
                self.show_volume(false);
            }
            (Press::Up, true) => {}
            (Press::Up, false) => self.power.tell(TvAct::VolumeReleased, effects),
        }
    }

    /// The box ends: what is open is closed, and nothing is written later.
    pub(crate) fn shut_down(&mut self, effects: &mut Vec<Effect>) {
        self.power.volume.ends = true;
        self.leave(effects);
        self.prefetch.end(effects);
    }

    fn show_volume(&mut self, own: bool) {
        self.power.volume.own = own;
        self.power.volume.shown = Some(self.now + SHOWN);
    }

    /// The viewer wants it so from now on.
    pub(crate) fn set_sound(&mut self, sound: SoundSettings) {
        self.power.volume.unsaved |= sound != self.library.sound;
        self.library.sound = sound;
    }

    /// The box's own sound is to be so loud, in hundredths, where keys would turn it too.
    pub(crate) fn be_loud(&mut self, volume: u8) {
        if self.loudness().is_some_and(|now| now != volume) {
            let sound = SoundSettings {
                volume,
                muted: false,
                ..self.library.sound
            };
            self.set_sound(sound.bounded());
            self.show_volume(true);
        }
    }

    pub(crate) fn loudness(&self) -> Option<u8> {
        let sound = self.library.sound;
        let heard = if sound.muted { 0 } else { sound.volume };
        self.power.volume.is_ours().then_some(heard)
    }

    /// Others take the keys for the volume now, or nobody does.
    pub(crate) fn volume_is_by(&mut self, by: VolumeBy) {
        self.power.volume.by = by;
        if by != VolumeBy::Amplifier {
            self.power.volume.level = None;
        }
    }

    /// An amplifier tells how loud it is; where that is shown, the new figure is.
    pub(crate) fn level_is(&mut self, level: Level) {
        self.power.volume.level = Some(level);
    }

    /// The player hears how its sound is to be, and what was set is written down once the viewer is
    /// done with it, or the box.
    pub(crate) fn turn_sound(&mut self, effects: &mut Vec<Effect>) {
        let now = self.now;
        self.power.volume.shown.take_if(|until| now >= *until);
        let sound = self.library.sound;
        if let Place::Playing(playing) = &mut self.place {
            playing.sound = sound;
        }
        let heard = self.session().is_some() || self.voice.is_on();
        if heard && self.power.volume.told != sound {
            self.power.volume.told = sound;
            effects.push(Effect::Sound(sound));
        }
        let at_once = self.power.asleep || self.power.volume.ends;
        let due = at_once || self.power.volume.shown.is_none();
        if due && std::mem::take(&mut self.power.volume.unsaved) {
            effects.push(Effect::SaveLibrary(self.library.clone()));
        }
    }

    /// The language of the TV's menus (ISO 639-2, three letters), where it has told: one to propose
    /// to an owner who has chosen none.
    pub fn tv_language(&self) -> Option<&str> {
        let letters = self.power.language.as_ref()?;
        std::str::from_utf8(letters).ok()
    }

    pub(crate) fn volume_view(&self) -> Option<VolumeView> {
        self.power.volume.view(self.library.sound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_volume_stays_in_its_bounds() {
        let mut sound = SoundSettings::default();
        for _ in 0..30 {
            sound = sound.turned(TvVolume::Down);
        }
        assert_eq!(sound.volume, 0);
        for _ in 0..30 {
            sound = sound.turned(TvVolume::Up);
        }
        assert_eq!(sound.volume, LOUDEST);
        let wild = SoundSettings {
            volume: 255,
            delay_ms: i16::MIN,
            ..sound
        };
        assert_eq!(wild.bounded().volume, LOUDEST);
        assert_eq!(wild.bounded().delay_ms, -DELAY_MAX_MS);
        assert_eq!(sound.delayed(i16::MAX).delay_ms, DELAY_MAX_MS);
    }

    #[test]
    fn turning_it_up_ends_the_silence_and_turning_it_down_does_not() {
        let muted = SoundSettings::default().turned(TvVolume::Mute);
        assert!(muted.muted && muted.turned(TvVolume::Down).muted);
        assert!(!muted.turned(TvVolume::Up).muted && !muted.turned(TvVolume::Mute).muted);
    }
}
