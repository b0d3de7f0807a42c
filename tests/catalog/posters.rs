//! Posters over a real server on loopback: right ones, wrong ones, and how often it is asked.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use app::Poster;
use catalog::Posters;
use fetch::Fetch;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// A server of a few paths, and the paths it was asked for.
struct Stage {
    runtime: Runtime,
    base: String,
    asked: Arc<Mutex<Vec<String>>>,
    folder: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let log = asked.clone();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let log = log.clone();
                // A client that leaves early ends its task with an error; that is no failure.
                tokio::spawn(async move { answer(stream, &log).await });
            }
        });
        Self {
            runtime,
            base,
            asked,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn posters(&self) -> Posters {
        self.posters_by(true, |_| false)
    }

    /// `local`: any host at home may be called, as if it were far away.
    fn posters_by(
        &self,
        local: bool,
        near: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> Posters {
        let host = self.base.trim_start_matches("http://").to_owned();
        let fetch = Fetch::new(fetch::Config {
            allow_local: local,
            lan: vec![host],
            ..fetch::Config::default()
        });
        Posters::new(
            &self.folder.path().join("posters"),
            self.runtime.handle().clone(),
            fetch.unwrap(),
            near,
        )
    }

    fn poster(&self, path: &str) -> Poster {
        Poster(format!("{}{path}", self.base).into())
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

async fn answer(mut stream: TcpStream, log: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    log.lock().unwrap().push(path.clone());
    let (status, headers, body) = page(&path);
    let mut text = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n");
    for (name, value) in headers {
        write!(text, "{name}: {value}\r\n").unwrap();
    }
    stream.write_all(format!("{text}\r\n").as_bytes()).await?;
    stream.write_all(&body).await
}

fn page(path: &str) -> (u16, Vec<(&'static str, String)>, Vec<u8>) {
    let jpeg = ("content-type", "image/jpeg".to_owned());
    let limit = 8 * 1024 * 1024;
    if let Some(left) = path.strip_prefix("/moved/") {
        let left: u32 = left.parse().unwrap();
        let to = match left {
            0 => "/a.jpg".to_owned(),
            _ => format!("/moved/{}", left - 1),
        };
        return (302, vec![("location", to)], Vec::new());
    }
    match path {
        "/a.jpg" => (200, vec![jpeg], b"picture".to_vec()),
        "/full" => (200, vec![jpeg], vec![1; limit]),
        "/long" => (
            200,
            vec![jpeg, ("content-length", (limit + 1).to_string())],
            Vec::new(),
        ),
        "/endless" => (200, vec![jpeg], vec![1; limit + 1]),
        "/cut" => (
            200,
            vec![jpeg, ("content-length", "100".to_owned())],
            vec![1; 50],
        ),
        "/text" => (
            200,
            vec![("content-type", "text/html".to_owned())],
            b"<p>".to_vec(),
        ),
        "/file" => (
            302,
            vec![("location", "file:///etc/hostname".to_owned())],
            Vec::new(),
        ),
        _ => (404, vec![jpeg], b"none".to_vec()),
    }
}

#[test]
fn a_poster_is_fetched_once_and_kept_over_a_start() {
    let stage = Stage::new();
    let posters = stage.posters();
    for _ in 0..3 {
        assert_eq!(posters.bytes(&stage.poster("/a.jpg")).unwrap(), b"picture");
    }
    assert_eq!(stage.asked(), 1);
    assert_eq!(
        stage.posters().bytes(&stage.poster("/a.jpg")).unwrap(),
        b"picture"
    );
    assert_eq!(stage.asked(), 1);
}

#[test]
fn at_home_only_what_its_own_host_named_is_called() {
    let stage = Stage::new();
    let strangers = stage.posters_by(false, |_| false);
    assert_eq!(strangers.bytes(&stage.poster("/a.jpg")), None);
    assert_eq!(stage.asked(), 0);
    let own = stage.poster("/a.jpg").0;
    let posters = stage.posters_by(false, move |address| *address == *own);
    assert!(posters.bytes(&stage.poster("/a.jpg")).is_some());
    assert_eq!(posters.bytes(&stage.poster("/full")), None);
    assert_eq!(stage.asked(), 1);
}

#[test]
fn moves_are_followed_three_times() {
    let stage = Stage::new();
    let posters = stage.posters();
    assert!(posters.bytes(&stage.poster("/moved/2")).is_some());
    assert!(posters.bytes(&stage.poster("/moved/3")).is_none());
    assert!(posters.bytes(&stage.poster("/file")).is_none());
}

#[test]
fn what_is_no_poster_is_none_and_not_asked_for_again() {
    let stage = Stage::new();
    let posters = stage.posters();
    for path in ["/none", "/long", "/endless", "/cut", "/text"] {
        let before = stage.asked();
        for _ in 0..3 {
            assert_eq!(posters.bytes(&stage.poster(path)), None, "{path}");
        }
        assert_eq!(stage.asked(), before + 1, "{path}");
    }
    assert_eq!(
        posters.bytes(&stage.poster("/full")).unwrap().len(),
        8 * 1024 * 1024
    );
}

#[test]
fn the_kept_ones_have_a_bound() {
    let stage = Stage::new();
    let posters = stage.posters();
    // 9 x 8 MiB and their heads are more than 64 MiB.
    for at in 0..9 {
        let address = format!("{}/full#{at}", stage.base);
        assert!(posters.bytes(&Poster(address.into())).is_some());
    }
    let files = std::fs::read_dir(stage.folder.path().join("posters")).unwrap();
    let bytes: u64 = files
        .map(|file| file.unwrap().metadata().unwrap().len())
        .sum();
    assert!((1..=64 * 1024 * 1024).contains(&bytes), "{bytes}");
}

#[test]
fn a_dead_server_costs_little_time() {
    let stage = Stage::new();
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    drop(socket);
    let poster = Poster(format!("http://{address}/a.jpg").into());
    let begun = Instant::now();
    assert_eq!(stage.posters().bytes(&poster), None);
    assert!(begun.elapsed() < Duration::from_secs(25));
}

#[test]
fn files_are_read_up_to_the_bound() {
    let stage = Stage::new();
    let posters = stage.posters();
    let at = |name: &str| {
        Poster(
            stage
                .folder
                .path()
                .join(name)
                .to_string_lossy()
                .as_ref()
                .into(),
        )
    };
    std::fs::write(stage.folder.path().join("a.jpg"), b"picture").unwrap();
    std::fs::write(
        stage.folder.path().join("b.jpg"),
        vec![0; 8 * 1024 * 1024 + 1],
    )
    .unwrap();
    assert_eq!(posters.bytes(&at("a.jpg")).unwrap(), b"picture");
    assert_eq!(posters.bytes(&at("b.jpg")), None);
    assert_eq!(posters.bytes(&at("none.jpg")), None);
    assert_eq!(posters.bytes(&Poster("/dev/zero".into())), None);
    assert_eq!(posters.bytes(&at("")), None);
}
