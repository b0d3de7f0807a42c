//! Who watches now: being asked, going from one to another, and what a PIN opens.
//!
//! A box with one profile that has no PIN asks nothing. Else it is asked at the start, from standby
//! on and after a long rest; nothing else of the box can be reached before it is answered
//! but what ends it. Each wrong PIN counts before it is checked, and from the fifth on the next
//! must wait.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::app::{App, Place};
use crate::household::{Household, Pin, PinHash, PinNews, Profile, ProfileId, Viewer};
use crate::limit::{AgeQuest, Sieve};
use crate::pin_page::{PinPage, Purpose};
use crate::view::ProfileView;
use crate::wall::Door;
use crate::who_page::WhoPage;
use crate::{Effect, Event, Key, Library, PinAct, Time, words};

/// Wrong PINs in a row that cost nothing: fingers slip.
const FREE: u32 = 5;

/// The first wait; each further wrong PIN doubles it, up to the longest.
const WAIT: Duration = Duration::from_mins(1);
const WAIT_MAX: Duration = Duration::from_mins(15);

/// After so long without a key somebody else may have come: nobody leaves a pause of that length
/// in a film.
const LONG_REST: Duration = Duration::from_hours(1);

#[derive(Debug)]
pub(crate) struct Profiles {
    pub(crate) household: Household,
    /// What the others have of their own, who do not watch now.
    others: BTreeMap<ProfileId, Viewer>,
    pub(crate) sieve: Sieve,
    pub(crate) quest: AgeQuest,
    /// Nobody has said yet who watches.
    pub(crate) waits: bool,
    /// A PIN has opened what the limit closes, until the wall is seen again.
    pub(crate) unlocked: bool,
    /// Until when no PIN of theirs is heard.
    locks: BTreeMap<ProfileId, Time>,
}

/// What a PIN opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gate {
    Door(Door),
    /// The settings of a profile.
    Page(ProfileId),
}

/// How long nobody is heard after so many wrong PINs.
fn wait(wrong: u32) -> Option<Duration> {
    let beyond = wrong.checked_sub(FREE)?;
    let factor = 1u32.checked_shl(beyond.min(8)).unwrap_or(u32::MAX);
    Some(WAIT.saturating_mul(factor).min(WAIT_MAX))
}

impl Profiles {
    /// `viewers`: what they have, but for `current`, which is taken out.
    pub(crate) fn new(household: Household, viewers: Vec<Viewer>) -> (Profiles, Viewer) {
        let household = household.bounded();
        let mut others: BTreeMap<ProfileId, Viewer> = BTreeMap::new();
        for viewer in viewers {
            if household.profile(viewer.library.profile).is_some() {
                others.entry(viewer.library.profile).or_insert(viewer);
            }
        }
        let current = others.remove(&household.current).unwrap_or_else(|| Viewer {
            library: Library {
                profile: household.current,
                ..Library::default()
            },
            searches: Vec::new(),
        });
        // Who pulls the plug waits from the start again.
        let locks = household.profiles.iter();
        let locks = locks.filter_map(|it| Some((it.id, Time::default() + wait(it.wrong)?)));
        let mut profiles = Profiles {
            waits: false,
            locks: locks.collect(),
            household,
            others,
            sieve: Sieve::default(),
            quest: AgeQuest::default(),
            unlocked: false,
        };
        profiles.waits = profiles.household.asks();
        profiles.sieve_anew();
        (profiles, current)
    }

    pub(crate) fn current(&self) -> &Profile {
        let household = &self.household;
        let current = household.profile(household.current);
        current.unwrap_or(&household.profiles[0])
    }

    pub(crate) fn sieve_anew(&mut self) {
        self.sieve = Sieve::new(self.current(), self.household.ages.clone());
    }

    pub(crate) fn are_several(&self) -> bool {
        self.household.profiles.len() > 1
    }

    pub(crate) fn save(&self) -> Effect {
        Effect::SaveHousehold(self.household.clone())
    }

    /// How long no PIN of these is heard; zero: one is.
    pub(crate) fn locked(&self, who: &[(ProfileId, PinHash)], now: Time) -> Duration {
        let until = who.iter().filter_map(|(id, _)| self.locks.get(id)).max();
        until.map_or(Duration::ZERO, |until| until.since(now))
    }

