//! Servers that refuse, lie, change the file or fall silent: each is told in its own word.

use app::{Reach, SupplyFailure, SupplyNews};

use super::server::{Answer, Desk, SESSION, Server, film};

fn status(code: u16) -> Server {
    Server::start(film(1000), move |_, _| Answer {
        status: Some(code),
        ..Answer::default()
    })
}

#[test]
fn what_is_not_there_or_not_ours_is_told_apart() {
    let desk = Desk::new();
    let host = "127.0.0.1".to_owned();
    for (code, expected) in [
        (404, SupplyFailure::NotThere(host.clone())),
        (410, SupplyFailure::NotThere(host.clone())),
        (
            401,
            SupplyFailure::Refused {
                host: host.clone(),
                code: 401,
            },
        ),
        (403, SupplyFailure::Refused { host, code: 403 }),
    ] {
        let server = status(code);
        assert_eq!(desk.refusal(Reach::Web(server.file())), expected);
    }
}

#[test]
fn a_host_at_home_is_not_called_for_a_stranger() {
    let server = Server::honest(film(1000));
    let desk = Desk::with(64 << 20, false);
    let refused = desk.refusal(Reach::Web(server.file()));
    assert_eq!(refused, SupplyFailure::AtHome("127.0.0.1".to_owned()));
    assert!(server.starts().is_empty());
}

#[test]
fn nobody_at_the_address_is_told_soon() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let desk = Desk::new();
    let file = app::WebFile {
        url: format!("http://{address}/a.mkv"),
        ..app::WebFile::default()
    };
    let refused = desk.refusal(Reach::Web(file));
    assert!(
        matches!(refused, SupplyFailure::NoServer { .. }),
        "{refused:?}"
    );
}

/// Why a film whose answers have this header is refused.
fn refused_with(header: &'static str) -> SupplyFailure {
    let server = Server::start(film(1000), move |_, _| Answer {
        headers: format!("{header}\r\n"),
        ..Answer::default()
    });
    Desk::new().refusal(Reach::Web(server.file()))
}

#[test]
fn a_web_page_is_no_film() {
    let refused = refused_with("content-type: text/html");
    assert!(
        matches!(refused, SupplyFailure::Unsupported(_)),
        "{refused:?}"
    );
}

#[test]
fn packed_bytes_are_no_parts_of_a_film() {
    let refused = refused_with("content-encoding: gzip");
    assert!(
        matches!(refused, SupplyFailure::NoServer { .. }),
        "{refused:?}"
    );
}

#[test]
fn a_file_that_changed_ends_the_film() {
    for how in ["etag", "size", "date"] {
        let film = film(40 << 20);
        let server = Server::start(film.clone(), move |number, _| {
            let later = number > 0;
            let tag = if later && how == "etag" { "b" } else { "a" };
            let date = if later && how == "date" { 2 } else { 1 };
            let date = format!("last-modified: Mon, 0{date} Jan 2024 00:00:00 GMT\r\n");
            let tag = format!("etag: \"{tag}\"\r\n");
            Answer {
                headers: if how == "date" { date } else { tag },
                film: (later && how == "size").then(|| super::server::film(39 << 20)),
                ..Answer::default()
            }
        });
        let desk = Desk::new();
        let source = desk.open(Reach::Web(server.file()));
        let gone = desk.read(&source, 30 << 20, 1000).unwrap_err();
        assert!(gone.0.contains("has changed"), "{how}: {gone}");
        assert_eq!(
            desk.failure(),
            SupplyFailure::Changed("127.0.0.1".to_owned()),
            "{how}"
        );
    }
}

#[test]
fn bytes_of_another_place_are_not_taken() {
    let server = Server::start(film(3 << 20), |_, _| Answer {
        shifted: 4096,
        ..Answer::default()
    });
    let refused = Desk::new().refusal(Reach::Web(server.file()));
    assert!(
        matches!(refused, SupplyFailure::NoServer { .. }),
        "{refused:?}"
    );
}

#[test]
fn a_film_that_stalls_says_where_it_waits() {
    let server = Server::start(film(20 << 20), |number, asked| Answer {
        hangs_after: (number > 0 && asked.first > 0).then_some(1000),
        ..Answer::default()
    });
    let desk = Desk::new();
    let source = desk.open(Reach::Web(server.file()));
    let at = 10 << 20;
    let read = source.read_at(at, 1000);
    let task = std::thread::spawn({
        let handle = desk.handle();
        move || handle.block_on(read)
    });
    desk.progress("the wait", |it| it.waiting_at == Some(at));
    desk.files.close(SESSION);
    assert!(task.join().unwrap().is_err(), "a close ends every read");
    while let Ok((_, news)) = desk.news.try_recv() {
        assert!(!matches!(news, SupplyNews::Failed(_)), "{news:?}");
    }
}
