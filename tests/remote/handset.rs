//! The server for phones: its files, the way in, and a matrix of who gets through.

use std::collections::VecDeque;

use matinee::remote::{Keyring, Refused, serve_handset};

use super::*;

/// Knows one token, and lets in whoever it was told to.
struct Keys(Mutex<VecDeque<Result<String, Refused>>>);

impl Keyring for Keys {
    fn knows(&self, token: &str) -> bool {
        token == TOKEN
    }

    fn pair(&self, _code: &str, _name: &str) -> Result<String, Refused> {
        self.0.lock().unwrap().pop_front().unwrap()
    }
}

async fn phones(
    hosts: &[&str],
    answers: impl IntoIterator<Item = Result<String, Refused>>,
) -> Server {
    let keys = Arc::new(Keys(Mutex::new(answers.into_iter().collect())));
    let hosts = hosts.iter().map(|&host| host.to_owned()).collect();
    let listen = "127.0.0.1:0".parse().unwrap();
    serve_handset(listen, hosts, door(), keys).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_right_cell_passes() {
    let server = phones(&["matinee.local:1234"], []).await;
    let address = server.address();
    let port = address.port();
    // None of these is the origin of another, so a right pair is one on the diagonal.
    let names = [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        "matinee.local:1234".to_owned(),
    ];
    let wrong_hosts = [
        String::new(),
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{}", port ^ 1),
        format!("evil.example:{port}"),
        format!("127.0.0.1:{port}.evil.example"),
        format!("matinee.local:{port}"),
    ];
    let wrong_origins = [
        "null".to_owned(),
        String::new(),
        format!("https://127.0.0.1:{port}"),
        format!("http://127.0.0.1:{port}/"),
        "http://evil.example".to_owned(),
    ];
    let origins = names.iter().map(|name| format!("http://{name}"));
    let origins: Vec<_> = origins.chain(wrong_origins).collect();
    let tokens = [
        (true, format!("Bearer {TOKEN}")),
        (false, String::new()),
        (false, format!("Bearer {}", &TOKEN[1..])),
        (false, format!("Basic {TOKEN}")),
    ];
    let (mut cells, mut passed) = (Vec::new(), 0);
    for host in names.iter().chain(&wrong_hosts) {
        for origin in &origins {
            for (right, token) in &tokens {
                let own = names.contains(host) && *origin == format!("http://{host}");
                let want = match (own, right) {
                    (false, _) => 403,
                    (true, false) => 401,
                    (true, true) => 200,
                };
                passed += usize::from(want == 200);
                let head =
                    format!("host: {host}\r\norigin: {origin}\r\nauthorization: {token}\r\n");
                cells.push((want, head));
            }
        }
    }
    assert_eq!((cells.len(), passed), (9 * 8 * 4, 3));
    for some in cells.chunks(50) {
        join_all(some.iter().map(async |(want, head)| {
            let request = format!("GET /api/v1/health HTTP/1.1\r\n{head}connection: close\r\n\r\n");
            let answer = send(address, request.as_bytes()).await;
            assert_eq!(answer.status, *want, "for\n{head}");
            assert!(
                !answer.head.contains("access-control-allow")
                    && !answer.head.contains("set-cookie")
            );
        }))
        .await;
    }
}

/// A request of the box's own page.
async fn from_page(server: &Server, line: &str, token: &str, body: &str) -> Answer {
    let address = server.address();
    let request = format!(
        "{line} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\n{token}\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    send(address, request.as_bytes()).await
}

#[tokio::test]
async fn a_token_counts_in_a_header_alone_and_on_every_call() {
    let server = phones(&[], []).await;
    for (method, path) in remote::endpoints() {
        let path = path.replace("{id}", "one");
        for query in ["", &format!("?token={TOKEN}")] {
            let line = format!("{} /api/v1{path}{query}", method.to_uppercase());
            let answer = from_page(&server, &line, "", "").await;
            assert_eq!(answer.status, 401, "{line}");
        }
    }
    let right = format!("authorization: Bearer {TOKEN}\r\n");
    let answer = from_page(&server, "GET /api/v1/health", &right, "").await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn the_files_are_there_for_everybody_and_run_nothing_of_others() {
    let server = phones(&[], []).await;
    for path in [
        "/",
        "/app.js",
        "/who.js",
        "/app.css",
        "/icon.svg",
        "/app.webmanifest",
    ] {
        let answer = from_page(&server, &format!("GET {path}"), "", "").await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(
            answer
                .head
                .contains("content-security-policy: default-src 'self';")
        );
        assert!(answer.head.contains("x-content-type-options: nosniff"));
    }
    let page = from_page(&server, "GET /", "", "").await;
    let page = String::from_utf8(page.body).unwrap();
    assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick="));
    assert!(page.matches("<script").count() == 1 && page.contains("src=\"/app.js\""));
    let words = from_page(&server, "GET /words.json", "", "").await;
    assert_eq!(words.json()["words"]["ok"], "OK");
    assert_eq!(words.json()["language"], "en");
    assert_eq!(words.json()["direction"], "ltr");
}

#[tokio::test]
async fn the_way_in_says_what_came_of_a_code() {
    let later = Refused::Later(Duration::from_millis(1500));
    let answers = [
        Ok("secret".to_owned()),
        Err(Refused::Wrong),
        Err(Refused::NoCode),
        Err(later),
        Err(Refused::TooMany(16)),
        Err(Refused::NotKept),
    ];
    let server = phones(&[], answers).await;
    let body = r#"{"code":"123456","name":"Ann"}"#;
    let right = from_page(&server, "POST /pair", "", body).await;
    assert_eq!(
        (right.status, &right.json()["token"]),
        (200, &json!("secret"))
    );
    for status in [403, 409, 429, 409, 507] {
        let answer = from_page(&server, "POST /pair", "", body).await;
        assert_eq!(answer.status, status);
        assert!(answer.json()["error"].is_string());
        assert_eq!(answer.head.contains("retry-after: 2"), status == 429);
    }
    for wrong in ["", "{}", r#"{"code":"1","name":" "}"#] {
        assert_eq!(
            from_page(&server, "POST /pair", "", wrong).await.status,
            400,
            "{wrong}"
        );
    }
}
