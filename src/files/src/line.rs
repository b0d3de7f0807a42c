//! One request for a part of a film, and what its head says of the film.

use std::time::Duration;

use app::{SupplyFailure, WebFile};
use fetch::{Ask, Body, Bounds, Fetch, FetchError, Flow, Wanted};
use tokio::time::timeout;

use crate::fault::Fault;

/// From the request to the head of its answer, redirects included: hosts of large files look for
/// theirs on slow disks.
const HEAD_WITHIN: Duration = Duration::from_secs(20);
/// Without a byte, after which the connection is thought dead.
const SILENCE: Duration = Duration::from_secs(12);
/// The whole of one answer: a film that is read through from its start lasts at most a day.
const WHOLE: Duration = Duration::from_hours(24);
/// Those who sell room for files lead from door to door to cache: four were seen.
const REDIRECTS: u32 = 6;
/// Headers that a server wants to see; add-ons name three.
const HEADERS_MAX: usize = 16;
/// These are ours to say.
const OURS: &[&str] = &[
    "host",
    "range",
    "if-range",
    "accept-encoding",
    "connection",
    "content-length",
    "transfer-encoding",
    "te",
    "upgrade",
    "expect",
];
/// These may go wherever a redirect leads: they say who asks and from where, and open nothing.
const PUBLIC: &[&str] = &[
    "user-agent",
    "referer",
    "origin",
    "accept",
    "accept-language",
];

/// What tells one content of an address from another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Edition {
    pub(crate) size: u64,
    etag: Option<String>,
    modified: Option<String>,
}

/// An answer that has begun.
pub(crate) struct Part {
    pub(crate) edition: Edition,
    /// Its first byte in the film; of a server that knows no parts 0.
    pub(crate) start: u64,
    /// The server gives parts.
    pub(crate) ranged: bool,
    /// Who answered in the end.
    pub(crate) host: String,
    /// The last part of its address.
    pub(crate) name: String,
    pub(crate) body: Body,
}

/// Asks for the bytes from `start` up to `end` (exclusive), of that edition if one is known.
pub(crate) async fn open(
    fetch: &Fetch,
    file: &WebFile,
    (start, end): (u64, u64),
    edition: Option<&Edition>,
) -> Result<Part, Fault> {
    let ask = ask(file, start, end, edition);
    let host = host_of(&file.url);
    let flow = timeout(HEAD_WITHIN, fetch.flow(ask)).await;
    let flow = flow.map_err(|_| Fault::slow(&host))??;
    part(flow, file, start, edition)
}

fn ask(file: &WebFile, start: u64, end: u64, edition: Option<&Edition>) -> Ask {
    let mut ask = Ask::get(&file.url)
        .plain_http()
        .as_is()
        .wanted(Wanted::File)
        .bounds(Bounds {
            // Where to stop is known here; a server may answer with all it has.
            bytes_max: u64::MAX,
            whole: WHOLE,
            silence: SILENCE,
            // A film that is paused takes nothing for an hour.
            rate_min: 1,
            redirects_max: REDIRECTS,
        })
        .header("range", &format!("bytes={start}-{}", end.saturating_sub(1)));
    if file.near {
        ask = ask.near();
    }
    // Only a strong one may stand in If-Range (RFC 9110 section 13.1.5).
    let strong = edition.and_then(|edition| edition.etag.as_deref());
    if let Some(etag) = strong.filter(|etag| etag.starts_with('"')) {
        ask = ask.header("if-range", etag);
    }
    for (name, value) in file.headers.iter().take(HEADERS_MAX) {
        let name = name.to_ascii_lowercase();
        if OURS.contains(&name.as_str()) {
            continue;
        }
        ask = if PUBLIC.contains(&name.as_str()) {
            ask.header(&name, value)
        } else {
            ask.secret(&name, value)
        };
    }
    ask
}

fn part(flow: Flow, file: &WebFile, asked: u64, edition: Option<&Edition>) -> Result<Part, Fault> {
    let host = flow.url.host_str().unwrap_or_default().to_owned();
    let header = |name: &str| {
        let found = flow.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    };
    let (start, size) = match flow.status {
        206 => {
            let range = header("content-range").and_then(|text| range(&text));
            let (start, size) = range.ok_or_else(|| Fault::broken(&host))?;
            if start != asked {
                return Err(Fault::broken(&host));
            }
            (start, size.or(file.size))
        }
        200 => (0, flow.body.length().or(file.size)),
        // Nothing in it, or other than asked for.
        code => {
            let after = None;
            return Err(FetchError::Status { host, code, after }.into());
        }
    };
    let unsaid =
        || SupplyFailure::Unsupported(format!("{host} does not say how large the film is"));
    let size = size.ok_or_else(|| Fault::Final(unsaid()))?;
    let now = Edition {
        size,
        etag: header("etag"),
        modified: header("last-modified"),
    };
    if edition.is_some_and(|before| !before.may_be(&now)) {
        return Err(Fault::changed(&host));
    }
    Ok(Part {
        edition: now,
        start,
        ranged: flow.status == 206,
        name: name_of(flow.url.path()).to_owned(),
        host,
        body: flow.body,
    })
}

impl Edition {
    /// By what both of them say.
    fn may_be(&self, now: &Edition) -> bool {
        let one = |a: &Option<String>, b: &Option<String>| a.is_none() || b.is_none() || a == b;
        let tags = self.etag.is_some() && now.etag.is_some();
        // Copies of a file on several servers have one tag and many dates.
        let dates = tags || one(&self.modified, &now.modified);
        self.size == now.size && one(&self.etag, &now.etag) && dates
    }
}

/// First byte and whole length of `bytes 0-99/1234`; of `bytes 0-99/*` the length is not told.
fn range(text: &str) -> Option<(u64, Option<u64>)> {
    let (part, size) = text.trim().strip_prefix("bytes ")?.trim().split_once('/')?;
    let (first, last) = part.split_once('-')?;
    let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    let size: Option<u64> = match size.trim() {
        "*" => None,
        size => Some(size.parse().ok()?),
    };
    let sane = first <= last && size.is_none_or(|size| last < size);
    sane.then_some((first, size))
}

pub(crate) fn host_of(url: &str) -> String {
    let url = url.parse::<fetch::Url>().ok();
    let host = url.as_ref().and_then(|url| url.host_str());
    host.unwrap_or("The server").to_owned()
}

/// What a path ends in.
pub(crate) fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        assert_eq!(range("bytes 0-99/1234"), Some((0, Some(1234))));
        assert_eq!(range("bytes 5-5/*"), Some((5, None)));
        for odd in [
            "bytes 9-5/100",
            "bytes 0-100/100",
            "bytes */100",
            "items 0-1/2",
            "bytes 0-99/18446744073709551616",
            "",
        ] {
            assert_eq!(range(odd), None, "{odd}");
        }
    }

    #[test]
    fn editions_are_told_apart_by_what_both_say() {
        let edition = |size, etag: &str, modified: &str| Edition {
            size,
            etag: (!etag.is_empty()).then(|| etag.to_owned()),
            modified: (!modified.is_empty()).then(|| modified.to_owned()),
        };
        let one = edition(5, "\"a\"", "mon");
        assert!(one.may_be(&edition(5, "\"a\"", "tue")));
        assert!(one.may_be(&edition(5, "", "mon")));
        assert!(!one.may_be(&edition(5, "\"b\"", "mon")));
        assert!(!one.may_be(&edition(6, "\"a\"", "mon")));
        assert!(!one.may_be(&edition(5, "", "tue")));
    }
}
