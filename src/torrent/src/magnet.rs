//! Reads magnet links: what they name and where they say it can be had.
//!
//! Our own reader, because librqbit's drops `x.pe`, `ws` and `xs` and refuses a link with an `xt`
//! it does not know. Nothing here asks the network; a link is refused only when it names no v1
//! info hash (BEP 9), because everything else in it is advice.

use std::net::SocketAddr;
use std::ops::RangeInclusive;

use app::SupplyFailure;

/// A link is refused beyond this; real ones with 30 trackers have about 3 KiB.
const LENGTH_MAX_BYTES: usize = 64 * 1024;
/// Of each kind of advice (trackers, peers, web seeds) so many are kept; real links have under 40.
const ADVICE_MAX: usize = 100;
/// Parts of `so` that are read; a season has under 30 files to choose from.
const SELECTION_MAX: usize = 1000;

/// What a magnet link says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Magnet {
    /// v1 (`urn:btih:`).
    pub(super) info_hash: [u8; 20],
    /// `dn`
    pub(super) name: Option<String>,
    /// `tr`; only http, https and udp.
    pub(super) trackers: Vec<String>,
    /// `x.pe` given as addresses.
    pub(super) peers: Vec<SocketAddr>,
    /// `x.pe` given by name: `host:port`.
    pub(super) peer_hosts: Vec<String>,
    /// `ws` (BEP 19)
    pub(super) web_seeds: Vec<String>,
    /// `xs` and `as`: addresses of the metainfo itself, only http and https.
    pub(super) exact_sources: Vec<String>,
    /// The files that `so` (BEP 53) names, in order and apart; none: all of them.
    pub(super) files: Vec<RangeInclusive<u32>>,
}

impl Magnet {
    /// Reads `link`.
    ///
    /// # Errors
    /// `Unsupported` for a link with only a v2 hash, `Broken` for anything else that names no
    /// torrent.
    pub(super) fn parse(link: &str) -> Result<Magnet, SupplyFailure> {
        let broken = |why: &str| SupplyFailure::Broken(format!("magnet link: {why}"));
        let link = link.trim();
        if link.len() > LENGTH_MAX_BYTES {
            return Err(broken("longer than 64 KiB"));
        }
        let scheme = link.get(..8).unwrap_or_default();
        if !scheme.eq_ignore_ascii_case("magnet:?") {
            return Err(broken("does not begin with magnet:?"));
        }
        let mut magnet = Magnet::default();
        let (mut v1, mut v2) = (None, false);
        for pair in link[8..].split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            // Several of a kind may be numbered: xt.1, tr.2 ...
            let kind = match key.rsplit_once('.') {
                Some((kind, number)) if number.bytes().all(|b| b.is_ascii_digit()) => kind,
                _ => key,
            };
            let value = decoded(value, kind == "dn");
            match kind {
                "xt" => match exact_topic(&value) {
                    Topic::V1(hash) => v1 = v1.or(Some(hash)),
                    Topic::V2 => v2 = true,
                    Topic::Bad => return Err(broken("its info hash is not 40 hex or 32 base32")),
                    Topic::Other => {}
                },
                "dn" if !value.is_empty() => magnet.name = Some(value),
                "tr" => keep(
                    &mut magnet.trackers,
                    value,
                    &["http://", "https://", "udp://"],
                ),
                "ws" => keep(&mut magnet.web_seeds, value, &["http://", "https://"]),
                "xs" | "as" => keep(&mut magnet.exact_sources, value, &["http://", "https://"]),
                "x.pe" => magnet.keep_peer(value),
                "so" => magnet.files = selection(&value),
                _ => {}
            }
        }
        match v1 {
            Some(hash) => magnet.info_hash = hash,
            None if v2 => {
                return Err(SupplyFailure::Unsupported(
                    "this magnet link is for BitTorrent v2 only".into(),
                ));
            }
            None => return Err(broken("it names no torrent (no xt=urn:btih:)")),
        }
        Ok(magnet)
    }

    /// The file to show, when the link names exactly one.
    pub(super) fn file(&self) -> Option<u32> {
        match self.files.as_slice() {
            [one] if one.start() == one.end() => Some(*one.start()),
            _ => None,
        }
    }

    fn keep_peer(&mut self, value: String) {
        if self.peers.len() + self.peer_hosts.len() >= ADVICE_MAX {
            return;
        }
        if let Ok(peer) = value.parse() {
            self.peers.push(peer);
        } else if is_host(&value) && !self.peer_hosts.contains(&value) {
            self.peer_hosts.push(value);
        } else {
            tracing::debug!("magnet: peer {value:?} left out");
        }
    }
}

