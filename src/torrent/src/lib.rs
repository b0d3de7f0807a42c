//! Torrents: a film's bytes, from peers to whoever reads them. Sockets and disk around the
//! crates `swarm` (which block of whom, now) and `cache` (which pieces to hold).
//!
//! One byte's way: a peer's socket (`connection`) -> a block (`wire`, `peer`) -> the piece's
//! assembly in RAM -> SHA-1 -> one write of the whole piece (`store`) -> the reader that waits
//! for it (`source`). Nothing that was not hashed in this run is ever handed out, and the bytes
//! on disk never exceed the bound. What a torrent says is checked in `metainfo` and `magnet`; what
//! is learnt of it by magnet (`gathering`) is kept on the `shelf`.
//!
//! Built on librqbit's protocol crates and not on librqbit itself, because its scheduler cannot
//! forget a piece, does not cancel on a seek and is blind to the position in the film.

// A film is a file of a torrent: both words are needed side by side.
#![allow(clippy::similar_names)]

use std::collections::HashMap;
use std::fmt;
use std::net::{Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use app::{Session, SupplyFailure, SupplyNews, TorrentRef};
use futures_util::FutureExt;
use librqbit_core::peer_id::generate_peer_id;
use librqbit_dht::{Dht, DhtBuilder, DhtConfig};
use librqbit_lsd::LocalServiceDiscovery;
use librqbit_tracker_comms::UdpTrackerClient;
use librqbit_utp::UtpSocketUdp;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

mod announce;
mod assembly;
mod bencode;
mod block_list;
mod blocks;
mod book;
mod calling;
mod choosing;
mod connection;
mod container;
mod disk;
mod download;
mod exact_source;
mod exchange;
mod finding;
mod foresight;
mod fresh;
#[doc(hidden)]
pub mod fuzzing;
mod gathering;
mod greeting;
mod hearing;
mod hosts;
mod interface;
mod keeping;
mod local;
mod magnet;
mod metadata;
mod metainfo;
mod mse;
mod names;
mod network;
mod opening;
mod peer;
mod per_way;
mod pipe;
mod progress;
mod ranges;
mod rates;
mod rc4;
mod readers;
mod refusals;
mod role;
mod router;
mod say;
mod shelf;
mod source;
mod status;
mod store;
mod subtitle;
mod terms;
mod url_list;
mod utp;
mod verifying;
mod viewers;
mod web;
mod web_body;
mod web_seed;
mod web_site;
mod wire;

use block_list::BlockList;
use disk::Disk;
use download::Download;
use magnet::Magnet;
use metainfo::Metainfo;
use network::Network;
use per_way::PerWay;
use rates::Bucket;
use shelf::Shelf;
use store::Store;

pub use greeting::Encryption;
pub use keeping::KeepError;
pub use network::Socks5;
pub use rates::Rates;
pub use role::Seeding;
pub use status::{CacheUse, Contents, FileEntry, Peer, Status, id_of, info_hash_of};
pub use store::Held;
pub use terms::Terms;

/// How the shell of peers is set up.
// Each is a switch of the settings, and no two exclude one another.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug, Clone)]
pub struct Config {
    /// `torrents/` and, unless it has a place of its own, `cache/` live under it.
    pub data: PathBuf,
    /// Where pieces are kept; none: `cache/` under `data`.
    pub cache_dir: Option<PathBuf>,
    /// Bytes that pieces of all films together may take on disk.
    pub cache_bytes: u64,
    /// Bytes of the disk to leave free; none: 1 GiB or 10 % of it, whichever is more.
    pub reserve_bytes: Option<u64>,
    /// Bytes of RAM for pieces while the disk takes none (three pieces at least); 0: none.
    pub ram_bytes: u64,
    /// Where peers may call; port 0 lets the system choose one. None: nobody can call us.
    pub listen: Option<SocketAddr>,
    /// Connected peers of one torrent. More than 50 give a film nothing and home routers trouble.
    pub peers_max: usize,
    /// Calls that are not answered yet, of all torrents together; home routers drop more.
    pub half_open_max: usize,
    /// Ask the DHT (BEP 5) for peers, except for private torrents.
    pub dht: bool,
    /// Where the DHT is entered, as `host:port`; none: librqbit's list.
    pub dht_entries: Option<Vec<String>>,
    /// Peers at private and loopback addresses are refused unless the torrent's reference names
    /// them, or this is set.
    pub allow_local_peers: bool,
    /// A torrent without a video is welcome too: its largest file is shown then.
    pub any_file: bool,
    /// Everything goes by this network interface or not at all; none: as the system routes.
    pub bind_interface: Option<String>,
    /// Asked for names over that interface; empty: those of `/etc/resolv.conf`.
    pub name_servers: Vec<SocketAddr>,
    /// Everything goes through it: then nobody can call us, and there is no UDP (no DHT, uTP, UDP
    /// trackers or local discovery).
    pub proxy: Option<Socks5>,
    pub encryption: Encryption,
    /// Call peers over uTP too, and let them call (BEP 29).
    pub utp: bool,
    /// Addresses to keep away from: P2P, DAT or CIDR lines, perhaps packed by gzip.
    pub block_list: Option<PathBuf>,
    /// What peers may give and take.
    pub rates: Rates,
    /// Asked for peers of every torrent that is not private, beside its own trackers.
    pub trackers: Vec<String>,
    /// Find peers in the local network (BEP 14), except of private torrents.
    pub lsd: bool,
    /// Ask the router to let peers call us.
    pub port_mapping: bool,
    /// For how long a film that is closed is given to others; none: not at all.
    pub seeding: Option<Seeding>,
    /// Off: no peers, trackers or DHT; films come from web seeds alone.
    pub bittorrent: bool,
}

impl Config {
    fn cache_folder(&self) -> PathBuf {
        let usual = || self.data.join("cache");
        self.cache_dir.clone().unwrap_or_else(usual)
    }

    /// The usual, with everything under `data`.
    pub fn new(data: PathBuf, cache_bytes: u64) -> Config {
        Config {
            data,
            cache_dir: None,
            cache_bytes,
            reserve_bytes: None,
            ram_bytes: store::RING_BYTES,
            listen: Some((Ipv6Addr::UNSPECIFIED, 0).into()),
            peers_max: 50,
            half_open_max: 20,
            dht: false,
            dht_entries: None,
            allow_local_peers: false,
            any_file: false,
            bind_interface: None,
            name_servers: Vec::new(),
            proxy: None,
            encryption: Encryption::default(),
            utp: true,
            block_list: None,
            rates: Rates::default(),
            trackers: Vec::new(),
            lsd: false,
            port_mapping: false,
            seeding: None,
            bittorrent: true,
        }
    }
}

/// Why the shell cannot start.
#[derive(Debug, thiserror::Error)]
pub enum TorrentError {
    /// The address to listen at.
    #[error("listening for peers at {0}: {1}")]
    Listen(SocketAddr, String),
    /// The proxy, and why it cannot be one.
    #[error("SOCKS5 proxy: {0}")]
    Proxy(String),
}

/// Whoever is told what happens.
type News = Arc<dyn Fn(Session, SupplyNews) + Send + Sync>;

/// All torrents. Cheap to clone; when the last clone is dropped, everything stops.
#[derive(Clone)]
pub struct Torrents {
    running: Arc<Running>,
}

struct Running(Arc<Shared>);

/// What every open torrent shares.
struct Shared {
    config: Config,
    runtime: Handle,
    news: News,
    store: Store,
    shelf: Shelf,
    peer_id: [u8; 20],
    network: Network,
    /// Where peers can call; 0: nowhere.
    port: AtomicU16,
    half_open: Arc<Semaphore>,
    /// Verified pieces that are not held yet.
    writing: watch::Sender<u32>,
    block_list: Arc<BlockList>,
    received: Bucket,
    sent: Bucket,
    open: Mutex<HashMap<Session, Arc<Download>>>,
    /// Looked at, or given to others.
    aside: Mutex<Vec<Arc<Download>>>,
    stop: CancellationToken,
    http: OnceLock<reqwest::Client>,
    terms: watch::Sender<Terms>,
    web: OnceLock<reqwest::Client>,
    udp: PerWay<UdpTrackerClient>,
    utp: PerWay<Arc<UtpSocketUdp>>,
    dht: PerWay<Dht>,
    lsd: PerWay<LocalServiceDiscovery>,
}

impl fmt::Debug for Torrents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Torrents at port {}", self.port())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for download in self.0.downloads() {
            download.close();
        }
        self.0.open().clear();
        self.0.aside().clear();
        self.0.stop.cancel();
    }
}

