//! Which address may be called, for each ask and each redirect.
//!
//! The owner may list hosts at home; they count only for asks that come from the owner
//! ([`crate::Ask::near`]) and only as long as no other host led there, so that an add-on cannot
//! turn the box against the drive next to it. What a name means is checked where it is looked up
//! (the crate `reach`); this looks at what an address spells out.

use std::net::IpAddr;
use std::sync::{PoisonError, RwLock};

use reqwest::Url;

use crate::error::FetchError;

/// Listed hosts; a home has under ten.
const LISTED_MAX: usize = 64;

/// A host at home: `nas.lan`, `192.168.1.5:8096`, `[fd00::5]`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    host: String,
    /// None: any.
    port: Option<u16>,
}

/// The listed hosts.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    allow_local: bool,
    proxied: bool,
    listed: RwLock<Vec<Place>>,
}

/// By which client it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Far,
    /// Straight, and to listed hosts too.
    Near,
}

impl Gate {
    pub(crate) fn new(allow_local: bool, proxied: bool, listed: &[String]) -> Gate {
        let gate = Gate {
            allow_local,
            proxied,
            listed: RwLock::default(),
        };
        gate.list(listed);
        gate
    }

    /// Instead of those listed before.
    pub(crate) fn list(&self, places: &[String]) {
        let read = places.iter().filter_map(|text| {
            let place = Place::read(text);
            if place.is_none() {
                tracing::warn!("{text:?}: no host to list");
            }
            place
        });
        let read = read.take(LISTED_MAX).collect();
        *self.listed.write().unwrap_or_else(PoisonError::into_inner) = read;
    }

    /// `near`: the owner named it. `plain`: without TLS will do.
    pub(crate) fn admit(&self, url: &Url, near: bool, plain: bool) -> Result<Way, FetchError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchError::BadAddress("neither http nor https"));
        }
        let Some(host) = url.host_str().filter(|host| !host.is_empty()) else {
            return Err(FetchError::BadAddress("no host"));
        };
        let at_home = reach::is_near_host(url);
        let listed = near && self.lists(url);
        if at_home && !listed && !self.allow_local {
            return Err(FetchError::Refused(host.to_owned()));
        }
        let trusted = listed || (at_home && self.allow_local);
        if url.scheme() == "http" && !plain && !trusted {
            return Err(FetchError::Insecure(host.to_owned()));
        }
        // Behind a proxy only listed hosts are called past it.
        let straight = listed || (near && !self.proxied);
        Ok(if straight { Way::Near } else { Way::Far })
    }

    /// Whether the owner listed this host, with this port or any.
    pub(crate) fn lists(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default();
        self.any(|place| place.host == host && (place.port.is_none() || place.port == port))
    }

    /// Whether the client for listed hosts may call this address of a name: what is far, what is
    /// listed itself, and neighbours of the name that is listed. Never this machine by a name.
    pub(crate) fn may_call(&self, name: &str, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        let nobody = ip.is_loopback() || ip.is_unspecified() || ip.is_multicast();
        let neighbour = reach::is_local(ip) && !nobody;
        let listed = |place: &Place| {
            let itself = place.port.is_none() && reach::literal(&place.host) == Some(ip);
            itself || (neighbour && place.host.eq_ignore_ascii_case(name))
        };
        self.allow_local || !reach::is_near(ip) || self.any(listed)
    }

    fn any(&self, is: impl Fn(&Place) -> bool) -> bool {
        let listed = self.listed.read().unwrap_or_else(PoisonError::into_inner);
        listed.iter().any(is)
    }
}

impl Place {
    /// By the parser of URLs, so that it is spelled as hosts of URLs are.
    fn read(text: &str) -> Option<Place> {
        let url = Url::parse(&format!("http://{text}/")).ok()?;
        let plain = url.path() == "/" && url.username().is_empty() && url.query().is_none();
        let host = url.host_str().filter(|_| plain)?.to_owned();
        let said = text.rsplit_once(':').map(|(_, port)| port.parse().ok());
        // The parser leaves out 80.
        let port = url.port().or(said.flatten().filter(|port| *port == 80));
        Some(Place { host, port })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn gate() -> Gate {
        let listed = ["nas.lan:8096", "192.168.1.5", "[fd00::5]:80", "no host", ""];
        Gate::new(false, false, &listed.map(str::to_owned))
    }

    fn admit(url: &str, near: bool) -> Result<Way, FetchError> {
        gate().admit(&url.parse().unwrap(), near, false)
    }

    #[test]
    fn listed_hosts_are_for_the_owner_and_on_their_port() {
        for url in [
            "http://nas.lan:8096/x",
            "http://192.168.1.5:1/",
            "https://192.168.1.5/",
            "http://[fd00::5]/",
        ] {
            assert_eq!(admit(url, true), Ok(Way::Near), "{url}");
            let refused = admit(url, false);
            assert!(matches!(refused, Err(FetchError::Refused(_))), "{url}");
        }
        for url in [
            "http://nas.lan/",
            "http://192.168.1.6/",
            "http://127.0.0.1/",
            "https://[fd00::5]/",
        ] {
            let refused = admit(url, true);
            assert!(matches!(refused, Err(FetchError::Refused(_))), "{url}");
        }
    }

    #[test]
    fn far_hosts_speak_tls_unless_it_is_said_otherwise() {
        assert_eq!(admit("https://a.example/", false), Ok(Way::Far));
        let plain = "http://a.example/".parse().unwrap();
        let refused = gate().admit(&plain, true, false);
        assert_eq!(refused, Err(FetchError::Insecure("a.example".into())));
        assert_eq!(gate().admit(&plain, false, true), Ok(Way::Far));
        for no_address in ["ftp://a.example/", "file:///etc/passwd", "data:,x"] {
            let refused = admit(no_address, true);
            assert!(matches!(refused, Err(FetchError::BadAddress(_))));
        }
    }

    #[test]
    fn a_listed_name_is_a_neighbour_and_never_this_machine() {
        let may = |name, ip: &str| gate().may_call(name, ip.parse().unwrap());
        assert!(may("nas.lan", "10.0.0.7"));
        assert!(may("nas.lan", "fd00::9"));
        assert!(!may("nas.lan", "127.0.0.1"));
        assert!(!may("nas.lan", "::ffff:127.0.0.1"));
        assert!(!may("other.lan", "10.0.0.7"));
        assert!(
            may("other.lan", "192.168.1.5"),
            "the address itself is listed"
        );
        assert!(!may("other.lan", "fd00::5"), "for one port only");
        assert!(may("a.example", "1.2.3.4"));
    }

    #[test]
    fn behind_a_proxy_only_listed_hosts_are_called_past_it() {
        let gate = Gate::new(false, true, &["nas.lan".to_owned()]);
        let way = |url: &str| gate.admit(&url.parse().unwrap(), true, false);
        assert_eq!(way("http://nas.lan/"), Ok(Way::Near));
        assert_eq!(way("https://a.example/"), Ok(Way::Far));
    }
}
