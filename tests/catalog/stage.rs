//! A catalogue that keeps things in memory, the events it tells, and add-ons on npm's SDK.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::{AddOn, AddOnFailure, Event, Film, Listed, Quest, Row, Source, Title};
use catalog::{Catalog, Config, Installed, Keeper};
use fetch::{Fetch, Memory};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::time::timeout;

/// Nothing here takes a tenth of it; a test that hangs must end by itself.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the store would keep.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) add_ons: Mutex<Vec<Installed>>,
    pub(crate) seen: Mutex<Vec<Film>>,
}

impl Keeper for Kept {
    fn add_ons(&self) -> Vec<Installed> {
        self.add_ons.lock().unwrap().clone()
    }

    fn set_add_ons(&self, add_ons: Vec<Installed>) {
        *self.add_ons.lock().unwrap() = add_ons;
    }

    fn seen(&self, films: &[Film]) {
        self.seen.lock().unwrap().extend_from_slice(films);
    }

    fn search(&self, words: &str, most: usize) -> Vec<Film> {
        let seen = self.seen.lock().unwrap();
        let fits = seen.iter().filter(|film| film.title.contains(words));
        fits.take(most).cloned().collect()
    }
}

/// What outlives a restart.
#[derive(Clone)]
pub(crate) struct Disk {
    pub(crate) kept: Arc<Kept>,
    answers: Arc<Memory>,
}

impl Disk {
    pub(crate) fn new() -> Disk {
        Disk {
            kept: Arc::default(),
            answers: Arc::new(Memory::new(16 << 20)),
        }
    }
}

/// The catalogue, and what it told so far.
pub(crate) struct Stage {
    pub(crate) catalog: Catalog,
    news: UnboundedReceiver<Event>,
    /// The rows as the core has them: in the order in which they came.
    rows: Vec<Row>,
    pub(crate) add_ons: Vec<AddOn>,
    /// The list was told, be it empty.
    pub(crate) heard_add_ons: bool,
    /// For one event; more where time is only reckoned.
    pub(crate) patience: Duration,
}

impl Stage {
    pub(crate) fn start(disk: &Disk, own: Vec<Arc<dyn addon::AddOn>>) -> Stage {
        let (sender, news) = mpsc::unbounded_channel();
        let fetch = Fetch::new(fetch::Config {
            answers: Some(Arc::clone(&disk.answers) as _),
            ..fetch::Config::default()
        });
        let config = Config {
            fetch: fetch.unwrap(),
            own,
            keeper: Arc::clone(&disk.kept) as _,
            lan: Vec::new(),
            own_texts: Arc::new(|address| {
                let own = address.strip_prefix("own:")?.to_owned();
                Some(Box::pin(async move { Ok(own.into()) }))
            }),
        };
        // After the test nobody hears.
        let tell = move |event| drop(sender.send(event));
        Stage {
            catalog: Catalog::start(config, Handle::current(), Arc::new(tell)),
            news,
            rows: Vec::new(),
            add_ons: Vec::new(),
            heard_add_ons: false,
            patience: PATIENCE,
        }
    }

    /// The next event, taken in as the core would.
    async fn next(&mut self, what: &str) -> Event {
        let event = timeout(self.patience, self.news.recv()).await;
        let event = event.unwrap_or_else(|_| {
            let rows: Vec<_> = self
                .rows
                .iter()
                .map(|it| (&it.title, it.films.len()))
                .collect();
            panic!("waited in vain for {what}; {rows:?}, {:?}", self.add_ons)
        });
        let event = event.expect("the catalogue is there");
        match &event {
            Event::Row(row) => match self.rows.iter_mut().find(|it| it.id == row.id) {
                Some(known) => *known = row.clone(),
                None => self.rows.push(row.clone()),
            },
            Event::RowGone(id) => self.rows.retain(|row| row.id != *id),
            Event::AddOns(add_ons) => {
                self.add_ons.clone_from(add_ons);
                self.heard_add_ons = true;
            }
            _ => {}
        }
        event
    }

    /// Waits until what was told is so.
    pub(crate) async fn until(&mut self, what: &str, is: impl Fn(&Stage) -> bool) {
        while !is(self) {
            self.next(what).await;
        }
    }

    /// Waits for an event.
    pub(crate) async fn hear<T>(&mut self, what: &str, is: impl Fn(Event) -> Option<T>) -> T {
        loop {
            if let Some(found) = is(self.next(what).await) {
                return found;
            }
        }
    }

    /// Titles and numbers of films of the rows that the core would show.
    pub(crate) fn wall(&self) -> Vec<(&str, usize)> {
        let shown = self.rows.iter().filter(|row| !row.films.is_empty());
        shown
            .map(|row| (row.title.as_str(), row.films.len()))
            .collect()
    }

    /// In their order.
    pub(crate) fn row_ids(&self) -> Vec<&str> {
        self.rows.iter().map(|row| &*row.id).collect()
    }

    pub(crate) fn row(&self, title: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.title == title)
    }

    pub(crate) async fn install(&self, link: &str) -> Result<AddOn, AddOnFailure> {
        self.catalog.install(link.to_owned()).await
    }

    /// All sources, when everybody has answered, and how many were asked.
    pub(crate) async fn sources(&mut self, quest: u64, video: &Title) -> (Vec<Source>, u16) {
        let quest = Quest(quest);
        self.catalog.find_sources(quest, video.clone());
        let mut found = Vec::new();
        loop {
            let answer = self.hear("offers", |event| match event {
                Event::Offers(of, answer) if of == quest => Some(answer),
                _ => None,
            });
            let answer = answer.await;
            found.extend(answer.items);
            if answer.answered == answer.asked {
                return (found, answer.asked);
            }
        }
    }

    /// All films, when everybody has answered and the box itself has looked.
    pub(crate) async fn found(&mut self, quest: u64, text: &str) -> (Vec<Film>, u16) {
        let quest = Quest(quest);
        self.catalog.search(quest, text.to_owned());
        let (mut found, mut alone) = (Vec::new(), 0);
        loop {
            let answer = self.hear("films", |event| match event {
                Event::Found(of, answer) if of == quest => Some(answer),
                _ => None,
            });
            let answer = answer.await;
            found.extend(answer.items);
            // How many are asked, and what was seen before.
            alone += usize::from(answer.from.is_none());
            if answer.answered == answer.asked && alone == 2 {
                return (found, answer.asked);
            }
        }
    }

    /// All that an add-on lists, when all its lists have been told.
    pub(crate) async fn listed(&mut self, quest: u64, id: &str) -> Vec<Listed> {
        let quest = Quest(quest);
        self.catalog.list_add_ons(quest, id.into());
        let mut found = Vec::new();
        loop {
            let answer = self.hear("a list", |event| match event {
                Event::AddOnsListed(of, answer) if of == quest => Some(answer),
                _ => None,
            });
            let answer = answer.await;
            found.extend(answer.items);
            if answer.answered == answer.asked {
                return found;
            }
        }
    }

    /// The last that is told of a title before everybody was heard.
    pub(crate) async fn described(&mut self, title: &Title) -> Option<Film> {
        self.catalog.describe(title.clone());
        let told = self.hear("facts", |event| match event {
            Event::Described(of, told) if of == *title => Some(told),
            _ => None,
        });
        told.await.map(|film| *film)
    }
}
