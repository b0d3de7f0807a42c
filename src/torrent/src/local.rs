//! Peers in the local network (BEP 14), by librqbit.
//!
//! It tells everybody in the house what is watched, so it is never done for a private torrent, and
//! only if the settings say so.

use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::StreamExt;
use librqbit_core::hash_id::Id20;
use librqbit_lsd::{LocalServiceDiscovery, LocalServiceDiscoveryOptions};
use reach::is_local;

use super::Shared;
use super::download::Download;

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
