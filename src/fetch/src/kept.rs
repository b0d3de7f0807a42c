//! Answers that are kept: what they are called, how long they are good, where they lie.
//!
//! Whether an answer may be kept, whether it fits an ask (Vary) and what a 304 changes is the
//! matter of http-cache-semantics (RFC 9111). How long it is good is three spans, reckoned once
//! when it comes: from its headers (RFC 5861 too), or from what its reader found in it, as the
//! add-on protocol has it. Where it lies is a shell's matter ([`Answers`]). Keys are hashes:
//! addresses hold keys of accounts, and a key gets about.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http_cache_semantics::{AfterResponse, BeforeRequest, CacheOptions, CachePolicy};
use reqwest::StatusCode;
use reqwest::header::{
    CACHE_CONTROL, EXPIRES, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, PRAGMA,
};
use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::ask::{Ask, Keep};

/// No span is longer: half a year, the longest that TheMovieDB's terms allow.
const SPAN_MAX: Duration = Duration::from_secs(180 * 24 * 3600);
/// Unless said otherwise, while its host is down: a box without a network for a week is the case
/// of a holiday home.
const ON_ERROR: Duration = Duration::from_secs(7 * 24 * 3600);

/// How long an answer is good, from when it came (or was last confirmed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spans {
    /// Without asking.
    pub fresh: Duration,
    /// After that: used once more at once, while it is fetched anew.
    pub revalidate: Duration,
    /// After `fresh`: used when its host cannot be asked.
    pub on_error: Duration,
}

impl Default for Spans {
    fn default() -> Spans {
        Spans {
            fresh: Duration::ZERO,
            revalidate: Duration::ZERO,
            on_error: ON_ERROR,
        }
    }
}

impl Spans {
    fn whole(self) -> Duration {
        let after = self.revalidate.max(self.on_error).min(SPAN_MAX);
        self.fresh.min(SPAN_MAX) + after
    }
}

/// The name of what is kept: a hash, in hex. Says nothing of the address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    /// Whose it is and what was asked; headers are a matter of Vary.
    pub(crate) fn of(ask: &Ask) -> Key {
        Key::hash(&[
            ask.label.as_deref().unwrap_or_default().as_bytes(),
            ask.method.as_str().as_bytes(),
            ask.url.as_str().as_bytes(),
        ])
    }

    pub(crate) fn hash(parts: &[&[u8]]) -> Key {
        use aws_lc_rs::digest::{Context, SHA256};
        let mut hash = Context::new(&SHA256);
        for part in parts {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let digest = hash.finish();
        let mut hex = String::with_capacity(2 * digest.as_ref().len());
        for byte in digest.as_ref() {
            write!(hex, "{byte:02x}").expect("a string takes it");
        }
        Key(hex)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An answer as it lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Whom it is from, to count and to forget by.
    pub host: String,
    /// The account it is for ([`Ask::keep_for`]); when that goes, so must this.
    pub label: Option<String>,
    /// Status, headers and spans; to be stored as it is.
    pub head: String,
    pub body: Bytes,
    /// When it came or was last confirmed.
    pub at: SystemTime,
    /// From then on it is good for nothing and may be dropped.
    pub until: SystemTime,
}

impl Kept {
    /// Good for as long as its reader says; none if it cannot be read.
    pub(crate) fn with(&self, read: Spans) -> Option<Kept> {
        let mut head: Head = serde_json::from_str(&self.head).ok()?;
        head.read = Some(read);
        Some(put_together(self, &head, self.at))
    }
}

/// Where kept answers lie. Called on threads that may block; it bounds itself and drops what it
/// likes. One that cannot read or write says so in the log and does nothing.
pub trait Answers: Send + Sync + 'static {
    fn get(&self, key: &Key) -> Option<Kept>;
    /// Instead of what was there.
    fn put(&self, key: &Key, kept: Kept);
    fn remove(&self, key: &Key);
}

/// [`Kept::head`].
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Head {
    policy: CachePolicy,
    status: u16,
    headers: Vec<(String, String)>,
    spans: Spans,
    /// Said by the reader of the answer; holds when a 304 confirms it, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    read: Option<Spans>,
}

/// A kept answer that fits the ask.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    kept: Kept,
    head: Head,
    /// What makes the host say 304.
    pub(crate) conditions: HeaderMap,
}

/// What a kept answer is good for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Good {
    Fresh,
    /// Once more, while it is fetched anew.
    Revalidate,
    /// While the host cannot be asked.
    OnError,
    Not,
}

impl Found {
    /// None for one that does not fit or cannot be read.
    pub(crate) fn read(kept: Kept, ask: &Ask, now: SystemTime) -> Option<Found> {
        let head: Head = serde_json::from_str(&kept.head)
            .inspect_err(|error| tracing::debug!("kept answer of {}: {error}", kept.host))
            .ok()?;
        let mut asked = request(ask);
        // So that it always says how to revalidate.
        let no_cache = HeaderValue::from_static("no-cache");
        asked.headers.insert(CACHE_CONTROL, no_cache);
        let BeforeRequest::Stale { request, matches } = head.policy.before_request(&asked, now)
        else {
            return None;
        };
        let mut conditions = request.headers;
        let names = [IF_NONE_MATCH, IF_MODIFIED_SINCE];
        let found = names.map(|name| (conditions.remove(&name), name));
        let conditions = found
            .into_iter()
            .filter_map(|(value, name)| Some((name, value?)));
        matches.then(|| Found {
            conditions: conditions.collect(),
            head,
            kept,
        })
    }