impl Torrents {
    /// Lists what earlier runs left on disk, and listens for peers. `news` is called from the
    /// runtime's threads and must not block; after [`Torrents::close`] it is not called for that
    /// session any more, but for a call already on its way.
    ///
    /// A data folder that cannot be used is no error here: each [`Torrents::open`] says so.
    ///
    /// # Errors
    /// When the address to listen at cannot be had.
    pub fn start(config: Config, runtime: Handle, news: News) -> Result<Torrents, TorrentError> {
        let shared = Arc::new(Shared {
            store: Store::open(
                Box::new(Disk),
                config.cache_folder(),
                config.cache_bytes,
                config.reserve_bytes,
                config.ram_bytes,
            ),
            shelf: Shelf::new(config.data.join("torrents")),
            peer_id: generate_peer_id(b"-MT0100-").0,
            network: Network::new(&config)?,
            port: AtomicU16::new(0),
            half_open: Arc::new(Semaphore::new(config.half_open_max.max(1))),
            writing: watch::Sender::new(0),
            block_list: Arc::new(BlockList::new(config.block_list.is_some())),
            received: Bucket::new(config.rates.download),
            sent: Bucket::new(config.rates.upload),
            terms: watch::Sender::new(config.terms()),
            open: Mutex::new(HashMap::new()),
            aside: Mutex::default(),
            stop: CancellationToken::new(),
            http: OnceLock::new(),
            web: OnceLock::new(),
            udp: PerWay::default(),
            utp: PerWay::default(),
            dht: PerWay::default(),
            lsd: PerWay::default(),
            runtime,
            news,
            config,
        });
        shared.listen()?;
        tracing::info!(
            "torrents: {} bytes held of {} allowed, peers call port {}",
            shared.store.used(),
            shared.store.bound(),
            shared.port()
        );
        Ok(Torrents {
            running: Arc::new(Running(shared)),
        })
    }

