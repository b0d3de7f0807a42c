//! Between Play and the first source: those who may have the film are being asked.

use std::time::Duration;

use crate::film_page::FilmPage;
use crate::library::Library;
use crate::view::OpeningView;
use crate::{Session, Time, wall, words};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seeking {
    /// The page it began on; it is the place to go back to.
    pub(crate) page: FilmPage,
    /// Where to start once there is a source.
    pub(crate) from: Duration,
}

impl Seeking {
    pub(crate) fn new(page: FilmPage, from: Duration) -> Seeking {
        Seeking { page, from }
    }

    pub(crate) fn deadline(&self, now: Time) -> Option<Time> {
        self.page.finding.as_ref().and_then(|it| it.deadline(now))
    }

    pub(crate) fn view(&self, library: &Library) -> OpeningView {
        let asked = self.page.finding.as_ref();
        let (answered, asked) = asked.map_or((0, 0), |it| (it.answered, it.asked));
        OpeningView {
            // Attempts are counted from 1: there is none yet.
            session: Session(0),
            back: words::BACK_CANCELS.into(),
            card: wall::card(&self.page.film, library),
            headline: words::looking_for_sources(answered, asked),
            detail: String::new(),
            hint: None,
            permille: None,
            peers: 0,
            rate: 0,
        }
    }
}
