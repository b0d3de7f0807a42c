//! The network that the box opens itself, so that a phone does the typing: the phone joins it by a
//! code on the TV, chooses a network on a page there, and sends what opens that.
//!
//! The radio does one thing at a time: while this is open the box is in no network. It ends by
//! itself after [`OPEN`], when its page is left or the box stands by, and when a phone has chosen:
//! then that network is joined as by the TV. Its own password is another each time.
//!
//! Of its two codes the second is shown once a phone has joined by the first. The first is there
//! for another phone by one key, whatever came before it.

use std::sync::Arc;
use std::time::Duration;

use crate::app::{App, Place};
use crate::network_page::NetworkPage;
use crate::view::{NetworkView, PhoneView};
use crate::{Effect, Key, NetworkAct, Passphrase, Time, words};

/// It is open within so long, or will not be: one more look at what there is, another mode of the
/// radio, an address.
const OPENS: Duration = Duration::from_secs(40);

/// So long it stays open: a phone is found, unlocked, and types a password.
const OPEN: Duration = Duration::from_mins(10);

/// What a phone joins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnNetwork {
    pub name: String,
    pub passphrase: Passphrase,
    /// Of the page there: "http://10.73.0.1".
    pub address: String,
}

/// What was chosen on the phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// By [`Wifi::id`](crate::Wifi::id); none: it does not tell its name.
    pub id: Option<Arc<str>>,
    pub name: String,
    pub passphrase: Option<Passphrase>,
}

impl Choice {
    /// One that lets the box in as it is.
    pub(crate) fn known(id: Arc<str>) -> Choice {
        Choice {
            id: Some(id),
            name: String::new(),
            passphrase: None,
        }
    }
}

/// News of the box's own network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnNews {
    Opened(OwnNetwork),
    /// Another phone than before is in it, and can reach its page.
    Joined,
    /// It could not be opened, or has ended; in words of who drives the radio.
    Ended(String),
    Chosen(Choice),
}

/// It is open, or will be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Own {
    /// None: not yet.
    open: Option<OwnNetwork>,
    /// Which of the two codes is shown.
    focus: usize,
    /// A phone is in it.
    joined: bool,
    pub(crate) until: Time,
}

/// The two codes: to join it, and to open its page.
const JOIN: usize = 0;
const PAGE: usize = 1;

impl Own {
    /// What it shows in the place of the list; none: the codes.
    pub(crate) fn opening(&self) -> Option<NetworkView> {
        self.open.is_none().then(|| NetworkView {
            title: words::WITH_PHONE.into(),
            headline: words::OPENING_OWN.into(),
            message: words::joining(false).into(),
            busy: true,
            hint: words::CODE_HINT.into(),
            ..NetworkView::default()
        })
    }

    /// Both codes, and the one that is shown; none: not yet.
    pub(crate) fn codes(&self) -> Option<PhoneView> {
        let own = self.open.as_ref()?;
        let joins = self.focus == JOIN;
        Some(PhoneView {
            title: words::WITH_PHONE.into(),
            labels: vec![words::JOIN_OWN.into(), words::OPEN_PAGE.into()],
            focus: self.focus,
            headline: if self.joined && !joins {
                words::PHONE_IN_OWN.into()
            } else {
                words::SCAN_CODE.into()
            },
            message: if joins {
                words::or_choose(&own.name)
            } else {
                words::or_open(&own.address)
            },
            digits: joins.then(|| own.passphrase.0.clone()),
            address: Some(own.address.clone()),
            link: Some(if joins {
                code(&own.name, &own.passphrase.0)
            } else {
                own.address.clone()
            }),
            ask: None,
            hint: words::CODE_HINT.into(),
        })
    }
}

/// A network as phones read it from a code, locked by WPA: the form that ZXing's wiki gives, which
/// the cameras of Android and iOS follow.
fn code(name: &str, passphrase: &str) -> String {
    let escaped = |text: &str| -> String {
        let letters = text.chars();
        let escape = |letter| matches!(letter, '\\' | ';' | ',' | ':' | '"').then_some('\\');
        letters
            .flat_map(|letter| escape(letter).into_iter().chain([letter]))
            .collect()
    };
    format!("WIFI:T:WPA;S:{};P:{};;", escaped(name), escaped(passphrase))
}

