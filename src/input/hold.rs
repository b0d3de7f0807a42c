//! Which buttons are held, and when one counts again: pure, the time is given to it.
//!
//! Keyboards repeat at thirty a second and remotes at eight or not at all, so what they send is
//! left alone: a held button repeats here, at one pace for all. Some never say that they were let
//! go: those are let go when their sender has been silent for long enough ([`Lasts`]). Invariant:
//! every press that was told is followed by its release, also where its device is gone or has lost
//! events.

use std::time::{Duration, Instant};

use app::Key;

/// Until a held button counts as held; below, people press twice by mistake.
const FIRST: Duration = Duration::from_millis(400);

/// From repeat to repeat at first: a row of posters can still be read.
const SLOW: Duration = Duration::from_millis(125);

/// And once it has been held for [`HURRY`].
const FAST: Duration = Duration::from_millis(50);

const HURRY: Duration = Duration::from_secs(2);

/// A TV says at most half a second after the last time that its button is still held (CEC 1.4,
/// CEC 13.13.2: the follower's time-out is 550 ms); a bus that is busy takes some more.
pub(super) const CEC_SILENT: Duration = Duration::from_millis(700);

/// A frame comes each 110 ms (NEC, RC-6) or sooner, and one in a row is lost: as long as the kernel
/// waits for the codes it knows.
pub(super) const INFRARED_SILENT: Duration = Duration::from_millis(250);

/// Buttons down at once, at most: more than a hand has fingers.
const DOWN_MAX: usize = 16;

/// What of a device is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// A code of the kernel's.
    Code(u16),
    /// A scancode, which never says that it was let go.
    Scan(u32),
    /// An axis that is tilted, and whether up the scale.
    Tilt(u16, bool),
}

/// How it is known that a button is still down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lasts {
    /// Until its device says otherwise.
    UntilUp,
    /// Its sender says so again and again: let go after such a silence.
    WhileSaid(Duration),
    /// The same, and it does not count as held before that was said once: a press whose release was
    /// lost is a click.
    OnceSaidAgain(Duration),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held {
    device: u64,
    part: Part,
    key: Key,
    /// Nobody is told of it as a key: the box is learning buttons.
    quiet: bool,
    lasts: Lasts,
    since: Instant,
    /// When it was last said to be down.
    said: Instant,
    /// It was said again.
    again: bool,
}

impl Held {
    fn is(&self, device: u64, part: Part) -> bool {
        self.device == device && self.part == part
    }

    fn ends(&self) -> Option<Instant> {
        match self.lasts {
            Lasts::UntilUp => None,
            Lasts::WhileSaid(silence) | Lasts::OnceSaidAgain(silence) => Some(self.said + silence),
        }
    }

    fn counts(&self) -> bool {
        self.again || !matches!(self.lasts, Lasts::OnceSaidAgain(_))
    }
}

/// Held buttons of all devices, in the order in which they went down.
#[derive(Debug, Default)]
pub(super) struct Hold {
    down: Vec<Held>,
    /// When the last one pressed counts again; none once it was let go.
    next: Option<Instant>,
}

impl Hold {
    /// A button goes down; false where it is down already, or too many are.
    pub(super) fn press(
        &mut self,
        (device, part): (u64, Part),
        key: Key,
        (lasts, quiet): (Lasts, bool),
        now: Instant,
    ) -> bool {
        if self.has(device, part) || self.down.len() == DOWN_MAX {
            return false;
        }
        self.down.push(Held {
            device,
            part,
            key,
            quiet,
            lasts,
            since: now,
            said: now,
            again: false,
        });
        self.next = Some(now + FIRST);
        true
    }

    pub(super) fn has(&self, device: u64, part: Part) -> bool {
        self.down.iter().any(|held| held.is(device, part))
    }

    /// Its sender says that it is still down.
    pub(super) fn still(&mut self, device: u64, part: Part, now: Instant) {
        if let Some(held) = self.down.iter_mut().find(|held| held.is(device, part)) {
            held.said = now;
            held.again = true;
        }
    }

    /// A button goes up: which key is to be told so.
    pub(super) fn release(&mut self, device: u64, part: Part) -> Option<Key> {
        let at = self.down.iter().position(|held| held.is(device, part))?;
        self.remove(at)
    }

    fn remove(&mut self, at: usize) -> Option<Key> {
        if at + 1 == self.down.len() {
            self.next = None;
        }
        let held = self.down.remove(at);
        (!held.quiet).then_some(held.key)
    }

    /// What of that device is down.
    pub(super) fn of(&self, device: u64) -> Vec<Part> {
        let of = self.down.iter().filter(|held| held.device == device);
        of.map(|held| held.part).collect()
    }

    /// The keys that are down, as they were told.
    pub(super) fn keys(&self) -> Vec<Key> {
        let told = self.down.iter().filter(|held| !held.quiet);
        told.map(|held| held.key).collect()
    }

    /// When [`Hold::lapse`] or [`Hold::repeat`] has something to say.
    pub(super) fn due(&self) -> Option<Instant> {
        let ends = self.down.iter().filter_map(Held::ends);
        ends.chain(self.repeats()).min()
    }

    fn repeats(&self) -> Option<Instant> {
        let counts = self.down.last().is_some_and(Held::counts);
        self.next.filter(|_| counts)
    }

