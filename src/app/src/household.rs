//! Who watches on this box: profiles as values, and what is remembered of them.
//!
//! A box begins with one profile, everybody's. What a profile has of its own is its
//! [`Library`](crate::Library) and its searches; what is the box's is shared. A PIN is four digits,
//! of which the core keeps what a shell made of them and never the digits themselves
//! ([`PinHash`]).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::limit::Sieve;
use crate::{Film, Library, Quest, Title};

/// Profiles at most: side by side on one screen.
pub const PROFILES_MAX: usize = 8;

/// Letters of a name: what fits below a face.
pub const NAME_CHARS: usize = 20;

/// Digits of a PIN.
pub const PIN_DIGITS: usize = 4;

/// Ages that films can be limited to, in years.
pub const LIMITS: [u8; 4] = [6, 12, 16, 18];

/// From this limit on, films whose age nobody knows are shown too, unless somebody chose.
const UNKNOWN_FROM: u8 = 16;

/// Titles whose ages are remembered at most.
const AGES_MAX: usize = 10_000;

/// Names a profile for ever, and is not given to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProfileId(pub u32);

impl ProfileId {
    /// The one that a box begins with.
    pub const FIRST: ProfileId = ProfileId(1);
}

impl Default for ProfileId {
    fn default() -> ProfileId {
        ProfileId::FIRST
    }
}

/// What a shell made of a PIN ([`PinAct::Make`]); nobody else can read it.
#[derive(Clone, PartialEq, Eq)]
pub struct PinHash(pub String);

impl fmt::Debug for PinHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(a PIN)")
    }
}

/// Digits that are typed: no log has them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Pin(pub String);

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} digits)", self.0.len())
    }
}

/// One who watches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    pub id: ProfileId,
    /// Empty: it is called after its colour, the first one everybody.
    pub name: String,
    /// Which of [`COLOURS`]; one that is too high is the last.
    pub colour: u8,
    pub pin: Option<PinHash>,
    /// Films for those who are older than so many years are not for this one.
    pub limit: Option<u8>,
    /// Whether films are for it whose age nobody knows; none: as its limit is.
    pub unknown: Option<bool>,
    /// Wrong PINs in a row. Counted before it is known whether one is right, so that pulling the
    /// plug in between wins nothing.
    pub wrong: u32,
}

/// 0xRRGGBB of each: apart in hue and in brightness, and white letters are read on all.
pub const COLOURS: [u32; PROFILES_MAX] = [
    0x0027_6fbf,
    0x002f_855a,
    0x00b4_5309,
    0x00b9_1c1c,
    0x007c_3aed,
    0x00be_185d,
    0x000e_7490,
    0x0057_534e,
];

impl Profile {
    /// As of [`Profile::unknown`], with what holds where nobody chose.
    pub fn shows_unknown(&self) -> bool {
        let usual = self.limit.is_none_or(|limit| limit >= UNKNOWN_FROM);
        self.unknown.unwrap_or(usual)
    }

    /// 0xRRGGBB.
    pub fn rgb(&self) -> u32 {
        COLOURS[usize::from(self.colour).min(COLOURS.len() - 1)]
    }
}

/// From which age on titles are for viewers, as far as that was told.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Ages(pub Arc<BTreeMap<Title, u8>>);

impl fmt::Debug for Ages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} ages)", self.0.len())
    }
}

impl Ages {
    /// True: that is new.
    pub(crate) fn learn(&mut self, title: &Title, age: u8) -> bool {
        if self.0.get(title) == Some(&age) {
            return false;
        }
        let ages = Arc::make_mut(&mut self.0);
        if ages.len() >= AGES_MAX && !ages.contains_key(title) {
            ages.pop_first();
        }
        ages.insert(title.clone(), age);
        true
    }
}

/// All who watch on this box, in the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Household {
    /// Never empty.
    pub profiles: Vec<Profile>,
    /// Who watches now, or did last.
    pub current: ProfileId,
    pub ages: Ages,
}

impl Default for Household {
    fn default() -> Household {
        Household {
            profiles: vec![Profile::default()],
            current: ProfileId::FIRST,
            ages: Ages::default(),
        }
    }
}

impl Household {
    /// What a file says, made to hold: no more than there can be, none twice, and never nobody.
    #[must_use]
    pub fn bounded(mut self) -> Household {
        let mut seen = Vec::new();
        self.profiles.retain(|profile| {
            let new = seen.len() < PROFILES_MAX && !seen.contains(&profile.id);
            if new {
                seen.push(profile.id);
            }
            new
        });
        for profile in &mut self.profiles {
            profile.name = profile.name.chars().take(NAME_CHARS).collect();
        }
        if self.profiles.is_empty() {
            self.profiles.push(Profile::default());
        }
        if self.profile(self.current).is_none() {
            self.current = self.profiles[0].id;
        }
        self
    }

