//! A short life of a swarm, as a transcript: what is said to it, what it orders.
//!
//! For reading: the border at a glance. The rules themselves are tested elsewhere.

#![allow(clippy::unwrap_used, clippy::needless_raw_string_hashes)]

use std::fmt::Write;
use std::time::Duration;

use expect_test::{Expect, expect};
use swarm::{BLOCK, Block, Demand, Layout, Limits, News, Order, PeerId, Place, Swarm};

/// Ten pieces of two blocks.
struct Story {
    swarm: Swarm,
    text: String,
    now: Duration,
}

impl Story {
    fn new() -> Self {
        let layout = Layout::new(20 * u64::from(BLOCK), 2 * BLOCK).unwrap();
        let swarm = Swarm::new(layout, Limits::default(), 1);
        Self {
            swarm,
            text: String::new(),
            now: Duration::ZERO,
        }
    }

    fn after(&mut self, millis: u64) {
        self.now += Duration::from_millis(millis);
        self.swarm.tick(self.now);
        self.orders(&format!("after {millis} ms"));
    }

    fn peer(&mut self, id: u64, news: &[News<'_>]) {
        for news in news {
            self.swarm.peer(self.now, PeerId(id), *news).unwrap();
        }
        self.orders(&format!("peer {id} says {news:?}"));
    }

    /// It takes 40 ms.
    fn block(&mut self, id: u64, piece: u32, number: u32) {
        self.now += Duration::from_millis(40);
        let block = Block {
            piece,
            offset: number * BLOCK,
            len: BLOCK,
        };
        let arrival = self.swarm.block(self.now, PeerId(id), block).unwrap();
        self.orders(&format!("peer {id} brings {piece}.{number}: {arrival:?}"));
    }

    fn verified(&mut self, piece: u32, good: bool) {
        let _ = self.swarm.verified(self.now, piece, good, &[]);
        self.orders(&format!(
            "{piece} is {}",
            if good { "right" } else { "wrong" }
        ));
    }

    fn read(&mut self, piece: u32, ahead: u32) {
        let demand = Demand {
            waiting: std::iter::once(piece..piece + 1).collect(),
            places: vec![Place {
                playhead: piece,
                ahead,
                pace: u64::from(BLOCK),
            }],
            wanted: 0..10,
            pins: vec![],
        };
        self.swarm.demand(self.now, demand);
        self.orders(&format!("a reader waits for {piece}"));
    }

    fn orders(&mut self, what: &str) {
        writeln!(self.text, "{what}").unwrap();
        for order in self.swarm.orders() {
            let block = |block: Block| format!("{}.{}", block.piece, block.number());
            let line = match order {
                Order::Request(PeerId(id), of) => format!("ask {id} for {}", block(of)),
                Order::Cancel(PeerId(id), of) => format!("take {} back from {id}", block(of)),
                other => format!("{other:?}"),
            };
            writeln!(self.text, "    {line}").unwrap();
        }
    }

    fn is(&self, expected: &Expect) {
        expected.assert_eq(&self.text);
    }
}

const SEED: [News<'static>; 3] = [
    News::Connected {
        fast: true,
        reqq: Some(4),
    },
    News::HaveAll,
    News::Unchoked,
];

#[test]
fn a_start_a_seek_and_a_late_block() {
    let mut story = Story::new();
    story.read(0, 2);
    story.peer(1, &SEED);
    story.block(1, 0, 0);
    story.block(1, 0, 1);
    story.verified(0, true);
    story.read(8, 1);
    story.peer(2, &SEED);
    story.after(200);
    story.after(350);
    story.block(2, 8, 0);
    story.block(2, 8, 1);
    story.verified(8, true);
    story.is(&expect![[r"
        a reader waits for 0
        peer 1 says [Connected { fast: true, reqq: Some(4) }, HaveAll, Unchoked]
            Interested(PeerId(1), true)
            ask 1 for 0.0
            ask 1 for 0.1
            ask 1 for 1.0
            ask 1 for 1.1
        peer 1 brings 0.0: Store
        peer 1 brings 0.1: Store
            Verify(0)
        0 is right
        a reader waits for 8
            take 1.0 back from 1
            take 1.1 back from 1
            Discard(1)
            ask 1 for 8.0
            ask 1 for 8.1
        peer 2 says [Connected { fast: true, reqq: Some(4) }, HaveAll, Unchoked]
            Interested(PeerId(2), true)
        after 200 ms
        after 350 ms
            ask 2 for 8.1
            ask 2 for 8.0
        peer 2 brings 8.0: Store
            take 8.0 back from 1
        peer 2 brings 8.1: Store
            take 8.1 back from 1
            Verify(8)
        8 is right
    "]]);
}

#[test]
fn a_liar_alone() {
    let mut story = Story::new();
    story.read(0, 1);
    story.peer(1, &SEED);
    story.block(1, 0, 0);
    story.block(1, 0, 1);
    story.verified(0, false);
    story.peer(2, &SEED);
    story.is(&expect![[r"
        a reader waits for 0
        peer 1 says [Connected { fast: true, reqq: Some(4) }, HaveAll, Unchoked]
            Interested(PeerId(1), true)
            ask 1 for 0.0
            ask 1 for 0.1
        peer 1 brings 0.0: Store
        peer 1 brings 0.1: Store
            Verify(0)
        0 is wrong
            Ban(PeerId(1))
        peer 2 says [Connected { fast: true, reqq: Some(4) }, HaveAll, Unchoked]
            Interested(PeerId(2), true)
            ask 2 for 0.0
            ask 2 for 0.1
    "]]);
}
