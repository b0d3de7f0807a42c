//! A poster's bytes: from a file on this box, or fetched once and kept.
//!
//! The face is blocking, for the threads that decode and scale posters; it knows nothing of
//! pictures but the content type. Invariant: it always comes back, within [`FETCH_TIME`] and a
//! bit, with at most [`POSTER_BYTES`]. A poster that could not be had is not asked for again for
//! [`FORGIVEN_AFTER`], so a wall without network does not hammer it. Posters are taken to never
//! change under one address; what was fetched stays until the shelf needs the room.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, Response, Url, redirect};
use tokio::runtime::Handle;

use crate::shelf::Shelf;

/// A 4K poster as a JPEG of the best quality has 5 MB.
const POSTER_BYTES: u64 = 8 * 1024 * 1024;

/// About a hundred large posters, or two thousand of the usual 30 kB.
const SHELF_BYTES: u64 = 64 * 1024 * 1024;

/// Connection and TLS: three times a slow mobile line.
const CONNECT_TIME: Duration = Duration::from_secs(5);

/// The whole fetch; a wall that fills later than this is not looked at any more.
const FETCH_TIME: Duration = Duration::from_secs(20);

/// As specified for add-ons; http to https and one move are two.
const REDIRECTS: usize = 3;

/// Long enough for a wall to be scrolled in peace, short enough for a network that comes back.
const FORGIVEN_AFTER: Duration = Duration::from_mins(5);

/// More than the wall has posters in view; when full the list starts anew.
const FAILURES: usize = 1024;

/// Why a poster could not be had; for the log.
#[derive(Debug, thiserror::Error)]
enum PosterError {
    #[error("{0}")]
    File(#[from] io::Error),
    #[error("{0}")]
    Fetch(#[from] reqwest::Error),
    #[error("no address")]
    Address,
    #[error("the server answers {0}")]
    Status(u16),
    #[error("the server sends {0:?}, which is no picture")]
    Kind(String),
    #[error("it has more than {POSTER_BYTES} bytes")]
    Large,
}

/// Where posters come from. Shared by the threads that decode them.
pub struct Posters {
    client: Option<Client>,
    runtime: Handle,
    shelf: Shelf,
    failures: Mutex<HashMap<Arc<str>, Instant>>,
}

impl fmt::Debug for Posters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Posters").finish_non_exhaustive()
    }
}

impl Posters {
    /// Keeps fetched posters in `folder` (made when it is missing), at most 64 MiB. Without a
    /// usable folder it works, and fetches anew after each start.
    pub fn new(folder: &Path, runtime: Handle) -> Self {
        let client = client().inspect_err(|error| {
            tracing::warn!(%error, "no posters from the network");
        });
        Self {
            client: client.ok(),
            runtime,
            shelf: Shelf::open(folder, SHELF_BYTES),
            failures: Mutex::new(HashMap::new()),
        }
    }

    /// The bytes of the picture as its server or file has them; none when it cannot be had now.
    ///
    /// Blocks for up to some 20 seconds. Must not be called on a thread of the async runtime.
    pub fn bytes(&self, poster: &app::Poster) -> Option<Vec<u8>> {
        let address = &poster.0;
        if self.failed_lately(address) {
            return None;
        }
        let bytes = if is_web(address) {
            self.kept_or_fetched(address)
        } else {
            read(Path::new(&**address))
        };
        match bytes {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                tracing::warn!(%address, %error, "no poster");
                self.remember_failure(address);
                None
            }
        }
    }

    fn kept_or_fetched(&self, address: &str) -> Result<Vec<u8>, PosterError> {
        if let Some(bytes) = self.shelf.get(address) {
            return Ok(bytes);
        }
        let client = self.client.as_ref().ok_or(PosterError::Address)?;
        let bytes = self.runtime.block_on(fetch(client, address))?;
        self.shelf.put(address, &bytes);
        Ok(bytes)
    }

    fn failed_lately(&self, address: &str) -> bool {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(when) = failures.get(address) else {
            return false;
        };
        let lately = when.elapsed() < FORGIVEN_AFTER;
        if !lately {
            failures.remove(address);
        }
        lately
    }

    fn remember_failure(&self, address: &Arc<str>) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= FAILURES {
            failures.clear();
        }
        failures.insert(address.clone(), Instant::now());
    }
}

fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

fn client() -> Result<Client, reqwest::Error> {
    Client::builder()
        .user_agent(concat!("Matinee/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIME)
        .timeout(FETCH_TIME)
        .redirect(redirect::Policy::custom(|attempt| {
            let back = attempt.url().scheme() != "https"
                && attempt
                    .previous()
                    .last()
                    .is_some_and(|url| url.scheme() == "https");
            if back {
                attempt.error("it leads from https to http")
            } else if attempt.previous().len() > REDIRECTS {
                attempt.error("it leads on and on")
            } else {
                attempt.follow()
            }
        }))
        .build()
}

async fn fetch(client: &Client, address: &str) -> Result<Vec<u8>, PosterError> {
    let url = Url::parse(address).map_err(|_| PosterError::Address)?;
    let response = client.get(url).header(ACCEPT, "image/*").send().await?;
    if !response.status().is_success() {
        return Err(PosterError::Status(response.status().as_u16()));
    }
    check_kind(&response)?;
    if response
        .content_length()
        .is_some_and(|length| length > POSTER_BYTES)
    {
        return Err(PosterError::Large);
    }
    let mut bytes = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        bytes.extend_from_slice(&chunk?);
        if bytes.len() as u64 > POSTER_BYTES {
            return Err(PosterError::Large);
        }
    }
    Ok(bytes)
}

fn check_kind(response: &Response) -> Result<(), PosterError> {
    let kind = response.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.to_ascii_lowercase().starts_with("image/") {
        return Ok(());
    }
    Err(PosterError::Kind(kind.to_owned()))
}

/// A regular file alone: a pipe or device would keep the thread for ever.
fn read(path: &Path) -> Result<Vec<u8>, PosterError> {
    if !path.metadata()?.is_file() {
        return Err(io::Error::other("it is no file").into());
    }
    let mut bytes = Vec::new();
    File::open(path)?
        .take(POSTER_BYTES + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > POSTER_BYTES {
        return Err(PosterError::Large);
    }
    Ok(bytes)
}
