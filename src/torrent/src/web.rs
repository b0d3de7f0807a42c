//! The web seeds of a torrent (BEP 19): which of them are used, and what the state knows of one.
//!
//! A web seed is a source of the scheduler like a peer, but for its questions, which are HTTP
//! (`web_seed.rs`). Its blocks go the way of everybody's: into the piece's assembly, and to nobody
//! before the piece's hash was found right. One that sends wrong bytes is never asked again.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::Url;
use swarm::{Block, News, PeerId};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::download::{Download, Phase};
use super::hosts;
use super::metainfo::Metainfo;
use super::web_seed::{End, WebSeed};

/// Asked at once. Two fill a home line; more are for those that fail.
const SEEDS_MAX: usize = 4;
/// Of one host, each with two connections: the third and fourth address there is the same server.
const SEEDS_OF_HOST_MAX: usize = 2;
/// Addresses that wait for their turn; of a metainfo and a reference 100 each are kept.
const WAITING_MAX: usize = 40;
/// First wait after a failure, doubled each time up to the other.
const RETRY_FIRST: Duration = Duration::from_millis(500);
const RETRY_MAX: Duration = Duration::from_mins(5);
/// Failures in a row after which another gets the place.
const FAILURES_MAX: u32 = 8;

/// A web seed as the state knows it.
#[derive(Debug)]
pub(super) struct WebLink {
    /// For the log; the address may hold a key.
    pub(super) host: String,
    pub(super) orders: Arc<Orders>,
    pub(super) kick: CancellationToken,
    /// It has given a block.
    pub(super) useful: bool,
}

/// What is wanted of a web seed: filled under the state's lock, emptied by its task.
#[derive(Debug, Default)]
pub(super) struct Orders {
    lists: Mutex<Lists>,
    pub(super) changed: Notify,
}

/// New orders. The swarm bounds them: 16 MiB of requests at one web seed, and a CANCEL for each.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) requests: VecDeque<Block>,
    pub(super) cancels: Vec<Block>,
    pub(super) banned: bool,
}

impl Orders {
    fn lists(&self) -> MutexGuard<'_, Lists> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn request(&self, block: Block) {
        self.lists().requests.push_back(block);
        self.changed.notify_one();
    }

    fn cancel(&self, block: Block) {
        let mut lists = self.lists();
        match lists.requests.iter().position(|other| *other == block) {
            Some(at) => drop(lists.requests.remove(at)),
            None => lists.cancels.push(block),
        }
        drop(lists);
        self.changed.notify_one();
    }

    /// What is new.
    pub(super) fn take(&self) -> Lists {
        std::mem::take(&mut self.lists())
    }
}

impl WebLink {
    pub(super) fn request(&self, block: Block) {
        self.orders.request(block);
    }

    pub(super) fn cancel(&self, block: Block) {
        self.orders.cancel(block);
    }

    pub(super) fn ban(&self) {
        tracing::warn!("web seed {}: sent wrong bytes, banned", self.host);
        self.orders.lists().banned = true;
        self.kick.cancel();
    }
}

/// Begins to use the torrent's web seeds, once it is live.
pub(super) fn begin(download: &Arc<Download>, metainfo: &Arc<Metainfo>) {
    let allow = download.shared.config.allow_local_peers;
    let named = &download.reference.web_seeds;
    let waiting = Arc::new(Mutex::new(candidates(named, &metainfo.web_seeds, allow)));
    let count = lock(&waiting).len().min(SEEDS_MAX);
    if count > 0 {
        // Reading the certificates takes a while.
        let shared = Arc::clone(&download.shared);
        download
            .shared
            .runtime
            .spawn_blocking(move || drop(shared.web().clone()));
    }
    for _ in 0..count {
        let (waiting, metainfo) = (Arc::clone(&waiting), Arc::clone(metainfo));
        download.spawn(keep_one(Arc::clone(download), metainfo, waiting));
    }
}

/// The addresses to use, best known first. `named`: by the reference, which may spell out a local
/// address; `found`: in the metainfo, which comes from anywhere.
fn candidates(named: &[String], found: &[String], allow_local: bool) -> VecDeque<Url> {
    let mut hosts: HashMap<String, usize> = HashMap::new();
    let mut seen = HashSet::new();
    let named = named.iter().map(|url| (url, true));
    let found = found.iter().map(|url| (url, allow_local));
    let mut urls = VecDeque::new();
    for (text, allow) in named.chain(found) {
        let Ok(url) = text.parse::<Url>() else {
            tracing::debug!("web seed {text:?}: no address");
            continue;
        };
        let host = url.host_str().unwrap_or_default().to_owned();
        if !hosts::may_call(&url, allow) {
            tracing::debug!("web seed at {host:?}: may not be called");
            continue;
        }
        let of_host = hosts.entry(host).or_default();
        let wanted = *of_host < SEEDS_OF_HOST_MAX && urls.len() < WAITING_MAX;
        if wanted && seen.insert(url.clone()) {
            *of_host += 1;
            urls.push_back(url);
        }
    }
    urls
}

