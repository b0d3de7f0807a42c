//! Going from page to page: what is opened from where, what Back returns to, and the questions to
//! the world that a page asks while somebody looks at it.
//!
//! Invariant: a question is open only while its page is the place, or the film it is about is
//! being sought for.

use crate::app::{App, Place};
use crate::code_page::CodePage;
use crate::film_page::{self, FilmPage};
use crate::finding::Finding;
use crate::learn_page::{self, LearnPage};
use crate::network_page::NetworkPage;
use crate::power_page::PowerPage;
use crate::prefetch::Look;
use crate::profiles::Gate;
use crate::search_page::SearchPage;
use crate::series_page::SeriesPage;
use crate::settings_page::SettingsPage;
use crate::updates_page::UpdatesPage;
use crate::wall::Door;
use crate::{Answer, Button, Effect, Film, FilmId, Key, Quest, Readiness, Source, Title};
use crate::{add_ons_page, series_page, words};

/// Pages one can go back through; from the earliest of more, Back leads home.
const BEHIND_MAX: usize = 20;

impl App {
    /// Where `film` can be had, and what is known of it, is shown; Back returns here.
    pub(crate) fn visit(&mut self, film: Film, effects: &mut Vec<Effect>) {
        if self.refuses(&film) {
            return;
        }
        self.step_in(effects);
        self.show(film, effects);
    }

    /// The page of the film, in the place of the one that is shown.
    fn show(&mut self, film: Film, effects: &mut Vec<Effect>) {
        let series = film.episode.is_none() && film.origin.as_ref().is_some_and(Title::is_series);
        if series {
            let known = film
                .origin
                .as_ref()
                .and_then(|it| self.library.series.get(it));
            let film = match known {
                Some(known) if film.facts.is_none() => Film {
                    facts: known.facts.clone(),
                    ..film
                },
                _ => film,
            };
            let mut page = SeriesPage::new(film, &self.library);
            page.asking = true;
            effects.extend(page.film.origin.clone().map(Effect::Describe));
            self.place = Place::Series(page);
            return;
        }
        if let Some(page) = self.prepared(&film) {
            self.place = Place::Film(page);
            return;
        }
        let page = FilmPage::usual(film, &self.library);
        self.ask(page, effects);
    }

    /// Shows the page, and asks the world what it may know of the film.
    pub(crate) fn ask(&mut self, mut page: FilmPage, effects: &mut Vec<Effect>) {
        if let Some(video) = page.film.origin.clone() {
            if page.film.episode.is_none() {
                effects.push(Effect::Describe(video.clone()));
            }
            let quest = self.next_quest();
            page.asks(Finding::new(quest, self.now));
            effects.push(Effect::FindSources { quest, video });
        }
        self.place = Place::Film(page);
    }

    pub(crate) fn next_quest(&mut self) -> Quest {
        self.quests += 1;
        Quest(self.quests)
    }

    /// What the page that is left has asked is not waited for.
    fn stop_asking(&mut self, effects: &mut Vec<Effect>) {
        match &mut self.place {
            Place::Film(page) => effects.extend(page.stop_finding()),
            Place::Search(page) => effects.extend(page.stop().map(Effect::StopQuest)),
            Place::Listed(page) => effects.extend(page.stop().map(Effect::StopQuest)),
            _ => {}
        }
    }

    /// The page that is shown goes behind the one that comes.
    pub(crate) fn step_in(&mut self, effects: &mut Vec<Effect>) {
        self.stop_asking(effects);
        self.wall.letters = None;
        let place = std::mem::replace(&mut self.place, Place::Home);
        match place {
            Place::Film(_)
            | Place::Series(_)
            | Place::Search(_)
            | Place::AddOns(_)
            | Place::Listed(_)
            | Place::Address(_)
            | Place::Code(_)
            | Place::Settings(_)
            | Place::Choices(_)
            | Place::Profiles(_)
            | Place::Told(_)
            | Place::Updates(_) => {
                self.behind.push(place);
                if self.behind.len() > BEHIND_MAX {
                    self.behind.remove(0);
                }
            }
            // Home is behind everything; of an attempt to play or to learn nothing is left.
            Place::Home
            | Place::Context(_)
            | Place::Who(_)
            | Place::Pin(_)
            | Place::Name(_)
            | Place::Power(_)
            | Place::Reset(_)
            | Place::Drives(_)
            | Place::Language(_)
            | Place::Zone(_)
            | Place::Rows(_)
            | Place::Learn(_)
            | Place::Phone(_)
            | Place::Backup(_)
            | Place::Network(_)
            | Place::Join(_)
            | Place::Fixed(_)
            | Place::Seeking(_)
            | Place::Opening(_)
            | Place::Playing(_)
            | Place::Trouble(_) => {}
        }
    }

