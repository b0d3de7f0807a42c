//! Sentences of the box's own updates.

use super::{RESTARTS, TAKES_A_MINUTE, size};
use crate::updates::{LastUpdate, Stage, UpdateFailure, UpdateOffer, Updates, WentBack};

pub(crate) const UPDATES: &str = "Updates";
pub(crate) const LOOK_FOR_UPDATES: &str = "Look for updates now";
pub(crate) const GET_UPDATE: &str = "Get it now";
pub(crate) const RESTART_NOW: &str = "Restart now";
pub(crate) const GO_BACK_SURELY: &str = "Press OK once more: the box restarts";
pub(crate) const UPDATES_HINT: &str =
    "The box gets its updates by itself, while nothing plays. Back returns.";
const NO_CHANNEL: &str = "No channel of updates is set, so this box stays as it is. \
    Whoever made its image can name one.";
const NEXT_LOOK: &str = "It looks for updates once a day.";
const NEWEST: &str = "There is nothing newer for this box now.";
const LOOKING: &str = "Looking for updates";
const HELD: &str = "It waits while the film plays.";
const MEANWHILE: &str = "Films can be watched meanwhile.";
const NEXT_START: &str = "It is used from the next start on. Restart now, or later: \
    when the box is next switched off and on.";
const EXPIRED: &str = "This channel should have been renewed by now. Either nobody looks after it, \
    or somebody holds back what is newer.";

/// What the page says.
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

pub(crate) fn update_stage(updates: &Updates) -> Told {
    let channel = updates.settings.channel.as_deref();
    let runs = |message: &str| Told {
        headline: named(&updates.settings.version),
        detail: channel.unwrap_or_default().to_owned(),
        message: message.to_owned(),
        notes: String::new(),
    };
    match &updates.stage {
        Stage::Unknown if channel.is_none() => runs(NO_CHANNEL),
        Stage::Unknown => runs(NEXT_LOOK),
        Stage::UpToDate => runs(NEWEST),
        Stage::Checking { .. } => Told {
            headline: LOOKING.into(),
            ..runs("")
        },
        Stage::Offered { offer, .. } => Told {
            headline: format!("{} is there", named(&offer.version)),
            detail: format!("{}  ·  {}", size(offer.bytes), channel.unwrap_or_default()),
            message: expired(offer).into(),
            notes: offer.notes.clone(),
        },
        Stage::Fetching {
            offer,
            permille,
            bytes: fetched,
        } => Told {
            headline: format!("Getting {}", named(&offer.version)),
            detail: format!("{} %  ·  {} fetched", permille / 10, size(*fetched)),
            message: if updates.held { HELD } else { MEANWHILE }.into(),
            notes: offer.notes.clone(),
        },
        Stage::Ready { version } => Told {
            headline: format!("{} is ready", named(version)),
            message: NEXT_START.into(),
            ..Told::default()
        },
        Stage::Failed(failure) => runs(&update_failed(failure)),
        Stage::Restarting => Told {
            headline: RESTARTS.into(),
            message: TAKES_A_MINUTE.into(),
            ..Told::default()
        },
    }
}

fn expired(offer: &UpdateOffer) -> &'static str {
    if offer.expired { EXPIRED } else { "" }
}

fn update_failed(failure: &UpdateFailure) -> String {
    match failure {
        UpdateFailure::Unreachable(why) => {
            format!("Updates can't be reached ({why}). The box tries again in an hour.")
        }
        UpdateFailure::NotSigned => "What lies at the address of updates was not signed by those \
            whom this box trusts. It was not taken."
            .into(),
        UpdateFailure::Broken(why) => {
            format!("What lies at the address of updates is damaged: {why}.")
        }
        UpdateFailure::TooNew => "The updates there are of a kind that this box is too old for. \
            Put a newer image on it by hand."
            .into(),
        UpdateFailure::OtherChannel(name) => {
            format!("The updates there are of another channel ({name}). They were not taken.")
        }
        UpdateFailure::Older { offered, seen } => format!(
            "Release {offered} is offered, but {seen} was there before. Somebody may be holding \
             back what is newer, so nothing was taken."
        ),
        UpdateFailure::OtherBoard(board) => {
            format!("There is no update for this board ({board}).")
        }
        UpdateFailure::NeedsFirst(version) => {
            format!(
                "{} must come first, and it is not offered any more.",
                named(version)
            )
        }
        UpdateFailure::WrongSize { announced, there } => format!(
            "The update has {there} bytes and should have {announced}. It was not taken; \
             the box tries again in an hour."
        ),
        UpdateFailure::Swapped => {
            "The update is not the one that was announced. It was not taken; \
            the box tries again in an hour."
                .into()
        }
        UpdateFailure::ForOther(system) => {
            format!("The update is for another kind of box ({system}). It was not taken.")
        }
        UpdateFailure::Refused(why) => format!("The update was not taken: {why}."),
        UpdateFailure::NoInstaller(why) => {
            format!("The part of this box that installs updates does not answer ({why}).")
        }
        UpdateFailure::NoRestart(why) => {
            format!("The box can't restart by itself ({why}). Switch it off and on.")
        }
    }
}

pub(crate) fn followed_channel(name: &str) -> String {
    format!("Channel: {name}")
}

pub(crate) fn go_back_to(version: &str) -> String {
    format!("Go back to {version}")
}

/// Beside what else is on the screen.
pub(crate) fn update_ready(version: &str) -> String {
    format!("{} is ready for the next start", named(version))
}

/// What became of the last update, on a box that runs `now`.
pub(crate) fn last_update(last: &LastUpdate, now: &str) -> String {
    match last {
        LastUpdate::Updated { to } => format!("Updated to {}.", named(to)),
        LastUpdate::SentBack { from } => {
            format!("You went back from {} to {now}.", named(from))
        }
        LastUpdate::WentBack {
            from,
            why: WentBack::NeverUp,
        } => format!(
            "{} did not come up, so the box went back to {now}.",
            named(from)
        ),
        LastUpdate::WentBack {
            from,
            why: WentBack::NotStable { starts },
        } => {
            let times = match starts {
                1 => "once".to_owned(),
                n => format!("{n} times"),
            };
            format!(
                "{} came up {times} but did not stay up, so the box went back to {now}.",
                named(from)
            )
        }
    }
}
