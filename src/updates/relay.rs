//! Gives the installer the bytes of an update over loopback, as a web server would.
//!
//! RAUC streams a bundle by requests for parts of it. The server's address is not given to RAUC:
//! what it asks comes through the one door to the web, is counted, waits for films, and has the end
//! that was looked at.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{ACCEPT_RANGES, CONTENT_RANGE, RANGE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http_server::{Config, HttpError, Patience, Server};

use super::source::Source;

/// The longest answer; the kernel asks for 128 KiB at a time.
const PART_MAX: u64 = 4 * 1024 * 1024;

/// An answer may have to wait for others at a trickle, but not longer than the installer does.
const PATIENCE: Patience = Patience {
    answer: Duration::from_secs(280),
    write: Duration::from_secs(60),
};

/// A bundle as a web server's file.
#[derive(Debug)]
pub(super) struct Relay {
    _server: Server,
    /// With a secret that no other program of the box knows.
    pub(super) address: String,
}

impl Relay {
    /// # Errors
    /// Loopback cannot be listened on.
    pub(super) async fn start(source: Arc<Source>) -> Result<Relay, HttpError> {
        let token = http_server::new_token();
        let config = Config {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            token: Some(token.clone()),
            hosts: Vec::new(),
            any_page: false,
            patience: PATIENCE,
        };
        let router = Router::new()
            .route("/update.raucb", get(part))
            .with_state(source);
        let server = http_server::serve(config, router).await?;
        Ok(Relay {
            address: format!("http://{}/update.raucb?token={token}", server.address()),
            _server: server,
        })
    }
}

async fn part(State(source): State<Arc<Source>>, headers: HeaderMap) -> Response {
    let size = source.size();
    let range = headers.get(RANGE).and_then(|value| value.to_str().ok());
    let Some((start, end)) = range.and_then(|text| asked(text, size)) else {
        let all = [(CONTENT_RANGE, format!("bytes */{size}"))];
        return (StatusCode::RANGE_NOT_SATISFIABLE, all).into_response();
    };
    match source.read(start, end).await {
        Some(bytes) => {
            let part = format!("bytes {start}-{}/{size}", end - 1);
            let headers = [(CONTENT_RANGE, part), (ACCEPT_RANGES, "bytes".to_owned())];
            (StatusCode::PARTIAL_CONTENT, headers, Body::from(bytes)).into_response()
        }
        // Whatever is wrong, RAUC asks again for all but this.
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// First and end (exclusive) of `bytes=a-b`, which is all that RAUC asks for.
fn asked(range: &str, size: u64) -> Option<(u64, u64)> {
    let (first, last) = range.trim().strip_prefix("bytes=")?.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    let end = last.checked_add(1)?.min(size);
    (first < end && end - first <= PART_MAX).then_some((first, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parts_of_the_file_are_given() {
        assert_eq!(asked("bytes=0-3", 100), Some((0, 4)));
        assert_eq!(asked("bytes=90-200", 100), Some((90, 100)));
        for wrong in [
            "bytes=100-101",
            "bytes=5-4",
            "bytes=-5",
            "bytes=5-",
            "bytes=0-18446744073709551615",
            "0-3",
        ] {
            assert_eq!(asked(wrong, 100), None, "{wrong}");
        }
        assert_eq!(asked("bytes=0-4194304", u64::MAX), None);
    }
}
