//! Sentences of profiles, their PINs and their limits.

use std::time::Duration;

use super::beside;
use crate::household::{Profile, ProfileId};
use crate::limit::Barred;
use crate::pin_page::{Purpose, Said};
use crate::profiles_page::Trait;
use crate::saying::{Message, msg, tr, trn};

/// A line of the settings: who watches on this box.
pub(crate) const PROFILES: Message = msg!("Profiles");
pub(crate) const PROFILES_HELP: Message = msg!(
    "Each who watches here can have a list, places in films and choices of their own, and children \
     a limit."
);
pub(crate) const NEW_PROFILE: Message = msg!("New profile");
/// Asked at the start, above the names of all profiles.
pub(crate) const WHO: Message = msg!("Who is watching?");
pub(crate) const WHO_HINT: Message = msg!("Left and right choose, OK takes. So do digits.");
/// A phone hands the box a film while it is asked who watches.
pub(crate) const SAY_WHO_FIRST: Message =
    msg!("Choose on the TV who is watching. Then try it once more.");

/// What a profile without a name is called: by its colour.
const COLOUR_NAMES: [Message; 8] = [
    msg!("profile" => "Blue"),
    msg!("profile" => "Green"),
    msg!("profile" => "Orange"),
    msg!("profile" => "Red"),
    msg!("profile" => "Purple"),
    msg!("profile" => "Pink"),
    msg!("profile" => "Turquoise"),
    msg!("profile" => "Grey"),
];

fn colour_name(colour: u8) -> Message {
    COLOUR_NAMES[usize::from(colour).min(COLOUR_NAMES.len() - 1)]
}

/// What it is called: by its name, or by its colour.
pub(crate) fn profile_name(profile: &Profile) -> String {
    if !profile.name.is_empty() {
        profile.name.clone()
    } else if profile.id == ProfileId::FIRST {
        tr!("profile" => "Everybody")
    } else {
        colour_name(profile.colour).into()
    }
}

/// "Films up to 12 years  ·  With a PIN"
pub(crate) fn profile_note(profile: &Profile) -> String {
    let limit = profile.limit.map(|age| limit_of(Some(age)));
    let pin = profile.pin.is_some().then(|| tr!("With a PIN"));
    beside(&[limit.unwrap_or_default(), pin.unwrap_or_default()])
}

/// {age} is in years.
fn limit_of(limit: Option<u8>) -> String {
    match limit {
        None => tr!("All films"),
        Some(age) => tr!("Films up to {age} years", age),
    }
}

pub(crate) fn trait_name(what: Trait) -> Message {
    match what {
        Trait::Name => msg!("profile" => "Name"),
        Trait::Colour => msg!("profile" => "Colour"),
        Trait::Pin => msg!("PIN"),
        Trait::NoPin => msg!("Remove the PIN"),
        Trait::Limit => msg!("Limit"),
        Trait::Unknown => msg!("Films of unknown age"),
        Trait::Delete => msg!("Delete this profile"),
    }
}

pub(crate) fn trait_help(what: Trait) -> Message {
    match what {
        Trait::Name => msg!("What it is called. Without a name it is called after its colour."),
        Trait::Colour => msg!("By which it is known at a glance."),
        Trait::Pin => {
            msg!(
                "Four digits that are asked for whenever somebody wants to watch with this profile."
            )
        }
        Trait::NoPin => msg!("From then on whoever likes can watch with this profile."),
        Trait::Limit => msg!(
            "Films that are known to be for older viewers are neither shown nor played. Settings \
             and add-ons then want the PIN of a profile without a limit."
        ),
        Trait::Unknown => msg!(
            "Of many films nobody has said for which age they are. Choose whether those are shown, \
             too."
        ),
        Trait::Delete => {
            msg!("Its list, its places in films and its choices are deleted for good.")
        }
    }
}

/// What it is now; empty: there is nothing to say in a line.
pub(crate) fn trait_now(what: Trait, profile: &Profile) -> String {
    match what {
        Trait::Name => profile_name(profile),
        Trait::Colour => colour_name(profile.colour).into(),
        Trait::Pin if profile.pin.is_some() => tr!("PIN" => "There is one"),
        Trait::Pin => tr!("PIN" => "None"),
        Trait::Limit => limit_of(profile.limit),
        Trait::Unknown if profile.shows_unknown() => tr!("films of unknown age" => "Shown"),
        Trait::Unknown => tr!("films of unknown age" => "Not shown"),
        Trait::NoPin | Trait::Delete => String::new(),
    }
}

pub(crate) const DELETE_PROFILE_SURELY: Message =
    msg!("Press OK once more: the profile is deleted. This cannot be undone");

/// There is no PIN that would open what the limit closes.
pub(crate) const LIMIT_PROTECTS_NOTHING: Message = msg!(
    "The limit protects nothing: no profile without a limit has a PIN, so everybody can change it."
);

/// {name} is another profile.
pub(crate) fn limit_leaks(name: &str) -> String {
    tr!(
        "The limit protects nothing while {name} has no PIN: everybody can choose that profile.",
        name
    )
}

/// The wall of a profile with a limit is empty.
pub(crate) const NOTHING_FOR_AGE: Message = msg!("No films for this profile yet");
pub(crate) const NOTHING_FOR_AGE_HELP: Message = msg!(
    "Of the films here nobody has said that they are for its age. In the settings, a profile can \
     show films of unknown age, too."
);

/// Over the page where a name is typed.
pub(crate) const PROFILE_NAME: Message = msg!("Name of the profile");
pub(crate) const PROFILE_NAME_HELP: Message = msg!("Type a name, then choose Done.");

pub(crate) fn pin_of(name: &str) -> String {
    tr!("PIN of {name}", name)
}

pub(crate) fn new_pin_of(name: &str) -> String {
    tr!("New PIN of {name}", name)
}

/// Over the keypad, where the limit closes something.
pub(crate) const KEY_PIN: Message = msg!("PIN of a profile without a limit");
pub(crate) const PIN_HINT: Message = msg!("Digits of the remote, or arrows and OK. Back returns.");
pub(crate) const CHECKING_PIN: Message = msg!("One moment");
pub(crate) const PIN_AGAIN: Message = msg!("Type the same digits once more");

pub(crate) fn pin_help(purpose: Purpose) -> Message {
    match purpose {
        Purpose::Enter(_) | Purpose::Unlock(_) => msg!("Type the four digits"),
        Purpose::New(_) => msg!("Choose four digits"),
    }
}

pub(crate) fn pin_said(said: Said) -> Message {
    match said {
        Said::Wrong => msg!("That was another PIN. Try it once more"),
        Said::Differ => msg!("Those were others than before. Choose four digits"),
        Said::NotKept => msg!("The PIN could not be kept. Try it once more"),
    }
}

/// Too many wrong PINs were typed.
pub(crate) fn pin_waits(left: Duration) -> String {
    let minutes = (left.as_secs() + u64::from(left.subsec_nanos() > 0)).div_ceil(60);
    trn!(
        minutes,
        "Too many wrong PINs. The next can be typed in {count} minute",
        "Too many wrong PINs. The next can be typed in {count} minutes"
    )
}

/// Why a film is not for who watches; {age} is in years.
pub(crate) fn barred(why: Barred) -> String {
    match why {
        Barred::Above(age) => tr!(
            "This film is not for this profile, which has films up to {age} years.",
            age
        ),
        Barred::Unknown => {
            tr!("Nobody has said for which age this film is, so this profile does not show it.")
        }
    }
}
