//! Encrypted connections (MSE) with libtorrent, both ways, with either side insisting on it.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use fixtures::leecher::{Leecher, compare, config};
use fixtures::libtorrent::LibtorrentSeeder;
use fixtures::{payload, torrent_of};
use tokio::task::spawn_blocking;
use torrent::{Config, Encryption};

const FORCED: &str = r#"{"in_enc_policy": 0, "out_enc_policy": 0, "allowed_enc_level": 2}"#;
/// Only the handshake is encrypted.
const FORCED_THEN_PLAIN: &str =
    r#"{"in_enc_policy": 0, "out_enc_policy": 0, "allowed_enc_level": 1}"#;
const ALLOWED: &str = r#"{"in_enc_policy": 1, "out_enc_policy": 1, "allowed_enc_level": 3}"#;
const OFF: &str = r#"{"in_enc_policy": 2, "out_enc_policy": 2}"#;

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

fn with(data: PathBuf, encryption: Encryption) -> Config {
    Config {
        encryption,
        allow_local_peers: true,
        ..config(data, 1 << 30)
    }
}

/// Plays a film from a libtorrent so set up.
async fn play(seed: u64, encryption: Encryption, settings: &str) {
    let film = film(seed);
    let seeder =
        LibtorrentSeeder::start_with(&film.metainfo, film.folder.path(), 0, settings, None);
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(with(data.path().to_owned(), encryption));
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_only_encrypted_calls_is_called_so() {
    play(81, Encryption::Prefer, FORCED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_only_the_handshake_encrypted_gets_it() {
    play(82, Encryption::Prefer, FORCED_THEN_PLAIN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_no_encrypted_calls_is_called_plain() {
    play(83, Encryption::Prefer, OFF).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn we_insist_and_it_does_not_mind() {
    play(84, Encryption::Require, ALLOWED).await;
}

/// A libtorrent so set up downloads from us, and calls us to do so.
async fn give(seed: u64, encryption: Encryption, settings: &'static str) {
    let film = film(seed);
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(with(data.path().to_owned(), encryption));
    let folder = film.folder.path();
    let seeder = LibtorrentSeeder::start_with(&film.metainfo, folder, 0, ALLOWED, None);
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
    drop(seeder);
    let us = SocketAddr::from((Ipv4Addr::LOCALHOST, leecher.torrents.port()));
    let folder = tempfile::tempdir().unwrap();
    let (metainfo, path) = (film.metainfo.clone(), folder.path().to_owned());
    let downloading = spawn_blocking(move || {
        LibtorrentSeeder::start_with(&metainfo, &path, 0, settings, Some(us))
    });
    let downloading = tokio::time::timeout(fixtures::leecher::PATIENCE, downloading).await;
    drop(downloading.expect("it gets nothing").unwrap());
    assert!(fs::read(folder.path().join("film.mkv")).unwrap() == film.bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_calls_encrypted_is_served() {
    give(85, Encryption::Prefer, FORCED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_calls_encrypted_is_served_when_we_insist() {
    give(86, Encryption::Require, FORCED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_calls_with_only_the_handshake_encrypted_is_served() {
    give(87, Encryption::Prefer, FORCED_THEN_PLAIN).await;
}
