//! Attempts to play: how one is opened, how it ends, and where its news goes.
//!
//! Invariant: whatever ends an attempt closes what it opened, once, and keeps the place in the
//! film.

use std::time::Duration;

use crate::app::{App, Place};
use crate::film_page::FilmPage;
use crate::opening::{Attempt, Opening};
use crate::playing::{Playing, Step};
use crate::seeking::Seeking;
use crate::trouble::{Trouble, WayOut};
use crate::{Effect, Film, PlayerNews, Session, SupplyNews, Text, words};

impl App {
    /// The attempt to play that is open now.
    pub(crate) fn session(&self) -> Option<Session> {
        match &self.place {
            Place::Opening(opening) => Some(opening.attempt.session),
            Place::Playing(playing) => Some(playing.attempt.session),
            _ => None,
        }
    }

    /// Plays the film of a page: at once, or when a source was found.
    pub(crate) fn play(&mut self, mut page: FilmPage, from: Duration, effects: &mut Vec<Effect>) {
        if page.can_play(self.now) {
            effects.extend(page.stop_finding());
            self.open(page.film, page.source, from, effects);
        } else {
            self.place = Place::Seeking(Seeking::new(page, from));
        }
    }

    pub(crate) fn open(
        &mut self,
        film: Film,
        source: usize,
        at: Duration,
        effects: &mut Vec<Effect>,
    ) {
        let Some(chosen) = film.sources.get(source) else {
            return;
        };
        if self.refuses(&film) {
            return;
        }
        self.stop_coming(effects);
        self.sessions += 1;
        let session = Session(self.sessions);
        let reach = chosen.reach.clone();
        self.prefetch.opens(&reach, effects);
        let mark = self.library.marks.get(&film.id);
        let byte = mark.and_then(|mark| mark.byte_of(&reach, at));
        effects.push(Effect::Open {
            session,
            reach,
            at: byte,
        });
        let attempt = Attempt {
            session,
            film,
            source,
            at,
            byte,
        };
        self.place = Place::Opening(Box::new(Opening::new(attempt, self.now)));
    }

    /// Closes what is open, keeping the place in the film.
    pub(crate) fn close(&mut self, effects: &mut Vec<Effect>) {
        if let Place::Seeking(seeking) = &mut self.place {
            effects.extend(seeking.page.stop_finding());
            self.place = Place::Film(seeking.page.clone());
        }
        let Some(session) = self.session() else {
            return;
        };
        let reads = !matches!(&self.place, Place::Opening(opening) if !opening.reading());
        if let Place::Playing(playing) = &mut self.place {
            playing.mark(&mut self.library, self.now, true);
            let only_credits = playing.in_last_part();
            self.library.left(&playing.attempt.film.id, only_credits);
            self.wall.rebuild(&self.library);
            effects.push(Effect::SaveLibrary(self.library.clone()));
        }
        if reads {
            effects.push(Effect::ClosePlayer(session));
        }
        effects.push(Effect::Close(session));
    }

    /// Back to the page of the film that is open; of an episode, to that of its series.
    pub(crate) fn leave(&mut self, effects: &mut Vec<Effect>) {
        self.close(effects);
        let (attempt, slow) = match &self.place {
            Place::Opening(opening) => (&opening.attempt, opening.too_slow()),
            Place::Playing(playing) => (&playing.attempt, playing.too_slow()),
            _ => return,
        };
        let film = self.current(&attempt.film);
        let source = attempt.source;
        let from_series = matches!(self.behind.last(), Some(Place::Series(_)));
        if film.episode.is_some() && from_series && !slow {
            self.back(effects);
            return;
        }
        let mut page = FilmPage::with_source(film, source);
        page.slow = slow.then_some(page.source);
        self.place = Place::Film(page);
    }

    pub(crate) fn fail(&mut self, text: (String, String), effects: &mut Vec<Effect>) {
        if matches!(&self.place, Place::Playing(playing) if playing.is_over()) {
            // There is nothing left to try again.
            self.leave(effects);
            return;
        }
        self.close(effects);
        let mut attempt = match &self.place {
            Place::Opening(opening) => opening.attempt.clone(),
            Place::Playing(playing) => playing.attempt.clone(),
            _ => return,
        };
        // Trying again goes on where the film stopped.
        let mark = self.library.marks.get(&attempt.film.id);
        attempt.at = mark.and_then(crate::Mark::resume).unwrap_or(attempt.at);
        self.place = Place::Trouble(Trouble::new(attempt, text));
    }

    pub(crate) fn leave_trouble(
        &mut self,
        way: WayOut,
        attempt: &Attempt,
        effects: &mut Vec<Effect>,
    ) {
        let film = self.current(&attempt.film);
        match way {
            WayOut::TryAgain => self.open(film, attempt.source, attempt.at, effects),
            WayOut::OtherSource => {
                self.place = Place::Film(FilmPage::choosing(film, attempt.source));
            }
            WayOut::Back => {
                self.place = Place::Film(FilmPage::with_source(film, attempt.source));
            }
        }
    }

