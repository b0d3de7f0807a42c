//! Commands to the world: everything the box can do.

use std::time::Duration;

use crate::{Library, Session, SubtitleFile, TorrentRef, TrackId};

#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// A torrent that is being prefetched is taken over with its peers and bytes.
    OpenTorrent {
        session: Session,
        torrent: TorrentRef,
        /// Byte of the film's file where the viewer left off: the container's index and the bytes
        /// there come first. None: from the start.
        at: Option<u64>,
    },
    CloseTorrent(Session),
    /// The viewer looks at this film: get its metadata, its head and tail, and what lies at `at`,
    /// and no more. A newer one replaces it.
    Prefetch {
        torrent: TorrentRef,
        /// As of [`Effect::OpenTorrent`].
        at: Option<u64>,
    },
    /// The viewer looks elsewhere; what came is kept as long as there is room.
    StopPrefetch,
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
