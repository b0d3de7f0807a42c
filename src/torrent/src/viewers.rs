//! Who watches a torrent, and where each of them is.
//!
//! A value without I/O. A viewer is whoever holds a source of a film: the player, or one answer to
//! an HTTP player. Far apart they have a place each, so that two players do not move one another.
//! A player that asks for one range after another has nothing open between two: who has left
//! keeps a place for a moment, and the last one until somebody else has one. A demuxer that goes
//! back and forth between sound and picture a few megabytes apart is at one place.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::time::Duration;

use swarm::Layout;

/// Reads as near as this are one place: badly interleaved MP4 files have sound and picture a few
/// MiB apart.
pub(super) const NEAR_BYTES: u64 = 4 << 20;
/// The last reads that are looked at for it: a demuxer of two streams alternates, 256 KiB each.
const RECENT: usize = 8;
/// Who has left is expected back for so long, and what is ahead of it is held: players that fetch
/// in ranges play some seconds of one before they ask for the next.
const LINGER: Duration = Duration::from_secs(10);
/// And fetched for so long: while such a player fills its buffer it asks again at once, and what
/// is on the way must not be taken back meanwhile.
const BACK_SOON: Duration = Duration::from_secs(2);
/// Of those so many, the latest: a household's.
const LEFT_MAX: usize = 8;

/// One who watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ViewerId(pub(super) u64);

#[derive(Debug)]
struct Viewer {
    /// The film's bytes in the torrent.
    film: Range<u64>,
    /// Pieces of the last reads, the latest last.
    recent: VecDeque<u32>,
    playhead: u32,
    /// When it read last, in a count of all reads.
    moved: u64,
    left: Option<Duration>,
}

/// Where somebody watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    /// The film's bytes in the torrent.
    pub(super) film: Range<u64>,
    pub(super) playhead: u32,
    /// Who is here now, or will be soon, not one who merely may come back.
    pub(super) live: bool,
    /// The greater, the later it was read from here.
    pub(super) moved: u64,
}

#[derive(Debug)]
pub(super) struct Viewers {
    layout: Layout,
    all: BTreeMap<ViewerId, Viewer>,
    turn: u64,
}

