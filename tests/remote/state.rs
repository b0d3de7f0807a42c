//! The shape of `GET state`, screen by screen: a contract with programs, so each change of these
//! texts is one of the API (`UPDATE_EXPECT=1` rewrites them).

use std::sync::Arc;
use std::time::Duration;

use app::{
    ActionView, BufferingView, Card, Chapter, ControlsView, FilmId, FilmView, HomeView,
    OpeningView, PanelView, PlayingView, Poster, RowView, Screen, Session, SourceView, Track,
    TrackId, TroubleView, View, VolumeView,
};
use expect_test::{Expect, expect};
use matinee::remote::to_json;

pub(crate) fn check(screen: Screen, expected: &Expect) {
    let view = View {
        language: app::Language::English,
        seq: 7,
        screen,
        dark: false,
        resting: app::Resting::Awake,
        notice: Some("saved".into()),
        volume: None,
        loudness: None,
        contrast: false,
        large_text: false,
        overscan: 0,
        corners: false,
        profile: None,
        clock: None,
    };
    let told = to_json(&view);
    let keys: Vec<_> = told
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, _)| key)
        .collect();
    assert_eq!(keys.len(), 27, "every key on every screen: {keys:?}");
    crate::openapi::fits(&told, "State");
    let parts = told.as_object().into_iter().flatten();
    let parts = parts.filter(|(_, value)| !value.is_null());
    let told: serde_json::Map<_, _> = parts.map(|(k, v)| (k.clone(), v.clone())).collect();
    expected.assert_eq(&format!("{:#}\n", serde_json::Value::Object(told)));
}

#[test]
fn the_volume_is_told_for_a_moment() {
    let view = View {
        volume: Some(VolumeView {
            text: "Volume 65".into(),
            volume: Some(65),
            muted: false,
        }),
        ..crate::view(1)
    };
    let told = to_json(&view);
    assert_eq!(
        told["volume"],
        serde_json::json!({ "percent": 65, "muted": false })
    );
    crate::openapi::fits(&told, "State");
}

pub(crate) fn card(film: &str, poster: &str) -> Card {
    Card {
        film: FilmId(film.into()),
        title: film.to_uppercase(),
        year: Some(2010),
        poster: Some(Poster(poster.into())),
        colours: [0x11_2233, 0],
        badge: Some("Demo".into()),
        seen_permille: Some(333),
        watched: false,
    }
}

fn actions(labels: &[&str]) -> Vec<ActionView> {
    let one = |(at, label): (usize, &&str)| ActionView {
        label: (*label).into(),
        enabled: at == 0,
    };
    labels.iter().enumerate().map(one).collect()
}

