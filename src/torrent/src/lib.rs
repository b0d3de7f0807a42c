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
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use app::{Session, TorrentFailure, TorrentNews, TorrentRef};
use librqbit_core::peer_id::generate_peer_id;
use librqbit_dht::{Dht, DhtBuilder, DhtConfig};
use librqbit_tracker_comms::UdpTrackerClient;
use tokio::runtime::Handle;
use tokio::sync::{OnceCell, Semaphore, watch};
use tokio_util::sync::CancellationToken;

use media::Source;

mod announce;
mod assembly;
mod bencode;
mod blocks;
mod book;
mod calling;
mod connection;
mod disk;
mod download;
mod finding;
mod fresh;
mod gathering;
mod keeping;
mod magnet;
mod metadata;
mod metainfo;
mod peer;
mod progress;
mod readers;
mod say;
mod shelf;
mod source;
mod store;
mod subtitle;
mod verifying;
mod wire;

use disk::Disk;
use download::Download;
use magnet::Magnet;
use metainfo::Metainfo;
use shelf::Shelf;
use source::FileSource;
use store::Store;

pub use store::Held;

/// How the shell of peers is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// `torrents/` and `cache/` live under it.
    pub data: PathBuf,
    /// Bytes that pieces of all films together may take on disk.
    pub cache_bytes: u64,
    /// Bytes of the disk to leave free; none: 1 GiB or 10 % of it, whichever is more.
    pub reserve_bytes: Option<u64>,
    /// Bytes of RAM that pieces may take while the disk cannot take them, beside those in the
    /// making ([`swarm::Limits`]). 64 MiB is 100 s of a 5 Mb/s film, and what a board of 1 GiB can
    /// spare. A film needs three pieces of it; 0: a film ends when the disk fails.
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
}

impl Config {
    /// The usual, with everything under `data`.
    pub fn new(data: PathBuf, cache_bytes: u64) -> Config {
        Config {
            data,
            cache_bytes,
            reserve_bytes: None,
            ram_bytes: 64 << 20,
            listen: Some((Ipv6Addr::UNSPECIFIED, 0).into()),
            peers_max: 50,
            half_open_max: 10,
            dht: false,
            dht_entries: None,
            allow_local_peers: false,
        }
    }
}

/// Why the shell cannot start, or cannot do what the owner asks of the cache.
#[derive(Debug, thiserror::Error)]
pub enum TorrentError {
    /// The address to listen at.
    #[error("listening for peers at {0}: {1}")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// Nothing is held of this film, and its metainfo is not here.
    #[error("nothing is known of this film")]
    Unknown,
    /// Kept films may take nine tenths of the cache; in bytes.
    #[error("kept films fill the cache: {need} bytes are needed, {left} are left")]
    KeptFull {
        /// What the film takes.
        need: u64,
        /// What kept films may still take.
        left: u64,
    },
    /// The mark of a kept film, or a piece; the folder it is under.
    #[error("{0}: {1}")]
    Mark(PathBuf, #[source] std::io::Error),
}

/// Whoever is told what happens.
type News = Arc<dyn Fn(Session, TorrentNews) + Send + Sync>;

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
    /// Where peers can call; 0: nowhere.
    port: u16,
    half_open: Arc<Semaphore>,
    /// Verified pieces that are not held yet.
    writing: watch::Sender<u32>,
    open: Mutex<HashMap<Session, Arc<Download>>>,
    stop: CancellationToken,
    http: OnceLock<reqwest::Client>,
    udp: OnceCell<Option<UdpTrackerClient>>,
    dht: OnceCell<Option<Dht>>,
}

