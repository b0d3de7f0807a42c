//! The endpoints: read a request, pass it through the door, say what came of it.
//!
//! Every answer is JSON but the picture and the event stream, errors are `{"error": "..."}` with
//! a status that a program can act on. Bodies are read by `body_of` alone, which bounds them.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, patch, post};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Semaphore;

use super::picture::Encoder;
use super::{Door, Handed, belongings, events, profiles, state, titles};
use http_server::answers::{body_of, busy, failure, refused, told, typed};

/// The largest metainfo taken, as for one from a peer: about 500 000 pieces.
const METAINFO_BYTES: usize = 10 * 1024 * 1024;

/// A magnet with a hundred trackers is 8 KiB; a key is 30 bytes.
const JSON_BYTES: usize = 64 * 1024;

/// Films being handed over at a time: each may hold [`METAINFO_BYTES`].
const OPENINGS: usize = 2;

/// A tap's release is offered so often, [`RELEASE_PAUSE`] apart: a key that went down and never
/// comes up would be held for ever. A full queue drains within a few frames.
const RELEASE_TRIES: u32 = 50;
const RELEASE_PAUSE: Duration = Duration::from_millis(20);

/// Add-ons being installed at a time; each waits for a host.
const INSTALLS: usize = 2;

/// Searches at a time, each of all add-ons: a household's phones.
const SEARCHES: usize = 4;

/// Backups at a time: each is a whole file in memory.
const BACKUPS: usize = 1;

/// The file that says what there is, for programs that read such files.
const OPENAPI: &str = include_str!("openapi.json");

/// Before every path.
const BASE: &str = "/api/v1";

pub(super) struct Desk {
    pub(super) door: Door,
    encoder: Encoder,
    openings: Semaphore,
    pub(super) installs: Semaphore,
    pub(super) searches: Semaphore,
    pub(super) backups: Semaphore,
    listeners: Arc<Semaphore>,
}

pub(super) type Shared = State<Arc<Desk>>;

/// A method, a path and who answers.
type Route = (&'static str, &'static str, MethodRouter<Arc<Desk>>);

fn routes() -> [Route; 22] {
    [
        ("get", "/health", get(health)),
        ("get", "/openapi.json", get(openapi)),
        ("get", "/state", get(view)),
        ("post", "/key", post(key)),
        ("post", "/text", post(text)),
        ("post", "/seek", post(seek)),
        ("post", "/open", post(open)),
        ("get", "/screen.png", get(screen)),
        ("get", "/events", get(listen)),
        ("get", "/figures", get(figures)),
        ("get", "/addons", get(titles::add_ons)),
        ("post", "/addons", post(titles::install)),
        ("patch", "/addons/{id}", patch(titles::change)),
        ("delete", "/addons/{id}", delete(titles::remove)),
        ("get", "/search", get(titles::search)),
        ("get", "/library", get(titles::library)),
        ("get", "/backup", get(belongings::save)),
        ("post", "/backup", post(belongings::bring)),
        ("get", "/diagnostics", get(belongings::diagnostics)),
        ("get", "/profiles", get(profiles::all)),
        ("post", "/profile", post(profiles::choose)),
        ("post", "/pin", post(profiles::enter)),
    ]
}

/// Methods and paths below `/api/v1` of all endpoints, as `openapi.json` has them.
pub fn endpoints() -> Vec<(&'static str, &'static str)> {
    let all = routes().into_iter();
    all.map(|(method, path, _)| (method, path)).collect()
}

/// All routes of `/api/v1`; anything else is 404.
pub(super) fn router(door: Door) -> Router {
    router_with(door, Router::new())
}

/// The same beside those of `more`.
pub(super) fn router_with(door: Door, more: Router<Arc<Desk>>) -> Router {
    let desk = Arc::new(Desk {
        door,
        encoder: Encoder::new(),
        openings: Semaphore::new(OPENINGS),
        installs: Semaphore::new(INSTALLS),
        searches: Semaphore::new(SEARCHES),
        backups: Semaphore::new(BACKUPS),
        listeners: Arc::new(Semaphore::new(events::LISTENERS)),
    });
    let mut router = more;
    for (_, path, answers) in routes() {
        router = router.route(&format!("{BASE}{path}"), answers);
    }
    router
        .fallback(async || failure(StatusCode::NOT_FOUND, "there is nothing here"))
        .method_not_allowed_fallback(async || {
            failure(StatusCode::METHOD_NOT_ALLOWED, "not with this method")
        })
        .with_state(desk)
}

async fn health() -> Response {
    told(&json!({ "ok": true, "version": env!("CARGO_PKG_VERSION") }))
}

async fn openapi() -> Response {
    typed("application/json", OPENAPI)
}

async fn view(State(desk): Shared) -> Response {
    let view = desk.door.views.borrow().clone();
    told(&state::to_json(&view))
}

async fn figures(State(desk): Shared) -> Response {
    told(&(desk.door.figures)())
}

async fn listen(State(desk): Shared) -> Response {
    match desk.listeners.clone().try_acquire_owned() {
        Ok(place) => events::stream(desk.door.views.clone(), place),
        Err(_) => busy("there are listeners enough"),
    }
}

