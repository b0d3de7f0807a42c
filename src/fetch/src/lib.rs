//! The one door to the web: add-ons, catalogues, facts, subtitles, posters go through it.
//!
//! What is asked for is an [`Ask`], what comes back an [`Answer`] or a [`FetchError`]. Between
//! them: addresses at home are refused, also after a name was looked up and at each redirect
//! (`gate`, the crate `reach`); every answer has bounds (`body`); hosts are asked politely, and
//! left alone when they fail (`lane`); who asks the same at the same time shares the answer
//! (`flight`); answers are kept, and stand in while their host is down (`kept`). What answers mean
//! is not known here, and where they are kept is the caller's ([`Answers`]).
//!
//! Invariants: a secret goes to the host it was given for and nowhere else, in no log, no error and
//! no key. No ask lasts longer than its bounds say, and none holds more memory. One host's trouble
//! is not another's.

mod answer;
mod ask;
mod body;
mod call;
mod client;
mod error;
mod flight;
mod gate;
mod kept;
mod lane;
mod memory;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use futures_util::FutureExt;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use tokio::time::{Instant, timeout_at};

pub use crate::answer::Answer;
pub use crate::ask::{Ask, Bounds, Keep, Reading, Wanted};
pub use crate::body::Body;
pub use crate::client::{Proxy, ProxyKind};
pub use crate::error::FetchError;
pub use crate::kept::{Answers, Kept, Key, Spans};
pub use crate::lane::{Pace, Patience};
pub use crate::memory::Memory;
pub use reach::{Addrs, Name, Resolve, Resolving};
pub use reqwest::Url;

use crate::call::{Opened, Wire};
use crate::flight::Flights;
use crate::kept::{Found, Good};

/// What time it is.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// How the web is asked.
#[derive(Clone)]
pub struct Config {
    /// How we introduce ourselves, unless an ask has a header `user-agent`.
    pub user_agent: String,
    /// Everything but listed hosts goes through it.
    pub proxy: Option<Proxy>,
    /// Nothing leaves by another network interface, and nothing at all while this one is gone; but
    /// hosts at home that the owner listed are called by any.
    pub interface: Option<String>,
    /// Any host at home may be called: for tests.
    pub allow_local: bool,
    /// Hosts at home that the owner named: `nas.lan`, `192.168.1.5:8096`.
    pub lan: Vec<String>,
    /// Of hosts that are not among `paces`.
    pub pace: Pace,
    pub paces: Vec<(String, Pace)>,
    pub patience: Patience,
    /// None: nothing is kept.
    pub answers: Option<Arc<dyn Answers>>,
    /// None: the system's.
    pub names: Option<Arc<dyn Resolve>>,
    pub clock: Clock,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            user_agent: concat!("Matinee/", env!("CARGO_PKG_VERSION")).to_owned(),
            proxy: None,
            interface: None,
            allow_local: false,
            lan: Vec::new(),
            pace: Pace::default(),
            paces: Vec::new(),
            patience: Patience::default(),
            answers: None,
            names: None,
            clock: Arc::new(SystemTime::now),
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("user_agent", &self.user_agent)
            .field("proxy", &self.proxy)
            .field("lan", &self.lan)
            .finish_non_exhaustive()
    }
}

/// The door. Clones are the same door.
#[derive(Clone)]
pub struct Fetch(Arc<Inner>);

struct Inner {
    wire: Wire,
    flights: Flights,
    answers: Option<Arc<dyn Answers>>,
    clock: Clock,
}

impl fmt::Debug for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fetch")
    }
}

/// An answer that is read piece by piece, of success unless any status was asked for.
#[derive(Debug)]
pub struct Flow {
    /// Who answered in the end. May hold secrets.
    pub url: Url,
    pub status: u16,
    /// Of interest, names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Body,
}