impl fmt::Debug for Torrents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Torrents at port {}", self.running.0.port)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let open: Vec<_> = self.0.open().drain().collect();
        for (_, download) in open {
            download.close();
        }
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
        let listener = config.listen.map(listen).transpose()?;
        let local = listener
            .as_ref()
            .and_then(|socket| socket.local_addr().ok());
        let shared = Arc::new(Shared {
            store: Store::open(
                Box::new(Disk),
                config.data.join("cache"),
                config.cache_bytes,
                config.reserve_bytes,
                config.ram_bytes,
            ),
            shelf: Shelf::new(config.data.join("torrents")),
            peer_id: generate_peer_id(b"-MT0100-").0,
            port: local.map_or(0, |address| address.port()),
            half_open: Arc::new(Semaphore::new(config.half_open_max.max(1))),
            writing: watch::Sender::new(0),
            open: Mutex::new(HashMap::new()),
            stop: CancellationToken::new(),
            http: OnceLock::new(),
            udp: OnceCell::new(),
            dht: OnceCell::new(),
            runtime,
            news,
            config,
        });
        if let Some(socket) = listener {
            let _inside = shared.runtime.enter();
            let address = local.unwrap_or((Ipv4Addr::UNSPECIFIED, 0).into());
            let socket = tokio::net::TcpListener::from_std(socket)
                .map_err(|error| TorrentError::Listen(address, error))?;
            let (taking, stop) = (Arc::clone(&shared), shared.stop.clone());
            shared.runtime.spawn(async move {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = calling::take_calls(taking, socket) => {}
                }
            });
        }
        tracing::info!(
            "torrents: {} bytes held of {} allowed, peers call port {}",
            shared.store.used(),
            shared.store.bound(),
            shared.port
        );
        Ok(Torrents {
            running: Arc::new(Running(shared)),
        })
    }

    /// Keeps a `.torrent` under the data folder, and says what it is. Blocks on the disk.
    ///
    /// # Errors
    /// `Broken` or `Unsupported` metainfo, `NoVideo`. A disk that does not take it is none: it is
    /// remembered as long as the program runs.
    pub fn add_metainfo(&self, bytes: &[u8]) -> Result<TorrentRef, TorrentFailure> {
        let metainfo = Metainfo::from_torrent(bytes)?;
        metainfo.film(None)?;
        self.running.0.shelve(metainfo.info_hash, bytes);
        Ok(metainfo.reference())
    }

    /// Reads a magnet link; asks nobody.
    ///
    /// # Errors
    /// `Broken` for what is none, `Unsupported` for one of `BitTorrent` v2 only.
    pub fn add_magnet(&self, magnet: &str) -> Result<TorrentRef, TorrentFailure> {
        let magnet = Magnet::parse(magnet)?;
        let name = magnet.name.unwrap_or_else(|| shelf::hex(magnet.info_hash));
        Ok(TorrentRef {
            info_hash: magnet.info_hash,
            name,
            trackers: magnet.trackers,
            web_seeds: magnet.web_seeds,
            peers: magnet.peers,
            peer_hosts: Vec::new(),
            exact_sources: magnet.exact_sources,
            file: magnet.file,
        })
    }

    /// Begins to stream; never blocks. News follow: progress, ready or failed. A torrent that
    /// another session has open is closed there; a session that is open already stays as it is.
    pub fn open(&self, session: Session, torrent: TorrentRef) {
        let shared = &self.running.0;
        let mut open = shared.open();
        if open.contains_key(&session) {
            return;
        }
        let hash = torrent.info_hash;
        let same = open.values().find(|d| d.reference.info_hash == hash);
        let earlier = same.map(|download| download.session);
        let earlier = earlier.and_then(|session| open.remove(&session));
        if let Some(earlier) = earlier {
            earlier.close();
        }
        let download = Download::open(session, torrent, Arc::clone(shared));
        open.insert(session, download);
    }

    /// Ends it: peers are left, readers get an error, what was fetched stays on disk.
    pub fn close(&self, session: Session) {
        let download = self.running.0.open().remove(&session);
        if let Some(download) = download {
            download.close();
        }
    }

    /// Waits until every piece that is verified by now is on disk (or in RAM, where the disk does
    /// not take it): what is read is written a moment later. For an orderly end.
    pub async fn settled(&self) {
        let mut writing = self.running.0.writing.subscribe();
        // The sender lives as long as `self`.
        let _ = writing.wait_for(|pieces| *pieces == 0).await;
    }

    /// After Ready: the film's bytes (`file` none), or another file of the torrent.
    pub fn source(&self, session: Session, file: Option<u32>) -> Option<Arc<dyn Source>> {
        let download = self.running.0.open().get(&session).map(Arc::clone)?;
        let source = FileSource::new(download, file)?;
        Some(Arc::new(source))
    }

    /// The port where peers can call; 0: nowhere.
    pub fn port(&self) -> u16 {
        self.running.0.port
    }
}

impl Shared {
    fn open(&self) -> MutexGuard<'_, HashMap<Session, Arc<Download>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a metainfo file on the shelf; those of films that are held or kept stay there. Blocks
    /// on the disk.
    fn shelve(&self, info_hash: [u8; 20], bytes: &[u8]) {
        let stays = |other| self.store.knows(other);
        self.shelf.keep(info_hash, bytes, stays);
    }

    fn download_of(&self, info_hash: [u8; 20]) -> Option<Arc<Download>> {
        let open = self.open();
        let mut downloads = open.values();
        let found = downloads.find(|d| d.reference.info_hash == info_hash);
        found.map(Arc::clone)
    }

    /// For trackers. Made at the first need: reading the certificates takes a while.
    fn http(&self) -> &reqwest::Client {
        self.http.get_or_init(announce::client)
    }

    async fn udp_trackers(&self) -> Option<UdpTrackerClient> {
        let made = self.udp.get_or_init(|| async {
            let client = UdpTrackerClient::new(self.stop.child_token(), None).await;
            let client = client.map_err(|error| tracing::warn!("UDP trackers: {error:#}"));
            client.ok()
        });
        made.await.clone()
    }

    async fn dht(&self) -> Option<Dht> {
        let made = self.dht.get_or_init(|| async {
            let config = DhtConfig {
                bootstrap_addrs: self.config.dht_entries.clone(),
                cancellation_token: Some(self.stop.child_token()),
                ..DhtConfig::default()
            };
            let dht = DhtBuilder::with_config(config).await;
            dht.map_err(|error| tracing::warn!("DHT: {error}")).ok()
        });
        made.await.clone()
    }
}

/// A machine without IPv6 has the same port of IPv4.
fn listen(address: SocketAddr) -> Result<std::net::TcpListener, TorrentError> {
    let fallback = SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port()));
    let bound = match std::net::TcpListener::bind(address) {
        Err(_) if address.ip() == Ipv6Addr::UNSPECIFIED => std::net::TcpListener::bind(fallback),
        bound => bound,
    };
    let socket = bound.and_then(|socket| socket.set_nonblocking(true).map(|()| socket));
    socket.map_err(|error| TorrentError::Listen(address, error))
}
