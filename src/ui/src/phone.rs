//! The page where phones are let in: what can be done, the digits, and the same for a camera.

use app::PhoneView;
use screens::{Phone, Stage};
use slint::ComponentHandle;

use crate::Geometry;
use crate::code::{SIDE, picture};
use crate::lists::List;

pub(crate) struct PhonePage {
    list: List,
    /// What is drawn: the link, and pixels of a side.
    drawn: (String, u32),
}

impl PhonePage {
    pub(crate) fn new(stage: &Stage) -> Self {
        let list = List::new();
        stage.global::<Phone>().set_lines(list.model());
        let drawn = (String::new(), 0);
        Self { list, drawn }
    }

    pub(crate) fn show(&mut self, stage: &Stage, view: &PhoneView, geometry: Geometry) {
        let page = stage.global::<Phone>();
        self.list.show(&view.labels, None, view.focus, geometry);
        page.set_title(view.title.as_str().into());
        page.set_headline(view.headline.as_str().into());
        page.set_message(view.message.as_str().into());
        page.set_digits(spaced(view.digits.as_deref().unwrap_or_default()).into());
        page.set_ask(view.ask.as_deref().unwrap_or_default().into());
        page.set_hint(view.hint.as_str().into());
        page.set_there(view.link.is_some());
        let link = view.link.as_deref().unwrap_or_default();
        let side = geometry.pixels(SIDE);
        if !link.is_empty() && (self.drawn.0 != link || self.drawn.1 != side) {
            self.drawn = (link.to_owned(), side);
            let picture = picture(link, side).unwrap_or_default();
            page.set_side(picture.size().width as f32 / geometry.scale);
            page.set_picture(picture);
        }
    }
}

/// "123 456": read aloud and typed by threes. A password has no space that is not its own.
fn spaced(digits: &str) -> String {
    match digits.split_at_checked(3) {
        Some((first, last)) if digits.bytes().all(|it| it.is_ascii_digit()) => {
            format!("{first} {last}")
        }
        _ => digits.to_owned(),
    }
}
