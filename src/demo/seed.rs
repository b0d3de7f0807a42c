//! Hands the demo out as strangers would: several `BitTorrent` sessions of another implementation,
//! each on its own loopback port and each with its own upload rate.
//!
//! They announce themselves nowhere (no DHT, no trackers, no multicast): their addresses are in
//! the film's source, and only this machine can reach them.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;

use librqbit::limits::LimitsConfig;
use librqbit::{AddTorrent, AddTorrentOptions, ListenerMode, ListenerOptions};
use librqbit::{Session, SessionOptions};
use tokio_util::sync::CancellationToken;

use super::DemoError;

/// Sessions that seed until they are dropped.
pub(super) struct Seeders {
    sessions: Vec<Arc<Session>>,
    /// Where they listen.
    pub(super) peers: Vec<SocketAddr>,
}

impl std::fmt::Debug for Seeders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Seeders({:?})", self.peers)
    }
}

impl Drop for Seeders {
    fn drop(&mut self) {
        for session in &self.sessions {
            session.cancellation_token().cancel();
        }
    }
}

impl Seeders {
    /// Seeds the files in `folder`, with one session for each of `rates` (bytes a second; none
    /// is as fast as it goes). Each session reads and checks every byte first.
    ///
    /// # Errors
    /// [`DemoError::Damaged`] when the files are not what the metainfo says.
    pub(super) async fn start(
        folder: &Path,
        metainfo: &[u8],
        rates: &[Option<NonZeroU32>],
    ) -> Result<Seeders, DemoError> {
        let mut seeders = Seeders {
            sessions: Vec::new(),
            peers: Vec::new(),
        };
        for rate in rates {
            let failed = |why: &dyn std::fmt::Display| DemoError::Seed(why.to_string());
            let session = Session::new_with_opts(folder.to_owned(), options(*rate))
                .await
                .map_err(|why| failed(&why))?;
            seeders.sessions.push(session.clone());
            let torrent = AddTorrent::from_bytes(metainfo.to_owned());
            let placed = AddTorrentOptions {
                output_folder: Some(folder.to_string_lossy().into_owned()),
                // The files are there already, and are only read.
                overwrite: true,
                ..AddTorrentOptions::default()
            };
            let handle = session
                .add_torrent(torrent, Some(placed))
                .await
                .map_err(|why| failed(&why))?
                .into_handle()
                .ok_or_else(|| failed(&"the torrent was not taken"))?;
            handle
                .wait_until_initialized()
                .await
                .map_err(|why| failed(&why))?;
            if !handle.stats().finished {
                return Err(DemoError::Damaged);
            }
            let address = session.listen_addr().ok_or_else(|| failed(&"no port"))?;
            seeders.peers.push(address);
        }
        Ok(seeders)
    }
}

fn options(rate: Option<NonZeroU32>) -> SessionOptions {
    SessionOptions {
        dht: None,
        disable_trackers: true,
        disable_local_service_discovery: true,
        persistence: None,
        ipv4_only: true,
        listen: Some(ListenerOptions {
            mode: ListenerMode::TcpOnly,
            // A port of the kernel's choice: several boxes may run on one machine.
            listen_addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            enable_upnp_port_forwarding: false,
            ipv4_only: true,
            ..ListenerOptions::default()
        }),
        ratelimits: LimitsConfig {
            upload_bps: rate,
            download_bps: None,
        },
        cancellation_token: Some(CancellationToken::new()),
        client_name_and_version: Some("Matinee demo".to_owned()),
        ..SessionOptions::default()
    }
}
