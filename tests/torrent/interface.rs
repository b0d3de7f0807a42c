//! Bound to an interface: it goes by that or not at all. (That no packet leaves elsewhere is shown
//! in a network namespace.)

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};

use app::{SupplyFailure, SupplyNews};
use fixtures::leecher::{Leecher, compare, config, read};
use fixtures::libtorrent::LibtorrentSeeder;
use fixtures::tracker::HttpTracker;
use fixtures::{Seeder, payload, torrent_of};
use tokio::net::{TcpListener, UdpSocket};

const GONE: &str = "matinee-none";

#[tokio::test(flavor = "multi_thread")]
async fn a_film_comes_by_the_interface() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(3_000_000, 111);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let seeder = Seeder::start(&torrent_of(&path, 65536, &[]), folder.path(), None).await;
    let tracker = HttpTracker::start(seeder.address).await;
    let url = tracker.url.replace("127.0.0.1", "localhost");
    let metainfo = torrent_of(&path, 65536, &[url]);
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.bind_interface = Some("lo".into());
    settings.allow_local_peers = true;
    let mut leecher = Leecher::start(settings.clone());
    leecher.open(1, &metainfo, &[]);
    leecher.ready().await;
    compare(&leecher.film(1), &bytes, 0).await;
    assert_ne!(leecher.torrents.port(), 0);
    leecher.torrents.settled().await;
    drop(leecher);
    // What is held is played without it; the last pieces may not have been written when it ended.
    settings.bind_interface = Some(GONE.into());
    let mut leecher = Leecher::start(settings);
    leecher.open(2, &metainfo, &[]);
    leecher.ready().await;
    let film = leecher.film(2);
    assert!(read(&film, 0, 1_000_000).await == bytes[..1_000_000]);
    assert_eq!(leecher.torrents.port(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_interface_nothing_is_sent_and_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    fs::write(&path, payload(300_000, 112)).unwrap();
    let peer = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let peer_udp = UdpSocket::bind(peer.local_addr().unwrap()).await.unwrap();
    let at = peer.local_addr().unwrap();
    let tracker = HttpTracker::start(at).await;
    let trackers = [tracker.url.clone(), format!("udp://{at}/announce")];
    let metainfo = torrent_of(&path, 65536, &trackers);
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.bind_interface = Some(GONE.into());
    settings.allow_local_peers = true;
    settings.dht = true;
    settings.dht_entries = Some(vec![at.to_string()]);
    let mut leecher = Leecher::start(settings);
    leecher.open(1, &metainfo, &[at]);
    leecher.ready().await;
    let film = leecher.film(1);
    let reading = tokio::spawn(async move { film.read_at(0, 1000).await });
    assert_eq!(
        leecher.failure().await,
        SupplyFailure::NoInterface(GONE.into())
    );
    assert!(reading.await.unwrap().is_err());
    assert!(tracker.asked.lock().unwrap().is_empty());
    assert!(peer_udp.try_recv(&mut [0; 2000]).is_err());
    let called = tokio::time::timeout(std::time::Duration::ZERO, peer.accept()).await;
    assert!(called.is_err(), "called without the interface");
}

/// Two machines with one cable: network namespaces of two threads. None without the rights.
struct Cable {
    /// Of the far end.
    thread: i32,
}

const CABLE: &str = "matinee0";
const FAR_PORT: u16 = 6999;

impl Cable {
    /// Moves this thread, and what it starts, to the near end.
    fn new(thread: i32) -> Option<Cable> {
        let cable = Cable { thread };
        (unshared() && cable.plug()).then_some(cable)
    }

    fn plug(&self) -> bool {
        let far = format!(
            "link add {CABLE} type veth peer name far netns {}",
            self.thread
        );
        ip(&far)
            && ip(&format!("addr add 10.77.0.1/24 dev {CABLE}"))
            && ip(&format!("link set {CABLE} up"))
            && self.ip_far("addr add 10.77.0.2/24 dev far")
            && self.ip_far("link set far up")
    }

    fn ip_far(&self, what: &str) -> bool {
        let process = std::process::id();
        let space = format!("--net=/proc/{process}/task/{}/ns/net", self.thread);
        run(
            "nsenter",
            std::iter::once(&*space)
                .chain(["ip"])
                .chain(what.split(' ')),
        )
    }
}

fn unshared() -> bool {
    // SAFETY: it changes where this thread's sockets are, and no memory.
    unsafe { libc::unshare(libc::CLONE_NEWNET) == 0 }
}

fn ip(what: &str) -> bool {
    run("ip", what.split(' '))
}

fn run<'a>(program: &str, arguments: impl Iterator<Item = &'a str>) -> bool {
    let done = std::process::Command::new(program).args(arguments).status();
    done.is_ok_and(|status| status.success())
}

