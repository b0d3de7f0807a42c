//! HTTP/1.1 on the home network, as the APIs of the box serve it: sockets, bounds, and who may
//! ask. Knows no route; a shell brings its own router.
//!
//! Invariant: a request reaches a route only after Host, Origin and, where there is one, the token
//! were found right (see `guard`), and everything a stranger can make a server hold (connections,
//! headers, time) has a bound; bodies have one in [`answers::body_of`].
//!
//! No TLS: it is for the home network, and a certificate that nobody can check would only train
//! people to click warnings away.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod answers;
mod connections;
mod guard;
mod home;
mod link;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use rand::RngCore;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use home::{Home, is_home};
pub use link::{Heard, Link, page_at};

/// Where a server listens and who may use it.
#[derive(Clone)]
pub struct Config {
    /// Port 0 takes any free one, see [`Server::address`].
    pub listen: SocketAddr,
    /// The bearer token (RFC 6750) every request must carry; none: whoever reaches it may ask.
    pub token: Option<String>,
    /// Further exact `host:port` names the box is known by (`matinee.local:8097`).
    pub hosts: Vec<String>,
    /// Pages of other sites may ask too: only for what is everybody's, and without a token.
    pub any_page: bool,
    pub patience: Patience,
}

/// How long a server waits.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the body of a request, and for the work until its answer begins.
    pub answer: Duration,
    /// For a client that takes no byte of its answer.
    pub write: Duration,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("token", &self.token.as_ref().map(|_| "(secret)"))
            .field("hosts", &self.hosts)
            .field("any_page", &self.any_page)
            .field("patience", &self.patience)
            .finish()
    }
}

/// Why a server is not there.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    #[error("cannot listen on {address}: {source}")]
    Listen {
        address: SocketAddr,
        source: std::io::Error,
    },
    #[error("the token must be 1 to 256 visible ASCII characters")]
    Token,
}

/// A running server; dropping it ends it with all its connections.
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

    /// Ends it, and comes back when its port is free.
    pub async fn end(mut self) {
        self.task.abort();
        // It was told to.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts to serve `router` on the runtime that polls this.
///
/// # Errors
/// [`HttpError::Listen`] when the address cannot be had, [`HttpError::Token`] for a token no
/// HTTP header can carry.
pub async fn serve(config: Config, router: Router) -> Result<Server, HttpError> {
    if config
        .token
        .as_deref()
        .is_some_and(|token| !is_token(token))
    {
        return Err(HttpError::Token);
    }
    let guard = guard::Guard::new(config.token, config.hosts, config.any_page);
    listen(config.listen, guard, config.patience, router).await
}

/// Starts to serve `router` to those of the home network who were let in.
///
/// # Errors
/// [`HttpError::Listen`] when the address cannot be had.
pub async fn serve_home(home: Home, router: Router) -> Result<Server, HttpError> {
    let (at, patience) = (home.listen, home.patience);
    listen(at, guard::Guard::of_home(home), patience, router).await
}

/// Starts to serve `router` to those of one network that the box has opened itself.
///
/// # Errors
/// [`HttpError::Listen`] when the address cannot be had.
pub async fn serve_link(link: Link, router: Router) -> Result<Server, HttpError> {
    let (at, patience) = (link.listen, link.patience);
    listen(at, guard::Guard::of_link(link), patience, router).await
}

async fn listen(
    at: SocketAddr,
    guard: guard::Guard,
    patience: Patience,
    router: Router,
) -> Result<Server, HttpError> {
    let failed = |source| HttpError::Listen {
        address: at,
        source,
    };
    let listener = TcpListener::bind(at).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let accepting = connections::accept(listener, Arc::new(guard), patience, router);
    let task = tokio::spawn(accepting);
    tracing::info!(%address, "HTTP: listens");
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
