//! The next episode, got ready while this one ends: who may have it is asked, the best of what they
//! offer is chosen as Play would choose it, and its beginning is got ahead. And its card, which is
//! over the film then (`playing::up_next`).
//!
//! It takes nothing from the film that runs: nobody is asked before the rest of that one is here.
//! What was found stays until the viewer comes to it, or opens something else.

use std::sync::Arc;
use std::time::Duration;

use crate::app::{App, Place};
use crate::film_page::FilmPage;
use crate::finding::Finding;
use crate::library::Library;
use crate::playing::up_next::AtEnd;
use crate::playing::{Playing, Step};
use crate::prefetch::Look;
use crate::view::{ActionView, NextView};
use crate::{Answer, Effect, Episode, Film, FilmId, Key, Preferences, Quest, Source, Time};
use crate::{series_page, words};

/// The credits of an hour, and time enough to ask everybody and get the first megabytes.
pub(crate) const NEAR_THE_END: Duration = Duration::from_mins(4);

/// So many episodes play by themselves in a row; then it is asked whether anybody is there.
const ALONE_MAX: u8 = 3;

/// Whether episodes play by themselves.
#[derive(Debug, Default)]
pub(crate) struct Autoplay {
    wanted: bool,
    /// So many have, since somebody pressed a key.
    alone: u8,
}

impl Autoplay {
    pub(crate) fn obey(&mut self, preferences: &Preferences) {
        // Where bytes cost nobody is made to pay while he sleeps.
        self.wanted = preferences.autoplay && !preferences.metered;
    }

