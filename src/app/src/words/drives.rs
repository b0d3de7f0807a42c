//! Sentences of drives that are plugged in.

use crate::AdoptFailure;

use super::{rate, size};

pub(crate) const DRIVES: &str = "Drives";
pub(crate) const NO_DRIVE: &str = "No drive is plugged in";
pub(crate) const NO_DRIVE_HELP: &str = "Films on a drive at USB are shown on the wall.";
pub(crate) const OTHER_DRIVE: &str = "The films on it are on the wall, and nothing is written to \
    it. Press OK to let the box keep films on it instead: then everything that is on it is lost.";
pub(crate) const LEAVE_DRIVE: &str = "Leave it as it is";
pub(crate) const ERASE_DRIVE: &str = "Erase it, for films";
pub(crate) const ADOPT_HELP: &str = "The drive is made the box's own: everything that is on it \
    now is erased for good, on all of its parts. From then on films that play are kept on it, and \
    other machines may not be able to read it.";

pub(crate) const ERASE_SURELY: &str = "Press OK once more: everything on this drive is erased";

/// "SanDisk Ultra  ·  32.0 GB"
pub(crate) fn drive(name: &str, bytes: u64) -> String {
    format!("{name}  ·  {}", size(bytes))
}

/// "SanDisk Ultra  ·  32.0 GB  ·  for films"
pub(crate) fn drive_label(name: &str, bytes: u64, ours: bool) -> String {
    let mut label = drive(name, bytes);
    if ours {
        label.push_str("  ·  for films");
    }
    label
}

pub(crate) fn own_drive(free_bytes: u64, speed: Option<u64>, used: bool) -> String {
    let used = if used {
        "Films that play are kept on this drive."
    } else {
        "This drive is the box's own, and films are kept elsewhere now: there is more room, or the \
         drive is slow."
    };
    let free = size(free_bytes);
    let speed = speed.map(|speed| format!(" It was measured at {}.", rate(speed)));
    format!("{used} {free} are free.{}", speed.unwrap_or_default())
}

pub(crate) fn adopting(name: Option<&str>) -> String {
    format!("{} is made ready", name.unwrap_or("The drive"))
}

pub(crate) fn adopting_step(step: u8, of: u8) -> String {
    let begins = "Leave it plugged in until this is done.";
    match of {
        0 => begins.into(),
        of => format!("{begins} {step} of {of} steps are done."),
    }
}

/// How it ended.
pub(crate) fn adopted(name: Option<&str>, outcome: Result<(), AdoptFailure>) -> String {
    let name = name.unwrap_or("The drive");
    match outcome {
        Ok(()) => format!("{name} is the box's own now: films are kept on it."),
        Err(AdoptFailure::Gone) => {
            format!("{name} was pulled out before it was ready. Plug it in, and try again.")
        }
        Err(AdoptFailure::Busy) => format!("{name} is in use, and was left as it is."),
        Err(AdoptFailure::Small) => {
            format!("{name} is too small for films, and was left as it is.")
        }
        Err(AdoptFailure::Ours) => format!("{name} holds the box itself, and was left as it is."),
        Err(AdoptFailure::ReadOnly) => {
            format!("{name} lets nothing be written. It may have a switch for that.")
        }
        Err(AdoptFailure::Broken) => {
            format!("{name} could not be written. It may be broken: try another.")
        }
    }
}
