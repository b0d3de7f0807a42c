//! A poster's bytes: from a file on this box, or fetched once and kept.
//!
//! The face is blocking, for the threads that decode and scale posters; it knows nothing of
//! pictures but the content type. They go by the one door to the web: strangers name them, so
//! nothing at home is called for one but what its own host there named. Invariant: it always comes
//! back, within [`FETCH_TIME`] and a bit, with at most [`POSTER_BYTES`]. A poster that could not be
//! had is not asked for again for [`FORGIVEN_AFTER`], so a wall without network does not hammer it.
//! Posters are taken to never change under one address; what was fetched stays until the shelf
//! needs the room.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use fetch::{Ask, Fetch, FetchError, Keep, Wanted};
use tokio::runtime::Handle;

use crate::shelf::Shelf;

/// A 4K poster as a JPEG of the best quality has 5 MB.
const POSTER_BYTES: u64 = 8 * 1024 * 1024;

/// About a hundred large posters, or two thousand of the usual 30 kB.
const SHELF_BYTES: u64 = 64 * 1024 * 1024;

/// The whole fetch; a wall that fills later than this is not looked at any more.
const FETCH_TIME: Duration = Duration::from_secs(20);

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
    Fetch(#[from] FetchError),
    #[error("it has more than {POSTER_BYTES} bytes")]
    Large,
}

/// Whether an address at home may be called ([`crate::Catalog::is_near`]).
type Near = Box<dyn Fn(&str) -> bool + Send + Sync>;

/// Where posters come from. Shared by the threads that decode them.
pub struct Posters {
    fetch: Fetch,
    near: Near,
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
    /// usable folder it works, and fetches anew after each start. `near`: whether an address at
    /// home may be called.
    pub fn new(
        folder: &Path,
        runtime: Handle,
        fetch: Fetch,
        near: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self {
            fetch,
            near: Box::new(near),
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
        let mut ask = Ask::get(address)
            .wanted(Wanted::Image)
            .bytes_max(POSTER_BYTES)
            .whole(FETCH_TIME)
            // The shelf keeps it.
            .keep(Keep::No)
            // Nothing of the owner's is in it, and many hosts of pictures have no certificate.
            .plain_http();
        if (self.near)(address) {
            ask = ask.near();
        }
        let bytes = self.runtime.block_on(self.fetch.ask(ask))?.body.to_vec();
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
