//! Add-ons, searches, the library and titles over the API, with a box that knows a few.

use std::time::Duration;

use app::{
    AddOn, AddOnChange, AddOnFailure, Film, Household, Library, Mark, Pin, ProfileId, Title,
};
use futures_util::future::BoxFuture;
use matinee::remote::{Found, Titles};

use super::*;

/// What the box would have; and what it was told to do.
#[derive(Default)]
pub(crate) struct Box {
    pub(crate) changes: Mutex<Vec<AddOnChange>>,
    pub(crate) opened: Mutex<Vec<Title>>,
    pub(crate) household: Mutex<Household>,
    pub(crate) watches: Mutex<Vec<(ProfileId, Option<Pin>)>>,
    pub(crate) pins: Mutex<Vec<Pin>>,
    /// What is found, whatever the words, and what is in the library; none: as usual.
    pub(crate) films: Mutex<Option<Vec<Film>>>,
}

fn own() -> AddOn {
    AddOn {
        id: "own".into(),
        name: "A part of the box".into(),
        ..AddOn::default()
    }
}

fn other() -> AddOn {
    AddOn {
        id: "0123".into(),
        name: "Films".into(),
        host: Some("films.example".into()),
        sees: vec!["tt".into()],
        trouble: Some("no answer".into()),
        ..AddOn::default()
    }
}

fn film() -> Film {
    Film {
        id: app::FilmId("movie:tt1".into()),
        title: "One".into(),
        year: Some(2010),
        poster: Some(app::Poster("https://films.example/p.jpg".into())),
        origin: Some(Title::new("movie", "tt1")),
        ..Film::default()
    }
}

/// One for viewers of that age.
pub(crate) fn aged(id: &str, age: Option<u8>) -> Film {
    Film {
        id: app::FilmId(id.into()),
        title: id.into(),
        origin: Some(Title::new("movie", id)),
        age,
        ..Film::default()
    }
}

impl Titles for Box {
    fn add_ons(&self) -> Vec<AddOn> {
        vec![own(), other()]
    }

    fn install(&self, address: String) -> BoxFuture<'static, Result<AddOn, AddOnFailure>> {
        let failure = match address.as_str() {
            "nowhere" => AddOnFailure::NoAddress("that is no link".into()),
            "ipfs" => AddOnFailure::Unsupported("IPFS".into()),
            "setup" => AddOnFailure::Unconfigured("https://films.example/configure".into()),
            "down" => AddOnFailure::Unreachable("films.example: no answer".into()),
            "page" => AddOnFailure::Broken("the answer is a web page".into()),
            "many" => AddOnFailure::TooMany(64),
            _ => return async { Ok(other()) }.boxed(),
        };
        async { Err(failure) }.boxed()
    }

    fn change(&self, change: AddOnChange) {
        self.changes.lock().unwrap().push(change);
    }

    fn search(&self, words: String, _: Duration) -> BoxFuture<'static, Found> {
        let films = self.films.lock().unwrap().clone();
        let films = films.unwrap_or_else(|| match words.as_str() {
            "one film" => vec![film()],
            _ => Vec::new(),
        });
        let found = Found {
            films,
            asked: 2,
            answered: 1,
        };
        async { found }.boxed()
    }

    fn library(&self) -> Arc<Library> {
        let mark = |film: &Film| Mark {
            film: film.clone(),
            position: Duration::from_secs(61),
            duration: Duration::ZERO,
            watched: false,
            played: 1,
            read: None,
            choices: app::Choices::default(),
        };
        let (list, series) = match self.films.lock().unwrap().clone() {
            Some(films) => (films.clone(), films),
            None => (vec![film()], Vec::new()),
        };
        let series = series.into_iter();
        Arc::new(Library {
            marks: list.iter().map(|it| (it.id.clone(), mark(it))).collect(),
            series: series
                .filter_map(|it| Some((it.origin.clone()?, it)))
                .collect(),
            list,
            ..Library::default()
        })
    }

    fn household(&self) -> Arc<Household> {
        Arc::new(self.household.lock().unwrap().clone())
    }

    fn watches(&self, id: ProfileId, pin: Option<Pin>) {
        self.watches.lock().unwrap().push((id, pin));
    }

    fn types_pin(&self, pin: Pin) {
        self.pins.lock().unwrap().push(pin);
    }

    fn open(&self, title: Title) -> app::FilmId {
        let id = app::FilmId(format!("{}:{}", title.kind, title.id));
        self.opened.lock().unwrap().push(title);
        id
    }

    fn open_film(&self, id: &str) -> Option<app::FilmId> {
        (id == "bundled").then(|| app::FilmId(id.into()))
    }
}

