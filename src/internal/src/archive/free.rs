//! The films that Wikidata knows an item of the Archive for: a list that is fetched now and then
//! and kept, so that a search need not ask about each hit.
//!
//! Until it came once, and where it cannot be had, only what is old enough counts as free.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use facts::Imdb;
use facts::wiki::{FreeFilm, ROWS, Wiki};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::ask::{Line, Terms, failed};

/// The list grows by a few films a day.
const FRESH: Duration = Duration::from_secs(7 * 24 * 3600);
/// Half a year, the longest that anything is kept.
const ON_ERROR: Duration = Duration::from_secs(180 * 24 * 3600);
/// What is held is read again after this; most often from what is kept.
const READ_AGAIN: Duration = Duration::from_secs(24 * 3600);
/// After a failure.
const TRY_AGAIN: Duration = Duration::from_secs(600);
/// A row of the wall waits so long for it the first time.
const WAIT: Duration = Duration::from_secs(3);
/// Of one page; the question makes Wikidata work for seconds, and it gives up after 60.
const WHOLE: Duration = Duration::from_secs(60);
/// Some 6,000 films are known with an item; each row takes 150 bytes.
const PAGES_MAX: u32 = 12;

#[derive(Debug, Clone)]
pub(super) struct FreeFilms(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    line: Line,
    wiki: Wiki,
    /// None until the first answer or failure.
    known: watch::Sender<Option<Arc<Known>>>,
    /// When it is to be asked for.
    due: Mutex<Option<Instant>>,
}

#[derive(Debug, Default)]
pub(super) struct Known {
    items: HashSet<String>,
    by_imdb: HashMap<Imdb, String>,
}

impl Known {
    pub(super) fn has(&self, item: &str) -> bool {
        self.items.contains(item)
    }

    pub(super) fn item(&self, imdb: Imdb) -> Option<String> {
        self.by_imdb.get(&imdb).cloned()
    }

    fn add(&mut self, films: Vec<FreeFilm>) {
        for film in films {
            self.items.insert(film.archive.clone());
            self.by_imdb.entry(film.imdb).or_insert(film.archive);
        }
    }
}

impl FreeFilms {
    pub(super) fn new(line: Line, wiki: Wiki) -> FreeFilms {
        FreeFilms(Arc::new(Inner {
            line,
            wiki,
            known: watch::Sender::new(None),
            due: Mutex::new(None),
        }))
    }

    /// What is known; waits a little for the first answer.
    pub(super) async fn known(&self) -> Arc<Known> {
        self.begin();
        let mut news = self.0.known.subscribe();
        let came = timeout(WAIT, news.wait_for(Option::is_some)).await;
        match came {
            Ok(Ok(known)) => known.clone().unwrap_or_default(),
            _ => Arc::default(),
        }
    }

    /// Asks for the list if it is due; goes on when nobody waits for it any more.
    fn begin(&self) {
        let now = Instant::now();
        {
            let mut due = self.0.due.lock().unwrap_or_else(PoisonError::into_inner);
            if due.is_some_and(|due| now < due) {
                return;
            }
            *due = Some(now + READ_AGAIN);
        }
        let inner = Arc::clone(&self.0);
        tokio::spawn(async move { inner.load().await });
    }

    /// Whether what is known may be taken for all.
    #[cfg(test)]
    fn is_due(&self) -> bool {
        let due = self.0.due.lock().unwrap_or_else(PoisonError::into_inner);
        due.is_none_or(|due| Instant::now() >= due)
    }
}

impl Inner {
    async fn load(&self) {
        let mut known = Known::default();
        let mut failure = None;
        for page in 0..PAGES_MAX {
            match self.page(page).await {
                Ok(films) if films.is_empty() => break,
                Ok(films) => known.add(films),
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        if let Some(error) = failure {
            tracing::warn!("the list of free films is not whole: {error}");
            let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
            *due = Some(Instant::now() + TRY_AGAIN);
        }
        tracing::debug!("{} free films are known", known.items.len());
        self.known.send_if_modified(|held| {
            // Less than before is a failure, not news.
            let more = held
                .as_ref()
                .is_none_or(|held| held.items.len() <= known.items.len());
            if more {
                *held = Some(Arc::new(known));
            }
            more
        });
    }

    async fn page(&self, page: u32) -> Result<Vec<FreeFilm>, addon::AddOnError> {
        let terms = Terms {
            whole: WHOLE,
            ..Terms::kept(FRESH, ON_ERROR)
        };
        let asked = self.wiki.free_films(page * ROWS);
        let films = self.line.read(&asked, terms, FreeFilm::of).await?;
        films.map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn where_nobody_answers_nothing_is_known_and_it_is_asked_again_later() {
        let fetch = fetch::Fetch::new(fetch::Config::default()).unwrap();
        // A host at home that nobody listed: refused without a call.
        let place = "http://127.0.0.1:9".to_owned();
        let free = FreeFilms::new(Line::to(&fetch, Some(&place)), Wiki::new("en").at(&place));
        assert!(!free.known().await.has("Sintel"));
        assert!(!free.is_due());
        tokio::time::advance(TRY_AGAIN).await;
        assert!(free.is_due());
    }
}
