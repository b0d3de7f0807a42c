//! A film on a web server: asked for in parts, read ahead of who reads it.
//!
//! Two lines ask, each for what the ring says; what comes is told to everybody who waits by one
//! signal. A connection that breaks off is taken up again where it broke. Of a server that knows no
//! parts the film is read through from its start.
//!
//! Invariant: all bytes handed out are of one edition of the file.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::{Carrier, Progress, SupplyFailure, WebFile};
use bytes::{Bytes, BytesMut};
use fetch::Fetch;
use media::{HeldFuture, ReadFuture, Source, SourceGone};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use crate::fault::Fault;
use crate::line::{self, Edition, Part};
use crate::meter::Meter;
use crate::ring::{BLOCK, LINES, Ring};

/// Asked for with the first request: the head of most containers, and a first picture.
const HEAD: u64 = 8 * BLOCK;
/// The tail has the index of many films.
const TAIL: u64 = 2 * BLOCK;
/// Around the byte where a film goes on.
const RESUME: u64 = 4 * BLOCK;
/// A server that gives nothing for so long before the film begins is not waited for: another
/// source may be there.
const OPENS_WITHIN: Duration = Duration::from_secs(15);
/// Once it runs: a router that starts anew takes a minute, and a host that failed five times is
/// left alone for half of one.
const GIVES_UP: Duration = Duration::from_secs(75);
/// Before the first repeat, twice that before the next, up to eight seconds.
const BACKOFF: Duration = Duration::from_millis(250);
const BACKOFF_DOUBLINGS: u32 = 5;
/// One read is at most this, as of torrents.
const READ_MAX_BYTES: usize = 32 << 20;

/// A film on a web server.
pub(crate) struct WebFilm(Arc<Inner>);

pub(crate) struct Inner {
    fetch: Fetch,
    file: WebFile,
    name: String,
    edition: Edition,
    state: Mutex<State>,
    /// Rings at whatever readers, lines or the core may want to know.
    changed: watch::Sender<()>,
}

struct State {
    ring: Ring,
    meter: Meter,
    /// Since when nothing comes though it was asked for.
    dry: Option<Instant>,
    /// In a row.
    failures: u32,
    busy: [bool; LINES],
    over: Option<SupplyFailure>,
}

impl fmt::Debug for WebFilm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebFilm({})", line::host_of(&self.0.file.url))
    }
}

/// Asks the server for the film; waits until it is known how large it is.
pub(crate) async fn open(
    fetch: Fetch,
    file: WebFile,
    room: u64,
    at: Option<u64>,
) -> Result<(WebFilm, impl Future<Output = ()> + Send), SupplyFailure> {
    let part = begin(&fetch, &file).await?;
    if part.edition.size == 0 {
        return Err(SupplyFailure::Broken("the file is empty".to_owned()));
    }
    let mut ring = Ring::new(part.edition.size, room);
    if part.ranged {
        // In this order: without the head nothing shows, without the index nothing seeks.
        let size = part.edition.size;
        ring.foresee(0..HEAD);
        ring.foresee(size.saturating_sub(TAIL)..size);
        if let Some(at) = at {
            ring.foresee(at..at.saturating_add(RESUME));
        }
    } else {
        tracing::info!("{} gives films from their start only", part.host);
        ring.only_from_start();
    }
    // Before anybody can read: what has been asked for is the first line's.
    ring.next(0);
    let inner = Arc::new(Inner {
        fetch,
        name: name(&file, &part),
        file,
        edition: part.edition.clone(),
        state: Mutex::new(State {
            ring,
            meter: Meter::default(),
            dry: None,
            failures: 0,
            busy: std::array::from_fn(|line| line == 0),
            over: None,
        }),
        changed: watch::Sender::new(()),
    });
    let lines = lines(Arc::clone(&inner), part);
    Ok((WebFilm(inner), lines))
}

async fn begin(fetch: &Fetch, file: &WebFile) -> Result<Part, SupplyFailure> {
    let end = Instant::now() + OPENS_WITHIN;
    for failures in 0.. {
        match line::open(fetch, file, (0, HEAD), None).await {
            Ok(part) => return Ok(part),
            Err(Fault::Final(failure)) => return Err(failure),
            Err(Fault::Passing { failure, after }) => {
                let wait = after.unwrap_or_default().max(backoff(failures));
                if Instant::now() + wait >= end {
                    return Err(failure);
                }
                sleep(wait).await;
            }
        }
    }
    unreachable!("it ends by its time")
}

fn backoff(failures: u32) -> Duration {
    BACKOFF * (1 << failures.min(BACKOFF_DOUBLINGS))
}

