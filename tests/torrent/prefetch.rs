//! Films that are looked at before they are opened, and films that go on in the middle.

use std::time::{Duration, Instant};

use app::{Session, SupplyNews, TorrentRef};
use fixtures::Seeder;
use fixtures::film::Film;
use fixtures::leecher::{Leecher, compare, config, read};

const MIB: usize = 1 << 20;

fn film(mib: usize, seed: u64) -> Film {
    Film::new("film.mp4", mib * MIB, seed, 256 * 1024)
}

fn reference(film: &Film, leecher: &Leecher, seeder: &Seeder) -> TorrentRef {
    let mut torrent = leecher.torrents.add_metainfo(&film.metainfo).unwrap();
    torrent.peers = vec![seeder.address];
    torrent
}

fn ours() -> (Leecher, tempfile::TempDir) {
    let data = tempfile::tempdir().unwrap();
    (
        Leecher::start(config(data.path().to_owned(), 1 << 30)),
        data,
    )
}

/// Waits until so many bytes of what is looked at are there.
async fn fetched(leecher: &mut Leecher, bytes: u64) -> u64 {
    loop {
        let (session, news) = leecher.next().await;
        assert_eq!(session, Session::PREFETCH);
        let SupplyNews::Progress(progress) = news else {
            panic!("{news:?}");
        };
        let have: u64 = progress
            .have
            .iter()
            .map(|range| range.end - range.start)
            .sum();
        if have >= bytes {
            return have;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_little_is_fetched_and_taken_over() {
    let film = film(64, 401);
    let seeder = film.seed(None).await;
    let (mut leecher, _data) = ours();
    let torrent = reference(&film, &leecher, &seeder);
    let at = 40 * MIB as u64;
    leecher.torrents.prefetch(torrent.clone(), Some(at));
    // Head, tail and around the place.
    fetched(&mut leecher, 7 * MIB as u64).await;
    let until = Instant::now() + Duration::from_millis(300);
    let mut most = 0;
    while let Ok((_, news)) = tokio::time::timeout_at(until.into(), leecher.next()).await {
        if let SupplyNews::Progress(progress) = news {
            most = progress
                .have
                .iter()
                .map(|range| range.end - range.start)
                .sum();
        }
    }
    assert!(
        most <= 8 * MIB as u64,
        "{most} bytes of a film nobody plays"
    );
    leecher.torrents.open(Session(1), torrent, Some(at));
    leecher.ready().await;
    seeder.stop().await;
    // Without anybody to ask: it is all there.
    let source = leecher.film(1);
    for at in [0, 64 * MIB - 65_536, 40 * MIB, 41 * MIB] {
        let bytes = read(&source, at as u64, 65_536).await;
        assert!(bytes == film.bytes[at..at + 65_536], "at {at}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn its_connections_are_taken_over() {
    let film = film(24, 402);
    let seeder = film.seed(None).await;
    let (mut leecher, _data) = ours();
    let torrent = reference(&film, &leecher, &seeder);
    leecher.torrents.prefetch(torrent.clone(), None);
    fetched(&mut leecher, MIB as u64).await;
    leecher.torrents.open(Session(1), torrent, None);
    let ready = leecher.ready().await;
    // News of it come under its own number from now on, and it has its peer at once.
    leecher.caught();
    compare(&leecher.film(1), &film.bytes, 0).await;
    println!("{:?}", ready.before.first());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_elsewhere_stops_it() {
    let films = [film(16, 403), film(16, 404), film(16, 405)];
    let mut seeders = Vec::new();
    for film in &films {
        seeders.push(film.seed(None).await);
    }
    let (mut leecher, _data) = ours();
    let torrents: Vec<TorrentRef> = films
        .iter()
        .zip(&seeders)
        .map(|(film, seeder)| reference(film, &leecher, seeder))
        .collect();
    for torrent in &torrents {
        leecher.torrents.prefetch(torrent.clone(), None);
    }
    fetched(&mut leecher, 3 * MIB as u64).await;
    leecher.torrents.stop_prefetch();
    // The same again, and the first, which had to go for the third.
    for torrent in [&torrents[2], &torrents[0]] {
        leecher.caught();
        leecher.torrents.prefetch(torrent.clone(), None);
        fetched(&mut leecher, 3 * MIB as u64).await;
    }
    leecher.torrents.stop_prefetch();
    leecher.torrents.stop_prefetch();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_goes_on_where_it_was_left() {
    let film = film(64, 406);
    // 16 s for all of it: the place comes first.
    let seeder = film.seed(Some(4_000_000)).await;
    let (mut leecher, _data) = ours();
    let torrent = reference(&film, &leecher, &seeder);
    let began = Instant::now();
    let at = 40 * MIB;
    leecher.torrents.open(Session(1), torrent, Some(at as u64));
    leecher.ready().await;
    let source = leecher.film(1);
    // As a demuxer: head, index, place.
    for at in [0, 64 * MIB - 65_536, at - 100_000, at] {
        let bytes = read(&source, at as u64, 65_536).await;
        assert!(bytes == film.bytes[at..at + 65_536]);
        println!("at {at} after {:?}", began.elapsed());
    }
    assert!(began.elapsed() < Duration::from_secs(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_session_takes_the_torrent_over() {
    let film = film(8, 407);
    let seeder = film.seed(None).await;
    let (mut leecher, _data) = ours();
    let torrent = reference(&film, &leecher, &seeder);
    leecher.torrents.open(Session(1), torrent.clone(), None);
    leecher.ready().await;
    let first = leecher.film(1);
    compare(&first, &film.bytes, 0).await;
    leecher.caught();
    leecher.torrents.open(Session(2), torrent, None);
    leecher.ready().await;
    seeder.stop().await;
    assert!(first.read_at(0, 1000).await.is_err());
    assert!(leecher.torrents.source(Session(1), None).is_none());
    compare(&leecher.film(2), &film.bytes, 0).await;
}
