//! The page in the network that the box opens itself: who reaches it, where others are sent, and
//! what it takes from a phone.

use std::net::{IpAddr, Ipv4Addr};

use app::{Choice, Language, Lock, Passphrase, Wifi};
use matinee::remote::{Setup, serve_setup};
use tokio::net::TcpSocket;

use super::*;

/// The box in its own network, a phone there, and one from elsewhere.
const BOX: Ipv4Addr = Ipv4Addr::new(127, 73, 0, 1);
const PHONE: Ipv4Addr = Ipv4Addr::new(127, 73, 0, 9);
const STRANGER: Ipv4Addr = Ipv4Addr::LOCALHOST;

const RIGHT: &str = r#"{"network": 0, "password": "correct horse"}"#;

/// What the phone has chosen.
type Chosen = Arc<Mutex<Vec<Choice>>>;

/// Who has asked for anything.
type Heard = Arc<Mutex<Vec<IpAddr>>>;

fn wifi(name: &str, lock: Lock, known: bool) -> Wifi {
    Wifi {
        id: format!("/{name}").into(),
        name: name.into(),
        bars: 3,
        lock,
        known,
    }
}

async fn setup() -> (Server, Chosen) {
    let (server, chosen, _heard) = setup_that_hears().await;
    (server, chosen)
}

async fn setup_that_hears() -> (Server, Chosen, Heard) {
    let (chosen, heard) = (Chosen::default(), Heard::default());
    let hears = Arc::clone(&heard);
    let chooses = Arc::clone(&chosen);
    let setup = Setup {
        listen: (BOX, 0).into(),
        prefix: 24,
        language: Language::English,
        networks: vec![
            wifi("Attic", Lock::Password, false),
            wifi("Office", Lock::Enterprise, false),
            wifi("Cafe", Lock::Open, false),
            wifi("Cellar", Lock::Password, true),
        ],
        heard: Arc::new(move |guest| hears.lock().unwrap().push(guest)),
        chosen: Arc::new(move |choice| chooses.lock().unwrap().push(choice)),
    };
    (serve_setup(setup).await.unwrap(), chosen, heard)
}

async fn send_from(from: Ipv4Addr, address: SocketAddr, request: &str) -> Answer {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    let stream = socket.connect(address).await.unwrap();
    talk(stream, request.as_bytes()).await
}