/// A tunnel that is set up anew has another index: every socket must be another.
#[test]
fn it_goes_on_when_the_interface_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(6_000_000, 113);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, 65536, &[]);
    let (here, threads) = std::sync::mpsc::channel();
    let (plugged, told) = std::sync::mpsc::channel::<()>();
    let (seeding, seeds) = std::sync::mpsc::channel();
    let (end, ended) = std::sync::mpsc::channel::<()>();
    let (far_metainfo, far_folder) = (metainfo.clone(), folder.path().to_owned());
    let far = std::thread::spawn(move || {
        // SAFETY: it only asks.
        here.send((unshared(), unsafe { libc::gettid() })).unwrap();
        let Ok(()) = told.recv() else {
            return;
        };
        assert!(ip("link set lo up"));
        let seeder = LibtorrentSeeder::start(&far_metainfo, &far_folder, 400_000);
        forward(seeder.address);
        seeding.send(()).unwrap();
        let _ = ended.recv();
        drop(seeder);
    });
    let near = std::thread::spawn(move || {
        let (alone, thread) = threads.recv().unwrap();
        let Some(cable) = Cable::new(thread).filter(|_| alone) else {
            println!("not looked at: network namespaces need rights");
            return;
        };
        plugged.send(()).unwrap();
        seeds.recv().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(unplug(&cable, &metainfo, &bytes));
        end.send(()).unwrap();
    });
    near.join().unwrap();
    far.join().unwrap();
}

/// Takes calls at the far end for the seeder, which leaves an address when its interface goes.
fn forward(to: SocketAddr) {
    let listener = std::net::TcpListener::bind((Ipv4Addr::UNSPECIFIED, FAR_PORT)).unwrap();
    std::thread::spawn(move || {
        while let Ok((called, _)) = listener.accept() {
            let seeder = std::net::TcpStream::connect(to).unwrap();
            for (mut from, mut to) in [
                (called.try_clone().unwrap(), seeder.try_clone().unwrap()),
                (seeder, called),
            ] {
                std::thread::spawn(move || {
                    let _ = std::io::copy(&mut from, &mut to);
                    let _ = to.shutdown(std::net::Shutdown::Both);
                });
            }
        }
    });
}

async fn unplug(cable: &Cable, metainfo: &[u8], bytes: &[u8]) {
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.listen = Some((Ipv4Addr::UNSPECIFIED, 0).into());
    settings.bind_interface = Some(CABLE.into());
    let mut leecher = Leecher::start(settings);
    let port = leecher.torrents.port();
    leecher.open(
        1,
        metainfo,
        &[(Ipv4Addr::new(10, 77, 0, 2), FAR_PORT).into()],
    );
    leecher.ready().await;
    let source = leecher.film(1);
    assert!(read(&source, 0, 65536).await == bytes[..65536]);
    assert!(ip(&format!("link del {CABLE}")));
    loop {
        match leecher.next().await.1 {
            SupplyNews::Progress(progress) if progress.peers == 0 => break,
            SupplyNews::Progress(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(cable.plug());
    let there = read(&source, 5_000_000, 65536).await;
    assert!(there == bytes[5_000_000..][..65536]);
    assert_eq!(leecher.torrents.port(), port);
}
