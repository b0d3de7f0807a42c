//! The bytes of a bundle that lies on a web server, for an installer that reads them anywhere.
//!
//! Its end, which pins all the rest (the crate `ota`), is fetched first and never again: who asks
//! for it gets what was looked at. Ahead of what is asked for is read as long as reading goes on in
//! one line, so that a whole update costs few requests and a part of one few bytes. While a film
//! plays hardly anything is fetched.
//!
//! One request at a time. Invariant: every answer is of a file of the announced size.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use app::UpdateFailure;
use bytes::{Bytes, BytesMut};
use fetch::{Ask, Bounds, Fetch, FetchError, Flow, Url, Wanted};
use ota::{Bundle, LENGTH_BYTES, PinError};
use tokio::sync::{Mutex as AsyncMutex, watch};
use tokio::time::{Instant, sleep, sleep_until};

/// Read ahead at first, and at most: a round trip is worth about as much as the first.
const AHEAD_MIN: u64 = 64 * 1024;
const AHEAD_MAX: u64 = 1024 * 1024;

/// Parts that are held: an installer reads in three lines at once (data, hash tree, index).
const PARTS: usize = 8;

/// Bytes a second while a film plays: half a megabit, which no film misses. The installer waits
/// five minutes for an answer (`NBD_ATTR_TIMEOUT`), which has 128 KiB at most.
const TRICKLE: u64 = 64 * 1024;

/// How long a server that does not answer is asked again, within the installer's five minutes.
const GIVE_UP: Duration = Duration::from_secs(150);

/// Before the first repeat; doubled each time.
const REPEAT: Duration = Duration::from_secs(1);

/// Of one answer.
const BOUNDS: Bounds = Bounds {
    // How much is taken is known here; a server may answer with all it has.
    bytes_max: u64::MAX,
    whole: Duration::from_secs(120),
    silence: Duration::from_secs(15),
    rate_min: 512,
    redirects_max: 5,
};

/// A bundle.
#[derive(Debug)]
pub(super) struct Source {
    fetch: Fetch,
    url: Url,
    size: u64,
    end: End,
    held: watch::Receiver<bool>,
    reading: AsyncMutex<Reading>,
    /// Bytes that came over the network.
    fetched: AtomicU64,
    /// Why no more comes.
    fault: Mutex<Option<UpdateFailure>>,
}

/// What was looked at.
#[derive(Debug)]
struct End {
    /// Its first byte in the bundle.
    start: u64,
    bytes: Bytes,
    manifest: String,
}

#[derive(Debug, Default)]
struct Reading {
    parts: VecDeque<Part>,
    /// When the next byte may be fetched at a trickle.
    due: Option<Instant>,
}

#[derive(Debug)]
struct Part {
    start: u64,
    bytes: Bytes,
    /// How much of it was read ahead at most.
    ahead: u64,
}

