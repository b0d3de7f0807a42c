//! Where an add-on is: the address of its manifest, and all others made of it.
//!
//! The address may hold the owner's settings of the add-on, and with them passwords and keys of
//! others: as text it is had only by asking for it ([`Transport::as_str`]); in logs stands the
//! host alone. Its path ends in `/manifest.json`; a query stays behind every address.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use serde::Serialize;
use url::{Host, Url};

use crate::bounds::URL_MAX_BYTES;
use crate::link::LinkError;
use crate::request::Request;

const MANIFEST: &str = "/manifest.json";

/// The ending of the protocol before this one.
const LEGACY: &str = "/stremio/v1";

/// The address of an add-on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Transport(String);

impl Transport {
    /// Of an http or https address, with `/manifest.json` or without; the add-on's page of
    /// settings is taken for the add-on.
    ///
    /// # Errors
    /// When it is no such address, or one of the legacy protocol or of IPFS.
    pub fn parse(text: &str) -> Result<Transport, LinkError> {
        let text = text.trim();
        if text.len() > URL_MAX_BYTES {
            return Err(LinkError::TooLong);
        }
        let url = Url::parse(text).map_err(|_| LinkError::NotALink)?;
        Transport::of(url)
    }

    pub(crate) fn of(mut url: Url) -> Result<Transport, LinkError> {
        match url.scheme() {
            "http" | "https" => {}
            "ipfs" | "ipns" => return Err(LinkError::Ipfs),
            other => return Err(LinkError::Scheme(other.to_owned())),
        }
        url.set_fragment(None);
        let path = url.path().trim_end_matches('/');
        let legacy = path.strip_suffix(MANIFEST).unwrap_or(path);
        if legacy.ends_with(LEGACY) || legacy.ends_with("/stremioget") {
            return Err(LinkError::Legacy);
        }
        if !url.path().ends_with(MANIFEST) {
            let base = path.strip_suffix("/configure").unwrap_or(path);
            let whole = format!("{base}{MANIFEST}");
            url.set_path(&whole);
        }
        let text = String::from(url);
        if text.len() > URL_MAX_BYTES {
            return Err(LinkError::TooLong);
        }
        Ok(Transport(text))
    }

    /// The address of the manifest. It may hold secrets: for requests and the store, not for logs.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where `request` is asked. As secret as [`Transport::as_str`].
    pub fn of_request(&self, request: &Request) -> String {
        self.beside(&request.path())
    }

    /// The add-on's page of settings, for a browser.
    pub fn configure(&self) -> String {
        self.beside("/configure")
    }

    /// Scheme, host and port, for people and logs.
    pub fn shown(&self) -> String {
        self.url().origin().ascii_serialization()
    }

    /// Its host: an address or a name.
    pub fn host(&self) -> String {
        self.url().host_str().unwrap_or_default().to_owned()
    }

    /// Whether what is asked can be read on the way.
    pub fn is_plain(&self) -> bool {
        self.0.starts_with("http:")
    }

    /// Whether it is on this machine or in this home, by its name alone: nothing is resolved.
    pub fn is_local(&self) -> bool {
        is_local(&self.url())
    }

    fn beside(&self, path: &str) -> String {
        let (address, query) = match self.0.find('?') {
            Some(at) => self.0.split_at(at),
            None => (self.0.as_str(), ""),
        };
        let base = address.strip_suffix(MANIFEST).unwrap_or(address);
        format!("{base}{path}{query}")
    }

    fn url(&self) -> Url {
        Url::parse(&self.0).expect("it was written by Url")
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Transport({})", self.shown())
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

/// Addresses and names that are never those of the Internet (RFC 1918, 3927, 4193, 4291, 6761,
/// 6762, 8375), and names without a dot.
pub(crate) fn is_local(url: &Url) -> bool {
    let ip: IpAddr = match url.host() {
        None => return false,
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            let ends = [".localhost", ".local", ".home.arpa", ".lan"];
            return !name.contains('.') || ends.iter().any(|end| name.ends_with(end));
        }
        Some(Host::Ipv4(ip)) => ip.into(),
        Some(Host::Ipv6(ip)) => ip.into(),
    };
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip == Ipv6Addr::LOCALHOST || ip.is_unique_local() || near(ip),
    }
}

