//! A peer is found over the DHT (BEP 5), for a magnet link that names neither peer nor tracker.
//! The node asked is a few lines of our own, so that a loopback network of one node will do.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use app::Session;
use fixtures::leecher::{Leecher, compare, config};
use fixtures::{Seeder, hex, info_hash, payload, torrent_of};
use tokio::net::UdpSocket;

/// A node that knows one peer of everything, and counts what it is asked.
async fn node(peer: SocketAddr) -> (String, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&asked);
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = socket.local_addr().unwrap();
    let (peer, itself) = (compact(peer), compact(address));
    tokio::spawn(async move {
        let mut packet = [0; 2048];
        while let Ok((length, from)) = socket.recv_from(&mut packet).await {
            counted.fetch_add(1, Ordering::Relaxed);
            let packet = &packet[..length];
            let find = |what: &[u8]| packet.windows(what.len()).position(|w| w == what);
            let Some(at) = find(b"1:t") else {
                continue;
            };
            // The transaction goes back as it came: "1:t2:xx".
            let digits = packet[at + 3..].iter().position(|b| *b == b':').unwrap();
            let number = std::str::from_utf8(&packet[at + 3..at + 3 + digits]).unwrap();
            let end = at + 3 + digits + 1 + number.parse::<usize>().unwrap();
            let values = if find(b"9:get_peers").is_some() {
                [b"5:token1:x6:valuesl6:", &peer[..], b"e"].concat()
            } else {
                // Who is to be asked: only then the node counts as one.
                [b"5:nodes26:abcdefghij0123456789", &itself[..]].concat()
            };
            let answer = [
                b"d1:rd2:id20:abcdefghij0123456789",
                &values[..],
                b"e",
                &packet[at..end],
                b"1:y1:re",
            ];
            socket.send_to(&answer.concat(), from).await.unwrap();
        }
    });
    (address.to_string(), asked)
}

fn compact(address: SocketAddr) -> Vec<u8> {
    let SocketAddr::V4(address) = address else {
        panic!("no IPv4 address");
    };
    [&address.ip().octets()[..], &address.port().to_be_bytes()].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_magnet_without_a_tracker() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(1 << 20, 51);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, 64 * 1024, &[]);
    let seeder = Seeder::start(&metainfo, folder.path(), None).await;
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.allow_local_peers = true;
    settings.dht = true;
    settings.dht_entries = Some(vec![node(seeder.address).await.0]);
    let mut leecher = Leecher::start(settings);
    let link = format!("magnet:?xt=urn:btih:{}", hex(info_hash(&metainfo)));
    let torrent = leecher.torrents.add_magnet(&link).unwrap();
    leecher.torrents.open(Session(1), torrent, None);
    leecher.ready().await;
    compare(&leecher.film(1), &bytes, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_torrent_is_not_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(1 << 20, 52);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, 64 * 1024, &[]);
    // BEP 27; the info dictionary ends before the last two bytes.
    let metainfo = [&metainfo[..metainfo.len() - 2], b"7:privatei1eee"].concat();
    let seeder = Seeder::start(&metainfo, folder.path(), None).await;
    let data = tempfile::tempdir().unwrap();
    let (entry, asked) = node(seeder.address).await;
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.dht = true;
    settings.dht_entries = Some(vec![entry]);
    let mut leecher = Leecher::start(settings);
    leecher.open(1, &metainfo, &[seeder.address]);
    leecher.ready().await;
    compare(&leecher.film(1), &bytes, 0).await;
    assert_eq!(asked.load(Ordering::Relaxed), 0);
}
