//! Which hosts may be called for a film's bytes over HTTP, and the client that keeps to it.
//!
//! Addresses of web seeds and metainfo come from strangers: none of them may make us call our own
//! neighbours. A name is looked up once, and the addresses that were looked at are the ones that
//! are called, so that it cannot mean another host a moment later; every redirect is looked at like
//! the first address. Local hosts are called only when the settings allow it, or when the torrent's
//! reference spells out the very address.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Url};

use super::book::is_local;
use super::names::Names;
use super::network::Network;

/// A server that does not take the call by then is left for later; libtorrent waits 10 s.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(5);
/// Without a byte for so long an answer is given up. The scheduler asks others much sooner.
const SILENCE_MAX: Duration = Duration::from_secs(10);
/// archive.org takes two.
const REDIRECTS_MAX: usize = 4;
/// Connections kept for the next range: what a web seed has open at most.
const IDLE_MAX: usize = 2;
/// Servers close idle connections after 5 to 75 s.
const IDLE_TIME_MAX: Duration = Duration::from_secs(30);
/// Addresses of one name that are tried.
const ADDRESSES_MAX: usize = 8;

/// The client for web seeds and metainfo.
pub(super) fn client(network: &Network, allow_local: bool) -> Client {
    let client = network
        .http()
        .http1_only()
        .referer(false)
        .redirect(Policy::custom(move |attempt| follow(attempt, allow_local)))
        .connect_timeout(CONNECT_TIME_MAX)
        .read_timeout(SILENCE_MAX)
        .pool_max_idle_per_host(IDLE_MAX)
        .pool_idle_timeout(IDLE_TIME_MAX)
        .dns_resolver(Checked {
            names: network.names(),
            allow_local,
        });
    client.build().unwrap_or_else(|error| {
        // Never a plain client: it would go past the door.
        tracing::warn!("web seeds over HTTPS: {error}");
        let without = network.http().tls_certs_only([]);
        without.build().expect("no certificates are read")
    })
}

fn follow(attempt: Attempt<'_>, allow_local: bool) -> reqwest::redirect::Action {
    let secure = |url: &Url| url.scheme() == "https";
    let was_secure = attempt.previous().last().is_some_and(secure);
    if attempt.previous().len() > REDIRECTS_MAX {
        return attempt.error("too many redirects");
    }
    if was_secure && !secure(attempt.url()) {
        return attempt.error("leads from https to http");
    }
    if !may_call(attempt.url(), allow_local) {
        return attempt.error("leads to a local address");
    }
    attempt.follow()
}

/// Whether it is an address for us, as far as it says without being looked up.
pub(super) fn may_call(url: &Url, allow_local: bool) -> bool {
    let known = matches!(url.scheme(), "http" | "https");
    known && url.has_host() && (allow_local || !is_local_literal(url))
}

/// Whether this spells out a host on this side of the router.
pub(super) fn names_local(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| is_local_literal(&url))
}

fn is_local_literal(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse() {
        Ok(ip) => is_near(ip),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// Local, or nowhere that a server could be; also when IPv6 hides it (NAT64, RFC 6052; 6to4).
fn is_near(ip: IpAddr) -> bool {
    let ip = ip.to_canonical();
    let hidden = match ip {
        IpAddr::V4(_) => None,
        IpAddr::V6(ip) => match ip.segments() {
            [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
                Some(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)))
            }
            _ => None,
        },
    };
    let nowhere = |ip: IpAddr| ip.is_unspecified() || ip.is_multicast();
    is_local(ip) || nowhere(ip) || hidden.is_some_and(|ip| is_local(ip.into()))
}

/// Looks names up and leaves local addresses out. Not asked behind a proxy, which resolves names
/// where its own neighbours are.
struct Checked {
    names: Arc<Names>,
    allow_local: bool,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, allow_local) = (Arc::clone(&self.names), self.allow_local);
        Box::pin(async move {
            let found = look_up(&names, name.as_str(), 0, allow_local).await?;
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}

/// The addresses of a host that may be called.
///
/// # Errors
/// When it has none.
pub(super) async fn look_up(
    names: &Names,
    name: &str,
    port: u16,
    allow_local: bool,
) -> std::io::Result<Vec<SocketAddr>> {
    let found = names.resolve(name, port).await?;
    let allowed = found
        .into_iter()
        .filter(|address| allow_local || !is_near(address.ip()));
    let allowed: Vec<SocketAddr> = allowed.take(ADDRESSES_MAX).collect();
    if allowed.is_empty() {
        return Err(std::io::Error::other(
            "it has no address that may be called",
        ));
    }
    Ok(allowed)
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
            "http://[::1]:80/",
            "http://[::ffff:10.0.0.1]/",
            "http://[64:ff9b::c0a8:0101]/",
            "http://[2002:7f00:1::]/",
            "http://0.0.0.0/",
            "http://224.0.0.1/",
            "http://192.168.1.1/admin",
            "http://100.64.1.1/",
            "http://[fe80::1]/",
            "http://localhost/",
            "http://LOCALHOST:80/",
        ] {
            let url: Url = near.parse().unwrap();
            assert!(!may_call(&url, false), "{near}");
            assert!(may_call(&url, true), "{near}");
            assert!(names_local(near), "{near}");
        }
        for far in [
            "http://1.2.3.4/",
            "https://archive.org/download/",
            "http://[2606::1]/",
        ] {
            assert!(may_call(&far.parse().unwrap(), false), "{far}");
        }
        for no_address in ["ftp://1.2.3.4/", "file:///etc/passwd", "data:,x"] {
            assert!(
                !may_call(&no_address.parse().unwrap(), true),
                "{no_address}"
            );
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_not_called() {
        let names = Names::new(None, Vec::new());
        assert!(look_up(&names, "localhost", 80, false).await.is_err());
        let allowed = look_up(&names, "localhost", 80, true).await.unwrap();
        assert!(allowed.iter().all(|address| address.ip().is_loopback()));
    }
}
