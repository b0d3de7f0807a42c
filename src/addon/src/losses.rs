//! What of an answer was not taken, counted: a message can say it, and a test can see that
//! nothing else was lost.

use std::collections::BTreeMap;

/// What did not come through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Losses {
    /// Items of lists that were not what they should be.
    pub bad: u32,
    /// Items beyond a bound.
    pub cut: u32,
    /// Streams and subtitles that cannot be used, by reason.
    pub skipped: BTreeMap<Skip, u32>,
    /// The meta came with another id than was asked for; the asked one was kept.
    pub other_id: bool,
}

/// Why a stream or a subtitle is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skip {
    /// No object, or it lacks what makes it one.
    Malformed,
    /// Names no source at all.
    NoSource,
    /// An info hash that is neither 40 hex nor 32 base32.
    BadHash,
    /// An address that is none.
    BadUrl,
    /// An address of another kind than http, https and magnet: ftp, rtmp.
    Scheme,
    /// BitTorrent v2 only.
    V2Only,
    /// A source that this box does not play: news groups, archives, frames of players.
    Unsupported,
    /// Points at a server on the viewer's own machine that other clients bring along.
    OwnServer,
}

impl Losses {
    /// Whether all was taken.
    pub fn is_none(&self) -> bool {
        *self == Losses::default()
    }

    /// Items that were not taken, whatever the reason.
    pub fn total(&self) -> u32 {
        let skipped = self.skipped.values();
        skipped.fold(self.bad.saturating_add(self.cut), |sum, count| {
            sum.saturating_add(*count)
        })
    }

    pub(crate) fn bad(&mut self) {
        self.bad = self.bad.saturating_add(1);
    }

    pub(crate) fn cut(&mut self, items: usize) {
        let items = u32::try_from(items).unwrap_or(u32::MAX);
        self.cut = self.cut.saturating_add(items);
    }

    pub(crate) fn skip(&mut self, reason: Skip) {
        let count = self.skipped.entry(reason).or_default();
        *count = count.saturating_add(1);
    }
}
