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
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Semaphore;

use super::picture::Encoder;
use super::{Door, Handed, events, state};
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

struct Desk {
    door: Door,
    encoder: Encoder,
    openings: Semaphore,
    listeners: Arc<Semaphore>,
}

type Shared = State<Arc<Desk>>;

/// All routes of `/api/v1`; anything else is 404.
pub(super) fn router(door: Door) -> Router {
    let desk = Arc::new(Desk {
        door,
        encoder: Encoder::new(),
        openings: Semaphore::new(OPENINGS),
        listeners: Arc::new(Semaphore::new(events::LISTENERS)),
    });
    Router::new()
        .route("/api/v1/health", get(health))
        .route("/api/v1/state", get(view))
        .route("/api/v1/key", post(key))
        .route("/api/v1/open", post(open))
        .route("/api/v1/screen.png", get(screen))
        .route("/api/v1/events", get(listen))
        .route("/api/v1/figures", get(figures))
        .fallback(async || failure(StatusCode::NOT_FOUND, "there is nothing here"))
        .method_not_allowed_fallback(async || {
            failure(StatusCode::METHOD_NOT_ALLOWED, "not with this method")
        })
        .with_state(desk)
}

async fn health() -> Response {
    told(&json!({ "ok": true, "version": env!("CARGO_PKG_VERSION") }))
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
struct Link {
    magnet: String,
}

async fn open(State(desk): Shared, request: Request) -> Response {
    let Ok(_place) = desk.openings.try_acquire() else {
        return busy("another film is being opened");
    };
    let handed = match handed(request).await {
        Ok(handed) => handed,
        Err(response) => return response,
    };
    match (desk.door.open)(handed).await {
        Ok(film) => told(&json!({ "film": film.0 })),
        Err(why) => refused(&why),
    }
}

async fn handed(request: Request) -> Result<Handed, Response> {
    match kind_of(request.headers()) {
        "application/x-bittorrent" | "application/octet-stream" => {
            let metainfo = body_of(request, METAINFO_BYTES).await?;
            if metainfo.is_empty() {
                return Err(failure(StatusCode::BAD_REQUEST, "the body is empty"));
            }
            Ok(Handed::Metainfo(metainfo))
        }
        "application/json" => {
            let link: Link = json_of(request).await?;
            // Schemes have no case (RFC 3986 section 3.1).
            let scheme = link.magnet.get(..8);
            if scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("magnet:?")) {
                Ok(Handed::Magnet(link.magnet))
            } else {
                Err(failure(
                    StatusCode::BAD_REQUEST,
                    "a magnet begins with 'magnet:?'",
                ))
            }
        }
        _ => Err(failure(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send {\"magnet\": \"...\"} as application/json, or a .torrent as \
             application/x-bittorrent",
        )),
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

async fn json_of<T: for<'a> Deserialize<'a>>(request: Request) -> Result<T, Response> {
    let body = body_of(request, JSON_BYTES).await?;
    serde_json::from_slice(&body).map_err(|error| {
        failure(
            StatusCode::BAD_REQUEST,
            &format!("not what is wanted: {error}"),
        )
    })
}
