//! The next episode, got ready while this one ends: who may have it is asked, the best of what they
//! offer is chosen as Play would choose it, and its beginning is got ahead.
//!
//! It takes nothing from the film that runs: nobody is asked before the rest of that one is here.
//! What was found stays until the viewer comes to it, or opens something else.

use std::time::Duration;

use crate::app::{App, Place};
use crate::film_page::FilmPage;
use crate::finding::Finding;
use crate::library::Library;
use crate::prefetch::Look;
use crate::{Answer, Effect, Film, FilmId, Quest, Source, Time, series_page};

/// The credits of an hour, and time enough to ask everybody and get the first megabytes.
pub(crate) const NEAR_THE_END: Duration = Duration::from_mins(4);

#[derive(Debug)]
pub(crate) struct Coming {
    page: FilmPage,
}

impl Coming {
    fn is(&self, film: &FilmId) -> bool {
        self.page.film.id == *film
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
        let episode = film.episode.as_ref()?;
        let series = self.library.series.get(&episode.series)?;
        let next = series_page::after(&series.facts.as_ref()?.episodes, episode)?;
        Some(series_page::film_of(series, next))
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
