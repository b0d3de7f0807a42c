//! What sources are held against: the board, the owner's wishes, and what the line was measured to
//! give.

use std::time::Duration;

use crate::choosing::{Board, Choice, Line, Offer, Wish, choose};
use crate::{Film, Library, Licence, Preferences, Progress};

#[derive(Debug, Clone)]
pub(crate) struct Taste {
    board: Board,
    wish: Wish,
    line: Line,
}

impl Taste {
    pub(crate) fn new(board: Board, wish: Wish) -> Taste {
        Taste {
            board,
            wish,
            line: Line::Unknown,
        }
    }

    pub(crate) fn obey(&mut self, preferences: &Preferences) {
        self.wish = preferences.wish.clone();
    }

    /// A download tells what comes here: the most that one was measured to give is what the line
    /// has, for a slow one says more of its swarm.
    pub(crate) fn measures(&mut self, progress: &Progress) {
        let most = match self.line {
            Line::Unknown => 0,
            Line::Measured(rate) => rate,
        };
        if progress.capacity > most {
            self.line = Line::Measured(progress.capacity);
        }
    }

    /// The most that came here, in bytes a second; none: nothing was fetched yet.
    pub(crate) fn measured(&self) -> Option<u64> {
        match self.line {
            Line::Unknown => None,
            Line::Measured(rate) => Some(rate),
        }
    }

    /// The film's sources, the best first.
    pub(crate) fn choose(&self, film: &Film, library: &Library) -> Vec<Choice> {
        let wish = Wish {
            release: library.release(film),
            ..self.wish.clone()
        };
        // Add-ons seldom say how long a file is; the film's own length is as good.
        let runtime = film
            .runtime_min
            .map(|it| Duration::from_secs(60 * u64::from(it)));
        // A licence is one of the film, whoever passes it on.
        let open = film.licence.as_ref().is_some_and(Licence::is_open);
        let offers = film.sources.iter().map(|source| Offer {
            duration: source.offer.duration.or(runtime),
            open: source.offer.open || open,
            ..source.offer.clone()
        });
        let offers: Vec<_> = offers.collect();
        choose(&offers, &self.board, &wish, self.line)
    }
}
