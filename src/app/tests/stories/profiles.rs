//! Who watches: one of several, each with films, a PIN and a limit of their own.

use app::{Effect, Event, Key, Preferences, Press, RestSettings, UpdateSettings};
use expect_test::{Expect, expect};

use crate::story::profiles::viewer;
use crate::story::{PLAY, Story, after, check};

/// On the box of these.
pub(super) fn of(names: &str, script: &str, expect: &Expect) {
    let mut story = Story::of(names, Vec::new(), Preferences::default());
    story.tell(script);
    expect.assert_eq(&story.transcript);
}

/// Once Ben, who is twelve, has been chosen.
pub(super) fn as_ben(script: &str, expect: &Expect) {
    of("Ann#1234 Ben<12", &format!("2\n---\n{script}"), expect);
}

#[test]
fn who_is_alone_is_asked_nothing_and_sees_no_door() {
    check(
        "up
         down
         ok",
        &expect![[r#"
            > up
                home: [Search] Add-ons Settings Power
            > down
                home: New: [ANT] BEE CAT
            > ok
                film ANT: [Play] Source Add to my list
        "#]],
    );
}

#[test]
fn a_second_profile_is_made_without_typing_and_asked_for_from_then_on() {
    check(
        "to Profiles
         down
         ok
         back
         back
         back
         up
         right
         right
         right
         right
         ok
         right
         ok",
        &expect![[r#"
            > to Profiles
                profiles [Everybody] New profile | Everybody | Each who watches here can have a list, places in films and choices of their own, and children a limit.
            > down
                profiles Everybody [New profile] | New profile | Each who watches here can have a list, places in films and choices of their own, and children a limit.
            > ok
              people *1:, 2:
              save 
              save 
                green [Name=Green] Colour=Green PIN=None Limit=All films Delete this profile | Name | What it is called. Without a name it is called after its colour.
            > back
                profiles Everybody [Green] New profile | Green | Each who watches here can have a list, places in films and choices of their own, and children a limit.
            > back
                settings Rows on the wall [Profiles=Everybody] Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Profiles | Each who watches here can have a list, places in films and choices of their own, and children a limit.
            > back
                home: Search Add-ons [Settings] Power Everybody
            > up
                home: Search Add-ons [Settings] Power Everybody
            > right
                home: Search Add-ons Settings [Power] Everybody
            > right
                home: Search Add-ons Settings Power [Everybody]
            > right
                home: Search Add-ons Settings Power [Everybody]
            > right
                home: Search Add-ons Settings Power [Everybody]
            > ok
                who: [Everybody] Green
            > right
                who: Everybody [Green]
            > ok
              people 1:, *2:
              save 
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn a_profile_is_named_coloured_limited_and_deleted() {
    let mut story = Story::of("Ann#1234 -", Vec::new(), Preferences::default());
    story.tell("1\n1\n2\n3\n4\nanswer\nto Profiles\n---");
    story.tell(
        "down
         ok
         ok
         typed Ben  Carl
         play
         down
         right
         down
         down
         right
         right
         down
         ok
         down
         ok
         ok
         ok",
    );
    let expect = expect![[r#"
        > down
            profiles Ann=With a PIN [-] New profile | - | Each who watches here can have a list, places in films and choices of their own, and children a limit.
        > ok
            - [Name=-] Colour=Green PIN=None Limit=All films Delete this profile | Name | What it is called. Without a name it is called after its colour.
        > ok
            address "-" at a | -
        > typed Ben  Carl
            address "Ben Carl" at done | -
        > play
          people *1:Ann#1234, 2:Ben Carl
            ben carl [Name=Ben Carl] Colour=Green PIN=None Limit=All films Delete this profile | Name | What it is called. Without a name it is called after its colour.
        > down
            ben carl Name=Ben Carl [Colour=Green] PIN=None Limit=All films Delete this profile | Colour | By which it is known at a glance.
        > right
          people *1:Ann#1234, 2:Ben Carl
            ben carl Name=Ben Carl [Colour=Orange] PIN=None Limit=All films Delete this profile | Colour | By which it is known at a glance.
        > down
            ben carl Name=Ben Carl Colour=Orange [PIN=None] Limit=All films Delete this profile | PIN | Four digits that are asked for whenever somebody wants to watch with this profile.
        > down
            ben carl Name=Ben Carl Colour=Orange PIN=None [Limit=All films] Delete this profile | Limit | Films that are known to be for older viewers are neither shown nor played. Settings and add-ons then want the PIN of a profile without a limit.
        > right
          people *1:Ann#1234, 2:Ben Carl<6
            ben carl Name=Ben Carl Colour=Orange PIN=None [Limit=Films up to 6 years] Films of unknown age=Not shown Delete this profile | Limit | Films that are known to be for older viewers are neither shown nor played. Settings and add-ons then want the PIN of a profile without a limit.
        > right
          people *1:Ann#1234, 2:Ben Carl<12
            ben carl Name=Ben Carl Colour=Orange PIN=None [Limit=Films up to 12 years] Films of unknown age=Not shown Delete this profile | Limit | Films that are known to be for older viewers are neither shown nor played. Settings and add-ons then want the PIN of a profile without a limit.
        > down
            ben carl Name=Ben Carl Colour=Orange PIN=None Limit=Films up to 12 years [Films of unknown age=Not shown] Delete this profile | Films of unknown age | Of many films nobody has said for which age they are. Choose whether those are shown, too.
        > ok
          people *1:Ann#1234, 2:Ben Carl<12+unknown
            ben carl Name=Ben Carl Colour=Orange PIN=None Limit=Films up to 12 years [Films of unknown age=Shown] Delete this profile | Films of unknown age | Of many films nobody has said for which age they are. Choose whether those are shown, too.
        > down
            ben carl Name=Ben Carl Colour=Orange PIN=None Limit=Films up to 12 years Films of unknown age=Shown [Delete this profile] | Delete this profile | Its list, its places in films and its choices are deleted for good.
        > ok
            ben carl Name=Ben Carl Colour=Orange PIN=None Limit=Films up to 12 years Films of unknown age=Shown [Delete this profile] | Delete this profile | Its list, its places in films and its choices are deleted for good. | Press OK once more: the profile is deleted. This cannot be undone
        > ok
          people *1:Ann#1234
            profiles Ann=With a PIN [New profile] | New profile | Each who watches here can have a list, places in films and choices of their own, and children a limit.
        > ok
          people *1:Ann#1234, 2:
          save 
          save 
            green [Name=Green] Colour=Green PIN=None Limit=All films Delete this profile | Name | What it is called. Without a name it is called after its colour.
    "#]];
    expect.assert_eq(&story.transcript);
}

#[test]
fn the_last_profile_cannot_be_deleted() {
    of(
        "Ann Ben",
        "ok
         to Profiles
         ok
         down
         down
         down
         down
         ok
         down
         ok
         ok",
        &expect![[r#"
            > ok
                home: New: [ANT] BEE CAT
            > to Profiles
                profiles [Ann] Ben New profile | Ann | Each who watches here can have a list, places in films and choices of their own, and children a limit.
            > ok
                ann [Name=Ann] Colour=Blue PIN=None Limit=All films Delete this profile | Name | What it is called. Without a name it is called after its colour.
            > down
                ann Name=Ann [Colour=Blue] PIN=None Limit=All films Delete this profile | Colour | By which it is known at a glance.
            > down
                ann Name=Ann Colour=Blue [PIN=None] Limit=All films Delete this profile | PIN | Four digits that are asked for whenever somebody wants to watch with this profile.
            > down
                ann Name=Ann Colour=Blue PIN=None [Limit=All films] Delete this profile | Limit | Films that are known to be for older viewers are neither shown nor played. Settings and add-ons then want the PIN of a profile without a limit.
            > down
                ann Name=Ann Colour=Blue PIN=None Limit=All films [Delete this profile] | Delete this profile | Its list, its places in films and its choices are deleted for good.
            > ok
                ann Name=Ann Colour=Blue PIN=None Limit=All films [Delete this profile] | Delete this profile | Its list, its places in films and its choices are deleted for good. | Press OK once more: the profile is deleted. This cannot be undone
            > down
                ann Name=Ann Colour=Blue PIN=None Limit=All films [Delete this profile] | Delete this profile | Its list, its places in films and its choices are deleted for good.
            > ok
                ann Name=Ann Colour=Blue PIN=None Limit=All films [Delete this profile] | Delete this profile | Its list, its places in films and its choices are deleted for good. | Press OK once more: the profile is deleted. This cannot be undone
            > ok
              people *2:Ben
              save 
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn each_has_films_of_its_own() {
    let ann = viewer(1, after(&format!("{PLAY}\nat 30\nback\nback")));
    let ben = viewer(2, after("down\nok\nred\nback"));
    let mut story = Story::of("Ann Ben", vec![ann, ben], Preferences::default());
    story.tell(
        "left
         ok
         to Ann
         2
         to Ben
         1",
    );
    let expect = expect![[r#"
        > left
            who: [Ann] Ben
        > ok
            home: Continue watching: [ANT]
        > to Ann
            who: [Ann] Ben
        > 2
          people 1:Ann, *2:Ben
          save ; list dog
            home: My list: [DOG]
        > to Ben
            who: Ann [Ben]
        > 1
          people *1:Ann, 2:Ben
          save ant 30s
            home: Continue watching: [ANT]
    "#]];
    expect.assert_eq(&story.transcript);
}

#[test]
fn home_search_and_what_phones_send_wait_until_it_is_said_who_watches() {
    of(
        "Ann Ben",
        "home
         search
         favourites
         back
         open gnu
         look-for fox
         typed fox
         +9000ms
         right
         ok
         open gnu",
        &expect![[r#"
            > home
                who: [Ann] Ben
            > search
                who: [Ann] Ben
            > favourites
                who: [Ann] Ben
            > back
                who: [Ann] Ben
            > open gnu
                who: [Ann] Ben ! Choose on the TV who is watching. Then try it once more.
            > look-for fox
                who: [Ann] Ben ! Choose on the TV who is watching. Then try it once more.
            > typed fox
                who: [Ann] Ben ! Choose on the TV who is watching. Then try it once more.
            > +9000ms
                who: [Ann] Ben
            > right
                who: Ann [Ben]
            > ok
              people 1:Ann, *2:Ben
              save 
                home: New: [ANT] BEE CAT
            > open gnu
                film GNU: [Play] Source Add to my list
        "#]],
    );
}

#[test]
fn it_is_asked_again_at_the_wake_from_standby_and_after_an_hour() {
    let mut story = Story::of(
        "Ann Ben",
        Vec::new(),
        Preferences {
            prefetch: false,
            rest: RestSettings {
                screensaver_min: 5,
                screen_off_min: 0,
            },
            ..Preferences::default()
        },
    );
    story.tell("ok").tell(PLAY).tell("---").tell(
        "power
         ok
         ok
         +3599000ms
         ok
         +3600000ms
         ok
         ok",
    );
    let expect = expect![[r#"
        > power
          save ant 0ns
          close player 1
          close torrent 1
            dark (who: [Ann] Ben)
        > ok
            who: [Ann] Ben
        > ok
            home: New: [ANT] BEE CAT
        > +3599000ms
            drifting ANT DOG BEE EEL CAT (home: New: [ANT] BEE CAT)
        > ok
            home: New: [ANT] BEE CAT
        > +3600000ms
            drifting ANT DOG BEE EEL CAT (home: New: [ANT] BEE CAT)
        > ok
            who: [Ann] Ben
        > ok
            home: New: [ANT] BEE CAT
    "#]];
    expect.assert_eq(&story.transcript);
}

#[test]
fn a_pin_is_typed_by_digits_or_by_arrows() {
    of(
        "Ann#1234 Ben",
        "ok
         1
         2
         delete
         2
         3
         5
         ok
         answer
         back
         ok
         up
         left
         ok
         right
         ok
         right
         ok
         down
         left
         left
         ok
         answer",
        &expect![[r#"
            > ok
                PIN of Ann: ____ at 5 | Type the four digits
            > 1
                PIN of Ann: *___ at 5 | Type the four digits
            > 2
                PIN of Ann: **__ at 5 | Type the four digits
            > delete
                PIN of Ann: *___ at 5 | Type the four digits
            > 2
                PIN of Ann: **__ at 5 | Type the four digits
            > 3
                PIN of Ann: ***_ at 5 | Type the four digits
            > 5
              people *1:Ann#1234 (1 wrong), 2:Ben
              check PIN of 1
                PIN of Ann: ____ at 5 waits | One moment
            > ok
                PIN of Ann: ____ at 5 waits | One moment
            > answer
                PIN of Ann: ____ at 5 | That was another PIN. Try it once more
            > back
                who: [Ann=With a PIN] Ben
            > ok
                PIN of Ann: ____ at 5 | Type the four digits
            > up
                PIN of Ann: ____ at 2 | Type the four digits
            > left
                PIN of Ann: ____ at 1 | Type the four digits
            > ok
                PIN of Ann: *___ at 1 | Type the four digits
            > right
                PIN of Ann: *___ at 2 | Type the four digits
            > ok
                PIN of Ann: **__ at 2 | Type the four digits
            > right
                PIN of Ann: **__ at 3 | Type the four digits
            > ok
                PIN of Ann: ***_ at 3 | Type the four digits
            > down
                PIN of Ann: ***_ at 6 | Type the four digits
            > left
                PIN of Ann: ***_ at 5 | Type the four digits
            > left
                PIN of Ann: ***_ at 4 | Type the four digits
            > ok
              people *1:Ann#1234 (2 wrong), 2:Ben
              check PIN of 1
                PIN of Ann: ____ at 4 waits | One moment
            > answer
              people *1:Ann#1234, 2:Ben
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn after_five_wrong_ones_a_pin_waits_and_longer_each_time() {
    let wrong = "9\n9\n9\n9\nanswer\n";
    let mut story = Story::of("Ann#1234 Ben", Vec::new(), Preferences::default());
    story.tell(&format!("ok\n{}\n---", wrong.repeat(4)));
    story.tell("9\n9\n9\n9\nanswer\n1\n2\n3\n4\n+59000ms\n+1000ms");
    story.tell("9\n9\n9\n9\nanswer\n+60000ms\n+60000ms\n1\n2\n3\n4\nanswer");
    let expect = expect![[r#"
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
        > 1
            PIN of Ann: *___ at 5 waits | Too many wrong PINs. The next can be typed in 1 minute
        > 2
            PIN of Ann: **__ at 5 waits | Too many wrong PINs. The next can be typed in 1 minute
        > 3
            PIN of Ann: ***_ at 5 waits | Too many wrong PINs. The next can be typed in 1 minute
        > 4
            PIN of Ann: ____ at 5 waits | Too many wrong PINs. The next can be typed in 1 minute
        > +59000ms
            PIN of Ann: ____ at 5 waits | Too many wrong PINs. The next can be typed in 1 minute
        > +1000ms
            PIN of Ann: ____ at 5 | Type the four digits
        > 9
            PIN of Ann: *___ at 5 | Type the four digits
        > 9
            PIN of Ann: **__ at 5 | Type the four digits
        > 9
            PIN of Ann: ***_ at 5 | Type the four digits
        > 9
          people *1:Ann#1234 (6 wrong), 2:Ben
          check PIN of 1
            PIN of Ann: ____ at 5 waits | One moment
        > answer
            PIN of Ann: ____ at 5 waits | Too many wrong PINs. The next can be typed in 2 minutes
        > +60000ms
            PIN of Ann: ____ at 5 waits | Too many wrong PINs. The next can be typed in 1 minute
        > +60000ms
            PIN of Ann: ____ at 5 | That was another PIN. Try it once more
        > 1
            PIN of Ann: *___ at 5 | Type the four digits
        > 2
            PIN of Ann: **__ at 5 | Type the four digits
        > 3
            PIN of Ann: ***_ at 5 | Type the four digits
        > 4
          people *1:Ann#1234 (7 wrong), 2:Ben
          check PIN of 1
            PIN of Ann: ____ at 5 waits | One moment
        > answer
          people *1:Ann#1234, 2:Ben
            home: New: [ANT] BEE CAT
    "#]];
    expect.assert_eq(&story.transcript);
}

#[test]
fn who_pulls_the_plug_waits_from_the_start_again() {
    let mut people = crate::story::profiles::people("Ann#1234 Ben");
    people.profiles[0].wrong = 6;
    let mut app = app::App::of(people, Vec::new(), Preferences::default());
    let mut story = Story::default();
    std::mem::swap(&mut story.app, &mut app);
    story.tell("ok\n1\n2\n3\n4\n+120000ms\n1\n2\n3\n4\nanswer");
    let expect = expect![[r#"
        > ok
            PIN of Ann: ____ at 5 waits | Too many wrong PINs. The next can be typed in 2 minutes
        > 1
            PIN of Ann: *___ at 5 waits | Too many wrong PINs. The next can be typed in 2 minutes
        > 2
            PIN of Ann: **__ at 5 waits | Too many wrong PINs. The next can be typed in 2 minutes
        > 3
            PIN of Ann: ***_ at 5 waits | Too many wrong PINs. The next can be typed in 2 minutes
        > 4
            PIN of Ann: ____ at 5 waits | Too many wrong PINs. The next can be typed in 2 minutes
        > +120000ms
            PIN of Ann: ____ at 5 | Type the four digits
        > 1
            PIN of Ann: *___ at 5 | Type the four digits
        > 2
            PIN of Ann: **__ at 5 | Type the four digits
        > 3
            PIN of Ann: ***_ at 5 | Type the four digits
        > 4
          people *1:Ann#1234 (7 wrong), 2:Ben
          check PIN of 1
            PIN of Ann: ____ at 5 waits | One moment
        > answer
          people *1:Ann#1234, 2:Ben
            home: empty: 
    "#]];
    expect.assert_eq(&story.transcript);
}

#[test]
#[allow(clippy::too_many_lines, reason = "a line for each key")]
fn a_new_pin_is_typed_twice_and_then_asked_for() {
    of(
        "Ann Ben",
        "ok
         to Profiles
         ok
         down
         down
         ok
         1
         2
         3
         4
         1
         2
         3
         5
         1
         2
         3
         4
         1
         2
         3
         4
         answer
         home
         to Ann
         right
         ok
         to Ben
         ok
         left
         ok",
        &expect![[r#"
            > ok
                home: New: [ANT] BEE CAT
            > to Profiles
                profiles [Ann] Ben New profile | Ann | Each who watches here can have a list, places in films and choices of their own, and children a limit.
            > ok
                ann [Name=Ann] Colour=Blue PIN=None Limit=All films Delete this profile | Name | What it is called. Without a name it is called after its colour.
            > down
                ann Name=Ann [Colour=Blue] PIN=None Limit=All films Delete this profile | Colour | By which it is known at a glance.
            > down
                ann Name=Ann Colour=Blue [PIN=None] Limit=All films Delete this profile | PIN | Four digits that are asked for whenever somebody wants to watch with this profile.
            > ok
                New PIN of Ann: ____ at 5 | Choose four digits
            > 1
                New PIN of Ann: *___ at 5 | Choose four digits
            > 2
                New PIN of Ann: **__ at 5 | Choose four digits
            > 3
                New PIN of Ann: ***_ at 5 | Choose four digits
            > 4
                New PIN of Ann: ____ at 5 | Type the same digits once more
            > 1
                New PIN of Ann: *___ at 5 | Type the same digits once more
            > 2
                New PIN of Ann: **__ at 5 | Type the same digits once more
            > 3
                New PIN of Ann: ***_ at 5 | Type the same digits once more
            > 5
                New PIN of Ann: ____ at 5 | Those were others than before. Choose four digits
            > 1
                New PIN of Ann: *___ at 5 | Choose four digits
            > 2
                New PIN of Ann: **__ at 5 | Choose four digits
            > 3
                New PIN of Ann: ***_ at 5 | Choose four digits
            > 4
                New PIN of Ann: ____ at 5 | Type the same digits once more
            > 1
                New PIN of Ann: *___ at 5 | Type the same digits once more
            > 2
                New PIN of Ann: **__ at 5 | Type the same digits once more
            > 3
                New PIN of Ann: ***_ at 5 | Type the same digits once more
            > 4
              make PIN
                New PIN of Ann: ____ at 5 waits | One moment
            > answer
              people *1:Ann#1234, 2:Ben
                ann Name=Ann Colour=Blue [PIN=There is one] Remove the PIN Limit=All films Delete this profile | PIN | Four digits that are asked for whenever somebody wants to watch with this profile.
            > home
                home: New: [ANT] BEE CAT
            > to Ann
                who: [Ann=With a PIN] Ben
            > right
                who: Ann=With a PIN [Ben]
            > ok
              people 1:Ann#1234, *2:Ben
              save 
                home: New: [ANT] BEE CAT
            > to Ben
                who: Ann=With a PIN [Ben]
            > ok
                home: New: [ANT] BEE CAT
            > left
                home: New: [ANT] BEE CAT
            > ok
                film ANT: [Play] Source Add to my list
        "#]],
    );
}

#[test]
fn what_is_above_a_limit_is_neither_listed_nor_opened() {
    as_ben(
        "ages
         look-for lux
         +400ms
         found 1 of 1: lux18 kit16 ape6 moa
         back
         open lux18
         +9000ms
         open moa
         +9000ms
         open ape6",
        &expect![[r#"
            > ages
                home: Aged: [IMP6] JAY12
            > look-for lux
              search 1 for "lux"
                search "lux" at a:  | Looking
            > +400ms
                search "lux" at a:  | Looking
            > found 1 of 1: lux18 kit16 ape6 moa
                search "lux" at a: APE6 | 1 found
            > back
              stop 1
                home: Aged: [IMP6] JAY12
            > open lux18
                home: Aged: [IMP6] JAY12 ! This film is not for this profile, which has films up to 12 years.
            > +9000ms
              prefetch imp6-0
                home: Aged: [IMP6] JAY12
            > open moa
                home: Aged: [IMP6] JAY12 ! Nobody has said for which age this film is, so this profile does not show it.
            > +9000ms
                home: Aged: [IMP6] JAY12
            > open ape6
                film APE6: [Play] Source Add to my list
        "#]],
    );
}

#[test]
fn what_turns_out_to_be_above_is_left() {
    let mut story = Story::of("Ann#1234 Ben<16", Vec::new(), Preferences::default());
    story.tell("2\nrow\n---").tell(
        "look-for fox
         +400ms
         found 1 of 1: fox
         play
         ok
         ok
         told fox 18
         +9000ms
         down
         back
         back",
    );
    let expect = expect![[r#"
        > look-for fox
          search 1 for "fox"
            search "fox" at a: FOX | 1 found
        > +400ms
            search "fox" at a: FOX | 1 found
        > found 1 of 1: fox
            search "fox" at a: FOX | 1 found
        > play
            search "fox" at films: [FOX] | 1 found
        > ok
          searched fox
          stop 1
          describe fox
          find 2 of fox
            film FOX: [Play] Add to my list | Looking for sources
        > ok
            opening FOX: Looking for sources |  | None | -
        > told fox 18
          people 1:Ann#1234, *2:Ben<16; 1 ages
          stop 2
            search "fox" at films:  | Nothing was found. Another spelling may help. ! This film is not for this profile, which has films up to 16 years.
        > +9000ms
            search "fox" at films:  | Nothing was found. Another spelling may help.
        > down
            search "fox" at films:  | Nothing was found. Another spelling may help.
        > back
            search "fox" at a:  | Nothing was found. Another spelling may help.
        > back
          describe owl
            home: New: [ANT] BEE CAT
    "#]];
    expect.assert_eq(&story.transcript);
}

#[test]
fn ages_of_what_is_on_the_wall_are_asked_for_until_nobody_knows_any() {
    as_ben(
        "row
         +2000ms
         told fox 6
         +1999ms
         +1ms
         +60000ms
         ok
         +60000ms",
        &expect![[r#"
            > row
                home: empty: 
            > +2000ms
              describe fox
                home: empty: 
            > told fox 6
              people 1:Ann#1234, *2:Ben<12; 1 ages
                home: Added: [FOX]
            > +1999ms
                home: Added: [FOX]
            > +1ms
              describe owl
                home: Added: [FOX]
            > +60000ms
                home: Added: [FOX]
            > ok
              describe fox
              find 1 of fox
                film FOX: [Play] Add to my list | Looking for sources
            > +60000ms
                film FOX: [Play] Add to my list | Nobody offers this film now. Another add-on may have it, or try again later.
        "#]],
    );
}

#[test]
fn a_film_that_runs_is_left_when_it_turns_out_to_be_above() {
    let mut story = Story::of("Ann#1234 Ben<16", Vec::new(), Preferences::default());
    story
        .tell("2\nrow\ndown\ndown\nok\noffers 1 of 1: fox-0\nok\n---")
        .tell(
            "torrent ready
         player ready
         progress peers=3 rate=900k have=0-100
         told fox 18",
        );
    let expect = expect![[r#"
        > torrent ready
          open player 1 at 0ns
            opening FOX: Looking for peers again |  | Some(0) | -
        > player ready
            opening FOX: Looking for peers again |  | Some(0) | -
        > progress peers=3 rate=900k have=0-100
          find texts 1 of fox
          save movie:fox 0ns
          run
            playing FOX at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
        > told fox 18
          people 1:Ann#1234, *2:Ben<16; 1 ages
          save movie:fox 0ns
          close player 1
          close torrent 1
            home: Added: [OWL] ! This film is not for this profile, which has films up to 16 years.
    "#]];
    expect.assert_eq(&story.transcript);
}

#[test]
fn a_limit_closes_settings_until_a_key_opens_them() {
    let preferences = Preferences {
        updates: Some(UpdateSettings {
            version: "1.3.0".into(),
            channels: Vec::new(),
            channel: None,
            turn_permille: 0,
        }),
        ..Preferences::default()
    };
    let mut story = Story::of("Ann#1234 Ben<12", Vec::new(), preferences);
    story.tell("2\n---").tell(
        "up
         right
         ok
         back
         right
         ok
         1
         2
         3
         4
         answer
         down
         ok
         home
         to Settings",
    );
    let expect = expect![[r#"
        > up
            home: [Search] Add-ons Settings Power Ben
        > right
            home: Search [Add-ons] Settings Power Ben
        > ok
            PIN of a profile without a limit: ____ at 5 | Type the four digits
        > back
            home: Search [Add-ons] Settings Power Ben
        > right
            home: Search Add-ons [Settings] Power Ben
        > ok
            PIN of a profile without a limit: ____ at 5 | Type the four digits
        > 1
            PIN of a profile without a limit: *___ at 5 | Type the four digits
        > 2
            PIN of a profile without a limit: **__ at 5 | Type the four digits
        > 3
            PIN of a profile without a limit: ***_ at 5 | Type the four digits
        > 4
          people 1:Ann#1234 (1 wrong), *2:Ben<12
          check PIN of 1
            PIN of a profile without a limit: ____ at 5 waits | One moment
        > answer
          people 1:Ann#1234, *2:Ben<12
            settings [Rows on the wall] Profiles=Ben Films and episodes Downloads and sharing Sound Screen Updates=Matinee 1.3.0 Is all well? Privacy About this box First steps | Rows on the wall | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
        > down
            settings Rows on the wall [Profiles=Ben] Films and episodes Downloads and sharing Sound Screen Updates=Matinee 1.3.0 Is all well? Privacy About this box First steps | Profiles | Each who watches here can have a list, places in films and choices of their own, and children a limit.
        > ok
            profiles [Ann=With a PIN] Ben=Films up to 12 years New profile | Ann | Each who watches here can have a list, places in films and choices of their own, and children a limit.
        > home
            home: empty: 
        > to Settings
            PIN of a profile without a limit: ____ at 5 | Type the four digits
    "#]];
    expect.assert_eq(&story.transcript);
}

#[test]
fn without_any_pin_it_is_said_that_the_limit_protects_nothing() {
    of(
        "Ann Ben<12",
        "2
         to Settings
         down
         ok
         down
         ok
         down
         down
         down",
        &expect![[r#"
            > 2
              people 1:Ann, *2:Ben<12
              save 
                home: empty: 
            > to Settings
                settings [Rows on the wall] Profiles=Ben Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Rows on the wall | Which rows of films there are, and in what order. What an add-on brings later comes below the others. ! The limit protects nothing: no profile without a limit has a PIN, so everybody can change it.
            > down
                settings Rows on the wall [Profiles=Ben] Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Profiles | Each who watches here can have a list, places in films and choices of their own, and children a limit. ! The limit protects nothing: no profile without a limit has a PIN, so everybody can change it.
            > ok
                profiles [Ann] Ben=Films up to 12 years New profile | Ann | Each who watches here can have a list, places in films and choices of their own, and children a limit. ! The limit protects nothing: no profile without a limit has a PIN, so everybody can change it.
            > down
                profiles Ann [Ben=Films up to 12 years] New profile | Ben | Each who watches here can have a list, places in films and choices of their own, and children a limit. ! The limit protects nothing: no profile without a limit has a PIN, so everybody can change it.
            > ok
                ben [Name=Ben] Colour=Green PIN=None Limit=Films up to 12 years Films of unknown age=Not shown Delete this profile | Name | What it is called. Without a name it is called after its colour. ! The limit protects nothing: no profile without a limit has a PIN, so everybody can change it.
            > down
                ben Name=Ben [Colour=Green] PIN=None Limit=Films up to 12 years Films of unknown age=Not shown Delete this profile | Colour | By which it is known at a glance. ! The limit protects nothing: no profile without a limit has a PIN, so everybody can change it.
            > down
                ben Name=Ben Colour=Green [PIN=None] Limit=Films up to 12 years Films of unknown age=Not shown Delete this profile | PIN | Four digits that are asked for whenever somebody wants to watch with this profile. ! The limit protects nothing: no profile without a limit has a PIN, so everybody can change it.
            > down
                ben Name=Ben Colour=Green PIN=None [Limit=Films up to 12 years] Films of unknown age=Not shown Delete this profile | Limit | The limit protects nothing while Ann has no PIN: everybody can choose that profile. / Films that are known to be for older viewers are neither shown nor played. Settings and add-ons then want the PIN of a profile without a limit. ! The limit protects nothing: no profile without a limit has a PIN, so everybody can change it.
        "#]],
    );
}

#[test]
fn a_pin_of_another_is_wanted_before_his_settings() {
    of(
        "Ann#1234 Ben Cleo#5678<16",
        "2
         to Profiles
         ok
         back
         down
         down
         ok
         5
         6
         7
         8
         answer
         back
         up
         up
         ok",
        &expect![[r#"
            > 2
              people 1:Ann#1234, *2:Ben, 3:Cleo#5678<16
              save 
                home: New: [ANT] BEE CAT
            > to Profiles
                profiles [Ann=With a PIN] Ben Cleo=Films up to 16 years  ·  With a PIN New profile | Ann | Each who watches here can have a list, places in films and choices of their own, and children a limit.
            > ok
                PIN of Ann: ____ at 5 | Type the four digits
            > back
                profiles [Ann=With a PIN] Ben Cleo=Films up to 16 years  ·  With a PIN New profile | Ann | Each who watches here can have a list, places in films and choices of their own, and children a limit.
            > down
                profiles Ann=With a PIN [Ben] Cleo=Films up to 16 years  ·  With a PIN New profile | Ben | Each who watches here can have a list, places in films and choices of their own, and children a limit.
            > down
                profiles Ann=With a PIN Ben [Cleo=Films up to 16 years  ·  With a PIN] New profile | Cleo | Each who watches here can have a list, places in films and choices of their own, and children a limit.
            > ok
                PIN of Cleo: ____ at 5 | Type the four digits
            > 5
                PIN of Cleo: *___ at 5 | Type the four digits
            > 6
                PIN of Cleo: **__ at 5 | Type the four digits
            > 7
                PIN of Cleo: ***_ at 5 | Type the four digits
            > 8
              people 1:Ann#1234 (1 wrong), *2:Ben, 3:Cleo#5678<16 (1 wrong)
              check PIN of 1, 3
                PIN of Cleo: ____ at 5 waits | One moment
            > answer
              people 1:Ann#1234, *2:Ben, 3:Cleo#5678<16
                cleo [Name=Cleo] Colour=Orange PIN=There is one Remove the PIN Limit=Films up to 16 years Films of unknown age=Shown Delete this profile | Name | What it is called. Without a name it is called after its colour.
            > back
                profiles Ann=With a PIN Ben [Cleo=Films up to 16 years  ·  With a PIN] New profile | Cleo | Each who watches here can have a list, places in films and choices of their own, and children a limit.
            > up
                profiles Ann=With a PIN [Ben] Cleo=Films up to 16 years  ·  With a PIN New profile | Ben | Each who watches here can have a list, places in films and choices of their own, and children a limit.
            > up
                profiles [Ann=With a PIN] Ben Cleo=Films up to 16 years  ·  With a PIN New profile | Ann | Each who watches here can have a list, places in films and choices of their own, and children a limit.
            > ok
                PIN of Ann: ____ at 5 | Type the four digits
        "#]],
    );
}

#[test]
fn who_deletes_himself_leaves_the_choice_to_the_others() {
    of(
        "Ann#1234 Ben Cleo",
        "2
         to Profiles
         down
         ok
         up
         down
         down
         down
         down
         down
         ok
         ok",
        &expect![[r#"
            > 2
              people 1:Ann#1234, *2:Ben, 3:Cleo
              save 
                home: New: [ANT] BEE CAT
            > to Profiles
                profiles [Ann=With a PIN] Ben Cleo New profile | Ann | Each who watches here can have a list, places in films and choices of their own, and children a limit.
            > down
                profiles Ann=With a PIN [Ben] Cleo New profile | Ben | Each who watches here can have a list, places in films and choices of their own, and children a limit.
            > ok
                ben [Name=Ben] Colour=Green PIN=None Limit=All films Delete this profile | Name | What it is called. Without a name it is called after its colour.
            > up
                ben [Name=Ben] Colour=Green PIN=None Limit=All films Delete this profile | Name | What it is called. Without a name it is called after its colour.
            > down
                ben Name=Ben [Colour=Green] PIN=None Limit=All films Delete this profile | Colour | By which it is known at a glance.
            > down
                ben Name=Ben Colour=Green [PIN=None] Limit=All films Delete this profile | PIN | Four digits that are asked for whenever somebody wants to watch with this profile.
            > down
                ben Name=Ben Colour=Green PIN=None [Limit=All films] Delete this profile | Limit | Films that are known to be for older viewers are neither shown nor played. Settings and add-ons then want the PIN of a profile without a limit.
            > down
                ben Name=Ben Colour=Green PIN=None Limit=All films [Delete this profile] | Delete this profile | Its list, its places in films and its choices are deleted for good.
            > down
                ben Name=Ben Colour=Green PIN=None Limit=All films [Delete this profile] | Delete this profile | Its list, its places in films and its choices are deleted for good.
            > ok
                ben Name=Ben Colour=Green PIN=None Limit=All films [Delete this profile] | Delete this profile | Its list, its places in films and its choices are deleted for good. | Press OK once more: the profile is deleted. This cannot be undone
            > ok
              people *1:Ann#1234, 3:Cleo
              save 
                who: [Ann=With a PIN] Cleo
        "#]],
    );
}

#[test]
fn a_new_profile_is_saved_with_what_is_the_boxs() {
    let mut library = app::Library::default();
    library.owner.autoplay = Some(true);
    library.sound.night = true;
    let mut story = Story::with(library.clone(), Preferences::default());
    story.tell("to Profiles\n down");
    let made = story
        .app
        .update(Event::Key(Key::Ok, Press::Down), story.now);
    let saved: Vec<_> = made
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::SaveLibrary(saved) => Some(saved),
            _ => None,
        })
        .collect();
    assert_eq!(saved.len(), 2);
    for one in saved {
        assert_eq!(one.clone().on_box(&library), one);
    }
}
