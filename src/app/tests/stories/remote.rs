//! A remote is learnt: asked for, heard, kept, or everything stays as it was.

use app::{Library, Preferences};
use expect_test::expect;

use crate::story::Story;

/// On a box that reads remotes itself.
fn story(script: &str, expect: &expect_test::Expect) {
    let preferences = Preferences {
        remotes: true,
        ..Preferences::default()
    };
    let mut story = Story::with(Library::default(), preferences);
    story.tell(script);
    expect.assert_eq(&story.transcript);
}

#[test]
fn a_strange_remote_is_asked_about_and_kept_by_its_new_ok() {
    story(
        "heard 1
         +500ms
         heard 2
         +500ms
         heard 1
         heard 1
         heard 2
         heard 2
         heard 3
         heard 4
         heard 5
         +10000ms
         heard 7
         +10000ms
         +10000ms
         +10000ms
         heard 1
         heard 5",
        &expect![[r#"
            > heard 1
                home: New: [ANT] BEE CAT
            > +500ms
              prefetch ant-0
                home: New: [ANT] BEE CAT
            > heard 2
                home: New: [ANT] BEE CAT
            > +500ms
                home: New: [ANT] BEE CAT
            > heard 1
              learn buttons
                learn 0: Press Up | -
            > heard 1
                learn 1: Press Down | Heard: infrared 0x01
            > heard 2
                learn 2: Press Left | Heard: infrared 0x02
            > heard 2
                learn 2: Press Left | That button has just been taken for Down.
            > heard 3
                learn 3: Press Right | Heard: infrared 0x03
            > heard 4
                learn 4: Press OK | Heard: infrared 0x04
            > heard 5
                learn 5: Press Back | Heard: infrared 0x05
            > +10000ms
              stop prefetch
                learn 6: Press Home | -
            > heard 7
                learn 7: Press Play/Pause | Heard: infrared 0x07
            > +10000ms
                learn 8: Press Menu | -
            > +10000ms
                learn 9: Press Stop | -
            > +10000ms
                learn 18: Keep these buttons? | -
            > heard 1
                learn 18: Keep these buttons? | -
            > heard 5
              keep Infrared(1) up Infrared(2) down Infrared(3) left Infrared(4) right Infrared(5) ok Infrared(7) home
              learn no more
                home: New: [ANT] BEE CAT ! The buttons are kept. The remote works now.
        "#]],
    );
}

#[test]
fn nobody_who_answers_is_nobody_there() {
    story(
        "heard 1
         heard 1
         heard 1
         +10000ms
         +10000ms
         +10000ms",
        &expect![[r#"
            > heard 1
                home: New: [ANT] BEE CAT
            > heard 1
                home: New: [ANT] BEE CAT
            > heard 1
              learn buttons
                learn 0: Press Up | -
            > +10000ms
                learn 1: Press Down | -
            > +10000ms
                learn 2: Press Left | -
            > +10000ms
              learn no more
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn what_is_not_said_to_be_kept_is_not_kept() {
    story(
        "to Remote
         heard 1
         +10000ms
         +10000ms
         +10000ms
         heard 1
         +15000ms",
        &expect![[r#"
            > to Remote
              learn buttons
                learn 0: Press Up | -
            > heard 1
                learn 1: Press Down | Heard: infrared 0x01
            > +10000ms
                learn 2: Press Left | -
            > +10000ms
                learn 3: Press Right | -
            > +10000ms
                learn 18: Keep these buttons? | -
            > heard 1
                learn 18: Keep these buttons? | -
            > +15000ms
              learn no more
                settings [Remote] Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Remote | Teach the box the buttons of any remote, keyboard or gamepad, one by one. ! Nothing was kept: all buttons do what they did before.
        "#]],
    );
}

#[test]
fn a_button_that_means_something_says_so_and_is_taken_when_pressed_again() {
    story(
        "to Remote
         heard 1 up
         heard 9 menu
         heard 9 menu
         heard 3 left
         heard 8 menu
         heard 4 right
         heard 4 right
         heard 5
         heard 6 back",
        &expect![[r#"
            > to Remote
              learn buttons
                learn 0: Press Up | -
            > heard 1 up
                learn 1: Press Down | Up works already.
            > heard 9 menu
                learn 1: Press Down | That button is Menu already. Press it once more to make it Down.
            > heard 9 menu
                learn 2: Press Left | Heard: infrared 0x09
            > heard 3 left
                learn 3: Press Right | Left works already.
            > heard 8 menu
                learn 3: Press Right | That button is Menu already. Press it once more to make it Right.
            > heard 4 right
                learn 4: Press OK | Right works already.
            > heard 4 right
                learn 4: Press OK | That button is Right already. Press it once more to make it OK.
            > heard 5
                learn 5: Press Back | Heard: infrared 0x05
            > heard 6 back
                learn 6: Press Home | Back works already.
        "#]],
    );
}

#[test]
fn where_something_works_a_strange_remote_is_the_tvs() {
    story(
        "down
         heard 1
         heard 1
         heard 1
         heard 1",
        &expect![[r#"
            > down
                home: Old: [DOG] EEL
            > heard 1
                home: Old: [DOG] EEL
            > heard 1
                home: Old: [DOG] EEL
            > heard 1
                home: Old: [DOG] EEL
            > heard 1
                home: Old: [DOG] EEL
        "#]],
    );
}

#[test]
fn a_phone_skips_and_leaves() {
    story(
        "to Remote
         right
         down
         heard 3
         back",
        &expect![[r#"
            > to Remote
              learn buttons
                learn 0: Press Up | -
            > right
                learn 1: Press Down | -
            > down
                learn 2: Press Left | -
            > heard 3
                learn 3: Press Right | Heard: infrared 0x03
            > back
              learn no more
                settings [Remote] Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Remote | Teach the box the buttons of any remote, keyboard or gamepad, one by one. ! Nothing was kept: all buttons do what they did before.
        "#]],
    );
}
