//! Answers that are kept: fresh, confirmed, stale, and what their readers say of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use fetch::{Ask, Config, Fetch, FetchError, Keep, Memory, Reading, Spans};

use crate::server::{Say, Server, answer, config, fault, ok};

/// Keeps, by a clock that a test turns (in seconds).
fn keeping() -> (Fetch, Arc<AtomicU64>) {
    let seconds = Arc::new(AtomicU64::new(1_800_000_000));
    let clock = Arc::clone(&seconds);
    let door = Fetch::new(Config {
        answers: Some(Arc::new(Memory::new(1024 * 1024))),
        clock: Arc::new(move || {
            SystemTime::UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed))
        }),
        ..config()
    });
    (door.unwrap(), seconds)
}

fn spans(fresh: u64, revalidate: u64, on_error: u64) -> Spans {
    let [fresh, revalidate, on_error] = [fresh, revalidate, on_error].map(Duration::from_secs);
    Spans {
        fresh,
        revalidate,
        on_error,
    }
}

/// Says these headers and the number of the request, until the n-th; from then on it is down.
async fn until(headers: &'static str, down: usize) -> Server {
    Server::start(move |before, _| {
        if before < down {
            Say::This(answer(200, headers, before.to_string()))
        } else {
            Say::This(answer(503, "", ""))
        }
    })
    .await
}

#[tokio::test]
async fn headers_say_how_long() {
    let (door, clock) = keeping();
    let server = until("cache-control: public, max-age=60\r\n", 2).await;
    let ask = Ask::get(&server.url("/"));
    let first = door.ask(ask.clone()).await.unwrap();
    assert_eq!(
        (&first.body[..], first.age.as_secs(), first.stale),
        (&b"0"[..], 0, false)
    );
    clock.fetch_add(59, Ordering::Relaxed);
    let kept = door.ask(ask.clone()).await.unwrap();
    assert_eq!(
        (&kept.body[..], kept.age.as_secs(), kept.stale),
        (&b"0"[..], 59, false)
    );
    assert_eq!(
        (kept.status, kept.header("cache-control")),
        (200, Some("public, max-age=60"))
    );
    let anew = door.ask(ask.clone().reading(Reading::Anew)).await.unwrap();
    assert_eq!(anew.body, "1");
    assert_eq!(server.count(), 2);
    // Now it is down; for seven days what is kept stands in.
    clock.fetch_add(3600, Ordering::Relaxed);
    let stale = door.ask(ask.clone()).await.unwrap();
    assert_eq!(
        (&stale.body[..], stale.age.as_secs(), stale.stale),
        (&b"1"[..], 3600, true)
    );
    clock.fetch_add(8 * 24 * 3600, Ordering::Relaxed);
    let gone = fault(door.ask(ask.clone()).await);
    assert!(
        matches!(gone, FetchError::Later { .. } | FetchError::Status { .. }),
        "{gone}"
    );
    // A clock that is set back does no harm.
    clock.fetch_sub(30 * 24 * 3600, Ordering::Relaxed);
    assert_eq!(door.ask(ask).await.unwrap().body, "1");
}

