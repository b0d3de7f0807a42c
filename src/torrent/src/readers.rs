//! Who reads where, and what follows from it: which pieces to fetch and which to hold.
//!
//! A value without I/O. A reader far from the last is a seek and moves everything at once. Three
//! things are told apart from a seek, because taking them for one would throw away what is on
//! the way: a demuxer that goes back and forth between sound and picture a few megabytes apart,
//! its look at the index at the file's end, and the reading of another file of the torrent.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use cache::Window;
use swarm::{Demand, Layout};

use super::foresight::{first_reads, prefetched};

/// Reads as near as this are one place: badly interleaved MP4 files have sound and picture a few
/// MiB apart.
const NEAR_BYTES: u64 = 4 << 20;
/// The last reads that are looked at for it: a demuxer of two streams alternates, 256 KiB each.
const RECENT: usize = 8;
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
/// Reads until a player is where it was expected: a demuxer looks at head, index and tail first,
/// 256 KiB each; 8 MiB of a `moov` are 32.
const PATIENCE: u32 = 40;
/// Of a budget below that no pins take these: one read, one ahead, one waited for, one in reserve.
const RING_SPARE: u32 = 4;

/// The readers of one film's torrent.
#[derive(Debug)]
pub(super) struct Readers {
    layout: Layout,
    /// The film's bytes in the torrent.
    bytes: Range<u64>,
    open: BTreeMap<u64, Range<u64>>,
    next: u64,
    /// Pieces of the last reads of the film, the latest last.
    recent: VecDeque<u32>,
    playhead: u32,
    /// Where the last read of the film began: byte of the torrent.
    read_at: u64,
    /// Bytes of the torrent that will be read, in order, before anybody reads.
    foreseen: Vec<Range<u64>>,
    /// The piece where the player will begin, until it is there.
    expected: Option<u32>,
    /// Reads that may pass before it is.
    patience: u32,
}

/// One read that is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReaderId(u64);

impl Readers {
    /// Of a film that is the `bytes` of a torrent.
    pub(super) fn new(layout: Layout, bytes: Range<u64>) -> Readers {
        Readers {
            layout,
            open: BTreeMap::new(),
            next: 0,
            recent: VecDeque::new(),
            playhead: layout.pieces_of(bytes.clone()).start,
            read_at: bytes.start,
            foreseen: Vec::new(),
            expected: None,
            patience: 0,
            bytes,
        }
    }

    /// The player will begin at byte `at` of the file. Until it is there the playhead is.
    pub(super) fn expect(&mut self, at: Option<u64>) {
        self.recent.clear();
        self.playhead = self.layout.pieces_of(self.bytes.clone()).start;
        let size = self.bytes.end - self.bytes.start;
        self.foreseen = self.of_file(first_reads(size, at));
        self.expected = at.filter(|at| *at < size).map(|at| {
            let at = self.bytes.start + at;
            self.layout.pieces_of(at..at + 1).start
        });
        self.patience = PATIENCE;
        self.playhead = self.expected.unwrap_or(self.playhead);
    }

    fn of_file(&self, ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
        let start = self.bytes.start;
        let ranges = ranges.into_iter();
        ranges.map(|r| start + r.start..start + r.end).collect()
    }

    /// What to fetch and hold of a film that may be opened soon, at byte `at` of its file: little,
    /// in the order in which a player will want it.
    pub(super) fn wants_early(&self, bound: u64, at: Option<u64>) -> (Demand, Window) {
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
        let playhead = pieces.first().copied().unwrap_or(self.playhead);
        let window = Window {
            playhead,
            behind: 0,
            ahead: 1,
            pins: pieces.clone(),
            waiting: Vec::new(),
        };
        let demand = Demand {
            waiting: pieces.into_iter().map(|piece| piece..piece + 1).collect(),
            playhead,
            ahead: 0,
            wanted: 0..self.layout.pieces(),
            ..Demand::default()
        };
        (demand, window)
    }

    /// Another file, `bytes` of the torrent, is shown from now on, from its start.
    pub(super) fn show(&mut self, bytes: Range<u64>) {
        self.recent.clear();
        self.playhead = self.layout.pieces_of(bytes.clone()).start;
        self.read_at = bytes.start;
        self.bytes = bytes;
    }

    /// First byte of the shown file in the piece that is played.
    pub(super) fn playhead_byte(&self) -> u64 {
        let start = u64::from(self.playhead) * u64::from(self.layout.piece_length());
        start.saturating_sub(self.bytes.start)
    }

    /// Somebody wants these bytes of the torrent now.
    pub(super) fn begin(&mut self, bytes: Range<u64>) -> ReaderId {
        if self.bytes.contains(&bytes.start) {
            self.read_at = bytes.start;
            let piece = self.layout.pieces_of(bytes.clone()).start;
            if !self.tail(u64::MAX).contains(&piece) || self.head(u64::MAX).contains(&piece) {
                self.moved(piece);
            }
        }
        let id = self.next;
        self.next += 1;
        self.open.insert(id, bytes);
        ReaderId(id)
    }

