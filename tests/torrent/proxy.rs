//! Everything goes through the SOCKS5 proxy, names too, and nothing past it.

use std::collections::HashMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use app::{Session, SupplyFailure};
use fixtures::leecher::{Leecher, compare, config};
use fixtures::tracker::HttpTracker;
use fixtures::{Seeder, payload, torrent_of};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::Notify;
use torrent::{Config, Socks5};

/// A proxy (RFC 1928) that knows one user (RFC 1929), and one host by name.
struct Proxy {
    address: SocketAddr,
    /// What it was asked for, as it was written.
    asked: Arc<Mutex<Vec<String>>>,
    refused: Arc<Notify>,
}

const USER: &str = "a user";
const PASSWORD: &str = "p@ss:word/";

impl Proxy {
    async fn start(names: HashMap<&'static str, SocketAddr>) -> Proxy {
        let any = (Ipv4Addr::LOCALHOST, 0).into();
        Proxy::start_at(any, names).await
    }

    async fn start_at(at: SocketAddr, names: HashMap<&'static str, SocketAddr>) -> Proxy {
        let listener = TcpListener::bind(at).await.unwrap();
        let proxy = Proxy {
            address: listener.local_addr().unwrap(),
            asked: Arc::default(),
            refused: Arc::default(),
        };
        let (asked, refused) = (Arc::clone(&proxy.asked), Arc::clone(&proxy.refused));
        let names = Arc::new(names);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (asked, refused) = (Arc::clone(&asked), Arc::clone(&refused));
                let names = Arc::clone(&names);
                tokio::spawn(async move {
                    if serve(stream, &asked, &names).await.is_none() {
                        refused.notify_one();
                    }
                });
            }
        });
        proxy
    }

    fn config(&self, data: &std::path::Path, password: &str) -> Config {
        through(self.address, data, password)
    }
}

fn through(proxy: SocketAddr, data: &std::path::Path, password: &str) -> Config {
    Config {
        proxy: Some(Socks5 {
            host: proxy.ip().to_string(),
            port: proxy.port(),
            login: Some((USER.into(), password.into())),
        }),
        allow_local_peers: true,
        dht: true,
        ..config(data.to_owned(), 1 << 30)
    }
}

async fn serve(
    mut stream: TcpStream,
    asked: &Mutex<Vec<String>>,
    names: &HashMap<&'static str, SocketAddr>,
) -> Option<()> {
    let counted = async |stream: &mut TcpStream| {
        let length = stream.read_u8().await.ok()?;
        let mut bytes = vec![0; usize::from(length)];
        stream.read_exact(&mut bytes).await.ok()?;
        Some(bytes)
    };
    assert_eq!(stream.read_u8().await.ok()?, 5);
    let methods = counted(&mut stream).await?;
    assert!(methods.contains(&2), "{methods:?}");
    stream.write_all(&[5, 2]).await.ok()?;
    assert_eq!(stream.read_u8().await.ok()?, 1);
    let (user, password) = (counted(&mut stream).await?, counted(&mut stream).await?);
    if user != USER.as_bytes() || password != PASSWORD.as_bytes() {
        let _ = stream.write_all(&[1, 1]).await;
        return None;
    }
    stream.write_all(&[1, 0]).await.ok()?;
    let mut head = [0; 4];
    stream.read_exact(&mut head).await.ok()?;
    assert_eq!(head[..3], [5, 1, 0], "CONNECT and nothing else");
    let host = match head[3] {
        1 => Ipv4Addr::from_bits(stream.read_u32().await.ok()?).to_string(),
        3 => String::from_utf8(counted(&mut stream).await?).unwrap(),
        other => panic!("address of kind {other}"),
    };
    let port = stream.read_u16().await.ok()?;
    asked.lock().unwrap().push(format!("{host}:{port}"));
    let to = match names.get(host.as_str()) {
        Some(to) => *to,
        None => format!("{host}:{port}").parse().unwrap(),
    };
    let mut there = TcpStream::connect(to).await.ok()?;
    stream
        .write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
        .await
        .ok()?;
    let _ = copy_bidirectional(&mut stream, &mut there).await;
    Some(())
}

