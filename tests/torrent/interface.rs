//! Bound to an interface: it goes by that or not at all. (That no packet leaves elsewhere is shown
//! in a network namespace.)

use std::fs;
use std::net::Ipv4Addr;

use app::TorrentFailure;
use fixtures::leecher::{Leecher, compare, config};
use fixtures::tracker::HttpTracker;
use fixtures::{Seeder, payload, torrent_of};
use tokio::net::{TcpListener, UdpSocket};

const GONE: &str = "matinee-none";

#[tokio::test(flavor = "multi_thread")]
async fn a_film_comes_by_the_interface() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(3_000_000, 111);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let seeder = Seeder::start(&torrent_of(&path, 65536, &[]), folder.path(), None).await;
    let tracker = HttpTracker::start(seeder.address).await;
    let url = tracker.url.replace("127.0.0.1", "localhost");
    let metainfo = torrent_of(&path, 65536, &[url]);
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.bind_interface = Some("lo".into());
    settings.allow_local_peers = true;
    let mut leecher = Leecher::start(settings.clone());
    leecher.open(1, &metainfo, &[]);
    leecher.ready().await;
    compare(&leecher.film(1), &bytes, 0).await;
    assert_ne!(leecher.torrents.port(), 0);
    drop(leecher);
    // What is held is played without it.
    settings.bind_interface = Some(GONE.into());
    let mut leecher = Leecher::start(settings);
    leecher.open(2, &metainfo, &[]);
    leecher.ready().await;
    compare(&leecher.film(2), &bytes, 0).await;
    assert_eq!(leecher.torrents.port(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_interface_nothing_is_sent_and_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    fs::write(&path, payload(300_000, 112)).unwrap();
    let peer = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let peer_udp = UdpSocket::bind(peer.local_addr().unwrap()).await.unwrap();
    let at = peer.local_addr().unwrap();
    let tracker = HttpTracker::start(at).await;
    let trackers = [tracker.url.clone(), format!("udp://{at}/announce")];
    let metainfo = torrent_of(&path, 65536, &trackers);
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.bind_interface = Some(GONE.into());
    settings.allow_local_peers = true;
    settings.dht = true;
    settings.dht_entries = Some(vec![at.to_string()]);
    let mut leecher = Leecher::start(settings);
    leecher.open(1, &metainfo, &[at]);
    leecher.ready().await;
    let film = leecher.film(1);
    let reading = tokio::spawn(async move { film.read_at(0, 1000).await });
    assert_eq!(
        leecher.failure().await,
        TorrentFailure::NoInterface(GONE.into())
    );
    assert!(reading.await.unwrap().is_err());
    assert!(tracker.asked.lock().unwrap().is_empty());
    assert!(peer_udp.try_recv(&mut [0; 2000]).is_err());
    let called = tokio::time::timeout(std::time::Duration::ZERO, peer.accept()).await;
    assert!(called.is_err(), "called without the interface");
}
