//! The endpoints: read a request, ask the engine, say what came of it.

use std::sync::Arc;
use std::time::Duration;

use app::{SupplyFailure, TorrentRef};
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, HOST};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::{delete, get, post, put};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use torrent::{Contents, KeepError, Torrents, info_hash_of};

use super::roster::{Entry, Phase, Roster};
use super::{body, listing, metrics};
use http_server::answers::{body_of, busy, failure, refused, told, typed};

/// The largest metainfo taken, as for one from a peer: about 500 000 pieces.
const METAINFO_BYTES: usize = 10 * 1024 * 1024;

/// Torrents being handed over at a time: each may hold [`METAINFO_BYTES`].
const OPENINGS: usize = 4;

/// How long the answer to a magnet waits for its metadata.
const METADATA_TIME: Duration = Duration::from_mins(1);

struct Desk {
    roster: Roster,
    openings: Semaphore,
    /// For the addresses in playlists.
    token: Option<String>,
}

type Shared = State<Arc<Desk>>;

pub(super) fn router(roster: Roster, token: Option<String>) -> Router {
    let desk = Arc::new(Desk {
        roster,
        openings: Semaphore::new(OPENINGS),
        token,
    });
    Router::new()
        .route("/health", get(health))
        .route("/metrics", get(figures))
        .route("/torrents", post(open).get(list))
        .route("/torrents/{id}", get(show).delete(close))
        .route("/held", get(held))
        .route("/held/{id}", delete(forget))
        .route("/held/{id}/keep", put(keep).delete(let_go))
        .route("/stream/{id}/{index}", get(stream))
        .route("/playlist/{name}", get(playlist))
        .fallback(async || failure(StatusCode::NOT_FOUND, "there is nothing here"))
        .method_not_allowed_fallback(async || {
            failure(StatusCode::METHOD_NOT_ALLOWED, "not with this method")
        })
        .with_state(desk)
}

async fn health() -> Response {
    told(&json!({ "ok": true, "version": env!("CARGO_PKG_VERSION") }))
}

async fn figures(State(desk): Shared) -> Response {
    let torrents = &desk.roster.torrents;
    let all: Vec<_> = desk
        .roster
        .all()
        .into_iter()
        .map(|entry| {
            (
                entry.id.clone(),
                entry.streams(),
                torrents.status(entry.session),
            )
        })
        .collect();
    typed(metrics::KIND, metrics::text(torrents.cache_use(), &all))
}

async fn open(State(desk): Shared, request: Request) -> Response {
    let Ok(place) = desk.openings.try_acquire() else {
        return busy("other torrents are being opened");
    };
    let bytes = match body_of(request, METAINFO_BYTES).await {
        Ok(bytes) => bytes,
        Err(response) => return response,
    };
    let torrents = desk.roster.torrents.clone();
    // It reads and writes files.
    let added = tokio::task::spawn_blocking(move || added(&torrents, &bytes)).await;
    let torrent = match added {
        Ok(Ok(torrent)) => torrent,
        Ok(Err(why)) => return refused(&why),
        Err(panic) => {
            tracing::error!("a torrent could not be read: {panic}");
            return failure(StatusCode::INTERNAL_SERVER_ERROR, "it could not be read");
        }
    };
    drop(place);
    let Some(entry) = desk.roster.open(torrent) else {
        return busy("there are torrents enough: all are being played");
    };
    match contents(&desk, &entry).await {
        Ok(contents) => told(&listing::opened(&entry, Some(&contents))),
        Err(response) => response,
    }
}

/// A magnet is text that says so.
fn added(torrents: &Torrents, bytes: &[u8]) -> Result<TorrentRef, SupplyFailure> {
    let text = bytes.trim_ascii();
    let scheme = text.get(..8).unwrap_or_default();
    if scheme.eq_ignore_ascii_case(b"magnet:?") {
        let magnet = std::str::from_utf8(text);
        let magnet = magnet.map_err(|e| SupplyFailure::Broken(format!("magnet link: {e}")))?;
        return torrents.add_magnet(magnet);
    }
    torrents.add_metainfo(bytes)
}

/// What it holds, once that is known.
async fn contents(desk: &Desk, entry: &Entry) -> Result<Contents, Response> {
    let mut phase = entry.phase.clone();
    let ready = phase.wait_for(|phase| *phase != Phase::Opening);
    let phase = match timeout(METADATA_TIME, ready).await {
        Ok(Ok(phase)) => phase.clone(),
        Ok(Err(_)) => return Err(failure(StatusCode::GONE, "it was closed")),
        Err(_) => {
            let why = "nobody has told yet what this torrent holds; it is still being asked for";
            return Err(failure(StatusCode::GATEWAY_TIMEOUT, why));
        }
    };
    if let Phase::Failed(why) = &phase {
        return Err(refused(why));
    }
    let contents = desk.roster.torrents.contents(entry.session);
    contents.ok_or_else(|| failure(StatusCode::GONE, "it was closed"))
}

