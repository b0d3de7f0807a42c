//! Going along a row by the first letters of its titles.

use app::{Event, Film, Row};
use expect_test::expect;

use crate::story::{Story, film};

/// A row of films that are sorted by title, four of each letter.
fn long(story: &mut Story) {
    let titled = |number: usize| Film {
        title: format!("{}{}", ["2", "Á", "B", "Ж", "도"][number / 4], number % 4),
        ..film(&format!("film{number}"), 1)
    };
    let row = Row::new("Long", (0..20).map(titled).collect());
    story.app.update(Event::Rows(vec![row]), story.now);
}

fn letter(story: &Story) -> (Option<String>, String) {
    let app::Screen::Home(home) = story.app.view().screen else {
        panic!("the wall");
    };
    (home.letter, home.title)
}

fn at(letter: &str, title: &str) -> (Option<String>, String) {
    (Some(letter.into()), title.into())
}

#[test]
fn the_arrows_go_from_letter_to_letter_and_ok_ends_that() {
    let mut story = Story::default();
    long(&mut story);
    story.tell("right\n menu");
    let app::Screen::Menu(menu) = story.app.view().screen else {
        panic!("what can be done");
    };
    assert_eq!(
        menu.labels.last().map(String::as_str),
        Some("Jump to a letter")
    );
    story.tell("down\n down\n down\n down\n down\n ok");
    assert_eq!(letter(&story), at("#", "21"));
    story.tell("right");
    assert_eq!(letter(&story), at("A", "Á0"));
    story.tell("down");
    assert_eq!(letter(&story), at("B", "B0"));
    story.tell("page-down\n right");
    assert_eq!(letter(&story), at("ㄷ", "도0"));
    story.tell("right");
    assert_eq!(letter(&story), at("ㄷ", "도0"));
    story.tell("left");
    assert_eq!(letter(&story), at("Ж", "Ж0"));
    story.tell("ok");
    assert_eq!(letter(&story), (None, "Ж0".into()));
    story.tell("right");
    assert_eq!(letter(&story), (None, "Ж1".into()));
}

#[test]
fn the_letter_goes_by_itself_and_with_the_page() {
    let mut story = Story::default();
    long(&mut story);
    story.tell("menu\n down\n down\n down\n down\n down\n ok\n right\n +3900ms");
    assert_eq!(letter(&story), at("A", "Á0"));
    story.tell("+200ms");
    assert_eq!(letter(&story), (None, "Á0".into()));
    story.tell("menu\n down\n down\n down\n down\n down\n ok\n info\n back");
    assert_eq!(letter(&story), (None, "Á0".into()));
}

#[test]
fn a_short_row_has_no_such_line() {
    let mut story = Story::default();
    story.tell("menu");
    expect![[r#"
        > menu
            this film [Play] Add to my list Mark as watched Sources More about it | ANT | 2010  ·  2 min  ·  Story / About ant.
    "#]].assert_eq(&story.transcript);
}
