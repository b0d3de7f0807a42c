//! The box: shells around the pure core. See `src/README.md` for the map.

pub mod demo;
pub mod display;
pub mod keys;
pub mod media;