#[test]
fn home() {
    let rows = vec![
        RowView {
            title: "Empty".into(),
            cards: Vec::new(),
        },
        RowView {
            title: "Films".into(),
            cards: vec![
                card("one", "/home/box/one.jpg"),
                card("two", "https://x.example/2.jpg"),
            ],
        },
    ];
    let home = HomeView {
        rows: Arc::new(rows),
        row: 1,
        columns: vec![0, 1],
        title: "TWO".into(),
        facts: "2010".into(),
        synopsis: "Two.".into(),
        menu: vec!["Search".into()],
        menu_focus: None,
        letter: None,
    };
    check(
        Screen::Home(home),
        &expect![[r#"
            {
              "dark": false,
              "detail": {
                "facts": "2010",
                "synopsis": "Two.",
                "title": "TWO"
              },
              "focus": {
                "column": 1,
                "columns": [
                  0,
                  1
                ],
                "film": "two",
                "letter": null,
                "menu": null,
                "row": 1
              },
              "notice": "saved",
              "resting": "awake",
              "rows": [
                {
                  "cards": [],
                  "title": "Empty"
                },
                {
                  "cards": [
                    {
                      "badge": "Demo",
                      "film": "one",
                      "poster": null,
                      "seen_permille": 333,
                      "title": "ONE",
                      "watched": false,
                      "year": 2010
                    },
                    {
                      "badge": "Demo",
                      "film": "two",
                      "poster": "https://x.example/2.jpg",
                      "seen_permille": 333,
                      "title": "TWO",
                      "watched": false,
                      "year": 2010
                    }
                  ],
                  "title": "Films"
                }
              ],
              "screen": "home",
              "seq": 7
            }
        "#]],
    );
}

#[test]
fn film() {
    let film = FilmView {
        card: card("one", ""),
        facts: "2010".into(),
        by: "Someone".into(),
        synopsis: "One.".into(),
        licence: Some("Creative Commons BY 3.0".into()),
        actions: actions(&["Play", "Sources"]),
        focus: 1,
        sources: Some(SourceView {
            title: "Sources".into(),
            labels: vec!["MP4".into()],
            reasons: vec!["fits".into()],
            chosen: 0,
            focus: 0,
        }),
        status: None,
        choice: Some("MP4".into()),
        backdrop: None,
        cast: "With X".into(),
        attribution: vec!["By Y".into()],
    };
    check(
        Screen::Film(film),
        &expect![[r#"
            {
              "dark": false,
              "focus": {
                "source": 0
              },
              "notice": "saved",
              "page": {
                "actions": [
                  {
                    "enabled": true,
                    "label": "Play"
                  },
                  {
                    "enabled": false,
                    "label": "Sources"
                  }
                ],
                "attribution": [
                  "By Y"
                ],
                "by": "Someone",
                "card": {
                  "badge": "Demo",
                  "film": "one",
                  "poster": null,
                  "seen_permille": 333,
                  "title": "ONE",
                  "watched": false,
                  "year": 2010
                },
                "cast": "With X",
                "choice": "MP4",
                "facts": "2010",
                "film": "one",
                "licence": "Creative Commons BY 3.0",
                "sources": {
                  "chosen": 0,
                  "labels": [
                    "MP4"
                  ],
                  "reasons": [
                    "fits"
                  ]
                },
                "status": null,
                "synopsis": "One."
              },
              "resting": "awake",
              "screen": "film",
              "seq": 7
            }
        "#]],
    );
}

#[test]
fn opening() {
    let opening = OpeningView {
        back: "Back cancels".into(),
        session: Session(3),
        card: card("one", ""),
        headline: "4 peers".into(),
        detail: "1.2 MB/s".into(),
        hint: None,
        permille: Some(120),
        peers: 4,
        rate: 1_200_000,
    };
    check(
        Screen::Opening(opening),
        &expect![[r#"
            {
              "dark": false,
              "notice": "saved",
              "opening": {
                "detail": "1.2 MB/s",
                "film": "one",
                "headline": "4 peers",
                "hint": null,
                "peers": 4,
                "permille": 120,
                "rate": 1200000,
                "session": 3,
                "title": "ONE"
              },
              "resting": "awake",
              "screen": "opening",
              "seq": 7
            }
        "#]],
    );
}

fn playing_view() -> PlayingView {
    let track = |id, language: &str| Track {
        id: TrackId(id),
        language: Some(language.into()),
        title: None,
        codec: Some("Vorbis".into()),
    };
    PlayingView {
        session: Session(3),
        film: FilmId("one".into()),
        title: "ONE".into(),
        paused: false,
        buffering: Some(Box::new(BufferingView {
            text: "Waiting".into(),
            permille: None,
        })),
        position: Duration::from_micros(61_234_999),
        seeking: false,
        duration: Some(Duration::from_mins(2)),
        buffered: vec![0..100, 500..1000],
        peers: 2,
        rate: 120_000,
        controls: Some(ControlsView {
            handle: Duration::from_secs(90),
            scrubbing: true,
            elapsed: "1:30".into(),
            left: "-0:30".into(),
            ends: Some("Ends at 22:41".into()),
            chapter: Some("Two".into()),
            buttons: actions(&["Pause", "Audio"]),
            button: Some(1),
            panel: Some(PanelView {
                title: "Audio".into(),
                labels: vec!["English".into(), "German".into()],
                chosen: Some(0),
                focus: 1,
            }),
            stills: Vec::new(),
            still: 0,
        }),
        next: None,
        skip: None,
        stats: Vec::new(),
        lines: app::Lines {
            first: Some("Hello\nthere".into()),
            second: Some("Hallo".into()),
            ..app::Lines::default()
        },
        look: app::TextLook::default(),
        zoom: app::Zoom::Whole,
        deck: Box::default(),
        chapters: Arc::new(vec![Chapter {
            start: Duration::from_mins(1),
            title: "Two".into(),
        }]),
        audio: vec![track(0, "en")],
        audio_now: Some(TrackId(0)),
        subtitles: vec![track(5, "fr")],
        subtitle_now: None,
        second_now: Some(TrackId(5)),
    }
}

#[test]
fn playing() {
    check(
        Screen::Playing(playing_view()),
        &expect![[r#"
            {
              "dark": false,
              "focus": {
                "panel": 1
              },
              "notice": "saved",
              "playback": {
                "audio": [
                  {
                    "codec": "Vorbis",
                    "id": 0,
                    "language": "en",
                    "title": null
                  }
                ],
                "audio_now": 0,
                "buffered_permille": [
                  [
                    0,
                    100
                  ],
                  [
                    500,
                    1000
                  ]
                ],
                "buffering": true,
                "chapters": [
                  {
                    "start_ms": 60000,
                    "title": "Two"
                  }
                ],
                "controls": {
                  "buttons": [
                    {
                      "enabled": true,
                      "label": "Pause"
                    },
                    {
                      "enabled": false,
                      "label": "Audio"
                    }
                  ],
                  "chapter": "Two",
                  "elapsed": "1:30",
                  "ends": "Ends at 22:41",
                  "handle_ms": 90000,
                  "left": "-0:30",
                  "panel": {
                    "chosen": 0,
                    "labels": [
                      "English",
                      "German"
                    ],
                    "title": "Audio"
                  },
                  "scrubbing": true
                },
                "duration_ms": 120000,
                "film": "one",
                "next": null,
                "paused": false,
                "peers": 2,
                "playing": false,
                "position_ms": 61234,
                "rate": 120000,
                "second": "Hallo",
                "second_now": 5,
                "seeking": false,
                "session": 3,
                "skip": null,
                "stats": [],
                "subtitle": "Hello\nthere",
                "subtitle_now": null,
                "subtitles": [
                  {
                    "codec": "Vorbis",
                    "id": 5,
                    "language": "fr",
                    "title": null
                  }
                ],
                "title": "ONE",
                "waiting": {
                  "permille": null,
                  "text": "Waiting"
                },
                "zoom": "whole"
              },
              "resting": "awake",
              "screen": "playing",
              "seq": 7
            }
        "#]],
    );
}

#[test]
fn trouble() {
    let trouble = TroubleView {
        title: "No picture".into(),
        message: "Nothing here decodes H.265.".into(),
        actions: actions(&["Back"]),
        focus: 0,
    };
    check(
        Screen::Trouble(trouble),
        &expect![[r#"
            {
              "dark": false,
              "focus": {
                "action": 0
              },
              "notice": "saved",
              "resting": "awake",
              "screen": "trouble",
              "seq": 7,
              "trouble": {
                "actions": [
                  {
                    "enabled": true,
                    "label": "Back"
                  }
                ],
                "message": "Nothing here decodes H.265.",
                "title": "No picture"
              }
            }
        "#]],
    );
}
