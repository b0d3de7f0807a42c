//! What add-ons give: rows, sources, episodes, films found by words; and the add-ons themselves.

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
         offers 2 of 2: fox-0 fox-1
         menu
         down
         ok
         ok",
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
         play
         offers 2 of 2
         back",
        &expect![[r#"
            > row
                home: New: [ANT] BEE CAT
            > down
                home: Old: [DOG] EEL
            > down
              more of added than 2
                home: Added: [FOX] OWL
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
         +13000ms",
        &expect![[r#"
            > row
                home: New: [ANT] BEE CAT
            > down
                home: Old: [DOG] EEL
            > down
              more of added than 2
                home: Added: [FOX] OWL
            > play
              describe fox
              find 1 of fox
                opening FOX: Looking for sources |  | None | -
            > +13000ms
                film FOX: [Play] Add to my list | Nobody offers this film now. Another add-on may have it, or try again later.
        "#]],
    );
}

#[test]
fn films_are_found_by_words_as_those_who_know_them_answer() {
    check(
        "search
         ok
         down
         down
         right
         right
         ok
         +350ms
         found 1 of 2: mangrove ant
         found 2 of 2: antenna
         back
         look-for ant
         found 1 of 1: antenna
         down
         ok
         back
         back",
        &expect![[r#"
            > search
                search "" at a:  | -
            > ok
                search "a" at a:  | -
            > down
                search "a" at g:  | -
            > down
                search "a" at m:  | -
            > right
                search "a" at n:  | -
            > right
                search "a" at o:  | -
            > ok
                search "ao" at o:  | Looking
            > +350ms
              search 1 for "ao"
                search "ao" at o:  | Looking
            > found 1 of 2: mangrove ant
                search "ao" at o: MANGROVE ANT | 2 found  ·  1 of 2 have answered
            > found 2 of 2: antenna
                search "ao" at o: MANGROVE ANT ANTENNA | 3 found
            > back
              stop 1
                home: New: [ANT] BEE CAT
            > look-for ant
              search 2 for "ant"
                search "ant" at a: ANT | 1 found
            > found 1 of 1: antenna
                search "ant" at a: ANT ANTENNA | 2 found
            > down
                search "ant" at g: ANT ANTENNA | 2 found
            > ok
                search "antg" at g: ANT ANTENNA | 2 found  ·  1 of 1 have answered
            > back
              stop 2
                home: New: [ANT] BEE CAT
            > back
                home: New: [ANT] BEE CAT
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
fn what_was_found_is_filtered_and_sorted() {
    check(
        "look-for a
         look-for an
         found 1 of 1: mangrove antenna
         down
         down
         down
         down
         down
         down
         down
         up
         ok
         ok
         back
         play
         down
         right
         right
         right
         ok
         down
         left
         back
         back",
        &expect![[r#"
            > look-for a
                search "a" at a:  | -
            > look-for an
              search 1 for "an"
                search "an" at a: ANT | 1 found
            > found 1 of 1: mangrove antenna
                search "an" at a: ANT ANTENNA MANGROVE | 3 found
            > down
                search "an" at g: ANT ANTENNA MANGROVE | 3 found
            > down
                search "an" at m: ANT ANTENNA MANGROVE | 3 found
            > down
                search "an" at s: ANT ANTENNA MANGROVE | 3 found
            > down
                search "an" at y: ANT ANTENNA MANGROVE | 3 found
            > down
                search "an" at 5: ANT ANTENNA MANGROVE | 3 found
            > down
                search "an" at space: ANT ANTENNA MANGROVE | 3 found
            > down
                search "an" at films: [ANT] ANTENNA MANGROVE | 3 found
            > up
                search "an" at Films and series: ANT ANTENNA MANGROVE | 3 found
            > ok
                search "an" at Films: ANT ANTENNA MANGROVE | 3 found
            > ok
                search "an" at Series:  | 3 found, but none that fits the filters
            > back
                search "an" at space:  | 3 found, but none that fits the filters
            > play
                search "an" at Series:  | 3 found, but none that fits the filters
            > down
                search "an" at Series:  | 3 found, but none that fits the filters
            > right
                search "an" at Any genre:  | 3 found, but none that fits the filters
            > right
                search "an" at Any year:  | 3 found, but none that fits the filters
            > right
                search "an" at Any licence:  | 3 found, but none that fits the filters
            > ok
                search "an" at Open licence:  | 3 found, but none that fits the filters
            > down
                search "an" at Open licence:  | 3 found, but none that fits the filters
            > left
                search "an" at Any year:  | 3 found, but none that fits the filters
            > back
                search "an" at space:  | 3 found, but none that fits the filters
            > back
              stop 1
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn what_is_not_found_is_said_so() {
    check(
        "look-for nothing like it
         found 2 of 2
         back",
        &expect![[r#"
            > look-for nothing like it
              search 1 for "nothing like it"
                search "nothing like it" at a:  | Looking
            > found 2 of 2
                search "nothing like it" at a:  | Nothing was found. Another spelling may help.
            > back
              stop 1
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn add_ons_are_switched_moved_and_removed_after_a_second_thought() {
    check(
        "up
         add-ons one -two
         right
         ok
         down
         ok
         ok
         ok
         down
         down
         ok
         ok
         add-ons one
         added one
         back",
        &expect![[r#"
            > up
                home: [Search] Add-ons
            > add-ons one -two
                home: [Search] Add-ons
            > right
                home: Search [Add-ons]
            > ok
                Add-ons: [one] (two) +
            > down
                Add-ons: one [(two)] +
            > ok
                Add-ons: one [(two)] + | [Switch on] Ask it earlier Remove
            > ok
              change SetEnabled("two", true)
                Add-ons: one [(two)] +
            > ok
                Add-ons: one [(two)] + | [Switch on] Ask it earlier Remove
            > down
                Add-ons: one [(two)] + | Switch on [Ask it earlier] Remove
            > down
                Add-ons: one [(two)] + | Switch on Ask it earlier [Remove]
            > ok
                Add-ons: one [(two)] + | Switch on Ask it earlier [Remove: press OK once more]
            > ok
              change Remove("two")
                Add-ons: one [(two)] +
            > add-ons one
                Add-ons: [one] +
            > added one
                Add-ons: [one] + ! one is on this box now.
            > back
                home: Search [Add-ons] ! one is on this box now.
        "#]],
    );
}

#[test]
fn an_add_on_that_another_lists_is_installed_by_a_second_ok() {
    check(
        "up
         right
         ok
         add-ons one*
         ok
         down
         ok
         listed 1 of 2: two three
         ok
         down
         ok
         ok
         ok
         add-ons one* three
         added three
         ok
         listed 2 of 2: three four
         back
         back",
        &expect![[r#"
            > up
                home: [Search] Add-ons
            > right
                home: Search [Add-ons]
            > ok
                Add-ons: [+]
            > add-ons one*
                Add-ons: [one] +
            > ok
                Add-ons: [one] + | [Switch off] Add-ons that it lists Remove
            > down
                Add-ons: [one] + | Switch off [Add-ons that it lists] Remove
            > ok
              list 1 of one
                Listed by one:  | Asking for the list
            > listed 1 of 2: two three
                Listed by one: [two] three
            > ok
                Listed by one: [two] three | Press OK once more to put it on this box
            > down
                Listed by one: two [three]
            > ok
                Listed by one: two [three] | Press OK once more to put it on this box
            > ok
              install https://three.example/manifest.json
                Listed by one: two [three] | Asking it
            > ok
                Listed by one: two [three] | Asking it
            > add-ons one* three
                Listed by one: two [three] | It is on this box
            > added three
                Listed by one: two [three] | It is on this box ! three is on this box now.
            > ok
                Listed by one: two [three] | It is on this box ! three is on this box now.
            > listed 2 of 2: three four
                Listed by one: two [three] four | It is on this box ! three is on this box now.
            > back
                Add-ons: [one] three + ! three is on this box now.
            > back
                home: Search [Add-ons] ! three is on this box now.
        "#]],
    );
}

#[test]
fn a_list_that_says_nothing_says_so() {
    check(
        "up
         right
         ok
         add-ons one*
         ok
         down
         ok
         ok
         listed 1 of 1
         left
         ok
         down
         ok
         home",
        &expect![[r#"
            > up
                home: [Search] Add-ons
            > right
                home: Search [Add-ons]
            > ok
                Add-ons: [+]
            > add-ons one*
                Add-ons: [one] +
            > ok
                Add-ons: [one] + | [Switch off] Add-ons that it lists Remove
            > down
                Add-ons: [one] + | Switch off [Add-ons that it lists] Remove
            > ok
              list 1 of one
                Listed by one:  | Asking for the list
            > ok
                Listed by one:  | Asking for the list
            > listed 1 of 1
                Listed by one:  | It lists no add-on now.
            > left
                Add-ons: [one] +
            > ok
                Add-ons: [one] + | [Switch off] Add-ons that it lists Remove
            > down
                Add-ons: [one] + | Switch off [Add-ons that it lists] Remove
            > ok
              list 2 of one
                Listed by one:  | Asking for the list
            > home
              stop 2
                home: Search [Add-ons]
        "#]],
    );
}

#[test]
fn an_address_is_typed_by_arrows_and_mended_where_it_leads_nowhere() {
    check(
        "add-ons one
         up
         right
         ok
         down
         ok
         ok
         7
         up
         play
         play
         not added
         left
         ok
         add-ons one two
         added two
         back",
        &expect![[r#"
            > add-ons one
                home: New: [ANT] BEE CAT
            > up
                home: [Search] Add-ons
            > right
                home: Search [Add-ons]
            > ok
                Add-ons: [one] +
            > down
                Add-ons: one [+]
            > ok
                address "https://" at a | -
            > ok
                address "https://a" at a | -
            > 7
                address "https://a7" at a | -
            > up
                address "https://a7" at delete | -
            > play
              install https://a7
                address "https://a7" at delete | Asking it
            > play
                address "https://a7" at delete | Asking it
            > not added
                address "https://a7" at delete | This is no address of an add-on: that is no link.
            > left
                address "https://a7" at done | This is no address of an add-on: that is no link.
            > ok
              install https://a7
                address "https://a7" at done | Asking it
            > add-ons one two
                address "https://a7" at done | Asking it
            > added two
                Add-ons: one [two] + ! two is on this box now.
            > back
                home: Search [Add-ons] ! two is on this box now.
        "#]],
    );
}

#[test]
fn an_add_on_is_set_up_on_the_phone() {
    check(
        "add-ons one! two*
         up
         right
         ok
         ok
         down
         ok
         back
         down
         ok
         down
         ok
         listed 1 of 1: three
         ok
         ok
         not set-up
         ok
         back
         not set-up",
        &expect![[r#"
            > add-ons one! two*
                home: New: [ANT] BEE CAT
            > up
                home: [Search] Add-ons
            > right
                home: Search [Add-ons]
            > ok
                Add-ons: [one] two +
            > ok
                Add-ons: [one] two + | [Switch off] Set it up on your phone Ask it later Remove
            > down
                Add-ons: [one] two + | Switch off [Set it up on your phone] Ask it later Remove
            > ok
                code Set up one: https://one.example/configure
            > back
                Add-ons: [one] two +
            > down
                Add-ons: one [two] +
            > ok
                Add-ons: one [two] + | [Switch off] Add-ons that it lists Ask it earlier Remove
            > down
                Add-ons: one [two] + | Switch off [Add-ons that it lists] Ask it earlier Remove
            > ok
              list 1 of two
                Listed by two:  | Asking for the list
            > listed 1 of 1: three
                Listed by two: [three]
            > ok
                Listed by two: [three] | Press OK once more to put it on this box
            > ok
              install https://three.example/manifest.json
                Listed by two: [three] | Asking it
            > not set-up
                code Set it up first: https://two.example/configure
            > ok
                Listed by two: [three]
            > back
                Add-ons: one [two] +
            > not set-up
                Add-ons: one [two] + ! This add-on must be set up first, at https://two.example/configure. Then send the address it gives.
        "#]],
    );
}

#[test]
fn a_trailer_is_for_the_phone() {
    check(
        "row
         down
         down
         ok
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
