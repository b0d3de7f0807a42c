//! Connections are made and taken: calls to the addresses of the book, and calls from outside.
//!
//! Keeps the limits on connected and half-open peers, for all torrents together where the
//! router behind us would feel it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use app::SupplyFailure;
use librqbit_dualstack_sockets::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::book::Manner;
use super::connection::{self, Side};
use super::download::{Download, Phase};
use super::greeting::{self, Encryption, Line};
use super::pipe::Pipe;
use super::wire::Greeting;
use super::{Shared, TorrentError};

/// A connection on which both know whom they speak to.
type Met = (Line<Pipe>, Greeting);

/// For the handshakes. libtorrent allows 10 s.
const GREETING_TIME_MAX: Duration = Duration::from_secs(10);
/// A peer that has not taken a call over TCP by then is called over uTP too: three round trips
/// around the world.
const UTP_AFTER: Duration = Duration::from_secs(1);

/// A peer that does not answer the call by then is not worth one of the ten places.
const CALL_TIME_MAX: Duration = Duration::from_secs(5);
/// Calls from outside that have not said what they want.
const KNOCKING_MAX: usize = 20;
/// After an error of the listening socket (no file descriptors left): then it may be better.
const LISTEN_PAUSE: Duration = Duration::from_millis(500);

/// With the interface gone or the proxy silent for so long, whoever waits for bytes is told: a
/// tunnel that is set up anew takes a second or two.
const AWAY_MAX: Duration = Duration::from_secs(5);
/// While it is gone, who waits is looked at so often.
const AWAY_LOOK: Duration = Duration::from_secs(1);
/// A proxy that answers, but leads to nobody, is greeted again after this.
const PROXY_LOOK: Duration = Duration::from_secs(10);

