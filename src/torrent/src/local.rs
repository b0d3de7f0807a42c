//! The local network: peers in it (BEP 14), and the router that is asked to let peers call us (UPnP
//! IGD). Both are librqbit's.
//!
//! Local discovery tells everybody in the house what is watched, so it is never done for a private
//! torrent, and only if the settings say so. The router is not asked when an interface is bound or
//! a proxy is used: the library asks it over HTTP by whatever the system routes, and behind a
//! tunnel there is no router to ask.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use librqbit_core::hash_id::Id20;
use librqbit_lsd::{LocalServiceDiscovery, LocalServiceDiscoveryOptions};
use librqbit_upnp::{UpnpPortForwarder, UpnpPortForwarderOptions};

use super::Shared;
use super::book::is_local;
use super::download::Download;

/// A mapping outlives us by this at most; it is renewed at half of it.
const LEASE: Duration = Duration::from_mins(20);
/// How often a router is looked for: one that was switched on a little later is found too.
const LOOK: Duration = Duration::from_mins(5);
/// For routers to answer: UPnP lets them wait up to the 3 s that are asked for.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(5);

/// Brings peers of the local network as long as the torrent is open.
pub(super) async fn discover(download: Arc<Download>) {
    let mut way = download.shared.network.way();
    loop {
        way.borrow_and_update();
        let discovery = download.shared.local_discovery().await;
        let asking = async {
            let Some(discovery) = discovery else {
                return std::future::pending().await;
            };
            let hash = Id20::new(download.reference.info_hash);
            let port = download.shared.port();
            let found = discovery.announce(hash, Some(port).filter(|port| *port > 0));
            let mut found = std::pin::pin!(found);
            while let Some(peer) = found.next().await {
                tracing::debug!("local discovery: {peer}");
                download.found_near(peer);
            }
        };
        // Its socket is bound to an interface that may come anew.
        tokio::select! {
            () = asking => return,
            changed = way.changed() => if changed.is_err() {
                return;
            }
        }
    }
}

/// Keeps the port where peers can call open at the router. Never ends.
pub(super) async fn map_port(shared: Arc<Shared>) {
    let port = shared.port();
    let config = &shared.config;
    let elsewhere = config.bind_interface.is_some() || config.proxy.is_some();
    if !config.port_mapping || !config.bittorrent || elsewhere || port == 0 {
        return;
    }
    let options = UpnpPortForwarderOptions {
        lease_duration: LEASE,
        discover_interval: LOOK,
        discover_timeout: ANSWER_TIME_MAX,
    };
    match UpnpPortForwarder::new(vec![port], Some(options), None) {
        Ok(forwarder) => {
            tracing::debug!("port {port}: asking the router to open it");
            forwarder.run_forever().await;
        }
        Err(error) => tracing::warn!("port mapping: {error:#}"),
    }
}

impl Shared {
    /// As the way to the network is now.
    async fn local_discovery(&self) -> Option<LocalServiceDiscovery> {
        let make = async |stop| {
            let device = self.network.device();
            let device = device.map_err(|error| tracing::debug!("local discovery: {error}"));
            let device = device.ok()?;
            let options = LocalServiceDiscoveryOptions {
                cancel_token: stop,
                cookie: None,
                bind_device: device.as_ref(),
            };
            let made = LocalServiceDiscovery::new(options).await;
            made.map_err(|error| tracing::warn!("local discovery: {error:#}"))
                .ok()
        };
        self.lsd.get(&self.network, &self.stop, make).await
    }
}

impl Download {
    /// An address that was heard in the local network: it may be on our side of the router.
    fn found_near(&self, peer: SocketAddr) {
        let mut state = self.lock();
        let ip = peer.ip().to_canonical();
        let near = is_local(ip) && !ip.is_loopback();
        let new = if near {
            state.book.near(peer)
        } else {
            state.book.found(peer)
        };
        drop(state);
        if new {
            self.call.notify_one();
        }
    }
}
