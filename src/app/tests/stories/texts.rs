//! Subtitles of a playing film: fitted to its sound, two at once, as the viewer likes them, and
//! remembered.

use app::{Library, Preferences};
use expect_test::{Expect, expect};

use crate::story::{Story, playing};

#[test]
fn subtitles_are_fitted_to_the_sound() {
    playing(
        "menu
         down
         ok
         down
         right
         right
         right
         ok
         ok
         fitting 400
         fitted -2300
         back
         +9000ms",
        &expect![[r#"
            > menu
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust | [Off] English
            > down
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust | Off [English]
            > ok
              subtitle Some(3)
              save ant 0ns texts en
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English Adjust
            > down
                playing ANT at 0ns runs | 0:00 [Pause] Audio: English Subtitles: English Adjust
            > right
                playing ANT at 0ns runs | 0:00 Pause [Audio: English] Subtitles: English Adjust
            > right
                playing ANT at 0ns runs | 0:00 Pause Audio: English [Subtitles: English] Adjust
            > right
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust]
            > ok
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | [Fit them to the sound] Time  ·  ‹ not moved › Second subtitles  ·  Off Size  ·  ‹ normal › Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > ok
              fit subtitles
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | [Listening  ·  0 %  ·  OK stops] Time  ·  ‹ not moved › Second subtitles  ·  Off Size  ·  ‹ normal › Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > fitting 400
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | [Listening  ·  40 %  ·  OK stops] Time  ·  ‹ not moved › Second subtitles  ·  Off Size  ·  ‹ normal › Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > fitted -2300
              time subtitles -2300, 0
              save ant 0ns texts en at -2300, 0
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | [Fit them to the sound] Time  ·  ‹ 2.3 s earlier › Second subtitles  ·  Off Size  ·  ‹ normal › Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off › ! The subtitles fit the sound now: 2.3 s earlier.
            > back
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] ! The subtitles fit the sound now: 2.3 s earlier.
            > +9000ms
                playing ANT at 0ns runs
        "#]],
    );
}

