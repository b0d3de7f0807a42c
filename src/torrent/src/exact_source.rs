//! The metainfo itself from an HTTP server: `xs` and `as` of a magnet link.
//!
//! Only while it is asked of peers too; who is first has it. Invariant: what comes is believed
//! only if its info dictionary has the hash that was asked for, and no more than the largest
//! metainfo is ever read.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Url};

use super::download::Download;
use super::hosts;
use super::metainfo::{METAINFO_MAX_BYTES, Metainfo};

/// Peers are asked first, if there may be any: their answer takes two round trips, and the server
/// is somebody's.
const GRACE: Duration = Duration::from_millis(500);
/// Wait after all have failed, doubled each time up to the other.
const RETRY_FIRST: Duration = Duration::from_secs(5);
const RETRY_MAX: Duration = Duration::from_mins(10);
/// For the whole answer: 10 MiB at 200 kB/s.
const ANSWER_TIME_MAX: Duration = Duration::from_mins(1);

/// Asks until the metadata is there, from whomever.
pub(super) async fn ask(download: Arc<Download>) {
    let reference = &download.reference;
    let dht = download.shared.config.dht;
    let peers = reference.peers.len() + reference.peer_hosts.len() + reference.trackers.len();
    if peers > 0 || dht {
        tokio::time::sleep(GRACE).await;
    }
    let mut wait = RETRY_FIRST;
    while download.is_gathering() {
        for source in &reference.exact_sources {
            // The reference names it: it may spell out a local address.
            let Some(url) = Url::parse(source)
                .ok()
                .filter(|url| hosts::may_call(url, true))
            else {
                continue;
            };
            let host = url.host_str().unwrap_or_default().to_owned();
            let asked = fetch(download.shared.web(), url);
            let bytes = match tokio::time::timeout(ANSWER_TIME_MAX, asked).await {
                Ok(Ok(bytes)) => bytes,
                Ok(Err(why)) => {
                    tracing::debug!("metainfo from {host}: {why}");
                    continue;
                }
                Err(_) => continue,
            };
            match Metainfo::from_torrent(&bytes) {
                Ok(metainfo) if metainfo.info_hash == reference.info_hash => {
                    tracing::debug!("metainfo from {host}: {} bytes", bytes.len());
                    return download.handed(metainfo, bytes);
                }
                Ok(_) => tracing::warn!("metainfo from {host}: is another torrent"),
                Err(why) => tracing::warn!("metainfo from {host}: {why:?}"),
            }
        }
        tokio::time::sleep(wait).await;
        wait = RETRY_MAX.min(wait * 2);
    }
}

async fn fetch(client: &Client, url: Url) -> Result<Vec<u8>, String> {
    let plain = |error: reqwest::Error| error.without_url().to_string();
    let mut response = client.get(url).send().await.map_err(plain)?;
    if !response.status().is_success() {
        return Err(format!("answers {}", response.status()));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(plain)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > METAINFO_MAX_BYTES {
            return Err("too long".into());
        }
    }
    Ok(bytes)
}
