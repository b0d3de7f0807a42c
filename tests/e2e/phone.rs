//! Phones are let in by the TV's code, remembered and forgotten; the app in a real browser.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::client::{SOON, TvBox};
use crate::screen;

const PHONES: [&str; 2] = ["--phones", "127.0.0.1:0"];

/// A call as the app makes it: status and body.
fn call(at: &str, line: &str, token: &str, body: &Value) -> (u16, Value) {
    let body = body.to_string();
    let request = format!(
        "{line} HTTP/1.0\r\nHost: {at}\r\nOrigin: http://{at}\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(at).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

/// The page where phones are let in.
fn open_page(tv: &TvBox) {
    tv.key("home");
    tv.wait("the wall", SOON, |s| screen(s) == "home");
    tv.setting("Phone");
    tv.wait("the page", SOON, |s| screen(s) == "phone");
}

/// What lets a phone in, and the host and port where.
fn offered(tv: &TvBox) -> (String, String) {
    let state = tv.wait("a code", SOON, |s| s["phone"]["code"].is_string());
    let code = state["phone"]["code"].as_str().unwrap().to_owned();
    let address = state["phone"]["address"].as_str().unwrap();
    (code, address.strip_prefix("http://").unwrap().to_owned())
}

#[test]
fn a_phone_is_let_in_by_the_code_and_known_after_the_plug_was_pulled() {
    let data = tempfile::tempdir().unwrap();
    let tv = TvBox::start(data.path(), &PHONES);
    open_page(&tv);
    let page = tv.state();
    assert_eq!(page["phone"]["code"], Value::Null, "nobody said yes");
    tv.key("ok");
    let (code, at) = offered(&tv);
    let pair = |code: &str| {
        call(
            &at,
            "POST /pair",
            "",
            &json!({ "code": code, "name": "Ann" }),
        )
    };
    let (status, told) = pair(&code);
    assert_eq!(status, 200, "{told}");
    let token = told["token"].as_str().unwrap();
    // The next code is there, or about to be.
    let again = pair(&code).0;
    assert!(
        [403, 409].contains(&again),
        "a code lets in one phone: {again}"
    );
    tv.wait("the notice", SOON, |s| {
        s["notice"]
            .as_str()
            .is_some_and(|it| it.starts_with("Ann is a remote"))
    });
    let health = "GET /api/v1/health";
    assert_eq!(call(&at, health, token, &Value::Null).0, 200);
    let typed = json!({ "text": "night of" });
    assert_eq!(call(&at, "POST /api/v1/text", token, &typed).0, 200);
    tv.wait("the words", SOON, |s| s["search"]["text"] == "night of");
    tv.kill();

    let phones = ["--phones", at.as_str()];
    let tv = TvBox::start(data.path(), &phones);
    open_page(&tv);
    // The page has a code only where the box listens.
    offered(&tv);
    assert_eq!(call(&at, health, token, &Value::Null).0, 200);
    tv.wait("who is known", SOON, |s| {
        s["phone"]["actions"][0] == "Forget Ann"
    });
    tv.key("ok");
    tv.wait("the question", SOON, |s| s["phone"]["ask"].is_string());
    tv.key("ok");
    tv.wait("nobody is known", SOON, |s| {
        s["phone"]["actions"][0] == "Keep phones out"
    });
    assert_eq!(call(&at, health, token, &Value::Null).0, 401);
    tv.key("ok");
    tv.key("ok");
    tv.wait("no way in", SOON, |s| {
        s["phone"]["actions"][0] == "Let phones in"
    });
    assert!(TcpStream::connect(&at).is_err(), "nobody listens");
}

#[test]
fn a_box_that_phones_shall_not_reach_has_no_such_page() {
    let data = tempfile::tempdir().unwrap();
    let tv = TvBox::start(data.path(), &["--phones", "off"]);
    tv.wait("the wall", SOON, |s| screen(s) == "home");
    let lines = tv.settings();
    assert!(!lines.iter().any(|line| line == "Phone"), "{lines:?}");
}

/// The first browser of the kind that is in PATH.
fn browser() -> PathBuf {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let path = std::env::var_os("PATH").unwrap();
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    let all = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let mut there = all.filter(|program| program.is_file());
    there
        .next()
        .expect("a browser: run image/host-packages test")
}

#[test]
fn the_app_does_all_it_offers_in_a_browser() {
    let data = tempfile::tempdir().unwrap();
    let pictures = std::env::var_os("PICTURES").map(PathBuf::from);
    let pictures = pictures.unwrap_or_else(|| data.path().to_owned());
    let mut args = PHONES.to_vec();
    args.push("--demo");
    let tv = TvBox::start(data.path(), &args);
    let control = format!("http://{}/api/v1", tv.address());
    let program = fixtures::node_modules("handset");
    let browsed = Command::new("node")
        .arg(program.join("browse.mjs"))
        .args([&control, crate::client::TOKEN])
        .arg(browser())
        .arg(pictures)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&browsed.stderr);
    assert!(browsed.status.success(), "{told}");
}
