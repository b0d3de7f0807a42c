//! Keys for the volume: who takes them, how they are said while they are held, and how loud the
//! amplifier says that it is.

use std::time::Duration;

use super::Follower;
use crate::{Logical, Message, Told, Volume, VolumeBy};

/// A held key is said again no sooner: TVs count each word (CEC 1.4b, Remote Control Passthrough).
const HELD: Duration = Duration::from_millis(250);

/// A key for the volume that is down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    pub(super) volume: Volume,
    pub(super) to: Logical,
    pub(super) said: Duration,
    pub(super) pressed: Duration,
}

impl Follower {
    pub(super) fn amplifier(&mut self, on: bool) {
        if self.amplifier != on {
            self.amplifier = on;
            if on {
                self.say(Message::GiveAudioStatus, Logical::AUDIO, 1);
            }
        }
        self.hear_of_volume();
    }

    /// Who takes the keys for the volume is told when it is another.
    pub(super) fn hear_of_volume(&mut self) {
        let by = match self.claim {
            None => VolumeBy::Nobody,
            Some(_) if self.amplifier => VolumeBy::Amplifier,
            Some(_) if self.deaf => VolumeBy::Nobody,
            Some(_) => VolumeBy::Tv,
        };
        if self.volume_by != by {
            self.volume_by = by;
            self.told.push(Told::Volume(by));
        }
    }

    pub(super) fn volume(&mut self, volume: Volume) {
        let to = if self.amplifier {
            Logical::AUDIO
        } else {
            Logical::TV
        };
        let same = self.held.filter(|it| it.volume == volume && it.to == to);
        if let Some(held) = same {
            let pressed = self.now;
            // Muted is muted, however long the key is held.
            let again = volume != Volume::Mute && self.now >= held.said + HELD;
            let said = if again { self.now } else { held.said };
            self.held = Some(Held {
                said,
                pressed,
                ..held
            });
            if !again {
                return;
            }
        } else {
            self.let_go();
            let (said, pressed) = (self.now, self.now);
            let held = Held {
                volume,
                to,
                said,
                pressed,
            };
            self.held = self.claim.map(|_| held);
        }
        self.say(Message::UserControlPressed(volume), to, 1);
        if same.is_some() {
            self.ask_level();
        }
    }

    pub(super) fn let_go(&mut self) {
        if let Some(held) = self.held.take() {
            self.say(Message::UserControlReleased, held.to, 1);
            self.ask_level();
        }
    }

    /// After a key: the amplifier tells by itself only the TV.
    fn ask_level(&mut self) {
        if self.amplifier {
            self.say(Message::GiveAudioStatus, Logical::AUDIO, 1);
        }
    }
}
