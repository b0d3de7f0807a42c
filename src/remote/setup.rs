//! The page in the network that the box opens itself: what networks there are, and the one that
//! the box is to join, with its password.
//!
//! It is served at that link's address alone and only while that is open ([`http_server::Link`]).
//! No token is asked for: who is there has typed the password that the TV shows, and can do one
//! thing, once. Of a password nothing is kept or told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::{Choice, Language, Lock, Passphrase, Wifi};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::PATIENCE;
use super::handset::{page, words};
use http_server::answers::{body_of, busy, failure, told};
use http_server::{Heard, HttpError, Link, Server};

/// Paths, media types, contents.
const FILES: [(&str, &str, &str); 4] = [
    (
        "/",
        "text/html; charset=utf-8",
        include_str!("app/setup.html"),
    ),
    (
        "/setup.js",
        "text/javascript; charset=utf-8",
        include_str!("app/setup.js"),
    ),
    (
        "/app.css",
        "text/css; charset=utf-8",
        include_str!("app/app.css"),
    ),
    ("/icon.svg", "image/svg+xml", include_str!("app/icon.svg")),
];

/// A name of 32 bytes and a password of 63, each letter written as an escape of six.
const JSON_BYTES: usize = 1024;

/// Between choices, right or wrong.
const PAUSE: Duration = Duration::from_secs(1);

/// Letters of a password (IEEE 802.11, J.4.1), and bytes of a network's name (9.4.2.2).
const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 8..=63;
const NAME_BYTES: std::ops::RangeInclusive<usize> = 1..=32;

/// Takes what was chosen. It may wait for the core.
pub type Chosen = Arc<dyn Fn(Choice) + Send + Sync>;

/// What is served.
#[allow(missing_debug_implementations, reason = "made of callbacks")]
pub struct Setup {
    /// The box's own address in that network; port 0 takes any free one.
    pub listen: SocketAddr,
    /// So many leading bits the addresses of that network share.
    pub prefix: u8,
    pub language: Language,
    /// Those that were in reach before.
    pub networks: Vec<Wifi>,
    pub heard: Heard,
    pub chosen: Chosen,
}

struct Desk {
    networks: Vec<Wifi>,
    chosen: Chosen,
    /// The next choice is heard then; none: one was taken.
    next: Mutex<Option<Instant>>,
}

/// Serves it on the runtime that polls this.
///
/// # Errors
/// As [`http_server::serve_link`].
pub async fn serve_setup(setup: Setup) -> Result<Server, HttpError> {
    let link = Link {
        listen: setup.listen,
        prefix: setup.prefix,
        patience: PATIENCE,
        heard: setup.heard,
    };
    // The others the box cannot join.
    let can = |wifi: &Wifi| matches!(wifi.lock, Lock::Open | Lock::Password);
    let desk = Desk {
        networks: setup.networks.into_iter().filter(can).collect(),
        chosen: setup.chosen,
        next: Mutex::new(Some(Instant::now())),
    };
    let mut router = Router::new();
    for (path, kind, content) in FILES {
        router = router.route(path, get(async move || page(kind, content)));
    }
    let language = setup.language;
    let said = async move || words(language, app::setup_words(language));
    let router = router
        .route("/words.json", get(said))
        .route("/networks", get(networks))
        .route("/join", post(join))
        .fallback(async || failure(StatusCode::NOT_FOUND, "there is nothing here"))
        .method_not_allowed_fallback(async || {
            failure(StatusCode::METHOD_NOT_ALLOWED, "not with this method")
        });
    http_server::serve_link(link, router.with_state(Arc::new(desk))).await
}

/// The password of this one is to be typed.
fn is_locked(wifi: &Wifi) -> bool {
    wifi.lock == Lock::Password && !wifi.known
}

async fn networks(State(desk): State<Arc<Desk>>) -> Response {
    let one = |wifi: &Wifi| {
        json!({
            "name": wifi.name,
            "bars": wifi.bars,
            "locked": is_locked(wifi),
        })
    };
    let networks: Vec<_> = desk.networks.iter().map(one).collect();
    told(&json!({ "networks": networks }))
}

