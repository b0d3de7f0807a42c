//! A film that runs: keys, seeks, tracks, and a stall.

use expect_test::expect;

use crate::story::{check, playing};

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
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > progress peers=1 rate=40k have=0-10 at=10 waiting
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > at 10.25
                playing ANT at 10.25s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > +300ms
                playing ANT at 10.25s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > +300ms
              hold
                playing ANT at 10.25s Waiting for the film  ·  1 peer  ·  40 kB/s  ·  goes on in about 10 s | 0:10 Pause Audio: English Subtitles: Off Adjust
            > at 10.25
                playing ANT at 10.25s Waiting for the film  ·  1 peer  ·  40 kB/s  ·  goes on in about 10 s | 0:10 Pause Audio: English Subtitles: Off Adjust
            > progress peers=1 rate=40k have=0-12 at=10
                playing ANT at 10.25s Waiting for the film  ·  1 peer  ·  40 kB/s  ·  goes on in about 4 s | 0:10 Pause Audio: English Subtitles: Off Adjust
            > progress peers=1 rate=40k have=0-14 at=10
              run
                playing ANT at 10.25s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > at 10.5
                playing ANT at 10.5s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
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
                playing ANT at 50s runs | 0:50 Pause Audio: English Subtitles: Off Adjust
            > right
              stills [60s, 58s, 62s, 56s, 64s, 54s, 66s]
              seek 60s Accurate
              save ant 60s
                playing ANT at 60s runs | 1:00 Pause Audio: English Subtitles: Off Adjust | strip 0:54 0:56 0:58 [1:00] 1:02 1:04 1:06
            > right
              stills [70s, 68s, 72s, 66s, 74s, 64s, 76s]
              seek 70s Accurate
                playing ANT at 70s runs | 1:10 Pause Audio: English Subtitles: Off Adjust | strip 1:04 1:06 1:08 [1:10] 1:12 1:14 1:16
            > at 50.2
                playing ANT at 70s runs | 1:10 Pause Audio: English Subtitles: Off Adjust | strip 1:04 1:06 1:08 [1:10] 1:12 1:14 1:16
            > seeked 70
              save ant 70s
                playing ANT at 70s runs | 1:10 Pause Audio: English Subtitles: Off Adjust | strip 1:04 1:06 1:08 [1:10] 1:12 1:14 1:16
            > left
              stills [60s, 58s, 62s, 56s, 64s, 54s, 66s]
              seek 60s Accurate
              save ant 60s
                playing ANT at 60s runs | 1:00 Pause Audio: English Subtitles: Off Adjust | strip 0:54 0:56 0:58 [1:00] 1:02 1:04 1:06
            > seeked 60
              save ant 60s
                playing ANT at 60s runs | 1:00 Pause Audio: English Subtitles: Off Adjust | strip 0:54 0:56 0:58 [1:00] 1:02 1:04 1:06
            > +4100ms
              stills []
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
              stills [10s, 8s, 12s, 6s, 14s, 4s, 16s]
                playing ANT at 0ns runs | 0:10 Pause Audio: English Subtitles: Off Adjust | strip 0:04 0:06 0:08 [0:10] 0:12 0:14 0:16
            > right repeat
              seek 20s KeyUnit
              hold
              stills [20s, 18s, 22s, 16s, 24s, 14s, 26s]
                playing ANT at 0ns runs | 0:20 Pause Audio: English Subtitles: Off Adjust | strip 0:14 0:16 0:18 [0:20] 0:22 0:24 0:26
            > right repeat
              seek 30s KeyUnit
              stills [30s, 28s, 32s, 26s, 34s, 24s, 36s]
                playing ANT at 0ns runs | 0:30 Pause Audio: English Subtitles: Off Adjust | strip 0:24 0:26 0:28 [0:30] 0:32 0:34 0:36
            > right up
              seek 30s Accurate
              save ant 30s
              run
                playing ANT at 30s runs | 0:30 Pause Audio: English Subtitles: Off Adjust | strip 0:24 0:26 0:28 [0:30] 0:32 0:34 0:36
            > seeked 30
              save ant 30s
                playing ANT at 30s runs | 0:30 Pause Audio: English Subtitles: Off Adjust | strip 0:24 0:26 0:28 [0:30] 0:32 0:34 0:36
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
              stills [10s, 8s, 12s, 6s, 14s, 4s, 16s]
                playing ANT at 0ns runs | 0:10 Pause Audio: English Subtitles: Off Adjust | strip 0:04 0:06 0:08 [0:10] 0:12 0:14 0:16
            > right repeat
              seek 20s KeyUnit
              hold
              stills [20s, 18s, 22s, 16s, 24s, 14s, 26s]
                playing ANT at 0ns runs | 0:20 Pause Audio: English Subtitles: Off Adjust | strip 0:14 0:16 0:18 [0:20] 0:22 0:24 0:26
            > +800ms
              seek 20s Accurate
              run
                playing ANT at 20s runs | 0:20 Pause Audio: English Subtitles: Off Adjust | strip 0:14 0:16 0:18 [0:20] 0:22 0:24 0:26
            > seeked 20
              save ant 20s
                playing ANT at 20s runs | 0:20 Pause Audio: English Subtitles: Off Adjust | strip 0:14 0:16 0:18 [0:20] 0:22 0:24 0:26
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
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > down
                playing ANT at 0ns runs | 0:00 [Pause] Audio: English Subtitles: Off Adjust
            > right
                playing ANT at 0ns runs | 0:00 Pause [Audio: English] Subtitles: Off Adjust
            > ok
                playing ANT at 0ns runs | 0:00 Pause [Audio: English] Subtitles: Off Adjust | [English] Français
            > down
                playing ANT at 0ns runs | 0:00 Pause [Audio: English] Subtitles: Off Adjust | English [Français]
            > ok
              audio 2
              save ant 0ns sound fr
                playing ANT at 0ns runs | 0:00 Pause [Audio: Français] Subtitles: Off Adjust
            > menu
                playing ANT at 0ns runs | 0:00 Pause [Audio: Français] Subtitles: Off Adjust | [Off] English
            > down
                playing ANT at 0ns runs | 0:00 Pause [Audio: Français] Subtitles: Off Adjust | Off [English]
            > ok
              subtitle Some(3)
              save ant 0ns sound fr texts en
                playing ANT at 0ns runs | 0:00 Pause [Audio: Français] Subtitles: English Adjust
            > subtitle Hello
                playing ANT at 0ns runs | 0:00 Pause [Audio: Français] Subtitles: English Adjust | "Hello"
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
                playing ANT at 20s runs | 0:20 Pause Audio: English Subtitles: Off Adjust
            > play-pause
              save ant 20s
              hold
                playing ANT at 20s paused | 0:20 Play Audio: English Subtitles: Off Adjust
            > +60000ms
                playing ANT at 20s paused | 0:20 Play Audio: English Subtitles: Off Adjust
            > pause
              save ant 20s
                playing ANT at 20s paused | 0:20 Play Audio: English Subtitles: Off Adjust
            > ok
              save ant 20s
              run
                playing ANT at 20s runs | 0:20 Pause Audio: English Subtitles: Off Adjust
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
                playing ANT at 60s runs | 1:00 Pause Audio: English Subtitles: Off Adjust
            > seeked 60
              save ant 60s
                playing ANT at 60s runs | 1:00 Pause Audio: English Subtitles: Off Adjust
            > next
                playing ANT at 60s runs | 1:00 Pause Audio: English Subtitles: Off Adjust
            > previous
              seek 30s Accurate
              save ant 30s
                playing ANT at 30s runs | 0:30 Pause Audio: English Subtitles: Off Adjust
            > seeked 30
              save ant 30s
                playing ANT at 30s runs | 0:30 Pause Audio: English Subtitles: Off Adjust
            > 0
              seek 0ns Accurate
              save ant 0ns
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > 9
              seek 108s Accurate
                playing ANT at 108s runs | 1:48 Pause Audio: English Subtitles: Off Adjust
        "#]],
    );
}

