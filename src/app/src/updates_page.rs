//! The page of the box's own updates: what is there, what becomes of it, and what can be done.

use crate::app::{App, Place};
use crate::updates::{Stage, Updates};
use crate::view::UpdatesView;
use crate::wall::Door;
use crate::{Effect, Key, words};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct UpdatesPage {
    focus: usize,
    /// Going back was chosen once; the second time it is done.
    sure: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Act {
    Check,
    Get,
    Restart,
    Channel,
    GoBack,
}

fn acts(updates: &Updates) -> Vec<Act> {
    let first = match &updates.stage {
        Stage::Unknown | Stage::UpToDate | Stage::Failed(_) => Some(Act::Check),
        Stage::Offered { .. } => Some(Act::Get),
        Stage::Ready { .. } => Some(Act::Restart),
        Stage::Checking { .. } | Stage::Fetching { .. } | Stage::Restarting => None,
    };
    let first = first.filter(|act| *act != Act::Check || updates.settings.channel.is_some());
    let mut acts: Vec<_> = first.into_iter().collect();
    // Between the first and the last byte nothing else is begun; what is ready comes first.
    let idle = first.is_some_and(|act| act != Act::Restart) || updates.settings.channel.is_none();
    if idle && updates.next_channel().is_some() {
        acts.push(Act::Channel);
    }
    if idle && updates.before.is_some() {
        acts.push(Act::GoBack);
    }
    acts
}

impl UpdatesPage {
    /// Carries out what the key means; true: the page is left.
    pub(crate) fn key(
        &mut self,
        key: Key,
        updates: &mut Updates,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let acts = acts(updates);
        let last = acts.len().saturating_sub(1);
        self.focus = self.focus.min(last);
        let to = match key {
            Key::Up => self.focus.saturating_sub(1),
            Key::Down => (self.focus + 1).min(last),
            Key::Back | Key::Left => return true,
            Key::Ok => {
                if let Some(act) = acts.get(self.focus) {
                    self.carry_out(*act, updates, effects);
                }
                return false;
            }
            _ => self.focus,
        };
        self.sure &= to == self.focus;
        self.focus = to;
        false
    }

    fn carry_out(&mut self, act: Act, updates: &mut Updates, effects: &mut Vec<Effect>) {
        match act {
            Act::Check => updates.check(true, effects),
            Act::Get => updates.get(effects),
            Act::Restart => updates.restart(false, effects),
            Act::Channel => {
                if let Some(next) = updates.next_channel() {
                    updates.follow(next, effects);
                }
            }
            Act::GoBack if !self.sure => {
                self.sure = true;
                return;
            }
            Act::GoBack => updates.restart(true, effects),
        }
        self.sure = false;
    }

    pub(crate) fn view(&self, updates: &Updates) -> UpdatesView {
        let acts = acts(updates);
        let focus = self.focus.min(acts.len().saturating_sub(1));
        let label = |act: &Act| match act {
            Act::Check => words::LOOK_FOR_UPDATES.into(),
            Act::Get => words::GET_UPDATE.into(),
            Act::Restart => words::RESTART_NOW.into(),
            Act::Channel => {
                words::followed_channel(updates.settings.channel.as_deref().unwrap_or_default())
            }
            Act::GoBack => words::go_back_to(updates.before.as_deref().unwrap_or_default()),
        };
        let told = words::update_stage(updates);
        let last = updates.last.as_ref();
        let permille = match &updates.stage {
            Stage::Fetching { permille, .. } => Some((*permille).min(1000)),
            _ => None,
        };
        UpdatesView {
            title: words::UPDATES.into(),
            labels: acts.iter().map(label).collect(),
            focus,
            headline: told.headline,
            detail: told.detail,
            message: told.message,
            notes: told.notes,
            permille,
            last: last.map(|it| words::last_update(it, &updates.settings.version)),
            ask: (self.sure && acts.get(focus) == Some(&Act::GoBack))
                .then(|| words::GO_BACK_SURELY.into()),
            hint: match updates.settings.channel {
                Some(_) => words::UPDATES_HINT.into(),
                None => words::CODE_HINT.into(),
            },
        }
    }
}

impl App {
    /// What is due of updates is done, and told once no film is open.
    pub(crate) fn turn_updates(&mut self, effects: &mut Vec<Effect>) {
        let film = self.session().is_some();
        if let Some(updates) = &mut self.updates {
            updates.turn(film, self.now, effects);
            let there = matches!(updates.stage, Stage::Offered { .. } | Stage::Ready { .. });
            self.wall.set_door(Door::Updates, there);
            // The page says it itself.
            let told = updates.tells(film || self.power.asleep);
            if let Some(text) = told.filter(|_| !matches!(self.place, Place::Updates(_))) {
                self.notify(text);
            }
        }
    }
}