/// As somebody said, or as the address ends, where that tells what kind of file it is.
fn name(file: &WebFile, part: &Part) -> String {
    let asked = file.url.parse::<fetch::Url>().ok();
    let asked = asked.map(|url| line::name_of(url.path()).to_owned());
    let names = [file.name.clone(), asked, Some(part.name.clone())];
    let mut names = names.into_iter().flatten();
    names.find(|name| name.contains('.')).unwrap_or_default()
}

async fn lines(inner: Arc<Inner>, first: Part) {
    let begun = async {
        inner.first(first).await;
        inner.run(0).await;
    };
    tokio::join!(begun, inner.run(1));
}

impl WebFilm {
    /// How it does; `sample`: a quarter of a second is over.
    pub(crate) fn progress(&self, sample: bool) -> Result<Progress, SupplyFailure> {
        let mut state = self.0.lock();
        if let Some(failure) = &state.over {
            return Err(failure.clone());
        }
        let busy = state.busy.contains(&true);
        if sample {
            state.meter.sample(busy);
        }
        Ok(Progress {
            carrier: Carrier::Server,
            peers: u32::from(state.dry.is_none()),
            rate: state.meter.rate(),
            capacity: state.meter.capacity(),
            size: state.ring.size(),
            have: state.ring.have(),
            waiting_at: state.ring.waiting_at(),
            read_at: state.ring.read_at(),
            ..Progress::default()
        })
    }

    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.0.changed.subscribe()
    }

    /// The same film for another reader.
    pub(crate) fn share(&self) -> WebFilm {
        WebFilm(Arc::clone(&self.0))
    }

    /// Nothing is handed out any more.
    pub(crate) fn close(&self) {
        let closed = SupplyFailure::Broken("closed".to_owned());
        self.0.end(closed);
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, failure: SupplyFailure) {
        self.lock().over.get_or_insert(failure);
        self.changed.send_replace(());
    }

    /// What the request that opened the film brings.
    async fn first(&self, part: Part) {
        let end = self.take(0, part).await;
        self.ended(0, end).await;
    }

    /// Asks for what the ring wants, until the film is closed.
    async fn run(&self, line: usize) {
        let mut changed = self.changed.subscribe();
        loop {
            changed.borrow_and_update();
            let next = {
                let mut state = self.lock();
                if state.over.is_some() {
                    return;
                }
                let next = state.ring.next(line);
                state.busy[line] = next.is_some();
                next
            };
            let Some(blocks) = next else {
                if changed.changed().await.is_err() {
                    return;
                }
                continue;
            };
            let end = tokio::select! {
                end = self.ask(line, &blocks) => end,
                () = self.unwanted(line) => Ok(()),
            };
            self.ended(line, end).await;
        }
    }

    async fn ask(&self, line: usize, blocks: &Range<u64>) -> Result<(), Fault> {
        let size = self.edition.size;
        let from_start = self.lock().ring.is_only_from_start();
        let bytes = if from_start {
            (0, size)
        } else {
            (blocks.start * BLOCK, (blocks.end * BLOCK).min(size))
        };
        let part = line::open(&self.fetch, &self.file, bytes, Some(&self.edition)).await?;
        if !part.ranged && !from_start {
            // It gave parts before, and this is not even another file.
            return Err(Fault::broken(&part.host));
        }
        self.take(line, part).await
    }

    /// Ends when nobody wants what the line asks for.
    async fn unwanted(&self, line: usize) {
        let mut changed = self.changed.subscribe();
        while {
            let state = self.lock();
            state.over.is_none() && state.ring.goes_on(line).is_some()
        } {
            if changed.changed().await.is_err() {
                return;
            }
        }
    }

    /// Puts what comes into the ring, block by block.
    async fn take(&self, line: usize, mut part: Part) -> Result<(), Fault> {
        let mut at = part.start;
        let mut block = BytesMut::new();
        loop {
            let Some(next) = self.wanted(line).await else {
                return Ok(());
            };
            let Some(mut bytes) = part.body.chunk().await? else {
                // Whoever gives less than it said breaks off; a part may be shorter than asked.
                return if at < self.edition.size && at == part.start {
                    Err(Fault::broken(&part.host))
                } else {
                    Ok(())
                };
            };
            self.came(bytes.len() as u64);
            // Of a film that is read through again what came by before is dropped.
            let start = next * BLOCK;
            if at < start {
                let skip = bytes.len().min((start - at) as usize);
                at += skip as u64;
                bytes = bytes.split_off(skip);
            }
            while !bytes.is_empty() {
                let number = at / BLOCK;
                let whole = self.bytes_of(number);
                if whole == 0 {
                    return Ok(());
                }
                let some = bytes.split_to(bytes.len().min(whole - block.len()));
                at += some.len() as u64;
                block.extend_from_slice(&some);
                if block.len() == whole {
                    let whole = std::mem::take(&mut block).freeze();
                    self.lock().ring.put(line, number, whole);
                    self.changed.send_replace(());
                }
            }
        }
    }

    fn bytes_of(&self, block: u64) -> usize {
        self.lock().ring.bytes_of(block) as usize
    }

    /// The block that comes next, once there is room for it; none if nobody wants it.
    async fn wanted(&self, line: usize) -> Option<u64> {
        let mut changed = self.changed.subscribe();
        loop {
            {
                let mut state = self.lock();
                let over = state.over.is_some();
                let next = state.ring.goes_on(line).filter(|_| !over)?;
                let room = !state.ring.is_only_from_start() || state.ring.has_room(next);
                state.busy[line] = room;
                if room {
                    return Some(next);
                }
            }
            changed.changed().await.ok()?;
        }
    }

    fn came(&self, bytes: u64) {
        let mut state = self.lock();
        state.meter.came(bytes);
        state.failures = 0;
        let was_dry = state.dry.take().is_some();
        drop(state);
        if was_dry {
            self.changed.send_replace(());
        }
    }

    /// A request is over; waits before the next one if it failed.
    async fn ended(&self, line: usize, end: Result<(), Fault>) {
        let wait = {
            let mut state = self.lock();
            state.ring.stop(line);
            state.busy[line] = false;
            match end {
                Ok(()) => None,
                Err(Fault::Final(failure)) => {
                    state.over.get_or_insert(failure);
                    None
                }
                Err(Fault::Passing { failure, after }) => {
                    let since = *state.dry.get_or_insert_with(Instant::now);
                    let wait = after.unwrap_or_default().max(backoff(state.failures));
                    state.failures = state.failures.saturating_add(1);
                    tracing::debug!(?failure, ?wait, "a film's server fails");
                    let until = Instant::now() + wait;
                    if until > since + GIVES_UP {
                        state.over.get_or_insert(failure);
                    }
                    Some(until)
                }
            }
        };
        self.changed.send_replace(());
        if let Some(until) = wait {
            tokio::select! {
                () = sleep_until(until) => {}
                () = self.over() => {}
            }
        }
    }

    async fn over(&self) {
        let mut changed = self.changed.subscribe();
        while self.lock().over.is_none() {
            if changed.changed().await.is_err() {
                return;
            }
        }
    }
}

