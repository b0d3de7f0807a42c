//! The pages of add-ons: those on the box, those that one of them lists, and an address typed by
//! arrows. What they ask of the world, and what comes of it.
//!
//! Nothing is put on the box but by a press of OK on what it may see, or on an address.

use std::sync::Arc;

use crate::address_page::AddressPage;
use crate::app::{App, Place};
use crate::code_page::CodePage;
use crate::listed_page::ListedPage;
use crate::{AddOn, AddOnFailure, Answer, Effect, Listed, Quest, add_ons_page, words};

/// What a key asks for on a page that puts another add-on on the box.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    Nothing,
    Leave,
    /// The one at this address.
    Install(Arc<str>),
}

impl App {
    pub(crate) fn add_ons_asked(&mut self, asked: add_ons_page::Asked, effects: &mut Vec<Effect>) {
        match asked {
            add_ons_page::Asked::Nothing => {}
            add_ons_page::Asked::Leave => self.back(effects),
            add_ons_page::Asked::Change(change) => effects.push(Effect::ChangeAddOn(change)),
            add_ons_page::Asked::Configure(it) => {
                self.show_code(CodePage::settings(&it), effects);
            }
            add_ons_page::Asked::Type => {
                self.step_in(effects);
                self.place = Place::Address(AddressPage::new());
            }
            add_ons_page::Asked::Browse { id, name } => {
                self.step_in(effects);
                let quest = self.next_quest();
                let page = ListedPage::new(name, quest, &self.add_ons);
                self.place = Place::Listed(page);
                effects.push(Effect::ListAddOns { quest, add_on: id });
            }
        }
    }

    /// Of a page that puts another one on the box.
    pub(crate) fn new_one_asked(&mut self, asked: Asked, effects: &mut Vec<Effect>) {
        match asked {
            Asked::Nothing => {}
            Asked::Leave => self.back(effects),
            Asked::Install(link) => effects.push(Effect::InstallAddOn(link)),
        }
    }

    /// Others are on the box, or the same in another order.
    pub(crate) fn add_ons_are(&mut self, add_ons: Vec<AddOn>) {
        match &mut self.place {
            Place::AddOns(page) => page.set(add_ons.clone()),
            Place::Listed(page) => page.set_known(&add_ons),
            _ => {}
        }
        self.add_ons = add_ons;
    }

    pub(crate) fn add_ons_listed(&mut self, quest: Quest, answer: Answer<Listed>) {
        if let Place::Listed(page) = &mut self.place
            && page.quest() == Some(quest)
        {
            page.take(answer);
        }
    }

    /// A page for the phone; Back returns here.
    pub(crate) fn show_code(&mut self, page: Option<CodePage>, effects: &mut Vec<Effect>) {
        if let Some(page) = page {
            self.step_in(effects);
            self.place = Place::Code(page);
        }
    }

    /// An address that was typed stays where it leads nowhere, to be mended.
    pub(crate) fn add_on_added(
        &mut self,
        added: &Result<String, AddOnFailure>,
        effects: &mut Vec<Effect>,
    ) {
        let waits = match &self.place {
            Place::Address(page) => page.waits(),
            Place::Listed(page) => page.waits(),
            _ => false,
        };
        if let Err(AddOnFailure::Unconfigured(address)) = added
            && waits
        {
            match &mut self.place {
                Place::Address(page) => page.answered(),
                Place::Listed(page) => page.answered(),
                _ => {}
            }
            self.show_code(Some(CodePage::first_settings(address)), effects);
            return;
        }
        match (&mut self.place, added) {
            (Place::Address(page), Err(why)) if waits => {
                page.failed(words::add_on_failed(why));
                return;
            }
            (Place::Address(_), Ok(name)) if waits => {
                self.back(effects);
                if let Place::AddOns(page) = &mut self.place {
                    page.look_at(name);
                }
            }
            (Place::Listed(page), _) => page.answered(),
            _ => {}
        }
        self.notify(words::add_on_added(added));
    }
}
