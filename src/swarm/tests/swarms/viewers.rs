//! Several viewers of one torrent: who would stall first is served first.

use std::time::Duration;

use crate::sim::Nature;
use crate::{FILM, PACE, percent_wasted, world};

/// At the start of a piece, as the other begins.
const MIDDLE: u64 = (FILM / 2) >> 20 << 20;

fn peers(count: usize, rate: u32) -> Vec<Nature> {
    vec![Nature::seed(rate, 60); count]
}

/// 1.6 MB/s for two who play 626 kB/s each, half the film apart.
#[test]
fn two_far_apart_neither_stalls() {
    for seed in 0..4 {
        let jitter = if seed > 0 { 0.9 } else { 0.0 };
        let most = if seed > 0 { 4000 } else { 3100 };
        let noisy = |nature| Nature { jitter, ..nature };
        let natures = peers(8, 200_000).into_iter().map(noisy).collect();
        let mut world = world(natures, 1 << 20, seed);
        let played = world.play_together(&[(0, PACE), (MIDDLE, PACE)], 60);
        let waste = percent_wasted(&world);
        println!("two viewers of 626 kB/s, peers 1.6 MB/s: {played:?}, waste {waste:.1} %");
        for viewer in &played {
            assert!(viewer.stalls == 0, "{viewer:?}");
            assert!(viewer.began < Duration::from_millis(most), "{viewer:?}");
        }
    }
}

/// The second comes when the first has all but its window filled.
#[test]
fn who_comes_later_begins_at_once_and_the_first_does_not_stall() {
    let mut world = world(peers(8, 200_000), 1 << 20, 1);
    let first = world.play(0, PACE, 20);
    let played = world.play_together(&[(20 * PACE, PACE), (MIDDLE, PACE)], 40);
    println!("a second viewer after 20 s: {first:?}, then {played:?}");
    assert!(played.iter().all(|viewer| viewer.stalls == 0), "{played:?}");
    assert!(played[1].began < Duration::from_millis(2600), "{played:?}");
}

/// 800 kB/s for 1.25 MB/s of films: both must stall, and neither more than its part.
#[test]
fn a_swarm_too_slow_for_two_is_shared_evenly() {
    let mut world = world(peers(8, 100_000), 1 << 20, 1);
    let played = world.play_together(&[(0, PACE), (MIDDLE, PACE)], 40);
    println!("two viewers, peers 800 kB/s: {played:?}");
    let stalled: Vec<f64> = played.iter().map(|v| v.stalled.as_secs_f64()).collect();
    let (least, most) = (stalled[0].min(stalled[1]), stalled[0].max(stalled[1]));
    // 50 MB at 800 kB/s take 63 s, of which 40 are played and some pass before the start.
    assert!(least > 10.0 && most < 1.2 * least, "{stalled:?}");
}

/// 880 kB/s of peers for a film of 400 kB/s: the swarm keeps up, and a web seed is not to pay for
/// it. Told half of the pace is as good; told nothing, it takes the film for a larger one.
#[test]
fn a_known_pace_leaves_a_swarm_that_keeps_up_to_itself() {
    let pace = 400_000;
    let share = |told| {
        let natures = [peers(8, 110_000), vec![Nature::web(8_000_000, 100)]].concat();
        let mut world = world(natures, 1 << 20, 1);
        world.told = Some(told);
        let played = world.play(0, pace, 60);
        let stats = world.swarm.stats();
        let share = 100.0 * stats.web_received as f64 / stats.received as f64;
        println!("film of {pace}, told {told}: {share:.0} % of the web, {played:?}");
        assert_eq!(played.stalls, 0, "{played:?}");
        share
    };
    assert!(share(0) > 60.0);
    assert!(share(pace) < 30.0 && share(pace / 2) < 30.0);
}