impl Fetch {
    /// # Errors
    /// A proxy or a user agent that cannot be one.
    pub fn new(config: Config) -> Result<Fetch, FetchError> {
        let proxied = config.proxy.is_some();
        let gate = Arc::new(gate::Gate::new(config.allow_local, proxied, &config.lan));
        let clients = Arc::new(client::Clients::new(&config, Arc::clone(&gate))?);
        let lanes = lane::Lanes::new(config.pace, config.paces, config.patience);
        Ok(Fetch(Arc::new(Inner {
            wire: Wire {
                gate,
                clients,
                lanes,
            },
            flights: Flights::default(),
            answers: config.answers,
            clock: config.clock,
        })))
    }

    /// Asks, or answers from what is kept. Within a tokio runtime with time and I/O.
    ///
    /// # Errors
    /// There is no answer within the bounds, and nothing kept may stand in.
    pub async fn ask(&self, ask: Ask) -> Result<Answer, FetchError> {
        let inner = &self.0;
        inner.admit(&ask)?;
        let deadline = Instant::now() + ask.bounds.whole;
        let key = inner.key(&ask);
        let found = match &key {
            Some(key) => inner.look(&ask, key).await,
            None => None,
        };
        let now = (inner.clock)();
        let good = found.as_ref().map_or(Good::Not, |found| found.good(now));
        let stand_in = |found: &Option<Found>| {
            let found = found.as_ref()?;
            Some(found.answer(&ask, key.as_ref()?, now))
        };
        match (ask.reading, good) {
            (Reading::KeptOnly, _) => {
                return stand_in(&found).ok_or_else(|| FetchError::NotKept(ask.host()));
            }
            (Reading::Usual, Good::Fresh) => {
                return stand_in(&found).ok_or_else(|| FetchError::NotKept(ask.host()));
            }
            (Reading::Usual, Good::Revalidate) => {
                let running = inner.join(&ask, key.clone(), found.clone());
                tokio::spawn(running.map(drop));
                return stand_in(&found).ok_or_else(|| FetchError::NotKept(ask.host()));
            }
            _ => {}
        }
        let running = inner.join(&ask, key.clone(), found.clone());
        let result = match timeout_at(deadline, running).await {
            Ok(result) => result,
            Err(_) => Err(FetchError::TooSlow(ask.host())),
        };
        match result {
            Err(error) if good != Good::Not && error.lets_kept_stand_in() => {
                tracing::debug!("{error}; what is kept stands in");
                stand_in(&found).ok_or(error)
            }
            result => result,
        }
    }

    /// Asks for a body to be read piece by piece. Nothing is kept or shared.
    ///
    /// # Errors
    /// There is no answer within the bounds.
    pub async fn flow(&self, ask: Ask) -> Result<Flow, FetchError> {
        self.0.admit(&ask)?;
        let deadline = Instant::now() + ask.bounds.whole;
        let opened = self.0.wire.open(&ask, &HeaderMap::new(), deadline).await?;
        Ok(Flow {
            headers: answer::as_text(&opened.headers),
            url: opened.url,
            status: opened.status.as_u16(),
            body: opened.body,
        })
    }

    /// How long an answer is good is said in it: `spans` from when it came, whatever its headers
    /// say. Nothing happens if it was not kept, or is another meanwhile.
    pub async fn keep(&self, answer: &Answer, spans: Spans) {
        let (Some(key), Some(answers)) = (answer.key.clone(), self.0.answers.clone()) else {
            return;
        };
        let body = answer.body.clone();
        blocking(move || {
            let kept = answers.get(&key).filter(|kept| kept.body == body);
            if let Some(kept) = kept.and_then(|kept| kept.with(spans)) {
                answers.put(&key, kept);
            }
        })
        .await;
    }

    /// What is kept under this key is wrong.
    pub async fn forget(&self, key: &Key) {
        if let Some(answers) = self.0.answers.clone() {
            let key = key.clone();
            blocking(move || answers.remove(&key)).await;
        }
    }

    /// The hosts at home that the owner names, instead of those before.
    pub fn list(&self, lan: &[String]) {
        self.0.wire.gate.list(lan);
    }

    /// The network came back, or is another: what hosts did wrong is forgotten.
    pub fn forgive(&self) {
        self.0.wire.lanes.forgive();
    }
}

