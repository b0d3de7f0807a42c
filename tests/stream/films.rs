//! Films as players read them: whole, in ranges, while they arrive.

use futures_util::StreamExt as _;
use reqwest::header::{
    ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE,
    RANGE,
};

use super::{FILM, SUBTITLES, Stage, TEXT, refused, text};

fn header(response: &reqwest::Response, name: reqwest::header::HeaderName) -> &str {
    response.headers()[name].to_str().unwrap()
}

#[tokio::test]
async fn a_film_comes_whole_and_right() {
    let stage = Stage::start().await;
    stage.open().await;
    let response = stage.film().send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, CONTENT_TYPE), "video/x-matroska");
    assert_eq!(header(&response, CONTENT_LENGTH), "3000000");
    assert_eq!(header(&response, ACCEPT_RANGES), "bytes");
    assert!(response.bytes().await.unwrap() == stage.film, "wrong bytes");
}

#[tokio::test]
async fn ranges_as_players_ask() {
    let stage = Stage::start().await;
    stage.open().await;
    let size = stage.film.len();
    for (range, from, to) in [
        ("bytes=0-0", 0, 1),
        ("bytes=65535-65536", 65_535, 65_537),
        ("bytes=2900000-", 2_900_000, size),
        ("bytes=-10", size - 10, size),
        ("bytes=1000000-99999999", 1_000_000, size),
    ] {
        let response = stage.film().header(RANGE, range).send().await.unwrap();
        assert_eq!(response.status(), 206, "{range}");
        let wanted = format!("bytes {from}-{}/{size}", to - 1);
        assert_eq!(header(&response, CONTENT_RANGE), wanted);
        let bytes = response.bytes().await.unwrap();
        assert!(bytes == stage.film[from..to], "{range}: wrong bytes");
    }
    let outside = stage
        .film()
        .header(RANGE, "bytes=3000000-")
        .send()
        .await
        .unwrap();
    assert_eq!(outside.status(), 416);
    assert_eq!(header(&outside, CONTENT_RANGE), "bytes */3000000");
}

#[tokio::test]
async fn heads_and_tags() {
    let stage = Stage::start().await;
    stage.open().await;
    let path = stage.address(&format!("/stream/{}/{FILM}", stage.id()));
    let head = stage.client.head(&path).send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert_eq!(header(&head, CONTENT_LENGTH), "3000000");
    let tag = header(&head, ETAG).to_owned();
    assert!(head.bytes().await.unwrap().is_empty());
    let known = stage
        .film()
        .header(IF_NONE_MATCH, &tag)
        .send()
        .await
        .unwrap();
    assert_eq!(known.status(), 304);
    // A range of what the player has, and of something else.
    let part = |tag: &str| {
        stage
            .film()
            .header(RANGE, "bytes=5-9")
            .header(IF_RANGE, tag)
            .send()
    };
    assert_eq!(part(&tag).await.unwrap().status(), 206);
    assert_eq!(part("\"another\"").await.unwrap().status(), 200);
}

#[tokio::test]
async fn other_files_and_none() {
    let stage = Stage::start().await;
    stage.open().await;
    let file = |index: u32| stage.get(&format!("/stream/{}/{index}", stage.id()));
    assert_eq!(text(file(TEXT)).await, "made by hand");
    let subtitles = file(SUBTITLES).send().await.unwrap();
    assert_eq!(header(&subtitles, CONTENT_TYPE), "application/x-subrip");
    assert_eq!(refused(file(3)).await.0, 404);
    assert_eq!(
        refused(stage.get(&format!("/stream/{}/0", "0".repeat(40))))
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn a_player_that_hangs_up_frees_its_place() {
    let stage = Stage::start().await;
    let opened = stage.open().await;
    let path = format!("/torrents/{}", opened["id"].as_str().unwrap());
    let response = stage.film().send().await.unwrap();
    let mut body = response.bytes_stream();
    body.next().await.unwrap().unwrap();
    drop(body);
    // Ends when the server has noticed, which takes a write or two.
    loop {
        let status = super::json(stage.get(&path).send().await.unwrap()).await;
        if status["streams"] == 0 {
            break;
        }
    }
}
