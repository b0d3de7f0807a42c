//! Finds peers: HTTP and UDP trackers, and the DHT.
//!
//! Only brings addresses to the book; who is called is not decided here. UDP trackers and the
//! DHT are librqbit's. HTTP is our own, because theirs reads an answer of any length and asks
//! again at once if a tracker says an interval of 0. A private torrent (BEP 27) asks its trackers
//! and nobody else.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use librqbit_core::hash_id::Id20;
use librqbit_tracker_comms::{
    TorrentStatsProvider, TrackerComms, TrackerCommsStats, TrackerCommsStatsState,
};
use tokio_util::sync::CancellationToken;

use super::Shared;
use super::announce::{self, Announce};
use super::download::{Download, Phase};
use super::local;
use super::metainfo::Metainfo;

/// Asked at once; real torrents have up to 40.
const TRACKERS_MAX: usize = 50;
/// Peers named by host that are looked up, and addresses of each that are called.
const HOSTS_MAX: usize = 20;
const OF_HOST_MAX: usize = 4;
/// A tracker is asked again after what it says, within these: the lower keeps us from being a
/// nuisance, the upper from being forgotten.
const INTERVAL_MIN: Duration = Duration::from_mins(1);
const INTERVAL_MAX: Duration = Duration::from_hours(1);
/// First wait after a failure, doubled each time up to the other.
const RETRY_FIRST: Duration = Duration::from_secs(5);
const RETRY_MAX: Duration = Duration::from_mins(10);
/// A goodbye must not keep the program.
const GOODBYE_TIME_MAX: Duration = Duration::from_secs(2);

/// What of it has begun.
#[derive(Debug, Default)]
pub(super) struct Finding {
    trackers: HashSet<String>,
    /// The DHT and the local network, where a private torrent must not be asked for.
    others: Option<CancellationToken>,
}

/// Asks everybody who is not asked yet. `metainfo`: once it is known.
pub(super) fn find_peers(download: &Arc<Download>, metainfo: Option<&Metainfo>) {
    let config = &download.shared.config;
    if !download.shared.terms().bittorrent {
        return;
    }
    let private = metainfo.is_some_and(|m| m.private);
    let of_it = metainfo.iter().flat_map(|m| &m.trackers);
    let named = download.reference.trackers.iter().chain(of_it);
    // Of a magnet it is not known yet whether it is private: they wait until it is.
    let public = metainfo.is_some_and(|m| !m.private) || named.clone().next().is_none();
    let ours = config.trackers.iter().filter(|_| public && !private);
    let trackers = named.chain(ours);
    let mut finding = download.finding();
    let mut udp = HashSet::new();
    for tracker in trackers {
        if finding.trackers.len() >= TRACKERS_MAX || !finding.trackers.insert(tracker.clone()) {
            continue;
        }
        match reqwest::Url::parse(tracker) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => {
                let announcing = announce_http(Arc::clone(download), url);
                // Not `spawn`: it says goodbye after the end.
                download.shared.runtime.spawn(announcing);
            }
            Ok(url) if url.scheme() == "udp" => drop(udp.insert(url)),
            _ => tracing::debug!("tracker {tracker:?}: left out"),
        }
    }
    if !udp.is_empty() {
        download.spawn(announce_udp(Arc::clone(download), udp));
    }
    match &finding.others {
        Some(running) if private => running.cancel(),
        None if !private => {
            let stop = download.stop.child_token();
            finding.others = Some(stop.clone());
            let (dht, lsd) = (config.dht, config.lsd);
            let asking = Arc::clone(download);
            download.spawn(async move {
                let dht = async {
                    if dht {
                        ask_dht(Arc::clone(&asking)).await;
                    }
                };
                let lsd = async {
                    if lsd {
                        local::discover(Arc::clone(&asking)).await;
                    }
                };
                tokio::select! {
                    () = stop.cancelled() => {}
                    _ = async { tokio::join!(dht, lsd) } => {}
                }
            });
        }
        _ => {}
    }
}

/// Peers that the reference names by host. They may be anywhere but on this side of the router:
/// what a name leads to is not what the reference says.
pub(super) async fn look_up_hosts(download: Arc<Download>) {
    if !download.shared.terms().bittorrent {
        return;
    }
    for peer in download.reference.peer_hosts.iter().take(HOSTS_MAX) {
        let Some((host, port)) = peer.rsplit_once(':') else {
            continue;
        };
        let Ok(port) = port.parse() else {
            continue;
        };
        match download.shared.network.resolve(host, port).await {
            Ok(found) => download.found(found.into_iter().take(OF_HOST_MAX)),
            Err(error) => tracing::debug!("peer {host}: {error}"),
        }
    }
}

