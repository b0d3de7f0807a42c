//! A film that is steered by who need not see the TV: a program of the desktop, its media keys.

use app::{Event, Library, Preferences, RestSettings, Screen, SoundSettings, Steer, VolumeWish};
use expect_test::expect;

use crate::story::{PLAY, Story, playing};
use crate::up_next;

#[test]
fn it_is_held_and_runs_on() {
    playing(
        "at 10
         steer pause
         steer pause
         steer play
         steer play-pause
         steer play-pause",
        &expect![[r#"
            > at 10
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > steer pause
              save ant 10s
              hold
                playing ANT at 10s paused | 0:10 Play Audio: English Subtitles: Off Adjust
            > steer pause
              save ant 10s
                playing ANT at 10s paused | 0:10 Play Audio: English Subtitles: Off Adjust
            > steer play
              save ant 10s
              run
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > steer play-pause
              save ant 10s
              hold
                playing ANT at 10s paused | 0:10 Play Audio: English Subtitles: Off Adjust
            > steer play-pause
              save ant 10s
              run
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
        "#]],
    );
}

#[test]
fn no_list_over_the_film_takes_what_is_meant_for_it() {
    playing(
        "at 10
         +5000ms
         audio
         menu
         steer pause
         steer stop",
        &expect![[r#"
            > at 10
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > +5000ms
                playing ANT at 10s runs
            > audio
              audio 2
              save ant 10s sound fr
                playing ANT at 10s runs | 0:10 Pause Audio: Français Subtitles: Off Adjust
            > menu
                playing ANT at 10s runs | 0:10 Pause Audio: Français Subtitles: Off Adjust | [Off] English
            > steer pause
              save ant 10s sound fr
              hold
                playing ANT at 10s paused | 0:10 Play Audio: Français Subtitles: Off Adjust | [Off] English
            > steer stop
              save ant 10s sound fr
              close player 1
              close torrent 1
                film ANT: [Continue from 0:10] From the start Source Add to my list
        "#]],
    );
}

#[test]
fn it_moves_by_so_much_and_not_past_its_ends() {
    playing(
        "at 60
         steer by 10
         steer by 10
         seeked 80
         steer by -100
         seeked 0
         steer by 500",
        &expect![[r#"
            > at 60
                playing ANT at 60s runs | 1:00 Pause Audio: English Subtitles: Off Adjust
            > steer by 10
              seek 70s Accurate
              save ant 70s
                playing ANT at 70s runs | 1:10 Pause Audio: English Subtitles: Off Adjust
            > steer by 10
              seek 80s Accurate
              save ant 80s
                playing ANT at 80s runs | 1:20 Pause Audio: English Subtitles: Off Adjust
            > seeked 80
              save ant 80s
                playing ANT at 80s runs | 1:20 Pause Audio: English Subtitles: Off Adjust
            > steer by -100
              seek 0ns Accurate
              save ant 0ns
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > seeked 0
              save ant 0ns
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > steer by 500
              seek 119s Accurate
              save ant 119s
                playing ANT at 119s runs | 1:59 Pause Audio: English Subtitles: Off Adjust
        "#]],
    );
}

#[test]
fn it_runs_at_the_nearest_speed_that_there_is() {
    playing(
        "at 10
         steer speed 1400
         steer speed 1510
         steer speed 0
         steer speed 65000",
        &expect![[r#"
            > at 10
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > steer speed 1400
              speed 1500
              seek 10s Accurate
              save ant 10s
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > steer speed 1510
              save ant 10s
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > steer speed 0
              speed 750
              seek 10s Accurate
              save ant 10s
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
            > steer speed 65000
              speed 2000
              seek 10s Accurate
              save ant 10s
                playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
        "#]],
    );
}

#[test]
fn what_is_only_about_to_play_is_stopped_too_and_steered_no_other_way() {
    let mut story = Story::default();
    story.tell("ok\n ok\n steer pause\n steer next\n steer by 5\n steer stop\n steer play");
    expect![[r#"
        > ok
            film ANT: [Play] Source Add to my list
        > ok
          open torrent 1 of ant-0
            opening ANT: Finding peers |  | None | -
        > steer pause
            opening ANT: Finding peers |  | None | -
        > steer next
            opening ANT: Finding peers |  | None | -
        > steer by 5
            opening ANT: Finding peers |  | None | -
        > steer stop
          close torrent 1
            film ANT: [Play] Source Add to my list
        > steer play
            film ANT: [Play] Source Add to my list
    "#]]
    .assert_eq(&story.transcript);
}

#[test]
fn on_the_wall_nothing_begins_to_play() {
    let mut story = Story::default();
    story.tell("steer play\n steer play-pause\n steer next\n steer stop");
    expect![[r#"
        > steer play
            home: New: [ANT] BEE CAT
        > steer play-pause
            home: New: [ANT] BEE CAT
        > steer next
            home: New: [ANT] BEE CAT
        > steer stop
            home: New: [ANT] BEE CAT
    "#]]
    .assert_eq(&story.transcript);
}

#[test]
fn a_screen_that_rests_takes_no_press() {
    let preferences = Preferences {
        rest: RestSettings {
            screensaver_min: 1,
            screen_off_min: 0,
        },
        ..Preferences::default()
    };
    let mut story = Story::with(Library::default(), preferences);
    story
        .tell(PLAY)
        .tell("at 10\n steer pause\n +130000ms\n ---");
    story.tell("steer by 5\n steer play");
    expect![[r#"
        > steer by 5
          seek 15s Accurate
          save ant 15s
            drifting ANT DOG BEE EEL CAT (playing ANT at 15s paused | 0:15 Play Audio: English Subtitles: Off Adjust)
        > steer play
          save ant 15s
          run
            playing ANT at 15s runs | 0:15 Pause Audio: English Subtitles: Off Adjust
    "#]].assert_eq(&story.transcript);
}

#[test]
fn the_next_episode_is_played_and_its_place_kept() {
    up_next::check(
        Preferences::default(),
        "steer next
         steer stop",
        &expect![[r#"
            > steer next
              save series:owl:1:1 60s
              close player 1
              close torrent 1
              find 2 of owl:1:2
                opening OWL  ·  S1 E2  ·  Part 2: Looking for sources |  | None | -
            > steer stop
                film OWL  ·  S1 E2  ·  Part 2: [Play] Add to my list | Looking for sources
        "#]],
    );
}

#[test]
fn past_the_end_of_an_episode_the_next_one_begins() {
    up_next::check(
        Preferences::default(),
        "steer by 30\n steer by 90",
        &expect![[r#"
            > steer by 30
              seek 90s Accurate
              save series:owl:1:1 90s
                playing OWL  ·  S1 E1  ·  Part 1 at 90s runs | 1:30 Pause Audio: English Subtitles: Off Adjust
            > steer by 90
              save series:owl:1:1 90s
              close player 1
              close torrent 1
              find 2 of owl:1:2
                opening OWL  ·  S1 E2  ·  Part 2: Looking for sources |  | None | -
        "#]],
    );
}

#[test]
fn a_film_that_nothing_follows_goes_on() {
    playing(
        "at 10\n steer next",
        &expect![[r#"
        > at 10
            playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
        > steer next
            playing ANT at 10s runs | 0:10 Pause Audio: English Subtitles: Off Adjust
    "#]],
    );
}

#[test]
fn what_is_over_leads_on_or_ends() {
    let autoplay = || Preferences {
        autoplay: true,
        ..Preferences::default()
    };
    let script = |last: &str| format!("at 119\n offers 1 of 1: owl-1\n ended\n ---\n {last}");
    up_next::check(
        autoplay(),
        &script("steer pause\n +20000ms\n steer by 5\n steer stop"),
        &expect![[r#"
            > steer pause
                playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, Ready to play: [Play now] Back
            > +20000ms
              prefetch owl-1
                playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, Ready to play: [Play now] Back
            > steer by 5
                playing OWL  ·  S1 E1  ·  Part 1 at 120s paused | over: Next episode, S1 E2  ·  Part 2, Ready to play: [Play now] Back
            > steer stop
              save series:owl:1:1 0ns watched
              close player 1
              close torrent 1
                series OWL: Season 1: 1. Part 1 (seen) [2. Part 2] 3. Part 3 4. Part 4 5. Part 5 6. Part 6 
        "#]],
    );
    up_next::check(
        autoplay(),
        &script("steer play"),
        &expect![[r#"
        > steer play
          save series:owl:1:1 0ns watched
          close player 1
          close torrent 1
          open torrent 2 of owl-1
            opening OWL  ·  S1 E2  ·  Part 2: Finding peers |  | None | -
    "#]],
    );
}

#[test]
fn the_boxs_own_sound_is_set_where_it_is_what_is_heard() {
    let preferences = |volume| Preferences {
        volume,
        prefetch: false,
        ..Preferences::default()
    };
    let mut story = Story::with(Library::default(), preferences(VolumeWish::Box));
    story.tell(PLAY).tell("at 10\n +5000ms\n ---");
    story.tell("steer volume 40\n mute\n steer volume 0\n steer volume 255\n +3000ms");
    expect![[r#"
        > steer volume 40
          sound: volume 40
            playing ANT at 10s runs | volume 40
        > mute
          sound: volume 40 muted
            playing ANT at 10s runs | volume 40 muted
        > steer volume 0
            playing ANT at 10s runs | volume 40 muted
        > steer volume 255
          sound: volume 100
            playing ANT at 10s runs | volume 100
        > +3000ms
          save ant 10s
            playing ANT at 10s runs
    "#]]
    .assert_eq(&story.transcript);

    let mut story = Story::with(Library::default(), preferences(VolumeWish::Tv));
    story.tell(PLAY).tell("at 10\n +5000ms\n ---");
    story.tell("steer volume 40");
    expect![[r#"
        > steer volume 40
            playing ANT at 10s runs
    "#]]
    .assert_eq(&story.transcript);
}

#[test]
fn how_loud_it_is_stands_in_every_view() {
    let library = Library {
        sound: SoundSettings {
            volume: 65,
            ..SoundSettings::default()
        },
        ..Library::default()
    };
    let mut story = Story::with(library, Preferences::default());
    let loudness = |story: &Story| story.app.view().loudness;
    assert_eq!(loudness(&story), Some(65));
    story.tell("mute");
    assert_eq!(loudness(&story), Some(0));
    story.take(Event::Steer(Steer::Volume(30)));
    assert_eq!(loudness(&story), Some(30));

    let tv = Preferences {
        volume: VolumeWish::Tv,
        ..Preferences::default()
    };
    assert_eq!(loudness(&Story::with(Library::default(), tv)), None);
}

#[test]
fn the_view_has_what_others_show_of_a_film() {
    let mut story = Story::default();
    story.tell(up_next::EPISODE);
    let deck = |story: &Story| match story.app.view().screen {
        Screen::Playing(playing) => playing.deck,
        other => panic!("{other:?}"),
    };
    let before = deck(&story);
    let episode = before.episode.as_ref().expect("it is one");
    assert_eq!((&*episode.series_name, episode.number), ("OWL", 1));
    assert!(before.seekable && before.has_next && before.speed == 1000);

    story.tell("jump 30");
    assert_eq!(deck(&story).jumps, before.jumps);
    story.tell("seeked 30");
    assert_ne!(deck(&story).jumps, before.jumps);
    story.tell("steer speed 1500");
    assert_eq!(deck(&story).speed, 1500);
}
