//! From what was chosen of the streaming engine to its configuration, the same for the box and
//! for `matinee stream`; on the box what its owner chose on the TV is over the file.

use std::net::Ipv6Addr;
use std::path::Path;
use std::time::Duration;

use app::{OwnerSharing, Sharing};
use torrent::{Config, Rates, Seeding, Socks5, Terms};

use crate::settings::{Engine, Proxy};

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
        utp: engine.utp,
        lsd: engine.lsd,
        trackers: engine.trackers.clone(),
        ram_bytes: engine.ram_cache_bytes,
        block_list: engine.blocklist.clone(),
        ..Config::new(data.to_owned(), engine.cache_bytes)
    }
    .on(terms(&engine.sharing()))
}

/// The same, as the box's owner chose on the TV.
pub fn of_owner(engine: &Engine, chosen: &OwnerSharing, data: &Path) -> Config {
    config(engine, data).on(terms(&chosen.over(&engine.sharing())))
}

/// What of it may change while it runs.
pub fn terms(sharing: &Sharing) -> Terms {
    Terms {
        bittorrent: sharing.peers,
        encryption: match sharing.encryption {
            app::Encryption::Prefer => torrent::Encryption::Prefer,
            app::Encryption::Require => torrent::Encryption::Require,
            app::Encryption::Off => torrent::Encryption::Off,
        },
        port_mapping: sharing.port_mapping,
        rates: Rates {
            upload: limit(sharing.upload_limit),
            download: limit(sharing.download_limit),
        },
        seeding: seeding(sharing),
    }
}

/// 0: none.
fn limit(bytes_per_second: u64) -> Option<u64> {
    (bytes_per_second > 0).then_some(bytes_per_second)
}

/// Who pays by the byte gives nothing after the film.
fn seeding(sharing: &Sharing) -> Option<Seeding> {
    let seeds = sharing.seed_minutes > 0 && sharing.seed_percent > 0 && !sharing.metered;
    seeds.then(|| Seeding {
        ratio: f64::from(sharing.seed_percent) / 100.0,
        time: Duration::from_mins(u64::from(sharing.seed_minutes)),
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