    /// Buttons whose senders have been silent for too long are let go: which keys are to be told.
    pub(super) fn lapse(&mut self, now: Instant) -> Vec<Key> {
        let over = |held: &Held| held.ends().is_some_and(|end| end <= now);
        let mut told = Vec::new();
        while let Some(at) = self.down.iter().position(over) {
            told.extend(self.remove(at));
        }
        told
    }

    /// The key that counts again now.
    pub(super) fn repeat(&mut self, now: Instant) -> Option<Key> {
        self.repeats().filter(|next| *next <= now)?;
        let held = self.down.last()?;
        let long = now.saturating_duration_since(held.since) >= HURRY;
        // From now on, so that a late thread does not make up for what nobody saw.
        self.next = Some(now + if long { FAST } else { SLOW });
        (!held.quiet).then_some(held.key)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const LEFT: (u64, Part) = (1, Part::Code(105));
    const RIGHT: (u64, Part) = (2, Part::Code(106));
    const USUAL: (Lasts, bool) = (Lasts::UntilUp, false);
    const CEC: (Lasts, bool) = (Lasts::OnceSaidAgain(CEC_SILENT), false);

    #[test]
    fn a_held_button_counts_again_after_a_while_and_then_faster() {
        let start = Instant::now();
        let mut hold = Hold::default();
        assert!(hold.press(LEFT, Key::Left, USUAL, start));
        assert_eq!(hold.due(), Some(start + 400 * MS));
        assert_eq!(hold.repeat(start + 399 * MS), None);
        assert_eq!(hold.repeat(start + 400 * MS), Some(Key::Left));
        assert_eq!(hold.due(), Some(start + 525 * MS));
        assert_eq!(hold.repeat(start + 2000 * MS), Some(Key::Left));
        assert_eq!(hold.due(), Some(start + 2050 * MS));
        assert_eq!(hold.release(LEFT.0, LEFT.1), Some(Key::Left));
        assert_eq!(hold.due(), None);
    }

    #[test]
    fn only_the_last_one_pressed_repeats() {
        let start = Instant::now();
        let mut hold = Hold::default();
        assert!(hold.press(LEFT, Key::Left, USUAL, start));
        assert!(hold.press(RIGHT, Key::Right, USUAL, start + 100 * MS));
        assert_eq!(hold.repeat(start + 500 * MS), Some(Key::Right));
        assert_eq!(hold.release(RIGHT.0, RIGHT.1), Some(Key::Right));
        assert_eq!(hold.due(), None, "the one before was not pressed anew");
        assert_eq!(hold.of(1), [Part::Code(105)]);
    }

    #[test]
    fn a_button_is_pressed_once_and_released_once() {
        let start = Instant::now();
        let mut hold = Hold::default();
        assert!(hold.press(LEFT, Key::Left, USUAL, start));
        assert!(!hold.press(LEFT, Key::Left, USUAL, start));
        assert_eq!(hold.release(LEFT.0, LEFT.1), Some(Key::Left));
        assert_eq!(hold.release(LEFT.0, LEFT.1), None);
    }

    #[test]
    fn a_cat_on_the_keyboard_fills_no_memory() {
        let start = Instant::now();
        let mut hold = Hold::default();
        let press = |code: &u16| hold.press((1, Part::Code(*code)), Key::Ok, USUAL, start);
        assert_eq!((0..200).filter(press).count(), DOWN_MAX);
    }

    #[test]
    fn a_press_by_cec_whose_release_is_lost_is_a_click() {
        let start = Instant::now();
        let mut hold = Hold::default();
        assert!(hold.press(LEFT, Key::Left, CEC, start));
        assert_eq!(hold.due(), Some(start + 700 * MS));
        assert_eq!(hold.repeat(start + 699 * MS), None);
        assert_eq!(hold.lapse(start + 699 * MS), []);
        assert_eq!(hold.lapse(start + 700 * MS), [Key::Left]);
        assert_eq!(hold.lapse(start + 700 * MS), []);
        assert_eq!(hold.keys(), []);
    }

    #[test]
    fn a_button_held_by_cec_repeats_once_the_tv_says_so_and_stops_when_it_is_silent() {
        let start = Instant::now();
        let mut hold = Hold::default();
        assert!(hold.press(LEFT, Key::Left, CEC, start));
        hold.still(LEFT.0, LEFT.1, start + 438 * MS);
        assert_eq!(hold.due(), Some(start + 400 * MS), "at once");
        assert_eq!(hold.repeat(start + 438 * MS), Some(Key::Left));
        assert_eq!(hold.repeat(start + 563 * MS), Some(Key::Left));
        hold.still(LEFT.0, LEFT.1, start + 700 * MS);
        assert_eq!(hold.lapse(start + 1399 * MS), []);
        assert_eq!(hold.lapse(start + 1400 * MS), [Key::Left]);
        assert_eq!(hold.due(), None);
    }

    #[test]
    fn what_is_learnt_is_held_and_not_told() {
        let start = Instant::now();
        let mut hold = Hold::default();
        assert!(hold.press(LEFT, Key::Left, (Lasts::UntilUp, true), start));
        assert_eq!(hold.repeat(start + 400 * MS), None);
        assert_eq!(hold.keys(), []);
        assert_eq!(hold.release(LEFT.0, LEFT.1), None);
        assert!(!hold.has(LEFT.0, LEFT.1));
    }
}
