//! Who watches, over the API: all profiles, and choosing one.
//!
//! A PIN is checked by the core, which slows guessing down; what came of it the state says.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::routes::{Shared, json_of};
use super::titles::accepted;
use http_server::answers::{failure, told};

pub(super) async fn all(State(desk): Shared) -> Response {
    let household = desk.door.titles.household();
    let profile = |it: &app::Profile| {
        json!({
            "id": it.id.0,
            "name": app::profile_name(it),
            "colour": colour(it.rgb()),
            "limit": it.limit,
            "pin": it.pin.is_some(),
            "current": it.id == household.current,
        })
    };
    let all: Vec<Value> = household.profiles.iter().map(profile).collect();
    told(&json!({ "profiles": all }))
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
    let is_pin =
        |pin: &String| pin.len() == app::PIN_DIGITS && pin.bytes().all(|it| it.is_ascii_digit());
    if !asked.pin.as_ref().is_none_or(is_pin) {
        return failure(StatusCode::BAD_REQUEST, "a PIN has four digits");
    }
    titles.watches(id, asked.pin.map(app::Pin));
    accepted()
}
