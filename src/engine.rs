//! From what was chosen of the streaming engine to its configuration, the same for the box and
//! for `matinee stream`.

use std::net::Ipv6Addr;
use std::path::Path;
use std::time::Duration;

use torrent::{Config, Rates, Seeding, Socks5};

use crate::settings::{Encryption, Engine, Proxy};

/// The configuration of an engine that keeps its things under `data`.
pub fn config(engine: &Engine, data: &Path) -> Config {
    Config {
        cache_dir: engine.cache_dir.clone(),
        reserve_bytes: engine.reserve_bytes,
        listen: Some((Ipv6Addr::UNSPECIFIED, engine.listen_port).into()),
        peers_max: engine.peers_max,
        half_open_max: engine.half_open_max,
        dht: engine.dht,
        allow_local_peers: engine.local_peers,
        bind_interface: engine.bind_interface.clone(),
        proxy: engine.proxy.as_ref().map(proxy),
        bittorrent: engine.bittorrent,
        encryption: match engine.encryption {
            Encryption::Prefer => torrent::Encryption::Prefer,
            Encryption::Require => torrent::Encryption::Require,
            Encryption::Off => torrent::Encryption::Off,
        },
        utp: engine.utp,
        lsd: engine.lsd,
        port_mapping: engine.port_mapping,
        trackers: engine.trackers.clone(),
        ram_bytes: engine.ram_cache_bytes,
        block_list: engine.blocklist.clone(),
        rates: Rates {
            upload: limit(engine.upload_limit),
            download: limit(engine.download_limit),
        },
        seeding: seeding(engine),
        ..Config::new(data.to_owned(), engine.cache_bytes)
    }
}

/// 0: none.
fn limit(bytes_per_second: u64) -> Option<u64> {
    (bytes_per_second > 0).then_some(bytes_per_second)
}

/// Who pays by the byte gives nothing after the film.
fn seeding(engine: &Engine) -> Option<Seeding> {
    let seeds = engine.seed_minutes > 0 && engine.seed_ratio > 0.0 && !engine.metered;
    seeds.then(|| Seeding {
        ratio: engine.seed_ratio,
        time: Duration::from_mins(u64::from(engine.seed_minutes)),
    })
}

fn proxy(proxy: &Proxy) -> Socks5 {
    let login = proxy.login.as_ref();
    Socks5 {
        host: proxy.host.clone(),
        port: proxy.port,
        login: login.map(|(user, password)| (user.clone(), password.0.clone())),
    }
}
