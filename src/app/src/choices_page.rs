//! A page of settings that are each one of a few values: the arrows turn it, and so does OK.

use crate::app::{App, Place};
use crate::panels::SOUND_DELAY_MS;
use crate::sharing::{SHARES, Share};
use crate::turning::{Turn, turned};
use crate::view::MenuView;
use crate::{
    Effect, Key, OwnerSettings, Pace, Preferences, ShowTexts, SoundSettings, VolumeWish, words,
};

/// What belongs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Films,
    Sharing,
    Sound,
    Screen,
    Speech,
    Tv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    Autoplay,
    Texts,
    Prefetch,
    Night,
    Speakers,
    SoundDelay,
    VolumeKeys,
    PictureSize,
    Contrast,
    LargeText,
    Screensaver,
    ScreenOff,
    Spoken,
    Pace,
    TvWake,
    StandbyFollows,
    StandbyTurnsOff,
    LeftPauses,
    Share(Share),
}

/// Minutes; 0: never.
const SCREENSAVER_MIN: [u16; 6] = [0, 2, 5, 10, 20, 30];
const SCREEN_OFF_MIN: [u16; 6] = [0, 15, 30, 60, 120, 240];

const TEXTS: [ShowTexts; 3] = [ShowTexts::WhenForeign, ShowTexts::Always, ShowTexts::Never];

/// Of each hundred pixels, from the smallest picture to all of the screen. No TV hides more.
const OVERSCAN: [u8; 16] = [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0];

const SWITCH: [bool; 2] = [false, true];

impl Group {
    /// Those that this box has, of which there is always one.
    fn choices(self, all: &Preferences) -> Vec<Choice> {
        let has = |it: &Choice| *it != Choice::PictureSize || all.overscan.is_some();
        self.each().iter().copied().filter(has).collect()
    }

    fn each(self) -> &'static [Choice] {
        match self {
            Group::Films => &[Choice::Texts, Choice::Autoplay, Choice::Prefetch],
            Group::Sharing => &SHARES,
            Group::Sound => &[
                Choice::Night,
                Choice::Speakers,
                Choice::SoundDelay,
                Choice::VolumeKeys,
            ],
            Group::Screen => &[
                Choice::PictureSize,
                Choice::Contrast,
                Choice::LargeText,
                Choice::Screensaver,
                Choice::ScreenOff,
            ],
            Group::Speech => &[Choice::Spoken, Choice::Pace],
            Group::Tv => &[
                Choice::TvWake,
                Choice::StandbyFollows,
                Choice::StandbyTurnsOff,
                Choice::LeftPauses,
            ],
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChoicesPage {
    group: Group,
    focus: usize,
}

/// What holds of all this.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) all: Preferences,
    pub(crate) sound: SoundSettings,
}

impl ChoicesPage {
    pub(crate) fn new(group: Group) -> ChoicesPage {
        ChoicesPage { group, focus: 0 }
    }

    fn choice(&self, all: &Preferences) -> Choice {
        let choices = self.group.choices(all);
        choices[self.focus.min(choices.len() - 1)]
    }

    pub(crate) fn view(&self, held: &Held) -> MenuView {
        let choices = self.group.choices(&held.all);
        let choice = self.choice(&held.all);
        MenuView {
            title: words::group(self.group).into(),
            labels: choices
                .iter()
                .map(|it| words::choice_name(*it).into())
                .collect(),
            notes: choices
                .iter()
                .map(|it| words::choice_now(*it, held))
                .collect(),
            chosen: None,
            focus: self.focus.min(choices.len() - 1),
            headline: words::choice_name(choice).into(),
            message: words::choice_help(choice).into(),
            ask: None,
            hint: words::CHOICES_HINT.into(),
        }
    }
}

/// The switch in its other place.
fn switched(now: bool, turn: Turn) -> bool {
    turned(&SWITCH, now, turn)
}

impl App {
    pub(crate) fn held(&self) -> Held {
        Held {
            all: self.wishes(),
            sound: self.library.sound,
        }
    }

