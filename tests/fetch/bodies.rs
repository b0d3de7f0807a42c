//! Answers that do not end, are not what they say, or are not HTTP.

use std::io::Write as _;
use std::time::Duration;

use fetch::{Ask, Bounds, FetchError, Wanted};

use crate::server::{Say, Server, answer, door, evil, fault, ok};

const MIB: u64 = 1024 * 1024;
/// What lies in the kernel's buffers between two programs on loopback at most, and a bit.
const BUFFERS: u64 = 16 * MIB;

fn too_large(server: &Server, bytes_max: u64) -> FetchError {
    FetchError::TooLarge {
        host: server.address.ip().to_string(),
        bytes_max,
    }
}

fn host(server: &Server) -> String {
    server.address.ip().to_string()
}

#[tokio::test]
async fn an_endless_body_is_cut_at_its_bound() {
    let head = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    let server = Server::saying(Say::Endless(head, vec![b' '; 65536])).await;
    let error = evil(Ask::get(&server.url("/"))).await;
    assert_eq!(error, too_large(&server, 4 * MIB));
    assert!(server.sent() < 4 * MIB + BUFFERS, "{}", server.sent());
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_not_read() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n".to_vec();
    let server = Server::saying(Say::Hang(head)).await;
    let error = evil(Ask::get(&server.url("/")).bytes_max(1000)).await;
    assert_eq!(error, too_large(&server, 1000));
}

#[tokio::test]
async fn endless_headers_are_cut() {
    let head = b"HTTP/1.1 200 OK\r\nx: ".to_vec();
    let server = Server::saying(Say::Endless(head, vec![b'x'; 65536])).await;
    let error = evil(Ask::get(&server.url("/"))).await;
    assert_eq!(error, FetchError::Broken(host(&server)));
    assert!(server.sent() < MIB + BUFFERS, "{}", server.sent());

    let head = b"HTTP/1.1 200 OK\r\n".to_vec();
    let server = Server::saying(Say::Endless(head, b"a: b\r\n".repeat(1000))).await;
    let error = evil(Ask::get(&server.url("/"))).await;
    assert_eq!(error, FetchError::Broken(host(&server)));
    assert!(server.sent() < MIB + BUFFERS, "{}", server.sent());
}

#[tokio::test]
async fn a_byte_now_and_then_is_too_slow() {
    let head = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    let server = Server::saying(Say::Drip(head)).await;
    let bounds = Bounds {
        silence: Duration::from_millis(100),
        rate_min: 100_000,
        whole: Duration::from_secs(600),
        ..Bounds::default()
    };
    let error = evil(Ask::get(&server.url("/")).bounds(bounds)).await;
    assert_eq!(error, FetchError::TooSlow(host(&server)));
}

#[tokio::test]
async fn silence_is_too_slow_wherever_it_falls() {
    let whole = Bounds {
        whole: Duration::from_millis(200),
        ..Bounds::default()
    };
    let silence = Bounds {
        silence: Duration::from_millis(100),
        whole: Duration::from_secs(600),
        ..Bounds::default()
    };
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n";
    for (says, bounds) in [
        (&b""[..], whole),
        (b"HTTP/1.1 200 OK\r\nx", whole),
        (head, silence),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx", silence),
    ] {
        let server = Server::saying(Say::Hang(says.to_vec())).await;
        let error = evil(Ask::get(&server.url("/")).bounds(bounds)).await;
        assert_eq!(error, FetchError::TooSlow(host(&server)), "{says:?}");
    }
}

fn packed(bytes: &[u8], times: usize) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..times {
        gzip.write_all(bytes).unwrap();
    }
    gzip.finish().unwrap()
}

const GZIP: &str = "content-encoding: gzip\r\n";

#[tokio::test]
async fn a_gzip_bomb_does_not_go_off() {
    let bomb = packed(&vec![0; 65536], 2048);
    assert!((bomb.len() as u64) < MIB, "128 MiB in few");
    let server = Server::saying(Say::This(answer(200, GZIP, bomb))).await;
    let error = evil(Ask::get(&server.url("/")).bytes_max(2 * MIB)).await;
    assert_eq!(error, too_large(&server, 2 * MIB));
}

