//! Sentences of the page where phones are let in. Those of the phone's own pages are in
//! [`handset`](super::handset).

pub(crate) const PHONE: &str = "Phone";
pub(crate) const PHONE_REMOTE: &str = "Your phone as a remote";
pub(crate) const PHONES_ASK: &str = "Type, search, seek and choose films from a phone. \
    Then the box listens in your home network, to phones alone that were let in here. \
    Nothing goes through the Internet.";
pub(crate) const LET_PHONES_IN: &str = "Let phones in";
pub(crate) const KEEP_PHONES_OUT: &str = "Keep phones out";
pub(crate) const KEEP_OUT_SURELY: &str = "Press OK once more: no phone reaches the box any more";
pub(crate) const MAKING_CODE: &str = "A new code is on its way.";
pub(crate) const SCAN_CODE: &str = "Point your phone's camera here";
pub(crate) const PHONES_TROUBLE: &str = "Phones cannot reach the box";

pub(crate) fn or_type(address: &str) -> String {
    format!("Or open {address} on it and type these digits. It must be in your home network.")
}

pub(crate) fn phones_failed(why: &str) -> String {
    format!("It does not work now: {why}.")
}

pub(crate) fn phone_paired(name: &str) -> String {
    format!("{name} is a remote of this box now.")
}

pub(crate) fn forget_phone(name: &str) -> String {
    format!("Forget {name}")
}

pub(crate) fn forget_surely(name: &str) -> String {
    format!("Press OK once more: {name} is a remote no longer")
}
