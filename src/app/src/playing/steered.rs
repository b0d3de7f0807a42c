//! What is wanted of the film by who need not see it (`steering`), as the commands that its keys
//! are too.

use std::time::Duration;

use super::{Playing, Step};
use crate::controls::Command;
use crate::panels::SPEEDS;
use crate::{Effect, Key, Steer, Time};

impl Playing {
    pub(crate) fn steer(&mut self, steer: Steer, now: Time, effects: &mut Vec<Effect>) -> Step {
        if self.is_over() {
            return match steer {
                Steer::Play | Steer::PlayPause | Steer::Next => self.over_key(Key::Play),
                Steer::Stop => self.over_key(Key::Stop),
                _ => Step::Stay,
            };
        }
        let command = match steer {
            Steer::Play => Command::SetPaused(false),
            Steer::Pause => Command::SetPaused(true),
            Steer::PlayPause => Command::TogglePause,
            Steer::Stop => Command::Leave,
            Steer::Next => return Step::PlayNext { by_itself: false },
            Steer::By { micros } => return self.move_by(micros, now, effects),
            Steer::Speed(permille) => Command::Speed(nearest(permille)),
            Steer::Volume(_) => Command::Nothing,
        };
        self.controls.show(now);
        self.obey(command, now, effects)
    }

    fn move_by(&mut self, micros: i64, now: Time, effects: &mut Vec<Effect>) -> Step {
        let Some(end) = self.seekable else {
            return Step::Refused;
        };
        let by = Duration::from_micros(micros.unsigned_abs());
        let to = if micros < 0 {
            self.place().saturating_sub(by)
        } else {
            self.place().saturating_add(by)
        };
        if to > end && self.next().is_some() {
            return Step::PlayNext { by_itself: false };
        }
        self.jump(to, now, effects);
        Step::Stay
    }
}

fn nearest(permille: u16) -> u16 {
    let all = SPEEDS.into_iter();
    let near = all.min_by_key(|speed| speed.abs_diff(permille));
    near.unwrap_or(permille)
}
