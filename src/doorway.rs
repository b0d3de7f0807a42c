//! The catalogue and the core's library behind the control API's door, which knows neither.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::{
    AddOn, AddOnChange, AddOnFailure, Event, Film, FilmId, Household, Library, Pin, ProfileId,
    SupplyFailure, Title,
};
use catalog::Catalog;
use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio::time::timeout;
use torrent::Torrents;

use crate::event_loop::Inbox;
use crate::remote::{Found, Handed, Titles};

/// Films of one search over the API; the screen shows as many.
const FOUND_MAX: usize = 300;

/// What the API asks for by titles.
#[derive(Clone)]
pub struct Doorway {
    pub catalog: Catalog,
    pub inbox: Inbox,
    /// Those that no add-on tells of: the films of catalogue files, ours and the owner's.
    pub films: Arc<Vec<Film>>,
    /// As it was saved last.
    pub library: watch::Receiver<Arc<Library>>,
    /// Who watches.
    pub household: watch::Receiver<Arc<Household>>,
}

impl fmt::Debug for Doorway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Doorway")
    }
}

impl Titles for Doorway {
    fn add_ons(&self) -> Vec<AddOn> {
        self.catalog.add_ons()
    }

    fn install(&self, address: String) -> BoxFuture<'static, Result<AddOn, AddOnFailure>> {
        self.catalog.install(address)
    }

    fn change(&self, change: AddOnChange) {
        self.catalog.change(change);
    }

    fn search(&self, words: String, within: Duration) -> BoxFuture<'static, Found> {
        let household = Arc::clone(&self.household.borrow());
        let here = self
            .films
            .iter()
            .filter(|film| app::fits(&film.title, &words) && household.lets(film));
        let found = Arc::new(Mutex::new(Found {
            films: here.take(FOUND_MAX).cloned().collect(),
            ..Found::default()
        }));
        let (all, seen) = (Arc::clone(&found), Mutex::new(HashSet::new()));
        let search = self.catalog.look_for(words, move |answer| {
            let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            (all.asked, all.answered) = (answer.asked, answer.answered);
            for film in answer.items {
                if !household.lets(&film) {
                    continue;
                }
                if all.films.len() < FOUND_MAX && seen.insert(film.id.clone()) {
                    all.films.push(film);
                }
            }
        });
        Box::pin(async move {
            // Who is late is left out.
            let _ = timeout(within, search).await;
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *found)
        })
    }

    fn library(&self) -> Arc<Library> {
        Arc::clone(&self.library.borrow())
    }

    fn household(&self) -> Arc<Household> {
        Arc::clone(&self.household.borrow())
    }

    fn watches(&self, id: ProfileId, pin: Option<Pin>) {
        self.tell(Event::Watches(id, pin));
    }

    fn types_pin(&self, pin: Pin) {
        self.tell(Event::PinTyped(pin));
    }

    fn open(&self, title: Title) -> FilmId {
        // What it is called is told with the rest of its facts.
        self.show(catalog::known(&title, &title.id))
    }

    fn open_film(&self, id: &str) -> Option<FilmId> {
        let film = self.films.iter().find(|film| film.id.0 == id)?;
        Some(self.show(film.clone()))
    }
}

impl Doorway {
    fn show(&self, film: Film) -> FilmId {
        let id = film.id.clone();
        self.tell(Event::Open(film));
        id
    }

    /// News may wait for the loop, and this must not.
    fn tell(&self, event: Event) {
        let inbox = self.inbox.clone();
        tokio::task::spawn_blocking(move || inbox.news(event));
    }
}

/// Opens the page of a film that was handed to the box; reads and writes files.
///
/// # Errors
/// When it is no torrent that the engine takes; the viewer is told too.
pub fn open(torrents: &Torrents, inbox: &Inbox, handed: &Handed) -> Result<FilmId, SupplyFailure> {
    let torrent = match handed {
        Handed::Magnet(magnet) => torrents.add_magnet(magnet),
        Handed::Metainfo(bytes) => torrents.add_metainfo(bytes),
    };
    let film = torrent
        .inspect_err(|failure| inbox.news(Event::OpenRefused(failure.clone())))
        .map(Film::of_torrent)?;
    let id = film.id.clone();
    inbox.news(Event::Open(film));
    Ok(id)
}
