//! The page of one film: what it is, Play or Continue, and where to get it.

use std::time::Duration;

use crate::choosing::Reason;
use crate::finding::Finding;
use crate::library::Library;
use crate::taste::Taste;
use crate::view::{ActionView, FilmView, SourceView};
use crate::{Answer, Effect, Film, Key, Readiness, Source, Time, TorrentRef, wall, words};

/// Sources of one film: more cannot be told apart in a list.
const SOURCES_MAX: usize = 200;

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
    /// The viewer chose the source: no better one takes its place.
    by_hand: bool,
    /// Who may know more sources is being asked.
    pub(crate) finding: Option<Finding>,
    /// Nobody who was asked has it.
    nobody: bool,
    /// Why each source is where it is in the list; empty while they were not compared.
    reasons: Vec<Vec<Reason>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Action {
    Play {
        from: Duration,
        label: Label,
    },
    Sources,
    /// It has so many parts, which are listed on a page of their own.
    Parts(usize),
    List,
    Trailer,
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
    Play {
        from: Duration,
    },
    /// Onto the viewer's list, or off it.
    List,
    /// On a phone.
    Trailer,
    Parts,
}

impl FilmPage {
    pub(crate) fn new(film: Film) -> FilmPage {
        FilmPage {
            film,
            focus: 0,
            source: 0,
            list: None,
            slow: None,
            by_hand: false,
            finding: None,
            nobody: false,
            reasons: Vec::new(),
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
            by_hand: source > 0,
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

    /// More is known of the film. What it can be had from is not replaced by that; but its licence
    /// and its length are held against it.
    pub(crate) fn learn(&mut self, told: Film, taste: &Taste, library: &Library) {
        self.film = Film {
            id: self.film.id.clone(),
            sources: std::mem::take(&mut self.film.sources),
            readiness: self.film.readiness,
            badge: self.film.badge.take(),
            age: self.film.age.max(told.age),
            licence: self.film.licence.take().or(told.licence.clone()),
            poster: told.poster.clone().or(self.film.poster.take()),
            colours: self.film.colours,
            origin: self.film.origin.take(),
            episode: self.film.episode.take(),
            ..told
        };
        if !self.reasons.is_empty() {
            self.compare(taste, library);
        }
    }

    /// The world is asked for more sources.
    pub(crate) fn asks(&mut self, finding: Finding) {
        self.finding = Some(finding);
        self.nobody = false;
    }

    /// Nobody waits for more sources.
    pub(crate) fn stop_finding(&mut self) -> Option<Effect> {
        let finding = self.finding.take();
        finding.map(|finding| Effect::StopQuest(finding.quest))
    }

    /// Somebody offers the film, or does not. Each source is listed once; the one that Play takes
    /// stays when the viewer chose it or it was played before, else it is the best.
    pub(crate) fn offers(
        &mut self,
        answer: Answer<Source>,
        taste: &Taste,
        library: &Library,
        now: Time,
    ) {
        if let Some(finding) = &mut self.finding {
            finding.take(&answer, now);
        }
        for source in answer.items.into_iter().take(SOURCES_MAX) {
            let key = source.reach.key();
            let known = self.film.sources.iter().any(|it| it.reach.key() == key);
            if !known && self.film.sources.len() < SOURCES_MAX {
                self.film.sources.push(source);
            }
        }
        self.compare(taste, library);
        self.settle(now);
    }

    /// Puts the sources into their order. A list that somebody looks at does not move: what is new
    /// comes after the rest, until more comes when it is closed.
    fn compare(&mut self, taste: &Taste, library: &Library) {
        let choices = taste.choose(&self.film, library);
        if self.list.is_some() {
            self.reasons = vec![Vec::new(); choices.len()];
            for choice in choices {
                self.reasons[choice.offer] = choice.reasons;
            }
            return;
        }
        let chosen = self.film.sources.get(self.source).map(|it| it.reach.key());
        let sources = std::mem::take(&mut self.film.sources);
        let mut sources: Vec<_> = sources.into_iter().map(Some).collect();
        self.reasons.clear();
        for choice in choices {
            self.film.sources.extend(sources[choice.offer].take());
            self.reasons.push(choice.reasons);
        }
        let by_hand = chosen.filter(|_| self.by_hand).and_then(|key| {
            let mut sources = self.film.sources.iter();
            sources.position(|source| source.reach.key() == key)
        });
        self.source = by_hand.unwrap_or_else(|| library.usual_source(&self.film));
    }

    /// Time has passed: nobody is waited for longer than the patience lasts.
    pub(crate) fn settle(&mut self, now: Time) {
        if self
            .finding
            .take_if(|finding| finding.is_over(now))
            .is_some()
        {
            self.nobody = self.film.sources.is_empty();
        }
    }

    /// Play may begin: there is a source, and better ones were waited for long enough.
    pub(crate) fn can_play(&self, now: Time) -> bool {
        let settled = self.finding.as_ref().is_none_or(|it| it.is_settled(now));
        self.has_source() && (settled || self.by_hand)
    }

    fn has_source(&self) -> bool {
        self.film.readiness == Readiness::Ready && !self.film.sources.is_empty()
    }

    /// Play does something: there is a source, or there may be one soon.
    fn playable(&self) -> bool {
        let finding = self.finding.is_some() && self.film.readiness == Readiness::Ready;
        self.has_source() || finding
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
        let facts = self
            .film
            .facts
            .as_ref()
            .filter(|_| self.film.episode.is_none());
        let parts = facts.map_or(0, |facts| facts.episodes.len());
        if parts > 1 {
            actions.push(Action::Parts(parts));
        }
        actions.push(Action::List);
        if facts.is_some_and(|facts| facts.youtube.is_some()) {
            actions.push(Action::Trailer);
        }
        actions
    }

    /// A list of sources may be asked for.
    pub(crate) fn has_context(&self) -> bool {
        self.list.is_none() && !self.film.sources.is_empty()
    }

    pub(crate) fn lists_sources(&self) -> bool {
        self.list.is_some()
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
                    _ => Duration::ZERO,
                };
                return Asked::Play { from };
            }
            (Key::Ok, Action::Sources) => self.list = Some(self.source),
            (Key::Ok, Action::List) | (Key::Red, _) => return Asked::List,
            (Key::Ok, Action::Parts(_)) => return Asked::Parts,
            (Key::Ok, Action::Trailer) => return Asked::Trailer,
            (Key::Menu | Key::Context | Key::Info, _) if !self.film.sources.is_empty() => {
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
                self.by_hand = true;
                self.list = None;
                self.focus = 0;
            }
            Key::Back | Key::Left | Key::Menu | Key::Context | Key::Info => self.list = None,
            _ => {}
        }
    }

    /// What can be got ahead of it now: the chosen source.
    pub(crate) fn torrent(&self) -> Option<&TorrentRef> {
        let source = self.film.sources.get(self.source);
        let source = source.filter(|_| self.has_source());
        source.and_then(|source| source.reach.torrent())
    }

    /// It is on a list of the viewer's own, and whoever had it is gone.
    fn nobody_to_ask(&self) -> bool {
        self.film.sources.is_empty() && self.film.origin.is_none()
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
            Action::List if library.is_listed(&film.id) => words::UNLIST.into(),
            Action::List => words::LIST.into(),
            Action::Parts(count) => words::parts(count),
            Action::Trailer => words::TRAILER.into(),
        };
        let enabled = |action: &Action| match action {
            Action::Play { .. } => self.playable(),
            Action::Sources | Action::Parts(_) | Action::List | Action::Trailer => true,
        };
        let facts = film.facts.as_deref();
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
                title: words::SOURCES.into(),
                labels: film
                    .sources
                    .iter()
                    .map(|source| source.label.clone())
                    .collect(),
                reasons: self.reasons.iter().map(|it| words::reasons(it)).collect(),
                chosen: self.source,
                focus,
            }),
            choice: self
                .film
                .sources
                .get(self.source)
                .zip(self.reasons.get(self.source))
                .map(|(source, reasons)| words::choice(source, reasons)),
            backdrop: facts.and_then(|facts| facts.backdrop.clone()),
            cast: facts.map_or_else(String::new, |facts| words::cast(&facts.cast)),
            attribution: facts.map_or_else(Vec::new, |facts| facts.attribution.clone()),
            status: match film.readiness {
                Readiness::Ready if slow || self.slow == Some(self.source) => {
                    Some(words::page_too_slow(film.sources.len()))
                }
                Readiness::Ready if self.nobody || self.nobody_to_ask() => {
                    Some(words::NO_SOURCES.into())
                }
                Readiness::Ready => self
                    .finding
                    .as_ref()
                    .map(|it| words::looking_for_sources(it.answered, it.asked)),
                Readiness::Preparing { percent } => Some(words::preparing(percent)),
                Readiness::Failed => Some(words::NOT_PREPARED.into()),
            },
        }
    }
}
