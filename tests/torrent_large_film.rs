//! A film far larger than the cache, played with many seeks: no wrong byte, never over the bound,
//! each kept byte written once. Alone in its process, because it counts what the process writes.
//!
//! The usual run takes a small one. The whole thing, 25 GB through 512 MB with 200 seeks:
//!
//!     cargo test --release -p matinee-torrent --test torrent_large_film -- --ignored --nocapture
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use app::Session;
use fixtures::endless::{Endless, EndlessSeeder};
use fixtures::info_hash;
use fixtures::leecher::{Leecher, config, read};

const MIB: u64 = 1 << 20;

struct Run {
    film: Endless,
    /// Bytes of cache.
    bound: u64,
    seeks: u64,
    /// Bytes read after each.
    played: u64,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_film_through_a_small_cache() {
    play(Run {
        film: Endless {
            bytes: 2_000_000_000,
            piece_length: MIB as u32,
        },
        bound: 48 * MIB,
        seeks: 60,
        played: 3 * MIB,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a minute or two, and 512 MB of disk"]
async fn a_film_of_25_gb_with_200_seeks() {
    play(Run {
        film: Endless {
            bytes: 25_000_000_000,
            piece_length: 4 * MIB as u32,
        },
        bound: 512 * MIB,
        seeks: 200,
        played: 24 * MIB,
    })
    .await;
}

async fn play(run: Run) {
    let began = Instant::now();
    let film = run.film;
    let metainfo = film.metainfo();
    println!(
        "hashes of {} pieces after {:?}",
        film.pieces(),
        began.elapsed()
    );
    let hash = info_hash(&metainfo);
    let seeders = [
        EndlessSeeder::start(film, hash).await,
        EndlessSeeder::start(film, hash).await,
    ];
    let data = tempfile::tempdir().unwrap();
    let watch = Watch::start(data.path().join("cache"));
    let mut leecher = Leecher::start(config(data.path().to_owned(), run.bound));
    let written_before = written();
    leecher.open(1, &metainfo, &seeders.each_ref().map(|s| s.address));
    leecher.ready().await;
    let began = Instant::now();
    let (slowest, checked) = seek_and_play(&leecher, &run).await;
    let played_in = began.elapsed();
    let stats = leecher.torrents.status(Session(1)).unwrap().stats;
    leecher.torrents.close(Session(1));
    let (most, looks) = watch.stop();
    let written = written() - written_before;
    let sent: u64 = seeders.iter().map(|s| s.sent.load(Ordering::Relaxed)).sum();
    println!(
        "{} seeks and {} MiB checked in {played_in:?}, the slowest seek {slowest:?}; {} MiB sent, \
         {} received, {} wasted, {} written; {} MiB on disk at most of {}, looked at {looks} times",
        run.seeks,
        checked / MIB,
        sent / MIB,
        stats.received / MIB,
        stats.wasted / MIB,
        written / MIB,
        most / MIB,
        run.bound / MIB
    );
    assert!(most <= run.bound, "{most} bytes on disk");
    assert!(most > run.bound / 2, "it is hardly used: {most}");
    // A hundredth for folders and what tells the pieces.
    assert!(
        written <= sent + sent / 100 + MIB,
        "{written} written of {sent}"
    );
}

/// The longest wait for the first bytes after a seek, and how many bytes were compared.
async fn seek_and_play(leecher: &Leecher, run: &Run) -> (Duration, u64) {
    let (source, film) = (leecher.film(1), run.film);
    let (mut slowest, mut checked, mut state) = (Duration::ZERO, 0, 25);
    for seek in 0..run.seeks {
        state = u64::wrapping_mul(state, 0x5851_f42d_4c95_7f2d).wrapping_add(seek | 1);
        // Every fourth goes to the beginning, where it has been before.
        let places = if seek % 4 == 3 {
            film.bytes / 100
        } else {
            film.bytes - run.played
        };
        let start = (state >> 11) % places;
        let asked = Instant::now();
        let mut at = start;
        while at < (start + run.played).min(film.bytes) {
            let bytes = read(&source, at, 256 * 1024).await;
            if at == start {
                slowest = slowest.max(asked.elapsed());
            }
            assert!(
                !bytes.is_empty() && film.is(at, &bytes),
                "wrong bytes at {at}"
            );
            at += bytes.len() as u64;
            checked += bytes.len() as u64;
        }
    }
    (slowest, checked)
}

/// Looks at what is on disk as often as it can; sees what `du` would, and lengths.
struct Watch {
    stop: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<(u64, u64)>,
}

impl Watch {
    fn start(folder: std::path::PathBuf) -> Watch {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let (mut most, mut looks) = (0, 0);
            while !stopped.load(Ordering::Relaxed) {
                most = most.max(on_disk(&folder));
                looks += 1;
                // Not a core for looking alone.
                std::thread::sleep(Duration::from_millis(2));
            }
            (most, looks)
        });
        Watch { stop, thread }
    }

    fn stop(self) -> (u64, u64) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

/// Bytes of all files below.
fn on_disk(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let bytes = entries.map(|entry| match entry.metadata() {
        Ok(data) if data.is_dir() => on_disk(&entry.path()),
        // It may be gone by now.
        data => data.map_or(0, |data| data.len()),
    });
    bytes.sum()
}

/// Bytes this process has had written to disks (`proc(5)`); none on file systems in RAM.
fn written() -> u64 {
    let io = fs::read_to_string("/proc/self/io").unwrap_or_default();
    let line = io
        .lines()
        .find_map(|line| line.strip_prefix("write_bytes: "));
    line.map_or(0, |number| number.parse().unwrap())
}