#[tokio::test]
async fn gzip_is_unpacked_whatever_follows_it() {
    let text = b"{\"a\": 1}".repeat(1000);
    let whole = packed(&text, 3);
    let padded = [&whole[..], b"garbage"].concat();
    for body in [whole.clone(), padded] {
        let server = Server::saying(Say::This(answer(200, GZIP, body))).await;
        let got = door().ask(Ask::get(&server.url("/"))).await.unwrap();
        assert_eq!(got.body, text.repeat(3));
        assert_eq!(got.header("content-encoding"), None);
        assert!(server.asked.lock().unwrap()[0].contains("accept-encoding: gzip\r\n"));
    }
    let cut = &whole[..whole.len() / 2];
    let not = b"no gzip at all, though it says so";
    for body in [cut, not] {
        let server = Server::saying(Say::This(answer(200, GZIP, body))).await;
        let error = evil(Ask::get(&server.url("/"))).await;
        assert_eq!(error, FetchError::Broken(host(&server)));
    }
    let server = Server::saying(Say::This(answer(200, "content-encoding: br\r\n", "x"))).await;
    let error = evil(Ask::get(&server.url("/"))).await;
    assert_eq!(error, FetchError::Broken(host(&server)));
}

#[tokio::test]
async fn a_length_that_is_wrong_is_noticed_or_does_no_harm() {
    let long = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort".to_vec();
    let server = Server::saying(Say::Last(long)).await;
    let error = evil(Ask::get(&server.url("/"))).await;
    assert_eq!(error, FetchError::NoAnswer(host(&server)));

    // What follows the first answer is no answer to the next ask.
    let short = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngood";
    let follows = format!("{short}HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil");
    let server = Server::start(move |before, _| match before {
        0 => Say::This(follows.clone().into_bytes()),
        _ => ok("also"),
    })
    .await;
    let door = door();
    let first = door.ask(Ask::get(&server.url("/1"))).await.unwrap();
    assert_eq!(first.body, "good");
    let second = door.ask(Ask::get(&server.url("/2"))).await.unwrap();
    assert_eq!(second.body, "also");
}

#[tokio::test]
async fn chunks_that_are_a_mess_are_no_answer() {
    let chunked = |rest: &str| {
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{rest}").into_bytes()
    };
    for (mess, broken) in [
        (chunked("zz\r\nhello\r\n"), true),
        (chunked("fffffffffffffffff\r\nhello\r\n"), true),
        (chunked("5\r\nhelloXX0\r\n\r\n"), true),
        (chunked("5\r\nhello\r\n"), false),
        (chunked("5\r\nhello\r\n0\r\nx: y"), false),
    ] {
        let server = Server::saying(Say::Last(mess.clone())).await;
        let error = evil(Ask::get(&server.url("/"))).await;
        let expected = if broken {
            FetchError::Broken
        } else {
            FetchError::NoAnswer
        };
        assert_eq!(
            error,
            expected(host(&server)),
            "{:?}",
            String::from_utf8_lossy(&mess)
        );
    }
    for begin in ["5\r\nhello\r\n0\r\n", "5;"] {
        let endless = Say::Endless(chunked(begin), b"x: y\r\n".repeat(1000));
        let endless = match begin {
            "5;" => Say::Endless(chunked(begin), vec![b'x'; 65536]),
            _ => endless,
        };
        let server = Server::saying(endless).await;
        let error = evil(Ask::get(&server.url("/"))).await;
        assert_eq!(error, FetchError::Broken(host(&server)), "{begin}");
        assert!(server.sent() < MIB + BUFFERS, "{}", server.sent());
    }
    let good = chunked("3\r\ngoo\r\n1;a=b\r\nd\r\n0\r\nx: y\r\n\r\n");
    let server = Server::saying(Say::This(good)).await;
    let got = door().ask(Ask::get(&server.url("/"))).await.unwrap();
    assert_eq!(got.body, "good");
}

#[tokio::test]
async fn a_page_is_no_json_and_not_read_to_its_end() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n \n<!doctype html>";
    let server = Server::saying(Say::Endless(head.to_vec(), vec![b'x'; 65536])).await;
    let ask = Ask::get(&server.url("/")).wanted(Wanted::Json);
    assert_eq!(
        evil(ask.bytes_max(1000 * MIB)).await,
        FetchError::NotJson(host(&server))
    );
    assert!(server.sent() < MIB + BUFFERS, "{}", server.sent());
    for page in ["", "Cannot GET /x"] {
        let server = Server::saying(ok(page)).await;
        let ask = Ask::get(&server.url("/")).wanted(Wanted::Json);
        assert_eq!(evil(ask).await, FetchError::NotJson(host(&server)));
    }
    // Sloppy, but data.
    let page = answer(200, "content-type: text/html\r\n", " {\"metas\":[]}");
    let server = Server::saying(Say::This(page)).await;
    let ask = Ask::get(&server.url("/")).wanted(Wanted::Json);
    let got = door().ask(ask).await.unwrap();
    let json: serde_json::Value = got.json().unwrap();
    assert!(json["metas"].is_array());
    assert!(server.asked.lock().unwrap()[0].contains("accept: application/json\r\n"));
}

