//! The addresses of peers: which are known, whom to call next, whom never again.
//!
//! A value without sockets or a clock. It holds a bounded number of addresses and forgets the
//! worst first; it never gives out one that is connected, banned, or on this side of the router
//! unless someone named it.

use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reach::is_local;

use super::block_list::BlockList;

/// Ten times what is ever connected; a tracker answers with 50 to 200.
const ADDRESSES_MAX: usize = 2_000;
/// First wait after a failure, doubled each time. Short, because the demo's and a friend's
/// program may just be starting.
const RETRY_FIRST: Duration = Duration::from_millis(500);
/// Longest wait: trackers forget a peer in half an hour.
const RETRY_MAX: Duration = Duration::from_mins(5);
/// A peer nobody named that has failed so often in a row is dropped.
const FAILURES_MAX: u32 = 6;

#[derive(Debug, Default)]
pub(super) struct Book {
    known: HashMap<SocketAddr, Entry>,
    banned: HashSet<SocketAddr>,
    /// With all their ports: a banned peer could call from another.
    banned_hosts: HashSet<IpAddr>,
    /// Addresses on this side of the router are welcome too.
    allow_local: bool,
    /// Whom the user does not want to meet; a peer of our own network that was named is met all the
    /// same, for many lists hold all private addresses.
    blocked: Arc<BlockList>,
    /// Counts the entries, so that they are called in the order they came.
    order: u64,
}

#[derive(Debug)]
struct Entry {
    order: u64,
    state: State,
    failures: u32,
    /// The torrent itself names it: it is never forgotten.
    named: bool,
    /// It was heard in the local network: it may call us from there.
    near: bool,
    manner: Manner,
}

/// How an address had better be called, by what came of the last call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Manner {
    pub(super) encrypted: bool,
    /// Over uTP alone.
    pub(super) utp: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idle { not_before: Duration },
    Calling,
    Connected,
}

impl Book {
    pub(super) fn new(allow_local: bool, blocked: Arc<BlockList>) -> Book {
        Book {
            allow_local,
            blocked,
            ..Book::default()
        }
    }

    /// An address that the torrent (or the demo) names: welcome wherever it is.
    pub(super) fn named(&mut self, address: SocketAddr) {
        self.insert(address, true);
    }

    /// An address from the world. Says whether it is a new one.
    pub(super) fn found(&mut self, address: SocketAddr) -> bool {
        let address = plain(address);
        (self.allow_local || !is_local(address.ip())) && self.insert(address, false)
    }

    /// An address on this side of the router that was heard there. Says whether it is a new one.
    pub(super) fn near(&mut self, address: SocketAddr) -> bool {
        let new = self.insert(address, false);
        if let Some(entry) = self.known.get_mut(&plain(address)) {
            entry.near = true;
        }
        new
    }

    fn insert(&mut self, address: SocketAddr, named: bool) -> bool {
        let address = plain(address);
        let ip = address.ip();
        if address.port() == 0 || ip.is_unspecified() || ip.is_multicast() {
            return false;
        }
        if self.is_banned(address) {
            return false;
        }
        if let Some(entry) = self.known.get_mut(&address) {
            entry.named |= named;
            return false;
        }
        if self.known.len() >= ADDRESSES_MAX && !self.forget_worst() {
            return false;
        }
        self.order += 1;
        let entry = Entry {
            order: self.order,
            state: State::Idle {
                not_before: Duration::ZERO,
            },
            failures: 0,
            named,
            near: false,
            manner: Manner::default(),
        };
        self.known.insert(address, entry);
        true
    }

    fn forget_worst(&mut self) -> bool {
        let idle = self
            .known
            .iter()
            .filter(|(_, e)| !e.named && e.failures > 0 && matches!(e.state, State::Idle { .. }));
        let worst = idle
            .max_by_key(|(_, e)| (e.failures, e.order))
            .map(|(a, _)| *a);
        worst.is_some_and(|address| self.known.remove(&address).is_some())
    }

    /// The next to call, which counts as being called from now on.
    pub(super) fn call(&mut self, now: Duration) -> Option<SocketAddr> {
        let blocked = &self.blocked;
        let due = self.known.iter_mut().filter(|(address, e)| match e.state {
            State::Idle { not_before } if not_before <= now => {
                let ip = address.ip();
                (e.named && is_local(ip)) || !blocked.blocks(ip)
            }
            _ => false,
        });
        let (address, entry) = due.min_by_key(|(_, e)| (e.failures, e.order))?;
        entry.state = State::Calling;
        Some(*address)
    }

    /// Whether it is an address to call.
    pub(super) fn knows(&self, address: SocketAddr) -> bool {
        self.known.contains_key(&plain(address))
    }

