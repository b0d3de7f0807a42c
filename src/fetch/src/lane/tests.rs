//! Lanes, by a clock that the tests turn.
#![allow(clippy::unwrap_used)]

use tokio::time::advance;

use super::*;

const SOON: Duration = Duration::from_millis(10);
const FAR: Duration = Duration::from_secs(3600);

fn lanes(pace: Pace) -> Lanes {
    let patience = Patience {
        failures: 3,
        open_min: Duration::from_secs(30),
        open_max: Duration::from_secs(100),
        backoff: Duration::ZERO,
    };
    Lanes::new(Pace::default(), vec![("a".into(), pace)], patience)
}

fn fast() -> Pace {
    Pace {
        at_once: 2,
        per_second: 1000,
        burst: 1000,
    }
}

async fn enter(lanes: &Lanes, host: &str, within: Duration) -> Result<Pass, FetchError> {
    lanes.enter(host, Instant::now() + within).await
}

fn after(refused: Result<Pass, FetchError>) -> Duration {
    match refused {
        Err(FetchError::Later { after, .. }) => after,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_is_asked_a_few_things_at_a_time() {
    let lanes = lanes(fast());
    let first = enter(&lanes, "a", FAR).await.unwrap();
    let _second = enter(&lanes, "a", FAR).await.unwrap();
    let third = enter(&lanes, "a", SOON).await;
    assert_eq!(third.err(), Some(FetchError::TooSlow("a".into())));
    let _other = enter(&lanes, "b", SOON).await.unwrap();
    drop(first);
    enter(&lanes, "a", SOON).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn asks_go_out_at_the_pace_of_the_host() {
    let lanes = lanes(Pace {
        at_once: 9,
        per_second: 4,
        burst: 3,
    });
    let begin = Instant::now();
    for _ in 0..11 {
        enter(&lanes, "a", FAR).await.unwrap();
    }
    // Three at once, then eight at four a second; timers are a millisecond coarse.
    let took = begin.elapsed().as_millis();
    assert!((2000..2100).contains(&took), "{took}");
    assert!(
        after(enter(&lanes, "a", SOON).await) > SOON,
        "and fails at once"
    );
    assert_eq!(begin.elapsed().as_millis(), took);
}

#[tokio::test(start_paused = true)]
async fn a_host_that_says_later_is_waited_for() {
    let lanes = lanes(fast());
    let begin = Instant::now();
    let mut pass = enter(&lanes, "a", FAR).await.unwrap();
    pass.held(Duration::from_secs(7));
    drop(pass);
    assert_eq!(after(enter(&lanes, "a", SOON).await).as_secs(), 7);
    enter(&lanes, "a", FAR).await.unwrap();
    assert_eq!(begin.elapsed().as_secs(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_host_that_fails_is_left_alone_and_tried_by_one() {
    let lanes = lanes(fast());
    for _ in 0..3 {
        enter(&lanes, "a", FAR).await.unwrap().failed();
    }
    assert_eq!(after(enter(&lanes, "a", FAR).await).as_secs(), 30);
    enter(&lanes, "b", SOON).await.unwrap();
    advance(Duration::from_secs(31)).await;
    let mut probe = enter(&lanes, "a", FAR).await.unwrap();
    after(enter(&lanes, "a", FAR).await);
    probe.failed();
    drop(probe);
    assert_eq!(
        after(enter(&lanes, "a", FAR).await).as_secs(),
        60,
        "twice as long"
    );
    advance(Duration::from_secs(61)).await;
    // One that is given up says nothing, and the next may try.
    drop(enter(&lanes, "a", FAR).await.unwrap());
    let mut probe = enter(&lanes, "a", FAR).await.unwrap();
    probe.worked();
    enter(&lanes, "a", FAR).await.unwrap().failed();
    enter(&lanes, "a", FAR).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_failure_between_successes_opens_nothing() {
    let lanes = lanes(fast());
    for _ in 0..10 {
        enter(&lanes, "a", FAR).await.unwrap().failed();
        enter(&lanes, "a", FAR).await.unwrap().worked();
    }
    enter(&lanes, "a", FAR).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn hosts_are_forgotten_when_there_are_too_many_or_the_network_is_another() {
    let lanes = lanes(fast());
    for _ in 0..3 {
        enter(&lanes, "a", FAR).await.unwrap().failed();
    }
    lanes.forgive();
    enter(&lanes, "a", FAR).await.unwrap();
    for host in 0..1000 {
        enter(&lanes, &host.to_string(), FAR).await.unwrap();
    }
    assert_eq!(lock(&lanes.lanes).len(), HOSTS_MAX);
}
