//! Openings and credits are skipped where chapters say that they are.

use app::Preferences;
use expect_test::expect;

use crate::up_next::check;

#[test]
fn an_opening_is_skipped_where_a_chapter_says_so() {
    check(
        Preferences::default(),
        "3
         seeked 36
         +5000ms
         up
         ok
         ok
         +5000ms
         ok
         seeked 50
         at 51",
        &expect![[r#"
            > 3
              seek 36s Accurate
              save series:owl:1:1 36s
                playing OWL  ·  S1 E1  ·  Part 1 at 36s runs | 0:36 Pause Audio: English Subtitles: Off Adjust
            > seeked 36
              save series:owl:1:1 36s
                playing OWL  ·  S1 E1  ·  Part 1 at 36s runs | 0:36 Pause Audio: English Subtitles: Off Adjust
            > +5000ms
                playing OWL  ·  S1 E1  ·  Part 1 at 36s runs | [Skip the opening]
            > up
              save series:owl:1:1 36s
                playing OWL  ·  S1 E1  ·  Part 1 at 36s runs | 0:36 Pause Audio: English Subtitles: Off Adjust
            > ok
              save series:owl:1:1 36s
              hold
                playing OWL  ·  S1 E1  ·  Part 1 at 36s paused | 0:36 Play Audio: English Subtitles: Off Adjust
            > ok
              save series:owl:1:1 36s
              run
                playing OWL  ·  S1 E1  ·  Part 1 at 36s runs | 0:36 Pause Audio: English Subtitles: Off Adjust
            > +5000ms
                playing OWL  ·  S1 E1  ·  Part 1 at 36s runs | [Skip the opening]
            > ok
              seek 50s Accurate
              save series:owl:1:1 50s
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs
            > seeked 50
              save series:owl:1:1 50s
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs
            > at 51
                playing OWL  ·  S1 E1  ·  Part 1 at 51s runs
        "#]],
    );
}

#[test]
fn back_takes_the_button_away_and_it_leaves_by_itself() {
    check(
        Preferences::default(),
        "3
         seeked 36
         +5000ms
         at 48
         at 49
         at 40
         back
         at 41
         back",
        &expect![[r#"
            > 3
              seek 36s Accurate
              save series:owl:1:1 36s
                playing OWL  ·  S1 E1  ·  Part 1 at 36s runs | 0:36 Pause Audio: English Subtitles: Off Adjust
            > seeked 36
              save series:owl:1:1 36s
                playing OWL  ·  S1 E1  ·  Part 1 at 36s runs | 0:36 Pause Audio: English Subtitles: Off Adjust
            > +5000ms
                playing OWL  ·  S1 E1  ·  Part 1 at 36s runs | [Skip the opening]
            > at 48
              save series:owl:1:1 48s
                playing OWL  ·  S1 E1  ·  Part 1 at 48s runs | [Skip the opening]
            > at 49
                playing OWL  ·  S1 E1  ·  Part 1 at 49s runs
            > at 40
                playing OWL  ·  S1 E1  ·  Part 1 at 40s runs | [Skip the opening]
            > back
                playing OWL  ·  S1 E1  ·  Part 1 at 40s runs
            > at 41
                playing OWL  ·  S1 E1  ·  Part 1 at 41s runs
            > back
              save series:owl:1:1 41s
              close player 1
              close torrent 1
                series OWL: Season 1: [1. Part 1] 2. Part 2 3. Part 3 4. Part 4 5. Part 5 6. Part 6 
        "#]],
    );
}
