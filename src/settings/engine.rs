//! The options of the streaming engine, the same for the box and for `matinee stream`.
//!
//! [`Engine`] is the plain result. The defaults are for a small board (1 GiB of RAM, an SD card)
//! behind a home router; each says why.

use std::fmt;
use std::path::{Path, PathBuf};

use super::Secret;
use super::arguments::{rebase, set};
use super::values;

/// Everything that can be chosen of the engine.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Engine {
    /// The master switch: without it films come from web seeds alone, and nothing listens, is
    /// announced or sent.
    pub bittorrent: bool,
    pub encryption: Encryption,
    /// BEP 29, besides TCP.
    pub utp: bool,
    /// The distributed hash table, BEP 5.
    pub dht: bool,
    /// Peers in the local network, BEP 14.
    pub lsd: bool,
    /// Asks the router to let peers call (UPnP, NAT-PMP).
    pub port_mapping: bool,
    /// Where peers may call; 0: the system chooses.
    pub listen_port: u16,
    /// Connected peers of one film.
    pub peers_max: usize,
    /// Calls that are not answered yet, of all films together.
    pub half_open_max: usize,
    /// Bytes a second sent to peers; 0: no limit.
    pub upload_limit: u64,
    /// Bytes a second from peers and web seeds; 0: no limit.
    pub download_limit: u64,
    /// After a film closes it is seeded until it was given so many times ...
    pub seed_ratio: f64,
    /// ... or for so long, whichever comes first; 0: not at all.
    pub seed_minutes: u32,
    /// All traffic goes through it.
    pub proxy: Option<Proxy>,
    /// No byte leaves by another interface; while it is gone, none leaves.
    pub bind_interface: Option<String>,
    /// Addresses never called or answered (P2P, DAT or CIDR lines; may be gzipped).
    pub blocklist: Option<PathBuf>,
    /// Where pieces are kept; none: under the data folder.
    pub cache_dir: Option<PathBuf>,
    /// Bytes of pieces kept on disk at most, of all films together.
    pub cache_bytes: u64,
    /// Bytes of the disk left free; none: 1 GiB or a tenth of it, whichever is more.
    pub reserve_bytes: Option<u64>,
    /// Bytes of pieces held in RAM where the disk takes none.
    pub ram_cache_bytes: u64,
    /// Trackers asked besides a torrent's own; never for a private one.
    pub trackers: Vec<String>,
    /// Peers at private addresses are called although only strangers named them.
    pub local_peers: bool,
    /// The network costs by the byte: nothing is sent or got that no viewer waits for.
    pub metered: bool,
}

/// 4 GiB: a long film in full HD whole, and a small part of any disk sold today.
const CACHE_BYTES: u64 = 4 << 30;

/// The smallest cache: 64 pieces of 1 MiB, about what a reader and the picker need to work.
pub const CACHE_BYTES_MIN: u64 = 64 << 20;

/// 64 MiB: a sixteenth of the RAM of a small board, and two minutes of a film.
const RAM_CACHE_BYTES: u64 = 64 << 20;

/// Below it a piece of 16 MiB would not fit twice.
pub(super) const RAM_CACHE_BYTES_MIN: u64 = 32 << 20;

/// More give a film nothing, cost RAM for each one's buffers, and home routers trouble.
const PEERS_MAX: usize = 50;

/// Home routers drop more calls than that at once.
const HALF_OPEN_MAX: usize = 10;

/// 500 kB/s: polite to a swarm, and less than most lines have, so that calls and games of others
/// at home go on.
const UPLOAD_LIMIT: u64 = 500_000;

/// A film given back as often as it was taken is fair ...
const SEED_RATIO: f64 = 1.0;
/// ... and half an hour is what a box may be busy after its viewer has gone.
const SEED_MINUTES: u32 = 30;

