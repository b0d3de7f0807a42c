//! A press of a button: short, long, or one that counts again while it is held.
//!
//! A press is long when its sender says, after a while, that the button is still down: time alone
//! proves nothing, for releases are lost. Most buttons act as they go down. One whose long press
//! means something else, and could not be undone, acts as it is let go.

use std::time::Duration;

use crate::{Key, Press, Time};

/// A press is long from here on: as on other boxes, and more than the 568 ms after which a TV's
/// lost release is made up for.
const LONG: Duration = Duration::from_millis(600);

/// The button that is down, the latest of several.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Hand(Option<Down>);

#[derive(Debug, Clone, Copy)]
struct Down {
    key: Key,
    since: Time,
    /// It acts as it is let go.
    waits: bool,
    /// A film was open.
    film: bool,
    long: bool,
}

/// What the box is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stroke {
    Nothing,
    As(Press),
    /// Of OK and Back; whether a film was open when the press began.
    Long {
        film: bool,
    },
}

impl Hand {
    pub(crate) fn feel(
        &mut self,
        key: Key,
        press: Press,
        (waits, film): (bool, bool),
        now: Time,
    ) -> Stroke {
        let held = self.0.as_mut().filter(|down| down.key == key);
        match (press, held) {
            (Press::Down, _) => {
                self.0 = Some(Down {
                    key,
                    since: now,
                    waits,
                    film,
                    long: false,
                });
                if waits {
                    Stroke::Nothing
                } else {
                    Stroke::As(Press::Down)
                }
            }
            (Press::Repeat, Some(down)) if down.waits || key == Key::Back => {
                if down.long || now.since(down.since) < LONG {
                    return Stroke::Nothing;
                }
                down.long = true;
                Stroke::Long { film: down.film }
            }
            (Press::Repeat, _) if repeats(key) => Stroke::As(Press::Repeat),
            (Press::Repeat, _) => Stroke::Nothing,
            (Press::Up, held) => {
                let short = held.is_some_and(|down| down.waits && !down.long);
                let last = self.0.take_if(|down| down.key == key);
                match last {
                    Some(_) if short => Stroke::As(Press::Down),
                    Some(down) if down.waits => Stroke::Nothing,
                    _ => Stroke::As(Press::Up),
                }
            }
        }
    }
}

/// Whether it counts again while it is held; others would do and undo the same.
fn repeats(key: Key) -> bool {
    matches!(
        key,
        Key::Up
            | Key::Down
            | Key::Left
            | Key::Right
            | Key::PageUp
            | Key::PageDown
            | Key::Forward
            | Key::Rewind
            | Key::VolumeUp
            | Key::VolumeDown
            | Key::Delete
    )
}