async fn announce_http(download: Arc<Download>, tracker: reqwest::Url) {
    let host = tracker.host_str().unwrap_or_default().to_owned();
    // It knows us, or may do so by now: a question that is cut off may have been heard.
    let known = std::sync::atomic::AtomicBool::new(false);
    let mut way = download.shared.network.way();
    let announcing = async {
        let mut failures = 0;
        loop {
            let known_before = known.swap(true, std::sync::atomic::Ordering::Relaxed);
            let event = (!known_before).then_some("started");
            let us = us(&download, event);
            let wait = match announce::ask(download.shared.http(), &tracker, &us).await {
                Ok(answer) => {
                    tracing::debug!("tracker {host}: {} peers", answer.peers.len());
                    failures = 0;
                    download.found(answer.peers.into_iter());
                    answer.interval.clamp(INTERVAL_MIN, INTERVAL_MAX)
                }
                Err(error) => {
                    tracing::debug!("tracker {host}: {error}");
                    known.store(known_before, std::sync::atomic::Ordering::Relaxed);
                    failures += 1;
                    RETRY_MAX.min(RETRY_FIRST * 2u32.pow((failures - 1).min(16)))
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                // It could not be asked, or knows us by an address that is not ours any more.
                _ = way.changed() => {}
            }
        }
    };
    tokio::select! {
        () = download.stop.cancelled() => {}
        () = announcing => {}
    }
    if known.into_inner() {
        let goodbye = us(&download, Some("stopped"));
        let goodbye = announce::ask(download.shared.http(), &tracker, &goodbye);
        let _ = tokio::time::timeout(GOODBYE_TIME_MAX, goodbye).await;
    }
}

/// What we say of ourselves.
fn us(download: &Download, event: Option<&'static str>) -> Announce {
    let stats = Stats::of(download);
    Announce {
        info_hash: download.reference.info_hash,
        peer_id: download.shared.peer_id,
        port: download.shared.announced_port(),
        uploaded: stats.uploaded,
        downloaded: stats.downloaded,
        left: stats.left,
        event,
    }
}

/// Again from the start when the way to the network is another: the old sockets are dead.
async fn announce_udp(download: Arc<Download>, trackers: HashSet<reqwest::Url>) {
    let mut way = download.shared.network.way();
    loop {
        way.mark_unchanged();
        let announcing = async {
            let trackers = by_address(&download, &trackers).await;
            let announcing = announce_udp_once(&download, trackers);
            // The library adds up a tracker's numbers unchecked.
            if AssertUnwindSafe(announcing).catch_unwind().await.is_err() {
                tracing::warn!("UDP trackers: given up");
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            changed = way.changed() => if changed.is_err() { return },
            () = announcing => {}
        }
    }
}

async fn announce_udp_once(download: &Arc<Download>, trackers: HashSet<reqwest::Url>) {
    let Some(client) = download.shared.udp_trackers().await else {
        return;
    };
    let shared = &download.shared;
    let peers = TrackerComms::start(
        Id20::new(download.reference.info_hash),
        Id20::new(shared.peer_id),
        trackers,
        Box::new(Told(Weak::clone(&download.me))),
        None,
        shared.announced_port(),
        shared.http().clone(),
        client,
    );
    if let Some(peers) = peers {
        bring(download, peers).await;
    }
}

/// The library has the system resolve names: with an interface to keep to it is given addresses.
async fn by_address(
    download: &Download,
    trackers: &HashSet<reqwest::Url>,
) -> HashSet<reqwest::Url> {
    let shared = &download.shared;
    if shared.config.bind_interface.is_none() {
        return trackers.clone();
    }
    let resolving = trackers.iter().map(|tracker| async move {
        let (Some(host), Some(port)) = (tracker.host_str(), tracker.port()) else {
            return Vec::new();
        };
        let found = shared.network.resolve(host, port).await;
        let found = found.map_err(|error| tracing::debug!("tracker {host}: {error}"));
        let of = |address: SocketAddr| {
            let mut tracker = tracker.clone();
            tracker.set_ip_host(address.ip()).ok().map(|()| tracker)
        };
        found.into_iter().flatten().filter_map(of).collect()
    });
    let resolved = futures_util::future::join_all(resolving).await;
    resolved.into_iter().flatten().collect()
}

/// Also again when the way to the network is another.
async fn ask_dht(download: Arc<Download>) {
    let mut way = download.shared.network.way();
    loop {
        way.mark_unchanged();
        let asking = async {
            if let Some(dht) = download.shared.dht().await {
                let hash = Id20::new(download.reference.info_hash);
                let peers = dht.get_peers(hash, Some(download.shared.announced_port()));
                bring(&download, peers).await;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            changed = way.changed() => if changed.is_err() { return },
            () = asking => {}
        }
    }
}

async fn bring(download: &Download, peers: impl futures_util::Stream<Item = SocketAddr>) {
    let mut peers = std::pin::pin!(peers);
    while let Some(peer) = peers.next().await {
        download.found(std::iter::once(peer));
    }
}

/// Bytes, as trackers are told.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stats {
    uploaded: u64,
    downloaded: u64,
    left: u64,
}

impl Stats {
    pub(super) fn of(download: &Download) -> Stats {
        let state = download.lock();
        match &state.phase {
            Phase::Live(live) => {
                let stats = live.swarm.stats();
                Stats {
                    uploaded: stats.uploaded,
                    downloaded: stats.received,
                    left: live.swarm.layout().total() - live.swarm.held().bytes,
                }
            }
            // What it came to in the end.
            Phase::Over(_) => state.last,
            // Not 0: who has nothing left gets no seeds named.
            _ => Stats {
                left: 1,
                ..Stats::default()
            },
        }
    }
}

/// The same for librqbit.
struct Told(Weak<Download>);

impl TorrentStatsProvider for Told {
    fn get(&self) -> TrackerCommsStats {
        let Some(download) = self.0.upgrade() else {
            return TrackerCommsStats::default();
        };
        let stats = Stats::of(&download);
        TrackerCommsStats {
            uploaded_bytes: stats.uploaded,
            downloaded_bytes: stats.downloaded,
            total_bytes: stats.downloaded + stats.left,
            torrent_state: TrackerCommsStatsState::Live,
        }
    }
}

impl Shared {
    /// For trackers that refuse port 0, when nobody can call us.
    fn announced_port(&self) -> u16 {
        match self.port() {
            0 => 6881,
            port => port,
        }
    }
}
