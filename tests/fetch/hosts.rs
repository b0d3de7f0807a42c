//! Hosts that fail, that want to be left alone, and that are asked too much.

use std::time::Duration;

use fetch::{Ask, Config, Fetch, FetchError, Patience};
use futures_util::future::join_all;

use crate::server::{Say, Server, answer, config, door, evil, fault, ok};

fn status(code: u16, after: Option<u64>) -> FetchError {
    FetchError::Status {
        host: "127.0.0.1".into(),
        code,
        after: after.map(Duration::from_secs),
    }
}

#[tokio::test]
async fn a_host_that_says_later_is_not_asked_before() {
    let says = answer(429, "retry-after: 7\r\n", "slow down");
    // Another address is another host, and is not held.
    let server = Server::at("127.0.0.3:0", move |_, _| Say::This(says.clone())).await;
    let door = door();
    let limited = FetchError::Status {
        host: "127.0.0.3".into(),
        code: 429,
        after: Some(Duration::from_secs(7)),
    };
    let ask = Ask::get(&server.url("/"));
    assert_eq!(fault(door.ask(ask.clone()).await), limited);
    let soon = ask.clone().whole(Duration::from_secs(3));
    match fault(door.ask(soon).await) {
        FetchError::Later { after, .. } => assert!(after <= Duration::from_secs(7), "{after:?}"),
        other => panic!("{other}"),
    }
    assert_eq!(server.count(), 1);
    let good = Server::saying(ok("good")).await;
    assert_eq!(
        door.ask(Ask::get(&good.url("/"))).await.unwrap().body,
        "good"
    );
    // One with more time waits; the clock is turned for it.
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(8)).await;
    tokio::time::resume();
    assert_eq!(fault(door.ask(ask).await), limited);
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_host_that_fails_is_left_alone_and_tried_again_by_one() {
    let down = Server::at("127.0.0.3:0", |before, _| match before {
        0..6 => Say::This(answer(500, "", "{\"err\":\"handler error\"}")),
        _ => ok("up again"),
    })
    .await;
    let door = door();
    let ask = Ask::get(&down.url("/"));
    for _ in 0..5 {
        let error = fault(door.ask(ask.clone()).await);
        assert!(
            matches!(error, FetchError::Status { code: 500, .. }),
            "{error}"
        );
    }
    let turn = async |seconds| {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(seconds)).await;
        tokio::time::resume();
    };
    for _ in 0..20 {
        let error = fault(door.ask(ask.clone()).await);
        assert!(matches!(error, FetchError::Later { .. }), "{error}");
    }
    assert_eq!(down.count(), 5);
    let good = Server::saying(ok("good")).await;
    assert_eq!(
        door.ask(Ask::get(&good.url("/"))).await.unwrap().body,
        "good"
    );
    turn(31).await;
    // Of many one tries, and fails.
    let asks = (0..20).map(|part| door.ask(Ask::get(&down.url(&format!("/{part}")))));
    let faults = join_all(asks).await.into_iter().map(fault);
    let tried = faults.filter(|fault| matches!(fault, FetchError::Status { .. }));
    assert_eq!((tried.count(), down.count()), (1, 6));
    turn(31).await;
    assert!(matches!(
        fault(door.ask(ask.clone()).await),
        FetchError::Later { .. }
    ));
    turn(30).await;
    assert_eq!(door.ask(ask.clone()).await.unwrap().body, "up again");
    assert_eq!(door.ask(ask).await.unwrap().body, "up again");
}

#[tokio::test]
async fn another_network_is_another_chance() {
    let door = Fetch::new(Config {
        patience: Patience {
            failures: 1,
            ..config().patience
        },
        ..config()
    });
    let door = door.unwrap();
    let server = Server::saying(Say::This(answer(500, "", ""))).await;
    let ask = Ask::get(&server.url("/"));
    assert_eq!(fault(door.ask(ask.clone()).await), status(500, None));
    assert!(matches!(
        fault(door.ask(ask.clone()).await),
        FetchError::Later { .. }
    ));
    door.forgive();
    assert_eq!(fault(door.ask(ask).await), status(500, None));
}