    /// The size of the picture is being set: marks say where its corners are.
    pub(crate) fn sets_size(&self) -> bool {
        let Place::Choices(page) = &self.place else {
            return false;
        };
        page.group == Group::Screen && page.choice(&self.wishes()) == Choice::PictureSize
    }

    pub(crate) fn choices_key(
        &mut self,
        mut page: ChoicesPage,
        key: Key,
        effects: &mut Vec<Effect>,
    ) {
        let all = self.wishes();
        let choice = page.choice(&all);
        let last = page.group.choices(&all).len() - 1;
        let turn = match key {
            Key::Left => Some(Turn::Back),
            Key::Right => Some(Turn::On),
            Key::Ok => Some(Turn::Round),
            _ => None,
        };
        match key {
            Key::Up => page.focus = page.focus.saturating_sub(1),
            Key::Down => page.focus = (page.focus + 1).min(last),
            Key::Back | Key::Stop => return self.back(effects),
            _ => {}
        }
        self.place = Place::Choices(page);
        if let Some(turn) = turn {
            self.turn_choice(choice, turn, effects);
        }
    }

    fn turn_choice(&mut self, choice: Choice, turn: Turn, effects: &mut Vec<Effect>) {
        let all = self.wishes();
        let tv = all.tv.unwrap_or_default();
        let mut owner: OwnerSettings = self.library.owner;
        let mut sound = self.library.sound;
        match choice {
            Choice::Autoplay => owner.autoplay = Some(switched(all.autoplay, turn)),
            Choice::Prefetch => owner.prefetch = Some(switched(all.prefetch, turn)),
            Choice::Texts => owner.texts = Some(turned(&TEXTS, all.texts.show, turn)),
            Choice::Contrast => owner.contrast = Some(switched(all.contrast, turn)),
            Choice::LargeText => owner.large_text = Some(switched(all.large_text, turn)),
            Choice::PictureSize => {
                let now = all.overscan.unwrap_or_default();
                owner.overscan = Some(turned(&OVERSCAN, now, turn));
            }
            Choice::Screensaver => {
                let now = all.rest.screensaver_min;
                owner.screensaver_min = Some(turned(&SCREENSAVER_MIN, now, turn));
            }
            Choice::ScreenOff => {
                let now = all.rest.screen_off_min;
                owner.screen_off_min = Some(turned(&SCREEN_OFF_MIN, now, turn));
            }
            Choice::VolumeKeys => {
                let wishes = VolumeWish::NAMES.map(|(_, wish)| wish);
                owner.volume = Some(turned(&wishes, all.volume, turn));
            }
            Choice::Spoken => owner.spoken = Some(switched(all.spoken, turn)),
            Choice::Pace => {
                let paces = Pace::NAMES.map(|(_, pace)| pace);
                owner.pace = Some(turned(&paces, all.pace, turn));
            }
            Choice::TvWake => owner.tv_wake = Some(switched(tv.wake, turn)),
            Choice::StandbyFollows => {
                owner.standby_follows = Some(switched(tv.standby_follows, turn));
            }
            Choice::StandbyTurnsOff => {
                owner.standby_turns_off = Some(switched(tv.standby_turns_off, turn));
            }
            Choice::LeftPauses => owner.left_pauses = Some(switched(tv.left_pauses, turn)),
            Choice::Share(share) => owner = share.turn(owner, &all.sharing, turn),
            Choice::Night => sound.night = switched(sound.night, turn),
            Choice::Speakers => sound.stereo = switched(sound.stereo, turn),
            Choice::SoundDelay => {
                sound = match turn {
                    Turn::Back => sound.delayed(-SOUND_DELAY_MS),
                    Turn::On => sound.delayed(SOUND_DELAY_MS),
                    Turn::Round => SoundSettings {
                        delay_ms: 0,
                        ..sound
                    },
                };
            }
        }
        self.set_sound(sound);
        self.choose(owner, effects);
    }
}
