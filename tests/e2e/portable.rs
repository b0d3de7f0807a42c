//! What the owner has goes from one box to another as a file.

use std::path::Path;
use std::process::{Command, Output};

use crate::client::{SOON, TvBox};
use crate::screen;

fn matinee(words: &[&str], data: &Path, file: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_matinee"));
    let command = command.args(words).arg(file).arg("--data").arg(data);
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    String::from_utf8_lossy(&text).into_owned()
}

/// Titles of the rows of the wall.
fn rows(tv: &TvBox) -> Vec<String> {
    let state = tv.state();
    let rows = state["rows"].as_array().unwrap().iter();
    rows.map(|row| row["title"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_list_goes_from_one_box_to_another() {
    let folder = tempfile::tempdir().unwrap();
    let [old, new, file] = ["old", "new", "export.json"].map(|name| folder.path().join(name));
    let tv = TvBox::start(&old, &[]);
    tv.key("ok");
    tv.wait("the film's page", SOON, |s| screen(s) == "film");
    // The last of what can be done with a film.
    for _ in 0..5 {
        tv.key("right");
    }
    tv.key("ok");
    tv.key("back");
    tv.wait("the wall", SOON, |s| screen(s) == "home");
    assert!(rows(&tv).contains(&"My list".to_owned()));
    let taken = matinee(&["export"], &old, &file);
    assert!(!taken.status.success(), "the box runs");
    assert!(said(&taken).contains("another Matinee"), "{}", said(&taken));
    tv.stop();

    let exported = matinee(&["export"], &old, &file);
    assert!(exported.status.success(), "{}", said(&exported));
    let again = matinee(&["export"], &old, &file);
    assert!(!again.status.success(), "a file is not written over");
    let imported = matinee(&["import"], &new, &file);
    assert!(imported.status.success(), "{}", said(&imported));
    assert!(
        said(&imported).contains("1 on the list"),
        "{}",
        said(&imported)
    );
    let tv = TvBox::start(&new, &[]);
    assert!(rows(&tv).contains(&"My list".to_owned()));

    let foreign = folder.path().join("foreign.json");
    std::fs::write(&foreign, "{}").unwrap();
    let other = folder.path().join("other");
    let refused = matinee(&["import", "--replace"], &other, &foreign);
    assert!(!refused.status.success());
    assert!(
        said(&refused).contains("no export of Matinee"),
        "{}",
        said(&refused)
    );
}
