//! Who signed a channel's file: a DSSE envelope (secure-systems-lab/dsse, v1) of ed25519
//! signatures (RFC 8032).
//!
//! The signature is over the payload's bytes and its type, so nothing has to be written in one
//! canonical way, and a file of another kind that the same key signed is not taken for a channel.
//! Any one of the known keys is enough: the next key is in the image before it is used.

use std::fmt;

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Serialize};

/// What a channel's payload is.
pub const PAYLOAD_TYPE: &str = "application/vnd.matinee.channel+json";

/// Signatures looked at: two keys while one takes the other's place, and room for a mistake.
const SIGNATURES_MAX: usize = 8;

/// Bytes of a public key (RFC 8032, 5.1.5).
const KEY_BYTES: usize = 32;

/// A public key.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; KEY_BYTES]);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a key of updates must be 64 hex digits, not {0} characters")]
pub struct KeyError(usize);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl Key {
    /// Of 64 hex digits.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(hex: &str) -> Result<Key, KeyError> {
        let wrong = || KeyError(hex.chars().count());
        let bytes = HEXLOWER_PERMISSIVE.decode(hex.as_bytes());
        let bytes = bytes.map_err(|_| wrong())?;
        bytes.try_into().map(Key).map_err(|_| wrong())
    }

    fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, self.0);
        key.verify(message, signature).is_ok()
    }
}

/// Bytes that one of the known keys has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed(Vec<u8>);

impl Signed {
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Why nobody known has signed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    #[error("the channel's file is no signed envelope: {0}")]
    Broken(String),
    #[error("the channel's file is of another kind: {0}")]
    Kind(String),
    #[error("no key of this box has signed the channel's file")]
    Unknown,
}

/// The file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    /// Base64.
    payload: String,
    payload_type: String,
    signatures: Vec<Signature>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Signature {
    /// Base64.
    sig: String,
}

impl Signed {
    /// Opens an envelope.
    ///
    /// # Errors
    /// It is none, is of another kind, or is signed by nobody among `keys`.
    pub fn open(file: &[u8], keys: &[Key]) -> Result<Signed, EnvelopeError> {
        let broken = |what: &dyn fmt::Display| EnvelopeError::Broken(what.to_string());
        let envelope: Envelope = serde_json::from_slice(file).map_err(|error| broken(&error))?;
        if envelope.payload_type != PAYLOAD_TYPE {
            let kind: String = envelope.payload_type.chars().take(80).collect();
            return Err(EnvelopeError::Kind(kind.escape_debug().to_string()));
        }
        let payload = BASE64.decode(envelope.payload.as_bytes());
        let payload = payload.map_err(|error| broken(&error))?;
        let message = message(&envelope.payload_type, &payload);
        let signatures = envelope.signatures.iter().take(SIGNATURES_MAX);
        let mut signatures = signatures.filter_map(|it| BASE64.decode(it.sig.as_bytes()).ok());
        let known = signatures.any(|it| keys.iter().any(|key| key.signed(&message, &it)));
        known
            .then_some(Signed(payload))
            .ok_or(EnvelopeError::Unknown)
    }
}

/// What is signed: DSSE's pre-authentication encoding.
fn message(kind: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

#[cfg(test)]
pub(crate) mod tests {
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};

    use super::*;

    pub(crate) struct Signer(Ed25519KeyPair);

    impl Signer {
        pub(crate) fn new(seed: u8) -> Signer {
            Signer(Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap())
        }

        pub(crate) fn key(&self) -> Key {
            Key(self.0.public_key().as_ref().try_into().unwrap())
        }

        pub(crate) fn seal(&self, kind: &str, payload: &[u8]) -> Vec<u8> {
            let signature = self.0.sign(&message(kind, payload));
            serde_json::to_vec(&Envelope {
                payload: BASE64.encode(payload),
                payload_type: kind.to_owned(),
                signatures: vec![Signature {
                    sig: BASE64.encode(signature.as_ref()),
                }],
            })
            .unwrap()
        }
    }

    #[test]
    fn what_a_known_key_signed_is_opened() {
        let (first, second) = (Signer::new(1), Signer::new(2));
        let file = second.seal(PAYLOAD_TYPE, b"{}");
        let keys = [first.key(), second.key()];
        assert_eq!(Signed::open(&file, &keys).unwrap().bytes(), b"{}");
        let unknown = Signed::open(&file, &keys[..1]);
        assert_eq!(unknown, Err(EnvelopeError::Unknown));
    }

    #[test]
    fn the_message_is_that_of_the_specification() {
        // Its own test vector.
        let message = message("http://example.com/HelloWorld", b"hello world");
        let expected = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world";
        assert_eq!(message, expected);
    }

    #[test]
    fn a_changed_byte_anywhere_is_no_signed_file() {
        let signer = Signer::new(1);
        let file = signer.seal(PAYLOAD_TYPE, b"{\"sequence\":7}");
        for at in 0..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 1;
            let opened = Signed::open(&changed, &[signer.key()]);
            // White space and names that are not read may differ; what was signed may not.
            if let Ok(opened) = opened {
                assert_eq!(opened.bytes(), b"{\"sequence\":7}", "byte {at}");
            }
        }
        let cut = Signed::open(&file[..file.len() - 1], &[signer.key()]);
        assert!(matches!(cut, Err(EnvelopeError::Broken(_))));
    }

    #[test]
    fn what_was_signed_for_something_else_is_no_channel() {
        let signer = Signer::new(1);
        let file = signer.seal("application/other", b"{}");
        let opened = Signed::open(&file, &[signer.key()]);
        assert_eq!(opened, Err(EnvelopeError::Kind("application/other".into())));
    }

    #[test]
    fn keys_are_64_hex_digits() {
        let hex = "a".repeat(64);
        assert!(Key::parse(&hex).is_ok());
        assert_eq!(Key::parse(&hex[1..]), Err(KeyError(63)));
        assert_eq!(Key::parse(&"g".repeat(64)), Err(KeyError(64)));
    }
}
