//! The page of the network: the Wi-Fi networks in reach and how strong each is, and beside them how
//! the box is connected.

use app::NetworkView;
use screens::{Network, Stage};
use slint::ComponentHandle;

use crate::Geometry;
use crate::lists::List;

pub(crate) struct NetworkPage {
    list: List,
}

impl NetworkPage {
    pub(crate) fn new(stage: &Stage) -> Self {
        let page = Self { list: List::new() };
        stage.global::<Network>().set_lines(page.list.model());
        page
    }

    pub(crate) fn show(&self, stage: &Stage, view: &NetworkView, geometry: Geometry) {
        let page = stage.global::<Network>();
        let (labels, notes) = (&view.labels, &view.notes);
        let list = &self.list;
        let more = list.show_strong(labels, notes, &view.bars, view.chosen, view.focus, geometry);
        page.set_above(more.above);
        page.set_below(more.below);
        page.set_any(!labels.is_empty());
        page.set_title(view.title.as_str().into());
        page.set_headline(view.headline.as_str().into());
        page.set_detail(view.detail.as_str().into());
        page.set_message(view.message.as_str().into());
        page.set_ask(view.ask.as_deref().unwrap_or_default().into());
        page.set_hint(view.hint.as_str().into());
    }
}
