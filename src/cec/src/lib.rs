//! What the box says to the TV, and hears of it, on the CEC bus of HDMI.
//!
//! Sans-I/O and without a clock: what the adapter hears ([`Bus`]), what the box does ([`Act`]) and
//! `now` (time since any fixed epoch) go in, [`Order`]s come out, [`Follower::deadline`] says when
//! to call [`Follower::tick`]. The kernel does what is below messages, claims the address, and
//! answers for the address, the maker, the version and the name; keys that the TV passes on come
//! from it as those of any remote.
//!
//! A `frame` is the bytes, a `message` what they mean; `outbox` sends one after the other, and the
//! `follower` is what the box is on the bus. It wants nothing by itself: whether the TV is woken or
//! sent to sleep says who calls it.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod address;
mod follower;
mod frame;
mod message;
mod news;
mod outbox;
#[cfg(test)]
mod properties;
mod showing;

pub use address::{Logical, Place};
pub use follower::Follower;
pub use frame::Frame;
pub use message::{Heard, Message, OsdName, Reason, Tell, read};
pub use news::{Act, Bus, Deck, DeckKey, Level, Order, Sent, Told, Volume, VolumeBy};
