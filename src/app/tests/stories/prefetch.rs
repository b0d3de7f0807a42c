//! What is got ahead while the viewer looks around.

use app::{Library, Preferences};
use expect_test::expect;

use crate::story::{Story, check};

#[test]
fn a_film_that_keeps_the_focus_is_got_ahead_and_one_that_is_passed_is_not() {
    check(
        "right
         +399ms
         right
         +399ms
         left
         +399ms
         +1ms
         +9000ms",
        &expect![[r#"
            > right
                home: New: ANT [BEE] CAT
            > +399ms
                home: New: ANT [BEE] CAT
            > right
                home: New: ANT BEE [CAT]
            > +399ms
                home: New: ANT BEE [CAT]
            > left
                home: New: ANT [BEE] CAT
            > +399ms
                home: New: ANT [BEE] CAT
            > +1ms
              prefetch bee-0
                home: New: ANT [BEE] CAT
            > +9000ms
                home: New: ANT [BEE] CAT
        "#]],
    );
}

#[test]
fn a_look_at_the_neighbour_and_back_stops_nothing() {
    check(
        "+400ms
         right
         +300ms
         left
         +5000ms
         right
         +400ms
         +5000ms",
        &expect![[r#"
            > +400ms
              prefetch ant-0
                home: New: [ANT] BEE CAT
            > right
                home: New: ANT [BEE] CAT
            > +300ms
                home: New: ANT [BEE] CAT
            > left
                home: New: [ANT] BEE CAT
            > +5000ms
                home: New: [ANT] BEE CAT
            > right
                home: New: ANT [BEE] CAT
            > +400ms
              prefetch bee-0
                home: New: ANT [BEE] CAT
            > +5000ms
                home: New: ANT [BEE] CAT
        "#]],
    );
}

#[test]
fn held_arrows_leave_the_swarm() {
    check(
        "+400ms
         right
         +300ms
         down
         +300ms
         right
         +300ms
         left
         +200ms",
        &expect![[r#"
            > +400ms
              prefetch ant-0
                home: New: [ANT] BEE CAT
            > right
                home: New: ANT [BEE] CAT
            > +300ms
                home: New: ANT [BEE] CAT
            > down
                home: Old: [DOG] EEL
            > +300ms
                home: Old: [DOG] EEL
            > right
                home: Old: DOG [EEL]
            > +300ms
                home: Old: DOG [EEL]
            > left
                home: Old: [DOG] EEL
            > +200ms
              stop prefetch
                home: Old: [DOG] EEL
        "#]],
    );
}

#[test]
fn ok_takes_over_what_was_got_ahead() {
    check(
        "+400ms
         ok
         +2000ms
         ok
         torrent ready
         player ready
         progress peers=3 rate=900k have=0-9
         +60000ms
         at 60
         back
         +400ms",
        &expect![[r#"
            > +400ms
              prefetch ant-0
                home: New: [ANT] BEE CAT
            > ok
                film ANT: [Play] Source Add to my list
            > +2000ms
                film ANT: [Play] Source Add to my list
            > ok
              open torrent 1 of ant-0
                opening ANT: Finding peers |  | None | -
            > torrent ready
              open player 1 at 0ns
                opening ANT: Looking for peers again |  | Some(0) | -
            > player ready
                opening ANT: Looking for peers again |  | Some(0) | -
            > progress peers=3 rate=900k have=0-9
              save ant 0ns
              run
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > +60000ms
                playing ANT at 0ns runs
            > at 60
              save ant 60s
                playing ANT at 60s runs
            > back
              save ant 60s
              close player 1
              close torrent 1
                film ANT: [Continue from 1:00] From the start Source Add to my list
            > +400ms
              prefetch ant-0 from byte 5700000
                film ANT: [Continue from 1:00] From the start Source Add to my list
        "#]],
    );
}

#[test]
fn another_film_or_version_is_another_torrent() {
    check(
        "right
         +400ms
         ok
         menu
         down
         ok
         +400ms
         menu
         up
         ok
         ok",
        &expect![[r#"
            > right
                home: New: ANT [BEE] CAT
            > +400ms
              prefetch bee-0
                home: New: ANT [BEE] CAT
            > ok
                film BEE: [Play] Sources (2) Add to my list
            > menu
                film BEE: [Play] Sources (2) Add to my list | [source 0] source 1
            > down
                film BEE: [Play] Sources (2) Add to my list | source 0 [source 1]
            > ok
                film BEE: [Play] Sources (2) Add to my list
            > +400ms
              prefetch bee-1
                film BEE: [Play] Sources (2) Add to my list
            > menu
                film BEE: [Play] Sources (2) Add to my list | source 0 [source 1]
            > up
                film BEE: [Play] Sources (2) Add to my list | [source 0] source 1
            > ok
                film BEE: [Play] Sources (2) Add to my list
            > ok
              stop prefetch
              open torrent 1 of bee-0
                opening BEE: Finding peers |  | None | -
        "#]],
    );
}

#[test]
fn what_cannot_be_played_is_not_got_ahead() {
    check(
        "+400ms
         film demo 42%
         down
         down
         +2000ms
         film demo 100%
         +400ms",
        &expect![[r#"
            > +400ms
              prefetch ant-0
                home: New: [ANT] BEE CAT
            > film demo 42%
                home: New: [ANT] BEE CAT
            > down
                home: Old: [DOG] EEL
            > down
                home: Opened on this box: [DEMO]
            > +2000ms
              stop prefetch
                home: Opened on this box: [DEMO]
            > film demo 100%
                home: Opened on this box: [DEMO]
            > +400ms
              prefetch demo-0
                home: Opened on this box: [DEMO]
        "#]],
    );
}

#[test]
fn a_box_left_alone_stops_and_the_next_key_begins_again() {
    check(
        "right
         +400ms
         +299500ms
         +100ms
         +3600000ms
         menu
         +399ms
         +1ms",
        &expect![[r#"
            > right
                home: New: ANT [BEE] CAT
            > +400ms
              prefetch bee-0
                home: New: ANT [BEE] CAT
            > +299500ms
                home: New: ANT [BEE] CAT
            > +100ms
              stop prefetch
                home: New: ANT [BEE] CAT
            > +3600000ms
                home: New: ANT [BEE] CAT
            > menu
                this film [Play] Add to my list Mark as watched Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > +399ms
                this film [Play] Add to my list Mark as watched Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > +1ms
              prefetch bee-0
                this film [Play] Add to my list Mark as watched Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
        "#]],
    );
}

#[test]
fn the_end_of_the_program_stops_it() {
    check(
        "+400ms
         shutdown",
        &expect![[r#"
            > +400ms
              prefetch ant-0
                home: New: [ANT] BEE CAT
            > shutdown
              stop prefetch
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn a_slow_version_is_told_on_its_page() {
    check(
        "right
         ok
         +400ms
         prefetched peers=2 rate=20k have=0-1
         +2900ms
         +100ms
         prefetched peers=2 rate=0k have=0-3
         menu
         down
         ok
         +400ms
         prefetched peers=2 rate=200k have=0-3
         back",
        &expect![[r#"
            > right
                home: New: ANT [BEE] CAT
            > ok
                film BEE: [Play] Sources (2) Add to my list
            > +400ms
              prefetch bee-0
                film BEE: [Play] Sources (2) Add to my list
            > prefetched peers=2 rate=20k have=0-1
                film BEE: [Play] Sources (2) Add to my list
            > +2900ms
                film BEE: [Play] Sources (2) Add to my list
            > +100ms
                film BEE: [Play] Sources (2) Add to my list | This connection is too slow for this version: choose a smaller one
            > prefetched peers=2 rate=0k have=0-3
                film BEE: [Play] Sources (2) Add to my list | This connection is too slow for this version: choose a smaller one
            > menu
                film BEE: [Play] Sources (2) Add to my list | [source 0] source 1 | This connection is too slow for this version: choose a smaller one
            > down
                film BEE: [Play] Sources (2) Add to my list | source 0 [source 1] | This connection is too slow for this version: choose a smaller one
            > ok
                film BEE: [Play] Sources (2) Add to my list
            > +400ms
              prefetch bee-1
                film BEE: [Play] Sources (2) Add to my list
            > prefetched peers=2 rate=200k have=0-3
                film BEE: [Play] Sources (2) Add to my list
            > back
                home: New: ANT [BEE] CAT
        "#]],
    );
}

#[test]
fn nothing_is_got_ahead_where_the_owner_or_the_link_forbids_it() {
    let forbidden = |prefetch, metered| {
        let preferences = Preferences {
            prefetch,
            metered,
            ..Preferences::default()
        };
        let mut story = Story::with(Library::default(), preferences);
        story.tell("right\n +5000ms\n ok\n +5000ms");
        story.transcript
    };
    let never = forbidden(false, false);
    assert_eq!(never, forbidden(true, true));
    assert_eq!(never, forbidden(false, true));
    expect![[r#"
        > right
            home: New: ANT [BEE] CAT
        > +5000ms
            home: New: ANT [BEE] CAT
        > ok
            film BEE: [Play] Sources (2) Add to my list
        > +5000ms
            film BEE: [Play] Sources (2) Add to my list
    "#]]
    .assert_eq(&never);
}
