//! The box: shells around the pure core. See `src/README.md` for the map.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod addons;
pub mod announcing;
pub mod bell;
pub mod board;
pub mod commands;
pub mod demo;
pub mod display;
pub mod doorway;
pub mod engine;
pub mod event_loop;
pub mod figures;
pub mod folder_watch;
pub mod incidents;
pub mod input;
pub mod keeping;
pub mod keys;
pub mod log;
pub mod network;
pub mod phones;
pub mod player;
pub mod portable;
pub mod power;
pub mod pulse;
pub mod remote;
pub mod settings;
pub mod small_file;
pub mod sources;
pub mod stage;
pub mod storage;
pub mod texts;
pub mod tv;
pub mod uevents;
pub mod updates;
pub mod web;
pub mod world;
