//! The add-ons on the box: what each gives and sees, and what can be done with it; below them, the
//! way to add one.

use std::sync::Arc;

use crate::saying::own_name;
use crate::view::{AddOnItem, AddOnsView, PanelView};
use crate::{AddOn, AddOnChange, Key, words};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct AddOnsPage {
    add_ons: Vec<AddOn>,
    items: Arc<Vec<AddOnItem>>,
    focus: usize,
    /// Focus in the list of what can be done with it, when that is open.
    panel: Option<usize>,
    /// Removing was chosen once; the second time it is done.
    sure: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Act {
    SwitchOff,
    SwitchOn,
    Browse,
    Configure,
    Earlier,
    Later,
    Remove,
}

/// What a key on the page asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    Nothing,
    Leave,
    Change(AddOnChange),
    /// It is to be set up, on its own page.
    Configure(Box<AddOn>),
    /// An address is to be typed.
    Type,
    /// Which others this one lists.
    Browse {
        id: Arc<str>,
        name: String,
    },
}

impl AddOnsPage {
    pub(crate) fn new(add_ons: Vec<AddOn>) -> AddOnsPage {
        let mut page = AddOnsPage::default();
        page.set(add_ons);
        page
    }

    /// They have changed; the focus stays with its add-on.
    pub(crate) fn set(&mut self, add_ons: Vec<AddOn>) {
        let focused = self.add_ons.get(self.focus).map(|it| Arc::clone(&it.id));
        let adding = focused.is_none() && !self.add_ons.is_empty();
        self.add_ons = add_ons;
        let place = focused.and_then(|id| self.add_ons.iter().position(|it| it.id == id));
        if place.is_none() {
            self.close();
        }
        let last = self.add_ons.len().saturating_sub(1);
        self.focus = match place {
            Some(place) => place,
            None if adding => self.add_ons.len(),
            None => self.focus.min(last),
        };
        self.items = Arc::new(self.add_ons.iter().map(AddOnItem::of).collect());
    }

    /// The focus goes to the one of this name that came last.
    pub(crate) fn look_at(&mut self, name: &str) {
        let place = self.add_ons.iter().rposition(|it| it.name == name);
        self.focus = place.unwrap_or(self.focus);
        self.close();
    }

    fn close(&mut self) {
        self.panel = None;
        self.sure = false;
    }

    fn acts(&self) -> Vec<Act> {
        let Some(it) = self.add_ons.get(self.focus) else {
            return Vec::new();
        };
        let switch = if it.enabled {
            Act::SwitchOff
        } else {
            Act::SwitchOn
        };
        let mut acts = vec![switch];
        if it.enabled && it.gives.add_ons {
            acts.push(Act::Browse);
        }
        if it.configure.is_some() {
            acts.push(Act::Configure);
        }
        if self.focus > 0 {
            acts.push(Act::Earlier);
        }
        if self.focus + 1 < self.add_ons.len() {
            acts.push(Act::Later);
        }
        // What is a part of the box can be switched off, and no more.
        if it.host.is_some() {
            acts.push(Act::Remove);
        }
        acts
    }

    pub(crate) fn key(&mut self, key: Key) -> Asked {
        if let Some(at) = self.panel {
            return self.panel_key(key, at);
        }
        let add = self.add_ons.len();
        match key {
            Key::Up => self.focus = self.focus.saturating_sub(1),
            Key::Down => self.focus = (self.focus + 1).min(add),
            Key::Ok if self.focus >= add => return Asked::Type,
            Key::Ok | Key::Menu | Key::Context | Key::Info if self.focus < add => {
                self.panel = Some(0);
            }
            Key::Back | Key::Left => return Asked::Leave,
            _ => {}
        }
        Asked::Nothing
    }

    fn panel_key(&mut self, key: Key, at: usize) -> Asked {
        let acts = self.acts();
        let to = match key {
            Key::Up => at.saturating_sub(1),
            Key::Down => (at + 1).min(acts.len() - 1),
            Key::Ok => return self.act(acts[at.min(acts.len() - 1)]),
            Key::Back | Key::Left | Key::Menu | Key::Context => {
                self.close();
                return Asked::Nothing;
            }
            _ => at,
        };
        self.sure &= to == at;
        self.panel = Some(to);
        Asked::Nothing
    }

    fn act(&mut self, act: Act) -> Asked {
        if act == Act::Remove && !self.sure {
            self.sure = true;
            return Asked::Nothing;
        }
        self.close();
        let it = &self.add_ons[self.focus];
        let id = Arc::clone(&it.id);
        Asked::Change(match act {
            Act::Browse => {
                let name = it.name.clone();
                return Asked::Browse { id, name };
            }
            Act::Configure => return Asked::Configure(Box::new(it.clone())),
            Act::SwitchOff => AddOnChange::SetEnabled(id, false),
            Act::SwitchOn => AddOnChange::SetEnabled(id, true),
            Act::Earlier => AddOnChange::Move { id, earlier: true },
            Act::Later => AddOnChange::Move { id, earlier: false },
            Act::Remove => AddOnChange::Remove(id),
        })
    }

    pub(crate) fn view(&self) -> AddOnsView {
        let label = |act: &Act| {
            let text = match act {
                Act::SwitchOff => words::SWITCH_OFF,
                Act::SwitchOn => words::SWITCH_ON,
                Act::Browse => words::BROWSE_ADD_ONS,
                Act::Configure => words::SET_UP_ON_PHONE,
                Act::Earlier => words::ASK_EARLIER,
                Act::Later => words::ASK_LATER,
                Act::Remove if self.sure => words::REMOVE_SURELY,
                Act::Remove => words::REMOVE,
            };
            text.into()
        };
        let focused = self.add_ons.get(self.focus);
        AddOnsView {
            title: words::ADD_ONS.into(),
            items: Arc::clone(&self.items),
            add: Some(AddOnItem {
                name: words::ADD_AN_ADD_ON.into(),
                detail: words::BY_ADDRESS.into(),
                description: words::ADD_ABOUT.into(),
                lines: Vec::new(),
                enabled: true,
            }),
            focus: self.focus,
            panel: self.panel.map(|focus| PanelView {
                title: focused.map(|it| it.name.clone()).unwrap_or_default(),
                labels: self.acts().iter().map(label).collect(),
                chosen: None,
                focus,
            }),
            ask: None,
            status: None,
            hint: words::ADD_ONS_HINT.into(),
        }
    }
}

impl AddOnItem {
    pub(crate) fn of(it: &AddOn) -> AddOnItem {
        // Names that others gave are theirs.
        let own = |name: &str| match it.host {
            None => own_name(name),
            Some(_) => name.to_owned(),
        };
        AddOnItem {
            name: own(&it.name),
            detail: words::add_on_detail(it),
            description: own(&it.description),
            lines: words::add_on_lines(it),
            enabled: it.enabled,
        }
    }
}
