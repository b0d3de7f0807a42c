//! What the box does, told as stories by subject. `UPDATE_EXPECT=1` (make accept) rewrites the
//! transcripts.

// The macro that rewrites transcripts chooses the quotes.
#![allow(clippy::needless_raw_string_hashes)]

mod add_ons;
mod backup;
mod clock;
mod context;
mod drives;
mod fixed;
mod forecast;
mod joining;
mod keys;
mod language;
mod letters;
mod network;
mod opening;
mod own_network;
mod panel;
mod phone;
mod places;
mod playing;
mod power;
mod prefetch;
mod profiles;
mod profiles_from_afar;
mod remote;
mod replay;
mod rest;
mod rows;
mod searching;
mod series;
mod settings;
mod sharing;
mod skipping;
mod sound;
mod sources;
mod spoken;
mod stats;
mod steered;
mod stills;
// The properties stand on the same stage.
#[path = "../story/mod.rs"]
mod story;
mod texts;
mod trial;
mod up_next;
mod updates;
mod wall;
