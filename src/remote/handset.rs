//! The phone's app: its files, the way in, and the control API behind it, for the home network.
//!
//! The files are parts of the program and need no token, for a browser sends none for them; they
//! hold nothing of the box. Everything else wants the token of a phone that was let in, which is
//! told once, by `POST /pair`, for the code on the TV.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::Language;
use axum::Router;
use axum::extract::Request;
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::routes::{json_of, router_with};
use super::{Door, PATIENCE};
use http_server::answers::{failure, told, typed};
use http_server::{Home, HttpError, Server};

/// What a phone is called at most.
const NAME_CHARS: usize = 40;

/// Only our own files run and are asked, and nobody shows the page in his.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// Paths, media types, contents.
const FILES: [(&str, &str, &str); 6] = [
    (
        "/",
        "text/html; charset=utf-8",
        include_str!("app/index.html"),
    ),
    (
        "/app.css",
        "text/css; charset=utf-8",
        include_str!("app/app.css"),
    ),
    (
        "/app.js",
        "text/javascript; charset=utf-8",
        include_str!("app/app.js"),
    ),
    (
        "/who.js",
        "text/javascript; charset=utf-8",
        include_str!("app/who.js"),
    ),
    ("/icon.svg", "image/svg+xml", include_str!("app/icon.svg")),
    (
        "/app.webmanifest",
        "application/manifest+json",
        include_str!("app/app.webmanifest"),
    ),
];

/// Which phones may speak, and how another comes to.
pub trait Keyring: Send + Sync {
    /// Whether a phone with this token was let in.
    fn knows(&self, token: &str) -> bool;

    /// Lets a phone in by the code on the TV: its token.
    ///
    /// # Errors
    /// The code was not right, or was not looked at.
    fn pair(&self, code: &str, name: &str) -> Result<String, Refused>;
}

/// Why a phone is not let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    Wrong,
    /// The TV shows none.
    NoCode,
    /// Too soon after wrong ones.
    Later(Duration),
    /// There are phones enough; how many.
    TooMany(usize),
    /// It could not be remembered.
    NotKept,
}

/// Whether everybody at home may have that.
fn free(method: &Method, path: &str) -> bool {
    match *method {
        Method::GET | Method::HEAD => {
            path == "/words.json" || FILES.iter().any(|(file, _, _)| *file == path)
        }
        Method::POST => path == "/pair",
        _ => false,
    }
}

/// Serves the app and the API behind it on the runtime that polls this.
///
/// # Errors
/// As [`http_server::serve_home`].
pub async fn serve_handset(
    listen: SocketAddr,
    hosts: Vec<String>,
    door: Door,
    keys: Arc<dyn Keyring>,
) -> Result<Server, HttpError> {
    let knows = Arc::clone(&keys);
    let home = Home {
        listen,
        hosts,
        patience: PATIENCE,
        knows: Arc::new(move |token| knows.knows(token)),
        free,
    };
    let mut files = Router::new();
    for (path, kind, content) in FILES {
        files = files.route(path, get(move || async move { page(kind, content) }));
    }
    let views = door.views.clone();
    let words = move || async move {
        let language = views.borrow().language;
        words(language, app::handset_words(language))
    };
    let files = files
        .route("/words.json", get(words))
        .route("/pair", post(move |request| pair(keys, request)));
    http_server::serve_home(home, router_with(door, files)).await
}

pub(super) fn page(kind: &'static str, content: &'static str) -> Response {
    let mut response = typed(kind, content);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// What a page says, in the language of the box.
pub(super) fn words(language: Language, words: Vec<(&'static str, String)>) -> Response {
    let words = words.into_iter();
    let words = words.map(|(key, text)| (key.to_owned(), json!(text)));
    told(&json!({
        "language": language.code(),
        "direction": if language.is_rtl() { "rtl" } else { "ltr" },
        "words": words.collect::<serde_json::Map<_, _>>(),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    code: String,
    name: String,
}

async fn pair(keys: Arc<dyn Keyring>, request: Request) -> Response {
    let asked: Asked = match json_of(request).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let name: String = asked.name.chars().filter(|it| !it.is_control()).collect();
    let name: String = name.trim().chars().take(NAME_CHARS).collect();
    if name.is_empty() {
        return failure(StatusCode::BAD_REQUEST, "the phone needs a name");
    }
    // It writes a file.
    let paired = tokio::task::spawn_blocking(move || keys.pair(&asked.code, &name));
    match paired.await.unwrap_or(Err(Refused::NotKept)) {
        Ok(token) => told(&json!({ "token": token })),
        Err(why) => refused(&why),
    }
}

fn refused(why: &Refused) -> Response {
    match why {
        Refused::Wrong => failure(StatusCode::FORBIDDEN, "this is not the code on the TV"),
        Refused::NoCode => failure(StatusCode::CONFLICT, "the TV shows no code now"),
        Refused::TooMany(most) => failure(
            StatusCode::CONFLICT,
            &format!("there are {most} phones already: forget one on the TV"),
        ),
        Refused::NotKept => failure(
            StatusCode::INSUFFICIENT_STORAGE,
            "the box cannot remember this phone",
        ),
        Refused::Later(wait) => {
            let mut response = failure(StatusCode::TOO_MANY_REQUESTS, "too many wrong codes");
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            let wait = HeaderValue::from(seconds);
            response.headers_mut().insert(RETRY_AFTER, wait);
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_is_small() {
        let bytes: usize = FILES.iter().map(|(_, _, content)| content.len()).sum();
        let said = |it| -> usize {
            let words = app::handset_words(it).into_iter();
            words.map(|(key, text)| key.len() + text.len()).sum()
        };
        let words = Language::offered().map(said).max().unwrap();
        assert!(bytes + words <= 100 * 1024, "{bytes} and {words}");
    }

    #[test]
    fn nothing_but_the_files_and_the_way_in_is_free() {
        let is = |method: Method, path: &str| free(&method, path);
        assert!(
            is(Method::GET, "/") && is(Method::POST, "/pair") && is(Method::GET, "/words.json")
        );
        assert!(!is(Method::POST, "/") && !is(Method::GET, "/pair") && !is(Method::DELETE, "/"));
        for (_, path) in super::super::endpoints() {
            assert!(!is(Method::GET, &format!("/api/v1{path}")), "{path}");
        }
    }

    #[test]
    fn every_word_that_the_app_asks_for_is_there() {
        let known = app::handset_words(Language::English);
        let mut asked = 0;
        for (_, _, content) in FILES {
            for (before, after) in [
                ("data-say=\"", '"'),
                ("data-label=\"", '"'),
                ("say('", '\''),
            ] {
                for part in content.split(before).skip(1) {
                    let key = part.split(after).next().unwrap();
                    assert!(known.iter().any(|(word, _)| *word == key), "{key}");
                    asked += 1;
                }
            }
        }
        assert!(asked > 20, "{asked}");
    }
}
