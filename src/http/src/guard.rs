//! Who may ask: the three checks before every route.
//!
//! Host and Origin are compared whole against a short list, because every loose comparison of
//! them in this field was broken (DNS rebinding against torrent daemons, unanchored patterns in
//! media servers). The list holds the literal address this very connection arrived at, so it is
//! right for any interface without listing them; a rebound name never equals an address literal.
//! The token, where there is one, is asked on everything, also from loopback: a browser on this
//! machine is a stranger. It comes in a header, or in the query of a GET or HEAD, because players
//! and playlists cannot send headers. There is no CORS answer and no cookie. What is not here:
//! routes, and the reading of bodies.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method};

use crate::home::{Home, is_home};
use crate::link::Link;

/// How long the answer to a wrong token is held back. With 64 connections at a time this allows
/// 640 guesses a second: nothing against 128 bits, and 90 years for eight letters and digits.
pub(super) const WRONG_TOKEN_WAIT: Duration = Duration::from_millis(100);

/// The port browsers leave out of an `http` Host and Origin (RFC 9110 section 4.2.1).
pub(super) const HTTP_PORT: u16 = 80;

/// What every request is held against.
pub(super) struct Guard {
    token: Option<String>,
    hosts: Vec<String>,
    any_page: bool,
    /// Of a server for the home network.
    home: Option<Home>,
    /// Of one for a network of the box's own.
    link: Option<Link>,
}

/// Why a request goes no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Not from this side of the router.
    Sender,
    /// Missing, doubled, or not a name of this box.
    Host,
    /// The same of one that only reads, and is sent to the page.
    Elsewhere,
    /// A page of another site asks.
    Origin,
    /// Missing or wrong.
    Token,
}

impl Guard {
    /// `hosts` are further exact `host:port` names, compared without regard to case.
    pub(super) fn new(token: Option<String>, hosts: Vec<String>, any_page: bool) -> Self {
        Self {
            token,
            hosts,
            any_page,
            home: None,
            link: None,
        }
    }

    /// Each who was let in has a token of his own, in a header alone.
    pub(super) fn of_home(home: Home) -> Self {
        Self {
            token: None,
            hosts: home.hosts.clone(),
            any_page: false,
            home: Some(home),
            link: None,
        }
    }

    /// Who is in that network needs no token.
    pub(super) fn of_link(link: Link) -> Self {
        Self {
            link: Some(link),
            ..Self::new(None, Vec::new(), false)
        }
    }

    /// Checks a request that came in at `local`, our end of the connection, from `peer`.
    pub(super) fn check(
        &self,
        (local, peer): (SocketAddr, SocketAddr),
        request: &Parts,
    ) -> Result<(), Refusal> {
        if let Some(link) = &self.link {
            return link.check((local, peer), request);
        }
        if self.home.is_some() && !is_home(peer.ip()) {
            return Err(Refusal::Sender);
        }
        let names = names_of(local);
        let known = |name: &str| {
            let mut all = names.iter().chain(&self.hosts);
            all.any(|known| known.eq_ignore_ascii_case(name))
        };
        let host = single(&request.headers, &HOST).ok_or(Refusal::Host)?;
        if !known(host) {
            return Err(Refusal::Host);
        }
        // An absolute request target overrides Host (RFC 9112 section 3.2.2).
        if let Some(authority) = request.uri.authority()
            && !known(authority.as_str())
        {
            return Err(Refusal::Host);
        }
        if !self.any_page && request.headers.contains_key(ORIGIN) {
            let origin = single(&request.headers, &ORIGIN).ok_or(Refusal::Origin)?;
            let host = origin.strip_prefix("http://").ok_or(Refusal::Origin)?;
            // At home each name has pages and tokens of its own.
            let other = self.home.is_some() && !origin_is(&request.headers, host);
            if !known(host) || other {
                return Err(Refusal::Origin);
            }
        }
        if let Some(home) = &self.home {
            let free = (home.free)(&request.method, request.uri.path());
            let token = single(&request.headers, &AUTHORIZATION).and_then(bearer);
            let may = free || token.is_some_and(|token| (home.knows)(token));
            return may.then_some(()).ok_or(Refusal::Token);
        }
        let Some(secret) = &self.token else {
            return Ok(());
        };
        let token = match single(&request.headers, &AUTHORIZATION) {
            Some(header) => bearer(header),
            None => in_query(request),
        };
        match token {
            Some(token) if same(token.as_bytes(), secret.as_bytes()) => Ok(()),
            _ => Err(Refusal::Token),
        }
    }
}

/// The names a client may call the end `local` of its connection by.
pub(super) fn names_of(local: SocketAddr) -> Vec<String> {
    // A dual-stack socket reports IPv4 clients as ::ffff:a.b.c.d; people type a.b.c.d.
    let ip = local.ip().to_canonical();
    let port = local.port();
    let mut bare = vec![match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }];
    if ip.is_loopback() {
        bare.push("localhost".to_owned());
    }
    let mut names: Vec<String> = bare.iter().map(|name| format!("{name}:{port}")).collect();
    if port == HTTP_PORT {
        names.append(&mut bare);
    }
    names
}

/// Whether that is what the request calls the box.
pub(super) fn origin_is(headers: &HeaderMap, origin: &str) -> bool {
    single(headers, &HOST).is_some_and(|host| host.eq_ignore_ascii_case(origin))
}

/// The header's value when it is there exactly once and is ASCII.
pub(super) fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// The token of `Bearer <token>` (RFC 6750 section 2.1; the scheme in any case, RFC 9110).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The value of `token` in the query of a request that only reads. Tokens are plain ASCII: none
/// is written with escapes.
fn in_query(request: &Parts) -> Option<&str> {
    let reads = matches!(request.method, Method::GET | Method::HEAD);
    let mut pairs = request.uri.query().filter(|_| reads)?.split('&');
    pairs.find_map(|pair| pair.strip_prefix("token="))
}

/// Compares in a time that depends on the length of `given` alone, so that answers do not tell
/// how far a guess was right.
fn same(given: &[u8], secret: &[u8]) -> bool {
    let mut difference = given.len() ^ secret.len();
    for (at, byte) in given.iter().enumerate() {
        // `secret` is never empty, see `serve`; a longer guess is compared around it.
        difference |= usize::from(byte ^ secret[at % secret.len()]);
    }
    std::hint::black_box(difference) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_address_itself() {
        let names = |address: &str| names_of(address.parse().unwrap());
        assert_eq!(names("127.0.0.1:90"), ["127.0.0.1:90", "localhost:90"]);
        assert_eq!(names("[::1]:90"), ["[::1]:90", "localhost:90"]);
        assert_eq!(names("192.168.1.5:90"), ["192.168.1.5:90"]);
        assert_eq!(names("[::ffff:192.168.1.5]:90"), ["192.168.1.5:90"]);
        assert_eq!(names("192.168.1.5:80"), ["192.168.1.5:80", "192.168.1.5"]);
    }

    #[test]
    fn tokens_must_be_the_same_whole() {
        assert!(same(b"secret", b"secret"));
        for wrong in [
            "",
            "s",
            "secre",
            "secres",
            "secretsecret",
            "secret ",
            "Secret",
        ] {
            assert!(!same(wrong.as_bytes(), b"secret"), "{wrong}");
        }
    }
}
