//! Who watches, over the API.

use app::{Household, Pin, PinHash, Profile, ProfileId, ProfileView, WhoView};

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

#[tokio::test]
async fn profiles_are_told_without_their_pins_and_chosen() {
    let stage = stage().await;
    *stage.titles.household.lock().unwrap() = two();
    let told = get(&stage, "/api/v1/profiles").await.json();
    let expected = json!({ "profiles": [
        { "id": 1, "name": "Ann", "colour": "#276fbf", "limit": null, "pin": true,
          "current": false },
        { "id": 2, "name": "Green", "colour": "#2f855a", "limit": 12, "pin": false,
          "current": true },
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
async fn who_has_a_limit_changes_no_add_ons() {
    let stage = stage().await;
    *stage.titles.household.lock().unwrap() = two();
    for (method, path, body) in [
        (
            "POST",
            "",
            r#"{"url":"https://films.example/manifest.json"}"#,
        ),
        ("PATCH", "/0123", r#"{"enabled":false}"#),
        ("DELETE", "/0123", ""),
    ] {
        let path = format!("/api/v1/addons{path}");
        let answer = ask(&stage, method, &path, "application/json", body.as_bytes()).await;
        assert_eq!(answer.status, 403, "{method} {path}");
    }
    assert!(stage.titles.changes.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_state_says_who_watches_and_never_which_digits_were_typed() {
    let profile = ProfileView {
        id: ProfileId(2),
        name: "Ben".into(),
        colour: 0x002f_855a,
        note: "Films up to 12 years".into(),
        pin: false,
    };
    let who = app::Screen::Who(WhoView {
        title: "Who is watching?".into(),
        people: vec![profile.clone()],
        focus: 0,
        hint: String::new(),
    });
    let pin = app::Screen::Pin(app::PinView {
        title: "PIN of Ann".into(),
        status: "Type the four digits".into(),
        digits: 4,
        typed: 3,
        keys: vec!["1".into()],
        columns: 3,
        focus: 0,
        waits: false,
        hint: String::new(),
    });
    let stage = stage().await;
    for (screen, name) in [(who, "who"), (pin, "pin")] {
        let view = app::View {
            screen,
            profile: Some(profile.clone()),
            ..view(2)
        };
        stage.views.send_replace(Arc::new(view));
        let told = get(&stage, "/api/v1/state").await.json();
        assert_eq!(told["screen"], name);
        assert_eq!(told["profile"]["name"], "Ben");
        assert!(told[name].is_object());
    }
}
