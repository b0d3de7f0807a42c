//! Peers are found: HTTP and UDP trackers, the DHT, other peers, and calls from outside.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use app::Session;
use fixtures::leecher::{Leecher, compare, config};
use fixtures::tracker::{HttpTracker, compact};
use fixtures::{Seeder, hex, info_hash, payload, torrent_of};
use tokio::net::{TcpListener, UdpSocket};

const MIB: usize = 1 << 20;

struct Film {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
}

impl Film {
    fn make(seed: u64) -> Film {
        let folder = tempfile::tempdir().unwrap();
        let bytes = payload(3 * MIB, seed);
        fs::write(folder.path().join("film.mp4"), &bytes).unwrap();
        Film { folder, bytes }
    }

    fn torrent(&self, trackers: &[String]) -> Vec<u8> {
        torrent_of(&self.folder.path().join("film.mp4"), 64 * 1024, trackers)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_http_tracker_of_a_magnet() {
    let film = Film::make(41);
    let metainfo = film.torrent(&[]);
    let seeder = Seeder::start(&metainfo, film.folder.path(), None).await;
    let tracker = HttpTracker::start(seeder.address).await;
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.allow_local_peers = true;
    let mut leecher = Leecher::start(settings);
    let link = format!(
        "magnet:?xt=urn:btih:{}&tr={}",
        hex(info_hash(&metainfo)),
        tracker.url
    );
    let torrent = leecher.torrents.add_magnet(&link).unwrap();
    leecher.torrents.open(Session(1), torrent, None);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
    tracker.asked_again.notified().await;
    leecher.torrents.close(Session(1));
    // The goodbye. An interval of 0 has not made us ask again and again.
    tracker.asked_again.notified().await;
    let asked = tracker.asked.lock().unwrap();
    assert_eq!(asked.len(), 2, "{asked:?}");
    let encoded = info_hash(&metainfo)
        .map(|byte| format!("%{byte:02x}"))
        .concat();
    assert!(
        asked[0].contains(&format!("info_hash={encoded}")),
        "{}",
        asked[0]
    );
    assert!(asked[0].contains(&format!("&port={}&", leecher.torrents.port())));
    assert!(asked[0].contains("&event=started"));
    assert!(asked[1].contains("&event=stopped"));
}

/// A UDP tracker (BEP 15) that names one peer.
async fn udp_tracker(peer: SocketAddr) -> String {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("udp://{}/announce", socket.local_addr().unwrap());
    tokio::spawn(async move {
        let mut packet = [0; 2048];
        while let Ok((_, from)) = socket.recv_from(&mut packet).await {
            let (action, transaction) = (packet[11], &packet[12..16]);
            let answer = if action == 0 {
                [&[0, 0, 0, 0], transaction, &[0, 0, 0, 0, 0, 0, 0, 9]].concat()
            } else {
                let numbers = [1800u32, 0, 1].map(u32::to_be_bytes).concat();
                [&[0, 0, 0, 1], transaction, &numbers, &compact(peer)].concat()
            };
            socket.send_to(&answer, from).await.unwrap();
        }
    });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn a_udp_tracker_of_a_torrent() {
    let film = Film::make(42);
    let seeder = Seeder::start(&film.torrent(&[]), film.folder.path(), None).await;
    let metainfo = film.torrent(&[udp_tracker(seeder.address).await]);
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.allow_local_peers = true;
    let mut leecher = Leecher::start(settings);
    leecher.open(1, &metainfo, &[]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn we_serve_what_we_hold_to_whoever_calls() {
    let film = Film::make(43);
    let metainfo = film.torrent(&[]);
    let data = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut settings = config(data[0].path().to_owned(), 1 << 30);
    settings.allow_local_peers = true;
    let mut first = Leecher::start(settings);
    let seeder = Seeder::start(&metainfo, film.folder.path(), None).await;
    first.open(1, &metainfo, &[seeder.address]);
    first.ready().await;
    compare(&first.film(1), &film.bytes, 0).await;
    seeder.stop().await;
    // By magnet, so the metadata too is of us.
    let mut second = Leecher::start(config(data[1].path().to_owned(), 1 << 30));
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, first.torrents.port()));
    let link = format!(
        "magnet:?xt=urn:btih:{}&x.pe={address}",
        hex(info_hash(&metainfo))
    );
    let torrent = second.torrents.add_magnet(&link).unwrap();
    second.torrents.open(Session(1), torrent, None);
    second.ready().await;
    compare(&second.film(1), &film.bytes, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn librqbit_downloads_from_us() {
    let film = Film::make(44);
    let metainfo = film.torrent(&[]);
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.allow_local_peers = true;
    let mut leecher = Leecher::start(settings);
    let seeder = Seeder::start(&metainfo, film.folder.path(), None).await;
    leecher.open(1, &metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
    seeder.stop().await;
    // Seeder::start returns once it has all of the film.
    let empty = tempfile::tempdir().unwrap();
    let us = [SocketAddr::from((
        Ipv4Addr::LOCALHOST,
        leecher.torrents.port(),
    ))];
    let other = Seeder::start_with(&metainfo, empty.path(), None, &us);
    let other = tokio::time::timeout(fixtures::leecher::PATIENCE, other).await;
    assert!(other.is_ok(), "it does not get what we hold");
    assert!(fs::read(empty.path().join("film.mp4")).unwrap() == film.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_cannot_be_had_is_told() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.listen = Some(taken.local_addr().unwrap());
    let runtime = tokio::runtime::Handle::current();
    let refused = torrent::Torrents::start(settings.clone(), runtime.clone(), Arc::new(|_, _| ()));
    let error = refused.unwrap_err().to_string();
    assert!(
        error.contains(&taken.local_addr().unwrap().to_string()),
        "{error}"
    );
    // Without one nobody can call, and films play all the same.
    settings.listen = None;
    let started = torrent::Torrents::start(settings, runtime, Arc::new(|_, _| ()));
    assert_eq!(started.unwrap().port(), 0);
}
