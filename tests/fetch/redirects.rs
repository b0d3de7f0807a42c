//! Where servers send us.

use fetch::{Ask, Config, Fetch, FetchError};

use crate::server::{Say, Server, answer, config, door, evil, fault, ok, redirect};

#[tokio::test]
async fn a_loop_ends_after_three() {
    let server = Server::start(|before, _| redirect(&format!("/{before}?key=s3cret"))).await;
    let error = evil(Ask::get(&server.url("/"))).await;
    assert_eq!(error, FetchError::TooManyRedirects("127.0.0.1".into()));
    assert_eq!(server.count(), 4);
    let itself = Server::saying(redirect("/")).await;
    let error = evil(Ask::get(&itself.url("/"))).await;
    assert_eq!(error, FetchError::TooManyRedirects("127.0.0.1".into()));
}

#[tokio::test]
async fn three_are_followed() {
    let server = Server::start(|before, _| match before {
        0..3 => redirect(&format!("/step{before}#part")),
        _ => ok("there"),
    })
    .await;
    let got = door().ask(Ask::get(&server.url("/"))).await.unwrap();
    assert_eq!(got.body, "there");
    assert_eq!(got.url.path(), "/step2");
    assert_eq!(got.url.fragment(), None);
}

#[tokio::test]
async fn what_is_no_address_of_the_web_is_not_followed() {
    for to in [
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "data:text/html,x",
        "javascript:alert(1)",
        "gopher://127.0.0.1:70/",
        "stremio:///x",
    ] {
        let server = Server::saying(redirect(to)).await;
        let error = evil(Ask::get(&server.url("/"))).await;
        assert!(matches!(error, FetchError::BadAddress(_)), "{to}: {error}");
    }
    for to in ["http://", "http://[::1", "//:80"] {
        let server = Server::saying(redirect(to)).await;
        let error = evil(Ask::get(&server.url("/"))).await;
        assert_eq!(error, FetchError::Broken("127.0.0.1".into()), "{to}");
    }
    let server = Server::saying(Say::This(answer(302, "", ""))).await;
    let error = evil(Ask::get(&server.url("/"))).await;
    assert_eq!(error, FetchError::Broken("127.0.0.1".into()));
}

/// A door that may call this server and nothing else at home.
fn door_to(server: &Server) -> Fetch {
    Fetch::new(Config {
        allow_local: false,
        lan: vec![server.address.to_string()],
        ..config()
    })
    .unwrap()
}

#[tokio::test]
async fn nobody_sends_us_to_our_neighbours() {
    let victim = Server::saying(ok("secret of the house")).await;
    let port = victim.address.port();
    for to in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://localhost:{port}/"),
        format!("//127.1:{port}/"),
        "https://192.168.1.1/".to_owned(),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://[fe80::1]/".to_owned(),
        "http://[64:ff9b::7f00:1]/".to_owned(),
        "http://router.lan/".to_owned(),
    ] {
        let says = redirect(&to);
        let evil = Server::at("127.0.0.2:0", move |_, _| says.clone()).await;
        let error = fault(door_to(&evil).ask(Ask::get(&evil.url("/")).near()).await);
        assert!(matches!(error, FetchError::Refused(_)), "{to}: {error}");
        assert_eq!(evil.count(), 1);
    }
    assert_eq!(victim.calls(), 0);
}

#[tokio::test]
async fn a_listed_host_is_for_the_owners_asks_only() {
    let nas = Server::saying(ok("films")).await;
    let door = door_to(&nas);
    let error = fault(door.ask(Ask::get(&nas.url("/"))).await);
    assert_eq!(error, FetchError::Refused("127.0.0.1".into()));
    assert_eq!(nas.calls(), 0);
    let got = door.ask(Ask::get(&nas.url("/")).near()).await.unwrap();
    assert_eq!(got.body, "films");
    door.list(&[]);
    let error = fault(door.ask(Ask::get(&nas.url("/")).near()).await);
    assert_eq!(error, FetchError::Refused("127.0.0.1".into()));
}

#[tokio::test]
async fn what_was_said_to_one_is_not_said_to_another() {
    let other = Server::saying(ok("other")).await;
    let to = other.url("/stolen");
    for status in [307, 308] {
        let to = format!("location: {to}\r\n");
        let says = Say::This(answer(status, &to, ""));
        let server = Server::saying(says).await;
        let ask = Ask::post(
            &server.url("/login"),
            "application/json",
            "{\"password\":1}",
        );
        let error = evil(ask).await;
        assert_eq!(error, FetchError::Insecure("127.0.0.1".into()));
    }
    assert_eq!(other.calls(), 0);
    // "See other" asks for something else, without what was said.
    let server = Server::saying(redirect(&to)).await;
    let ask = Ask::post(&server.url("/form"), "application/json", "{\"password\":1}");
    assert_eq!(door().ask(ask).await.unwrap().body, "other");
    let asked = other.asked.lock().unwrap()[0].clone();
    assert!(asked.starts_with("GET /stolen"), "{asked}");
    assert!(
        !asked.contains("password") && !asked.contains("content-type"),
        "{asked}"
    );
}