    fn at_end(&self) -> AtEnd {
        match self {
            Autoplay { wanted: false, .. } => AtEnd::Wait,
            Autoplay { alone, .. } if *alone >= ALONE_MAX => AtEnd::Ask,
            _ => AtEnd::CountDown,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Coming {
    page: FilmPage,
}

impl Coming {
    fn is(&self, film: &FilmId) -> bool {
        self.page.film.id == *film
    }

    pub(crate) fn film(&self) -> &Film {
        &self.page.film
    }

    /// What is to be got ahead, once it is settled from where.
    fn look(&self, now: Time, library: &Library) -> Option<Look> {
        let film = &self.page.film;
        let settled = self.page.can_play(now);
        let source = film.sources.get(self.page.source).filter(|_| settled)?;
        Look::at(film, source, library)
    }
}

impl App {
    /// Asks for the episode after the one that is about to end.
    pub(crate) fn prepare_next(&mut self, effects: &mut Vec<Effect>) {
        let Place::Playing(playing) = &self.place else {
            return;
        };
        if !self.prefetch.is_allowed() || !playing.is_nearly_over() {
            return;
        }
        let Some(next) = self.next_after(&playing.attempt.film) else {
            return;
        };
        if self.coming.as_ref().is_some_and(|it| it.is(&next.id)) {
            return;
        }
        self.stop_coming(effects);
        let Some(video) = next.origin.clone() else {
            return;
        };
        let quest = self.next_quest();
        let mut page = FilmPage::usual(next, &self.library);
        page.asks(Finding::new(quest, self.now));
        effects.push(Effect::FindSources { quest, video });
        self.coming = Some(Coming { page });
        // Somebody watches, for as long as the film runs.
        self.prefetch.key(self.now);
    }

    fn next_after(&self, film: &Film) -> Option<Film> {
        let (series, next) = self.episode_after(film)?;
        let next = series_page::film_of(series, next);
        self.profiles.sieve.lets(&next).then_some(next)
    }

    fn episode_after(&self, film: &Film) -> Option<(&Film, &Arc<Episode>)> {
        let episode = film.episode.as_ref()?;
        let series = self.library.series.get(&episode.series)?;
        let next = series_page::after(&series.facts.as_ref()?.episodes, episode)?;
        Some((series, next))
    }

    /// For who watches this one, for its series is for viewers of one age.
    pub(crate) fn has_next(&self, film: &Film) -> bool {
        self.episode_after(film).is_some()
    }

    /// Somebody wants what comes after the film that plays, before its end.
    pub(crate) fn look_for_next(&mut self) {
        if let Place::Playing(playing) = &self.place
            && let Some(next) = self.next_after(&playing.attempt.film)
            && let Place::Playing(playing) = &mut self.place
        {
            playing.comes_next(Some(next));
        }
    }

    /// Its card comes with the last part of this one.
    pub(crate) fn offer_next(&mut self) {
        if let Place::Playing(playing) = &self.place
            && playing.wants_next()
        {
            let next = self.next_after(&playing.attempt.film);
            if let Place::Playing(playing) = &mut self.place {
                playing.comes_next(next);
            }
        }
    }

    /// The film was seen to its end: the card of the next episode stays, if there is one.
    pub(crate) fn ended(&mut self, effects: &mut Vec<Effect>) {
        let Place::Playing(playing) = &self.place else {
            return;
        };
        let next = self.next_after(&playing.attempt.film);
        let how = self.autoplay.at_end();
        if let Place::Playing(playing) = &mut self.place {
            playing.mark(&mut self.library, self.now, true);
            playing.comes_next(next);
            if playing.ends(how, self.now) {
                self.library.left(&playing.attempt.film.id, true);
                effects.push(Effect::SaveLibrary(self.library.clone()));
                return;
            }
        }
        self.leave(effects);
    }

    /// The next episode, in the place of this one.
    pub(crate) fn play_next(&mut self, by_itself: bool, effects: &mut Vec<Effect>) {
        let Place::Playing(playing) = &self.place else {
            return;
        };
        let Some(next) = playing.next().cloned() else {
            return;
        };
        self.autoplay.alone = if by_itself {
            self.autoplay.alone.saturating_add(1)
        } else {
            0
        };
        self.close(effects);
        // Of the film nothing is left to go back to; what it was opened from is behind it.
        self.place = Place::Home;
        self.visit(next, effects);
        if let Place::Film(page) = &self.place {
            self.film_key(page.clone(), Key::Play, effects);
        }
    }

    /// Somebody pressed a key.
    pub(crate) fn sign_of_life(&mut self) {
        self.prefetch.key(self.now);
        self.autoplay.alone = 0;
        if let Place::Playing(playing) = &mut self.place {
            playing.stop_countdown();
        }
    }

    /// Time has passed while a film runs, or waits for its viewer.
    pub(crate) fn film_tick(&mut self, effects: &mut Vec<Effect>) {
        if let Place::Playing(playing) = &mut self.place
            && let step @ Step::PlayNext { .. } = playing.tick(self.now, effects)
        {
            self.take(step, false, effects);
        }
    }

    pub(crate) fn next_view(&self, playing: &Playing) -> Option<NextView> {
        let shown = playing.next_shown(self.now)?;
        let episode = shown.film.episode.as_ref()?;
        let heading = if shown.asks {
            words::STILL_WATCHING
        } else if episode.series.is_series() {
            words::NEXT_EPISODE
        } else {
            words::NEXT_PART
        };
        let action = |label| ActionView {
            label,
            enabled: true,
        };
        let mut actions = vec![action(words::PLAY_NOW.into())];
        if shown.over {
            actions.push(action(words::back_from_the_end()));
        }
        Some(NextView {
            heading: heading.into(),
            title: words::episode_of("", episode),
            status: match shown.plays_in {
                Some(seconds) => words::plays_in(seconds),
                None => self.next_status(&shown.film.id),
            },
            actions,
            focus: shown.focus,
            over: shown.over,
        })
    }

    /// Whether the next episode is ready; empty while nobody has asked for it.
    fn next_status(&self, next: &FilmId) -> String {
        let Some(coming) = self.coming.as_ref().filter(|it| it.is(next)) else {
            return String::new();
        };
        let page = &coming.page;
        match &page.finding {
            _ if page.can_play(self.now) => words::NEXT_IS_READY.into(),
            Some(finding) => words::looking_for_sources(finding.answered, finding.asked),
            None => words::NEXT_IS_NOWHERE.into(),
        }
    }

    /// Something else is opened, or the viewer is elsewhere.
    pub(crate) fn stop_coming(&mut self, effects: &mut Vec<Effect>) {
        if let Some(mut coming) = self.coming.take() {
            effects.extend(coming.page.stop_finding());
        }
    }

    /// Somebody offers the next episode.
    pub(crate) fn next_offered(&mut self, quest: Quest, answer: &Answer<Source>) {
        if let Some(coming) = &mut self.coming
            && coming
                .page
                .finding
                .as_ref()
                .is_some_and(|it| it.quest == quest)
        {
            let (taste, library) = (&self.taste, &self.library);
            coming.page.offers(answer.clone(), taste, library, self.now);
        }
    }

    pub(crate) fn settle_coming(&mut self) {
        if let Some(coming) = &mut self.coming {
            coming.page.settle(self.now);
        }
    }

    pub(crate) fn coming_deadline(&self) -> Option<Time> {
        let finding = self.coming.as_ref()?.page.finding.as_ref()?;
        finding.deadline(self.now)
    }

    /// What of the next episode is to be got ahead, while this one ends or the next has the focus.
    pub(crate) fn coming_look(&self) -> Option<Look> {
        let coming = self.coming.as_ref()?;
        let awaited = match &self.place {
            Place::Playing(playing) => playing.is_nearly_over(),
            Place::Series(page) => page.focused_id().is_some_and(|id| coming.is(&id)),
            _ => false,
        };
        coming.look(self.now, &self.library).filter(|_| awaited)
    }

    /// The page of the film as it was got ready, if it was: the viewer has come to it.
    pub(crate) fn prepared(&mut self, film: &Film) -> Option<FilmPage> {
        let now = self.now;
        let ready = |it: &mut Coming| it.is(&film.id) && it.page.can_play(now);
        self.coming.take_if(ready).map(|coming| coming.page)
    }
}
