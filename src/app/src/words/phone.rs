//! Sentences of the page where phones are let in. Those of the phone's own pages are in
//! [`handset`](super::handset).

use crate::saying::{Message, msg, tr};

/// A place above the wall: phones that are remotes of the box.
pub(crate) const PHONE: Message = msg!("Phone");
pub(crate) const PHONE_REMOTE: Message = msg!("Your phone as a remote");
pub(crate) const PHONES_ASK: Message = msg!(
    "Type, search, seek and choose films from a phone. Then the box listens in your home \
     network, to phones alone that were let in here. Nothing goes through the Internet."
);
pub(crate) const LET_PHONES_IN: Message = msg!("Let phones in");
pub(crate) const KEEP_PHONES_OUT: Message = msg!("Keep phones out");
pub(crate) const KEEP_OUT_SURELY: Message =
    msg!("Press OK once more: no phone reaches the box any more");
pub(crate) const MAKING_CODE: Message = msg!("A new code is on its way.");
pub(crate) const SCAN_CODE: Message = msg!("Point your phone's camera here");
pub(crate) const PHONES_TROUBLE: Message = msg!("Phones cannot reach the box");

/// {address} is that of the box, for the phone.
pub(crate) fn or_type(address: &str) -> String {
    tr!(
        "Or open {address} on it and type these digits. It must be in your home network.",
        address
    )
}

/// Phones cannot reach the box; {why} is in English.
pub(crate) fn phones_failed(why: &str) -> String {
    tr!("It does not work now: {why}.", why)
}

/// {name} is that of a phone.
pub(crate) fn phone_paired(name: &str) -> String {
    tr!("{name} is a remote of this box now.", name)
}

/// {name} is that of a phone.
pub(crate) fn forget_phone(name: &str) -> String {
    tr!("Forget {name}", name)
}

/// {name} is that of a phone.
pub(crate) fn forget_surely(name: &str) -> String {
    tr!("Press OK once more: {name} is a remote no longer", name)
}
