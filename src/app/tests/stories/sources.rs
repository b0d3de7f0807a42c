//! What add-ons give: rows, sources, subtitles; the viewer's own list.

use app::{Library, Preferences, TextWish};
use expect_test::expect;

use crate::story::{Story, check};

#[test]
fn a_film_of_an_add_on_plays_from_the_first_source_once_the_others_had_a_moment() {
    check(
        "row
         down
         down
         ok
         ok
         offers 0 of 3
         offers 1 of 3: fox-0
         +1000ms
         offers 2 of 3: fox-0 fox-1
         +500ms
         back",
        &expect![[r#"
            > row
                home: New: [ANT] BEE CAT
            > down
                home: Old: [DOG] EEL
            > down
              more of added than 2
                home: Added: [FOX] OWL
            > ok
              describe fox
              find 1 of fox
                film FOX: [Play] Add to my list | Looking for sources
            > ok
                opening FOX: Looking for sources |  | None | -
            > offers 0 of 3
                opening FOX: Looking for sources  ·  0 of 3 have answered |  | None | -
            > offers 1 of 3: fox-0
                opening FOX: Looking for sources  ·  1 of 3 have answered |  | None | -
            > +1000ms
                opening FOX: Looking for sources  ·  1 of 3 have answered |  | None | -
            > offers 2 of 3: fox-0 fox-1
                opening FOX: Looking for sources  ·  2 of 3 have answered |  | None | -
            > +500ms
              stop 1
              open torrent 1 of fox-0
                opening FOX: Finding peers |  | None | -
            > back
              close torrent 1
                film FOX: [Play] Sources (2) Add to my list
        "#]],
    );
}

#[test]
fn play_after_all_have_answered_does_not_wait() {
    check(
        "row
         down
         down
         ok
         ---
         offers 2 of 2: fox-0 fox-1
         menu
         down
         ok
         ok",
        &expect![[r#"
            > offers 2 of 2: fox-0 fox-1
                film FOX: [Play] Sources (2) Add to my list | source 0  ·  should play without stopping
            > menu
                film FOX: [Play] Sources (2) Add to my list | [source 0] source 1 | source 0  ·  should play without stopping
            > down
                film FOX: [Play] Sources (2) Add to my list | source 0 [source 1] | source 0  ·  should play without stopping
            > ok
                film FOX: [Play] Sources (2) Add to my list | source 1  ·  should play without stopping
            > ok
              open torrent 1 of fox-1
                opening FOX: Finding peers |  | None | -
        "#]],
    );
}

#[test]
fn a_film_nobody_has_is_said_so_and_back_goes_on() {
    check(
        "row
         down
         down
         ---
         play
         offers 2 of 2
         back",
        &expect![[r#"
            > play
              describe fox
              find 1 of fox
                opening FOX: Looking for sources |  | None | -
            > offers 2 of 2
                film FOX: [Play] Add to my list | Nobody offers this film now. Another add-on may have it, or try again later.
            > back
                home: Added: [FOX] OWL
        "#]],
    );
}

#[test]
fn nobody_is_waited_for_for_ever() {
    check(
        "row
         down
         down
         play
         ---
         +13000ms",
        &expect![[r#"
            > +13000ms
                film FOX: [Play] Add to my list | Nobody offers this film now. Another add-on may have it, or try again later.
        "#]],
    );
}

#[test]
fn subtitles_of_add_ons_are_shown_where_the_sound_is_foreign() {
    let wish = Preferences {
        texts: TextWish {
            languages: vec!["it".into(), "en".into()],
            ..TextWish::default()
        },
        ..Preferences::default()
    };
    let mut story = Story::with(Library::default(), wish);
    story.tell(
        "row
         down
         down
         ok
         ok
         offers 1 of 1: fox-0
         torrent ready
         player ready",
    );
    story.transcript.clear();
    story.tell(
        "progress peers=1 rate=900k have=0-100
         tracks en
         texts nl it en it it it it it it
         tracks en it en",
    );
    expect![[r#"
        > progress peers=1 rate=900k have=0-100
          find texts 1 of fox
          save movie:fox 0ns
          run
            playing FOX at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
        > tracks en
          subtitle Some(10)
            playing FOX at 0ns runs | 0:00 Pause Audio: Français Subtitles: English Adjust
        > texts nl it en it it it it it it
          add texts 1: it it it it it en nl
            playing FOX at 0ns runs | 0:00 Pause Audio: Français Subtitles: English Adjust
        > tracks en it en
          subtitle Some(11)
            playing FOX at 0ns runs | 0:00 Pause Audio: Français Subtitles: Italiano Adjust
    "#]]
    .assert_eq(&story.transcript);
}

#[test]
fn a_trailer_is_for_the_phone() {
    check(
        "row
         down
         down
         ok
         ---
         offers 1 of 1: fox-0
         described fox
         left
         right
         right
         right
         ok
         down
         back",
        &expect![[r#"
            > offers 1 of 1: fox-0
                film FOX: [Play] Source Add to my list | source 0  ·  should play without stopping
            > described fox
                film FOX: [Play] Source Add to my list Trailer on your phone | source 0  ·  should play without stopping  ·  open licence
            > left
                film FOX: [Play] Source Add to my list Trailer on your phone | source 0  ·  should play without stopping  ·  open licence
            > right
                film FOX: Play [Source] Add to my list Trailer on your phone | source 0  ·  should play without stopping  ·  open licence
            > right
                film FOX: Play Source [Add to my list] Trailer on your phone | source 0  ·  should play without stopping  ·  open licence
            > right
                film FOX: Play Source Add to my list [Trailer on your phone] | source 0  ·  should play without stopping  ·  open licence
            > ok
                code Trailer of FOX: https://youtu.be/eRsGyueVLvQ
            > down
                code Trailer of FOX: https://youtu.be/eRsGyueVLvQ
            > back
              describe fox
              find 2 of fox
                film FOX: Play Source Add to my list [Trailer on your phone] | source 0  ·  should play without stopping  ·  open licence | Looking for sources
        "#]],
    );
}

#[test]
fn the_viewers_own_list_is_a_row() {
    check(
        "ok
         right
         right
         ok
         back
         ok
         right
         right
         ok",
        &expect![[r#"
            > ok
                film ANT: [Play] Source Add to my list
            > right
                film ANT: Play [Source] Add to my list
            > right
                film ANT: Play Source [Add to my list]
            > ok
              save ; list ant
                film ANT: Play Source [Remove from my list]
            > back
                home: New: [ANT] BEE CAT
            > ok
                film ANT: [Play] Source Remove from my list
            > right
                film ANT: Play [Source] Remove from my list
            > right
                film ANT: Play Source [Remove from my list]
            > ok
              save 
                film ANT: Play Source [Add to my list]
        "#]],
    );
}

#[test]
fn a_row_goes_on_when_its_end_is_near() {
    check(
        "row
         down
         down
         right
         left
         right
         row-gone added",
        &expect![[r#"
            > row
                home: New: [ANT] BEE CAT
            > down
                home: Old: [DOG] EEL
            > down
              more of added than 2
                home: Added: [FOX] OWL
            > right
                home: Added: FOX [OWL]
            > left
                home: Added: [FOX] OWL
            > right
                home: Added: FOX [OWL]
            > row-gone added
                home: New: [ANT] BEE CAT
        "#]],
    );
}
