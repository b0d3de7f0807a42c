//! The smoke run of the fuzz targets: each over its corpus and over mutations of it that are the
//! same every time. A finding of the real fuzzer (`tests/fuzz`) goes into the corpus and stays
//! found. The packets of DHT and uTP go the real way, through a socket: their readers are not ours.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use fixtures::leecher::{Leecher, PATIENCE, config};
use fixtures::mutations::{Dice, MUTATIONS, corpus, smoke};
use librqbit_buffers::ByteBuf;
use librqbit_dht::{DhtBuilder, DhtConfig};
use tokio::net::UdpSocket;
use tokio::time::timeout;
use torrent::fuzzing::TARGETS;

#[test]
fn every_parser_survives_mutations_of_its_corpus() {
    for (name, target) in TARGETS {
        // Each takes an exponentiation of 160 bits.
        let mutations = match *name {
            "encryption" => MUTATIONS / 10,
            _ => MUTATIONS,
        };
        smoke(name, *target, mutations);
    }
}

/// librqbit-bencode before 9.1.0 ran out of stack on this, 7 KB from any peer; the DHT reads
/// packets with it and with nothing of ours before it.
#[test]
fn nested_lists_are_an_error_of_librqbit_too() {
    for open in ["l", "d1:a"] {
        for depth in [200, 7_000, 200_000] {
            let deep = open.repeat(depth);
            for text in [deep.clone(), deep + &"e".repeat(depth)] {
                let read = librqbit_bencode::dyn_from_bytes::<ByteBuf<'_>>(text.as_bytes());
                assert!(read.is_err(), "{depth} times {open}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dht_survives_mutated_packets() {
    let seeds = corpus("dht");
    let entry = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let config = DhtConfig {
        bootstrap_addrs: Some(vec![entry.local_addr().unwrap().to_string()]),
        listen_addr: Some((Ipv4Addr::LOCALHOST, 0).into()),
        ..DhtConfig::default()
    };
    let dht = DhtBuilder::with_config(config).await.unwrap();
    let address: SocketAddr = dht.listen_addr();
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let mut dice = Dice::new(2);
    let ping = b"d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:zz1:y1:qe";
    let mut answer = [0; 2048];
    for round in 0..40 {
        for seed in &seeds {
            socket.send_to(seed, address).await.unwrap();
            socket
                .send_to(&dice.mutation(&seeds), address)
                .await
                .unwrap();
        }
        // So it has read all of them; answers to the others come too.
        socket.send_to(ping, address).await.unwrap();
        let pong = async {
            loop {
                let length = socket.recv(&mut answer).await.unwrap();
                if answer[..length].windows(7).any(|part| part == b"1:t2:zz") {
                    return;
                }
            }
        };
        let heard = timeout(Duration::from_secs(10), pong).await;
        assert!(heard.is_ok(), "the DHT is dead in round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn utp_survives_mutated_packets() {
    let seeds = corpus("utp");
    let data = tempfile::tempdir().unwrap();
    let leecher = Leecher::start(config(data.path().to_owned(), 1 << 30));
    let us: SocketAddr = (Ipv4Addr::LOCALHOST, leecher.torrents.port()).into();
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let mut dice = Dice::new(3);
    let mut answer = [0; 2048];
    for round in 0..40 {
        for seed in &seeds {
            let _ = socket.send_to(seed, us).await;
            let _ = socket.send_to(&dice.mutation(&seeds), us).await;
        }
        // A call from somebody new, as it should be (BEP 29): an ST_SYN is answered by ST_STATE. It
        // is said again until then: a datagram may be lost, and all places may be taken for now.
        let caller = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let mut syn = [0; 20];
        (syn[0], syn[3], syn[17]) = (0x41, 7, 1);
        let calling = async {
            while (answer[0], answer[3]) != (0x21, 7) {
                caller.send_to(&syn, us).await.unwrap();
                let again = Duration::from_millis(200);
                let _ = timeout(again, caller.recv(&mut answer)).await;
            }
        };
        let heard = timeout(PATIENCE, calling).await;
        assert!(heard.is_ok(), "uTP is dead in round {round}");
        answer.fill(0);
    }
}
