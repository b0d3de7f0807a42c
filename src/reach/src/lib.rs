//! Which hosts a stranger may make us call over HTTP, and the resolver that keeps to it.
//!
//! Addresses of films, posters, add-ons and web seeds come from strangers: none of them may make us
//! call our own neighbours or ourselves. A name is looked up once, and the addresses that were
//! looked at are the ones that are called, so that it cannot mean another host a moment later (DNS
//! rebinding). Address literals are never looked up by a client: whoever calls asks [`may_call`]
//! first, and again at each redirect. No socket is opened here; the name servers are asked by what
//! the caller gives.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

pub use reqwest::Url;
pub use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Addresses of one name that are tried. Large sites have up to eight; a hundred would only keep us
/// busy.
pub const ADDRESSES_MAX: usize = 8;

/// Ends of names that mean something only on this side of the router (RFC 6761, RFC 6762, RFC 8375,
/// and what routers make up).
const NEAR_ENDS: &[&str] = &[".localhost", ".local", ".internal", ".home.arpa", ".lan"];

/// A name has no address that may be called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it has no address that may be called")]
pub struct NoAddress;

/// Loopback, private (RFC 1918, RFC 4193), shared (RFC 6598) and link-local addresses: a stranger
/// who names one wants us to call our own neighbours.
pub fn is_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let shared = ip.octets()[0] == 100 && ip.octets()[1] & 0xc0 == 64;
            ip.is_loopback() || ip.is_private() || ip.is_link_local() || shared || ip.is_broadcast()
        }
        IpAddr::V6(ip) => {
            let head = ip.segments()[0];
            ip == Ipv6Addr::LOCALHOST || head & 0xfe00 == 0xfc00 || head & 0xffc0 == 0xfe80
        }
    }
}

/// Local, or nowhere that a server of the web could be (RFC 6890 and its registries); also when
/// IPv6 hides it (mapped, NAT64 of RFC 6052, 6to4).
pub fn is_near(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_near_v4(ip),
        IpAddr::V6(ip) => is_near_v6(ip),
    }
}

fn is_near_v4(ip: Ipv4Addr) -> bool {
    // "This network"; multicast and what was never given out; protocol assignments; the anycast of
    // 6to4 relays; benchmarks.
    let reserved = matches!(
        ip.octets(),
        [0 | 224..=255, ..] | [192, 0, 0, _] | [192, 88, 99, _] | [198, 18..=19, ..]
    );
    reserved || ip.is_documentation() || is_local(ip.into())
}

fn is_near_v6(ip: Ipv6Addr) -> bool {
    let hidden =
        |high: u16, low: u16| is_near_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)));
    match ip.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => hidden(high, low),
        // Teredo, which hides an address too, ORCHID and others without servers; documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => true,
        // All that is given out for the Internet so far is 2000::/3.
        [head, ..] => head & 0xe000 != 0x2000,
    }
}

/// Whether it is an address for us, as far as it says without being looked up.
pub fn may_call(url: &Url, allow_local: bool) -> bool {
    let known = matches!(url.scheme(), "http" | "https");
    known && url.has_host() && (allow_local || !is_near_host(url))
}

/// Whether this spells out a host on this side of the router.
pub fn names_local(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| is_near_host(&url))
}

/// The same of an address that was read. A name without a dot has no place on the Internet.
pub fn is_near_host(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    if let Some(ip) = literal(host) {
        return is_near(ip);
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    let ends = NEAR_ENDS.iter().any(|end| name.ends_with(end));
    ends || !name.contains('.')
}

/// The address that a host of an URL spells out.
pub fn literal(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    bare.unwrap_or(host).parse().ok()
}

/// Looks names up and leaves out what `may` refuses, given the name and each of its addresses. Not
/// asked behind a proxy, which resolves names where its own neighbours are.
pub struct Checked<F> {
    names: Arc<dyn Resolve>,
    may: Arc<F>,
}

impl<F> fmt::Debug for Checked<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Checked")
    }
}

impl<F: Fn(&str, IpAddr) -> bool + Send + Sync + 'static> Checked<F> {
    pub fn new(names: Arc<dyn Resolve>, may: F) -> Checked<F> {
        let may = Arc::new(may);
        Checked { names, may }
    }
}

