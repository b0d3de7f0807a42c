//! The card of the next episode at the end of this one, and when that plays by itself.

use app::{Library, Preferences};
use expect_test::{Expect, expect};

use crate::story::Story;

/// The first episode of OWL runs, all of it is here, and its chapters say what they are.
pub(crate) const EPISODE: &str = "row
     down
     down
     right
     ok
     described owl of six
     ok
     offers 1 of 1: owl-0
     torrent ready
     player ready with parts
     progress peers=1 rate=900k have=0-100 at=50
     at 60
     +5000ms";

/// While that runs.
pub(crate) fn check(preferences: Preferences, script: &str, expect: &Expect) {
    let mut story = Story::with(Library::default(), preferences);
    story.tell(EPISODE).tell("---").tell(script);
    expect.assert_eq(&story.transcript);
}

fn autoplay() -> Preferences {
    Preferences {
        autoplay: true,
        ..Preferences::default()
    }
}

/// The next episode, once it is opened, up to its end.
const SEEN: &str = "torrent ready
     player ready with parts
     progress peers=1 rate=900k have=0-100 at=50
     at 119
     offers 1 of 1: owl-1
     ended";

#[test]
fn a_card_says_what_comes_next_and_ok_plays_it() {
    check(
        Preferences::default(),
        "at 99
         at 100
         offers 1 of 1: owl-1
         left
         seeked 90
         at 101
         +5000ms
         ok",
        &expect![[r#"
            > at 99
              save series:owl:1:1 99s
                playing OWL  ·  S1 E1  ·  Part 1 at 99s runs
            > at 100
                playing OWL  ·  S1 E1  ·  Part 1 at 100s runs | next: Next episode, S1 E2  ·  Part 2, : [Play now]
            > offers 1 of 1: owl-1
                playing OWL  ·  S1 E1  ·  Part 1 at 100s runs | next: Next episode, S1 E2  ·  Part 2, : [Play now]
            > left
              stills [90s, 88s, 92s, 86s, 94s, 84s, 96s]
              seek 90s Accurate
              save series:owl:1:1 90s
                playing OWL  ·  S1 E1  ·  Part 1 at 90s runs | 1:30 Pause Audio: English Subtitles: Off Adjust | strip 1:24 1:26 1:28 [1:30] 1:32 1:34 1:36
            > seeked 90
              save series:owl:1:1 90s
                playing OWL  ·  S1 E1  ·  Part 1 at 90s runs | 1:30 Pause Audio: English Subtitles: Off Adjust | strip 1:24 1:26 1:28 [1:30] 1:32 1:34 1:36
            > at 101
              stills [100s, 98s, 102s, 96s, 104s, 94s, 106s]
                playing OWL  ·  S1 E1  ·  Part 1 at 101s runs | 1:41 Pause Audio: English Subtitles: Off Adjust | strip 1:34 1:36 1:38 [1:40] 1:42 1:44 1:46
            > +5000ms
              stills []
                playing OWL  ·  S1 E1  ·  Part 1 at 101s runs | next: Next episode, S1 E2  ·  Part 2, : [Play now]
            > ok
              save series:owl:1:1 0ns watched
              close player 1
              close torrent 1
              find 2 of owl:1:2
                opening OWL  ·  S1 E2  ·  Part 2: Looking for sources |  | None | -
        "#]],
    );
}

#[test]
fn back_takes_the_card_away_and_the_end_leaves_then() {
    check(
        Preferences::default(),
        "at 100
         back
         at 101
         ok
         ok
         ended",
        &expect![[r#"
            > at 100
              save series:owl:1:1 100s
                playing OWL  ·  S1 E1  ·  Part 1 at 100s runs | next: Next episode, S1 E2  ·  Part 2, : [Play now]
            > back
                playing OWL  ·  S1 E1  ·  Part 1 at 100s runs
            > at 101
                playing OWL  ·  S1 E1  ·  Part 1 at 101s runs
            > ok
              save series:owl:1:1 101s
              hold
                playing OWL  ·  S1 E1  ·  Part 1 at 101s paused | 1:41 Play Audio: English Subtitles: Off Adjust
            > ok
              save series:owl:1:1 101s
              run
                playing OWL  ·  S1 E1  ·  Part 1 at 101s runs | 1:41 Pause Audio: English Subtitles: Off Adjust
            > ended
              save series:owl:1:1 0ns watched
              close player 1
              close torrent 1
                series OWL: Season 1: 1. Part 1 (seen) [2. Part 2] 3. Part 3 4. Part 4 5. Part 5 6. Part 6 
        "#]],
    );
}

#[test]
fn at_the_end_the_card_stays_and_nothing_plays_by_itself() {
    check(
        Preferences::default(),
        "at 100
         ended
         +60000ms
         right
         ok",
        &expect![[r#"
            > at 100
              save series:owl:1:1 100s
                playing OWL  ·  S1 E1  ·  Part 1 at 100s runs | next: Next episode, S1 E2  ·  Part 2, : [Play now]
            > ended
              save series:owl:1:1 0ns watched
              hold
              find 2 of owl:1:2
                playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, Looking for sources: [Play now] Back
            > +60000ms
                playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, No source was found yet: [Play now] Back
            > right
                playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, No source was found yet: Play now [Back]
            > ok
              save series:owl:1:1 0ns watched
              close player 1
              close torrent 1
                series OWL: Season 1: 1. Part 1 (seen) [2. Part 2] 3. Part 3 4. Part 4 5. Part 5 6. Part 6 
        "#]],
    );
}

#[test]
fn what_goes_wrong_after_the_end_is_no_trouble() {
    check(
        Preferences::default(),
        "ended
         torrent failed",
        &expect![[r#"
            > ended
              save series:owl:1:1 0ns watched
              hold
              find 2 of owl:1:2
                playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, Looking for sources: [Play now] Back
            > torrent failed
              save series:owl:1:1 0ns watched
              close player 1
              close torrent 1
                series OWL: Season 1: 1. Part 1 (seen) [2. Part 2] 3. Part 3 4. Part 4 5. Part 5 6. Part 6 
        "#]],
    );
}

#[test]
fn where_it_is_wanted_the_next_plays_after_a_countdown() {
    check(
        autoplay(),
        "at 119
         offers 1 of 1: owl-1
         ended
         +13500ms
         +1500ms",
        &expect![[r#"
            > at 119
              save series:owl:1:1 119s
              find 2 of owl:1:2
                playing OWL  ·  S1 E1  ·  Part 1 at 119s runs | next: Next episode, S1 E2  ·  Part 2, Looking for sources: [Play now]
            > offers 1 of 1: owl-1
                playing OWL  ·  S1 E1  ·  Part 1 at 119s runs | next: Next episode, S1 E2  ·  Part 2, Ready to play: [Play now]
            > ended
              save series:owl:1:1 0ns watched
              hold
                playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, Plays in 15 seconds: [Play now] Back
            > +13500ms
              prefetch owl-1
                playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, Plays in 2 seconds: [Play now] Back
            > +1500ms
              save series:owl:1:1 0ns watched
              close player 1
              close torrent 1
              open torrent 2 of owl-1
                opening OWL  ·  S1 E2  ·  Part 2: Finding peers |  | None | -
        "#]],
    );
}

#[test]
fn any_key_stops_the_countdown() {
    check(
        autoplay(),
        "at 119
         offers 1 of 1: owl-1
         ended
         +3000ms
         up
         +60000ms
         back",
        &expect![[r#"
            > at 119
              save series:owl:1:1 119s
              find 2 of owl:1:2
                playing OWL  ·  S1 E1  ·  Part 1 at 119s runs | next: Next episode, S1 E2  ·  Part 2, Looking for sources: [Play now]
            > offers 1 of 1: owl-1
                playing OWL  ·  S1 E1  ·  Part 1 at 119s runs | next: Next episode, S1 E2  ·  Part 2, Ready to play: [Play now]
            > ended
              save series:owl:1:1 0ns watched
              hold
                playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, Plays in 15 seconds: [Play now] Back
            > +3000ms
              prefetch owl-1
                playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, Plays in 12 seconds: [Play now] Back
            > up
                playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, Ready to play: [Play now] Back
            > +60000ms
                playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, Ready to play: [Play now] Back
            > back
              save series:owl:1:1 0ns watched
              close player 1
              close torrent 1
                series OWL: Season 1: 1. Part 1 (seen) [2. Part 2] 3. Part 3 4. Part 4 5. Part 5 6. Part 6 
        "#]],
    );
}

#[test]
fn after_three_in_a_row_it_asks_whether_anybody_is_there() {
    let mut story = Story::with(Library::default(), autoplay());
    story.tell(EPISODE).tell(
        "at 119
         offers 1 of 1: owl-1
         ended",
    );
    for _ in 0..3 {
        story.tell("+15000ms").tell(SEEN);
    }
    story.transcript.clear();
    story.tell(
        "+60000ms
         ok",
    );
    expect![[r#"
        > +60000ms
          prefetch owl-1
            playing OWL  ·  S1 E4  ·  Part 4 at 120s paused | over: Still watching?, S1 E5  ·  Part 5, Ready to play: [Play now] Back
        > ok
          save series:owl:1:1 0ns watched, series:owl:1:2 0ns watched, series:owl:1:3 0ns watched, series:owl:1:4 0ns watched
          close player 4
          close torrent 4
          open torrent 5 of owl-1
            opening OWL  ·  S1 E5  ·  Part 5: Finding peers |  | None | -
    "#]].assert_eq(&story.transcript);
}

#[test]
fn where_bytes_cost_nothing_is_counted_down() {
    let metered = Preferences {
        metered: true,
        ..autoplay()
    };
    check(
        metered,
        "at 119
         ended
         +60000ms",
        &expect![[r#"
            > at 119
              save series:owl:1:1 119s
                playing OWL  ·  S1 E1  ·  Part 1 at 119s runs | next: Next episode, S1 E2  ·  Part 2, : [Play now]
            > ended
              save series:owl:1:1 0ns watched
              hold
                playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, : [Play now] Back
            > +60000ms
                playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, : [Play now] Back
        "#]],
    );
}

#[test]
fn of_the_last_episode_there_is_no_card() {
    let mut story = Story::default();
    story.tell(EPISODE).tell(
        "home
         down
         down
         right
         ok
         described owl of six
         down
         down
         down
         down
         down
         ok
         offers 1 of 1: owl-5
         torrent ready
         player ready with parts
         progress peers=1 rate=900k have=0-100 at=50",
    );
    story.transcript.clear();
    story.tell(
        "at 110
         +5000ms
         ended",
    );
    expect![[r#"
        > at 110
            playing OWL  ·  S1 E6  ·  Part 6 at 110s runs | 1:50 Pause Audio: English Subtitles: Off Adjust
        > +5000ms
            playing OWL  ·  S1 E6  ·  Part 6 at 110s runs
        > ended
          save series:owl:1:1 60s, series:owl:1:6 0ns watched
          close player 2
          close torrent 2
            series OWL: Season 1: [1. Part 1] 2. Part 2 3. Part 3 4. Part 4 5. Part 5 6. Part 6 (seen) 
    "#]].assert_eq(&story.transcript);
}
