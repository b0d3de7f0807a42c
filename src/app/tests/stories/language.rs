//! Which language the box speaks, and how another is chosen.

#![allow(clippy::unwrap_used)]

use app::{Event, Key, Language, Library, Preferences, Press, Screen, TvNews, TvSettings, View};

use crate::story::Story;

fn box_that(wants: Option<Language>, chosen: Option<Language>) -> Story {
    let library = Library {
        language: chosen,
        ..Library::default()
    };
    let preferences = Preferences {
        languages: true,
        language: wants,
        tv: Some(TvSettings::default()),
        ..Preferences::default()
    };
    Story::with(library, preferences)
}

fn tv_speaks(story: &mut Story, code: &str) {
    let letters = <[u8; 3]>::try_from(code.as_bytes()).unwrap();
    story.take(Event::Tv(TvNews::Language(letters)));
}

fn press(story: &mut Story, key: Key) -> View {
    story.take(Event::Key(key, Press::Down));
    story.take(Event::Key(key, Press::Up));
    story.app.view()
}

/// From anywhere to the first line of the languages: they are the first of the settings, which are
/// the third place above the wall, whatever that is called.
fn open_languages(story: &mut Story) -> View {
    press(story, Key::Home);
    let view = press(story, Key::Up);
    // The third as it is seen.
    let onwards = if view.language.is_rtl() {
        Key::Left
    } else {
        Key::Right
    };
    for key in [onwards, onwards, Key::Ok, Key::Ok] {
        press(story, key);
    }
    (0..40).map(|_| press(story, Key::Up)).last().unwrap()
}

#[test]
fn the_tv_is_followed_until_the_settings_or_the_viewer_say_otherwise() {
    for language in Language::offered() {
        let codes = ["eng", "deu", "fra", "ara", "zho", "tur"];
        let Some(code) = codes
            .iter()
            .find(|it| Language::by_code(it) == Some(language))
        else {
            continue;
        };
        let mut story = box_that(None, None);
        assert_eq!(story.app.view().language, Language::English);
        tv_speaks(&mut story, code);
        assert_eq!(story.app.view().language, language);
        let mut story = box_that(Some(Language::English), None);
        tv_speaks(&mut story, code);
        assert_eq!(story.app.view().language, Language::English);
        let story = box_that(Some(Language::English), Some(language));
        assert_eq!(story.app.view().language, language);
    }
    let mut story = box_that(None, None);
    tv_speaks(&mut story, "tlh");
    assert_eq!(story.app.view().language, Language::English);
}

#[test]
fn every_language_can_be_chosen_and_left_again() {
    let offered: Vec<_> = Language::offered().collect();
    if offered.len() < 2 {
        // There is no page where there is no choice.
        return;
    }
    for (at, language) in offered.iter().enumerate() {
        let mut story = box_that(None, None);
        open_languages(&mut story);
        (0..at).for_each(|_| drop(press(&mut story, Key::Down)));
        let view = press(&mut story, Key::Ok);
        assert_eq!(view.language, *language);
        let Screen::Menu(page) = view.screen else {
            panic!("{:?}", view.screen);
        };
        // Each by its own name, and what the page is in English too.
        assert_eq!(page.labels[page.focus], language.own_name());
        assert!(page.title.contains("Language"), "{}", page.title);
        assert_eq!(story.library.language, Some(*language));
        // Kept: another start.
        let again = box_that(None, story.library.language);
        assert_eq!(again.app.view().language, *language);
        // And undone, by the lines that are where they were.
        press(&mut story, Key::Back);
        open_languages(&mut story);
        let view = press(&mut story, Key::Ok);
        assert_eq!(view.language, offered[0]);
    }
}

#[test]
fn the_tv_can_be_followed_again() {
    let mut story = box_that(None, Some(Language::English));
    tv_speaks(&mut story, "eng");
    if Language::offered().count() < 2 {
        return;
    }
    open_languages(&mut story);
    let view = press(&mut story, Key::Ok);
    assert_eq!(story.library.language, None);
    let Screen::Menu(page) = view.screen else {
        panic!("{:?}", view.screen);
    };
    assert_eq!(page.labels[page.focus], "As the TV: English");
}

#[test]
fn what_is_said_changes_with_the_language_and_what_others_say_stays() {
    let story = box_that(Some(Language::Pseudo), None);
    let Screen::Home(home) = story.app.view().screen else {
        panic!("the wall");
    };
    assert!(
        home.menu.iter().all(|it| it.starts_with('[')),
        "{:?}",
        home.menu
    );
    assert_eq!(home.rows[0].title, "New");
    let view = box_that(None, None).app.view();
    let Screen::Home(home) = view.screen else {
        panic!("the wall");
    };
    assert_eq!(home.menu[0], "Search");
}

#[test]
fn arrows_follow_what_is_seen_where_one_reads_from_the_right() {
    let focus = |story: &mut Story, key| match press(story, key).screen {
        Screen::Home(home) => home.menu_focus,
        Screen::Search(search) => Some(search.key.unwrap().1),
        other => panic!("{other:?}"),
    };
    for language in Language::offered() {
        let mut story = box_that(Some(language), None);
        let (onwards, back) = if language.is_rtl() {
            (Key::Left, Key::Right)
        } else {
            (Key::Right, Key::Left)
        };
        press(&mut story, Key::Up);
        assert_eq!(focus(&mut story, onwards), Some(1), "{language:?}");
        assert_eq!(focus(&mut story, back), Some(0), "{language:?}");
        // The letters of the keyboard are not mirrored.
        let begins = focus(&mut story, Key::Ok).unwrap();
        let after = (begins + 1) % 6;
        assert_eq!(focus(&mut story, Key::Right), Some(after), "{language:?}");
    }
}
