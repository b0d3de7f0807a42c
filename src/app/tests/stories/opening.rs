//! From a film's page until it runs, or until it is said why it does not.

use expect_test::expect;

use crate::story::check;

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
                film BEE: [Play] Sources (2) Add to my list
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
                playing BEE at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > progress peers=2 rate=500k have=0-5 at=1
                playing BEE at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > +250ms
                playing BEE at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > at 0.25
                playing BEE at 250ms runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > +5000ms
                playing BEE at 250ms runs
            > at 5.25
              save bee 5.25s
                playing BEE at 5.25s runs
            > back
              save bee 5.25s
              close player 1
              close torrent 1
                film BEE: [Continue from 0:05] From the start Sources (2) Add to my list
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
                film ANT: [Play] Source Add to my list
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
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
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
                film GNU: [Play] Source Add to my list
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
                film GNU: [Play] Source Add to my list
            > late
                film GNU: [Play] Source Add to my list
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
                film BEE: [Play] Sources (2) Add to my list
            > right
                film BEE: Play [Sources (2)] Add to my list
            > ok
                film BEE: Play [Sources (2)] Add to my list | [source 0] source 1
            > down
                film BEE: Play [Sources (2)] Add to my list | source 0 [source 1]
            > ok
                film BEE: [Play] Sources (2) Add to my list
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
                film BEE: [Play] Sources (2) Add to my list | source 0 [source 1]
            > back
                film BEE: [Play] Sources (2) Add to my list
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
                film BEE: [Play] Sources (2) Add to my list
        "#]],
    );
}
