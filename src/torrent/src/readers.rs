//! Who reads where, and what follows from it: which pieces to fetch and which to hold.
//!
//! A value without I/O. Each viewer has a place (`viewers`), and the room is shared: all windows
//! shrink together, and one ends where the next begins. A read far from a viewer's last is a seek
//! and moves its window at once. Two things are told apart from a seek, because taking them for one
//! would throw away what is on the way: a look at the index at the film's end, and the reading
//! of a file that nobody watches, such as subtitles. Of several who wait goes first who has waited
//! longest.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::time::Duration;

use cache::Window;
use swarm::{Demand, Layout, Place};

use super::foresight::{first_reads, prefetched};
use super::viewers::{NEAR_BYTES, Spot, ViewerId, Viewers};

/// Head and tail that are held as long as the film is played: container index, and the 64 KiB at
/// either end that subtitle searches hash; 1 MiB holds the Cues of a 3-hour film.
const ENDS_BYTES: u64 = 1 << 20;
/// The least of both.
const ENDS_MIN_BYTES: u64 = 64 << 10;
/// Part of the bound to keep behind the playhead: 5 % of a 4 GB bound is 5 min of a 5 Mb/s film.
const BEHIND_PART: u32 = 20;
/// Fewest pieces to play from: one read, one behind, one ahead, head and tail of up to two each,
/// and one in reserve.
pub(super) const PIECES_MIN: u64 = 8;

/// Of a film that may be opened soon so much is fetched: 8 MB in pieces of 1 MiB, and what large
/// pieces add to it.
const PREFETCH_BYTES: u64 = 16 << 20;
/// What a player reads to show its first picture: a key frame and what its decoder holds back, one
/// block of 256 KiB begun and one ahead.
const FIRST_LOOK_BYTES: u64 = 1 << 20;
/// Reads until a player is where it was expected: a demuxer looks at head, index and tail first,
/// 256 KiB each; 8 MiB of a `moov` are 32.
const PATIENCE: u32 = 40;
/// Of a budget no pins take these, for each viewer: one read, one ahead, one waited for, one in
/// reserve. Viewers for whom there is not as much have no window.
const RING_SPARE: u32 = 4;

/// The readers of one film's torrent.
#[derive(Debug)]
pub(super) struct Readers {
    layout: Layout,
    /// The shown film's bytes in the torrent.
    bytes: Range<u64>,
    viewers: Viewers,
    open: BTreeMap<u64, Open>,
    /// Counts what readers do.
    turn: u64,
    /// Where the last read of the shown film began: byte of the torrent.
    read_at: u64,
    /// What the player reads there before its first picture; none while the place is not known.
    first_look: Option<Range<u64>>,
    /// Bytes of the torrent that will be read, in order, before anybody reads.
    foreseen: Vec<Range<u64>>,
    /// The piece where the player will begin, until it is there.
    expected: Option<u32>,
    /// Reads that may pass before it is.
    patience: u32,
}

/// A read that is not done.
#[derive(Debug)]
struct Open {
    bytes: Range<u64>,
    viewer: ViewerId,
    /// When it began to wait for what it waits for now.
    since: u64,
}

/// One read that is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReaderId(u64);

impl Readers {
    /// Of a film that is the `bytes` of a torrent.
    pub(super) fn new(layout: Layout, bytes: Range<u64>) -> Readers {
        Readers {
            layout,
            viewers: Viewers::new(layout),
            open: BTreeMap::new(),
            turn: 0,
            read_at: bytes.start,
            first_look: None,
            foreseen: Vec::new(),
            expected: None,
            patience: 0,
            bytes,
        }
    }

    /// The player will begin at byte `at` of the file. Until it is there the playhead is.
    pub(super) fn expect(&mut self, at: Option<u64>) {
        self.viewers.clear();
        self.first_look = None;
        let size = self.bytes.end - self.bytes.start;
        self.foreseen = self.of_file(first_reads(size, at));
        self.expected = at.filter(|at| *at < size).map(|at| {
            let at = self.bytes.start + at;
            self.layout.pieces_of(at..at + 1).start
        });
        self.patience = PATIENCE;
    }

