//! The page where phones are let in and forgotten.

use std::sync::Arc;

use crate::phones::Phones;
use crate::view::PhoneView;
use crate::{Key, PhonesAct, words};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct PhonePage {
    focus: usize,
    /// What was chosen once, and is done the second time.
    sure: Option<Act>,
}

/// What the page asks of the core.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    Nothing,
    Leave,
    Act(PhonesAct),
}

#[derive(Debug, Clone, PartialEq)]
enum Act {
    Listen,
    Forget(Arc<str>, String),
    Deaf,
}

fn acts(phones: &Phones) -> Vec<Act> {
    if !phones.listens {
        return vec![Act::Listen];
    }
    let known = phones.phones.iter();
    let known = known.map(|phone| Act::Forget(Arc::clone(&phone.id), phone.name.clone()));
    known.chain([Act::Deaf]).collect()
}

impl PhonePage {
    pub(crate) fn key(&mut self, key: Key, phones: &Phones) -> Asked {
        let acts = acts(phones);
        let last = acts.len() - 1;
        let at = self.focus.min(last);
        let to = match key {
            Key::Up => at.saturating_sub(1),
            Key::Down => (at + 1).min(last),
            Key::Back | Key::Left | Key::Stop => return Asked::Leave,
            Key::Ok => return self.carry_out(acts.into_iter().nth(at)),
            _ => at,
        };
        if to != at {
            self.sure = None;
        }
        self.focus = to;
        Asked::Nothing
    }

    fn carry_out(&mut self, act: Option<Act>) -> Asked {
        match act {
            None => Asked::Nothing,
            Some(Act::Listen) => Asked::Act(PhonesAct::Listen(true)),
            Some(act) if self.sure.as_ref() != Some(&act) => {
                self.sure = Some(act);
                Asked::Nothing
            }
            Some(act) => {
                self.sure = None;
                Asked::Act(match act {
                    Act::Forget(id, _) => PhonesAct::Forget(id),
                    Act::Listen | Act::Deaf => PhonesAct::Listen(false),
                })
            }
        }
    }

    pub(crate) fn view(&self, phones: &Phones) -> PhoneView {
        let acts = acts(phones);
        let focus = self.focus.min(acts.len() - 1);
        let label = |act: &Act| match act {
            Act::Listen => words::LET_PHONES_IN.into(),
            Act::Forget(_, name) => words::forget_phone(name),
            Act::Deaf => words::KEEP_PHONES_OUT.into(),
        };
        let offer = phones.offer.as_ref();
        let (headline, message) = match (&phones.trouble, phones.listens, offer) {
            (Some(trouble), _, _) => (words::PHONES_TROUBLE, trouble.clone()),
            (None, false, _) => (words::PHONE_REMOTE, words::PHONES_ASK.into()),
            (None, true, None) => (words::PHONE_REMOTE, words::MAKING_CODE.into()),
            (None, true, Some(offer)) => (words::SCAN_CODE, words::or_type(&offer.address)),
        };
        let asks = self.sure.as_ref();
        let asks = asks.filter(|act| acts.get(focus) == Some(*act));
        PhoneView {
            title: words::PHONE.into(),
            labels: acts.iter().map(label).collect(),
            focus,
            headline: headline.into(),
            message,
            digits: offer.map(|offer| offer.digits.clone()),
            address: offer.map(|offer| offer.address.clone()),
            link: offer.map(|offer| offer.link.clone()),
            ask: asks.map(|act| match act {
                Act::Forget(_, name) => words::forget_surely(name),
                Act::Listen | Act::Deaf => words::KEEP_OUT_SURELY.into(),
            }),
            hint: words::CODE_HINT.into(),
        }
    }
}