    /// Where one came from.
    pub(crate) fn back(&mut self, effects: &mut Vec<Effect>) {
        self.stop_asking(effects);
        self.place = self.behind.pop().unwrap_or(Place::Home);
        match &mut self.place {
            Place::Series(page) => page.come_back(&self.library),
            Place::AddOns(page) => page.set(self.add_ons.clone()),
            Place::Film(_) => {
                let Place::Film(page) = std::mem::replace(&mut self.place, Place::Home) else {
                    return;
                };
                self.ask(page, effects);
            }
            _ => {}
        }
    }

    /// The film that OK would open from here, and where it would go on.
    pub(crate) fn looked_at(&self) -> Option<Look> {
        let (film, source) = match &self.place {
            Place::Home => {
                let film = self.wall.focused()?;
                (film, self.library.usual_source(film))
            }
            Place::Context(page) => (&page.film, self.library.usual_source(&page.film)),
            Place::Film(page) => (&page.film, page.source),
            _ => return self.coming_look(),
        };
        let source = film.sources.get(source);
        let source = source.filter(|_| film.readiness == Readiness::Ready)?;
        Look::at(film, source, &self.library)
    }

    /// The page is one list from top to bottom.
    pub(crate) fn scrolls(&self) -> bool {
        match &self.place {
            Place::Film(page) => page.lists_sources(),
            Place::Series(_)
            | Place::Search(_)
            | Place::AddOns(_)
            | Place::Listed(_)
            | Place::Network(_)
            | Place::Settings(_)
            | Place::Rows(_)
            | Place::Language(_)
            | Place::Zone(_) => true,
            _ => false,
        }
    }

    /// The wall with its films, from anywhere.
    pub(crate) fn go_home(&mut self, effects: &mut Vec<Effect>) {
        self.stop_asking(effects);
        self.close(effects);
        self.stop_coming(effects);
        self.behind.clear();
        self.wall.look_down();
        self.place = Place::Home;
    }

