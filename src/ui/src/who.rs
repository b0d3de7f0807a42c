//! Who is watching, and the keypad for a PIN.

use std::rc::Rc;

use app::{PinView, ProfileView, WhoView};
use screens::{Keypad, PersonItem, Stage, Who};
use slint::{Color, ComponentHandle, SharedString, VecModel};

use crate::lists::refill;

pub(crate) struct WhoPage {
    people: Rc<VecModel<PersonItem>>,
    keys: Rc<VecModel<SharedString>>,
}

impl WhoPage {
    pub(crate) fn new(stage: &Stage) -> Self {
        let page = Self {
            people: Rc::default(),
            keys: Rc::default(),
        };
        stage
            .global::<Who>()
            .set_people(Rc::clone(&page.people).into());
        stage
            .global::<Keypad>()
            .set_keys(Rc::clone(&page.keys).into());
        page
    }

    pub(crate) fn show(&self, stage: &Stage, view: &WhoView) {
        let page = stage.global::<Who>();
        page.set_title(view.title.as_str().into());
        page.set_hint(view.hint.as_str().into());
        let people = view.people.iter().enumerate();
        let people = people.map(|(at, person)| item(person, at == view.focus));
        refill(&self.people, people.collect());
    }

    pub(crate) fn show_pin(&self, stage: &Stage, view: &PinView) {
        let page = stage.global::<Keypad>();
        page.set_title(view.title.as_str().into());
        page.set_status(view.status.as_str().into());
        page.set_digits(view.digits as i32);
        page.set_typed(view.typed as i32);
        page.set_columns(view.columns as i32);
        page.set_focus(view.focus as i32);
        page.set_waits(view.waits);
        page.set_hint(view.hint.as_str().into());
        let keys = view.keys.iter().map(|key| key.as_str().into());
        refill(&self.keys, keys.collect());
    }
}

fn item(person: &ProfileView, focused: bool) -> PersonItem {
    let letter: String = person.name.chars().take(1).collect();
    PersonItem {
        name: person.name.as_str().into(),
        letter: letter.into(),
        note: person.note.as_str().into(),
        tint: Color::from_argb_encoded(0xff00_0000 | person.colour),
        focused,
    }
}
