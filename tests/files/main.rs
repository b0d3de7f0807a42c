//! Films on web servers and on this box, read as the player reads them: servers that behave, that
//! lie, that break off, and nginx.

#![allow(clippy::unwrap_used, clippy::single_range_in_vec_init)]

mod local;
mod nginx;
mod reading;
mod server;
mod troubles;
