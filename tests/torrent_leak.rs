//! No packet leaves by another interface than the one that was chosen, and none at all when that
//! one is gone. Counted by the kernel, on the interface where leaks would be.
//!
//! Two network namespaces and two cables between them: `home`, the default route, and `vpn`, to
//! which the engine is bound. On the far side everybody the engine knows (name server, trackers,
//! DHT, peers over TCP and uTP, web seed) can be reached by either cable. Namespaces need root:
//! without it the test says so and passes.
#![allow(clippy::unwrap_used)]

use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use app::Session;
use fixtures::endless::{Endless, EndlessSeeder};
use fixtures::leecher::{Leecher, config, read};
use fixtures::{hex, info_hash};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, UdpSocket};
use torrent::Config;

/// On the far side, behind both cables.
const FAR: Ipv4Addr = Ipv4Addr::new(10, 99, 0, 1);

const FILM: Endless = Endless {
    bytes: 512 << 20,
    piece_length: 1 << 20,
};

/// Long enough for every retry that is due soon.
const SETTLE: Duration = Duration::from_secs(3);

#[test]
fn nothing_leaves_by_another_interface() {
    let Some(far) = namespaces() else {
        println!("skipped: it needs root for network namespaces (ip, CAP_NET_ADMIN)");
        return;
    };
    // Its threads are made from here, so they are in this namespace.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        // In this order: what the other leaves behind would be counted.
        bound_it_does_not(&far).await;
        without_a_choice_it_leaks(&far).await;
    });
}

/// What is there to leak: the same engine, free to go where the route says.
async fn without_a_choice_it_leaks(far: &Far) {
    far.forget();
    let before = leaked();
    let (_data, leecher) = engine(far, |_| ());
    settle(far).await;
    assert!(leaked() > before + 10, "the test would see nothing");
    drop(leecher);
}

async fn bound_it_does_not(far: &Far) {
    let before = leaked();
    far.forget();
    let (_data, mut leecher) = engine(far, |config| {
        config.bind_interface = Some("vpn".into());
    });
    leecher.ready().await;
    let film = leecher.film(1);
    for at in [0, FILM.bytes / 2] {
        assert!(FILM.is(at, &read(&film, at, 100_000).await));
    }
    settle(far).await;
    // Everybody was asked, by the right cable.
    for (name, port) in far.everybody() {
        assert!(far.heard(port) > 0, "{name} has heard nothing");
    }
    assert_eq!(leaked(), before, "packets left by the other interface");
    // The cable is cut: silence, whatever the viewer does.
    run("ip link set vpn down");
    let lost = tokio::time::timeout(SETTLE, film.read_at(FILM.bytes / 4 * 3, 1000));
    assert!(lost.await.is_err(), "bytes came from nowhere");
    leecher.torrents.close(Session(1));
    leecher
        .torrents
        .open(Session(2), far.torrent(&leecher), None);
    tokio::time::sleep(SETTLE).await;
    assert_eq!(leaked(), before, "packets left when the interface was gone");
    // And goes on when it is back. What still comes for connections that ended in between the
    // kernel answers itself, by a reset that knows of no socket and so of no interface (RFC 9293,
    // section 3.10.7.1).
    let resets_before = resets();
    run("ip link set vpn up");
    run("ip route add default via 10.77.2.1 dev vpn metric 200");
    leecher.ready().await;
    let film = leecher.film(2);
    let at = FILM.bytes / 4;
    assert!(FILM.is(at, &read(&film, at, 100_000).await));
    let resets = resets() - resets_before;
    assert!(leaked() - before <= resets, "packets left after it");
}

