//! Connections are made and taken: calls to the addresses of the book, and calls from outside.
//!
//! Keeps the limits on connected and half-open peers, for all torrents together where the
//! router behind us would feel it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use app::TorrentFailure;
use librqbit_dualstack_sockets::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::connection::{self, GREETING_TIME_MAX, Side};
use super::download::{Download, Phase};
use super::{Shared, TorrentError, wire};

/// A peer that does not answer the call by then is not worth one of the ten places.
const CALL_TIME_MAX: Duration = Duration::from_secs(5);
/// Calls from outside that have not said what they want.
const KNOCKING_MAX: usize = 20;
/// After an error of the listening socket (no file descriptors left): then it may be better.
const LISTEN_PAUSE: Duration = Duration::from_millis(500);

/// With the interface gone for so long, whoever waits for bytes is told: a tunnel that is set up
/// anew takes a second or two.
const AWAY_MAX: Duration = Duration::from_secs(10);

/// Calls peers of `download` as long as there are places.
pub(super) async fn call_peers(download: Arc<Download>) {
    if !download.shared.config.bittorrent {
        return;
    }
    loop {
        let half_open = Arc::clone(&download.shared.half_open);
        let Ok(place) = half_open.acquire_owned().await else {
            return;
        };
        let now = download.now();
        let (next, deadline) = {
            let mut state = download.lock();
            let places = download.shared.config.peers_max;
            if state.peers.len() >= places || download.shared.network.missing().is_some() {
                // Who leaves rings `call`, and so does the way to the network.
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
    let reason = match timeout(CALL_TIME_MAX, download.shared.network.connect(address)).await {
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

/// Where peers may call: now, if the way to the network is there. Within the runtime.
///
/// # Errors
/// When the address cannot be had.
pub(super) fn listen(shared: &Shared) -> Result<Option<TcpListener>, TorrentError> {
    let config = &shared.config;
    let Some(mut address) = config.listen.filter(|_| config.bittorrent) else {
        return Ok(None);
    };
    if shared.network.is_proxied() || shared.network.missing().is_some() {
        return Ok(None);
    }
    // The port that is told to everybody stays.
    if address.port() == 0 {
        address.set_port(shared.port());
    }
    let listener = shared.network.listen(address);
    let listener = listener.map_err(|e| TorrentError::Listen(address, e.to_string()))?;
    let port = listener.bind_addr().port();
    shared.port.store(port, Ordering::Relaxed);
    Ok(Some(listener))
}

/// Takes calls until the program ends; at a new socket when the way to the network changes.
pub(super) async fn take_calls(shared: Arc<Shared>, mut listener: Option<TcpListener>) {
    let knocking = Arc::new(Semaphore::new(KNOCKING_MAX));
    let mut way = shared.network.way();
    loop {
        tokio::select! {
            // Nobody but us ends it.
            _ = way.changed() => {
                // Its port is free only then.
                drop(listener.take());
                listener = listen(&shared).unwrap_or_else(|error| {
                    tracing::warn!("{error}");
                    None
                });
            }
            () = take_call(&shared, listener.as_ref(), &knocking) => {}
        }
    }
}

async fn take_call(
    shared: &Arc<Shared>,
    listener: Option<&TcpListener>,
    knocking: &Arc<Semaphore>,
) {
    let Some(listener) = listener else {
        return std::future::pending().await;
    };
    let Ok(place) = Arc::clone(knocking).acquire_owned().await else {
        return;
    };
    match listener.accept().await {
        Ok((stream, address)) => {
            let shared = Arc::clone(shared);
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

/// Watches the way to the network. When it is another, every connection is dead, though TCP would
/// not notice for minutes: all are closed, and peers are called anew.
pub(super) async fn keep_way(shared: Arc<Shared>) {
    let mut way = shared.network.way();
    let following = async {
        // Nobody but us ends it.
        while way.changed().await.is_ok() {
            let downloads: Vec<_> = shared.open().values().map(Arc::clone).collect();
            for download in downloads {
                download.way_changed();
            }
        }
    };
    tokio::join!(shared.network.keep_watch(), following);
}

impl Download {
    fn way_changed(&self) {
        let mut state = self.lock();
        let peers: Vec<_> = state.peers.keys().copied().collect();
        for id in peers {
            state.kick(id);
        }
        state.book.forgive();
        drop(state);
        self.call.notify_one();
    }

    /// With the interface gone, what is held can be played; whoever waits for more is told.
    pub(super) async fn mind_the_way(self: Arc<Self>) {
        let mut way = self.shared.network.way();
        loop {
            let gone = self.shared.network.missing().map(str::to_owned);
            if let Some(name) = gone.filter(|_| self.is_waiting()) {
                if timeout(AWAY_MAX, way.changed()).await.is_err() && self.is_waiting() {
                    return self.fail(TorrentFailure::NoInterface(name));
                }
                continue;
            }
            tokio::select! {
                changed = way.changed() => if changed.is_err() { return },
                () = self.pieces_changed.notified() => {}
                () = tokio::time::sleep(AWAY_MAX) => {}
            }
        }
    }

    /// For metadata, or a reader for bytes.
    fn is_waiting(&self) -> bool {
        match &self.lock().phase {
            Phase::Gathering(_) => true,
            Phase::Live(live) => live
                .readers
                .waiting_at(|piece| live.swarm.has(piece))
                .is_some(),
            Phase::Between | Phase::Over(_) => false,
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