    /// Keeps a `.torrent` under the data folder, and says what it is. Blocks on the disk.
    ///
    /// # Errors
    /// `Broken` or `Unsupported` metainfo, `NoVideo`; not a disk that does not take it.
    pub fn add_metainfo(&self, bytes: &[u8]) -> Result<TorrentRef, SupplyFailure> {
        let metainfo = Metainfo::from_torrent(bytes)?;
        metainfo.film(None, self.running.0.config.any_file)?;
        self.running.0.shelve(metainfo.info_hash, bytes);
        Ok(metainfo.reference())
    }

    /// Reads a magnet link; asks nobody. If it chooses several files, that is kept on the disk.
    ///
    /// # Errors
    /// `Broken` for what is none, `Unsupported` for one of `BitTorrent` v2 only.
    pub fn add_magnet(&self, magnet: &str) -> Result<TorrentRef, SupplyFailure> {
        let magnet = Magnet::parse(magnet)?;
        let file = magnet.file();
        if file.is_none() && !magnet.files.is_empty() {
            self.running.0.shelf.choose(magnet.info_hash, &magnet.files);
        }
        let name = magnet.name.unwrap_or_else(|| shelf::hex(magnet.info_hash));
        Ok(TorrentRef {
            info_hash: magnet.info_hash,
            name,
            trackers: magnet.trackers,
            web_seeds: self.far(magnet.web_seeds),
            peers: magnet.peers,
            peer_hosts: magnet.peer_hosts,
            exact_sources: self.far(magnet.exact_sources),
            file,
        })
    }

    /// Without addresses at local hosts: what a link from the world names must not be called
    /// because the reference made of it names it.
    fn far(&self, mut addresses: Vec<String>) -> Vec<String> {
        let allow = self.running.0.config.allow_local_peers;
        addresses.retain(|address| allow || !hosts::names_local(address));
        addresses
    }

