//! One of several values, turned to the next by the arrows or by OK.

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Stays at the first.
    Back,
    /// Stays at the last.
    On,
    /// To the first after the last: all are reached by one button.
    Round,
}

/// The value after `now`, or before it; one that is none of them is as the first.
pub(crate) fn turned<T: Copy + PartialEq>(all: &[T], now: T, turn: Turn) -> T {
    let at = all.iter().position(|it| *it == now).unwrap_or(0);
    let last = all.len().saturating_sub(1);
    let to = match turn {
        Turn::Back => at.saturating_sub(1),
        Turn::On => (at + 1).min(last),
        Turn::Round if at == last => 0,
        Turn::Round => at + 1,
    };
    all.get(to).copied().unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_stay_at_the_ends_and_ok_goes_round() {
        let all = [1, 2, 3];
        assert_eq!(turned(&all, 1, Turn::Back), 1);
        assert_eq!(turned(&all, 2, Turn::Back), 1);
        assert_eq!(turned(&all, 3, Turn::On), 3);
        assert_eq!(turned(&all, 3, Turn::Round), 1);
        assert_eq!(turned(&all, 9, Turn::On), 2);
        assert_eq!(turned(&[], 9, Turn::On), 9);
    }
}
