//! What `image/release` puts into a folder is what boxes take.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use app::{UpdateAct, UpdateNews};
use fixtures::web::Manner;
use tempfile::TempDir;

use crate::bench::{BUNDLE, Bench, image, keys};
use crate::installer::Mood;

/// `image/release`, of the channel stable in the folder `site`.
fn release(folder: &Path, more: &[&str]) -> Output {
    let mut release = Command::new(image("release"));
    release.arg(folder.join("site")).arg("stable");
    release.arg(keys().path("channel.pem")).args(more);
    release.current_dir(folder).output().unwrap()
}

/// A folder with a bundle.
fn bundle() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (bundle, _) = keys().bundle("matinee-test", 200_000, 1);
    fs::write(folder.path().join("new.raucb"), bundle).unwrap();
    fs::write(folder.path().join("notes"), "Für alle: 字幕.\n").unwrap();
    folder
}

fn said(output: &Output) -> String {
    let text = if output.status.success() {
        &output.stdout
    } else {
        &output.stderr
    };
    String::from_utf8(text.clone()).unwrap().trim().to_owned()
}

async fn served(folder: &Path) -> Bench {
    let read = |name: &str| fs::read(folder.join("site").join(name)).unwrap();
    let files = vec![
        ("/stable.dsse", read("stable.dsse")),
        (BUNDLE, read(&BUNDLE[1..])),
    ];
    Bench::new(files, Manner::default(), Mood::Good).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_taken_by_a_box() {
    let folder = bundle();
    let done = release(folder.path(), &["new.raucb", "--notes", "notes"]);
    assert!(done.status.success(), "{}", said(&done));
    let told = said(&done);
    assert!(
        told.ends_with("stable.dsse: 1.4.0, sequence 1, 100 % of the boxes, for test"),
        "{told}"
    );
    let mut bench = served(folder.path()).await;
    let offer = bench.check().await.unwrap().unwrap();
    assert_eq!((&*offer.notes, offer.expired), ("Für alle: 字幕.", false));
    assert_eq!(bench.ask(UpdateAct::Install).await, UpdateNews::Ready);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_held_back_and_let_go_without_another_sequence() {
    let folder = bundle();
    release(folder.path(), &["new.raucb", "--rollout", "0"]);
    let mut bench = served(folder.path()).await;
    let later = bench.ask(UpdateAct::Check { asked: false }).await;
    assert_eq!(later, UpdateNews::Checked(Ok(None)));
    let done = release(folder.path(), &["--rollout", "100"]);
    assert!(said(&done).contains("sequence 1, 100 %"), "{}", said(&done));
    let mut bench = served(folder.path()).await;
    let now = bench.ask(UpdateAct::Check { asked: false }).await;
    assert!(matches!(now, UpdateNews::Checked(Ok(Some(_)))), "{now:?}");
    let done = release(folder.path(), &["new.raucb"]);
    assert!(said(&done).contains("sequence 2"), "{}", said(&done));
}

#[test]
fn mistakes_are_told_before_anything_is_written() {
    let folder = bundle();
    let refused = |more: &[&str]| {
        let done = release(folder.path(), more);
        assert!(!done.status.success(), "{}", said(&done));
        said(&done)
    };
    assert!(refused(&[]).contains("there is nothing to be changed"));
    let (other, _) = keys().bundle("someone-else", 1000, 1);
    fs::write(folder.path().join("other.raucb"), other).unwrap();
    assert!(refused(&["other.raucb"]).contains("no board of ours"));
    fs::write(folder.path().join("none.raucb"), b"short").unwrap();
    assert!(refused(&["none.raucb"]).contains("is no bundle"));
    assert!(!folder.path().join("site/stable.dsse").exists());
    release(folder.path(), &["new.raucb", "--sequence", "7"]);
    let older = refused(&["new.raucb", "--sequence", "7"]);
    assert!(older.contains("boxes have seen 7 already"), "{older}");
}
