//! Add-ons, searches and the library over the API: what a phone needs to set up the box and to
//! find films on it.
//!
//! An address of an add-on may hold its owner's keys: it comes in, and never goes out again. Films
//! go out to who watches alone, and none that is known not to be for him; what is opened the core
//! lets through or not.

use std::time::Duration;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::{Value, json};

use super::profiles::{closed, nobody};
use super::routes::{Shared, json_of};
use super::state;
use http_server::answers::{busy, failure, told};

/// The rest of the box, as far as films by their titles go.
pub trait Titles: Send + Sync {
    /// In the order in which they are asked.
    fn add_ons(&self) -> Vec<app::AddOn>;

    /// Puts the add-on at an address, or of a link, on the box.
    fn install(&self, address: String)
    -> BoxFuture<'static, Result<app::AddOn, app::AddOnFailure>>;

    /// Soon after.
    fn change(&self, change: app::AddOnChange);

    /// All that is found within that time.
    fn search(&self, words: String, within: Duration) -> BoxFuture<'static, Found>;

    /// What was seen and what is to be.
    fn library(&self) -> std::sync::Arc<app::Library>;

    /// Who watches on the box.
    fn household(&self) -> std::sync::Arc<app::Household>;

    /// That one is to watch; a PIN, where one is wanted.
    fn watches(&self, id: app::ProfileId, pin: Option<app::Pin>);

    /// These digits are for the PIN that is asked for now.
    fn types_pin(&self, pin: app::Pin);

    /// Opens the page of a title.
    fn open(&self, title: app::Title) -> app::FilmId;

    /// Opens the page of a film that was found and has no title of add-ons; none: there is no such
    /// film.
    fn open_film(&self, id: &str) -> Option<app::FilmId>;
}

/// What was found, and how many of those who were asked have answered by then.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    pub films: Vec<app::Film>,
    pub asked: u16,
    pub answered: u16,
}

/// A search waits so long for those who are slow; the screen shows more as it comes.
const SEARCH: Duration = Duration::from_secs(8);

/// Titles are shorter; as on the screen.
const WORDS_CHARS: usize = 80;

/// An id or a type; as the protocol's reader takes them.
const ID_BYTES: usize = 2048;

