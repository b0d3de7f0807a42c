//! Add-ons that answer as some really do: pages, lists, half of what they should, or nothing.

use std::sync::{Arc, Mutex};

use app::{AddOnFailure, Title};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::stage::{Disk, Stage};

/// Status and body of a path.
type Pages = fn(&str) -> (u16, String);

/// A server of those pages, and what it was asked for.
async fn serve(pages: Pages) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let log = Arc::clone(&log);
            // A client that leaves early ends its task with an error; that is no failure.
            tokio::spawn(async move { answer(stream, pages, &log).await });
        }
    });
    (base, asked)
}

async fn answer(mut stream: TcpStream, pages: Pages, log: &Mutex<Vec<String>>) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    let (status, body) = pages(&path);
    log.lock().unwrap().push(path);
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-type: text/plain\r\n\
         content-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(body.as_bytes()).await.ok()
}

const MANIFEST: &str = r#"{"id": "org.example.sloppy", "name": "Sloppy", "types": ["movie"],
    "resources": ["catalog", "meta", "stream", "nonsense", 7],
    "catalogs": [{"type": "movie", "id": "good"}, {"type": "movie", "id": "page"},
        {"type": "movie", "id": "list"}, {"type": "movie", "id": "gone"}, {"id": "half"}]}"#;

fn sloppy(path: &str) -> (u16, String) {
    let (status, body) = match path {
        "/manifest.json" => (200, MANIFEST),
        "/catalog/movie/good.json" => (
            200,
            r#"{"metas": [{"id": "a", "type": "movie", "name": "A", "poster": 7}, null, 3,
                {"name": "no id"}, {"id": "a", "name": "Again"}, {"id": "b", "year": "1999-"}]}"#,
        ),
        "/catalog/movie/page.json" => (200, "<html><body>Just a moment</body></html>"),
        "/catalog/movie/list.json" => (200, "[1, 2, 3]"),
        "/meta/movie/a.json" => (500, r#"{"err": "handler error"}"#),
        "/meta/movie/b.json" => (
            200,
            r#"{"meta": {"id": "other", "name": ["B"], "cast": "One"}}"#,
        ),
        "/stream/movie/b.json" => (
            200,
            r#"{"streams": [{}, {"infoHash": "no"}, {"url": "ftp://a/b"}, {"ytId": "x"},
                {"infoHash": "0123456789ABCDEF0123456789abcdef01234567", "fileIdx": "2"},
                {"externalUrl": "https://a.example/"}, {"url": "https://a.example/f.mp4"}]}"#,
        ),
        _ => (404, "Cannot GET"),
    };
    (status, body.to_owned())
}

#[tokio::test]
async fn what_can_be_understood_is() {
    let (base, _) = serve(sloppy).await;
    let mut stage = Stage::start(&Disk::new(), Vec::new());
    let add_on = stage.install(&base).await.unwrap();
    assert_eq!(
        (add_on.name.as_str(), add_on.version.as_str()),
        ("Sloppy", "0.0.0")
    );
    stage.until("the wall", |it| !it.wall().is_empty()).await;
    assert_eq!(stage.wall(), [("Sloppy · movie", 2)]);
    let films = &stage.row("Sloppy · movie").unwrap().films;
    assert_eq!((films[0].poster.clone(), films[1].year), (None, Some(1999)));
    assert_eq!(stage.described(&Title::new("movie", "a")).await, None);
    let told = stage.described(&Title::new("movie", "b")).await.unwrap();
    assert_eq!((told.id.0.as_str(), told.title.as_str()), ("movie:b", "B"));
    let (sources, asked) = stage.sources(1, &Title::new("movie", "b")).await;
    assert_eq!((sources.len(), asked), (2, 1));
    // What it fails with last is its trouble, until it answers again.
    assert_eq!(stage.described(&Title::new("movie", "a")).await, None);
    stage
        .until("its trouble", |it| it.add_ons[0].trouble.is_some())
        .await;
}

fn unconfigured(path: &str) -> (u16, String) {
    let manifest = r#"{"id": "x", "name": "X", "resources": [], "types": [],
        "behaviorHints": {"configurable": true, "configurationRequired": true}}"#;
    let known = path == "/manifest.json";
    (if known { 200 } else { 404 }, manifest.to_owned())
}

#[tokio::test]
async fn what_must_be_set_up_first_says_where() {
    let (base, _) = serve(unconfigured).await;
    let mut stage = Stage::start(&Disk::new(), Vec::new());
    let refused = stage.install(&base).await.unwrap_err();
    assert_eq!(
        refused,
        AddOnFailure::Unconfigured(format!("{base}/configure"))
    );
    stage.until("the list", |it| it.heard_add_ons).await;
    assert!(stage.add_ons.is_empty());
}

fn empty(path: &str) -> (u16, String) {
    match path {
        "/manifest.json" => (200, r#"{"id": "e", "name": "E"}"#.to_owned()),
        _ => (200, String::new()),
    }
}

#[tokio::test]
async fn a_stranger_does_not_lead_the_box_to_a_host_at_home() {
    // A text that an add-on at home names on another host at home is not asked for.
    let (base, _) = serve(empty).await;
    let (neighbour, asked) = serve(empty).await;
    let stage = Stage::start(&Disk::new(), Vec::new());
    stage.install(&base).await.unwrap();
    let text = stage.catalog.text(format!("{neighbour}/a.srt")).await;
    assert!(text.is_err(), "{text:?}");
    assert!(asked.lock().unwrap().is_empty());
}
