//! The engine alone as a small server: any player on the network streams torrents through it.
//!
//! HTTP/1.1 over [`http_server`], errors as `{"error": "..."}`. Beside `world.rs` it is the one
//! module that drives the crate `torrent`; it decides nothing about peers or pieces. Without the
//! core there is one torrent per info hash here, not one film at a time, and each body is a viewer
//! with a window of its own. Bounds: `TORRENTS_MAX` open torrents, `STREAMS_MAX` bodies at a time,
//! each with two blocks of 256 KiB on the way.
//!
//! | request | does |
//! | --- | --- |
//! | `POST /torrents` a .torrent, or a magnet as text | `{"id", "name", "files": [...]}` |
//! | `GET /torrents`, `GET /torrents/{id}` | how they do: peers, rates, pieces, forecast ... |
//! | `DELETE /torrents/{id}` | closes it; what is cached stays until room is needed |
//! | `GET /held` | what is cached, open or not: `{"held": [{"id", "bytes", "kept", ...}]}` |
//! | `DELETE /held/{id}` | deletes what is cached of it |
//! | `PUT`, `DELETE /held/{id}/keep` | it is not evicted for others; or it may be again |
//! | `GET`, `HEAD /stream/{id}/{index}` | the bytes of a file, whole or a Range |
//! | `GET /playlist/{id}.m3u` | its films and sounds, for players |
//! | `GET /health` | `{"ok": true, "version": "0.1.0"}` |
//! | `GET /metrics` | counters for Prometheus |

mod body;
#[doc(hidden)]
pub mod fuzzing;
mod listing;
mod metrics;
mod roster;
mod routes;

use std::net::SocketAddr;
use std::time::Duration;

use tokio::runtime::Handle;
use torrent::{TorrentError, Torrents};

use self::roster::{Roster, Told};
use http_server::{HttpError, Patience, Server};

/// Open torrents; the longest unused one goes first.
const TORRENTS_MAX: usize = 32;

/// Bodies at a time: a household's players, each with a connection or two.
const STREAMS_MAX: usize = 16;

/// Magnets are answered when somebody has told what they hold, which may take most of a minute.
/// A player that is paused takes no byte, for as long as a viewer's supper.
const PATIENCE: Patience = Patience {
    answer: Duration::from_secs(65),
    write: Duration::from_mins(60),
};

/// Where the server listens and who may use it.
#[derive(Debug, Clone)]
pub struct Config {
    /// Port 0 takes any free one.
    pub listen: SocketAddr,
    /// What every request must carry; may be none only on a loopback address.
    pub token: Option<String>,
    /// Further exact `host:port` names the server is known by.
    pub hosts: Vec<String>,
}

/// Why the server is not there.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    #[error(transparent)]
    Torrents(#[from] TorrentError),
    #[error(transparent)]
    Http(#[from] HttpError),
    #[error("{0} is not a loopback address: a token is needed there")]
    NoToken(SocketAddr),
}

/// The running engine and its server; dropping it ends both.
#[derive(Debug)]
pub struct Streaming {
    server: Server,
    torrents: Torrents,
}

impl Streaming {
    /// Where the server listens, with the port that was taken.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Waits until what has come is on disk: for an orderly end.
    pub async fn settled(&self) {
        self.torrents.settled().await;
    }
}

/// Starts the engine and its server on the runtime that polls this.
///
/// # Errors
/// When an address cannot be had, or there is no token where strangers can ask.
pub async fn serve(config: Config, engine: torrent::Config) -> Result<Streaming, StreamError> {
    if config.token.is_none() && !config.listen.ip().is_loopback() {
        return Err(StreamError::NoToken(config.listen));
    }
    let engine = torrent::Config {
        any_file: true,
        ..engine
    };
    let told = Told::default();
    let torrents = Torrents::start(engine, Handle::current(), told.listener())?;
    let roster = Roster::new(torrents.clone(), told);
    let router = routes::router(roster, config.token.clone());
    let config = http_server::Config {
        listen: config.listen,
        token: config.token,
        hosts: config.hosts,
        any_page: false,
        patience: PATIENCE,
    };
    let server = http_server::serve(config, router).await?;
    Ok(Streaming { server, torrents })
}
