//! One question to an HTTP tracker and its answer (BEP 3, 7, 23).
//!
//! Keeps no state and decides nothing. The answer is bounded before it is read.

use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use librqbit_bencode::{BencodeValue, dyn_from_bytes};
use librqbit_buffers::ByteBuf;

use super::bencode::is_sound;
use super::network::Network;

/// 200 peers as dictionaries take 12 KB.
const ANSWER_MAX_BYTES: usize = 256 * 1024;
/// A tracker that does not answer by then is asked again later; libtorrent waits 10 s.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(10);
const ANSWER_TIME_MAX: Duration = Duration::from_secs(15);
/// Of one answer so many are taken; trackers give 200 at most.
const PEERS_MAX: usize = 500;
/// Peers we ask for: as many as we ever connect to.
const PEERS_WANTED: usize = 50;
/// When a tracker does not say one: BEP 3's usual half hour.
const INTERVAL: Duration = Duration::from_mins(30);

/// What we say.
#[derive(Debug)]
pub(super) struct Announce {
    pub(super) info_hash: [u8; 20],
    pub(super) peer_id: [u8; 20],
    pub(super) port: u16,
    /// Bytes.
    pub(super) uploaded: u64,
    pub(super) downloaded: u64,
    pub(super) left: u64,
    /// `started`, `stopped`
    pub(super) event: Option<&'static str>,
}

/// What it says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) interval: Duration,
    pub(super) peers: Vec<SocketAddr>,
}

/// The client to ask with.
pub(super) fn client(network: &Network) -> reqwest::Client {
    let client = network
        .http()
        .redirect(reqwest::redirect::Policy::limited(3))
        .connect_timeout(CONNECT_TIME_MAX)
        .timeout(ANSWER_TIME_MAX);
    client.build().unwrap_or_else(|error| {
        // Never a plain client: it would go past the door.
        tracing::warn!("HTTPS trackers: {error}");
        let without = network.http().tls_certs_only([]);
        without.build().expect("no certificates are read")
    })
}

