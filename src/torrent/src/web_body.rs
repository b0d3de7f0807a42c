//! One question to a web seed and its answer (RFC 9110 section 14): a range of a file.
//!
//! Knows nothing of blocks. The answer is believed only when it says that it is the range that was
//! asked for; what comes is cut to it. Invariant: the bytes handed out are, in order, those of the
//! part, or an error.

use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, HeaderMap, HeaderName, RANGE,
    RETRY_AFTER,
};
use reqwest::{Client, Response, StatusCode, Url};

/// Bytes that are read through and dropped, when a server does not know ranges, rather than given
/// up: at 10 MB/s they cost as much as a round trip.
const SKIP_MAX_BYTES: u64 = 1 << 20;
/// A server that asks for more patience than this is asked again all the same.
const PATIENCE_MAX: Duration = Duration::from_mins(10);
/// Bytes of a part that is only padding, made at once.
const ZEROS: &[u8] = &[0; 16 * 1024];

/// What is asked for: bytes of one file.
#[derive(Debug, Clone)]
pub(super) struct Question {
    /// None: it is padding, and nobody is asked.
    pub(super) address: Option<Url>,
    /// First byte in the file.
    pub(super) start: u64,
    /// Bytes; not 0.
    pub(super) length: u64,
    /// Bytes of the file.
    pub(super) file_length: u64,
}

/// Why there are no bytes.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// It has not got this file, or another one under its name.
    #[error("has not got the file: {0}")]
    Missing(String),
    /// It does not do what is needed, and will not.
    #[error("is of no use: {0}")]
    Useless(String),
    /// It may be better later; after how long, if it says so.
    #[error("{0}")]
    Later(String, Option<Duration>),
}

/// An answer whose bytes are on their way. Dropping it ends it, and with it the connection if it is
/// not at its end.
#[derive(Debug)]
pub(super) struct Body {
    response: Option<Response>,
    skip: u64,
    left: u64,
}

/// Asks.
///
/// # Errors
/// As [`Fault`] says.
pub(super) async fn ask(client: &Client, question: &Question) -> Result<Body, Fault> {
    let Some(address) = &question.address else {
        return Ok(Body {
            response: None,
            skip: 0,
            left: question.length,
        });
    };
    let last = question.start + question.length - 1;
    let request = client
        .get(address.clone())
        .header(RANGE, format!("bytes={}-{last}", question.start))
        .header(ACCEPT_ENCODING, "identity");
    let response = request.send().await.map_err(|error| failed(&error))?;
    let skip = checked(response.status(), response.headers(), question)?;
    Ok(Body {
        response: Some(response),
        skip,
        left: question.length,
    })
}

fn failed(error: &reqwest::Error) -> Fault {
    if error.is_redirect() {
        let source = std::error::Error::source(error);
        let why = source.map_or_else(|| "redirect".to_owned(), ToString::to_string);
        return Fault::Useless(why);
    }
    // Its own words say no more than "error sending request"; the address may hold a key.
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let timeout = if error.is_timeout() { "silent: " } else { "" };
    Fault::Later(format!("{timeout}{cause}"), None)
}

/// How many bytes to skip before what was asked for.
pub(super) fn checked(
    status: StatusCode,
    headers: &HeaderMap,
    question: &Question,
) -> Result<u64, Fault> {
    let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let number = |name| header(name).and_then(|text| text.trim().parse::<u64>().ok());
    if header(CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(Fault::Useless("its answer is encoded".into()));
    }
    match status {
        StatusCode::PARTIAL_CONTENT => {
            let said = header(CONTENT_RANGE).unwrap_or_default();
            match content_range(said) {
                Some((start, end, total)) if start == question.start && end >= start => {
                    if total.is_some_and(|total| total != question.file_length) {
                        return Err(Fault::Missing(format!("it is another file ({said})")));
                    }
                    let length = number(CONTENT_LENGTH);
                    // From 0 to the last number there is, it is one more than there is.
                    let bytes = (end - start).checked_add(1);
                    if length.is_some_and(|length| Some(length) != bytes) {
                        return Err(Fault::Useless("its lengths contradict one another".into()));
                    }
                    Ok(0)
                }
                _ => Err(Fault::Useless(format!("answers another range ({said:?})"))),
            }
        }
        StatusCode::OK => {
            let length = number(CONTENT_LENGTH);
            if length.is_some_and(|length| length != question.file_length) {
                return Err(Fault::Missing("it is another file".into()));
            }
            if question.start > SKIP_MAX_BYTES {
                return Err(Fault::Useless("knows no ranges".into()));
            }
            Ok(question.start)
        }
        StatusCode::RANGE_NOT_SATISFIABLE => Err(Fault::Missing("it is shorter".into())),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
            Err(Fault::Later(status.to_string(), retry_after(headers)))
        }
        status if status.is_client_error() => Err(Fault::Missing(status.to_string())),
        status => Err(Fault::Later(status.to_string(), retry_after(headers))),
    }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    let seconds = text.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(PATIENCE_MAX))
}

