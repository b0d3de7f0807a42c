//! Rows of the wall: shown and hidden, and put in order.

use std::sync::Arc;

use app::{Effect, Event, Key, Library, Preferences, Press, Row, Screen};
use expect_test::expect;

use crate::story::{Story, check, film};

#[test]
fn a_row_is_hidden_and_shown_again() {
    check(
        "to Rows on the wall
         down
         down
         down
         ok
         home
         down
         to Rows on the wall
         down
         down
         down
         ok
         back
         back
         down",
        &expect![[r#"
            > to Rows on the wall
                rows on the wall [Continue watching=On] Next episodes=On My list=On New=On Old=On Opened on this box=On | Continue watching | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > down
                rows on the wall Continue watching=On [Next episodes=On] My list=On New=On Old=On Opened on this box=On | Next episodes | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > down
                rows on the wall Continue watching=On Next episodes=On [My list=On] New=On Old=On Opened on this box=On | My list | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > down
                rows on the wall Continue watching=On Next episodes=On My list=On [New=On] Old=On Opened on this box=On | New | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > ok
              save 
                rows on the wall Continue watching=On Next episodes=On My list=On [New=Off] Old=On Opened on this box=On | New | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > home
                home: Old: [DOG] EEL
            > down
                home: Old: [DOG] EEL
            > to Rows on the wall
                rows on the wall [Continue watching=On] Next episodes=On My list=On New=Off Old=On Opened on this box=On | Continue watching | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > down
                rows on the wall Continue watching=On [Next episodes=On] My list=On New=Off Old=On Opened on this box=On | Next episodes | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > down
                rows on the wall Continue watching=On Next episodes=On [My list=On] New=Off Old=On Opened on this box=On | My list | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > down
                rows on the wall Continue watching=On Next episodes=On My list=On [New=Off] Old=On Opened on this box=On | New | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > ok
              save 
                rows on the wall Continue watching=On Next episodes=On My list=On [New=On] Old=On Opened on this box=On | New | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > back
                settings [Rows on the wall] Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Rows on the wall | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > back
                home: Search Add-ons [Settings] Power
            > down
                home: Old: [DOG] EEL
        "#]],
    );
}

#[test]
fn a_row_is_moved_by_the_arrows_or_carried() {
    check(
        "to Rows on the wall
         down
         down
         down
         down
         left
         left
         left
         left
         left
         ok down
         ok repeat
         ok up
         down
         ok
         home
         down",
        &expect![[r#"
            > to Rows on the wall
                rows on the wall [Continue watching=On] Next episodes=On My list=On New=On Old=On Opened on this box=On | Continue watching | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > down
                rows on the wall Continue watching=On [Next episodes=On] My list=On New=On Old=On Opened on this box=On | Next episodes | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > down
                rows on the wall Continue watching=On Next episodes=On [My list=On] New=On Old=On Opened on this box=On | My list | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > down
                rows on the wall Continue watching=On Next episodes=On My list=On [New=On] Old=On Opened on this box=On | New | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > down
                rows on the wall Continue watching=On Next episodes=On My list=On New=On [Old=On] Opened on this box=On | Old | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > left
              save 
                rows on the wall Continue watching=On Next episodes=On My list=On [Old=On] New=On Opened on this box=On | Old | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > left
              save 
                rows on the wall Continue watching=On Next episodes=On [Old=On] My list=On New=On Opened on this box=On | Old | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > left
              save 
                rows on the wall Continue watching=On [Old=On] Next episodes=On My list=On New=On Opened on this box=On | Old | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > left
              save 
                rows on the wall [Old=On] Continue watching=On Next episodes=On My list=On New=On Opened on this box=On | Old | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > left
                rows on the wall [Old=On] Continue watching=On Next episodes=On My list=On New=On Opened on this box=On | Old | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > ok down
                rows on the wall [Old=On] Continue watching=On Next episodes=On My list=On New=On Opened on this box=On | Old | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > ok repeat
                rows on the wall [Old=On] Continue watching=On Next episodes=On My list=On New=On Opened on this box=On | Old | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > ok up
              save 
                rows on the wall [Old=Off] Continue watching=On Next episodes=On My list=On New=On Opened on this box=On | Old | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > down
                rows on the wall Old=Off [Continue watching=On] Next episodes=On My list=On New=On Opened on this box=On | Continue watching | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > ok
              save 
                rows on the wall Old=Off [Continue watching=Off] Next episodes=On My list=On New=On Opened on this box=On | Continue watching | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > home
                home: New: [ANT] BEE CAT
            > down
                home: New: [ANT] BEE CAT
        "#]],
    );
}

fn rows_of(story: &Story) -> Vec<String> {
    let Screen::Home(home) = story.app.view().screen else {
        panic!("the wall");
    };
    home.rows.iter().map(|row| row.title.clone()).collect()
}

fn row(id: &str) -> Event {
    Event::Row(Row {
        id: Arc::from(id),
        title: id.to_uppercase(),
        films: vec![film(&format!("{id}1"), 1)],
        more: false,
    })
}

#[test]
fn what_was_chosen_is_kept_and_new_rows_come_below() {
    let mut story = Story::default();
    story.take(row("one"));
    story.take(Event::Film(film("fox", 1)));
    assert_eq!(rows_of(&story), ["New", "Old", "ONE", "Opened on this box"]);
    story.tell("to Rows on the wall\n down\n down\n down\n down\n down\n left\n left\n home");
    assert_eq!(rows_of(&story), ["ONE", "New", "Old", "Opened on this box"]);
    let kept = story.library.clone();
    story.take(row("two"));
    let all = ["ONE", "New", "Old", "Opened on this box", "TWO"];
    assert_eq!(rows_of(&story), all);
    // On the next start, with the add-on a little later.
    let mut again = Story::with(kept, Preferences::default());
    assert_eq!(rows_of(&again), ["New", "Old"]);
    again.take(row("two"));
    again.take(row("one"));
    assert_eq!(rows_of(&again), ["ONE", "New", "Old", "TWO"]);
}

#[test]
fn rows_that_come_leave_the_focus_of_the_page_where_it_is() {
    let mut story = Story::default();
    story.tell("to Rows on the wall\n down\n down\n down\n down");
    story.take(Event::RowGone("nothing".into()));
    story.take(row("one"));
    let Screen::Menu(menu) = story.app.view().screen else {
        panic!("the page");
    };
    assert_eq!((&*menu.labels[menu.focus], menu.labels.len()), ("Old", 7));
}

#[test]
fn a_wall_without_any_row_is_one_too() {
    let mut story = Story::with(Library::default(), Preferences::default());
    story.tell("to Rows on the wall\n down\n down\n down\n ok\n down\n ok\n home");
    assert_eq!(rows_of(&story), [""; 0]);
    story.tell("down\n right\n ok\n back");
    // Search looks at what stands in sight alone, and the film is known all the same.
    let effects = story
        .app
        .update(Event::Key(Key::Ok, Press::Down), story.now);
    assert!(!effects.iter().any(|it| matches!(it, Effect::Open { .. })));
}
