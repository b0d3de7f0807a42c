//! Host names to addresses.
//!
//! Without an interface to keep to, the system does it. The system's resolver cannot be bound to
//! an interface, so with one the name servers are asked here over it: two datagrams, A and AAAA
//! (RFC 1035, RFC 3596), and nothing else of DNS; a recursive server has followed the aliases.
//! Invariant: with an interface no question leaves elsewhere, whatever it costs.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use librqbit_dualstack_sockets::{BindDevice, BindOpts, UdpSocket};
use tokio::time::{Instant, timeout_at};

/// Name servers asked, one after the other: as many as the C library takes.
const SERVERS_MAX: usize = 3;
/// For one server's answer.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(2);
/// Once addresses of one family are there, for those of the other.
const OTHER_TIME_MAX: Duration = Duration::from_millis(100);
/// Without extensions a server sends no more than 512 bytes.
const ANSWER_MAX_BYTES: usize = 1500;
/// Of one name.
const ADDRESSES_MAX: usize = 16;
const A: u16 = 1;
const AAAA: u16 = 28;
const INTERNET: u16 = 1;
const HEADER_BYTES: usize = 12;

/// Whom to ask.
#[derive(Debug)]
pub(super) struct Names {
    interface: Option<String>,
    /// None: the system's.
    servers: Vec<SocketAddr>,
}

impl Names {
    pub(super) fn new(interface: Option<String>, servers: Vec<SocketAddr>) -> Names {
        Names { interface, servers }
    }

