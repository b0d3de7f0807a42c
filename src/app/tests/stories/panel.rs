//! The front panel: what its lamp tells, its button, and the factory reset.

use app::{Event, Incident, Library, Preferences, UpdateSettings};
use expect_test::{Expect, expect};

use crate::story::{PLAY, Story};

fn story() -> Story {
    let preferences = Preferences {
        prefetch: false,
        ends: true,
        lamp: true,
        updates: Some(UpdateSettings {
            version: "1.3.0".into(),
            channels: vec!["stable".into()],
            channel: Some("stable".into()),
            turn_permille: 0,
        }),
        ..Preferences::default()
    };
    Story::with(Library::default(), preferences)
}

fn check(script: &str, expect: &Expect) {
    let mut story = story();
    story.tell(script);
    expect.assert_eq(&story.transcript);
}

#[test]
fn the_lamp_tells_what_the_box_does() {
    check(
        &format!("shown\n {PLAY}\n back\n back\n power\n ok"),
        &expect![[r#"
            > shown
              lamp: idle
                home: New: [ANT] BEE CAT
            > ok
                film ANT: [Play] Source Add to my list
            > ok
              open torrent 1 of ant-0
              lamp: playing
                opening ANT: Finding peers |  | None | -
            > torrent ready
              open player 1 at 0ns
                opening ANT: Looking for peers again |  | Some(0) | -
            > player ready
                opening ANT: Looking for peers again |  | Some(0) | -
            > progress peers=3 rate=900k have=0-100
              save ant 0ns
              run
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > back
                playing ANT at 0ns runs
            > back
              save ant 0ns
              close player 1
              close torrent 1
              lamp: idle
                film ANT: [Play] Source Add to my list
            > power
              lamp: standby
                dark (film ANT: [Play] Source Add to my list)
            > ok
              lamp: idle
                film ANT: [Play] Source Add to my list
        "#]],
    );
}

#[test]
fn an_update_is_told_but_not_in_the_dark() {
    check(
        "shown
         +300000ms
         offered 1.4.0
         sleep
         ok
         installed",
        &expect![[r#"
            > shown
              lamp: idle
                home: New: [ANT] BEE CAT
            > +300000ms
              ask how updates stand
              check for updates
                home: New: [ANT] BEE CAT
            > offered 1.4.0
              install
              lamp: updating
                home: New: [ANT] BEE CAT
            > sleep
              lamp: standby
                dark (home: New: [ANT] BEE CAT)
            > ok
              lamp: updating
                home: New: [ANT] BEE CAT
            > installed
              lamp: idle
                home: New: [ANT] BEE CAT ! Matinee 1.4.0 is ready for the next start
        "#]],
    );
}

#[test]
fn a_film_that_cannot_be_played_is_trouble() {
    check(
        "shown\n ok\n ok\n torrent failed\n back",
        &expect![[r#"
        > shown
          lamp: idle
            home: New: [ANT] BEE CAT
        > ok
            film ANT: [Play] Source Add to my list
        > ok
          open torrent 1 of ant-0
          lamp: playing
            opening ANT: Finding peers |  | None | -
        > torrent failed
          close torrent 1
          lamp: trouble
            trouble: The storage is full | There is no room to keep the film while it plays. Free some space, then try again. | [Try again] Back
        > back
          lamp: idle
            film ANT: [Play] Source Add to my list
    "#]],
    );
}

#[test]
fn a_box_without_its_memory_is_in_trouble_until_a_film_plays() {
    let mut story = story();
    story.take(Event::Incident(Incident::DataInMemory));
    story.tell(&format!("shown\n {PLAY}\n back"));
    expect![[r#"
        > shown
          lamp: trouble
            home: New: [ANT] BEE CAT ! The box's card cannot be used. Films play, but all is forgotten when the power goes. Try another card.
        > ok
            film ANT: [Play] Source Add to my list ! The box's card cannot be used. Films play, but all is forgotten when the power goes. Try another card.
        > ok
          open torrent 1 of ant-0
          lamp: playing
            opening ANT: Finding peers |  | None | - ! The box's card cannot be used. Films play, but all is forgotten when the power goes. Try another card.
        > torrent ready
          open player 1 at 0ns
            opening ANT: Looking for peers again |  | Some(0) | - ! The box's card cannot be used. Films play, but all is forgotten when the power goes. Try another card.
        > player ready
            opening ANT: Looking for peers again |  | Some(0) | - ! The box's card cannot be used. Films play, but all is forgotten when the power goes. Try another card.
        > progress peers=3 rate=900k have=0-100
          save ant 0ns
          run
            playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust ! The box's card cannot be used. Films play, but all is forgotten when the power goes. Try another card.
        > back
            playing ANT at 0ns runs ! The box's card cannot be used. Films play, but all is forgotten when the power goes. Try another card.
    "#]].assert_eq(&story.transcript);
}

#[test]
fn a_case_without_a_lamp_is_told_nothing() {
    let mut story = Story::default();
    story.tell("shown\n power\n ok");
    assert!(!story.transcript.contains("lamp"), "{}", story.transcript);
}

#[test]
fn the_box_button_is_a_power_key() {
    check(
        "shown\n power-button\n power-button",
        &expect![[r#"
        > shown
          lamp: idle
            home: New: [ANT] BEE CAT
        > power-button
          lamp: standby
            dark (home: New: [ANT] BEE CAT)
        > power-button
          lamp: idle
            home: New: [ANT] BEE CAT
    "#]],
    );
}

#[test]
fn the_box_button_held_shows_the_page_and_held_on_switches_off() {
    check(
        "shown
         power-button down
         +3000ms
         power-button repeat
         +6900ms
         power-button repeat
         +100ms
         power-button repeat
         power-button repeat
         power-button up",
        &expect![[r#"
            > shown
              lamp: idle
                home: New: [ANT] BEE CAT
            > power-button down
                home: New: [ANT] BEE CAT
            > +3000ms
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
            > power-button repeat
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
            > +6900ms
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
            > power-button repeat
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
            > +100ms
              ask how updates stand
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
            > power-button repeat
              switch off
              lamp: starting
                power  | The box shuts down | Wait until it is dark before you unplug it.
            > power-button repeat
                power  | The box shuts down | Wait until it is dark before you unplug it.
            > power-button up
                power  | The box shuts down | Wait until it is dark before you unplug it.
        "#]],
    );
}

#[test]
fn the_box_button_switches_off_what_stands_by() {
    check(
        "shown
         power
         power-button down
         +10000ms
         power-button repeat",
        &expect![[r#"
            > shown
              lamp: idle
                home: New: [ANT] BEE CAT
            > power
              lamp: standby
                dark (home: New: [ANT] BEE CAT)
            > power-button down
              lamp: idle
                home: New: [ANT] BEE CAT
            > +10000ms
              ask how updates stand
                home: New: [ANT] BEE CAT
            > power-button repeat
              switch off
              lamp: starting
                power  | The box shuts down | Wait until it is dark before you unplug it.
        "#]],
    );
}

#[test]
fn a_release_that_was_lost_switches_nothing_off() {
    check(
        "shown\n power-button down\n +60000ms\n power-button up",
        &expect![[r#"
            > shown
              lamp: idle
                home: New: [ANT] BEE CAT
            > power-button down
                home: New: [ANT] BEE CAT
            > +60000ms
              ask how updates stand
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
            > power-button up
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
        "#]],
    );
}

#[test]
fn a_remote_never_switches_off_by_holding() {
    check(
        "shown\n power down\n +10000ms\n power repeat\n power up",
        &expect![[r#"
            > shown
              lamp: idle
                home: New: [ANT] BEE CAT
            > power down
                home: New: [ANT] BEE CAT
            > +10000ms
              ask how updates stand
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
            > power repeat
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
            > power up
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
        "#]],
    );
}

#[test]
fn whoever_starts_the_box_with_its_button_held_may_begin_anew() {
    check(
        "power-button down
         shown
         +3000ms
         power-button up
         ok",
        &expect![[r#"
            > power-button down
                home: New: [ANT] BEE CAT
            > shown
              lamp: idle
                home: New: [ANT] BEE CAT
            > +3000ms
                power [Keep everything] Forget everything | Factory reset | The box forgets everything: your list, the places in films, add-ons, learnt remotes, settings, and the films it holds. It is then as it was when it was new. Drives are not touched.
            > power-button up
                power [Keep everything] Forget everything | Factory reset | The box forgets everything: your list, the places in films, add-ons, learnt remotes, settings, and the films it holds. It is then as it was when it was new. Drives are not touched.
            > ok
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
        "#]],
    );
}

#[test]
fn everything_is_forgotten_when_it_was_asked_for_twice() {
    check(
        "shown
         power down
         +3000ms
         power up
         down
         down
         down
         down
         ok
         ok
         down
         down
         down
         down
         ok
         down
         ok
         up
         down
         ok
         ok
         ok
         not-ended",
        &expect![[r#"
            > shown
              lamp: idle
                home: New: [ANT] BEE CAT
            > power down
                home: New: [ANT] BEE CAT
            > +3000ms
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
            > power up
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
            > down
                power Stand by [Sleep timer  ·  ‹ off ›] Restart Shut down Factory reset | Sleep timer | After that time the box stands by, whatever plays. The place in the film is kept.
            > down
                power Stand by Sleep timer  ·  ‹ off › [Restart] Shut down Factory reset | Restart | The box starts anew. This takes about a minute.
            > down
                power Stand by Sleep timer  ·  ‹ off › Restart [Shut down] Factory reset | Shut down | Everything stops, updates too. The box is started again by its button, or by its plug.
            > down
                power Stand by Sleep timer  ·  ‹ off › Restart Shut down [Factory reset] | Factory reset | The box forgets everything: your list, the places in films, add-ons, learnt remotes, settings, and the films it holds. It is then as it was when it was new. Drives are not touched.
            > ok
                power [Keep everything] Forget everything | Factory reset | The box forgets everything: your list, the places in films, add-ons, learnt remotes, settings, and the films it holds. It is then as it was when it was new. Drives are not touched.
            > ok
                power [Stand by] Sleep timer  ·  ‹ off › Restart Shut down Factory reset | Stand by | The screen goes dark, and the box is quiet. Any key wakes it.
            > down
                power Stand by [Sleep timer  ·  ‹ off ›] Restart Shut down Factory reset | Sleep timer | After that time the box stands by, whatever plays. The place in the film is kept.
            > down
                power Stand by Sleep timer  ·  ‹ off › [Restart] Shut down Factory reset | Restart | The box starts anew. This takes about a minute.
            > down
                power Stand by Sleep timer  ·  ‹ off › Restart [Shut down] Factory reset | Shut down | Everything stops, updates too. The box is started again by its button, or by its plug.
            > down
                power Stand by Sleep timer  ·  ‹ off › Restart Shut down [Factory reset] | Factory reset | The box forgets everything: your list, the places in films, add-ons, learnt remotes, settings, and the films it holds. It is then as it was when it was new. Drives are not touched.
            > ok
                power [Keep everything] Forget everything | Factory reset | The box forgets everything: your list, the places in films, add-ons, learnt remotes, settings, and the films it holds. It is then as it was when it was new. Drives are not touched.
            > down
                power Keep everything [Forget everything] | Factory reset | The box forgets everything: your list, the places in films, add-ons, learnt remotes, settings, and the films it holds. It is then as it was when it was new. Drives are not touched.
            > ok
                power Keep everything [Forget everything] | Factory reset | The box forgets everything: your list, the places in films, add-ons, learnt remotes, settings, and the films it holds. It is then as it was when it was new. Drives are not touched. | Press OK once more: the box forgets everything. This cannot be undone
            > up
                power [Keep everything] Forget everything | Factory reset | The box forgets everything: your list, the places in films, add-ons, learnt remotes, settings, and the films it holds. It is then as it was when it was new. Drives are not touched.
            > down
                power Keep everything [Forget everything] | Factory reset | The box forgets everything: your list, the places in films, add-ons, learnt remotes, settings, and the films it holds. It is then as it was when it was new. Drives are not touched.
            > ok
                power Keep everything [Forget everything] | Factory reset | The box forgets everything: your list, the places in films, add-ons, learnt remotes, settings, and the films it holds. It is then as it was when it was new. Drives are not touched. | Press OK once more: the box forgets everything. This cannot be undone
            > ok
              forget everything, and restart
              lamp: starting
                power  | The box starts anew, without what it remembers | This takes about a minute. Leave it switched on.
            > ok
                power  | The box starts anew, without what it remembers | This takes about a minute. Leave it switched on.
            > not-ended
              lamp: idle
                power Keep everything [Forget everything] | Factory reset | The box forgets everything: your list, the places in films, add-ons, learnt remotes, settings, and the films it holds. It is then as it was when it was new. Drives are not touched. ! The box cannot be switched off or restarted from here: no place for it.
        "#]],
    );
}
