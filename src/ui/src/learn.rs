//! Learning a remote: the buttons in their order, and beside them the one that is asked for.

use app::LearnView;
use screens::{Learn, Stage};
use slint::ComponentHandle;

use crate::Geometry;
use crate::lists::List;

pub(crate) struct LearnPage {
    list: List,
}

impl LearnPage {
    pub(crate) fn new(stage: &Stage) -> Self {
        let page = Self { list: List::new() };
        stage.global::<Learn>().set_lines(page.list.model());
        page
    }

    pub(crate) fn show(&self, stage: &Stage, view: &LearnView, geometry: Geometry) {
        let page = stage.global::<Learn>();
        self.list.show(&view.buttons, None, view.step, geometry);
        page.set_title(view.title.as_str().into());
        page.set_headline(view.headline.as_str().into());
        page.set_message(view.message.as_str().into());
        page.set_heard(view.heard.as_deref().unwrap_or_default().into());
        page.set_hint(view.hint.as_str().into());
    }
}
