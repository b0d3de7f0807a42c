//! Who watches, and the PIN of one.

use crate::{Household, Language, Profile, ProfileId, saying, words};

/// One who watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileView {
    pub id: ProfileId,
    pub name: String,
    /// 0xRRGGBB.
    pub colour: u32,
    /// "Films up to 12 years  ·  With a PIN"
    pub note: String,
    /// A PIN is asked for.
    pub pin: bool,
}

impl ProfileView {
    pub(crate) fn of(profile: &Profile) -> ProfileView {
        ProfileView {
            id: profile.id,
            name: words::profile_name(profile),
            colour: profile.rgb(),
            note: words::profile_note(profile),
            pin: profile.pin.is_some(),
        }
    }
}

/// All who watch, in the order in which they are shown, for those who show it elsewhere.
pub fn people(household: &Household, language: Language) -> Vec<ProfileView> {
    let _speaks = saying::speak(language);
    household.profiles.iter().map(ProfileView::of).collect()
}

/// It is asked who watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhoView {
    pub title: String,
    pub people: Vec<ProfileView>,
    pub focus: usize,
    pub hint: String,
}

/// A PIN is typed; which digits, no view has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinView {
    pub title: String,
    /// What to do, or what came of the last one.
    pub status: String,
    /// So many are wanted.
    pub digits: usize,
    /// And so many are typed.
    pub typed: usize,
    /// The keys of the keypad, row by row, each row of so many.
    pub keys: Vec<String>,
    pub columns: usize,
    /// The key under focus.
    pub focus: usize,
    /// No digit is heard now.
    pub waits: bool,
    pub hint: String,
}
