//! Updates of the box: what a channel offers, whether it may be trusted, and what to do with it.
//!
//! - `envelope`: who signed the bytes (ed25519, RFC 8032, in a DSSE envelope)
//! - `channel`: what was signed: a release, and its bundle for each board
//! - `decide`: whether this box takes it, and if not, why
//! - `pin`: whether a bundle is the one that was announced
//!
//! Values in, values out: no file, socket, clock or D-Bus. A static folder on any web server is
//! enough to serve updates, because everything that decides is signed: the bundle's size and the
//! hash of its manifest are in the channel's file, so a bundle that is swapped after the check is
//! not installed. The bundle's own signature, and that the rest of it is what its manifest says, is
//! RAUC's matter.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod channel;
mod decide;
mod envelope;
pub mod fuzzing;
mod pin;

pub use channel::{Bundle, CHANNEL_BYTES_MAX, Channel, ChannelError};
pub use decide::{Decision, Host, Offer, Refusal};
pub use envelope::{EnvelopeError, Key, KeyError, PAYLOAD_TYPE, Signed};
pub use pin::{LENGTH_BYTES, PinError, SIGNATURE_BYTES_MAX, pinned, signature_bytes};
pub use semver::Version;
