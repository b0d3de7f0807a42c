//! What came back, and which of its headers anybody looks at.
//!
//! Headers are let through by a list: the rest (cookies, policies for browsers) is nobody's matter
//! here and is neither handed on nor kept. JSON is read here because its bound on depth belongs to
//! what comes from strangers.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{AGE, HeaderMap, HeaderName, RETRY_AFTER};
use serde::de::DeserializeOwned;

use crate::error::FetchError;
use crate::kept::Key;

/// The headers that are let through.
const HEADERS: &[&str] = &[
    "age",
    "cache-control",
    "content-disposition",
    "content-language",
    "content-range",
    "content-type",
    "date",
    "etag",
    "expires",
    "last-modified",
    "pragma",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "retry-after",
    "vary",
    "x-reason",
];
/// Of a header let through; an ETag of a sane server has under 100.
const HEADER_MAX_BYTES: usize = 1024;
/// Ages and waits beyond a year are nonsense, and sums of them would overflow.
const SECONDS_MAX: u64 = 366 * 24 * 3600;
/// Lists in lists in JSON. Those of add-ons have under ten.
const DEPTH_MAX: u32 = 64;

/// An answer, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Who answered in the end; of a kept answer, what was asked. May hold secrets.
    pub url: Url,
    pub status: u16,
    /// Of interest, names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
    /// Since it came, or was last confirmed.
    pub age: Duration,
    /// It is older than it should be: its host is down, or it is being fetched anew.
    pub stale: bool,
    /// What it is kept by; none if it is not meant to be.
    pub key: Option<Key>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter();
        let (_, value) = all.find(|(known, _)| known == name)?;
        Some(value)
    }

    /// Reads it as JSON.
    ///
    /// # Errors
    /// It is none, another than `T`, or nested too deep.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, FetchError> {
        let fault = || FetchError::NotJson(self.url.host_str().unwrap_or_default().to_owned());
        if is_deep(&self.body) {
            return Err(fault());
        }
        let text = self
            .body
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&self.body);
        serde_json::from_slice(text).map_err(|_| fault())
    }
}

/// Whether lists and objects lie deeper in one another than anybody means.
fn is_deep(json: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0u32, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_MAX {
            return true;
        }
    }
    false
}

/// Whether it may be JSON, by the first byte that is no blank.
pub(crate) fn may_be_json(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    first.is_some_and(|byte| matches!(byte, b'{' | b'[' | b'"' | b'-' | b't' | b'f' | b'n'))
        || first.is_some_and(u8::is_ascii_digit)
}

/// Those of interest that are short and text.
pub(crate) fn of_interest(all: &HeaderMap) -> HeaderMap {
    let mut some = HeaderMap::new();
    for name in HEADERS.iter().copied().map(HeaderName::from_static) {
        for value in all.get_all(&name) {
            let text = value.to_str().ok();
            let short = text.is_some_and(|text| text.len() <= HEADER_MAX_BYTES);
            let sane = name != AGE || text.and_then(seconds).is_some();
            if short && sane {
                some.append(name.clone(), value.clone());
            }
        }
    }
    some
}

pub(crate) fn as_text(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = headers.iter().filter_map(|(name, value)| {
        let value = value.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    text.collect()
}

/// `Retry-After` in seconds. As a date it is not read: boxes without a clock of their own would
/// misread it, and nobody sends it so.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?;
    seconds(value).map(Duration::from_secs)
}

fn seconds(text: &str) -> Option<u64> {
    let seconds = text.trim().parse().ok()?;
    (seconds <= SECONDS_MAX).then_some(seconds)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn answer(body: String) -> Answer {
        Answer {
            url: "https://a.example/".parse().unwrap(),
            status: 200,
            headers: Vec::new(),
            body: body.into(),
            age: Duration::ZERO,
            stale: false,
            key: None,
        }
    }

    #[test]
    fn json_is_read_to_a_depth() {
        let nested = |depth| answer("[".repeat(depth) + &"]".repeat(depth));
        assert!(nested(64).json::<serde_json::Value>().is_ok());
        let deep = nested(65).json::<serde_json::Value>();
        assert_eq!(deep, Err(FetchError::NotJson("a.example".into())));
        let text = format!("\u{feff}{{\"a\":\"\\\"{}\"}}", "[".repeat(100));
        let read: serde_json::Value = answer(text).json().unwrap();
        assert_eq!(read["a"].as_str().unwrap().len(), 101);
    }

    #[test]
    fn pages_are_no_json() {
        for json in ["{}", " \n[1]", "\u{feff}{}", "null", "-1", "7"] {
            assert!(may_be_json(json.as_bytes()), "{json}");
        }
        for other in [
            "<html>",
            "  <!doctype html>",
            "",
            "\u{1f}\u{8b}",
            "Cannot GET",
        ] {
            assert!(!may_be_json(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn only_headers_of_interest_get_through() {
        let mut all = HeaderMap::new();
        let mut say = |name, value: &str| all.append(name, value.parse().unwrap());
        say("etag", "\"1\"");
        say("set-cookie", "a=b");
        say("age", "18446744073709551615");
        say("x-reason", &"x".repeat(5000));
        say("retry-after", "7");
        let some = of_interest(&all);
        assert_eq!(some.len(), 2);
        assert_eq!(retry_after(&some), Some(Duration::from_secs(7)));
        assert_eq!(as_text(&some)[0], ("etag".into(), "\"1\"".into()));
    }
}
