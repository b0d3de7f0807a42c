//! The same with libtorrent as the only seeder: by .torrent, by magnet, and several files.

use std::fs;
use std::time::Instant;

use app::{Session, SupplyNews};
use fixtures::leecher::{Leecher, compare, config, read};
use fixtures::libtorrent::LibtorrentSeeder;
use fixtures::{hex, info_hash, payload, torrent_of};

const MIB: usize = 1 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_film_from_libtorrent_with_a_seek() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(24 * MIB + 999, 11);
    let path = folder.path().join("film.mkv");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, 512 * 1024, &[]);
    let seeder = LibtorrentSeeder::start(&metainfo, folder.path(), 0);
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    let began = Instant::now();
    leecher.open(1, &metainfo, &[seeder.address]);
    leecher.ready().await;
    let source = leecher.film(1);
    read(&source, 0, 64 * 1024).await;
    println!("first bytes after {:?}", began.elapsed());
    let seek = Instant::now();
    let there = read(&source, 20 * MIB as u64, 64 * 1024).await;
    println!("seek after {:?}", seek.elapsed());
    assert!(there == bytes[20 * MIB..][..64 * 1024]);
    compare(&source, &bytes, 0).await;
    println!("all after {:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_by_magnet() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("Film");
    fs::create_dir_all(folder.join("subs")).unwrap();
    let film = payload(5_000_000, 12);
    fs::write(folder.join("Film.webm"), &film).unwrap();
    fs::write(
        folder.join("subs/Film.it.srt"),
        b"1\n00:00:00,000 --> 00:00:01,000\nCiao\n",
    )
    .unwrap();
    // Many files, so that the metadata has several pieces.
    for i in 0..600 {
        let name = format!("picture number {i} with a name that is rather long for its size.jpg");
        fs::write(folder.join(name), [i as u8; 10]).unwrap();
    }
    let metainfo = torrent_of(&folder, 32 * 1024, &[]);
    assert!(metainfo.len() > 3 * 16 * 1024);
    let seeder = LibtorrentSeeder::start(&metainfo, parent.path(), 0);
    let data = tempfile::tempdir().unwrap();
    let hash = hex(info_hash(&metainfo));
    let magnet = format!("magnet:?xt=urn:btih:{hash}&dn=Film&x.pe={}", seeder.address);
    let began = Instant::now();
    {
        let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
        let torrent = leecher.torrents.add_magnet(&magnet).unwrap();
        leecher.torrents.open(Session(1), torrent, None);
        let ready = leecher.ready().await;
        println!("metadata after {:?}", began.elapsed());
        assert_eq!(ready.size, film.len() as u64);
        assert_eq!(ready.subtitles[0].name, "Film.it.srt");
        compare(&leecher.film(1), &film, 0).await;
        println!("all after {:?}", began.elapsed());
        leecher.torrents.settled().await;
    }
    // The metadata is kept: with nobody to ask it is ready at once.
    drop(seeder);
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    let torrent = leecher.torrents.add_magnet(&magnet).unwrap();
    leecher.torrents.open(Session(2), torrent, None);
    leecher.ready().await;
    compare(&leecher.film(2), &film, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_libtorrent_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(MIB, 13);
    let path = folder.path().join("film.mkv");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, 64 * 1024, &[]);
    let seeder = LibtorrentSeeder::start(&metainfo, folder.path(), 500_000);
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    leecher.open(1, &metainfo, &[seeder.address]);
    leecher.ready().await;
    let source = leecher.film(1);
    let mut reading = std::pin::pin!(compare(&source, &bytes, 0));
    let mut waited = 0;
    loop {
        tokio::select! {
            () = &mut reading => break,
            (_, news) = leecher.next() => match news {
                SupplyNews::Progress(progress) => {
                    waited += usize::from(progress.waiting_at.is_some());
                }
                other => panic!("{other:?}"),
            },
        }
    }
    assert!(waited > 1, "{waited}");
}