/// `host:port` with the letters that names are made of (RFC 952; the rest is for the name server).
fn is_host(value: &str) -> bool {
    let Some((host, port)) = value.rsplit_once(':') else {
        return false;
    };
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let port: Result<u16, _> = port.parse();
    (1..=253).contains(&host.len()) && host.bytes().all(letter) && port.is_ok_and(|port| port > 0)
}

/// `0,2,4-6`. What is odd in it is left out: then the largest video of all is shown.
pub(super) fn selection(text: &str) -> Vec<RangeInclusive<u32>> {
    let ranges = text.split(',').take(SELECTION_MAX).filter_map(|part| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let range = first.trim().parse().ok()?..=last.trim().parse().ok()?;
        (range.start() <= range.end()).then_some(range)
    });
    let mut ranges: Vec<RangeInclusive<u32>> = ranges.collect();
    ranges.sort_unstable_by_key(|range| (*range.start(), *range.end()));
    let mut apart: Vec<RangeInclusive<u32>> = Vec::new();
    for range in ranges {
        match apart.last_mut() {
            Some(last) if *range.start() <= last.end().saturating_add(1) => {
                let end = *last.end().max(range.end());
                *last = *last.start()..=end;
            }
            _ => apart.push(range),
        }
    }
    apart
}

/// The same as text.
pub(super) fn selection_text(files: &[RangeInclusive<u32>]) -> String {
    let parts = files
        .iter()
        .map(|range| match (range.start(), range.end()) {
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first}-{last}"),
        });
    parts.collect::<Vec<_>>().join(",")
}

enum Topic {
    V1([u8; 20]),
    V2,
    Bad,
    Other,
}

fn exact_topic(value: &str) -> Topic {
    let lower = value.to_ascii_lowercase();
    if let Some(text) = lower.strip_prefix("urn:btih:") {
        return match text.len() {
            40 => hex(text),
            32 => base32(text),
            _ => None,
        }
        .map_or(Topic::Bad, Topic::V1);
    }
    if lower.starts_with("urn:btmh:") {
        return Topic::V2;
    }
    Topic::Other
}

fn keep(list: &mut Vec<String>, value: String, schemes: &[&str]) {
    let lower = value.to_ascii_lowercase();
    let known = schemes.iter().any(|scheme| lower.starts_with(scheme));
    if known && list.len() < ADVICE_MAX && !list.contains(&value) {
        list.push(value);
    }
}

/// 40 hex digits.
pub(super) fn hex(text: &str) -> Option<[u8; 20]> {
    let digits = text.as_bytes();
    if digits.len() != 40 {
        return None;
    }
    let mut hash = [0; 20];
    for (byte, pair) in hash.iter_mut().zip(digits.chunks(2)) {
        let digit = |d: u8| char::from(d).to_digit(16);
        *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
    }
    Some(hash)
}

/// 32 digits of RFC 4648 base32, lower case.
fn base32(text: &str) -> Option<[u8; 20]> {
    let mut hash = [0; 20];
    for (bytes, digits) in hash.chunks_mut(5).zip(text.as_bytes().chunks(8)) {
        let mut value = 0u64;
        for digit in digits {
            let five = match digit {
                b'a'..=b'z' => digit - b'a',
                b'2'..=b'7' => digit - b'2' + 26,
                _ => return None,
            };
            value = value << 5 | u64::from(five);
        }
        bytes.copy_from_slice(&value.to_be_bytes()[3..]);
    }
    Some(hash)
}

