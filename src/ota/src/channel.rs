//! What a channel offers: one release, and its bundle for each board.
//!
//! ```json
//! {
//!   "format": 1, "channel": "stable", "sequence": 42, "version": "1.4.0",
//!   "minimum": "1.2.0", "expires_s": 1798761600, "rollout_percent": 20,
//!   "notes": "Subtitles of films on drives.",
//!   "bundles": { "rpi4": { "url": "matinee-rpi4-1.4.0.raucb", "size": 148000000,
//!                          "manifest_sha256": "…" } }
//! }
//! ```

use std::collections::BTreeMap;

use semver::Version;
use serde::Deserialize;

use crate::envelope::{EnvelopeError, Key, Signed};

/// Bytes of a channel's file: a bundle a board and some words are a few kilobytes.
pub const CHANNEL_BYTES_MAX: usize = 256 * 1024;

/// The format read here.
const FORMAT: u32 = 1;

/// Characters of the notes that a viewer is shown.
const NOTES_CHARS_MAX: usize = 2000;

/// A release as its channel tells it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Channel {
    format: u32,
    /// "stable", "beta".
    pub channel: String,
    /// Counts up with each release of the channel; a box never goes back by itself.
    pub sequence: u64,
    pub version: Version,
    /// A box that is older takes another release first.
    pub minimum: Version,
    /// Seconds since 1970: from then on the channel is not looked after, or somebody holds back
    /// what is newer.
    pub expires_s: u64,
    /// Share of the boxes that take it now.
    #[serde(default = "everybody")]
    pub rollout_percent: u8,
    /// For the viewer.
    #[serde(default)]
    pub notes: String,
    /// By the name of the board.
    pub bundles: BTreeMap<String, Bundle>,
}

/// The update of one board.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Bundle {
    /// From the address of the channel's file on.
    pub url: String,
    /// Bytes.
    pub size: u64,
    /// Of the bundle's manifest, as RAUC pins it: 64 hex digits.
    pub manifest_sha256: String,
}

/// Why a channel's file is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    #[error("the channel's file has {0} bytes, more than {CHANNEL_BYTES_MAX}")]
    Large(usize),
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    #[error("the channel's file cannot be read: {0}")]
    Broken(String),
    #[error("the channel's file is of format {0}, known is {FORMAT}: this box is too old for it")]
    Format(u32),
}

fn everybody() -> u8 {
    100
}

impl Channel {
    /// Reads a file that one of `keys` has signed.
    ///
    /// # Errors
    /// Nobody known signed it, or it is none.
    pub fn read(file: &[u8], keys: &[Key]) -> Result<Channel, ChannelError> {
        if file.len() > CHANNEL_BYTES_MAX {
            return Err(ChannelError::Large(file.len()));
        }
        Channel::parse(Signed::open(file, keys)?.bytes())
    }

    /// Reads what was signed.
    pub(crate) fn parse(signed: &[u8]) -> Result<Channel, ChannelError> {
        // A later format may have other fields: it is told by its number, not by what is missing.
        let head: Head = parse(signed)?;
        if head.format != FORMAT {
            return Err(ChannelError::Format(head.format));
        }
        let mut channel: Channel = parse(signed)?;
        for (board, bundle) in &channel.bundles {
            let hash = bundle.manifest_sha256.as_bytes();
            if hash.len() != 64 || !hash.iter().all(u8::is_ascii_hexdigit) {
                let what = format!("bundles.{board}.manifest_sha256: must be 64 hex digits");
                return Err(ChannelError::Broken(what));
            }
        }
        if let Some((end, _)) = channel.notes.char_indices().nth(NOTES_CHARS_MAX) {
            channel.notes.truncate(end);
        }
        Ok(channel)
    }
}

#[derive(Deserialize)]
struct Head {
    format: u32,
}

fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, ChannelError> {
    serde_json::from_slice(bytes).map_err(|error| ChannelError::Broken(error.to_string()))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::envelope::PAYLOAD_TYPE;
    use crate::envelope::tests::Signer;

    pub(crate) fn example() -> serde_json::Value {
        serde_json::json!({
            "format": 1, "channel": "stable", "sequence": 42, "version": "1.4.0",
            "minimum": "1.2.0", "expires_s": 2_000_000, "rollout_percent": 20,
            "bundles": { "rpi4": {
                "url": "matinee-rpi4-1.4.0.raucb", "size": 148_000_000,
                "manifest_sha256": "ab".repeat(32),
            } }
        })
    }

    fn read(payload: &serde_json::Value) -> Result<Channel, ChannelError> {
        let signer = Signer::new(1);
        let file = signer.seal(PAYLOAD_TYPE, payload.to_string().as_bytes());
        Channel::read(&file, &[signer.key()])
    }

    #[test]
    fn a_signed_release_is_read() {
        let channel = read(&example()).unwrap();
        assert_eq!(channel.version, Version::new(1, 4, 0));
        assert_eq!(channel.bundles["rpi4"].size, 148_000_000);
        assert_eq!(channel.notes, "");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let changed = |key: &str, value: serde_json::Value| {
            let mut example = example();
            example[key] = value;
            read(&example).unwrap_err().to_string()
        };
        let told = [
            changed("format", 2.into()),
            changed("version", "soon".into()),
            changed("sequence", (-1).into()),
            changed(
                "bundles",
                serde_json::json!({ "pc": {
                "url": "x", "size": 1, "manifest_sha256": "short" } }),
            ),
        ];
        let expected = [
            "is of format 2, known is 1: this box is too old for it",
            "unexpected character 's' while parsing major version number",
            "invalid value: integer `-1`, expected u64",
            "bundles.pc.manifest_sha256: must be 64 hex digits",
        ];
        for (told, expected) in told.iter().zip(expected) {
            assert!(told.contains(expected), "{told}");
        }
        let large = Channel::read(&vec![b' '; CHANNEL_BYTES_MAX + 1], &[]);
        assert_eq!(large, Err(ChannelError::Large(CHANNEL_BYTES_MAX + 1)));
    }

    #[test]
    fn a_field_of_a_later_release_is_passed_over() {
        let mut example = example();
        example["delta"] = true.into();
        assert!(read(&example).is_ok());
    }
}
