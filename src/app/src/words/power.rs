//! Sentences of standby, the sleep timer and the end.

pub(crate) const POWER: &str = "Power";
pub(crate) const STAND_BY: &str = "Stand by";
pub(crate) const STAND_BY_HELP: &str = "The screen goes dark, and the box is quiet. \
    Any key wakes it.";
pub(crate) const SLEEP_TIMER: &str = "Sleep timer";
pub(crate) const SLEEP_TIMER_HELP: &str = "After that time the box stands by, whatever plays. \
    The place in the film is kept.";
pub(crate) const RESTART: &str = "Restart";
pub(crate) const RESTART_HELP: &str = "The box starts anew. This takes about a minute.";
pub(crate) const SHUT_DOWN: &str = "Shut down";
pub(crate) const SHUT_DOWN_HELP: &str = "Everything stops, updates too. \
    The box is started again by its button, or by its plug.";
pub(crate) const SHUT_DOWN_SURELY: &str = "Press OK once more: the box switches itself off";
pub(crate) const FACTORY_RESET: &str = "Factory reset";
pub(crate) const FACTORY_RESET_HELP: &str = "The box forgets everything: your list, the places in \
    films, add-ons, learnt remotes, settings, and the films it holds. It is then as it was when it \
    was new. Drives are not touched.";
pub(crate) const KEEP_ALL: &str = "Keep everything";
pub(crate) const FORGET_ALL: &str = "Forget everything";
pub(crate) const FORGET_ALL_SURELY: &str = "Press OK once more: the box forgets everything. \
    This cannot be undone";
pub(crate) const RESETS: &str = "The box starts anew, without what it remembers";
pub(crate) const RESTARTS: &str = "The box restarts";
pub(crate) const TAKES_A_MINUTE: &str = "This takes about a minute. Leave it switched on.";
pub(crate) const SHUTS_DOWN: &str = "The box shuts down";
pub(crate) const UNPLUG_LATER: &str = "Wait until it is dark before you unplug it.";
pub(crate) const STANDS_BY_SOON: &str = "The box stands by in a minute.";

/// "Sleep timer  ·  ‹ 30 min ›"
pub(crate) fn sleep_timer(minutes: Option<u16>) -> String {
    match minutes {
        None => format!("{SLEEP_TIMER}  ·  \u{2039} off \u{203a}"),
        Some(minutes) => format!("{SLEEP_TIMER}  ·  \u{2039} {minutes} min \u{203a}"),
    }
}

pub(crate) fn not_ended(why: &str) -> String {
    format!("The box cannot be switched off or restarted from here: {why}.")
}
