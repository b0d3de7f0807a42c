//! A film that was played is given to others for a while.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use app::{Session, TorrentRef};
use fixtures::leecher::{Leecher, PATIENCE, compare, config};
use fixtures::tracker::HttpTracker;
use fixtures::{Seeder, payload, torrent_of};
use torrent::Seeding;

const MIB: usize = 1 << 20;

struct Film {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
    metainfo: Vec<u8>,
}

fn film(seed: u64, trackers: &[String]) -> Film {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(4 * MIB, seed);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, 64 * 1024, trackers);
    Film {
        folder,
        bytes,
        metainfo,
    }
}

struct Ours {
    leecher: Leecher,
    _data: tempfile::TempDir,
}

fn ours(seeding: Option<Seeding>) -> Ours {
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.allow_local_peers = true;
    settings.seeding = seeding;
    Ours {
        leecher: Leecher::start(settings),
        _data: data,
    }
}

impl Ours {
    fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.leecher.torrents.port()).into()
    }

    /// Plays all of it in a session, and closes it.
    async fn watch(&mut self, session: u64, film: &Film) -> TorrentRef {
        let seeder = Seeder::start(&film.metainfo, film.folder.path(), None).await;
        let torrent = self
            .leecher
            .open(session, &film.metainfo, &[seeder.address]);
        self.leecher.ready().await;
        compare(&self.leecher.film(session), &film.bytes, 0).await;
        seeder.stop().await;
        self.leecher.torrents.close(Session(session));
        torrent
    }

    /// Whether somebody who calls gets the film of us.
    async fn gives(&self, film: &Film) -> bool {
        let empty = tempfile::tempdir().unwrap();
        let us = [self.address()];
        let other = Seeder::start_with(&film.metainfo, empty.path(), None, &us);
        let patience = PATIENCE / 4;
        let got = tokio::time::timeout(patience, other).await.is_ok();
        assert!(!got || fs::read(empty.path().join("film.mp4")).unwrap() == film.bytes);
        got
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_film_is_given_to_others() {
    let film = film(501, &[]);
    let mut ours = ours(Some(Seeding::default()));
    let torrent = ours.watch(1, &film).await;
    assert!(ours.leecher.torrents.source(Session(1), None).is_none());
    assert!(ours.gives(&film).await);
    ours.leecher.caught();
    // And is played again at once.
    ours.leecher.torrents.open(Session(2), torrent, None);
    ours.leecher.ready().await;
    compare(&ours.leecher.film(2), &film.bytes, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_while_it_plays_if_that_is_wished() {
    let film = film(502, &[]);
    let mut ours = ours(None);
    ours.watch(1, &film).await;
    let stream = tokio::net::TcpStream::connect(ours.address()).await;
    let mut stream = stream.unwrap();
    let hash = fixtures::info_hash(&film.metainfo);
    let id = *b"-XX0000-scriptedpeer";
    let greeted = fixtures::scripted::shake_hands(&mut stream, hash, id);
    assert!(greeted.await.is_none(), "it is closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_after_its_time_and_says_goodbye() {
    let nobody = (Ipv4Addr::LOCALHOST, 9).into();
    let tracker = HttpTracker::start(nobody).await;
    let film = film(503, std::slice::from_ref(&tracker.url));
    let mut ours = ours(Some(Seeding {
        ratio: 1.0,
        time: Duration::from_millis(400),
    }));
    ours.watch(1, &film).await;
    loop {
        tracker.asked_again.notified().await;
        let asked = tracker.asked.lock().unwrap();
        let last = asked.last().unwrap();
        if last.contains("&event=stopped") {
            assert!(last.contains("&uploaded=0&"), "{last}");
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_is_told_to_the_tracker() {
    let nobody = (Ipv4Addr::LOCALHOST, 9).into();
    let tracker = HttpTracker::start(nobody).await;
    let film = film(504, std::slice::from_ref(&tracker.url));
    let mut ours = ours(Some(Seeding::default()));
    ours.watch(1, &film).await;
    assert!(ours.gives(&film).await);
    let Ours { leecher, _data } = ours;
    drop(leecher);
    loop {
        tracker.asked_again.notified().await;
        let asked = tracker.asked.lock().unwrap();
        let last = asked.last().unwrap();
        if last.contains("&event=stopped") {
            assert!(last.contains(&format!("&uploaded={}&", 4 * MIB)), "{last}");
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_most_in_the_background() {
    let films = [film(505, &[]), film(506, &[]), film(507, &[])];
    let mut ours = ours(Some(Seeding::default()));
    for (session, film) in (1..).zip(&films) {
        ours.watch(session, film).await;
        ours.leecher.caught();
    }
    assert!(ours.gives(&films[1]).await);
    assert!(ours.gives(&films[2]).await);
    let mut stream = tokio::net::TcpStream::connect(ours.address())
        .await
        .unwrap();
    let hash = fixtures::info_hash(&films[0].metainfo);
    let id = *b"-XX0000-scriptedpeer";
    let greeted = fixtures::scripted::shake_hands(&mut stream, hash, id);
    assert!(greeted.await.is_none(), "the oldest had to go");
}
