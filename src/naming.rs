//! Answers every name with one address, in the network that the box opens itself: a phone's probe
//! for a way out (`http://captive.apple.com/hotspot-detect.html`) so finds the page there, and the
//! phone shows it by itself.
//!
//! The least of a name server (RFC 1035): one question, one answer, nothing kept, nobody else
//! asked. An option of DHCP that names the page (RFC 8910) would need HTTPS and a certificate that
//! phones trust, which no box at home has. Who is not in that network is not answered.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::net::UdpSocket;
use tokio::task::JoinSet;

/// Where phones ask (RFC 1035, section 4.2.1).
const PORT: u16 = 53;

/// The largest that comes by UDP without EDNS (RFC 1035, section 2.3.4); longer ones are cut, and
/// their end is not read anyway.
const BYTES: usize = 512;

const HEADER: usize = 12;

/// A name, with its lengths (RFC 1035, section 2.3.4).
const NAME_BYTES: usize = 255;

/// Seconds that the answer holds: no phone is to believe it in its own network.
const HOLDS: u32 = 1;

/// An address of IPv4, and the Internet (RFC 1035, sections 3.2.2 and 3.2.4).
const A: [u8; 4] = [0, 1, 0, 1];

/// All names are ours while this is there.
#[derive(Debug)]
pub struct Naming {
    _task: JoinSet<()>,
}

impl Naming {
    /// Answers at `address` those whom `has` knows, on the runtime that polls this.
    ///
    /// # Errors
    /// The port cannot be had.
    pub async fn begin(
        address: Ipv4Addr,
        has: impl Fn(IpAddr) -> bool + Send + 'static,
    ) -> io::Result<Naming> {
        let socket = UdpSocket::bind((address, PORT)).await?;
        let mut task = JoinSet::new();
        task.spawn(serve(socket, address, has));
        Ok(Naming { _task: task })
    }
}

async fn serve(socket: UdpSocket, address: Ipv4Addr, has: impl Fn(IpAddr) -> bool) {
    let mut asked = [0; BYTES];
    loop {
        let (length, from): (usize, SocketAddr) = match socket.recv_from(&mut asked).await {
            Ok(received) => received,
            // An answer before did not reach its phone; the next one may be heard.
            Err(error) => {
                tracing::debug!(%error, "naming");
                tokio::task::yield_now().await;
                continue;
            }
        };
        if !has(from.ip()) {
            continue;
        }
        if let Some(answer) = answer(&asked[..length], address)
            && let Err(error) = socket.send_to(&answer, from).await
        {
            tracing::debug!(%error, "naming");
        }
    }
}

/// The answer to a question of one name; none: that is no such question.
fn answer(asked: &[u8], address: Ipv4Addr) -> Option<Vec<u8>> {
    let (header, rest) = asked.split_at_checked(HEADER)?;
    let is_standard = header[2] & 0b1111_1000 == 0;
    if !is_standard || header[4..6] != [0, 1] {
        return None;
    }
    let question = question(rest)?;
    let is_address = question.ends_with(&A);
    let mut answer = Vec::with_capacity(HEADER + question.len() + 16);
    answer.extend_from_slice(&header[..2]);
    // An answer, of one who knows; whether more was wanted is repeated (section 4.1.1).
    answer.extend_from_slice(&[0b1000_0100 | (header[2] & 1), 0]);
    answer.extend_from_slice(&[0, 1, 0, u8::from(is_address), 0, 0, 0, 0]);
    answer.extend_from_slice(question);
    if is_address {
        // The name is the one of the question (section 4.1.4).
        answer.extend_from_slice(&[0xc0, HEADER as u8]);
        answer.extend_from_slice(&A);
        answer.extend_from_slice(&HOLDS.to_be_bytes());
        answer.extend_from_slice(&[0, 4]);
        answer.extend_from_slice(&address.octets());
    }
    Some(answer)
}

/// A name with its type and class, of what begins with one.
fn question(rest: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    loop {
        let length = usize::from(*rest.get(at)?);
        at += 1 + length;
        // What is longer is no part of a name, but says where one is.
        if length > 63 || at > NAME_BYTES {
            return None;
        }
        if length == 0 {
            return rest.get(..at + A.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Ipv4Addr = Ipv4Addr::new(10, 73, 0, 1);

    fn ask(name: &str, kind: u8) -> Vec<u8> {
        let mut asked = vec![7, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        for label in name.split('.') {
            asked.push(label.len() as u8);
            asked.extend_from_slice(label.as_bytes());
        }
        asked.extend_from_slice(&[0, 0, kind, 0, 1]);
        asked
    }

    #[test]
    fn every_name_is_the_box() {
        let asked = ask("captive.apple.com", 1);
        let told = answer(&asked, BOX).unwrap();
        assert_eq!(told[..12], [7, 9, 0x85, 0, 0, 1, 0, 1, 0, 0, 0, 0]);
        assert_eq!(told[12..asked.len()], asked[12..]);
        let record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 10, 73, 0, 1];
        assert_eq!(told[asked.len()..], record);
    }

    #[test]
    fn what_is_no_address_is_not_there_and_the_rest_of_a_question_is_left_out() {
        let asked = ask("example.org", 28);
        let told = answer(
            &[&asked[..], &[0, 0, 41, 16, 0, 0, 0, 0, 0, 0, 0]].concat(),
            BOX,
        );
        let told = told.unwrap();
        assert_eq!(told[6..8], [0, 0]);
        assert_eq!(told[12..], asked[12..]);
    }

    #[test]
    fn what_is_no_question_is_not_answered() {
        let good = ask("a.b", 1);
        for length in 0..good.len() {
            assert_eq!(answer(&good[..length], BOX), None, "{length}");
        }
        let changed = |at: usize, to: u8| {
            let mut asked = good.clone();
            asked[at] = to;
            asked
        };
        for wrong in [
            changed(2, 0x81),
            changed(2, 0x28),
            changed(5, 2),
            changed(12, 0xc0),
        ] {
            assert_eq!(answer(&wrong, BOX), None, "{wrong:?}");
        }
        let long = vec!["a".repeat(63); 5].join(".");
        assert_eq!(answer(&ask(&long, 1), BOX), None);
    }

    #[tokio::test]
    async fn only_those_of_the_network_are_answered() {
        let bind = async |at: &str| UdpSocket::bind(at).await.unwrap();
        let socket = bind("127.73.0.1:0").await;
        let at = socket.local_addr().unwrap();
        let within = |ip: IpAddr| ip.to_string().starts_with("127.73.0.");
        let mut task = JoinSet::new();
        task.spawn(serve(socket, BOX, within));
        let (stranger, phone) = (bind("127.0.0.1:0").await, bind("127.73.0.9:0").await);
        stranger.send_to(&ask("a", 1), at).await.unwrap();
        phone.send_to(&ask("b", 1), at).await.unwrap();
        let mut told = [0; BYTES];
        let (length, _) = phone.recv_from(&mut told).await.unwrap();
        assert_eq!(answer(&ask("b", 1), BOX).unwrap(), told[..length]);
        // They are answered in turn.
        assert!(stranger.try_recv(&mut told).is_err());
    }
}
