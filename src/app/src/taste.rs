//! What sources are held against: the board, the owner's wishes, what the line was measured to
//! give, and the release that the last episode of a series was played from.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::choosing::{Board, Choice, Line, Offer, Wish, choose};
use crate::{Film, Licence, Progress, Title};

/// Series whose release is remembered.
const RELEASES_MAX: usize = 200;

#[derive(Debug, Clone)]
pub(crate) struct Taste {
    board: Board,
    wish: Wish,
    line: Line,
    releases: BTreeMap<Title, String>,
}

impl Taste {
    pub(crate) fn new(board: Board, wish: Wish) -> Taste {
        Taste {
            board,
            wish,
            line: Line::Unknown,
            releases: BTreeMap::new(),
        }
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

    /// This source of the film is played.
    pub(crate) fn plays(&mut self, film: &Film, source: usize) {
        let release = film
            .sources
            .get(source)
            .and_then(|it| it.offer.release.clone());
        let (Some(episode), Some(release)) = (&film.episode, release) else {
            return;
        };
        if self.releases.len() >= RELEASES_MAX && !self.releases.contains_key(&episode.series) {
            self.releases.pop_first();
        }
        self.releases.insert(episode.series.clone(), release);
    }

    /// The film's sources, the best first.
    pub(crate) fn choose(&self, film: &Film) -> Vec<Choice> {
        let series = film.episode.as_ref().map(|episode| &episode.series);
        let wish = Wish {
            release: series.and_then(|series| self.releases.get(series).cloned()),
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
