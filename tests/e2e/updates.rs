//! The page of the box's own updates: on a box that follows a channel, and on a machine that is no
//! image.

use std::net::TcpListener;

use crate::client::{SOON, TvBox};
use crate::screen;

#[test]
fn a_box_looks_for_updates_when_it_is_told_to() {
    let data = tempfile::tempdir().unwrap();
    // Nobody listens there any more.
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = gone.local_addr().unwrap();
    drop(gone);
    let text = format!(
        "keys = [\"{}\"]\nat-home = true\n[channels]\nstable = \"http://{address}/s.dsse\"\n",
        "ab".repeat(32)
    );
    std::fs::write(data.path().join("update.toml"), text).unwrap();
    // A path in the file is taken from its folder.
    let settings = data.path().join("settings.toml");
    std::fs::write(settings, "updates = \"update.toml\"\n").unwrap();
    let tv = TvBox::start(data.path(), &[]);
    tv.wait("the wall", SOON, |s| screen(s) == "home");
    tv.setting("Updates");
    let page = tv.wait("the page of updates", SOON, |s| screen(s) == "updates");
    assert_eq!(page["updates"]["detail"], "stable");
    tv.key("ok");
    let told = |text: &str| text.contains("can't be reached");
    tv.wait("what came of it", SOON, |s| {
        s["updates"]["message"].as_str().is_some_and(told)
    });
    assert!(data.path().join("updates.json").exists());
}

#[test]
fn a_machine_that_is_no_image_has_no_such_page() {
    let data = tempfile::tempdir().unwrap();
    let tv = TvBox::start(data.path(), &[]);
    tv.wait("the wall", SOON, |s| screen(s) == "home");
    let lines = tv.settings();
    assert!(!lines.iter().any(|line| line == "Updates"), "{lines:?}");
}
