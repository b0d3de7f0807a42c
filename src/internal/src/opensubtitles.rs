//! OpenSubtitles as an add-on, with the owner's key and account: what it has for a film, and the
//! texts themselves.
//!
//! Searching is free; a download is counted, so a text is got when it is shown and kept from then
//! on. Its address is `opensubtitles:` and the number of its file ([`OpenSubtitles::text`]). What
//! may be sent when is the matter of [`facts::opensubtitles::Session`], of which there is one: its
//! rules are obeyed across all questions. How a text was found is the beginning of its id: `hash:`
//! for this very file, `id:` for this film, `name:` for something called so.

mod texts;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use addon::{
    AddOn, AddOnError, Answer, AnswerFuture, Body, Manifest, Request, Resource, Rule, Subtitle,
};
use app::own;
use bytes::Bytes;
use facts::opensubtitles::{
    Fit, Page, Query, SITE, Session, Step, Subtitle as Hit, Trouble, Wait, Wanted,
};
use facts::{Imdb, Secret};
use fetch::{Clock, Fetch, Keep, Url};
use names::Release;
use tokio::sync::Mutex;
use tokio::time::sleep;

use self::texts::Texts;
use crate::ask::{Line, Places, Terms, Told};

/// Before the number of a file.
pub const PREFIX: &str = "opensubtitles:";

/// A list for a film grows by a few texts a week.
const FRESH: Duration = Duration::from_secs(24 * 3600);
const ON_ERROR: Duration = Duration::from_secs(30 * 24 * 3600);
/// Texts of one language that are told, the best first: more are not tried out.
const LANGUAGE_MAX: usize = 10;
/// What is waited for within one question: the pace, a second login, a server that stumbled.
const WAIT_MAX: Duration = Duration::from_secs(4);
/// Questions that one download may take: a login, the download, both anew, and some repeats.
const STEPS_MAX: usize = 8;
/// Bytes of a text, packed or not.
const TEXT_BYTES_MAX: u64 = 8 << 20;

/// The owner's account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Of the application.
    pub key: Secret,
    /// Name and password; without them there are five downloads a day.
    pub login: Option<(String, Secret)>,
}

/// The add-on, and the texts.
#[derive(Debug, Clone)]
pub struct OpenSubtitles(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    manifest: Arc<Manifest>,
    line: Line,
    fetch: Fetch,
    /// Where the owner says that it is.
    place: Option<String>,
    session: Mutex<Session>,
    texts: Texts,
    /// BCP 47; none: all.
    languages: Vec<String>,
    clock: Time,
}

struct Time(Clock);

impl std::fmt::Debug for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Time")
    }
}

/// Why a text is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// All downloads of the day are used; time since 1970.
    #[error("all downloads of the day are used")]
    QuotaSpent { until: Duration },
    #[error("OpenSubtitles does not know this name or password")]
    LoginRefused,
    #[error("OpenSubtitles does not accept the key")]
    KeyRefused,
    #[error("OpenSubtitles is busy")]
    Later,
    #[error("OpenSubtitles has no such text")]
    NotFound,
    #[error("OpenSubtitles: {0}")]
    Failed(String),
}

impl From<Wait> for TextError {
    fn from(wait: Wait) -> TextError {
        match wait {
            Wait::Until(_) => TextError::Later,
            Wait::QuotaSpent { until } => TextError::QuotaSpent { until },
            Wait::LoginRefused => TextError::LoginRefused,
            Wait::KeyRefused => TextError::KeyRefused,
        }
    }
}

impl From<AddOnError> for TextError {
    fn from(error: AddOnError) -> TextError {
        TextError::Failed(error.to_string())
    }
}

