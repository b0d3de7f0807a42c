//! Searches while their page is open, and words that come from elsewhere.

use crate::app::{App, Place};
use crate::search_page::{self, SearchPage};
use crate::{Answer, Effect, Film, Pin, Quest};

/// Searches that are remembered while the box runs; more are not offered.
const SEARCHES_MAX: usize = 10;

impl App {
    pub(crate) fn search_asked(&mut self, asked: search_page::Asked, effects: &mut Vec<Effect>) {
        match asked {
            search_page::Asked::Nothing => self.search_if_due(effects),
            search_page::Asked::Leave => self.back(effects),
            search_page::Asked::Visit(film) => {
                self.remember_search(effects);
                self.visit(*film, effects);
            }
        }
    }

    /// Words that led to a film are offered the next time.
    fn remember_search(&mut self, effects: &mut Vec<Effect>) {
        let Place::Search(page) = &self.place else {
            return;
        };
        if let Some(text) = page.searched() {
            self.searches.retain(|it| *it != text);
            self.searches.insert(0, text.clone());
            self.searches.truncate(SEARCHES_MAX);
            effects.push(Effect::Searched(self.library.profile, text));
        }
    }

    /// Looks for words that came from elsewhere; a film that plays goes on.
    pub(crate) fn search_for(&mut self, text: &str, effects: &mut Vec<Effect>) {
        if self.session().is_some() {
            return;
        }
        if !matches!(self.place, Place::Search(_)) {
            self.step_in(effects);
            self.place = Place::Search(SearchPage::new(&self.searches));
        }
        if let Place::Search(page) = &mut self.place {
            page.set_text(text, self.now);
        }
        self.search_if_due(effects);
    }

    /// Text that a phone types: it takes the place of what stands where text is wanted, and where
    /// none is, it is looked for.
    pub(crate) fn typed(&mut self, text: &str, effects: &mut Vec<Effect>) {
        match &mut self.place {
            Place::Address(page) => page.set_text(text),
            Place::Join(page) => page.set_text(text),
            Place::Name(page) => page.set_text(text),
            Place::Pin(_) => self.pin_typed(&Pin(text.to_owned()), effects),
            Place::Fixed(page) => {
                if !page.set_text(text) {
                    self.search_for(text, effects);
                }
            }
            _ => self.search_for(text, effects),
        }
    }

    pub(crate) fn search_if_due(&mut self, effects: &mut Vec<Effect>) {
        let Place::Search(page) = &mut self.place else {
            return;
        };
        let Some(due) = page.due(self.now) else {
            return;
        };
        effects.extend(due.stop.map(Effect::StopQuest));
        if let Some(text) = due.ask {
            self.quests += 1;
            let quest = Quest(self.quests);
            page.asks(quest);
            page.find_among(self.wall.films(), &self.library);
            effects.push(Effect::Search { quest, text });
        }
    }

    pub(crate) fn found(&mut self, quest: Quest, mut answer: Answer<Film>) {
        self.profiles.sieve.sift(&mut answer.items);
        if let Place::Search(page) = &mut self.place
            && page.quest() == Some(quest)
        {
            page.take(answer, &self.library);
        }
    }
}
