//! Buttons that nobody knows: when they are pressed and nothing else is, a remote is new here.
//!
//! Where anything works already the box does not ask by itself: the strange one may be the remote
//! of the TV in the same room.

use std::time::Duration;

use crate::Time;

/// So many presses: one may be a reflection of the neighbour's.
const PRESSES: u8 = 3;

/// Presses farther apart are not somebody who tries to make the box do something.
const WITHIN: Duration = Duration::from_secs(20);

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Strange {
    /// Something that works was pressed since the start.
    works: bool,
    presses: u8,
    last: Time,
}

impl Strange {
    pub(crate) fn key(&mut self) {
        self.works = true;
    }

    /// A button was pressed that has no meaning: whether it is time to ask what it means.
    pub(crate) fn press(&mut self, now: Time) -> bool {
        if now.since(self.last) > WITHIN {
            self.presses = 0;
        }
        self.last = now;
        self.presses = self.presses.saturating_add(1);
        !self.works && self.presses >= PRESSES
    }

    /// It was asked.
    pub(crate) fn asked(&mut self) {
        self.presses = 0;
    }
}