impl Part {
    fn end(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl Reading {
    /// Where to fetch from to have what lies at `at`, and how much ahead: from the end of a part
    /// that is read on in one line. Who asks for several parts at a time does not ask in order.
    fn goes_on(&self, at: u64) -> (u64, u64) {
        let lines = self.parts.iter().filter(|part| part.end() <= at);
        let lines = lines.filter(|part| at - part.end() <= part.ahead);
        match lines.max_by_key(|part| part.end()) {
            Some(part) => (part.end(), (part.ahead * 2).clamp(AHEAD_MIN, AHEAD_MAX)),
            None => (at, 0),
        }
    }
}

impl Source {
    /// Looks at the end of the bundle that was announced.
    ///
    /// # Errors
    /// It cannot be had, or is another.
    pub(super) async fn open(
        fetch: Fetch,
        url: Url,
        bundle: &Bundle,
        held: watch::Receiver<bool>,
    ) -> Result<Source, UpdateFailure> {
        let size = bundle.size;
        let broken = |error: PinError| match error {
            PinError::Swapped => UpdateFailure::Swapped,
            PinError::NoSignature => UpdateFailure::Broken(error.to_string()),
        };
        let begin = size.checked_sub(LENGTH_BYTES);
        let begin = begin.ok_or_else(|| broken(PinError::NoSignature))?;
        let fetched = AtomicU64::new(0);
        // What is too short has no such end, and its server would not say how long it is.
        persist(&fetch, &url, (0, 1), size, &fetched).await?;
        let last = persist(&fetch, &url, (begin, LENGTH_BYTES), size, &fetched).await?;
        let digits = last.as_ref().try_into();
        let digits = digits.map_err(|_| broken(PinError::NoSignature))?;
        let length = ota::signature_bytes(digits, size).map_err(broken)?;
        let start = begin - length;
        let signature = persist(&fetch, &url, (start, length), size, &fetched).await?;
        let manifest = ota::pinned(bundle, &signature).map_err(broken)?.to_owned();
        let end = End {
            start,
            bytes: [signature, last].concat().into(),
            manifest,
        };
        Ok(Source {
            fetch,
            url,
            size,
            end,
            held,
            reading: AsyncMutex::default(),
            fetched,
            fault: Mutex::default(),
        })
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// For which systems it is, by its manifest.
    pub(super) fn compatible(&self) -> &str {
        let mut lines = self.end.manifest.lines();
        let said = lines.find_map(|line| line.strip_prefix("compatible="));
        said.unwrap_or_default().trim()
    }

    /// Bytes that came over the network so far.
    pub(super) fn fetched(&self) -> u64 {
        self.fetched.load(Ordering::Relaxed)
    }

    /// Why no more comes, if so.
    pub(super) fn fault(&self) -> Option<UpdateFailure> {
        let fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        fault.clone()
    }

    /// The bytes from `start` to `end` (exclusive), which must lie in the bundle. None: no more
    /// comes, see [`Source::fault`].
    pub(super) async fn read(&self, start: u64, end: u64) -> Option<Bytes> {
        let mut reading = self.reading.lock().await;
        let mut read = BytesMut::new();
        let mut at = start;
        while at < end {
            let piece = match self.held_at(&reading, at) {
                Some(piece) => piece,
                None => self.fetch_at(&mut reading, at, end).await?,
            };
            let piece = piece.slice(..piece.len().min((end - at) as usize));
            at += piece.len() as u64;
            read.extend_from_slice(&piece);
        }
        Some(read.freeze())
    }

    /// What is here from there on.
    fn held_at(&self, reading: &Reading, at: u64) -> Option<Bytes> {
        if let Some(after) = at.checked_sub(self.end.start) {
            return Some(self.end.bytes.slice(after as usize..));
        }
        let mut parts = reading.parts.iter().rev();
        let part = parts.find(|part| part.start <= at && at < part.end())?;
        Some(part.bytes.slice((at - part.start) as usize..))
    }

    async fn fetch_at(&self, reading: &mut Reading, at: u64, end: u64) -> Option<Bytes> {
        if self.fault().is_some() {
            return None;
        }
        let held = self.keep_pace(reading).await;
        let (from, ahead) = reading.goes_on(at);
        let (from, ahead) = if held { (at, 0) } else { (from, ahead) };
        let to = end.max(from + ahead).min(self.end.start);
        let part = (from, to - from);
        match persist(&self.fetch, &self.url, part, self.size, &self.fetched).await {
            Ok(bytes) => {
                if held {
                    let took = Duration::from_millis(bytes.len() as u64 * 1000 / TRICKLE);
                    reading.due = Some(Instant::now() + took);
                }
                while reading.parts.len() >= PARTS {
                    reading.parts.pop_front();
                }
                let piece = bytes.slice((at - from) as usize..);
                reading.parts.push_back(Part {
                    start: from,
                    bytes,
                    ahead,
                });
                Some(piece)
            }
            Err(failure) => {
                let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
                *fault = Some(failure);
                None
            }
        }
    }

    /// Waits until more may be fetched; whether that is at a trickle.
    async fn keep_pace(&self, reading: &mut Reading) -> bool {
        let mut held = self.held.clone();
        if let Some(due) = reading.due.take() {
            tokio::select! {
                () = sleep_until(due) => {}
                _ = held.wait_for(|held| !held) => {}
            }
        }
        *held.borrow()
    }
}

/// A part of the file, asked for again while its server does not answer.
async fn persist(
    fetch: &Fetch,
    url: &Url,
    part: (u64, u64),
    size: u64,
    fetched: &AtomicU64,
) -> Result<Bytes, UpdateFailure> {
    let give_up = Instant::now() + GIVE_UP;
    let mut wait = REPEAT;
    loop {
        let trouble = match once(fetch, url, part, size, fetched).await {
            Ok(bytes) => return Ok(bytes),
            Err(Trouble::Final(failure)) => return Err(failure),
            Err(Trouble::Passing(error)) => error,
        };
        if Instant::now() + wait >= give_up {
            return Err(UpdateFailure::Unreachable(trouble.to_string()));
        }
        tracing::debug!("an update: {trouble}; again in {wait:?}");
        sleep(wait).await;
        wait *= 2;
    }
}

enum Trouble {
    Final(UpdateFailure),
    Passing(FetchError),
}

async fn once(
    fetch: &Fetch,
    url: &Url,
    (start, length): (u64, u64),
    size: u64,
    fetched: &AtomicU64,
) -> Result<Bytes, Trouble> {
    let last = start + length - 1;
    let ask = Ask::get(url.as_str())
        .near()
        .plain_http()
        .as_is()
        .wanted(Wanted::File)
        .bounds(BOUNDS)
        .header("range", &format!("bytes={start}-{last}"));
    let mut flow = match fetch.flow(ask).await {
        Ok(flow) => flow,
        Err(error) if passes(&error) => return Err(Trouble::Passing(error)),
        Err(error) => {
            let failure = UpdateFailure::Unreachable(error.to_string());
            return Err(Trouble::Final(failure));
        }
    };
    look_at(&flow, start, size).map_err(Trouble::Final)?;
    let mut read = BytesMut::new();
    while (read.len() as u64) < length {
        match flow.body.chunk().await {
            Ok(Some(bytes)) => {
                fetched.fetch_add(bytes.len() as u64, Ordering::Relaxed);
                read.extend_from_slice(&bytes);
            }
            Ok(None) => {
                let host = flow.url.host_str().unwrap_or_default().to_owned();
                return Err(Trouble::Passing(FetchError::Broken(host)));
            }
            Err(error) => return Err(Trouble::Passing(error)),
        }
    }
    read.truncate(length as usize);
    Ok(read.freeze())
}

/// Whether another try may go better.
fn passes(error: &FetchError) -> bool {
    match error {
        FetchError::Status { code, .. } => *code >= 500 || matches!(code, 408 | 429),
        FetchError::BadAddress(_) | FetchError::Refused(_) | FetchError::Insecure(_) => false,
        _ => true,
    }
}

/// Whether it is a part, from there on, of a file of that size.
fn look_at(flow: &Flow, start: u64, size: u64) -> Result<(), UpdateFailure> {
    let host = flow.url.host_str().unwrap_or_default();
    let mut headers = flow.headers.iter();
    let said = headers.find(|(name, _)| name == "content-range");
    let said = said.and_then(|(_, value)| range_of(value));
    let Some((first, there)) = said.filter(|_| flow.status == 206) else {
        let why = format!("{host}: gives no parts of a file");
        return Err(UpdateFailure::Unreachable(why));
    };
    if there != size {
        return Err(UpdateFailure::WrongSize {
            announced: size,
            there,
        });
    }
    let right = first == start;
    right
        .then_some(())
        .ok_or_else(|| UpdateFailure::Unreachable(format!("{host}: another part than asked for")))
}

/// First byte and whole size of `bytes 0-99/1234`.
fn range_of(value: &str) -> Option<(u64, u64)> {
    let (part, size) = value.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, _) = part.split_once('-')?;
    Some((first.trim().parse().ok()?, size.trim().parse().ok()?))
}
