//! Programs that people use, as seeders and as leechers of ours: libtorrent, WebTorrent,
//! Transmission and aria2 (librqbit is in `finding` and `stream`).
//!
//! Every connection goes over a relay, which counts connections and messages: none may end while
//! a film is passed on, whatever we have evicted meanwhile.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Instant;

use app::Session;
use fixtures::film::Film;
use fixtures::leecher::{Leecher, PATIENCE, compare, config, read};
use fixtures::programs::{self, ASKED_EVERY, Kind, Manners, Program};
use fixtures::relay::{PIECE, REJECT, REQUEST, Relay, UdpRelay};
use fixtures::tracker::HttpTracker;
use torrent::{Config, Encryption};

const MIB: usize = 1 << 20;
const PIECE_BYTES: u32 = 64 * 1024;

fn film(bytes: usize, seed: u64) -> Film {
    Film::new("film.mkv", bytes, seed, PIECE_BYTES)
}

const PLAIN: Manners = Manners {
    encryption: programs::Encryption::Allowed,
    utp: false,
    upload: 0,
    near: None,
};
const ENCRYPTED: Manners = Manners {
    encryption: programs::Encryption::Forced,
    ..PLAIN
};

/// Off where messages are to be counted.
fn ours(manners: Manners) -> Encryption {
    match manners.encryption {
        programs::Encryption::Allowed => Encryption::Off,
        programs::Encryption::Forced => Encryption::Prefer,
    }
}

fn with(data: &Path, bound: u64, encryption: Encryption) -> Leecher {
    Leecher::start(Config {
        allow_local_peers: true,
        encryption,
        ..config(data.to_owned(), bound)
    })
}

fn our_address(leecher: &Leecher) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, leecher.torrents.port()).into()
}

/// A program that has nothing, and the wire between it and us.
struct Taker {
    program: Program,
    relay: Relay,
    folder: tempfile::TempDir,
    /// It called us, so what we say is what comes back.
    called_us: bool,
    _tracker: Option<HttpTracker>,
}

impl Taker {
    /// Starts it beside `seeders` of ours; when this returns it and we are on our way to one
    /// another, in session 2.
    async fn join(
        kind: Kind,
        film: &Film,
        leecher: &Leecher,
        seeders: &[SocketAddr],
        manners: Manners,
    ) -> Taker {
        let folder = tempfile::tempdir().unwrap();
        let mut peers = seeders.to_vec();
        let mut taker = match kind {
            Kind::Libtorrent | Kind::WebTorrent => Taker {
                program: Program::start(kind, &film.metainfo, folder.path(), manners).await,
                relay: Relay::start(our_address(leecher)).await,
                folder,
                called_us: true,
                _tracker: None,
            },
            Kind::Aria2 => {
                let relay = Relay::start(our_address(leecher)).await;
                let tracker = HttpTracker::start(relay.address).await;
                let metainfo = film.tracked(std::slice::from_ref(&tracker.url));
                Taker {
                    program: Program::start(kind, &metainfo, folder.path(), manners).await,
                    relay,
                    folder,
                    called_us: true,
                    _tracker: Some(tracker),
                }
            }
            Kind::Transmission => {
                let program = Program::start(kind, &film.metainfo, folder.path(), manners).await;
                let relay = Relay::start(program.address).await;
                peers.push(relay.address);
                Taker {
                    program,
                    relay,
                    folder,
                    called_us: false,
                    _tracker: None,
                }
            }
        };
        leecher.torrents.close(Session(1));
        let mut torrent = leecher.torrents.add_metainfo(&film.metainfo).unwrap();
        torrent.peers = peers;
        leecher.torrents.open(Session(2), torrent, None);
        if taker.program.takes_calls() {
            taker.program.call(taker.relay.address);
        }
        taker
    }

    /// How often we said this.
    fn we_said(&self, id: fixtures::relay::Id) -> u32 {
        let (back, forth) = (self.relay.back(), self.relay.forth());
        let said = if self.called_us { back } else { forth };
        said.get(&id).copied().unwrap_or_default()
    }

    fn it_said(&self, id: fixtures::relay::Id) -> u32 {
        let (back, forth) = (self.relay.back(), self.relay.forth());
        let said = if self.called_us { forth } else { back };
        said.get(&id).copied().unwrap_or_default()
    }

    fn told(&self) -> String {
        format!(
            "{:?}: {} requests, {} blocks, {} rejects; connections {:?}",
            self.program.kind,
            self.it_said(REQUEST),
            self.we_said(PIECE),
            self.we_said(REJECT),
            self.relay.connections()
        )
    }
}

/// We get a film from it, with a seek.
async fn takes_from(kind: Kind, seed: u64, manners: Manners) {
    let film = film(12 * MIB + 999, seed);
    let seeder = Program::start(kind, &film.metainfo, film.folder.path(), manners).await;
    let relay = Relay::start(seeder.address).await;
    let data = tempfile::tempdir().unwrap();
    let mut leecher = with(data.path(), 1 << 30, ours(manners));
    let began = Instant::now();
    leecher.open(1, &film.metainfo, &[relay.address]);
    leecher.ready().await;
    let source = leecher.film(1);
    read(&source, 0, 64 * 1024).await;
    let first = began.elapsed();
    let seek = Instant::now();
    let there = read(&source, 9 * MIB as u64, 64 * 1024).await;
    let sought = seek.elapsed();
    assert!(there == film.bytes[9 * MIB..][..64 * 1024]);
    // Later it may end: two who have all of it have nothing to say to one another.
    assert_eq!(relay.connections(), (1, 0));
    compare(&source, &film.bytes, 0).await;
    println!(
        "{kind:?}: first {first:?}, seek {sought:?}, all {:?}",
        began.elapsed()
    );
}

