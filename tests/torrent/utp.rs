//! uTP (BEP 29) with peers that have nothing else: libtorrent and librqbit, both ways.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};

use fixtures::leecher::{Leecher, PATIENCE, compare, config};
use fixtures::libtorrent::LibtorrentSeeder;
use fixtures::{Seeder, payload, torrent_of};
use tokio::task::spawn_blocking;
use torrent::Encryption;

const UTP_ONLY: &str = r#"{"enable_outgoing_tcp": false, "enable_incoming_tcp": false,
    "enable_outgoing_utp": true, "enable_incoming_utp": true}"#;
const UTP_ONLY_ENCRYPTED: &str = r#"{"enable_outgoing_tcp": false, "enable_incoming_tcp": false,
    "enable_outgoing_utp": true, "enable_incoming_utp": true,
    "in_enc_policy": 0, "out_enc_policy": 0, "allowed_enc_level": 2}"#;

struct Film {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
    metainfo: Vec<u8>,
}

fn film(seed: u64) -> Film {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(5_000_000, seed);
    let path = folder.path().join("film.mkv");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, 128 * 1024, &[]);
    Film {
        folder,
        bytes,
        metainfo,
    }
}

async fn play(seed: u64, settings: &str, encryption: Encryption) {
    let film = film(seed);
    let seeder =
        LibtorrentSeeder::start_with(&film.metainfo, film.folder.path(), 0, settings, None);
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.encryption = encryption;
    let mut leecher = Leecher::start(settings);
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_from_libtorrent_over_utp() {
    play(91, UTP_ONLY, Encryption::Prefer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_from_libtorrent_over_encrypted_utp() {
    play(92, UTP_ONLY_ENCRYPTED, Encryption::Require).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_from_librqbit_over_utp() {
    let film = film(94);
    let seeder = Seeder::start_over_utp(&film.metainfo, film.folder.path(), &[]).await;
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
}

/// One of ours that has the whole film, and nobody else to get it from.
async fn holder(film: &Film) -> (tempfile::TempDir, Leecher, SocketAddr) {
    let seeder = Seeder::start(&film.metainfo, film.folder.path(), None).await;
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.allow_local_peers = true;
    let mut leecher = Leecher::start(settings);
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
    seeder.stop().await;
    let us = SocketAddr::from((Ipv4Addr::LOCALHOST, leecher.torrents.port()));
    (data, leecher, us)
}

#[tokio::test(flavor = "multi_thread")]
async fn librqbit_calls_us_over_utp() {
    let film = film(95);
    let (_data, _leecher, us) = holder(&film).await;
    let folder = tempfile::tempdir().unwrap();
    let us = [us];
    let downloading = Seeder::start_over_utp(&film.metainfo, folder.path(), &us);
    let downloading = tokio::time::timeout(PATIENCE, downloading).await;
    downloading.expect("it gets nothing").stop().await;
    assert!(fs::read(folder.path().join("film.mkv")).unwrap() == film.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn libtorrent_calls_us_over_utp() {
    let film = film(93);
    let (_data, _leecher, us) = holder(&film).await;
    let folder = tempfile::tempdir().unwrap();
    let metainfo = film.metainfo.clone();
    let path = folder.path().to_owned();
    let downloading = spawn_blocking(move || {
        LibtorrentSeeder::start_with(&metainfo, &path, 0, UTP_ONLY, Some(us))
    });
    let downloading = tokio::time::timeout(PATIENCE, downloading).await;
    drop(downloading.expect("it gets nothing").unwrap());
    assert!(fs::read(folder.path().join("film.mkv")).unwrap() == film.bytes);
}
