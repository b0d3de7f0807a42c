//! Lists of what can be done with the box, and beside each line what comes of it.

use app::MenuView;
use screens::{Menu, Stage};
use slint::ComponentHandle;

use crate::Geometry;
use crate::lists::List;

pub(crate) struct MenuPage {
    list: List,
}

impl MenuPage {
    pub(crate) fn new(stage: &Stage) -> Self {
        let page = Self { list: List::new() };
        stage.global::<Menu>().set_lines(page.list.model());
        page
    }

    pub(crate) fn show(&self, stage: &Stage, view: &MenuView, geometry: Geometry) {
        let page = stage.global::<Menu>();
        let (labels, notes) = (&view.labels, &view.notes);
        let more = self
            .list
            .show_noted(labels, notes, view.chosen, view.focus, geometry);
        page.set_above(more.above);
        page.set_below(more.below);
        page.set_title(view.title.as_str().into());
        page.set_any(!view.labels.is_empty());
        page.set_headline(view.headline.as_str().into());
        page.set_message(view.message.as_str().into());
        page.set_ask(view.ask.as_deref().unwrap_or_default().into());
        page.set_hint(view.hint.as_str().into());
    }
}
