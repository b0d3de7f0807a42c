//! Who may ask: Host and Origin always, the token where there is one.

use reqwest::header::{HOST, ORIGIN};

use super::{Stage, json, refused, text, told};

const TOKEN: &str = "0123456789abcdef";

#[tokio::test]
async fn a_page_of_another_site_may_not_ask() {
    let stage = Stage::start().await;
    let health = || stage.get("/health");
    assert_eq!(
        refused(health().header(HOST, "rebound.example:8098"))
            .await
            .0,
        403
    );
    assert_eq!(
        refused(health().header(ORIGIN, "http://evil.example"))
            .await
            .0,
        403
    );
    let own = format!("http://{}", stage.server.address());
    assert!(text(health().header(ORIGIN, own)).await.contains("true"));
}

#[tokio::test]
async fn a_token_is_asked_of_everything() {
    let stage = Stage::guarded(Some(TOKEN)).await;
    assert_eq!(refused(stage.get("/health")).await.0, 401);
    assert_eq!(
        refused(stage.get("/health?token=0123456789abcdee")).await.0,
        401
    );
    assert_eq!(
        refused(stage.get("/health").bearer_auth("wrong")).await.0,
        401
    );
    text(stage.get("/health").bearer_auth(TOKEN)).await;
    // What changes something takes it only in the header: an address can be sent by any page.
    let query = stage.address(&format!("/torrents?token={TOKEN}"));
    let posted = stage.client.post(&query).body(stage.magnet());
    assert_eq!(told(posted.send().await.unwrap()).await.0, 401);
    let posted = stage
        .client
        .post(stage.address("/torrents"))
        .body(stage.magnet());
    json(posted.bearer_auth(TOKEN).send().await.unwrap()).await;
    let list = format!("/playlist/{}.m3u?token={TOKEN}", stage.id());
    let list = text(stage.get(&list)).await;
    let film = stage.client.get(list.lines().last().unwrap());
    let film = film.send().await.unwrap().bytes().await.unwrap();
    assert!(film == stage.film, "wrong bytes");
}
