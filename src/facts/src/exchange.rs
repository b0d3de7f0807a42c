//! Requests and answers as plain values, and what can be wrong with an answer.

use std::fmt;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Says who asks: Wikimedia and OpenSubtitles refuse those who do not (the latter wants "Name vX").
pub const USER_AGENT: &str = concat!("Matinee v", env!("CARGO_PKG_VERSION"));

/// What stays as it is in a part of a path or query (RFC 3986: unreserved).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Nobody is asked to come back later than this: a longer Retry-After is a mistake of the server.
const WAIT_MAX: Duration = Duration::from_secs(24 * 3600);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Delete,
}

/// What is to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    pub method: Method,
    pub url: String,
    /// The address itself opens something: it must not be logged or kept.
    pub secret_url: bool,
    pub headers: Vec<Header>,
    /// JSON. Never shown: it may hold a password.
    pub body: Option<Secret>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// In small letters.
    pub name: &'static str,
    pub value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Plain(String),
    /// To be marked as sensitive, and dropped when a redirect leads to another host.
    Secret(Secret),
}

/// A text that no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// For the wire alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = if self.secret_url {
            "(secret)"
        } else {
            &self.url
        };
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &url)
            .field("headers", &self.headers)
            .field("body", &self.body)
            .finish()
    }
}

impl Request {
    /// Asks for JSON, and says who asks.
    pub(crate) fn get(url: String) -> Request {
        Request {
            method: Method::Get,
            url,
            secret_url: false,
            headers: Vec::new(),
            body: None,
        }
        .with("accept", "application/json")
        .with("user-agent", USER_AGENT)
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Request {
        let value = Value::Plain(value.to_owned());
        self.headers.push(Header { name, value });
        self
    }

    pub(crate) fn with_secret(mut self, name: &'static str, value: Secret) -> Request {
        let value = Value::Secret(value);
        self.headers.push(Header { name, value });
        self
    }

    pub(crate) fn post(mut self, body: &serde_json::Value) -> Request {
        self.method = Method::Post;
        self.body = Some(Secret::new(body.to_string()));
        self.with("content-type", "application/json")
    }

    /// The value as it goes over the wire.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|header| header.name == name);
        found.map(|header| match &header.value {
            Value::Plain(value) => value.as_str(),
            Value::Secret(secret) => secret.reveal(),
        })
    }
}

/// What came back.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    pub status: u16,
    /// Names in any case.
    pub headers: &'a [(String, String)],
    pub body: &'a [u8],
}

impl<'a> Answer<'a> {
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    }

    /// Of Retry-After in seconds (RFC 9110; the form with a date is not sent by any of ours).
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let seconds = self.header("retry-after")?.parse().ok()?;
        Some(Duration::from_secs(seconds).min(WAIT_MAX))
    }

    /// What its status says, when that is bad.
    pub(crate) fn checked(self) -> Result<Answer<'a>, Fault> {
        Err(match self.status {
            200..=299 => return Ok(self),
            401 | 403 => Fault::Refused,
            404 | 410 => Fault::NotFound,
            429 => Fault::TooMany {
                wait: self.retry_after(),
            },
            500..=599 => Fault::Down {
                status: self.status,
                wait: self.retry_after(),
            },
            status => Fault::Status(status),
        })
    }
}

/// Why an answer is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("the key or token is not accepted")]
    Refused,
    #[error("it is not there")]
    NotFound,
    #[error("too many requests")]
    TooMany { wait: Option<Duration> },
    #[error("the server is in trouble (status {status})")]
    Down { status: u16, wait: Option<Duration> },
    #[error("unexpected status {0}")]
    Status(u16),
    #[error("the answer has {bytes} bytes, more than {max_bytes}")]
    TooLarge { bytes: usize, max_bytes: usize },
    #[error("the answer is no JSON: {0}")]
    NotJson(String),
    #[error("the answer has no {0}")]
    Shape(&'static str),
    /// What the server wrote of it, shortened.
    #[error("the server says: {0}")]
    Said(String),
}

/// One part of a path or of a query.
pub(crate) fn escaped(part: &str) -> String {
    utf8_percent_encode(part, ESCAPED).to_string()
}

/// `base` with a query of these pairs, in their order.
pub(crate) fn with_query(base: &str, pairs: &[(&str, String)]) -> String {
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    let query = pairs.collect::<Vec<_>>().join("&");
    if query.is_empty() {
        return base.to_owned();
    }
    format!("{base}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let request = Request::get("https://a.example/".into())
            .with_secret("authorization", Secret::new("Bearer hidden"))
            .post(&serde_json::json!({ "password": "hidden" }));
        assert_eq!(request.header("authorization"), Some("Bearer hidden"));
        let hidden = Request {
            secret_url: true,
            url: "https://a.example/hidden".into(),
            ..request
        };
        let shown = format!("{hidden:?}");
        assert!(!shown.contains("hidden"), "{shown}");
        assert!(shown.contains("authorization"), "{shown}");
    }

    #[test]
    fn statuses_say_what_is_wrong() {
        let headers = [("Retry-After".to_owned(), " 7 ".to_owned())];
        let fault = |status| {
            let answer = Answer {
                status,
                headers: &headers,
                body: b"",
            };
            answer.checked().map(|_| ()).unwrap_err()
        };
        let wait = Some(Duration::from_secs(7));
        assert_eq!(fault(401), Fault::Refused);
        assert_eq!(fault(404), Fault::NotFound);
        assert_eq!(fault(429), Fault::TooMany { wait });
        assert_eq!(fault(503), Fault::Down { status: 503, wait });
        assert_eq!(fault(302), Fault::Status(302));
        for (text, expected) in [("-1", None), ("soon", None), ("999999999", Some(WAIT_MAX))] {
            let headers = [("retry-after".to_owned(), text.to_owned())];
            let answer = Answer {
                status: 429,
                headers: &headers,
                body: b"",
            };
            assert_eq!(answer.retry_after(), expected, "{text}");
        }
    }
}