impl Inner {
    fn admit(&self, ask: &Ask) -> Result<(), FetchError> {
        if let Some(fault) = &ask.fault {
            return Err(fault.clone());
        }
        self.wire.gate.admit(&ask.url, ask.near, ask.plain)?;
        Ok(())
    }

    /// Under which name the answer is kept; none if it is not meant to be.
    fn key(&self, ask: &Ask) -> Option<Key> {
        let wanted = match ask.keep {
            Some(Keep::No) => false,
            Some(_) => ask.method == reqwest::Method::GET,
            None => ask.method == reqwest::Method::GET && !ask.any_status,
        };
        let anybodys = ask.secrets.is_empty() || ask.label.is_some();
        let kept = wanted && anybodys && self.answers.is_some();
        kept.then(|| Key::of(ask))
    }

    async fn look(&self, ask: &Ask, key: &Key) -> Option<Found> {
        let (answers, name) = (self.answers.clone()?, key.clone());
        let kept = blocking(move || answers.get(&name)).await??;
        Found::read(kept, ask, (self.clock)())
    }

    /// The ask itself, or the same that is under way.
    fn join(
        self: &Arc<Self>,
        ask: &Ask,
        key: Option<Key>,
        found: Option<Found>,
    ) -> impl Future<Output = Result<Answer, FetchError>> + Send + 'static {
        let (inner, own) = (Arc::clone(self), ask.clone());
        let run = async move { inner.fetch(&own, key, found).await };
        if ask.method != reqwest::Method::GET {
            return run.boxed().left_future();
        }
        let key = ask.flight();
        self.flights.join(key, || run.boxed()).right_future()
    }

    async fn fetch(
        &self,
        ask: &Ask,
        key: Option<Key>,
        found: Option<Found>,
    ) -> Result<Answer, FetchError> {
        let deadline = Instant::now() + ask.bounds.whole;
        let none = HeaderMap::new();
        let conditions = found.as_ref().map_or(&none, |found| &found.conditions);
        let mut opened = self.wire.open(ask, conditions, deadline).await?;
        if opened.status == StatusCode::NOT_MODIFIED {
            let end = opened.body.all(|_| Ok(())).await;
            end?;
            let now = (self.clock)();
            let confirmed = found.and_then(|found| found.confirmed(ask, &opened.headers, now));
            if let (Some(kept), Some(key)) = (confirmed, &key) {
                self.put(key, kept.clone()).await;
                let found = Found::read(kept, ask, now);
                let answer = found.map(|found| found.answer(ask, key, now));
                return answer.ok_or_else(|| FetchError::Broken(ask.host()));
            }
            // It speaks of another answer than ours.
            opened = self.wire.open(ask, &none, deadline).await?;
        }
        self.read(ask, key, opened).await
    }

    async fn read(
        &self,
        ask: &Ask,
        key: Option<Key>,
        opened: Opened,
    ) -> Result<Answer, FetchError> {
        let host = opened.url.host_str().unwrap_or_default().to_owned();
        let not_json = |begin: &[u8]| {
            let json = ask.wanted == Wanted::Json && !answer::may_be_json(begin);
            let json = json && opened.status.is_success();
            if json {
                Err(FetchError::NotJson(host.clone()))
            } else {
                Ok(())
            }
        };
        let body = opened.body.all(not_json).await?;
        let mut answer = Answer {
            url: opened.url,
            status: opened.status.as_u16(),
            headers: answer::as_text(&opened.headers),
            body,
            age: std::time::Duration::ZERO,
            stale: false,
            key: None,
        };
        if let Some(key) = key {
            let kept = kept::keep(ask, &answer, &opened.headers, (self.clock)());
            if let Some(kept) = kept {
                self.put(&key, kept).await;
                answer.key = Some(key);
            }
        }
        Ok(answer)
    }

    async fn put(&self, key: &Key, kept: Kept) {
        if let Some(answers) = self.answers.clone() {
            let key = key.clone();
            blocking(move || answers.put(&key, kept)).await;
        }
    }
}

/// On a thread that may block; none if it panicked or the runtime ends.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.inspect_err(|error| tracing::error!("kept answers: {error}"))
        .ok()
}
