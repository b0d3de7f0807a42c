//! Films found by words.

use app::{Language, Library, Preferences, Screen, Viewer};
use expect_test::expect;

use crate::story::{Story, check};

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
fn what_led_to_a_film_before_is_offered_while_nothing_is_typed() {
    let viewer = Viewer {
        searches: ["mangrove", "bee"].map(String::from).into(),
        ..Viewer::default()
    };
    let mut story = Story::of("", vec![viewer], Preferences::default());
    story.tell(
        "search
         down
         down
         down
         down
         down
         down
         down
         right
         right
         ok
         found 1 of 1: bee
         yellow
         down
         ok
         back
         search
         yellow
         left
         yellow
         ok",
    );
    expect![[r#"
            > search
                search "" at a:  | -
            > down
                search "" at g:  | -
            > down
                search "" at m:  | -
            > down
                search "" at s:  | -
            > down
                search "" at y:  | -
            > down
                search "" at 5:  | -
            > down
                search "" at space:  | -
            > down
                search "" at mangrove:  | -
            > right
                search "" at bee:  | -
            > right
                search "" at bee:  | -
            > ok
              search 1 for "bee"
                search "bee" at space: BEE | 1 found
            > found 1 of 1: bee
                search "bee" at space: BEE | 1 found
            > yellow
                search "bee" at Films and series: BEE | 1 found
            > down
                search "bee" at films: [BEE] | 1 found
            > ok
              searched bee
              stop 1
              describe bee
              find 2 of bee
                film BEE: [Play] Sources (2) Add to my list | Looking for sources
            > back
              stop 2
                search "bee" at films: [BEE] | 1 found
            > search
                search "" at space:  | -
            > yellow
                search "" at mangrove:  | -
            > left
                search "" at space:  | -
            > yellow
                search "" at mangrove:  | -
            > ok
              search 3 for "mangrove"
                search "mangrove" at space:  | Looking
        "#]]
    .assert_eq(&story.transcript);
}

#[test]
fn titles_are_typed_in_the_letters_of_the_language_and_in_latin_ones() {
    let typed = |language, keys: &str| {
        let preferences = Preferences {
            language: Some(language),
            ..Preferences::default()
        };
        let mut story = Story::with(Library::default(), preferences);
        story.tell("up\n ok").tell(keys);
        match story.app.view().screen {
            Screen::Search(search) => (search.text, search.keys[0].concat()),
            other => panic!("{other:?}"),
        }
    };
    let is = |text: &str, first: &str| (text.to_owned(), first.to_owned());
    assert_eq!(
        typed(Language::Russian, "ok\n right\n ok"),
        is("аб", "абвгде")
    );
    // The first letter is where one begins to read.
    assert_eq!(
        typed(Language::Hebrew, "ok\n left\n ok"),
        is("אב", "והדגבא")
    );
    // The last key brings the others, and brings these back.
    let there = "up\n down\n down\n down\n down\n down\n down\n down\n ok\n";
    let latin = format!("{there} up\n up\n ok");
    let (text, first) = typed(Language::Ukrainian, &latin);
    assert_eq!((text.as_str(), first.as_str()), ("5", "abcdef"));
    let again = format!("{there} ok\n 7");
    assert_eq!(typed(Language::Ukrainian, &again), is("7", "абвгґд"));
    // Letters that become a syllable.
    assert_eq!(
        typed(Language::Korean, "ok\n down\n down\n down\n right\n ok"),
        is("가", "ㄱㄴㄷㄹㅁㅂ")
    );
    assert_eq!(typed(Language::German, "ok"), is("a", "abcdef"));
}

#[test]
fn marks_need_not_be_typed() {
    for (title, words) in [
        ("Le Fabuleux Destin d’Amélie Poulain", "damelie"),
        ("Źdźbło", "zdzblo"),
        ("Straße der Ölsardinen", "strasse olsardinen"),
        ("Ёлки", "елки"),
        ("İstanbul", "istanbul"),
        ("أرض", "ارض"),
        // A syllable that is not finished yet.
        ("기생충", "기새"),
    ] {
        assert!(app::fits(title, words), "{title}: {words}");
        assert!(app::fits(title, title), "{title}");
    }
    assert!(!app::fits("Amélie", "ameliee"));
}
