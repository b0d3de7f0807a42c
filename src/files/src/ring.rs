//! Which bytes of a web film are held in RAM, and which to ask for next. No sockets, no clock.
//!
//! The film lies in blocks. Who reads on from where it read is a spot: the one that moved last is
//! the playhead and has the ring ahead of it filled; others (a demuxer looks at the index in the
//! tail) have a little. What a reader waits for comes before everything that nobody waits for.
//!
//! Invariants: no more than `room` blocks are held; no block is asked for by two lines.

use std::collections::BTreeMap;
use std::ops::Range;

use bytes::{Bytes, BytesMut};

/// What the player reads at once; a block counts when it is whole, so small ones come soon.
pub(crate) const BLOCK: u64 = 256 << 10;
/// Connections to one server: one for what is waited for, one for what will be.
pub(crate) const LINES: usize = 2;
/// Blocks that one request asks for: 8 MiB pay the round trip of a request ten times over.
const RUN: u64 = 32;
/// For a place that nobody has read on from yet: 1 MiB holds most indexes.
const FRESH: u64 = 4;
/// A block that so many are to come before on the same connection comes sooner there than by a
/// request of its own.
const NEAR: u64 = 4;
/// Blocks read in a row that make a spot a playhead.
const SETTLED: u32 = 2;
/// Sound, picture, index, texts.
const SPOTS_MAX: usize = 4;
/// A ring has this many blocks at least: 8 MiB.
pub(crate) const ROOM_MIN: u64 = 32;
/// Ranges that are told ([`app::Progress::have`]).
const RANGES_MAX: usize = 100;

#[derive(Debug)]
pub(crate) struct Ring {
    size: u64,
    room: u64,
    held: BTreeMap<u64, Held>,
    lines: [Option<Range<u64>>; LINES],
    reads: BTreeMap<u64, Range<u64>>,
    /// The one that moved last is the last.
    spots: Vec<Spot>,
    /// Blocks that will be read soon.
    foreseen: Vec<Range<u64>>,
    turn: u64,
    read_at: u64,
    /// The server gives the film from its start only; the first block that has not come by.
    passed: Option<u64>,
}

#[derive(Debug)]
struct Held {
    bytes: Bytes,
    used: u64,
}

#[derive(Debug, Clone, Copy)]
struct Spot {
    /// The block read last.
    at: u64,
    /// Blocks read in a row.
    row: u32,
}

