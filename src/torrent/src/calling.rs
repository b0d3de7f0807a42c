//! Connections are made and taken: calls to the addresses of the book, and calls from outside.
//!
//! Keeps the limits on connected and half-open peers, for all torrents together where the
//! router behind us would feel it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::connection::{self, GREETING_TIME_MAX, Side};
use super::download::Download;
use super::{Shared, wire};

/// A peer that does not answer the call by then is not worth one of the ten places.
const CALL_TIME_MAX: Duration = Duration::from_secs(5);
/// Calls from outside that have not said what they want.
const KNOCKING_MAX: usize = 20;
/// After an error of the listening socket (no file descriptors left): then it may be better.
const LISTEN_PAUSE: Duration = Duration::from_millis(500);

/// Calls peers of `download` as long as there are places.
pub(super) async fn call_peers(download: Arc<Download>) {
    loop {
        let half_open = Arc::clone(&download.shared.half_open);
        let Ok(place) = half_open.acquire_owned().await else {
            return;
        };
        let now = download.now();
        let (next, deadline) = {
            let mut state = download.lock();
            if state.peers.len() >= download.shared.config.peers_max {
                // Who leaves rings `call`.
                (None, None)
            } else {
                (state.book.call(now), state.book.deadline())
            }
        };
        if let Some(address) = next {
            let called = Arc::clone(&download);
            download.spawn(async move { call(&called, address, place).await });
            continue;
        }
        drop(place);
        let wait = deadline.map_or(Duration::from_hours(1), |at| at.saturating_sub(now));
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = download.call.notified() => {}
        }
    }
}

async fn call(
    download: &Arc<Download>,
    address: SocketAddr,
    place: tokio::sync::OwnedSemaphorePermit,
) {
    let reason = match timeout(CALL_TIME_MAX, TcpStream::connect(address)).await {
        Ok(Ok(stream)) => {
            let connected = || {
                drop(place);
                download.lock().book.connected(address);
            };
            connection::run(download, stream, address, Side::Ours, connected).await
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "no answer".into(),
    };
    tracing::debug!("peer {address}: {reason}");
    download.lock().book.ended(address, download.now());
    download.call.notify_one();
}

/// Takes calls until the program ends.
pub(super) async fn take_calls(shared: Arc<Shared>, listener: TcpListener) {
    let knocking = Arc::new(Semaphore::new(KNOCKING_MAX));
    loop {
        let Ok(place) = Arc::clone(&knocking).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, address)) => {
                let shared = Arc::clone(&shared);
                let runtime = shared.runtime.clone();
                runtime.spawn(async move {
                    let stop = shared.stop.clone();
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = answer(shared, stream, address, place) => {}
                    }
                });
            }
            Err(error) => {
                tracing::warn!("peers cannot call: {error}");
                tokio::time::sleep(LISTEN_PAUSE).await;
            }
        }
    }
}

async fn answer(
    shared: Arc<Shared>,
    mut stream: TcpStream,
    address: SocketAddr,
    place: tokio::sync::OwnedSemaphorePermit,
) {
    let said = timeout(GREETING_TIME_MAX, connection::read_greeting(&mut stream)).await;
    drop(place);
    let greeting: wire::Greeting = match said {
        Ok(Ok(greeting)) => greeting,
        Ok(Err(reason)) => return tracing::debug!("call from {address}: {reason}"),
        Err(_) => return tracing::debug!("call from {address}: says nothing"),
    };
    let Some(download) = shared.download_of(greeting.info_hash) else {
        return tracing::debug!("call from {address}: for a torrent that is not open");
    };
    if !download.lock().book.welcomes(address) {
        return tracing::debug!("call from {address}: not welcome");
    }
    let side = Side::Theirs(greeting);
    let reason = connection::run(&download, stream, address, side, || ()).await;
    tracing::debug!("peer {address}: {reason}");
}
