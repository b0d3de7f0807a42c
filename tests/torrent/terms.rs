//! Terms change while torrents are open: limits, encryption, what is given on, and the master
//! switch.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use app::Session;
use fixtures::leecher::{Leecher, compare, config};
use fixtures::libtorrent::LibtorrentSeeder;
use fixtures::tracker::HttpTracker;
use fixtures::{Seeder, payload, torrent_of};
use media::Source;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use torrent::{Encryption, Rates, Seeding, Terms};

const PIECE: u32 = 64 * 1024;
/// Takes no encrypted call.
const PLAIN: &str = r#"{"in_enc_policy": 2, "out_enc_policy": 2}"#;

struct Film {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
    metainfo: Vec<u8>,
}

fn film(seed: u64, trackers: &[String]) -> Film {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(4 << 20, seed);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, PIECE, trackers);
    Film {
        folder,
        bytes,
        metainfo,
    }
}

fn ours(terms: impl FnOnce(&mut Terms)) -> (Leecher, tempfile::TempDir) {
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.allow_local_peers = true;
    let mut on = settings.terms();
    terms(&mut on);
    (Leecher::start(settings.on(on)), data)
}

fn limited(download: u64) -> Rates {
    Rates {
        download: Some(download),
        upload: None,
    }
}

/// For how long eight pieces from there on are waited for.
async fn time_of(source: &Arc<dyn Source>, from: u64) -> Duration {
    let began = Instant::now();
    let length = 8 * PIECE as usize;
    let read = source.read_at(from, length).await.unwrap();
    assert_eq!(read.len(), length);
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_times_the_limit_is_several_times_as_fast() {
    let film = film(701, &[]);
    let seeder = Seeder::start(&film.metainfo, film.folder.path(), None).await;
    let (mut leecher, _data) = ours(|terms| terms.rates = limited(200_000));
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    let source = leecher.film(1);
    let slow = time_of(&source, 1 << 20).await;
    let terms = Terms {
        rates: limited(1_600_000),
        ..config("".into(), 0).terms()
    };
    leecher.torrents.set_terms(terms);
    let fast = time_of(&source, 2 << 20).await;
    assert!(slow > 3 * fast, "{slow:?}, then {fast:?}");
    // And down again: the film does not come whole in the time of a part before.
    leecher.torrents.set_rates(limited(20_000));
    let rest = source.read_at(3 << 20, 8 * PIECE as usize);
    assert!(timeout(4 * fast, rest).await.is_err(), "past the limit");
    leecher.torrents.set_rates(Rates::default());
    compare(&source, &film.bytes, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn encryption_that_is_demanded_parts_us_from_who_has_none() {
    let film = film(702, &[]);
    let folder = film.folder.path();
    let seeder = LibtorrentSeeder::start_with(&film.metainfo, folder, 0, PLAIN, None);
    let (mut leecher, _data) = ours(|terms| terms.rates = limited(50_000));
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    let source = leecher.film(1);
    source.read_at(0, 1000).await.unwrap();
    let free = config("".into(), 0).terms();
    leecher.torrents.set_terms(Terms {
        encryption: Encryption::Require,
        ..free
    });
    let read = timeout(Duration::from_secs(1), source.read_at(1 << 20, 2 << 20)).await;
    assert!(read.is_err(), "from a peer without encryption");
    leecher.torrents.set_terms(free);
    compare(&source, &film.bytes, 0).await;
}

/// Plays a film and closes it, and gives it to others then.
async fn given(leecher: &mut Leecher, film: &Film) {
    let seeder = Seeder::start(&film.metainfo, film.folder.path(), None).await;
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
    seeder.stop().await;
    leecher.torrents.close(Session(1));
}

async fn said_goodbye(tracker: &HttpTracker) {
    loop {
        tracker.asked_again.notified().await;
        let asked = tracker.asked.lock().unwrap();
        if asked.last().is_some_and(|it| it.contains("&event=stopped")) {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_on_ends_when_it_is_wished_no_more() {
    let tracker = HttpTracker::start((Ipv4Addr::LOCALHOST, 9).into()).await;
    let film = film(703, std::slice::from_ref(&tracker.url));
    let (mut leecher, _data) = ours(|terms| terms.seeding = Some(Seeding::default()));
    given(&mut leecher, &film).await;
    leecher.torrents.set_terms(config("".into(), 0).terms());
    said_goodbye(&tracker).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_master_switch_ends_it_all_and_lets_it_begin_again() {
    let tracker = HttpTracker::start((Ipv4Addr::LOCALHOST, 9).into()).await;
    let film = film(704, std::slice::from_ref(&tracker.url));
    let (mut leecher, _data) = ours(|terms| terms.seeding = Some(Seeding::default()));
    let port = leecher.torrents.port();
    let us = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    given(&mut leecher, &film).await;
    let on = Terms {
        seeding: Some(Seeding::default()),
        ..config("".into(), 0).terms()
    };
    leecher.torrents.set_terms(Terms {
        bittorrent: false,
        ..on
    });
    said_goodbye(&tracker).await;
    assert_eq!(leecher.torrents.port(), 0);
    // The socket is closed by another task a moment later.
    let closed = async {
        while TcpStream::connect(us).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    timeout(fixtures::leecher::PATIENCE, closed).await.unwrap();
    leecher.torrents.set_terms(on);
    assert_eq!(leecher.torrents.port(), port);
    let seeder = Seeder::start(&film.metainfo, film.folder.path(), None).await;
    leecher.open(2, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    let back = async {
        while TcpStream::connect(us).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(fixtures::leecher::PATIENCE, back).await.unwrap();
}