    /// Where the shown film begins.
    fn start(&self) -> u32 {
        let head = self.layout.pieces_of(self.bytes.clone()).start;
        self.expected.unwrap_or(head)
    }

    /// By the container's index it begins at byte `at` of the file: what was guessed is over.
    pub(super) fn expect_surely(&mut self, at: u64) {
        if self.expected.is_some() {
            let at = self.bytes.start + at;
            self.first_look = Some(at..at + FIRST_LOOK_BYTES);
            self.expected = Some(self.layout.pieces_of(at..at + 1).start);
            self.foreseen.clear();
        }
    }

    fn of_file(&self, ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
        let start = self.bytes.start;
        let ranges = ranges.into_iter();
        ranges.map(|r| start + r.start..start + r.end).collect()
    }

    /// What to fetch and hold of a film that may be opened soon, at byte `at` of its file: little,
    /// in the order in which a player will want it.
    pub(super) fn wants_early(&self, bound: u64, at: Option<u64>) -> (Demand, Vec<Window>) {
        let size = self.bytes.end - self.bytes.start;
        let most = PREFETCH_BYTES.min(bound / 4);
        let most = (most / u64::from(self.layout.piece_length())).max(2) as usize;
        let ranges = self.of_file(prefetched(size, at)).into_iter();
        let mut pieces: Vec<u32> = Vec::new();
        for piece in ranges.flat_map(|range| self.layout.pieces_of(range)) {
            if pieces.len() < most && !pieces.contains(&piece) {
                pieces.push(piece);
            }
        }
        let window = Window {
            playhead: pieces.first().copied().unwrap_or_else(|| self.start()),
            behind: 0,
            ahead: 1,
            pins: pieces.clone(),
            waiting: Vec::new(),
        };
        let demand = Demand {
            waiting: pieces.into_iter().map(|piece| piece..piece + 1).collect(),
            wanted: 0..self.layout.pieces(),
            ..Demand::default()
        };
        (demand, vec![window])
    }

    /// Another file, `bytes` of the torrent, is shown from now on.
    pub(super) fn show(&mut self, bytes: Range<u64>) {
        self.viewers.dismiss();
        self.read_at = bytes.start;
        self.bytes = bytes;
    }

    /// First byte of the shown file in the piece that is played by who read it last.
    pub(super) fn playhead_byte(&self, now: Duration) -> u64 {
        let spots = self.viewers.spots(now).into_iter();
        let shown = spots.filter(|spot| spot.film == self.bytes);
        let last = shown.max_by_key(|spot| spot.moved);
        let playhead = last.map_or_else(|| self.start(), |spot| spot.playhead);
        let start = u64::from(playhead) * u64::from(self.layout.piece_length());
        start.saturating_sub(self.bytes.start)
    }

    /// The viewer wants these bytes of the torrent now; `film`: those that it watches, if it does.
    pub(super) fn begin(
        &mut self,
        viewer: ViewerId,
        film: Option<&Range<u64>>,
        bytes: Range<u64>,
    ) -> ReaderId {
        if film.is_some() && self.bytes.contains(&bytes.start) {
            // Until more is read than the first picture takes, all of it is still to be played.
            let first_look = self.first_look.as_ref();
            let first_look = first_look.filter(|look| look.contains(&bytes.start));
            self.read_at = first_look.map_or(bytes.start, |look| look.start);
        }
        if let Some(film) = film {
            let piece = self.layout.pieces_of(bytes.clone()).start;
            let tail = self.tail(film, u64::MAX).contains(&piece);
            if !tail || self.head(film, u64::MAX).contains(&piece) {
                self.moved(viewer, film, piece);
            }
        }
        self.turn += 1;
        let id = self.turn;
        let since = self.turn;
        self.open.insert(
            id,
            Open {
                bytes,
                viewer,
                since,
            },
        );
        ReaderId(id)
    }

