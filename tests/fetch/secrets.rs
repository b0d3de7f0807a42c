//! Secrets go to the host they were given for, and nowhere else.

use std::sync::Arc;

use fetch::{Answers, Ask, Config, Fetch, Keep, Kept, Key, Spans};

use crate::server::{Server, config, door, ok, redirect};

#[tokio::test]
async fn a_secret_does_not_follow_a_redirect_elsewhere() {
    // The same address with another port is somebody else.
    let other = Server::saying(ok("other")).await;
    let to = other.url("/there").replace("http://", "http://eve:evil@");
    let server = Server::start(move |before, _| match before {
        0 => redirect("/here"),
        _ => redirect(&to),
    })
    .await;
    let ask = Ask::get(&server.url("/"))
        .header("accept-language", "fr")
        // One that logs in is a secret, whatever it is called.
        .header("authorization", "Bearer s3cret")
        .secret("api-key", "s3cret");
    assert!(!format!("{ask:?}").contains("s3cret"));
    assert_eq!(door().ask(ask).await.unwrap().body, "other");
    for asked in server.asked.lock().unwrap().iter() {
        assert!(
            asked.contains("authorization: Bearer s3cret\r\n"),
            "{asked}"
        );
        assert!(asked.contains("api-key: s3cret\r\n"), "{asked}");
    }
    let asked = other.asked.lock().unwrap()[0].clone();
    assert!(asked.contains("accept-language: fr\r\n"), "{asked}");
    let head = asked.to_lowercase();
    assert!(
        !head.contains("authorization") && !head.contains("api-key"),
        "{asked}"
    );
    assert!(
        !head.contains("cookie") && !head.contains("referer"),
        "{asked}"
    );
}

#[tokio::test]
async fn what_cannot_be_a_header_is_told() {
    let ask = Ask::get("https://a.example/").secret("api-key", "s3cret\r\nx: y");
    let error = crate::server::fault(door().ask(ask).await);
    assert_eq!(
        error,
        fetch::FetchError::BadAddress("a secret header that is none")
    );
    for nowhere in ["", "a.example", "https://", "/x"] {
        let error = door().ask(Ask::get(nowhere)).await.unwrap_err();
        assert!(
            matches!(error, fetch::FetchError::BadAddress(_)),
            "{nowhere}"
        );
    }
}

/// Shows everything that is kept.
#[derive(Default)]
struct Glass(std::sync::Mutex<Vec<(Key, Kept)>>);

impl Answers for Glass {
    fn get(&self, key: &Key) -> Option<Kept> {
        let kept = self.0.lock().unwrap();
        kept.iter()
            .find(|(known, _)| known == key)
            .map(|(_, kept)| kept.clone())
    }

    fn put(&self, key: &Key, kept: Kept) {
        self.remove(key);
        self.0.lock().unwrap().push((key.clone(), kept));
    }

    fn remove(&self, key: &Key) {
        self.0.lock().unwrap().retain(|(known, _)| known != key);
    }
}

#[tokio::test]
async fn what_is_kept_holds_no_secret_and_is_nobody_elses() {
    let glass = Arc::new(Glass::default());
    let door = Fetch::new(Config {
        answers: Some(Arc::clone(&glass) as _),
        ..config()
    });
    let door = door.unwrap();
    let server = Server::start(|before, _| ok(before.to_string())).await;
    let day = Keep::For(Spans {
        fresh: std::time::Duration::from_secs(86400),
        ..Spans::default()
    });
    let secret = Ask::get(&server.url("/")).secret("authorization", "s3cret");
    // Not kept, whatever is said, unless it is said for whom.
    for (ask, body) in [
        (secret.clone(), "0"),
        (secret.clone().keep(day), "1"),
        (secret.clone().keep_for("me", day), "2"),
        (secret.clone().keep_for("me", day), "2"),
        (secret.clone().keep_for("you", day), "3"),
        (Ask::get(&server.url("/")).keep(day), "4"),
        (secret.keep_for("you", day), "3"),
    ] {
        assert_eq!(door.ask(ask).await.unwrap().body, body);
    }
    let kept = glass.0.lock().unwrap();
    assert_eq!(kept.len(), 3);
    let labels: Vec<_> = kept.iter().map(|(_, kept)| kept.label.as_deref()).collect();
    assert_eq!(labels, [Some("me"), Some("you"), None]);
    for (key, kept) in kept.iter() {
        let told = format!("{key:?} {} {kept:?}", key.as_str());
        assert!(!told.contains("s3cret"), "{told}");
        assert_eq!(kept.host, "127.0.0.1");
    }
}
