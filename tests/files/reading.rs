//! What is read is the film, wherever it is read and whatever becomes of connections.

use app::Reach;

use super::server::{Answer, Desk, Server, film};

const MIB: u64 = 1 << 20;

#[test]
fn a_film_is_read_from_end_to_end_and_anywhere() {
    let film = film(30 << 20);
    let server = Server::honest(film.clone());
    let desk = Desk::with(8 << 20, true);
    let source = desk.open(Reach::Web(server.file()));
    assert_eq!((source.size(), source.name()), (30 * MIB, "a%20film.mkv"));
    desk.play(&source, 0, 30 * MIB, &film);
    for at in [20 * MIB + 5, 3, 29 * MIB, 11 * MIB, 0] {
        desk.play(&source, at, at + MIB - 5, &film);
    }
    assert!(desk.read(&source, 30 * MIB, 10).unwrap().is_empty());
    let last = desk.read(&source, 30 * MIB - 3, 10).unwrap();
    assert_eq!(last.len(), 3);
    assert!(server.asked.lock().unwrap().iter().all(|asked| {
        let head = asked.head.to_ascii_lowercase();
        head.contains("accept-encoding: identity") && head.contains("range: bytes=")
    }));
}

#[test]
fn head_and_tail_come_before_the_middle_and_the_ring_fills_ahead() {
    let film = film(40 << 20);
    let server = Server::honest(film.clone());
    let desk = Desk::new();
    let source = desk.open(Reach::Web(server.file()));
    let ends = |it: &app::Progress| {
        let first = it
            .have
            .first()
            .is_some_and(|run| run.start == 0 && run.end >= 2 * MIB);
        first && it.have.last().is_some_and(|run| run.end == 40 * MIB)
    };
    let told = desk.progress("head and tail", ends);
    assert_eq!((told.size, told.peers), (40 * MIB, 1));
    desk.play(&source, 0, 2 * MIB, &film);
    let told = desk.progress("all that is ahead", |it| it.have == [0..40 * MIB]);
    assert!(told.capacity > 0 && told.waiting_at.is_none());
    assert!(
        server.asked.lock().unwrap().len() < 15,
        "requests are long: {:?}",
        server.starts()
    );
}

#[test]
fn where_it_goes_on_is_asked_for_at_once() {
    let film = film(60 << 20);
    let server = Server::honest(film);
    let desk = Desk::new();
    desk.files.open(
        super::server::SESSION,
        Reach::Web(server.file()),
        Some(33 * MIB),
    );
    let there = |it: &app::Progress| it.have.iter().any(|run| run.contains(&(33 * MIB)));
    desk.progress("the place", there);
}

#[test]
fn two_readers_at_head_and_tail_do_not_throw_each_other_out() {
    let film = film(100 << 20);
    let server = Server::honest(film.clone());
    let desk = Desk::with(16 << 20, true);
    let source = desk.open(Reach::Web(server.file()));
    for step in 0..20 {
        let head = step * 400_000;
        desk.play(&source, head, head + 400_000, &film);
        let tail = 90 * MIB + step * 100_000;
        desk.play(&source, tail, tail + 100_000, &film);
    }
    let mut starts = server.starts();
    let all = starts.len();
    starts.sort_unstable();
    starts.dedup();
    assert!(all < 60 && all - starts.len() <= 3, "{starts:?} of {all}");
}

#[test]
fn a_connection_that_breaks_is_taken_up_where_it_broke() {
    let film = film(12 << 20);
    // Every third ends within its body, at any byte.
    let server = Server::start(film.clone(), |number, _| Answer {
        breaks_after: (number % 3 == 1).then_some(300_000 + number * 7919),
        ..Answer::default()
    });
    let desk = Desk::new();
    let source = desk.open(Reach::Web(server.file()));
    desk.play(&source, 0, 12 * MIB, &film);
}

#[test]
fn a_server_that_is_busy_for_a_while_is_asked_again() {
    let film = film(6 << 20);
    let server = Server::start(film.clone(), |number, _| Answer {
        status: matches!(number, 2..=5).then_some(503),
        ..Answer::default()
    });
    let desk = Desk::new();
    let source = desk.open(Reach::Web(server.file()));
    desk.play(&source, 0, 6 * MIB, &film);
}

#[test]
fn a_server_without_parts_is_read_through_from_the_start() {
    let film = film(30 << 20);
    let whole = |_: usize, _: &super::server::Asked| Answer {
        whole: true,
        ..Answer::default()
    };
    let server = Server::start(film.clone(), whole);
    let desk = Desk::with(8 << 20, true);
    let source = desk.open(Reach::Web(server.file()));
    let gone = desk.read(&source, 29 * MIB, 10).unwrap_err();
    assert!(gone.0.contains("from its start"), "{gone}");
    desk.play(&source, 0, 30 * MIB, &film);
    assert_eq!(server.starts().len(), 1);
    let gone = desk.read(&source, 0, 10).unwrap_err();
    assert!(gone.0.contains("from its start"), "{gone}");
    // One that fits can be read anywhere.
    let desk = Desk::new();
    let source = desk.open(Reach::Web(server.file()));
    desk.play(&source, 28 * MIB, 30 * MIB, &film);
    desk.play(&source, 0, MIB, &film);
}

#[test]
fn one_without_parts_that_breaks_off_is_read_through_again() {
    let film = film(9 << 20);
    let server = Server::start(film.clone(), |number, _| Answer {
        whole: true,
        breaks_after: (number < 2).then_some(3_000_000 * (number + 1)),
        ..Answer::default()
    });
    let desk = Desk::with(8 << 20, true);
    let source = desk.open(Reach::Web(server.file()));
    desk.play(&source, 0, 9 * MIB, &film);
    assert_eq!(server.starts().len(), 3);
}

#[test]
fn its_headers_are_said_and_secrets_stay_with_its_host() {
    let film = film(3 << 20);
    let behind = Server::honest(film.clone());
    let to = format!("http://{}/other.mkv", behind.address);
    let door = Server::start(film.clone(), move |_, _| Answer {
        status: Some(302),
        headers: format!("location: {to}\r\n"),
        ..Answer::default()
    });
    let mut file = door.file();
    let headers = [
        ("Referer", "http://a.example/"),
        ("X-Key", "s3cret"),
        ("Range", "bytes=5-9"),
    ];
    file.headers = headers
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    let desk = Desk::new();
    let source = desk.open(Reach::Web(file));
    desk.play(&source, 0, 3 * MIB, &film);
    let says = |server: &Server, what: &str| {
        let asked = server.asked.lock().unwrap();
        asked[0].head.to_ascii_lowercase().contains(what)
    };
    assert!(says(&door, "x-key: s3cret") && says(&door, "referer: http://a.example/"));
    assert!(says(&behind, "referer: http://a.example/") && !says(&behind, "s3cret"));
    assert!(!says(&door, "bytes=5-9"));
}
