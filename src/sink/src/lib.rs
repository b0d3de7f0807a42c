//! The sink: what a TV, projector or receiver says of itself, and what is chosen by it.
//!
//! Pure: bytes and wishes go in, facts and choices come out. It opens no device, knows neither the
//! kernel's modes nor ALSA's devices, and remembers nothing itself; `display` and `player` do.
//!
//! [`Facts::of`] reads an EDID, mended where it is broken, with the [`Fault`]s told;
//! [`Sound::of_eld`] reads what a sound card has of the same ([`Sound`]). [`at_boot`] chooses the
//! mode for the wall, [`for_film`] that for a film by what its pictures would suffer ([`Judder`]),
//! [`outputs`] which sound card a film is heard by, [`sound_way`] whether its sound goes out as it
//! is, and [`counting`] whose EDID counts while a TV is off.
//!
//! Rates are exact fractions ([`Rate`]): 23.976 and 24 pictures a second are two things, and the
//! difference is a picture shown twice every 42 seconds.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod boot;
mod edid;
mod eld;
mod film;
mod judder;
mod memory;
mod mend;
mod outputs;
mod passthrough;
mod rate;
mod sound;
mod timings;

pub use boot::{Wish, at_boot};
pub use edid::{Address, Facts, Hdr};
pub use film::{Film, for_film};
pub use judder::{Cadence, Judder};
pub use memory::{Counting, Whose, counting};
pub use mend::Fault;
pub use outputs::{Eld, Kind, Listed, Output, Socket, outputs};
pub use passthrough::{Codec, Framing, Link, SoundWish, Stream, Way, sound_way};
pub use rate::Rate;
pub use sound::{Format, Sound, Taken};
pub use timings::Mode;
