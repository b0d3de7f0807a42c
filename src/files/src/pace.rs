//! How a drive keeps up with whoever reads a film of it: which reads it keeps waiting, what was
//! read already, and what to read before it is asked for. No files.
//!
//! A drive that answers at once is never noticed: all of the film is there. From the first read
//! that is late on the film is one of a slow drive: what was read counts as held, for the system
//! keeps it in RAM, and the drive reads on ahead of the player.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};

use app::{Carrier, Progress};

use crate::meter::Meter;

/// A read that takes longer is late. A disk that has to start turning takes seconds, a card that
/// writes something else tenths of one; the player has some seconds in hand.
const LATE: Duration = Duration::from_millis(250);
/// What is read ahead at once: a quarter of what the player reads, so that even of a drive that
/// gives little its rate is told steadily.
const BLOCK: u64 = 64 << 10;
/// What may lie ahead of the player: the most that the core ever waits for.
const AHEAD: u64 = 32 << 20;
/// What lies so far behind it may be gone from RAM.
const BEHIND: u64 = 32 << 20;
/// Runs that are told ([`app::Progress::have`]).
const RUNS_MAX: usize = 100;

#[derive(Debug)]
pub(crate) struct Pace {
    size: u64,
    slow: bool,
    reads: BTreeMap<u64, (u64, Instant)>,
    turn: u64,
    read_at: u64,
    /// In order and apart.
    read: Vec<Range<u64>>,
    meter: Meter,
}

impl Pace {
    pub(crate) fn new(size: u64) -> Pace {
        Pace {
            size,
            slow: false,
            reads: BTreeMap::new(),
            turn: 0,
            read_at: 0,
            read: Vec::new(),
            meter: Meter::default(),
        }
    }

    /// Somebody waits for bytes from there; returns what the read is called.
    pub(crate) fn begins(&mut self, at: u64, now: Instant) -> u64 {
        self.turn += 1;
        self.reads.insert(self.turn, (at, now));
        self.read_at = at;
        self.turn
    }

    pub(crate) fn ends(&mut self, read: u64) {
        self.reads.remove(&read);
    }

    /// The drive has given these.
    pub(crate) fn came(&mut self, bytes: Range<u64>) {
        if bytes.is_empty() {
            return;
        }
        let (mut start, mut end, mut known) = (bytes.start, bytes.end, 0);
        self.read.retain(|run| {
            let apart = run.end < bytes.start || run.start > bytes.end;
            if !apart {
                let both = run.start.max(bytes.start)..run.end.min(bytes.end);
                known += both.end - both.start;
                start = start.min(run.start);
                end = end.max(run.end);
            }
            apart
        });
        self.meter.came(bytes.end - bytes.start - known);
        let at = self.read.partition_point(|run| run.start < start);
        self.read.insert(at, start..end);
        let behind = self.read_at.saturating_sub(BEHIND);
        self.read.retain(|run| run.end >= behind);
        self.read.truncate(RUNS_MAX);
    }

    /// They can be read without waiting for the drive.
    pub(crate) fn holds(&self, bytes: &Range<u64>) -> bool {
        let within = |run: &Range<u64>| run.start <= bytes.start && bytes.end <= run.end;
        !self.slow || self.read.iter().any(within)
    }

    /// What to read ahead now.
    pub(crate) fn ahead(&self) -> Option<Range<u64>> {
        if !self.slow {
            return None;
        }
        let held = self.read.iter().find(|run| run.contains(&self.read_at));
        let start = held.map_or(self.read_at, |run| run.end);
        let end = (start + BLOCK).min(self.size);
        (start < end && start - self.read_at < AHEAD).then_some(start..end)
    }

    /// How it does; `sample`: a quarter of a second is over.
    pub(crate) fn progress(&mut self, sample: bool, now: Instant) -> Progress {
        let late = |(_, since): &&(u64, Instant)| now.duration_since(*since) >= LATE;
        let waiting_at = self.reads.values().filter(late).map(|(at, _)| *at).min();
        self.slow |= waiting_at.is_some();
        if sample {
            let busy = !self.reads.is_empty() || self.ahead().is_some();
            self.meter.sample(busy);
        }
        let all = Progress {
            carrier: Carrier::Drive,
            size: self.size,
            have: std::iter::once(0..self.size).collect(),
            ..Progress::default()
        };
        if !self.slow {
            return all;
        }
        Progress {
            rate: self.meter.rate(),
            capacity: self.meter.capacity(),
            have: self.read.clone(),
            waiting_at,
            read_at: self.read_at,
            ..all
        }
    }
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "a list of parts")]
mod tests {
    use super::*;

    const SIZE: u64 = 100 << 20;

    #[test]
    fn a_drive_that_answers_at_once_is_never_noticed() {
        let (mut pace, now) = (Pace::new(SIZE), Instant::now());
        for at in (0..SIZE).step_by(1 << 20) {
            let read = pace.begins(at, now);
            assert_eq!(pace.progress(true, now + LATE / 2).have, [0..SIZE]);
            pace.came(at..at + BLOCK);
            pace.ends(read);
        }
        let told = pace.progress(true, now + 9 * LATE);
        assert_eq!((told.rate, told.waiting_at), (0, None));
        assert_eq!(pace.ahead(), None);
    }

    #[test]
    fn one_that_is_late_says_where_and_reads_ahead() {
        let (mut pace, now) = (Pace::new(SIZE), Instant::now());
        pace.came(0..BLOCK);
        let read = pace.begins(BLOCK, now);
        let told = pace.progress(true, now + LATE);
        assert_eq!((told.waiting_at, told.have), (Some(BLOCK), vec![0..BLOCK]));
        assert_eq!(told.rate, 4 * BLOCK);
        pace.ends(read);
        while let Some(next) = pace.ahead() {
            pace.came(next);
        }
        let told = pace.progress(true, now + LATE);
        assert_eq!((told.waiting_at, told.read_at), (None, BLOCK));
        assert_eq!(told.have, [0..BLOCK + AHEAD]);
        assert!(told.capacity >= told.rate && told.rate > 0);
    }

    #[test]
    fn what_is_read_twice_came_once_and_holes_are_read_first() {
        let (mut pace, now) = (Pace::new(SIZE), Instant::now());
        let read = pace.begins(10, now);
        pace.progress(false, now + LATE);
        for bytes in [0..100, 50..100, 200..300, 40..60] {
            pace.came(bytes);
        }
        assert_eq!(pace.ahead(), Some(100..100 + BLOCK));
        let told = pace.progress(true, now + LATE);
        assert_eq!((told.have, told.rate), (vec![0..100, 200..300], 800));
        pace.came(100..200);
        assert_eq!(pace.progress(false, now).have, [0..300]);
        pace.ends(read);
        pace.begins(SIZE - 5, now);
        assert_eq!(pace.ahead(), Some(SIZE - 5..SIZE));
        pace.came(SIZE - 5..SIZE);
        assert_eq!(pace.ahead(), None);
        assert_eq!(pace.progress(false, now).have, [SIZE - 5..SIZE]);
    }
}
