//! What is not taken, and what is said of it.

use app::{UpdateAct, UpdateFailure, UpdateNews};
use fixtures::web::{Fault, Manner};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::bench::{BUNDLE, Bench, channel, keys};
use crate::installer::Mood;

/// A box whose channel is that, changed so.
async fn box_with(change: impl FnOnce(&mut Value), key: &str) -> Bench {
    let (bundle, hash) = keys().bundle("matinee-test", 100_000, 1);
    let mut told = channel(&bundle, &hash);
    change(&mut told);
    let file = keys().sign(key, &told);
    let files = vec![("/stable.dsse", file), (BUNDLE, bundle)];
    Bench::new(files, Manner::default(), Mood::Good).await
}

/// What the box says to a channel that is changed so.
async fn refused(change: impl FnOnce(&mut Value)) -> UpdateFailure {
    let mut bench = box_with(change, "channel.pem").await;
    bench.check().await.unwrap_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_is_wrong_is_refused_each_for_its_own_reason() {
    let mut stranger = box_with(|_| {}, "stranger.pem").await;
    assert_eq!(stranger.check().await, Err(UpdateFailure::NotSigned));
    let other = refused(|it| it["channel"] = json!("beta")).await;
    assert_eq!(other, UpdateFailure::OtherChannel("beta".into()));
    let board = refused(|it| it["bundles"] = json!({})).await;
    assert_eq!(board, UpdateFailure::OtherBoard("test".into()));
    let minimum = refused(|it| it["minimum"] = json!("1.3.5")).await;
    assert_eq!(minimum, UpdateFailure::NeedsFirst("1.3.5".into()));
    let format = refused(|it| it["format"] = json!(2)).await;
    assert_eq!(format, UpdateFailure::TooNew);
    let broken = refused(|it| it["sequence"] = json!("x")).await;
    assert!(matches!(broken, UpdateFailure::Broken(_)), "{broken:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_channel_or_not_there_is_said_to_be_so() {
    let files = vec![("/stable.dsse", b"<html>".to_vec())];
    let mut bench = Bench::new(files, Manner::default(), Mood::Good).await;
    let broken = bench.check().await.unwrap_err();
    assert!(matches!(broken, UpdateFailure::Broken(_)), "{broken:?}");
    let mut bench = Bench::new(Vec::new(), Manner::default(), Mood::Good).await;
    let gone = bench.check().await.unwrap_err();
    assert!(matches!(gone, UpdateFailure::Unreachable(_)), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lower_sequence_is_refused_also_after_a_restart() {
    let mut bench = box_with(|_| {}, "channel.pem").await;
    // Another box saw a later one: as if somebody had put the older file back.
    bench.check().await.unwrap().unwrap();
    let record = bench.data.path().join("updates.json");
    let mut seen: Value = serde_json::from_slice(&std::fs::read(&record).unwrap()).unwrap();
    assert_eq!(seen["seen"]["stable"], 42);
    seen["seen"]["stable"] = json!(43);
    std::fs::write(&record, seen.to_string()).unwrap();
    bench.restart("1.3.0");
    let older = UpdateFailure::Older {
        offered: 42,
        seen: 43,
    };
    assert_eq!(bench.check().await, Err(older));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_nobody_renews_is_offered_with_a_warning() {
    let mut bench = box_with(|it| it["expires_s"] = json!(1), "channel.pem").await;
    assert!(bench.check().await.unwrap().unwrap().expired);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_version_that_the_box_came_with_is_not_put_on_it_again() {
    let mut bench = box_with(|it| it["version"] = json!("1.3.0"), "channel.pem").await;
    assert_eq!(bench.check().await, Ok(None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_of_the_boxes_is_asked_to_wait_unless_somebody_asks() {
    let mut bench = box_with(|it| it["rollout_percent"] = json!(0), "channel.pem").await;
    let later = bench.ask(UpdateAct::Check { asked: false }).await;
    assert_eq!(later, UpdateNews::Checked(Ok(None)));
    assert!(bench.check().await.unwrap().is_some());
}

/// What comes of a bundle that lies there in the place of the one that was announced.
async fn instead(put: impl FnOnce(Vec<u8>) -> Vec<u8>, manner: Manner) -> UpdateNews {
    let (bundle, hash) = keys().bundle("matinee-test", 100_000, 1);
    let file = keys().sign("channel.pem", &channel(&bundle, &hash));
    let files = vec![("/stable.dsse", file), (BUNDLE, put(bundle))];
    let mut bench = Bench::new(files, manner, Mood::Good).await;
    bench.check().await.unwrap().unwrap();
    let news = bench.ask(UpdateAct::Install).await;
    assert!(bench.installer.state.lock().unwrap().read.is_empty());
    news
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_that_is_cut_off_is_not_installed() {
    for missing in [1, 8, 50_000] {
        let cut = |mut bundle: Vec<u8>| {
            bundle.truncate(bundle.len() - missing);
            bundle
        };
        let news = instead(cut, Manner::default()).await;
        let UpdateNews::Failed(UpdateFailure::WrongSize { announced, there }) = news else {
            panic!("{news:?}");
        };
        assert_eq!(announced - there, missing as u64);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_that_was_swapped_after_the_check_is_not_installed() {
    // Signed by the same people, of the same size, for the same board.
    let swap = |bundle: Vec<u8>| {
        let make = |seed| keys().bundle("matinee-test", 100_000, seed).0;
        let other = (2..50).map(make);
        let mut same = other.filter(|it| it.len() == bundle.len());
        same.next().unwrap()
    };
    let news = instead(swap, Manner::default()).await;
    assert_eq!(news, UpdateNews::Failed(UpdateFailure::Swapped));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_ends_in_nonsense_is_not_installed() {
    let nonsense = |bundle: Vec<u8>| fixtures::payload(bundle.len(), 9);
    let news = instead(nonsense, Manner::default()).await;
    let broken = matches!(&news, UpdateNews::Failed(UpdateFailure::Broken(_)));
    assert!(broken, "{news:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_gives_no_parts_cannot_serve_updates() {
    let manner = Manner {
        whim: Arc::new(|_, path| match path {
            BUNDLE => Fault::IgnoreRange,
            _ => Fault::None,
        }),
        ..Manner::default()
    };
    let news = instead(|bundle| bundle, manner).await;
    let UpdateNews::Failed(UpdateFailure::Unreachable(why)) = news else {
        panic!("{news:?}");
    };
    assert!(why.contains("gives no parts"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_for_another_board_is_not_installed() {
    let (bundle, hash) = keys().bundle("matinee-rpi4", 100_000, 1);
    let file = keys().sign("channel.pem", &channel(&bundle, &hash));
    let files = vec![("/stable.dsse", file), (BUNDLE, bundle)];
    let mut bench = Bench::new(files, Manner::default(), Mood::Good).await;
    bench.check().await.unwrap().unwrap();
    let news = bench.ask(UpdateAct::Install).await;
    let other = UpdateFailure::ForOther("matinee-rpi4".into());
    assert_eq!(news, UpdateNews::Failed(other));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_with_the_installer_is_said() {
    let mut bench = Bench::with_update(300_000, Manner::default(), Mood::Refuses).await;
    bench.check().await.unwrap().unwrap();
    let news = bench.ask(UpdateAct::Install).await;
    let why = "signature verification failed: unknown signer".to_owned();
    assert_eq!(news, UpdateNews::Failed(UpdateFailure::Refused(why)));

    let mut bench = Bench::with_update(300_000, Manner::default(), Mood::Crashes).await;
    bench.check().await.unwrap().unwrap();
    let news = bench.ask(UpdateAct::Install).await;
    let gone = matches!(&news, UpdateNews::Failed(UpdateFailure::NoInstaller(_)));
    assert!(gone, "{news:?}");

    let mut bench = Bench::with_update(300_000, Manner::default(), Mood::Absent).await;
    let gone = bench.check().await.unwrap_err();
    assert!(matches!(gone, UpdateFailure::NoInstaller(_)), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_server_dies_in_the_middle_that_is_the_reason() {
    let manner = Manner {
        whim: Arc::new(|number, path| match path {
            BUNDLE if number > 3 => Fault::Status(404, String::new()),
            _ => Fault::None,
        }),
        ..Manner::default()
    };
    let mut bench = Bench::with_update(3_000_000, manner, Mood::Good).await;
    bench.check().await.unwrap().unwrap();
    let news = bench.ask(UpdateAct::Install).await;
    let UpdateNews::Failed(UpdateFailure::Unreachable(why)) = news else {
        panic!("{news:?}");
    };
    assert!(why.contains("404"), "{why}");
}