/// A read on its way; dropping it takes its demand back.
struct Reading {
    film: Arc<Inner>,
    id: u64,
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.film.lock().ring.end(self.id);
        self.film.changed.send_replace(());
    }
}

impl Reading {
    async fn bytes(self, bytes: Range<u64>) -> Result<Bytes, SourceGone> {
        let mut changed = self.film.changed.subscribe();
        loop {
            {
                let mut state = self.film.lock();
                if let Some(failure) = &state.over {
                    return Err(SourceGone(app::supply_lost(failure)));
                }
                if let Some(read) = state.ring.get(&bytes) {
                    return Ok(read);
                }
                if state.ring.is_out_of_reach(&bytes) {
                    let host = line::host_of(&self.film.file.url);
                    let why = format!("{host} gives it only from its start to its end");
                    return Err(SourceGone(why));
                }
            }
            let gone = |_| SourceGone("closed".to_owned());
            changed.changed().await.map_err(gone)?;
        }
    }
}

impl Source for WebFilm {
    fn size(&self) -> u64 {
        self.0.edition.size
    }

    fn name(&self) -> &str {
        &self.0.name
    }

    fn read_at(&self, offset: u64, len: usize) -> ReadFuture {
        let bytes = self.part(offset, len);
        let film = Arc::clone(&self.0);
        Box::pin(async move {
            if bytes.is_empty() {
                return Ok(Bytes::new());
            }
            let id = film.lock().ring.begin(bytes.clone());
            film.changed.send_replace(());
            Reading { film, id }.bytes(bytes).await
        })
    }

    fn held(&self, offset: u64, len: usize) -> HeldFuture {
        let bytes = self.part(offset, len);
        let held = self.0.lock().ring.peek(&bytes);
        Box::pin(std::future::ready(held))
    }
}

impl WebFilm {
    /// `len` bytes from `offset`, fewer where the film ends.
    fn part(&self, offset: u64, len: usize) -> Range<u64> {
        let start = offset.min(self.size());
        let end = start.saturating_add(len.min(READ_MAX_BYTES) as u64);
        start..end.min(self.size())
    }
}
