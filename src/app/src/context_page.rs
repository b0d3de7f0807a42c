//! What can be done with the film under the focus of the wall, without opening its page.

use crate::app::{App, Place};
use crate::film_page::FilmPage;
use crate::view::MenuView;
use crate::{Effect, Film, Key, Library, Mark, Title, words};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ContextPage {
    pub(crate) film: Film,
    focus: usize,
    /// Its row is gone along by letters.
    letters: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Play,
    /// Onto the viewer's list, or off it.
    List,
    Watched(bool),
    /// It is not to be continued.
    Forget,
    Sources,
    Letters,
    Page,
}

impl ContextPage {
    pub(crate) fn new(film: Film, letters: bool) -> ContextPage {
        ContextPage {
            film,
            focus: 0,
            letters,
        }
    }

    fn acts(&self, library: &Library) -> Vec<Act> {
        let film = &self.film;
        let series = film.episode.is_none() && film.origin.as_ref().is_some_and(Title::is_series);
        let mark = library.marks.get(&film.id);
        let begun = mark.and_then(Mark::resume).is_some();
        let watched = mark.is_some_and(|mark| mark.watched);
        let sources = !film.sources.is_empty() || film.origin.is_some();
        let all = [
            (!series).then_some(Act::Play),
            Some(Act::List),
            (!series).then_some(Act::Watched(!watched)),
            begun.then_some(Act::Forget),
            (!series && sources).then_some(Act::Sources),
            Some(Act::Page),
            self.letters.then_some(Act::Letters),
        ];
        all.into_iter().flatten().collect()
    }

    pub(crate) fn view(&self, library: &Library) -> MenuView {
        let acts = self.acts(library);
        let film = &self.film;
        let mark = library.marks.get(&film.id);
        let label = |act: &Act| match act {
            Act::Play => match mark.and_then(Mark::resume) {
                Some(at) => words::continue_from(at),
                None => words::PLAY.into(),
            },
            Act::List if library.is_listed(&film.id) => words::UNLIST.into(),
            Act::List => words::LIST.into(),
            Act::Watched(true) => words::MARK_WATCHED.into(),
            Act::Watched(false) => words::MARK_UNWATCHED.into(),
            Act::Forget => words::FORGET_PLACE.into(),
            Act::Sources => words::SOURCES.into(),
            Act::Letters => words::TO_A_LETTER.into(),
            Act::Page => words::ALL_ABOUT_IT.into(),
        };
        MenuView {
            title: words::WHAT_TO_DO.into(),
            labels: acts.iter().map(label).collect(),
            notes: Vec::new(),
            chosen: None,
            focus: self.focus.min(acts.len() - 1),
            headline: film.title.clone(),
            message: format!("{}\n\n{}", words::facts_with_licence(film), film.synopsis),
            ask: None,
            hint: words::CODE_HINT.into(),
        }
    }
}

impl App {
    pub(crate) fn open_context(&mut self, film: Film, effects: &mut Vec<Effect>) {
        self.step_in(effects);
        let letters = self.wall.has_letters();
        self.place = Place::Context(Box::new(ContextPage::new(film, letters)));
    }

    pub(crate) fn context_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        let Place::Context(page) = &mut self.place else {
            return;
        };
        let acts = page.acts(&self.library);
        let last = acts.len() - 1;
        let at = page.focus.min(last);
        match key {
            Key::Up => page.focus = at.saturating_sub(1),
            Key::Down => page.focus = (at + 1).min(last),
            Key::Back | Key::Left | Key::Stop | Key::Menu | Key::Context => self.back(effects),
            Key::Ok => {
                let film = page.film.clone();
                self.carry_out(acts[at], film, effects);
            }
            _ => {}
        }
    }

    fn carry_out(&mut self, act: Act, film: Film, effects: &mut Vec<Effect>) {
        match act {
            Act::Play => {
                self.visit(film, effects);
                if let Place::Film(page) = &self.place {
                    self.film_key(page.clone(), Key::Play, effects);
                }
                return;
            }
            Act::Page => return self.visit(film, effects),
            Act::Letters => {
                self.back(effects);
                self.begin_letters();
                return;
            }
            Act::Sources => {
                self.step_in(effects);
                let source = self.library.usual_source(&film);
                let page = if film.sources.is_empty() {
                    FilmPage::usual(film, &self.library)
                } else {
                    FilmPage::choosing(film, source)
                };
                return self.ask(page, effects);
            }
            Act::List => self.library.toggle_listed(&film),
            Act::Watched(watched) => self.library.set_watched(&film, watched),
            Act::Forget => self.library.forget_place(&film.id),
        }
        self.wall.rebuild(&self.library);
        effects.push(Effect::SaveLibrary(self.library.clone()));
        self.back(effects);
    }
}
