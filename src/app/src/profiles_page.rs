//! The page of profiles in the settings: all of them, and what can be set of one.
//!
//! A new profile is there with one press, called after its colour: nobody must type. What a limit
//! cannot protect is said where it is set.

use crate::app::{App, Place};
use crate::household::{COLOURS, LIMITS, PROFILES_MAX, Profile, ProfileId};
use crate::name_page::NamePage;
use crate::pin_page::{PinPage, Purpose};
use crate::profiles::Gate;
use crate::turning::{Turn, turned};
use crate::view::MenuView;
use crate::{Effect, Key, words};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ProfilesPage {
    /// In the list of all.
    focus: usize,
    one: Option<One>,
}

/// The page of one.
#[derive(Debug, Clone, Copy, PartialEq)]
struct One {
    id: ProfileId,
    focus: usize,
    /// It is asked whether to delete it.
    sure: bool,
}

/// What can be set of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trait {
    Name,
    Colour,
    Pin,
    NoPin,
    Limit,
    Unknown,
    Delete,
}

impl App {
    /// Those lines that mean something: who is alone needs neither PIN nor limit.
    fn traits(&self, profile: &Profile) -> Vec<Trait> {
        let several = self.profiles.are_several();
        let all = [
            Some(Trait::Name),
            Some(Trait::Colour),
            several.then_some(Trait::Pin),
            profile.pin.is_some().then_some(Trait::NoPin),
            (several || profile.limit.is_some()).then_some(Trait::Limit),
            profile.limit.is_some().then_some(Trait::Unknown),
            several.then_some(Trait::Delete),
        ];
        all.into_iter().flatten().collect()
    }

    pub(crate) fn profiles_key(
        &mut self,
        mut page: ProfilesPage,
        key: Key,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(one) = page.one {
            return self.one_key(page, one, key, effects);
        }
        let count = self.profiles.household.profiles.len();
        let last = count - usize::from(count == PROFILES_MAX);
        let at = page.focus.min(last);
        match key {
            Key::Up => page.focus = at.saturating_sub(1),
            Key::Down => page.focus = (at + 1).min(last),
            Key::Back | Key::Left | Key::Stop => return self.back(effects),
            Key::Ok => {
                page.focus = at;
                self.place = Place::Profiles(page);
                let there = self.profiles.household.profiles.get(at);
                if let Some(id) = there.map(|profile| profile.id) {
                    if !self.asks_pin(Gate::Page(id), effects) {
                        self.open_profile(id);
                    }
                } else {
                    let id = self.profiles.add(&self.library);
                    effects.push(self.profiles.save());
                    if let Some(library) = self.profiles.library(id) {
                        effects.push(Effect::SaveLibrary(library.clone()));
                    }
                    // The world takes what was saved last for what is shown.
                    effects.push(Effect::SaveLibrary(self.library.clone()));
                    self.open_profile(id);
                }
                return;
            }
            _ => {}
        }
        self.place = Place::Profiles(page);
    }

    pub(crate) fn open_profile(&mut self, id: ProfileId) {
        if let Place::Profiles(page) = &mut self.place {
            page.one = Some(One {
                id,
                focus: 0,
                sure: false,
            });
        }
    }

    fn one_key(
        &mut self,
        mut page: ProfilesPage,
        mut one: One,
        key: Key,
        effects: &mut Vec<Effect>,
    ) {
        let Some(profile) = self.profiles.household.profile(one.id) else {
            page.one = None;
            self.place = Place::Profiles(page);
            return;
        };
        let traits = self.traits(profile);
        let last = traits.len() - 1;
        let at = one.focus.min(last);
        let turn = match key {
            Key::Left => Some(Turn::Back),
            Key::Right => Some(Turn::On),
            Key::Ok => Some(Turn::Round),
            _ => None,
        };
        let sure = std::mem::take(&mut one.sure);
        match key {
            Key::Up => one.focus = at.saturating_sub(1),
            Key::Down => one.focus = (at + 1).min(last),
            Key::Back | Key::Stop => {
                page.one = None;
                self.place = Place::Profiles(page);
                return;
            }
            Key::Ok if traits[at] == Trait::Delete && !sure => one.sure = true,
            Key::Ok if traits[at] == Trait::Delete => {
                page.one = None;
                self.place = Place::Profiles(page);
                self.delete_profile(one.id, effects);
                return;
            }
            _ => {}
        }
        page.one = Some(one);
        self.place = Place::Profiles(page);
        if let Some(turn) = turn {
            self.turn_trait(one.id, traits[at], turn, effects);
        }
    }

