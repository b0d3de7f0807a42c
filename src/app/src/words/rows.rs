//! Sentences of the wall's rows, and of the page where they are chosen.

use crate::saying::{Message, msg};

pub(crate) const WALL_ROWS: Message = msg!("Rows on the wall");
pub(crate) const WALL_ROWS_HELP: Message = msg!(
    "Which rows of films there are, and in what order. What an add-on brings later comes below \
     the others."
);
pub(crate) const ROWS_HINT: Message =
    msg!("OK shows or hides a row, left and right move it up and down. Back returns.");
/// Goes along a row by the first letters of its titles.
pub(crate) const TO_A_LETTER: Message = msg!("Jump to a letter");
/// A row is picked up.
pub(crate) const CARRY_HINT: Message = msg!("Up and down move the row, OK puts it down.");
