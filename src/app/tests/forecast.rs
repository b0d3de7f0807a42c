//! The forecast against a film that is played in small steps: what it promises must come true.

#![allow(clippy::unwrap_used)]

use std::ops::Range;
use std::time::Duration;

use app::{Forecast, Progress, forecast};
use proptest::prelude::*;

/// Of a step, in seconds.
const STEP: f64 = 0.05;

/// What a forecast never asks for beyond: half of the smallest cache.
const ROOM: u64 = 32 << 20;

#[derive(Debug, Clone)]
struct Case {
    progress: Progress,
    duration: Duration,
}

impl Case {
    fn forecast(&self) -> Option<Forecast> {
        forecast(&self.progress, Some(self.duration))
    }

    fn bitrate(&self) -> f64 {
        self.progress.size as f64 / self.duration.as_secs_f64()
    }

    fn capacity(&self) -> f64 {
        self.progress.capacity.max(self.progress.rate) as f64
    }

    /// Seconds the film stands still when it starts after `wait`, and seconds of film that lie
    /// ahead then. Bytes come in order, the nearest gap first.
    fn play(&self, wait: f64) -> (f64, f64) {
        let size = self.progress.size as f64;
        let mut have: Vec<_> = self
            .progress
            .have
            .iter()
            .map(|r| r.start as f64..r.end as f64)
            .collect();
        let (mut at, mut time, mut stalled) = (self.progress.read_at as f64, 0.0, 0.0);
        let mut ahead_at_start = None;
        while at < size - 1.0 {
            // What comes in this step goes to the first gap beyond the playhead, and the next.
            let mut comes = self.capacity() * STEP;
            while comes > 0.0 {
                let reached = at + ahead(at, &have);
                if reached >= size {
                    break;
                }
                let next = have.iter().position(|run| run.start > reached);
                let gap = next.map_or(size, |next| have[next].start) - reached;
                let part = comes.min(gap);
                match have.iter_mut().find(|run| run.contains(&at)) {
                    Some(run) => run.end += part,
                    None => have.insert(next.unwrap_or(have.len()), at..at + part),
                }
                comes -= part;
                // Runs that touch are one.
                have.dedup_by(|next, run| {
                    let touch = run.end >= next.start - 1e-6;
                    if touch {
                        run.end = run.end.max(next.end);
                    }
                    touch
                });
            }
            time += STEP;
            if time < wait {
                continue;
            }
            let ahead = ahead(at, &have);
            ahead_at_start.get_or_insert(ahead / self.bitrate());
            let plays = (self.bitrate() * STEP).min(ahead);
            stalled += STEP - plays / self.bitrate();
            at += plays.max(1e-3);
        }
        (stalled, ahead_at_start.unwrap_or(f64::MAX))
    }
}

fn ahead(at: f64, have: &[Range<f64>]) -> f64 {
    let run = have.iter().find(|run| run.contains(&at));
    run.map_or(0.0, |run| run.end - at)
}

/// Films of at most so many bytes.
fn case(most: u64) -> impl Strategy<Value = Case> {
    let cuts = prop::collection::vec(0..1000_u64, 0..8);
    let parts = (1_000_000..most, 20..200_u64, 1..300_u64, cuts, 0..1000_u64);
    parts.prop_map(|(size, seconds, percent, mut cuts, at)| {
        cuts.sort_unstable();
        cuts.dedup();
        let runs = cuts.chunks_exact(2);
        let have = runs.map(|cut| cut[0] * size / 1000..cut[1] * size / 1000);
        let rate = size / seconds * percent / 100;
        Case {
            progress: Progress {
                peers: 3,
                rate,
                capacity: rate,
                size,
                have: have.collect(),
                read_at: at * size / 1000,
                ..Progress::default()
            },
            duration: Duration::from_secs(seconds),
        }
    })
}

