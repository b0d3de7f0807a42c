//! A server for one network, that the box opens itself for a moment: who is in it was let in by its
//! password, so there is no token, and nothing is served there that is for others.
//!
//! A phone that joins a network asks some host of its maker's for a page, to see whether there is a
//! way out (RFC 8952, appendix A). Whatever such a request calls the box by, it is told where the
//! page is, and nothing else: the answer is the same for all, so a page of another site whose name
//! leads here (DNS rebinding) learns nothing and changes nothing. Behind that Host is held against
//! the address alone, as everywhere.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::http::Method;
use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;

use crate::Patience;
use crate::guard::{HTTP_PORT, Refusal, names_of, origin_is, single};

/// Hears who in that network asks for anything, with each request; not whether it was right. It
/// must not block.
pub type Heard = Arc<dyn Fn(IpAddr) + Send + Sync>;

/// Where such a server listens.
#[derive(Clone)]
pub struct Link {
    /// The box's own address in that network; none of others is answered at.
    pub listen: SocketAddr,
    /// So many leading bits all addresses of that network share.
    pub prefix: u8,
    pub patience: Patience,
    pub heard: Heard,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("listen", &self.listen)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl Link {
    /// Whether an address is of another in that network. The kernel hands us what comes for our
    /// address by any of its links: where it is from says by which one the answer goes.
    fn has(&self, peer: IpAddr) -> bool {
        let own = self.listen.ip();
        let shared = match (own, peer.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(peer)) => (own.to_bits() ^ peer.to_bits()).leading_zeros(),
            (IpAddr::V6(own), IpAddr::V6(peer)) => (own.to_bits() ^ peer.to_bits()).leading_zeros(),
            _ => return false,
        };
        own != peer.to_canonical() && shared >= u32::from(self.prefix)
    }

    /// The same of one who asks for something, which is told on.
    #[must_use]
    pub fn hears(&self, peer: IpAddr) -> bool {
        let within = self.has(peer);
        if within {
            (self.heard)(peer.to_canonical());
        }
        within
    }

    pub(crate) fn check(
        &self,
        (local, peer): (SocketAddr, SocketAddr),
        request: &Parts,
    ) -> Result<(), Refusal> {
        if local.ip() != self.listen.ip() || !self.hears(peer.ip()) {
            return Err(Refusal::Sender);
        }
        let names = names_of(local);
        let known = |name: &str| names.iter().any(|it| it.eq_ignore_ascii_case(name));
        let reads = matches!(request.method, Method::GET | Method::HEAD);
        let from_page = request.headers.contains_key(ORIGIN);
        let host = single(&request.headers, &HOST).ok_or(Refusal::Host)?;
        // An absolute request target overrides Host (RFC 9112 section 3.2.2).
        let target = request.uri.authority();
        if !known(host) || target.is_some_and(|it| !known(it.as_str())) {
            let looks = reads && !from_page;
            return Err(if looks {
                Refusal::Elsewhere
            } else {
                Refusal::Host
            });
        }
        if !from_page {
            // Every browser says which page sends something (Fetch, section 3.2).
            return reads.then_some(()).ok_or(Refusal::Origin);
        }
        let origin = single(&request.headers, &ORIGIN).ok_or(Refusal::Origin)?;
        let own = origin.strip_prefix("http://");
        let own = own.is_some_and(|it| known(it) && origin_is(&request.headers, it));
        own.then_some(()).ok_or(Refusal::Origin)
    }
}

/// The page that is served at our end of a connection, as people type it: "http://10.73.0.1".
#[must_use]
pub fn page_at(local: SocketAddr) -> String {
    // The usual port is the last of its names, and needs no number.
    let name = names_of(local).pop();
    let name = name.filter(|_| local.port() == HTTP_PORT);
    format!("http://{}", name.unwrap_or_else(|| local.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_ends_at_its_prefix_and_is_not_the_box_itself() {
        let link = |listen: &str, prefix| Link {
            listen: listen.parse().unwrap(),
            prefix,
            patience: Patience {
                answer: std::time::Duration::ZERO,
                write: std::time::Duration::ZERO,
            },
            heard: Arc::new(drop),
        };
        let own = link("10.73.0.1:80", 24);
        for (peer, within) in [
            ("10.73.0.2", true),
            ("10.73.0.254", true),
            ("::ffff:10.73.0.9", true),
            ("10.73.0.1", false),
            ("10.73.1.2", false),
            ("127.0.0.1", false),
            ("::1", false),
        ] {
            assert_eq!(own.has(peer.parse().unwrap()), within, "{peer}");
        }
        let own = link("[fd00::1]:80", 64);
        assert!(own.has("fd00::2".parse().unwrap()));
        assert!(!own.has("fd00:0:0:1::2".parse().unwrap()));
    }

    #[test]
    fn the_page_is_at_the_address_itself() {
        let at = |local: &str| page_at(local.parse().unwrap());
        assert_eq!(at("10.73.0.1:80"), "http://10.73.0.1");
        assert_eq!(at("10.73.0.1:8080"), "http://10.73.0.1:8080");
        assert_eq!(at("[fd00::1]:80"), "http://[fd00::1]");
    }
}
