//! Add-ons that one of those on the box lists: what each gives and may see, before it is put on
//! the box by a second press of OK.

use std::sync::Arc;

use crate::add_ons::Asked;
use crate::view::{AddOnItem, AddOnsView};
use crate::{AddOn, Answer, Key, Listed, Quest, words};

/// Nobody goes through a longer list by arrows.
const LISTED_MAX: usize = 300;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ListedPage {
    /// Whose list it is.
    from: String,
    listed: Vec<Listed>,
    items: Arc<Vec<AddOnItem>>,
    /// Ids of those that are on the box.
    known: Vec<Arc<str>>,
    focus: usize,
    /// OK was pressed once on the focused one.
    sure: bool,
    /// It is being put on the box.
    waits: bool,
    /// While more may come.
    quest: Option<Quest>,
}

impl ListedPage {
    pub(crate) fn new(from: String, quest: Quest, known: &[AddOn]) -> ListedPage {
        ListedPage {
            from,
            listed: Vec::new(),
            items: Arc::default(),
            known: ids(known),
            focus: 0,
            sure: false,
            waits: false,
            quest: Some(quest),
        }
    }

    pub(crate) fn quest(&self) -> Option<Quest> {
        self.quest
    }

    /// The page is left: nobody waits for more.
    pub(crate) fn stop(&mut self) -> Option<Quest> {
        self.quest.take()
    }

    pub(crate) fn set_known(&mut self, known: &[AddOn]) {
        self.known = ids(known);
    }

    /// More are listed; the first to say one is kept.
    pub(crate) fn take(&mut self, answer: Answer<Listed>) {
        for listed in answer.items {
            let same = |it: &Listed| it.add_on.id == listed.add_on.id;
            if self.listed.len() < LISTED_MAX && !self.listed.iter().any(same) {
                self.listed.push(listed);
            }
        }
        let item = |it: &Listed| AddOnItem::of(&it.add_on);
        self.items = Arc::new(self.listed.iter().map(item).collect());
        if answer.answered >= answer.asked {
            self.quest = None;
        }
    }

    pub(crate) fn waits(&self) -> bool {
        self.waits
    }

    /// Whatever came of it.
    pub(crate) fn answered(&mut self) {
        self.waits = false;
    }

    pub(crate) fn key(&mut self, key: Key) -> Asked {
        let last = self.listed.len().saturating_sub(1);
        let to = match key {
            Key::Up => self.focus.saturating_sub(1),
            Key::Down => (self.focus + 1).min(last),
            Key::Ok => return self.ok(),
            Key::Back | Key::Left => return Asked::Leave,
            _ => self.focus,
        };
        self.sure &= to == self.focus;
        self.focus = to;
        Asked::Nothing
    }

    fn ok(&mut self) -> Asked {
        let Some(listed) = self.listed.get(self.focus) else {
            return Asked::Nothing;
        };
        if self.waits || self.known.contains(&listed.add_on.id) {
            return Asked::Nothing;
        }
        if !self.sure {
            self.sure = true;
            return Asked::Nothing;
        }
        self.sure = false;
        self.waits = true;
        Asked::Install(Arc::clone(&listed.link))
    }

    pub(crate) fn view(&self) -> AddOnsView {
        let focused = self.listed.get(self.focus);
        let ask = focused.and_then(|it| {
            if self.known.contains(&it.add_on.id) {
                return Some(words::ON_THIS_BOX);
            }
            let sure = self.sure.then_some(words::INSTALL_SURELY);
            sure.or(self.waits.then_some(words::ASKING_ADD_ON))
        });
        let status = if !self.listed.is_empty() {
            None
        } else if self.quest.is_some() {
            Some(words::ASKING_LIST)
        } else {
            Some(words::NOTHING_LISTED)
        };
        AddOnsView {
            title: words::listed_by(&self.from),
            items: Arc::clone(&self.items),
            add: None,
            focus: self.focus,
            panel: None,
            ask: ask.map(String::from),
            status: status.map(String::from),
            hint: words::LISTED_HINT.into(),
        }
    }
}

fn ids(add_ons: &[AddOn]) -> Vec<Arc<str>> {
    add_ons.iter().map(|it| Arc::clone(&it.id)).collect()
}
