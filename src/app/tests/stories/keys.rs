//! What the buttons of a remote do beside arrows, OK and Back: long presses, pages, colours.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_long_press_of_ok_is_the_menu_of_what_has_the_focus() {
    check(
        "right
         ok
         ok down
         +500ms
         ok repeat
         +200ms
         ok repeat
         +200ms
         ok repeat
         ok up
         back
         ok",
        &expect![[r#"
            > right
                home: New: ANT [BEE] CAT
            > ok
                film BEE: [Play] Sources (2) Add to my list
            > ok down
                film BEE: [Play] Sources (2) Add to my list
            > +500ms
              prefetch bee-0
                film BEE: [Play] Sources (2) Add to my list
            > ok repeat
                film BEE: [Play] Sources (2) Add to my list
            > +200ms
                film BEE: [Play] Sources (2) Add to my list
            > ok repeat
                film BEE: [Play] Sources (2) Add to my list | [source 0] source 1
            > +200ms
                film BEE: [Play] Sources (2) Add to my list | [source 0] source 1
            > ok repeat
                film BEE: [Play] Sources (2) Add to my list | [source 0] source 1
            > ok up
                film BEE: [Play] Sources (2) Add to my list | [source 0] source 1
            > back
                film BEE: [Play] Sources (2) Add to my list
            > ok
              open torrent 1 of bee-0
                opening BEE: Finding peers |  | None | -
        "#]],
    );
}

#[test]
fn a_long_press_of_back_leads_home_and_stops_a_film_no_further_than_its_page() {
    check(
        "look-for fox
         back down
         +650ms
         back repeat
         back up
         ok
         ok
         torrent ready
         player ready
         progress peers=1 rate=900k have=0-100
         back down
         +650ms
         back repeat
         +200ms
         back repeat
         back up
         back down
         +650ms
         back repeat
         back up",
        &expect![[r#"
            > look-for fox
              search 1 for "fox"
                search "fox" at a:  | Looking
            > back down
              stop 1
                home: New: [ANT] BEE CAT
            > +650ms
              prefetch ant-0
                home: New: [ANT] BEE CAT
            > back repeat
                home: New: [ANT] BEE CAT
            > back up
                home: New: [ANT] BEE CAT
            > ok
                film ANT: [Play] Source Add to my list
            > ok
              open torrent 1 of ant-0
                opening ANT: Finding peers |  | None | -
            > torrent ready
              open player 1 at 0ns
                opening ANT: Looking for peers again |  | Some(0) | -
            > player ready
                opening ANT: Looking for peers again |  | Some(0) | -
            > progress peers=1 rate=900k have=0-100
              save ant 0ns
              run
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > back down
                playing ANT at 0ns runs
            > +650ms
                playing ANT at 0ns runs
            > back repeat
              save ant 0ns
              close player 1
              close torrent 1
                film ANT: [Play] Source Add to my list
            > +200ms
                film ANT: [Play] Source Add to my list
            > back repeat
                film ANT: [Play] Source Add to my list
            > back up
                film ANT: [Play] Source Add to my list
            > back down
                home: New: [ANT] BEE CAT
            > +650ms
              prefetch ant-0
                home: New: [ANT] BEE CAT
            > back repeat
                home: New: [ANT] BEE CAT
            > back up
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn a_button_that_is_held_does_and_undoes_nothing() {
    check(
        "ok
         ok
         torrent ready
         player ready
         progress peers=1 rate=900k have=0-100
         ok down
         +500ms
         ok repeat
         +500ms
         ok repeat
         ok up",
        &expect![[r#"
            > ok
                film ANT: [Play] Source Add to my list
            > ok
              open torrent 1 of ant-0
                opening ANT: Finding peers |  | None | -
            > torrent ready
              open player 1 at 0ns
                opening ANT: Looking for peers again |  | Some(0) | -
            > player ready
                opening ANT: Looking for peers again |  | Some(0) | -
            > progress peers=1 rate=900k have=0-100
              save ant 0ns
              run
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > ok down
              save ant 0ns
              hold
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off Adjust
            > +500ms
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off Adjust
            > ok repeat
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off Adjust
            > +500ms
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off Adjust
            > ok repeat
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off Adjust
            > ok up
                playing ANT at 0ns paused | 0:00 Play Audio: English Subtitles: Off Adjust
        "#]],
    );
}

#[test]
fn sound_and_subtitles_go_round() {
    check(
        "ok
         ok
         torrent ready
         player ready
         progress peers=1 rate=900k have=0-100
         audio
         red
         subtitles
         green
         page-up
         page-down",
        &expect![[r#"
            > ok
                film ANT: [Play] Source Add to my list
            > ok
              open torrent 1 of ant-0
                opening ANT: Finding peers |  | None | -
            > torrent ready
              open player 1 at 0ns
                opening ANT: Looking for peers again |  | Some(0) | -
            > player ready
                opening ANT: Looking for peers again |  | Some(0) | -
            > progress peers=1 rate=900k have=0-100
              save ant 0ns
              run
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > audio
              audio 2
              save ant 0ns sound fr
                playing ANT at 0ns runs | 0:00 Pause Audio: Français Subtitles: Off Adjust
            > red
              audio 1
              save ant 0ns sound en
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > subtitles
              subtitle Some(3)
              save ant 0ns sound en texts en
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: English Adjust
            > green
              subtitle None
              save ant 0ns sound en no texts
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
            > page-up
              seek 30s Accurate
              save ant 30s sound en no texts
                playing ANT at 30s runs | 0:30 Pause Audio: English Subtitles: Off Adjust
            > page-down
              seek 0ns Accurate
                playing ANT at 0ns runs | 0:00 Pause Audio: English Subtitles: Off Adjust
        "#]],
    );
}

#[test]
fn page_keys_go_over_a_screenful() {
    check(
        "row
         page-down
         page-up
         forward
         rewind
         add-ons one two three four five six seven
         up
         right
         ok
         page-down
         page-down
         page-up",
        &expect![[r#"
            > row
                home: New: [ANT] BEE CAT
            > page-down
              more of added than 2
                home: Added: [FOX] OWL
            > page-up
                home: New: [ANT] BEE CAT
            > forward
                home: New: ANT BEE [CAT]
            > rewind
                home: New: [ANT] BEE CAT
            > add-ons one two three four five six seven
                home: New: [ANT] BEE CAT
            > up
                home: [Search] Add-ons Settings Power
            > right
                home: Search [Add-ons] Settings Power
            > ok
                Add-ons: [one] two three four five six seven +
            > page-down
                Add-ons: one two three four five [six] seven +
            > page-down
                Add-ons: one two three four five six seven [+]
            > page-up
                Add-ons: one two [three] four five six seven +
        "#]],
    );
}

#[test]
fn the_list_and_the_search_are_one_button_away() {
    check(
        "right
         ok
         red
         blue
         7
         delete
         favourites",
        &expect![[r#"
            > right
                home: New: ANT [BEE] CAT
            > ok
                film BEE: [Play] Sources (2) Add to my list
            > red
              save ; list bee
                film BEE: [Play] Sources (2) Remove from my list
            > blue
                search "" at a:  | -
            > 7
                search "7" at a:  | -
            > delete
                search "" at a:  | -
            > favourites
                home: My list: [BEE]
        "#]],
    );
}
