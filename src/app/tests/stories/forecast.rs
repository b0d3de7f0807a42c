//! What the viewer is told of a swarm, and when a film starts by it.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_fast_swarm_starts_at_once() {
    check(
        "ok
         ok
         torrent ready
         player ready
         progress peers=4 rate=300k have=0-0
         +250ms
         progress peers=4 rate=600k have=0-1",
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
            > progress peers=4 rate=300k have=0-0
                opening ANT: Getting the film from 4 peers | 300 kB/s  ·  starts in about 1 s | Some(0) | -
            > +250ms
                opening ANT: Getting the film from 4 peers | 300 kB/s  ·  starts in about 1 s | Some(0) | -
            > progress peers=4 rate=600k have=0-1
              save ant 0ns
              run
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
        "#]],
    );
}

#[test]
fn what_was_got_ahead_starts_at_once_whatever_the_swarm() {
    check(
        "ok
         +400ms
         prefetched peers=1 rate=20k have=0-4
         ok
         progress peers=1 have=0-4
         torrent ready
         player ready",
        &expect![[r#"
            > ok
                film ANT: [Play] Source Add to my list
            > +400ms
              prefetch ant-0
                film ANT: [Play] Source Add to my list
            > prefetched peers=1 rate=20k have=0-4
                film ANT: [Play] Source Add to my list
            > ok
              open torrent 1 of ant-0
                opening ANT: Finding peers |  | None | -
            > progress peers=1 have=0-4
                opening ANT: Connected to 1 peer |  | None | -
            > torrent ready
              open player 1 at 0ns
                opening ANT: Getting the film from 1 peer |  | Some(1000) | -
            > player ready
              save ant 0ns
              run
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
        "#]],
    );
}

#[test]
fn a_swarm_that_is_nearly_fast_enough_is_waited_for_and_then_plays_through() {
    check(
        "ok
         ok
         torrent ready
         player ready
         progress peers=2 rate=90k have=0-1
         +2000ms
         progress peers=2 rate=90k have=0-3
         +1000ms
         progress peers=2 rate=90k have=0-4
         +4000ms
         progress peers=2 rate=90k have=0-7
         +4000ms
         progress peers=2 rate=90k have=0-10
         +1500ms
         progress peers=2 rate=90k have=0-12",
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
            > progress peers=2 rate=90k have=0-1
                opening ANT: Getting the film from 2 peers | 90 kB/s  ·  starts in about 4 s | Some(300) | -
            > +2000ms
                opening ANT: Getting the film from 2 peers | 90 kB/s  ·  starts in about 4 s | Some(300) | -
            > progress peers=2 rate=90k have=0-3
                opening ANT: Getting the film from 2 peers | 90 kB/s  ·  starts in about 1 s | Some(900) | -
            > +1000ms
                opening ANT: Getting the film from 2 peers | 90 kB/s  ·  starts in about 10 s | Some(300) | -
            > progress peers=2 rate=90k have=0-4
                opening ANT: Getting the film from 2 peers | 90 kB/s  ·  starts in about 8 s | Some(400) | -
            > +4000ms
                opening ANT: Getting the film from 2 peers | 90 kB/s  ·  starts in about 8 s | Some(400) | -
            > progress peers=2 rate=90k have=0-7
                opening ANT: Getting the film from 2 peers | 90 kB/s  ·  starts in about 4 s | Some(700) | -
            > +4000ms
                opening ANT: Getting the film from 2 peers | 90 kB/s  ·  starts in about 4 s | Some(700) | -
            > progress peers=2 rate=90k have=0-10
              save ant 0ns
              run
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > +1500ms
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > progress peers=2 rate=90k have=0-12
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
        "#]],
    );
}

#[test]
fn a_film_that_needs_more_than_comes_is_told_and_starts_with_a_cushion() {
    check(
        "right
         ok
         ok
         torrent ready
         player ready
         progress peers=1 rate=50k have=0-1
         +2900ms
         progress peers=1 rate=51k have=0-2
         +200ms
         progress peers=1 rate=120k have=0-2
         progress peers=1 rate=50k have=0-3
         +10000ms
         progress peers=1 rate=50k have=0-7
         +9000ms
         progress peers=1 rate=50k have=0-12
         +2000ms
         progress peers=1 rate=50k have=0-13
         at 14
         progress peers=1 rate=50k have=0-14 at=14 waiting
         +600ms
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
            > torrent ready
              open player 1 at 0ns
                opening BEE: Looking for peers again |  | Some(0) | -
            > player ready
                opening BEE: Looking for peers again |  | Some(0) | -
            > progress peers=1 rate=50k have=0-1
                opening BEE: Getting the film from 1 peer | 50 kB/s  ·  starts in about 6 s | Some(300) | -
            > +2900ms
                opening BEE: Getting the film from 1 peer | 50 kB/s  ·  starts in about 6 s | Some(300) | -
            > progress peers=1 rate=51k have=0-2
                opening BEE: Getting the film from 1 peer | 51 kB/s  ·  starts in about 4 s | Some(600) | -
            > +200ms
                opening BEE: Getting the film from 1 peer | 51 kB/s  ·  starts in about 26 s | Some(156) | This connection is too slow for this film: it needs 100 kB/s and will stop now and then. Press Back and choose a smaller version under Sources.
            > progress peers=1 rate=120k have=0-2
                opening BEE: Getting the film from 1 peer | 120 kB/s  ·  starts in about 2 s | Some(600) | This connection is too slow for this film: it needs 100 kB/s and will stop now and then. Press Back and choose a smaller version under Sources.
            > progress peers=1 rate=50k have=0-3
                opening BEE: Getting the film from 1 peer | 50 kB/s  ·  starts in about 23 s | Some(240) | This connection is too slow for this film: it needs 100 kB/s and will stop now and then. Press Back and choose a smaller version under Sources.
            > +10000ms
                opening BEE: Getting the film from 1 peer | 50 kB/s  ·  starts in about 23 s | Some(240) | This connection is too slow for this film: it needs 100 kB/s and will stop now and then. Press Back and choose a smaller version under Sources.
            > progress peers=1 rate=50k have=0-7
                opening BEE: Getting the film from 1 peer | 50 kB/s  ·  starts in about 14 s | Some(560) | This connection is too slow for this film: it needs 100 kB/s and will stop now and then. Press Back and choose a smaller version under Sources.
            > +9000ms
                opening BEE: Getting the film from 1 peer | 50 kB/s  ·  starts in about 14 s | Some(560) | This connection is too slow for this film: it needs 100 kB/s and will stop now and then. Press Back and choose a smaller version under Sources.
            > progress peers=1 rate=50k have=0-12
                opening BEE: Getting the film from 1 peer | 50 kB/s  ·  starts in about 2 s | Some(960) | This connection is too slow for this film: it needs 100 kB/s and will stop now and then. Press Back and choose a smaller version under Sources.
            > +2000ms
                opening BEE: Getting the film from 1 peer | 50 kB/s  ·  starts in about 2 s | Some(960) | This connection is too slow for this film: it needs 100 kB/s and will stop now and then. Press Back and choose a smaller version under Sources.
            > progress peers=1 rate=50k have=0-13
              save bee 0ns
              run
                playing BEE at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > at 14
                playing BEE at 14s runs | 0:14 Pause Audio: English Subtitles: Off Adjust
            > progress peers=1 rate=50k have=0-14 at=14 waiting
                playing BEE at 14s runs | 0:14 Pause Audio: English Subtitles: Off Adjust
            > +600ms
              hold
                playing BEE at 14s This connection is too slow for this film  ·  1 peer  ·  50 kB/s  ·  goes on in about 30 s | 0:14 Pause Audio: English Subtitles: Off Adjust
            > back
                playing BEE at 14s This connection is too slow for this film  ·  1 peer  ·  50 kB/s  ·  goes on in about 30 s
            > back
              save bee 14s
              close player 1
              close torrent 1
                film BEE: [Continue from 0:14] From the start Sources (2) Add to my list | This connection is too slow for this version: choose a smaller one
        "#]],
    );
}

#[test]
fn a_moment_of_doubt_changes_no_word() {
    check(
        "ok
         ok
         torrent ready
         progress peers=3 rate=110k have=0-1
         +1000ms
         progress peers=3 rate=80k have=0-2
         +1000ms
         progress peers=3 rate=110k have=0-2
         +1000ms
         progress peers=3 rate=80k have=0-2
         +2000ms
         progress peers=3 rate=110k have=0-3",
        &expect![[r#"
            > ok
                film ANT: [Play] Source Add to my list
            > ok
              open torrent 1 of ant-0
                opening ANT: Finding peers |  | None | -
            > torrent ready
              open player 1 at 0ns
                opening ANT: Looking for peers again |  | Some(0) | -
            > progress peers=3 rate=110k have=0-1
                opening ANT: Getting the film from 3 peers | 110 kB/s  ·  starts in about 3 s | Some(300) | -
            > +1000ms
                opening ANT: Getting the film from 3 peers | 110 kB/s  ·  starts in about 3 s | Some(300) | -
            > progress peers=3 rate=80k have=0-2
                opening ANT: Getting the film from 3 peers | 80 kB/s  ·  starts in about 2 s | Some(600) | -
            > +1000ms
                opening ANT: Getting the film from 3 peers | 80 kB/s  ·  starts in about 2 s | Some(600) | -
            > progress peers=3 rate=110k have=0-2
                opening ANT: Getting the film from 3 peers | 110 kB/s  ·  starts in about 2 s | Some(600) | -
            > +1000ms
                opening ANT: Getting the film from 3 peers | 110 kB/s  ·  starts in about 2 s | Some(600) | -
            > progress peers=3 rate=80k have=0-2
                opening ANT: Getting the film from 3 peers | 80 kB/s  ·  starts in about 2 s | Some(600) | -
            > +2000ms
                opening ANT: Getting the film from 3 peers | 80 kB/s  ·  starts in about 2 s | Some(600) | -
            > progress peers=3 rate=110k have=0-3
                opening ANT: Getting the film from 3 peers | 110 kB/s  ·  starts in about 1 s | Some(900) | -
        "#]],
    );
}

#[test]
fn seconds_count_down_and_do_not_jump() {
    check(
        "ok
         ok
         torrent ready
         progress peers=3 rate=40k have=0-1
         progress peers=3 rate=35k have=0-1
         progress peers=3 rate=45k have=0-1
         progress peers=3 rate=15k have=0-1
         progress peers=3 rate=1k have=0-1",
        &expect![[r#"
            > ok
                film ANT: [Play] Source Add to my list
            > ok
              open torrent 1 of ant-0
                opening ANT: Finding peers |  | None | -
            > torrent ready
              open player 1 at 0ns
                opening ANT: Looking for peers again |  | Some(0) | -
            > progress peers=3 rate=40k have=0-1
                opening ANT: Getting the film from 3 peers | 40 kB/s  ·  starts in about 7 s | Some(300) | -
            > progress peers=3 rate=35k have=0-1
                opening ANT: Getting the film from 3 peers | 35 kB/s  ·  starts in about 7 s | Some(300) | -
            > progress peers=3 rate=45k have=0-1
                opening ANT: Getting the film from 3 peers | 45 kB/s  ·  starts in about 7 s | Some(300) | -
            > progress peers=3 rate=15k have=0-1
                opening ANT: Getting the film from 3 peers | 15 kB/s  ·  starts in about 19 s | Some(300) | -
            > progress peers=3 rate=1k have=0-1
                opening ANT: Getting the film from 3 peers | 1 kB/s  ·  starts in about 5 min | Some(300) | -
        "#]],
    );
}

/// A cache holds so much ahead and no more: then nothing comes though the swarm could.
#[test]
fn a_full_window_is_no_slow_swarm() {
    check(
        "ok
         ok
         torrent ready
         player ready
         progress peers=3 rate=50k capacity=60k have=0-3
         +3000ms
         progress peers=3 rate=0k capacity=60k have=0-5",
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
            > progress peers=3 rate=50k capacity=60k have=0-3
                opening ANT: Getting the film from 3 peers | 50 kB/s  ·  starts in about 1 s | Some(900) | -
            > +3000ms
                opening ANT: Getting the film from 3 peers | 50 kB/s  ·  starts in about 24 s | Some(200) | This connection is too slow for this film: it needs 100 kB/s and will stop now and then.
            > progress peers=3 rate=0k capacity=60k have=0-5
              save ant 0ns
              run
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
        "#]],
    );
}

/// What peers could give is a guess; what they gave while the film stood still is none.
#[test]
fn a_film_that_ran_dry_goes_on_by_what_comes() {
    check(
        "ok
         ok
         torrent ready
         player ready
         progress peers=3 rate=90k capacity=900k have=0-1
         at 1
         progress peers=3 rate=90k capacity=900k have=0-2 at=2 waiting
         +600ms
         progress peers=3 rate=110k capacity=900k have=0-4 at=2
         progress peers=3 rate=110k capacity=900k have=0-6 at=2",
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
            > progress peers=3 rate=90k capacity=900k have=0-1
              save ant 0ns
              run
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > at 1
                playing ANT at 1s runs | 0:01 Pause Audio: English Subtitles: Off Adjust
            > progress peers=3 rate=90k capacity=900k have=0-2 at=2 waiting
                playing ANT at 1s runs | 0:01 Pause Audio: English Subtitles: Off Adjust
            > +600ms
              hold
                playing ANT at 1s Waiting for the film  ·  3 peers  ·  90 kB/s  ·  goes on in about 5 s | 0:01 Pause Audio: English Subtitles: Off Adjust
            > progress peers=3 rate=110k capacity=900k have=0-4 at=2
                playing ANT at 1s Waiting for the film  ·  3 peers  ·  110 kB/s  ·  goes on in about 2 s | 0:01 Pause Audio: English Subtitles: Off Adjust
            > progress peers=3 rate=110k capacity=900k have=0-6 at=2
              run
                playing ANT at 1s runs | 0:01 Pause Audio: English Subtitles: Off Adjust
        "#]],
    );
}

#[test]
fn a_seek_begins_anew() {
    check(
        "ok
         ok
         torrent ready
         player ready
         progress peers=3 rate=60k have=0-30
         +3100ms
         progress peers=3 rate=60k have=0-32
         at 5
         6
         progress peers=3 rate=60k have=0-32 at=60 waiting
         +600ms
         progress peers=3 rate=60k have=0-32,60-63 at=60
         progress peers=3 rate=60k have=0-32,60-64 at=60",
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
            > progress peers=3 rate=60k have=0-30
              save ant 0ns
              run
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > +3100ms
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > progress peers=3 rate=60k have=0-32
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > at 5
                playing ANT at 5s runs | 0:05 Pause Audio: English Subtitles: Off Adjust
            > 6
              seek 72s Accurate
              save ant 72s
                playing ANT at 72s runs | 1:12 Pause Audio: English Subtitles: Off Adjust
            > progress peers=3 rate=60k have=0-32 at=60 waiting
                playing ANT at 72s runs | 1:12 Pause Audio: English Subtitles: Off Adjust
            > +600ms
              hold
                playing ANT at 72s Waiting for the film  ·  3 peers  ·  60 kB/s  ·  goes on in about 7 s | 1:12 Pause Audio: English Subtitles: Off Adjust
            > progress peers=3 rate=60k have=0-32,60-63 at=60
                playing ANT at 72s Waiting for the film  ·  3 peers  ·  60 kB/s  ·  goes on in about 1 s | 1:12 Pause Audio: English Subtitles: Off Adjust
            > progress peers=3 rate=60k have=0-32,60-64 at=60
              run
                playing ANT at 72s runs | 1:12 Pause Audio: English Subtitles: Off Adjust
        "#]],
    );
}

#[test]
fn what_keeps_films_from_coming_is_told_with_what_can_be_done() {
    check(
        "ok
         ok
         torrent off
         ok
         torrent no interface
         ok
         torrent unplugged
         ok
         torrent no proxy",
        &expect![[r#"
            > ok
                film ANT: [Play] Source Add to my list
            > ok
              open torrent 1 of ant-0
                opening ANT: Finding peers |  | None | -
            > torrent off
              close torrent 1
                trouble: BitTorrent is switched off | This film can only be had from other people's computers. Switch BitTorrent on in the settings, or try another source. | [Try again] Back
            > ok
              open torrent 2 of ant-0
                opening ANT: Finding peers |  | None | -
            > torrent no interface
              close torrent 2
                trouble: The protected connection is down | Films may only come over wg0, and it is not there. Nothing was sent another way. Start it again, then try again. | [Try again] Back
            > ok
              open torrent 3 of ant-0
                opening ANT: Finding peers |  | None | -
            > torrent unplugged
              close torrent 3
                trouble: The storage is gone | /media/films can't be found any more. Plug the drive in again, then try again. | [Try again] Back
            > ok
              open torrent 4 of ant-0
                opening ANT: Finding peers |  | None | -
            > torrent no proxy
              close torrent 4
                trouble: The proxy does not answer | Films may only come through the proxy 10.0.0.1:1080, and it does not answer or does not let this box in. Nothing was sent another way. Start it again, or check its address and password in the settings. Then try again. | [Try again] Back
        "#]],
    );
}
