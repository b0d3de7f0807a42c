//! What the owner has on the box: saved, brought back, and how the box does.

use std::collections::VecDeque;

use matinee::remote::{Belongings, NotTaken};

use super::*;

/// Remembers what was brought, and refuses it for these reasons.
#[derive(Default)]
pub(crate) struct Own {
    pub(crate) brought: Mutex<Vec<Vec<u8>>>,
    refuses: Mutex<VecDeque<NotTaken>>,
    broken: Mutex<bool>,
}

impl Belongings for Own {
    fn save(&self) -> Result<Vec<u8>, String> {
        if *self.broken.lock().unwrap() {
            return Err("the disk failed".into());
        }
        Ok(br#"{"kind":"matinee","version":1}"#.to_vec())
    }

    fn bring(&self, file: &[u8]) -> Result<(), NotTaken> {
        self.brought.lock().unwrap().push(file.to_vec());
        let refused = self.refuses.lock().unwrap().pop_front();
        refused.map_or(Ok(()), Err)
    }

    fn diagnostics(&self) -> BoxFuture<'static, String> {
        async { "Matinee\nAll is well\n".to_owned() }.boxed()
    }
}

#[tokio::test]
async fn what_is_saved_is_a_file_and_can_be_brought_again() {
    let stage = stage().await;
    let saved = get(&stage, "/api/v1/backup").await;
    assert_eq!(saved.status, 200);
    let named = "content-disposition: attachment; filename=\"matinee-backup.json\"";
    assert!(saved.head.contains(named), "{}", saved.head);
    let file = std::str::from_utf8(&saved.body).unwrap();
    let brought = post(&stage, "/api/v1/backup", file).await;
    assert_eq!(
        (brought.status, brought.json()),
        (200, json!({ "asked": true }))
    );
    assert_eq!(*stage.belongings.brought.lock().unwrap(), [saved.body]);
    *stage.belongings.broken.lock().unwrap() = true;
    assert_eq!(get(&stage, "/api/v1/backup").await.status, 500);
}

#[tokio::test]
async fn what_is_none_is_refused_with_its_reason() {
    let stage = stage().await;
    let refusals = [
        (422, NotTaken::Unfit("it is no export of Matinee".into())),
        (507, NotTaken::NotKept("the disk is full".into())),
    ];
    for (status, why) in refusals {
        stage.belongings.refuses.lock().unwrap().push_back(why);
        let answer = post(&stage, "/api/v1/backup", "{}").await;
        assert_eq!(answer.status, status);
        assert!(answer.json()["error"].as_str().unwrap().len() > 10);
    }
    let large = vec![b' '; 16 * 1024 * 1024 + 1];
    let path = "/api/v1/backup";
    let answer = ask(&stage, "POST", path, "application/json", &large).await;
    assert_eq!(answer.status, 413);
    assert_eq!(stage.belongings.brought.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn nobody_is_asked_while_a_film_is_open() {
    let stage = stage().await;
    let card = app::Card {
        film: app::FilmId("ant".into()),
        title: "Ant".into(),
        year: None,
        poster: None,
        colours: [0; 2],
        badge: None,
        seen_permille: None,
        watched: false,
    };
    let opening = app::OpeningView {
        session: app::Session(1),
        back: String::new(),
        card,
        headline: String::new(),
        detail: String::new(),
        hint: None,
        permille: None,
        peers: 0,
        rate: 0,
    };
    let open = app::View {
        screen: app::Screen::Opening(opening),
        ..view(2)
    };
    stage.views.send_replace(Arc::new(open));
    let answer = post(&stage, "/api/v1/backup", "{}").await;
    assert_eq!(answer.status, 409);
    assert!(stage.belongings.brought.lock().unwrap().is_empty());
}

#[tokio::test]
async fn how_the_box_does_is_text() {
    let stage = stage().await;
    let told = get(&stage, "/api/v1/diagnostics").await;
    assert_eq!(
        (told.status, &*told.body),
        (200, &b"Matinee\nAll is well\n"[..])
    );
}

#[tokio::test]
async fn strangers_get_none_of_it() {
    let stage = stage().await;
    let address = stage.server.address();
    for (method, path) in [
        ("GET", "backup"),
        ("POST", "backup"),
        ("GET", "diagnostics"),
    ] {
        let request = format!(
            "{method} /api/v1/{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
             content-length: 0\r\n\r\n"
        );
        assert_eq!(
            send(address, request.as_bytes()).await.status,
            401,
            "{path}"
        );
    }
    assert!(stage.belongings.brought.lock().unwrap().is_empty());
}
