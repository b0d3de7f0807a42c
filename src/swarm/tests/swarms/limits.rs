//! Limits of bytes a second, and whom we serve under them.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use swarm::{BLOCK, Block, Demand, Layout, Limits, News, Order, PeerId, Place, Swarm};

use crate::crowds::eight;
use crate::sim::World;
use crate::{FILM, PACE, PATIENCE};

/// One who wants of us, and may give us something too.
#[derive(Debug, Clone, Default)]
struct Leecher {
    /// Bytes a second it takes.
    takes: f64,
    /// Bytes a second it gives.
    gives: f64,
    served: bool,
    /// When it was served for the first time.
    first: Option<Duration>,
    taken: u64,
    credit: f64,
    asked: VecDeque<Block>,
}

/// A shell with an uplink of so many bytes a second, and peers that always have blocks to ask for.
struct Uplink {
    swarm: Swarm,
    now: Duration,
    limits: Limits,
    rate: f64,
    credit: f64,
    leechers: BTreeMap<u64, Leecher>,
    turn: usize,
    /// When and how much was sent.
    sent: Vec<(Duration, u64)>,
    served_max: usize,
}

const STEP: Duration = Duration::from_millis(10);

impl Uplink {
    /// `whole`: we have everything, so nobody has anything for us.
    fn new(limits: Limits, rate: f64, whole: bool, leechers: Vec<Leecher>) -> Self {
        let layout = Layout::new(1 << 30, 1 << 20).unwrap();
        let mut swarm = Swarm::new(layout, limits, 1);
        let now = Duration::ZERO;
        let pieces = layout.pieces();
        swarm.set_have(0..if whole { pieces } else { pieces / 2 });
        swarm.demand(
            now,
            Demand {
                places: vec![Place {
                    playhead: 0,
                    ahead: pieces,
                    pace: PACE,
                }],
                wanted: 0..pieces,
                ..Demand::default()
            },
        );
        for (id, leecher) in (0..).map(PeerId).zip(&leechers) {
            let (fast, reqq) = (true, None);
            let has = if leecher.gives > 0.0 {
                News::HaveAll
            } else {
                News::HaveNone
            };
            for news in [
                News::Connected { fast, reqq },
                has,
                News::Unchoked,
                News::Interested,
            ] {
                swarm.peer(now, id, news).unwrap();
            }
        }
        Self {
            swarm,
            now,
            limits,
            rate,
            credit: 0.0,
            leechers: (0..).zip(leechers).collect(),
            turn: 0,
            sent: Vec::new(),
            served_max: 0,
        }
    }

    fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now += STEP;
            if self.swarm.deadline().is_some_and(|at| at <= self.now) {
                self.swarm.tick(self.now);
            }
            self.obey();
            self.receive();
            self.send();
        }
    }

    fn obey(&mut self) {
        for order in self.swarm.orders() {
            match order {
                Order::Choke(PeerId(id), choke) => {
                    let leecher = self.leechers.get_mut(&id).unwrap();
                    leecher.served = !choke;
                    leecher.first.get_or_insert(self.now);
                }
                Order::Request(PeerId(id), block) => {
                    self.leechers.get_mut(&id).unwrap().asked.push_back(block);
                }
                Order::Cancel(PeerId(id), block) => {
                    let leecher = self.leechers.get_mut(&id).unwrap();
                    leecher.asked.retain(|other| *other != block);
                }
                Order::Verify(piece) => {
                    let _ = self.swarm.verified(self.now, piece, true, &[]);
                }
                _ => {}
            }
        }
        let served = self
            .leechers
            .values()
            .filter(|leecher| leecher.served)
            .count();
        assert!(served <= self.limits.upload_slots as usize);
        assert!(self.limits.seeding || served == 0);
        self.served_max = self.served_max.max(served);
    }

    fn receive(&mut self) {
        for (id, leecher) in &mut self.leechers {
            leecher.credit += leecher.gives * STEP.as_secs_f64();
            while leecher.credit >= f64::from(BLOCK)
                && let Some(block) = leecher.asked.pop_front()
            {
                leecher.credit -= f64::from(BLOCK);
                let _ = self.swarm.block(self.now, PeerId(*id), block).unwrap();
            }
            leecher.credit = leecher.credit.min(f64::from(BLOCK));
        }
    }

    /// Round after round, as long as the uplink and the limit allow.
    fn send(&mut self) {
        self.credit = (self.credit + self.rate * STEP.as_secs_f64()).min(2.0 * f64::from(BLOCK));
        let served: Vec<u64> = self
            .leechers
            .iter()
            .filter(|(_, l)| l.served)
            .map(|(id, _)| *id)
            .collect();
        for n in 0..served.len() {
            if self.credit < f64::from(BLOCK) {
                return;
            }
            let id = served[(self.turn + n) % served.len()];
            let leecher = self.leechers.get_mut(&id).unwrap();
            let due = leecher.takes * (self.now - leecher.first.unwrap()).as_secs_f64();
            if leecher.taken as f64 > due || self.swarm.may_send(self.now, BLOCK).is_err() {
                continue;
            }
            self.turn += n + 1;
            self.credit -= f64::from(BLOCK);
            leecher.taken += u64::from(BLOCK);
            self.sent.push((self.now, u64::from(BLOCK)));
            self.swarm.sent(self.now, PeerId(id), BLOCK);
        }
    }

    /// Most bytes that were sent within any second.
    fn peak(&self) -> u64 {
        let within = |start: usize| {
            let (from, _) = self.sent[start];
            let second = self.sent[start..].iter();
            let second = second.take_while(|(at, _)| *at < from + Duration::from_secs(1));
            second.map(|(_, bytes)| bytes).sum()
        };
        (0..self.sent.len()).map(within).max().unwrap_or(0)
    }

    fn total(&self) -> u64 {
        self.sent.iter().map(|(_, bytes)| bytes).sum()
    }
}

