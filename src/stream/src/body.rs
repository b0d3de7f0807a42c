//! The answer to `GET /stream/{id}/{index}`: which bytes are asked for (RFC 9110 section 14), and
//! how they are handed out while they arrive.
//!
//! A block is a demand from the moment it is the next or next but one; a player that hangs up
//! drops the body and with it the demand. A torrent that ends in the middle breaks the connection:
//! there is no other way to say so after the head.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use media::Source;

use super::roster::Place;
use http_server::answers::failure;

/// One block; the player's own source element reads so too.
const BLOCK_BYTES: u64 = 256 * 1024;

/// Blocks that are waited for at a time: while one is sent, the next is read from disk.
const BLOCKS: usize = 2;

/// What is asked of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    /// First byte, and the one after the last.
    Range(u64, u64),
    /// Nothing of it is in the file.
    Outside,
}

/// Which part of a file of `size` bytes a `Range` header asks for. What cannot be read is as good
/// as none (RFC 9110 section 14.2), and so are several ranges: no player needs them.
pub(super) fn part(header: Option<&str>, size: u64) -> Part {
    let Some(ranges) = header.and_then(|text| http_range_header::parse_range_header(text).ok())
    else {
        return Part::Whole;
    };
    match ranges.validate(size).as_deref() {
        Ok([range]) => Part::Range(*range.start(), *range.end() + 1),
        Ok(_) => Part::Whole,
        Err(_) => Part::Outside,
    }
}

/// The media type that the file's name says.
pub(super) fn kind_of(name: &str) -> HeaderValue {
    let kind = mime_guess::from_path(name).first_raw();
    HeaderValue::from_static(kind.unwrap_or("application/octet-stream"))
}

/// What is asked of which file.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    pub(super) headers: &'a HeaderMap,
    /// The entity tag: the info hash and the index name the bytes for ever.
    pub(super) tag: String,
}

/// The answer, with a body that is read as it is sent.
pub(super) fn answer(asked: &Asked<'_>, source: Arc<dyn Source>, place: Place) -> Response {
    let size = source.size();
    let text = |name: &HeaderName| asked.headers.get(name).and_then(|v| v.to_str().ok());
    if text(&IF_NONE_MATCH).is_some_and(|tags| tags.split(',').any(|tag| tag.trim() == asked.tag)) {
        let mut response = head(asked, &*source, 0);
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(CONTENT_LENGTH);
        return response;
    }
    // A range of another version of the file is none.
    let same = text(&IF_RANGE).is_none_or(|tag| tag == asked.tag);
    let (start, end, status) = match part(text(&RANGE).filter(|_| same), size) {
        Part::Whole => (0, size, StatusCode::OK),
        Part::Range(start, end) => (start, end, StatusCode::PARTIAL_CONTENT),
        Part::Outside => {
            let why = format!("the file has {size} bytes");
            let mut response = failure(StatusCode::RANGE_NOT_SATISFIABLE, &why);
            set(&mut response, CONTENT_RANGE, &format!("bytes */{size}"));
            return response;
        }
    };
    let mut response = head(asked, &*source, end - start);
    *response.status_mut() = status;
    if status == StatusCode::PARTIAL_CONTENT {
        let last = end - 1;
        set(
            &mut response,
            CONTENT_RANGE,
            &format!("bytes {start}-{last}/{size}"),
        );
    }
    if asked.method != Method::HEAD {
        *response.body_mut() = bytes_of(source, start, end, place);
    }
    response
}

fn head(asked: &Asked<'_>, source: &dyn Source, length: u64) -> Response {
    let mut response = Response::new(Body::empty());
    set(&mut response, CONTENT_LENGTH, &length.to_string());
    set(&mut response, ETAG, &asked.tag);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, kind_of(source.name()));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private"));
    headers.insert(
        "x-content-type-options",
        HeaderValue::from_static("nosniff"),
    );
    response
}

/// `value` is made of digits and our own ASCII.
fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn bytes_of(source: Arc<dyn Source>, start: u64, end: u64, place: Place) -> Body {
    let blocks = stream::unfold(start, move |at| async move {
        // Whole blocks of the file, so that none asks for two pieces where one would do.
        let next = (at / BLOCK_BYTES + 1) * BLOCK_BYTES;
        (at < end).then(|| ((at, next.min(end)), next.min(end)))
    });
    let read = move |(at, next): (u64, u64)| source.read_at(at, (next - at) as usize);
    let bytes = blocks.map(read).buffered(BLOCKS);
    Body::from_stream(bytes.inspect(move |_| {
        let _held = &place;
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_as_players_ask_them() {
        let size = 1000;
        for (header, wanted) in [
            ("bytes=0-", Part::Range(0, 1000)),
            ("bytes=0-0", Part::Range(0, 1)),
            ("bytes=500-", Part::Range(500, 1000)),
            ("bytes=500-599", Part::Range(500, 600)),
            ("bytes=500-9999", Part::Range(500, 1000)),
            ("bytes=-100", Part::Range(900, 1000)),
            ("bytes=1000-", Part::Outside),
            ("bytes=0-1,5-6", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("seconds=1-2", Part::Whole),
            ("", Part::Whole),
        ] {
            assert_eq!(part(Some(header), size), wanted, "{header}");
        }
        assert_eq!(part(None, size), Part::Whole);
        assert_eq!(part(Some("bytes=0-"), 0), Part::Outside);
    }

    #[test]
    fn media_types() {
        for (name, kind) in [
            ("a/b.mkv", "video/x-matroska"),
            ("b.MP4", "video/mp4"),
            ("b.webm", "video/webm"),
            ("c.srt", "application/x-subrip"),
            ("d", "application/octet-stream"),
            ("e.html", "text/html"),
        ] {
            assert_eq!(kind_of(name), kind, "{name}");
        }
    }
}
