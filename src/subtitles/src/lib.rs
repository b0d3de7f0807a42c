//! Subtitles: any file of texts into one value, and that value onto a film.
//!
//! - `read`: bytes of SRT, WebVTT, ASS/SSA or MicroDVD, packed or not, in any encoding, to `Cues`
//! - `Pgs`, `vobsub`: subtitles that are pictures, of Blu-ray and DVD, to `Page`s
//! - `markup`: the text of one cue of a container
//! - `Language`, `facts`: what a code, a name or a file's name says
//! - `OsHash`: the hash by which sites know a film's file
//! - `Rate`, `scales`: drift between frame rates
//! - `Listener`, `Speech`, `align`: where in the sound people speak, and how the texts fit it
//! - `Titles`: what is up at a position, of one or two tracks
//!
//! Values in, values out: no file, socket, clock or thread, and no GStreamer. Everything comes from
//! strangers, so every reader is bounded and none can fail otherwise than by an error.

mod align;
mod archive;
mod ass;
mod bitmap;
mod colour;
mod correlate;
mod cues;
mod encoding;
pub mod fuzzing;
mod language;
mod language_table;
mod listener;
pub mod markup;
mod microdvd;
mod names;
mod oshash;
mod overrides;
mod pgs;
mod rate;
mod read;
mod speech;
mod text;
mod timed;
mod titles;
pub mod vobsub;

pub use align::{Fit, Limits, align};
pub use archive::Fault as ArchiveFault;
pub use bitmap::{Bitmap, PIXELS_MAX, Page};
pub use cues::{CHARS_MAX, CUES_MAX, Column, Cue, Cues, Place, Row, Run, Style};
pub use encoding::decode;
pub use language::Language;
pub use listener::{Listener, SAMPLES_PER_SEC};
pub use names::{Episode, Facts, facts};
pub use oshash::{END_BYTES, OsHash, SIZE_MIN_BYTES};
pub use pgs::Pgs;
pub use rate::{Rate, scale_by_length, scales};
pub use read::{FILE_BYTES_MAX, Fault, Format, Hint, Subtitles, read};
pub use speech::{STEP, Speech};
pub use titles::{Shown, Timing, Titles, Track};