impl Viewers {
    pub(super) fn new(layout: Layout) -> Viewers {
        Viewers {
            layout,
            all: BTreeMap::new(),
            turn: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        self.all.clear();
    }

    /// The viewer, who watches `film`, reads at `piece`.
    pub(super) fn moved(&mut self, id: ViewerId, film: &Range<u64>, piece: u32) {
        self.turn += 1;
        let near = (NEAR_BYTES / u64::from(self.layout.piece_length())).max(1) as u32;
        if !self.all.contains_key(&id) {
            // The same player, that asks for the next range.
            self.all.retain(|_, viewer| {
                let there = viewer.playhead..=viewer.playhead.saturating_add(near);
                viewer.left.is_none() || !there.contains(&piece)
            });
        }
        let viewer = self.all.entry(id).or_insert_with(|| Viewer {
            film: film.clone(),
            recent: VecDeque::new(),
            playhead: piece,
            moved: 0,
            left: None,
        });
        if viewer.recent.len() == RECENT {
            viewer.recent.pop_front();
        }
        viewer.recent.push_back(piece);
        let near = piece.saturating_sub(near)..=piece;
        let recent = viewer.recent.iter().copied();
        let place = recent.filter(|recent| near.contains::<u32>(recent)).min();
        viewer.playhead = place.unwrap_or(piece);
        viewer.moved = self.turn;
    }

    /// It will not read any more.
    pub(super) fn leave(&mut self, id: ViewerId, now: Duration) {
        if let Some(viewer) = self.all.get_mut(&id) {
            viewer.left = Some(now);
        }
        let mut left: Vec<(u64, ViewerId)> = self
            .all
            .iter()
            .filter(|(_, viewer)| viewer.left.is_some())
            .map(|(id, viewer)| (viewer.moved, *id))
            .collect();
        left.sort_unstable();
        for (_, id) in &left[..left.len().saturating_sub(LEFT_MAX)] {
            self.all.remove(id);
        }
    }

    /// Those who have left are not expected back.
    pub(super) fn dismiss(&mut self) {
        self.all.retain(|_, viewer| viewer.left.is_none());
    }

    /// Where they are, the latest to read first.
    pub(super) fn spots(&self, now: Duration) -> Vec<Spot> {
        let here = |left: Option<Duration>, time| left.is_none_or(|left| now < left + time);
        let mut spots: Vec<(Spot, Option<Duration>)> = self
            .all
            .values()
            .map(|viewer| {
                let spot = Spot {
                    film: viewer.film.clone(),
                    playhead: viewer.playhead,
                    live: here(viewer.left, BACK_SOON),
                    moved: viewer.moved,
                };
                (spot, viewer.left)
            })
            .collect();
        spots.sort_by_key(|(spot, left)| Reverse((left.is_none(), spot.moved)));
        if let Some((last, left)) = spots.first_mut() {
            (last.live, *left) = (true, None);
        }
        spots.retain(|(_, left)| here(*left, LINGER));
        spots.into_iter().map(|(spot, _)| spot).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;
    const FILM: Range<u64> = 10 * MIB..90 * MIB;

    fn viewers() -> Viewers {
        Viewers::new(Layout::new(100 * MIB, MIB as u32).unwrap())
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn playheads(viewers: &Viewers, seconds: u64) -> Vec<(u32, bool)> {
        let spots = viewers.spots(at(seconds)).into_iter();
        spots.map(|spot| (spot.playhead, spot.live)).collect()
    }

    #[test]
    fn each_has_a_place_and_a_seek_moves_one() {
        let mut viewers = viewers();
        viewers.moved(ViewerId(1), &FILM, 20);
        viewers.moved(ViewerId(2), &FILM, 60);
        assert_eq!(playheads(&viewers, 0), [(60, true), (20, true)]);
        viewers.moved(ViewerId(1), &FILM, 40);
        assert_eq!(playheads(&viewers, 0), [(40, true), (60, true)]);
    }

    #[test]
    fn sound_and_picture_apart_are_one_place() {
        let mut viewers = viewers();
        for piece in [50, 53, 50, 53, 51, 54] {
            viewers.moved(ViewerId(1), &FILM, piece);
            let playhead = playheads(&viewers, 0)[0].0;
            assert!((50..=51).contains(&playhead), "{playhead}");
        }
    }

    #[test]
    fn who_has_left_is_expected_for_a_while_and_the_last_for_good() {
        let mut viewers = viewers();
        viewers.moved(ViewerId(1), &FILM, 20);
        viewers.leave(ViewerId(1), at(0));
        assert_eq!(playheads(&viewers, 1000), [(20, true)]);
        // The same player asks for more, elsewhere.
        viewers.moved(ViewerId(2), &FILM, 60);
        assert_eq!(playheads(&viewers, 1), [(60, true), (20, true)]);
        assert_eq!(playheads(&viewers, 9), [(60, true), (20, false)]);
        assert_eq!(playheads(&viewers, 10), [(60, true)]);
        viewers.leave(ViewerId(2), at(9));
        assert_eq!(playheads(&viewers, 9), [(60, true), (20, false)]);
        viewers.dismiss();
        assert!(viewers.spots(at(9)).is_empty());
    }

    #[test]
    fn who_asks_for_the_next_range_takes_its_place_again() {
        let mut viewers = viewers();
        viewers.moved(ViewerId(0), &FILM, 60);
        for id in 1..20 {
            viewers.moved(ViewerId(id), &FILM, 20 + id as u32);
            viewers.leave(ViewerId(id), at(0));
        }
        assert_eq!(playheads(&viewers, 0), [(60, true), (39, true)]);
    }

    #[test]
    fn those_who_have_left_are_few() {
        let mut viewers = viewers();
        for id in 0..1000 {
            viewers.moved(ViewerId(id), &FILM, 20 + 7 * id as u32 % 60);
            viewers.leave(ViewerId(id), at(0));
        }
        assert_eq!(viewers.all.len(), LEFT_MAX);
        // One who never read has no place to leave.
        viewers.leave(ViewerId(5000), at(0));
        assert_eq!(viewers.all.len(), LEFT_MAX);
    }
}
