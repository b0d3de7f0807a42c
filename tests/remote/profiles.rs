//! Who watches, over the API; and what is told to whom.

use app::{Household, Pin, PinHash, Profile, ProfileId, ProfileView, WhoView};

use crate::titles::aged;

use super::*;

/// Ann has a PIN, and Ben, who watches, a limit.
fn two() -> Household {
    let ann = Profile {
        name: "Ann".into(),
        pin: Some(PinHash("hash".into())),
        ..Profile::default()
    };
    let ben = Profile {
        id: ProfileId(2),
        colour: 1,
        limit: Some(12),
        ..Profile::default()
    };
    Household {
        profiles: vec![ann, ben],
        current: ProfileId(2),
        ..Household::default()
    }
}

fn ben() -> ProfileView {
    ProfileView {
        id: ProfileId(2),
        name: "Ben".into(),
        colour: 0x002f_855a,
        note: "Films up to 12 years".into(),
        pin: false,
    }
}

fn pin_page() -> app::Screen {
    app::Screen::Pin(app::PinView {
        title: "PIN of Ann".into(),
        status: "Type the four digits".into(),
        digits: 4,
        typed: 3,
        keys: vec!["1".into()],
        columns: 3,
        focus: 0,
        waits: false,
        hint: String::new(),
    })
}

/// A box of theirs, on which that one watches; none: it is asked who.
async fn theirs(profile: Option<ProfileView>) -> Stage {
    let stage = stage().await;
    *stage.titles.household.lock().unwrap() = two();
    let view = app::View { profile, ..view(2) };
    stage.views.send_replace(Arc::new(view));
    stage
}

