//! The door to the web against servers that nobody would want: every one scripted, on loopback.
//!
//! Each test says what kind of error comes out, that a bound held (bytes are counted by the
//! server), and that another host is asked meanwhile as if nothing was. Bounds of time are tried
//! with servers that never end, so that a slow machine changes nothing; waits that would be long
//! are turned by the clock.
#![allow(clippy::unwrap_used)]

mod addresses;
mod bodies;
mod hosts;
mod kept;
mod redirects;
mod secrets;
mod server;
