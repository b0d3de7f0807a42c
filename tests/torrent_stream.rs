//! Streams films from librqbit sessions on loopback: whole, with seeks, from disk again, under a
//! small bound.

#![allow(clippy::unwrap_used)]

mod fixtures;

use std::fs;
use std::time::{Duration, Instant};

use app::{Session, TorrentNews};
use fixtures::leecher::{Leecher, compare, config, pieces_on_disk, read};
use fixtures::{Seeder, payload, torrent_of};

const MIB: usize = 1 << 20;

struct Film {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
    metainfo: Vec<u8>,
}

async fn film(bytes: usize, seed: u64, piece_length: u32) -> Film {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(bytes, seed);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, piece_length, &[]).await;
    Film {
        folder,
        bytes,
        metainfo,
    }
}

impl Film {
    async fn seed(&self, rate: Option<u32>) -> Seeder {
        Seeder::start(&self.metainfo, self.folder.path(), rate).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_arrives_whole_and_right() {
    let film = film(24 * MIB + 12_345, 1, 256 * 1024).await;
    let seeders = [film.seed(None).await, film.seed(None).await];
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    let began = Instant::now();
    leecher.open(1, &film.metainfo, &seeders.each_ref().map(|s| s.address));
    let ready = leecher.ready().await;
    assert_eq!(ready.size, film.bytes.len() as u64);
    assert_eq!(ready.subtitles, []);
    let source = leecher.film(1);
    assert_eq!(source.name(), "film.mp4");
    assert_eq!(source.size(), ready.size);
    read(&source, 0, 64 * 1024).await;
    println!("first bytes after {:?}", began.elapsed());
    compare(&source, &film.bytes, 0).await;
    println!("all after {:?}", began.elapsed());
    assert_eq!(read(&source, ready.size - 10, 100).await.len(), 10);
    assert_eq!(read(&source, ready.size, 100).await.len(), 0);
    assert_eq!(read(&source, u64::MAX, 100).await.len(), 0);
    assert_eq!(leecher.on_disk(), ready.size);
}
