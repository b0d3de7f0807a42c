//! Who watches: reads a range, or plays at a pace and counts the stalls.
//!
//! The player model is that of ../shared/bench: it starts with 2 MB, holds 4 s, stalls when dry,
//! goes on with 1 MB. The reader tells the swarm of every piece it waits for, as the shell does.

use std::time::Duration;

use swarm::Demand;

use super::World;

/// Pieces wanted ahead of the reader: 64 MiB.
const AHEAD_BYTES: u32 = 64 << 20;

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
            playhead: piece,
            ahead: AHEAD_BYTES / self.layout.piece_length(),
            wanted: 0..pieces,
            pins: vec![0, pieces - 1],
            pace,
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
        const STEP: Duration = Duration::from_millis(20);
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
        const STEP: Duration = Duration::from_millis(20);
        let start = self.now;
        let (enough, again, hold) = (2 << 20, 1 << 20, 4 * pace);
        let (mut shown, mut read) = (0, 0);
        let mut playing = false;
        let mut played = Played::default();
        let mut began = None;
        while shown < pace * seconds && self.now < start + Duration::from_mins(10) {
            let most = (hold + shown - read).min(enough.max(hold));
            read += self.here(at + read, most);
            self.read_at(at + read, pace);
            let need = if began.is_none() { enough } else { again };
            if !playing && read - shown >= need.min(pace * seconds - shown) {
                playing = true;
                began.get_or_insert(self.now.saturating_sub(start));
            }
            if playing {
                shown += pace * STEP.as_millis() as u64 / 1000;
                if shown > read {
                    shown = read;
                    playing = false;
                    played.stalls += 1;
                }
            } else if began.is_some() {
                played.stalled += STEP;
            }
            let until = self.now + STEP;
            self.run(until, |_| false);
        }
        played.began = began.unwrap_or(self.now.saturating_sub(start));
        played
    }
}
