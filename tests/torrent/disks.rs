//! Disks that are full, read-only or gone while a film is streamed: it goes on.
//!
//! What needs a disk of its own runs this program again in a mount namespace, where it may mount
//! one; only where the kernel refuses that is it left out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use app::{Session, SupplyFailure, SupplyNews};
use fixtures::film::Film;
use fixtures::leecher::{Leecher, compare, config, read};
use fixtures::{Seeder, hex, info_hash, payload, torrent_of};

const MIB: usize = 1 << 20;
const PIECE: u32 = 128 * 1024;
/// Where the disk of a test in a namespace is mounted.
const DISK: &str = "MATINEE_TEST_DISK";

fn film(bytes: usize, seed: u64) -> Film {
    Film::new("film.mp4", bytes, seed, PIECE)
}

/// Waits for the word that the film goes on from RAM, or that it does so no more.
async fn told(leecher: &mut Leecher, in_ram: bool) {
    loop {
        match leecher.next().await.1 {
            SupplyNews::Progress(progress) if progress.in_ram == in_ram => return,
            SupplyNews::Failed(failure) => panic!("{failure:?}"),
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_always_full() {
    let film = film(2 * MIB, 28);
    let seeder = film.seed(None).await;
    for ram in [0, 64 << 20] {
        let data = tempfile::tempdir().unwrap();
        let mut settings = config(data.path().to_owned(), 1 << 30);
        settings.ram_bytes = ram;
        let mut leecher = Leecher::start(settings);
        // The first try of each piece is written to a device that is always full.
        let folder = data
            .path()
            .join("cache")
            .join(hex(info_hash(&film.metainfo)));
        fs::create_dir_all(&folder).unwrap();
        for piece in 0..16 {
            std::os::unix::fs::symlink("/dev/full", folder.join(piece.to_string())).unwrap();
        }
        leecher.open(1, &film.metainfo, &[seeder.address]);
        if ram == 0 {
            // The first write may fail before anybody was told that the film is ready.
            assert_eq!(leecher.failure().await, SupplyFailure::DiskFull);
            assert!(leecher.film(1).read_at(0, 1000).await.is_err());
        } else {
            leecher.ready().await;
            compare(&leecher.film(1), &film.bytes, 0).await;
            told(&mut leecher, true).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_in_ram_is_opened_again() {
    let film = film(2 * MIB, 30);
    let seeder = film.seed(None).await;
    let data = tempfile::tempdir().unwrap();
    let blocked = data.path().join("file");
    fs::write(&blocked, b"a file").unwrap();
    let mut settings = config(blocked, 1 << 30);
    settings.seeding = Some(torrent::Seeding::default());
    let mut leecher = Leecher::start(settings);
    let torrent = leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
    // Given to others meanwhile, and played again.
    leecher.torrents.close(Session(1));
    leecher.caught();
    leecher.torrents.open(Session(2), torrent, Some(MIB as u64));
    leecher.ready().await;
    compare(&leecher.film(2), &film.bytes, 0).await;
    leecher.torrents.settled().await;
    let held = leecher.torrents.status(Session(2)).unwrap().held_bytes;
    assert_eq!(
        held,
        film.bytes.len() as u64,
        "it is fetched and dropped in turn"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_made() {
    let film = film(2 * MIB, 29);
    let seeder = film.seed(None).await;
    let data = tempfile::tempdir().unwrap();
    let blocked = data.path().join("file");
    fs::write(&blocked, b"a file").unwrap();
    let mut leecher = Leecher::start(config(blocked.clone(), 1 << 30));
    let torrent = leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
    told(&mut leecher, true).await;
    // With the next film it is tried again.
    leecher.torrents.close(Session(1));
    leecher.caught();
    fs::remove_file(&blocked).unwrap();
    leecher.torrents.open(Session(2), torrent, None);
    leecher.ready().await;
    compare(&leecher.film(2), &film.bytes, 0).await;
    assert_eq!(leecher.on_disk().await, film.bytes.len() as u64);
    // Without RAM to go on from it is the end, with the reason.
    let blocked = data.path().join("other");
    fs::write(&blocked, b"a file").unwrap();
    let mut settings = config(blocked.clone(), 1 << 30);
    settings.ram_bytes = 0;
    let mut leecher = Leecher::start(settings);
    leecher.open(1, &film.metainfo, &[seeder.address]);
    let SupplyFailure::Disk(why) = leecher.failure().await else {
        panic!("no word of the disk");
    };
    assert!(why.contains(blocked.to_str().unwrap()), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_is_too_small() {
    let film = film(4 * MIB, 30);
    let seeder = film.seed(None).await;
    let data = tempfile::tempdir().unwrap();
    let small = |ram| {
        let mut settings = config(data.path().to_owned(), u64::from(PIECE) * 3);
        settings.ram_bytes = ram;
        settings
    };
    let mut leecher = Leecher::start(small(u64::from(PIECE) * 2));
    leecher.open(1, &film.metainfo, &[seeder.address]);
    let failure = leecher.failure().await;
    assert!(matches!(failure, SupplyFailure::Disk(_)), "{failure:?}");
    // Three pieces are the least.
    let mut leecher = Leecher::start(small(u64::from(PIECE) * 3));
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
    assert_eq!(leecher.on_disk().await, 0);
    leecher.torrents.close(Session(1));
    leecher.caught();
    // What is smaller than the bound plays from disk whatever its pieces are.
    let film = self::film(300_000, 31);
    let seeder = film.seed(None).await;
    leecher.open(2, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    assert!(read(&leecher.film(2), 0, 300_000).await == film.bytes);
    assert_eq!(leecher.on_disk().await, 300_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_tidied_away_again_and_again() {
    let film = film(16 * MIB, 32);
    let seeder = film.seed(None).await;
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    let source = leecher.film(1);
    for start in (0..16).step_by(2) {
        // Something may come while it is emptied.
        let _ = fs::remove_dir_all(data.path().join("cache"));
        compare(&source, &film.bytes[..(start + 2) * MIB], start * MIB).await;
        compare(&source, &film.bytes[..MIB], 0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn long_pieces_are_written_while_they_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(80 * MIB, 36);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    for (piece_length, bound) in [(8 << 20, 64 << 20), (16 << 20, 1 << 30)] {
        let metainfo = torrent_of(&path, piece_length, &[]);
        let seeders = [
            Seeder::start(&metainfo, folder.path(), None).await,
            Seeder::start(&metainfo, folder.path(), None).await,
        ];
        let data = tempfile::tempdir().unwrap();
        let mut leecher = Leecher::start(config(data.path().to_owned(), bound));
        let torrent = leecher.open(1, &metainfo, &seeders.each_ref().map(|s| s.address));
        leecher.ready().await;
        compare(&leecher.film(1), &bytes, 0).await;
        compare(&leecher.film(1), &bytes, 40 * MIB).await;
        let held = leecher.on_disk().await;
        assert!(held <= bound && held > bound.min(80 << 20) / 2, "{held}");
        // Closed in the middle of a piece and begun again: nothing half is left.
        leecher.torrents.close(Session(1));
        leecher.caught();
        leecher.torrents.open(Session(2), torrent, None);
        leecher.ready().await;
        compare(&leecher.film(2), &bytes, 0).await;
    }
}

/// Runs the test `name` of this module again, with a tmpfs of `mib` to itself.
/// Without a disk one long piece is in the making at a time; those that would not leave room to
/// play from are refused.
#[tokio::test(flavor = "multi_thread")]
async fn long_pieces_stay_within_the_ram_of_a_small_board() {
    const LONG: u32 = 16 << 20;
    let film = film(48 * MIB, 33);
    let metainfo = torrent_of(&film.path(), LONG, &[]);
    let seeder = Seeder::start(&metainfo, film.folder.path(), None).await;
    let data = tempfile::tempdir().unwrap();
    let blocked = data.path().join("file");
    fs::write(&blocked, b"a file").unwrap();
    let mut leecher = Leecher::start(config(blocked.clone(), 1 << 30));
    leecher.open(1, &metainfo, &[seeder.address]);
    leecher.ready().await;
    let source = leecher.film(1);
    let reading = compare(&source, &film.bytes, 0);
    tokio::pin!(reading);
    let mut most = 0;
    loop {
        tokio::select! {
            () = &mut reading => break,
            _ = leecher.next() => {
                let status = leecher.torrents.status(Session(1)).unwrap();
                most = most.max(status.stats.assembly_bytes);
            }
        }
    }
    assert!(
        most > 0 && most <= u64::from(LONG),
        "{most} bytes in the making"
    );
    // A ring of two such pieces is none.
    let mut settings = config(blocked, 1 << 30);
    settings.ram_bytes = 32 << 20;
    let mut leecher = Leecher::start(settings);
    leecher.open(1, &metainfo, &[seeder.address]);
    let failure = leecher.failure().await;
    assert!(matches!(failure, SupplyFailure::Disk(_)), "{failure:?}");
}

fn in_namespace(name: &str, mib: u32) {
    let probe = Command::new("unshare").args(["-m", "true"]).status();
    if !probe.is_ok_and(|status| status.success()) {
        eprintln!("no mount namespace here: {name} not run");
        return;
    }
    let disk = tempfile::tempdir().unwrap();
    let script = format!("mount -t tmpfs -o size={mib}m none \"$0\" && exec \"$@\"");
    let status = Command::new("unshare")
        .args(["-m", "sh", "-c", &script])
        .arg(disk.path())
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", &format!("disks::{name}"), "--ignored"])
        .env(DISK, disk.path())
        .status();
    assert!(status.unwrap().success());
    assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 0);
}

/// In the namespace.
fn disk() -> PathBuf {
    std::env::var_os(DISK).expect("in a namespace").into()
}

fn system(command: &str, disk: &Path) {
    let status = Command::new("sh").args(["-c", command]).arg(disk).status();
    assert!(status.unwrap().success(), "{command}");
}

#[test]
fn a_disk_that_others_fill() {
    in_namespace("inside_full", 8);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs in a namespace, by the test before it"]
async fn inside_full() {
    let (film, disk) = (film(24 * MIB, 33), disk());
    let seeder = film.seed(None).await;
    let mut leecher = Leecher::start(config(disk.clone(), 1 << 30));
    let torrent = leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    let source = leecher.film(1);
    // The disk is the bound.
    compare(&source, &film.bytes, 0).await;
    assert!(leecher.on_disk().await > 4 * MIB as u64);
    leecher.torrents.close(Session(1));
    fs::remove_dir_all(disk.join("cache")).unwrap();
    let mut filler = fs::File::create(disk.join("filler")).unwrap();
    let full = std::io::copy(&mut std::io::repeat(7), &mut filler);
    assert!(full.is_err());
    drop(filler);
    leecher.caught();
    leecher.torrents.open(Session(2), torrent.clone(), None);
    leecher.ready().await;
    compare(&leecher.film(2), &film.bytes, 0).await;
    told(&mut leecher, true).await;
    // There is room again, and it is used with the next film.
    leecher.torrents.close(Session(2));
    fs::remove_file(disk.join("filler")).unwrap();
    leecher.caught();
    leecher.torrents.open(Session(3), torrent, None);
    leecher.ready().await;
    compare(&leecher.film(3), &film.bytes, 0).await;
    assert!(leecher.on_disk().await > 4 * MIB as u64);
}

#[test]
fn a_disk_that_becomes_read_only() {
    in_namespace("inside_read_only", 64);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs in a namespace, by the test before it"]
async fn inside_read_only() {
    let (film, disk) = (film(24 * MIB, 34), disk());
    let seeder = film.seed(None).await;
    let mut settings = config(disk.clone(), 16 << 20);
    settings.ram_bytes = 4 << 20;
    let mut leecher = Leecher::start(settings);
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    let source = leecher.film(1);
    compare(&source, &film.bytes[..4 * MIB], 0).await;
    // Refused while a piece is being written.
    let remount = "for i in $(seq 1000); do mount -o remount,ro \"$0\" && exit; done; exit 1";
    system(remount, &disk);
    compare(&source, &film.bytes, 4 * MIB).await;
    told(&mut leecher, true).await;
    compare(&source, &film.bytes, 0).await;
    system("mount -o remount,rw \"$0\"", &disk);
}

#[test]
fn a_disk_that_is_pulled_out() {
    in_namespace("inside_pulled_out", 64);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs in a namespace, by the test before it"]
async fn inside_pulled_out() {
    let (film, disk) = (film(24 * MIB, 35), disk());
    let seeder = film.seed(None).await;
    let mut leecher = Leecher::start(config(disk.clone(), 16 << 20));
    let torrent = leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    let source = leecher.film(1);
    compare(&source, &film.bytes[..4 * MIB], 0).await;
    system("umount -l \"$0\"", &disk);
    compare(&source, &film.bytes, 0).await;
    told(&mut leecher, true).await;
    assert_eq!(fs::read_dir(&disk).unwrap().count(), 0, "not its place");
    // Another one, with the next film; the first file on it is made by hand, as on a disk that
    // was used before.
    leecher.torrents.close(Session(1));
    system(
        "mount -t tmpfs -o size=64m none \"$0\" && mkdir \"$0/cache\"",
        &disk,
    );
    leecher.caught();
    leecher.torrents.open(Session(2), torrent, None);
    leecher.ready().await;
    compare(&leecher.film(2), &film.bytes, 0).await;
    assert!(leecher.on_disk().await > 8 * MIB as u64);
    system("umount -l \"$0\"", &disk);
}
