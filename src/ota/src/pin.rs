//! Whether a bundle is the one that its channel announced.
//!
//! A verity bundle of RAUC ends in its signature (CMS, RFC 5652, in DER) and eight bytes that say
//! how long that is. The signed content is the manifest, and the manifest has the root of a hash
//! tree over everything before. So whoever holds the end of a bundle, with the manifest that was
//! announced in it, and gives RAUC that end and no other, has pinned the whole. RAUC can be asked
//! for the same (`require-manifest-hash`), but not by releases as old as 1.13.
//!
//! Only what lies around the manifest is read here, five headers: a library for all of CMS would
//! be ten crates, and whether the signature is right is RAUC's to say.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;

use crate::channel::Bundle;

/// At the end of a bundle: bytes of the signature before them, big-endian.
pub const LENGTH_BYTES: u64 = 8;

/// The most that RAUC takes (`MAX_BUNDLE_SIGNATURE_SIZE`).
pub const SIGNATURE_BYTES_MAX: u64 = 64 * 1024;

/// Tags of DER (X.690) on the way to the content.
const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OBJECT: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const EXPLICIT_0: u8 = 0xa0;

/// Why it is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    #[error("the update ends in no signature")]
    NoSignature,
    #[error("the update is not the one that was announced")]
    Swapped,
}

/// Length of the signature of a bundle of `size` bytes that ends in `last`.
///
/// # Errors
/// No bundle ends so.
pub fn signature_bytes(last: [u8; 8], size: u64) -> Result<u64, PinError> {
    let length = u64::from_be_bytes(last);
    let room = size.saturating_sub(LENGTH_BYTES).min(SIGNATURE_BYTES_MAX);
    let fits = length > 0 && length <= room;
    fits.then_some(length).ok_or(PinError::NoSignature)
}

/// The manifest in that signature, if it is the one that was announced.
///
/// # Errors
/// It is none, or another.
pub fn pinned<'a>(bundle: &Bundle, signature: &'a [u8]) -> Result<&'a str, PinError> {
    let manifest = content(signature).ok_or(PinError::NoSignature)?;
    let hash = HEXLOWER.encode(digest(&SHA256, manifest).as_ref());
    if !hash.eq_ignore_ascii_case(&bundle.manifest_sha256) {
        return Err(PinError::Swapped);
    }
    std::str::from_utf8(manifest).map_err(|_| PinError::NoSignature)
}

/// What is signed: `ContentInfo { SignedData { version, digestAlgorithms, encapContentInfo {
/// eContentType, eContent } ... } }`.
fn content(signature: &[u8]) -> Option<&[u8]> {
    let (info, _) = part(signature, SEQUENCE)?;
    let (_, rest) = part(info, OBJECT)?;
    let (signed, _) = part(rest, EXPLICIT_0)?;
    let (signed, _) = part(signed, SEQUENCE)?;
    let (_, rest) = part(signed, INTEGER)?;
    let (_, rest) = part(rest, SET)?;
    let (inner, _) = part(rest, SEQUENCE)?;
    let (_, rest) = part(inner, OBJECT)?;
    let (octets, _) = part(rest, EXPLICIT_0)?;
    Some(part(octets, OCTETS)?.0)
}

/// The content of the first element, which must have that tag, and what follows it.
fn part(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    if first != tag {
        return None;
    }
    let (&length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        // Nothing here is longer than three bytes can say.
        0x81..=0x83 => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            let length = digits
                .iter()
                .fold(0, |sum, digit| sum << 8 | usize::from(*digit));
            (length, rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wrapped(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let head = match length {
            0..=0x7f => vec![tag, length as u8],
            0x80..=0xff => vec![tag, 0x81, length as u8],
            _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
        };
        [head, content.to_vec()].concat()
    }

    /// As RAUC writes it, with nothing but the manifest in its place.
    fn signature(manifest: &[u8]) -> Vec<u8> {
        let object = wrapped(OBJECT, &[0x2a]);
        let octets = wrapped(EXPLICIT_0, &wrapped(OCTETS, manifest));
        let inner = wrapped(SEQUENCE, &[object.clone(), octets].concat());
        let parts = [wrapped(INTEGER, &[1]), wrapped(SET, &[]), inner];
        let signed = wrapped(SEQUENCE, &parts.concat());
        let info = [object, wrapped(EXPLICIT_0, &signed)].concat();
        wrapped(SEQUENCE, &info)
    }

    fn announced(manifest: &[u8]) -> Bundle {
        Bundle {
            url: "b".into(),
            size: 1,
            manifest_sha256: HEXLOWER.encode(digest(&SHA256, manifest).as_ref()),
        }
    }

    #[test]
    fn the_manifest_that_was_announced_is_found() {
        for length in [5, 200, 3000] {
            let manifest = "m".repeat(length);
            let bundle = announced(manifest.as_bytes());
            let signature = signature(manifest.as_bytes());
            assert_eq!(pinned(&bundle, &signature), Ok(manifest.as_str()));
        }
    }

    #[test]
    fn another_one_is_refused() {
        let bundle = announced(b"compatible=a");
        let other = signature(b"compatible=b");
        let swapped = pinned(&bundle, &other);
        assert_eq!(swapped, Err(PinError::Swapped));
        assert_eq!(pinned(&bundle, b"no CMS"), Err(PinError::NoSignature));
        let bundle = announced(&[0xff]);
        let other = signature(&[0xff]);
        let no_text = pinned(&bundle, &other);
        assert_eq!(no_text, Err(PinError::NoSignature));
    }

    #[test]
    fn the_end_says_how_long_it_is() {
        assert_eq!(
            signature_bytes(1330_u64.to_be_bytes(), 158_770_490),
            Ok(1330)
        );
        for (length, size) in [(0, 100), (93, 100), (70_000, 1 << 30), (u64::MAX, u64::MAX)] {
            let refused = signature_bytes(length.to_be_bytes(), size);
            assert_eq!(refused, Err(PinError::NoSignature), "{length} of {size}");
        }
        assert_eq!(signature_bytes(92_u64.to_be_bytes(), 100), Ok(92));
    }

    proptest! {
        #[test]
        fn anything_is_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = pinned(&announced(b"m"), &bytes);
        }

        /// Where a byte is another, so is the manifest, or it is none.
        #[test]
        fn a_changed_byte_is_noticed(at in 0..200_usize, bit in 0..8_u32) {
            let manifest = b"[update]\ncompatible=matinee-pc\nversion=1.4.0\n";
            let (bundle, mut bytes) = (announced(manifest), signature(manifest));
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            if let Ok(found) = pinned(&bundle, &bytes) {
                prop_assert_eq!(found.as_bytes(), manifest);
            }
        }
    }
}
