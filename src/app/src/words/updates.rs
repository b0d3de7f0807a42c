//! Sentences of the box's own updates.

use super::{RESTARTS, TAKES_A_MINUTE, beside, number, percent, size};
use crate::saying::{Message, msg, tr, trn};
use crate::updates::{LastUpdate, Stage, UpdateFailure, UpdateOffer, Updates, WentBack};

/// A place above the wall: newer versions of the box's own program.
pub(crate) const UPDATES: Message = msg!("Updates");
pub(crate) const LOOK_FOR_UPDATES: Message = msg!("Look for updates now");
/// An update that is offered.
pub(crate) const GET_UPDATE: Message = msg!("Get it now");
pub(crate) const RESTART_NOW: Message = msg!("Restart now");
pub(crate) const GO_BACK_SURELY: Message = msg!("Press OK once more: the box restarts");
pub(crate) const UPDATES_HINT: Message =
    msg!("The box gets its updates by itself, while nothing plays. Back returns.");
const NO_CHANNEL: Message = msg!(
    "No channel of updates is set, so this box stays as it is. Whoever made its image can name one."
);
const NEXT_LOOK: Message = msg!("It looks for updates once a day.");
const NEWEST: Message = msg!("There is nothing newer for this box now.");
const LOOKING: Message = msg!("Looking for updates");
const HELD: Message = msg!("It waits while the film plays.");
const MEANWHILE: Message = msg!("Films can be watched meanwhile.");
const NEXT_START: Message = msg!(
    "It is used from the next start on. Restart now, or later: when the box is next switched off \
     and on."
);
const EXPIRED: Message = msg!(
    "This channel should have been renewed by now. Either nobody looks after it, or somebody \
     holds back what is newer."
);

/// What the page of updates says.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) headline: String,
    /// "148 MB  ·  stable"
    pub(crate) detail: String,
    pub(crate) message: String,
    /// What is new.
    pub(crate) notes: String,
}

fn named(version: &str) -> String {
    format!("Matinee {version}")
}

/// How far an update of the box is; {release} is "Matinee 1.4.0".
pub(crate) fn update_stage(updates: &Updates) -> Told {
    let channel = updates.settings.channel.as_deref();
    let runs = |message: String| Told {
        headline: named(&updates.settings.version),
        detail: channel.unwrap_or_default().to_owned(),
        message,
        notes: String::new(),
    };
    match &updates.stage {
        Stage::Unknown if channel.is_none() => runs(NO_CHANNEL.into()),
        Stage::Unknown => runs(NEXT_LOOK.into()),
        Stage::UpToDate => runs(NEWEST.into()),
        Stage::Checking { .. } => Told {
            headline: LOOKING.into(),
            ..runs(String::new())
        },
        Stage::Offered { offer, .. } => Told {
            headline: tr!("{release} is there", release = named(&offer.version)),
            detail: beside(&[size(offer.bytes).as_str(), channel.unwrap_or_default()]),
            message: expired(offer),
            notes: offer.notes.clone(),
        },
        Stage::Fetching {
            offer,
            permille,
            bytes: fetched,
        } => Told {
            headline: tr!("Getting {release}", release = named(&offer.version)),
            detail: beside(&[
                percent(permille / 10),
                tr!("{size} fetched", size = size(*fetched)),
            ]),
            message: if updates.held { HELD } else { MEANWHILE }.into(),
            notes: offer.notes.clone(),
        },
        Stage::Ready { version } => Told {
            headline: tr!("{release} is ready", release = named(version)),
            message: NEXT_START.into(),
            ..Told::default()
        },
        Stage::Failed(failure) => runs(update_failed(failure)),
        Stage::Restarting => Told {
            headline: RESTARTS.into(),
            message: TAKES_A_MINUTE.into(),
            ..Told::default()
        },
    }
}

fn expired(offer: &UpdateOffer) -> String {
    let expired = offer.expired.then(|| EXPIRED.into());
    expired.unwrap_or_default()
}

/// Why an update was not taken. {why} is in English; {release} is "Matinee 1.4.0".
fn update_failed(failure: &UpdateFailure) -> String {
    match failure {
        UpdateFailure::Unreachable(why) => {
            tr!(
                "Updates can't be reached ({why}). The box tries again in an hour.",
                why
            )
        }
        UpdateFailure::NotSigned => tr!(
            "What lies at the address of updates was not signed by those whom this box trusts. \
             It was not taken."
        ),
        UpdateFailure::Broken(why) => {
            tr!(
                "What lies at the address of updates is damaged: {why}.",
                why
            )
        }
        UpdateFailure::TooNew => tr!(
            "The updates there are of a kind that this box is too old for. Put a newer image on \
             it by hand."
        ),
        UpdateFailure::OtherChannel(name) => tr!(
            "The updates there are of another channel ({name}). They were not taken.",
            name,
        ),
        UpdateFailure::Older { offered, seen } => tr!(
            "Release {offered} is offered, but {seen} was there before. Somebody may be holding \
             back what is newer, so nothing was taken.",
            offered,
            seen,
        ),
        UpdateFailure::OtherBoard(board) => {
            tr!("There is no update for this board ({board}).", board)
        }
        UpdateFailure::NeedsFirst(version) => tr!(
            "{release} must come first, and it is not offered any more.",
            release = named(version),
        ),
        UpdateFailure::WrongSize { announced, there } => tr!(
            "The update has {there} bytes and should have {announced}. It was not taken; the box \
             tries again in an hour.",
            there = number(*there),
            announced = number(*announced),
        ),
        UpdateFailure::Swapped => tr!(
            "The update is not the one that was announced. It was not taken; the box tries again \
             in an hour."
        ),
        UpdateFailure::ForOther(system) => tr!(
            "The update is for another kind of box ({system}). It was not taken.",
            system,
        ),
        UpdateFailure::Refused(why) => tr!("The update was not taken: {why}.", why),
        UpdateFailure::NoInstaller(why) => {
            tr!(
                "The part of this box that installs updates does not answer ({why}).",
                why
            )
        }
        UpdateFailure::NoRestart(why) => {
            tr!(
                "The box can't restart by itself ({why}). Switch it off and on.",
                why
            )
        }
    }
}

/// Where updates are from; {name} is "stable", for example.
pub(crate) fn followed_channel(name: &str) -> String {
    tr!("Channel: {name}", name)
}

/// {version} is that of the release before: "1.3.2".
pub(crate) fn go_back_to(version: &str) -> String {
    tr!("Go back to {version}", version)
}

/// Beside what else is on the screen; {release} is "Matinee 1.4.0".
pub(crate) fn update_ready(version: &str) -> String {
    tr!(
        "{release} is ready for the next start",
        release = named(version)
    )
}

/// What became of the last update, on a box that runs {now}; {release} is "Matinee 1.4.0".
pub(crate) fn last_update(last: &LastUpdate, now: &str) -> String {
    match last {
        LastUpdate::Updated { to } => tr!("Updated to {release}.", release = named(to)),
        LastUpdate::SentBack { from } => {
            tr!(
                "You went back from {release} to {now}.",
                release = named(from),
                now
            )
        }
        LastUpdate::WentBack {
            from,
            why: WentBack::NeverUp,
        } => tr!(
            "{release} did not come up, so the box went back to {now}.",
            release = named(from),
            now,
        ),
        LastUpdate::WentBack {
            from,
            why: WentBack::NotStable { starts },
        } => trn!(
            *starts,
            "{release} came up once but did not stay up, so the box went back to {now}.",
            "{release} came up {count} times but did not stay up, so the box went back to {now}.",
            release = named(from),
            now,
        ),
    }
}
