//! Web seeds: alone, beside a swarm that is too slow, one that is fast enough, and dying.

use std::time::Duration;

use crate::bench::start;
use crate::crowds::eight;
use crate::sim::Nature;
use crate::{FILM, PACE, PATIENCE, percent_wasted, world};

/// A server with 5 MB/s, 100 ms away.
fn server() -> Nature {
    Nature::web(5_000_000, 100)
}

fn web_share(world: &crate::sim::World) -> f64 {
    let stats = world.swarm.stats();
    stats.web_received as f64 / stats.received as f64
}

#[test]
fn alone_it_is_a_fast_peer() {
    let s = start(vec![server()], 1 << 20, 1);
    println!("web seed alone: {s:?}");
    assert!(s.first < 1.2 && s.seek50 < 0.9 && s.seek90 < 0.9 && s.waste < 3.0);
    let mut world = world(vec![server()], 1 << 20, 1);
    let took = crate::read(&mut world, 100_000_000);
    println!("web seed alone: 100 MB in {took:.1} s");
    assert!(took < 24.0, "{took}");
}

/// 4 x 100 kB/s for a film of 626 kB/s.
#[test]
fn a_swarm_that_is_too_slow_gets_help() {
    let mut natures: Vec<Nature> = (0..4).map(|_| Nature::seed(100_000, 60)).collect();
    natures.push(server());
    let mut world = world(natures, 1 << 20, 1);
    let played = world.play(0, PACE, 120);
    let share = web_share(&world);
    println!(
        "slow swarm and web seed: {played:?}, {:.0} % of the web",
        100.0 * share
    );
    assert!(played.stalls == 0 && played.began < Duration::from_millis(1350));
}

#[test]
fn a_swarm_that_keeps_up_takes_over() {
    let mut natures = eight();
    natures.push(server());
    let mut world = world(natures, 1 << 20, 1);
    let first = world
        .read(0, 2 << 20, PACE, PATIENCE)
        .unwrap()
        .as_secs_f64();
    world.watch(2 << 20, PACE, Duration::from_secs(10));
    let early = world.swarm.stats().web_received;
    world.watch((2 << 20) + 10 * PACE, PACE, Duration::from_secs(50));
    let late = world.swarm.stats().web_received - early;
    println!(
        "fast swarm and web seed: 2 MiB {first:.2} s, of the web {early} bytes, then {late}, \
         {:.0} % in all, waste {:.1} %",
        100.0 * web_share(&world),
        percent_wasted(&world)
    );
    assert!(first < 0.9 && late == 0 && early < 16 << 20);
    let seek = world
        .read(FILM / 2, 1 << 20, PACE, PATIENCE)
        .unwrap()
        .as_secs_f64();
    println!("fast swarm and web seed: seek {seek:.2} s");
    assert!(seek < 0.75, "the web seed races again: {seek}");
}

#[test]
fn one_that_dies_is_not_missed() {
    let mut natures = eight();
    natures.push(Nature {
        leaves: Some(Duration::from_millis(700)),
        ..server()
    });
    let mut world = world(natures, 1 << 20, 1);
    let played = world.play(0, PACE, 30);
    println!("a web seed that dies: {played:?}");
    assert!(played.stalls == 0 && played.began < Duration::from_millis(1200));
}

/// It answers nothing more, without a word.
#[test]
fn one_that_falls_silent_is_not_missed() {
    let mut natures = eight();
    natures.push(Nature {
        stalls_after: Some(600_000),
        ..server()
    });
    let mut world = world(natures, 1 << 20, 1);
    let played = world.play(0, PACE, 30);
    println!("a web seed that falls silent: {played:?}");
    assert!(played.stalls == 0 && played.began < Duration::from_millis(1500));
}

/// A slow server must not hold up a swarm.
#[test]
fn a_slow_one_does_no_harm() {
    let mut natures = eight();
    natures.push(Nature::web(50_000, 300));
    let s = start(natures, 1 << 20, 1);
    println!("slow web seed and a swarm: {s:?}");
    assert!(s.first < 1.1 && s.seek50 < 1.0 && s.seek90 < 1.0 && s.waste < 8.0);
}