/// It gets a film from us alone.
async fn gives_to(kind: Kind, seed: u64, manners: Manners) {
    let film = film(12 * MIB + 999, seed);
    let data = tempfile::tempdir().unwrap();
    let mut leecher = with(data.path(), 1 << 30, ours(manners));
    let seeder = film.seed(None).await;
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
    seeder.stop().await;
    let began = Instant::now();
    let mut taker = Taker::join(kind, &film, &leecher, &[], manners).await;
    taker.program.gets(film.bytes.len() as u64).await;
    println!("{}, all after {:?}", taker.told(), began.elapsed());
    assert_eq!(taker.relay.connections().0, 1, "{}", taker.told());
    // Who asks before it knows that it is choked is refused.
    assert!(taker.we_said(REJECT) < 250, "{}", taker.told());
    let got = fs::read(taker.folder.path().join("film.mkv")).unwrap();
    assert!(got == film.bytes, "{kind:?} has other bytes");
}

/// It gets a film of which we hold half and which we play over and over: what it asks of what we
/// have evicted costs no connection, and what comes later is served.
async fn keeps_from(kind: Kind, seed: u64) {
    let film = film(12 * MIB, seed);
    let bound = 6 * MIB as u64;
    let data = tempfile::tempdir().unwrap();
    let mut leecher = with(data.path(), bound, ours(PLAIN));
    // Slow enough for the other to follow a while.
    let seeder = film.seed(Some(12_000_000)).await;
    let mut taker = Taker::join(kind, &film, &leecher, &[seeder.address], PLAIN).await;
    leecher.ready().await;
    while taker.relay.connections().0 == 0 {
        tokio::time::sleep(ASKED_EVERY).await;
    }
    let source = leecher.film(2);
    let began = Instant::now();
    let (mut passes, mut has) = (0, taker.program.has().await);
    // More than was ever there at once.
    while has.bytes <= bound {
        compare(&source, &film.bytes, 0).await;
        passes += 1;
        has = taker.program.has().await;
        assert!(leecher.on_disk().await <= bound);
        assert_eq!(taker.relay.connections(), (1, 0), "{}", taker.told());
        assert!(began.elapsed() < PATIENCE, "{has:?}, {}", taker.told());
    }
    println!(
        "{}, {} bytes after {passes} passes",
        taker.told(),
        has.bytes
    );
    // It may just be calling us besides, on the way back; what counts is that the first held.
    assert!(has.peers >= 1, "{has:?}");
    assert_eq!(taker.relay.connections(), (1, 0), "{}", taker.told());
    // Some ask again at once for what was refused: they are refused patiently.
    let seconds = began.elapsed().as_secs() as u32 + 1;
    assert!(
        taker.we_said(REJECT) <= 500 + 110 * seconds,
        "{}",
        taker.told()
    );
}

/// The same over a way that only datagrams can go.
async fn takes_over_utp(kind: Kind, seed: u64) {
    let film = film(3 * MIB, seed);
    let manners = Manners { utp: true, ..PLAIN };
    let seeder = Program::start(kind, &film.metainfo, film.folder.path(), manners).await;
    let relay = UdpRelay::start(seeder.address).await;
    let data = tempfile::tempdir().unwrap();
    let mut leecher = with(data.path(), 1 << 30, Encryption::Off);
    leecher.open(1, &film.metainfo, &[relay.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
}

macro_rules! programs {
    ($($name:ident: $kind:ident, $seed:literal;)*) => {$(
        mod $name {
            use super::*;

            #[tokio::test(flavor = "multi_thread")]
            async fn is_taken_from() {
                takes_from(Kind::$kind, $seed, PLAIN).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn is_given_to() {
                gives_to(Kind::$kind, $seed + 1, PLAIN).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn keeps_what_we_forget() {
                keeps_from(Kind::$kind, $seed + 2).await;
            }
        }
    )*};
}

programs! {
    libtorrent: Libtorrent, 71;
    webtorrent: WebTorrent, 81;
    aria2: Aria2, 101;
}

/// At once: it looks at its peers every ten seconds, and we would only wait once each.
#[tokio::test(flavor = "multi_thread")]
async fn transmission_both_ways_and_encrypted_and_over_utp() {
    let kind = Kind::Transmission;
    tokio::join!(
        takes_from(kind, 91, PLAIN),
        gives_to(kind, 92, PLAIN),
        keeps_from(kind, 93),
        takes_from(kind, 94, ENCRYPTED),
        gives_to(kind, 95, ENCRYPTED),
        takes_over_utp(kind, 96),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn aria2_insists_on_encryption() {
    tokio::join!(
        takes_from(Kind::Aria2, 104, ENCRYPTED),
        gives_to(Kind::Aria2, 105, ENCRYPTED),
    );
}
