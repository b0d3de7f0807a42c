//! An update is fetched: whole, in few requests, at a trickle while a film plays, and in spite of a
//! server that stumbles.

use std::sync::Arc;
use std::time::Duration;

use app::{UpdateAct, UpdateNews};
use fixtures::web::{Fault, Manner};
use tokio::time::{Instant, sleep};

use crate::bench::{BUNDLE, Bench, keys};
use crate::installer::Mood;

const MB: usize = 1_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_announced_is_what_the_installer_reads() {
    let mut bench = Bench::with_update(5 * MB, Manner::default(), Mood::Good).await;
    let offer = bench.check().await.unwrap().unwrap();
    assert_eq!((&*offer.version, &*offer.notes), ("1.4.0", "Owls."));
    assert!(!offer.expired && offer.bytes > 5 * MB as u64);
    let done = bench.ask(UpdateAct::Install).await;
    assert_eq!(done, UpdateNews::Ready);
    let (bundle, _) = keys().bundle("matinee-test", 5 * MB, 1);
    let read = bench.installer.state.lock().unwrap().read.clone();
    // Signatures differ from time to time.
    assert!(read[..5 * MB] == bundle[..5 * MB] && read.len() > 5 * MB);
    let asked = bench.server.asked.lock().unwrap().clone();
    let asked: Vec<_> = asked.iter().filter(|it| it.path == BUNDLE).collect();
    // Ahead of what is asked for is read more and more.
    assert!(asked.len() < 25, "{asked:?}");
    // The end was looked at, and is asked for no more.
    let late = asked.iter().skip(3).filter_map(|it| it.range);
    let last = late.map(|(_, last)| last).max().unwrap();
    assert!(last < 5 * MB, "{last}");
    assert!(bench.server.sent() < offer.bytes + MB as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stumbles_is_asked_again() {
    let manner = Manner {
        whim: Arc::new(|number, path| match number {
            3 if path == BUNDLE => Fault::Cut(1000),
            4 if path == BUNDLE => Fault::Status(503, String::new()),
            _ => Fault::None,
        }),
        ..Manner::default()
    };
    let mut bench = Bench::with_update(MB, manner, Mood::Good).await;
    bench.check().await.unwrap().unwrap();
    assert_eq!(bench.ask(UpdateAct::Install).await, UpdateNews::Ready);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_film_plays_it_comes_at_a_trickle() {
    let mut bench = Bench::with_update(4 * MB, Manner::default(), Mood::Good).await;
    let bytes = bench.check().await.unwrap().unwrap().bytes;
    bench.updates.perform(UpdateAct::Hold(true));
    let began = Instant::now();
    bench.updates.perform(UpdateAct::Install);
    // The core is told how far it is, so that the viewer is.
    let (_, fetched) = bench.fetching().await;
    assert!(fetched < bytes / 4, "{fetched}");
    sleep(Duration::from_secs(3)).await;
    let (passed, sent) = (began.elapsed().as_secs() + 1, bench.server.sent());
    // 64 KiB a second, what was on its way, and the end.
    assert!(sent <= passed * 64 * 1024 + 300_000, "{sent} in {passed} s");
    bench.updates.perform(UpdateAct::Hold(false));
    assert_eq!(bench.next().await, UpdateNews::Ready);
    assert!(began.elapsed() < Duration::from_secs(30));
}