impl Default for Engine {
    fn default() -> Self {
        Self {
            bittorrent: true,
            encryption: Encryption::Prefer,
            utp: true,
            dht: true,
            lsd: true,
            port_mapping: true,
            listen_port: 0,
            peers_max: PEERS_MAX,
            half_open_max: HALF_OPEN_MAX,
            upload_limit: UPLOAD_LIMIT,
            download_limit: 0,
            seed_ratio: SEED_RATIO,
            seed_minutes: SEED_MINUTES,
            proxy: None,
            bind_interface: None,
            blocklist: None,
            cache_dir: None,
            cache_bytes: CACHE_BYTES,
            reserve_bytes: None,
            ram_cache_bytes: RAM_CACHE_BYTES,
            trackers: Vec::new(),
            local_peers: false,
            metered: false,
        }
    }
}

impl Engine {
    /// What of it can be chosen on the TV too, and what is told there.
    pub fn sharing(&self) -> app::Sharing {
        app::Sharing {
            peers: self.bittorrent,
            encryption: match self.encryption {
                Encryption::Prefer => app::Encryption::Prefer,
                Encryption::Require => app::Encryption::Require,
                Encryption::Off => app::Encryption::Off,
            },
            download_limit: self.download_limit,
            upload_limit: self.upload_limit,
            seed_minutes: self.seed_minutes,
            // At most 100, as it is read.
            seed_percent: (self.seed_ratio * 100.0).round() as u32,
            metered: self.metered,
            port_mapping: self.port_mapping,
            interface: self.bind_interface.clone(),
            proxied: self.proxy.is_some(),
            blocks: self.blocklist.is_some(),
        }
    }
}

/// Whether what peers say to each other is encrypted (MSE).
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Encryption {
    /// Where the other side can; plain calls are taken too.
    Prefer,
    /// Who cannot is no peer.
    Require,
    /// Never asked for or taken.
    Off,
}

/// A SOCKS5 proxy (RFC 1928, RFC 1929).
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// A name or an address; IPv6 without brackets.
    pub host: String,
    pub port: u16,
    /// Name and password.
    pub login: Option<(String, Secret)>,
}

/// The login is left out.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "socks5://{}:{}", self.host, self.port)
    }
}

/// The engine's part of a command line or settings' file.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Streaming engine")]
pub(super) struct EngineArguments {
    /// Switch BitTorrent off with =false: films then come from web seeds alone [default: true]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    bittorrent: Option<bool>,

