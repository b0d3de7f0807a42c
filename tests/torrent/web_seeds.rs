//! Web seeds (BEP 19): films from an HTTP server on loopback, alone and beside peers, and from
//! servers that do everything wrong.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use app::{Session, SupplyNews, TorrentRef};
use fixtures::leecher::{Leecher, compare, config, read};
use fixtures::web::{Fault, Manner, WebServer, Whim};
use fixtures::{Seeder, payload, torrent_of};

const MIB: usize = 1 << 20;

struct Film {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
    metainfo: Vec<u8>,
}

fn film(bytes: usize, seed: u64) -> Film {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(bytes, seed);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, 256 * 1024, &[]);
    Film {
        folder,
        bytes,
        metainfo,
    }
}

impl Film {
    async fn server(&self, manner: Manner) -> WebServer {
        let files = vec![("/d/film.mp4".to_owned(), self.bytes.clone())];
        WebServer::start(files, manner).await
    }
}

/// Ours, on a folder that ends with it.
struct Ours {
    leecher: Leecher,
    _data: tempfile::TempDir,
}

fn ours() -> Ours {
    let data = tempfile::tempdir().unwrap();
    let leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    Ours {
        leecher,
        _data: data,
    }
}

impl Ours {
    /// Opens `metainfo` with these web seeds, named by the reference.
    async fn open(&mut self, metainfo: &[u8], seeds: &[String]) -> TorrentRef {
        let mut torrent = self.leecher.torrents.add_metainfo(metainfo).unwrap();
        torrent.web_seeds = seeds.to_vec();
        self.leecher
            .torrents
            .open(Session(1), torrent.clone(), None);
        self.leecher.ready().await;
        torrent
    }
}

