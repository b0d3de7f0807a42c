//! A film that a catalogue file has on a web server: it plays, seeks and goes on; where one server
//! does not have it any more that is said, and the other is a key away.

use std::path::Path;

use fixtures::web::{Fault, Manner, WebServer};

use crate::client::{PATIENT, SOON, TvBox};
use crate::{assert_picture_is_at_position, films, position_ms, screen};

fn serve_demo() -> WebServer {
    let folder = films::demo_torrent().files;
    let film = std::fs::read_dir(films::demo_folder()).unwrap();
    let folder = film
        .map(|it| it.unwrap().path())
        .find(|it| it.is_dir())
        .unwrap_or(folder);
    let film = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path());
    let film = film
        .into_iter()
        .find(|it| it.extension().is_some_and(|it| it == "mkv"))
        .unwrap();
    let served = vec![("/film.mkv".to_owned(), std::fs::read(film).unwrap())];
    let manner = Manner {
        whim: std::sync::Arc::new(|_, path: &str| match path {
            "/film.mkv" => Fault::None,
            _ => Fault::Status(404, String::new()),
        }),
        ..Manner::default()
    };
    films::runtime().block_on(WebServer::start(served, manner))
}

fn catalogue(folder: &Path, urls: &[String]) -> String {
    let source = |url: &String| format!("[[row.film.source]]\nlabel = \"MKV\"\nurl = \"{url}\"\n");
    let sources: String = urls.iter().map(source).collect();
    let text = format!(
        "[[row]]\ntitle = \"Mine\"\n[[row.film]]\nid = \"mine\"\ntitle = \"Mine\"\n{sources}"
    );
    let file = folder.join("films.toml");
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

fn start(data: &Path, urls: &[String]) -> TvBox {
    let file = catalogue(data, urls);
    let tv = TvBox::start(data, &["--local-peers=true", "--catalogue", &file]);
    tv.wait("the wall", SOON, |s| {
        s["rows"][0]["cards"][0]["film"] == "mine"
    });
    tv.key("ok");
    tv.wait("the page", SOON, |s| screen(s) == "film");
    tv
}

fn assert_at(tv: &TvBox, expected_ms: f64) {
    tv.wait("the place", PATIENT, |s| {
        let still = s["playback"]["playing"] == false && s["playback"]["seeking"] == false;
        still && (position_ms(s) - expected_ms).abs() < 2000.0
    });
    assert_picture_is_at_position(tv);
}

#[test]
fn a_film_on_a_web_server_plays_seeks_and_goes_on() {
    let data = tempfile::tempdir().unwrap();
    let server = serve_demo();
    let tv = start(data.path(), &[server.url("/film.mkv")]);
    tv.key("ok");
    tv.wait("the film", PATIENT, |s| {
        screen(s) == "playing" && position_ms(s) > 500.0
    });
    tv.key("pause");
    tv.wait("pause", SOON, |s| s["playback"]["playing"] == false);
    let at = position_ms(&tv.state());
    tv.key("forward");
    assert_at(&tv, at + 30_000.0);
    tv.key("back");
    let page = tv.wait("the page", SOON, |s| screen(s) == "film");
    let label = page["page"]["actions"][0]["label"].as_str().unwrap();
    assert!(label.starts_with("Continue"), "{label}");
    tv.key("ok");
    // It goes on at a key frame a little before, and soon is past the place.
    let on = |s: &serde_json::Value| screen(s) == "playing" && position_ms(s) > at + 30_200.0;
    tv.wait("the film goes on", PATIENT, on);
    tv.key("pause");
    assert_at(&tv, at + 30_500.0);
}

#[test]
fn a_server_that_has_it_no_more_is_named_and_another_is_chosen() {
    let data = tempfile::tempdir().unwrap();
    let server = serve_demo();
    let urls = [server.url("/gone.mkv"), server.url("/film.mkv")];
    let tv = start(data.path(), &urls);
    tv.key("ok");
    let state = tv.wait("the trouble", PATIENT, |s| screen(s) == "trouble");
    let message = state["trouble"]["message"].as_str().unwrap();
    assert!(message.contains("127.0.0.1"), "{message}");
    for key in ["right", "ok"] {
        tv.key(key);
    }
    tv.wait("the sources", SOON, |s| s["page"]["sources"].is_object());
    for key in ["down", "ok"] {
        tv.key(key);
    }
    tv.wait("the choice", SOON, |s| {
        screen(s) == "film" && s["page"]["sources"].is_null()
    });
    tv.key("ok");
    tv.wait("the film", PATIENT, |s| {
        screen(s) == "playing" && position_ms(s) > 0.0
    });
}