/// Until everybody has been asked, or long enough.
async fn settle(far: &Far) {
    for _ in 0..100 {
        if far.everybody().iter().all(|(_, port)| far.heard(*port) > 0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn engine(far: &Far, change: impl FnOnce(&mut Config)) -> (tempfile::TempDir, Leecher) {
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 32 << 20);
    settings.listen = Some((Ipv4Addr::UNSPECIFIED, 0).into());
    settings.allow_local_peers = true;
    settings.dht = true;
    settings.lsd = true;
    settings.port_mapping = true;
    settings.dht_entries = Some(vec![format!("{FAR}:{}", far.dht.1)]);
    settings.name_servers = vec![(FAR, far.names.1).into()];
    change(&mut settings);
    let leecher = Leecher::start(settings);
    leecher
        .torrents
        .open(Session(1), far.torrent(&leecher), None);
    (data, leecher)
}

type Served = (&'static str, u16);

/// Everybody on the far side.
struct Far {
    names: Served,
    dht: Served,
    udp_tracker: Served,
    http_tracker: Served,
    web_seed: Served,
    utp_peer: Served,
    peer: SocketAddr,
    metainfo: Vec<u8>,
    /// Packets and connections by port.
    heard: Arc<[AtomicU64; 65536]>,
}

impl Far {
    fn everybody(&self) -> [Served; 6] {
        [
            self.names,
            self.dht,
            self.udp_tracker,
            self.http_tracker,
            self.web_seed,
            self.utp_peer,
        ]
    }

    fn heard(&self, port: u16) -> u64 {
        self.heard[usize::from(port)].load(Ordering::Relaxed)
    }

    fn forget(&self) {
        self.heard
            .iter()
            .for_each(|n| n.store(0, Ordering::Relaxed));
    }

    /// The film with all of them.
    fn torrent(&self, leecher: &Leecher) -> app::TorrentRef {
        let link = format!(
            "magnet:?xt=urn:btih:{}&tr=http://tracker.test:{}/a&tr=udp://{FAR}:{}/a\
             &ws=http://{FAR}:{}/film.mkv&x.pe={}&x.pe={FAR}:{}",
            hex(info_hash(&self.metainfo)),
            self.http_tracker.1,
            self.udp_tracker.1,
            self.web_seed.1,
            self.peer,
            self.utp_peer.1,
        );
        leecher.torrents.add_metainfo(&self.metainfo).unwrap();
        leecher.torrents.add_magnet(&link).unwrap()
    }
}

/// Enters a namespace with this thread and starts the far side in another. None: not allowed.
fn namespaces() -> Option<Far> {
    enter_new_namespace().ok()?;
    let (ready, far) = std::sync::mpsc::channel();
    let (cabled, may_serve) = std::sync::mpsc::channel::<()>();
    std::thread::spawn(move || {
        enter_new_namespace().unwrap();
        // SAFETY: it asks for a number.
        ready.send(Err(unsafe { libc::gettid() })).unwrap();
        may_serve.recv().unwrap();
        run("ip link set lo up");
        run(&format!("ip addr add {FAR}/32 dev lo"));
        for (cable, net) in [("home", 1), ("vpn", 2)] {
            run(&format!("ip addr add 10.77.{net}.1/24 dev far-{cable}"));
            run(&format!("ip link set far-{cable} up"));
        }
        // Threads of it are made from here too.
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            ready.send(Ok(far_side().await)).unwrap();
            std::future::pending::<()>().await;
        });
    });
    let Err(thread) = far.recv().unwrap() else {
        unreachable!("the number comes first");
    };
    for (cable, net) in [("home", 1), ("vpn", 2)] {
        run(&format!(
            "ip link add {cable} type veth peer name far-{cable}"
        ));
        run(&format!("ip link set far-{cable} netns {thread}"));
        // Or the kernel itself would say something when it goes up.
        run(&format!("ip link set {cable} addrgenmode none"));
        let quiet = format!("/proc/sys/net/ipv6/conf/{cable}/disable_ipv6");
        let _ = std::fs::write(quiet, "1");
        run(&format!("ip addr add 10.77.{net}.2/24 dev {cable}"));
        run(&format!("ip link set {cable} up"));
        let metric = 100 * net;
        run(&format!(
            "ip route add default via 10.77.{net}.1 dev {cable} metric {metric}"
        ));
    }
    run("ip link set lo up");
    cabled.send(()).unwrap();
    far.recv().unwrap().ok()
}

fn enter_new_namespace() -> std::io::Result<()> {
    // SAFETY: it changes what this thread sees of the network, and no memory.
    match unsafe { libc::unshare(libc::CLONE_NEWNET) } {
        0 => Ok(()),
        _ => Err(std::io::Error::last_os_error()),
    }
}

/// A command of iproute2, in the namespace of this thread.
fn run(command: &str) {
    let mut words = command.split(' ');
    let status = Command::new(words.next().unwrap()).args(words).status();
    assert!(status.unwrap().success(), "{command}");
}

/// Packets that went elsewhere than by the cable: by the other, or to this machine itself, where a
/// resolver would carry names on.
fn leaked() -> u64 {
    sent_by("home") + sent_by("lo")
}

/// Resets that the kernel of this thread's namespace has sent (`OutRsts`, RFC 4022).
fn resets() -> u64 {
    let all = std::fs::read_to_string("/proc/thread-self/net/snmp").unwrap();
    let mut lines = all.lines().filter(|line| line.starts_with("Tcp:"));
    let (names, numbers) = (lines.next().unwrap(), lines.next().unwrap());
    let place = names.split(' ').position(|name| name == "OutRsts");
    let number = numbers.split(' ').nth(place.unwrap());
    number.unwrap().parse().unwrap()
}

/// Packets that an interface of this thread's namespace has sent. Not from `/sys`, which shows
/// those of another.
fn sent_by(interface: &str) -> u64 {
    let all = std::fs::read_to_string("/proc/thread-self/net/dev").unwrap();
    let line = all.lines().find_map(|line| {
        let (name, numbers) = line.split_once(':')?;
        (name.trim() == interface).then_some(numbers)
    });
    // Eight numbers of what came, then bytes and packets of what went.
    line.unwrap()
        .split_whitespace()
        .nth(9)
        .unwrap()
        .parse()
        .unwrap()
}

async fn far_side() -> Far {
    let metainfo = FILM.metainfo();
    let at: SocketAddr = (FAR, 0).into();
    let seeder = EndlessSeeder::start_at(at, FILM, info_hash(&metainfo)).await;
    let zeros: Box<[AtomicU64]> = (0..65536).map(|_| AtomicU64::new(0)).collect();
    let heard: Arc<[AtomicU64; 65536]> = Arc::from(Box::try_from(zeros).ok().unwrap());
    let far = Far {
        names: ("the name server", listen_udp(&heard, true).await),
        dht: ("the DHT", listen_udp(&heard, false).await),
        udp_tracker: ("the UDP tracker", listen_udp(&heard, false).await),
        http_tracker: ("the HTTP tracker", listen_tcp(&heard).await),
        web_seed: ("the web seed", listen_tcp(&heard).await),
        utp_peer: ("the uTP peer", listen_udp(&heard, false).await),
        peer: seeder.address,
        metainfo,
        heard,
    };
    // It seeds as long as the program runs.
    std::mem::forget(seeder);
    far
}

/// Counts what comes. As a name server it says that every name is at the far side.
async fn listen_udp(heard: &Arc<[AtomicU64; 65536]>, names: bool) -> u16 {
    let socket = UdpSocket::bind((FAR, 0)).await.unwrap();
    let port = socket.local_addr().unwrap().port();
    let heard = Arc::clone(heard);
    tokio::spawn(async move {
        let mut packet = [0; 2048];
        while let Ok((length, from)) = socket.recv_from(&mut packet).await {
            heard[usize::from(port)].fetch_add(1, Ordering::Relaxed);
            if names {
                let answer = name_answer(&packet[..length]);
                socket.send_to(&answer, from).await.unwrap();
            }
        }
    });
    port
}

/// The question again, and for an A question one address (RFC 1035).
fn name_answer(question: &[u8]) -> Vec<u8> {
    let is_a = question[question.len() - 4..] == [0, 1, 0, 1];
    let mut answer = question.to_vec();
    answer[2..4].copy_from_slice(&[0x81, 0x80]);
    answer[7] = is_a.into();
    if is_a {
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
        answer.extend(FAR.octets());
    }
    answer
}

/// Counts who calls, and hangs up after the first words.
async fn listen_tcp(heard: &Arc<[AtomicU64; 65536]>) -> u16 {
    let listener = TcpListener::bind((FAR, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::clone(heard);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            heard[usize::from(port)].fetch_add(1, Ordering::Relaxed);
            let _ = stream.read(&mut [0; 1024]).await;
        }
    });
    port
}
