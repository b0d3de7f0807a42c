//! A backup that a phone brings: its owner is asked on the TV, and the box starts anew with it. And
//! how the box does, in words, for a phone that asks.
//!
//! Nothing of a backup holds before it was taken in by a start, so no two states of the library are
//! ever mixed.

use crate::app::{App, Place};
use crate::view::MenuView;
use crate::{Effect, Key, PowerAct, words};

/// What becomes of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackupNews {
    /// A phone brought one that can be read, with so many films.
    Offered { films: usize },
    /// The next start takes it in.
    Waits,
    /// This start took it in.
    TakenIn,
    /// In words of the shell.
    Failed { why: String },
}

/// What is to be done with the one that was offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackupAct {
    /// What is here stays, and what is not here yet is added; at the next start.
    Add,
    /// What is here goes; at the next start.
    Replace,
    Drop,
}

const ACTS: [BackupAct; 3] = [BackupAct::Drop, BackupAct::Add, BackupAct::Replace];

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BackupPage {
    films: usize,
    focus: usize,
    /// What is here would be lost, and that was chosen once.
    sure: bool,
    /// It was chosen, and the box starts anew for it.
    waits: bool,
}

impl App {
    pub(crate) fn backup_news(&mut self, news: BackupNews, effects: &mut Vec<Effect>) {
        match news {
            // Nobody who watches a film is asked such a thing.
            BackupNews::Offered { .. } if self.session().is_some() => {
                effects.push(Effect::Backup(BackupAct::Drop));
            }
            BackupNews::Offered { films } => {
                self.wake(true, effects);
                if !matches!(self.place, Place::Backup(_)) {
                    self.step_in(effects);
                }
                self.place = Place::Backup(BackupPage {
                    films,
                    focus: 0,
                    sure: false,
                    waits: false,
                });
            }
            BackupNews::Waits if self.file.ends => self.end(PowerAct::Restart, effects),
            BackupNews::Waits => {
                self.notify(words::BACKUP_WAITS.into());
                self.leave_backup(effects);
            }
            BackupNews::TakenIn => self.notify(words::BACKUP_TAKEN_IN.into()),
            BackupNews::Failed { why } => {
                self.notify(words::backup_failed(&why));
                self.leave_backup(effects);
            }
        }
    }

    fn leave_backup(&mut self, effects: &mut Vec<Effect>) {
        if matches!(self.place, Place::Backup(_)) {
            self.back(effects);
        }
    }

    pub(crate) fn backup_key(&mut self, mut page: BackupPage, key: Key, effects: &mut Vec<Effect>) {
        if page.waits {
            // Nobody ends the box: then it is not waited for here.
            if key == Key::Back && self.power.ending.is_none() {
                self.back(effects);
            }
            return;
        }
        let at = page.focus.min(ACTS.len() - 1);
        let act = match key {
            Key::Ok => Some(ACTS[at]),
            Key::Back | Key::Left | Key::Stop => Some(BackupAct::Drop),
            _ => None,
        };
        page.focus = match key {
            Key::Up => at.saturating_sub(1),
            Key::Down => (at + 1).min(ACTS.len() - 1),
            _ => at,
        };
        let asked = std::mem::take(&mut page.sure);
        match act {
            None => {}
            Some(BackupAct::Replace) if !asked => page.sure = true,
            Some(act) => {
                effects.push(Effect::Backup(act));
                page.waits = act != BackupAct::Drop;
            }
        }
        self.place = Place::Backup(page);
        if act == Some(BackupAct::Drop) {
            self.back(effects);
        }
    }

    /// How the box does, one after another, each with its name.
    pub(crate) fn diagnosis(&self) -> String {
        let parts = self.checks().into_iter();
        let told = parts.map(|part| format!("{}\n{}\n", part.name, part.text));
        told.collect::<Vec<_>>().join("\n")
    }
}

impl BackupPage {
    pub(crate) fn view(&self) -> MenuView {
        let label = |act: &BackupAct| match act {
            BackupAct::Drop => words::BACKUP_DROP.into(),
            BackupAct::Add => words::BACKUP_ADD.into(),
            BackupAct::Replace => words::BACKUP_REPLACE.into(),
        };
        let (labels, message) = if self.waits {
            (Vec::new(), words::TAKES_A_MINUTE.into())
        } else {
            let labels = ACTS.iter().map(label).collect();
            (labels, words::backup_holds(self.films))
        };
        MenuView {
            title: words::BACKUP.into(),
            labels,
            notes: Vec::new(),
            chosen: None,
            focus: if self.waits { 0 } else { self.focus },
            headline: words::BACKUP_OFFERED.into(),
            message,
            ask: self.sure.then(|| words::BACKUP_REPLACE_SURELY.into()),
            hint: words::CODE_HINT.into(),
        }
    }
}