    /// It has what lies before `at`.
    pub(super) fn advance(&mut self, reader: ReaderId, at: u64) {
        self.turn += 1;
        if let Some(open) = self.open.get_mut(&reader.0) {
            open.bytes.start = at;
            open.since = self.turn;
        }
    }

    pub(super) fn end(&mut self, reader: ReaderId) {
        self.open.remove(&reader.0);
    }

    /// The viewer will not read any more.
    pub(super) fn leave(&mut self, viewer: ViewerId, now: Duration) {
        self.viewers.leave(viewer, now);
    }

    fn moved(&mut self, viewer: ViewerId, film: &Range<u64>, piece: u32) {
        if let Some(expected) = self.expected {
            let near = (NEAR_BYTES / u64::from(self.layout.piece_length())).max(1) as u32;
            let there = expected.saturating_sub(near)..=expected + near;
            self.patience = self.patience.saturating_sub(1);
            if !there.contains(&piece) && self.patience > 0 {
                return;
            }
            self.expected = None;
            self.foreseen.clear();
        }
        self.viewers.moved(viewer, film, piece);
    }

    /// Where the first reader of the film that lacks something waits, as a byte of the torrent.
    pub(super) fn waiting_at(&self, has: impl Fn(u32) -> bool) -> Option<u64> {
        let open = self.open.values().map(|open| &open.bytes);
        let mut of_film = open.filter(|bytes| self.bytes.contains(&bytes.start));
        of_film.find_map(|bytes| {
            let mut pieces = self.layout.pieces_of(bytes.clone());
            pieces.any(|piece| !has(piece)).then_some(bytes.start)
        })
    }

    /// Where the film was last read, as a byte of the torrent.
    pub(super) fn read_at(&self) -> u64 {
        self.read_at
    }

    /// What to fetch and what to hold, if `bound` bytes may be held.
    pub(super) fn wants(
        &self,
        bound: u64,
        now: Duration,
        has: impl Fn(u32) -> bool,
    ) -> (Demand, Vec<Window>) {
        let length = u64::from(self.layout.piece_length());
        let budget = u32::try_from(bound / length).unwrap_or(u32::MAX);
        let spots = self.spots(budget, now);
        let count = spots.len() as u32;
        let waiting = cut(self.waiting(has), budget / 2);
        let mut pins = self.pins(&spots, bound);
        // A ring of few pieces has room for what is played only.
        pins.truncate(budget.saturating_sub(RING_SPARE * count) as usize);
        let awaited: Vec<u32> = waiting.iter().cloned().flatten().collect();
        let mut held: Vec<u32> = pins.iter().chain(&awaited).copied().collect();
        for list in [&mut pins, &mut held] {
            list.sort_unstable();
            list.dedup();
        }
        let least = u32::from(u64::from(budget) >= PIECES_MIN * u64::from(count));
        let behind = (budget / BEHIND_PART / count).max(least);
        // One in reserve: the piece that is written while another is read.
        let taken = behind * count + held.len() as u32 + 1;
        let ahead = self.shared(&spots, budget.saturating_sub(taken));
        let mut windows: Vec<Window> = spots
            .iter()
            .zip(&ahead)
            .map(|(spot, ahead)| Window {
                playhead: spot.playhead,
                behind,
                ahead: *ahead,
                ..Window::default()
            })
            .collect();
        if let Some(first) = windows.first_mut() {
            first.pins.clone_from(&pins);
            first.waiting = awaited;
        }
        let live = spots.iter().zip(ahead).filter(|(spot, _)| spot.live);
        let place = |(spot, ahead): (&Spot, u32)| Place {
            playhead: spot.playhead,
            ahead,
            // Nobody here looks into containers.
            pace: app::bitrate(spot.film.end - spot.film.start, None),
        };
        let demand = Demand {
            waiting,
            places: live.map(place).collect(),
            wanted: 0..self.layout.pieces(),
            pins,
        };
        (demand, windows)
    }