    /// A PIN of one of these is about to be checked.
    pub(crate) fn tries(&mut self, who: &[(ProfileId, PinHash)], now: Time) {
        for (id, _) in who {
            if let Some(profile) = self.household.profile_mut(*id) {
                profile.wrong = profile.wrong.saturating_add(1);
                if let Some(wait) = wait(profile.wrong) {
                    self.locks.insert(*id, now + wait);
                }
            }
        }
    }

    /// It was that one's; of the others it was no wrong one.
    pub(crate) fn was_right(&mut self, who: &[(ProfileId, PinHash)], whose: ProfileId) {
        for (id, _) in who {
            if let Some(profile) = self.household.profile_mut(*id) {
                profile.wrong = if *id == whose {
                    0
                } else {
                    profile.wrong.saturating_sub(1)
                };
                self.locks.remove(id);
            }
        }
    }

    /// A new one, with the looks and the language of who made it.
    pub(crate) fn add(&mut self, library: &Library) -> ProfileId {
        let id = self.household.free_id();
        let colour = self.household.free_colour();
        self.household.profiles.push(Profile {
            id,
            colour,
            ..Profile::default()
        });
        let new = Library {
            profile: id,
            look: library.look,
            language: library.language,
            ..Library::default()
        };
        let viewer = Viewer {
            library: new.on_box(library),
            searches: Vec::new(),
        };
        self.others.insert(id, viewer);
        id
    }

    pub(crate) fn library(&self, id: ProfileId) -> Option<&Library> {
        self.others.get(&id).map(|viewer| &viewer.library)
    }
}

impl App {
    /// It is asked who watches, where there are several; a film that is open is left.
    pub(crate) fn ask_who(&mut self, effects: &mut Vec<Effect>) {
        if self.profiles.household.asks() {
            self.go_home(effects);
            self.profiles.waits = true;
            self.place = self.who();
        }
    }

    /// The page where that is asked, with the focus on who watches now.
    pub(crate) fn who(&self) -> Place {
        Place::Who(WhoPage::new(&self.profiles.household))
    }

    /// That one watches, if no PIN is wanted of him.
    pub(crate) fn choose_profile(&mut self, id: ProfileId, effects: &mut Vec<Effect>) {
        let household = &self.profiles.household;
        let Some(profile) = household.profile(id) else {
            return;
        };
        let same = id == household.current && !self.profiles.waits;
        if profile.pin.is_some() && !same {
            self.place = Place::Pin(PinPage::new(Purpose::Enter(id)));
        } else {
            self.watch_as(id, effects);
        }
    }

    /// That one watches from now on.
    pub(crate) fn watch_as(&mut self, id: ProfileId, effects: &mut Vec<Effect>) {
        self.go_home(effects);
        self.profiles.waits = false;
        self.profiles.unlocked = false;
        if id == self.profiles.household.current {
            return;
        }
        let viewer = self.profiles.others.remove(&id).unwrap_or_default();
        let before = self.profiles.household.current;
        let old = Viewer {
            library: std::mem::take(&mut self.library),
            searches: std::mem::replace(&mut self.searches, viewer.searches),
        };
        // What is the box's stays.
        let library = Library {
            profile: id,
            ..viewer.library
        };
        self.library = library.on_box(&old.library);
        if self.profiles.household.profile(before).is_some() {
            self.profiles.others.insert(before, old);
        }
        self.profiles.household.current = id;
        effects.push(self.profiles.save());
        effects.push(Effect::SaveLibrary(self.library.clone()));
        self.sift();
        self.wall.begin();
    }

    /// Deletes a profile with all it has; never the last one.
    pub(crate) fn delete_profile(&mut self, id: ProfileId, effects: &mut Vec<Effect>) {
        if !self.profiles.are_several() {
            return;
        }
        let household = &mut self.profiles.household;
        household.profiles.retain(|profile| profile.id != id);
        self.profiles.others.remove(&id);
        let first = household.profiles[0].id;
        if household.current == id {
            // Its own PIN, if it has one, is asked for before anything of it is seen.
            self.watch_as(first, effects);
            self.ask_who(effects);
        } else {
            effects.push(self.profiles.save());
        }
    }

