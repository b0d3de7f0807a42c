//! The wall: where the focus goes, and films that are no films yet, or none at all.

use expect_test::expect;

use crate::story::{Story, check, film};

#[test]
fn the_focus_moves_over_the_wall_and_back_takes_it_to_the_first_film() {
    check(
        "right
         right
         right
         down
         right
         up
         back",
        &expect![[r#"
            > right
                home: New: ANT [BEE] CAT
            > right
                home: New: ANT BEE [CAT]
            > right
                home: New: ANT BEE [CAT]
            > down
                home: Old: [DOG] EEL
            > right
                home: Old: DOG [EEL]
            > up
                home: New: ANT BEE [CAT]
            > back
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn a_film_that_is_being_made_says_so() {
    check(
        "film demo 42%
         down
         down
         ok
         ok
         film demo 100%
         ok
         home",
        &expect![[r#"
            > film demo 42%
                home: New: [ANT] BEE CAT
            > down
                home: Old: [DOG] EEL
            > down
                home: Opened on this box: [DEMO]
            > ok
                film DEMO: [Play] Source Add to my list | Being made on this box: 42 %
            > ok
                film DEMO: [Play] Source Add to my list | Being made on this box: 42 %
            > film demo 100%
                film DEMO: [Play] Source Add to my list
            > ok
              open torrent 1 of demo-0
                opening DEMO: Finding peers |  | None | -
            > home
              close torrent 1
                home: Opened on this box: [DEMO]
        "#]],
    );
}

#[test]
fn what_is_no_film_is_refused_in_words_that_leave_by_themselves() {
    check(
        "refused
         right
         +8100ms",
        &expect![[r#"
            > refused
                home: New: [ANT] BEE CAT ! There is no film in this. None of its files (3) is a video this box plays. Try another source.
            > right
                home: New: ANT [BEE] CAT ! There is no film in this. None of its files (3) is a video this box plays. Try another source.
            > +8100ms
              prefetch bee-0
                home: New: ANT [BEE] CAT
        "#]],
    );
}

#[test]
fn an_empty_wall_says_so() {
    let mut story = Story::of_nothing();
    story.tell("ok\n down\n back");
    story.take(app::Event::Film(film("fox", 1)));
    story.tell("ok");
    expect![[r#"
        > ok
            home: empty: 
        > down
            home: empty: 
        > back
            home: empty: 
        > ok
            film FOX: [Play] Source Add to my list
    "#]]
    .assert_eq(&story.transcript);
}
