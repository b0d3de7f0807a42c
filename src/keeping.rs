//! Where the catalogue's things and the web's answers lie: in the store, which knows neither.
//!
//! Plain translation, both ways. What cannot be read is told in the log and is as if it were not
//! there.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use app::{Film, Poster, Title};
use catalog::{Installed, Keeper};
use fetch::{Answers, Kept, Key};
use serde::{Deserialize, Serialize};
use store::{Addon, Item, Store};

/// The store, as the catalogue sees it.
#[derive(Clone)]
pub struct KeptThings(pub Store);

impl fmt::Debug for KeptThings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptThings")
    }
}

impl Keeper for KeptThings {
    fn add_ons(&self) -> Vec<Installed> {
        let kept = self.0.addons();
        let kept = kept.inspect_err(|error| tracing::error!("add-ons: {error}"));
        let installed = kept.unwrap_or_default().into_iter().map(|it| Installed {
            url: it.url,
            manifest: it.manifest,
            enabled: it.enabled,
            secret: it.secret,
            flags: it.flags,
        });
        installed.collect()
    }

    fn set_add_ons(&self, add_ons: Vec<Installed>) {
        let addons = add_ons.into_iter().map(|it| Addon {
            url: it.url,
            manifest: it.manifest,
            enabled: it.enabled,
            secret: it.secret,
            flags: it.flags,
        });
        if let Err(error) = self.0.set_addons(addons.collect()) {
            tracing::error!("add-ons are not kept: {error}");
        }
    }

    fn seen(&self, films: &[Film]) {
        let items: Vec<Item> = films.iter().filter_map(item).collect();
        if !items.is_empty() {
            self.0.seen(items);
        }
    }

    fn search(&self, words: &str, most: usize) -> Vec<Film> {
        let hits = self.0.search(words, most);
        let hits = hits.inspect_err(|error| tracing::warn!("search: {error}"));
        let films = hits.unwrap_or_default().into_iter().map(|hit| Film {
            year: hit.year,
            poster: hit.poster.map(|address| Poster(address.into())),
            ..catalog::known(&Title::new(&hit.kind, &hit.id), &hit.title)
        });
        films.collect()
    }
}

/// What is searched of a film; none of one that only this box knows.
fn item(film: &Film) -> Option<Item> {
    let title = film.origin.as_ref()?;
    let facts = film.facts.as_deref();
    let people = facts.map(|it| it.directors.iter().chain(&it.cast).cloned().collect());
    Some(Item {
        id: title.id.to_string(),
        kind: title.kind.to_string(),
        titles: vec![film.title.clone()],
        original: facts.and_then(|it| it.original_title.clone()),
        year: film.year,
        people: people.unwrap_or_default(),
        genres: film.genres.clone(),
        poster: film.poster.as_ref().map(|it| it.0.to_string()),
        popularity: 0,
    })
}

/// The store, as the web's door sees it.
#[derive(Debug, Clone)]
pub struct KeptAnswers(pub Arc<store::Answers>);

/// What is kept beside the bytes.
#[derive(Serialize, Deserialize)]
struct Beside {
    host: String,
    label: Option<String>,
    head: String,
    at_ms: u64,
    until_ms: u64,
}

impl Answers for KeptAnswers {
    fn get(&self, key: &Key) -> Option<Kept> {
        let answer = self.0.cached(key.as_str())?;
        let beside: Beside = serde_json::from_slice(&answer.meta)
            .inspect_err(|error| tracing::debug!("a kept answer: {error}"))
            .ok()?;
        Some(Kept {
            host: beside.host,
            label: beside.label,
            head: beside.head,
            body: answer.body.into(),
            at: time(beside.at_ms),
            until: time(beside.until_ms),
        })
    }

    fn put(&self, key: &Key, kept: Kept) {
        let at_ms = millis(kept.at);
        let beside = Beside {
            host: kept.host,
            label: kept.label,
            head: kept.head,
            at_ms,
            until_ms: millis(kept.until),
        };
        let beside = serde_json::to_vec(&beside).expect("it has strings for keys");
        self.0.keep(key.as_str(), &beside, &kept.body, at_ms / 1000);
    }

    fn remove(&self, key: &Key) {
        self.0.forget(key.as_str());
    }
}

fn time(millis: u64) -> SystemTime {
    let since = Duration::from_millis(millis);
    UNIX_EPOCH.checked_add(since).unwrap_or(UNIX_EPOCH)
}

/// Since 1970; a clock before that is at its start.
fn millis(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use app::Library;

    use super::*;

    fn store(folder: &std::path::Path) -> Store {
        let opened = Store::open_or_forget(folder, |why| panic!("{why}")).unwrap();
        assert_eq!(opened.library, Library::default());
        opened.store
    }

    #[test]
    fn add_ons_and_films_come_back_from_the_store() {
        let folder = tempfile::tempdir().unwrap();
        let things = KeptThings(store(folder.path()));
        let installed = Installed {
            url: "https://a.example/manifest.json".into(),
            manifest: r#"{"id":"a"}"#.into(),
            enabled: false,
            secret: true,
            flags: vec!["p2p".into()],
        };
        things.set_add_ons(vec![installed.clone()]);
        let film = Film {
            year: Some(2010),
            poster: Some(Poster("https://a.example/p.jpg".into())),
            ..catalog::known(&Title::new("movie", "tt1727587"), "Sintel")
        };
        things.seen(std::slice::from_ref(&film));
        assert!(things.0.flush(Duration::from_secs(10)));
        assert!(things.0.flush_seen(Duration::from_secs(10)));
        assert_eq!(things.add_ons(), [installed]);
        assert_eq!(things.search("sint", 5), [film]);
        assert_eq!(things.search("nothing", 5), []);
    }

    #[tokio::test]
    async fn an_answer_stands_in_after_a_restart_while_its_host_is_down() {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let host = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = [0; 1024];
            let read = stream.read(&mut asked).await.unwrap();
            assert!(read > 0);
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbody";
            stream.write_all(answer).await.unwrap();
        });
        let folder = tempfile::tempdir().unwrap();
        let fetch = |store: &Store| {
            let config = fetch::Config {
                allow_local: true,
                answers: Some(Arc::new(KeptAnswers(store.answers()))),
                ..fetch::Config::default()
            };
            fetch::Fetch::new(config).unwrap()
        };
        let before = store(folder.path());
        let answer = fetch(&before).ask(fetch::Ask::get(&url)).await.unwrap();
        host.await.unwrap();
        drop(before);
        let after = store(folder.path());
        let again = fetch(&after).ask(fetch::Ask::get(&url)).await.unwrap();
        assert_eq!((again.body, again.stale), (answer.body, true));
        fetch(&after).forget(&again.key.unwrap()).await;
        let gone = fetch(&after).ask(fetch::Ask::get(&url)).await;
        assert!(gone.is_err(), "{gone:?}");
    }
}
