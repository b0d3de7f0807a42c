//! Which subtitles a film begins with, whatever tracks it has.

#![allow(clippy::unwrap_used)]

use app::{ShowTexts, TextChoice, TextWish, Track, TrackId, Tracks};
use proptest::prelude::*;

fn track(id: u32, language: &str, title: &str) -> Track {
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Track {
        id: TrackId(id),
        language: said(language),
        title: said(title),
        codec: None,
    }
}

fn tracks(sound: &str, texts: &[(&str, &str)]) -> Tracks {
    let numbered = (100..).zip(texts);
    Tracks {
        audio: vec![track(0, sound, ""), track(1, "de", "")],
        audio_now: Some(TrackId(0)),
        subtitles: numbered.map(|(id, it)| track(id, it.0, it.1)).collect(),
        ..Tracks::default()
    }
}

fn wish(languages: &str, show: ShowTexts) -> TextWish {
    TextWish {
        languages: languages.split_whitespace().map(str::to_owned).collect(),
        show,
        as_spoken: false,
    }
}

/// Which of the texts, counted from 0.
fn chosen(wish: &TextWish, sound: &str, texts: &[(&str, &str)]) -> Option<u32> {
    let id = wish.choose(&tracks(sound, texts), None);
    id.map(|id| id.0 - 100)
}

#[test]
fn the_owner_s_first_language_is_shown_to_a_foreign_sound() {
    let wish = wish("pt-BR en", ShowTexts::WhenForeign);
    for (texts, expected) in [
        (&[("fr", ""), ("en", ""), ("pt-BR", "")][..], Some(2)),
        (&[("pt-PT", ""), ("pt", ""), ("en", "")], Some(1)),
        (&[("pt-PT", ""), ("fr", "")], Some(0)),
        (&[("en", "Forced"), ("en", "Full")], Some(1)),
        (&[("en", "Signs & songs")], Some(0)),
        (&[("fr", ""), ("", "English")], None),
        (&[], None),
    ] {
        assert_eq!(chosen(&wish, "ja", texts), expected, "{texts:?}");
    }
}

#[test]
fn a_sound_that_is_understood_or_says_nothing_needs_no_texts() {
    let texts = [("en", ""), ("fr", "")];
    let foreign = wish("fr en", ShowTexts::WhenForeign);
    assert_eq!(chosen(&foreign, "en-GB", &texts), None);
    assert_eq!(chosen(&foreign, "", &texts), None);
    assert_eq!(chosen(&foreign, "ja", &texts), Some(1));
    let always = wish("fr en", ShowTexts::Always);
    assert_eq!(chosen(&always, "en", &texts), Some(1));
    assert_eq!(chosen(&wish("fr", ShowTexts::Never), "ja", &texts), None);
    assert_eq!(chosen(&wish("", ShowTexts::Always), "ja", &texts), None);
}

#[test]
fn what_is_shown_already_stays() {
    let mut tracks = tracks("ja", &[("en", ""), ("fr", "")]);
    tracks.subtitle_now = Some(TrackId(101));
    assert_eq!(wish("en", ShowTexts::Always).choose(&tracks, None), None);
}

#[test]
fn what_was_chosen_before_comes_first_and_takes_the_place_of_less() {
    let like = |language: &str, title: &str| TextChoice::Like {
        language: Some(language.to_owned()),
        title: (!title.is_empty()).then(|| title.to_owned()),
    };
    let wish = wish("en", ShowTexts::WhenForeign);
    let mut tracks = tracks(
        "en",
        &[("fr", "Forced"), ("fr", "One"), ("fr", "Two"), ("en", "")],
    );
    let choose = |tracks: &Tracks, before: &TextChoice| {
        wish.choose(tracks, Some(before)).map(|id| id.0 - 100)
    };
    assert_eq!(choose(&tracks, &like("fr", "Two")), Some(2));
    assert_eq!(choose(&tracks, &like("fr", "Three")), Some(1));
    // Nobody asks for texts to an understood sound but who chose some.
    assert_eq!(choose(&tracks, &like("de", "")), None);
    assert_eq!(choose(&tracks, &TextChoice::Off), None);
    // Texts of add-ons come later than those of the film.
    tracks.subtitle_now = Some(TrackId(103));
    assert_eq!(choose(&tracks, &like("fr", "Two")), Some(2));
    tracks.subtitle_now = Some(TrackId(102));
    assert_eq!(choose(&tracks, &like("fr", "Two")), None);
    assert_eq!(choose(&tracks, &like("fr", "Three")), None);
}

fn tag() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "en", "en-US", "en-GB", "fr", "pt", "pt-BR", "pt-PT", "ja", "",
    ])
}

fn texts() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let title = prop::sample::select(vec!["", "Forced", "Full"]);
    prop::collection::vec((tag(), title), 0..8)
}

proptest! {
    /// What is chosen is in the same language whatever order the tracks come in; of two regions
    /// that are as near to what was meant, either is.
    #[test]
    fn the_order_of_tracks_changes_nothing(
        texts in texts(), languages in texts(), by in 0..8usize,
    ) {
        let languages = languages.iter().map(|it| it.0);
        let languages: Vec<_> = languages.filter(|it| !it.is_empty()).collect();
        let wish = wish(&languages.join(" "), ShowTexts::Always);
        let mut turned = texts.clone();
        turned.rotate_left(by.min(texts.len()));
        let words = |texts: &[(&'static str, &'static str)]| {
            let at = chosen(&wish, "ja", texts)?;
            let (language, title) = texts[at as usize];
            Some((language.split('-').next(), title == "Forced"))
        };
        prop_assert_eq!(words(&texts), words(&turned));
    }

    /// A track in no wanted language is never shown, and more tracks never leave one with none.
    #[test]
    fn more_tracks_never_leave_one_without(texts in texts(), more in texts()) {
        let wish = wish("pt-BR en", ShowTexts::Always);
        let before = chosen(&wish, "ja", &texts);
        let all: Vec<_> = texts.iter().chain(&more).copied().collect();
        let after = chosen(&wish, "ja", &all);
        prop_assert!(before.is_none() || after.is_some());
        if let Some(at) = after {
            let language = all[at as usize].0;
            prop_assert!(language.starts_with("pt") || language.starts_with("en"));
        }
    }
}

#[test]
fn what_is_heard_is_read_in_its_own_language_first() {
    let wish = wish("pt-BR en", ShowTexts::Never);
    for (sound, texts, expected) in [
        ("ja", &[("en", ""), ("pt-BR", ""), ("ja", "")][..], Some(2)),
        ("ja", &[("fr", ""), ("en", ""), ("pt", "")], Some(2)),
        ("ja", &[("ja", "Signs"), ("en", "")], Some(1)),
        ("", &[("fr", ""), ("de", "")], Some(0)),
        ("ja", &[], None),
    ] {
        let found = wish.of_what_is_heard(&tracks(sound, texts));
        assert_eq!(found.map(|id| id.0 - 100), expected, "{sound} {texts:?}");
    }
}
