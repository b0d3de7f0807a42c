//! An add-on on npm's SDK: installed over the control API, its film found, opened and played from
//! a swarm on loopback; and its wall after a start with every host gone.

use std::path::Path;

use fixtures::addons::AddOnServer;
use fixtures::tracker::HttpTracker;
use serde_json::{Value, json};

use crate::client::{PATIENT, SOON, TvBox};
use crate::{assert_picture_is_at_position, films, position_ms, screen};

const ID: &str = "peer:moving-pattern";

fn call(tv: &TvBox, head: &str, body: &Value) -> (u16, Value) {
    let (status, answer) = tv.call(head, "application/json", body.to_string().as_bytes());
    let text = String::from_utf8_lossy(&answer);
    let value = serde_json::from_slice(&answer);
    (
        status,
        value.unwrap_or_else(|_| panic!("{head}: {status} {text}")),
    )
}

fn get(tv: &TvBox, path: &str) -> Value {
    let (status, answer) = call(tv, &format!("GET /api/v1/{path}"), &Value::Null);
    assert_eq!(status, 200, "{path}: {answer}");
    answer
}

/// A list of films for the add-on: one that a tracker leads to, with two Italian texts, one of them
/// made for that very file.
fn list(folder: &Path, info_hash: &str, tracker: &str, file_hash: &str) -> std::path::PathBuf {
    let film = json!([{
        "subtitles": [
            { "lang": "ita", "url": "static/id.srt" },
            { "lang": "ita", "url": "static/hash.srt", "hash": file_hash },
        ],
        "id": ID,
        "name": "Moving Pattern",
        "infoHash": info_hash,
        "sources": [format!("tracker:{tracker}")],
    }]);
    let file = folder.join("films.json");
    std::fs::write(&file, film.to_string()).unwrap();
    file
}

/// The OSHash of the film in the folder.
fn file_hash(folder: &Path) -> String {
    let files = std::fs::read_dir(folder).unwrap();
    let mut films = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
    let film = films.find(|bytes| bytes.len() > 1 << 20).unwrap();
    let (head, tail) = (
        &film[..subtitles::END_BYTES],
        &film[film.len() - subtitles::END_BYTES..],
    );
    let hash = subtitles::OsHash::of(film.len() as u64, head, tail);
    hash.unwrap().to_string()
}

fn row<'s>(state: &'s Value, title: &str) -> Option<&'s Value> {
    let rows = state["rows"].as_array()?;
    rows.iter().find(|row| row["title"] == title)
}

#[test]
fn a_film_that_only_an_add_on_knows_is_found_and_plays() {
    let torrent = films::demo_torrent();
    let seeder = films::seed(&torrent, None);
    let tracker = films::runtime().block_on(HttpTracker::start(seeder.address()));
    let folder = tempfile::tempdir().unwrap();
    let hash = fixtures::hex(fixtures::info_hash(&torrent.metainfo));
    let films_file = list(
        folder.path(),
        &hash,
        &tracker.url,
        &file_hash(&torrent.files),
    );
    let server = films::runtime().block_on(AddOnServer::start(Some(&films_file)));
    let data = tempfile::tempdir().unwrap();
    // Nobody here understands what is spoken.
    let tv = TvBox::start(data.path(), &["--local-peers", "--languages=it"]);

    let link = server.manifest().replace("http://", "stremio://");
    let (status, answer) = call(&tv, "POST /api/v1/addons", &json!({ "url": link }));
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["addon"]["name"], "Peer of the tests");
    tv.wait("its rows", SOON, |s| {
        row(s, "All films").is_some_and(|row| row["cards"][0]["title"] == "Moving Pattern")
    });
    let found = get(&tv, "search?q=moving");
    assert_eq!(
        (&found["asked"], &found["answered"]),
        (&json!(1), &json!(1))
    );
    let film = &found["films"][0];
    assert_eq!((&film["type"], &film["id"]), (&json!("movie"), &json!(ID)));

    let title = json!({ "type": film["type"], "id": film["id"] });
    let (status, answer) = call(&tv, "POST /api/v1/open", &title);
    assert_eq!(
        (status, &answer["film"]),
        (200, &json!(format!("movie:{ID}")))
    );
    let page = tv.wait("its page with its source", SOON, |s| {
        screen(s) == "film"
            && s["page"]["card"]["title"] == "Moving Pattern"
            && s["page"]["choice"].is_string()
    });
    assert_eq!(page["page"]["by"], "A Director");
    tv.key("ok");
    tv.wait("the film", PATIENT, |s| {
        screen(s) == "playing" && position_ms(s) > 500.0
    });
    let state = tv.wait("Italian subtitles by themselves", SOON, |s| {
        s["playback"]["subtitle"].is_string()
    });
    assert_eq!(state["playback"]["subtitle"], "By its file.");
    let texts = state["playback"]["subtitles"].as_array().unwrap();
    let italian = |it: &&Value| it["language"] == "it" && it["title"] == "Peer of the tests";
    assert_eq!(texts.iter().filter(italian).count(), 2, "{texts:?}");
    tv.key("pause");
    assert_picture_is_at_position(&tv);
    tv.key("back");
    tv.wait("the page", SOON, |s| screen(s) == "film");
    let library = get(&tv, "library");
    assert_eq!(library["played"][0]["film"]["film"], format!("movie:{ID}"));
    tv.stop();

    // Every host is gone: the wall is there all the same, and what was seen is found.
    drop(server);
    drop(seeder);
    let tv = TvBox::start(data.path(), &["--local-peers"]);
    tv.wait("the wall as it was", SOON, |s| {
        row(s, "All films").is_some_and(|row| row["cards"].as_array().unwrap().len() == 100)
    });
    let found = get(&tv, "search?q=moving");
    assert_eq!(found["films"][0]["film"], format!("movie:{ID}"));
    let add_ons = get(&tv, "addons");
    let all = add_ons["addons"].as_array().unwrap();
    let of_peer = |it: &&Value| it["name"] == "Peer of the tests";
    let id = all.iter().find(of_peer).unwrap()["id"].as_str().unwrap();
    let (status, _) = call(&tv, &format!("DELETE /api/v1/addons/{id}"), &Value::Null);
    assert_eq!(status, 202);
    tv.wait("a wall without it", SOON, |s| row(s, "All films").is_none());
}

#[test]
fn films_of_the_box_are_found_and_opened_too() {
    let data = tempfile::tempdir().unwrap();
    let tv = TvBox::start(data.path(), &[]);
    let found = get(&tv, "search?q=tears%20steel");
    let films = found["films"].as_array().unwrap();
    assert_eq!(films.len(), 1, "{found}");
    assert_eq!(
        (&films[0]["title"], &films[0]["type"]),
        (&json!("Tears of Steel"), &Value::Null)
    );
    let (status, answer) = call(
        &tv,
        "POST /api/v1/open",
        &json!({ "film": films[0]["film"] }),
    );
    assert_eq!((status, &answer["film"]), (200, &films[0]["film"]));
    tv.wait("its page", SOON, |s| {
        screen(s) == "film" && s["page"]["licence"] == "CC BY 3.0"
    });
}