/// # Errors
/// In words for the log; never with the address, which may hold a user's key.
pub(super) async fn ask(
    client: &reqwest::Client,
    tracker: &reqwest::Url,
    announce: &Announce,
) -> Result<Answer, String> {
    let plain = |error: reqwest::Error| error.without_url().to_string();
    let url = address(tracker, announce);
    let mut response = client.get(url).send().await.map_err(plain)?;
    if !response.status().is_success() {
        return Err(format!("answers {}", response.status()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(plain)? {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER_MAX_BYTES {
            return Err("answer too long".into());
        }
    }
    answer(&body)
}

fn address(tracker: &reqwest::Url, announce: &Announce) -> reqwest::Url {
    let mut query = tracker.query().map_or(String::new(), |q| format!("{q}&"));
    for (key, bytes) in [
        ("info_hash=", &announce.info_hash),
        ("&peer_id=", &announce.peer_id),
    ] {
        query.push_str(key);
        for byte in bytes {
            let _ = write!(query, "%{byte:02x}");
        }
    }
    let _ = write!(
        query,
        "&port={}&uploaded={}&downloaded={}&left={}&compact=1&numwant={PEERS_WANTED}",
        announce.port, announce.uploaded, announce.downloaded, announce.left
    );
    if let Some(event) = announce.event {
        let _ = write!(query, "&event={event}");
    }
    let mut url = tracker.clone();
    url.set_query(Some(&query));
    url
}

/// What `body` says.
///
/// # Errors
/// In words for the log.
pub(super) fn answer(body: &[u8]) -> Result<Answer, String> {
    if !is_sound(body) {
        return Err("answers no bencode".into());
    }
    let value = dyn_from_bytes::<ByteBuf<'_>>(body).map_err(|e| e.into_kind().to_string())?;
    let BencodeValue::Dict(fields) = value else {
        return Err("answers no dictionary".into());
    };
    let field = |name: &'static str| fields.get(&ByteBuf(name.as_bytes()));
    if let Some(BencodeValue::Bytes(reason)) = field("failure reason") {
        let reason = String::from_utf8_lossy(reason.0);
        let reason: String = reason
            .chars()
            .filter(|c| !c.is_control())
            .take(200)
            .collect();
        return Err(format!("refuses: {reason}"));
    }
    let seconds = |name| match field(name) {
        Some(BencodeValue::Integer(seconds)) => u64::try_from(*seconds).ok(),
        _ => None,
    };
    let said = seconds("interval").map(Duration::from_secs);
    let least = seconds("min interval").map(Duration::from_secs);
    let mut peers = Vec::new();
    match field("peers") {
        Some(BencodeValue::Bytes(compact)) => peers.extend(compact_v4(compact.0)),
        Some(BencodeValue::List(list)) => peers.extend(list.iter().filter_map(in_words)),
        _ => {}
    }
    if let Some(BencodeValue::Bytes(compact)) = field("peers6") {
        peers.extend(compact_v6(compact.0));
    }
    peers.truncate(PEERS_MAX);
    Ok(Answer {
        interval: said.max(least).unwrap_or(INTERVAL),
        peers,
    })
}

fn compact_v4(bytes: &[u8]) -> impl Iterator<Item = SocketAddr> {
    let (peers, _) = bytes.as_chunks::<6>();
    peers.iter().take(PEERS_MAX).map(|[a, b, c, d, high, low]| {
        let ip = Ipv4Addr::new(*a, *b, *c, *d);
        SocketAddr::new(ip.into(), u16::from_be_bytes([*high, *low]))
    })
}

fn compact_v6(bytes: &[u8]) -> impl Iterator<Item = SocketAddr> {
    let (peers, _) = bytes.as_chunks::<18>();
    peers.iter().take(PEERS_MAX).map(|peer| {
        let ip: [u8; 16] = *peer.first_chunk().expect("16 of 18 are there");
        let port = u16::from_be_bytes([peer[16], peer[17]]);
        SocketAddr::new(Ipv6Addr::from(ip).into(), port)
    })
}

fn in_words(peer: &BencodeValue<ByteBuf<'_>>) -> Option<SocketAddr> {
    let BencodeValue::Dict(fields) = peer else {
        return None;
    };
    let (ip, port) = (fields.get(&ByteBuf(b"ip"))?, fields.get(&ByteBuf(b"port"))?);
    let (BencodeValue::Bytes(ip), BencodeValue::Integer(port)) = (ip, port) else {
        return None;
    };
    let ip: IpAddr = std::str::from_utf8(ip.0).ok()?.parse().ok()?;
    Some(SocketAddr::new(ip, u16::try_from(*port).ok()?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_three_ways_to_name_peers() {
        let body = b"d8:intervali90e12:min intervali120e5:peers12:\x01\x02\x03\x04\x1a\xe1\
                     \x05\x06\x07\x08\x00\x506:peers618:\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\
                     \x1a\xe1e";
        let compact = answer(body).unwrap();
        assert_eq!(compact.interval, Duration::from_mins(2));
        let peers: Vec<String> = compact.peers.iter().map(ToString::to_string).collect();
        assert_eq!(peers, ["1.2.3.4:6881", "5.6.7.8:80", "[2001:db8::1]:6881"]);
        let words = b"d5:peersld2:ip9:127.0.0.14:porti7eed2:ip1:x4:porti7eed2:ip3:::14:porti9eeee";
        let peers: Vec<String> = answer(words)
            .unwrap()
            .peers
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(peers, ["127.0.0.1:7", "[::1]:9"]);
    }

    #[test]
    fn what_is_no_answer_is_an_error() {
        let deep = "l".repeat(100_000);
        for body in [
            "",
            "i1e",
            "d14:failure reason4:gonee",
            "d5:peers9999999999:xe",
            &deep,
        ] {
            assert!(answer(body.as_bytes()).is_err());
        }
        let odd = answer(b"d8:intervali-5e5:peers5:abcdee").unwrap();
        assert_eq!((odd.interval, odd.peers.len()), (INTERVAL, 0));
    }

    #[test]
    fn the_question_keeps_the_trackers_own_key() {
        let announce = Announce {
            info_hash: [0xab; 20],
            peer_id: *b"-MT0100-abcdefghijkl",
            port: 7000,
            uploaded: 3,
            downloaded: 1,
            left: 2,
            event: Some("started"),
        };
        let tracker = "http://t.example/announce?key=a%20b".parse().unwrap();
        let url = address(&tracker, &announce).to_string();
        assert!(
            url.starts_with("http://t.example/announce?key=a%20b&info_hash=%ab%ab"),
            "{url}"
        );
        assert!(
            url.ends_with("&left=2&compact=1&numwant=50&event=started"),
            "{url}"
        );
    }
}
