//! What a network wants to hear before it lets the box in, typed by arrows or on a phone: its name
//! where it does not tell that, and its password.

use std::sync::Arc;
use std::time::Duration;

use crate::app::{App, Place};
use crate::keyboard::{Keyboard, Layer, Layout, Stroke, Typed};
use crate::network::Joining;
use crate::network_page::NetworkPage;
use crate::own_network::Choice;
use crate::view::AddressView;
use crate::{Effect, Key, NetworkAct, Passphrase, words};

/// A network answers within so long, or will not: three tries of a radio, each of some seconds.
const JOINS: Duration = Duration::from_secs(45);

/// The box's own network is left, and those in reach are found anew, within so long.
const LEAVES: Duration = Duration::from_secs(20);

/// Letters of a password, of which each is one of ASCII that can be written (IEEE 802.11, J.4.1).
const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 8..=63;

/// Bytes of a network's name (IEEE 802.11, 9.4.2.2).
const NAME_BYTES: usize = 32;

/// What is shown in the place of a letter.
const DOT: char = '•';

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct JoinPage {
    /// None: it does not tell its name.
    id: Option<Arc<str>>,
    /// None: it is being typed.
    name: Option<String>,
    text: Passphrase,
    keyboard: Keyboard,
    /// The password is shown as it is.
    shown: bool,
    status: Option<String>,
}

/// What the page asks of the core.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    Nothing,
    Leave,
    /// None: it has no password.
    Join(Option<Passphrase>),
    /// A phone is to do it.
    Phone,
}

impl JoinPage {
    pub(crate) fn new(id: Arc<str>, name: String) -> JoinPage {
        JoinPage {
            id: Some(id),
            name: Some(name),
            ..JoinPage::hidden()
        }
    }

    /// Of a network that does not tell its name.
    pub(crate) fn hidden() -> JoinPage {
        JoinPage {
            id: None,
            name: None,
            text: Passphrase::default(),
            keyboard: Keyboard::new(Layout::Secret(Layer::Small)),
            shown: true,
            status: None,
        }
    }

    /// The network did not take what was typed.
    pub(crate) fn again(id: Arc<str>, name: String, typed: Passphrase) -> JoinPage {
        JoinPage {
            text: typed,
            status: Some(words::WRONG_PASSWORD.into()),
            ..JoinPage::new(id, name)
        }
    }

    pub(crate) fn id(&self) -> Option<Arc<str>> {
        self.id.clone()
    }

    pub(crate) fn name(&self) -> String {
        self.name.clone().unwrap_or_default()
    }

    /// As if it had been typed here; OK is all that is left to be pressed.
    pub(crate) fn set_text(&mut self, text: &str) {
        let clean = text.chars().filter(|it| !it.is_control());
        self.text = Passphrase(clean.take(*PASSWORD_CHARS.end()).collect());
        self.status = None;
        self.keyboard.end();
    }

    pub(crate) fn key(&mut self, key: Key) -> Asked {
        if key == Key::Menu {
            return Asked::Phone;
        }
        match self.keyboard.type_whole(key) {
            Typed::Leave => return Asked::Leave,
            Typed::Done => return self.done(),
            Typed::Stroke(stroke) => self.strike(stroke),
            Typed::Nothing => {}
        }
        Asked::Nothing
    }

    fn strike(&mut self, stroke: Stroke) {
        if stroke == Stroke::Show {
            self.shown = !self.shown;
        } else if stroke.edit(&mut self.text.0, *PASSWORD_CHARS.end()) {
            self.status = None;
        }
    }

    fn done(&mut self) -> Asked {
        let text = &self.text.0;
        if self.name.is_none() {
            if text.is_empty() || text.len() > NAME_BYTES {
                self.status = Some(words::NAME_LENGTH.into());
                return Asked::Nothing;
            }
            self.name = Some(std::mem::take(&mut self.text.0));
            self.status = None;
            self.keyboard = Keyboard::new(Layout::Secret(Layer::Small));
            return Asked::Nothing;
        }
        // One that does not tell its name may be open, which nobody has said yet.
        if self.id.is_none() && text.is_empty() {
            return Asked::Join(None);
        }
        let count = text.chars().count();
        if !text.chars().all(|it| it == ' ' || it.is_ascii_graphic()) {
            self.status = Some(words::PASSWORD_LETTERS.into());
        } else if !PASSWORD_CHARS.contains(&count) {
            self.status = Some(words::password_length(count));
        } else {
            return Asked::Join(Some(self.text.clone()));
        }
        Asked::Nothing
    }

    /// `phone`: one is a remote of the box; `opens`: else the box can open a network for one.
    pub(crate) fn view(&self, phone: bool, opens: bool) -> AddressView {
        let (title, help) = match &self.name {
            None => (words::HIDDEN_NETWORK.into(), words::NAME_HELP),
            Some(name) if self.id.is_none() => {
                (words::password_of(name), words::HIDDEN_PASSWORD_HELP)
            }
            Some(name) => (words::password_of(name), words::PASSWORD_HELP),
        };
        let secret = self.name.is_some();
        let text = &self.text.0;
        AddressView {
            title,
            text: if secret && !self.shown {
                text.chars().map(|_| DOT).collect()
            } else {
                text.clone()
            },
            secret,
            keys: self.keyboard.labels(),
            key: self.keyboard.focus(),
            help: match (phone, opens) {
                (true, _) => words::or_on_phone(help),
                (false, true) => words::or_with_phone(help),
                (false, false) => help.into(),
            },
            status: self.status.clone(),
        }
    }
}

impl App {
    pub(crate) fn join_page_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        let opens = self.can_open_own();
        let Place::Join(page) = &mut self.place else {
            return;
        };
        match page.key(key) {
            Asked::Leave => {
                let id = page.id();
                self.place = Place::Network(NetworkPage::at(id));
            }
            Asked::Join(passphrase) => {
                let choice = Choice {
                    id: page.id(),
                    name: page.name(),
                    passphrase,
                };
                self.place = Place::Network(NetworkPage::at(choice.id.clone()));
                self.join(choice, false, effects);
            }
            Asked::Phone if opens => self.open_own(effects),
            Asked::Phone | Asked::Nothing => {}
        }
    }

    /// `by_phone`: after the box's own network was left.
    pub(crate) fn join(&mut self, choice: Choice, by_phone: bool, effects: &mut Vec<Effect>) {
        let leaves = if by_phone { LEAVES } else { Duration::ZERO };
        let until = self.now + JOINS + leaves;
        let (id, name, passphrase) = (choice.id, choice.name, choice.passphrase);
        let Some(network) = &mut self.network else {
            return;
        };
        network.failed = None;
        network.own_said = None;
        let known = id.as_deref().and_then(|id| network.stand.wifi(id));
        let name = known.map_or(name, |wifi| wifi.name.clone());
        effects.push(Effect::Network(match &id {
            Some(id) => NetworkAct::Join {
                id: Arc::clone(id),
                passphrase: passphrase.clone(),
            },
            None => NetworkAct::JoinHidden {
                name: name.clone(),
                passphrase: passphrase.clone(),
            },
        }));
        network.joining = Some(Joining {
            id,
            name,
            passphrase,
            by_phone,
            let_in: false,
            until,
        });
    }
}