#[tokio::test]
async fn profiles_are_told_without_their_pins_and_chosen() {
    let stage = theirs(Some(ben())).await;
    let told = get(&stage, "/api/v1/profiles").await.json();
    let expected = json!({ "profiles": [
        { "id": 1, "name": "Ann", "colour": "#276fbf", "note": "With a PIN", "limit": null,
          "pin": true, "current": false },
        { "id": 2, "name": "Green", "colour": "#2f855a", "note": "Films up to 12 years",
          "limit": 12, "pin": false, "current": true },
    ] });
    assert_eq!(told, expected);
    for (body, want) in [
        (r#"{"id":1,"pin":"1234"}"#, 202),
        (r#"{"id":2}"#, 202),
        (r#"{"id":3}"#, 404),
        (r#"{"id":1,"pin":"12345"}"#, 400),
        (r#"{"id":1,"pin":"one2"}"#, 400),
        (r#"{"pin":"1234"}"#, 400),
    ] {
        let answer = post(&stage, "/api/v1/profile", body).await;
        assert_eq!(answer.status, want, "{body}");
    }
    let expected = [
        (ProfileId(1), Some(Pin("1234".into()))),
        (ProfileId(2), None),
    ];
    assert_eq!(*stage.titles.watches.lock().unwrap(), expected);
}

#[tokio::test]
async fn names_are_in_the_language_of_the_box() {
    let stage = theirs(None).await;
    let view = app::View {
        language: app::Language::by_code("de").unwrap(),
        ..view(3)
    };
    stage.views.send_replace(Arc::new(view));
    let told = get(&stage, "/api/v1/profiles").await.json();
    assert_eq!(told["profiles"][1]["name"], "Grün");
}

#[tokio::test]
async fn a_pin_goes_to_the_tv_that_asks_for_one_and_is_not_told_back() {
    let stage = theirs(None).await;
    let right = r#"{"pin":"4711"}"#;
    let answer = post(&stage, "/api/v1/pin", right).await;
    assert_eq!(answer.status, 409, "nobody asks for one");
    let view = app::View {
        screen: pin_page(),
        ..view(3)
    };
    stage.views.send_replace(Arc::new(view));
    let long = format!(r#"{{"pin":"{}"}}"#, "4711".repeat(99));
    for (body, want) in [
        (right, 202),
        (r#"{"pin":"471"}"#, 400),
        (r#"{"pin":"47110"}"#, 400),
        (r#"{"pin":"471x"}"#, 400),
        (r#"{"pin":4711}"#, 400),
        (r#"{"pin":"4711","id":1}"#, 400),
        ("4711", 400),
        (long.as_str(), 413),
    ] {
        let answer = post(&stage, "/api/v1/pin", body).await;
        assert_eq!(answer.status, want, "{body}");
        let told = answer.json().to_string();
        assert!(!told.contains("471"), "{told}");
    }
    let pins = stage.titles.pins.lock().unwrap();
    assert_eq!(*pins, [Pin("4711".into())]);
    assert!(!format!("{pins:?}").contains("4711"));
}

/// What a limit closes, and what all of a household's is in.
const CLOSED: [(&str, &str, &str); 5] = [
    (
        "POST",
        "addons",
        r#"{"url":"https://films.example/manifest.json"}"#,
    ),
    ("PATCH", "addons/0123", r#"{"enabled":false}"#),
    ("DELETE", "addons/0123", ""),
    ("GET", "backup", ""),
    ("POST", "backup", "{}"),
];

async fn answered(stage: &Stage, (method, path, body): (&str, &str, &str)) -> u16 {
    let path = format!("/api/v1/{path}");
    let answer = ask(stage, method, &path, "application/json", body.as_bytes()).await;
    answer.status
}

#[tokio::test]
async fn who_has_a_limit_changes_no_add_ons_and_gets_nothing_of_others() {
    let stage = theirs(Some(ben())).await;
    for asked in CLOSED {
        assert_eq!(answered(&stage, asked).await, 403, "{asked:?}");
    }
    assert!(stage.titles.changes.lock().unwrap().is_empty());
    assert!(stage.belongings.brought.lock().unwrap().is_empty());
}

#[tokio::test]
async fn who_has_a_limit_is_told_of_nothing_above_it() {
    let films = [
        aged("six", Some(6)),
        aged("grown", Some(18)),
        aged("moa", None),
    ];
    let told = async |stage: &Stage| {
        let library = get(stage, "/api/v1/library").await.json();
        let found = get(stage, "/api/v1/search?q=any").await.json();
        let ids = |films: &Value| -> Vec<String> {
            let all = films.as_array().unwrap().iter();
            let film = |it: &Value| {
                it.get("film")
                    .filter(|it| it.is_object())
                    .unwrap_or(it)
                    .clone()
            };
            all.map(|it| film(it)["title"].as_str().unwrap().to_owned())
                .collect()
        };
        [
            ids(&library["played"]),
            ids(&library["list"]),
            ids(&library["series"]),
            ids(&found["films"]),
        ]
    };
    let stage = theirs(Some(ben())).await;
    *stage.titles.films.lock().unwrap() = Some(films.into());
    for mut ids in told(&stage).await {
        ids.sort_unstable();
        assert_eq!(ids, ["six"]);
    }
    stage.titles.household.lock().unwrap().profiles[1].unknown = Some(true);
    for mut ids in told(&stage).await {
        ids.sort_unstable();
        assert_eq!(ids, ["moa", "six"]);
    }
    // What the box was told of a title counts, too.
    let ages = [(app::Title::new("movie", "moa"), 16)];
    let ages = app::Ages(Arc::new(ages.into()));
    stage.titles.household.lock().unwrap().ages = ages;
    for ids in told(&stage).await {
        assert_eq!(ids, ["six"]);
    }
    stage.titles.household.lock().unwrap().current = ProfileId(1);
    for ids in told(&stage).await {
        assert_eq!(ids.len(), 3);
    }
}

#[tokio::test]
async fn nobody_is_told_of_anything_before_it_is_said_who_watches() {
    let lists = [("GET", "library", ""), ("GET", "search?q=any", "")];
    let stage = theirs(None).await;
    for asked in lists.into_iter().chain(CLOSED) {
        assert_eq!(answered(&stage, asked).await, 409, "{asked:?}");
    }
    assert!(stage.titles.changes.lock().unwrap().is_empty());
    // Who is alone and has no PIN is never asked.
    *stage.titles.household.lock().unwrap() = Household::default();
    for asked in lists {
        assert_eq!(answered(&stage, asked).await, 200, "{asked:?}");
    }
}

#[tokio::test]
async fn the_state_says_who_watches_and_never_which_digits_were_typed() {
    let who = app::Screen::Who(WhoView {
        title: "Who is watching?".into(),
        people: vec![ben()],
        focus: 0,
        hint: String::new(),
    });
    let stage = stage().await;
    for (screen, name) in [(who, "who"), (pin_page(), "pin")] {
        let view = app::View {
            screen,
            profile: Some(ben()),
            ..view(2)
        };
        stage.views.send_replace(Arc::new(view));
        let told = get(&stage, "/api/v1/state").await.json();
        assert_eq!(told["screen"], name);
        assert_eq!(told["profile"]["name"], "Ben");
        assert!(told[name].is_object());
    }
}
