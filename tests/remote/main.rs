//! The control API over real sockets on loopback, with requests written byte by byte: a client
//! library would not send the wrong ones. This file: the box behind the API, and the client.
#![allow(clippy::unwrap_used)]

mod belongings;
mod endpoints;
mod events;
mod handset;
mod network;
mod openapi;
mod pages;
mod profiles;
mod security;
mod setup;
mod state;
mod titles;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::{Key, Press};
use futures_util::future::{BoxFuture, FutureExt as _, join_all};
use http_server::{HttpError, Server};
use matinee::remote::{self, Config, Door, Handed, Picture};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::watch;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// Nothing here takes a tenth of it; a test that hangs must end by itself.
const PATIENCE: Duration = Duration::from_mins(1);

/// A box behind the API, as far as the API can tell.
struct Stage {
    server: Server,
    views: watch::Sender<Arc<app::View>>,
    keys: Arc<Mutex<Vec<(Key, Press)>>>,
    handed: Arc<Mutex<Vec<Handed>>>,
    titles: Arc<titles::Box>,
    belongings: Arc<belongings::Own>,
    /// What was typed, and where the film was moved.
    typed: Arc<Mutex<Vec<String>>>,
    jumps: Arc<Mutex<Vec<Duration>>>,
}

fn view(seq: u64) -> app::View {
    app::View {
        seq,
        language: app::Language::English,
        screen: app::Screen::Trouble(app::TroubleView {
            title: "T".into(),
            message: format!("message {seq}"),
            actions: Vec::new(),
            focus: 0,
        }),
        dark: false,
        resting: app::Resting::Awake,
        notice: None,
        volume: None,
        loudness: None,
        contrast: false,
        large_text: false,
        overscan: 0,
        corners: false,
        profile: None,
        clock: None,
    }
}

/// Refuses a magnet that says "broken", calls the others "film".
fn open(handed: &Handed) -> Result<app::FilmId, app::SupplyFailure> {
    match handed {
        Handed::Magnet(magnet) if magnet.contains("broken") => {
            Err(app::SupplyFailure::Broken("no info hash".into()))
        }
        _ => Ok(app::FilmId("film".into())),
    }
}

async fn stage_with(
    accepts: impl Fn(Key, Press) -> bool + Send + Sync + 'static,
    picture: Option<Picture>,
    hosts: &[&str],
) -> Stage {
    let (views, seen) = watch::channel(Arc::new(view(1)));
    let keys = Arc::new(Mutex::new(Vec::new()));
    let handed = Arc::new(Mutex::new(Vec::new()));
    let titles = Arc::<titles::Box>::default();
    let belongings = Arc::<belongings::Own>::default();
    let (pressed, opened) = (keys.clone(), handed.clone());
    let typed = Arc::new(Mutex::new(Vec::new()));
    let jumps = Arc::new(Mutex::new(Vec::new()));
    let (texts, places) = (typed.clone(), jumps.clone());
    let door = Door {
        views: seen,
        keys: Arc::new(move |key, press| {
            pressed.lock().unwrap().push((key, press));
            accepts(key, press)
        }),
        typed: Arc::new(move |text| {
            texts.lock().unwrap().push(text);
            async {}.boxed()
        }),
        jump: Arc::new(move |to| {
            places.lock().unwrap().push(to);
            async {}.boxed()
        }),
        open: Arc::new(move |film| {
            let result = open(&film);
            opened.lock().unwrap().push(film);
            async move { result }.boxed()
        }),
        screen: Arc::new(move || -> BoxFuture<'static, _> {
            let picture = picture.clone();
            async move { picture }.boxed()
        }),
        figures: Arc::new(|| json!({ "frames": 7 })),
        titles: titles.clone(),
        belongings: belongings.clone(),
    };
    let config = Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        token: TOKEN.into(),
        hosts: hosts.iter().map(|&host| host.to_owned()).collect(),
    };
    let server = remote::serve(config, door).await.unwrap();
    Stage {
        server,
        views,
        keys,
        handed,
        titles,
        belongings,
        typed,
        jumps,
    }
}

/// To a box that does nothing, and stops at once.
fn door() -> Door {
    let (_views, seen) = watch::channel(Arc::new(view(1)));
    Door {
        views: seen,
        keys: Arc::new(|_, _| true),
        typed: Arc::new(|_| async {}.boxed()),
        jump: Arc::new(|_| async {}.boxed()),
        open: Arc::new(|film| async move { open(&film) }.boxed()),
        screen: Arc::new(|| async { None }.boxed()),
        titles: Arc::<titles::Box>::default(),
        belongings: Arc::<belongings::Own>::default(),
        figures: Arc::new(|| Value::Null),
    }
}

async fn stage() -> Stage {
    stage_with(|_, _| true, None, &[]).await
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Sends the bytes, reads until the server closes (so they must ask for that).
async fn send(address: SocketAddr, bytes: &[u8]) -> Answer {
    talk(TcpStream::connect(address).await.unwrap(), bytes).await
}

/// The same by a connection that is there.
async fn talk(mut stream: TcpStream, bytes: &[u8]) -> Answer {
    // The server may answer and close before it has read all.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    let _ = read.expect("the server answers and closes");
    let split = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let split = split.unwrap_or_else(|| panic!("no answer: {answer:?}"));
    let head = String::from_utf8(answer[..split].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer {
        status,
        head: head.to_ascii_lowercase(),
        body: answer[split + 4..].to_vec(),
    }
}

/// A rightful request, whose answer is held against `openapi.json`.
async fn ask(stage: &Stage, method: &str, path: &str, kind: &str, body: &[u8]) -> Answer {
    let address = stage.server.address();
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {TOKEN}\r\n\
         connection: close\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    let answer = send(address, &request).await;
    openapi::holds(method, path, &answer);
    answer
}

async fn get(stage: &Stage, path: &str) -> Answer {
    ask(stage, "GET", path, "", b"").await
}

async fn post(stage: &Stage, path: &str, body: &str) -> Answer {
    ask(stage, "POST", path, "application/json", body.as_bytes()).await
}