    /// Where somebody watches, or will, rising; no more than the budget can carry.
    fn spots(&self, budget: u32, now: Duration) -> Vec<Spot> {
        let mut spots = self.viewers.spots(now);
        if spots.is_empty() {
            spots.push(Spot {
                film: self.bytes.clone(),
                playhead: self.start(),
                live: true,
                moved: 0,
            });
        }
        spots.truncate((budget / RING_SPARE).max(1) as usize);
        // Of two at one place the one that is there.
        spots.sort_by_key(|spot| (spot.playhead, Reverse(spot.live)));
        spots.dedup_by_key(|spot| spot.playhead);
        spots
    }

    /// Pieces that readers lack. Of one viewer the newest read first: after a seek the old ones are
    /// on their way out.
    fn waiting(&self, has: impl Fn(u32) -> bool) -> Vec<Range<u32>> {
        let lacking = |bytes: &Range<u64>| {
            let pieces = self.layout.pieces_of(bytes.clone());
            let first = pieces.clone().find(|piece| !has(*piece))?;
            Some(first..pieces.end)
        };
        let mut open: Vec<(&Open, Range<u32>)> = self
            .open
            .values()
            .rev()
            .filter_map(|open| Some((open, lacking(&open.bytes)?)))
            .collect();
        let mut since: HashMap<u64, u64> = HashMap::new();
        for (open, _) in &open {
            let since = since.entry(open.viewer.0).or_insert(u64::MAX);
            *since = open.since.min(*since);
        }
        open.sort_by_key(|(open, _)| since[&open.viewer.0]);
        let open = open.into_iter().map(|(_, pieces)| pieces);
        open.chain(self.foreseen.iter().filter_map(lacking))
            .collect()
    }

    /// Head and tail of the shown film and of all that are watched.
    fn pins(&self, spots: &[Spot], bound: u64) -> Vec<u32> {
        let mut films = vec![&self.bytes];
        for spot in spots {
            if !films.contains(&&spot.film) {
                films.push(&spot.film);
            }
        }
        let ends = |film| self.head(film, bound).chain(self.tail(film, bound));
        films.into_iter().flat_map(ends).collect()
    }

    /// Pieces ahead of each: as many of `room` as of any other, and none beyond the film's end or
    /// where the next one is, who has them already. One at least.
    fn shared(&self, spots: &[Spot], mut room: u32) -> Vec<u32> {
        let limit = |at: usize| {
            let end = self.layout.pieces_of(spots[at].film.clone()).end;
            let next = spots.get(at + 1).map_or(u32::MAX, |next| next.playhead);
            end.min(next).saturating_sub(spots[at].playhead).max(1)
        };
        let mut line: Vec<(u32, usize)> = (0..spots.len()).map(|at| (limit(at), at)).collect();
        line.sort_unstable();
        let mut ahead = vec![1; spots.len()];
        for (n, (limit, at)) in line.iter().enumerate() {
            ahead[*at] = (room / (line.len() - n) as u32).min(*limit).max(1);
            room = room.saturating_sub(ahead[*at]);
        }
        ahead
    }

    fn head(&self, film: &Range<u64>, bound: u64) -> Range<u32> {
        let end = film.end.min(film.start + ends(bound));
        self.layout.pieces_of(film.start..end)
    }

    fn tail(&self, film: &Range<u64>, bound: u64) -> Range<u32> {
        let start = film.end.saturating_sub(ends(bound));
        self.layout.pieces_of(start.max(film.start)..film.end)
    }
}

/// The first `most` pieces of these ranges; one at least.
fn cut(ranges: Vec<Range<u32>>, most: u32) -> Vec<Range<u32>> {
    let mut left = most.max(1);
    let mut cut = Vec::new();
    for range in ranges {
        let taken = range.start..range.end.min(range.start.saturating_add(left));
        left -= taken.end - taken.start;
        if !taken.is_empty() {
            cut.push(taken);
        }
    }
    cut
}

/// Bytes to pin at either end under a bound.
fn ends(bound: u64) -> u64 {
    (bound / 16).clamp(ENDS_MIN_BYTES, ENDS_BYTES)
}

#[cfg(test)]
mod tests;
