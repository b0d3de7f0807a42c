//! What the cache holds, kept and given up by its owner.

use serde_json::{Value, json};

use super::{Stage, json, refused};

impl Stage {
    async fn held(&self) -> Value {
        json(self.get("/held").send().await.unwrap()).await["held"].take()
    }

    /// Opens and reads the whole film.
    async fn fetch(&self) {
        self.open().await;
        let film = self.film().send().await.unwrap().bytes().await.unwrap();
        assert_eq!(film.len(), self.film.len());
        self.server.settled().await;
    }
}

#[tokio::test]
async fn a_film_is_kept_until_it_is_not() {
    let stage = Stage::start().await;
    assert_eq!(stage.held().await, json!([]));
    stage.fetch().await;
    let held = stage.held().await;
    assert_eq!(held[0]["id"], stage.id());
    assert_eq!(held[0]["name"], "Film");
    assert_eq!(held[0]["kept"], false);
    assert!(held[0]["bytes"].as_u64().unwrap() >= 3_000_000, "{held}");
    assert!(held[0]["last_used"].as_u64().unwrap() > 0, "{held}");
    let keep = stage.address(&format!("/held/{}/keep", stage.id()));
    let path = format!("/torrents/{}", stage.id());
    for kept in [true, false] {
        let request = if kept {
            stage.client.put(&keep)
        } else {
            stage.client.delete(&keep)
        };
        assert_eq!(request.send().await.unwrap().status(), 200);
        assert_eq!(stage.held().await[0]["kept"], kept);
        let told = json(stage.get(&path).send().await.unwrap()).await;
        assert_eq!(told["kept"], kept);
    }
}

#[tokio::test]
async fn what_is_given_up_is_gone_and_can_be_had_again() {
    let stage = Stage::start().await;
    stage.fetch().await;
    // While it is open, and after it was closed.
    for open in [true, false] {
        if !open {
            let path = stage.address(&format!("/torrents/{}", stage.id()));
            let closed = stage.client.delete(path).send().await.unwrap();
            assert_eq!(closed.status(), 200);
        }
        let path = stage.address(&format!("/held/{}", stage.id()));
        let forgotten = stage.client.delete(path).send().await.unwrap();
        assert_eq!(forgotten.status(), 200);
        if !open {
            assert_eq!(stage.held().await, json!([]));
        }
        stage.fetch().await;
        assert_eq!(stage.held().await[0]["id"], stage.id());
    }
}

#[tokio::test]
async fn what_cannot_be_kept_says_why() {
    let stage = Stage::with(None, 3_000_000, 3_100_000, None).await;
    stage.open().await;
    let keep = |id: &str| stage.client.put(stage.address(&format!("/held/{id}/keep")));
    // Kept films leave a tenth of the cache to others.
    let (status, why) = refused(keep(&stage.id())).await;
    assert_eq!(status, 507);
    assert!(why.contains("kept films fill the cache"), "{why}");
    assert_eq!(refused(keep(&"0".repeat(40))).await.0, 404);
    assert_eq!(refused(keep("film")).await.0, 404);
}
