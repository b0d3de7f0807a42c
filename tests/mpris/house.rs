//! The real core on a bus, in a world that does at once what it wants: a film is here as soon as it
//! is opened, and a seek is done when it is asked for.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::choosing::Offer;
use app::{
    Answer, App, Effect, Episode, Event, Facts, Film, FilmId, Key, Library, PlayerNews, Poster,
    Preferences, Press, Progress, Reach, Screen, Session, Source, SupplyNews, Time, Title, Tracks,
    View, WebFile,
};
use futures_util::future::ready;
use matinee::mpris::{self, Desk};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use crate::SOON;

/// Of every film.
pub(crate) const LENGTH: Duration = Duration::from_mins(2);
const SIZE: u64 = 12_000_000;

/// A box whose only shell is the one that is tested.
pub(crate) struct Core {
    events: mpsc::UnboundedSender<Event>,
    views: watch::Receiver<Arc<View>>,
    /// Where the player was sent.
    pub(crate) sought: Arc<Mutex<Vec<Duration>>>,
}

impl Core {
    /// On that bus.
    pub(crate) fn start(bus: &str) -> Core {
        Core::with(bus, Preferences::default())
    }

    pub(crate) fn with(bus: &str, preferences: Preferences) -> Core {
        let series = owl();
        let title = series.origin.clone().unwrap();
        let library = Library {
            series: [(title, series)].into(),
            ..Library::default()
        };
        let app = App::new(library, preferences);
        let (events, told) = mpsc::unbounded_channel();
        let (sender, views) = watch::channel(Arc::new(app.view()));
        let sought = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn(run(app, told, sender, Arc::clone(&sought)));
        let (tell, opened) = (events.clone(), events.clone());
        let desk = Desk {
            views: views.clone(),
            tell: Arc::new(move |event| {
                let _ = tell.send(event);
                Box::pin(ready(()))
            }),
            open: Arc::new(move |link| {
                let is_one = link.starts_with("magnet:?");
                if is_one {
                    let _ = opened.send(Event::Open(film("linked")));
                }
                Box::pin(ready(is_one))
            }),
        };
        mpris::start(bus.to_owned(), desk, &Handle::current());
        Core {
            events,
            views,
            sought,
        }
    }

    pub(crate) fn tell(&self, event: Event) {
        self.events.send(event).unwrap();
    }

    fn press(&self, key: Key) {
        self.tell(Event::Key(key, Press::Down));
        self.tell(Event::Key(key, Press::Up));
    }

    /// News of the player that has the film.
    pub(crate) async fn player(&self, news: PlayerNews) {
        let view = self.until(|view| session(view).is_some()).await;
        self.tell(Event::Player(session(&view).unwrap(), news));
    }

    pub(crate) async fn play(&self, film: Film) {
        let id = film.id.clone();
        self.tell(Event::Open(film));
        self.press(Key::Play);
        self.until(|view| matches!(&view.screen, Screen::Playing(it) if it.film == id))
            .await;
    }

    /// Waits for a view that is so.
    pub(crate) async fn until(&self, is: impl Fn(&View) -> bool) -> Arc<View> {
        let mut views = self.views.clone();
        let seen = timeout(SOON, views.wait_for(|view| is(view))).await;
        let Ok(view) = seen else {
            panic!("only {:?}", self.views.borrow().screen);
        };
        Arc::clone(&view.unwrap())
    }

    pub(crate) async fn until_at(&self, secs: u64) {
        let at = Duration::from_secs(secs);
        self.until(|view| matches!(&view.screen, Screen::Playing(it) if it.position == at))
            .await;
    }

    pub(crate) fn stop(&self) {
        self.tell(Event::Shutdown);
    }
}

fn session(view: &View) -> Option<Session> {
    match &view.screen {
        Screen::Playing(playing) => Some(playing.session),
        _ => None,
    }
}

async fn run(
    mut app: App,
    mut events: mpsc::UnboundedReceiver<Event>,
    views: watch::Sender<Arc<View>>,
    sought: Arc<Mutex<Vec<Duration>>>,
) {
    while let Some(event) = events.recv().await {
        let ends = event == Event::Shutdown;
        let mut waiting = VecDeque::from([event]);
        while let Some(event) = waiting.pop_front() {
            for effect in app.update(event, Time::default()) {
                if let Effect::Seek { to, .. } = effect {
                    sought.lock().unwrap().push(to);
                }
                waiting.extend(done(&effect));
            }
        }
        if ends {
            return;
        }
        views.send_replace(Arc::new(app.view()));
    }
}

/// What comes of it.
fn done(effect: &Effect) -> Vec<Event> {
    match effect {
        Effect::Open { session, .. } => vec![Event::Supply(
            *session,
            SupplyNews::Ready {
                size: SIZE,
                subtitles: Vec::new(),
            },
        )],
        Effect::OpenPlayer { session, .. } => {
            let ready = PlayerNews::Ready {
                duration: Some(LENGTH),
                seekable: true,
                tracks: Tracks::default(),
                chapters: Vec::new(),
            };
            let all_of_it = Progress {
                peers: 3,
                rate: 900_000,
                capacity: 900_000,
                size: SIZE,
                have: std::iter::once(0..SIZE).collect(),
                ..Progress::default()
            };
            vec![
                Event::Player(*session, ready),
                Event::Supply(*session, SupplyNews::Progress(all_of_it)),
            ]
        }
        Effect::Seek { session, to, .. } => vec![Event::Player(*session, PlayerNews::Seeked(*to))],
        Effect::FindSources { quest, .. } => vec![Event::Offers(
            *quest,
            Answer {
                from: None,
                asked: 1,
                answered: 1,
                items: vec![source("found")],
            },
        )],
        _ => Vec::new(),
    }
}

fn source(id: &str) -> Source {
    Source {
        label: id.into(),
        reach: Reach::Web(WebFile {
            url: format!("https://films.example/{id}.mkv"),
            ..WebFile::default()
        }),
        offer: Offer::default(),
    }
}

/// A film that can be had.
pub(crate) fn film(id: &str) -> Film {
    Film {
        id: FilmId(id.into()),
        title: id.to_uppercase(),
        sources: vec![source(id)],
        ..Film::default()
    }
}

pub(crate) fn with_poster(film: Film, file: &Path) -> Film {
    let path = file.to_str().unwrap();
    Film {
        poster: Some(Poster(path.into())),
        ..film
    }
}

/// A series of two episodes.
fn owl() -> Film {
    let episode = |number| {
        Arc::new(Episode {
            series: Title::new("series", "owl"),
            series_name: "OWL".into(),
            id: format!("owl:1:{number}").into(),
            season: 1,
            number,
            name: format!("Part {number}"),
            synopsis: String::new(),
            released: None,
            still: None,
            runtime_min: None,
        })
    };
    Film {
        id: FilmId("series:owl".into()),
        title: "OWL".into(),
        origin: Some(Title::new("series", "owl")),
        facts: Some(Arc::new(Facts {
            episodes: vec![episode(1), episode(2)],
            ..Facts::default()
        })),
        ..Film::default()
    }
}

/// The first of those.
pub(crate) fn first_episode() -> Film {
    let facts = owl().facts.unwrap();
    Film {
        id: FilmId("series:owl:1:1".into()),
        title: "OWL 1".into(),
        sources: vec![source("owl-1")],
        episode: Some(Arc::clone(&facts.episodes[0])),
        ..Film::default()
    }
}
