//! The page where a profile gets its name, typed by arrows or on a phone.

use crate::app::{App, Place};
use crate::household::{NAME_CHARS, ProfileId};
use crate::keyboard::{Keyboard, Layout, Stroke, Typed};
use crate::view::AddressView;
use crate::{Effect, Key, words};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NamePage {
    of: ProfileId,
    text: String,
    keyboard: Keyboard,
}

impl NamePage {
    pub(crate) fn new(of: ProfileId, name: &str) -> NamePage {
        NamePage {
            of,
            text: name.to_owned(),
            keyboard: Keyboard::new(Layout::name()),
        }
    }

    /// As if it had been typed here.
    pub(crate) fn set_text(&mut self, text: &str) {
        let clean = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let clean = clean.chars().filter(|it| !it.is_control());
        self.text = clean.take(NAME_CHARS).collect();
        self.keyboard.end();
    }

    fn strike(&mut self, stroke: Stroke) {
        let begins = self.text.is_empty() || self.text.ends_with(' ');
        let stroke = match stroke {
            // Names begin with a capital, where letters have such.
            Stroke::Letter(letter) if begins => {
                let mut large = letter.to_uppercase();
                let one = large.next().filter(|_| large.next().is_none());
                Stroke::Letter(one.unwrap_or(letter))
            }
            stroke => stroke,
        };
        if stroke != Stroke::Letter(' ') || !begins {
            stroke.edit(&mut self.text, NAME_CHARS);
        }
    }

    pub(crate) fn view(&self) -> AddressView {
        AddressView {
            title: words::PROFILE_NAME.into(),
            text: self.text.clone(),
            secret: false,
            keys: self.keyboard.labels(),
            key: self.keyboard.focus(),
            help: words::PROFILE_NAME_HELP.into(),
            status: None,
        }
    }
}

impl App {
    pub(crate) fn name_key(&mut self, mut page: NamePage, key: Key, effects: &mut Vec<Effect>) {
        let typed = page.keyboard.type_whole(key);
        match typed {
            Typed::Leave => return self.back(effects),
            Typed::Done => {
                let name = page.text.trim().to_owned();
                if let Some(profile) = self.profiles.household.profile_mut(page.of)
                    && profile.name != name
                {
                    profile.name = name;
                    effects.push(self.profiles.save());
                }
                return self.back(effects);
            }
            Typed::Stroke(stroke) => page.strike(stroke),
            Typed::Nothing => {}
        }
        self.place = Place::Name(page);
    }
}
