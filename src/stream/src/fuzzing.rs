//! The parser of foreign bytes in this crate as a function of bytes, for the fuzz targets and their
//! smoke run (`tests/fuzz`, `tests/stream/fuzz.rs`). No part of the program uses it.
//!
//! Heads of requests are hyper's to read, what is posted is read by `torrent`.

use super::body::{Part, part};

/// A target's name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All targets; the folders of the corpus have these names.
pub const TARGETS: &[Target] = &[("range", range)];

/// A `Range` (RFC 9110 section 14.2), of a file whose size is the first eight bytes.
pub fn range(bytes: &[u8]) {
    let Some((size, header)) = bytes.split_first_chunk() else {
        return;
    };
    let size = u64::from_be_bytes(*size);
    let header = std::str::from_utf8(header).ok();
    if let Part::Range(start, end) = part(header, size) {
        assert!(start < end && end <= size, "{start} to {end} of {size}");
    }
}