    pub(crate) fn home_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        if self.letters_key(key, effects) {
            return;
        }
        if key == Key::Ok
            && let Some(door) = self.wall.door()
        {
            if !self.asks_pin(Gate::Door(door), effects) {
                self.enter(door, effects);
            }
            return;
        }
        let film = self.wall.focused().cloned();
        if matches!(
            key,
            Key::Ok | Key::Menu | Key::Context | Key::Info | Key::Play | Key::PlayPause
        ) {
            self.wall.stay();
        }
        match (key, film) {
            (Key::Ok | Key::Info, Some(film)) => self.visit(film, effects),
            (Key::Menu | Key::Context, Some(film)) => self.open_context(film, effects),
            (Key::Play | Key::PlayPause, Some(film)) => {
                self.visit(film, effects);
                if let Place::Film(page) = &self.place {
                    self.film_key(page.clone(), key, effects);
                }
            }
            _ => {
                self.wall.key(key);
                let more = self.wall.wants_more();
                effects.extend(more.map(|(row, have)| Effect::MoreOf { row, have }));
            }
        }
    }

    /// Through a door above the wall.
    pub(crate) fn enter(&mut self, door: Door, effects: &mut Vec<Effect>) {
        self.step_in(effects);
        self.place = match door {
            Door::Search => Place::Search(SearchPage::new(&self.searches)),
            Door::AddOns => Place::AddOns(add_ons_page::AddOnsPage::new(self.add_ons.clone())),
            Door::Network => Place::Network(NetworkPage::default()),
            Door::Updates => Place::Updates(UpdatesPage::default()),
            Door::Settings => Place::Settings(SettingsPage::new()),
            Door::Power => Place::Power(PowerPage::default()),
            Door::Who => self.who(),
        };
    }

    pub(crate) fn film_key(&mut self, mut page: FilmPage, key: Key, effects: &mut Vec<Effect>) {
        let asked = page.key(key, &self.library);
        self.place = Place::Film(page.clone());
        match asked {
            film_page::Asked::Nothing => {}
            film_page::Asked::Leave => self.back(effects),
            film_page::Asked::Play { from } => self.play(page, from, effects),
            film_page::Asked::Parts => {
                self.step_in(effects);
                self.place = Place::Series(SeriesPage::new(page.film, &self.library));
            }
            film_page::Asked::Trailer => self.show_code(CodePage::trailer(&page.film), effects),
            film_page::Asked::List => {
                self.library.toggle_listed(&page.film);
                self.wall.rebuild(&self.library);
                effects.push(Effect::SaveLibrary(self.library.clone()));
            }
        }
    }

    pub(crate) fn series_asked(&mut self, asked: series_page::Asked, effects: &mut Vec<Effect>) {
        match asked {
            series_page::Asked::Nothing => {}
            series_page::Asked::Leave => self.back(effects),
            series_page::Asked::Visit(film) => self.visit(*film, effects),
            series_page::Asked::Play(film) => {
                self.visit(*film, effects);
                if let Place::Film(page) = &self.place {
                    self.film_key(page.clone(), Key::Play, effects);
                }
            }
        }
    }

    /// A button was pressed that has no meaning, or any while buttons are learnt.
    pub(crate) fn heard(&mut self, button: Button, key: Option<Key>, effects: &mut Vec<Effect>) {
        if let Place::Learn(page) = &mut self.place {
            let asked = page.hear(button, key, self.now);
            self.learn_asked(asked, effects);
            return;
        }
        // No film is open then: something would have opened it.
        if key.is_none() && !self.power.asleep && self.strange.press(self.now) {
            self.strange.asked();
            self.step_in(effects);
            self.place = Place::Learn(LearnPage::new(true, self.now));
        }
    }

    pub(crate) fn learn_asked(&mut self, asked: learn_page::Asked, effects: &mut Vec<Effect>) {
        match asked {
            learn_page::Asked::Nothing => {}
            learn_page::Asked::Leave => self.back(effects),
            learn_page::Asked::Keep(buttons) => {
                effects.push(Effect::KeepButtons(buttons));
                self.notify(words::BUTTONS_KEPT.into());
                self.back(effects);
            }
            learn_page::Asked::Drop => {
                self.notify(words::BUTTONS_DROPPED.into());
                self.back(effects);
            }
        }
    }

    /// Somebody offers a film that is looked at, or that Play was pressed for.
    pub(crate) fn offered(
        &mut self,
        quest: Quest,
        answer: Answer<Source>,
        effects: &mut Vec<Effect>,
    ) {
        self.next_offered(quest, &answer);
        let page = match &mut self.place {
            Place::Film(page) => page,
            Place::Seeking(seeking) => &mut seeking.page,
            _ => return,
        };
        if page.finding.as_ref().is_some_and(|it| it.quest == quest) {
            page.offers(answer, &self.taste, &self.library, self.now);
            self.sought(effects);
        }
    }

    /// Plays what was sought for once there is enough to choose from, or says that nobody has it.
    pub(crate) fn sought(&mut self, effects: &mut Vec<Effect>) {
        let Place::Seeking(seeking) = &mut self.place else {
            if let Place::Film(page) = &mut self.place {
                page.settle(self.now);
            }
            return;
        };
        seeking.page.settle(self.now);
        if seeking.page.can_play(self.now) {
            let seeking = seeking.clone();
            self.play(seeking.page, seeking.from, effects);
        } else if seeking.page.finding.is_none() {
            self.place = Place::Film(seeking.page.clone());
        }
    }

    /// More is known of a title: on the page that shows it, and of the series behind an episode.
    pub(crate) fn described(
        &mut self,
        title: &Title,
        told: Option<&Film>,
        effects: &mut Vec<Effect>,
    ) {
        self.learn_age(title, told, effects);
        let places = std::iter::once(&mut self.place).chain(&mut self.behind);
        for place in places {
            match (place, told) {
                (Place::Film(page), Some(told)) if is(&page.film, title) => {
                    page.learn(told.clone(), &self.taste, &self.library);
                }
                (Place::Seeking(seeking), Some(told)) if is(&seeking.page.film, title) => {
                    seeking.page.learn(told.clone(), &self.taste, &self.library);
                }
                (Place::Series(page), _) if is(&page.film, title) => {
                    page.asking = false;
                    if let Some(told) = told {
                        let film = Film {
                            id: page.film.id.clone(),
                            origin: page.film.origin.clone(),
                            colours: page.film.colours,
                            age: page.film.age.max(told.age),
                            ..told.clone()
                        };
                        page.set_film(film, &self.library);
                    }
                }
                _ => {}
            }
        }
    }

    pub(crate) fn film_changed(&mut self, film: Film) {
        if let Place::Film(page) = &mut self.place
            && page.film.id == film.id
        {
            page.set_film(film.clone());
        }
        self.wall.put(film, &self.library);
    }

    /// Somebody handed the box a film: its page, from wherever one is.
    pub(crate) fn opened(&mut self, film: Film, effects: &mut Vec<Effect>) {
        let id = film.id.clone();
        let known = film.sources.is_empty() && film.origin.is_some();
        self.go_home(effects);
        // A title without sources is not a thing of this box: it is looked at, and not kept.
        if !known && !self.refuses(&film) {
            self.wall.put(film.clone(), &self.library);
        }
        let film = self.film(&id).cloned().unwrap_or(film);
        self.visit(film, effects);
    }

    /// The film as the wall has it.
    fn film(&self, id: &FilmId) -> Option<&Film> {
        self.wall.film(id)
    }

    /// The film as the wall has it now, else as it was; with all sources that were found.
    pub(crate) fn current(&self, film: &Film) -> Film {
        match self.film(&film.id) {
            Some(now) if now.sources.len() >= film.sources.len() => now.clone(),
            _ => film.clone(),
        }
    }
}

fn is(film: &Film, title: &Title) -> bool {
    film.origin.as_ref() == Some(title)
}
