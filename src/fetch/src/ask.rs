//! What is asked, and within which bounds: plain data, built up call by call.
//!
//! A fault in the building (no address, a header that is none) is kept and told when it is asked,
//! so that the builder reads well. Secrets have a place of their own: they go to the named host
//! only, and no `Debug` shows them.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue,
};
use reqwest::{Method, Url};

use crate::error::FetchError;
use crate::kept::{Key, Spans};

/// How much an answer may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// Of the body as it is handed over, after decompression. Catalogues of a hundred films have
    /// 200 KiB; those that answer with everything they have are cut here.
    pub bytes_max: u64,
    /// From the ask to the last byte, waits for the host's pace, redirects and repeats included.
    pub whole: Duration,
    /// Without a byte, once the answer began.
    pub silence: Duration,
    /// Bytes a second that a body must bring on average, once `silence` has passed. The slowest
    /// lines that a film could come over bring a hundred times this.
    pub rate_min: u32,
    /// A sane site takes two.
    pub redirects_max: u32,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds {
            bytes_max: 4 * 1024 * 1024,
            whole: Duration::from_secs(10),
            silence: Duration::from_secs(5),
            rate_min: 512,
            redirects_max: 3,
        }
    }
}

/// Which content is an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Wanted {
    #[default]
    Any,
    /// By what it begins with: sloppy servers call it text, and pages that stand in for errors are
    /// called JSON.
    Json,
    /// `image/...`, or no type said.
    Image,
    /// Anything but a web page: subtitles, archives, torrents.
    File,
}

/// Whether the answer is kept for later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Neither looked for nor kept.
    No,
    /// As its headers say (RFC 9111, RFC 5861); where they say nothing, these.
    AsTold(Spans),
    /// These, whatever its headers say.
    For(Spans),
}

/// How what is kept is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Reading {
    /// While it is fresh; and stale, while it is fetched anew or cannot be.
    #[default]
    Usual,
    /// The host is asked anyway: someone pressed "reload".
    Anew,
    /// The host is not asked.
    KeptOnly,
}

/// One thing asked of the web.
#[derive(Clone)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is said or not, by itself"
)]
pub struct Ask {
    pub(crate) fault: Option<FetchError>,
    pub(crate) url: Url,
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) secrets: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) bounds: Bounds,
    pub(crate) wanted: Wanted,
    pub(crate) keep: Option<Keep>,
    pub(crate) label: Option<String>,
    pub(crate) reading: Reading,
    pub(crate) plain: bool,
    pub(crate) near: bool,
    pub(crate) any_status: bool,
    pub(crate) as_is: bool,
}

impl Ask {
    pub fn get(url: &str) -> Ask {
        Ask::new(Method::GET, url, Bytes::new())
    }

    pub fn post(url: &str, content_type: &'static str, body: impl Into<Bytes>) -> Ask {
        let mut ask = Ask::new(Method::POST, url, body.into());
        let content_type = HeaderValue::from_static(content_type);
        ask.headers.insert(CONTENT_TYPE, content_type);
        ask
    }

    pub fn delete(url: &str) -> Ask {
        Ask::new(Method::DELETE, url, Bytes::new())
    }

    fn new(method: Method, url: &str, body: Bytes) -> Ask {
        let read = Url::parse(url).map(|mut url| {
            url.set_fragment(None);
            url
        });
        let nowhere = || Url::parse("about:blank").expect("it is one");
        Ask {
            fault: read.is_err().then_some(FetchError::BadAddress("no URL")),
            url: read.unwrap_or_else(|_| nowhere()),
            method,
            headers: HeaderMap::new(),
            secrets: HeaderMap::new(),
            body,
            bounds: Bounds::default(),
            wanted: Wanted::Any,
            keep: None,
            label: None,
            reading: Reading::Usual,
            plain: false,
            near: false,
            any_status: false,
            as_is: false,
        }
    }

