//! Sentences of drives that are plugged in.

use super::{beside, rate, sentences, size};
use crate::AdoptFailure;
use crate::saying::{Message, msg, tr, trn};

/// A place above the wall: disks and sticks that are plugged in.
pub(crate) const DRIVES: Message = msg!("Drives");
pub(crate) const NO_DRIVE: Message = msg!("No drive is plugged in");
pub(crate) const NO_DRIVE_HELP: Message = msg!("Films on a drive at USB are shown on the wall.");
pub(crate) const OTHER_DRIVE: Message = msg!(
    "The films on it are on the wall, and nothing is written to it. Press OK to let the box keep \
     films on it instead: then everything that is on it is lost."
);
pub(crate) const LEAVE_DRIVE: Message = msg!("Leave it as it is");
pub(crate) const ERASE_DRIVE: Message = msg!("Erase it, for films");
pub(crate) const ADOPT_HELP: Message = msg!(
    "The drive is made the box's own: everything that is on it now is erased for good, on all of \
     its parts. From then on films that play are kept on it, and other machines may not be able \
     to read it."
);

pub(crate) const ERASE_SURELY: Message =
    msg!("Press OK once more: everything on this drive is erased");

/// "SanDisk Ultra  ·  32.0 GB"
pub(crate) fn drive(name: &str, bytes: u64) -> String {
    beside(&[name, &size(bytes)])
}

/// "SanDisk Ultra  ·  32.0 GB  ·  for films": of a drive that the box keeps films on.
pub(crate) fn drive_label(name: &str, bytes: u64, ours: bool) -> String {
    let ours = if ours {
        tr!("for films")
    } else {
        String::new()
    };
    beside(&[drive(name, bytes), ours])
}

/// {size} is "12.3 GB", {rate} is "80.1 MB/s".
pub(crate) fn own_drive(free_bytes: u64, speed: Option<u64>, used: bool) -> String {
    let used = if used {
        tr!("Films that play are kept on this drive.")
    } else {
        tr!(
            "This drive is the box's own, and films are kept elsewhere now: there is more room, \
             or the drive is slow."
        )
    };
    let free = tr!("{size} are free.", size = size(free_bytes));
    let speed = speed.map(|speed| tr!("It was measured at {rate}.", rate = rate(speed)));
    sentences(&[used, free, speed.unwrap_or_default()])
}

/// A drive is made the box's own. Of one that has no name:
fn named(name: Option<&str>) -> String {
    name.map_or_else(|| tr!("begins a sentence" => "The drive"), str::to_owned)
}

/// {name} is that of a drive.
pub(crate) fn adopting(name: Option<&str>) -> String {
    tr!("{name} is made ready", name = named(name))
}

/// While that lasts; {step} is how many are done.
pub(crate) fn adopting_step(step: u8, of: u8) -> String {
    let begins = tr!("Leave it plugged in until this is done.");
    match of {
        0 => begins,
        of => sentences(&[
            begins,
            trn!(
                of,
                "{step} of {count} step is done.",
                "{step} of {count} steps are done.",
                step,
            ),
        ]),
    }
}

/// How it ended, of the drive {name}.
pub(crate) fn adopted(name: Option<&str>, outcome: Result<(), AdoptFailure>) -> String {
    let name = named(name);
    match outcome {
        Ok(()) => tr!("{name} is the box's own now: films are kept on it.", name),
        Err(AdoptFailure::Gone) => tr!(
            "{name} was pulled out before it was ready. Plug it in, and try again.",
            name,
        ),
        Err(AdoptFailure::Busy) => tr!("{name} is in use, and was left as it is.", name),
        Err(AdoptFailure::Small) => {
            tr!(
                "{name} is too small for films, and was left as it is.",
                name
            )
        }
        Err(AdoptFailure::Ours) => {
            tr!("{name} holds the box itself, and was left as it is.", name)
        }
        Err(AdoptFailure::ReadOnly) => tr!(
            "{name} lets nothing be written. It may have a switch for that.",
            name,
        ),
        Err(AdoptFailure::Broken) => tr!(
            "{name} could not be written. It may be broken: try another.",
            name,
        ),
    }
}
