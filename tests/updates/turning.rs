//! From one system to the other and back: what is told after a start.

use app::{LastUpdate, UpdateAct, UpdateFailure, UpdateNews, UpdatesStand};
use fixtures::web::Manner;

use crate::bench::Bench;
use crate::installer::Mood;

async fn stands(bench: &mut Bench) -> UpdatesStand {
    match bench.ask(UpdateAct::Look).await {
        UpdateNews::Stands(stand) => stand,
        news => panic!("{news:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_box_updates_and_its_owner_goes_back() {
    let mut bench = Bench::with_update(300_000, Manner::default(), Mood::Good).await;
    assert_eq!(stands(&mut bench).await, UpdatesStand::default());
    bench.check().await.unwrap().unwrap();
    assert_eq!(bench.ask(UpdateAct::Install).await, UpdateNews::Ready);
    // The program alone was started again: it waits still.
    bench.restart("1.3.0");
    let waits = stands(&mut bench).await.waits;
    assert_eq!(waits.as_deref(), Some("1.4.0"));
    bench.updates.perform(UpdateAct::Restart);
    // News of what comes after it: the new start was asked for by then.
    let stand = stands(&mut bench).await;
    assert_eq!(stand.waits.as_deref(), Some("1.4.0"));
    let asked = bench.runtime.path().join("restart");
    assert!(asked.exists());
    std::fs::remove_file(&asked).unwrap();

    bench.installer.state.lock().unwrap().runs = "B";
    bench.restart("1.4.0");
    let stand = stands(&mut bench).await;
    let to = "1.4.0".to_owned();
    assert_eq!(stand.last, Some(LastUpdate::Updated { to }));
    assert!(stand.fresh);
    assert_eq!(stand.before.as_deref(), Some("1.3.0"));
    assert_eq!(bench.check().await, Ok(None), "what runs is not installed");

    bench.updates.perform(UpdateAct::GoBack);
    stands(&mut bench).await;
    assert!(asked.exists());
    let marks = bench.installer.state.lock().unwrap().marks.clone();
    assert_eq!(marks, [("active".to_owned(), "rootfs.0".to_owned())]);

    bench.installer.state.lock().unwrap().runs = "A";
    bench.restart("1.3.0");
    let stand = stands(&mut bench).await;
    let from = "1.4.0".to_owned();
    assert_eq!(stand.last, Some(LastUpdate::SentBack { from }));
    // Not by itself, but when somebody asks.
    let quiet = bench.ask(UpdateAct::Check { asked: false }).await;
    assert_eq!(quiet, UpdateNews::Checked(Ok(None)));
    assert!(bench.check().await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_came_on_a_drive_and_was_given_up_is_not_taken_from_the_channel() {
    let mut bench = Bench::with_update(1000, Manner::default(), Mood::Good).await;
    let quiet = UpdateAct::Check { asked: false };
    let found = bench.ask(quiet.clone()).await;
    assert!(
        matches!(found, UpdateNews::Checked(Ok(Some(_)))),
        "{found:?}"
    );
    std::fs::write(bench.given_up(), "1.4.0 never-up\n").unwrap();
    assert_eq!(bench.ask(quiet).await, UpdateNews::Checked(Ok(None)));
    assert!(bench.check().await.unwrap().is_some(), "when somebody asks");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_channel_that_the_owner_chose_is_followed_after_a_restart() {
    let mut bench = Bench::with_update(1000, Manner::default(), Mood::Good).await;
    assert_eq!(bench.settings.channel.as_deref(), Some("stable"));
    bench.updates.perform(UpdateAct::Follow("beta".into()));
    // There is none.
    let gone = bench.check().await.unwrap_err();
    assert!(matches!(gone, UpdateFailure::Unreachable(_)), "{gone:?}");
    bench.restart("1.3.0");
    assert_eq!(bench.settings.channel.as_deref(), Some("beta"));
    let turn = bench.settings.turn_permille;
    bench.restart("1.3.0");
    assert_eq!(bench.settings.turn_permille, turn, "made once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_cannot_be_started_anew_says_so() {
    let mut bench = Bench::with_update(1000, Manner::default(), Mood::Good).await;
    std::fs::remove_dir(bench.runtime.path()).unwrap();
    let news = bench.ask(UpdateAct::Restart).await;
    let no = matches!(&news, UpdateNews::Failed(UpdateFailure::NoRestart(_)));
    assert!(no, "{news:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_installed_that_was_not_offered() {
    let mut bench = Bench::with_update(1000, Manner::default(), Mood::Good).await;
    let news = bench.ask(UpdateAct::Install).await;
    let none = matches!(&news, UpdateNews::Failed(UpdateFailure::Broken(_)));
    assert!(none, "{news:?}");
}