    /// A header for everybody who is asked, wherever redirects lead. What logs in is a secret,
    /// whatever it is called here.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Ask {
        match header(name, value) {
            Some((AUTHORIZATION | COOKIE, _)) => return self.secret(name, value),
            Some((name, value)) => drop(self.headers.insert(name, value)),
            None => self.fault = Some(FetchError::BadAddress("a header that is none")),
        }
        self
    }

    /// A header for the named host only (scheme, name and port), never logged. With one, nothing
    /// is kept unless [`Ask::keep_for`] says whose it is.
    #[must_use]
    pub fn secret(mut self, name: &str, value: &str) -> Ask {
        match header(name, value) {
            Some((name, mut value)) => {
                value.set_sensitive(true);
                self.secrets.insert(name, value);
            }
            None => self.fault = Some(FetchError::BadAddress("a secret header that is none")),
        }
        self
    }

    #[must_use]
    pub fn bounds(mut self, bounds: Bounds) -> Ask {
        self.bounds = bounds;
        self
    }

    #[must_use]
    pub fn bytes_max(mut self, bytes_max: u64) -> Ask {
        self.bounds.bytes_max = bytes_max;
        self
    }

    #[must_use]
    pub fn whole(mut self, whole: Duration) -> Ask {
        self.bounds.whole = whole;
        self
    }

    /// Also says so to the host, unless a header `accept` was given.
    #[must_use]
    pub fn wanted(mut self, wanted: Wanted) -> Ask {
        self.wanted = wanted;
        let accept = match wanted {
            Wanted::Any | Wanted::File => return self,
            Wanted::Json => "application/json",
            Wanted::Image => "image/*",
        };
        let accept = HeaderValue::from_static(accept);
        self.headers.entry(ACCEPT).or_insert(accept);
        self
    }

    /// Without it a GET is kept as its headers say, and stands in for seven days while its host is
    /// down; nothing else is kept at all.
    #[must_use]
    pub fn keep(mut self, keep: Keep) -> Ask {
        self.keep = Some(keep);
        self
    }

    /// For answers to one account: `label` names it, and is no secret itself. What is kept for one
    /// label is never given to another.
    #[must_use]
    pub fn keep_for(mut self, label: &str, keep: Keep) -> Ask {
        self.label = Some(label.to_owned());
        self.keep(keep)
    }

    #[must_use]
    pub fn reading(mut self, reading: Reading) -> Ask {
        self.reading = reading;
        self
    }

    /// Unencrypted HTTP will do: what comes is checked by a hash, or the owner wants it.
    #[must_use]
    pub fn plain_http(mut self) -> Ask {
        self.plain = true;
        self
    }

    /// The address comes from the owner: it may be one of the hosts at home that are listed
    /// ([`crate::Config::lan`]). Never for an address that another host's answer named.
    #[must_use]
    pub fn near(mut self) -> Ask {
        self.near = true;
        self
    }

    /// Statuses of 400 and more are answers too, and their bodies are wanted.
    #[must_use]
    pub fn any_status(mut self) -> Ask {
        self.any_status = true;
        self
    }

    /// No encoding is asked for and none is taken: what comes is the file as it lies there, of
    /// which parts can be asked for.
    #[must_use]
    pub fn as_is(mut self) -> Ask {
        self.as_is = true;
        self
    }

    /// May be asked twice without harm (RFC 9110 section 9.2.2).
    pub(crate) fn is_idempotent(&self) -> bool {
        self.method == Method::GET || self.method == Method::DELETE
    }

    /// What it is and all that changes its answer: who asks the same shares it. Stays in memory, so
    /// secrets count.
    pub(crate) fn flight(&self) -> Key {
        let how = format!(
            "{:?}",
            (
                (self.bounds, self.wanted, self.keep, self.reading),
                (self.plain, self.near, self.any_status, self.as_is),
            )
        );
        let mut parts = vec![how.as_bytes()];
        for headers in [&self.headers, &self.secrets] {
            parts.push(b"headers");
            for (name, value) in headers {
                parts.extend([name.as_str().as_bytes(), value.as_bytes()]);
            }
        }
        parts.extend([self.url.as_str(), self.method.as_str()].map(str::as_bytes));
        parts.push(self.label.as_deref().unwrap_or_default().as_bytes());
        Key::hash(&parts)
    }

    pub(crate) fn host(&self) -> String {
        self.url.host_str().unwrap_or_default().to_owned()
    }
}

fn header(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
    Some((name, HeaderValue::from_str(value).ok()?))
}

impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Paths and queries hold keys too.
        let host = self.url.host_str().unwrap_or_default();
        write!(f, "Ask({} {host})", self.method)
    }
}
