//! Who gets in, and what a stranger can make the server hold.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_right_host_origin_and_token_pass() {
    let stage = stage_with(|_, _| true, None, &["box.local:1234"]).await;
    let address = stage.server.address();
    let port = address.port();
    let hosts = [
        (true, vec![format!("127.0.0.1:{port}")]),
        (true, vec![format!("localhost:{port}")]),
        (true, vec![format!("LocalHost:{port}")]),
        (true, vec!["box.local:1234".to_owned()]),
        (false, vec![]),
        (false, vec!["127.0.0.1".to_owned()]),
        (false, vec![format!("127.0.0.1:{}", port ^ 1)]),
        (false, vec![format!("127.0.0.1:{port}.evil.example")]),
        (false, vec![format!("evil.example:{port}")]),
        (false, vec![format!("localhost.evil.example:{port}")]),
        (false, vec![format!("box.local:{port}")]),
        (false, vec![format!("user@127.0.0.1:{port}")]),
        (false, vec![address.to_string(), address.to_string()]),
    ];
    let origins = [
        (true, vec![]),
        (true, vec![format!("http://127.0.0.1:{port}")]),
        (true, vec!["http://box.local:1234".to_owned()]),
        (false, vec!["null".to_owned()]),
        (false, vec![String::new()]),
        (false, vec![format!("https://127.0.0.1:{port}")]),
        (false, vec![format!("http://127.0.0.1:{port}/")]),
        (false, vec!["http://evil.example".to_owned()]),
        (false, vec![format!("http://127.0.0.1:{port}.evil.example")]),
        (
            false,
            vec![format!("http://{address}"), format!("http://{address}")],
        ),
    ];
    let tokens = [
        (true, vec![format!("Bearer {TOKEN}")]),
        (true, vec![format!("bearer {TOKEN}")]),
        (false, vec![]),
        (false, vec!["Bearer ".to_owned()]),
        (false, vec![TOKEN.to_owned()]),
        (false, vec![format!("Basic {TOKEN}")]),
        (false, vec![format!("Bearer {}", &TOKEN[1..])]),
        (false, vec![format!("Bearer {TOKEN}0")]),
        (
            false,
            vec![format!("Bearer {TOKEN}"), format!("Bearer {TOKEN}")],
        ),
    ];
    let lines = |name: &str, values: &[String]| -> String {
        let line = |value: &String| format!("{name}: {value}\r\n");
        values.iter().map(line).collect()
    };
    let mut cells = Vec::new();
    for (host_right, host) in &hosts {
        for (origin_right, origin) in &origins {
            for (token_right, token) in &tokens {
                let want = match (host_right, origin_right, token_right) {
                    (false, _, _) | (true, false, _) => 403,
                    (true, true, false) => 401,
                    (true, true, true) => 200,
                };
                let head =
                    lines("host", host) + &lines("origin", origin) + &lines("authorization", token);
                cells.push((want, head));
            }
        }
    }
    assert_eq!(
        cells.iter().filter(|(want, _)| *want == 200).count(),
        4 * 3 * 2
    );
    for some in cells.chunks(50) {
        join_all(some.iter().map(async |(want, head)| {
            let request = format!("GET /api/v1/health HTTP/1.1\r\n{head}connection: close\r\n\r\n");
            let answer = send(address, request.as_bytes()).await;
            assert_eq!(answer.status, *want, "for\n{head}");
            if answer.status != 200 {
                assert!(answer.json()["error"].is_string());
            }
            assert!(
                !answer.head.contains("access-control-allow"),
                "{}",
                answer.head
            );
        }))
        .await;
    }
}

#[tokio::test]
async fn an_absolute_target_cannot_replace_the_host() {
    let stage = stage().await;
    let address = stage.server.address();
    for (target, want) in [(address.to_string(), 200), ("evil.example".to_owned(), 403)] {
        let request = format!(
            "GET http://{target}/api/v1/health HTTP/1.1\r\nhost: {address}\r\n\
             authorization: Bearer {TOKEN}\r\nconnection: close\r\n\r\n"
        );
        assert_eq!(
            send(address, request.as_bytes()).await.status,
            want,
            "{target}"
        );
    }
}

#[tokio::test]
async fn nothing_else_is_there() {
    let stage = stage().await;
    for path in [
        "/",
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v1/state/",
        "/api/v1/../v1/state",
    ] {
        let answer = get(&stage, path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.json()["error"].is_string());
    }
    for (method, path) in [("POST", "state"), ("GET", "key"), ("DELETE", "open")] {
        let answer = ask(&stage, method, &format!("/api/v1/{path}"), "", b"").await;
        assert_eq!(answer.status, 405, "{method} {path}");
        assert!(answer.json()["error"].is_string());
    }
}

#[tokio::test]
async fn a_body_without_a_length_is_bounded_too() {
    let stage = stage().await;
    let address = stage.server.address();
    let mut request = format!(
        "POST /api/v1/open HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {TOKEN}\r\n\
         connection: close\r\ncontent-type: application/x-bittorrent\r\n\
         transfer-encoding: chunked\r\n\r\n"
    )
    .into_bytes();
    for _ in 0..11 {
        request.extend_from_slice(b"100000\r\n");
        request.resize(request.len() + 0x10_0000, b'd');
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"0\r\n\r\n");
    assert_eq!(send(address, &request).await.status, 413);
}

#[tokio::test]
async fn heads_are_bounded() {
    let stage = stage().await;
    let address = stage.server.address();
    let rightful = format!(
        "GET /api/v1/health HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {TOKEN}\r\n\
         connection: close\r\n"
    );
    let many = "a: b\r\n".repeat(100);
    let long = format!("a: {}\r\n", "b".repeat(20_000));
    for (more, want) in [("", 200), (many.as_str(), 431), (long.as_str(), 431)] {
        let request = format!("{rightful}{more}\r\n");
        assert_eq!(send(address, request.as_bytes()).await.status, want);
    }
}

#[tokio::test]
async fn starts_only_where_it_can() {
    let first = stage().await;
    let config = |listen, token: &str| Config {
        listen,
        token: token.into(),
        hosts: Vec::new(),
    };
    let door = door();
    let taken = first.server.address();
    let second = remote::serve(config(taken, TOKEN), door.clone()).await;
    let error = second.unwrap_err();
    assert!(error.to_string().contains(&taken.to_string()), "{error}");
    for token in ["", "two words", "line\nbreak", "schön"] {
        let refused = remote::serve(config(taken, token), door.clone()).await;
        assert!(matches!(refused, Err(HttpError::Token)), "{token:?}");
    }
}

#[test]
fn tokens_are_long_and_never_the_same() {
    let tokens: std::collections::HashSet<_> = (0..100).map(|_| http_server::new_token()).collect();
    assert_eq!(tokens.len(), 100);
    let hex = |token: &String| token.len() == 32 && token.bytes().all(|b| b.is_ascii_hexdigit());
    assert!(tokens.iter().all(hex));
    let config = Config {
        listen: "127.0.0.1:1".parse().unwrap(),
        token: TOKEN.into(),
        hosts: Vec::new(),
    };
    assert!(
        !format!("{config:?}").contains(TOKEN),
        "tokens stay out of logs"
    );
}
