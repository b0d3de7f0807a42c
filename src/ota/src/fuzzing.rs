//! Every parser of foreign bytes in this crate as a function of bytes, for the fuzz targets and
//! their smoke run (`tests/fuzz`, `tests/ota/fuzz.rs`). No part of the program uses it.
//!
//! Each must return for whatever it is given: a panic is a finding.

use crate::channel::{Bundle, Channel};
use crate::envelope::{Key, Signed};
use crate::pin::{self, SIGNATURE_BYTES_MAX};

/// A target's name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All targets; the folders of the corpus have these names.
pub const TARGETS: &[Target] = &[
    ("update-envelope", envelope),
    ("update-channel", channel),
    ("update-end", end),
];

/// Who signed the corpus's envelope.
const KEY: &str = "5d4dda797010ee386cabd2f580f2e8a94f43c8b98424c4a88443de3d2662cdfd";

/// The manifest in the corpus's signature (SHA-256).
const MANIFEST: &str = "b616d3faed3d5d45b98b1a18f59a8aff9a033b11ae0a0eb3cec20511a3f38915";

/// What a web server gives as a channel's file.
pub fn envelope(bytes: &[u8]) {
    let key = Key::parse(KEY).expect("it is 64 hex digits");
    // Whatever was changed, nobody but the key's owner says anything.
    if let Ok(signed) = Signed::open(bytes, &[key]) {
        assert!(
            signed
                .bytes()
                .starts_with(b"{\"format\":1,\"channel\":\"stable\"")
        );
    }
}

/// What was signed.
pub fn channel(bytes: &[u8]) {
    let _ = Channel::parse(bytes);
}

/// The last bytes of a bundle: its signature, and how long that is.
pub fn end(bytes: &[u8]) {
    if let Some(last) = bytes.last_chunk::<8>()
        && let Ok(length) = pin::signature_bytes(*last, bytes.len() as u64)
    {
        assert!(length <= SIGNATURE_BYTES_MAX && length < bytes.len() as u64);
    }
    let bundle = Bundle {
        url: "a".to_owned(),
        size: 1,
        manifest_sha256: MANIFEST.to_owned(),
    };
    if let Ok(manifest) = pin::pinned(&bundle, bytes) {
        assert_eq!(
            manifest,
            "[update]\ncompatible=matinee-test\nversion=1.4.0\n"
        );
    }
}