#[tokio::test]
async fn a_host_that_is_gone_or_mad_is_stood_in_for_and_one_that_says_no_is_believed() {
    for (says, believed) in [
        (Say::Last(Vec::new()), false),
        (Say::Last(b"what?\r\n\r\n".to_vec()), false),
        (Say::This(answer(500, "", "")), false),
        (Say::This(answer(429, "retry-after: 9\r\n", "")), false),
        (Say::This(answer(302, "location: /again\r\n", "")), false),
        (Say::This(answer(404, "", "")), true),
        (Say::This(answer(410, "", "")), true),
        (Say::This(answer(401, "", "")), true),
    ] {
        let (door, _) = keeping();
        let then = says.clone();
        let server = Server::start(move |before, _| match before {
            0 => ok("kept"),
            _ => then.clone(),
        })
        .await;
        let ask = Ask::get(&server.url("/"));
        door.ask(ask.clone()).await.unwrap();
        let got = door.ask(ask).await;
        if believed {
            assert!(matches!(fault(got), FetchError::Status { .. }), "{says:?}");
        } else {
            let got = got.unwrap();
            assert!(got.stale && got.body == "kept", "{says:?}");
        }
    }
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let (door, clock) = keeping();
    let server = Server::start(|_, asked| {
        if asked.contains("if-none-match: \"v1\"\r\n") {
            Say::This(
                b"HTTP/1.1 304 Not Modified\r\netag: \"v1\"\r\ncache-control: max-age=60\r\n\r\n"
                    .into(),
            )
        } else {
            Say::This(answer(
                200,
                "etag: \"v1\"\r\ncache-control: max-age=10\r\n",
                "body",
            ))
        }
    })
    .await;
    let ask = Ask::get(&server.url("/"));
    door.ask(ask.clone()).await.unwrap();
    clock.fetch_add(11, Ordering::Relaxed);
    let confirmed = door.ask(ask.clone()).await.unwrap();
    assert_eq!(
        (&confirmed.body[..], confirmed.age.as_secs()),
        (&b"body"[..], 0)
    );
    assert!(!confirmed.stale);
    clock.fetch_add(59, Ordering::Relaxed);
    assert_eq!(
        door.ask(ask).await.unwrap().age.as_secs(),
        59,
        "as the 304 says"
    );
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_304_of_another_answer_is_asked_again_without_a_condition() {
    let (door, clock) = keeping();
    let server = Server::start(|before, _| match before {
        0 => Say::This(answer(200, "etag: \"v1\"\r\n", "old")),
        1 => Say::This(b"HTTP/1.1 304 Not Modified\r\netag: \"v2\"\r\n\r\n".into()),
        _ => ok("new"),
    })
    .await;
    let ask = Ask::get(&server.url("/"));
    door.ask(ask.clone()).await.unwrap();
    clock.fetch_add(11, Ordering::Relaxed);
    assert_eq!(door.ask(ask).await.unwrap().body, "new");
    let asked = server.asked.lock().unwrap();
    assert!(asked[1].contains("if-none-match"));
    assert!(!asked[2].contains("if-none-match"));
}

#[tokio::test]
async fn while_it_is_fetched_anew_the_old_is_used_once_more() {
    let (door, clock) = keeping();
    let server = until(
        "cache-control: max-age=10, stale-while-revalidate=60\r\n",
        9,
    )
    .await;
    let ask = Ask::get(&server.url("/"));
    door.ask(ask.clone()).await.unwrap();
    server.bell.notified().await;
    clock.fetch_add(30, Ordering::Relaxed);
    let old = door.ask(ask.clone()).await.unwrap();
    assert_eq!((&old.body[..], old.stale), (&b"0"[..], true));
    server.bell.notified().await;
    // It has been asked; the answer is there when it is kept.
    loop {
        let got = door
            .ask(ask.clone().reading(Reading::KeptOnly))
            .await
            .unwrap();
        if got.body == "1" {
            assert!(!got.stale);
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn what_may_not_be_kept_is_not_unless_the_caller_knows_better() {
    let (door, _) = keeping();
    for headers in ["cache-control: no-store\r\n", "vary: *\r\n"] {
        let server = until(headers, 9).await;
        let ask = Ask::get(&server.url("/"));
        for body in ["0", "1"] {
            assert_eq!(door.ask(ask.clone()).await.unwrap().body, body, "{headers}");
        }
    }
    let server = until("cache-control: no-store\r\n", 9).await;
    let ask = Ask::get(&server.url("/")).keep(Keep::For(spans(60, 0, 0)));
    for _ in 0..2 {
        assert_eq!(door.ask(ask.clone()).await.unwrap().body, "0");
    }
    let strict = until("cache-control: max-age=0, must-revalidate\r\n", 1).await;
    let ask = Ask::get(&strict.url("/"));
    door.ask(ask.clone()).await.unwrap();
    assert!(matches!(
        fault(door.ask(ask).await),
        FetchError::Status { .. }
    ));
    let server = until("", 9).await;
    let ask = Ask::get(&server.url("/")).keep(Keep::No);
    for body in ["0", "1"] {
        let got = door.ask(ask.clone()).await.unwrap();
        assert_eq!((&got.body[..], got.key), (body.as_bytes(), None));
    }
}

#[tokio::test]
async fn where_headers_say_nothing_the_caller_does() {
    let (door, clock) = keeping();
    let server = until("", 1).await;
    let ask = Ask::get(&server.url("/")).keep(Keep::AsTold(spans(60, 0, 100)));
    for _ in 0..2 {
        let got = door.ask(ask.clone()).await.unwrap();
        assert_eq!((&got.body[..], got.stale), (&b"0"[..], false));
    }
    clock.fetch_add(159, Ordering::Relaxed);
    assert!(door.ask(ask.clone()).await.unwrap().stale);
    clock.fetch_add(1, Ordering::Relaxed);
    fault(door.ask(ask).await);
}

#[tokio::test]
async fn its_reader_may_say_how_long_an_answer_is_good() {
    let (door, clock) = keeping();
    let server = until("cache-control: max-age=5\r\n", 1).await;
    let ask = Ask::get(&server.url("/"));
    let got = door.ask(ask.clone()).await.unwrap();
    door.keep(&got, spans(100, 0, 50)).await;
    clock.fetch_add(99, Ordering::Relaxed);
    assert!(!door.ask(ask.clone()).await.unwrap().stale);
    clock.fetch_add(50, Ordering::Relaxed);
    let stale = door.ask(ask.clone()).await.unwrap();
    assert_eq!((stale.stale, stale.age.as_secs()), (true, 149));
    door.forget(stale.key.as_ref().unwrap()).await;
    let gone = fault(door.ask(ask.reading(Reading::KeptOnly)).await);
    assert_eq!(gone, FetchError::NotKept("127.0.0.1".into()));
}

#[tokio::test]
async fn an_answer_fits_the_headers_it_varies_by() {
    let (door, _) = keeping();
    let headers = "cache-control: max-age=60\r\nvary: Accept-Language, Accept-Encoding\r\n";
    let server = until(headers, 9).await;
    let ask = |language| Ask::get(&server.url("/")).header("accept-language", language);
    for (language, body) in [("fr", "0"), ("fr", "0"), ("de", "1"), ("de", "1")] {
        let got = door.ask(ask(language)).await.unwrap();
        assert_eq!(got.body, body, "{language}");
    }
}

#[tokio::test]
async fn without_a_network_what_is_kept_is_there_at_once() {
    let (door, clock) = keeping();
    let server = until("cache-control: max-age=5\r\n", 1).await;
    let ask = Ask::get(&server.url("/")).reading(Reading::KeptOnly);
    fault(door.ask(ask.clone()).await);
    assert_eq!(server.calls(), 0);
    door.ask(Ask::get(&server.url("/"))).await.unwrap();
    clock.fetch_add(3600, Ordering::Relaxed);
    let got = door.ask(ask).await.unwrap();
    assert_eq!((&got.body[..], got.stale), (&b"0"[..], true));
    assert_eq!(server.count(), 1);
}
