//! The pieces of one film, and the order in which they may go.
//!
//! Knows nothing of other films nor of the bound. The order is computed from the window, not
//! stored, so a moved playhead costs nothing; ordered maps make each victim a short walk however
//! many pieces a film has.

use std::collections::BTreeMap;
use std::ops::Range;

/// What the player needs of a film. Pieces are counted as in the torrent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Window {
    /// The piece that the player is at.
    pub playhead: u32,
    /// Pieces to keep behind it, for a short seek back.
    pub behind: u32,
    /// Pieces to keep from the playhead on (it included).
    pub ahead: u32,
    /// Pieces to keep in any case: head, tail, index, resume point.
    pub pins: Vec<u32>,
}

/// What a piece is worth to its film; the least goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Worth {
    /// Behind the window: the nearer the playhead, the more.
    Past(u32),
    /// Beyond the window: the nearer the playhead, the more.
    Later { nearness: u32 },
    /// In the window behind the playhead.
    Behind(u32),
    /// In the window from the playhead on: the sooner it is played, the more.
    Ahead { nearness: u32 },
    /// Kept in any case.
    Pin,
}

/// The pieces held of a film.
#[derive(Debug, Default)]
pub(crate) struct Film {
    /// Piece -> bytes.
    pub(crate) pieces: BTreeMap<u32, u64>,
    /// The window; of a closed film the last one, since "Continue" begins there.
    pub(crate) window: Window,
    /// Somebody plays it.
    pub(crate) playing: bool,
    /// When it was last used, in the cache's own count.
    pub(crate) used: u64,
}

impl Film {
    /// The bounds of the window: behind, playhead, end.
    fn edges(&self) -> (u32, u32, u32) {
        let Window {
            playhead,
            behind,
            ahead,
            ..
        } = self.window;
        (
            playhead.saturating_sub(behind),
            playhead,
            playhead.saturating_add(ahead),
        )
    }

    pub(crate) fn worth(&self, piece: u32) -> Worth {
        let (low, playhead, end) = self.edges();
        if self.window.pins.contains(&piece) {
            Worth::Pin
        } else if piece < low {
            Worth::Past(piece)
        } else if piece >= end {
            Worth::Later {
                nearness: u32::MAX - piece,
            }
        } else if piece < playhead {
            Worth::Behind(piece)
        } else {
            Worth::Ahead {
                nearness: u32::MAX - piece,
            }
        }
    }

    /// The held pieces, the least worth first.
    pub(crate) fn victims(&self) -> impl Iterator<Item = (u32, u64)> {
        let (low, playhead, end) = self.edges();
        let rising = |range: Range<u32>| self.pieces.range(range);
        let loose = rising(0..low)
            .chain(self.pieces.range(end..).rev())
            .chain(rising(low..playhead))
            .chain(rising(playhead..end).rev())
            .filter(|(piece, _)| !self.window.pins.contains(piece));
        let pins = self
            .pieces
            .iter()
            .filter(|(piece, _)| self.window.pins.contains(piece));
        loose.chain(pins).map(|(piece, bytes)| (*piece, *bytes))
    }
}