    pub(crate) fn supply(&mut self, news: SupplyNews, effects: &mut Vec<Effect>) {
        if let SupplyNews::Progress(progress) = &news {
            self.taste.measures(progress);
        }
        match (news, &mut self.place) {
            (SupplyNews::Failed(failure), _) => {
                self.fail(words::supply_failure(&failure), effects);
            }
            (SupplyNews::Ready { size, subtitles }, Place::Opening(opening))
                if !opening.reading() =>
            {
                opening.reads(size);
                let (session, at) = (opening.attempt.session, opening.attempt.at);
                effects.push(Effect::OpenPlayer {
                    session,
                    at,
                    subtitles,
                });
            }
            (SupplyNews::Progress(progress), Place::Opening(opening)) => {
                opening.progress(progress, self.now);
                if opening.supply.tells_of_ram() {
                    self.notify(words::IN_RAM.into());
                }
                self.start_if_ready(effects);
            }
            (SupplyNews::Progress(progress), Place::Playing(playing)) => {
                playing.progress(progress, self.now);
                if playing.supply.tells_of_ram() {
                    self.notify(words::IN_RAM.into());
                }
            }
            _ => {}
        }
    }

    pub(crate) fn player(&mut self, news: PlayerNews, effects: &mut Vec<Effect>) {
        if let PlayerNews::Failed(failure) = &news {
            self.fail(words::player_failure(failure), effects);
            return;
        }
        match &mut self.place {
            Place::Opening(opening) => {
                opening.player(news, self.now);
                self.start_if_ready(effects);
            }
            Place::Playing(playing) => {
                let save = matches!(news, PlayerNews::Seeked(_) | PlayerNews::Fitted(_));
                let tracks = matches!(news, PlayerNews::Tracks(_));
                let step = playing.player(news, self.now, effects);
                if tracks {
                    playing.choose_by_itself(&self.texts, effects);
                }
                self.take(step, save, effects);
            }
            _ => {}
        }
    }

    /// Add-ons have subtitles for the film that plays.
    pub(crate) fn texts_found(&self, texts: Vec<Text>, effects: &mut Vec<Effect>) {
        if let Place::Playing(playing) = &self.place
            && !texts.is_empty()
        {
            let session = playing.attempt.session;
            effects.push(Effect::AddTexts(session, self.texts.shortlist(texts)));
        }
    }

    pub(crate) fn start_if_ready(&mut self, effects: &mut Vec<Effect>) {
        let Place::Opening(opening) = &self.place else {
            return;
        };
        let Some(player) = opening.player.clone().filter(|_| opening.can_start()) else {
            return;
        };
        let opening = Opening::clone(opening);
        let (film, at) = (opening.attempt.film.clone(), opening.attempt.at);
        let chosen = (self.library.choices(&film), self.library.look);
        self.library.began(&film, at);
        if let Some(video) = film.origin.clone() {
            let session = opening.attempt.session;
            effects.push(Effect::FindTexts { session, video });
        }
        let mut playing = Playing::new(opening, player, chosen, self.now);
        playing.sleep_timer = self.power.timer_min();
        playing.begin(&self.texts, effects);
        self.place = Place::Playing(Box::new(playing));
        effects.push(Effect::SaveLibrary(self.library.clone()));
    }

    /// Follows what the playing film asks for, and writes its position when that is due.
    pub(crate) fn take(&mut self, step: Step, at_once: bool, effects: &mut Vec<Effect>) {
        match step {
            Step::Leave => self.leave(effects),
            Step::Ended => self.ended(effects),
            Step::PlayNext { by_itself } => self.play_next(by_itself, effects),
            Step::SayAgain => {
                if let Place::Playing(playing) = &mut self.place {
                    let step = playing.say_again(&self.texts, self.now, effects);
                    self.take(step, true, effects);
                }
            }
            Step::Refused => self.notify(words::NO_SEEKING.into()),
            Step::Tell(text) => {
                self.mark(true, effects);
                self.notify(text);
            }
            Step::SleepTimer(minutes) => self.power.set_timer(minutes, self.now),
            Step::Sound(sound) => self.set_sound(sound),
            Step::Stay => self.mark(at_once, effects),
        }
    }

    /// Notes where the film is, and writes it down if it is time to, or `at_once`.
    fn mark(&mut self, at_once: bool, effects: &mut Vec<Effect>) {
        if let Place::Playing(playing) = &mut self.place
            && playing.mark(&mut self.library, self.now, at_once)
        {
            effects.push(Effect::SaveLibrary(self.library.clone()));
        }
    }
}
