//! What was said, once more, with subtitles up to where it was asked.

use app::Preferences;
use expect_test::expect;

use crate::up_next::check;

#[test]
fn what_was_said_is_shown_up_to_where_it_was_asked() {
    check(
        Preferences::default(),
        "blue
         seeked 50
         subtitle We are lost
         at 59
         at 60
         blue
         green
         seeked 50
         at 61",
        &expect![[r#"
            > blue
              seek 50s Accurate
              subtitle Some(3)
              save series:owl:1:1 50s
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs
            > seeked 50
              save series:owl:1:1 50s
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs
            > subtitle We are lost
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs | "We are lost"
            > at 59
                playing OWL  ·  S1 E1  ·  Part 1 at 59s runs | "We are lost"
            > at 60
              subtitle None
                playing OWL  ·  S1 E1  ·  Part 1 at 60s runs
            > blue
              seek 50s Accurate
              subtitle Some(3)
              save series:owl:1:1 50s
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs
            > green
              subtitle None
              save series:owl:1:1 50s no texts
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs | 0:50 Pause Audio: English Subtitles: Off Adjust
            > seeked 50
              save series:owl:1:1 50s no texts
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs | 0:50 Pause Audio: English Subtitles: Off Adjust
            > at 61
                playing OWL  ·  S1 E1  ·  Part 1 at 61s runs | 1:01 Pause Audio: English Subtitles: Off Adjust
        "#]],
    );
}

#[test]
fn the_film_goes_back_alone_where_subtitles_are_shown_or_there_are_none() {
    check(
        Preferences::default(),
        "green
         blue
         seeked 50
         at 60
         no tracks
         blue",
        &expect![[r#"
            > green
              subtitle Some(3)
              save series:owl:1:1 60s texts en
                playing OWL  ·  S1 E1  ·  Part 1 at 60s runs | 1:00 Pause Audio: English Subtitles: English Adjust
            > blue
              seek 50s Accurate
              save series:owl:1:1 50s texts en
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs
            > seeked 50
              save series:owl:1:1 50s texts en
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs
            > at 60
                playing OWL  ·  S1 E1  ·  Part 1 at 60s runs
            > no tracks
                playing OWL  ·  S1 E1  ·  Part 1 at 60s runs
            > blue
              seek 50s Accurate
              save series:owl:1:1 50s texts en
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs ! This film has no subtitles.
        "#]],
    );
}
