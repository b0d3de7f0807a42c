//! Series: from episode to episode, and the next one got ready.

use app::{Library, Preferences};
use expect_test::expect;

use crate::story::{Story, check};

#[test]
fn a_series_is_watched_episode_by_episode() {
    check(
        "row
         down
         down
         right
         ---
         ok
         described owl
         right
         left
         ok
         offers 1 of 1: owl-0
         torrent ready
         player ready
         progress peers=1 rate=900k have=0-100
         ended
         ok
         offers 1 of 1: owl-1
         torrent ready
         player ready
         progress peers=1 rate=900k have=0-100
         at 60
         home",
        &expect![[r#"
            > ok
              describe owl
                series OWL: -:  Asking for the episodes
            > described owl
                series OWL: Season 1: [1. Part 1] 2. Part 2 
            > right
                series OWL: Season 2: [1. Part 1] 2. Part 2 
            > left
                series OWL: Season 1: [1. Part 1] 2. Part 2 
            > ok
              find 1 of owl:1:1
                opening OWL  ·  S1 E1  ·  Part 1: Looking for sources |  | None | -
            > offers 1 of 1: owl-0
              open torrent 1 of owl-0
                opening OWL  ·  S1 E1  ·  Part 1: Finding peers |  | None | -
            > torrent ready
              open player 1 at 0ns
                opening OWL  ·  S1 E1  ·  Part 1: Looking for peers again |  | Some(0) | -
            > player ready
                opening OWL  ·  S1 E1  ·  Part 1: Looking for peers again |  | Some(0) | -
            > progress peers=1 rate=900k have=0-100
              find texts 1 of owl:1:1
              save series:owl:1:1 0ns
              run
                playing OWL  ·  S1 E1  ·  Part 1 at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > ended
              save series:owl:1:1 0ns watched
              hold
              find 2 of owl:1:2
                playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, Looking for sources: [Play now] Back
            > ok
              save series:owl:1:1 0ns watched
              close player 1
              close torrent 1
              find 3 of owl:1:2
                opening OWL  ·  S1 E2  ·  Part 2: Looking for sources |  | None | -
            > offers 1 of 1: owl-1
              stop 2
              open torrent 2 of owl-1
                opening OWL  ·  S1 E2  ·  Part 2: Finding peers |  | None | -
            > torrent ready
              open player 2 at 0ns
                opening OWL  ·  S1 E2  ·  Part 2: Looking for peers again |  | Some(0) | -
            > player ready
                opening OWL  ·  S1 E2  ·  Part 2: Looking for peers again |  | Some(0) | -
            > progress peers=1 rate=900k have=0-100
              find texts 2 of owl:1:2
              save series:owl:1:1 0ns watched, series:owl:1:2 0ns
              run
                playing OWL  ·  S1 E2  ·  Part 2 at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > at 60
                playing OWL  ·  S1 E2  ·  Part 2 at 60s runs | 1:00 Pause Audio: English Subtitles: Off Adjust
            > home
              save series:owl:1:1 0ns watched, series:owl:1:2 60s
              close player 2
              close torrent 2
                home: Added: FOX [OWL]
        "#]],
    );
}

/// Up to the last seconds of the first episode of OWL, of which everything is here.
const NEAR_THE_END: &str = "row
     down
     down
     right
     ok
     described owl
     ok
     offers 1 of 1: owl-0
     torrent ready
     player ready
     progress peers=1 rate=900k have=0-100 at=50
     at 60";

#[test]
fn the_next_episode_is_got_ready_while_this_one_ends() {
    let mut story = Story::default();
    story.tell(NEAR_THE_END);
    story.transcript.clear();
    story.tell(
        "at 108
         at 109
         offers 1 of 2: owl-1
         +1500ms
         offers 2 of 2: owl-2
         +400ms
         ended
         ok",
    );
    expect![[r#"
        > at 108
          find 2 of owl:1:2
            playing OWL  ·  S1 E1  ·  Part 1 at 108s runs | 1:48 Pause Audio: English Subtitles: Off Adjust
        > at 109
            playing OWL  ·  S1 E1  ·  Part 1 at 109s runs | 1:49 Pause Audio: English Subtitles: Off Adjust
        > offers 1 of 2: owl-1
            playing OWL  ·  S1 E1  ·  Part 1 at 109s runs | 1:49 Pause Audio: English Subtitles: Off Adjust
        > +1500ms
            playing OWL  ·  S1 E1  ·  Part 1 at 109s runs | 1:49 Pause Audio: English Subtitles: Off Adjust
        > offers 2 of 2: owl-2
            playing OWL  ·  S1 E1  ·  Part 1 at 109s runs | 1:49 Pause Audio: English Subtitles: Off Adjust
        > +400ms
          prefetch owl-1
            playing OWL  ·  S1 E1  ·  Part 1 at 109s runs | 1:49 Pause Audio: English Subtitles: Off Adjust
        > ended
          save series:owl:1:1 0ns watched
          hold
            playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, Ready to play: [Play now] Back
        > ok
          save series:owl:1:1 0ns watched
          close player 1
          close torrent 1
          open torrent 2 of owl-1
            opening OWL  ·  S1 E2  ·  Part 2: Finding peers |  | None | -
    "#]]
    .assert_eq(&story.transcript);
}

#[test]
fn nobody_is_asked_for_the_next_episode_while_this_one_wants_bytes() {
    let mut story = Story::default();
    story.tell(NEAR_THE_END);
    story.transcript.clear();
    story.tell(
        "progress peers=1 rate=900k have=0-95 at=92
         at 110
         progress peers=1 rate=900k have=0-100 at=93
         home",
    );
    expect![[r#"
        > progress peers=1 rate=900k have=0-95 at=92
            playing OWL  ·  S1 E1  ·  Part 1 at 60s runs | 1:00 Pause Audio: English Subtitles: Off Adjust
        > at 110
            playing OWL  ·  S1 E1  ·  Part 1 at 110s runs | 1:50 Pause Audio: English Subtitles: Off Adjust
        > progress peers=1 rate=900k have=0-100 at=93
          find 2 of owl:1:2
            playing OWL  ·  S1 E1  ·  Part 1 at 110s runs | 1:50 Pause Audio: English Subtitles: Off Adjust
        > home
          save series:owl:1:1 0ns watched
          close player 1
          close torrent 1
          stop 2
            home: Added: FOX [OWL]
    "#]]
    .assert_eq(&story.transcript);
}

#[test]
fn where_bytes_cost_the_next_episode_waits_for_the_viewer() {
    let metered = Preferences {
        metered: true,
        ..Preferences::default()
    };
    let mut story = Story::with(Library::default(), metered);
    story.tell(NEAR_THE_END);
    story.transcript.clear();
    story.tell("at 110");
    expect![[r#"
        > at 110
            playing OWL  ·  S1 E1  ·  Part 1 at 110s runs | 1:50 Pause Audio: English Subtitles: Off Adjust
    "#]]
    .assert_eq(&story.transcript);
}

#[test]
fn episodes_nobody_knows_are_said_so() {
    check(
        "row
         down
         down
         right
         ok
         ---
         unknown owl
         ok
         back",
        &expect![[r#"
            > unknown owl
                series OWL: -:  No episodes are known. The add-on that named this series may be down: try again later.
            > ok
                series OWL: -:  No episodes are known. The add-on that named this series may be down: try again later.
            > back
                home: Added: FOX [OWL]
        "#]],
    );
}

#[test]
fn the_parts_of_a_film_are_a_page_of_their_own() {
    check(
        "row
         down
         down
         ok
         offers 1 of 1: fox-0
         ---
         parts
         right
         right
         ok
         down
         ok
         offers 1 of 1: fox-1
         +3000ms
         back
         back
         back",
        &expect![[r#"
            > parts
                film FOX: [Play] Source Parts (2) Add to my list | source 0  ·  should play without stopping
            > right
                film FOX: Play [Source] Parts (2) Add to my list | source 0  ·  should play without stopping
            > right
                film FOX: Play Source [Parts (2)] Add to my list | source 0  ·  should play without stopping
            > ok
                series FOX: Parts: [1. Reel 1] 2. Reel 2 
            > down
                series FOX: Parts: 1. Reel 1 [2. Reel 2] 
            > ok
              find 2 of fox:2
                opening FOX  ·  Part 2  ·  Reel 2: Looking for sources |  | None | -
            > offers 1 of 1: fox-1
              open torrent 1 of fox-1
                opening FOX  ·  Part 2  ·  Reel 2: Finding peers |  | None | -
            > +3000ms
                opening FOX  ·  Part 2  ·  Reel 2: Finding peers |  | None | -
            > back
              close torrent 1
                series FOX: Parts: [1. Reel 1] 2. Reel 2 
            > back
              describe fox
              find 3 of fox
                film FOX: Play Source [Parts (2)] Add to my list | source 0  ·  should play without stopping | Looking for sources
            > back
              stop 3
                home: Added: [FOX] OWL
        "#]],
    );
}
