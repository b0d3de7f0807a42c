//! The page of one film: what it is, Play or Continue, and where to get it.

use std::time::Duration;

use crate::library::Library;
use crate::view::{ActionView, FilmView, SourceView};
use crate::{Film, Key, Readiness, TorrentRef, wall, words};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FilmPage {
    pub(crate) film: Film,
    focus: usize,
    /// Source that Play takes.
    pub(crate) source: usize,
    /// Focus in the list of sources, when it is open.
    list: Option<usize>,
    /// A source that was found to be too slow.
    pub(crate) slow: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Action {
    Play { from: Duration, label: Label },
    Sources,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Label {
    Play,
    PlayAgain,
    Continue,
    FromStart,
}

/// What a key on the page asks for beyond the page itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Asked {
    Nothing,
    Leave,
    Play { from: Duration },
}

impl FilmPage {
    pub(crate) fn new(film: Film) -> FilmPage {
        FilmPage {
            film,
            focus: 0,
            source: 0,
            list: None,
            slow: None,
        }
    }

    /// The page with the source that the film was last played from.
    pub(crate) fn usual(film: Film, library: &Library) -> FilmPage {
        let source = library.usual_source(&film);
        FilmPage::with_source(film, source)
    }

    /// The page as it was when `source` of the film was played.
    pub(crate) fn with_source(film: Film, source: usize) -> FilmPage {
        FilmPage {
            source,
            ..FilmPage::new(film)
        }
    }

    /// The page with the list of sources open.
    pub(crate) fn choosing(film: Film, source: usize) -> FilmPage {
        FilmPage {
            list: Some(source),
            ..FilmPage::with_source(film, source)
        }
    }

    /// The film has changed (made, or its catalogue is new); what was chosen stays if it can.
    pub(crate) fn set_film(&mut self, film: Film) {
        self.source = self.source.min(film.sources.len().saturating_sub(1));
        self.film = film;
    }

    fn playable(&self) -> bool {
        self.film.readiness == Readiness::Ready && !self.film.sources.is_empty()
    }

    fn actions(&self, library: &Library) -> Vec<Action> {
        let mark = library.marks.get(&self.film.id);
        let play = |from, label| Action::Play { from, label };
        let mut actions = match mark.and_then(crate::Mark::resume) {
            Some(at) => {
                vec![
                    play(at, Label::Continue),
                    play(Duration::ZERO, Label::FromStart),
                ]
            }
            None if mark.is_some_and(|mark| mark.watched) => {
                vec![play(Duration::ZERO, Label::PlayAgain)]
            }
            None => vec![play(Duration::ZERO, Label::Play)],
        };
        if !self.film.sources.is_empty() {
            actions.push(Action::Sources);
        }
        actions
    }

    pub(crate) fn key(&mut self, key: Key, library: &Library) -> Asked {
        if let Some(focus) = self.list {
            self.list_key(key, focus);
            return Asked::Nothing;
        }
        let actions = self.actions(library);
        let focus = self.focus.min(actions.len() - 1);
        match (key, actions[focus]) {
            (Key::Left | Key::Up, _) => self.focus = focus.saturating_sub(1),
            (Key::Right | Key::Down, _) => self.focus = (focus + 1).min(actions.len() - 1),
            (Key::Back, _) => return Asked::Leave,
            (Key::Ok, Action::Play { from, .. }) if self.playable() => {
                return Asked::Play { from };
            }
            (Key::Play | Key::PlayPause, _) if self.playable() => {
                let from = match actions[0] {
                    Action::Play { from, .. } => from,
                    Action::Sources => Duration::ZERO,
                };
                return Asked::Play { from };
            }
            (Key::Ok, Action::Sources) => self.list = Some(self.source),
            (Key::Menu | Key::Info, _) if !self.film.sources.is_empty() => {
                self.list = Some(self.source);
            }
            _ => {}
        }
        Asked::Nothing
    }

    fn list_key(&mut self, key: Key, focus: usize) {
        let last = self.film.sources.len().saturating_sub(1);
        match key {
            Key::Up => self.list = Some(focus.saturating_sub(1)),
            Key::Down => self.list = Some((focus + 1).min(last)),
            Key::Ok => {
                self.source = focus.min(last);
                self.list = None;
                self.focus = 0;
            }
            Key::Back | Key::Left | Key::Menu | Key::Info => self.list = None,
            _ => {}
        }
    }

    /// What can be got ahead of it now: the chosen source.
    pub(crate) fn torrent(&self) -> Option<&TorrentRef> {
        let source = self.film.sources.get(self.source);
        let source = source.filter(|_| self.playable());
        source.map(|source| &source.torrent)
    }

    /// `slow`: what is being got of it comes too slowly.
    pub(crate) fn view(&self, library: &Library, slow: bool) -> FilmView {
        let film = &self.film;
        let actions = self.actions(library);
        let label = |action: &Action| match *action {
            Action::Play {
                label: Label::Play, ..
            } => words::PLAY.into(),
            Action::Play {
                label: Label::PlayAgain,
                ..
            } => words::PLAY_AGAIN.into(),
            Action::Play {
                label: Label::FromStart,
                ..
            } => words::FROM_START.into(),
            Action::Play {
                label: Label::Continue,
                from,
            } => words::continue_from(from),
            Action::Sources => words::sources(film.sources.len()),
        };
        let enabled = |action: &Action| matches!(action, Action::Sources) || self.playable();
        FilmView {
            card: wall::card(film, library),
            facts: words::facts(film),
            by: film.by.clone(),
            synopsis: film.synopsis.clone(),
            licence: film.licence.as_ref().map(|licence| licence.name.clone()),
            focus: self.focus.min(actions.len() - 1),
            actions: actions
                .iter()
                .map(|action| ActionView {
                    label: label(action),
                    enabled: enabled(action),
                })
                .collect(),
            sources: self.list.map(|focus| SourceView {
                labels: film
                    .sources
                    .iter()
                    .map(|source| source.label.clone())
                    .collect(),
                chosen: self.source,
                focus,
            }),
            status: match film.readiness {
                Readiness::Ready if slow || self.slow == Some(self.source) => {
                    Some(words::page_too_slow(film.sources.len()))
                }
                Readiness::Ready => None,
                Readiness::Preparing { percent } => Some(words::preparing(percent)),
                Readiness::Failed => Some(words::NOT_PREPARED.into()),
            },
        }
    }
}