async fn list(State(desk): Shared) -> Response {
    let torrents = &desk.roster.torrents;
    let all = desk.roster.all();
    let all = all.iter().map(|entry| {
        let contents = torrents.contents(entry.session);
        let status = torrents.status(entry.session);
        listing::brief(entry, contents.as_ref(), status.as_ref())
    });
    let cache = torrents.cache_use();
    told(&json!({
        "torrents": all.collect::<Vec<Value>>(),
        "cache": { "used": cache.used, "bound": cache.bound },
    }))
}

async fn show(State(desk): Shared, Path(id): Path<String>) -> Response {
    let Some(entry) = desk.roster.find(&id) else {
        return unknown();
    };
    let torrents = &desk.roster.torrents;
    let contents = torrents.contents(entry.session);
    let status = torrents.status(entry.session);
    told(&listing::whole(&entry, contents.as_ref(), status.as_ref()))
}

async fn close(State(desk): Shared, Path(id): Path<String>) -> Response {
    if desk.roster.close(&id) {
        told(&json!({ "ok": true }))
    } else {
        unknown()
    }
}

fn unknown() -> Response {
    failure(
        StatusCode::NOT_FOUND,
        "no such torrent is open: POST it first",
    )
}

/// Films of which the cache holds something, open or not.
async fn held(State(desk): Shared) -> Response {
    let torrents = desk.roster.torrents.clone();
    // It reads files.
    match tokio::task::spawn_blocking(move || torrents.held()).await {
        Ok(films) => told(&json!({ "held": films.iter().map(listing::held).collect::<Vec<_>>() })),
        Err(panic) => broken(&panic),
    }
}

async fn keep(State(desk): Shared, Path(id): Path<String>) -> Response {
    of_held(&desk, &id, |torrents, hash| torrents.keep(hash, true)).await
}

async fn let_go(State(desk): Shared, Path(id): Path<String>) -> Response {
    of_held(&desk, &id, |torrents, hash| torrents.keep(hash, false)).await
}

async fn forget(State(desk): Shared, Path(id): Path<String>) -> Response {
    of_held(&desk, &id, Torrents::forget).await
}

/// Does something to what is held of a film.
async fn of_held(
    desk: &Desk,
    id: &str,
    act: impl FnOnce(&Torrents, [u8; 20]) -> Result<(), KeepError> + Send + 'static,
) -> Response {
    let Some(hash) = info_hash_of(id) else {
        return failure(StatusCode::NOT_FOUND, "that is no torrent's id");
    };
    let torrents = desk.roster.torrents.clone();
    // It reads and writes files.
    let done = tokio::task::spawn_blocking(move || act(&torrents, hash)).await;
    let why = match done {
        Ok(Ok(())) => return told(&json!({ "ok": true })),
        Ok(Err(why)) => why,
        Err(panic) => return broken(&panic),
    };
    let status = match &why {
        KeepError::Unknown => StatusCode::NOT_FOUND,
        KeepError::Full { .. } => StatusCode::INSUFFICIENT_STORAGE,
        KeepError::Disk(..) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    failure(status, &why.to_string())
}

fn broken(panic: &tokio::task::JoinError) -> Response {
    tracing::error!("the cache could not be asked: {panic}");
    failure(
        StatusCode::INTERNAL_SERVER_ERROR,
        "the cache could not be asked",
    )
}

async fn stream(
    State(desk): Shared,
    Path((id, index)): Path<(String, u32)>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let Some(entry) = desk.roster.find(&id) else {
        return unknown();
    };
    let Some(place) = desk.roster.place(&entry) else {
        return busy("there are players enough");
    };
    let contents = match contents(&desk, &entry).await {
        Ok(contents) => contents,
        Err(response) => return response,
    };
    let torrents = &desk.roster.torrents;
    let Some((_, file)) = contents.files.iter().find(|(at, _)| *at == index) else {
        let why = format!("it has no file {index}");
        return failure(StatusCode::NOT_FOUND, &why);
    };
    let kind = body::kind_of(&file.path);
    let shown = [&b"video/"[..], b"audio/"];
    let shown = file.video || shown.iter().any(|kinds| kind.as_bytes().starts_with(kinds));
    // Subtitles beside a film must not move what is fetched ahead.
    let source = if shown && method == Method::GET {
        torrents.watch(entry.session, index)
    } else {
        torrents.source(entry.session, Some(index))
    };
    let Some(source) = source else {
        return failure(StatusCode::GONE, "it was closed");
    };
    let asked = body::Asked {
        method: &method,
        headers: &headers,
        tag: format!("\"{}-{index}\"", entry.id),
    };
    body::answer(&asked, source, place)
}

async fn playlist(State(desk): Shared, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let id = name.strip_suffix(".m3u").unwrap_or(&name);
    let Some(entry) = desk.roster.find(id) else {
        return unknown();
    };
    let contents = match contents(&desk, &entry).await {
        Ok(contents) => contents,
        Err(response) => return response,
    };
    // Host was found to be an address of ours before any route.
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = host.unwrap_or_default();
    let list = listing::playlist(&entry, &contents, host, desk.token.as_deref());
    let mut response = typed("audio/x-mpegurl", list);
    let saved = HeaderValue::from_static("inline; filename=\"matinee.m3u\"");
    response.headers_mut().insert(CONTENT_DISPOSITION, saved);
    response
}
