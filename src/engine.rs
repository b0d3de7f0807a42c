//! From what was chosen of the streaming engine to its configuration, the same for the box and
//! for `matinee stream`.

use std::net::Ipv6Addr;
use std::path::Path;

use torrent::{Config, Socks5};

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
        bittorrent: engine.bittorrent,
        ..Config::new(data.to_owned(), engine.cache_bytes)
    }
}

fn proxy(proxy: &Proxy) -> Socks5 {
    let login = proxy.login.as_ref();
    Socks5 {
        host: proxy.host.clone(),
        port: proxy.port,
        login: login.map(|(user, password)| (user.clone(), password.0.clone())),
    }
}
