//! Peers are told of other peers (BEP 11): once a minute what has changed, to whoever knows the
//! extension.
//!
//! Never in a private torrent (BEP 27), and nobody is told of an address on our side of the router
//! unless it is there itself. Only peers we are connected to are told of, and only where they can
//! be called.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reach::is_local;
use swarm::PeerId;

use super::download::{Download, Phase, State};
use super::peer::Link;
use super::say;

/// BEP 11: no more than one message a minute.
const INTERVAL: Duration = Duration::from_mins(1);
/// How often it is looked at whose minute is over.
const LOOK: Duration = Duration::from_secs(1);
/// BEP 11: no more than 50 of each kind; of both families together here.
const MOST: usize = 50;

/// What a peer was told.
#[derive(Debug, Default)]
pub(super) struct Told {
    peers: BTreeSet<SocketAddr>,
    at: Option<Duration>,
}

impl Told {
    /// What to tell of those there are `now`: new ones, and those that have gone. None when there
    /// is nothing to tell, or its minute is not over.
    fn news(&mut self, time: Duration, now: &BTreeSet<SocketAddr>) -> Option<News> {
        if self.at.is_some_and(|at| time < at + INTERVAL) {
            return None;
        }
        let added: Vec<SocketAddr> = now.difference(&self.peers).copied().take(MOST).collect();
        let dropped: Vec<SocketAddr> = self.peers.difference(now).copied().take(MOST).collect();
        if added.is_empty() && dropped.is_empty() {
            return None;
        }
        for peer in &dropped {
            self.peers.remove(peer);
        }
        self.peers.extend(&added);
        self.at = Some(time);
        Some(News { added, dropped })
    }
}

#[derive(Debug, PartialEq, Eq)]
struct News {
    added: Vec<SocketAddr>,
    dropped: Vec<SocketAddr>,
}

/// Until the torrent is closed.
pub(super) async fn tell(download: Arc<Download>) {
    loop {
        tokio::time::sleep(LOOK).await;
        let now = download.now();
        let mut state = download.lock();
        if let Phase::Over(_) = state.phase {
            return;
        }
        let private = download.film.get().is_none_or(|film| film.metainfo.private);
        if !private {
            round(&mut state, now);
        }
    }
}

fn round(state: &mut State, now: Duration) {
    let known: Vec<(PeerId, SocketAddr)> = state
        .peers
        .iter()
        .filter_map(|(id, link)| Some((*id, callable(link, state.book.knows(link.address))?)))
        .collect();
    for (id, link) in &mut state.peers {
        let Some(wanted) = link.extensions.exchange else {
            continue;
        };
        let near = is_local(link.address.ip().to_canonical());
        let others = known.iter().filter(|(other, address)| {
            other != id && (near || !is_local(address.ip().to_canonical()))
        });
        let others: BTreeSet<SocketAddr> = others.map(|(_, address)| *address).collect();
        if let Some(news) = link.told.news(now, &others) {
            link.say(say::extended(wanted, &news.message()));
        }
    }
}

/// Where it can be called: where we called it, or where it says that it listens.
fn callable(link: &Link, called: bool) -> Option<SocketAddr> {
    let ip = link.address.ip().to_canonical();
    let port = if called {
        Some(link.address.port())
    } else {
        link.extensions.port.filter(|port| *port > 0)
    };
    Some(SocketAddr::new(ip, port?))
}

impl News {
    /// As a dictionary. The flags say that it can be called (0x10), which is known of all.
    fn message(&self) -> Vec<u8> {
        let mut message = b"d".to_vec();
        for (key, peers, v6, flags) in [
            ("added", &self.added, false, false),
            ("added.f", &self.added, false, true),
            ("added6", &self.added, true, false),
            ("added6.f", &self.added, true, true),
            ("dropped", &self.dropped, false, false),
            ("dropped6", &self.dropped, true, false),
        ] {
            let peers = peers.iter().filter(|peer| peer.is_ipv6() == v6);
            let value: Vec<u8> = if flags {
                peers.map(|_| 0x10).collect()
            } else {
                peers.flat_map(|peer| compact(*peer)).collect()
            };
            message.extend_from_slice(format!("{}:{key}{}:", key.len(), value.len()).as_bytes());
            message.extend_from_slice(&value);
        }
        message.push(b'e');
        message
    }
}

fn compact(peer: SocketAddr) -> Vec<u8> {
    let mut bytes = match peer.ip() {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
    };
    bytes.extend_from_slice(&peer.port().to_be_bytes());
    bytes
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn peers(texts: &[&str]) -> BTreeSet<SocketAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn what_changed_is_told_once_a_minute() {
        let mut told = Told::default();
        let one = peers(&["1.2.3.4:5"]);
        let news = told.news(Duration::ZERO, &one).unwrap();
        assert_eq!((news.added.len(), news.dropped.len()), (1, 0));
        let two = peers(&["1.2.3.4:6", "[2606::1]:7"]);
        assert_eq!(told.news(INTERVAL / 2, &two), None);
        let news = told.news(INTERVAL, &two).unwrap();
        assert_eq!((news.added.len(), news.dropped.len()), (2, 1));
        assert_eq!(told.news(INTERVAL * 3, &two), None, "nothing has changed");
        let many = (1..200).map(|port| SocketAddr::from(([9, 9, 9, 9], port)));
        let many: BTreeSet<SocketAddr> = many.collect();
        let news = told.news(INTERVAL * 4, &many).unwrap();
        assert_eq!((news.added.len(), news.dropped.len()), (MOST, 2));
        let news = told.news(INTERVAL * 5, &many).unwrap();
        assert_eq!(news.added.len(), MOST, "the rest comes later");
    }

    #[test]
    fn the_message_is_what_we_read_ourselves() {
        let news = News {
            added: vec![
                "1.2.3.4:258".parse().unwrap(),
                "[2606::1]:7".parse().unwrap(),
            ],
            dropped: vec!["5.6.7.8:9".parse().unwrap()],
        };
        let message = say::extended(super::super::wire::UT_PEX, &news.message());
        let (incoming, length) = super::super::wire::parse(&message).unwrap().unwrap();
        assert_eq!(length, message.len());
        let super::super::wire::Incoming::Exchange(found) = incoming else {
            panic!("{incoming:?}");
        };
        assert_eq!(found, news.added);
    }
}
