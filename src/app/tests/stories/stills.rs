//! While a place is sought there is a strip of stills around it, of what is here.

use app::Preferences;
use expect_test::expect;

use crate::up_next::check;

#[test]
fn the_strip_shows_what_is_here_around_the_place_that_is_sought() {
    check(
        Preferences::default(),
        "progress peers=2 rate=400k capacity=900k have=0-56 at=60
         left down
         left up
         still 50
         still 48
         seeked 50
         still 54
         left down
         left up
         down
         +5000ms",
        &expect![[r#"
            > progress peers=2 rate=400k capacity=900k have=0-56 at=60
                playing OWL  ·  S1 E1  ·  Part 1 at 60s runs
            > left down
              save series:owl:1:1 50s
              stills [50s, 48s, 52s, 46s, 54s, 44s, 56s]
                playing OWL  ·  S1 E1  ·  Part 1 at 60s runs | 0:50 Pause Audio: English Subtitles: Off Adjust | strip 0:44 0:46 0:48 [0:50] 0:52 0:54 0:56
            > left up
              seek 50s Accurate
              save series:owl:1:1 50s
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs | 0:50 Pause Audio: English Subtitles: Off Adjust | strip 0:44 0:46 0:48 [0:50] 0:52 0:54 0:56
            > still 50
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs | 0:50 Pause Audio: English Subtitles: Off Adjust | strip 0:44 0:46 0:48 [0:50*] 0:52 0:54 0:56
            > still 48
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs | 0:50 Pause Audio: English Subtitles: Off Adjust | strip 0:44 0:46 0:48* [0:50*] 0:52 0:54 0:56
            > seeked 50
              save series:owl:1:1 50s
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs | 0:50 Pause Audio: English Subtitles: Off Adjust | strip 0:44 0:46 0:48* [0:50*] 0:52 0:54 0:56
            > still 54
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs | 0:50 Pause Audio: English Subtitles: Off Adjust | strip 0:44 0:46 0:48* [0:50*] 0:52 0:54* 0:56
            > left down
              stills [40s, 38s, 42s, 36s, 44s, 34s, 46s]
                playing OWL  ·  S1 E1  ·  Part 1 at 50s runs | 0:40 Pause Audio: English Subtitles: Off Adjust | strip 0:34 0:36 0:38 [0:40] 0:42 0:44 0:46
            > left up
              seek 40s Accurate
              save series:owl:1:1 40s
                playing OWL  ·  S1 E1  ·  Part 1 at 40s runs | 0:40 Pause Audio: English Subtitles: Off Adjust | strip 0:34 0:36 0:38 [0:40] 0:42 0:44 0:46
            > down
              stills []
                playing OWL  ·  S1 E1  ·  Part 1 at 40s runs | 0:40 [Pause] Audio: English Subtitles: Off Adjust
            > +5000ms
                playing OWL  ·  S1 E1  ·  Part 1 at 40s runs | [Skip the opening]
        "#]],
    );
}

#[test]
fn no_strip_is_left_where_a_list_is_open_or_the_controls_have_gone() {
    check(
        Preferences::default(),
        "progress peers=2 rate=400k capacity=900k have=0-100 at=60
         pause
         right down
         right up
         +5000ms
         left down
         left up
         still 60
         menu
         back
         back",
        &expect![[r#"
            > progress peers=2 rate=400k capacity=900k have=0-100 at=60
                playing OWL  ·  S1 E1  ·  Part 1 at 60s runs
            > pause
              save series:owl:1:1 60s
              hold
                playing OWL  ·  S1 E1  ·  Part 1 at 60s paused | 1:00 Play Audio: English Subtitles: Off Adjust
            > right down
              stills [70s, 68s, 72s, 66s, 74s, 64s, 76s]
                playing OWL  ·  S1 E1  ·  Part 1 at 60s paused | 1:10 Play Audio: English Subtitles: Off Adjust | strip 1:04 1:06 1:08 [1:10] 1:12 1:14 1:16
            > right up
              seek 70s Accurate
              save series:owl:1:1 70s
                playing OWL  ·  S1 E1  ·  Part 1 at 70s paused | 1:10 Play Audio: English Subtitles: Off Adjust | strip 1:04 1:06 1:08 [1:10] 1:12 1:14 1:16
            > +5000ms
              stills []
                playing OWL  ·  S1 E1  ·  Part 1 at 70s paused | 1:10 Play Audio: English Subtitles: Off Adjust
            > left down
              save series:owl:1:1 60s
              stills [60s, 58s, 62s, 56s, 64s, 54s, 66s]
                playing OWL  ·  S1 E1  ·  Part 1 at 70s paused | 1:00 Play Audio: English Subtitles: Off Adjust | strip 0:54 0:56 0:58 [1:00] 1:02 1:04 1:06
            > left up
              seek 60s Accurate
                playing OWL  ·  S1 E1  ·  Part 1 at 60s paused | 1:00 Play Audio: English Subtitles: Off Adjust | strip 0:54 0:56 0:58 [1:00] 1:02 1:04 1:06
            > still 60
                playing OWL  ·  S1 E1  ·  Part 1 at 60s paused | 1:00 Play Audio: English Subtitles: Off Adjust | strip 0:54 0:56 0:58 [1:00*] 1:02 1:04 1:06
            > menu
              stills []
                playing OWL  ·  S1 E1  ·  Part 1 at 60s paused | 1:00 Play Audio: English Subtitles: Off Adjust | [Off] English
            > back
                playing OWL  ·  S1 E1  ·  Part 1 at 60s paused | 1:00 Play Audio: English Subtitles: Off Adjust
            > back
              save series:owl:1:1 60s
              close player 1
              close torrent 1
                series OWL: Season 1: [1. Part 1] 2. Part 2 3. Part 3 4. Part 4 5. Part 5 6. Part 6 
        "#]],
    );
}
