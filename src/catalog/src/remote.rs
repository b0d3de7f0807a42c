//! An add-on over HTTP: the protocol's requests by `fetch`, its answers read and kept.
//!
//! What an answer says of its own age goes to what is kept of it. A host at home is called only by
//! the address that the owner installed. What goes wrong is remembered as the add-on's trouble
//! until it answers again; of its address only the host is ever said.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use addon::{
    AddOn, AddOnError, Answer, AnswerError, AnswerFuture, Body, Cache, Manifest, Meta, Request,
    Resource, Source, Stream, Transport,
};
use fetch::{Ask, Fetch, FetchError, Keep, Reading, Spans, Wanted};

use crate::lock;
use crate::near::Near;

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// A manifest is asked for once a day, and stands in for half a year.
const MANIFEST: Spans = Spans {
    fresh: DAY,
    revalidate: Duration::ZERO,
    on_error: Duration::from_hours(24 * 180),
};

/// Where an add-on says nothing of age: five minutes are one look at the wall and a few pages; a
/// week without a network is a holiday home.
const ANSWER: Spans = Spans {
    fresh: Duration::from_mins(5),
    revalidate: Duration::ZERO,
    on_error: Duration::from_hours(24 * 7),
};

/// Where a film can be had changes sooner.
const STREAMS: Spans = Spans {
    fresh: MINUTE,
    ..ANSWER
};

/// The add-on. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Remote(Arc<Inner>);

struct Inner {
    transport: Transport,
    fetch: Fetch,
    near: Near,
    told: Mutex<Told>,
    /// What is told of it has changed: its manifest, or its trouble.
    changed: Arc<dyn Fn() + Send + Sync>,
}

/// What it says of itself, and how it does.
struct Told {
    manifest: Arc<Manifest>,
    /// As it came.
    json: String,
    trouble: Option<String>,
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Remote({})", self.0.transport)
    }
}

/// Why there is no manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ManifestError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Answer(#[from] AnswerError),
}

/// The manifest at this address, and as it came.
pub(crate) async fn manifest(
    fetch: &Fetch,
    transport: &Transport,
    reading: Reading,
) -> Result<(Manifest, String), ManifestError> {
    let ask = ask(transport, transport.as_str(), Keep::For(MANIFEST));
    let answer = fetch.ask(ask.reading(reading)).await?;
    let (manifest, losses) = Manifest::read(&answer.body)?;
    if !losses.is_none() {
        tracing::debug!("{transport}: its manifest has faults: {losses:?}");
    }
    Ok((manifest, String::from_utf8_lossy(&answer.body).into_owned()))
}

fn ask(transport: &Transport, address: &str, keep: Keep) -> Ask {
    let mut ask = Ask::get(address).wanted(Wanted::Json).keep(keep);
    if transport.is_plain() {
        // The owner gave an address without TLS.
        ask = ask.plain_http();
    }
    if transport.is_local() {
        ask = ask.near();
    }
    ask
}

impl Remote {
    pub(crate) fn new(
        transport: Transport,
        manifest: Manifest,
        json: String,
        fetch: Fetch,
        near: Near,
        changed: Arc<dyn Fn() + Send + Sync>,
    ) -> Remote {
        let told = Told {
            manifest: Arc::new(manifest),
            json,
            trouble: None,
        };
        Remote(Arc::new(Inner {
            transport,
            fetch,
            near,
            told: Mutex::new(told),
            changed,
        }))
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.0.transport
    }

    pub(crate) fn trouble(&self) -> Option<String> {
        lock(&self.0.told).trouble.clone()
    }

    pub(crate) fn json(&self) -> String {
        lock(&self.0.told).json.clone()
    }

    /// Another manifest than before.
    pub(crate) fn set_manifest(&self, manifest: Manifest, json: String) {
        let mut told = lock(&self.0.told);
        told.manifest = Arc::new(manifest);
        told.json = json;
    }

    /// Asks for the manifest if the one here is older than a day; whether it is another.
    pub(crate) async fn refresh(&self) -> bool {
        let inner = &self.0;
        let read = manifest(&inner.fetch, &inner.transport, Reading::Usual).await;
        let (read, json) = match read {
            Ok(read) => read,
            Err(error) => {
                tracing::debug!("{}: {error}", inner.transport);
                return false;
            }
        };
        let other = *lock(&inner.told).manifest != read;
        if other {
            self.set_manifest(read, json);
            (inner.changed)();
        }
        other
    }

    /// What is kept of this answer, however old; the host is not asked.
    pub(crate) async fn kept(&self, request: &Request) -> Option<Answer> {
        self.ask(request, Reading::KeptOnly).await.ok()
    }

