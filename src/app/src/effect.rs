//! Commands to the world: everything the box can do.

use std::time::Duration;

use crate::{Library, Session, SubtitleFile, TorrentRef, TrackId};

#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    OpenTorrent {
        session: Session,
        torrent: TorrentRef,
    },
    CloseTorrent(Session),
    /// Decode the session's file up to its first picture at `at`, and stay paused.
    OpenPlayer {
        session: Session,
        at: Duration,
        subtitles: Vec<SubtitleFile>,
    },
    ClosePlayer(Session),
    SetPaused(Session, bool),
    /// A newer seek replaces one that has not begun.
    Seek {
        session: Session,
        to: Duration,
        mode: SeekMode,
    },
    SelectAudio(Session, TrackId),
    SelectSubtitle(Session, Option<TrackId>),
    /// Write resume positions and watched marks; a newer one replaces one not yet written.
    SaveLibrary(Library),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeekMode {
    /// While scrubbing: the nearest key frame.
    KeyUnit,
    /// The frame itself.
    Accurate,
}
