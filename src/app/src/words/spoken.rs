//! What is said by the voice of the box alone; all else that it says is on the screen.

use super::{button, number, on_or_off};
use crate::saying::{Message, msg, tr};

/// The box says aloud what it shows.
pub(crate) const READING_ALOUD: Message = msg!("Reading aloud");

/// Said of what was chosen in a list, after its name.
pub(crate) const CHOSEN: Message = msg!("said of a line in a list" => "chosen");

/// Said as a film pauses.
pub(crate) const PAUSED: Message = msg!("said of a film" => "Paused");

/// Said of a line in a list, after its name: "3 of 14".
pub(crate) fn place_of(place: usize, count: usize) -> String {
    tr!(
        "said of a line in a list" => "{place} of {count}",
        place = number(place as u64),
        count = number(count as u64),
    )
}

/// Told as it is switched.
pub(crate) fn reading_aloud(on: bool) -> String {
    let now = String::from(on_or_off(on));
    button(READING_ALOUD, Some(&now))
}
