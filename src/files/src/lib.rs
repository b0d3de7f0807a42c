//! Films that are files: on a web server, or of this box and its drives.
//!
//! What the player is given is a [`media::Source`] that can be read anywhere (`web`, `local`);
//! what the core is told is what it is told of torrents. The web is called by the crate `fetch`
//! alone, which looks where an address leads. Nothing is kept on a disk: a web film lives in a ring
//! of RAM (`ring`) around where it is played. Nothing is got ahead of a film that is not open: who
//! pays for a server's traffic pays for every look.
//!
//! Invariant: after [`Files::close`] nothing is told of that session, and nobody is asked for it.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod fault;
mod line;
mod local;
mod meter;
mod pace;
mod ring;
mod web;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::{Progress, Reach, Session, SupplyFailure, SupplyNews, WebFile};
use fetch::Fetch;
use media::Source;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, sleep_until};

use local::LocalFilm;
use web::WebFilm;

/// A film in RAM, unless the owner says otherwise: at 10 Mb/s fifty seconds.
pub const RAM_BYTES: u64 = 64 << 20;

/// The contract of [`SupplyNews::Progress`].
const INTERVAL: Duration = Duration::from_millis(1000 / meter::PER_SECOND);
/// What begins and ends in one breath is one news.
const BREATH: Duration = Duration::from_millis(20);

/// Whoever is told what happens.
type News = Arc<dyn Fn(Session, SupplyNews) + Send + Sync>;

/// All films that are files. Cheap to clone.
#[derive(Clone)]
pub struct Files(Arc<Shared>);

struct Shared {
    fetch: Fetch,
    runtime: Handle,
    /// Bytes of RAM for one web film.
    ram_bytes: u64,
    news: News,
    open: Mutex<HashMap<Session, Open>>,
}

struct Open {
    film: Option<Film>,
    task: Option<AbortHandle>,
}

enum Film {
    Web(WebFilm),
    Local(LocalFilm),
}

impl Film {
    fn changes(&self) -> watch::Receiver<()> {
        match self {
            Film::Web(film) => film.changes(),
            Film::Local(film) => film.changes(),
        }
    }

    fn progress(&self, sample: bool) -> Result<Progress, SupplyFailure> {
        match self {
            Film::Web(film) => film.progress(sample),
            Film::Local(film) => Ok(film.progress(sample)),
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
        if let Some(Film::Web(film)) = &self.film {
            film.close();
        }
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Files")
    }
}

impl Files {
    /// A web film takes `ram_bytes` (8 MiB at least). `news` is called from the runtime's threads
    /// and must not block.
    pub fn new(fetch: Fetch, ram_bytes: u64, runtime: Handle, news: News) -> Files {
        Files(Arc::new(Shared {
            fetch,
            runtime,
            ram_bytes,
            news,
            open: Mutex::default(),
        }))
    }

    /// Makes a film readable, and says so; `at`: the byte where the viewer left off. What is no
    /// file is refused.
    pub fn open(&self, session: Session, reach: Reach, at: Option<u64>) {
        let open = Open {
            film: None,
            task: None,
        };
        self.0.open().insert(session, open);
        let shared = Arc::clone(&self.0);
        let task = self.0.runtime.spawn(async move {
            let end = match reach {
                Reach::Web(file) => shared.play_web(session, file, at).await,
                Reach::File(path) => shared.open_local(session, path).await,
                Reach::Torrent(_) => Err(SupplyFailure::Unsupported("A torrent".to_owned())),
            };
            if let Err(failure) = end {
                shared.tell(session, SupplyNews::Failed(failure));
            }
        });
        match self.0.open().get_mut(&session) {
            Some(open) => open.task = Some(task.abort_handle()),
            None => task.abort(),
        }
    }

    /// Nothing more is told or asked; whoever still reads is told that it is over.
    pub fn close(&self, session: Session) {
        // Dropped without the lock.
        let open = self.0.open().remove(&session);
        drop(open);
    }

    /// After `Ready`: the film's bytes.
    pub fn film(&self, session: Session) -> Option<Arc<dyn Source>> {
        let open = self.0.open();
        Some(match open.get(&session)?.film.as_ref()? {
            Film::Web(film) => Arc::new(film.share()),
            Film::Local(film) => Arc::new(film.share()),
        })
    }
}

impl Shared {
    fn open(&self) -> MutexGuard<'_, HashMap<Session, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, session: Session, news: SupplyNews) {
        if self.open().contains_key(&session) {
            (self.news)(session, news);
        }
    }

    /// Puts it where it is found, and says that it is there.
    fn ready(&self, session: Session, film: Film, size: u64) {
        if let Some(open) = self.open().get_mut(&session) {
            open.film = Some(film);
        }
        let subtitles = Vec::new();
        self.tell(session, SupplyNews::Ready { size, subtitles });
    }

    async fn play_web(
        self: &Arc<Shared>,
        session: Session,
        file: WebFile,
        at: Option<u64>,
    ) -> Result<(), SupplyFailure> {
        let (film, lines) = web::open(self.fetch.clone(), file, self.ram_bytes, at).await?;
        self.ready(session, Film::Web(film.share()), film.size());
        let followed = Film::Web(film.share());
        tokio::select! {
            end = self.follow(session, &followed) => end,
            () = lines => film.progress(false).map(drop),
        }
    }

    /// Tells the core how the film does, four times a second at most and when a reader begins or
    /// ends to wait.
    async fn follow(&self, session: Session, film: &Film) -> Result<(), SupplyFailure> {
        let mut changes = film.changes();
        let (mut told, mut due) = (None, Instant::now());
        loop {
            let sample = Instant::now() >= due;
            if sample {
                due = Instant::now() + INTERVAL;
            }
            let progress = film.progress(sample)?;
            let waits = |it: &Progress| it.waiting_at.is_some();
            let turned = told.as_ref().map(waits) != Some(waits(&progress));
            if (sample || turned) && told.as_ref() != Some(&progress) {
                told = Some(progress.clone());
                self.tell(session, SupplyNews::Progress(progress));
            }
            sleep(BREATH).await;
            tokio::select! {
                () = sleep_until(due) => {}
                changed = changes.changed() => if changed.is_err() {
                    return Ok(());
                },
            }
        }
    }

    async fn open_local(
        self: &Arc<Shared>,
        session: Session,
        path: Arc<str>,
    ) -> Result<(), SupplyFailure> {
        let shared = Arc::downgrade(self);
        let failed = move |failure| {
            if let Some(shared) = shared.upgrade() {
                shared.tell(session, SupplyNews::Failed(failure));
            }
        };
        let open = move || LocalFilm::open(Path::new(&*path), Box::new(failed));
        let film = tokio::task::spawn_blocking(open).await;
        let film = film.map_err(|_| SupplyFailure::Broken("the program ends".to_owned()))??;
        let size = film.progress(false).size;
        self.ready(session, Film::Local(film.share()), size);
        let followed = Film::Local(film.share());
        tokio::select! {
            end = self.follow(session, &followed) => end,
            () = film.read_ahead() => Ok(()),
        }
    }
}