fn whim(whim: impl Fn(u32, &str) -> Fault + Send + Sync + 'static) -> Manner {
    let whim: Whim = Arc::new(whim);
    Manner {
        whim,
        ..Manner::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_of_a_web_seed_alone() {
    let film = film(24 * MIB + 12_345, 201);
    let server = film.server(Manner::default()).await;
    let mut ours = ours();
    let began = Instant::now();
    ours.open(&film.metainfo, &[server.url("/d/film.mp4")])
        .await;
    let source = ours.leecher.film(1);
    compare(&source, &film.bytes, 0).await;
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{:.0} MB/s, {} requests, {} connections",
        film.bytes.len() as f64 / 1e6 / seconds,
        server.count(),
        server.calls.load(Ordering::Relaxed)
    );
    // Two, and one that is closing.
    assert!(server.most.load(Ordering::Relaxed) <= 3);
    // What a reader waits for may push aside what is on its way.
    let waste = server.sent() as f64 / film.bytes.len() as f64 - 1.0;
    assert!((0.0..0.25).contains(&waste), "{waste}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_far_server_is_used_at_its_full_rate() {
    let film = film(12 * MIB, 202);
    let manner = Manner {
        rate: Some(4_000_000),
        round_trip: Duration::from_millis(150),
        ..Manner::default()
    };
    let server = film.server(manner).await;
    let mut ours = ours();
    let began = Instant::now();
    ours.open(&film.metainfo, &[server.url("/d/")]).await;
    let source = ours.leecher.film(1);
    read(&source, 0, 1000).await;
    println!("first bytes after {:?}", began.elapsed());
    compare(&source, &film.bytes, 0).await;
    println!("all after {:?}, 3.15 s at its rate", began.elapsed());
    println!("{} requests", server.count());
    // Range by range without overlap it would take a second more than twice.
    assert!(began.elapsed() < Duration::from_secs(6));
    // Two, and one that is closing.
    assert!(server.most.load(Ordering::Relaxed) <= 3);
    assert!(server.calls.load(Ordering::Relaxed) <= 4, "kept alive");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seek_leaves_what_nobody_wants() {
    let film = film(40 * MIB, 203);
    let manner = Manner {
        rate: Some(4_000_000),
        round_trip: Duration::from_millis(30),
        ..Manner::default()
    };
    let server = film.server(manner).await;
    let mut ours = ours();
    ours.open(&film.metainfo, &[server.url("/d/film.mp4")])
        .await;
    let source = ours.leecher.film(1);
    read(&source, 0, 1000).await;
    for mib in [30, 10, 20, 5] {
        let began = Instant::now();
        let bytes = read(&source, (mib * MIB) as u64, 100_000).await;
        println!("at {mib} MiB after {:?}", began.elapsed());
        assert!(bytes == film.bytes[mib * MIB..][..100_000]);
        assert!(began.elapsed() < Duration::from_secs(2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_folder_are_joined() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("My film #1");
    fs::create_dir_all(root.join("b c")).unwrap();
    let files = [
        ("a.txt", payload(70_001, 1)),
        ("b c/film.mkv", payload(3 * MIB + 7, 2)),
        ("b c/film.srt", payload(999, 3)),
        ("z.nfo", payload(40_000, 4)),
    ];
    for (path, bytes) in &files {
        fs::write(root.join(path), bytes).unwrap();
    }
    let metainfo = torrent_of(&root, 64 * 1024, &[]);
    let served = files.iter().map(|(path, bytes)| {
        let path = format!("/x/My%20film%20%231/{}", path.replace(' ', "%20"));
        (path, bytes.clone())
    });
    let server = WebServer::start(served.collect(), Manner::default()).await;
    let mut ours = ours();
    ours.open(&metainfo, &[server.url("/x")]).await;
    let film = ours.leecher.film(1);
    assert_eq!(film.name(), "film.mkv");
    compare(&film, &files[1].1, 0).await;
    for index in [0, 2, 3] {
        let source = ours.leecher.torrents.source(Session(1), Some(index));
        compare(&source.unwrap(), &files[index as usize].1, 0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_it_has_not_got_hinders_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("film");
    fs::create_dir_all(&root).unwrap();
    // The last piece of the film ends in the text that is not there: a peer has to bring it.
    let film = payload(MIB, 5);
    fs::write(root.join("a.mkv"), &film).unwrap();
    fs::write(root.join("b.txt"), payload(100_000, 6)).unwrap();
    let metainfo = torrent_of(&root, 64 * 1024, &[]);
    let files = vec![("/film/a.mkv".to_owned(), film.clone())];
    let server = WebServer::start(files, Manner::default()).await;
    let mut ours = ours();
    ours.open(&metainfo, &[server.url("/")]).await;
    compare(&ours.leecher.film(1), &film, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn peers_and_web_seeds_together() {
    let film = film(16 * MIB, 204);
    let manner = Manner {
        rate: Some(3_000_000),
        ..Manner::default()
    };
    let server = film.server(manner).await;
    let seeder = Seeder::start(&film.metainfo, film.folder.path(), Some(3_000_000)).await;
    let mut ours = ours();
    let mut torrent = ours.leecher.torrents.add_metainfo(&film.metainfo).unwrap();
    torrent.web_seeds = vec![server.url("/d/")];
    torrent.peers = vec![seeder.address];
    ours.leecher.torrents.open(Session(1), torrent, None);
    ours.leecher.ready().await;
    compare(&ours.leecher.film(1), &film.bytes, 0).await;
    let of_web = server.sent() as f64 / film.bytes.len() as f64;
    println!("{of_web:.2} of it from the web seed");
    assert!((0.05..0.95).contains(&of_web), "{of_web}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_sorry_is_asked_again() {
    let film = film(3 * MIB, 205);
    let busy = "retry-after: 0\r\n".to_owned();
    for fault in [
        Fault::Status(503, busy.clone()),
        Fault::Status(500, String::new()),
        Fault::Status(429, busy),
        Fault::Cut(0),
        Fault::Cut(100_000),
    ] {
        let first = fault.clone();
        let faulty = whim(move |count, _| match count {
            0 | 1 => first.clone(),
            _ => Fault::None,
        });
        let server = film.server(faulty).await;
        let mut ours = ours();
        ours.open(&film.metainfo, &[server.url("/d/")]).await;
        compare(&ours.leecher.film(1), &film.bytes, 0).await;
        println!("{fault:?}: {} requests", server.count());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_no_use_is_left_and_another_takes_its_place() {
    let film = film(3 * MIB, 206);
    for fault in [
        Fault::Corrupt,
        Fault::Shifted,
        Fault::Length(5),
        Fault::Status(404, String::new()),
        Fault::Status(403, String::new()),
        Fault::Status(206, String::new()),
        Fault::Status(200, "content-encoding: gzip\r\n".to_owned()),
        Fault::Redirect("/d/film.mp4".to_owned()),
        Fault::Redirect("ftp://127.0.0.1/".to_owned()),
        Fault::Stall(50_000),
    ] {
        let bad = fault.clone();
        let bad = film.server(whim(move |_, _| bad.clone())).await;
        let good = film.server(Manner::default()).await;
        let mut ours = ours();
        let seeds = [bad.url("/d/"), good.url("/d/")];
        ours.open(&film.metainfo, &seeds).await;
        compare(&ours.leecher.film(1), &film.bytes, 0).await;
        println!("{fault:?}: {} requests", bad.count());
        assert!((1..12).contains(&bad.count()), "{fault:?}: {}", bad.count());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_ranges_is_read_through_from_the_start() {
    let film = film(900_000, 207);
    let server = film.server(whim(|_, _| Fault::IgnoreRange)).await;
    let mut ours = ours();
    ours.open(&film.metainfo, &[server.url("/d/")]).await;
    compare(&ours.leecher.film(1), &film.bytes, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_are_followed_and_remembered() {
    let film = film(3 * MIB, 208);
    let server = film.server(Manner::default()).await;
    let to = server.url("/d/film.mp4");
    let first = film
        .server(whim(move |_, _| Fault::Redirect(to.clone())))
        .await;
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    // A redirect to a local address is followed only if the settings allow it.
    settings.allow_local_peers = true;
    let mut leecher = Leecher::start(settings);
    let mut torrent = leecher.torrents.add_metainfo(&film.metainfo).unwrap();
    torrent.web_seeds = vec![first.url("/elsewhere/")];
    leecher.torrents.open(Session(1), torrent, None);
    leecher.ready().await;
    compare(&leecher.film(1), &film.bytes, 0).await;
    assert!(server.count() > 1);
    assert_eq!(first.count(), 1, "it is remembered");
}

/// Waits for the film's first byte in vain, until the shell has looked at all it has.
async fn nothing_comes(leecher: &mut Leecher) {
    let waiting = tokio::spawn(leecher.film(1).read_at(0, 1000));
    loop {
        if let SupplyNews::Progress(progress) = leecher.next().await.1
            && progress.waiting_at == Some(0)
        {
            break;
        }
    }
    assert!(!waiting.is_finished());
    waiting.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torrent_cannot_send_us_to_our_neighbours() {
    let film = film(MIB, 209);
    let server = film.server(Manner::default()).await;
    let with_list = |url: &str| {
        let end = film.metainfo.len() - 1;
        let list = format!("8:url-list{}:{url}e", url.len());
        [&film.metainfo[..end], list.as_bytes()].concat()
    };
    let by_name = format!("http://localhost:{}/d/", server.address.port());
    for url in [server.url("/d/"), by_name] {
        let mut ours = ours();
        let torrent = ours
            .leecher
            .torrents
            .add_metainfo(&with_list(&url))
            .unwrap();
        assert_eq!(torrent.web_seeds, Vec::<String>::new());
        ours.leecher.torrents.open(Session(1), torrent, None);
        ours.leecher.ready().await;
        nothing_comes(&mut ours.leecher).await;
    }
    // Nor by a detour: the reference may name the first, but not where it leads.
    let to = server.url("/d/film.mp4");
    let detour = film
        .server(whim(move |_, _| Fault::Redirect(to.clone())))
        .await;
    let mut ours = ours();
    ours.open(&film.metainfo, &[detour.url("/d/")]).await;
    let asked = detour.bell.notified();
    nothing_comes(&mut ours.leecher).await;
    asked.await;
    assert_eq!(server.count(), 0);
}
