//! The page of the box's own updates: what can be done, and beside it what is there.

use app::UpdatesView;
use screens::{Stage, Updates};
use slint::ComponentHandle;

use crate::Geometry;
use crate::lists::List;

pub(crate) struct UpdatesPage {
    list: List,
}

impl UpdatesPage {
    pub(crate) fn new(stage: &Stage) -> Self {
        let page = Self { list: List::new() };
        stage.global::<Updates>().set_lines(page.list.model());
        page
    }

    pub(crate) fn show(&self, stage: &Stage, view: &UpdatesView, geometry: Geometry) {
        let page = stage.global::<Updates>();
        self.list.show(&view.labels, None, view.focus, geometry);
        page.set_any(!view.labels.is_empty());
        page.set_title(view.title.as_str().into());
        page.set_headline(view.headline.as_str().into());
        page.set_detail(view.detail.as_str().into());
        page.set_message(view.message.as_str().into());
        page.set_notes(view.notes.as_str().into());
        page.set_working(view.permille.is_some());
        page.set_part(f32::from(view.permille.unwrap_or_default()) / 1000.0);
        page.set_last(view.last.as_deref().unwrap_or_default().into());
        page.set_ask(view.ask.as_deref().unwrap_or_default().into());
        page.set_hint(view.hint.as_str().into());
    }
}
