//! The control API: what tests, the phone remote and other programs drive the box with.
//!
//! A small HTTP/1.1 server under `/api/v1`, off unless asked for. It shows the core's
//! [`app::View`] and passes keys and films on through a [`Door`]; it decides nothing and knows no
//! other shell. Who may ask is decided before it, in [`http_server`]; what a stranger can make it
//! hold beyond that (bodies, listeners) has a bound here.
//!
//! All endpoints, what they take and how they answer are in `openapi.json` beside this file, which
//! the API serves itself and a test holds against the routes. Errors are `{"error": "..."}`.

mod belongings;
mod events;
mod handset;
mod pages;
mod picture;
mod profiles;
mod routes;
mod setup;
mod state;
mod titles;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use tokio::sync::watch;

pub use self::belongings::{Belongings, NotTaken};
pub use self::handset::{Keyring, Refused, serve_handset};
pub use self::routes::endpoints;
pub use self::setup::{Chosen, Setup, serve_setup};
pub use self::state::to_json;
pub use self::titles::{Found, Titles};
use http_server::{HttpError, Patience, Server};

/// An answer takes 10 MiB (the largest body) at 3 Mbit/s; a client that takes no byte for so long
/// is gone or means harm.
pub(crate) const PATIENCE: Patience = Patience {
    answer: Duration::from_secs(30),
    write: Duration::from_secs(20),
};

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
    /// Puts text where the box wants some; it is looked for where it wants none.
    pub typed: Arc<dyn Fn(String) -> Done + Send + Sync>,
    /// Moves the film that plays to a place.
    pub jump: Arc<dyn Fn(Duration) -> Done + Send + Sync>,
    /// Add-ons, searches, the library.
    pub titles: Arc<dyn Titles>,
    /// What its owner has on the box, and how it does.
    pub belongings: Arc<dyn Belongings>,
    /// The picture on the screen; none when there is no screen to read.
    pub screen: Arc<dyn Fn() -> BoxFuture<'static, Option<Picture>> + Send + Sync>,
    /// Counters and times for measurements.
    pub figures: Arc<dyn Fn() -> serde_json::Value + Send + Sync>,
}

/// When the box has taken it in; what is waited for comes in its order.
pub type Done = BoxFuture<'static, ()>;

/// The film that was opened, or why it is none.
pub type Opening = BoxFuture<'static, Result<app::FilmId, app::SupplyFailure>>;

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

impl Handed {
    /// What the link leads to; none: it is no magnet.
    pub fn magnet(link: String) -> Option<Handed> {
        // Schemes have no case (RFC 3986 section 3.1).
        let scheme = link.get(..8);
        let is_one = scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("magnet:?"));
        is_one.then_some(Handed::Magnet(link))
    }
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

/// Starts the API on the runtime that polls this.
///
/// # Errors
/// As [`http_server::serve`].
pub async fn serve(config: Config, door: Door) -> Result<Server, HttpError> {
    let config = http_server::Config {
        listen: config.listen,
        token: Some(config.token),
        hosts: config.hosts,
        any_page: false,
        patience: PATIENCE,
    };
    http_server::serve(config, routes::router(door)).await
}