fn lock(waiting: &Mutex<VecDeque<Url>>) -> MutexGuard<'_, VecDeque<Url>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One place: a web seed as long as it is of use, then the next.
async fn keep_one(
    download: Arc<Download>,
    metainfo: Arc<Metainfo>,
    waiting: Arc<Mutex<VecDeque<Url>>>,
) {
    loop {
        let Some(base) = lock(&waiting).pop_front() else {
            return;
        };
        let host = base.host_str().unwrap_or_default().to_owned();
        let mut failures = 0;
        while failures < FAILURES_MAX {
            let (useful, end) = use_once(&download, &metainfo, &base, &host).await;
            failures = if useful { 1 } else { failures + 1 };
            match end {
                End::Closed => return,
                End::Useless(why) => {
                    tracing::warn!("web seed {host}: {why}; not asked again");
                    break;
                }
                End::Failed(why, after) => {
                    let wait = RETRY_FIRST * 2u32.pow((failures - 1).min(16));
                    let wait = RETRY_MAX.min(wait).max(after.unwrap_or_default());
                    tracing::debug!("web seed {host}: {why}; again in {wait:?}");
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }
}

/// Until it fails. Also whether it gave anything.
async fn use_once(
    download: &Arc<Download>,
    metainfo: &Arc<Metainfo>,
    base: &Url,
    host: &str,
) -> (bool, End) {
    let orders = Arc::new(Orders::default());
    let kick = download.stop.child_token();
    let link = WebLink {
        host: host.to_owned(),
        orders: Arc::clone(&orders),
        kick: kick.clone(),
        useful: false,
    };
    let Some(id) = download.web_joined(link) else {
        return (false, End::Closed);
    };
    let mut seed = WebSeed::new(download, metainfo, base, id, &orders);
    let end = tokio::select! {
        end = seed.run() => end,
        () = kick.cancelled() => {
            if orders.take().banned {
                End::Useless("it sent wrong bytes".into())
            } else {
                End::Closed
            }
        }
    };
    (download.web_left(id), end)
}

impl Download {
    fn web_joined(&self, link: WebLink) -> Option<PeerId> {
        let now = self.now();
        let mut state = self.lock();
        let id = Download::number_peer(&mut state);
        let Phase::Live(live) = &mut state.phase else {
            return None;
        };
        // It has said nothing that could be wrong.
        let _ = live.swarm.peer(now, id, News::WebSeed);
        state.web.insert(id, link);
        self.carry_out(&mut state);
        Some(id)
    }

    /// Whether it was of use.
    fn web_left(&self, id: PeerId) -> bool {
        let now = self.now();
        let mut state = self.lock();
        let link = state.web.remove(&id);
        if let Phase::Live(live) = &mut state.phase {
            let _ = live.swarm.peer(now, id, News::Gone);
        }
        self.carry_out(&mut state);
        link.is_some_and(|link| link.useful)
    }

    /// These were asked of a web seed and will not come.
    pub(super) fn web_rejected(&self, id: PeerId, blocks: impl Iterator<Item = Block>) {
        let now = self.now();
        let mut state = self.lock();
        if let Phase::Live(live) = &mut state.phase {
            for block in blocks {
                let _ = live.swarm.peer(now, id, News::Rejected(block));
            }
        }
        self.carry_out(&mut state);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_the_reference_may_name_a_local_host() {
        let named = ["http://127.0.0.1:1/".to_owned()];
        let found = [
            "http://10.0.0.1/",
            "http://1.2.3.4/a",
            "http://1.2.3.4/a",
            "http://1.2.3.4/b",
            "http://1.2.3.4/c",
            "no address",
            "ftp://1.2.3.5/",
            "https://example.org/",
        ]
        .map(str::to_owned);
        let urls = |allow| -> Vec<String> {
            let urls = candidates(&named, &found, allow);
            urls.iter().map(ToString::to_string).collect()
        };
        let far = [
            "http://127.0.0.1:1/",
            "http://1.2.3.4/a",
            "http://1.2.3.4/b",
            "https://example.org/",
        ];
        assert_eq!(urls(false), far);
        assert_eq!(urls(true)[1], "http://10.0.0.1/");
    }

    #[test]
    fn a_cancel_takes_back_what_was_not_taken_yet() {
        let orders = Orders::default();
        let block = |offset| Block {
            piece: 0,
            offset,
            len: 16_384,
        };
        orders.request(block(0));
        orders.request(block(16_384));
        orders.cancel(block(0));
        orders.cancel(block(32_768));
        let lists = orders.take();
        assert_eq!(lists.requests, [block(16_384)]);
        assert_eq!(lists.cancels, [block(32_768)]);
        assert!(orders.take().requests.is_empty());
    }
}
