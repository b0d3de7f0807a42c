//! What is got ahead while the viewer looks around.

// The macro that rewrites transcripts chooses the quotes.
#![allow(clippy::needless_raw_string_hashes)]

mod story;

use app::{Event, Library, Preferences, Time};
use expect_test::{Expect, expect};
use story::{Story, check, rows};

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
                film ANT: [Play] Source
            > +2000ms
                film ANT: [Play] Source
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
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off
            > +60000ms
                playing ANT at 0ns runs
            > at 60
              save ant 60s
                playing ANT at 60s runs
            > back
              save ant 60s
              close player 1
              close torrent 1
                film ANT: [Continue from 1:00] From the start Source
            > +400ms
              prefetch ant-0 from byte 5700000
                film ANT: [Continue from 1:00] From the start Source
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
                film BEE: [Play] Sources (2)
            > menu
                film BEE: [Play] Sources (2) | [source 0] source 1
            > down
                film BEE: [Play] Sources (2) | source 0 [source 1]
            > ok
                film BEE: [Play] Sources (2)
            > +400ms
              prefetch bee-1
                film BEE: [Play] Sources (2)
            > menu
                film BEE: [Play] Sources (2) | source 0 [source 1]
            > up
                film BEE: [Play] Sources (2) | [source 0] source 1
            > ok
                film BEE: [Play] Sources (2)
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
                film BEE: [Play] Sources (2)
            > +399ms
                film BEE: [Play] Sources (2)
            > +1ms
              prefetch bee-0
                film BEE: [Play] Sources (2)
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
                film BEE: [Play] Sources (2)
            > +400ms
              prefetch bee-0
                film BEE: [Play] Sources (2)
            > prefetched peers=2 rate=20k have=0-1
                film BEE: [Play] Sources (2)
            > +2900ms
                film BEE: [Play] Sources (2)
            > +100ms
                film BEE: [Play] Sources (2) | This connection is too slow for this version: choose a smaller one
            > prefetched peers=2 rate=0k have=0-3
                film BEE: [Play] Sources (2) | This connection is too slow for this version: choose a smaller one
            > menu
                film BEE: [Play] Sources (2) | [source 0] source 1 | This connection is too slow for this version: choose a smaller one
            > down
                film BEE: [Play] Sources (2) | source 0 [source 1] | This connection is too slow for this version: choose a smaller one
            > ok
                film BEE: [Play] Sources (2)
            > +400ms
              prefetch bee-1
                film BEE: [Play] Sources (2)
            > prefetched peers=2 rate=200k have=0-3
                film BEE: [Play] Sources (2)
            > back
                home: New: ANT [BEE] CAT
        "#]],
    );
}

#[test]
fn nothing_is_got_ahead_where_the_owner_or_the_link_forbids_it() {
    let forbidden = |prefetch, metered| {
        let preferences = Preferences { prefetch, metered };
        let mut story = Story::with(Library::default(), preferences);
        story.app.update(Event::Rows(rows()), Time::default());
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
            film BEE: [Play] Sources (2)
        > +5000ms
            film BEE: [Play] Sources (2)
    "#]]
    .assert_eq(&never);
}

/// Goes on with the library of an earlier story; gives back its own.
fn tell(library: Library, script: &str, expect: &Expect) -> Library {
    let mut story = Story::new(library);
    story.app.update(Event::Rows(rows()), Time::default());
    story.tell(script);
    expect.assert_eq(&story.transcript);
    story.library
}

/// The library after a story that needs no transcript.
fn after(script: &str) -> Library {
    let mut story = Story::new(Library::default());
    story.app.update(Event::Rows(rows()), Time::default());
    story.tell(script);
    story.library
}

#[test]
fn a_film_goes_on_from_the_byte_it_was_read_at() {
    // It plays with what was read 2 s ahead of the picture, and the power goes.
    let library = after(
        "ok
         ok
         torrent ready
         player ready
         progress peers=3 rate=900k have=0-100 at=2
         at 1
         progress peers=3 rate=900k have=0-100 at=10
         at 10
         progress peers=3 rate=900k have=0-100 at=12
         at 12
         progress peers=3 rate=900k have=0-100 at=14
         at 14
         progress peers=3 rate=900k have=0-100 at=17
         +5000ms
         at 17",
    );
    tell(
        library,
        "+400ms
         ok
         ok
         torrent ready
         player ready
         progress peers=3 rate=900k have=0-100 at=19
         at 18
         back
         back
         +400ms",
        &expect![[r#"
            > +400ms
              prefetch ant-0 from byte 1440000
                home: Continue watching: [ANT]
            > ok
                film ANT: [Continue from 0:17] From the start Source
            > ok
              open torrent 1 of ant-0 from byte 1440000
                opening ANT: Finding peers |  | None | -
            > torrent ready
              open player 1 at 17s
                opening ANT: Looking for peers again |  | Some(0) | -
            > player ready
                opening ANT: Looking for peers again |  | Some(0) | -
            > progress peers=3 rate=900k have=0-100 at=19
              save ant 17s
              run
                playing ANT at 17s runs | 0:17 Pause Audio: English Subtitles: Off
            > at 18
                playing ANT at 18s runs | 0:18 Pause Audio: English Subtitles: Off
            > back
                playing ANT at 18s runs
            > back
              save ant 18s
              close player 1
              close torrent 1
                film ANT: [Continue from 0:18] From the start Source
            > +400ms
              prefetch ant-0 from byte 1440000
                film ANT: [Continue from 0:18] From the start Source
        "#]],
    );
}

#[test]
fn after_a_jump_the_byte_is_reckoned_by_the_length() {
    let library = after(
        "ok
         ok
         torrent ready
         player ready
         progress peers=3 rate=900k have=0-100 at=19
         6
         home",
    );
    // From the start there is none.
    tell(
        library,
        "up
         ok
         +400ms
         right
         ok",
        &expect![[r#"
            > up
                home: Continue watching: [ANT]
            > ok
                film ANT: [Continue from 1:12] From the start Source
            > +400ms
              prefetch ant-0 from byte 6900000
                film ANT: [Continue from 1:12] From the start Source
            > right
                film ANT: Continue from 1:12 [From the start] Source
            > ok
              open torrent 1 of ant-0
                opening ANT: Finding peers |  | None | -
        "#]],
    );
}

#[test]
fn a_film_is_continued_from_the_version_it_was_played_from() {
    let library = after(
        "right
         ok
         menu
         down
         ok
         ok
         torrent ready
         player ready
         progress peers=3 rate=900k have=0-100 at=2
         5
         back",
    );
    // Another version of it has other bytes.
    tell(
        library,
        "up
         play
         back
         menu
         up
         ok
         +400ms
         ok",
        &expect![[r#"
            > up
                home: Continue watching: [BEE]
            > play
              open torrent 1 of bee-1 from byte 5700000
                opening BEE: Finding peers |  | None | -
            > back
              close torrent 1
                film BEE: [Continue from 1:00] From the start Sources (2)
            > menu
                film BEE: [Continue from 1:00] From the start Sources (2) | source 0 [source 1]
            > up
                film BEE: [Continue from 1:00] From the start Sources (2) | [source 0] source 1
            > ok
                film BEE: [Continue from 1:00] From the start Sources (2)
            > +400ms
              prefetch bee-0
                film BEE: [Continue from 1:00] From the start Sources (2)
            > ok
              open torrent 2 of bee-0
                opening BEE: Finding peers |  | None | -
        "#]],
    );
}