fn leecher(takes: f64, gives: f64) -> Leecher {
    Leecher {
        takes,
        gives,
        ..Leecher::default()
    }
}

#[test]
fn uploads_stay_under_the_limit_and_use_it() {
    for limit in [20_000u64, 50_000, 300_000, 1_000_000] {
        let limits = Limits {
            upload_bytes_per_second: Some(limit),
            ..Limits::default()
        };
        let crowd = (0..12).map(|n| leecher(100_000.0 + 50_000.0 * f64::from(n), 0.0));
        let mut uplink = Uplink::new(limits, 5e6, true, crowd.collect());
        uplink.run(Duration::from_secs(120));
        let (peak, mean) = (uplink.peak(), uplink.total() / 120);
        let served = uplink.leechers.values().filter(|l| l.taken > 0).count();
        println!(
            "limit {limit}: mean {mean}, peak {peak}, {} slots, {served} served of 12",
            uplink.served_max
        );
        assert!(peak <= limit + (limit / 4).max(u64::from(BLOCK)), "{peak}");
        assert!(mean > limit / 10 * 9, "{mean}");
        assert!(uplink.served_max as u64 <= (limit / 16_384).clamp(1, 4) && served >= 3);
    }
}

#[test]
fn who_gives_is_served_before_who_only_takes() {
    let mut crowd = vec![leecher(1e6, 200_000.0); 3];
    crowd.extend(vec![leecher(1e6, 0.0); 6]);
    let mut uplink = Uplink::new(Limits::default(), 800_000.0, false, crowd);
    uplink.run(Duration::from_secs(180));
    let of = |ids: std::ops::Range<u64>| -> u64 { ids.map(|id| uplink.leechers[&id].taken).sum() };
    let (generous, greedy) = (of(0..3), of(3..9));
    let lucky = (3..9).filter(|id| uplink.leechers[id].taken > 0).count();
    println!("to who gives {generous}, to who takes {greedy}, {lucky} of 6 had a chance");
    assert!(generous > 2 * greedy && lucky >= 4);
}

#[test]
fn a_seed_serves_who_takes_fastest_and_gives_everyone_a_chance() {
    let mut crowd = vec![leecher(400_000.0, 0.0); 3];
    crowd.extend(vec![leecher(20_000.0, 0.0); 7]);
    let mut uplink = Uplink::new(Limits::default(), 2e6, true, crowd);
    uplink.run(Duration::from_secs(300));
    let served = uplink.leechers.values().filter(|l| l.taken > 0).count();
    let fast: u64 = (0..3).map(|id| uplink.leechers[&id].taken).sum();
    println!(
        "as a seed: {fast} of {} to the fast, {served} of 10 served",
        uplink.total()
    );
    assert!(served == 10 && fast * 10 > uplink.total() * 7);
}

#[test]
fn nobody_is_served_when_seeding_is_off_and_again_when_it_is_on() {
    let mut uplink = Uplink::new(Limits::default(), 2e6, true, vec![leecher(1e6, 0.0); 6]);
    uplink.run(Duration::from_secs(15));
    assert_eq!(uplink.served_max, 4);
    let off = Limits {
        seeding: false,
        ..Limits::default()
    };
    uplink.limits = off;
    uplink.swarm.set_limits(uplink.now, off);
    uplink.obey();
    let before = uplink.total();
    uplink.run(Duration::from_secs(60));
    assert_eq!(uplink.total(), before);
    uplink.limits = Limits::default();
    uplink.swarm.set_limits(uplink.now, uplink.limits);
    uplink.run(Duration::from_secs(5));
    assert!(uplink.total() > before, "at once, not with the next round");
}

/// 3.2 MB/s of peers under a limit: what arrives, and whether a seek still goes first.
#[test]
fn downloads_stay_under_the_limit_and_urgent_blocks_go_first() {
    let limit = 1_000_000;
    let limits = Limits {
        download_bytes_per_second: Some(limit),
        ..Limits::default()
    };
    let layout = Layout::new(FILM, 1 << 20).unwrap();
    let mut world = World::new(layout, limits, eight(), 1);
    let first = world
        .read(0, 2 << 20, PACE, PATIENCE)
        .unwrap()
        .as_secs_f64();
    world.watch(2 << 20, PACE, Duration::from_secs(20));
    let mean = world.swarm.stats().received as f64 / world.now.as_secs_f64();
    let seek = world
        .read(FILM / 2, 1 << 20, PACE, PATIENCE)
        .unwrap()
        .as_secs_f64();
    println!("limit 1 MB/s: first 2 MiB {first:.2} s, mean {mean:.0}, seek {seek:.2} s");
    assert!(mean < 1.02e6 && mean > 0.9e6, "{mean}");
    assert!(first < 2.4 && seek < 2.5, "{first} {seek}");
    assert!(world.swarm.capacity() == limit);
    world.set_limits(Limits::default());
    let free = world
        .read(FILM / 10 * 9, 1 << 20, PACE, PATIENCE)
        .unwrap()
        .as_secs_f64();
    println!("without the limit again: {free:.2} s");
    assert!(free < 1.4, "{free}");
}
