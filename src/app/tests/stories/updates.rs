//! Updates of the box: found, got, used, gone back from.

use app::{Library, Preferences, UpdateSettings};
use expect_test::{Expect, expect};

use crate::story::{PLAY, Story};

fn settings(channels: &[&str]) -> Preferences {
    Preferences {
        prefetch: false,
        updates: Some(UpdateSettings {
            version: "1.3.0".into(),
            channels: channels.iter().map(|name| (*name).into()).collect(),
            channel: channels.first().map(|name| (*name).into()),
            turn_permille: 500,
        }),
        ..Preferences::default()
    }
}

/// On the page, of a box that follows the first of these channels.
fn on_page(channels: &[&str], script: &str, expect: &Expect) {
    let script = format!("to Updates\n ---\n {script}");
    on_wall(settings(channels), &script, expect);
}

fn on_wall(preferences: Preferences, script: &str, expect: &Expect) {
    let mut story = Story::with(Library::default(), preferences);
    story.tell(script);
    expect.assert_eq(&story.transcript);
}

#[test]
fn a_box_that_is_not_updated_this_way_has_no_page_of_that() {
    on_wall(
        Preferences::default(),
        "to Settings
         +90000000ms",
        &expect![[r#"
            > to Settings
                settings [Rows on the wall] Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Rows on the wall | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
            > +90000000ms
                settings [Rows on the wall] Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Rows on the wall | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
        "#]],
    );
}

#[test]
fn an_update_is_got_while_nothing_plays_and_waits_for_the_next_start() {
    on_wall(
        settings(&["stable"]),
        "+10000ms
         stands updated
         +8000ms
         +2082000ms
         offered 1.4.0
         fetching 420 61
         installed
         +8000ms
         +86400000ms",
        &expect![[r#"
            > +10000ms
              ask how updates stand
                home: New: [ANT] BEE CAT
            > stands updated
                home: New: [ANT] BEE CAT ! Updated to Matinee 1.3.0.
            > +8000ms
                home: New: [ANT] BEE CAT
            > +2082000ms
              check for updates
                home: New: [ANT] BEE CAT
            > offered 1.4.0
              install
                home: New: [ANT] BEE CAT
            > fetching 420 61
                home: New: [ANT] BEE CAT
            > installed
                home: New: [ANT] BEE CAT ! Matinee 1.4.0 is ready for the next start
            > +8000ms
                home: New: [ANT] BEE CAT
            > +86400000ms
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn nothing_is_begun_and_little_is_taken_while_a_film_is_open() {
    let mut story = Story::with(Library::default(), settings(&["stable"]));
    story.tell("+10000ms\n +2090000ms").tell(PLAY);
    story.transcript.clear();
    story.tell(
        "offered 1.4.0
         at 20
         back
         back
         fetching 100 10
         play
         installed
         at 21
         stop",
    );
    expect![[r#"
        > offered 1.4.0
            playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
        > at 20
            playing ANT at 20s runs | 0:20 Pause Audio: English Subtitles: Off Adjust
        > back
            playing ANT at 20s runs
        > back
          save ant 20s
          close player 1
          close torrent 1
          install
            film ANT: [Continue from 0:20] From the start Source Add to my list
        > fetching 100 10
            film ANT: [Continue from 0:20] From the start Source Add to my list
        > play
          open torrent 2 of ant-0 from byte 1700000
          hold updates
            opening ANT: Finding peers |  | None | -
        > installed
          go on with updates
            opening ANT: Finding peers |  | None | -
        > at 21
            opening ANT: Finding peers |  | None | -
        > stop
          close torrent 2
            film ANT: [Continue from 0:20] From the start Source Add to my list ! Matinee 1.4.0 is ready for the next start
    "#]].assert_eq(&story.transcript);
}

#[test]
fn where_the_line_costs_it_is_asked_for() {
    let metered = Preferences {
        metered: true,
        ..settings(&["stable"])
    };
    on_wall(
        metered,
        "+2100000ms
         offered 1.4.0
         up
         right
         right
         ok
         ok",
        &expect![[r#"
            > +2100000ms
              ask how updates stand
              check for updates
                home: New: [ANT] BEE CAT
            > offered 1.4.0
                home: New: [ANT] BEE CAT
            > up
                home: [Search] Add-ons Updates Settings Power
            > right
                home: Search [Add-ons] Updates Settings Power
            > right
                home: Search Add-ons [Updates] Settings Power
            > ok
                updates [Get it now] | Matinee 1.4.0 is there | 148 MB  ·  stable | Owls.
            > ok
              install
                updates  | Getting Matinee 1.4.0 | 0 %  ·  0 MB fetched | Films can be watched meanwhile. | Owls. | 0
        "#]],
    );
}

#[test]
fn looked_for_by_hand_it_is_shown_first() {
    on_page(
        &["stable"],
        "ok
         ok
         offered 1.4.0 expired
         ok
         fetching 995 9
         down
         ok
         installed
         ok
         ok
         not-done no restart
         nothing-new",
        &expect![[r#"
            > ok
              check for updates, asked
                updates  | Looking for updates | stable
            > ok
                updates  | Looking for updates | stable
            > offered 1.4.0 expired
                updates [Get it now] | Matinee 1.4.0 is there | 148 MB  ·  stable | This channel should have been renewed by now. Either nobody looks after it, or somebody holds back what is newer. | Owls.
            > ok
              install
                updates  | Getting Matinee 1.4.0 | 0 %  ·  0 MB fetched | Films can be watched meanwhile. | Owls. | 0
            > fetching 995 9
                updates  | Getting Matinee 1.4.0 | 99 %  ·  9 MB fetched | Films can be watched meanwhile. | Owls. | 995
            > down
                updates  | Getting Matinee 1.4.0 | 99 %  ·  9 MB fetched | Films can be watched meanwhile. | Owls. | 995
            > ok
                updates  | Getting Matinee 1.4.0 | 99 %  ·  9 MB fetched | Films can be watched meanwhile. | Owls. | 995
            > installed
                updates [Restart now] | Matinee 1.4.0 is ready | It is used from the next start on. Restart now, or later: when the box is next switched off and on.
            > ok
              restart
                updates  | The box restarts | This takes about a minute. Leave it switched on.
            > ok
                updates  | The box restarts | This takes about a minute. Leave it switched on.
            > not-done no restart
                updates [Look for updates now] | Matinee 1.3.0 | stable | The box can't restart by itself (no place for it). Switch it off and on.
            > nothing-new
                updates [Look for updates now] | Matinee 1.3.0 | stable | The box can't restart by itself (no place for it). Switch it off and on.
        "#]],
    );
}

#[test]
fn nothing_new_is_said() {
    on_page(
        &["stable"],
        "ok
         nothing-new
         back",
        &expect![[r#"
            > ok
              check for updates, asked
                updates  | Looking for updates | stable
            > nothing-new
                updates [Look for updates now] | Matinee 1.3.0 | stable | There is nothing newer for this box now.
            > back
                settings Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen [Updates=Matinee 1.3.0] Is all well? Privacy About this box First steps | Updates | The box gets its updates by itself, while nothing plays. Back returns.
        "#]],
    );
}

#[test]
fn every_channel_that_is_refused_has_a_plain_sentence() {
    on_page(
        &["stable"],
        "ok
         refused-update not signed
         ok
         refused-update older
         ok
         refused-update other board
         ok
         refused-update other channel
         ok
         refused-update needs first
         ok
         refused-update too new
         ok
         refused-update broken",
        &expect![[r#"
            > ok
              check for updates, asked
                updates  | Looking for updates | stable
            > refused-update not signed
                updates [Look for updates now] | Matinee 1.3.0 | stable | What lies at the address of updates was not signed by those whom this box trusts. It was not taken.
            > ok
              check for updates, asked
                updates  | Looking for updates | stable
            > refused-update older
                updates [Look for updates now] | Matinee 1.3.0 | stable | Release 41 is offered, but 42 was there before. Somebody may be holding back what is newer, so nothing was taken.
            > ok
              check for updates, asked
                updates  | Looking for updates | stable
            > refused-update other board
                updates [Look for updates now] | Matinee 1.3.0 | stable | There is no update for this board (rpi4).
            > ok
              check for updates, asked
                updates  | Looking for updates | stable
            > refused-update other channel
                updates [Look for updates now] | Matinee 1.3.0 | stable | The updates there are of another channel (beta). They were not taken.
            > ok
              check for updates, asked
                updates  | Looking for updates | stable
            > refused-update needs first
                updates [Look for updates now] | Matinee 1.3.0 | stable | Matinee 1.3.5 must come first, and it is not offered any more.
            > ok
              check for updates, asked
                updates  | Looking for updates | stable
            > refused-update too new
                updates [Look for updates now] | Matinee 1.3.0 | stable | The updates there are of a kind that this box is too old for. Put a newer image on it by hand.
            > ok
              check for updates, asked
                updates  | Looking for updates | stable
            > refused-update broken
                updates [Look for updates now] | Matinee 1.3.0 | stable | What lies at the address of updates is damaged: line 3.
        "#]],
    );
}

#[test]
fn every_update_that_is_refused_has_a_plain_sentence() {
    on_page(
        &["stable"],
        "ok
         offered 1.4.0
         ok
         not-done wrong size
         ok
         offered 1.4.0
         ok
         not-done swapped
         ok
         offered 1.4.0
         ok
         not-done for other
         ok
         offered 1.4.0
         ok
         not-done refused
         ok
         offered 1.4.0
         ok
         not-done no installer",
        &expect![[r#"
            > ok
              check for updates, asked
                updates  | Looking for updates | stable
            > offered 1.4.0
                updates [Get it now] | Matinee 1.4.0 is there | 148 MB  ·  stable | Owls.
            > ok
              install
                updates  | Getting Matinee 1.4.0 | 0 %  ·  0 MB fetched | Films can be watched meanwhile. | Owls. | 0
            > not-done wrong size
                updates [Look for updates now] | Matinee 1.3.0 | stable | The update has 147 bytes and should have 148. It was not taken; the box tries again in an hour.
            > ok
              check for updates, asked
                updates  | Looking for updates | stable
            > offered 1.4.0
                updates [Get it now] | Matinee 1.4.0 is there | 148 MB  ·  stable | Owls.
            > ok
              install
                updates  | Getting Matinee 1.4.0 | 0 %  ·  0 MB fetched | Films can be watched meanwhile. | Owls. | 0
            > not-done swapped
                updates [Look for updates now] | Matinee 1.3.0 | stable | The update is not the one that was announced. It was not taken; the box tries again in an hour.
            > ok
              check for updates, asked
                updates  | Looking for updates | stable
            > offered 1.4.0
                updates [Get it now] | Matinee 1.4.0 is there | 148 MB  ·  stable | Owls.
            > ok
              install
                updates  | Getting Matinee 1.4.0 | 0 %  ·  0 MB fetched | Films can be watched meanwhile. | Owls. | 0
            > not-done for other
                updates [Look for updates now] | Matinee 1.3.0 | stable | The update is for another kind of box (matinee-rpi4). It was not taken.
            > ok
              check for updates, asked
                updates  | Looking for updates | stable
            > offered 1.4.0
                updates [Get it now] | Matinee 1.4.0 is there | 148 MB  ·  stable | Owls.
            > ok
              install
                updates  | Getting Matinee 1.4.0 | 0 %  ·  0 MB fetched | Films can be watched meanwhile. | Owls. | 0
            > not-done refused
                updates [Look for updates now] | Matinee 1.3.0 | stable | The update was not taken: signature verification failed.
            > ok
              check for updates, asked
                updates  | Looking for updates | stable
            > offered 1.4.0
                updates [Get it now] | Matinee 1.4.0 is there | 148 MB  ·  stable | Owls.
            > ok
              install
                updates  | Getting Matinee 1.4.0 | 0 %  ·  0 MB fetched | Films can be watched meanwhile. | Owls. | 0
            > not-done no installer
                updates [Look for updates now] | Matinee 1.3.0 | stable | The part of this box that installs updates does not answer (no bus).
        "#]],
    );
}

#[test]
fn after_a_failure_that_passes_it_is_tried_again_within_an_hour() {
    on_wall(
        settings(&["stable"]),
        "+2100000ms
         refused-update unreachable
         +3600000ms
         refused-update not signed
         +3600000ms
         +82800000ms",
        &expect![[r#"
            > +2100000ms
              ask how updates stand
              check for updates
                home: New: [ANT] BEE CAT
            > refused-update unreachable
                home: New: [ANT] BEE CAT
            > +3600000ms
              check for updates
                home: New: [ANT] BEE CAT
            > refused-update not signed
                home: New: [ANT] BEE CAT
            > +3600000ms
                home: New: [ANT] BEE CAT
            > +82800000ms
              check for updates
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn a_box_that_went_back_says_why() {
    for (stands, told) in [
        (
            "stands never up",
            expect![[r#"
                > stands never up
                    updates [Look for updates now] | Matinee 1.3.0 | stable | It looks for updates once a day. | Matinee 1.4.0 did not come up, so the box went back to 1.3.0.
            "#]],
        ),
        (
            "stands not stable",
            expect![[r#"
                > stands not stable
                    updates [Look for updates now] | Matinee 1.3.0 | stable | It looks for updates once a day. | Matinee 1.4.0 came up 3 times but did not stay up, so the box went back to 1.3.0.
            "#]],
        ),
        (
            "stands sent back",
            expect![[r#"
                > stands sent back
                    updates [Look for updates now] | Matinee 1.3.0 | stable | It looks for updates once a day. | You went back from Matinee 1.4.0 to 1.3.0.
            "#]],
        ),
    ] {
        on_page(&["stable"], stands, &told);
    }
}

#[test]
fn what_was_got_before_a_restart_of_the_program_still_waits() {
    on_page(
        &["stable"],
        "stands waiting
         ok",
        &expect![[r#"
            > stands waiting
                updates [Restart now] | Matinee 1.4.0 is ready | It is used from the next start on. Restart now, or later: when the box is next switched off and on.
            > ok
              restart
                updates  | The box restarts | This takes about a minute. Leave it switched on.
        "#]],
    );
}

#[test]
fn going_back_is_asked_for_twice() {
    on_page(
        &["stable"],
        "stands updated
         down
         ok
         up
         down
         ok
         ok",
        &expect![[r#"
            > stands updated
                updates [Look for updates now] Go back to 1.2.0 | Matinee 1.3.0 | stable | It looks for updates once a day. | Updated to Matinee 1.3.0.
            > down
                updates Look for updates now [Go back to 1.2.0] | Matinee 1.3.0 | stable | It looks for updates once a day. | Updated to Matinee 1.3.0.
            > ok
                updates Look for updates now [Go back to 1.2.0] | Matinee 1.3.0 | stable | It looks for updates once a day. | Updated to Matinee 1.3.0. | Press OK once more: the box restarts
            > up
                updates [Look for updates now] Go back to 1.2.0 | Matinee 1.3.0 | stable | It looks for updates once a day. | Updated to Matinee 1.3.0.
            > down
                updates Look for updates now [Go back to 1.2.0] | Matinee 1.3.0 | stable | It looks for updates once a day. | Updated to Matinee 1.3.0.
            > ok
                updates Look for updates now [Go back to 1.2.0] | Matinee 1.3.0 | stable | It looks for updates once a day. | Updated to Matinee 1.3.0. | Press OK once more: the box restarts
            > ok
              go back and restart
                updates  | The box restarts | This takes about a minute. Leave it switched on. | Updated to Matinee 1.3.0.
        "#]],
    );
}

#[test]
fn another_channel_is_another_question() {
    on_page(
        &["stable", "beta"],
        "ok
         nothing-new
         down
         ok
         up
         ok
         down
         nothing-new
         down
         ok",
        &expect![[r#"
            > ok
              check for updates, asked
                updates  | Looking for updates | stable
            > nothing-new
                updates [Look for updates now] Channel: stable | Matinee 1.3.0 | stable | There is nothing newer for this box now.
            > down
                updates Look for updates now [Channel: stable] | Matinee 1.3.0 | stable | There is nothing newer for this box now.
            > ok
              follow beta
                updates Look for updates now [Channel: beta] | Matinee 1.3.0 | beta | It looks for updates once a day.
            > up
                updates [Look for updates now] Channel: beta | Matinee 1.3.0 | beta | It looks for updates once a day.
            > ok
              check for updates, asked
                updates  | Looking for updates | beta
            > down
                updates  | Looking for updates | beta
            > nothing-new
                updates [Look for updates now] Channel: beta | Matinee 1.3.0 | beta | There is nothing newer for this box now.
            > down
                updates Look for updates now [Channel: beta] | Matinee 1.3.0 | beta | There is nothing newer for this box now.
            > ok
              follow stable
                updates Look for updates now [Channel: stable] | Matinee 1.3.0 | stable | It looks for updates once a day.
        "#]],
    );
}

#[test]
fn without_a_channel_nothing_is_asked() {
    on_page(
        &[],
        "+90000000ms
         ok",
        &expect![[r#"
            > +90000000ms
              ask how updates stand
                updates  | Matinee 1.3.0 | No channel of updates is set, so this box stays as it is. Whoever made its image can name one.
            > ok
                updates  | Matinee 1.3.0 | No channel of updates is set, so this box stays as it is. Whoever made its image can name one.
        "#]],
    );
}