impl<F: Fn(&str, IpAddr) -> bool + Send + Sync + 'static> Resolve for Checked<F> {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let (found, may) = (self.names.resolve(name), Arc::clone(&self.may));
        Box::pin(async move {
            let found = found.await?;
            let allowed = found.filter(|address| may(&host, address.ip()));
            let allowed: Vec<_> = allowed.take(ADDRESSES_MAX).collect();
            if allowed.is_empty() {
                return Err(NoAddress.into());
            }
            let allowed: Addrs = Box::new(allowed.into_iter());
            Ok(allowed)
        })
    }
}

/// The names of the system.
#[derive(Debug, Clone, Copy)]
pub struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<_> = found.collect();
            let found: Addrs = Box::new(found.into_iter());
            Ok(found)
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn hosts_on_our_side_are_known_in_every_spelling() {
        for near in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://017700000001/",
            "http://[::1]:80/",
            "http://[::ffff:10.0.0.1]/",
            "http://[::127.0.0.1]/",
            "http://[64:ff9b::c0a8:0101]/",
            "http://[64:ff9b:1::808:808]/",
            "http://[2002:7f00:1::]/",
            "http://[2001:0:1:2:3:4:5:6]/",
            "http://[2001:db8::1]/",
            "http://[fc00::1]/",
            "http://[fec0::1]/",
            "http://[ff02::1]/",
            "http://[::]/",
            "http://0.0.0.0/",
            "http://0.1.2.3/",
            "http://224.0.0.1/",
            "http://240.0.0.1/",
            "http://255.255.255.255/",
            "http://169.254.169.254/latest/meta-data",
            "http://172.31.0.1/",
            "http://192.168.1.1/admin",
            "http://192.0.2.1/",
            "http://198.18.0.1/",
            "http://203.0.113.1/",
            "http://100.64.1.1/",
            "http://[fe80::1]/",
            "http://localhost/",
            "http://localhost./",
            "http://LOCALHOST:80/",
            "http://router/",
            "http://nas.local/",
            "http://metadata.google.internal/",
            "http://fritz.lan./",
        ] {
            let url: Url = near.parse().unwrap();
            assert!(!may_call(&url, false), "{near}");
            assert!(may_call(&url, true), "{near}");
            assert!(names_local(near), "{near}");
        }
        for far in [
            "http://1.2.3.4/",
            "http://100.128.0.1/",
            "http://172.32.0.1/",
            "http://192.0.1.1/",
            "http://[64:ff9b::808:808]/",
            "http://[2002:808:808::]/",
            "https://archive.org/download/",
            "http://[2606::1]/",
            "http://[2001:4860:4860::8888]/",
        ] {
            assert!(may_call(&far.parse().unwrap(), false), "{far}");
        }
        for no_address in ["ftp://1.2.3.4/", "file:///etc/passwd", "data:,x"] {
            let url = no_address.parse().unwrap();
            assert!(!may_call(&url, true), "{no_address}");
        }
    }

    /// Any name has these addresses.
    struct Fixed(Vec<&'static str>);

    impl Resolve for Fixed {
        fn resolve(&self, _: Name) -> Resolving {
            let found: Vec<IpAddr> = self.0.iter().map(|ip| ip.parse().unwrap()).collect();
            let found: Addrs = Box::new(found.into_iter().map(|ip| (ip, 0).into()));
            Box::pin(async { Ok(found) })
        }
    }

    async fn found(addresses: Vec<&'static str>) -> Option<Vec<String>> {
        let checked = Checked::new(Arc::new(Fixed(addresses)), |_, ip| !is_near(ip));
        let found = checked.resolve("a.example".parse().unwrap()).await.ok()?;
        Some(found.map(|address| address.ip().to_string()).collect())
    }

    #[tokio::test]
    async fn only_what_was_looked_at_is_given_to_be_called() {
        let both = found(vec!["127.0.0.1", "1.2.3.4", "::ffff:10.0.0.1"]).await;
        assert_eq!(both.unwrap(), ["1.2.3.4"]);
        assert_eq!(found(vec!["10.0.0.1", "::1"]).await, None);
        assert_eq!(found(vec!["1.2.3.4"; 100]).await.unwrap().len(), 8);
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_not_called() {
        let refused = Checked::new(Arc::new(System), |_, ip| !is_near(ip));
        let refused = refused.resolve("localhost".parse().unwrap()).await;
        assert!(refused.err().unwrap().is::<NoAddress>());
        let allowed = Checked::new(Arc::new(System), |_, _| true);
        let mut allowed = allowed.resolve("localhost".parse().unwrap()).await.unwrap();
        assert!(allowed.all(|address| address.ip().is_loopback()));
    }
}
