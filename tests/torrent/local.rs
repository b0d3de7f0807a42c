//! The local network: peers in it (BEP 14), ours and libtorrent's, and its router (UPnP). Here it
//! is the loopback interface alone, so that no packet leaves the machine.

use std::fs;
use std::net::Ipv4Addr;
use std::process::Command;

use app::Session;
use fixtures::leecher::{Leecher, PATIENCE, compare, config};
use fixtures::programs::{Encryption, Kind, Manners, Program};
use fixtures::{Seeder, hex, info_hash, payload, torrent_of};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};

const MIB: usize = 1 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn two_of_ours_find_one_another() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(2 * MIB, 701);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, 64 * 1024, &[]);
    let data = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let settings = |at: usize| {
        let mut settings = config(data[at].path().to_owned(), 1 << 30);
        settings.allow_local_peers = true;
        settings.bind_interface = Some("lo".into());
        settings.lsd = true;
        settings
    };
    let seeder = Seeder::start(&metainfo, folder.path(), None).await;
    let mut first = Leecher::start(settings(0));
    first.open(1, &metainfo, &[seeder.address]);
    first.ready().await;
    compare(&first.film(1), &bytes, 0).await;
    seeder.stop().await;
    // By the hash alone.
    let mut second = Leecher::start(settings(1));
    let link = format!("magnet:?xt=urn:btih:{}", hex(info_hash(&metainfo)));
    let torrent = second.torrents.add_magnet(&link).unwrap();
    second.torrents.open(Session(1), torrent, None);
    second.ready().await;
    compare(&second.film(1), &bytes, 0).await;
}

/// Where everybody is in a network of its own.
const HOME: Ipv4Addr = Ipv4Addr::new(10, 99, 0, 1);

#[test]
fn libtorrent_is_found_and_finds_us() {
    alone("local::libtorrent_is_found");
    alone("local::libtorrent_finds_us");
}

struct Film {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
    metainfo: Vec<u8>,
}

fn film(seed: u64) -> Film {
    let folder = tempfile::tempdir().unwrap();
    let bytes = payload(2 * MIB, seed);
    let path = folder.path().join("film.mp4");
    fs::write(&path, &bytes).unwrap();
    let metainfo = torrent_of(&path, 64 * 1024, &[]);
    Film {
        folder,
        bytes,
        metainfo,
    }
}

fn at_home(data: &tempfile::TempDir) -> Leecher {
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.listen = Some((HOME, 0).into());
    settings.lsd = true;
    Leecher::start(settings)
}

const NEAR: Manners = Manners {
    encryption: Encryption::Allowed,
    utp: false,
    upload: 0,
    near: Some(HOME),
};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by a test above, in a network of its own"]
async fn libtorrent_is_found() {
    let film = film(702);
    let data = tempfile::tempdir().unwrap();
    let mut leecher = at_home(&data);
    leecher.open(1, &film.metainfo, &[]);
    leecher.ready().await;
    let folder = film.folder.path();
    let _seeder = Program::start(Kind::Libtorrent, &film.metainfo, folder, NEAR).await;
    compare(&leecher.film(1), &film.bytes, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by a test above, in a network of its own"]
async fn libtorrent_finds_us() {
    let film = film(703);
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(Kind::Libtorrent, &film.metainfo, folder.path(), NEAR).await;
    let seeder = Seeder::start(&film.metainfo, film.folder.path(), None).await;
    let data = tempfile::tempdir().unwrap();
    let mut leecher = at_home(&data);
    leecher.open(1, &film.metainfo, &[seeder.address]);
    leecher.ready().await;
    // From us alone: the other listens where nobody is told of.
    program.gets(film.bytes.len() as u64).await;
    compare(&leecher.film(1), &film.bytes, 0).await;
}

/// A router (UPnP IGD 1) that opens every port it is asked for; ends with the body of that
/// question.
async fn router() -> String {
    let home = HOME;
    let web = TcpListener::bind((home, 0)).await.unwrap();
    let location = format!("http://{}/igd.xml", web.local_addr().unwrap());
    let search = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 1900))
        .await
        .unwrap();
    search
        .join_multicast_v4(Ipv4Addr::new(239, 255, 255, 250), home)
        .unwrap();
    let answering = async {
        let mut packet = [0; 2048];
        loop {
            let (_, from) = search.recv_from(&mut packet).await.unwrap();
            let kind = "urn:schemas-upnp-org:service:WANIPConnection:1";
            let answer = format!("HTTP/1.1 200 OK\r\nST: {kind}\r\nLOCATION: {location}\r\n\r\n");
            search.send_to(answer.as_bytes(), from).await.unwrap();
        }
    };
    let opening = async {
        loop {
            let (mut stream, _) = web.accept().await.unwrap();
            let question = question(&mut stream).await;
            let description = question.starts_with("GET /igd.xml ");
            let body = if description { DESCRIPTION } else { "" };
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
            let answer = [head.as_bytes(), body.as_bytes()].concat();
            stream.write_all(&answer).await.unwrap();
            if !description {
                break question;
            }
        }
    };
    tokio::select! {
        question = opening => question,
        () = answering => unreachable!("it has no end"),
    }
}

