//! The pages between the wall and a film as JSON.

use std::sync::Arc;

use app::{
    AddOnItem, AddOnsView, AddressView, Button, CodeView, EpisodeView, FilterView, Key, LearnView,
    MenuView, PanelView, PhoneView, Screen, SearchView, SeriesView, UpdatesView,
};
use expect_test::expect;

use crate::state::{card, check};

#[test]
fn series() {
    let episode = EpisodeView {
        title: "1. A".into(),
        facts: "2010".into(),
        synopsis: "A.".into(),
        still: None,
        seen_permille: Some(10),
        watched: false,
    };
    let series = SeriesView {
        card: card("one", ""),
        facts: "2010".into(),
        by: "Someone".into(),
        synopsis: "One.".into(),
        backdrop: None,
        seasons: Arc::new(vec!["Season 1".into()]),
        season: 0,
        episodes: Arc::new(vec![episode]),
        episode: 0,
        choosing_season: false,
        status: None,
        attribution: vec!["By Y".into()],
    };
    check(
        Screen::Series(series),
        &expect![[r#"
            {
              "dark": false,
              "focus": {
                "episode": 0
              },
              "notice": "saved",
              "resting": "awake",
              "screen": "series",
              "seq": 7,
              "series": {
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
                "episodes": [
                  {
                    "facts": "2010",
                    "seen_permille": 10,
                    "synopsis": "A.",
                    "title": "1. A",
                    "watched": false
                  }
                ],
                "facts": "2010",
                "film": "one",
                "season": 0,
                "seasons": [
                  "Season 1"
                ],
                "status": null,
                "synopsis": "One."
              }
            }
        "#]],
    );
}

#[test]
fn search() {
    let search = SearchView {
        heading: "SEARCH".into(),
        text: "on".into(),
        keys: Arc::new(vec![vec!["a".into(), "b".into()]]),
        key: Some((0, 1)),
        filters: vec![FilterView {
            label: "Any year".into(),
            active: false,
            focused: false,
        }],
        cards: Arc::new(vec![card("one", "")]),
        focus: 0,
        title: String::new(),
        facts: String::new(),
        status: Some("1 found".into()),
    };
    check(
        Screen::Search(search),
        &expect![[r#"
            {
              "dark": false,
              "focus": {
                "key": "b"
              },
              "notice": "saved",
              "resting": "awake",
              "screen": "search",
              "search": {
                "cards": [
                  {
                    "badge": "Demo",
                    "film": "one",
                    "poster": null,
                    "seen_permille": 333,
                    "title": "ONE",
                    "watched": false,
                    "year": 2010
                  }
                ],
                "facts": "",
                "filters": [
                  "Any year"
                ],
                "status": "1 found",
                "text": "on",
                "title": ""
              },
              "seq": 7
            }
        "#]],
    );
}

#[test]
fn add_ons() {
    let item = AddOnItem {
        name: "One".into(),
        detail: "1.0.0".into(),
        description: String::new(),
        lines: vec!["Gives facts.".into()],
        enabled: true,
    };
    let add_ons = AddOnsView {
        title: "Add-ons".into(),
        items: Arc::new(vec![item.clone()]),
        add: Some(item),
        focus: 0,
        ask: Some("Press OK.".into()),
        status: None,
        panel: Some(PanelView {
            title: "One".into(),
            labels: vec!["Remove".into()],
            chosen: None,
            focus: 0,
        }),
        hint: "Send it.".into(),
    };
    check(
        Screen::AddOns(add_ons),
        &expect![[r#"
            {
              "add_ons": {
                "add": "One",
                "ask": "Press OK.",
                "hint": "Send it.",
                "items": [
                  {
                    "description": "",
                    "detail": "1.0.0",
                    "enabled": true,
                    "lines": [
                      "Gives facts."
                    ],
                    "name": "One"
                  }
                ],
                "panel": {
                  "labels": [
                    "Remove"
                  ],
                  "title": "One"
                },
                "status": null,
                "title": "Add-ons"
              },
              "dark": false,
              "focus": {
                "act": 0,
                "add_on": 0
              },
              "notice": "saved",
              "resting": "awake",
              "screen": "add-ons",
              "seq": 7
            }
        "#]],
    );
}

#[test]
fn address() {
    let address = AddressView {
        title: "Add an add-on".into(),
        secret: false,
        text: "https://a".into(),
        keys: Arc::new(vec![vec!["a".into()], vec!["clear".into(), "done".into()]]),
        key: (1, 1),
        help: "Type it.".into(),
        status: Some("Asking it".into()),
    };
    check(
        Screen::Address(address),
        &expect![[r#"
            {
              "address": {
                "help": "Type it.",
                "secret": false,
                "status": "Asking it",
                "text": "https://a",
                "title": "Add an add-on"
              },
              "dark": false,
              "focus": {
                "key": "done"
              },
              "notice": "saved",
              "resting": "awake",
              "screen": "address",
              "seq": 7
            }
        "#]],
    );
}

#[test]
fn code() {
    let code = CodeView {
        title: "Set up One".into(),
        message: "Point at it.".into(),
        address: "https://a.example/configure".into(),
        hint: "Back returns".into(),
    };
    check(
        Screen::Code(code),
        &expect![[r#"
            {
              "code": {
                "address": "https://a.example/configure",
                "message": "Point at it.",
                "title": "Set up One"
              },
              "dark": false,
              "notice": "saved",
              "resting": "awake",
              "screen": "code",
              "seq": 7
            }
        "#]],
    );
}

#[test]
fn phone() {
    let phone = PhoneView {
        title: "Phone".into(),
        labels: vec!["Forget Ann".into(), "Keep phones out".into()],
        focus: 1,
        headline: "Point here".into(),
        message: "Or type.".into(),
        digits: Some("123456".into()),
        address: Some("http://192.168.1.5:8100".into()),
        link: Some("http://192.168.1.5:8100/#00".into()),
        ask: None,
        hint: "Back returns".into(),
    };
    check(
        Screen::Phone(phone),
        &expect![[r#"
            {
              "dark": false,
              "focus": {
                "action": 1
              },
              "notice": "saved",
              "phone": {
                "actions": [
                  "Forget Ann",
                  "Keep phones out"
                ],
                "address": "http://192.168.1.5:8100",
                "ask": null,
                "code": "123456",
                "headline": "Point here",
                "link": "http://192.168.1.5:8100/#00",
                "message": "Or type."
              },
              "resting": "awake",
              "screen": "phone",
              "seq": 7
            }
        "#]],
    );
}

#[test]
fn power() {
    let power = MenuView {
        title: "Power".into(),
        labels: vec!["Stand by".into(), "Shut down".into()],
        notes: vec!["Any key wakes it".into()],
        chosen: None,
        focus: 1,
        headline: "Shut down".into(),
        message: "Everything stops.".into(),
        ask: Some("Press OK once more".into()),
        hint: "Back returns".into(),
    };
    check(
        Screen::Menu(power),
        &expect![[r#"
            {
              "dark": false,
              "focus": {
                "action": 1
              },
              "menu": {
                "actions": [
                  "Stand by",
                  "Shut down"
                ],
                "ask": "Press OK once more",
                "headline": "Shut down",
                "message": "Everything stops.",
                "notes": [
                  "Any key wakes it"
                ],
                "title": "Power"
              },
              "notice": "saved",
              "resting": "awake",
              "screen": "menu",
              "seq": 7
            }
        "#]],
    );
}

#[test]
fn updates() {
    let updates = UpdatesView {
        title: "Updates".into(),
        labels: vec!["Restart now".into()],
        focus: 0,
        headline: "Matinee 1.4.0 is ready".into(),
        detail: "148 MB".into(),
        message: "From the next start on.".into(),
        notes: "Owls.".into(),
        permille: Some(420),
        last: Some("Updated to Matinee 1.3.0.".into()),
        ask: None,
        hint: "Back returns.".into(),
    };
    check(
        Screen::Updates(updates),
        &expect![[r#"
            {
              "dark": false,
              "focus": {
                "action": 0
              },
              "notice": "saved",
              "resting": "awake",
              "screen": "updates",
              "seq": 7,
              "updates": {
                "actions": [
                  "Restart now"
                ],
                "ask": null,
                "detail": "148 MB",
                "headline": "Matinee 1.4.0 is ready",
                "last": "Updated to Matinee 1.3.0.",
                "message": "From the next start on.",
                "notes": "Owls.",
                "permille": 420
              }
            }
        "#]],
    );
}

#[test]
fn learn() {
    let learn = LearnView {
        title: "Remote".into(),
        buttons: vec![
            "Up  ·  learnt".into(),
            "Down  ·  learnt".into(),
            "Left".into(),
        ],
        step: 2,
        asks: Some(Key::Left),
        learnt: vec![
            (Button::Infrared(0xdead), Key::Up),
            (Button::Cec(0x91), Key::Down),
        ],
        headline: "Press Left".into(),
        message: "Press the button once.".into(),
        heard: Some("Heard: button 0x91 of the TV".into()),
        hint: "After ten seconds the next is asked for.".into(),
    };
    check(
        Screen::Learn(learn),
        &expect![[r#"
            {
              "dark": false,
              "focus": {
                "button": 2
              },
              "learn": {
                "asks": "left",
                "buttons": [
                  "Up  ·  learnt",
                  "Down  ·  learnt",
                  "Left"
                ],
                "headline": "Press Left",
                "heard": "Heard: button 0x91 of the TV",
                "learnt": [
                  {
                    "by": "infrared",
                    "key": "up",
                    "number": 57005
                  },
                  {
                    "by": "cec",
                    "key": "down",
                    "number": 145
                  }
                ],
                "message": "Press the button once."
              },
              "notice": "saved",
              "resting": "awake",
              "screen": "learn",
              "seq": 7
            }
        "#]],
    );
}