async fn screen(State(desk): Shared) -> Response {
    let Some(picture) = (desk.door.screen)().await else {
        return busy("there is no picture to be had");
    };
    match desk.encoder.png(picture).await {
        Ok(png) => typed("image/png", png),
        Err(error) => {
            tracing::error!(%error, "control API: screen.png");
            failure(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the picture could not be encoded",
            )
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyPress {
    key: String,
    press: Option<Press>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Press {
    Down,
    Repeat,
    Up,
}

/// The content type is not looked at: `curl -d` says it is a form.
async fn key(State(desk): Shared, request: Request) -> Response {
    let asked: KeyPress = match json_of(request).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let Some(key) = app::Key::named(&asked.key) else {
        let names = app::Key::NAMES.map(|(name, _)| name).join(" ");
        let why = format!("no key is called {:?}; there are: {names}", asked.key);
        return failure(StatusCode::BAD_REQUEST, &why);
    };
    let press = |press| (desk.door.keys)(key, press);
    let pressed = match asked.press {
        Some(Press::Down) => press(app::Press::Down),
        Some(Press::Repeat) => press(app::Press::Repeat),
        Some(Press::Up) => press(app::Press::Up),
        None => press(app::Press::Down) && release(press).await,
    };
    if pressed {
        told(&json!({ "ok": true }))
    } else {
        busy("too many keys at once")
    }
}

async fn release(press: impl Fn(app::Press) -> bool) -> bool {
    for _ in 0..RELEASE_TRIES {
        if press(app::Press::Up) {
            return true;
        }
        tokio::time::sleep(RELEASE_PAUSE).await;
    }
    false
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    text: String,
}

async fn text(State(desk): Shared, request: Request) -> Response {
    let asked: Typed = match json_of(request).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    (desk.door.typed)(asked.text).await;
    told(&json!({ "ok": true }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    position_ms: u64,
}

async fn seek(State(desk): Shared, request: Request) -> Response {
    let asked: Place = match json_of(request).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    (desk.door.jump)(Duration::from_millis(asked.position_ms)).await;
    told(&json!({ "ok": true }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    magnet: Option<String>,
    film: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    id: Option<String>,
}

/// What is to be opened.
enum Asked {
    Film(Handed),
    Title(app::Title),
    /// By its id on this box.
    Known(String),
}

async fn open(State(desk): Shared, request: Request) -> Response {
    let Ok(_place) = desk.openings.try_acquire() else {
        return busy("another film is being opened");
    };
    let asked = match asked(request).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let handed = match asked {
        Asked::Title(title) => {
            let film = desk.door.titles.open(title);
            return told(&json!({ "film": film.0 }));
        }
        Asked::Known(id) => {
            return match desk.door.titles.open_film(&id) {
                Some(film) => told(&json!({ "film": film.0 })),
                None => failure(StatusCode::NOT_FOUND, "there is no film with this id"),
            };
        }
        Asked::Film(handed) => handed,
    };
    match (desk.door.open)(handed).await {
        Ok(film) => told(&json!({ "film": film.0 })),
        Err(why) => refused(&why),
    }
}

async fn asked(request: Request) -> Result<Asked, Response> {
    match kind_of(request.headers()) {
        "application/x-bittorrent" | "application/octet-stream" => {
            let metainfo = body_of(request, METAINFO_BYTES).await?;
            if metainfo.is_empty() {
                return Err(failure(StatusCode::BAD_REQUEST, "the body is empty"));
            }
            Ok(Asked::Film(Handed::Metainfo(metainfo)))
        }
        "application/json" => {
            let link = linked(json_of(request).await?);
            link.map_err(|why| failure(StatusCode::BAD_REQUEST, why))
        }
        _ => Err(failure(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send {\"magnet\": \"...\"} or {\"type\": \"...\", \"id\": \"...\"} as \
             application/json, or a .torrent as application/x-bittorrent",
        )),
    }
}

/// What the link leads to, or what would be right.
fn linked(link: Link) -> Result<Asked, &'static str> {
    match link {
        Link {
            magnet: Some(magnet),
            film: None,
            kind: None,
            id: None,
        } => {
            let film = Handed::magnet(magnet).map(Asked::Film);
            film.ok_or("a magnet begins with 'magnet:?'")
        }
        Link {
            magnet: None,
            film: None,
            kind: Some(kind),
            id: Some(id),
        } => {
            let title = titles::title(&kind, &id).map(Asked::Title);
            title.ok_or("a title has a type and an id, as a search tells them")
        }
        Link {
            magnet: None,
            film: Some(id),
            kind: None,
            id: None,
        } => Ok(Asked::Known(id)),
        _ => Err("send a magnet, or a type and an id, or a film"),
    }
}

/// The content type without its parameters.
fn kind_of(headers: &HeaderMap) -> &str {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default();
    kind.split_once(';').map_or(kind, |(kind, _)| kind).trim()
}

pub(super) async fn json_of<T: for<'a> Deserialize<'a>>(request: Request) -> Result<T, Response> {
    let body = body_of(request, JSON_BYTES).await?;
    serde_json::from_slice(&body).map_err(|error| {
        failure(
            StatusCode::BAD_REQUEST,
            &format!("not what is wanted: {error}"),
        )
    })
}