    /// The port where peers can call; 0: nowhere.
    pub fn port(&self) -> u16 {
        let shared = &self.running.0;
        if shared.terms().bittorrent {
            shared.port()
        } else {
            0
        }
    }
}

impl Shared {
    fn open(&self) -> MutexGuard<'_, HashMap<Session, Arc<Download>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For the scheduler of a torrent.
    fn limits(&self) -> swarm::Limits {
        let rates = self.terms().rates;
        swarm::Limits {
            download_bytes_per_second: rates.download,
            upload_bytes_per_second: rates.upload,
            ..swarm::Limits::default()
        }
    }

    /// Where peers can call; 0: nowhere.
    fn port(&self) -> u16 {
        self.port.load(Ordering::Relaxed)
    }

    /// Lets peers call, and keeps an eye on the way to the network.
    fn listen(self: &Arc<Shared>) -> Result<(), TorrentError> {
        let _inside = self.runtime.enter();
        let listener = calling::listen(self)?;
        for task in [
            calling::take_calls(Arc::clone(self), listener).boxed(),
            calling::take_utp_calls(Arc::clone(self)).boxed(),
            calling::keep_way(Arc::clone(self)).boxed(),
            router::map_port(Arc::clone(self)).boxed(),
            block_list::follow(Arc::clone(self)).boxed(),
        ] {
            let stop = self.stop.clone();
            self.runtime.spawn(async move {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = task => {}
                }
            });
        }
        Ok(())
    }

    /// For trackers. Made at the first need: reading the certificates takes a while.
    fn http(&self) -> &reqwest::Client {
        self.http.get_or_init(|| announce::client(&self.network))
    }

    /// For web seeds and metainfo.
    fn web(&self) -> &reqwest::Client {
        let allow_local = self.config.allow_local_peers;
        self.web
            .get_or_init(|| hosts::client(&self.network, allow_local))
    }

    /// As the way to the network is now: ask again when that changes ([`Network::way`]).
    async fn udp_trackers(&self) -> Option<UdpTrackerClient> {
        let make = async |stop| {
            let client = match self.network.device() {
                Ok(device) => UdpTrackerClient::new(stop, device.as_ref()).await,
                Err(error) => Err(error.into()),
            };
            let client = client.map_err(|error| tracing::warn!("UDP trackers: {error:#}"));
            client.ok()
        };
        self.udp.get(&self.network, &self.stop, make).await
    }

    /// As the way to the network is now: ask again when that changes ([`Network::way`]).
    async fn dht(&self) -> Option<Dht> {
        let make = async |stop| {
            let device = self.network.device();
            let device = device.map_err(|error| tracing::debug!("DHT: {error}"));
            let device = device.ok()?;
            let config = DhtConfig {
                bootstrap_addrs: self.dht_entries().await,
                cancellation_token: Some(stop),
                bind_device: device.as_ref(),
                ..DhtConfig::default()
            };
            let dht = DhtBuilder::with_config(config).await;
            dht.map_err(|error| tracing::warn!("DHT: {error}")).ok()
        };
        self.dht.get(&self.network, &self.stop, make).await
    }

    /// The library would have the system resolve them: with an interface it is given addresses.
    async fn dht_entries(&self) -> Option<Vec<String>> {
        let named = self.config.dht_entries.clone();
        if self.config.bind_interface.is_none() {
            return named;
        }
        let named = named.unwrap_or_else(|| {
            let usual = librqbit_dht::DHT_BOOTSTRAP.iter();
            usual.map(ToString::to_string).collect()
        });
        let mut found = Vec::new();
        for entry in named {
            let Some((host, port)) = entry.rsplit_once(':') else {
                continue;
            };
            let port = port.parse().unwrap_or(0);
            match self.network.resolve(host, port).await {
                Ok(addresses) => found.extend(addresses.iter().map(ToString::to_string)),
                Err(error) => tracing::debug!("DHT: {host}: {error}"),
            }
        }
        Some(found)
    }
}