#[tokio::test(flavor = "multi_thread")]
async fn peers_and_trackers_go_through_it_and_it_resolves_names() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(3_000_000, 101);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let seeder = Seeder::start(&torrent_of(&path, 65536, &[]), folder.path(), None).await;
    let tracker = HttpTracker::start(seeder.address).await;
    let port = tracker
        .url
        .rsplit(':')
        .next()
        .unwrap()
        .replace("/announce", "");
    let at = SocketAddr::from((Ipv4Addr::LOCALHOST, port.parse().unwrap()));
    let proxy = Proxy::start(HashMap::from([("tracker.invalid", at)])).await;
    let datagrams = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let trackers = [
        format!("http://tracker.invalid:{port}/announce"),
        format!("udp://{}/announce", datagrams.local_addr().unwrap()),
    ];
    let metainfo = torrent_of(&path, 65536, &trackers);
    let data = tempfile::tempdir().unwrap();
    let mut settings = proxy.config(data.path(), PASSWORD);
    settings.dht_entries = Some(vec![datagrams.local_addr().unwrap().to_string()]);
    let mut leecher = Leecher::start(settings);
    leecher.open(1, &metainfo, &[]);
    leecher.ready().await;
    compare(&leecher.film(1), &bytes, 0).await;
    let asked = proxy.asked.lock().unwrap().clone();
    assert!(
        asked.contains(&format!("tracker.invalid:{port}")),
        "{asked:?}"
    );
    assert!(asked.contains(&seeder.address.to_string()), "{asked:?}");
    assert_eq!(leecher.torrents.port(), 0, "nobody can call past the proxy");
    let arrived = datagrams.try_recv(&mut [0; 2000]);
    assert!(arrived.is_err(), "a datagram went past the proxy");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_refuses_us_is_not_gone_around() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    fs::write(&path, payload(300_000, 102)).unwrap();
    let peer = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let peer_udp = UdpSocket::bind(peer.local_addr().unwrap()).await.unwrap();
    let tracker = HttpTracker::start(peer.local_addr().unwrap()).await;
    let metainfo = torrent_of(&path, 65536, std::slice::from_ref(&tracker.url));
    let proxy = Proxy::start(HashMap::new()).await;
    let data = tempfile::tempdir().unwrap();
    let mut leecher = Leecher::start(proxy.config(data.path(), "guessed"));
    leecher.open(1, &metainfo, &[peer.local_addr().unwrap()]);
    leecher.ready().await;
    // The peer more than once, and the tracker.
    for _ in 0..4 {
        proxy.refused.notified().await;
    }
    assert!(tracker.asked.lock().unwrap().is_empty());
    assert!(peer_udp.try_recv(&mut [0; 2000]).is_err());
    let called = tokio::time::timeout(std::time::Duration::ZERO, peer.accept()).await;
    assert!(called.is_err(), "called past the proxy");
}

/// A player that waits behind a proxy that takes calls and says nothing, one that is not there and
/// one that does not let us in is told; when the proxy is back, trying again is enough.
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_does_not_answer_is_told_and_forgotten_when_it_does() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(300_000, 103);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, 65536, &[]);
    let seeder = Seeder::start(&metainfo, folder.path(), None).await;
    let refusing = Proxy::start(HashMap::new()).await;
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let gone = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let gone_at = gone.local_addr().unwrap();
    drop(gone);
    let wait = async |proxy: SocketAddr, password: &str| {
        let data = tempfile::tempdir().unwrap();
        let mut leecher = Leecher::start(through(proxy, data.path(), password));
        leecher.open(1, &metainfo, &[seeder.address]);
        leecher.ready().await;
        let film = leecher.film(1);
        let (read, failure) = tokio::join!(film.read_at(0, 1000), leecher.failure());
        assert!(read.is_err());
        assert_eq!(failure, SupplyFailure::NoProxy(proxy.to_string()));
        (leecher, data)
    };
    let (_, _, (mut leecher, _data)) = tokio::join!(
        wait(silent.local_addr().unwrap(), PASSWORD),
        wait(refusing.address, "guessed"),
        wait(gone_at, PASSWORD),
    );
    leecher.torrents.close(Session(1));
    let back = Proxy::start_at(gone_at, HashMap::new()).await;
    leecher.open(2, &metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(2), &bytes, 0).await;
    let asked = back.asked.lock().unwrap().clone();
    assert!(asked.contains(&seeder.address.to_string()), "{asked:?}");
}