impl OpenSubtitles {
    /// Texts are kept in `folder`; `languages` (BCP 47) are those of the owner, none for all.
    pub fn new(
        fetch: &Fetch,
        places: &Places,
        account: Account,
        languages: &[String],
        folder: PathBuf,
        clock: Clock,
    ) -> OpenSubtitles {
        let session = Session::new(account.key, account.login);
        let session = match &places.opensubtitles {
            Some(base) => session.at(base),
            None => session,
        };
        let types = vec!["movie".to_owned(), "series".to_owned()];
        let manifest = Manifest {
            id: crate::add_on_id("opensubtitles"),
            name: own::OPENSUBTITLES.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            description: Some(format!("{} {SITE}", own::OPENSUBTITLES_ABOUT)),
            resources: vec![Rule {
                resource: Resource::Subtitles,
                types: types.clone(),
                id_prefixes: None,
            }],
            types,
            ..Manifest::default()
        };
        OpenSubtitles(Arc::new(Inner {
            manifest: Arc::new(manifest),
            line: Line::to(fetch, places.opensubtitles.as_ref()).of_account("opensubtitles"),
            fetch: fetch.clone(),
            place: places.opensubtitles.clone(),
            session: Mutex::new(session),
            texts: Texts::new(folder),
            languages: languages.to_vec(),
            clock: Time(clock),
        }))
    }

    /// The text that an address of ours names: kept, or downloaded, which costs one of the day's.
    ///
    /// # Errors
    /// Why it is not there.
    pub async fn text(&self, address: &str) -> Result<Bytes, TextError> {
        let number = address.strip_prefix(PREFIX).unwrap_or(address);
        let file: u64 = number.parse().map_err(|_| TextError::NotFound)?;
        if let Some(kept) = self.0.texts.get(file).await {
            return Ok(kept);
        }
        // One at a time: who asks for the same meanwhile finds it kept.
        let mut session = self.0.session.lock().await;
        if let Some(kept) = self.0.texts.get(file).await {
            return Ok(kept);
        }
        let text = self.0.download(&mut session, file).await?;
        self.0.texts.put(file, text.clone()).await;
        Ok(text)
    }
}

impl AddOn for OpenSubtitles {
    fn manifest(&self) -> Arc<Manifest> {
        Arc::clone(&self.0.manifest)
    }

    fn answer(&self, request: Request) -> AnswerFuture {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            inner.manifest.admit(&request)?;
            let (query, wanted) = asked(&request);
            let query = Query {
                languages: inner.languages.clone(),
                ..query
            };
            if !says_something(&query) {
                return Ok(Answer::nothing(Resource::Subtitles));
            }
            let page = inner.search(&query).await.map_err(|error| match error {
                TextError::NotFound => AddOnError::NotFound,
                TextError::Later => AddOnError::Status(429),
                error => AddOnError::Failed(error.to_string()),
            })?;
            Ok(Answer::new(Body::Subtitles(told(page, &wanted))))
        })
    }
}

fn says_something(query: &Query) -> bool {
    let numbers = query.imdb.is_some() || query.tmdb.is_some();
    let series = query.series_imdb.is_some() || query.series_tmdb.is_some();
    numbers || series || query.hash.is_some() || !query.words.is_empty()
}

/// What is searched for, and by what a text is known to fit.
fn asked(request: &Request) -> (Query, Wanted) {
    let hash = request.extra("videoHash");
    let hash = hash.filter(|hash| hash.len() == 16);
    let mut query = Query {
        hash: hash.and_then(|hash| u64::from_str_radix(hash, 16).ok()),
        ..Query::default()
    };
    let mut wanted = Wanted::default();
    // `tt1`, `tt1:2:3`, `tmdb:1`, `tmdb:1:2:3`
    let tmdb = request.id.strip_prefix(crate::tmdb::PREFIX);
    let mut parts = tmdb.unwrap_or(&request.id).split(':');
    let first = parts.next().unwrap_or_default();
    let imdb: Option<Imdb> = first.parse().ok().filter(|_| tmdb.is_none());
    let number: Option<u64> = tmdb.and_then(|_| first.parse().ok());
    let mut small = || parts.next().and_then(|part| part.parse::<u16>().ok());
    match (small(), small()) {
        (Some(season), Some(episode)) if imdb.is_some() || number.is_some() => {
            (query.season, query.episode) = (Some(season), Some(episode));
            (query.series_imdb, query.series_tmdb) = (imdb, number);
            (wanted.season, wanted.episode) = (query.season, query.episode);
            (wanted.series_imdb, wanted.series_tmdb) = (imdb, number);
        }
        _ => {
            (query.imdb, query.tmdb) = (imdb, number);
            (wanted.imdb, wanted.tmdb) = (imdb, number);
        }
    }
    if imdb.is_none() && number.is_none() {
        // Nobody knows what it is but by the name of its file.
        let release = request.extra("filename").map(Release::of);
        if let Some(release) = release {
            query.year = release.year;
            query.season = release.season();
            query.episode = release.episodes.first().copied();
            query.words = release.title;
        }
    }
    (query, wanted)
}