/// `bytes 0-499/1234`: first, last, and how many there are.
pub(super) fn content_range(text: &str) -> Option<(u64, u64, Option<u64>)> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (start, end) = range.trim().split_once('-')?;
    let total = match total.trim() {
        "*" => None,
        total => Some(total.parse().ok()?),
    };
    Some((start.parse().ok()?, end.parse().ok()?, total))
}

impl Body {
    /// Where it was found, after redirects.
    pub(super) fn address(&self) -> Option<&Url> {
        self.response.as_ref().map(Response::url)
    }

    /// The next bytes; never none. Nothing is lost if the future is dropped.
    ///
    /// # Errors
    /// When no more come before the end of the part.
    pub(super) async fn chunk(&mut self) -> Result<Bytes, Fault> {
        loop {
            let Some(response) = &mut self.response else {
                let length = self.left.min(ZEROS.len() as u64);
                self.left -= length;
                return Ok(Bytes::from_static(&ZEROS[..length as usize]));
            };
            let came = response.chunk().await.map_err(|error| failed(&error))?;
            let cut = || Fault::Later("ends too soon".into(), None);
            let mut bytes = came.ok_or_else(cut)?;
            let skipped = self.skip.min(bytes.len() as u64);
            self.skip -= skipped;
            let _ = bytes.split_to(skipped as usize);
            let length = self.left.min(bytes.len() as u64);
            bytes.truncate(length as usize);
            self.left -= length;
            if !bytes.is_empty() {
                return Ok(bytes);
            }
        }
    }
}

impl Body {
    /// All of it has come: looks at its end, so that the connection is at once there for the next.
    pub(super) fn finish(self) {
        if let Some(mut response) = self.response.filter(|_| self.left == 0) {
            let _ = response.chunk().now_or_never();
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn look(status: u16, headers: &[(&'static str, &str)], start: u64) -> Result<u64, Fault> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let question = Question {
            address: None,
            start,
            length: 100,
            file_length: 5_000_000,
        };
        checked(StatusCode::from_u16(status).unwrap(), &map, &question)
    }

    #[test]
    fn only_the_range_that_was_asked_for_is_believed() {
        let range = |text| look(206, &[("content-range", text)], 7);
        assert_eq!(range("bytes 7-106/5000000"), Ok(0));
        assert_eq!(range("bytes 7-50/*"), Ok(0));
        for wrong in [
            "",
            "bytes 8-106/5000000",
            "bytes 7-6/5000000",
            "bytes */5000000",
            "lines 7-106/5000000",
            "bytes 7-99999999999999999999/*",
            "bytes -7-106/5000000",
        ] {
            assert!(matches!(range(wrong), Err(Fault::Useless(_))), "{wrong}");
        }
        let other = range("bytes 7-106/5000001");
        assert!(matches!(other, Err(Fault::Missing(_))));
        let liar = [("content-range", "bytes 7-106/*"), ("content-length", "99")];
        assert!(matches!(look(206, &liar, 7), Err(Fault::Useless(_))));
        let packed = [("content-encoding", "gzip")];
        assert!(matches!(look(206, &packed, 7), Err(Fault::Useless(_))));
    }

    #[test]
    fn without_ranges_only_the_beginning_is_read_through() {
        assert_eq!(look(200, &[("content-length", "5000000")], 9000), Ok(9000));
        assert_eq!(look(200, &[], 0), Ok(0));
        let far = look(200, &[], SKIP_MAX_BYTES + 1);
        assert!(matches!(far, Err(Fault::Useless(_))));
        let other = look(200, &[("content-length", "5000001")], 0);
        assert!(matches!(other, Err(Fault::Missing(_))));
    }

    #[test]
    fn what_may_be_better_later_says_when() {
        for missing in [400, 403, 404, 410, 416] {
            let found = look(missing, &[], 0);
            assert!(matches!(found, Err(Fault::Missing(_))), "{missing}");
        }
        let busy = look(503, &[("retry-after", "7")], 0);
        let wait = Some(Duration::from_secs(7));
        assert!(matches!(busy, Err(Fault::Later(_, after)) if after == wait));
        let long = look(429, &[("retry-after", "99999999")], 0);
        assert!(matches!(long, Err(Fault::Later(_, Some(PATIENCE_MAX)))));
        let odd = look(302, &[("retry-after", "Thu, 01 Jan 2032 00:00:00 GMT")], 0);
        assert!(matches!(odd, Err(Fault::Later(_, None))));
    }
}
