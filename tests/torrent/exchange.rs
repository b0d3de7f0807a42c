//! Peers are told of peers (BEP 11), and private torrents keep to their trackers (BEP 27).

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};

use app::Session;
use fixtures::leecher::{Leecher, PATIENCE, compare, config, read};
use fixtures::programs::{ASKED_EVERY, Kind, Manners, Program};
use fixtures::relay::Relay;
use fixtures::scripted::{hear, say};
use fixtures::tracker::{HttpTracker, compact};
use fixtures::{Seeder, info_hash, payload, torrent_of};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::time::timeout;
use torrent::Encryption;

const MIB: usize = 1 << 20;
const PEX: u8 = 3;

struct Film {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
}

fn film(seed: u64) -> Film {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(2 * MIB, seed);
    fs::write(folder.path().join("film.mp4"), &bytes).unwrap();
    Film { folder, bytes }
}

impl Film {
    fn torrent(&self, trackers: &[String]) -> Vec<u8> {
        torrent_of(&self.folder.path().join("film.mp4"), 64 * 1024, trackers)
    }

    fn private(&self, trackers: &[String]) -> Vec<u8> {
        let open = self.torrent(trackers);
        let end = open.len() - 2;
        [&open[..end], b"7:privatei1eee"].concat()
    }
}

/// A peer that calls us and knows only the exchange of peers.
async fn caller(metainfo: &[u8], port: u16) -> TcpStream {
    let us = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect(us).await.unwrap();
    let mut hello = b"\x13BitTorrent protocol\0\0\0\0\0\x10\0\0".to_vec();
    hello.extend(info_hash(metainfo));
    hello.extend(b"-XX0000-callingcalli");
    stream.write_all(&hello).await.unwrap();
    stream.read_exact(&mut [0; 68]).await.unwrap();
    let handshake = format!("\0d1:md6:ut_pexi{PEX}eee");
    say(&mut stream, 20, handshake.as_bytes()).await.unwrap();
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn who_knows_the_extension_is_told_of_others() {
    let film = film(601);
    let metainfo = film.torrent(&[]);
    let seeder = Seeder::start(&metainfo, film.folder.path(), None).await;
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.allow_local_peers = true;
    let mut leecher = Leecher::start(settings);
    leecher.open(1, &metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
    let mut stream = caller(&metainfo, leecher.torrents.port()).await;
    let told = timeout(PATIENCE, async {
        loop {
            let (id, body) = hear(&mut stream).await.unwrap();
            if id == 20 && body[0] == PEX {
                break body;
            }
        }
    });
    let told = told.await.unwrap();
    let peer = compact(seeder.address);
    let expected = [b"5:added6:", &peer[..], b"7:added.f1:\x10"].concat();
    let found = told.windows(expected.len()).any(|part| part == expected);
    assert!(found, "{}", String::from_utf8_lossy(&told));
}

/// Until somebody besides the one who knew the address has called it.
async fn called_by_another(relay: &Relay) {
    let called = async {
        while relay.connections().0 < 2 {
            tokio::time::sleep(ASKED_EVERY).await;
        }
    };
    timeout(PATIENCE, called).await.expect("nobody calls it");
}

/// So slow that nobody has all of it within our patience, hangs up, and is called again.
const SLOW: Option<u32> = Some(25_000);

#[tokio::test(flavor = "multi_thread")]
async fn libtorrent_finds_a_peer_through_us() {
    let film = film(603);
    let metainfo = film.torrent(&[]);
    let seeder = Seeder::start(&metainfo, film.folder.path(), SLOW).await;
    let relay = Relay::start(seeder.address).await;
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.allow_local_peers = true;
    settings.encryption = Encryption::Off;
    let mut leecher = Leecher::start(settings);
    leecher.open(1, &metainfo, &[relay.address]);
    leecher.ready().await;
    read(&leecher.film(1), 0, 1000).await;
    // Once: it was not tried with encryption first.
    assert_eq!(relay.connections(), (1, 0));
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(
        Kind::Libtorrent,
        &metainfo,
        folder.path(),
        Manners::default(),
    )
    .await;
    program.call((Ipv4Addr::LOCALHOST, leecher.torrents.port()).into());
    called_by_another(&relay).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn we_find_a_peer_through_libtorrent() {
    let film = film(604);
    let metainfo = film.torrent(&[]);
    let seeder = Seeder::start(&metainfo, film.folder.path(), SLOW).await;
    let relay = Relay::start(seeder.address).await;
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(
        Kind::Libtorrent,
        &metainfo,
        folder.path(),
        Manners::default(),
    )
    .await;
    program.call(relay.address);
    program.gets(1).await;
    assert_eq!(relay.connections(), (1, 0));
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.allow_local_peers = true;
    let mut leecher = Leecher::start(settings);
    leecher.open(1, &metainfo, &[program.address]);
    leecher.ready().await;
    called_by_another(&relay).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_torrent_asks_its_trackers_and_nobody_else() {
    let film = film(602);
    let plain = film.torrent(&[]);
    let seeder = Seeder::start(&plain, film.folder.path(), None).await;
    let dht = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let stranger = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    for private in [true, false] {
        let its_own = HttpTracker::start(seeder.address).await;
        let ours = HttpTracker::start(seeder.address).await;
        let trackers = std::slice::from_ref(&its_own.url);
        let metainfo = if private {
            film.private(trackers)
        } else {
            film.torrent(trackers)
        };
        let data = tempfile::tempdir().unwrap();
        let mut settings = config(data.path().to_owned(), 1 << 30);
        settings.allow_local_peers = true;
        settings.trackers = vec![ours.url.clone()];
        settings.dht = true;
        settings.dht_entries = Some(vec![dht.local_addr().unwrap().to_string()]);
        let mut leecher = Leecher::start(settings);
        leecher.open(1, &metainfo, &[]);
        leecher.ready().await;
        its_own.asked_again.notified().await;
        let mut stream = caller(&metainfo, leecher.torrents.port()).await;
        let peer = compact(stranger.local_addr().unwrap());
        let named = [b"\x01d5:added6:", &peer[..], b"e"].concat();
        // Under the number that we gave it, if we did.
        let mut offered = false;
        loop {
            let (id, body) = hear(&mut stream).await.unwrap();
            if id == 20 && body[0] == 0 {
                let text = String::from_utf8_lossy(&body).into_owned();
                offered |= text.contains("6:ut_pexi1e");
                break;
            }
        }
        assert_eq!(offered, !private);
        say(&mut stream, 20, &named).await.unwrap();
        let mut packet = [0; 2048];
        if private {
            // It has read what was said before it hangs up or goes on: nobody was called for it.
            leecher.torrents.close(Session(1));
            its_own.asked_again.notified().await;
            assert_eq!(ours.asked.lock().unwrap().len(), 0);
            assert!(dht.try_recv_from(&mut packet).is_err());
            let called = futures_now(stranger.accept()).await;
            assert!(!called);
        } else {
            timeout(PATIENCE, ours.asked_again.notified())
                .await
                .unwrap();
            timeout(PATIENCE, dht.recv_from(&mut packet))
                .await
                .unwrap()
                .unwrap();
            timeout(PATIENCE, stranger.accept()).await.unwrap().unwrap();
        }
    }
}

/// Whether it is done already.
async fn futures_now<T>(future: impl Future<Output = T>) -> bool {
    tokio::select! {
        biased;
        _ = future => true,
        () = std::future::ready(()) => false,
    }
}
