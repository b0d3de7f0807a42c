//! The pieces of one film, and the order in which they may go.
//!
//! Knows nothing of other films nor of the bound. The order is computed from the windows, not
//! stored, so a moved playhead costs nothing. With one window, as nearly always, ordered maps make
//! each victim a short walk however many pieces a film has; with several all pieces are sorted.

use std::collections::BTreeMap;
use std::ops::Range;

/// What one player needs of a film. Pieces are counted as in the torrent.
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
    /// Pieces that somebody waits for now: go after all others, or two pins could keep out the
    /// one piece that is wanted.
    pub waiting: Vec<u32>,
}

/// What a piece is worth to its film; the least goes first. Nearness: the greater, the fewer
/// pieces lie between it and the playhead; so films can be compared, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Worth {
    /// Behind the window.
    Past(u32),
    /// Beyond the window.
    Later(u32),
    /// In the window behind the playhead.
    Behind(u32),
    /// In the window from the playhead on.
    Ahead(u32),
    /// Kept in any case.
    Pin,
    /// Somebody waits for it.
    Waiting,
}

impl Worth {
    /// Whether a window asks for it.
    pub(crate) fn in_window(self) -> bool {
        self >= Worth::Behind(0)
    }
}

/// The pieces held of a film.
#[derive(Debug, Default)]
pub(crate) struct Film {
    /// Piece -> bytes.
    pub(crate) pieces: BTreeMap<u32, u64>,
    /// One for each player; of a closed film the last ones, since "Continue" begins there.
    pub(crate) windows: Vec<Window>,
    /// Somebody plays it.
    pub(crate) playing: bool,
    /// The owner keeps it: nothing of it goes for another film.
    pub(crate) kept: bool,
    /// When it was last used, in the cache's own count.
    pub(crate) used: u64,
}

impl Window {
    /// Where it begins, the playhead, where it ends.
    fn edges(&self) -> (u32, u32, u32) {
        (
            self.playhead.saturating_sub(self.behind),
            self.playhead,
            self.playhead.saturating_add(self.ahead),
        )
    }

    fn worth(&self, piece: u32) -> Worth {
        let (low, playhead, end) = self.edges();
        let nearness = u32::MAX - piece.abs_diff(playhead);
        match () {
            () if self.waiting.contains(&piece) => Worth::Waiting,
            () if self.pins.contains(&piece) => Worth::Pin,
            () if piece < low => Worth::Past(nearness),
            () if piece >= end => Worth::Later(nearness),
            () if piece < playhead => Worth::Behind(nearness),
            () => Worth::Ahead(nearness),
        }
    }

    /// Most pieces it asks for.
    fn span(&self) -> u64 {
        let listed = self.pins.len() + self.waiting.len();
        u64::from(self.behind) + u64::from(self.ahead) + listed as u64
    }
}

/// A piece that may go: its worth, number and bytes.
pub(crate) type Victim = (Worth, u32, u64);

impl Film {
    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty() && !self.playing && !self.kept
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.pieces.values().sum()
    }

    /// Most bytes that its windows ask for.
    pub(crate) fn span(&self) -> u64 {
        let longest = self.pieces.first_key_value().map_or(0, |(_, bytes)| *bytes);
        let spans = self.windows.iter().map(Window::span);
        spans.sum::<u64>().saturating_mul(longest)
    }

    pub(crate) fn worth(&self, piece: u32) -> Worth {
        let worths = self.windows.iter().map(|window| window.worth(piece));
        worths
            .max()
            .unwrap_or_else(|| Window::default().worth(piece))
    }

    /// The held pieces, the least worth first.
    pub(crate) fn victims(&self) -> Box<dyn Iterator<Item = Victim> + '_> {
        match &self.windows[..] {
            [] => Box::new(self.of_one(Window::default())),
            [window] => Box::new(self.of_one(window.clone())),
            _ => {
                let pieces = self.pieces.iter();
                let victim = |(piece, bytes): (&u32, &u64)| (self.worth(*piece), *piece, *bytes);
                let mut all: Vec<Victim> = pieces.map(victim).collect();
                all.sort_unstable();
                Box::new(all.into_iter())
            }
        }
    }

    fn of_one(&self, window: Window) -> impl Iterator<Item = Victim> {
        let (low, playhead, end) = window.edges();
        let rising = |range: Range<u32>| self.pieces.range(range);
        let loose = rising(0..low)
            .chain(self.pieces.range(end..).rev())
            .chain(rising(low..playhead))
            .chain(rising(playhead..end).rev());
        let mut listed: Vec<Victim> = window
            .pins
            .iter()
            .chain(&window.waiting)
            .filter_map(|piece| Some((window.worth(*piece), *piece, *self.pieces.get(piece)?)))
            .collect();
        listed.sort_unstable();
        listed.dedup();
        loose
            .filter_map(move |(piece, bytes)| match window.worth(*piece) {
                Worth::Pin | Worth::Waiting => None,
                worth => Some((worth, *piece, *bytes)),
            })
            .chain(listed)
    }
}