    /// It has what lies before `at`.
    pub(super) fn advance(&mut self, reader: ReaderId, at: u64) {
        if let Some(bytes) = self.open.get_mut(&reader.0) {
            bytes.start = at;
        }
    }

    pub(super) fn end(&mut self, reader: ReaderId) {
        self.open.remove(&reader.0);
    }

    fn moved(&mut self, piece: u32) {
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
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(piece);
        let near = (NEAR_BYTES / u64::from(self.layout.piece_length())).max(1) as u32;
        let near = piece.saturating_sub(near)..=piece;
        let place = self
            .recent
            .iter()
            .copied()
            .filter(|recent| near.contains::<u32>(recent));
        self.playhead = place.min().unwrap_or(piece);
    }

    /// Where the first reader of the film that lacks something waits, as a byte of the torrent.
    pub(super) fn waiting_at(&self, has: impl Fn(u32) -> bool) -> Option<u64> {
        let open = self.open.values();
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
    pub(super) fn wants(&self, bound: u64, has: impl Fn(u32) -> bool) -> (Demand, Window) {
        let length = u64::from(self.layout.piece_length());
        let budget = u32::try_from(bound / length).unwrap_or(u32::MAX);
        let film = self.layout.pieces_of(self.bytes.clone());
        // The newest first: after a seek the old reads are on their way out.
        let open = self.open.values().rev();
        let open = open.map(|bytes| self.layout.pieces_of(bytes.clone()));
        let foreseen = self.foreseen.iter();
        let foreseen = foreseen.map(|bytes| self.layout.pieces_of(bytes.clone()));
        let waiting: Vec<Range<u32>> = open
            .chain(foreseen)
            .filter_map(|pieces| {
                let first = pieces.clone().find(|piece| !has(*piece))?;
                Some(first..pieces.end)
            })
            .collect();
        let mut pins: Vec<u32> = self.head(bound).chain(self.tail(bound)).collect();
        // A ring of few pieces has room for what is played only.
        pins.truncate(budget.saturating_sub(RING_SPARE) as usize);
        let awaited: Vec<u32> = waiting.iter().cloned().flatten().collect();
        let awaited = awaited[..awaited.len().min(budget as usize / 2)].to_vec();
        let mut held: Vec<u32> = pins.iter().chain(&awaited).copied().collect();
        for list in [&mut pins, &mut held] {
            list.sort_unstable();
            list.dedup();
        }
        let behind = (budget / BEHIND_PART).max(u32::from(u64::from(budget) >= PIECES_MIN));
        // One in reserve: the piece that is written while another is read.
        let taken = behind + held.len() as u32 + 1;
        let ahead = budget.saturating_sub(taken).max(1);
        let ahead = ahead.min(film.end.saturating_sub(self.playhead));
        let window = Window {
            playhead: self.playhead,
            behind,
            ahead,
            pins: pins.clone(),
            waiting: awaited,
        };
        let demand = Demand {
            waiting,
            playhead: self.playhead,
            ahead,
            wanted: 0..self.layout.pieces(),
            pins,
            pace: 0,
        };
        (demand, window)
    }

    fn head(&self, bound: u64) -> Range<u32> {
        let end = self.bytes.end.min(self.bytes.start + ends(bound));
        self.layout.pieces_of(self.bytes.start..end)
    }

    fn tail(&self, bound: u64) -> Range<u32> {
        let start = self.bytes.end.saturating_sub(ends(bound));
        self.layout
            .pieces_of(start.max(self.bytes.start)..self.bytes.end)
    }
}

/// Bytes to pin at either end under a bound.
fn ends(bound: u64) -> u64 {
    (bound / 16).clamp(ENDS_MIN_BYTES, ENDS_BYTES)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    /// 100 MiB in pieces of 1 MiB; the film is 10..90.
    fn readers() -> Readers {
        let layout = Layout::new(100 * MIB, MIB as u32).unwrap();
        Readers::new(layout, 10 * MIB..90 * MIB)
    }

    fn read(readers: &mut Readers, mib: u64) -> ReaderId {
        readers.begin(mib * MIB..mib * MIB + MIB / 4)
    }

    fn nothing(_: u32) -> bool {
        false
    }

    #[test]
    fn before_the_first_read_the_head_is_wanted() {
        let (demand, window) = readers().wants(1 << 40, nothing);
        assert_eq!(demand.playhead, 10);
        assert_eq!(demand.ahead, 80);
        assert_eq!(demand.pins, [10, 89]);
        assert_eq!(window.pins, [10, 89]);
        assert!(demand.waiting.is_empty());
    }

    #[test]
    fn a_film_that_goes_on_in_the_middle_is_fetched_there() {
        let mut readers = readers();
        readers.expect(Some(40 * MIB));
        let (demand, _) = readers.wants(1 << 40, nothing);
        assert_eq!(demand.playhead, 50);
        assert_eq!(demand.waiting, [10..11, 89..90, 49..51]);
        // The demuxer's look at the head is not where the film is played.
        let head = read(&mut readers, 10);
        assert_eq!(readers.wants(1 << 40, nothing).0.playhead, 50);
        readers.end(head);
        read(&mut readers, 49);
        let (demand, _) = readers.wants(1 << 40, nothing);
        assert_eq!(demand.playhead, 49);
        assert_eq!(demand.waiting.first(), Some(&(49..50)));
        // One that begins elsewhere after all is followed.
        readers.expect(Some(40 * MIB));
        for _ in 0..PATIENCE {
            let id = read(&mut readers, 20);
            readers.end(id);
        }
        assert_eq!(readers.wants(1 << 40, nothing).0.playhead, 20);
    }

    #[test]
    fn little_is_prefetched_and_nothing_after_it() {
        let (demand, window) = readers().wants_early(1 << 40, Some(40 * MIB));
        let pieces: Vec<u32> = demand.waiting.iter().cloned().flatten().collect();
        assert_eq!(pieces, [10, 89, 49, 50, 51, 52, 11]);
        assert_eq!((demand.ahead, demand.pins.len()), (0, 0));
        assert_eq!(window.pins, pieces);
        let small = readers().wants_early(8 * MIB, None).0;
        assert_eq!(small.waiting, [10..11, 89..90]);
    }

    #[test]
    fn a_far_read_is_a_seek() {
        let mut readers = readers();
        read(&mut readers, 10);
        let there = read(&mut readers, 60);
        let (demand, _) = readers.wants(1 << 40, nothing);
        assert_eq!(demand.playhead, 60);
        assert_eq!(demand.waiting, [60..61, 10..11]);
        readers.end(there);
        read(&mut readers, 20);
        assert_eq!(readers.wants(1 << 40, nothing).0.playhead, 20);
    }

    #[test]
    fn sound_and_picture_apart_are_one_place() {
        let mut readers = readers();
        for mib in [50, 53, 50, 53, 51, 54] {
            let id = read(&mut readers, mib);
            readers.end(id);
            let playhead = readers.wants(1 << 40, nothing).0.playhead;
            assert!((50..=51).contains(&playhead), "{playhead}");
        }
    }

    #[test]
    fn a_look_at_the_index_is_no_seek() {
        let mut readers = readers();
        let head = read(&mut readers, 10);
        readers.end(head);
        read(&mut readers, 89);
        let (demand, _) = readers.wants(1 << 40, nothing);
        assert_eq!(demand.playhead, 10);
        assert_eq!(demand.waiting.first(), Some(&(89..90)));
        assert_eq!(readers.read_at(), 89 * MIB);
    }

    #[test]
    fn another_file_moves_nothing_but_is_held() {
        let mut readers = readers();
        read(&mut readers, 40);
        read(&mut readers, 3);
        let (demand, window) = readers.wants(1 << 40, |piece| piece == 40);
        assert_eq!(demand.playhead, 40);
        assert_eq!(demand.waiting.first(), Some(&(3..4)));
        assert_eq!(window.waiting, [3]);
        assert_eq!(readers.waiting_at(|piece| piece == 40), None);
        assert_eq!(readers.waiting_at(|piece| piece == 3), Some(40 * MIB));
        assert_eq!(readers.waiting_at(|_| true), None);
    }

    #[test]
    fn all_that_is_wanted_fits_under_the_bound() {
        for pieces in PIECES_MIN..100 {
            let mut readers = readers();
            for at in [10, 50, 89, 3] {
                read(&mut readers, at);
                let (demand, window) = readers.wants(pieces * MIB, nothing);
                let mut all = [&window.pins[..], &window.waiting].concat();
                all.extend(demand.waiting.iter().cloned().flatten());
                all.extend(demand.playhead..demand.playhead + demand.ahead);
                all.sort_unstable();
                all.dedup();
                let held = all.len() as u64 + u64::from(window.behind);
                assert!(held < pieces || window.ahead == 1, "{held} of {pieces}");
            }
        }
    }

    #[test]
    fn a_read_moves_on_piece_by_piece() {
        let mut readers = readers();
        let id = readers.begin(50 * MIB..53 * MIB);
        readers.advance(id, 52 * MIB);
        let waiting = readers.wants(1 << 40, nothing).0.waiting;
        assert_eq!(waiting.first(), Some(&(52..53)));
        readers.end(id);
        assert!(readers.wants(1 << 40, nothing).0.waiting.is_empty());
    }
}
