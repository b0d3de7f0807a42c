//! Sentences of standby, the sleep timer and the end.

use super::{minutes, setting};
use crate::saying::{Message, msg, tr};

/// A place above the wall: standby, restart, shut down.
pub(crate) const POWER: Message = msg!("Power");
pub(crate) const STAND_BY: Message = msg!("Stand by");
pub(crate) const STAND_BY_HELP: Message =
    msg!("The screen goes dark, and the box is quiet. Any key wakes it.");
pub(crate) const SLEEP_TIMER: Message = msg!("Sleep timer");
pub(crate) const SLEEP_TIMER_HELP: Message =
    msg!("After that time the box stands by, whatever plays. The place in the film is kept.");
/// The whole box.
pub(crate) const RESTART: Message = msg!("Restart");
pub(crate) const RESTART_HELP: Message = msg!("The box starts anew. This takes about a minute.");
pub(crate) const SHUT_DOWN: Message = msg!("Shut down");
pub(crate) const SHUT_DOWN_HELP: Message =
    msg!("Everything stops, updates too. The box is started again by its button, or by its plug.");
pub(crate) const SHUT_DOWN_SURELY: Message =
    msg!("Press OK once more: the box switches itself off");
pub(crate) const FACTORY_RESET: Message = msg!("Factory reset");
pub(crate) const FACTORY_RESET_HELP: Message = msg!(
    "The box forgets everything: your list, the places in films, add-ons, learnt remotes, \
     settings, and the films it holds. It is then as it was when it was new. Drives are not \
     touched."
);
pub(crate) const KEEP_ALL: Message = msg!("Keep everything");
pub(crate) const FORGET_ALL: Message = msg!("Forget everything");
pub(crate) const FORGET_ALL_SURELY: Message =
    msg!("Press OK once more: the box forgets everything. This cannot be undone");
pub(crate) const RESETS: Message = msg!("The box starts anew, without what it remembers");
pub(crate) const RESTARTS: Message = msg!("The box restarts");
pub(crate) const TAKES_A_MINUTE: Message = msg!("This takes about a minute. Leave it switched on.");
pub(crate) const SHUTS_DOWN: Message = msg!("The box shuts down");
pub(crate) const UNPLUG_LATER: Message = msg!("Wait until it is dark before you unplug it.");
pub(crate) const STANDS_BY_SOON: Message = msg!("The box stands by in a minute.");

/// "Sleep timer  ·  ‹ 30 min ›"
pub(crate) fn sleep_timer(after: Option<u16>) -> String {
    let after = after.map_or_else(|| tr!("sleep timer" => "off"), minutes);
    setting(SLEEP_TIMER, after)
}

/// {why} is in English: what the system says.
pub(crate) fn not_ended(why: &str) -> String {
    tr!(
        "The box cannot be switched off or restarted from here: {why}.",
        why
    )
}
