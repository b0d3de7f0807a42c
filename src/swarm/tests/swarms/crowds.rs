//! Crowds of every kind: liars, comers and goers, the far and the partly stocked, large pieces.

use std::time::Duration;

use swarm::{Layout, Limits};

use crate::bench::start;
use crate::sim::{Nature, World};
use crate::{FILM, PACE, PATIENCE, percent_wasted, read, world};

pub(crate) fn eight() -> Vec<Nature> {
    (0..8).map(|_| Nature::seed(400_000, 60)).collect()
}

#[test]
fn eight_peers_that_ignore_cancel() {
    let deaf = |nature| Nature {
        deaf: true,
        ..nature
    };
    let s = start(eight().into_iter().map(deaf).collect(), 1 << 20, 1);
    println!("8 x 400 kB/s, no CANCEL: {s:?}");
    assert!(s.first < 1.0 && s.seek50 < 1.5 && s.seek90 < 1.3);
}

#[test]
fn eight_equal_peers_with_large_pieces() {
    let s = start(eight(), 4 << 20, 1);
    println!("8 x 400 kB/s, 4 MiB: {s:?}");
    assert!(s.first < 1.7 && s.seek50 < 3.0 && s.waste < 1.0);
}

/// Two who serve nothing once they have unchoked us.
#[test]
fn the_silent_hold_nobody_up() {
    let mut natures = eight();
    for nature in &mut natures[..2] {
        nature.silent = true;
    }
    let s = start(natures, 1 << 20, 1);
    println!("8 x 400 kB/s, two silent: {s:?}");
    assert!(s.first < 1.4 && s.seek50 < 1.1 && s.seek90 < 1.1);
}

#[test]
fn liars_are_found_and_nobody_else_is_banned() {
    // One block of nine, of four; and one that sends nothing but rubbish.
    for (liars, seed) in [(vec![9u8], 1), (vec![4], 2), (vec![1], 3), (vec![9, 4], 4)] {
        let mut natures = eight();
        for (nature, every) in natures.iter_mut().zip(&liars) {
            nature.lies = Some(1.0 / f64::from(*every));
        }
        let mut world = world(natures, 1 << 20, seed);
        let took = read(&mut world, 64_000_000);
        let waste = percent_wasted(&world);
        println!("liars {liars:?}: 64 MB in {took:.1} s, waste {waste:.1} %");
        assert_eq!(world.banned, (0..liars.len() as u64).collect());
        // What the honest need alone, and the time to find the liars.
        let honest = 64.0 / (0.4 * (8 - liars.len()) as f64);
        assert!(took < honest + 3.0 && waste < 10.0, "{took} s, {waste} %");
    }
}

#[test]
fn large_pieces_stay_within_the_ram_and_keep_everybody_busy() {
    for (mib, pieces) in [(16, 6), (32, 4), (64, 3)] {
        let mut world = world(eight(), mib << 20, 1);
        let bytes = u64::from(mib * pieces) << 20;
        let took = read(&mut world, bytes);
        // What eight peers need that never idle, and the hash of the last piece.
        let floor = bytes as f64 / 3.2e6 + f64::from(mib << 20) / 300e6;
        println!(
            "{mib} MiB pieces: {pieces} in {took:.1} s (floor {floor:.1}), RAM {} MiB",
            world.ram_max >> 20
        );
        assert!(took < floor * 1.01 + 0.5, "{took}");
    }
}

/// Four fast peers: here the hash of a piece is a sixth of the time it takes to come.
#[test]
fn the_network_does_not_idle_while_a_large_piece_is_hashed() {
    let natures = (0..4).map(|_| Nature::seed(12_000_000, 40)).collect();
    let mut world = world(natures, 32 << 20, 1);
    let took = read(&mut world, 320 << 20);
    let floor = f64::from(320 << 20) / 48e6;
    println!("32 MiB pieces at 48 MB/s: 10 in {took:.2} s (floor {floor:.2})");
    assert!(took < floor * 1.12, "{took}");
}

#[test]
fn one_piece_fits_however_small_the_ram() {
    let layout = Layout::new(FILM, 4 << 20).unwrap();
    let limits = Limits {
        assembly_bytes: 1 << 20,
        ..Limits::default()
    };
    let mut world = World::new(layout, limits, eight(), 1);
    let took = read(&mut world, 16 << 20);
    println!(
        "RAM of 1 MiB, pieces of 4 MiB: 16 MiB in {took:.1} s, RAM {} KiB",
        world.ram_max >> 10
    );
    assert!(world.ram_max <= 6 << 20 && took < 5.6, "{took}");
}

#[test]
fn peers_that_come_go_and_choke_do_not_stop_the_film() {
    for seed in 0..4 {
        let second = |n: u64| Some(Duration::from_secs(n));
        let mut natures = Vec::new();
        for n in 0..24 {
            let comes = Duration::from_millis(100 + (n * 7 + seed) % 24 * 1500);
            let (connects, leaves) = (Some(comes), Some(comes + Duration::from_secs(14)));
            let chokes = if n % 3 == 0 { second(5) } else { None };
            natures.push(Nature {
                connects,
                leaves,
                chokes,
                ..Nature::seed(250_000, 80)
            });
        }
        let mut world = world(natures, 1 << 20, seed);
        let played = world.play(0, PACE, 40);
        println!("churn: {played:?}, waste {:.1} %", percent_wasted(&world));
        assert!(played.stalls == 0);
    }
}

