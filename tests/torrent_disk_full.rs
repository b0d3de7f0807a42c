//! A disk on which nothing more can be written, for good: a limit on the length of files, which
//! is of the whole process; so this test is alone in its own.
#![allow(clippy::unwrap_used)]

use std::fs;

use app::TorrentFailure;
use fixtures::leecher::{Leecher, config};
use fixtures::{Seeder, payload, torrent_of};

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_takes_nothing_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    fs::write(&path, payload(4 << 20, 1)).unwrap();
    let metainfo = torrent_of(&path, 128 * 1024, &[]);
    let seeder = Seeder::start(&metainfo, folder.path(), None).await;
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    let limit = libc::rlimit {
        rlim_cur: 64 * 1024,
        rlim_max: libc::RLIM_INFINITY,
    };
    // SAFETY: the limit is a valid one, and to ignore a signal needs no handler.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        assert_eq!(libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit), 0);
    }
    leecher.open(1, &metainfo, &[seeder.address]);
    leecher.ready().await;
    let gone = leecher.film(1).read_at(0, 1000).await.unwrap_err();
    assert_eq!(leecher.failure().await, TorrentFailure::DiskFull);
    assert!(gone.to_string().contains("DiskFull"), "{gone}");
    assert_eq!(leecher.on_disk(), 0, "no half piece is left");
}
