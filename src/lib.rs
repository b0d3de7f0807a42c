//! The box: shells around the pure core. See `src/README.md` for the map.

pub mod media;
pub mod player;
