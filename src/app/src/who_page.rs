//! The page that asks who is watching: all of them side by side, and one key or two to choose.

use crate::app::{App, Place};
use crate::household::{Household, ProfileId};
use crate::view::{ProfileView, WhoView};
use crate::{Effect, Key, words};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WhoPage {
    focus: usize,
}

/// What the page asks of the core.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Asked {
    Nothing,
    Leave,
    Choose(ProfileId),
}

impl WhoPage {
    /// The focus is on who watches now, or did last.
    pub(crate) fn new(household: &Household) -> WhoPage {
        let mut all = household.profiles.iter();
        let current = all.position(|profile| profile.id == household.current);
        WhoPage {
            focus: current.unwrap_or(0),
        }
    }

    fn key(&mut self, key: Key, household: &Household) -> Asked {
        let last = household.profiles.len().saturating_sub(1);
        let at = self.focus.min(last);
        let choose = |at: usize| {
            let profile = household.profiles.get(at);
            profile.map_or(Asked::Nothing, |profile| Asked::Choose(profile.id))
        };
        match key {
            Key::Left | Key::Up => self.focus = at.saturating_sub(1),
            Key::Right | Key::Down => self.focus = (at + 1).min(last),
            Key::Ok | Key::Play | Key::PlayPause => return choose(at),
            // The first stands at 1.
            Key::Digit(digit @ 1..) => return choose(usize::from(digit) - 1),
            Key::Back | Key::Stop => return Asked::Leave,
            _ => {}
        }
        Asked::Nothing
    }

    pub(crate) fn view(&self, household: &Household) -> WhoView {
        let people = household.profiles.iter().map(ProfileView::of);
        let people: Vec<_> = people.collect();
        WhoView {
            title: words::WHO.into(),
            focus: self.focus.min(people.len().saturating_sub(1)),
            people,
            hint: words::WHO_HINT.into(),
        }
    }
}

impl App {
    pub(crate) fn who_key(&mut self, mut page: WhoPage, key: Key, effects: &mut Vec<Effect>) {
        let asked = page.key(key, &self.profiles.household);
        self.place = Place::Who(page);
        match asked {
            Asked::Choose(id) => self.choose_profile(id, effects),
            Asked::Leave if !self.profiles.waits => self.back(effects),
            Asked::Leave | Asked::Nothing => {}
        }
    }
}
