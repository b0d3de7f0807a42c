//! Every parser of foreign bytes in this crate as a function of bytes, for the fuzz targets and
//! their smoke run (`tests/fuzz`, `tests/torrent/fuzz.rs`). No part of the program uses it.
//!
//! Each must return for whatever it is given: a panic is a finding. Where a parser promises more
//! than to return, that is asserted here too.

mod sockets;

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use bytes::Bytes;
use reach::is_local;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{StatusCode, Url};
use swarm::PeerId;

use super::container::{Next, Search};
use super::gathering::{Gathered, Gathering};
use super::magnet::Magnet;
use super::metainfo::Metainfo;
use super::ranges::Ranges;
use super::shelf::hex;
use super::store::listing;
use super::web_body::{self, Fault, Question};
use super::{announce, bencode, hosts, names, say, subtitle, wire};

/// A target's name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All targets; the folders of the corpus have these names.
pub const TARGETS: &[Target] = &[
    ("bencode", soundness),
    ("torrent", torrent),
    ("info", info),
    ("magnet", magnet),
    ("handshake", handshake),
    ("messages", messages),
    ("extensions", extensions),
    ("exchange", exchange),
    ("metadata", metadata),
    ("tracker", tracker),
    ("gathering", gathering),
    ("names", name_server),
    ("block-list", block_list),
    ("content-range", content_range),
    ("web-answer", web_answer),
    ("address", address),
    ("listing", cache_listing),
    ("encryption", sockets::encryption),
    ("socks", sockets::socks),
    ("router", sockets::router),
    ("container", container),
];

/// Our own look at bencode, and librqbit's reader behind it.
pub fn soundness(bytes: &[u8]) {
    if let Some(length) = bencode::sound(bytes) {
        assert!((1..=bytes.len()).contains(&length), "{length}");
        let value = &bytes[..length];
        // What it lets through may still be odd (keys twice): an error is fine.
        let _ = librqbit_bencode::dyn_from_bytes::<librqbit_buffers::ByteBuf<'_>>(value);
        assert_eq!(bencode::sound(value), Some(length));
    }
}

/// A `.torrent` (BEP 3).
pub fn torrent(bytes: &[u8]) {
    let Ok(metainfo) = Metainfo::from_torrent(bytes) else {
        return;
    };
    described(&metainfo);
    let kept = Metainfo::from_torrent(&metainfo.to_torrent());
    assert_eq!(kept.map(|it| it.info_hash), Ok(metainfo.info_hash));
}

/// An info dictionary as peers send it (BEP 9).
pub fn info(bytes: &[u8]) {
    if let Ok(metainfo) = Metainfo::from_info(&Bytes::copy_from_slice(bytes)) {
        described(&metainfo);
    }
}

fn described(metainfo: &Metainfo) {
    let total: u64 = metainfo.files.iter().map(|file| file.length).sum();
    assert_eq!(total, metainfo.layout.total());
    let last = metainfo.layout.pieces() - 1;
    let _ = (metainfo.hash(0), metainfo.hash(last), metainfo.reference());
    let controls = |name: &str| name.chars().any(char::is_control);
    assert!(!metainfo.files.iter().any(|file| controls(&file.path)));
    if let Ok(film) = metainfo.film(None, true) {
        let beside = subtitle::beside(metainfo, film);
        assert!(
            beside
                .iter()
                .all(|it| (it.file as usize) < metainfo.files.len())
        );
    }
}

/// A magnet link; what is no UTF-8 could not come this way.
pub fn magnet(bytes: &[u8]) {
    let _ = Magnet::parse(&String::from_utf8_lossy(bytes));
}

/// The first 68 bytes of a connection (BEP 3).
pub fn handshake(bytes: &[u8]) {
    let mut whole = [0; wire::HANDSHAKE_BYTES];
    let length = bytes.len().min(whole.len());
    whole[..length].copy_from_slice(&bytes[..length]);
    if let Ok(greeting) = wire::greeting(&whole) {
        let said = say::greet(greeting.info_hash, greeting.peer_id);
        assert_eq!(said[28..], whole[28..]);
    }
}

/// What comes after it: messages until one is not whole, or wrong.
pub fn messages(mut bytes: &[u8]) {
    while let Ok(Some((_, length))) = wire::parse(bytes) {
        assert!((4..=bytes.len()).contains(&length), "{length}");
        bytes = &bytes[length..];
    }
}

/// The dictionary of an extension handshake (BEP 10).
pub fn extensions(bytes: &[u8]) {
    messages(&say::extended(wire::EXTENSION_HANDSHAKE, bytes));
}

/// A peer exchange (BEP 11).
pub fn exchange(bytes: &[u8]) {
    messages(&say::extended(wire::UT_PEX, bytes));
}

/// A message about metadata (BEP 9).
pub fn metadata(bytes: &[u8]) {
    messages(&say::extended(wire::UT_METADATA, bytes));
}

/// The answer of an HTTP tracker (BEP 3, 7, 23).
pub fn tracker(bytes: &[u8]) {
    let _ = announce::answer(bytes);
}

