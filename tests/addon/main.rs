//! The add-on protocol against its authors' own programs, over real sockets on loopback: their SDK
//! as a server for our reading, their client for our writing.
#![allow(clippy::unwrap_used)]

mod fuzz;
mod official_client;
mod official_core;
mod official_sdk;
