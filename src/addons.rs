//! Serves our own add-ons to other programs on the home network, where the owner says so.
//!
//! Plain reads of what is everybody's: no token, and pages of other sites may ask too, for that is
//! how the protocol's clients work. What is asked and answered is `internal::Served`.

use std::io::SeekFrom;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HOST, RANGE};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use http_server::{Config, HttpError, Patience, Server};
use internal::Served;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

/// A row of the Archive may take some seconds; a client that takes no byte for so long is gone.
const PATIENCE: Patience = Patience {
    answer: Duration::from_secs(15),
    write: Duration::from_secs(20),
};

/// Bytes read of a file at a time; a film takes some forty of them a second at most.
const PIECE_BYTES: usize = 64 * 1024;

/// Starts to serve on the runtime that polls this, if there is a place to listen.
///
/// # Errors
/// As [`http_server::serve`].
pub async fn serve(
    listen: Option<SocketAddr>,
    served: Served,
) -> Result<Option<Server>, HttpError> {
    let Some(listen) = listen else {
        return Ok(None);
    };
    let config = Config {
        listen,
        token: None,
        hosts: Vec::new(),
        any_page: true,
        patience: PATIENCE,
    };
    http_server::serve(config, router(served)).await.map(Some)
}

fn router(served: Served) -> Router {
    Router::new().fallback(move |method: Method, uri: Uri, headers: HeaderMap| {
        let served = served.clone();
        async move {
            let reads = matches!(method, Method::GET | Method::HEAD);
            if reads && let Some(path) = served.file(uri.path()).await {
                return file(&path, &headers).await;
            }
            let host = headers.get(HOST).and_then(|host| host.to_str().ok());
            http(match method {
                Method::OPTIONS => addon::Reply::preflight(),
                _ if reads => served.reply(uri.path(), host).await,
                _ => addon::Reply::not_found(),
            })
        }
    })
}

/// A film's file, or the part of it that is asked for (RFC 9110 section 14: one range; what is no
/// such is the whole).
async fn file(path: &Path, headers: &HeaderMap) -> Response {
    let gone = |error: std::io::Error| {
        tracing::debug!("{}: {error}", path.display());
        http(addon::Reply::not_found())
    };
    let mut file = match File::open(path).await {
        Ok(file) => file,
        Err(error) => return gone(error),
    };
    let size = match file.metadata().await {
        Ok(about) => about.len(),
        Err(error) => return gone(error),
    };
    let asked = headers.get(RANGE).and_then(|range| range.to_str().ok());
    let part = asked.and_then(|range| span(range, size));
    let (status, span) = match part {
        Some(span) if span.is_empty() => (StatusCode::RANGE_NOT_SATISFIABLE, 0..0),
        Some(span) => (StatusCode::PARTIAL_CONTENT, span),
        None => (StatusCode::OK, 0..size),
    };
    if let Err(error) = file.seek(SeekFrom::Start(span.start)).await {
        return gone(error);
    }
    let mut response = Response::builder()
        .status(status)
        .header(ACCEPT_RANGES, "bytes")
        .header(CONTENT_LENGTH, span.end - span.start)
        .header(CONTENT_TYPE, "application/octet-stream");
    response = match status {
        StatusCode::PARTIAL_CONTENT => {
            let last = span.end - 1;
            let part = format!("bytes {}-{last}/{size}", span.start);
            response.header(CONTENT_RANGE, part)
        }
        StatusCode::RANGE_NOT_SATISFIABLE => {
            response.header(CONTENT_RANGE, format!("bytes */{size}"))
        }
        _ => response,
    };
    for (name, value) in addon::CORS {
        response = response.header(name, value);
    }
    let made = response.body(Body::from_stream(read(file, span.end - span.start)));
    made.unwrap_or_else(|error| broken(&error))
}

/// So many bytes from where the file stands, piece by piece; less where it became shorter.
fn read(file: File, bytes: u64) -> impl Stream<Item = std::io::Result<Bytes>> + Send {
    futures_util::stream::try_unfold((file, bytes), async |(mut file, left)| {
        let mut piece = BytesMut::with_capacity(PIECE_BYTES);
        let wanted = left.min(PIECE_BYTES as u64);
        if wanted == 0 || (&mut file).take(wanted).read_buf(&mut piece).await? == 0 {
            return Ok(None);
        }
        let left = left - piece.len() as u64;
        Ok(Some((piece.freeze(), (file, left))))
    })
}

