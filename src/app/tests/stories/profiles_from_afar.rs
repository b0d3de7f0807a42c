//! Who watches, said and shown on a phone: by the same guard as on the TV.

use app::Preferences;
use expect_test::expect;

use super::profiles::{as_ben, of};
use crate::story::{PLAY, Story};

#[test]
fn a_phone_says_who_watches_with_the_pin_if_there_is_one() {
    of(
        "Ann#1234 Ben",
        "watches 1
         watches 1 9999
         answer
         watches 1 1234
         answer
         watches 7
         watches 2",
        &expect![[r#"
            > watches 1
                PIN of Ann: ____ at 5 | Type the four digits
            > watches 1 9999
              people *1:Ann#1234 (1 wrong), 2:Ben
              check PIN of 1
                PIN of Ann: ____ at 5 waits | One moment
            > answer
                PIN of Ann: ____ at 5 | That was another PIN. Try it once more
            > watches 1 1234
              people *1:Ann#1234 (2 wrong), 2:Ben
              check PIN of 1
                PIN of Ann: ____ at 5 waits | One moment
            > answer
              people *1:Ann#1234, 2:Ben
                home: New: [ANT] BEE CAT
            > watches 7
                home: New: [ANT] BEE CAT
            > watches 2
              people 1:Ann#1234, *2:Ben
              save 
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn digits_from_a_phone_are_for_the_pin_that_is_asked_for_and_for_nothing_else() {
    of(
        "Ann#1234 Ben",
        "pin 1234
         ok
         pin 12
         pin 9999
         pin 1234
         answer
         pin 1234
         answer
         pin 1234
         search
         pin 1234",
        &expect![[r#"
            > pin 1234
                who: [Ann=With a PIN] Ben
            > ok
                PIN of Ann: ____ at 5 | Type the four digits
            > pin 12
                PIN of Ann: **__ at 5 | Type the four digits
            > pin 9999
              people *1:Ann#1234 (1 wrong), 2:Ben
              check PIN of 1
                PIN of Ann: ____ at 5 waits | One moment
            > pin 1234
                PIN of Ann: ____ at 5 waits | One moment
            > answer
                PIN of Ann: ____ at 5 | That was another PIN. Try it once more
            > pin 1234
              people *1:Ann#1234 (2 wrong), 2:Ben
              check PIN of 1
                PIN of Ann: ____ at 5 waits | One moment
            > answer
              people *1:Ann#1234, 2:Ben
                home: New: [ANT] BEE CAT
            > pin 1234
                home: New: [ANT] BEE CAT
            > search
                search "" at a:  | -
            > pin 1234
                search "" at a:  | -
        "#]],
    );
}

#[test]
fn a_phone_opens_what_a_limit_closes_by_the_same_pin() {
    as_ben(
        "up
         right
         ok
         pin 9999
         answer
         pin 1234
         answer",
        &expect![[r#"
            > up
                home: [Search] Add-ons Settings Power Ben
            > right
                home: Search [Add-ons] Settings Power Ben
            > ok
                PIN of a profile without a limit: ____ at 5 | Type the four digits
            > pin 9999
              people 1:Ann#1234 (1 wrong), *2:Ben<12
              check PIN of 1
                PIN of a profile without a limit: ____ at 5 waits | One moment
            > answer
                PIN of a profile without a limit: ____ at 5 | That was another PIN. Try it once more
            > pin 1234
              people 1:Ann#1234 (2 wrong), *2:Ben<12
              check PIN of 1
                PIN of a profile without a limit: ____ at 5 waits | One moment
            > answer
              people 1:Ann#1234, *2:Ben<12
                Add-ons: [+]
        "#]],
    );
}

#[test]
fn wrong_ones_from_a_phone_are_slowed_as_those_of_the_remote() {
    of(
        "Ann#1234 Ben",
        "watches 1 9999
         answer
         pin 9999
         answer
         watches 1 9999
         answer
         pin 9999
         answer
         9
         9
         9
         9
         answer
         pin 1234
         watches 1 1234
         +60000ms
         pin 1234
         answer",
        &expect![[r#"
            > watches 1 9999
              people *1:Ann#1234 (1 wrong), 2:Ben
              check PIN of 1
                PIN of Ann: ____ at 5 waits | One moment
            > answer
                PIN of Ann: ____ at 5 | That was another PIN. Try it once more
            > pin 9999
              people *1:Ann#1234 (2 wrong), 2:Ben
              check PIN of 1
                PIN of Ann: ____ at 5 waits | One moment
            > answer
                PIN of Ann: ____ at 5 | That was another PIN. Try it once more
            > watches 1 9999
              people *1:Ann#1234 (3 wrong), 2:Ben
              check PIN of 1
                PIN of Ann: ____ at 5 waits | One moment
            > answer
                PIN of Ann: ____ at 5 | That was another PIN. Try it once more
            > pin 9999
              people *1:Ann#1234 (4 wrong), 2:Ben
              check PIN of 1
                PIN of Ann: ____ at 5 waits | One moment
            > answer
                PIN of Ann: ____ at 5 | That was another PIN. Try it once more
            > 9
                PIN of Ann: *___ at 5 | Type the four digits
            > 9
                PIN of Ann: **__ at 5 | Type the four digits
            > 9
                PIN of Ann: ***_ at 5 | Type the four digits
            > 9
              people *1:Ann#1234 (5 wrong), 2:Ben
              check PIN of 1
                PIN of Ann: ____ at 5 waits | One moment
            > answer
                PIN of Ann: ____ at 5 waits | Too many wrong PINs. The next can be typed in 1 minute
            > pin 1234
                PIN of Ann: ____ at 5 waits | Too many wrong PINs. The next can be typed in 1 minute
            > watches 1 1234
                PIN of Ann: ____ at 5 waits | Too many wrong PINs. The next can be typed in 1 minute
            > +60000ms
                PIN of Ann: ____ at 5 | Type the four digits
            > pin 1234
              people *1:Ann#1234 (6 wrong), 2:Ben
              check PIN of 1
                PIN of Ann: ____ at 5 waits | One moment
            > answer
              people *1:Ann#1234, 2:Ben
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn a_film_is_left_when_a_phone_chooses_another_whether_his_pin_comes_or_not() {
    let mut story = Story::of("Ben Ann#1234", Vec::new(), Preferences::default());
    story.tell("ok").tell(PLAY).tell("---").tell(
        "watches 2
         back
         back",
    );
    let expect = expect![[r#"
        > watches 2
          save ant 0ns
          close player 1
          close torrent 1
            PIN of Ann: ____ at 5 | Type the four digits
        > back
            who: [Ben] Ann=With a PIN
        > back
            home: New: [ANT] BEE CAT
    "#]];
    expect.assert_eq(&story.transcript);
}

/// From standby on, and whatever the screen shows or does not.
#[test]
fn nobody_watches_while_the_box_stands_by_and_a_phone_that_says_who_wakes_it() {
    let mut story = Story::of("Ann Ben", Vec::new(), Preferences::default());
    let who = |story: &Story| story.app.view().profile.map(|it| it.name);
    story.tell("ok");
    assert_eq!(who(&story).as_deref(), Some("Ann"));
    story.tell("---\npower");
    assert_eq!(who(&story), None);
    story.tell("open gnu\npower\nwatches 2\n+3600000ms\nwatches 1");
    assert_eq!(who(&story).as_deref(), Some("Ann"));
    let expect = expect![[r#"
        > power
            dark (who: [Ann] Ben)
        > open gnu
            who: [Ann] Ben ! Choose on the TV who is watching. Then try it once more.
        > power
            dark (who: [Ann] Ben) ! Choose on the TV who is watching. Then try it once more.
        > watches 2
          people 1:Ann, *2:Ben
          save 
            home: New: [ANT] BEE CAT ! Choose on the TV who is watching. Then try it once more.
        > +3600000ms
          prefetch ant-0
          stop prefetch
            home: New: [ANT] BEE CAT
        > watches 1
          people *1:Ann, 2:Ben
          save 
            home: New: [ANT] BEE CAT
    "#]];
    expect.assert_eq(&story.transcript);
}
