//! Who watches: reads a range, or plays at a pace and counts the stalls.
//!
//! The player model is that of ../shared/bench: it starts with 2 MB, holds 4 s, stalls when dry,
//! goes on with 1 MB. The reader tells the swarm of every piece it waits for, as the shell does.

use std::time::Duration;

use swarm::{Demand, Place};

use super::World;

/// Pieces wanted ahead of the reader: 64 MiB.
const AHEAD_BYTES: u32 = 64 << 20;

/// A viewer looks so often.
const STEP: Duration = Duration::from_millis(20);

/// Bytes that a player begins with, and that it goes on with once it was dry.
const ENOUGH: u64 = 2 << 20;
const AGAIN: u64 = 1 << 20;

/// How a film was played.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Played {
    pub(crate) began: Duration,
    pub(crate) stalls: u32,
    pub(crate) stalled: Duration,
}

impl World {
    /// What a reader at byte `at` of the film makes the shell demand.
    pub(crate) fn read_at(&mut self, at: u64, pace: u64) {
        let pieces = self.layout.pieces();
        let piece = (at / u64::from(self.layout.piece_length())) as u32;
        let waiting = (piece < pieces && !self.swarm.has(piece)).then(|| piece..piece + 1);
        self.demand(Demand {
            waiting: waiting.into_iter().collect(),
            places: vec![Place {
                playhead: piece,
                ahead: AHEAD_BYTES / self.layout.piece_length(),
                pace: self.told.unwrap_or(pace),
            }],
            wanted: 0..pieces,
            pins: vec![0, pieces - 1],
        });
    }

    /// Bytes from `at` on that are here without a gap, `most` at most.
    fn here(&self, at: u64, most: u64) -> u64 {
        let length = u64::from(self.layout.piece_length());
        let mut end = at;
        while end < at + most && self.swarm.has((end / length) as u32) {
            end = (end / length + 1) * length;
        }
        end.min(at + most) - at
    }

    /// Reads `bytes` from byte `at` on; `None`: not within `patience`.
    pub(crate) fn read(
        &mut self,
        at: u64,
        bytes: u64,
        pace: u64,
        patience: Duration,
    ) -> Option<Duration> {
        let start = self.now;
        let mut got = 0;
        self.read_at(at, pace);
        let done = self.run(start + patience, |world| {
            let here = world.here(at + got, bytes - got);
            if here > 0 {
                got += here;
                world.read_at(at + got, pace);
            }
            got == bytes
        });
        done.then(|| self.now.saturating_sub(start))
    }

    /// Goes on reading at the film's own pace.
    pub(crate) fn watch(&mut self, at: u64, pace: u64, time: Duration) {
        let start = self.now;
        let mut got = 0;
        while self.now < start + time {
            let due = (pace as f64 * (self.now - start).as_secs_f64()) as u64;
            got += self.here(at + got, due - got);
            self.read_at(at + got, pace);
            let until = self.now + STEP;
            self.run(until, |_| false);
        }
    }

    /// Plays `seconds` of the film from byte `at` on.
    pub(crate) fn play(&mut self, at: u64, pace: u64, seconds: u64) -> Played {
        self.play_together(&[(at, pace)], seconds)[0]
    }

    /// Several viewers at once, each from a byte of its own at a pace of its own.
    pub(crate) fn play_together(&mut self, viewers: &[(u64, u64)], seconds: u64) -> Vec<Played> {
        let start = self.now;
        let mut viewers: Vec<Viewer> = viewers
            .iter()
            .map(|(at, pace)| Viewer::new(*at, *pace, seconds))
            .collect();
        while viewers.iter().any(|viewer| !viewer.is_done())
            && self.now < start + Duration::from_mins(10)
        {
            for viewer in &mut viewers {
                viewer.read(self);
            }
            self.demand_of(&viewers);
            for viewer in &mut viewers {
                viewer.show(self.now.saturating_sub(start));
            }
            let until = self.now + STEP;
            self.run(until, |_| false);
        }
        let unseen = self.now.saturating_sub(start);
        let played = |viewer: &Viewer| Played {
            began: viewer.began.unwrap_or(unseen),
            ..viewer.played
        };
        viewers.iter().map(played).collect()
    }

    /// The window is shared evenly; who has waited longest is named first.
    fn demand_of(&mut self, viewers: &[Viewer]) {
        let pieces = self.layout.pieces();
        let length = self.layout.piece_length();
        let piece = |viewer: &Viewer| (viewer.place() / u64::from(length)) as u32;
        let mut waiting: Vec<&Viewer> = viewers.iter().filter(|v| v.waits.is_some()).collect();
        waiting.sort_by_key(|viewer| viewer.waits);
        let place = |viewer: &Viewer| Place {
            playhead: piece(viewer),
            ahead: AHEAD_BYTES / length / viewers.len() as u32,
            pace: self.told.unwrap_or(viewer.pace),
        };
        let waiting = waiting.into_iter().map(piece).filter(|at| *at < pieces);
        self.demand(Demand {
            waiting: waiting.map(|at| at..at + 1).collect(),
            places: viewers.iter().map(place).collect(),
            wanted: 0..pieces,
            pins: vec![0, pieces - 1],
        });
    }
}

/// One who plays.
struct Viewer {
    at: u64,
    pace: u64,
    /// Bytes that it will play.
    all: u64,
    shown: u64,
    read: u64,
    playing: bool,
    began: Option<Duration>,
    /// Since when the next byte is missing.
    waits: Option<Duration>,
    played: Played,
}

impl Viewer {
    fn new(at: u64, pace: u64, seconds: u64) -> Viewer {
        Viewer {
            at,
            pace,
            all: pace * seconds,
            shown: 0,
            read: 0,
            playing: false,
            began: None,
            waits: None,
            played: Played::default(),
        }
    }

    fn is_done(&self) -> bool {
        self.shown >= self.all
    }

    fn place(&self) -> u64 {
        self.at + self.read
    }

    fn read(&mut self, world: &World) {
        let hold = (4 * self.pace).max(ENOUGH);
        let most = hold + self.shown - self.read;
        let here = world.here(self.place(), most);
        self.read += here;
        let piece = self.place() / u64::from(world.layout.piece_length());
        // One that holds enough does not read on.
        let missing = here < most && !world.swarm.has(piece as u32);
        self.waits = missing.then_some(match self.waits {
            Some(since) if here == 0 => since,
            _ => world.now,
        });
    }

    fn show(&mut self, passed: Duration) {
        let need = if self.began.is_none() { ENOUGH } else { AGAIN };
        let rest = self.all.saturating_sub(self.shown);
        if !self.playing && self.read - self.shown >= need.min(rest) {
            self.playing = true;
            self.began.get_or_insert(passed);
        }
        if self.playing {
            self.shown += self.pace * STEP.as_millis() as u64 / 1000;
            if self.shown > self.read {
                self.shown = self.read;
                self.playing = false;
                self.played.stalls += u32::from(!self.is_done());
            }
        } else if self.began.is_some() && !self.is_done() {
            self.played.stalled += STEP;
        }
    }
}