/// The best first; for other films none.
fn told(page: Page, wanted: &Wanted) -> Vec<Subtitle> {
    let mut hits: Vec<(Fit, Hit)> = page
        .subtitles
        .into_iter()
        .map(|hit| (hit.fit(wanted), hit))
        .filter(|(fit, _)| *fit != Fit::Other)
        .collect();
    hits.sort_by_key(|(fit, hit)| {
        let last = (hit.by_machine, hit.foreign_parts_only, !hit.trusted);
        (*fit, last, std::cmp::Reverse(hit.downloads))
    });
    let mut counts = std::collections::HashMap::<String, usize>::new();
    hits.retain(|(_, hit)| {
        let count = counts.entry(hit.language.clone()).or_default();
        *count += 1;
        *count <= LANGUAGE_MAX
    });
    let subtitles = hits.into_iter().map(|(fit, hit)| {
        let how = match fit {
            Fit::File => "hash",
            Fit::Film => "id",
            Fit::Perhaps | Fit::Other => "name",
        };
        let name = [hit.release, hit.file_name];
        Subtitle {
            id: format!("{how}:{}", hit.file_id),
            lang: hit.language,
            url: format!("{PREFIX}{}", hit.file_id),
            label: name.into_iter().find(|name| !name.is_empty()),
        }
    });
    subtitles.collect()
}

impl Inner {
    fn now(&self) -> Duration {
        let since = (self.clock.0)().duration_since(SystemTime::UNIX_EPOCH);
        since.unwrap_or_default()
    }

    /// Until then, if that is soon.
    async fn wait(&self, until: Duration) -> Result<(), TextError> {
        let wait = until.saturating_sub(self.now());
        if wait > WAIT_MAX {
            return Err(TextError::Later);
        }
        sleep(wait).await;
        Ok(())
    }

    async fn search(&self, query: &Query) -> Result<Page, TextError> {
        let terms = Terms::kept(FRESH, ON_ERROR);
        let mut moved = None;
        for _ in 0..STEPS_MAX {
            let mut session = self.session.lock().await;
            let request = match moved.take() {
                Some(request) => request,
                None => match session.search(query, self.now()) {
                    Ok(request) => request,
                    Err(Wait::Until(until)) => {
                        drop(session);
                        self.wait(until).await?;
                        continue;
                    }
                    Err(wait) => return Err(wait.into()),
                },
            };
            // Others may search meanwhile.
            drop(session);
            let told = self.line.ask(&request, terms).await?;
            let mut session = self.session.lock().await;
            let trouble = match session.searched(&told.answer(), self.now()) {
                Ok(page) => return Ok(page),
                Err(trouble) => trouble,
            };
            drop(session);
            self.line.forget(&told).await;
            match trouble {
                Trouble::Moved(request) => moved = Some(request),
                trouble => self.bear(trouble).await?,
            }
        }
        Err(TextError::Later)
    }

    /// Waits where that helps.
    async fn bear(&self, trouble: Trouble) -> Result<(), TextError> {
        match trouble {
            Trouble::Again { at } => self.wait(at).await,
            Trouble::LogInAgain => Ok(()),
            Trouble::QuotaSpent { until } => Err(TextError::QuotaSpent { until }),
            Trouble::LoginRefused { why } => {
                tracing::warn!("OpenSubtitles refuses the login: {why}");
                Err(TextError::LoginRefused)
            }
            Trouble::KeyRefused => {
                tracing::warn!("OpenSubtitles refuses the key");
                Err(TextError::KeyRefused)
            }
            Trouble::LinkExpired | Trouble::Fault(facts::Fault::NotFound) => {
                Err(TextError::NotFound)
            }
            Trouble::Moved(_) => Err(TextError::Failed("it is elsewhere".into())),
            Trouble::Refused { why } => Err(TextError::Failed(why)),
            Trouble::Fault(fault) => Err(TextError::Failed(fault.to_string())),
        }
    }

