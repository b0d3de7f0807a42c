//! Magnet links: peers by name, the metainfo from an HTTP server, web seeds, chosen files.

use std::fmt::Write;
use std::fs;

use app::{Session, SupplyFailure, SupplyNews};
use fixtures::leecher::{Leecher, compare, config};
use fixtures::web::{Fault, Manner, WebServer};
use fixtures::{Seeder, hex, info_hash, payload, torrent_of};

const MIB: usize = 1 << 20;

struct Film {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
    metainfo: Vec<u8>,
}

fn film(seed: u64) -> Film {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(2 * MIB, seed);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, 64 * 1024, &[]);
    Film {
        folder,
        bytes,
        metainfo,
    }
}

impl Film {
    fn magnet(&self) -> String {
        format!("magnet:?xt=urn:btih:{}", hex(info_hash(&self.metainfo)))
    }
}

fn ours(local: bool) -> (Leecher, tempfile::TempDir) {
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.allow_local_peers = local;
    (Leecher::start(settings), data)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_by_name() {
    let film = film(301);
    let seeder = Seeder::start(&film.metainfo, film.folder.path(), None).await;
    let (mut leecher, _data) = ours(true);
    let link = format!("{}&x.pe=localhost:{}", film.magnet(), seeder.address.port());
    let torrent = leecher.torrents.add_magnet(&link).unwrap();
    leecher.torrents.open(Session(1), torrent, None);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_without_any_peer() {
    let film = film(302);
    // One that is wrong, one that is gone, and one that has it.
    let other = film_of_another();
    let endless = vec![b'd'; 40 * MIB];
    let files = vec![
        ("/other.torrent".to_owned(), other),
        ("/endless.torrent".to_owned(), endless),
        ("/film.torrent".to_owned(), film.metainfo.clone()),
        ("/film.mp4".to_owned(), film.bytes.clone()),
    ];
    let server = WebServer::start(files, Manner::default()).await;
    let (mut leecher, data) = ours(true);
    let mut link = film.magnet();
    for path in [
        "/other.torrent",
        "/gone.torrent",
        "/endless.torrent",
        "/film.torrent",
    ] {
        write!(link, "&xs={}", server.url(path)).unwrap();
    }
    write!(link, "&ws={}", server.url("/film.mp4")).unwrap();
    let torrent = leecher.torrents.add_magnet(&link).unwrap();
    assert_eq!(torrent.exact_sources.len(), 4);
    leecher.torrents.open(Session(1), torrent.clone(), None);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
    // What is in the sockets has been sent too.
    assert!(server.sent() < 35 * MIB as u64, "{}", server.sent());
    // It is kept: again without the server, once all of it is written.
    leecher.torrents.settled().await;
    drop(server);
    leecher.torrents.close(Session(1));
    drop(leecher);
    let mut again = Leecher::start(config(data.path().to_owned(), 1 << 30));
    again.torrents.open(Session(1), torrent, None);
    again.ready().await;
    compare(&again.film(1), &film.bytes, 0).await;
}

fn film_of_another() -> Vec<u8> {
    film(303).metainfo
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_cannot_send_us_to_our_neighbours() {
    let film = film(304);
    let files = vec![("/film.torrent".to_owned(), film.metainfo.clone())];
    let server = WebServer::start(files, Manner::default()).await;
    let (leecher, _data) = ours(false);
    let port = server.address.port();
    let link = format!(
        "{}&xs={}&xs=http://localhost:{port}/film.torrent&ws=http://127.1:{port}/",
        film.magnet(),
        server.url("/film.torrent"),
    );
    let torrent = leecher.torrents.add_magnet(&link).unwrap();
    assert_eq!(torrent.exact_sources, Vec::<String>::new());
    assert_eq!(torrent.web_seeds, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sorry_server_does_not_end_the_search() {
    let film = film(305);
    let manner = Manner {
        whim: std::sync::Arc::new(|count, _| match count {
            0 => Fault::Status(503, String::new()),
            _ => Fault::None,
        }),
        ..Manner::default()
    };
    let files = vec![("/film.torrent".to_owned(), film.metainfo.clone())];
    let server = WebServer::start(files, manner).await;
    let seeder = Seeder::start(&film.metainfo, film.folder.path(), None).await;
    let (mut leecher, _data) = ours(true);
    let mut torrent = leecher.torrents.add_magnet(&film.magnet()).unwrap();
    torrent.exact_sources = vec![server.url("/film.torrent")];
    leecher.torrents.open(Session(1), torrent, None);
    server.bell.notified().await;
    // Nobody was known; now somebody calls, and the metadata comes from there.
    let us = [([127, 0, 0, 1], leecher.torrents.port()).into()];
    let caller = Seeder::start_with(&film.metainfo, film.folder.path(), None, &us);
    let _caller = caller.await;
    leecher.ready().await;
    drop(seeder);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_film_is_among_the_chosen_files() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("season");
    fs::create_dir_all(&root).unwrap();
    for (name, bytes) in [
        ("1.mkv", 300_000),
        ("2.mkv", 100_000),
        ("2.srt", 500),
        ("3.mkv", 200_000),
    ] {
        fs::write(root.join(name), payload(bytes, bytes as u64)).unwrap();
    }
    let metainfo = torrent_of(&root, 64 * 1024, &[]);
    let seeder = Seeder::start(&metainfo, &root, None).await;
    for (selection, name) in [
        ("2,1,3", "3.mkv"),
        ("1-2", "2.mkv"),
        ("0", "1.mkv"),
        ("2", "2.srt"),
    ] {
        let (mut leecher, data) = ours(false);
        let link = format!(
            "magnet:?xt=urn:btih:{}&so={selection}&x.pe={}",
            hex(info_hash(&metainfo)),
            seeder.address
        );
        let torrent = leecher.torrents.add_magnet(&link).unwrap();
        leecher.torrents.open(Session(1), torrent.clone(), None);
        leecher.ready().await;
        assert_eq!(leecher.film(1).name(), name, "{selection}");
        // And after a start of the box.
        drop(leecher);
        let mut again = Leecher::start(config(data.path().to_owned(), 1 << 30));
        again.torrents.open(Session(1), torrent, None);
        again.ready().await;
        assert_eq!(again.film(1).name(), name, "{selection}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_file_that_is_not_there_is_told() {
    let film = film(306);
    let seeder = Seeder::start(&film.metainfo, film.folder.path(), None).await;
    let (mut leecher, _data) = ours(false);
    let link = format!("{}&so=7&x.pe={}", film.magnet(), seeder.address);
    let torrent = leecher.torrents.add_magnet(&link).unwrap();
    leecher.torrents.open(Session(1), torrent, None);
    let failed = loop {
        if let SupplyNews::Failed(why) = leecher.next().await.1 {
            break why;
        }
    };
    assert!(matches!(failed, SupplyFailure::Broken(_)), "{failed:?}");
}
