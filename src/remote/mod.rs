//! The control API: what tests, the phone remote and other programs drive the box with.
//!
//! A small HTTP/1.1 server under `/api/v1`, off unless asked for. It shows the core's
//! [`app::View`] and passes keys and films on through a [`Door`]; it decides nothing and knows no
//! other shell. Invariant: a request reaches a route only after Host, Origin and bearer token were
//! found right (see `guard`), and everything a stranger can make it hold (connections, headers,
//! bodies, listeners, time) has a bound.
//!
//! Endpoints, all JSON unless said, errors as `{"error": "..."}`:
//!
//! | request | does |
//! | --- | --- |
//! | `GET health` | `{"ok": true, "version": "0.1.0"}` |
//! | `GET state` | the view, see `state` |
//! | `POST key` `{"key": "ok"}` | presses a key; `"press": "down"`, `"repeat"`, `"up"` for a half |
//! | `POST open` `{"magnet": "..."}` or a .torrent | opens its film page: `{"film": id}` |
//! | `GET screen.png` | what the TV shows now, video included |
//! | `GET events` | server-sent events `state`, newest wins, at most 20 a second |
//! | `GET figures` | counters for measurements; no fixed shape |
//!
//! No TLS: it is for the home network, and a certificate that nobody can check would only train
//! people to click warnings away.

mod connections;
mod events;
mod guard;
mod picture;
mod routes;
mod state;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use rand::RngCore;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use self::state::to_json;

/// Where the API listens and who may use it.
#[derive(Clone)]
pub struct Config {
    /// Port 0 takes any free one, see [`Server::address`].
    pub listen: SocketAddr,
    /// The bearer token (RFC 6750) every request must carry.
    pub token: String,
    /// Further exact `host:port` names the box is known by (`matinee.local:8097`).
    pub hosts: Vec<String>,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("token", &"(secret)")
            .field("hosts", &self.hosts)
            .finish()
    }
}

/// What the API can see and do of the box: all it is given, and all it knows.
#[derive(Clone)]
pub struct Door {
    /// The newest view; its sender gone means the box stops.
    pub views: watch::Receiver<Arc<app::View>>,
    /// Presses a key; false when the box's queue is full.
    pub keys: Arc<dyn Fn(app::Key, app::Press) -> bool + Send + Sync>,
    /// Opens the film page of what was handed over.
    pub open: Arc<dyn Fn(Handed) -> Opening + Send + Sync>,
    /// The picture on the screen; none when there is no screen to read.
    pub screen: Arc<dyn Fn() -> BoxFuture<'static, Option<Picture>> + Send + Sync>,
    /// Counters and times for measurements.
    pub figures: Arc<dyn Fn() -> serde_json::Value + Send + Sync>,
}

/// The film that was opened, or why it is none.
pub type Opening = BoxFuture<'static, Result<app::FilmId, app::TorrentFailure>>;

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door").finish_non_exhaustive()
    }
}

/// A film from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// A magnet link (BEP 9); only its `magnet:?` was looked at.
    Magnet(String),
    /// The bytes of a .torrent (BEP 3), at most 10 MiB; not looked at.
    Metainfo(Bytes),
}

/// Pixels of the screen.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    /// Rows from the top, three bytes a pixel, no padding: `3 * width * height` bytes.
    pub rgb: Vec<u8>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture {}x{}", self.width, self.height)
    }
}

/// Why the API is not there.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    #[error("the control API cannot listen on {address}: {source}")]
    Listen {
        address: SocketAddr,
        source: std::io::Error,
    },
    #[error("the control token must be 1 to 256 visible ASCII characters")]
    Token,
}

/// The running API; dropping it ends it with all its connections.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Where it listens, with the port that was taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts the API on the runtime that polls this.
///
/// # Errors
/// [`RemoteError::Listen`] when the address cannot be had, [`RemoteError::Token`] for a token no
/// HTTP header can carry.
pub async fn serve(config: Config, door: Door) -> Result<Server, RemoteError> {
    if !is_token(&config.token) {
        return Err(RemoteError::Token);
    }
    let failed = |source| RemoteError::Listen {
        address: config.listen,
        source,
    };
    let listener = TcpListener::bind(config.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let guard = guard::Guard::new(config.token, config.hosts);
    let router = routes::router(door);
    let task = tokio::spawn(connections::accept(listener, Arc::new(guard), router));
    tracing::info!(%address, "control API listens");
    Ok(Server { address, task })
}

/// A new random token: 128 bits as 32 hex digits (the size RFC 6750 section 5.2's "hard to
/// guess" is commonly met with).
pub fn new_token() -> String {
    let mut bits = [0_u8; 16];
    rand::rng().fill_bytes(&mut bits);
    format!("{:032x}", u128::from_be_bytes(bits))
}

/// Whether a header can carry it (RFC 9110 section 5.5) and nobody sends a novel.
fn is_token(token: &str) -> bool {
    (1..=256).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic())
}