    /// Logs in if need be, asks for a link, and fetches what is there. A link that is used up is
    /// asked for once more: that costs a download, and a third one nobody would want to pay.
    async fn download(&self, session: &mut Session, file: u64) -> Result<Bytes, TextError> {
        let terms = Terms {
            refusals: true,
            keep: Keep::No,
            ..Terms::default()
        };
        let mut expired = false;
        for _ in 0..STEPS_MAX {
            let step = match session.download(file, self.now()) {
                Ok(step) => step,
                Err(Wait::Until(until)) => {
                    self.wait(until).await?;
                    continue;
                }
                Err(wait) => return Err(wait.into()),
            };
            let trouble = match step {
                Step::LogIn(request) => {
                    let told = self.line.ask(&request, terms).await?;
                    let logged_in = session.logged_in(&told.answer(), self.now());
                    logged_in.err()
                }
                Step::Download(request) => {
                    let told = self.line.ask(&request, terms).await?;
                    match session.downloaded(&told.answer(), self.now()) {
                        Ok(download) => match self.fetched(&download.request()).await {
                            Err(Trouble::LinkExpired) if !expired => {
                                expired = true;
                                None
                            }
                            fetched => match fetched {
                                Ok(told) => return Ok(told.body),
                                Err(trouble) => Some(trouble),
                            },
                        },
                        Err(trouble) => Some(trouble),
                    }
                }
            };
            if let Some(trouble) = trouble {
                self.bear(trouble).await?;
            }
        }
        Err(TextError::Later)
    }

    /// The file itself, which is at another host: that gets neither key nor token, and may be at
    /// home only where the owner said that all of this is.
    async fn fetched(&self, request: &facts::Request) -> Result<Told, Trouble> {
        let origin = |url: &str| Url::parse(url).ok().map(|url| url.origin());
        let place = self.place.as_ref();
        let near = place.filter(|place| origin(place) == origin(&request.url));
        let line = Line::to(&self.fetch, near);
        let terms = Terms {
            refusals: true,
            bytes_max: TEXT_BYTES_MAX,
            ..Terms::default()
        };
        let mut tries = 0;
        loop {
            let told = line.ask(request, terms).await.map_err(|error| {
                let why = error.to_string();
                Trouble::Fault(facts::Fault::Said(why))
            })?;
            match Session::fetched(&told.answer(), self.now()) {
                Ok(()) => return Ok(told),
                Err(Trouble::Again { at }) if tries < 2 => {
                    tries += 1;
                    let waited = self.wait(at).await;
                    waited.map_err(|_| Trouble::Again { at })?;
                }
                Err(trouble) => return Err(trouble),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(id: &str, name: Option<&str>) -> Query {
        let request = Request::new(Resource::Subtitles, "movie", id);
        asked(&request.of_file(Some("8e245d9679d31e12"), None, name)).0
    }

    #[test]
    fn ids_say_what_is_searched_for() {
        let film = query("tt1727587", Some("Other.2011.mkv"));
        assert_eq!(film.imdb, Some(Imdb(1_727_587)));
        assert_eq!(film.hash, Some(0x8e24_5d96_79d3_1e12));
        assert!(film.words.is_empty(), "a number is better than a name");
        let episode = query("tt0108778:1:2", None);
        assert_eq!((episode.season, episode.episode), (Some(1), Some(2)));
        assert_eq!(
            (episode.imdb, episode.series_imdb),
            (None, Some(Imdb(108_778)))
        );
        assert_eq!(query("tmdb:45745", None).tmdb, Some(45745));
        assert_eq!(query("tmdb:9:0:3", None).series_tmdb, Some(9));
        let file = query("drive:0123456789abcdef", Some("Sintel.2010.1080p.mkv"));
        assert_eq!((file.words.as_str(), file.year), ("Sintel", Some(2010)));
        let nothing = asked(&Request::new(Resource::Subtitles, "movie", "archive:X")).0;
        assert!(!says_something(&nothing));
    }
}
