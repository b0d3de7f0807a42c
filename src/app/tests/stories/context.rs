//! What can be done with a film of the wall without opening its page.

use expect_test::expect;

use crate::story::check;

#[test]
fn a_held_ok_lists_a_film_and_marks_it_as_watched() {
    check(
        "right
         ok down
         ok repeat
         +700ms
         ok repeat
         ok up
         down
         ok
         menu
         down
         down
         ok
         menu
         down
         down
         ok
         menu
         back",
        &expect![[r#"
            > right
                home: New: ANT [BEE] CAT
            > ok down
                home: New: ANT [BEE] CAT
            > ok repeat
                home: New: ANT [BEE] CAT
            > +700ms
              prefetch bee-0
                home: New: ANT [BEE] CAT
            > ok repeat
                this film [Play] Add to my list Mark as watched Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > ok up
                this film [Play] Add to my list Mark as watched Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > down
                this film Play [Add to my list] Mark as watched Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > ok
              save ; list bee
                home: New: ANT [BEE] CAT
            > menu
                this film [Play] Remove from my list Mark as watched Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > down
                this film Play [Remove from my list] Mark as watched Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > down
                this film Play Remove from my list [Mark as watched] Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > ok
              save bee 0ns watched; list bee
                home: New: ANT [BEE] CAT
            > menu
                this film [Play] Remove from my list Mark as not watched Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > down
                this film Play [Remove from my list] Mark as not watched Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > down
                this film Play Remove from my list [Mark as not watched] Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > ok
              save bee 0ns; list bee
                home: New: ANT [BEE] CAT
            > menu
                this film [Play] Remove from my list Mark as watched Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > back
                home: New: ANT [BEE] CAT
        "#]],
    );
}

#[test]
fn what_was_begun_is_continued_or_not() {
    check(
        "ok
         ok
         torrent ready
         player ready
         progress peers=3 rate=900k have=0-60
         at 47
         back
         back
         back
         ---
         menu
         down
         down
         down
         ok
         right",
        &expect![[r#"
            > menu
                this film [Continue from 0:47] Add to my list Mark as watched Do not continue it Sources More about it | ANT | 2010  ·  2 min  ·  Story / About ant.
            > down
                this film Continue from 0:47 [Add to my list] Mark as watched Do not continue it Sources More about it | ANT | 2010  ·  2 min  ·  Story / About ant.
            > down
                this film Continue from 0:47 Add to my list [Mark as watched] Do not continue it Sources More about it | ANT | 2010  ·  2 min  ·  Story / About ant.
            > down
                this film Continue from 0:47 Add to my list Mark as watched [Do not continue it] Sources More about it | ANT | 2010  ·  2 min  ·  Story / About ant.
            > ok
              save ant 0ns
                home: New: [ANT] BEE CAT
            > right
                home: New: ANT [BEE] CAT
        "#]],
    );
}

#[test]
fn it_leads_to_the_sources_the_page_and_the_film() {
    check(
        "right
         menu
         down
         down
         down
         ok
         back
         back
         menu
         down
         down
         down
         down
         ok
         back
         menu
         ok",
        &expect![[r#"
            > right
                home: New: ANT [BEE] CAT
            > menu
                this film [Play] Add to my list Mark as watched Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > down
                this film Play [Add to my list] Mark as watched Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > down
                this film Play Add to my list [Mark as watched] Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > down
                this film Play Add to my list Mark as watched [Sources] More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > ok
                film BEE: [Play] Sources (2) Add to my list | [source 0] source 1
            > back
                film BEE: [Play] Sources (2) Add to my list
            > back
                home: New: ANT [BEE] CAT
            > menu
                this film [Play] Add to my list Mark as watched Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > down
                this film Play [Add to my list] Mark as watched Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > down
                this film Play Add to my list [Mark as watched] Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > down
                this film Play Add to my list Mark as watched [Sources] More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > down
                this film Play Add to my list Mark as watched Sources [More about it] | BEE | 2010  ·  2 min  ·  Story / About bee.
            > ok
                film BEE: [Play] Sources (2) Add to my list
            > back
                home: New: ANT [BEE] CAT
            > menu
                this film [Play] Add to my list Mark as watched Sources More about it | BEE | 2010  ·  2 min  ·  Story / About bee.
            > ok
              open torrent 1 of bee-0
                opening BEE: Finding peers |  | None | -
        "#]],
    );
}

#[test]
fn of_a_series_only_its_page_and_the_list_are_there() {
    check(
        "row
         down
         down
         right
         menu
         down
         ok",
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
            > menu
                this film [Add to my list] More about it | OWL | 2010  ·  2 min  ·  Story / About owl.
            > down
                this film Add to my list [More about it] | OWL | 2010  ·  2 min  ·  Story / About owl.
            > ok
              describe owl
                series OWL: -:  Asking for the episodes
        "#]],
    );
}