    /// When [`Book::call`] will have somebody, though nothing new is found.
    pub(super) fn deadline(&self) -> Option<Duration> {
        let blocked = &self.blocked;
        let waits = self.known.iter().filter_map(|(address, e)| match e.state {
            State::Idle { not_before } => {
                let ip = address.ip();
                let met = (e.named && is_local(ip)) || !blocked.blocks(ip);
                met.then_some(not_before)
            }
            _ => None,
        });
        waits.min()
    }

    /// The call was answered.
    pub(super) fn connected(&mut self, address: SocketAddr) {
        if let Some(entry) = self.known.get_mut(&plain(address)) {
            entry.state = State::Connected;
        }
    }

    pub(super) fn manner(&self, address: SocketAddr) -> Manner {
        let entry = self.known.get(&plain(address));
        entry.map_or_else(Manner::default, |entry| entry.manner)
    }

    pub(super) fn set_manner(&mut self, address: SocketAddr, manner: Manner) {
        if let Some(entry) = self.known.get_mut(&plain(address)) {
            entry.manner = manner;
        }
    }

    /// The call failed, or the connection ended. `served`: it was of use, so it may be called
    /// again soon.
    pub(super) fn left(&mut self, address: SocketAddr, served: bool, now: Duration) {
        let address = plain(address);
        let Some(entry) = self.known.get_mut(&address) else {
            return;
        };
        entry.failures = if served { 1 } else { entry.failures + 1 };
        if entry.failures > FAILURES_MAX && !entry.named {
            self.known.remove(&address);
            return;
        }
        let doublings = (entry.failures - 1).min(16);
        let wait = RETRY_MAX.min(RETRY_FIRST * 2u32.pow(doublings));
        entry.state = State::Idle {
            not_before: now + wait,
        };
    }

    /// The call is over, whatever became of it: it failed, or what it led to was not wanted. One
    /// that [`Book::left`] has told of already is not told of twice.
    pub(super) fn ended(&mut self, address: SocketAddr, now: Duration) {
        let entry = self.known.get(&plain(address));
        if entry.is_some_and(|entry| !matches!(entry.state, State::Idle { .. })) {
            self.left(address, false, now);
        }
    }

    /// What failed may be tried at once: it was our own way to the network that failed.
    pub(super) fn forgive(&mut self) {
        for entry in self.known.values_mut() {
            entry.failures = 0;
            if let State::Idle { not_before } = &mut entry.state {
                *not_before = Duration::ZERO;
            }
        }
    }

    /// Never again.
    pub(super) fn ban(&mut self, address: SocketAddr) {
        let address = plain(address);
        self.known.remove(&address);
        if self.banned.len() + self.banned_hosts.len() >= ADDRESSES_MAX {
            return;
        }
        // At home many peers may be at one address: a router's, or this machine's.
        if is_local(address.ip()) {
            self.banned.insert(address);
        } else {
            self.banned_hosts.insert(address.ip());
            self.known.retain(|known, _| known.ip() != address.ip());
        }
    }

    /// This address and no other: it leads to ourselves.
    pub(super) fn avoid(&mut self, address: SocketAddr) {
        let address = plain(address);
        self.known.remove(&address);
        if self.banned.len() + self.banned_hosts.len() < ADDRESSES_MAX {
            self.banned.insert(address);
        }
    }

    fn is_banned(&self, address: SocketAddr) -> bool {
        self.banned.contains(&address) || self.banned_hosts.contains(&address.ip())
    }

    /// Whether a peer that calls us from there is welcome.
    pub(super) fn welcomes(&self, address: SocketAddr) -> bool {
        let address = plain(address);
        let ip = address.ip();
        let named =
            |(known, entry): (&SocketAddr, &Entry)| (entry.named || entry.near) && known.ip() == ip;
        if is_local(ip) && self.known.iter().any(named) {
            return !self.is_banned(address);
        }
        let near = is_local(ip) && !self.allow_local;
        !near && !self.is_banned(address) && !self.blocked.blocks(ip)
    }
}