fn near(ip: Ipv6Addr) -> bool {
    ip.is_unicast_link_local()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Resource;

    fn parsed(text: &str) -> Result<String, LinkError> {
        Transport::parse(text).map(|it| it.0)
    }

    #[test]
    fn every_form_leads_to_the_manifest() {
        for (text, manifest) in [
            ("https://a.example", "https://a.example/manifest.json"),
            (
                "https://a.example/manifest.json#x",
                "https://a.example/manifest.json",
            ),
            (
                " HTTP://A.example:80/b/ ",
                "http://a.example/b/manifest.json",
            ),
            (
                "https://a.example/configure",
                "https://a.example/manifest.json",
            ),
            (
                "https://a.example/%7B%22l%22%3A%22fr%22%7D/configure/",
                "https://a.example/%7B%22l%22%3A%22fr%22%7D/manifest.json",
            ),
            (
                "https://a.example/k=v|w=x/manifest.json?key=1",
                "https://a.example/k=v|w=x/manifest.json?key=1",
            ),
        ] {
            assert_eq!(parsed(text), Ok(manifest.into()), "{text}");
            assert_eq!(parsed(manifest), Ok(manifest.into()));
        }
    }

    #[test]
    fn what_cannot_be_asked_is_refused() {
        for (text, error) in [
            ("a b", LinkError::NotALink),
            ("https://", LinkError::NotALink),
            (
                "ftp://a.example/manifest.json",
                LinkError::Scheme("ftp".into()),
            ),
            ("ipfs://Qm/manifest.json", LinkError::Ipfs),
            ("https://a.example/stremio/v1", LinkError::Legacy),
            (
                "https://a.example/stremio/v1/manifest.json",
                LinkError::Legacy,
            ),
            (
                "https://a.example/x/stremio/v1/stremioget/",
                LinkError::Legacy,
            ),
        ] {
            assert_eq!(parsed(text), Err(error), "{text}");
        }
        let long = format!("https://a.example/{}", "ä".repeat(URL_MAX_BYTES / 4));
        assert_eq!(parsed(&long), Err(LinkError::TooLong));
    }

    #[test]
    fn addresses_are_made_beside_the_manifest() {
        let transport = Transport::parse("http://u:p@a.example/key/manifest.json?k=1").unwrap();
        let request = Request::new(Resource::Meta, "movie", "ff:1");
        let base = "http://u:p@a.example/key";
        assert_eq!(
            transport.of_request(&request),
            format!("{base}/meta/movie/ff%3A1.json?k=1")
        );
        assert_eq!(transport.configure(), format!("{base}/configure?k=1"));
        assert_eq!(
            format!("{transport}, {transport:?}").matches("key").count(),
            0
        );
        assert_eq!(transport.shown(), "http://a.example");
        assert!(transport.is_plain());
    }

    #[test]
    fn what_is_at_home_is_known_by_its_name() {
        let local = |host: &str| {
            Transport::parse(&format!("http://{host}/"))
                .unwrap()
                .is_local()
        };
        for host in [
            "localhost",
            "127.0.0.2:7000",
            "[::1]",
            "192.168.1.5",
            "10.0.0.1",
            "172.16.0.1",
            "169.254.1.1",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:192.168.1.5]",
            "nas",
            "nas.local",
            "nas.lan.",
            "nas.home.arpa",
            "2130706433",
        ] {
            assert!(local(host), "{host}");
        }
        for host in [
            "a.example",
            "8.8.8.8",
            "172.32.0.1",
            "[2001:db8::1]",
            "local.example",
        ] {
            assert!(!local(host), "{host}");
        }
    }
}