/// Higher is worse.
fn order(forecast: Option<Forecast>) -> Duration {
    match forecast.unwrap() {
        Forecast::PlaysThrough => Duration::ZERO,
        Forecast::StartsIn(wait) => wait,
        Forecast::TooSlow { .. } => Duration::MAX,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_promised_comes_true(case in case(60_000_000)) {
        let slack = 4.0 * STEP;
        match case.forecast().unwrap() {
            Forecast::PlaysThrough => {
                let (stalled, _) = case.play(0.0);
                prop_assert!(stalled <= slack, "stalled for {stalled} s");
            }
            Forecast::StartsIn(wait) => {
                let wait = wait.as_secs_f64();
                let (stalled, ahead) = case.play(wait + STEP);
                prop_assert!(stalled <= slack, "stalled for {stalled} s");
                let rest = (case.progress.size - case.progress.read_at) as f64 / case.bitrate();
                prop_assert!(ahead >= 1.0_f64.min(rest) - slack, "started with {ahead} s");
                // And no wait is for nothing.
                let (stalled, ahead) = case.play(wait * 0.8 - slack);
                prop_assert!(wait < 2.0 || stalled > 1e-6 || ahead < 4.0 + slack);
            }
            Forecast::TooSlow { fits } => {
                let (stalled, _) = case.play(0.0);
                prop_assert!(stalled > 1e-6);
                prop_assert!((fits as f64) < case.bitrate());
                prop_assert!(fits as f64 * 1.2 <= case.capacity());
                // Nobody is told so who had only to wait a minute, where there is room for that.
                let (stalled, _) = case.play(59.0);
                let comes = case.capacity() * 60.0;
                prop_assert!(stalled > 1e-6 || comes > (ROOM / 2) as f64);
            }
        }
    }

    #[test]
    fn a_faster_swarm_is_never_worse(case in case(ROOM), more in 1..1_000_000_u64) {
        let mut faster = case.clone();
        faster.progress.capacity += more;
        prop_assert!(order(faster.forecast()) <= order(case.forecast()));
    }

    #[test]
    fn more_at_hand_is_never_worse(case in case(ROOM), end in 0..1000_u64) {
        let mut richer = case.clone();
        let end = end * case.progress.size / 1000;
        let mut have = Vec::new();
        have.push(0..end);
        have.extend(case.progress.have.iter().filter(|run| run.end > end).map(|run| {
            run.start.max(end)..run.end
        }));
        have.dedup_by(|next, run| {
            let touch = run.end == next.start;
            if touch {
                run.end = next.end;
            }
            touch
        });
        richer.progress.have = have.into_iter().filter(|run| !run.is_empty()).collect();
        prop_assert!(order(richer.forecast()) <= order(case.forecast()));
    }

    /// Nonsense is no panic, and a film that lies there whole plays.
    #[test]
    fn any_numbers_are_no_panic(
        size: u64, read_at: u64, rate: u64, capacity: u64, seconds: Option<u64>,
        runs in prop::collection::vec(any::<Range<u64>>(), 0..4),
    ) {
        let mut progress = Progress {
            size, read_at, rate, capacity, have: runs, ..Progress::default()
        };
        let duration = seconds.map(Duration::from_secs);
        let _ = forecast(&progress, duration);
        progress.have = std::iter::once(0..size).collect();
        let whole = forecast(&progress, duration);
        prop_assert_eq!(whole, (size > 0).then_some(Forecast::PlaysThrough));
    }
}

fn film(rate: u64, have: Range<u64>) -> Progress {
    Progress {
        rate,
        capacity: rate,
        size: 75_000_000,
        have: vec![have],
        ..Progress::default()
    }
}

#[test]
fn in_figures() {
    let minutes = Some(Duration::from_secs(120));
    let mib = 1 << 20;
    for (progress, expected) in [
        // 625 kB/s of film. A second of it is enough when the swarm is a quarter faster ...
        (film(800_000, 0..700_000), Forecast::PlaysThrough),
        (
            film(800_000, 0..225_000),
            Forecast::StartsIn(Duration::from_millis(500)),
        ),
        // ... and four when it is not.
        (
            film(700_000, 0..700_000),
            Forecast::StartsIn(Duration::from_secs_f64(18.0 / 7.0)),
        ),
        // Five per cent short of it: six seconds of film would be missing in the end.
        (
            film(593_750, 0..0),
            Forecast::StartsIn(Duration::from_secs_f64(120.0 / 0.95 - 120.0)),
        ),
        (film(593_750, 0..16 * mib), Forecast::PlaysThrough),
        (
            film(300_000, 0..16 * mib),
            Forecast::TooSlow { fits: 240_000 },
        ),
        (film(0, 0..75_000_000), Forecast::PlaysThrough),
    ] {
        let told = forecast(&progress, minutes).unwrap();
        let close = match (told, expected) {
            (Forecast::StartsIn(told), Forecast::StartsIn(expected)) => {
                told.abs_diff(expected) < Duration::from_millis(5)
            }
            (told, expected) => told == expected,
        };
        assert!(close, "{progress:?}: {told:?} and not {expected:?}");
    }
    assert_eq!(forecast(&film(0, 0..16 * mib), minutes), None);
    assert_eq!(forecast(&Progress::default(), minutes), None);
}

#[test]
fn a_length_nobody_knows_is_guessed_by_the_size() {
    // A feature of 1.4 GB is taken for 75 minutes, one of 25 GB for two hours.
    let of = |size, rate| {
        let progress = Progress {
            size,
            rate,
            have: std::iter::once(0..size / 100).collect(),
            ..Progress::default()
        };
        forecast(&progress, None)
    };
    assert_eq!(of(1_400_000_000, 400_000), Some(Forecast::PlaysThrough));
    assert!(matches!(
        of(1_400_000_000, 200_000),
        Some(Forecast::TooSlow { .. })
    ));
    assert_eq!(of(25_000_000_000, 4_500_000), Some(Forecast::PlaysThrough));
    assert!(matches!(
        of(25_000_000_000, 2_000_000),
        Some(Forecast::TooSlow { .. })
    ));
}