/// `::ffff:1.2.3.4` is `1.2.3.4`: one peer, one entry.
fn plain(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::ranges::Ranges;
    use super::*;

    fn at(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn new(allow_local: bool) -> Book {
        Book::new(allow_local, Arc::default())
    }

    #[test]
    fn who_is_blocked_is_neither_called_nor_welcome() {
        let list = Arc::new(BlockList::new(true));
        let mut book = Book::new(true, Arc::clone(&list));
        book.found(at("1.2.3.4:5"));
        book.found(at("1.2.3.5:5"));
        book.named(at("1.2.3.6:5"));
        book.named(at("127.0.0.1:5"));
        assert_eq!(book.call(Duration::ZERO), Some(at("127.0.0.1:5")));
        assert_eq!((book.call(Duration::ZERO), book.deadline()), (None, None));
        let ranges = Ranges::read(&b"1.2.3.4\n1.2.3.6\n127.0.0.0/8\n"[..]);
        list.set(ranges.unwrap());
        assert_eq!(book.call(Duration::ZERO), Some(at("1.2.3.5:5")));
        assert_eq!((book.call(Duration::ZERO), book.deadline()), (None, None));
        assert!(!book.welcomes(at("1.2.3.4:1")) && !book.welcomes(at("1.2.3.6:1")));
        assert!(book.welcomes(at("1.2.3.7:1")) && book.welcomes(at("127.0.0.1:1")));
        assert!(!book.welcomes(at("127.0.0.2:1")));
    }

    #[test]
    fn strangers_cannot_send_us_to_our_neighbours() {
        let mut book = new(false);
        for local in [
            "127.0.0.1:1",
            "10.1.2.3:1",
            "192.168.1.1:80",
            "172.20.0.1:1",
            "100.64.0.1:1",
            "169.254.1.1:1",
            "[::1]:1",
            "[fe80::1]:1",
            "[fd00::1]:1",
            "[::ffff:127.0.0.1]:1",
            "0.0.0.0:1",
            "1.2.3.4:0",
            "224.0.0.1:1",
        ] {
            assert!(!book.found(at(local)), "{local}");
            assert!(
                !book.welcomes(at(local)) || !is_local(at(local).ip()),
                "{local}"
            );
        }
        assert_eq!(book.call(Duration::ZERO), None);
        assert!(book.near(at("10.1.2.3:5")));
        assert!(book.welcomes(at("10.1.2.3:40000")));
        assert_eq!(book.call(Duration::ZERO), Some(at("10.1.2.3:5")));
        book.named(at("127.0.0.1:7"));
        assert!(book.welcomes(at("127.0.0.1:40000")));
        assert!(book.found(at("100.128.0.1:7")));
        assert_eq!(book.call(Duration::ZERO), Some(at("127.0.0.1:7")));
        assert_eq!(book.call(Duration::ZERO), Some(at("100.128.0.1:7")));
        assert_eq!(book.call(Duration::ZERO), None);
    }

    #[test]
    fn failures_wait_longer_and_end() {
        let mut book = new(false);
        let peer = at("1.2.3.4:5");
        assert!(book.found(peer));
        assert!(!book.found(at("[::ffff:1.2.3.4]:5")));
        let mut now = Duration::ZERO;
        let mut waits = Vec::new();
        while let Some(address) = book.call(now) {
            book.left(address, false, now);
            if let Some(next) = book.deadline() {
                waits.push(next.saturating_sub(now));
                now = next;
            }
        }
        assert_eq!(waits.len(), FAILURES_MAX as usize);
        assert!(waits.windows(2).all(|pair| pair[1] > pair[0]), "{waits:?}");
    }

    #[test]
    fn a_named_peer_is_called_for_ever() {
        let mut book = new(false);
        let peer = at("127.0.0.1:5");
        book.named(peer);
        let mut now = Duration::ZERO;
        for _ in 0..50 {
            assert_eq!(book.call(now), Some(peer));
            book.left(peer, false, now);
            let next = book.deadline().unwrap();
            assert!(next <= now + RETRY_MAX);
            now = next;
        }
        book.ban(peer);
        book.named(peer);
        assert_eq!(book.call(now), None);
    }

    #[test]
    fn a_banned_host_is_banned_at_every_port() {
        let mut book = new(true);
        book.found(at("1.2.3.4:6"));
        book.found(at("127.0.0.1:6"));
        book.ban(at("1.2.3.4:5"));
        book.ban(at("127.0.0.1:5"));
        assert!(!book.found(at("1.2.3.4:7")));
        assert!(!book.welcomes(at("[::ffff:1.2.3.4]:8")));
        assert!(book.welcomes(at("127.0.0.1:6")));
        assert!(!book.welcomes(at("127.0.0.1:5")));
        assert_eq!(book.call(Duration::ZERO), Some(at("127.0.0.1:6")));
        assert_eq!(book.call(Duration::ZERO), None);
    }

    #[test]
    fn it_is_bounded() {
        let mut book = new(false);
        for i in 0..3 * ADDRESSES_MAX as u32 {
            book.found(SocketAddr::new(
                (0x0100_0000u32 + i).to_be_bytes().into(),
                1,
            ));
        }
        assert_eq!(book.known.len(), ADDRESSES_MAX);
        let bad = book.call(Duration::ZERO).unwrap();
        book.left(bad, false, Duration::ZERO);
        assert!(book.found(at("9.9.9.9:9")));
        assert!(!book.known.contains_key(&bad));
        assert_eq!(book.known.len(), ADDRESSES_MAX);
    }
}
