//! How loud it is: who takes the keys for that, what is shown of it, and what is remembered.

use app::{Library, Preferences, SoundSettings, TvSettings, VolumeWish};
use expect_test::{Expect, expect};

use crate::story::{PLAY, Story};

/// A film plays, on a box with such keys, where such a sound was set before.
fn in_film(volume: VolumeWish, sound: SoundSettings, script: &str, expect: &Expect) {
    let preferences = Preferences {
        prefetch: false,
        tv: Some(TvSettings::default()),
        volume,
        ..Preferences::default()
    };
    let library = Library {
        sound,
        ..Library::default()
    };
    let mut story = Story::with(library, preferences);
    story
        .tell(PLAY)
        .tell("at 10")
        .tell("+5000ms")
        .tell("---")
        .tell(script);
    expect.assert_eq(&story.transcript);
}

fn auto(script: &str, expect: &Expect) {
    in_film(VolumeWish::Auto, SoundSettings::default(), script, expect);
}

#[test]
fn where_nobody_can_be_asked_the_box_is_turned_down_itself() {
    auto(
        "volume-down
         volume-down
         mute
         volume-up
         +3000ms
         back
         +1000ms
         volume-down
         +3000ms",
        &expect![[r#"
            > volume-down
              sound: volume 95
                playing ANT at 10s runs | volume 95
            > volume-down
              sound: volume 90
                playing ANT at 10s runs | volume 90
            > mute
              sound: volume 90 muted
                playing ANT at 10s runs | volume 90 muted
            > volume-up
              sound: volume 95
                playing ANT at 10s runs | volume 95
            > +3000ms
              save ant 10s [volume 95]
                playing ANT at 10s runs
            > back
              save ant 10s [volume 95]
              close player 1
              close torrent 1
              tv: stopped
                film ANT: [Continue from 0:10] From the start Source Add to my list
            > +1000ms
                film ANT: [Continue from 0:10] From the start Source Add to my list
            > volume-down
                film ANT: [Continue from 0:10] From the start Source Add to my list | volume 90
            > +3000ms
              save ant 10s [volume 90]
                film ANT: [Continue from 0:10] From the start Source Add to my list
        "#]],
    );
}

#[test]
fn a_held_key_goes_on_to_the_end_and_no_farther() {
    let quiet = SoundSettings {
        volume: 10,
        ..SoundSettings::default()
    };
    let script = "volume-down down\n volume-down repeat\n volume-down repeat\n volume-down up";
    in_film(
        VolumeWish::Auto,
        quiet,
        script,
        &expect![[r#"
        > volume-down down
          sound: volume 5
            playing ANT at 10s runs | volume 5
        > volume-down repeat
          sound: volume 0
            playing ANT at 10s runs | volume 0
        > volume-down repeat
            playing ANT at 10s runs | volume 0
        > volume-down up
            playing ANT at 10s runs | volume 0
    "#]],
    );
}

#[test]
fn where_the_tv_takes_the_keys_they_are_its_own() {
    auto(
        "tv volume tv\n volume-up\n +3000ms\n tv volume nobody\n volume-down",
        &expect![[r#"
            > tv volume tv
                playing ANT at 10s runs
            > volume-up
              tv: volume up
              tv: volume let go
                playing ANT at 10s runs
            > +3000ms
                playing ANT at 10s runs
            > tv volume nobody
                playing ANT at 10s runs
            > volume-down
              sound: volume 95
                playing ANT at 10s runs | volume 95
        "#]],
    );
}

#[test]
fn the_figure_of_an_amplifier_is_shown() {
    auto(
        "tv volume amplifier
         volume-up
         tv level 42
         mute
         tv level 42 muted
         +3000ms
         tv level 43
         tv volume tv
         volume-up",
        &expect![[r#"
            > tv volume amplifier
                playing ANT at 10s runs
            > volume-up
              tv: volume up
              tv: volume let go
                playing ANT at 10s runs
            > tv level 42
                playing ANT at 10s runs | volume 42
            > mute
              tv: volume mute
              tv: volume let go
                playing ANT at 10s runs | volume 42
            > tv level 42 muted
                playing ANT at 10s runs | volume 42 muted
            > +3000ms
                playing ANT at 10s runs
            > tv level 43
                playing ANT at 10s runs
            > tv volume tv
                playing ANT at 10s runs
            > volume-up
              tv: volume up
              tv: volume let go
                playing ANT at 10s runs
        "#]],
    );
}

#[test]
fn the_owner_says_whose_volume_it_is() {
    let usual = SoundSettings::default();
    let script = "tv volume amplifier\n tv level 30\n volume-down";
    in_film(
        VolumeWish::Box,
        usual,
        script,
        &expect![[r#"
        > tv volume amplifier
            playing ANT at 10s runs
        > tv level 30
            playing ANT at 10s runs
        > volume-down
          sound: volume 95
            playing ANT at 10s runs | volume 95
    "#]],
    );
    in_film(
        VolumeWish::Tv,
        usual,
        "volume-down\n +3000ms",
        &expect![[r#"
            > volume-down
              tv: volume down
              tv: volume let go
                playing ANT at 10s runs
            > +3000ms
                playing ANT at 10s runs
        "#]],
    );
}

#[test]
fn night_and_delay_are_set_over_the_film_and_remembered() {
    auto(
        "up
         down
         down
         right
         right
         right
         ok
         right
         right
         left
         ok
         left
         down
         ok
         left
         right
         back
         back",
        &expect![[r#"
            > up
              save ant 10s
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > down
                playing ANT at 10s runs | 0:10 [Pause] Audio: English Subtitles: Off Adjust
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
            > right
              sound: volume 100, 20 ms
              save ant 10s [volume 100, 20 ms]
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | [Sound  ·  ‹ 20 ms later ›] Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > right
              sound: volume 100, 40 ms
              save ant 10s [volume 100, 40 ms]
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | [Sound  ·  ‹ 40 ms later ›] Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > left
              sound: volume 100, 20 ms
              save ant 10s [volume 100, 20 ms]
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | [Sound  ·  ‹ 20 ms later ›] Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > ok
              sound: volume 100
              save ant 10s
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | [Sound  ·  ‹ with the picture ›] Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > left
              sound: volume 100, -20 ms
              save ant 10s [volume 100, -20 ms]
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | [Sound  ·  ‹ 20 ms earlier ›] Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > down
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ 20 ms earlier › [Night: loud and quiet closer  ·  ‹ off ›] Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > ok
              sound: volume 100, night, -20 ms
              save ant 10s [volume 100, night, -20 ms]
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ 20 ms earlier › [Night: loud and quiet closer  ·  ‹ on ›] Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > left
              sound: volume 100, -20 ms
              save ant 10s [volume 100, -20 ms]
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ 20 ms earlier › [Night: loud and quiet closer  ·  ‹ off ›] Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > right
              sound: volume 100, night, -20 ms
              save ant 10s [volume 100, night, -20 ms]
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | Sound  ·  ‹ 20 ms earlier › [Night: loud and quiet closer  ·  ‹ on ›] Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > back
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust]
            > back
                playing ANT at 10s runs
        "#]],
    );
}

#[test]
fn a_delay_ends_at_half_a_second() {
    let late = SoundSettings {
        delay_ms: 490,
        night: true,
        muted: true,
        ..SoundSettings::default()
    };
    let script = "up\n down\n down\n right\n right\n right\n ok\n right\n right";
    in_film(
        VolumeWish::Auto,
        late,
        script,
        &expect![[r#"
            > up
              save ant 10s [volume 100 muted, night, 490 ms]
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > down
                playing ANT at 10s runs | 0:10 [Pause] Audio: English Subtitles: Off Adjust
            > down
                playing ANT at 10s runs | 0:10 [Pause] Audio: English Subtitles: Off Adjust
            > right
                playing ANT at 10s runs | 0:10 Pause [Audio: English] Subtitles: Off Adjust
            > right
                playing ANT at 10s runs | 0:10 Pause Audio: English [Subtitles: Off] Adjust
            > right
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust]
            > ok
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | [Sound  ·  ‹ 490 ms later ›] Night: loud and quiet closer  ·  ‹ on › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > right
              sound: volume 100 muted, night, 500 ms
              save ant 10s [volume 100 muted, night, 500 ms]
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | [Sound  ·  ‹ 500 ms later ›] Night: loud and quiet closer  ·  ‹ on › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > right
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off [Adjust] | [Sound  ·  ‹ 500 ms later ›] Night: loud and quiet closer  ·  ‹ on › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
        "#]],
    );
}

#[test]
fn what_was_turned_down_is_written_before_the_end() {
    auto(
        "volume-down\n shutdown",
        &expect![[r#"
        > volume-down
          sound: volume 95
            playing ANT at 10s runs | volume 95
        > shutdown
          save ant 10s [volume 95]
          close player 1
          close torrent 1
          tv: stopped
          save ant 10s [volume 95]
            film ANT: [Continue from 0:10] From the start Source Add to my list | volume 95
    "#]],
    );
    auto(
        "volume-down\n sleep",
        &expect![[r#"
        > volume-down
          sound: volume 95
            playing ANT at 10s runs | volume 95
        > sleep
          save ant 10s [volume 95]
          close player 1
          close torrent 1
          tv: stopped
          tv: we stand by
          save ant 10s [volume 95]
            dark (film ANT: [Continue from 0:10] From the start Source Add to my list) | volume 95
    "#]],
    );
}

#[test]
fn a_language_of_the_tv_is_known_and_changes_nothing() {
    let mut story = Story::with(
        Library::default(),
        Preferences {
            tv: Some(TvSettings::default()),
            ..Preferences::default()
        },
    );
    assert_eq!(story.app.tv_language(), None);
    story.tell("tv language deu");
    assert_eq!(story.app.tv_language(), Some("deu"));
    expect![[r#"
        > tv language deu
            home: New: [ANT] BEE CAT
    "#]]
    .assert_eq(&story.transcript);
}
