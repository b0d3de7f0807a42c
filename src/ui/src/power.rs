//! The page of the box's power: what can be done, and beside it what comes of it.

use app::PowerView;
use screens::{Power, Stage};
use slint::ComponentHandle;

use crate::lists::List;

pub(crate) struct PowerPage {
    list: List,
}

impl PowerPage {
    pub(crate) fn new(stage: &Stage) -> Self {
        let page = Self { list: List::new() };
        stage.global::<Power>().set_lines(page.list.model());
        page
    }

    pub(crate) fn show(&self, stage: &Stage, view: &PowerView) {
        let page = stage.global::<Power>();
        self.list.show(&view.labels, None, view.focus);
        page.set_title(view.title.as_str().into());
        page.set_any(!view.labels.is_empty());
        page.set_headline(view.headline.as_str().into());
        page.set_message(view.message.as_str().into());
        page.set_ask(view.ask.as_deref().unwrap_or_default().into());
        page.set_hint(view.hint.as_str().into());
    }
}
