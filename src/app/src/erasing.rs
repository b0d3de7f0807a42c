//! A question whether something is to be lost for good: what leaves stands first, and what erases
//! is asked for once more.

use crate::Key;

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Erasing {
    /// The focus is on what erases, not on what leaves.
    erase: bool,
    /// That was chosen once; the second time it is done.
    sure: bool,
}

/// What was answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Answer {
    NotYet,
    Leave,
    Erase,
}

impl Erasing {
    pub(crate) fn key(&mut self, key: Key) -> Answer {
        match key {
            Key::Back | Key::Left => return Answer::Leave,
            Key::Up => *self = Erasing::default(),
            Key::Down => self.erase = true,
            Key::Ok if !self.erase => return Answer::Leave,
            Key::Ok if std::mem::take(&mut self.sure) => return Answer::Erase,
            Key::Ok => self.sure = true,
            _ => {}
        }
        Answer::NotYet
    }

    /// The place of what has the focus, of the two.
    pub(crate) fn focus(self) -> usize {
        usize::from(self.erase)
    }

    /// It is asked once more.
    pub(crate) fn asks(self) -> bool {
        self.sure
    }
}
