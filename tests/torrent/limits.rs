//! Limits hold and change while a film plays; a block list is followed both ways; IPv6; and
//! BitTorrent can be off.

use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use fixtures::leecher::{Leecher, compare, config};
use fixtures::tracker::HttpTracker;
use fixtures::{Seeder, payload, torrent_of};
use media::Source;
use tokio::net::TcpListener;
use tokio::time::timeout;
use torrent::Rates;

struct Film {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
    metainfo: Vec<u8>,
}

fn film(seed: u64) -> Film {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(3_000_000, seed);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, 65536, &[]);
    Film {
        folder,
        bytes,
        metainfo,
    }
}

/// That nothing comes can only be seen by waiting; a whole film takes a tenth of it here.
async fn nothing_comes(source: &Arc<dyn Source>) {
    let read = timeout(Duration::from_secs(1), source.read_at(1_000_000, 1_000_000)).await;
    assert!(read.is_err(), "it came past the limit");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_limit_holds_until_it_is_lifted() {
    let film = film(121);
    let seeder = Seeder::start(&film.metainfo, film.folder.path(), None).await;
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.rates.download = Some(50_000);
    let mut leecher = Leecher::start(settings);
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    let source = leecher.film(1);
    nothing_comes(&source).await;
    leecher.torrents.set_rates(Rates::default());
    compare(&source, &film.bytes, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_limit_holds_until_it_is_lifted() {
    let film = film(122);
    let seeder = Seeder::start(&film.metainfo, film.folder.path(), None).await;
    let data = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut settings = config(data[0].path().to_owned(), 1 << 30);
    settings.allow_local_peers = true;
    settings.rates.upload = Some(50_000);
    let mut first = Leecher::start(settings);
    first.open(1, &film.metainfo, &[seeder.address]);
    first.ready().await;
    compare(&first.film(1), &film.bytes, 0).await;
    seeder.stop().await;
    let mut second = Leecher::start(config(data[1].path().to_owned(), 1 << 30));
    let us = SocketAddr::from((Ipv4Addr::LOCALHOST, first.torrents.port()));
    second.open(1, &film.metainfo, &[us]);
    second.ready().await;
    let source = second.film(1);
    nothing_comes(&source).await;
    first.torrents.set_rates(Rates::default());
    compare(&source, &film.bytes, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_on_the_block_list_is_not_called_until_it_changes() {
    let film = film(123);
    let seeder = Seeder::start(&film.metainfo, film.folder.path(), None).await;
    let tracker = HttpTracker::start(seeder.address).await;
    let path = film.folder.path().join("film.mp4");
    let metainfo = torrent_of(&path, 65536, std::slice::from_ref(&tracker.url));
    let data = tempfile::tempdir().unwrap();
    let list = film.folder.path().join("list.p2p");
    fs::write(&list, "not a line\nNobody:127.0.0.0-127.255.255.255\n").unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.allow_local_peers = true;
    settings.block_list = Some(list.clone());
    let mut leecher = Leecher::start(settings);
    leecher.open(1, &metainfo, &[]);
    leecher.ready().await;
    tracker.asked_again.notified().await;
    let source = leecher.film(1);
    nothing_comes(&source).await;
    fs::write(&list, "Somebody else:9.0.0.0-9.255.255.255\n").unwrap();
    compare(&source, &film.bytes, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn peers_of_both_families_call_one_port() {
    let film = film(124);
    let seeder = Seeder::start(&film.metainfo, film.folder.path(), None).await;
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.allow_local_peers = true;
    settings.listen = Some((Ipv6Addr::UNSPECIFIED, 0).into());
    let mut first = Leecher::start(settings);
    first.open(1, &film.metainfo, &[seeder.address]);
    first.ready().await;
    compare(&first.film(1), &film.bytes, 0).await;
    seeder.stop().await;
    for ip in [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()] {
        let data = tempfile::tempdir().unwrap();
        let mut second = Leecher::start(config(data.path().to_owned(), 1 << 30));
        let us = SocketAddr::new(ip, first.torrents.port());
        second.open(1, &film.metainfo, &[us]);
        second.ready().await;
        compare(&second.film(1), &film.bytes, 0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bittorrent_can_be_off() {
    let film = film(125);
    let peer = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.bittorrent = false;
    let leecher = Leecher::start(settings);
    leecher.open(1, &film.metainfo, &[peer.local_addr().unwrap()]);
    let called = timeout(Duration::from_millis(500), peer.accept()).await;
    assert!(called.is_err(), "called though it is off");
    assert_eq!(leecher.torrents.port(), 0);
}
