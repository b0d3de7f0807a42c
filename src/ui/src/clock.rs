//! The clock, on all screens that show it, and the room that it has: as much as it ever needs, for
//! nothing may move when a minute turns.

use screens::{Clock, Stage};
use slint::ComponentHandle;

/// Empty: nobody knows the time.
pub(crate) fn show(stage: &Stage, text: &str) {
    let clock = stage.global::<Clock>();
    if clock.get_text() != text {
        clock.set_text(text.into());
        clock.set_widest(widest(text).as_str().into());
    }
}

/// Something lies where it is.
pub(crate) fn cover(stage: &Stage, covered: bool) {
    let clock = stage.global::<Clock>();
    if clock.get_covered() != covered {
        clock.set_covered(covered);
    }
}

/// The same time in letters that are as wide as any (of Inter): "9:41 PM" as "00:00 AM".
fn widest(text: &str) -> String {
    let zeros = text
        .chars()
        .map(|it| if it.is_ascii_digit() { '0' } else { it });
    let zeros = zeros.collect::<String>().replace("PM", "AM");
    match zeros.split_once(':') {
        // An hour of one digit has one of two to come.
        Some((hour, rest)) => format!("{hour:0>2}:{rest}"),
        None => zeros,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_is_the_same_at_any_time() {
        assert_eq!(widest("21:05"), "00:00");
        assert_eq!(widest("11:11"), "00:00");
        assert_eq!(widest("9:41 PM"), "00:00 AM");
        assert_eq!(widest("12:00 AM"), "00:00 AM");
        assert_eq!(widest(""), "");
    }
}