    /// Whether what the limit closes may be opened without a PIN.
    fn is_open(&self, gate: Gate) -> bool {
        if self.profiles.unlocked {
            return true;
        }
        match gate {
            Gate::Door(Door::AddOns | Door::Settings | Door::Updates) => !self.is_limited(),
            Gate::Door(_) => true,
            Gate::Page(id) => {
                let me = self.profiles.current();
                let theirs = self.profiles.household.profile(id);
                let trusted = me.pin.is_some() && me.limit.is_none();
                id == me.id || trusted || theirs.is_none_or(|it| it.pin.is_none())
            }
        }
    }

    /// Whose PIN opens it.
    pub(crate) fn keys_of(&self, gate: Gate) -> Vec<(ProfileId, PinHash)> {
        let mut keys = self.profiles.household.keys();
        if let Gate::Page(id) = gate
            && keys.iter().all(|(known, _)| *known != id)
        {
            let theirs = self.profiles.household.profile(id);
            let pin = theirs.and_then(|profile| profile.pin.clone());
            keys.extend(pin.map(|pin| (id, pin)));
        }
        keys
    }

    /// Asks for the PIN that opens this, if one is wanted; true: it was asked for.
    pub(crate) fn asks_pin(&mut self, gate: Gate, effects: &mut Vec<Effect>) -> bool {
        if self.is_open(gate) {
            return false;
        }
        if self.keys_of(gate).is_empty() {
            self.notify(words::LIMIT_PROTECTS_NOTHING.into());
            return false;
        }
        self.step_in(effects);
        self.place = Place::Pin(PinPage::new(Purpose::Unlock(gate)));
        true
    }

    fn opens(&mut self, gate: Gate, whose: ProfileId, effects: &mut Vec<Effect>) {
        // Who has a limit himself opens his own settings with his PIN, and nothing else.
        let keys = self.profiles.household.keys();
        self.profiles.unlocked |= keys.iter().any(|(id, _)| *id == whose);
        self.back(effects);
        match gate {
            Gate::Door(door) => self.enter(door, effects),
            Gate::Page(id) => self.open_profile(id),
        }
    }

    pub(crate) fn pin_news(&mut self, news: PinNews, effects: &mut Vec<Effect>) {
        let Place::Pin(page) = &mut self.place else {
            // Whoever asked has left; a wrong one stays counted.
            return;
        };
        match news {
            PinNews::Checked(quest, whose) if page.answers(quest) => {
                let purpose = page.purpose();
                let who = self.asked_of(purpose);
                let whose = whose.filter(|id| who.iter().any(|(known, _)| known == id));
                let Some(whose) = whose else {
                    if let Place::Pin(page) = &mut self.place {
                        page.wrong();
                    }
                    return;
                };
                self.profiles.was_right(&who, whose);
                effects.push(self.profiles.save());
                match purpose {
                    Purpose::Enter(id) => self.watch_as(id, effects),
                    Purpose::Unlock(gate) => self.opens(gate, whose, effects),
                    Purpose::New(_) => {}
                }
            }
            PinNews::Made(quest, made) if page.answers(quest) => {
                let Purpose::New(id) = page.purpose() else {
                    return;
                };
                match made {
                    Some(hash) => {
                        if let Some(profile) = self.profiles.household.profile_mut(id) {
                            profile.pin = Some(hash);
                            profile.wrong = 0;
                            self.profiles.locks.remove(&id);
                            effects.push(self.profiles.save());
                        }
                        self.back(effects);
                    }
                    None => page.not_kept(),
                }
            }
            PinNews::Checked(..) | PinNews::Made(..) => {}
        }
    }

    /// Whose PIN is asked for.
    pub(crate) fn asked_of(&self, purpose: Purpose) -> Vec<(ProfileId, PinHash)> {
        match purpose {
            Purpose::Enter(id) => {
                let profile = self.profiles.household.profile(id);
                let pin = profile.and_then(|profile| profile.pin.clone());
                pin.map(|pin| (id, pin)).into_iter().collect()
            }
            Purpose::Unlock(gate) => self.keys_of(gate),
            Purpose::New(_) => Vec::new(),
        }
    }