/// A request of the page on the phone.
async fn from_page(server: &Server, method: &str, path: &str, body: &str) -> Answer {
    let address = server.address();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\n\
         connection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    send_from(PHONE, address, &request).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_right_cell_passes() {
    let (server, chosen) = setup().await;
    let address = server.address();
    let port = address.port();
    let own = format!("127.73.0.1:{port}");
    let hosts = [
        own.clone(),
        String::new(),
        "127.73.0.1".to_owned(),
        format!("127.73.0.9:{port}"),
        format!("127.73.0.1:{port}.evil.example"),
        "captive.apple.com".to_owned(),
        "matinee.local:8100".to_owned(),
    ];
    let origins = [
        Some(format!("http://{own}")),
        None,
        Some("null".to_owned()),
        Some(String::new()),
        Some(format!("https://{own}")),
        Some(format!("http://{own}/")),
        Some("http://captive.apple.com".to_owned()),
        Some(format!("http://localhost:{port}")),
    ];
    // What is wrong in nothing but its password comes as far as any, and is no choice.
    let requests = [("GET", "/networks", ""), ("POST", "/join", "{}")];
    let (mut passed, mut sent_on) = (Vec::new(), 0);
    for peer in [PHONE, STRANGER, BOX] {
        for host in &hosts {
            for origin in &origins {
                for (method, path, body) in requests {
                    let origin = origin.as_ref();
                    let head = origin.map_or(String::new(), |it| format!("origin: {it}\r\n"));
                    let request = format!(
                        "{method} {path} HTTP/1.1\r\nhost: {host}\r\n{head}connection: close\r\n\
                         content-length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    let answer = send_from(peer, address, &request).await;
                    let cell = format!("{peer} {request}");
                    assert!(!answer.head.contains("access-control-allow"), "{cell}");
                    assert!(!answer.head.contains("set-cookie"), "{cell}");
                    match answer.status {
                        403 => {}
                        302 => {
                            sent_on += 1;
                            let place = format!("location: http://{own}/\r\n");
                            assert!(format!("{}\r\n", answer.head).contains(&place), "{cell}");
                            let reads = method == "GET" && origin.is_none();
                            assert!(peer == PHONE && reads && *host != own, "{cell}");
                        }
                        // 415: it came to the route, which wants JSON.
                        _ => passed.push((peer, host.clone(), origin.cloned(), method)),
                    }
                }
            }
        }
    }
    let right = Some(format!("http://{own}"));
    let expected = [
        (PHONE, own.clone(), right.clone(), "GET"),
        (PHONE, own.clone(), right, "POST"),
        (PHONE, own, None, "GET"),
    ];
    assert_eq!(passed, expected);
    assert_eq!(sent_on, hosts.len() - 1);
    assert!(chosen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn probes_of_phones_are_led_to_the_page() {
    let (server, _chosen) = setup().await;
    let address = server.address();
    for (host, path) in [
        ("connectivitycheck.gstatic.com", "/generate_204"),
        ("captive.apple.com", "/hotspot-detect.html"),
        ("www.msftconnecttest.com", "/connecttest.txt"),
        ("10.1.2.3", "/api/v1/state"),
    ] {
        for target in [path.to_owned(), format!("http://{host}{path}")] {
            let request =
                format!("GET {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
            let answer = send_from(PHONE, address, &request).await;
            assert_eq!(answer.status, 302, "{target}");
            let told = String::from_utf8(answer.body).unwrap();
            assert!(
                answer
                    .head
                    .contains(&format!("location: http://{address}/"))
            );
            assert!(
                !answer.head.contains(host) && !told.contains(host),
                "{told}"
            );
        }
    }
}

#[tokio::test]
async fn a_phone_is_heard_whatever_it_asks_for_and_nobody_else_is() {
    let (server, _chosen, heard) = setup_that_hears().await;
    let address = server.address();
    let asks = async |from: Ipv4Addr, line: &str, host: &str| {
        let request = format!("{line} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        send_from(from, address, &request).await.status
    };
    let own = address.to_string();
    for (from, status) in [(STRANGER, 403), (BOX, 403)] {
        assert_eq!(asks(from, "GET /", &own).await, status, "{from}");
    }
    assert!(heard.lock().unwrap().is_empty());
    let other = Ipv4Addr::new(127, 73, 0, 10);
    assert_eq!(asks(PHONE, "GET /generate_204", "a.example").await, 302);
    assert_eq!(asks(other, "GET /", &own).await, 200);
    assert_eq!(asks(PHONE, "POST /join", "a.example").await, 403);
    let expected = [PHONE, other, PHONE].map(IpAddr::from);
    assert_eq!(*heard.lock().unwrap(), expected);
}

#[tokio::test]
async fn the_page_is_all_that_is_there() {
    let (server, _chosen) = setup().await;
    for path in ["/", "/setup.js", "/app.css", "/icon.svg"] {
        let answer = from_page(&server, "GET", path, "").await;
        assert_eq!(answer.status, 200, "{path}");
        let policy = "content-security-policy: default-src 'self';";
        assert!(answer.head.contains(policy), "{path}");
    }
    let page = from_page(&server, "GET", "/", "").await;
    let page = String::from_utf8(page.body).unwrap();
    assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick="));
    let words = from_page(&server, "GET", "/words.json", "").await;
    assert_eq!(words.json()["words"]["join"], "Connect the box");
    let networks = from_page(&server, "GET", "/networks", "").await;
    // What the box cannot join is not there, and neither is how iwd calls any.
    let expected = json!({ "networks": [
        { "name": "Attic", "bars": 3, "locked": true },
        { "name": "Cafe", "bars": 3, "locked": false },
        { "name": "Cellar", "bars": 3, "locked": false },
    ]});
    assert_eq!(networks.json(), expected);
    let others = remote::endpoints().into_iter();
    let others = others.map(|(method, path)| (method.to_uppercase(), format!("/api/v1{path}")));
    let more = [("GET", "/app.js"), ("POST", "/pair"), ("GET", "/join")];
    let more = more.map(|(method, path)| (method.to_owned(), path.to_owned()));
    for (method, path) in others.chain(more) {
        let answer = from_page(&server, &method, &path, "").await;
        assert!(matches!(answer.status, 404 | 405), "{method} {path}");
    }
}

#[tokio::test]
async fn one_choice_is_taken_and_no_other_after_it() {
    let (server, chosen) = setup().await;
    let answer = from_page(&server, "POST", "/join", RIGHT).await;
    assert_eq!(answer.status, 200);
    let again = from_page(&server, "POST", "/join", RIGHT).await;
    assert_eq!(again.status, 409);
    let chosen = chosen.lock().unwrap();
    let expected = Choice {
        id: Some("/Attic".into()),
        name: "Attic".into(),
        passphrase: Some(Passphrase("correct horse".into())),
    };
    assert_eq!(*chosen, [expected]);
    assert!(!format!("{chosen:?}").contains("horse"));
}

#[tokio::test]
async fn others_are_chosen_by_name_and_what_is_open_or_known_without_a_password() {
    for (body, id, passphrase) in [
        (r#"{"network": 1}"#, Some("/Cafe"), None),
        (r#"{"network": 2}"#, Some("/Cellar"), None),
        (r#"{"name": "Mill"}"#, None, None),
        (
            r#"{"name": "Mill", "password": "correct horse"}"#,
            None,
            Some("correct horse"),
        ),
    ] {
        let (server, chosen) = setup().await;
        let answer = from_page(&server, "POST", "/join", body).await;
        assert_eq!(answer.status, 200, "{body}");
        let chosen = chosen.lock().unwrap();
        assert_eq!(chosen[0].id.as_deref(), id, "{body}");
        let told = chosen[0].passphrase.as_ref().map(|it| it.0.as_str());
        assert_eq!(told, passphrase, "{body}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_refused_without_its_words() {
    let long = format!(r#"{{"name": "{}"}}"#, "a".repeat(33));
    let much = format!(r#"{{"name": "Mill", "password": "{}"}}"#, "a".repeat(2000));
    for (body, status) in [
        ("", 400),
        ("{}", 400),
        (r#"{"network": 0}"#, 400),
        (r#"{"network": 3, "password": "correct horse"}"#, 400),
        (r#"{"network": 0, "password": "secret7"}"#, 400),
        (r#"{"network": 0, "password": "secret süß"}"#, 400),
        (r#"{"network": 0, "name": "Mill"}"#, 400),
        (r#"{"network": 0, "secret": "correct horse"}"#, 400),
        (r#"{"name": ""}"#, 400),
        (long.as_str(), 400),
        (much.as_str(), 413),
    ] {
        let (server, chosen) = setup().await;
        let answer = from_page(&server, "POST", "/join", body).await;
        assert_eq!(answer.status, status, "{body}");
        let told = answer.json()["error"].as_str().unwrap().to_owned();
        assert!(
            !told.contains("secret") && !told.contains("horse"),
            "{told}"
        );
        assert!(chosen.lock().unwrap().is_empty(), "{body}");
        // Whoever guesses does not do so at once.
        let next = from_page(&server, "POST", "/join", RIGHT).await;
        assert_eq!(next.status, 503, "{body}");
    }
}
