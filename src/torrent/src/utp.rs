//! uTP (BEP 29): peers over UDP, on the port that TCP has too.
//!
//! The protocol is librqbit's; here it gets its socket, by the one door, and its bounds. There is
//! none behind a proxy, and a new one when the way to the network changes.

use std::net::{Ipv6Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::os::fd::AsRawFd;
use std::sync::Arc;

use librqbit_dualstack_sockets::UdpSocket;
use librqbit_utp::{SocketOpts, UtpSocket, UtpSocketUdp};
use tokio_util::sync::CancellationToken;

use super::Shared;
use super::network::NetworkError;

/// Of one connection that was not read yet: a second of 4 Mb/s, which is more than one such peer
/// usually gives. It bounds the RAM together with the next.
const RECEIVED_MAX_BYTES: NonZeroUsize = NonZeroUsize::new(512 * 1024).expect("not 0");
/// Connections over uTP, being made or there.
const STREAMS_MAX: NonZeroUsize = NonZeroUsize::new(64).expect("not 0");
/// Datagrams that wait for us; the system gives less if it allows less.
const WAITING_BYTES: libc::c_int = 2 * 1024 * 1024;

impl Shared {
    /// As the way to the network is now; none if it is off or not to be had.
    pub(super) async fn utp(&self) -> Option<Arc<UtpSocketUdp>> {
        let config = &self.config;
        if !config.utp || !self.terms().bittorrent || self.network.is_proxied() {
            return None;
        }
        let make = async |stop| {
            let made = open(self, stop);
            made.map_err(|error| tracing::warn!("uTP: {error}")).ok()
        };
        self.utp.get(&self.network, &self.stop, make).await
    }
}

fn open(shared: &Shared, stop: CancellationToken) -> Result<Arc<UtpSocketUdp>, NetworkError> {
    let mut at = shared
        .config
        .listen
        .unwrap_or((Ipv6Addr::UNSPECIFIED, 0).into());
    at.set_port(shared.port());
    let socket = match shared.network.udp(at) {
        // The port is somebody else's for UDP: calls go out from another.
        Err(_) if at.port() != 0 => {
            at.set_port(0);
            shared.network.udp(at)?
        }
        socket => socket?,
    };
    set_options(&socket, at);
    let options = SocketOpts {
        vsock_rx_bufsize_bytes: Some(RECEIVED_MAX_BYTES),
        max_live_vsocks: Some(STREAMS_MAX),
        cancellation_token: stop,
        disable_nagle: true,
        ..SocketOpts::default()
    };
    // The type of its surroundings has no public name.
    #[allow(clippy::default_trait_access)]
    let made = UtpSocket::new_with_opts(socket, Default::default(), options);
    made.map_err(|error| NetworkError::Utp(error.to_string()))
}

/// Room for what arrives, and no fragments: uTP finds out itself how long a packet may be. Without
/// either it is only slower.
fn set_options(socket: &UdpSocket, at: SocketAddr) {
    let fd = socket.socket().as_raw_fd();
    let set = |level, name, value: libc::c_int| {
        let length = size_of::<libc::c_int>() as libc::socklen_t;
        // SAFETY: the socket is open, and the value is as long as is said.
        unsafe { libc::setsockopt(fd, level, name, (&raw const value).cast(), length) }
    };
    set(libc::SOL_SOCKET, libc::SO_RCVBUF, WAITING_BYTES);
    set(
        libc::IPPROTO_IP,
        libc::IP_MTU_DISCOVER,
        libc::IP_PMTUDISC_DO,
    );
    if at.is_ipv6() {
        set(
            libc::IPPROTO_IPV6,
            libc::IPV6_MTU_DISCOVER,
            libc::IP_PMTUDISC_DO,
        );
    }
}