#[tokio::test]
async fn what_a_restart_breaks_is_asked_again_twice() {
    for code in [502, 503, 504] {
        let server = Server::start(move |before, _| match before {
            0..2 => Say::This(answer(code, "", "")),
            _ => ok("up"),
        })
        .await;
        assert_eq!(
            door().ask(Ask::get(&server.url("/"))).await.unwrap().body,
            "up"
        );
        let down = Server::saying(Say::This(answer(code, "", ""))).await;
        assert_eq!(evil(Ask::get(&down.url("/"))).await, status(code, None));
        assert_eq!(down.count(), 3);
    }
}

#[tokio::test]
async fn what_is_no_matter_of_luck_is_asked_once() {
    for code in [400, 401, 404, 406, 410, 500] {
        let server = Server::saying(Say::This(answer(code, "", ""))).await;
        assert_eq!(evil(Ask::get(&server.url("/"))).await, status(code, None));
        assert_eq!(server.count(), 1, "{code}");
    }
    let down = Server::saying(Say::This(answer(503, "", ""))).await;
    let post = Ask::post(&down.url("/"), "application/json", "{}");
    assert_eq!(evil(post).await, status(503, None));
    assert_eq!(down.count(), 1, "a POST may do harm twice");
    let cut = Server::saying(Say::Last(
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx".into(),
    ))
    .await;
    assert_eq!(
        evil(Ask::get(&cut.url("/"))).await,
        FetchError::NoAnswer("127.0.0.1".into())
    );
    assert_eq!(cut.count(), 1);
    // More time than there is.
    let later = Server::saying(Say::This(answer(503, "retry-after: 60\r\n", ""))).await;
    assert_eq!(evil(Ask::get(&later.url("/"))).await, status(503, Some(60)));
    assert_eq!(later.count(), 1);
}

#[tokio::test]
async fn a_status_may_be_an_answer() {
    let headers = "x-reason: Request parameters does not make sense\r\nset-cookie: a=b\r\n";
    let server = Server::saying(Say::This(answer(406, headers, "{\"remaining\":0}"))).await;
    let got = door()
        .ask(Ask::get(&server.url("/")).any_status())
        .await
        .unwrap();
    assert_eq!(
        (got.status, &got.body[..]),
        (406, &b"{\"remaining\":0}"[..])
    );
    assert_eq!(
        got.header("x-reason"),
        Some("Request parameters does not make sense")
    );
    assert_eq!(got.header("set-cookie"), None);
}

#[tokio::test]
async fn who_asks_the_same_meanwhile_shares_the_answer() {
    let server = Server::saying(ok("one")).await;
    let door = door();
    let asks = (0..10).map(|_| door.ask(Ask::get(&server.url("/same"))));
    for got in join_all(asks).await {
        assert_eq!(got.unwrap().body, "one");
    }
    assert_eq!(server.count(), 1);
    door.ask(Ask::get(&server.url("/same"))).await.unwrap();
    assert_eq!(server.count(), 2, "later is another time");
    let secrets = ["a", "b"].map(|secret| Ask::get(&server.url("/same")).secret("key", secret));
    join_all(secrets.map(|ask| door.ask(ask))).await;
    assert_eq!(
        server.count(),
        4,
        "for another account it is another answer"
    );
}

#[tokio::test]
async fn an_ask_nobody_waits_for_is_cut_off() {
    let server = Server::saying(Say::Hang(
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n".into(),
    ))
    .await;
    let door = door();
    // As many as may be asked at a time.
    for part in 0..8 {
        let ask = door.ask(Ask::get(&server.url(&format!("/{part}"))));
        tokio::select! {
            got = ask => panic!("{got:?}"),
            () = server.bell.notified() => {}
        }
    }
    assert_eq!(server.count(), 8);
}
