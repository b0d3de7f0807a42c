//! Subtitles as text that goes with the picture.
//!
//! Text inside the container and text files beside the film end up in one list of cues, and the
//! position of each picture shown picks from it: so both kinds keep time with the picture, in
//! playing, pausing and seeking alike, and the UI draws both. GStreamer draws nothing; with 1.22
//! a small subtitle file given to playbin ends the whole film. How files are read is the crate
//! `subtitles`; here is what has to do with GStreamer and with the film's source.

mod captions;

use std::sync::Arc;

use subtitles::{Cues, FILE_BYTES_MAX, Fault, Hint, Language};

use super::TextFile;

pub(super) use captions::Captions;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum FileTrouble {
    #[error("{0}")]
    Gone(String),
    #[error(transparent)]
    Unreadable(#[from] Fault),
}

/// Reads a whole subtitle file; its language as its name or its site says it.
pub(super) async fn read_file(file: TextFile) -> Result<Arc<Cues>, FileTrouble> {
    let read = file.text.read(FILE_BYTES_MAX as u64).await;
    let bytes = read.map_err(|gone| FileTrouble::Gone(gone.0))?;
    let language = file.language.and_then(|tag| Language::read(&tag));
    let hint = Hint {
        name: file.text.name(),
        language: language.as_ref(),
        ..Hint::default()
    };
    Ok(subtitles::read(&bytes, &hint)?.cues)
}