    /// It is to be asked who watches: there are several, or one who wants to be known.
    pub fn asks(&self) -> bool {
        self.profiles.len() > 1 || self.profiles.iter().any(|it| it.pin.is_some())
    }

    pub fn profile(&self, id: ProfileId) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.id == id)
    }

    pub(crate) fn profile_mut(&mut self, id: ProfileId) -> Option<&mut Profile> {
        self.profiles.iter_mut().find(|profile| profile.id == id)
    }

    /// An id that nobody has, nor had while the box knows of it.
    pub(crate) fn free_id(&self) -> ProfileId {
        let ids = self.profiles.iter().map(|profile| profile.id.0);
        ProfileId(ids.max().unwrap_or(0).saturating_add(1))
    }

    /// A colour that nobody has.
    pub(crate) fn free_colour(&self) -> u8 {
        let taken = |colour: &u8| self.profiles.iter().any(|it| it.colour == *colour);
        let mut colours = 0..COLOURS.len() as u8;
        colours.find(|it| !taken(it)).unwrap_or(0)
    }

    /// Those whose PIN opens what a limit closes: it is known, and they have no limit.
    pub(crate) fn keys(&self) -> Vec<(ProfileId, PinHash)> {
        let key = |profile: &Profile| Some((profile.id, profile.pin.clone()?));
        let free = self.profiles.iter().filter(|it| it.limit.is_none());
        free.filter_map(key).collect()
    }

    /// The first who has neither limit nor PIN: whoever likes can watch as that one.
    pub(crate) fn open_door(&self) -> Option<&Profile> {
        let mut all = self.profiles.iter();
        all.find(|it| it.limit.is_none() && it.pin.is_none())
    }

    /// Whether the film is for who watches now.
    pub fn lets(&self, film: &Film) -> bool {
        let now = self.profile(self.current);
        now.is_none_or(|profile| Sieve::new(profile, self.ages.clone()).lets(film))
    }

    /// Who watches now has a limit, and somebody has the PIN that opens what it closes.
    pub fn is_closed(&self) -> bool {
        let limit = self.profile(self.current).and_then(|it| it.limit);
        limit.is_some() && !self.keys().is_empty()
    }

    /// The owner wants all PINs forgotten; true: there were any.
    pub fn forget_pins(&mut self) -> bool {
        let mut any = false;
        for profile in &mut self.profiles {
            any |= profile.pin.take().is_some();
            profile.wrong = 0;
        }
        any
    }
}

/// What one who watches has of its own; whose it is, its library says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Viewer {
    pub library: Library,
    /// Words that led to films, the latest first.
    pub searches: Vec<String>,
}

/// What a shell does with PINs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinAct {
    /// Say whose it is ([`PinNews::Checked`]).
    Check {
        quest: Quest,
        pin: Pin,
        against: Vec<(ProfileId, PinHash)>,
    },
    /// Make what is kept of it ([`PinNews::Made`]).
    Make { quest: Quest, pin: Pin },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinNews {
    /// None: it is nobody's.
    Checked(Quest, Option<ProfileId>),
    /// None: that could not be done.
    Made(Quest, Option<PinHash>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_says_is_made_to_hold() {
        let profile = |id| Profile {
            id: ProfileId(id),
            name: "n".repeat(99),
            ..Profile::default()
        };
        let many = Household {
            profiles: (0..20).map(|id| profile(id / 2)).collect(),
            current: ProfileId(99),
            ages: Ages::default(),
        };
        let many = many.bounded();
        assert_eq!(many.profiles.len(), PROFILES_MAX);
        assert_eq!(many.current, ProfileId(0));
        assert_eq!(many.profiles[0].name.len(), NAME_CHARS);
        let none = Household {
            profiles: Vec::new(),
            ..many
        };
        assert_eq!(none.bounded(), Household::default());
    }

    #[test]
    fn who_is_young_sees_what_is_known_to_be_his() {
        let limited = |limit, unknown| Profile {
            limit,
            unknown,
            ..Profile::default()
        };
        assert!(limited(None, None).shows_unknown());
        assert!(limited(Some(16), None).shows_unknown());
        assert!(!limited(Some(12), None).shows_unknown());
        assert!(limited(Some(12), Some(true)).shows_unknown());
    }

    #[test]
    fn ages_are_bounded_and_learnt_once() {
        let mut ages = Ages::default();
        let title = |id: usize| Title::new("movie", &format!("{id:06}"));
        for id in 0..=AGES_MAX {
            assert!(ages.learn(&title(id), 12));
            assert!(!ages.learn(&title(id), 12));
        }
        assert_eq!(ages.0.len(), AGES_MAX);
        assert!(ages.learn(&title(AGES_MAX), 16));
    }
}
