//! The smoke run of the fuzz targets: each over its corpus and over mutations of it that are the
//! same every time. A finding of the real fuzzer (`tests/fuzz`) goes into the corpus and stays
//! found. The DHT's packets go the real way, through a socket: its reader is not ours.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use librqbit_buffers::ByteBuf;
use librqbit_dht::{DhtBuilder, DhtConfig};
use tokio::net::UdpSocket;
use tokio::time::timeout;
use torrent::fuzzing::{TARGETS, Target};

/// For each target: a second in all, in a build that is not optimised.
const MUTATIONS: u32 = 20_000;

/// Mutated inputs are cut here: parsers that read more are tested with what is in the corpus.
const LENGTH_MAX: usize = 4096;

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap());
    let folder = root.join("../../tests/fuzz/corpus").join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Numbers that look random and are the same each time (xorshift64*).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides.max(1)
    }

    /// Up to four changes of one of `seeds`, as fuzzers make them.
    fn mutation(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        const WORDS: [&[u8]; 12] = [
            b"d",
            b"l",
            b"e",
            b"i0e",
            b"i-1e",
            b"0:",
            b"4:path",
            b"99999999999999999999",
            b"\0",
            b"\xff\xff\xff\xff",
            b"\x7f",
            b"%00",
        ];
        let mut bytes = seeds[self.roll(seeds.len())].clone();
        for _ in 0..=self.roll(4) {
            let at = self.roll(bytes.len() + 1);
            let end = (at + self.roll(16)).min(bytes.len());
            match self.roll(8) {
                0 => bytes
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|b| *b ^= 1 << self.roll(8)),
                1 => bytes
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|b| *b = self.roll(256) as u8),
                2 => drop(bytes.drain(at..end)),
                3 => drop(bytes.splice(at..at, bytes[at..end].to_vec())),
                4 => drop(bytes.splice(at..end, WORDS[self.roll(WORDS.len())].iter().copied())),
                5 => bytes.truncate(at),
                // Another digit: numbers are what parsers believe most.
                6 => {
                    let digits = bytes.iter_mut().skip(at).filter(|b| b.is_ascii_digit());
                    digits.take(1).for_each(|b| *b = b'0' + self.roll(10) as u8);
                }
                _ => {
                    let other = &seeds[self.roll(seeds.len())];
                    let from = self.roll(other.len() + 1);
                    bytes.truncate(at);
                    bytes.extend_from_slice(&other[from..]);
                }
            }
        }
        bytes.truncate(LENGTH_MAX);
        bytes
    }
}

fn smoke((name, target): Target) {
    let seeds = corpus(name);
    assert!(!seeds.is_empty(), "{name} has no corpus");
    let tried = |bytes: &[u8]| {
        let panic = std::panic::catch_unwind(|| target(bytes));
        // As an escaped string, so that it can be put into the corpus.
        assert!(panic.is_ok(), "{name}: {}", bytes.escape_ascii());
    };
    for seed in &seeds {
        tried(seed);
    }
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..MUTATIONS {
        tried(&dice.mutation(&seeds));
    }
}

#[test]
fn every_parser_survives_mutations_of_its_corpus() {
    for target in TARGETS {
        let began = std::time::Instant::now();
        smoke(*target);
        println!("{}: {MUTATIONS} in {:?}", target.0, began.elapsed());
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
    let mut dice = Dice(0x5851_f42d_4c95_7f2d);
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
