//! A film that is steered by who need not see the TV: a program of the desktop, a headset's button.
//!
//! Unlike a key it is for the film alone: no list over it takes it, and no screen that rests, for
//! who steers so did not press a button to wake the TV. It opens nothing but the next episode, by
//! the way of all films (`App::visit`), and with its guards.

use crate::app::{App, Place};
use crate::{Effect, Key};

/// What is wanted of the film that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Steer {
    Play,
    Pause,
    PlayPause,
    /// It is closed, also one that is only about to play.
    Stop,
    /// The next episode.
    Next,
    /// So much on from where it is, back below zero; past its end the next episode, if one comes.
    By {
        micros: i64,
    },
    /// In thousandths of its own speed: the nearest that it can run at ([`SPEEDS`](crate::SPEEDS)).
    Speed(u16),
    /// So loud is the box's own sound, in hundredths, film or none.
    Volume(u8),
}

impl App {
    pub(crate) fn steer(&mut self, steer: Steer, effects: &mut Vec<Effect>) {
        if let Steer::Volume(volume) = steer {
            self.be_loud(volume);
            return;
        }
        match &self.place {
            Place::Seeking(_) | Place::Opening(_) if steer == Steer::Stop => {
                self.page_key(Key::Stop, effects);
            }
            Place::Playing(_) => {
                self.sign_of_life();
                if matches!(steer, Steer::Next | Steer::By { .. }) {
                    self.look_for_next();
                }
                if let Place::Playing(playing) = &mut self.place {
                    let step = playing.steer(steer, self.now, effects);
                    self.take(step, true, effects);
                }
            }
            _ => {}
        }
    }
}
