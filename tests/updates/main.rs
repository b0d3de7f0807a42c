//! Updates of the box against a web server that behaves or does not, and an installer on a D-Bus of
//! its own that reads as RAUC does. RAUC itself needs a device mapper and slots: the tests of the
//! image have it.

#![allow(clippy::unwrap_used)]

mod bench;
mod fetching;
mod installer;
mod refusals;
mod release;
mod turning;