#[test]
fn a_disk_that_takes_nothing_is_told_once_a_film() {
    check(
        "ok
         ok
         progress peers=3 rate=900k ram
         torrent ready
         player ready
         progress peers=3 rate=900k have=0-100 ram
         +9000ms
         progress peers=3 rate=900k have=0-100
         progress peers=3 rate=800k have=0-100 ram
         back
         ok
         torrent ready
         player ready
         progress peers=3 rate=900k have=0-100
         progress peers=3 rate=900k have=0-100 ram",
        &expect![[r#"
            > ok
                film ANT: [Play] Source Add to my list
            > ok
              open torrent 1 of ant-0
                opening ANT: Finding peers |  | None | -
            > progress peers=3 rate=900k ram
                opening ANT: Connected to 3 peers | 900 kB/s  ·  starts in about 1 s | None | - ! The storage takes nothing more, so the film plays from memory. Going back may fetch parts again. Free some space, or check the drive.
            > torrent ready
              open player 1 at 0ns
                opening ANT: Getting the film from 3 peers | 900 kB/s  ·  starts in about 1 s | Some(0) | - ! The storage takes nothing more, so the film plays from memory. Going back may fetch parts again. Free some space, or check the drive.
            > player ready
                opening ANT: Getting the film from 3 peers | 900 kB/s  ·  starts in about 1 s | Some(0) | - ! The storage takes nothing more, so the film plays from memory. Going back may fetch parts again. Free some space, or check the drive.
            > progress peers=3 rate=900k have=0-100 ram
              save ant 0ns
              run
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust ! The storage takes nothing more, so the film plays from memory. Going back may fetch parts again. Free some space, or check the drive.
            > +9000ms
                playing ANT at 0ns runs
            > progress peers=3 rate=900k have=0-100
                playing ANT at 0ns runs
            > progress peers=3 rate=800k have=0-100 ram
                playing ANT at 0ns runs
            > back
              save ant 0ns
              close player 1
              close torrent 1
                film ANT: [Play] Source Add to my list
            > ok
              open torrent 2 of ant-0
                opening ANT: Finding peers |  | None | -
            > torrent ready
              open player 2 at 0ns
                opening ANT: Looking for peers again |  | Some(0) | -
            > player ready
                opening ANT: Looking for peers again |  | Some(0) | -
            > progress peers=3 rate=900k have=0-100
              save ant 0ns
              run
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > progress peers=3 rate=900k have=0-100 ram
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust ! The storage takes nothing more, so the film plays from memory. Going back may fetch parts again. Free some space, or check the drive.
        "#]],
    );
}

#[test]
fn subtitles_are_moved_by_the_arrows_in_their_list() {
    playing(
        "menu
         down
         ok
         ---
         menu
         right
         right
         left
         back",
        &expect![[r#"
            > menu
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English Adjust | Off [English]
            > right
              time subtitles 100, 0
              save ant 0ns texts en at 100, 0
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English Adjust | Off [English]
            > right
              time subtitles 200, 0
              save ant 0ns texts en at 200, 0
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English Adjust | Off [English]
            > left
              time subtitles 100, 0
              save ant 0ns texts en at 100, 0
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English Adjust | Off [English]
            > back
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English Adjust
        "#]],
    );
}

#[test]
fn a_film_fills_the_screen_and_runs_faster_from_where_it_is() {
    playing(
        "at 40
         down
         right
         right
         right
         ok
         down
         down
         right
         down
         right
         right
         seeked 40
         ok
         ok
         ok
         right
         left",
        &expect![[r#"
            > at 40
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off Adjust
            > down
                playing ANT at 40s runs | 0:40 [Pause] Audio: English Subtitles: Off Adjust
            > right
                playing ANT at 40s runs | 0:40 Pause [Audio: English] Subtitles: Off Adjust
            > right
                playing ANT at 40s runs | 0:40 Pause Audio: English [Subtitles: Off] Adjust
            > right
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off [Adjust]
            > ok
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off [Adjust] | [Sound  ·  ‹ with the picture ›] Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > down
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › [Night: loud and quiet closer  ·  ‹ off ›] Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > down
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › [Picture  ·  ‹ whole ›] Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > right
              save ant 40s
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › [Picture  ·  ‹ without bars ›] Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > down
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ without bars › [Speed  ·  ‹ 1× ›] Sleep timer  ·  ‹ off ›
            > right
              speed 1250
              seek 40s Accurate
              save ant 40s
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ without bars › [Speed  ·  ‹ 1.25× ›] Sleep timer  ·  ‹ off ›
            > right
              speed 1500
              seek 40s Accurate
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ without bars › [Speed  ·  ‹ 1.5× ›] Sleep timer  ·  ‹ off ›
            > seeked 40
              save ant 40s
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ without bars › [Speed  ·  ‹ 1.5× ›] Sleep timer  ·  ‹ off ›
            > ok
              speed 1750
              seek 40s Accurate
              save ant 40s
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ without bars › [Speed  ·  ‹ 1.75× ›] Sleep timer  ·  ‹ off ›
            > ok
              speed 2000
              seek 40s Accurate
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ without bars › [Speed  ·  ‹ 2× ›] Sleep timer  ·  ‹ off ›
            > ok
              speed 750
              seek 40s Accurate
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ without bars › [Speed  ·  ‹ 0.75× ›] Sleep timer  ·  ‹ off ›
            > right
              speed 1000
              seek 40s Accurate
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ without bars › [Speed  ·  ‹ 1× ›] Sleep timer  ·  ‹ off ›
            > left
              speed 750
              seek 40s Accurate
                playing ANT at 40s runs | 0:40 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ without bars › [Speed  ·  ‹ 0.75× ›] Sleep timer  ·  ‹ off ›
        "#]],
    );
}
