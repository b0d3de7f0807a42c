//! What the box does, told as stories. `UPDATE_EXPECT=1` (make accept) rewrites the transcripts.

// The macro that rewrites transcripts chooses the quotes.
#![allow(clippy::needless_raw_string_hashes)]

mod story;

use expect_test::expect;
use story::{Story, check, film, rows};

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
fn ok_ok_plays_a_film_and_back_goes_where_one_came_from() {
    check(
        "right
         ok
         ok
         progress peers=0
         progress peers=2 rate=0k
         torrent ready
         progress peers=2 rate=500k have=0-1
         player ready
         progress peers=2 rate=500k have=0-5 at=1
         +250ms
         at 0.25
         +5000ms
         at 5.25
         back
         back
         back",
        &expect![[r#"
            > right
                home: New: ANT [BEE] CAT
            > ok
                film BEE: [Play] Sources (2)
            > ok
              open torrent 1 of bee-0
                opening BEE: Finding peers |  | None | -
            > progress peers=0
                opening BEE: Finding peers |  | None | -
            > progress peers=2 rate=0k
                opening BEE: Connected to 2 peers |  | None | -
            > torrent ready
              open player 1 at 0ns
                opening BEE: Getting the film from 2 peers |  | Some(0) | -
            > progress peers=2 rate=500k have=0-1
                opening BEE: Getting the film from 2 peers | 500 kB/s  ·  starts any moment | Some(1000) | -
            > player ready
              save bee 0ns
              run
                playing BEE at 0ns runs | 0:00 Pause Audio: English Subtitles: Off
            > progress peers=2 rate=500k have=0-5 at=1
                playing BEE at 0ns runs | 0:00 Pause Audio: English Subtitles: Off
            > +250ms
                playing BEE at 0ns runs | 0:00 Pause Audio: English Subtitles: Off
            > at 0.25
                playing BEE at 250ms runs | 0:00 Pause Audio: English Subtitles: Off
            > +5000ms
                playing BEE at 250ms runs
            > at 5.25
              save bee 5.25s
                playing BEE at 5.25s runs
            > back
              save bee 5.25s
              close player 1
              close torrent 1
                film BEE: [Continue from 0:05] From the start Sources (2)
            > back
                home: New: ANT [BEE] CAT
            > back
                home: Continue watching: [BEE]
        "#]],
    );
}

#[test]
fn a_film_waits_until_enough_lies_ahead() {
    check(
        "ok
         ok
         torrent ready
         player ready
         progress peers=1 rate=50k have=0-1 at=0
         progress peers=1 rate=50k have=0-3 at=0
         progress peers=1 rate=50k have=0-4 at=0",
        &expect![[r#"
            > ok
                film ANT: [Play] Source
            > ok
              open torrent 1 of ant-0
                opening ANT: Finding peers |  | None | -
            > torrent ready
              open player 1 at 0ns
                opening ANT: Looking for peers again |  | Some(0) | -
            > player ready
                opening ANT: Looking for peers again |  | Some(0) | -
            > progress peers=1 rate=50k have=0-1 at=0
                opening ANT: Getting the film from 1 peer | 50 kB/s  ·  starts in about 6 s | Some(300) | -
            > progress peers=1 rate=50k have=0-3 at=0
                opening ANT: Getting the film from 1 peer | 50 kB/s  ·  starts in about 1 s | Some(900) | -
            > progress peers=1 rate=50k have=0-4 at=0
              save ant 0ns
              run
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off
        "#]],
    );
}

#[test]
fn a_magnet_nobody_answers_is_said_after_a_while_and_left_at_any_time() {
    check(
        "open gnu
         ok
         progress metadata
         +29900ms
         +200ms
         back
         late",
        &expect![[r#"
            > open gnu
                film GNU: [Play] Source
            > ok
              open torrent 1 of gnu-0
                opening GNU: Finding peers |  | None | -
            > progress metadata
                opening GNU: Finding peers |  | None | -
            > +29900ms
                opening GNU: Finding peers |  | None | -
            > +200ms
                opening GNU: Finding peers |  | None | Nobody has answered yet. Few people may be sharing this film now. Keep waiting, or press Back.
            > back
              close torrent 1
                film GNU: [Play] Source
            > late
                film GNU: [Play] Source
        "#]],
    );
}

/// The lines that get `ant` to run with the whole film held.
const PLAY: &str = "ok
    ok
    torrent ready
    player ready
    progress peers=3 rate=900k have=0-100";

fn playing(script: &str, expect: &expect_test::Expect) {
    let mut story = Story::new(app::Library::default());
    story
        .app
        .update(app::Event::Rows(rows()), app::Time::default());
    story.tell(PLAY);
    story.transcript.clear();
    story.tell(script);
    expect.assert_eq(&story.transcript);
}

#[test]
fn a_stall_holds_the_film_and_it_goes_on_when_enough_came() {
    playing(
        "at 10
         progress peers=1 rate=40k have=0-10 at=10 waiting
         at 10.25
         +300ms
         +300ms
         at 10.25
         progress peers=1 rate=40k have=0-12 at=10
         progress peers=1 rate=40k have=0-14 at=10
         at 10.5",
        &expect![[r#"
            > at 10
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off
            > progress peers=1 rate=40k have=0-10 at=10 waiting
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off
            > at 10.25
                playing ANT at 10.25s runs | 0:10 Pause Audio: English Subtitles: Off
            > +300ms
                playing ANT at 10.25s runs | 0:10 Pause Audio: English Subtitles: Off
            > +300ms
              hold
                playing ANT at 10.25s Waiting for the film  ·  1 peer  ·  40 kB/s  ·  goes on in about 10 s | 0:10 Pause Audio: English Subtitles: Off
            > at 10.25
                playing ANT at 10.25s Waiting for the film  ·  1 peer  ·  40 kB/s  ·  goes on in about 10 s | 0:10 Pause Audio: English Subtitles: Off
            > progress peers=1 rate=40k have=0-12 at=10
                playing ANT at 10.25s Waiting for the film  ·  1 peer  ·  40 kB/s  ·  goes on in about 4 s | 0:10 Pause Audio: English Subtitles: Off
            > progress peers=1 rate=40k have=0-14 at=10
              run
                playing ANT at 10.25s runs | 0:10 Pause Audio: English Subtitles: Off
            > at 10.5
                playing ANT at 10.5s runs | 0:10 Pause Audio: English Subtitles: Off
        "#]],
    );
}

#[test]
fn a_tap_seeks_at_once_and_taps_add_up() {
    playing(
        "at 50
         right
         right
         at 50.2
         seeked 70
         left
         seeked 60
         +4100ms",
        &expect![[r#"
            > at 50
                playing ANT at 50s runs | 0:50 Pause Audio: English Subtitles: Off
            > right
              seek 60s Accurate
              save ant 60s
                playing ANT at 60s runs | 1:00 Pause Audio: English Subtitles: Off
            > right
              seek 70s Accurate
                playing ANT at 70s runs | 1:10 Pause Audio: English Subtitles: Off
            > at 50.2
                playing ANT at 70s runs | 1:10 Pause Audio: English Subtitles: Off
            > seeked 70
              save ant 70s
                playing ANT at 70s runs | 1:10 Pause Audio: English Subtitles: Off
            > left
              seek 60s Accurate
              save ant 60s
                playing ANT at 60s runs | 1:00 Pause Audio: English Subtitles: Off
            > seeked 60
              save ant 60s
                playing ANT at 60s runs | 1:00 Pause Audio: English Subtitles: Off
            > +4100ms
                playing ANT at 60s runs
        "#]],
    );
}

#[test]
fn a_held_arrow_scrubs_by_key_frames_and_seeks_exactly_when_released() {
    playing(
        "right down
         right repeat
         right repeat
         right up
         seeked 30",
        &expect![[r#"
            > right down
                playing ANT at 0ns runs | 0:10 Pause Audio: English Subtitles: Off
            > right repeat
              seek 20s KeyUnit
              hold
                playing ANT at 0ns runs | 0:20 Pause Audio: English Subtitles: Off
            > right repeat
              seek 30s KeyUnit
                playing ANT at 0ns runs | 0:30 Pause Audio: English Subtitles: Off
            > right up
              seek 30s Accurate
              save ant 30s
              run
                playing ANT at 30s runs | 0:30 Pause Audio: English Subtitles: Off
            > seeked 30
              save ant 30s
                playing ANT at 30s runs | 0:30 Pause Audio: English Subtitles: Off
        "#]],
    );
}

#[test]
fn a_release_that_is_lost_is_made_up_for() {
    playing(
        "right down
         right repeat
         +800ms
         seeked 20",
        &expect![[r#"
            > right down
                playing ANT at 0ns runs | 0:10 Pause Audio: English Subtitles: Off
            > right repeat
              seek 20s KeyUnit
              hold
                playing ANT at 0ns runs | 0:20 Pause Audio: English Subtitles: Off
            > +800ms
              seek 20s Accurate
              run
                playing ANT at 20s runs | 0:20 Pause Audio: English Subtitles: Off
            > seeked 20
              save ant 20s
                playing ANT at 20s runs | 0:20 Pause Audio: English Subtitles: Off
        "#]],
    );
}

#[test]
fn tracks_are_chosen_in_a_list() {
    playing(
        "up
         down
         right
         ok
         down
         ok
         menu
         down
         ok
         subtitle Hello
         back
         subtitle There",
        &expect![[r#"
            > up
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off
            > down
                playing ANT at 0ns runs | 0:00 [Pause] Audio: English Subtitles: Off
            > right
                playing ANT at 0ns runs | 0:00 Pause [Audio: English] Subtitles: Off
            > ok
                playing ANT at 0ns runs | 0:00 Pause [Audio: English] Subtitles: Off | [English] Français
            > down
                playing ANT at 0ns runs | 0:00 Pause [Audio: English] Subtitles: Off | English [Français]
            > ok
              audio 2
                playing ANT at 0ns runs | 0:00 Pause [Audio: Français] Subtitles: Off
            > menu
                playing ANT at 0ns runs | 0:00 Pause [Audio: Français] Subtitles: Off | [Off] English
            > down
                playing ANT at 0ns runs | 0:00 Pause [Audio: Français] Subtitles: Off | Off [English]
            > ok
              subtitle Some(3)
                playing ANT at 0ns runs | 0:00 Pause [Audio: Français] Subtitles: English
            > subtitle Hello
                playing ANT at 0ns runs | 0:00 Pause [Audio: Français] Subtitles: English | "Hello"
            > back
                playing ANT at 0ns runs | "Hello"
            > subtitle There
                playing ANT at 0ns runs | "There"
        "#]],
    );
}

#[test]
fn pause_stays_until_the_viewer_ends_it() {
    playing(
        "at 20
         play-pause
         +60000ms
         pause
         ok
         +5000ms",
        &expect![[r#"
            > at 20
                playing ANT at 20s runs | 0:20 Pause Audio: English Subtitles: Off
            > play-pause
              save ant 20s
              hold
                playing ANT at 20s paused | 0:20 Play Audio: English Subtitles: Off
            > +60000ms
                playing ANT at 20s paused | 0:20 Play Audio: English Subtitles: Off
            > pause
              save ant 20s
                playing ANT at 20s paused | 0:20 Play Audio: English Subtitles: Off
            > ok
              save ant 20s
              run
                playing ANT at 20s runs | 0:20 Pause Audio: English Subtitles: Off
            > +5000ms
                playing ANT at 20s runs
        "#]],
    );
}

#[test]
fn digits_and_chapters_jump() {
    playing(
        "5
         seeked 60
         next
         previous
         seeked 30
         0
         9",
        &expect![[r#"
            > 5
              seek 60s Accurate
              save ant 60s
                playing ANT at 60s runs | 1:00 Pause Audio: English Subtitles: Off
            > seeked 60
              save ant 60s
                playing ANT at 60s runs | 1:00 Pause Audio: English Subtitles: Off
            > next
                playing ANT at 60s runs | 1:00 Pause Audio: English Subtitles: Off
            > previous
              seek 30s Accurate
              save ant 30s
                playing ANT at 30s runs | 0:30 Pause Audio: English Subtitles: Off
            > seeked 30
              save ant 30s
                playing ANT at 30s runs | 0:30 Pause Audio: English Subtitles: Off
            > 0
              seek 0ns Accurate
              save ant 0ns
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off
            > 9
              seek 108s Accurate
                playing ANT at 108s runs | 1:48 Pause Audio: English Subtitles: Off
        "#]],
    );
}

#[test]
fn the_end_marks_a_film_watched() {
    playing(
        "at 119
         ended
         back",
        &expect![[r#"
            > at 119
                playing ANT at 119s runs | 1:59 Pause Audio: English Subtitles: Off
            > ended
              save ant 0ns watched
              close player 1
              close torrent 1
                film ANT: [Play again] Source
            > back
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn a_film_left_in_the_middle_is_continued_also_after_a_restart() {
    let mut story = Story::new(app::Library::default());
    story
        .app
        .update(app::Event::Rows(rows()), app::Time::default());
    story.tell(PLAY).tell("at 47");
    // The power goes: what was written last is all there is.
    story.tell("+5000ms\n at 52\n +100ms\n at 52.1");
    let mut story = Story::new(story.library.clone());
    story
        .app
        .update(app::Event::Rows(rows()), app::Time::default());
    story.tell("up\n ok\n ok");
    expect![[r#"
        > up
            home: Continue watching: [ANT]
        > ok
            film ANT: [Continue from 0:52] From the start Source
        > ok
          open torrent 1 of ant-0 from byte 0
            opening ANT: Finding peers |  | None | -
    "#]]
    .assert_eq(&story.transcript);
}

#[test]
fn the_end_of_the_program_keeps_the_place() {
    playing(
        "at 33
         shutdown",
        &expect![[r#"
            > at 33
                playing ANT at 33s runs | 0:33 Pause Audio: English Subtitles: Off
            > shutdown
              save ant 33s
              close player 1
              close torrent 1
                film ANT: [Continue from 0:33] From the start Source
        "#]],
    );
}

#[test]
fn what_fails_is_told_with_a_way_out() {
    check(
        "right
         ok
         right
         ok
         down
         ok
         ok
         torrent ready
         no decoder
         right
         ok
         back
         ok
         torrent failed
         ok
         back",
        &expect![[r#"
            > right
                home: New: ANT [BEE] CAT
            > ok
                film BEE: [Play] Sources (2)
            > right
                film BEE: Play [Sources (2)]
            > ok
                film BEE: Play [Sources (2)] | [source 0] source 1
            > down
                film BEE: Play [Sources (2)] | source 0 [source 1]
            > ok
                film BEE: [Play] Sources (2)
            > ok
              open torrent 1 of bee-1
                opening BEE: Finding peers |  | None | -
            > torrent ready
              open player 1 at 0ns
                opening BEE: Looking for peers again |  | Some(0) | -
            > no decoder
              close player 1
              close torrent 1
                trouble: This box can't decode this film | It is stored as H.265, which this box does not know. Try another source. | [Try again] Choose another source Back
            > right
                trouble: This box can't decode this film | It is stored as H.265, which this box does not know. Try another source. | Try again [Choose another source] Back
            > ok
                film BEE: [Play] Sources (2) | source 0 [source 1]
            > back
                film BEE: [Play] Sources (2)
            > ok
              open torrent 2 of bee-1
                opening BEE: Finding peers |  | None | -
            > torrent failed
              close torrent 2
                trouble: The storage is full | There is no room to keep the film while it plays. Free some space, then try again. | [Try again] Choose another source Back
            > ok
              open torrent 3 of bee-1
                opening BEE: Finding peers |  | None | -
            > back
              close torrent 3
                film BEE: [Play] Sources (2)
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
                film DEMO: [Play] Source | Being made on this box: 42 %
            > ok
                film DEMO: [Play] Source | Being made on this box: 42 %
            > film demo 100%
                film DEMO: [Play] Source
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
    let mut story = Story::new(app::Library::default());
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
            film FOX: [Play] Source
    "#]]
    .assert_eq(&story.transcript);
}
