//! The page of the drives that are plugged in: what each is, and whether it is to be the box's own.
//!
//! That is asked twice, with what is lost by it; until then nothing is done, and Back leads away.

use std::sync::Arc;

use crate::drives::{Drive, Drives};
use crate::erasing::{Answer, Erasing};
use crate::view::MenuView;
use crate::{Key, words};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct DrivesPage {
    focus: usize,
    /// It is asked about this one.
    of: Option<Arc<str>>,
    erasing: Erasing,
}

/// What the page asks of the core.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    Nothing,
    Leave,
    Adopt(Arc<str>),
}

impl DrivesPage {
    pub(crate) fn key(&mut self, key: Key, drives: &Drives) -> Asked {
        if drives.adopting.is_some() {
            return match key {
                Key::Back | Key::Left => Asked::Leave,
                _ => Asked::Nothing,
            };
        }
        if let Some(drive) = self.asked_about(drives) {
            let id = Arc::clone(&drive.id);
            return self.answer(key, id);
        }
        self.of = None;
        let last = drives.there.len().saturating_sub(1);
        self.focus = self.focus.min(last);
        match key {
            Key::Up => self.focus = self.focus.saturating_sub(1),
            Key::Down => self.focus = (self.focus + 1).min(last),
            Key::Back | Key::Left => return Asked::Leave,
            Key::Ok => {
                let drive = drives.there.get(self.focus);
                let drive = drive.filter(|drive| drive.room.is_none());
                self.of = drive.map(|drive| Arc::clone(&drive.id));
                self.erasing = Erasing::default();
            }
            _ => {}
        }
        Asked::Nothing
    }

    /// Whether the drive is erased.
    fn answer(&mut self, key: Key, id: Arc<str>) -> Asked {
        let answer = self.erasing.key(key);
        if answer != Answer::NotYet {
            self.of = None;
        }
        match answer {
            Answer::NotYet | Answer::Leave => Asked::Nothing,
            Answer::Erase => Asked::Adopt(id),
        }
    }

    /// The drive that is asked about; none, if it was pulled out.
    fn asked_about<'a>(&self, drives: &'a Drives) -> Option<&'a Drive> {
        let drive = drives.named(self.of.as_deref()?)?;
        drive.room.is_none().then_some(drive)
    }

    pub(crate) fn view(&self, drives: &Drives) -> MenuView {
        let mut view = MenuView {
            title: words::DRIVES.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            chosen: None,
            focus: 0,
            headline: words::NO_DRIVE.into(),
            message: words::NO_DRIVE_HELP.into(),
            ask: None,
            hint: words::CODE_HINT.into(),
        };
        if let Some((id, step, of)) = &drives.adopting {
            let drive = drives.named(id);
            view.headline = words::adopting(drive.map(|drive| &*drive.name));
            view.message = words::adopting_step(*step, *of);
            return view;
        }
        if let Some(drive) = self.asked_about(drives) {
            view.labels = [words::LEAVE_DRIVE, words::ERASE_DRIVE]
                .map(String::from)
                .into();
            view.focus = self.erasing.focus();
            view.headline = words::drive(&drive.name, drive.bytes);
            view.message = words::ADOPT_HELP.into();
            view.ask = self.erasing.asks().then(|| words::ERASE_SURELY.into());
            return view;
        }
        let label =
            |drive: &Drive| words::drive_label(&drive.name, drive.bytes, drive.room.is_some());
        view.labels = drives.there.iter().map(label).collect();
        view.focus = self.focus.min(view.labels.len().saturating_sub(1));
        if let Some(drive) = drives.there.get(view.focus) {
            let used = drives.keeps_on.as_deref() == Some(&*drive.id);
            view.headline = words::drive(&drive.name, drive.bytes);
            view.message = match drive.room {
                Some(room) => words::own_drive(room.free_bytes, room.speed, used),
                None => words::OTHER_DRIVE.into(),
            };
        }
        view
    }
}