#[test]
fn a_fit_says_why_it_is_none_and_can_be_stopped() {
    playing(
        "menu
         down
         ok
         down
         right
         right
         right
         ok
         ok
         ---
         fitted too little
         ok
         ok
         fitted 500+42708",
        &expect![[r#"
            > fitted too little
              save ant 0ns texts en
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | [Fit them to the sound] Time  ·  ‹ not moved › Second subtitles  ·  Off Size  ·  ‹ normal › Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off › ! Too little of the film is here yet to hear where the subtitles belong. Try again in some minutes, or move them by ‹ and › under Time.
            > ok
              fit subtitles
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | [Listening  ·  0 %  ·  OK stops] Time  ·  ‹ not moved › Second subtitles  ·  Off Size  ·  ‹ normal › Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off › ! Too little of the film is here yet to hear where the subtitles belong. Try again in some minutes, or move them by ‹ and › under Time.
            > ok
              stop fitting
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | [Fit them to the sound] Time  ·  ‹ not moved › Second subtitles  ·  Off Size  ·  ‹ normal › Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off › ! Too little of the film is here yet to hear where the subtitles belong. Try again in some minutes, or move them by ‹ and › under Time.
            > fitted 500+42708
              save ant 0ns texts en
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | [Fit them to the sound] Time  ·  ‹ not moved › Second subtitles  ·  Off Size  ·  ‹ normal › Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off › ! Too little of the film is here yet to hear where the subtitles belong. Try again in some minutes, or move them by ‹ and › under Time.
        "#]],
    );
}

#[test]
fn two_texts_are_shown_at_once() {
    playing(
        "tracks en de nl
         menu
         down
         ok
         down
         right
         right
         right
         ok
         down
         down
         ok
         down
         ok
         tracks en de nl
         subtitle One / Eins
         menu
         down
         down
         ok",
        &expect![[r#"
            > tracks en de nl
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: Off Adjust
            > menu
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: Off Adjust | [Off] English Deutsch Nederlands
            > down
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: Off Adjust | Off [English] Deutsch Nederlands
            > ok
              subtitle Some(10)
              save ant 0ns texts en
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: English Adjust
            > down
                playing ANT at 0ns runs | 0:00 [Pause] Audio: Français Subtitles: English Adjust
            > right
                playing ANT at 0ns runs | 0:00 Pause [Audio: Français] Subtitles: English Adjust
            > right
                playing ANT at 0ns runs | 0:00 Pause Audio: Français [Subtitles: English] Adjust
            > right
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: English [Adjust]
            > ok
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: English [Adjust] | [Fit them to the sound] Time  ·  ‹ not moved › Second subtitles  ·  Off Size  ·  ‹ normal › Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > down
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: English [Adjust] | Fit them to the sound [Time  ·  ‹ not moved ›] Second subtitles  ·  Off Size  ·  ‹ normal › Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > down
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: English [Adjust] | Fit them to the sound Time  ·  ‹ not moved › [Second subtitles  ·  Off] Size  ·  ‹ normal › Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > ok
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: English [Adjust] | [Off] Deutsch Nederlands
            > down
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: English [Adjust] | Off [Deutsch] Nederlands
            > ok
              second subtitle Some(11)
              save ant 0ns texts en and de
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: English [Adjust]
            > tracks en de nl
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: Off [Adjust]
            > subtitle One / Eins
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: Off [Adjust] | "One" | "Eins"
            > menu
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: Off [Adjust] | [Off] English Deutsch Nederlands | "One" | "Eins"
            > down
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: Off [Adjust] | Off [English] Deutsch Nederlands | "One" | "Eins"
            > down
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: Off [Adjust] | Off English [Deutsch] Nederlands | "One" | "Eins"
            > ok
              subtitle Some(11)
              save ant 0ns texts de and de
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: Deutsch [Adjust] | "Eins"
        "#]],
    );
}

#[test]
fn subtitles_look_as_the_viewer_likes() {
    playing(
        "menu
         down
         ok
         down
         right
         right
         right
         ok
         ---
         down
         right
         ok
         down
         down
         right
         right
         right
         ok
         down
         left
         right
         down
         ok",
        &expect![[r#"
            > down
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | Fit them to the sound [Time  ·  ‹ not moved ›] Second subtitles  ·  Off Size  ·  ‹ normal › Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > right
              time subtitles 100, 0
              save ant 0ns texts en at 100, 0
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | Fit them to the sound [Time  ·  ‹ 0.1 s later ›] Second subtitles  ·  Off Size  ·  ‹ normal › Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > ok
              time subtitles 0, 0
              save ant 0ns texts en
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | Fit them to the sound [Time  ·  ‹ not moved ›] Second subtitles  ·  Off Size  ·  ‹ normal › Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > down
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | Fit them to the sound Time  ·  ‹ not moved › [Second subtitles  ·  Off] Size  ·  ‹ normal › Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > down
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | Fit them to the sound Time  ·  ‹ not moved › Second subtitles  ·  Off [Size  ·  ‹ normal ›] Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > right
              save ant 0ns texts en
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | Fit them to the sound Time  ·  ‹ not moved › Second subtitles  ·  Off [Size  ·  ‹ large ›] Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > right
              save ant 0ns texts en
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | Fit them to the sound Time  ·  ‹ not moved › Second subtitles  ·  Off [Size  ·  ‹ very large ›] Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > right
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | Fit them to the sound Time  ·  ‹ not moved › Second subtitles  ·  Off [Size  ·  ‹ very large ›] Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > ok
              save ant 0ns texts en
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | Fit them to the sound Time  ·  ‹ not moved › Second subtitles  ·  Off [Size  ·  ‹ small ›] Place  ·  ‹ bottom › Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > down
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | Fit them to the sound Time  ·  ‹ not moved › Second subtitles  ·  Off Size  ·  ‹ small › [Place  ·  ‹ bottom ›] Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > left
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | Fit them to the sound Time  ·  ‹ not moved › Second subtitles  ·  Off Size  ·  ‹ small › [Place  ·  ‹ bottom ›] Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > right
              save ant 0ns texts en
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | Fit them to the sound Time  ·  ‹ not moved › Second subtitles  ·  Off Size  ·  ‹ small › [Place  ·  ‹ a little higher ›] Colour  ·  ‹ white › Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > down
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | Fit them to the sound Time  ·  ‹ not moved › Second subtitles  ·  Off Size  ·  ‹ small › Place  ·  ‹ a little higher › [Colour  ·  ‹ white ›] Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
            > ok
              save ant 0ns texts en
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English [Adjust] | Fit them to the sound Time  ·  ‹ not moved › Second subtitles  ·  Off Size  ·  ‹ small › Place  ·  ‹ a little higher › [Colour  ·  ‹ yellow ›] Sound  ·  ‹ with the picture › Night: loud and quiet closer  ·  ‹ off › Picture  ·  ‹ whole › Speed  ·  ‹ 1× › Sleep timer  ·  ‹ off ›
        "#]],
    );
}

/// What is told from that line on.
fn tell_from(story: &mut Story, before: &str, script: &str, expected: &Expect) {
    story.tell(before);
    story.transcript.clear();
    story.tell(script);
    expected.assert_eq(&story.transcript);
}

#[test]
fn a_film_goes_on_with_the_texts_and_the_sound_it_was_left_with() {
    let mut story = Story::with(Library::default(), Preferences::default());
    story.tell(
        "ok
         ok
         torrent ready
         player ready
         progress peers=3 rate=900k have=0-100
         down
         right
         ok
         down
         ok
         menu
         down
         ok
         menu
         right
         right
         at 20
         back
         back
         back",
    );
    tell_from(
        &mut story,
        "",
        "ok
         torrent ready
         player ready
         progress peers=3 rate=900k have=0-100
         menu
         up
         ok
         back
         back",
        &expect![[r#"
            > ok
              open torrent 2 of ant-0 from byte 1700000
                opening ANT: Finding peers |  | None | -
            > torrent ready
              open player 2 at 20s
                opening ANT: Looking for peers again |  | Some(0) | -
            > player ready
                opening ANT: Looking for peers again |  | Some(0) | -
            > progress peers=3 rate=900k have=0-100
              time subtitles 200, 0
              subtitle Some(3)
              audio 2
              save ant 20s sound fr texts en at 200, 0
              run
                playing ANT at 20s runs | 0:20 Pause Audio: Français Subtitles: English Adjust
            > menu
                playing ANT at 20s runs | 0:20 Pause Audio: Français Subtitles: English Adjust | Off [English]
            > up
                playing ANT at 20s runs | 0:20 Pause Audio: Français Subtitles: English Adjust | [Off] English
            > ok
              time subtitles 0, 0
              subtitle None
              save ant 20s sound fr no texts
                playing ANT at 20s runs | 0:20 Pause Audio: Français Subtitles: Off Adjust
            > back
                playing ANT at 20s runs
            > back
              save ant 20s sound fr no texts
              close player 2
              close torrent 2
                film ANT: [Continue from 0:20] From the start Source Add to my list
        "#]],
    );
}

#[test]
fn the_next_episode_has_the_texts_of_the_last_one_but_not_its_delay() {
    let mut story = Story::with(Library::default(), Preferences::default());
    tell_from(
        &mut story,
        "row
         down
         down
         right
         ok
         described owl
         ok
         offers 1 of 1: owl-0
         torrent ready
         player ready
         progress peers=1 rate=900k have=0-100
         tracks de nl
         menu
         down
         down
         ok
         menu
         right
         at 60
         ended",
        "ok
         offers 1 of 1: owl-1
         torrent ready
         player ready
         progress peers=1 rate=900k have=0-100
         tracks nl de",
        &expect![[r#"
            > ok
              save series:owl:1:1 0ns watched texts nl at 100, 0
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
              save series:owl:1:1 0ns watched texts nl at 100, 0, series:owl:1:2 0ns texts nl
              run
                playing OWL  ·  S1 E2  ·  Part 2 at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > tracks nl de
              subtitle Some(10)
                playing OWL  ·  S1 E2  ·  Part 2 at 0ns runs | 0:00 Pause Audio: Français Subtitles: Nederlands Adjust
        "#]],
    );
}
