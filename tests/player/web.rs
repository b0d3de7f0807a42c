//! Films that lie on a web server, through the shell that reads them: open, seek, go on.

use std::sync::Arc;
use std::sync::mpsc::channel;

use app::{Reach, SeekMode, Session, SupplyNews, WebFile};
use fixtures::web::{Fault, Manner, WebServer};
use media::Source;
use tokio::runtime::Runtime;

use super::films::{self, FPS, GOP};
use super::ms;
use super::stage::Stage;

struct Web {
    server: WebServer,
    files: files::Files,
    source: Arc<dyn Source>,
    _runtime: Runtime,
}

impl Web {
    fn open(name: &str, film: &[u8], manner: Manner) -> Web {
        let runtime = Runtime::new().unwrap();
        let path = format!("/{name}");
        let served = vec![(path.clone(), film.to_vec())];
        let server = runtime.block_on(WebServer::start(served, manner));
        let (tell, news) = channel();
        let tell = std::sync::Mutex::new(tell);
        let fetch = fetch::Fetch::new(fetch::Config {
            allow_local: true,
            ..fetch::Config::default()
        });
        let files = files::Files::new(
            fetch.unwrap(),
            files::RAM_BYTES,
            runtime.handle().clone(),
            Arc::new(move |_, news| drop(tell.lock().unwrap().send(news))),
        );
        let session = Session(1);
        let file = WebFile {
            url: server.url(&path),
            ..WebFile::default()
        };
        files.open(session, Reach::Web(file), None);
        let ready = news
            .iter()
            .find(|news| !matches!(news, SupplyNews::Progress(_)));
        assert!(matches!(ready, Some(SupplyNews::Ready { .. })), "{ready:?}");
        Web {
            source: files.film(session).unwrap(),
            server,
            files,
            _runtime: runtime,
        }
    }
}

#[test]
fn films_on_a_web_server_open_seek_and_play() {
    for (name, film) in [("film.mkv", films::mkv()), ("film.mp4", films::mp4())] {
        let web = Web::open(name, &film, Manner::default());
        let mut stage = Stage::new();
        let session = stage.open_with(web.source.clone(), Vec::new(), ms(0));
        let ready = stage.ready();
        assert!(ready.seekable && ready.duration.abs_diff(ms(30_000)) < ms(300));
        for to in [20_010, 3_990, 28_000] {
            stage.player.seek(session, ms(to), SeekMode::Accurate);
            stage.seeked();
            assert_eq!(stage.picture().unwrap().number, to * FPS / 1000, "{name}");
        }
        stage.player.set_paused(session, false);
        stage.plays_to(ms(29_000));
        assert!(web.server.count() < 12, "{} requests", web.server.count());
    }
}

#[test]
fn a_film_on_a_web_server_goes_on_where_it_was_left() {
    for (name, film) in [("film.mkv", films::mkv()), ("film.mp4", films::mp4())] {
        let web = Web::open(name, &film, Manner::default());
        let mut stage = Stage::new();
        stage.open_with(web.source.clone(), Vec::new(), ms(12_345));
        stage.ready();
        let number = stage.picture().unwrap().number;
        assert_eq!(number, 12_345 * FPS / 1000 / GOP * GOP, "{name}");
    }
}

#[test]
fn connections_that_break_do_not_stop_the_film() {
    let whim = |number: u32, _: &str| match number % 3 {
        1 => Fault::Cut(400_000),
        _ => Fault::None,
    };
    let manner = Manner {
        whim: Arc::new(whim),
        ..Manner::default()
    };
    let web = Web::open("film.mkv", &films::mkv(), manner);
    let mut stage = Stage::new();
    let session = stage.open_with(web.source.clone(), Vec::new(), ms(0));
    stage.ready();
    stage.player.seek(session, ms(24_000), SeekMode::Accurate);
    stage.seeked();
    stage.player.seek(session, ms(8_000), SeekMode::Accurate);
    stage.seeked();
    assert_eq!(stage.picture().unwrap().number, 8 * FPS);
}

#[test]
fn a_film_that_is_closed_ends_the_player_s_wait() {
    let whim = |number: u32, _: &str| match number {
        0 => Fault::None,
        _ => Fault::Stall(1000),
    };
    let manner = Manner {
        whim: Arc::new(whim),
        ..Manner::default()
    };
    let web = Web::open("film.mkv", &films::mkv(), manner);
    let mut stage = Stage::new();
    stage.open_with(web.source.clone(), Vec::new(), ms(0));
    web.files.close(Session(1));
    let failure = stage.failure();
    assert!(
        matches!(failure, app::PlayerFailure::SourceGone(_)),
        "{failure:?}"
    );
}
