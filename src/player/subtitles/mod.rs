//! Subtitles as text that goes with the picture.
//!
//! Text inside the container and text files beside the film end up in one list of cues, and the
//! position of each picture shown picks from it: so both kinds keep time with the picture, in
//! playing, pausing and seeking alike, and the UI draws both. GStreamer draws nothing; with 1.22
//! a small subtitle file given to playbin ends the whole film.

mod captions;
mod encoding;
mod markup;
mod reader;

use std::sync::Arc;
use std::time::Duration;

use media::Source;

pub(super) use captions::Captions;

/// Longest text file read; 4 MiB are ten films' worth of talk.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// A text and when it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cue {
    pub(super) start: Duration,
    pub(super) end: Duration,
    /// Plain, lines apart by '\n'.
    pub(super) text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum FileTrouble {
    #[error("{0} bytes are too many for subtitles")]
    TooLong(u64),
    #[error("{0}")]
    Gone(String),
    #[error("no subtitle in it")]
    Empty,
}

/// Reads a whole SRT or WebVTT file.
pub(super) async fn read_file(source: Arc<dyn Source>) -> Result<Vec<Cue>, FileTrouble> {
    let size = source.size();
    if size > FILE_BYTES_MAX {
        return Err(FileTrouble::TooLong(size));
    }
    let read = source.read_at(0, size as usize).await;
    let bytes = read.map_err(|gone| FileTrouble::Gone(gone.0))?;
    let cues = reader::cues(&encoding::decode(&bytes));
    if cues.is_empty() {
        return Err(FileTrouble::Empty);
    }
    Ok(cues)
}