impl Ring {
    /// For a film of `size` bytes, `room` of them at a time.
    pub(crate) fn new(size: u64, room: u64) -> Ring {
        Ring {
            size,
            room: (room / BLOCK).max(ROOM_MIN),
            held: BTreeMap::new(),
            lines: [const { None }; LINES],
            reads: BTreeMap::new(),
            spots: Vec::new(),
            foreseen: Vec::new(),
            turn: 0,
            read_at: 0,
            passed: None,
        }
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    fn blocks(&self) -> u64 {
        self.size.div_ceil(BLOCK)
    }

    /// Bytes of a block; the last one of the film has fewer.
    pub(crate) fn bytes_of(&self, block: u64) -> u64 {
        BLOCK.min(self.size.saturating_sub(block * BLOCK))
    }

    fn ahead(&self) -> u64 {
        self.room / 4 * 3
    }

    /// The server gives it from its start only.
    pub(crate) fn only_from_start(&mut self) {
        self.passed = Some(0);
    }

    pub(crate) fn is_only_from_start(&self) -> bool {
        self.passed.is_some()
    }

    /// These bytes will be read soon.
    pub(crate) fn foresee(&mut self, bytes: Range<u64>) {
        let bytes = bytes.start.min(self.size)..bytes.end.min(self.size);
        if !bytes.is_empty() {
            self.foreseen.push(blocks_of(&bytes));
        }
    }

    /// Somebody waits for these bytes from now on.
    pub(crate) fn begin(&mut self, bytes: Range<u64>) -> u64 {
        self.turn += 1;
        let blocks = blocks_of(&bytes);
        self.read_at = bytes.start;
        let (first, last) = (blocks.start, blocks.end.saturating_sub(1));
        let near = |spot: &Spot| (spot.at.saturating_sub(FRESH)..=spot.at + NEAR).contains(&first);
        let known = self.spots.iter().rposition(near);
        let mut spot = known.map_or(Spot { at: last, row: 0 }, |at| self.spots.remove(at));
        if last > spot.at {
            spot.row = spot.row.saturating_add(1);
        }
        spot.at = last;
        if self.spots.len() >= SPOTS_MAX {
            self.spots.remove(0);
        }
        self.spots.push(spot);
        self.reads.insert(self.turn, bytes);
        self.turn
    }

    pub(crate) fn end(&mut self, read: u64) {
        self.reads.remove(&read);
    }

    /// The bytes, if all of them are held.
    pub(crate) fn get(&mut self, bytes: &Range<u64>) -> Option<Bytes> {
        self.turn += 1;
        for block in blocks_of(bytes) {
            self.held.get_mut(&block)?.used = self.turn;
        }
        self.peek(bytes)
    }

    /// The same, which counts as no use of them.
    pub(crate) fn peek(&self, bytes: &Range<u64>) -> Option<Bytes> {
        let mut out = BytesMut::new();
        for block in blocks_of(bytes) {
            let held = self.held.get(&block)?;
            let start = block * BLOCK;
            let from = bytes.start.max(start) - start;
            let to = (bytes.end - start).min(held.bytes.len() as u64);
            let part = held.bytes.slice(from as usize..to as usize);
            if part.len() as u64 == bytes.end - bytes.start {
                return Some(part);
            }
            out.extend_from_slice(&part);
        }
        Some(out.freeze())
    }

    /// Those bytes will never come from a server that gives the film from its start only.
    pub(crate) fn is_out_of_reach(&self, bytes: &Range<u64>) -> bool {
        let Some(passed) = self.passed else {
            return false;
        };
        let blocks = blocks_of(bytes);
        let whole = self.blocks() <= self.room;
        let behind = blocks
            .clone()
            .any(|it| it < passed && !self.held.contains_key(&it));
        !whole && (behind || blocks.end > passed + self.ahead())
    }

    fn lacks(&self, bytes: &Range<u64>) -> Option<u64> {
        blocks_of(bytes).find(|block| !self.held.contains_key(block))
    }

    fn waits(&self) -> bool {
        self.reads.values().any(|read| self.lacks(read).is_some())
    }

    /// Where the reader that waits longest waits, if one does.
    pub(crate) fn waiting_at(&self) -> Option<u64> {
        self.reads.values().find_map(|read| {
            let block = self.lacks(read)?;
            Some(read.start.max(block * BLOCK))
        })
    }

    pub(crate) fn read_at(&self) -> u64 {
        self.read_at
    }

    /// Blocks that are wanted around each spot, the playhead's first.
    fn windows(&self) -> Vec<Range<u64>> {
        let waits = self.waits();
        let playhead = self
            .spots
            .iter()
            .rposition(|spot| waits || spot.row >= SETTLED);
        let playhead = playhead.or(self.spots.len().checked_sub(1));
        let end = self.blocks();
        let window = |at: usize| {
            let spot = self.spots[at];
            let ahead = match spot.row {
                SETTLED.. if Some(at) == playhead => self.ahead(),
                _ => FRESH,
            };
            spot.at..(spot.at + ahead).min(end)
        };
        let others = (0..self.spots.len())
            .rev()
            .filter(|at| Some(*at) != playhead);
        playhead.into_iter().chain(others).map(window).collect()
    }

    /// The block is there, or comes soon on a line that is under way.
    fn comes(&self, block: u64) -> bool {
        self.held.contains_key(&block) || self.line_of(block).is_some()
    }

    fn line_of(&self, block: u64) -> Option<usize> {
        let under_way =
            |line: &Option<Range<u64>>| line.as_ref().is_some_and(|blocks| blocks.contains(&block));
        self.lines.iter().position(under_way)
    }

    /// The blocks that a free line shall ask for, which are its own from now on.
    pub(crate) fn next(&mut self, line: usize) -> Option<Range<u64>> {
        if let Some(passed) = self.passed {
            let first = line == 0 && passed < self.blocks();
            let run = (first && self.has_room(passed)).then(|| passed..self.blocks());
            self.lines[line].clone_from(&run);
            return run;
        }
        let run = self.awaited().or_else(|| self.ahead_of_all())?;
        self.lines[line] = Some(run.clone());
        Some(run)
    }

    /// Whether a block that comes by in order may come now.
    pub(crate) fn has_room(&self, block: u64) -> bool {
        let playhead = self.spots.last().map_or(0, |spot| spot.at);
        self.blocks() <= self.room || block < playhead.max(1) + self.ahead()
    }

    /// What a reader lacks; of two the newest comes first: after a seek the old ones are on their
    /// way out.
    fn awaited(&mut self) -> Option<Range<u64>> {
        let reads: Vec<Range<u64>> = self.reads.values().rev().cloned().collect();
        for read in reads {
            let Some(block) = self.lacks(&read) else {
                continue;
            };
            match self.line_of(block) {
                None => return Some(self.run(block)),
                Some(line) => {
                    let blocks = self.lines[line].as_mut().expect("it has this block");
                    if block > blocks.start + NEAR {
                        // Too far down that line: it leaves the rest to us.
                        blocks.end = block;
                        return Some(self.run(block));
                    }
                }
            }
        }
        None
    }

    fn ahead_of_all(&mut self) -> Option<Range<u64>> {
        let held = &self.held;
        let lacking = |blocks: &Range<u64>| blocks.clone().any(|it| !held.contains_key(&it));
        self.foreseen.retain(lacking);
        for blocks in &self.foreseen {
            if let Some(block) = blocks.clone().find(|block| !self.comes(*block)) {
                let taken = (block..blocks.end).find(|at| self.comes(*at));
                return Some(block..taken.unwrap_or(blocks.end));
            }
        }
        if self.waits() {
            // The line is the reader's.
            return None;
        }
        for window in self.windows() {
            let run = RUN.min(self.ahead() / 2);
            let first = window.clone().find(|block| !self.comes(*block));
            // Not a request for every block that was played.
            let first = first.filter(|block| {
                block + run <= window.end || window.end == self.blocks() || window.end < run
            });
            if let Some(block) = first {
                return Some(self.run(block));
            }
        }
        None
    }

    /// From `block` on as far as is wanted and nobody else gets.
    fn run(&self, block: u64) -> Range<u64> {
        let windows = self.windows();
        let window = windows.iter().find(|window| window.contains(&block));
        let end = window.map_or(block + FRESH, |window| window.end);
        let reads = self.reads.values().map(blocks_of);
        let read = reads
            .filter(|it| it.contains(&block))
            .map(|it| it.end)
            .max();
        let most = RUN.min(self.ahead() / 2).max(1);
        let end = end
            .max(read.unwrap_or(0))
            .min(block + most)
            .min(self.blocks());
        let taken = (block + 1..end).find(|at| self.comes(*at));
        block..taken.unwrap_or(end)
    }

    /// The block that the line gets next; none: it shall stop.
    pub(crate) fn goes_on(&self, line: usize) -> Option<u64> {
        let blocks = self.lines[line]
            .as_ref()
            .filter(|blocks| !blocks.is_empty())?;
        let next = blocks.start;
        if self.passed.is_some() {
            return Some(next);
        }
        let read =
            |read: &Range<u64>| blocks_of(read).contains(&next) && self.lacks(read).is_some();
        let wanted = self.reads.values().any(read)
            || self.foreseen.iter().any(|blocks| blocks.contains(&next))
            || self.windows().iter().any(|window| window.contains(&next));
        wanted.then_some(next)
    }

    /// The line has a whole block.
    pub(crate) fn put(&mut self, line: usize, block: u64, bytes: Bytes) {
        if let Some(blocks) = &mut self.lines[line] {
            blocks.start = blocks.start.max(block + 1);
        }
        if let Some(passed) = &mut self.passed {
            *passed = (*passed).max(block + 1);
        }
        if self.held.len() as u64 >= self.room && !self.held.contains_key(&block) {
            self.evict();
        }
        self.turn += 1;
        let used = self.turn;
        self.held.insert(block, Held { bytes, used });
    }

    /// The line does nothing any more.
    pub(crate) fn stop(&mut self, line: usize) {
        self.lines[line] = None;
    }

    /// What nobody is about to read, and was not read for longest; else what lies farthest ahead.
    fn evict(&mut self) {
        let windows = self.windows();
        let wanted = |block: &u64| {
            let read = |read: &Range<u64>| blocks_of(read).contains(block);
            windows.iter().any(|window| window.contains(block)) || self.reads.values().any(read)
        };
        let idle = self.held.iter().filter(|(block, _)| !wanted(block));
        let oldest = idle
            .min_by_key(|(_, held)| held.used)
            .map(|(block, _)| *block);
        let farthest = || self.held.keys().next_back().copied();
        if let Some(block) = oldest.or_else(farthest) {
            self.held.remove(&block);
        }
    }

    /// Held bytes in order; of too many ranges the shortest are left out.
    pub(crate) fn have(&self) -> Vec<Range<u64>> {
        let mut ranges: Vec<Range<u64>> = Vec::new();
        for block in self.held.keys() {
            let (start, end) = (block * BLOCK, block * BLOCK + self.bytes_of(*block));
            match ranges.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => ranges.push(start..end),
            }
        }
        while ranges.len() > RANGES_MAX {
            let lengths = ranges.iter().enumerate();
            let shortest = lengths.min_by_key(|(_, range)| range.end - range.start);
            let shortest = shortest.map_or(0, |(at, _)| at);
            ranges.remove(shortest);
        }
        ranges
    }
}

fn blocks_of(bytes: &Range<u64>) -> Range<u64> {
    bytes.start / BLOCK..bytes.end.div_ceil(BLOCK)
}

#[cfg(test)]
mod tests;
