//! What is told of torrents: the answer to POST, the listings, the playlist, the metrics.

use serde_json::json;

use super::{FILM, Stage, config, engine, json, refused, text, told};

#[tokio::test]
async fn a_torrent_tells_its_files() {
    let stage = Stage::start().await;
    let opened = json(stage.post(stage.metainfo.clone()).await).await;
    let wanted = json!({
        "id": stage.id(),
        "name": "Film",
        "files": [
            { "index": 0, "path": "film.mkv", "bytes": 3_000_000, "type": "video/x-matroska" },
            { "index": 1, "path": "film.srt", "bytes": 35, "type": "application/x-subrip" },
            { "index": 2, "path": "notes.txt", "bytes": 12, "type": "text/plain" },
        ],
    });
    assert_eq!(opened, wanted);
    // The same again is the same.
    assert_eq!(json(stage.post(stage.magnet()).await).await, wanted);
    let listed = json(stage.get("/torrents").send().await.unwrap()).await;
    assert_eq!(listed["torrents"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_torrent_tells_how_it_does() {
    let stage = Stage::start().await;
    stage.open().await;
    let film = stage.film().send().await.unwrap().bytes().await.unwrap();
    assert_eq!(film.len(), stage.film.len());
    let path = format!("/torrents/{}", stage.id());
    let told = json(stage.get(&path).send().await.unwrap()).await;
    assert_eq!(told["phase"], "ready");
    assert_eq!(told["film"], FILM);
    assert_eq!(told["have"], json!([[0, 3_000_000]]));
    assert_eq!(told["pieces"]["count"], told["pieces"]["held"]);
    assert_eq!(told["totals"]["corrupt_pieces"], 0);
    assert_eq!(
        told["forecast"],
        json!({ "plays": "through" }),
        "all of it is here"
    );
    let peer = &told["connections"][0];
    assert_eq!(peer["address"], stage.seeder.address.to_string());
    assert!(peer["received"].as_u64().unwrap() >= 3_000_000, "{peer}");
    let metrics = text(stage.get("/metrics")).await;
    let line = format!(
        "matinee_torrent_held_bytes{{torrent=\"{}\"}} 3000047",
        stage.id()
    );
    assert!(metrics.lines().any(|found| found == line), "{metrics}");
}

#[tokio::test]
async fn a_playlist_leads_to_the_film() {
    let stage = Stage::start().await;
    stage.open().await;
    let list = text(stage.get(&format!("/playlist/{}.m3u", stage.id()))).await;
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(lines[..2], ["#EXTM3U", "#EXTINF:-1,film.mkv"]);
    assert_eq!(lines.len(), 3, "{list}");
    let film = stage.client.get(lines[2]).send().await.unwrap();
    assert!(film.bytes().await.unwrap() == stage.film, "wrong bytes");
}

#[tokio::test]
async fn a_closed_torrent_is_gone() {
    let stage = Stage::start().await;
    stage.open().await;
    let path = stage.address(&format!("/torrents/{}", stage.id()));
    assert!(
        stage
            .client
            .delete(&path)
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
    assert_eq!(refused(stage.client.delete(&path)).await.0, 404);
    assert_eq!(refused(stage.film()).await.0, 404);
    // And can be had again, from what is cached.
    stage.open().await;
    let film = stage.film().send().await.unwrap().bytes().await.unwrap();
    assert!(film == stage.film, "wrong bytes");
}

#[tokio::test]
async fn what_is_no_torrent_is_refused_in_words() {
    let stage = Stage::start().await;
    for body in ["", "hello", "magnet:?dn=x", "d4:infod4:name1:aee"] {
        let (status, why) = told(stage.post(body).await).await;
        assert_eq!(status, 422, "{body}: {why}");
        assert!(why.contains("cannot be read"), "{why}");
    }
    let (status, why) = told(stage.post(vec![b'd'; 11 << 20]).await).await;
    assert_eq!(status, 413, "{why}");
    assert_eq!(refused(stage.get("/torrents/xyz")).await.0, 404);
    assert_eq!(refused(stage.get("/nothing")).await.0, 404);
    assert_eq!(
        refused(stage.client.put(stage.address("/torrents")))
            .await
            .0,
        405
    );
}

#[tokio::test]
async fn strangers_need_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let config = stream::Config {
        listen: ([0, 0, 0, 0], 0).into(),
        ..config(None)
    };
    let refused = stream::serve(config, engine(folder.path(), 1 << 30)).await;
    assert!(matches!(refused, Err(stream::StreamError::NoToken(_))));
}
