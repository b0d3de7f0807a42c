//! What went wrong, in the terms of whoever must say it or act on it.
//!
//! Every variant names the host at most: paths and queries hold keys of accounts, and errors are
//! logged and shown. Nothing here decides what is done about it, except whether a kept answer may
//! stand in.

use std::error::Error;
use std::io;
use std::net::{Ipv4Addr, UdpSocket};
use std::time::Duration;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    #[error("no such address: {0}")]
    BadAddress(&'static str),
    /// This machine has no way to anybody.
    #[error("there is no network")]
    NoNetwork,
    #[error("{0}: no such host")]
    NoHost(String),
    /// It leads to this side of the router, which a stranger may not make us call.
    #[error("{0}: refused, a local address")]
    Refused(String),
    /// It is not HTTPS, or leads from HTTPS to less, or what was to be said went elsewhere.
    #[error("{0}: refused, not secure")]
    Insecure(String),
    /// Nobody takes the call, or hangs up before the answer's end.
    #[error("{0}: no answer")]
    NoAnswer(String),
    /// Not who it should be, or no TLS at all.
    #[error("{0}: no secure connection")]
    Tls(String),
    #[error("the proxy does not let through")]
    Proxy,
    #[error("{0}: too slow")]
    TooSlow(String),
    #[error("{host}: more than {bytes_max} bytes")]
    TooLarge { host: String, bytes_max: u64 },
    #[error("{0}: too many redirects")]
    TooManyRedirects(String),
    /// `after`: when it wants to be asked again.
    #[error("{host}: status {code}")]
    Status {
        host: String,
        code: u16,
        after: Option<Duration>,
    },
    #[error("{0}: a web page or something else, not data")]
    NotJson(String),
    #[error("{0}: another type of content than asked for")]
    WrongType(String),
    /// Not HTTP, or an encoding that was not asked for, or that breaks off.
    #[error("{0}: a broken answer")]
    Broken(String),
    /// Not asked: it said so, or it failed too often of late.
    #[error("{host}: not asked again for {} s", after.as_secs())]
    Later { host: String, after: Duration },
    /// Only what is kept was wanted.
    #[error("{0}: nothing kept")]
    NotKept(String),
}

impl FetchError {
    /// Whether a kept answer may stand in: the host, or the way to it, is at fault. A host that
    /// says that there is no such thing (any more) is believed.
    pub(crate) fn lets_kept_stand_in(&self) -> bool {
        match self {
            FetchError::Status { code, .. } => *code >= 500 || matches!(code, 408 | 429),
            FetchError::BadAddress(_) | FetchError::NotKept(_) => false,
            _ => true,
        }
    }

    /// Whether it speaks against the host, for its breaker.
    pub(crate) fn blames_host(&self) -> bool {
        matches!(
            self,
            FetchError::NoAnswer(_)
                | FetchError::Tls(_)
                | FetchError::TooSlow(_)
                | FetchError::TooLarge { .. }
                | FetchError::Broken(_)
        )
    }

    /// Of a request that did not come to an answer, or of its body.
    pub(crate) fn of(error: &reqwest::Error, host: &str, proxied: bool) -> FetchError {
        let host = host.to_owned();
        let (mut refused, mut tls, mut unknown) = (false, false, false);
        let mut unreachable = false;
        let mut broken = false;
        let mut source = error.source();
        while let Some(cause) = source {
            refused |= cause.is::<reach::NoAddress>();
            tls |= cause.is::<rustls::Error>();
            if let Some(error) = cause.downcast_ref::<io::Error>() {
                let kind = error.kind();
                unreachable |= kind == io::ErrorKind::NetworkUnreachable;
                unreachable |= kind == io::ErrorKind::NetworkDown;
                // Of chunks.
                broken |= kind == io::ErrorKind::InvalidData || kind == io::ErrorKind::InvalidInput;
            }
            if let Some(error) = cause.downcast_ref::<hyper::Error>() {
                broken |= error.is_parse();
            }
            // It has no type that could be named.
            unknown |= cause.to_string().starts_with("dns error");
            source = below(cause);
        }
        if refused {
            FetchError::Refused(host)
        } else if tls {
            FetchError::Tls(host)
        } else if proxied && error.is_connect() {
            // Whom it could not reach, or itself: it is not told apart.
            FetchError::Proxy
        } else if error.is_timeout() {
            FetchError::TooSlow(host)
        } else if unreachable || (unknown && !has_route()) {
            FetchError::NoNetwork
        } else if unknown {
            FetchError::NoHost(host)
        } else if broken {
            FetchError::Broken(host)
        } else {
            FetchError::NoAnswer(host)
        }
    }
}

/// The cause of a cause. One in an `io::Error` is no source of it: it is the error itself.
fn below<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let inner = cause
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref);
    match inner {
        Some(inner) => Some(inner),
        None => cause.source(),
    }
}

/// Whether there is a route to the Internet. Sends nothing: a datagram socket that is connected
/// only asks the kernel for the route. 192.0.2.1 is for documentation (RFC 5737).
fn has_route() -> bool {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0));
    let v4 = socket.is_ok_and(|socket| socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).is_ok());
    let v6 = || {
        let socket = UdpSocket::bind("[::]:0");
        socket.is_ok_and(|socket| socket.connect("[2001:db8::1]:9").is_ok())
    };
    v4 || v6()
}