/// Of `bytes=0-99`, `bytes=100-` and `bytes=-100`; an empty one cannot be had.
fn span(range: &str, size: u64) -> Option<Range<u64>> {
    let (first, last) = range.trim().strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| text.parse::<u64>().ok();
    Some(match (first, last) {
        ("", last) => size.saturating_sub(number(last)?)..size,
        (first, "") => number(first)?.min(size)..size,
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if first > last {
                return None;
            }
            first.min(size)..last.saturating_add(1).min(size)
        }
    })
}

fn http(reply: addon::Reply) -> Response {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    let made = response.body(Body::from(reply.body));
    made.unwrap_or_else(|error| broken(&error))
}

fn broken(error: &axum::http::Error) -> Response {
    tracing::error!("a reply is no answer: {error}");
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use addon::AddOn;
    use reqwest::{Client, Method};

    use super::*;

    #[tokio::test]
    async fn a_page_of_another_site_may_read_and_nobody_may_write() {
        let films = app::Row::new("Films", vec![app::Film::default()]);
        let add_on: Arc<dyn AddOn> = Arc::new(internal::Bundled::new(vec![films]));
        let served = Served::new(vec![("bundled", add_on)]);
        assert!(serve(None, served.clone()).await.unwrap().is_none());
        let any = Some("127.0.0.1:0".parse().unwrap());
        let server = serve(any, served).await.unwrap().unwrap();
        let at = format!("http://{}/addon/bundled/manifest.json", server.address());
        let client = Client::builder().no_proxy().build().unwrap();
        let ask = |method, host: &str| {
            let asked = client
                .request(method, &at)
                .header("origin", "https://a.example");
            let asked = match host {
                "" => asked,
                host => asked.header("host", host),
            };
            async { asked.send().await.unwrap() }
        };
        let told = ask(Method::GET, "").await;
        assert_eq!(told.headers()["access-control-allow-origin"], "*");
        assert!(told.text().await.unwrap().contains("org.matinee.bundled"));
        assert_eq!(ask(Method::OPTIONS, "").await.status(), 204);
        assert_eq!(ask(Method::POST, "").await.status(), 404);
        for path in ["file/x/0/y", "file/drive:0/0/film.mkv", "file/"] {
            let at = format!("http://{}/addon/drives/{path}", server.address());
            assert_eq!(
                client.get(&at).send().await.unwrap().status(),
                404,
                "{path}"
            );
        }
        // A name that was bound to us by somebody else.
        let rebound = ask(Method::GET, "a.example").await;
        assert!(rebound.status().is_client_error(), "{rebound:?}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_file_of_a_drive_is_read_in_parts() {
        let folder = tempfile::tempdir().unwrap();
        let film: Vec<u8> = (0..200_000_u32).map(|it| (it % 251) as u8).collect();
        std::fs::write(folder.path().join("Spring.2019.mkv"), &film).unwrap();
        let folders = vec![folder.path().to_owned()];
        let runtime = tokio::runtime::Handle::current();
        let drives = internal::Drives::start(folders, Arc::new(|_| {}), &runtime);
        let served = Served::new(Vec::new()).with_drives(drives);
        let any = Some("127.0.0.1:0".parse().unwrap());
        let server = serve(any, served).await.unwrap().unwrap();
        let client = Client::builder().no_proxy().build().unwrap();
        let base = format!("http://{}/addon/drives", server.address());
        let json = async |path: &str| {
            let told = client.get(format!("{base}{path}")).send().await.unwrap();
            serde_json::from_slice::<serde_json::Value>(&told.bytes().await.unwrap()).unwrap()
        };
        let row = json("/catalog/movie/drives.json").await;
        let id = row["metas"][0]["id"].as_str().unwrap().replace(':', "%3A");
        let told = json(&format!("/stream/movie/{id}.json")).await;
        let url = told["streams"][0]["url"].as_str().unwrap();
        let get = async |range: &str| {
            let asked = client.get(url).header("range", range);
            let told = asked.send().await.unwrap();
            let status = told.status().as_u16();
            (status, told.bytes().await.unwrap().to_vec())
        };
        assert_eq!(get("none").await, (200, film.clone()));
        assert_eq!(
            get("bytes=70000-139999").await,
            (206, film[70_000..140_000].to_vec())
        );
        assert_eq!(get("bytes=-5").await, (206, film[199_995..].to_vec()));
        assert_eq!(get("bytes=199999-").await, (206, film[199_999..].to_vec()));
        assert_eq!(get("bytes=200000-").await, (416, Vec::new()));
        std::fs::remove_file(folder.path().join("Spring.2019.mkv")).unwrap();
        assert_eq!(get("none").await.0, 404);
    }
}