#[tokio::test]
async fn a_type_that_was_not_wanted_is_not_read() {
    for (said, wanted) in [
        ("text/html", Wanted::Image),
        ("application/json", Wanted::Image),
        ("text/html; charset=utf-8", Wanted::File),
    ] {
        let said = format!("content-type: {said}\r\n");
        let server = Server::saying(Say::This(answer(200, &said, "x"))).await;
        let error = evil(Ask::get(&server.url("/")).wanted(wanted)).await;
        assert_eq!(error, FetchError::WrongType(host(&server)));
    }
    for (said, wanted) in [
        ("content-type: image/webp\r\n", Wanted::Image),
        ("", Wanted::Image),
        ("content-type: application/x-subrip\r\n", Wanted::File),
    ] {
        let server = Server::saying(Say::This(answer(200, said, "x"))).await;
        let ask = Ask::get(&server.url("/")).wanted(wanted);
        assert_eq!(door().ask(ask).await.unwrap().body, "x");
    }
}

#[tokio::test]
async fn what_is_not_http_is_broken() {
    for noise in [
        &b"SSH-2.0-OpenSSH_9.2\r\n\r\n"[..],
        b"\x16\x03\x01\0\0",
        b"HTTP/9.9 200\r\n\r\n",
    ] {
        let server = Server::saying(Say::Last(noise.to_vec())).await;
        let error = evil(Ask::get(&server.url("/"))).await;
        assert_eq!(error, FetchError::Broken(host(&server)), "{noise:?}");
    }
}

#[tokio::test]
async fn a_flow_has_the_same_bounds() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\n\r\n".to_vec();
    let server = Server::saying(Say::Endless(head, vec![b'x'; 65536])).await;
    let ask = Ask::get(&server.url("/"))
        .wanted(Wanted::Image)
        .bytes_max(3 * MIB);
    let door = door();
    let mut flow = door.flow(ask).await.unwrap();
    assert_eq!(flow.status, 200);
    let mut bytes = 0;
    let error = loop {
        match flow.body.chunk().await {
            Ok(chunk) => bytes += chunk.unwrap().len() as u64,
            Err(error) => break error,
        }
    };
    assert!(bytes <= 3 * MIB && bytes > 2 * MIB, "{bytes}");
    assert_eq!(error, too_large(&server, 3 * MIB));

    let server = Server::saying(Say::This(answer(200, GZIP, packed(b"picture", 1)))).await;
    let mut flow = door.flow(Ask::get(&server.url("/"))).await.unwrap();
    assert_eq!(flow.body.chunk().await.unwrap().unwrap(), "picture");
    assert_eq!(flow.body.chunk().await.unwrap(), None);
}

#[tokio::test]
async fn who_hangs_during_tls_is_too_slow_and_who_speaks_none_is_no_host() {
    let server = Server::saying(ok("plain")).await;
    let ask = Ask::get(&format!("https://{}/?key=s3cret", server.address));
    // It waits for the end of a request that never comes, and says nothing.
    let error = evil(ask.clone().whole(Duration::from_millis(200))).await;
    assert_eq!(error, FetchError::TooSlow(host(&server)));

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let noise = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        while let Ok((mut stream, _)) = listener.accept().await {
            // What lies unread when it hangs up would be a reset.
            let hello = stream.read(&mut [0; 16384]).await.unwrap();
            assert!(hello > 0);
            stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                .await
                .unwrap();
        }
    });
    let error = evil(Ask::get(&format!("https://{address}/"))).await;
    assert_eq!(error, FetchError::Tls("127.0.0.1".into()));
    noise.abort();

    let gone = fault(door().ask(Ask::get("http://127.0.0.1:9/?key=s3cret")).await);
    assert_eq!(gone, FetchError::NoAnswer("127.0.0.1".into()));
}