    /// Encrypt what peers say to each other [default: prefer]
    #[arg(
        long,
        value_name = "prefer|require|off",
        value_enum,
        hide_possible_values = true
    )]
    encryption: Option<Encryption>,

    /// Talk to peers over uTP too [default: true]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    utp: Option<bool>,

    /// Find peers in the distributed hash table [default: true]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    dht: Option<bool>,

    /// Find peers in the local network [default: true]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    lsd: Option<bool>,

    /// Ask the router to let peers call [default: true]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    port_mapping: Option<bool>,

    /// Where peers call; 0 lets the system choose [default: 0]
    #[arg(long, value_name = "PORT", value_parser = values::port)]
    listen_port: Option<u16>,

    /// Most peers of one film [default: 50]
    #[arg(long, value_name = "N", value_parser = values::peers)]
    peers_max: Option<usize>,

    /// Most calls to peers not answered yet [default: 10]
    #[arg(long, value_name = "N", value_parser = values::peers)]
    half_open_max: Option<usize>,

    /// Most bytes a second to peers; 0 is no limit [default: 500k]
    #[arg(long, value_name = "N[k|M]", value_parser = values::rate)]
    upload_limit: Option<u64>,

    /// Most bytes a second from peers and web seeds; 0 is no limit [default: 0]
    #[arg(long, value_name = "N[k|M]", value_parser = values::rate)]
    download_limit: Option<u64>,

    /// Seed a film that was closed until it was given so many times ... [default: 1.0]
    #[arg(long, value_name = "R", value_parser = values::ratio)]
    seed_ratio: Option<f64>,

    /// ... or for so long, whichever is first; 0 is not at all [default: 30]
    #[arg(long, value_name = "MIN", value_parser = values::minutes)]
    seed_minutes: Option<u32>,

    /// Send everything through it: socks5://[USER:PASSWORD@]HOST:PORT
    #[arg(long, value_name = "URL", value_parser = values::proxy)]
    proxy: Option<Proxy>,

    /// Send nothing but over this interface (wg0), and nothing at all while it is gone
    #[arg(long, value_name = "NAME", value_parser = values::interface)]
    bind_interface: Option<String>,

    /// Never talk to the addresses in this file (P2P, DAT or CIDR, also gzipped)
    #[arg(long, value_name = "FILE")]
    blocklist: Option<PathBuf>,

    /// Keep films there [default: in the data folder]
    #[arg(long, value_name = "DIR", visible_alias = "cache")]
    cache_dir: Option<PathBuf>,

    /// Most bytes of films kept on disk [default: 4G]
    #[arg(long, value_name = "N[K|M|G]", value_parser = values::cache_bytes)]
    cache_bytes: Option<u64>,

    /// Leave so much of the disk free [default: 1G or a tenth, whichever is more]
    #[arg(long, value_name = "N[K|M|G]", value_parser = values::bytes)]
    reserve_bytes: Option<u64>,

    /// Hold so much of a film in RAM where the disk takes none [default: 64M]
    #[arg(long, value_name = "N[K|M|G]", value_parser = values::ram_cache_bytes)]
    ram_cache_bytes: Option<u64>,

    /// Ask this tracker too; may be given several times
    #[arg(long, value_name = "URL", value_parser = values::tracker)]
    trackers: Vec<String>,

    /// Also call peers at private addresses that strangers name [default: false]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    local_peers: Option<bool>,

    /// The network costs by the byte: get and send nothing unasked [default: false]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    metered: Option<bool>,
}

impl EngineArguments {
    /// What was given takes the place of what is there.
    pub(super) fn over(self, engine: &mut Engine) {
        set(&mut engine.bittorrent, self.bittorrent);
        set(&mut engine.encryption, self.encryption);
        set(&mut engine.utp, self.utp);
        set(&mut engine.dht, self.dht);
        set(&mut engine.lsd, self.lsd);
        set(&mut engine.port_mapping, self.port_mapping);
        set(&mut engine.listen_port, self.listen_port);
        set(&mut engine.peers_max, self.peers_max);
        set(&mut engine.half_open_max, self.half_open_max);
        set(&mut engine.upload_limit, self.upload_limit);
        set(&mut engine.download_limit, self.download_limit);
        set(&mut engine.seed_ratio, self.seed_ratio);
        set(&mut engine.seed_minutes, self.seed_minutes);
        set(&mut engine.cache_bytes, self.cache_bytes);
        set(&mut engine.ram_cache_bytes, self.ram_cache_bytes);
        set(&mut engine.local_peers, self.local_peers);
        set(&mut engine.metered, self.metered);
        put(&mut engine.proxy, self.proxy);
        put(&mut engine.bind_interface, self.bind_interface);
        put(&mut engine.blocklist, self.blocklist);
        put(&mut engine.cache_dir, self.cache_dir);
        put(&mut engine.reserve_bytes, self.reserve_bytes);
        if !self.trackers.is_empty() {
            engine.trackers = self.trackers;
        }
    }

    /// Takes paths from `folder`, where they are relative.
    pub(super) fn based_on(&mut self, folder: &Path) {
        rebase(&mut self.blocklist, folder);
        rebase(&mut self.cache_dir, folder);
    }
}

/// As [`set`], for what may also be unset.
pub(super) fn put<T>(place: &mut Option<T>, given: Option<T>) {
    if given.is_some() {
        *place = given;
    }
}
