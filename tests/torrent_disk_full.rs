//! A disk on which nothing more can be written, for good: a limit on the length of files. It is of
//! a whole process, and of its standard output too where that is a file; so the test runs itself
//! again, as a process of its own that writes into pipes.
#![allow(clippy::unwrap_used)]

use std::process::Command;
use std::{env, fs};

use app::SupplyNews;
use fixtures::leecher::{Leecher, compare, config};
use fixtures::{Seeder, payload, torrent_of};

/// Set for the process that has the limit.
const LIMITED: &str = "MATINEE_TEST_LIMITED";
const NAME: &str = "a_film_goes_on_from_ram_where_the_disk_takes_nothing";

#[test]
fn a_film_goes_on_from_ram_where_the_disk_takes_nothing() {
    if env::var_os(LIMITED).is_some() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        return runtime.block_on(goes_on_from_ram());
    }
    let child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "--nocapture", NAME])
        .env(LIMITED, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    let complaints = String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success(), "{said}{complaints}");
    assert!(said.contains("1 passed"), "{said}");
}

async fn goes_on_from_ram() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    let bytes = payload(12 << 20, 1);
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, 128 * 1024, &[]);
    let seeder = Seeder::start(&metainfo, folder.path(), None).await;
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.ram_bytes = 4 << 20;
    let mut leecher = Leecher::start(settings);
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
    let film = leecher.film(1);
    compare(&film, &bytes, 0).await;
    // And what the ring has let go comes again.
    compare(&film, &bytes[..6 << 20], 1 << 20).await;
    loop {
        match leecher.next().await.1 {
            SupplyNews::Progress(progress) if progress.in_ram => break,
            SupplyNews::Failed(failure) => panic!("{failure:?}"),
            _ => {}
        }
    }
    // Told after the first piece that failed; no other was tried.
    assert_eq!(leecher.on_disk().await, 0, "no half piece is left");
}
