//! Messages that wait to be sent, one at a time.
//!
//! Invariants: at most one is on its way; what waits is bounded and never twice the same. A
//! message takes a tenth of a second and the bus is everybody's, so answers are tried once (the
//! kernel repeats what collided), and what the viewer waits for three times.

use std::collections::VecDeque;
use std::time::Duration;

use crate::{Frame, Sent};

/// More wait only where somebody asks faster than the bus can carry the answers: the rest is left
/// out, and who asks again gets one then.
const WAITING_MAX: usize = 16;

/// Between tries: a sleeping TV needs a moment to listen.
const AGAIN: Duration = Duration::from_millis(500);

/// The kernel gives up after two seconds at the most; who has said nothing by then has lost it.
const LOST: Duration = Duration::from_secs(5);

#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: VecDeque<Waiting>,
    on_way: Option<OnWay>,
}

#[derive(Debug)]
struct Waiting {
    frame: Frame,
    tries: u8,
    /// Not before.
    due: Duration,
}

#[derive(Debug)]
struct OnWay {
    frame: Frame,
    /// That are left.
    tries: u8,
    lost: Duration,
}

/// What a message came to that is not tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) frame: Frame,
    pub(crate) done: bool,
}

impl Outbox {
    /// Puts it at the end, to be tried so often; left out where all is full. What waits already
    /// is said once, after the rest: a key is let go after it was pressed.
    pub(crate) fn put(&mut self, frame: Frame, tries: u8, now: Duration) {
        self.waiting.retain(|it| it.frame != frame);
        if self.waiting.len() < WAITING_MAX {
            let due = now;
            self.waiting.push_back(Waiting { frame, tries, due });
        }
    }

    /// Takes back what was not sent yet and is not wanted.
    pub(crate) fn retain(&mut self, mut wanted: impl FnMut(&Frame) -> bool) {
        self.waiting.retain(|it| wanted(&it.frame));
        // What is on its way cannot be held, but need not be tried again.
        if let Some(on_way) = self.on_way.as_mut().filter(|it| !wanted(&it.frame)) {
            on_way.tries = 0;
        }
    }

    /// Of another address, or none.
    pub(crate) fn clear(&mut self) {
        self.retain(|_| false);
    }

    /// There is nobody any more who would say how a message ended.
    pub(crate) fn gone(&mut self) {
        *self = Outbox::default();
    }

    /// What is to be sent now.
    pub(crate) fn next(&mut self, now: Duration) -> Option<Frame> {
        if self.on_way.is_some() {
            return None;
        }
        let due = self.waiting.iter().position(|it| it.due <= now)?;
        let next = self.waiting.remove(due)?;
        self.on_way = Some(OnWay {
            frame: next.frame,
            tries: next.tries.saturating_sub(1),
            lost: now + LOST,
        });
        Some(next.frame)
    }

    /// How what was on its way ended; none: it is tried again, or nothing was.
    pub(crate) fn sent(&mut self, how: Sent, now: Duration) -> Option<Ended> {
        let OnWay { frame, tries, .. } = self.on_way.take()?;
        if how == Sent::Done || tries == 0 {
            let done = how == Sent::Done;
            return Some(Ended { frame, done });
        }
        // In front: it was first. There is room, because it was in there.
        let due = now + AGAIN;
        self.waiting.push_front(Waiting { frame, tries, due });
        None
    }

    /// What was on its way for too long.
    pub(crate) fn lost(&mut self, now: Duration) -> Option<Ended> {
        let lost = self.on_way.as_ref()?.lost <= now;
        lost.then(|| self.sent(Sent::Failed, now))?
    }

    pub(crate) fn deadline(&self) -> Option<Duration> {
        match &self.on_way {
            Some(on_way) => Some(on_way.lost),
            None => self.waiting.iter().map(|it| it.due).min(),
        }
    }

    #[cfg(test)]
    pub(crate) fn is_bounded(&self) -> bool {
        self.waiting.len() <= WAITING_MAX + 1
    }
}
