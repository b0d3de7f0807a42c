//! An add-on's address, typed by arrows.
//!
//! It begins as most do. What is there is sent as it is: what an address may be is known to those
//! who read it, and said in their words when it is none.

use crate::add_ons::Asked;
use crate::keyboard::{Keyboard, Layout, Stroke, Typed};
use crate::view::AddressView;
use crate::{Key, words};

/// Longer ones come from a phone.
const ADDRESS_CHARS: usize = 200;

const BEGINS: &str = "https://";

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AddressPage {
    text: String,
    keyboard: Keyboard,
    /// It was sent, and nobody has said what is there.
    waits: bool,
    /// What came of it.
    status: Option<String>,
}

impl AddressPage {
    pub(crate) fn new() -> AddressPage {
        AddressPage {
            text: BEGINS.into(),
            keyboard: Keyboard::new(Layout::Address),
            waits: false,
            status: None,
        }
    }

    pub(crate) fn key(&mut self, key: Key) -> Asked {
        match self.keyboard.type_whole(key) {
            Typed::Leave => return Asked::Leave,
            Typed::Done => return self.done(),
            Typed::Stroke(stroke) => self.strike(stroke),
            Typed::Nothing => {}
        }
        Asked::Nothing
    }

    /// As if it had been typed here.
    pub(crate) fn set_text(&mut self, text: &str) {
        let clean = text
            .chars()
            .filter(|it| !it.is_whitespace() && !it.is_control());
        self.text = clean.take(ADDRESS_CHARS).collect();
        self.status = None;
        self.waits = false;
    }

    fn strike(&mut self, stroke: Stroke) {
        if stroke.edit(&mut self.text, ADDRESS_CHARS) {
            // What is said is of another address.
            self.status = None;
            self.waits = false;
        }
    }

    fn done(&mut self) -> Asked {
        if self.waits {
            return Asked::Nothing;
        }
        self.waits = true;
        self.status = Some(words::ASKING_ADD_ON.into());
        Asked::Install(self.text.as_str().into())
    }

    pub(crate) fn waits(&self) -> bool {
        self.waits
    }

    /// What came of it is said elsewhere.
    pub(crate) fn answered(&mut self) {
        self.waits = false;
        self.status = None;
    }

    pub(crate) fn failed(&mut self, why: String) {
        self.waits = false;
        self.status = Some(why);
    }

    pub(crate) fn view(&self) -> AddressView {
        AddressView {
            title: words::capitals(words::ADD_AN_ADD_ON),
            text: self.text.clone(),
            secret: false,
            keys: self.keyboard.labels(),
            key: self.keyboard.focus(),
            help: words::ADDRESS_HELP.into(),
            status: self.status.clone(),
        }
    }
}
