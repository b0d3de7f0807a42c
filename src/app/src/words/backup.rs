//! Sentences of backups, which phones save and bring.

use super::sentences;
use crate::saying::{Message, msg, tr, trn};

/// A line of the settings, and the title of the page that asks.
pub(crate) const BACKUP: Message = msg!("Backup and diagnostics");
pub(crate) const BACKUP_HELP: Message = msg!(
    "A phone that was let in saves what is yours on this box as a file, brings it back, and shows \
     how the box does. It is on its page More."
);
pub(crate) const BACKUP_OFFERED: Message = msg!("A phone brings a backup");
pub(crate) const BACKUP_DROP: Message = msg!("Leave it");
pub(crate) const BACKUP_ADD: Message = msg!("Add what is not here yet");
pub(crate) const BACKUP_REPLACE: Message = msg!("Put it in the place of what is here");
pub(crate) const BACKUP_REPLACE_SURELY: Message =
    msg!("Press OK once more: what this box remembers now is forgotten");
pub(crate) const BACKUP_WAITS: Message = msg!("The backup is taken in when the box starts again.");
pub(crate) const BACKUP_TAKEN_IN: Message = msg!("The backup is on the box.");

/// {count} is of films.
pub(crate) fn backup_holds(films: usize) -> String {
    sentences(&[
        trn!(
            films as u64,
            "There is {count} film in it, and what was set on the TV.",
            "There are {count} films in it, and what was set on the TV."
        ),
        tr!("Add-ons whose address is a secret are not, nor is what phones may do."),
        tr!("The box starts again for it."),
    ])
}

/// {why} is in English.
pub(crate) fn backup_failed(why: &str) -> String {
    tr!("The backup was not taken in: {why}.", why)
}
