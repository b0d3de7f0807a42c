//! Answers and bodies as every API of the box has them: JSON, errors as `{"error": "..."}` with a
//! status that a program can act on, and bodies of a bounded length.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use serde_json::{Value, json};

/// An error as every endpoint tells it.
pub fn failure(status: StatusCode, why: &str) -> Response {
    let mut response = told(&json!({ "error": why }));
    *response.status_mut() = status;
    response
}

/// Full for now; the client may try again.
pub fn busy(why: &str) -> Response {
    let mut response = failure(StatusCode::SERVICE_UNAVAILABLE, why);
    let second = HeaderValue::from_static("1");
    response.headers_mut().insert(RETRY_AFTER, second);
    response
}

/// A value as JSON.
pub fn told(value: &Value) -> Response {
    typed("application/json", value.to_string())
}

/// A body of the media type `kind`, never to be kept by a browser nor guessed at.
pub fn typed(kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        "x-content-type-options",
        HeaderValue::from_static("nosniff"),
    );
    response
}

/// Why a torrent was not taken.
pub fn refused(why: &app::SupplyFailure) -> Response {
    use app::SupplyFailure as Why;
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;
    match why {
        Why::NoVideo { files } => failure(unfit, &format!("none of its {files} files is a video")),
        Why::Broken(what) => failure(unfit, &format!("it cannot be read: {what}")),
        Why::Unsupported(what) => failure(unfit, &format!("it cannot be played: {what}")),
        Why::DiskFull => failure(StatusCode::INSUFFICIENT_STORAGE, "the disk is full"),
        Why::Disk(what) => failure(StatusCode::INTERNAL_SERVER_ERROR, what),
        Why::Unplugged(path) => failure(
            StatusCode::SERVICE_UNAVAILABLE,
            &format!("the storage at {path} is gone"),
        ),
        Why::Off => failure(StatusCode::CONFLICT, "BitTorrent is switched off"),
        Why::NoInterface(name) => failure(
            StatusCode::SERVICE_UNAVAILABLE,
            &format!("the interface {name} is not there"),
        ),
        // Of files, which nobody hands over here.
        Why::NoServer { .. }
        | Why::NotThere(_)
        | Why::Refused { .. }
        | Why::Changed(_)
        | Why::AtHome(_)
        | Why::NoFile(_) => failure(unfit, &app::supply_lost(why)),
        Why::NoProxy(at) => failure(
            StatusCode::SERVICE_UNAVAILABLE,
            &format!("the proxy {at} does not answer, or does not let us in"),
        ),
    }
}

/// The whole body, if it has at most `limit` bytes.
///
/// # Errors
/// The answer to give: the body is longer, or broke off.
pub async fn body_of(request: Request, limit: usize) -> Result<Bytes, Response> {
    let mut chunks = request.into_body().into_data_stream();
    let mut body = BytesMut::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| {
            failure(
                StatusCode::BAD_REQUEST,
                &format!("the body broke off: {error}"),
            )
        })?;
        if body.len() + chunk.len() > limit {
            let why = format!("the body has more than {limit} bytes");
            return Err(failure(StatusCode::PAYLOAD_TOO_LARGE, &why));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
