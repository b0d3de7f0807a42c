//! What the scheduler itself costs: a swarm whose peers answer at once, without a simulator around.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use swarm::{Arrival, BLOCK, Block, Demand, Layout, Limits, News, Order, PeerId, Place, Swarm};

/// Reads `pieces` pieces of `piece_length` bytes from `peers` that answer 105 MB/s each; prints
/// microseconds of the scheduler a block.
fn cost(peers: u64, piece_length: u32, bytes: u64) {
    let layout = Layout::new(bytes, piece_length).unwrap();
    let mut swarm = Swarm::new(layout, Limits::default(), 1);
    let mut now = Duration::ZERO;
    let mut queues: Vec<VecDeque<Block>> = vec![VecDeque::new(); peers as usize];
    for id in 0..peers {
        let (fast, reqq) = (true, Some(500));
        for news in [
            News::Connected { fast, reqq },
            News::HaveAll,
            News::Unchoked,
        ] {
            swarm.peer(now, PeerId(id), news).unwrap();
        }
    }
    let pieces = layout.pieces();
    let mut read = 0;
    let demand = |read: u32| Demand {
        waiting: std::iter::once(read..(read + 1).min(pieces)).collect(),
        places: vec![Place {
            playhead: read,
            ahead: (64 << 20) / piece_length,
            pace: 626_000,
        }],
        wanted: 0..pieces,
        pins: vec![0, pieces - 1],
    };
    let began = Instant::now();
    swarm.demand(now, demand(0));
    let mut blocks = 0;
    while read < pieces {
        for id in 0..peers {
            now += Duration::from_micros(16_384 / 105 / peers);
            if swarm.deadline().is_some_and(|at| at <= now) {
                swarm.tick(now);
            }
            if let Some(block) = queues[id as usize].pop_front() {
                let arrival = swarm.block(now, PeerId(id), block).unwrap();
                assert_eq!(arrival, Arrival::Store);
                blocks += 1;
            }
            let mut verify = Vec::new();
            for order in swarm.orders() {
                match order {
                    Order::Request(PeerId(id), block) => queues[id as usize].push_back(block),
                    Order::Cancel(PeerId(id), block) => {
                        queues[id as usize].retain(|other| *other != block);
                    }
                    Order::Verify(piece) => verify.push(piece),
                    _ => {}
                }
            }
            for piece in verify {
                let _ = swarm.verified(now, piece, true, &[]);
            }
            let before = read;
            while read < pieces && swarm.has(read) {
                read += 1;
            }
            if read > before {
                swarm.demand(now, demand(read));
            }
        }
    }
    let micros = began.elapsed().as_secs_f64() * 1e6 / f64::from(blocks);
    println!(
        "{peers:3} peers, pieces of {:5} KiB: {micros:.2} us a block, {:.3} s a GB",
        piece_length >> 10,
        micros * 1e3 / f64::from(BLOCK),
    );
}

/// No bound is asserted: a machine is as fast as it is.
#[test]
fn a_gigabyte() {
    cost(2, 1 << 20, 1 << 30);
    cost(2, 16 << 20, 1 << 30);
    cost(50, 1 << 20, 1 << 30);
}