#[tokio::test]
async fn add_ons_are_told_installed_and_changed() {
    let stage = stage().await;
    let told = get(&stage, "/api/v1/addons").await.json();
    assert_eq!(told["addons"][0]["host"], Value::Null);
    assert_eq!(told["addons"][1]["trouble"], "no answer");
    let body = r#"{"url":"https://films.example/manifest.json"}"#;
    let answer = post(&stage, "/api/v1/addons", body).await;
    assert_eq!(
        (answer.status, &answer.json()["addon"]["id"]),
        (200, &json!("0123"))
    );
    for (method, path, body, want) in [
        ("PATCH", "0123", r#"{"enabled":false}"#, 202),
        ("PATCH", "0123", r#"{"move":"earlier","enabled":true}"#, 202),
        ("DELETE", "0123", "", 202),
        ("PATCH", "own", r#"{"enabled":false}"#, 202),
        ("DELETE", "own", "", 409),
        ("DELETE", "none", "", 404),
        ("DELETE", "%ff", "", 404),
        ("PATCH", "none", r#"{"enabled":false}"#, 404),
        ("PATCH", "0123", "{}", 400),
        ("PATCH", "0123", r#"{"move":"up"}"#, 400),
        ("PATCH", "0123", r#"{"other":1}"#, 400),
    ] {
        let path = format!("/api/v1/addons/{path}");
        let answer = ask(&stage, method, &path, "application/json", body.as_bytes()).await;
        assert_eq!(answer.status, want, "{method} {path} {body}");
    }
    let (id, own) = (Arc::<str>::from("0123"), Arc::<str>::from("own"));
    let expected = [
        AddOnChange::SetEnabled(id.clone(), false),
        AddOnChange::SetEnabled(id.clone(), true),
        AddOnChange::Move {
            id: id.clone(),
            earlier: true,
        },
        AddOnChange::Remove(id),
        AddOnChange::SetEnabled(own, false),
    ];
    assert_eq!(*stage.titles.changes.lock().unwrap(), expected);
}

#[tokio::test]
async fn an_add_on_that_is_none_is_refused_with_its_reason() {
    let stage = stage().await;
    for (url, want, says) in [
        ("nowhere", 400, "no link"),
        ("ipfs", 422, "IPFS"),
        ("setup", 422, "set up"),
        ("down", 502, "films.example"),
        ("page", 422, "web page"),
        ("many", 409, "64"),
    ] {
        let body = json!({ "url": url }).to_string();
        let answer = post(&stage, "/api/v1/addons", &body).await;
        let told = answer.json();
        assert_eq!(answer.status, want, "{url}");
        assert!(told["error"].as_str().unwrap().contains(says), "{told}");
        assert_eq!(told.get("configure").is_some(), url == "setup");
    }
    for body in ["", "{}", r#"{"url":7}"#, r#"{"url":"a","more":1}"#] {
        let answer = post(&stage, "/api/v1/addons", body).await;
        assert_eq!(answer.status, 400, "{body}");
    }
}

#[tokio::test]
async fn films_are_found_and_opened_by_their_title() {
    let stage = stage().await;
    let found = get(&stage, "/api/v1/search?q=%20one+film").await.json();
    assert_eq!(
        (&found["asked"], &found["answered"]),
        (&json!(2), &json!(1))
    );
    let film = &found["films"][0];
    assert_eq!(
        (&film["type"], &film["id"]),
        (&json!("movie"), &json!("tt1"))
    );
    let body = json!({ "type": film["type"], "id": film["id"] }).to_string();
    let answer = post(&stage, "/api/v1/open", &body).await;
    assert_eq!(answer.json(), json!({ "film": "movie:tt1" }));
    let opened = stage.titles.opened.lock().unwrap().clone();
    assert_eq!(opened, [Title::new("movie", "tt1")]);
    let answer = post(&stage, "/api/v1/open", r#"{"film":"bundled"}"#).await;
    assert_eq!(answer.json(), json!({ "film": "bundled" }));
    let answer = post(&stage, "/api/v1/open", r#"{"film":"other"}"#).await;
    assert_eq!(answer.status, 404);
    let long = "x".repeat(81);
    for query in ["", "?q=", "?q=%20", &format!("?q={long}"), "?other=1"] {
        let answer = get(&stage, &format!("/api/v1/search{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
    }
    for body in [
        r#"{"type":"movie"}"#,
        r#"{"type":"","id":"tt1"}"#,
        r#"{"type":"movie","id":"tt1","magnet":"magnet:?"}"#,
        r#"{"type":"movie","id":"tt1","film":"bundled"}"#,
        r#"{"type":"movie","id":"a\u0000b"}"#,
    ] {
        let answer = post(&stage, "/api/v1/open", body).await;
        assert_eq!(answer.status, 400, "{body}");
    }
}

#[tokio::test]
async fn the_library_is_told() {
    let stage = stage().await;
    let told = get(&stage, "/api/v1/library").await.json();
    assert_eq!(told["played"][0]["film"]["title"], "One");
    assert_eq!(told["played"][0]["position_ms"], 61_000);
    assert_eq!(told["played"][0]["duration_ms"], Value::Null);
    assert_eq!(told["list"][0]["film"], "movie:tt1");
}
