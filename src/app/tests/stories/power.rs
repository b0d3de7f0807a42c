//! Standby, the TV, the sleep timer, the end.

use app::{Library, Preferences, TvSettings};
use expect_test::{Expect, expect};

use crate::story::{PLAY, Story};

/// On a box with a TV, by these settings.
fn with_tv(tv: TvSettings, script: &str, expect: &Expect) {
    let preferences = Preferences {
        prefetch: false,
        tv: Some(tv),
        ends: true,
        ..Preferences::default()
    };
    let mut story = Story::with(Library::default(), preferences);
    story.tell(script);
    expect.assert_eq(&story.transcript);
}

/// The same while a film plays.
fn in_film(tv: TvSettings, script: &str, expect: &Expect) {
    let preferences = Preferences {
        prefetch: false,
        tv: Some(tv),
        ends: true,
        ..Preferences::default()
    };
    let mut story = Story::with(Library::default(), preferences);
    story.tell(PLAY).tell("at 10").tell("---").tell(script);
    expect.assert_eq(&story.transcript);
}

#[test]
fn playing_a_film_shows_it_on_the_tv() {
    with_tv(
        TvSettings::default(),
        PLAY,
        &expect![[r#"
        > ok
            film ANT: [Play] Source Add to my list
        > ok
          open torrent 1 of ant-0
          tv: show us
            opening ANT: Finding peers |  | None | -
        > torrent ready
          open player 1 at 0ns
            opening ANT: Looking for peers again |  | Some(0) | -
        > player ready
            opening ANT: Looking for peers again |  | Some(0) | -
        > progress peers=3 rate=900k have=0-100
          save ant 0ns
          run
          tv: playing
            playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
    "#]],
    );
}

#[test]
fn a_tv_that_is_not_to_be_woken_is_not() {
    let tv = TvSettings {
        wake: false,
        ..TvSettings::default()
    };
    with_tv(
        tv,
        "ok\n ok\n back\n power\n ok",
        &expect![[r#"
        > ok
            film ANT: [Play] Source Add to my list
        > ok
          open torrent 1 of ant-0
            opening ANT: Finding peers |  | None | -
        > back
          close torrent 1
            film ANT: [Play] Source Add to my list
        > power
          tv: we stand by
            dark (film ANT: [Play] Source Add to my list)
        > ok
          tv: we are up
            film ANT: [Play] Source Add to my list
    "#]],
    );
}

#[test]
fn power_goes_dark_and_any_key_wakes_and_does_nothing_else() {
    in_film(
        TvSettings::default(),
        "power
         volume-up
         sleep
         +3600000ms
         ok down
         ok repeat
         ok up
         back",
        &expect![[r#"
            > power
              save ant 10s
              close player 1
              close torrent 1
              tv: stopped
              tv: we stand by
                dark (film ANT: [Continue from 0:10] From the start Source Add to my list)
            > volume-up
                dark (film ANT: [Continue from 0:10] From the start Source Add to my list)
            > sleep
                dark (film ANT: [Continue from 0:10] From the start Source Add to my list)
            > +3600000ms
                dark (film ANT: [Continue from 0:10] From the start Source Add to my list)
            > ok down
              tv: we are up
              tv: show us
                film ANT: [Continue from 0:10] From the start Source Add to my list
            > ok repeat
                film ANT: [Continue from 0:10] From the start Source Add to my list
            > ok up
                film ANT: [Continue from 0:10] From the start Source Add to my list
            > back
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn the_tv_stands_by_too_where_the_owner_wants_that() {
    let tv = TvSettings {
        standby_turns_off: true,
        ..TvSettings::default()
    };
    with_tv(
        tv,
        "sleep\n wake\n wake",
        &expect![[r#"
        > sleep
          tv: we stand by, and so do you
            dark (home: New: [ANT] BEE CAT)
        > wake
          tv: we are up
          tv: show us
            home: New: [ANT] BEE CAT
        > wake
            home: New: [ANT] BEE CAT
    "#]],
    );
}

#[test]
fn the_box_stands_by_with_the_tv_and_is_chosen_again() {
    in_film(
        TvSettings {
            standby_turns_off: true,
            ..TvSettings::default()
        },
        "tv standby
         tv standby
         tv left
         tv play
         tv chosen
         tv chosen",
        &expect![[r#"
            > tv standby
              save ant 10s
              close player 1
              close torrent 1
              tv: stopped
              tv: we stand by
                dark (film ANT: [Continue from 0:10] From the start Source Add to my list)
            > tv standby
                dark (film ANT: [Continue from 0:10] From the start Source Add to my list)
            > tv left
                dark (film ANT: [Continue from 0:10] From the start Source Add to my list)
            > tv play
                dark (film ANT: [Continue from 0:10] From the start Source Add to my list)
            > tv chosen
              tv: we are up
              tv: show us
                film ANT: [Continue from 0:10] From the start Source Add to my list
            > tv chosen
                film ANT: [Continue from 0:10] From the start Source Add to my list
        "#]],
    );
}

#[test]
fn a_box_that_does_not_follow_pauses() {
    in_film(
        TvSettings {
            standby_follows: false,
            ..TvSettings::default()
        },
        "tv standby
         tv play
         tv left",
        &expect![[r#"
            > tv standby
              save ant 10s
              hold
              tv: paused
                playing ANT at 10s paused | 0:10 Play Audio: English Subtitles: Off Adjust
            > tv play
              save ant 10s
              run
              tv: playing
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > tv left
              save ant 10s
              hold
              tv: paused
                playing ANT at 10s paused | 0:10 Play Audio: English Subtitles: Off Adjust
        "#]],
    );
}

#[test]
fn a_film_goes_on_unseen_where_the_owner_wants_that() {
    in_film(
        TvSettings {
            left_pauses: false,
            standby_follows: false,
            ..TvSettings::default()
        },
        "tv left
         tv standby
         tv pause
         tv stop",
        &expect![[r#"
            > tv left
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > tv standby
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > tv pause
              save ant 10s
              hold
              tv: paused
                playing ANT at 10s paused | 0:10 Play Audio: English Subtitles: Off Adjust
            > tv stop
              save ant 10s
              close player 1
              close torrent 1
              tv: stopped
                film ANT: [Continue from 0:10] From the start Source Add to my list
        "#]],
    );
}

#[test]
fn the_volume_is_the_tvs() {
    let script =
        "tv volume tv\n volume-up down\n volume-up repeat\n volume-up up\n mute\n volume-down";
    with_tv(
        TvSettings::default(),
        script,
        &expect![[r#"
            > tv volume tv
                home: New: [ANT] BEE CAT
            > volume-up down
              tv: volume up
                home: New: [ANT] BEE CAT
            > volume-up repeat
              tv: volume up
                home: New: [ANT] BEE CAT
            > volume-up up
              tv: volume let go
                home: New: [ANT] BEE CAT
            > mute
              tv: volume mute
              tv: volume let go
                home: New: [ANT] BEE CAT
            > volume-down
              tv: volume down
              tv: volume let go
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn a_held_power_key_asks_what_is_wanted() {
    with_tv(
        TvSettings::default(),
        "power down
         power repeat
         +3000ms
         power up
         down
         ok
         right
         left
         left
         down
         down
         ok
         up
         down
         ok
         ok
         ok
         not-ended
         back",
        &expect![[r#"
            > power down
                home: New: [ANT] BEE CAT
            > power repeat
                home: New: [ANT] BEE CAT
            > +3000ms
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
            > power up
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
            > down
                power Stand by [Sleep timer  ·  ‹ off ›] Restart Shut down Factory reset | Sleep timer | After that time the box stands by, whatever plays. The place in the film is kept.
            > ok
                power Stand by [Sleep timer  ·  ‹ 15 min ›] Restart Shut down Factory reset | Sleep timer | After that time the box stands by, whatever plays. The place in the film is kept.
            > right
                power Stand by [Sleep timer  ·  ‹ 30 min ›] Restart Shut down Factory reset | Sleep timer | After that time the box stands by, whatever plays. The place in the film is kept.
            > left
                power Stand by [Sleep timer  ·  ‹ 15 min ›] Restart Shut down Factory reset | Sleep timer | After that time the box stands by, whatever plays. The place in the film is kept.
            > left
                power Stand by [Sleep timer  ·  ‹ off ›] Restart Shut down Factory reset | Sleep timer | After that time the box stands by, whatever plays. The place in the film is kept.
            > down
                power Stand by Sleep timer  ·  ‹ off › [Restart] Shut down Factory reset | Restart | The box starts anew. This takes about a minute.
            > down
                power Stand by Sleep timer  ·  ‹ off › Restart [Shut down] Factory reset | Shut down | Everything stops, updates too. The box is started again by its button, or by its plug.
            > ok
                power Stand by Sleep timer  ·  ‹ off › Restart [Shut down] Factory reset | Shut down | Everything stops, updates too. The box is started again by its button, or by its plug. | Press OK once more: the box switches itself off
            > up
                power Stand by Sleep timer  ·  ‹ off › [Restart] Shut down Factory reset | Restart | The box starts anew. This takes about a minute.
            > down
                power Stand by Sleep timer  ·  ‹ off › Restart [Shut down] Factory reset | Shut down | Everything stops, updates too. The box is started again by its button, or by its plug.
            > ok
                power Stand by Sleep timer  ·  ‹ off › Restart [Shut down] Factory reset | Shut down | Everything stops, updates too. The box is started again by its button, or by its plug. | Press OK once more: the box switches itself off
            > ok
              tv: we stand by
              switch off
                power  | The box shuts down | Wait until it is dark before you unplug it.
            > ok
                power  | The box shuts down | Wait until it is dark before you unplug it.
            > not-ended
              tv: we are up
                power Stand by Sleep timer  ·  ‹ off › Restart [Shut down] Factory reset | Shut down | Everything stops, updates too. The box is started again by its button, or by its plug. | Press OK once more: the box switches itself off ! The box cannot be switched off or restarted from here: no place for it.
            > back
                home: New: [ANT] BEE CAT ! The box cannot be switched off or restarted from here: no place for it.
        "#]],
    );
}

#[test]
fn a_machine_that_cannot_be_ended_from_here_is_not_offered_to() {
    let mut story = Story::with(Library::default(), Preferences::default());
    story.tell("power down\n +3000ms\n down\n down\n up\n ok");
    expect![[r#"
        > power down
            home: New: [ANT] BEE CAT
        > +3000ms
          prefetch ant-0
            power [Stand by] Sleep timer  ·  ‹ off › | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
        > down
            power Stand by [Sleep timer  ·  ‹ off ›] | Sleep timer | After that time the box stands by, whatever plays. The place in the film is kept.
        > down
            power Stand by [Sleep timer  ·  ‹ off ›] | Sleep timer | After that time the box stands by, whatever plays. The place in the film is kept.
        > up
            power [Stand by] Sleep timer  ·  ‹ off › | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
        > ok
            dark (home: New: [ANT] BEE CAT)
    "#]].assert_eq(&story.transcript);
}

#[test]
fn the_machine_restarts() {
    let script = "power down\n +3000ms\n down\n down\n ok\n ok";
    with_tv(
        TvSettings::default(),
        script,
        &expect![[r#"
            > power down
                home: New: [ANT] BEE CAT
            > +3000ms
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
            > down
                power Stand by [Sleep timer  ·  ‹ off ›] Restart Shut down Factory reset | Sleep timer | After that time the box stands by, whatever plays. The place in the film is kept.
            > down
                power Stand by Sleep timer  ·  ‹ off › [Restart] Shut down Factory reset | Restart | The box starts anew. This takes about a minute.
            > ok
              restart the machine
                power  | The box restarts | This takes about a minute. Leave it switched on.
            > ok
                power  | The box restarts | This takes about a minute. Leave it switched on.
        "#]],
    );
}

#[test]
fn the_sleep_timer_is_set_in_the_film_and_ends_it() {
    in_film(
        TvSettings::default(),
        "down
         right
         right
         right
         ok
         down
         down
         down
         down
         ok
         right
         left
         back
         +840000ms
         +60000ms
         +8000ms",
        &expect![[r#"
            > down
                playing ANT at 10s runs | 0:10 [Pause] Audio: English Subtitles: Off Adjust
            > right
                playing ANT at 10s runs | 0:10 Pause [Audio: English] Subtitles: Off Adjust
            > right
                playing ANT at 10s runs | 0:10 Pause Audio: English [Subtitles: Off] Adjust
            > right
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust]
            > ok
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | [Sound  ·  ‹ with the picture ›] Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > down
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › [Night: loud and quiet closer  ·  ‹ off ›] Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > down
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › [Picture  ·  ‹ whole ›] Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > down
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › [Speed  ·  ‹ 1× ›] Sleep timer  ·  ‹ off ›
            > down
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › [Sleep timer  ·  ‹ off ›]
            > ok
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › [Sleep timer  ·  ‹ 15 min ›]
            > right
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › [Sleep timer  ·  ‹ 30 min ›]
            > left
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › [Sleep timer  ·  ‹ 15 min ›]
            > back
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust]
            > +840000ms
                playing ANT at 10s runs ! The box stands by in a minute.
            > +60000ms
              save ant 10s
              close player 1
              close torrent 1
              tv: stopped
              tv: we stand by
                dark (film ANT: [Continue from 0:10] From the start Source Add to my list)
            > +8000ms
                dark (film ANT: [Continue from 0:10] From the start Source Add to my list)
        "#]],
    );
}

#[test]
fn who_hands_the_box_a_film_wakes_it() {
    with_tv(
        TvSettings::default(),
        "sleep\n open gnu\n sleep\n look-for fox",
        &expect![[r#"
            > sleep
              tv: we stand by
                dark (home: New: [ANT] BEE CAT)
            > open gnu
              tv: we are up
              tv: show us
                film GNU: [Play] Source Add to my list
            > sleep
              tv: we stand by
                dark (film GNU: [Play] Source Add to my list)
            > look-for fox
              tv: we are up
              tv: show us
              search 1 for "fox"
                search "fox" at a:  | Looking
        "#]],
    );
}

#[test]
fn nothing_is_got_ahead_in_the_dark() {
    let mut story = Story::with(Library::default(), Preferences::default());
    story.tell("+400ms\n right\n +400ms\n sleep\n +1000ms\n +60000ms\n ok\n +400ms");
    expect![[r#"
        > +400ms
          prefetch ant-0
            home: New: [ANT] BEE CAT
        > right
            home: New: ANT [BEE] CAT
        > +400ms
          prefetch bee-0
            home: New: ANT [BEE] CAT
        > sleep
            dark (home: New: ANT [BEE] CAT)
        > +1000ms
          stop prefetch
            dark (home: New: ANT [BEE] CAT)
        > +60000ms
            dark (home: New: ANT [BEE] CAT)
        > ok
            home: New: ANT [BEE] CAT
        > +400ms
          prefetch bee-0
            home: New: ANT [BEE] CAT
    "#]]
    .assert_eq(&story.transcript);
}
