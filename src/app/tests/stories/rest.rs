//! The screen while nobody presses a key.

use app::{Library, Preferences, RestSettings};
use expect_test::{Expect, expect};

use crate::story::{PLAY, Story};

/// Dim after five minutes, off after so many.
fn with_rest(screen_off_min: u16, script: &[&str], expect: &Expect) {
    let preferences = Preferences {
        prefetch: false,
        rest: RestSettings {
            screensaver_min: 5,
            screen_off_min,
        },
        ends: true,
        ..Preferences::default()
    };
    let mut story = Story::with(Library::default(), preferences);
    for part in script {
        story.tell(part);
    }
    expect.assert_eq(&story.transcript);
}

#[test]
fn a_wall_dims_then_posters_drift_and_a_key_only_wakes() {
    with_rest(
        0,
        &["down
           +299999ms
           +1ms
           +59999ms
           +1ms
           +86400000ms
           ok down
           ok repeat
           ok up
           ok"],
        &expect![[r#"
            > down
                home: Old: [DOG] EEL
            > +299999ms
                home: Old: [DOG] EEL
            > +1ms
                dim (home: Old: [DOG] EEL)
            > +59999ms
                dim (home: Old: [DOG] EEL)
            > +1ms
                drifting ANT DOG BEE EEL CAT (home: Old: [DOG] EEL)
            > +86400000ms
                drifting ANT DOG BEE EEL CAT (home: Old: [DOG] EEL)
            > ok down
                home: Old: [DOG] EEL
            > ok repeat
                home: Old: [DOG] EEL
            > ok up
                home: Old: [DOG] EEL
            > ok
                film DOG: [Play] Source Add to my list
        "#]],
    );
}

#[test]
fn who_is_there_when_it_dims_says_so() {
    with_rest(
        0,
        &["+310000ms
           right
           right
           +299999ms
           +1ms"],
        &expect![[r#"
            > +310000ms
                dim (home: New: [ANT] BEE CAT)
            > right
                home: New: [ANT] BEE CAT
            > right
                home: New: ANT [BEE] CAT
            > +299999ms
                home: New: ANT [BEE] CAT
            > +1ms
                dim (home: New: ANT [BEE] CAT)
        "#]],
    );
}

#[test]
fn a_film_that_plays_is_never_covered_and_one_that_is_paused_is() {
    with_rest(
        30,
        &[
            PLAY,
            "---",
            "+3600000ms
             at 60
             ok
             +300000ms
             +60000ms
             ok
             +1440000ms
             ok
             ok
             +3600000ms",
        ],
        &expect![[r#"
            > +3600000ms
                playing ANT at 0ns runs
            > at 60
              save ant 60s
                playing ANT at 60s runs
            > ok
              save ant 60s
              hold
                playing ANT at 60s paused | 1:00 Play Audio: English Subtitles: Off Adjust
            > +300000ms
                dim (playing ANT at 60s paused | 1:00 Play Audio: English Subtitles: Off Adjust)
            > +60000ms
                drifting ANT DOG BEE EEL CAT (playing ANT at 60s paused | 1:00 Play Audio: English Subtitles: Off Adjust)
            > ok
                playing ANT at 60s paused | 1:00 Play Audio: English Subtitles: Off Adjust
            > +1440000ms
                drifting ANT DOG BEE EEL CAT (playing ANT at 60s paused | 1:00 Play Audio: English Subtitles: Off Adjust)
            > ok
                playing ANT at 60s paused | 1:00 Play Audio: English Subtitles: Off Adjust
            > ok
              save ant 60s
              run
                playing ANT at 60s runs | 1:00 Pause Audio: English Subtitles: Off Adjust
            > +3600000ms
                playing ANT at 60s runs
        "#]],
    );
}

#[test]
fn the_screen_is_off_where_the_owner_wants_that_and_no_key_is_lost_on_it() {
    with_rest(
        10,
        &["+599999ms
           +1ms
           +86400000ms
           power
           right"],
        &expect![[r#"
            > +599999ms
                drifting ANT DOG BEE EEL CAT (home: New: [ANT] BEE CAT)
            > +1ms
                dark (home: New: [ANT] BEE CAT)
            > +86400000ms
                dark (home: New: [ANT] BEE CAT)
            > power
                home: New: [ANT] BEE CAT
            > right
                home: New: ANT [BEE] CAT
        "#]],
    );
    // Before it would even dim.
    with_rest(
        3,
        &["+180000ms
           +180000ms
           volume-up
           +180000ms"],
        &expect![[r#"
            > +180000ms
                dark (home: New: [ANT] BEE CAT)
            > +180000ms
                dark (home: New: [ANT] BEE CAT)
            > volume-up
                home: New: [ANT] BEE CAT
            > +180000ms
                dark (home: New: [ANT] BEE CAT)
        "#]],
    );
}

#[test]
fn standby_and_a_film_that_is_handed_over_end_it() {
    with_rest(
        0,
        &["+400000ms
           open
           back
           +400000ms
           ok
           power
           +4000000ms
           ok
           +299999ms"],
        &expect![[r#"
            > +400000ms
                drifting ANT DOG BEE EEL CAT (home: New: [ANT] BEE CAT)
            > open
                film : [Play] Source Add to my list
            > back
                home: New: [ANT] BEE CAT
            > +400000ms
                drifting ANT DOG  BEE EEL CAT (home: New: [ANT] BEE CAT)
            > ok
                home: New: [ANT] BEE CAT
            > power
                dark (home: New: [ANT] BEE CAT)
            > +4000000ms
                dark (home: New: [ANT] BEE CAT)
            > ok
                home: New: [ANT] BEE CAT
            > +299999ms
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn nothing_rests_that_is_not_to() {
    let mut story = Story::default();
    story.tell("+86400000ms");
    let expect = expect![[r#"
        > +86400000ms
          prefetch ant-0
          stop prefetch
            home: New: [ANT] BEE CAT
    "#]];
    expect.assert_eq(&story.transcript);
}

#[test]
fn the_boxs_button_only_wakes_too_and_held_it_ends_the_machine() {
    with_rest(
        0,
        &["+400000ms
           power-button
           +400000ms
           power-button down
           +9000ms
           power-button repeat
           +1000ms
           power-button repeat"],
        &expect![[r#"
            > +400000ms
                drifting ANT DOG BEE EEL CAT (home: New: [ANT] BEE CAT)
            > power-button
                home: New: [ANT] BEE CAT
            > +400000ms
                drifting ANT DOG BEE EEL CAT (home: New: [ANT] BEE CAT)
            > power-button down
                home: New: [ANT] BEE CAT
            > +9000ms
                home: New: [ANT] BEE CAT
            > power-button repeat
                home: New: [ANT] BEE CAT
            > +1000ms
                home: New: [ANT] BEE CAT
            > power-button repeat
              switch off
                power  | The box shuts down | Wait until it is dark before you unplug it.
        "#]],
    );
}
