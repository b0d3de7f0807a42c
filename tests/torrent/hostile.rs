//! Peers, torrents, links and disks that mean harm or are broken.

use std::fs;
use std::time::Duration;

use app::{Session, SupplyFailure, SupplyNews, TorrentRef};
use fixtures::film::Film;
use fixtures::leecher::{Leecher, compare, config};
use fixtures::scripted::{Script, ScriptedPeer, hear, say, shake_hands};
use fixtures::{Seeder, info_hash, payload, torrent_of};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

const MIB: usize = 1 << 20;
const PIECE: u32 = 128 * 1024;

fn film(bytes: usize, seed: u64) -> Film {
    Film::new("film.mp4", bytes, seed, PIECE)
}

async fn scripted(film: &Film, script: Script) -> ScriptedPeer {
    ScriptedPeer::start(info_hash(&film.metainfo), film.bytes.clone(), PIECE, script).await
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_bytes_never_reach_the_reader_and_the_liar_is_banned() {
    let film = film(8 * MIB, 21);
    let liar = scripted(
        &film,
        Script::Corrupt(|piece, offset| piece % 3 == 1 && offset == 16384),
    );
    let liar = liar.await;
    let seeder = film.seed(None).await;
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    leecher.open(1, &film.metainfo, &[liar.address, seeder.address]);
    leecher.ready().await;
    let source = leecher.film(1);
    compare(&source, &film.bytes, 0).await;
    // Banned: it is not called again, though every failed call to a named peer is repeated.
    assert!(liar.calls() <= 1, "{} calls", liar.calls());
}

#[tokio::test(flavor = "multi_thread")]
async fn alone_with_a_liar_the_reader_waits() {
    let film = film(2 * MIB, 22);
    let liar = scripted(&film, Script::Corrupt(|_, _| true)).await;
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    leecher.open(1, &film.metainfo, &[liar.address]);
    leecher.ready().await;
    let source = leecher.film(1);
    let read = tokio::time::timeout(Duration::from_millis(800), source.read_at(0, 1000));
    assert!(read.await.is_err(), "wrong bytes were handed out");
    assert_eq!(leecher.on_disk().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn peers_that_talk_nonsense_cost_nothing() {
    let film = film(4 * MIB, 23);
    let message =
        |id: u8, body: &[u8]| [&(1 + body.len() as u32).to_be_bytes(), &[id][..], body].concat();
    let deep = [&[0u8][..], "l".repeat(100_000).as_bytes()].concat();
    let scripts = [
        vec![0xff; 64],
        (200_000u32).to_be_bytes().to_vec(),
        message(20, &deep),
        message(
            20,
            b"\0d1:md11:ut_metadatai3ee13:metadata_sizei99999999999999999999ee",
        ),
        message(5, &[0xff; 3]),
        message(4, &u32::MAX.to_be_bytes()),
        message(7, &[0xff; 5000]),
        message(6, &[0xff; 12]),
        message(14, &[]),
        message(99, b"unknown, to be skipped"),
        message(20, b"\x63unknown extension"),
    ];
    let mut peers = Vec::new();
    for said in scripts {
        peers.push(scripted(&film, Script::Say(said)).await);
    }
    peers.push(scripted(&film, Script::Silent).await);
    let seeder = film.seed(None).await;
    let mut addresses: Vec<_> = peers.iter().map(|peer| peer.address).collect();
    addresses.push(seeder.address);
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    leecher.open(1, &film.metainfo, &addresses);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_asks_for_what_is_not_there_stays() {
    let film = film(2 * MIB, 24);
    let seeder = film.seed(None).await;
    let data = tempfile::tempdir().unwrap();
    // Room for half of the film, so that some of it is evicted.
    let mut settings = config(data.path().to_owned(), MIB as u64);
    settings.allow_local_peers = true;
    let mut leecher = Leecher::start(settings);
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
    leecher.torrents.settled().await;
    let mut peer = TcpStream::connect(("127.0.0.1", leecher.torrents.port()))
        .await
        .unwrap();
    let hash = info_hash(&film.metainfo);
    shake_hands(&mut peer, hash, *b"-XX0000-asksforitall")
        .await
        .unwrap();
    say(&mut peer, 2, &[]).await.unwrap();
    let mut bits = Vec::new();
    loop {
        match hear(&mut peer).await.unwrap() {
            (5, body) => bits = body,
            (1, _) => break,
            _ => {}
        }
    }
    let has = |piece: u32| bits[piece as usize / 8] & (0x80 >> (piece % 8)) != 0;
    let pieces = 2 * MIB as u32 / PIECE;
    let held = (0..pieces).filter(|piece| has(*piece)).count();
    assert!((1..pieces as usize).contains(&held), "{held}");
    let request =
        |piece: u32, offset: u32, len: u32| [piece, offset, len].map(u32::to_be_bytes).concat();
    let mut expected = Vec::new();
    // What is evicted, what no torrent has, and what is there.
    for piece in (0..pieces + 3).chain([u32::MAX]) {
        say(&mut peer, 6, &request(piece, 16384, 16384))
            .await
            .unwrap();
        if piece < pieces && has(piece) {
            expected.push(piece);
        }
    }
    say(&mut peer, 6, &request(0, 1, 1)).await.unwrap();
    say(&mut peer, 6, &request(0, 0, u32::MAX)).await.unwrap();
    for piece in expected {
        let body = loop {
            let (id, body) = hear(&mut peer).await.expect("the connection is lost");
            if id == 7 {
                break body;
            }
        };
        assert_eq!(body[..4], piece.to_be_bytes());
        let at = (piece * PIECE + 16384) as usize;
        assert!(body[8..] == film.bytes[at..at + 16384], "piece {piece}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_from_this_side_of_the_router_are_refused() {
    let film = film(MIB, 25);
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    leecher.open(1, &film.metainfo, &[]);
    leecher.ready().await;
    let mut peer = TcpStream::connect(("127.0.0.1", leecher.torrents.port()))
        .await
        .unwrap();
    let hash = info_hash(&film.metainfo);
    let answered = shake_hands(&mut peer, hash, *b"-XX0000-neighbourpee").await;
    assert_eq!(answered, None);
    // Nor one of a torrent that is not open, nor one that says something else.
    let mut peer = TcpStream::connect(("127.0.0.1", leecher.torrents.port()))
        .await
        .unwrap();
    let answered = shake_hands(&mut peer, [9; 20], *b"-XX0000-neighbourpee").await;
    assert_eq!(answered, None);
    let mut peer = TcpStream::connect(("127.0.0.1", leecher.torrents.port()))
        .await
        .unwrap();
    say(&mut peer, 9, &[7; 200]).await.unwrap();
    assert!(matches!(peer.read(&mut [0; 10]).await, Ok(0) | Err(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_torrents_and_links_are_refused_in_words() {
    let data = tempfile::tempdir().unwrap();
    let leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    let deep = "l".repeat(100_000);
    let lies = "d4:infod6:lengthi99999999999999999999999999e4:name1:aee";
    let up = "d4:infod5:filesld6:lengthi9e4:pathl2:..2:..8:evil.mp4eee4:name1:x\
              12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee";
    for bytes in ["", "x", &deep, lies, up, "d4:info9999999999:e"] {
        let refused = leecher.torrents.add_metainfo(bytes.as_bytes());
        assert!(
            matches!(refused, Err(SupplyFailure::Broken(_))),
            "{refused:?}"
        );
    }
    let v2 = format!("magnet:?xt=urn:btmh:1220{}", "ab".repeat(32));
    let refused = leecher.torrents.add_magnet(&v2);
    assert!(
        matches!(refused, Err(SupplyFailure::Unsupported(_))),
        "{refused:?}"
    );
    assert!(
        leecher
            .torrents
            .add_magnet("magnet:?xt=urn:btih:short")
            .is_err()
    );
    assert_eq!(
        fs::read_dir(data.path()).unwrap().count(),
        0,
        "nothing is written"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_that_is_no_film_fails_the_session() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("song.ogg");
    fs::write(&path, payload(100_000, 26)).unwrap();
    let metainfo = torrent_of(&path, PIECE, &[]);
    let seeder = Seeder::start(&metainfo, folder.path(), None).await;
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    leecher
        .torrents
        .open(Session(1), by_hash(&metainfo, &[seeder.address]), None);
    assert_eq!(leecher.failure().await, SupplyFailure::NoVideo { files: 1 });
    assert!(leecher.torrents.source(Session(1), None).is_none());
}

/// As a magnet link would name it.
fn by_hash(metainfo: &[u8], peers: &[std::net::SocketAddr]) -> TorrentRef {
    TorrentRef {
        info_hash: info_hash(metainfo),
        name: "by hash".into(),
        peers: peers.to_vec(),
        ..TorrentRef::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_magnet_nobody_answers_can_be_closed() {
    let film = film(MIB, 27);
    let silent = scripted(&film, Script::Silent).await;
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    leecher
        .torrents
        .open(Session(1), by_hash(&film.metainfo, &[silent.address]), None);
    let mut progress = app::Progress::default();
    while progress.peers != 1 || !progress.metadata {
        let (_, news) = leecher.next().await;
        let SupplyNews::Progress(news) = news else {
            panic!("{news:?}");
        };
        progress = news;
    }
    leecher.torrents.close(Session(1));
    leecher
        .torrents
        .open(Session(2), by_hash(&film.metainfo, &[]), None);
    loop {
        let (session, _) = leecher.next().await;
        if session == Session(2) {
            break;
        }
    }
}
