//! A simulated source: how it behaves, and what it has in hand.
//!
//! A peer serves one block after the other at its rate. A web seed serves ranges: the requests that
//! follow one another when a range begins; each range costs a round trip before its first byte, and
//! what is cancelled within a range comes all the same and is dropped, unless all of the rest is
//! cancelled: then the connection is cut, and the next range costs two round trips.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use swarm::{Block, Layout};

/// How a simulated peer behaves. Its flags are independent of one another.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools)]
pub(crate) struct Nature {
    /// Bytes a second it serves.
    pub(crate) rate: f64,
    /// There and back.
    pub(crate) rtt: Duration,
    /// The part of `rtt` that our messages take to it.
    pub(crate) up: Duration,
    /// When its handshake is done; `None`: never (nobody is at that address).
    pub(crate) connects: Option<Duration>,
    /// It speaks the fast extension, and answers a CANCEL with a rejection.
    pub(crate) fast: bool,
    /// It is a web seed.
    pub(crate) web: bool,
    /// What it did not send in the last so long it may send at once.
    pub(crate) burst: Duration,
    /// It ignores CANCEL.
    pub(crate) deaf: bool,
    /// It never answers a request.
    pub(crate) silent: bool,
    /// By how much the time of a block and its way vary: 0 not at all, 1 from nothing to double.
    pub(crate) jitter: f64,
    /// It serves so many bytes, then nothing any more.
    pub(crate) stalls_after: Option<u64>,
    /// Nothing gets out of it between these two times.
    pub(crate) pause: Option<(Duration, Duration)>,
    /// It goes away at this time.
    pub(crate) leaves: Option<Duration>,
    /// This share of the blocks it sends is wrong.
    pub(crate) lies: Option<f64>,
    /// It chokes us for the second half of every so long a period.
    pub(crate) chokes: Option<Duration>,
    /// It has only the pieces `n` with `n % parts.1 == parts.0`.
    pub(crate) parts: (u32, u32),
}

impl Nature {
    /// An honest seed.
    pub(crate) fn seed(rate: u32, rtt_ms: u64) -> Self {
        Self {
            rate: f64::from(rate),
            rtt: Duration::from_millis(rtt_ms),
            up: Duration::from_millis(rtt_ms) / 2,
            connects: Some(Duration::from_millis(rtt_ms * 2)),
            fast: true,
            web: false,
            burst: Duration::ZERO,
            deaf: false,
            silent: false,
            stalls_after: None,
            pause: None,
            jitter: 0.0,
            leaves: None,
            lies: None,
            chokes: None,
            parts: (0, 1),
        }
    }

    /// A server that has it all, there from the start.
    pub(crate) fn web(rate: u32, rtt_ms: u64) -> Self {
        Self {
            web: true,
            connects: Some(Duration::ZERO),
            ..Self::seed(rate, rtt_ms)
        }
    }

    /// The part of `rtt` that its messages take to us.
    pub(crate) fn down(&self) -> Duration {
        self.rtt - self.up
    }

    pub(crate) fn has(&self, piece: u32) -> bool {
        piece % self.parts.1 == self.parts.0
    }
}

/// Its flags are independent of one another.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools)]
pub(super) struct Remote {
    pub(super) nature: Nature,
    pub(super) queue: VecDeque<Block>,
    pub(super) sending: bool,
    pub(super) choking: bool,
    pub(super) served: u64,
    pub(super) sent: u64,
    pub(super) gone: bool,
    /// What the swarm has asked and neither got nor taken back: to hold it to its word.
    pub(super) asked: BTreeSet<Block>,
    /// When its last block arrives: a connection keeps the order.
    pub(super) arrived: Duration,
    /// What the swarm knows: it may ask.
    pub(super) open: bool,
    /// Until when what it has sent takes at its rate.
    pub(super) free: Duration,
    /// The range that a web seed is sending, and whether each block of it is still wanted.
    range: VecDeque<(Block, bool)>,
    /// Its connection was cut.
    cut: bool,
}

impl Remote {
    pub(super) fn new(nature: Nature) -> Self {
        Self {
            nature,
            queue: VecDeque::new(),
            sending: false,
            choking: true,
            served: 0,
            sent: 0,
            gone: false,
            asked: BTreeSet::new(),
            arrived: Duration::ZERO,
            open: false,
            free: Duration::ZERO,
            range: VecDeque::new(),
            cut: false,
        }
    }

    /// What it sends next, and what that costs before its first byte.
    pub(super) fn next(&mut self, layout: &Layout) -> Option<(Block, Duration)> {
        let stalls = self.nature.stalls_after;
        if self.sending || self.gone || stalls.is_some_and(|after| self.served >= after) {
            return None;
        }
        let mut delay = Duration::ZERO;
        let block = if self.nature.web {
            self.cut_short();
            if self.range.is_empty() {
                self.begin_range(layout);
                let trips = if std::mem::take(&mut self.cut) { 2 } else { 1 };
                delay = self.nature.rtt * trips;
            }
            self.range.front()?.0
        } else {
            self.queue.pop_front()?
        };
        self.sending = true;
        self.served += u64::from(block.len);
        Some((block, delay))
    }

    fn begin_range(&mut self, layout: &Layout) {
        let at = |block: Block| {
            u64::from(block.piece) * u64::from(layout.piece_length()) + u64::from(block.offset)
        };
        let mut end = None;
        while let Some(block) = self.queue.front().copied() {
            if end.is_some_and(|end| end != at(block)) {
                break;
            }
            end = Some(at(block) + u64::from(block.len));
            self.range.push_back((block, true));
            self.queue.pop_front();
        }
    }

    /// Whether the block that was just sent is wanted still.
    pub(super) fn delivers(&mut self, block: Block) -> bool {
        if !self.nature.web {
            return true;
        }
        match self.range.front().copied() {
            Some((first, wanted)) if first == block => {
                self.range.pop_front();
                wanted
            }
            _ => false,
        }
    }

    /// Nothing more of the range is wanted.
    fn cut_short(&mut self) {
        if !self.range.is_empty() && self.range.iter().all(|(_, wanted)| !wanted) {
            self.range.clear();
            self.cut = true;
        }
    }

    /// Returns whether it says that it will not answer.
    pub(super) fn cancel(&mut self, block: Block) -> bool {
        if self.nature.deaf {
            return false;
        }
        let queued = self.queue.len();
        self.queue.retain(|other| *other != block);
        for (other, wanted) in &mut self.range {
            *wanted &= *other != block;
        }
        self.cut_short();
        self.nature.fast && !self.nature.web && self.queue.len() < queued
    }
}