/// Percent-decoded (RFC 3986); what is no UTF-8 is replaced. `plus` is a space only in names,
/// because trackers' addresses have real ones.
fn decoded(text: &str, plus: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = bytes.get(at + 1..at + 3).and_then(|two| {
            let digit = |d: u8| char::from(d).to_digit(16);
            Some((digit(two[0])? * 16 + digit(two[1])?) as u8)
        });
        match (bytes[at], escaped) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
                continue;
            }
            (b'+', _) if plus => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const HASH: &str = "08ada5a7a6183aae1e09d831df6748d566095a10";

    #[test]
    fn all_of_a_link_is_kept() {
        let magnet = Magnet::parse(&format!(
            "magnet:?xt=urn:btih:{HASH}&dn=Sintel+%282010%29&tr=udp%3A%2F%2Fa.example%3A1337\
             &tr.1=http://b.example/announce?x=1+2&tr=wss://c.example&x.pe=127.0.0.1:7000\
             &x.pe=[::1]:7001&x.pe=host.example:1&ws=https://d.example/&xs=http://e.example/t\
             &so=5&unknown=1"
        ))
        .unwrap();
        assert_eq!(magnet.info_hash, hex(HASH).unwrap());
        assert_eq!(magnet.name.as_deref(), Some("Sintel (2010)"));
        assert_eq!(
            magnet.trackers,
            ["udp://a.example:1337", "http://b.example/announce?x=1+2"]
        );
        let peers: Vec<String> = magnet.peers.iter().map(ToString::to_string).collect();
        assert_eq!(peers, ["127.0.0.1:7000", "[::1]:7001"]);
        assert_eq!(magnet.web_seeds, ["https://d.example/"]);
        assert_eq!(magnet.exact_sources, ["http://e.example/t"]);
        assert_eq!(magnet.peer_hosts, ["host.example:1"]);
        assert_eq!(magnet.file(), Some(5));
    }

    #[test]
    fn files_are_named_one_by_one_or_in_ranges() {
        for (text, expected) in [
            ("0,2,4-6", "0,2,4-6"),
            ("6,4-5, 9 ,5-7", "4-7,9"),
            ("3", "3"),
            ("5-3,x,-,1-,4294967296,7", "7"),
            ("0-4294967295,9", "0-4294967295"),
            ("", ""),
        ] {
            let files = selection(text);
            assert_eq!(selection_text(&files), expected, "{text}");
            assert_eq!(selection(expected), files);
        }
        let many = Magnet::parse(&format!("magnet:?xt=urn:btih:{HASH}&so=1-2")).unwrap();
        assert_eq!(many.file(), None);
    }

    #[test]
    fn what_is_no_host_is_left_out() {
        for host in [
            "", ":1", "a:0", "a:65536", "a b:1", "a/b:1", "a@b:1", "host",
        ] {
            let link = format!("magnet:?xt=urn:btih:{HASH}&x.pe={host}");
            let magnet = Magnet::parse(&link).unwrap();
            assert!(
                magnet.peer_hosts.is_empty() && magnet.peers.is_empty(),
                "{host}"
            );
        }
    }

    #[test]
    fn base32_says_the_same_as_hex() {
        let link = "magnet:?xt=urn:btih:BCW2LJ5GDA5K4HQJ3AY56Z2I2VTASWQQ";
        assert_eq!(Magnet::parse(link).unwrap().info_hash, hex(HASH).unwrap());
    }

    #[test]
    fn a_hybrid_goes_by_its_v1_hash() {
        let v2 = "ab".repeat(32);
        let link = format!("magnet:?xt=urn:btmh:1220{v2}&xt=urn:btih:{HASH}");
        assert_eq!(Magnet::parse(&link).unwrap().info_hash, hex(HASH).unwrap());
    }

    #[test]
    fn v2_only_is_refused_in_words() {
        let link = format!("magnet:?xt=urn:btmh:1220{}", "ab".repeat(32));
        assert_eq!(
            Magnet::parse(&link),
            Err(SupplyFailure::Unsupported(
                "this magnet link is for BitTorrent v2 only".into()
            ))
        );
    }

    #[test]
    fn what_is_no_magnet_is_refused() {
        let long = format!("magnet:?xt=urn:btih:{HASH}&dn={}", "x".repeat(70_000));
        for link in [
            "",
            "magnet",
            "magnet:?",
            "http://example.org/",
            "magnet:?xt=urn:btih:08ada5",
            "magnet:?xt=urn:btih:zzzza5a7a6183aae1e09d831df6748d566095a10",
            "magnet:?xt=urn:sha1:BCW2LJ5GDA5K4HQJ3AY56Z2I2VTASWQQ",
            "m\u{e4}gnet:?xt",
            long.as_str(),
        ] {
            let refused = Magnet::parse(link);
            assert!(matches!(refused, Err(SupplyFailure::Broken(_))), "{link}");
        }
    }

    #[test]
    fn broken_escapes_stay_as_they_are() {
        assert_eq!(decoded("a%2", false), "a%2");
        assert_eq!(decoded("%zz%", false), "%zz%");
        assert_eq!(decoded("%ff", false), "\u{fffd}");
        assert_eq!(decoded("%+1", false), "%+1");
    }
}
