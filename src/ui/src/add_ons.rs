//! The add-ons of the box or of a list: their names, and what the focused one gives and sees. And
//! the keyboard that an add-on's address is typed with.

use std::rc::Rc;

use app::{AddOnItem, AddOnsView, AddressView};
use slint::{ComponentHandle, VecModel};

use crate::Geometry;
use crate::lists::{List, refill};
use crate::search::keys;
use screens::{AddOns, Address, KeyItem, Stage};

pub(crate) struct AddOnsPage {
    list: List,
    acts: List,
}

impl AddOnsPage {
    pub(crate) fn new(stage: &Stage) -> Self {
        let page = Self {
            list: List::new(),
            acts: List::new(),
        };
        let global = stage.global::<AddOns>();
        global.set_lines(page.list.model());
        global.set_acts(page.acts.model());
        page
    }

    pub(crate) fn show(&self, stage: &Stage, view: &AddOnsView, geometry: Geometry) {
        let page = stage.global::<AddOns>();
        let items = view.items.iter().chain(&view.add);
        let (names, notes): (Vec<_>, Vec<_>) =
            items.map(|it| (it.name.clone(), it.detail.clone())).unzip();
        // An open list of what to do has the focus.
        let focus = view.focus.min(names.len().saturating_sub(1));
        let more = self.list.show_noted(&names, &notes, None, focus, geometry);
        page.set_above(more.above);
        page.set_below(more.below);
        page.set_title(view.title.as_str().into());
        let focused = view.focused();
        let text = |of: fn(&AddOnItem) -> &str| focused.map(of).unwrap_or_default();
        page.set_name(text(|it| &it.name).into());
        page.set_detail(text(|it| &it.detail).into());
        page.set_description(text(|it| &it.description).into());
        let told = focused.map(|it| it.lines.join("\n")).unwrap_or_default();
        page.set_told(told.into());
        page.set_hint(view.hint.as_str().into());
        page.set_ask(view.ask.as_deref().unwrap_or_default().into());
        page.set_status(view.status.as_deref().unwrap_or_default().into());
        page.set_panel(view.panel.is_some());
        if let Some(panel) = &view.panel {
            page.set_panel_title(panel.title.as_str().into());
            self.acts
                .show(&panel.labels, panel.chosen, panel.focus, geometry);
        }
    }
}

pub(crate) struct AddressPage {
    keys: Rc<VecModel<KeyItem>>,
}

impl AddressPage {
    pub(crate) fn new(stage: &Stage) -> Self {
        let page = Self {
            keys: Rc::default(),
        };
        stage
            .global::<Address>()
            .set_keys(Rc::clone(&page.keys).into());
        page
    }

    pub(crate) fn show(&self, stage: &Stage, view: &AddressView) {
        let page = stage.global::<Address>();
        page.set_title(view.title.as_str().into());
        page.set_text(view.text.as_str().into());
        page.set_help(view.help.as_str().into());
        page.set_status(view.status.as_deref().unwrap_or_default().into());
        refill(&self.keys, keys(&view.keys, Some(view.key)));
    }
}
