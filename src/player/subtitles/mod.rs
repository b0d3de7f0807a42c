//! Subtitles as text that goes with the picture.
//!
//! Text inside the container and text files beside the film end up in lists of cues, and the
//! position of each picture shown picks from one or two of them: so both kinds keep time with the
//! picture, in playing, pausing and seeking alike, and the UI draws both. GStreamer draws nothing;
//! with 1.22 a small subtitle file given to playbin ends the whole film. How files are read is the
//! crate `subtitles`; here is what has to do with GStreamer and with the film's source.

mod captions;
mod pages;

use std::sync::Arc;
use std::time::Duration;

use subtitles::{Cues, FILE_BYTES_MAX, Fault, Hint, Language, Rate, scale_by_length};

use super::TextFile;

pub(super) use captions::{Captions, Part};
pub(super) use pages::Kind;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum FileTrouble {
    #[error("{0}")]
    Gone(String),
    #[error(transparent)]
    Unreadable(#[from] Fault),
}

/// Reads a whole subtitle file; its language as its name or its site says it. Texts that go on
/// after a film of this length has ended are timed for another frame rate, and mended.
pub(super) async fn read_file(
    file: TextFile,
    duration: Option<Duration>,
    rate: Option<Rate>,
) -> Result<Arc<Cues>, FileTrouble> {
    let read = file.text.read(FILE_BYTES_MAX as u64).await;
    let bytes = read.map_err(|gone| FileTrouble::Gone(gone.0))?;
    let language = file.language.and_then(|tag| Language::read(&tag));
    let hint = Hint {
        name: file.text.name(),
        language: language.as_ref(),
        rate,
        ..Hint::default()
    };
    let cues = subtitles::read(&bytes, &hint)?.cues;
    let scale = duration.and_then(|film| scale_by_length(&cues, film));
    Ok(match scale {
        Some(scale) => {
            tracing::info!(
                name = file.text.name(),
                scale,
                "timed for another frame rate"
            );
            Arc::new(cues.stretched(scale))
        }
        None => cues,
    })
}
