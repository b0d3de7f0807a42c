//! Streams films from librqbit sessions on loopback: whole, with seeks, from disk again, under a
//! small bound.

use std::fs;
use std::time::{Duration, Instant};

use app::{Session, SupplyNews};
use fixtures::leecher::{Leecher, compare, config, pieces_on_disk, read};
use fixtures::{Seeder, payload, torrent_of};

const MIB: usize = 1 << 20;

struct Film {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
    metainfo: Vec<u8>,
}

fn film(bytes: usize, seed: u64, piece_length: u32) -> Film {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(bytes, seed);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, piece_length, &[]);
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
    let film = film(24 * MIB + 12_345, 1, 256 * 1024);
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
    assert_eq!(leecher.on_disk().await, ready.size);
}

#[tokio::test(flavor = "multi_thread")]
async fn seeks_are_answered_while_the_rest_arrives() {
    let film = film(48 * MIB, 2, 256 * 1024);
    // 8 MB/s: 6 s for the whole film; no read may wait for that.
    let seeders = [
        film.seed(Some(4_000_000)).await,
        film.seed(Some(4_000_000)).await,
    ];
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    leecher.open(1, &film.metainfo, &seeders.each_ref().map(|s| s.address));
    leecher.ready().await;
    let source = leecher.film(1);
    let began = Instant::now();
    // As a demuxer of an MP4 with its index at the end: head, tail, head, then far away.
    for at in [0, 48 * MIB - 70_000, 300_000, 30 * MIB, 12 * MIB, 40 * MIB] {
        let asked = Instant::now();
        let bytes = read(&source, at as u64, 60_000).await;
        assert!(bytes == film.bytes[at..at + 60_000], "wrong bytes at {at}");
        println!("at {at}: {:?}", asked.elapsed());
    }
    assert!(
        began.elapsed() < Duration::from_secs(4),
        "{:?}",
        began.elapsed()
    );
    // Several at once, and one whose reader has lost interest.
    drop(source.read_at(20 * MIB as u64, 60_000));
    let lost = tokio::spawn(source.read_at(21 * MIB as u64, 60_000));
    let [a, b] = [25, 44].map(|mib| read(&source, (mib * MIB) as u64, 60_000));
    let (a, b) = tokio::join!(a, b);
    assert!(a == film.bytes[25 * MIB..][..60_000] && b == film.bytes[44 * MIB..][..60_000]);
    lost.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bound_holds_and_what_was_evicted_comes_again() {
    let film = film(32 * MIB, 3, 256 * 1024);
    let seeder = film.seed(None).await;
    let data = tempfile::tempdir().unwrap();
    let bound = 8 * MIB as u64;
    let mut leecher = Leecher::start(config(data.path().to_owned(), bound));
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    let source = leecher.film(1);
    // Looks as often as it can; what it sees is what `df` would.
    let watched = data.path().to_owned();
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let watching = std::thread::spawn(move || {
        let (mut most, mut looks) = (0, 0);
        while stopped.try_recv().is_err() {
            most = pieces_on_disk(&watched)
                .iter()
                .map(|(_, bytes)| bytes)
                .sum::<u64>()
                .max(most);
            looks += 1;
        }
        (most, looks)
    });
    compare(&source, &film.bytes, 0).await;
    // Everything of the beginning but the pinned head is gone by now.
    let held = pieces_on_disk(data.path());
    assert!(
        !held.iter().any(|(path, _)| path.ends_with("20")),
        "{held:?}"
    );
    compare(&source, &film.bytes[..12 * MIB], 2 * MIB).await;
    compare(&source, &film.bytes, 24 * MIB).await;
    stop.send(()).unwrap();
    let (most, looks) = watching.join().unwrap();
    println!("{looks} looks, at most {most} bytes");
    assert!(most <= bound, "{most} bytes on disk");
    assert!(most > bound / 2, "it is hardly used: {most}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_disk_is_used_again_but_never_trusted() {
    let film = film(8 * MIB, 4, 128 * 1024);
    let data = tempfile::tempdir().unwrap();
    {
        let seeder = film.seed(None).await;
        let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
        leecher.open(1, &film.metainfo, &[seeder.address]);
        leecher.ready().await;
        compare(&leecher.film(1), &film.bytes, 0).await;
        leecher.torrents.settled().await;
        // Gone without a word, as with the power: nothing is closed.
    }
    // Again, with nobody to fetch from.
    {
        let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
        leecher.open(1, &film.metainfo, &[]);
        leecher.ready().await;
        compare(&leecher.film(1), &film.bytes, 0).await;
    }
    // Damaged: one byte of one piece, another too short, a third gone, and a stranger beside.
    let folder = pieces_on_disk(data.path())[0]
        .0
        .parent()
        .unwrap()
        .to_owned();
    let mut bytes = fs::read(folder.join("10")).unwrap();
    bytes[777] ^= 1;
    fs::write(folder.join("10"), &bytes).unwrap();
    fs::write(folder.join("11"), &bytes[..5000]).unwrap();
    fs::remove_file(folder.join("12")).unwrap();
    fs::write(folder.join("99999"), b"no piece").unwrap();
    fs::write(folder.join("notes"), b"no piece").unwrap();
    let seeder = film.seed(None).await;
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
    assert_eq!(leecher.on_disk().await, film.bytes.len() as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_smaller_bound_is_kept_from_the_start() {
    let film = film(8 * MIB, 5, 128 * 1024);
    let seeder = film.seed(None).await;
    let data = tempfile::tempdir().unwrap();
    {
        let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
        leecher.open(1, &film.metainfo, &[seeder.address]);
        leecher.ready().await;
        compare(&leecher.film(1), &film.bytes, 0).await;
        leecher.torrents.settled().await;
    }
    let mut leecher = Leecher::start(config(data.path().to_owned(), 3 * MIB as u64));
    assert!(leecher.on_disk().await <= 3 * MIB as u64);
    assert!(leecher.on_disk().await > MIB as u64);
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
    assert!(leecher.on_disk().await <= 3 * MIB as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_learn_of_the_end() {
    let film = film(4 * MIB, 6, 128 * 1024);
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    let torrent = leecher.open(1, &film.metainfo, &[]);
    leecher.ready().await;
    let source = leecher.film(1);
    let waiting = tokio::spawn(source.read_at(0, 1000));
    loop {
        if let (_, SupplyNews::Progress(progress)) = leecher.next().await
            && progress.waiting_at == Some(0)
        {
            break;
        }
    }
    leecher.torrents.close(Session(1));
    let gone = waiting.await.unwrap().unwrap_err();
    assert!(gone.to_string().contains("closed"), "{gone}");
    assert!(source.read_at(0, 1000).await.is_err());
    assert!(leecher.torrents.source(Session(1), None).is_none());
    // The same torrent in a later session starts afresh.
    leecher.caught();
    leecher.torrents.open(Session(2), torrent, None);
    leecher.ready().await;
    assert_eq!(leecher.film(2).size(), 4 * MIB as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_tells_what_is_there() {
    let film = film(6 * MIB, 7, 128 * 1024);
    let seeder = film.seed(Some(3_000_000)).await;
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    let source = leecher.film(1);
    let reading = tokio::spawn(async move { compare(&source, &film.bytes, 0).await });
    let (began, mut news, mut rate, mut waited) = (Instant::now(), 0, 0, false);
    let last = loop {
        let (session, SupplyNews::Progress(progress)) = leecher.next().await else {
            panic!("no progress");
        };
        assert_eq!(session, Session(1));
        news += 1;
        rate = progress.rate.max(rate);
        waited |= progress.waiting_at.is_some();
        assert!(
            progress
                .have
                .windows(2)
                .all(|two| two[0].end < two[1].start)
        );
        if progress.have.first() == Some(&(0..6 * MIB as u64)) && progress.waiting_at.is_none() {
            break progress;
        }
    };
    reading.await.unwrap();
    println!("{news} news in {:?}, rate up to {rate}", began.elapsed());
    assert_eq!((last.peers, last.metadata), (1, false));
    assert!(waited);
    assert!((500_000..60_000_000).contains(&rate), "{rate}");
}