/// Calls peers of `download` as long as there are places.
pub(super) async fn call_peers(download: Arc<Download>) {
    while download.shared.terms().bittorrent {
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

async fn call(download: &Arc<Download>, address: SocketAddr, place: OwnedSemaphorePermit) {
    let reason = match greet(download, address).await {
        Ok((line, greeting)) => {
            drop(place);
            download.lock().book.connected(address);
            connection::run(download, line, &greeting, address, Side::Ours).await
        }
        Err(reason) => {
            drop(place);
            reason
        }
    };
    tracing::debug!("peer {address}: {reason}");
    download.lock().book.ended(address, download.now());
    download.call.notify_one();
}

/// Calls, and calls again the other way if it hangs up without a word. What came of it is kept in
/// mind for the next call.
async fn greet(download: &Arc<Download>, address: SocketAddr) -> Result<Met, String> {
    let mut manner = download.lock().book.manner(address);
    let encryption = download.shared.terms().encryption;
    let mut result = attempt(download, address, manner).await;
    if encryption == Encryption::Prefer && result.as_ref().is_err_and(|e| e.refused) {
        manner.encrypted = !manner.encrypted;
        result = attempt(download, address, manner).await;
    }
    if let Err(error) = &result {
        // Whoever says nothing may want the other manner; who takes neither, the other transport.
        manner.encrypted ^= error.silent;
        manner.utp = error.refused && !manner.utp;
    }
    download.lock().book.set_manner(address, manner);
    result.map_err(|error| error.reason)
}

/// Why a call has come to nothing.
struct Failure {
    reason: String,
    /// It hung up without a word.
    refused: bool,
    /// It took the call and said nothing.
    silent: bool,
}

async fn attempt(
    download: &Arc<Download>,
    address: SocketAddr,
    manner: Manner,
) -> Result<Met, Failure> {
    let shared = &download.shared;
    let pipe = reach(shared, address, manner.utp).await;
    let pipe = pipe.map_err(|reason| Failure {
        reason,
        refused: false,
        silent: false,
    })?;
    let encrypt = match shared.terms().encryption {
        Encryption::Off => None,
        Encryption::Require => Some(false),
        Encryption::Prefer => manner.encrypted.then_some(true),
    };
    let (hash, me) = (download.reference.info_hash, shared.peer_id);
    let calling = greeting::call(pipe, hash, me, encrypt);
    match timeout(GREETING_TIME_MAX, calling).await {
        Ok(met) => met.map_err(|error| Failure {
            reason: error.to_string(),
            refused: error.is_refusal(),
            silent: false,
        }),
        Err(_) => Err(Failure {
            reason: "handshake took too long".into(),
            refused: false,
            silent: true,
        }),
    }
}

/// Over TCP, and over uTP as well if that does not answer soon: who has no TCP is rare, and who
/// has no uTP must not be slower for it.
async fn reach(shared: &Shared, address: SocketAddr, utp_alone: bool) -> Result<Pipe, String> {
    let utp = async {
        let socket = shared.utp().await.ok_or("no uTP")?;
        let stream = socket.connect(address).await;
        stream.map(Pipe::Utp).map_err(|error| error.to_string())
    };
    let no_answer = |_| Err("no answer".into());
    if utp_alone {
        return timeout(CALL_TIME_MAX, utp).await.unwrap_or_else(no_answer);
    }
    let until = Instant::now() + CALL_TIME_MAX;
    let mut tcp = std::pin::pin!(shared.network.connect(address));
    let failed = match timeout(UTP_AFTER, &mut tcp).await {
        Ok(Ok(stream)) => return Ok(Pipe::tcp(stream)),
        Ok(Err(error)) => Some(error.to_string()),
        Err(_) => None,
    };
    let either = async {
        let mut utp = std::pin::pin!(utp);
        if let Some(failed) = failed {
            return utp.await.map_err(|error| format!("{failed}; uTP: {error}"));
        }
        tokio::select! {
            stream = &mut tcp => match stream {
                Ok(stream) => Ok(Pipe::tcp(stream)),
                Err(_) => utp.await,
            },
            stream = &mut utp => match stream {
                Ok(pipe) => Ok(pipe),
                Err(_) => tcp.await.map(Pipe::tcp).map_err(|error| error.to_string()),
            },
        }
    };
    let reached = tokio::time::timeout_at(until, either).await;
    reached.unwrap_or_else(no_answer)
}

impl Shared {
    /// The open torrents that a peer from there may call for.
    fn welcoming(&self, address: SocketAddr) -> Vec<[u8; 20]> {
        let open = self.downloads();
        let welcoming = open.iter().filter(|d| d.lock().book.welcomes(address));
        welcoming.map(|d| d.reference.info_hash).collect()
    }
}

/// Where peers may call: now, if the way to the network is there. Within the runtime.
///
/// # Errors
/// When the address cannot be had.
pub(super) fn listen(shared: &Shared) -> Result<Option<TcpListener>, TorrentError> {
    let config = &shared.config;
    let Some(mut address) = config.listen.filter(|_| shared.terms().bittorrent) else {
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

/// Takes calls until the program ends; at a new socket when the way to the network changes, and at
/// none while the master switch is off.
pub(super) async fn take_calls(shared: Arc<Shared>, mut listener: Option<TcpListener>) {
    let knocking = Arc::new(Semaphore::new(KNOCKING_MAX));
    let mut way = shared.network.way();
    let mut on = shared.config.bittorrent;
    loop {
        let other = async {
            tokio::select! {
                // Nobody but us ends it.
                _ = way.changed() => {}
                () = shared.switched(on) => {}
            }
        };
        tokio::select! {
            () = other => {
                on = shared.terms().bittorrent;
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
        Ok((stream, address)) => take(shared, Pipe::tcp(stream), address, place),
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
            for download in shared.downloads() {
                download.meet_anew();
            }
        }
    };
    tokio::join!(shared.network.keep_watch(), following);
}

impl Download {
    /// Whoever is connected is left, and may be called again.
    pub(super) fn meet_anew(&self) {
        let mut state = self.lock();
        let peers: Vec<_> = state.peers.keys().copied().collect();
        for id in peers {
            state.kick(id);
        }
        state.book.forgive();
        drop(state);
        self.call.notify_one();
    }

    /// Whoever is blocked now is left; whoever is not any more may be called.
    pub(super) fn block_list_changed(&self) {
        let mut state = self.lock();
        let peers = state.peers.iter();
        let left = peers.filter(|(_, link)| !state.book.welcomes(link.address));
        let left: Vec<_> = left.map(|(id, _)| *id).collect();
        for id in left {
            state.kick(id);
        }
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
                    return self.fail(SupplyFailure::NoInterface(name));
                }
                continue;
            }
            let changed = way.changed();
            if self.shared.network.missing().is_none() {
                let _ = changed.await;
            } else {
                // Somebody may begin to wait.
                let _ = timeout(AWAY_LOOK, changed).await;
            }
        }
    }

    /// With a proxy that does not answer, too, whoever waits is told: nothing goes past it.
    pub(super) async fn mind_the_proxy(self: Arc<Self>) {
        let Some(proxy) = self.shared.network.proxy_name() else {
            return;
        };
        let mut silent_since = None;
        loop {
            let mut look = AWAY_LOOK;
            let greeted = Instant::now();
            if self.is_waiting() && self.lock().peers.is_empty() {
                match timeout(AWAY_MAX, self.shared.network.greet_proxy()).await {
                    Ok(Ok(())) => (silent_since, look) = (None, PROXY_LOOK),
                    answer => {
                        tracing::debug!("proxy {proxy}: {answer:?}");
                        let since = *silent_since.get_or_insert(greeted);
                        if since.elapsed() >= AWAY_MAX && self.is_waiting() {
                            return self.fail(SupplyFailure::NoProxy(proxy));
                        }
                    }
                }
            } else {
                silent_since = None;
            }
            tokio::time::sleep(look).await;
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

/// Takes calls over uTP until the program ends.
pub(super) async fn take_utp_calls(shared: Arc<Shared>) {
    let knocking = Arc::new(Semaphore::new(KNOCKING_MAX));
    let mut way = shared.network.way();
    loop {
        way.mark_unchanged();
        let on = shared.terms().bittorrent;
        let socket = match shared.config.listen {
            Some(_) => shared.utp().await,
            None => None,
        };
        let taking = async {
            let Some(socket) = socket else {
                return std::future::pending().await;
            };
            while let Ok(place) = Arc::clone(&knocking).acquire_owned().await {
                match socket.accept().await {
                    Ok(stream) => {
                        let address = stream.remote_addr();
                        take(&shared, Pipe::Utp(stream), address, place);
                    }
                    Err(error) => {
                        tracing::debug!("peers cannot call over uTP: {error}");
                        tokio::time::sleep(LISTEN_PAUSE).await;
                    }
                }
            }
        };
        tokio::select! {
            // Nobody but us ends it.
            _ = way.changed() => {}
            () = shared.switched(on) => {}
            () = taking => {}
        }
    }
}

fn take(shared: &Arc<Shared>, pipe: Pipe, address: SocketAddr, place: OwnedSemaphorePermit) {
    let shared = Arc::clone(shared);
    let runtime = shared.runtime.clone();
    runtime.spawn(async move {
        let stop = shared.stop.clone();
        tokio::select! {
            () = stop.cancelled() => {}
            () = answer(shared, pipe, address, place) => {}
        }
    });
}

async fn answer(shared: Arc<Shared>, pipe: Pipe, address: SocketAddr, place: OwnedSemaphorePermit) {
    // Who is not welcome hears nothing at all.
    let open = shared.welcoming(address);
    if open.is_empty() {
        return tracing::debug!("call from {address}: not welcome");
    }
    let answering = greeting::answer(pipe, &open, shared.terms().encryption);
    let met = timeout(GREETING_TIME_MAX, answering).await;
    drop(place);
    let (line, greeting) = match met {
        Ok(Ok(met)) => met,
        Ok(Err(error)) => return tracing::debug!("call from {address}: {error}"),
        Err(_) => return tracing::debug!("call from {address}: says nothing"),
    };
    let wanted = shared.download_of(greeting.info_hash);
    let Some(download) = wanted.filter(|_| open.contains(&greeting.info_hash)) else {
        return tracing::debug!("call from {address}: for a torrent that is not open");
    };
    let reason = connection::run(&download, line, &greeting, address, Side::Theirs).await;
    tracing::debug!("peer {address}: {reason}");
}
