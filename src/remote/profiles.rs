//! Who watches, over the API: all profiles, choosing one, and its PIN; and what is told to nobody.
//!
//! A PIN is checked by the core, which slows guessing down; what came of it the state says. It is
//! kept nowhere here, and in no answer. What a film is for whom the core alone says
//! ([`app::Household::lets`]).

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::pages;
use super::routes::{Desk, Shared, json_of};
use super::titles::accepted;
use http_server::answers::{body_of, failure, told};

/// Four digits, and what JSON needs around them.
const PIN_BYTES: usize = 256;

pub(super) async fn all(State(desk): Shared) -> Response {
    let household = desk.door.titles.household();
    let language = desk.door.views.borrow().language;
    let people = app::people(&household, language);
    let profile = |(it, view): (&app::Profile, &app::ProfileView)| {
        let mut told = pages::profile(view);
        told["limit"] = json!(it.limit);
        told["current"] = json!(it.id == household.current);
        told
    };
    let all = household.profiles.iter().zip(&people).map(profile);
    told(&json!({ "profiles": all.collect::<Vec<Value>>() }))
}

/// Why nothing of anybody's is told now; none: it is known who watches, or there is but one.
pub(super) fn nobody(desk: &Desk) -> Option<Response> {
    let known = desk.door.views.borrow().profile.is_some();
    let asked = !known && desk.door.titles.household().asks();
    let why = "nobody has said yet who watches: choose a profile first";
    asked.then(|| failure(StatusCode::CONFLICT, why))
}

/// The same of what a limit closes: that is for those who have none.
pub(super) fn closed(desk: &Desk) -> Option<Response> {
    let closed = || desk.door.titles.household().is_closed();
    let why = "who watches has a limit: choose a profile without one first";
    nobody(desk).or_else(|| closed().then(|| failure(StatusCode::FORBIDDEN, why)))
}

/// Of web pages.
pub(super) fn colour(rgb: u32) -> String {
    format!("#{rgb:06x}")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    id: u32,
    pin: Option<String>,
}

pub(super) async fn choose(State(desk): Shared, request: Request) -> Response {
    let asked: Asked = match json_of(request).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let titles = &desk.door.titles;
    let id = app::ProfileId(asked.id);
    if titles.household().profile(id).is_none() {
        return failure(StatusCode::NOT_FOUND, "there is no profile with this id");
    }
    if !asked.pin.as_deref().is_none_or(is_pin) {
        return no_pin();
    }
    titles.watches(id, asked.pin.map(app::Pin));
    accepted()
}

fn is_pin(text: &str) -> bool {
    text.len() == app::PIN_DIGITS && text.bytes().all(|it| it.is_ascii_digit())
}

fn no_pin() -> Response {
    failure(StatusCode::BAD_REQUEST, "a PIN has four digits")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    pin: String,
}

/// For whatever the TV wants one now.
pub(super) async fn enter(State(desk): Shared, request: Request) -> Response {
    let body = match body_of(request, PIN_BYTES).await {
        Ok(body) => body,
        Err(response) => return response,
    };
    // What is wrong with it is not told by its words: a PIN is among them.
    let typed: Option<Typed> = serde_json::from_slice(&body).ok();
    let Some(typed) = typed.filter(|it| is_pin(&it.pin)) else {
        return no_pin();
    };
    if !matches!(desk.door.views.borrow().screen, app::Screen::Pin(_)) {
        return failure(StatusCode::CONFLICT, "no PIN is asked for now");
    }
    desk.door.titles.types_pin(app::Pin(typed.pin));
    accepted()
}