#[test]
fn peers_with_a_part_each_are_put_together() {
    let natures = (0..8).map(|n| Nature {
        parts: (n % 4, 4),
        ..Nature::seed(400_000, 60)
    });
    let mut world = world(natures.collect(), 1 << 20, 1);
    let took = read(&mut world, 64_000_000);
    println!("8 peers with a quarter each: 64 MB in {took:.1} s");
    assert!(took < 26.0, "{took}");
}

#[test]
fn a_network_that_was_gone_is_used_again_at_once() {
    let mut natures = eight();
    for nature in &mut natures {
        nature.pause = Some((Duration::from_secs(5), Duration::from_secs(17)));
    }
    let mut world = world(natures, 1 << 20, 1);
    let took = read(&mut world, 32_000_000);
    println!("12 s without a network: 32 MB in {took:.1} s");
    assert!(took < 10.2 + 12.0 + 2.0, "{took}");
}

#[test]
fn far_away_peers_are_kept_busy_too() {
    let natures = (0..4).map(|_| Nature::seed(800_000, 350)).collect();
    let mut world = world(natures, 1 << 20, 1);
    let took = read(&mut world, 64_000_000);
    println!(
        "4 x 800 kB/s, 350 ms: 64 MB in {took:.1} s, waste {:.1} %",
        percent_wasted(&world)
    );
    assert!(took < 23.5 && percent_wasted(&world) < 3.0, "{took}");
}

#[test]
fn a_crowd_of_fifty_with_ten_thousand_pieces() {
    let natures = (0..50)
        .map(|n| Nature::seed(200_000 + n * 30_000, 20 + u64::from(n)))
        .collect();
    let layout = Layout::new(10_000 << 18, 1 << 18).unwrap();
    let mut world = World::new(layout, Limits::default(), natures, 1);
    let started = std::time::Instant::now();
    let took = read(&mut world, 1 << 30);
    let blocks = world.swarm.stats().received / 16_384;
    println!(
        "50 peers, 46 MB/s: 1 GiB in {took:.1} s, waste {:.2} %, {:.1} us of CPU a block",
        percent_wasted(&world),
        started.elapsed().as_secs_f64() * 1e6 / blocks as f64,
    );
    assert!(took < 27.0, "{took}");
}

/// A slow peer is there first and has all that is urgent; better ones come a second later.
#[test]
fn late_comers_take_over() {
    let later = Some(Duration::from_secs(1));
    let mut natures: Vec<Nature> = (0..4)
        .map(|_| Nature {
            connects: later,
            ..Nature::seed(400_000, 60)
        })
        .collect();
    natures.push(Nature::seed(20_000, 60));
    let mut world = world(natures, 1 << 20, 1);
    let took = read(&mut world, 2_000_000);
    println!("one slow peer, four better ones after 1 s: 2 MB in {took:.2} s");
    assert!(took < 3.0, "{took}");
}

/// Sound and index at the far end: a reader that jumps between head, tail and middle.
#[test]
fn a_look_at_the_tail_costs_a_piece_or_nothing() {
    let mut world = world(eight(), 1 << 20, 1);
    let head = read(&mut world, 500_000);
    let tail = world
        .read(FILM - 500_000, 500_000, PACE, PATIENCE)
        .unwrap()
        .as_secs_f64();
    let start = read(&mut world, 2_000_000);
    println!("head {head:.2} s, tail {tail:.2} s, then 2 MB {start:.2} s");
    assert!(head < 0.65 && tail < 0.4 && start < 0.8);
}

/// A viewer who drags the bar about: only the last place counts.
#[test]
fn scrubbing_leaves_no_queue_behind() {
    for deaf in [false, true] {
        let natures = eight()
            .into_iter()
            .map(|nature| Nature { deaf, ..nature })
            .collect();
        let mut world = world(natures, 1 << 20, 1);
        read(&mut world, 4_000_000);
        for step in 1..20 {
            world.read_at(FILM / 20 * step, PACE);
            let until = world.now + Duration::from_millis(120);
            world.run(until, |_| false);
        }
        let took = world
            .read(FILM / 3, 1_000_000, PACE, PATIENCE)
            .unwrap()
            .as_secs_f64();
        println!("after scrubbing, deaf to CANCEL {deaf}: {took:.2} s");
        assert!(took < if deaf { 1.7 } else { 1.0 }, "{took}");
    }
}

/// A demand beyond what the cache keeps: what it lets go is not fetched again and again.
#[test]
fn a_demand_that_does_not_fit_does_not_fetch_for_ever() {
    let mut world = world(eight(), 1 << 20, 1);
    world.keeps = 20;
    world.read_at(0, PACE);
    world.run(Duration::from_mins(2), |_| false);
    let received = world.swarm.stats().received >> 20;
    assert!(received < 100, "{received} MiB for 64 wanted");
}