pub(super) async fn add_ons(State(desk): Shared) -> Response {
    let all: Vec<Value> = desk.door.titles.add_ons().iter().map(add_on).collect();
    told(&json!({ "addons": all }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Address {
    url: String,
}

pub(super) async fn install(State(desk): Shared, request: Request) -> Response {
    if let Some(closed) = closed(&desk) {
        return closed;
    }
    let Ok(_place) = desk.installs.try_acquire() else {
        return busy("another add-on is being installed");
    };
    let address: Address = match json_of(request).await {
        Ok(address) => address,
        Err(response) => return response,
    };
    match desk.door.titles.install(address.url).await {
        Ok(installed) => told(&json!({ "addon": add_on(&installed) })),
        Err(why) => not_installed(&why),
    }
}

fn not_installed(why: &app::AddOnFailure) -> Response {
    use app::AddOnFailure as Why;
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;
    match why {
        Why::NoAddress(what) => failure(StatusCode::BAD_REQUEST, what),
        Why::Unsupported(what) => failure(
            unfit,
            &format!("the add-on speaks {what}, which the box does not"),
        ),
        Why::Unconfigured(page) => {
            let error = "it must be set up on its own page first; send the address it gives then";
            let mut response = told(&json!({ "error": error, "configure": page }));
            *response.status_mut() = unfit;
            response
        }
        Why::Unreachable(what) => failure(StatusCode::BAD_GATEWAY, what),
        Why::Broken(what) => failure(unfit, &format!("it is no add-on: {what}")),
        Why::TooMany(most) => failure(
            StatusCode::CONFLICT,
            &format!("there are {most} already, remove one"),
        ),
    }
}

/// Of one add-on: on or off, or asked one place earlier or later.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    enabled: Option<bool>,
    #[serde(rename = "move")]
    to: Option<Way>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Way {
    Earlier,
    Later,
}

pub(super) async fn change(
    State(desk): Shared,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let change: Change = match json_of(request).await {
        Ok(change) => change,
        Err(response) => return response,
    };
    if let Some(closed) = closed(&desk) {
        return closed;
    }
    let titles = &desk.door.titles;
    let Some(known) = known(titles.as_ref(), id) else {
        return unknown();
    };
    if change.enabled.is_none() && change.to.is_none() {
        return failure(StatusCode::BAD_REQUEST, "say \"enabled\" or \"move\"");
    }
    if let Some(enabled) = change.enabled {
        titles.change(app::AddOnChange::SetEnabled(known.id.clone(), enabled));
    }
    if let Some(to) = change.to {
        let earlier = matches!(to, Way::Earlier);
        titles.change(app::AddOnChange::Move {
            id: known.id,
            earlier,
        });
    }
    accepted()
}

pub(super) async fn remove(
    State(desk): Shared,
    id: Result<Path<String>, PathRejection>,
) -> Response {
    if let Some(closed) = closed(&desk) {
        return closed;
    }
    let titles = &desk.door.titles;
    let Some(known) = known(titles.as_ref(), id) else {
        return unknown();
    };
    if known.host.is_none() {
        let why = "it is a part of the box: it can be switched off";
        return failure(StatusCode::CONFLICT, why);
    }
    titles.change(app::AddOnChange::Remove(known.id));
    accepted()
}

fn known(titles: &dyn Titles, id: Result<Path<String>, PathRejection>) -> Option<app::AddOn> {
    let Path(id) = id.ok()?;
    titles.add_ons().into_iter().find(|it| *it.id == *id)
}

fn unknown() -> Response {
    failure(StatusCode::NOT_FOUND, "there is no add-on with this id")
}

/// It will be so in a moment.
pub(super) fn accepted() -> Response {
    let mut response = told(&json!({ "ok": true }));
    *response.status_mut() = StatusCode::ACCEPTED;
    response
}

#[derive(Deserialize)]
pub(super) struct Words {
    #[serde(default)]
    q: String,
}

pub(super) async fn search(
    State(desk): Shared,
    words: Result<Query<Words>, QueryRejection>,
) -> Response {
    let Ok(_place) = desk.searches.try_acquire() else {
        return busy("there are searches enough");
    };
    let words = words.map(|Query(words)| words.q).unwrap_or_default();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() || words.chars().count() > WORDS_CHARS {
        let why = format!("say what to look for in q, in at most {WORDS_CHARS} letters");
        return failure(StatusCode::BAD_REQUEST, &why);
    }
    if let Some(nobody) = nobody(&desk) {
        return nobody;
    }
    let mut found = desk.door.titles.search(words, SEARCH).await;
    // By now somebody else may watch, or nobody.
    if let Some(nobody) = nobody(&desk) {
        return nobody;
    }
    let household = desk.door.titles.household();
    found.films.retain(|film| household.lets(film));
    told(&json!({
        "films": found.films.iter().map(film).collect::<Vec<_>>(),
        "asked": found.asked,
        "answered": found.answered,
    }))
}

pub(super) async fn library(State(desk): Shared) -> Response {
    if let Some(nobody) = nobody(&desk) {
        return nobody;
    }
    let library = desk.door.titles.library();
    let household = desk.door.titles.household();
    let lets = |it: &&app::Film| household.lets(it);
    let mark = |mark: &app::Mark| {
        json!({
            "film": film(&mark.film),
            "position_ms": state::ms(mark.position),
            "duration_ms": (!mark.duration.is_zero()).then(|| state::ms(mark.duration)),
            "watched": mark.watched,
        })
    };
    let marks = library.marks.values();
    let mut marks: Vec<&app::Mark> = marks.filter(|mark| lets(&&mark.film)).collect();
    marks.sort_by_key(|mark| std::cmp::Reverse(mark.played));
    told(&json!({
        "played": marks.into_iter().map(mark).collect::<Vec<_>>(),
        "list": library.list.iter().filter(lets).map(film).collect::<Vec<_>>(),
        "series": library.series.values().filter(lets).map(film).collect::<Vec<_>>(),
    }))
}

/// A title to open, if it can be one.
pub(super) fn title(kind: &str, id: &str) -> Option<app::Title> {
    let fits =
        |text: &str| !text.is_empty() && text.len() <= ID_BYTES && !text.contains(char::is_control);
    (fits(kind) && fits(id)).then(|| app::Title::new(kind, id))
}

fn add_on(it: &app::AddOn) -> Value {
    json!({
        "id": &*it.id,
        "name": it.name,
        "version": it.version,
        "description": it.description,
        "host": it.host,
        "gives": {
            "catalogues": it.gives.catalogues,
            "facts": it.gives.facts,
            "sources": it.gives.sources,
            "subtitles": it.gives.subtitles,
            "add_ons": it.gives.add_ons,
        },
        "sees": it.sees,
        "p2p": it.p2p,
        "adult": it.adult,
        "configure": it.configure,
        "enabled": it.enabled,
        "trouble": it.trouble,
    })
}

/// A film as lists tell it; `type` and `id` open its page, or where it has none, `film`.
fn film(film: &app::Film) -> Value {
    let origin = film.origin.as_ref();
    json!({
        "film": film.id.0,
        "type": origin.map(|title| &*title.kind),
        "id": origin.map(|title| &*title.id),
        "title": film.title,
        "year": film.year,
        "synopsis": film.synopsis,
        "runtime_min": film.runtime_min,
        "genres": film.genres,
        "poster": film.poster.as_ref().and_then(state::address),
    })
}
