//! A server for the home network: who was let in speaks by a token of his own, and nobody from
//! beyond the router is answered.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::http::Method;

use crate::Patience;

/// Where such a server listens, and who may use it.
#[derive(Clone)]
pub struct Home {
    pub listen: SocketAddr,
    /// As of [`Config::hosts`](crate::Config::hosts).
    pub hosts: Vec<String>,
    pub patience: Patience,
    /// Whether a bearer token is of one who was let in.
    pub knows: Arc<dyn Fn(&str) -> bool + Send + Sync>,
    /// What is there for those too who were not: the pages, and the way in.
    pub free: fn(&Method, &str) -> bool,
}

impl fmt::Debug for Home {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Home")
            .field("listen", &self.listen)
            .field("hosts", &self.hosts)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

/// Whether the address is of this machine or of this side of the router: loopback, private use
/// (RFC 1918, RFC 4193) and link-local (RFC 3927, RFC 4291). What providers share (RFC 6598) is
/// not ours.
#[must_use]
pub fn is_home(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn home_ends_at_the_router() {
        let home = |ip: &str| is_home(ip.parse().unwrap());
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.5",
            "169.254.1.1",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:192.168.1.5",
        ] {
            assert!(home(ip), "{ip}");
        }
        for ip in [
            "8.8.8.8",
            "100.64.0.1",
            "172.32.0.1",
            "0.0.0.0",
            "2001:db8::1",
            "::",
            "::ffff:8.8.8.8",
        ] {
            assert!(!home(ip), "{ip}");
        }
    }
}