    /// All digits are there: they are checked, unless nobody is heard now.
    pub(crate) fn check_pin(&mut self, purpose: Purpose, pin: Pin, effects: &mut Vec<Effect>) {
        let against = self.asked_of(purpose);
        if self.profiles.locked(&against, self.now) > Duration::ZERO {
            return;
        }
        let quest = self.next_quest();
        self.profiles.tries(&against, self.now);
        effects.push(self.profiles.save());
        effects.push(Effect::Pin(PinAct::Check {
            quest,
            pin,
            against,
        }));
        if let Place::Pin(page) = &mut self.place {
            page.asks(quest);
        }
    }

    pub(crate) fn make_pin(&mut self, pin: Pin, effects: &mut Vec<Effect>) {
        let quest = self.next_quest();
        effects.push(Effect::Pin(PinAct::Make { quest, pin }));
        if let Place::Pin(page) = &mut self.place {
            page.asks(quest);
        }
    }

    /// Somebody is to watch, as a phone says; a PIN may come along.
    pub(crate) fn chosen_from_afar(
        &mut self,
        id: ProfileId,
        pin: Option<Pin>,
        effects: &mut Vec<Effect>,
    ) {
        if self.profiles.household.profile(id).is_none() {
            return;
        }
        // A film that is open is left.
        self.go_home(effects);
        self.choose_profile(id, effects);
        if let (Place::Pin(page), Some(pin)) = (&self.place, pin)
            && page.purpose() == Purpose::Enter(id)
        {
            self.pin_typed(&pin, effects);
        }
    }

    /// Nothing comes from elsewhere before it is said who watches.
    pub(crate) fn is_too_early(&mut self, event: &Event) -> bool {
        let early = match event {
            Event::Open(_) | Event::SearchFor(_) => self.profiles.waits,
            Event::Typed(_) => self.profiles.waits && !matches!(self.place, Place::Pin(_)),
            _ => false,
        };
        if early {
            self.notify(words::SAY_WHO_FIRST.into());
        }
        early
    }

    /// Somebody comes back after so long that it may be somebody else.
    /// True: it is asked who.
    pub(crate) fn asks_after_rest(&mut self, rested: Duration, effects: &mut Vec<Effect>) -> bool {
        let asks = rested >= LONG_REST && !self.power.asleep && self.profiles.household.asks();
        if asks && !self.profiles.waits {
            self.ask_who(effects);
        }
        asks
    }

    /// Who has not been asked yet is asked, whatever led elsewhere; and what a PIN opened is closed
    /// again at home.
    pub(crate) fn turn_profiles(&mut self, effects: &mut Vec<Effect>) {
        let stays = matches!(
            self.place,
            Place::Who(_) | Place::Pin(_) | Place::Power(_) | Place::Reset(_) | Place::Learn(_)
        );
        if self.profiles.waits && !stays {
            self.go_home(effects);
            self.place = self.who();
        }
        if matches!(self.place, Place::Home) {
            self.profiles.unlocked = false;
        }
        let asks = self.profiles.household.asks();
        let name = asks.then(|| words::profile_name(self.profiles.current()));
        self.wall.set_who(name);
        self.ask_age(effects);
    }

    /// On the pages of profiles.
    pub(crate) fn profile_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        match &self.place {
            Place::Who(page) => self.who_key(page.clone(), key, effects),
            Place::Pin(page) => self.pin_key(page.clone(), key, effects),
            Place::Profiles(page) => self.profiles_key(page.clone(), key, effects),
            Place::Name(page) => self.name_key(page.clone(), key, effects),
            _ => {}
        }
    }

    pub(crate) fn profile_view(&self) -> Option<ProfileView> {
        let known = self.profiles.household.asks() && !self.profiles.waits;
        known.then(|| ProfileView::of(self.profiles.current()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_the_fifth_on_and_end_at_a_quarter() {
        let minutes: Vec<_> = (4..12)
            .map(|wrong| wait(wrong).map_or(0, |it| it.as_secs() / 60))
            .collect();
        assert_eq!(minutes, [0, 1, 2, 4, 8, 15, 15, 15]);
        assert_eq!(wait(u32::MAX), Some(WAIT_MAX));
    }
}
