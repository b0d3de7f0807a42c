//! Whether a router answers, by the one thing that anybody may do: asking it for a connection.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::Duration;

use tokio::net::TcpSocket;
use tokio::time::timeout;

/// Of names (DNS): routers answer there, or refuse to, and either is an answer.
const PORT: u16 = 53;

/// The kernel asks three times who has an address, a second each, before it says that nobody does
/// (arp(7)): who has not been refused by then is there, and does not speak to everybody.
const KNOCK: Duration = Duration::from_secs(6);

/// Whether somebody is at that address of the network that the box has `from` in. A connection is
/// asked for, and closed at once where it is had.
pub(super) async fn knock(from: Ipv4Addr, router: Ipv4Addr) -> bool {
    let knock = async {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddrV4::new(from, 0).into())?;
        let to: SocketAddr = SocketAddrV4::new(router, PORT).into();
        socket.connect(to).await.map(drop)
    };
    match timeout(KNOCK, knock).await {
        Ok(Ok(())) | Err(_) => true,
        Ok(Err(error)) => {
            tracing::debug!("network: {router}: {error}");
            let there = [
                io::ErrorKind::ConnectionRefused,
                io::ErrorKind::ConnectionReset,
            ];
            there.contains(&error.kind())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_refuses_is_there_and_who_asks_from_a_strange_address_hears_nobody() {
        let own = Ipv4Addr::LOCALHOST;
        assert!(knock(own, own).await);
        // RFC 5737: of documentation, and nobody's.
        assert!(!knock(Ipv4Addr::new(192, 0, 2, 77), own).await);
    }
}