    fn turn_trait(&mut self, id: ProfileId, what: Trait, turn: Turn, effects: &mut Vec<Effect>) {
        let Some(profile) = self.profiles.household.profile_mut(id) else {
            return;
        };
        let before = profile.clone();
        match (what, turn) {
            (Trait::Name, Turn::Round) => {
                let name = NamePage::new(id, &profile.name);
                self.step_in(effects);
                self.place = Place::Name(name);
                return;
            }
            (Trait::Pin, Turn::Round) => {
                self.step_in(effects);
                self.place = Place::Pin(PinPage::new(Purpose::New(id)));
                return;
            }
            (Trait::NoPin, Turn::Round) => {
                profile.pin = None;
                profile.wrong = 0;
            }
            (Trait::Colour, turn) => {
                let all: Vec<u8> = (0..COLOURS.len() as u8).collect();
                profile.colour = turned(&all, profile.colour, turn);
            }
            (Trait::Limit, turn) => {
                let none = std::iter::once(None);
                let all: Vec<_> = none.chain(LIMITS.map(Some)).collect();
                profile.limit = turned(&all, profile.limit, turn);
            }
            (Trait::Unknown, turn) => {
                profile.unknown = Some(turned(&[false, true], profile.shows_unknown(), turn));
            }
            (Trait::Name | Trait::Pin | Trait::NoPin | Trait::Delete, _) => {}
        }
        if *profile != before {
            effects.push(self.profiles.save());
            self.sift();
        }
    }

    /// Whether what a limit closes is closed: none has a limit without a key, and nobody can go
    /// round it by another profile.
    fn leaks(&self, profile: &Profile) -> Option<String> {
        profile.limit?;
        let open = self.profiles.household.open_door();
        if let Some(open) = open {
            return Some(words::limit_leaks(&words::profile_name(open)));
        }
        let keys = self.profiles.household.keys();
        keys.is_empty()
            .then(|| words::LIMIT_PROTECTS_NOTHING.into())
    }

    pub(crate) fn profiles_view(&self, page: &ProfilesPage) -> MenuView {
        let household = &self.profiles.household;
        let one = page.one.and_then(|one| {
            let profile = household.profile(one.id)?;
            Some((one, profile))
        });
        if let Some((one, profile)) = one {
            return self.one_view(one, profile);
        }
        let all = household.profiles.iter();
        let mut labels: Vec<String> = all.clone().map(words::profile_name).collect();
        let mut notes: Vec<String> = all.map(words::profile_note).collect();
        if labels.len() < PROFILES_MAX {
            labels.push(words::NEW_PROFILE.into());
            notes.push(String::new());
        }
        let focus = page.focus.min(labels.len() - 1);
        MenuView {
            title: words::PROFILES.into(),
            headline: labels[focus].clone(),
            message: words::PROFILES_HELP.into(),
            labels,
            notes,
            chosen: None,
            focus,
            ask: None,
            hint: words::CODE_HINT.into(),
        }
    }

    fn one_view(&self, one: One, profile: &Profile) -> MenuView {
        let traits = self.traits(profile);
        let focus = one.focus.min(traits.len() - 1);
        let help = String::from(words::trait_help(traits[focus]));
        let leaks = self.leaks(profile).filter(|_| {
            let about = traits[focus];
            matches!(about, Trait::Limit | Trait::Unknown)
        });
        MenuView {
            title: words::profile_name(profile),
            labels: traits
                .iter()
                .map(|it| words::trait_name(*it).into())
                .collect(),
            notes: traits
                .iter()
                .map(|it| words::trait_now(*it, profile))
                .collect(),
            chosen: None,
            focus,
            headline: words::trait_name(traits[focus]).into(),
            message: leaks.map_or(help.clone(), |leaks| format!("{leaks}\n\n{help}")),
            ask: one.sure.then(|| words::DELETE_PROFILE_SURELY.into()),
            hint: words::CHOICES_HINT.into(),
        }
    }
}