/// Head and body.
async fn question(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(bytes.clone()).unwrap().to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.unwrap();
    bytes.extend(body);
    String::from_utf8(bytes).unwrap()
}

const DESCRIPTION: &str = concat!(
    r#"<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><device>
<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType>
<friendlyName>router</friendlyName>
<serviceList></serviceList>
<deviceList><device>
<deviceType>urn:schemas-upnp-org:device:WANConnectionDevice:1</deviceType>
<friendlyName>line</friendlyName>
<serviceList><service>
<serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>
<controlURL>/open</controlURL><SCPDURL>/x.xml</SCPDURL>
</service></serviceList>
</device></deviceList>
</device>"#,
    // In two parts: together they would look like a path.
    "</",
    "root>"
);

/// The search for a router is a multicast: it is made in a network of its own, of which nothing
/// leaves. Needs root, as `unshare` does.
#[test]
fn the_router_is_asked_to_open_the_port() {
    alone("local::in_a_network_of_its_own");
}

/// Runs one of the tests that are ignored here in such a network.
fn alone(test: &str) {
    let network = "ip link set lo up multicast on && ip addr add 10.99.0.1/24 dev lo \
                   && ip route add 224.0.0.0/4 dev lo src 10.99.0.1 && exec \"$0\" \"$@\"";
    let able = Command::new("unshare").args(["--net", "true"]).status();
    if !able.is_ok_and(|status| status.success()) {
        println!("skipped: it needs root for a network namespace");
        return;
    }
    let output = Command::new("unshare")
        .args(["--net", "sh", "-c", network])
        .arg(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", test])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
    assert!(said.contains("1 passed"), "{said}{errors}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the test above, in a network of its own"]
async fn in_a_network_of_its_own() {
    let asked = tokio::spawn(router());
    let data = tempfile::tempdir().unwrap();
    let mut settings = config(data.path().to_owned(), 1 << 30);
    settings.listen = Some((Ipv4Addr::UNSPECIFIED, 0).into());
    settings.port_mapping = true;
    let leecher = Leecher::start(settings);
    let asked = tokio::time::timeout(PATIENCE, asked)
        .await
        .unwrap()
        .unwrap();
    let port = leecher.torrents.port();
    assert!(asked.starts_with("POST /open "), "{asked}");
    for line in [
        format!("<NewExternalPort>{port}<"),
        format!("<NewInternalPort>{port}<"),
        "<NewInternalClient>10.99.0.1<".to_owned(),
        "<NewLeaseDuration>1200<".to_owned(),
    ] {
        assert!(asked.contains(&line), "{line}: {asked}");
    }
}
