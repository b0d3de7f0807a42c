//! Where a film was left, and from where it goes on.

use expect_test::expect;

use crate::story::{PLAY, Story, after, check_on, playing};

#[test]
fn the_end_marks_a_film_watched() {
    playing(
        "at 119
         ended
         back",
        &expect![[r#"
            > at 119
                playing ANT at 119s runs | 1:59 Pause Audio: English Subtitles: Off Adjust
            > ended
              save ant 0ns watched
              close player 1
              close torrent 1
                film ANT: [Play again] Source Add to my list
            > back
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn a_film_left_in_the_middle_is_continued_also_after_a_restart() {
    let mut story = Story::default();
    story.tell(PLAY).tell("at 47");
    // The power goes: what was written last is all there is.
    story.tell("+5000ms\n at 52\n +100ms\n at 52.1");
    check_on(
        story.library,
        "left
         ok
         ok",
        &expect![[r#"
            > left
                home: Continue watching: [ANT]
            > ok
                film ANT: [Continue from 0:52] From the start Source Add to my list
            > ok
              open torrent 1 of ant-0 from byte 0
                opening ANT: Finding peers |  | None | -
        "#]],
    );
}

#[test]
fn the_end_of_the_program_keeps_the_place() {
    playing(
        "at 33
         shutdown",
        &expect![[r#"
            > at 33
                playing ANT at 33s runs | 0:33 Pause Audio: English Subtitles: Off Adjust
            > shutdown
              save ant 33s
              close player 1
              close torrent 1
                film ANT: [Continue from 0:33] From the start Source Add to my list
        "#]],
    );
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
    check_on(
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
              prefetch ant-0 from byte 1680000
                home: Continue watching: [ANT]
            > ok
                film ANT: [Continue from 0:17] From the start Source Add to my list
            > ok
              open torrent 1 of ant-0 from byte 1680000
                opening ANT: Finding peers |  | None | -
            > torrent ready
              open player 1 at 17s
                opening ANT: Looking for peers again |  | Some(0) | -
            > player ready
                opening ANT: Looking for peers again |  | Some(0) | -
            > progress peers=3 rate=900k have=0-100 at=19
              save ant 17s
              run
                playing ANT at 17s runs | 0:17 Pause Audio: English Subtitles: Off Adjust
            > at 18
                playing ANT at 18s runs | 0:18 Pause Audio: English Subtitles: Off Adjust
            > back
                playing ANT at 18s runs
            > back
              save ant 18s
              close player 1
              close torrent 1
                film ANT: [Continue from 0:18] From the start Source Add to my list
            > +400ms
              prefetch ant-0 from byte 1680000
                film ANT: [Continue from 0:18] From the start Source Add to my list
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
    check_on(
        library,
        "left
         ok
         +400ms
         right
         ok",
        &expect![[r#"
            > left
                home: Continue watching: [ANT]
            > ok
                film ANT: [Continue from 1:12] From the start Source Add to my list
            > +400ms
              prefetch ant-0 from byte 6900000
                film ANT: [Continue from 1:12] From the start Source Add to my list
            > right
                film ANT: Continue from 1:12 [From the start] Source Add to my list
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
    check_on(
        library,
        "left
         play
         back
         menu
         up
         ok
         +400ms
         ok",
        &expect![[r#"
            > left
                home: Continue watching: [BEE]
            > play
              open torrent 1 of bee-1 from byte 5700000
                opening BEE: Finding peers |  | None | -
            > back
              close torrent 1
                film BEE: [Continue from 1:00] From the start Sources (2) Add to my list
            > menu
                film BEE: [Continue from 1:00] From the start Sources (2) Add to my list | source 0 [source 1]
            > up
                film BEE: [Continue from 1:00] From the start Sources (2) Add to my list | [source 0] source 1
            > ok
                film BEE: [Continue from 1:00] From the start Sources (2) Add to my list
            > +400ms
              prefetch bee-0
                film BEE: [Continue from 1:00] From the start Sources (2) Add to my list
            > ok
              open torrent 2 of bee-0
                opening BEE: Finding peers |  | None | -
        "#]],
    );
}