    async fn ask(&self, request: &Request, reading: Reading) -> Result<Answer, AddOnError> {
        let inner = &self.0;
        let unsaid = match request.resource {
            Resource::Stream => STREAMS,
            _ => ANSWER,
        };
        let address = inner.transport.of_request(request);
        let asked = ask(&inner.transport, &address, Keep::AsTold(unsaid)).reading(reading);
        let fetched = inner.fetch.ask(asked).await.map_err(error)?;
        let answer = match Answer::read(request, &fetched.body) {
            Ok(answer) => answer,
            Err(fault) => {
                if let Some(key) = &fetched.key {
                    inner.fetch.forget(key).await;
                }
                return Err(fault.into());
            }
        };
        if !answer.losses.is_none() {
            tracing::debug!("{}: {request:?}: {:?}", inner.transport, answer.losses);
        }
        let new = fetched.age.is_zero() && !fetched.stale;
        if new && answer.cache != Cache::default() {
            inner.fetch.keep(&fetched, spans(answer.cache)).await;
        }
        if inner.transport.is_local() {
            self.note_places(&answer.body);
        }
        let good = spans(answer.cache);
        if new {
            self.set_trouble(None);
        } else if reading == Reading::Usual && fetched.age >= good.fresh + good.revalidate {
            // It came from what is kept because nobody answered.
            self.set_trouble(Some(AddOnError::TimedOut.to_string()));
        }
        Ok(answer)
    }

    /// Its own pictures, texts and films may be got from it.
    fn note_places(&self, body: &Body) {
        let inner = &self.0;
        let note = |address: &str| inner.near.told(&inner.transport, address);
        let of_stream = |stream: &Stream| {
            if let Source::Url(url) = &stream.source {
                note(url);
            }
        };
        let of_meta = |meta: &Meta| {
            let streams = meta.videos.iter().flat_map(|video| &video.streams);
            streams.for_each(of_stream);
            let pictures = [&meta.poster, &meta.background];
            let stills = meta.videos.iter().map(|video| &video.thumbnail);
            for address in pictures.into_iter().chain(stills).flatten() {
                note(address);
            }
        };
        match body {
            Body::Catalog(metas) => metas.iter().for_each(of_meta),
            Body::Meta(meta) => meta.iter().for_each(|meta| of_meta(meta)),
            Body::Subtitles(them) => them.iter().for_each(|it| note(&it.url)),
            Body::Streams(streams) => streams.iter().for_each(of_stream),
            Body::AddOns(_) => {}
        }
    }

    /// The first trouble is the one that is told, until it answers.
    fn set_trouble(&self, trouble: Option<String>) {
        let inner = &self.0;
        let mut told = lock(&inner.told);
        if told.trouble.is_some() == trouble.is_some() {
            return;
        }
        told.trouble = trouble;
        drop(told);
        (inner.changed)();
    }

    /// It is told what speaks against the add-on itself.
    fn note(&self, error: &AddOnError) {
        match error {
            AddOnError::Unsupported | AddOnError::NotFound => {}
            error => self.set_trouble(Some(error.to_string())),
        }
    }
}

impl AddOn for Remote {
    fn manifest(&self) -> Arc<Manifest> {
        Arc::clone(&lock(&self.0.told).manifest)
    }

    fn answer(&self, request: Request) -> AnswerFuture {
        let this = self.clone();
        Box::pin(async move {
            if !this.manifest().answers(&request) {
                return Err(AddOnError::Unsupported);
            }
            let answer = this.ask(&request, Reading::Usual).await;
            answer.inspect_err(|error| this.note(error))
        })
    }
}

/// As the answer itself says it (RFC 9111, RFC 5861).
fn spans(cache: Cache) -> Spans {
    let seconds = |said: Option<u32>, unsaid| {
        said.map_or(unsaid, |seconds| Duration::from_secs(seconds.into()))
    };
    Spans {
        fresh: seconds(cache.max_age_s, ANSWER.fresh),
        revalidate: seconds(cache.stale_revalidate_s, ANSWER.revalidate),
        on_error: seconds(cache.stale_error_s, ANSWER.on_error),
    }
}

fn error(error: FetchError) -> AddOnError {
    match error {
        FetchError::Status { code: 404, .. } => AddOnError::NotFound,
        FetchError::Status { code, .. } => AddOnError::Status(code),
        FetchError::TooSlow(_) => AddOnError::TimedOut,
        FetchError::TooLarge { .. } => AddOnError::Answer(AnswerError::TooLong),
        FetchError::NotJson(_) => AddOnError::Answer(AnswerError::Html),
        other => AddOnError::Unreachable(other.to_string()),
    }
}