/// A network by its place in the list, or by a name that it does not tell.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    network: Option<usize>,
    name: Option<String>,
    password: Option<String>,
}

async fn join(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    if !is_json(request.headers()) {
        return failure(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send application/json");
    }
    if let Err(response) = desk.hears() {
        return *response;
    }
    let body = match body_of(request, JSON_BYTES).await {
        Ok(body) => body,
        Err(response) => return response,
    };
    // What is wrong with it is not told by its words: a password is among them.
    let asked = serde_json::from_slice(&body).ok();
    let choice = match asked.map(|asked| desk.choice(asked)) {
        Some(Ok(choice)) => choice,
        Some(Err(why)) => return failure(StatusCode::BAD_REQUEST, why),
        None => return failure(StatusCode::BAD_REQUEST, "not what is wanted"),
    };
    if !desk.takes() {
        return taken();
    }
    let chosen = Arc::clone(&desk.chosen);
    // It may wait for the core.
    match tokio::task::spawn_blocking(move || chosen(choice)).await {
        Ok(()) => told(&json!({ "ok": true })),
        Err(_) => failure(StatusCode::INTERNAL_SERVER_ERROR, "the box did not hear it"),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let kind = kind.and_then(|it| it.split(';').next()).unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}

fn taken() -> Response {
    failure(StatusCode::CONFLICT, "a network is being joined")
}

impl Desk {
    /// Whether another choice is heard now.
    fn hears(&self) -> Result<(), Box<Response>> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        match *next {
            None => Err(Box::new(taken())),
            Some(at) if now < at => Err(Box::new(busy("too soon after the last one"))),
            Some(_) => {
                *next = Some(now + PAUSE);
                Ok(())
            }
        }
    }

    /// The first that is right, and none after it.
    fn takes(&self) -> bool {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.take().is_some()
    }

    fn choice(&self, asked: Asked) -> Result<Choice, &'static str> {
        let passphrase = asked.password.map(Passphrase);
        if !passphrase.as_ref().is_none_or(|it| may_be(&it.0)) {
            return Err("a password has 8 to 63 letters of ASCII");
        }
        match (asked.network, asked.name) {
            (Some(at), None) => {
                let wifi = self.networks.get(at).ok_or("there is no such network")?;
                if is_locked(wifi) && passphrase.is_none() {
                    return Err("this network has a password");
                }
                Ok(Choice {
                    id: Some(Arc::clone(&wifi.id)),
                    name: wifi.name.clone(),
                    passphrase: passphrase.filter(|_| is_locked(wifi)),
                })
            }
            (None, Some(name)) if NAME_BYTES.contains(&name.len()) => Ok(Choice {
                id: None,
                name,
                passphrase,
            }),
            (None, Some(_)) => Err("the name of a network has 1 to 32 bytes"),
            _ => Err("send a network of the list, or a name"),
        }
    }
}

fn may_be(password: &str) -> bool {
    let ascii = password
        .bytes()
        .all(|it| it == b' ' || it.is_ascii_graphic());
    ascii && PASSWORD_CHARS.contains(&password.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_that_the_page_asks_for_is_there_and_no_other() {
        let known = app::setup_words(Language::English);
        let asked = |key: &str| {
            let ways = [format!("data-say=\"{key}\""), format!("say('{key}')")];
            let mut contents = FILES.iter().map(|(_, _, content)| content);
            contents.any(|content| ways.iter().any(|way| content.contains(way)))
        };
        for (key, _) in &known {
            assert!(asked(key), "{key} is never said");
        }
        for (_, _, content) in FILES {
            for (before, after) in [("data-say=\"", '"'), ("say('", '\'')] {
                for part in content.split(before).skip(1) {
                    let key = part.split(after).next().unwrap();
                    assert!(known.iter().any(|(word, _)| *word == key), "{key}");
                }
            }
        }
    }
}