impl App {
    /// The radio can open a network of its own.
    pub(crate) fn can_open_own(&self) -> bool {
        let stand = self.network.as_ref().map(|it| &it.stand);
        let radio = stand.and_then(|it| it.wireless.as_ref());
        radio.is_some_and(|it| it.opens)
    }

    pub(crate) fn open_own(&mut self, effects: &mut Vec<Effect>) {
        let until = self.now + OPENS;
        let Some(network) = &mut self.network else {
            return;
        };
        // There OK opens it again.
        self.place = Place::Network(NetworkPage::default());
        network.failed = None;
        network.own_said = None;
        network.own = Some(Own {
            open: None,
            focus: JOIN,
            joined: false,
            until,
        });
        effects.push(Effect::Network(NetworkAct::OpenOwn(self.language)));
    }

    /// Without another word.
    fn close_own(&mut self, effects: &mut Vec<Effect>) -> bool {
        let network = self.network.as_mut();
        let open = network.is_some_and(|it| it.own.take().is_some());
        if open {
            effects.push(Effect::Network(NetworkAct::CloseOwn));
        }
        open
    }

    pub(crate) fn own_news(&mut self, news: OwnNews, effects: &mut Vec<Effect>) {
        let now = self.now;
        let Some(network) = &mut self.network else {
            return;
        };
        let Some(own) = &mut network.own else {
            // One that was closed meanwhile; joining a network closes it anyway.
            if matches!(news, OwnNews::Opened(_)) && network.joining.is_none() {
                effects.push(Effect::Network(NetworkAct::CloseOwn));
            }
            return;
        };
        match news {
            OwnNews::Opened(open) => {
                own.open = Some(open);
                own.until = now + OPEN;
            }
            // Of one before this, perhaps.
            OwnNews::Joined if own.open.is_none() => {}
            OwnNews::Joined => {
                own.joined = true;
                own.focus = PAGE;
            }
            OwnNews::Ended(why) => {
                network.own = None;
                network.own_said = Some(words::own_ended(&why));
            }
            OwnNews::Chosen(choice) => {
                network.own = None;
                self.place = Place::Network(NetworkPage::default());
                self.join(choice, true, effects);
            }
        }
    }

    /// Its time is over, or nobody looks at its codes any more.
    pub(crate) fn turn_own(&mut self, effects: &mut Vec<Effect>) {
        let here = matches!(self.place, Place::Network(_)) && !self.power.asleep;
        let own = self.network.as_ref().and_then(|it| it.own.as_ref());
        let Some((until, was_open)) = own.map(|it| (it.until, it.open.is_some())) else {
            return;
        };
        let over = self.now >= until;
        let stays = here && !over;
        if stays || !self.close_own(effects) {
            return;
        }
        if let Some(network) = self.network.as_mut().filter(|_| over) {
            let said = if was_open {
                words::OWN_OVER
            } else {
                words::OWN_NOT_OPENED
            };
            network.own_said = Some(said.into());
        }
    }

    /// While it is open its page has no other keys; false: it is not.
    pub(crate) fn own_key(&mut self, key: Key, effects: &mut Vec<Effect>) -> bool {
        let Some(own) = self.network.as_mut().and_then(|it| it.own.as_mut()) else {
            return false;
        };
        match key {
            // Whoever has another phone needs the first code again.
            Key::Back | Key::Left if own.focus == PAGE => own.focus = JOIN,
            Key::Down => own.focus = PAGE,
            Key::Ok if own.focus == JOIN => own.focus = PAGE,
            Key::Up | Key::Ok => own.focus = JOIN,
            Key::Back | Key::Left | Key::Stop => {
                self.close_own(effects);
            }
            _ => {}
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_what_opens_a_network() {
        assert_eq!(
            code("Matinee 4F2K", "abc23456"),
            "WIFI:T:WPA;S:Matinee 4F2K;P:abc23456;;"
        );
        assert_eq!(
            code(r#"a;b,c:d\e"f"#, ";"),
            r#"WIFI:T:WPA;S:a\;b\,c\:d\\e\"f;P:\;;;"#
        );
    }
}