/// Peers that offer, send, refuse and leave while metadata is put together: three bytes a step.
pub fn gathering(bytes: &[u8]) {
    let mut gathering = Gathering::new([0; 20]);
    let mut now = Duration::ZERO;
    for step in bytes.chunks_exact(3) {
        let (peer, low, high) = (PeerId(u64::from(step[0] % 4)), step[1], step[2]);
        let number = u32::from(u16::from_be_bytes([high, low]));
        match step[0] / 4 % 6 {
            0 => gathering.offered(peer, number),
            1 => gathering.offered(peer, number * 1000),
            2 => gathering.refused(peer),
            3 => gathering.gone(peer),
            4 => now += Duration::from_millis(number.into()),
            _ => {
                let data = vec![low; number as usize % 20_000];
                let came = gathering.came(peer, u32::from(high % 8), &data);
                assert!(
                    !matches!(came, Gathered::Whole(_)),
                    "no bytes hash to zeros"
                );
            }
        }
        // What is asked comes, whole but wrong, from every other peer.
        for (peer, piece) in gathering.asks(now) {
            if peer.0 % 2 == 0 {
                let data = vec![0; wire::METADATA_PIECE_BYTES as usize];
                let came = gathering.came(peer, piece, &data);
                assert!(
                    !matches!(came, Gathered::Whole(_)),
                    "no bytes hash to zeros"
                );
            }
        }
        assert!(
            gathering
                .deadline()
                .is_none_or(|at| at < Duration::from_hours(24))
        );
    }
}

/// What a name server answers (RFC 1035), to a question that it repeats rightly.
pub fn name_server(bytes: &[u8]) {
    let asked = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x01a\x04test\0\0\x01\0\x01";
    let _ = names::answer(bytes, asked);
    // The fuzzer need not guess what every answer begins with.
    if let Some((count, records)) = bytes.split_first() {
        let mut packet = asked.to_vec();
        (packet[2], packet[7]) = (0x81, *count);
        packet.extend_from_slice(records);
        let found = names::answer(&packet, asked);
        assert!(found.is_some_and(|found| found.len() <= usize::from(*count)));
    }
}

/// A block list: P2P, DAT or CIDR lines.
pub fn block_list(bytes: &[u8]) {
    if let Ok(ranges) = Ranges::read(bytes) {
        let _ = ranges.holds(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let lines = bytes.split(|byte| *byte == b'\n').count();
        assert!(ranges.len() <= lines, "{} of {lines} lines", ranges.len());
    }
}

/// The header of a web seed's answer (RFC 9110 section 14.4).
pub fn content_range(bytes: &[u8]) {
    let _ = web_body::content_range(&String::from_utf8_lossy(bytes));
}

/// The head of a web seed's answer: a status, then a header a line.
pub fn web_answer(bytes: &[u8]) {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let status = lines
        .next()
        .and_then(|line| StatusCode::from_bytes(line).ok());
    let status = status.unwrap_or(StatusCode::PARTIAL_CONTENT);
    let mut headers = HeaderMap::new();
    for line in lines.take(32) {
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = line.split_at(colon.unwrap_or(line.len()));
        let name = HeaderName::from_bytes(name.trim_ascii());
        let value = HeaderValue::from_bytes(value.get(1..).unwrap_or_default().trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    // The fuzzer need not guess the numbers, and the far end of the file has others.
    for start in [0, 500, u64::MAX - 1000] {
        let question = Question {
            address: None,
            start,
            length: 500,
            file_length: u64::MAX,
        };
        match web_body::checked(status, &headers, &question) {
            Ok(skip) => assert!(skip == 0 || skip == start && status == StatusCode::OK),
            Err(Fault::Later(_, Some(wait))) => assert!(wait <= Duration::from_mins(10)),
            Err(_) => {}
        }
    }
}

/// An address that a stranger names: of a web seed, of metainfo, or where a server leads to.
pub fn address(bytes: &[u8]) {
    let Ok(url) = Url::parse(&String::from_utf8_lossy(bytes)) else {
        return;
    };
    if hosts::may_call(&url, false) {
        assert!(!hosts::names_local(url.as_str()), "{url}");
        let host = url.host_str().unwrap_or_default();
        let ip = host.trim_matches(['[', ']']).parse::<IpAddr>();
        assert!(!ip.is_ok_and(|ip| is_local(ip.to_canonical())), "{url}");
    }
}

/// What lies in the cache's folder: names, and after a zero what the owner's mark holds.
pub fn cache_listing(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let name = String::from_utf8_lossy(parts.next().unwrap_or_default());
    let _ = listing::promised(parts.next().unwrap_or_default());
    // What is believed to be there is there under the name by which it is looked for.
    if let listing::Named::Piece(piece) = listing::named(&name) {
        assert_eq!(piece.to_string(), name);
    }
    if let Some(film) = listing::film_of(&name) {
        assert_eq!(hex(film.0), name);
    }
}

/// A film's file, in which the place of a moment (the first two bytes, in seconds) is looked for.
pub fn container(bytes: &[u8]) {
    let Some((moment, film)) = bytes.split_first_chunk() else {
        return;
    };
    let moment = Duration::from_secs(u16::from_be_bytes(*moment).into());
    let size = film.len() as u64;
    let (mut search, mut asked) = Search::new(size, moment);
    loop {
        assert!(asked.start <= asked.end && asked.end <= size, "{asked:?}");
        match search.take(&film[asked.start as usize..asked.end as usize]) {
            Next::Read(range) => asked = range,
            Next::Found(places) => {
                assert!(places.len() <= 2, "{places:?}");
                let inside =
                    |place: &std::ops::Range<u64>| place.start < place.end && place.end <= size;
                assert!(places.iter().all(inside), "{places:?}");
                return;
            }
            Next::Nowhere => return,
        }
    }
}