    pub(crate) fn good(&self, now: SystemTime) -> Good {
        let since = self.since(now);
        let spans = self.head.read.unwrap_or(self.head.spans);
        let stale = since.checked_sub(spans.fresh.min(SPAN_MAX));
        match stale {
            None => Good::Fresh,
            Some(stale) if stale < spans.revalidate => Good::Revalidate,
            Some(stale) if stale < spans.on_error => Good::OnError,
            Some(_) => Good::Not,
        }
    }

    /// A clock that was set back makes it new, not wrong.
    fn since(&self, now: SystemTime) -> Duration {
        now.duration_since(self.kept.at).unwrap_or_default()
    }

    pub(crate) fn answer(&self, ask: &Ask, key: &Key, now: SystemTime) -> Answer {
        Answer {
            url: ask.url.clone(),
            status: self.head.status,
            headers: self.head.headers.clone(),
            body: self.kept.body.clone(),
            age: self.since(now),
            stale: self.good(now) != Good::Fresh,
            key: Some(key.clone()),
        }
    }

    /// After a 304; none when it speaks of another answer than this.
    pub(crate) fn confirmed(
        &self,
        ask: &Ask,
        headers: &HeaderMap,
        now: SystemTime,
    ) -> Option<Kept> {
        let said = response(StatusCode::NOT_MODIFIED, headers);
        let after = self.head.policy.after_response(&request(ask), &said, now);
        let AfterResponse::NotModified(policy, parts) = after else {
            return None;
        };
        let mut head = self.head.clone();
        head.spans = spans(ask, &policy, &parts.headers, now)?;
        head.policy = policy;
        Some(put_together(&self.kept, &head, now))
    }
}

/// What is to be kept of an answer; none if nothing may be.
pub(crate) fn keep(
    ask: &Ask,
    answer: &Answer,
    headers: &HeaderMap,
    now: SystemTime,
) -> Option<Kept> {
    if answer.status != 200 {
        return None;
    }
    let said = response(StatusCode::OK, headers);
    let options = CacheOptions {
        shared: false,
        ..CacheOptions::default()
    };
    let policy = CachePolicy::new_options(&request(ask), &said, now, options);
    let head = Head {
        spans: spans(ask, &policy, headers, now)?,
        policy,
        status: answer.status,
        headers: answer.headers.clone(),
        read: None,
    };
    let bare = Kept {
        host: ask.host(),
        label: ask.label.clone(),
        head: String::new(),
        body: answer.body.clone(),
        at: now,
        until: now,
    };
    Some(put_together(&bare, &head, now))
}

fn put_together(from: &Kept, head: &Head, at: SystemTime) -> Kept {
    let spans = head.read.unwrap_or(head.spans);
    Kept {
        head: serde_json::to_string(head).expect("its maps have strings for keys"),
        at,
        until: at + spans.whole(),
        ..from.clone()
    }
}

/// How long it is good; none if it must not be kept.
fn spans(ask: &Ask, policy: &CachePolicy, headers: &HeaderMap, now: SystemTime) -> Option<Spans> {
    let unsaid = match ask.keep {
        Some(Keep::No) => return None,
        Some(Keep::For(spans)) => return Some(spans),
        Some(Keep::AsTold(spans)) => spans,
        None => Spans::default(),
    };
    if !policy.is_storable() {
        return None;
    }
    let told = headers.get_all(CACHE_CONTROL).iter();
    let told: Vec<_> = told.filter_map(|value| value.to_str().ok()).collect();
    let told = told.join(",").to_ascii_lowercase();
    let has = |name: &str| told.split(',').any(|part| part.trim() == name);
    let seconds = |name: &str| {
        let mut parts = told
            .split(',')
            .filter_map(|part| part.trim().split_once('='));
        let value = parts.find(|(known, _)| *known == name)?.1;
        let value = value.trim_matches('"').parse().ok()?;
        Some(Duration::from_secs(value).min(SPAN_MAX))
    };
    let ttl = policy.time_to_live(now).min(SPAN_MAX);
    let says = [CACHE_CONTROL, EXPIRES, PRAGMA];
    let says = says.iter().any(|name| headers.contains_key(name));
    // "Do not show it when it is stale" (RFC 9111 section 5.2.2.2).
    let strict = has("must-revalidate") || has("no-cache");
    let default = |strict, default| if strict { Duration::ZERO } else { default };
    Some(Spans {
        fresh: if says { ttl } else { ttl.max(unsaid.fresh) },
        revalidate: seconds("stale-while-revalidate")
            .unwrap_or(default(strict || says, unsaid.revalidate)),
        on_error: seconds("stale-if-error").unwrap_or(default(strict, unsaid.on_error)),
    })
}

/// The ask as the rules see it: without its secrets, and with a hash for an address.
fn request(ask: &Ask) -> http::request::Parts {
    let uri = format!("http://kept.invalid/{}", Key::of(ask).as_str());
    let mut request = http::Request::new(());
    *request.method_mut() = ask.method.clone();
    *request.uri_mut() = uri.parse().expect("a host and hex digits");
    *request.headers_mut() = ask.headers.clone();
    request.into_parts().0
}

fn response(status: StatusCode, headers: &HeaderMap) -> http::response::Parts {
    let mut response = http::Response::new(());
    *response.status_mut() = status;
    *response.headers_mut() = headers.clone();
    response.into_parts().0
}