    /// # Errors
    /// The host has no address, or nobody can say.
    pub(super) async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let plain = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
        if let Ok(ip) = plain.unwrap_or(host).parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(ip, port)]);
        }
        if self.interface.is_none() && self.servers.is_empty() {
            let found = tokio::net::lookup_host((host, port)).await?;
            return Ok(found.take(ADDRESSES_MAX).collect());
        }
        if host.eq_ignore_ascii_case("localhost") {
            let ours: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
            return Ok(ours.map(|ip| SocketAddr::new(ip, port)).to_vec());
        }
        let found = self.ask_all(host).await?;
        Ok(found
            .into_iter()
            .map(|ip| SocketAddr::new(ip, port))
            .collect())
    }

    async fn ask_all(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let servers = if self.servers.is_empty() {
            let conf = tokio::fs::read_to_string("/etc/resolv.conf").await?;
            system_servers(&conf)
        } else {
            self.servers.clone()
        };
        let mut last = io::Error::new(io::ErrorKind::NotFound, "there is no name server");
        for server in servers.into_iter().take(SERVERS_MAX) {
            match self.ask(server, host).await {
                Ok(found) if !found.is_empty() => return Ok(found),
                Ok(_) => last = io::Error::new(io::ErrorKind::NotFound, "no such host"),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    async fn ask(&self, server: SocketAddr, host: &str) -> io::Result<Vec<IpAddr>> {
        let device = self.interface.as_deref().map(BindDevice::new_from_name);
        let device = device.transpose().map_err(io::Error::other)?;
        let any: IpAddr = match server {
            SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let options = BindOpts {
            device: device.as_ref(),
            request_dualstack: false,
            ..BindOpts::default()
        };
        let socket = UdpSocket::bind_udp((any, 0).into(), options).map_err(io::Error::other)?;
        let socket = socket.socket();
        // From then on the kernel drops what others send.
        socket.connect(server).await?;
        let asked = [A, AAAA].map(|kind| question(rand::random(), host, kind));
        let mut open = Vec::new();
        for asked in asked {
            let asked = asked?;
            socket.send(&asked).await?;
            open.push(asked);
        }
        let mut found = Vec::new();
        let mut until = Instant::now() + ANSWER_TIME_MAX;
        let mut packet = [0; ANSWER_MAX_BYTES];
        while !open.is_empty() {
            let Ok(length) = timeout_at(until, socket.recv(&mut packet)).await else {
                break;
            };
            let packet = &packet[..length?];
            let Some(of) = open
                .iter()
                .position(|asked| packet.get(..2) == asked.get(..2))
            else {
                continue;
            };
            if let Some(ips) = answer(packet, &open[of]) {
                found.extend(ips);
                open.remove(of);
                until = until.min(Instant::now() + OTHER_TIME_MAX);
            }
        }
        found.truncate(ADDRESSES_MAX);
        Ok(found)
    }
}

impl reqwest::dns::Resolve for Names {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let names = Names::new(self.interface.clone(), self.servers.clone());
        Box::pin(async move {
            let found = names.resolve(name.as_str(), 0).await?;
            let found: reqwest::dns::Addrs = Box::new(found.into_iter());
            Ok(found)
        })
    }
}

/// `nameserver` lines of resolv.conf(5).
fn system_servers(conf: &str) -> Vec<SocketAddr> {
    let lines = conf.lines().filter_map(|line| {
        let mut words = line.split_ascii_whitespace();
        let is_server = words.next() == Some("nameserver");
        let ip: IpAddr = words.next().filter(|_| is_server)?.parse().ok()?;
        Some(SocketAddr::new(ip, 53))
    });
    lines.take(SERVERS_MAX).collect()
}

/// Asks for the addresses of one kind.
fn question(id: u16, host: &str, kind: u16) -> io::Result<Vec<u8>> {
    let odd = || io::Error::new(io::ErrorKind::InvalidInput, "no host name");
    let host = host.strip_suffix('.').unwrap_or(host);
    // RFC 1035: 255 bytes with the length of each label and the end.
    if host.is_empty() || host.len() > 253 || !host.is_ascii() {
        return Err(odd());
    }
    let mut packet = Vec::with_capacity(HEADER_BYTES + host.len() + 6);
    packet.extend_from_slice(&id.to_be_bytes());
    // Recursion desired; one question, nothing else.
    packet.extend_from_slice(&[1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    for label in host.split('.') {
        if label.is_empty() || label.len() > 63 {
            return Err(odd());
        }
        packet.push(label.len() as u8);
        packet.extend_from_slice(label.as_bytes());
    }
    packet.push(0);
    packet.extend_from_slice(&kind.to_be_bytes());
    packet.extend_from_slice(&INTERNET.to_be_bytes());
    Ok(packet)
}

/// The addresses in an answer to `asked`; none if it is no answer to it. Names in it are stepped
/// over and never followed.
pub(super) fn answer(packet: &[u8], asked: &[u8]) -> Option<Vec<IpAddr>> {
    let is_answer = *packet.get(2)? & 0x80 != 0;
    let question = asked.get(HEADER_BYTES..)?;
    let records = packet.get(HEADER_BYTES..)?.get(..question.len())?;
    if packet.get(..2)? != asked.get(..2)? || !is_answer || !records.eq_ignore_ascii_case(question)
    {
        return None;
    }
    let count = u16::from_be_bytes([*packet.get(6)?, *packet.get(7)?]);
    let mut rest = packet.get(HEADER_BYTES + question.len()..)?;
    let mut found = Vec::new();
    for _ in 0..count {
        let Some((ip, after)) = record(rest) else {
            // Cut off: what was there is good.
            break;
        };
        found.extend(ip);
        rest = after;
    }
    Some(found)
}

/// One record, its address if it holds one, and what follows it.
fn record(bytes: &[u8]) -> Option<(Option<IpAddr>, &[u8])> {
    let bytes = after_name(bytes)?;
    let (head, rest) = bytes.split_first_chunk::<10>()?;
    let kind = u16::from_be_bytes([head[0], head[1]]);
    let length = usize::from(u16::from_be_bytes([head[8], head[9]]));
    let (data, rest) = rest.split_at_checked(length)?;
    let ip = match kind {
        A => <[u8; 4]>::try_from(data).ok().map(IpAddr::from),
        AAAA => <[u8; 16]>::try_from(data).ok().map(IpAddr::from),
        _ => None,
    };
    Some((ip, rest))
}

fn after_name(mut bytes: &[u8]) -> Option<&[u8]> {
    loop {
        let (length, rest) = bytes.split_first()?;
        match length {
            0 => return Some(rest),
            // A pointer ends the name.
            0xc0.. => return rest.get(1..),
            _ => bytes = rest.get(usize::from(*length)..)?,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn reply(asked: &[u8], records: &[(u16, &[u8])]) -> Vec<u8> {
        let mut packet = asked.to_vec();
        packet[2] |= 0x80;
        packet[7] = records.len() as u8;
        for (kind, data) in records {
            packet.extend_from_slice(&[0xc0, 12]);
            packet.extend_from_slice(&kind.to_be_bytes());
            packet.extend_from_slice(&[0, 1, 0, 0, 0, 60, 0, data.len() as u8]);
            packet.extend_from_slice(data);
        }
        packet
    }

    #[test]
    fn an_answer_may_hold_aliases_and_be_cut() {
        let asked = question(7, "tracker.example.org", A).unwrap();
        let whole = reply(&asked, &[(5, b"\x03www\xc0\x0c"), (A, &[1, 2, 3, 4])]);
        let expected: Vec<IpAddr> = vec![[1, 2, 3, 4].into()];
        assert_eq!(answer(&whole, &asked), Some(expected.clone()));
        for end in 0..whole.len() {
            let cut = answer(&whole[..end], &asked);
            assert!(cut.is_none_or(|ips| ips.is_empty()), "{end}");
        }
        let other = question(7, "tracker.example.com", A).unwrap();
        assert_eq!(answer(&whole, &other), None);
        assert_eq!(answer(&asked, &asked), None, "a question is no answer");
    }

    #[test]
    fn what_is_no_name_is_not_asked_for() {
        let label = "x".repeat(64);
        let long = "x.".repeat(130);
        for host in ["", ".", "a..b", "m\u{e4}.de", &label, &long] {
            assert!(question(1, host, A).is_err(), "{host:?}");
        }
        assert!(question(1, "example.org.", A).is_ok());
    }

    #[test]
    fn the_systems_servers() {
        let conf = "# x\nsearch a b\nnameserver 10.0.0.1\n nameserver ::1 \nnameserver x\n";
        let servers: Vec<String> = system_servers(conf)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(servers, ["10.0.0.1:53", "[::1]:53"]);
    }

    #[tokio::test]
    async fn both_families_are_asked_for_over_the_interface() {
        let server = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let names = Names::new(Some("lo".into()), vec![server.local_addr().unwrap()]);
        let serving = async {
            for _ in 0..2 {
                let mut packet = [0; 512];
                let (length, from) = server.recv_from(&mut packet).await.unwrap();
                let asked = &packet[..length];
                let data: &[u8] = match asked[length - 3] {
                    1 => &[9, 8, 7, 6],
                    _ => &[1; 16],
                };
                let kind = u16::from(asked[length - 3]);
                // One that means somebody else is passed over.
                let mut wrong = reply(asked, &[(kind, data)]);
                wrong[0] ^= 1;
                server.send_to(&wrong, from).await.unwrap();
                let right = reply(asked, &[(kind, data)]);
                server.send_to(&right, from).await.unwrap();
            }
        };
        let (found, ()) = tokio::join!(names.resolve("a.example", 80), serving);
        let mut found: Vec<String> = found.unwrap().iter().map(ToString::to_string).collect();
        found.sort();
        assert_eq!(
            found,
            ["9.8.7.6:80", "[101:101:101:101:101:101:101:101]:80"]
        );
        let gone = Names::new(
            Some("matinee-none".into()),
            vec![([127, 0, 0, 1], 53).into()],
        );
        assert!(gone.resolve("a.example", 80).await.is_err());
    }
}
