//! A web server of one film that gives parts of it, and misbehaves as a test says; and a box that
//! opens films.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::{Progress, Reach, Session, SupplyFailure, SupplyNews, WebFile};
use bytes::Bytes;
use fetch::{Config, Fetch, Pace, Patience};
use files::Files;
use media::{Source, SourceGone};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// Nothing here takes longer on the slowest machine.
pub(crate) const SOON: Duration = Duration::from_secs(60);

/// What the server does with a request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    /// In place of 206 (or 200).
    pub(crate) status: Option<u16>,
    /// Headers, each with its line's end.
    pub(crate) headers: String,
    /// Knows no parts.
    pub(crate) whole: bool,
    /// Hangs up after so many bytes of the body.
    pub(crate) breaks_after: Option<usize>,
    /// Says nothing more after so many.
    pub(crate) hangs_after: Option<usize>,
    /// Content-Range says that it begins so many bytes later.
    pub(crate) shifted: u64,
    /// Another film than before.
    pub(crate) film: Option<Bytes>,
}

pub(crate) struct Asked {
    pub(crate) head: String,
    pub(crate) first: u64,
}

type Script = dyn Fn(usize, &Asked) -> Answer + Send + Sync;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) asked: Arc<Mutex<Vec<Asked>>>,
    _runtime: Runtime,
}

impl Server {
    pub(crate) fn start(
        film: Bytes,
        script: impl Fn(usize, &Asked) -> Answer + Send + Sync + 'static,
    ) -> Server {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (script, all): (Arc<Script>, _) = (Arc::new(script), Arc::clone(&asked));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (film, script, all) = (film.clone(), Arc::clone(&script), Arc::clone(&all));
                tokio::spawn(serve(stream, film, script, all));
            }
        });
        Server {
            address,
            asked,
            _runtime: runtime,
        }
    }

    pub(crate) fn honest(film: Bytes) -> Server {
        Server::start(film, |_, _| Answer::default())
    }

    pub(crate) fn file(&self) -> WebFile {
        WebFile {
            url: format!("http://{}/films/a%20film.mkv?key=s3cret", self.address),
            ..WebFile::default()
        }
    }

    /// First bytes of the requests so far.
    pub(crate) fn starts(&self) -> Vec<u64> {
        let asked = self.asked.lock().unwrap();
        asked.iter().map(|asked| asked.first).collect()
    }
}

/// Until either side hangs up.
async fn serve(
    mut stream: TcpStream,
    film: Bytes,
    script: Arc<Script>,
    all: Arc<Mutex<Vec<Asked>>>,
) -> Option<()> {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.ok()?);
        }
        let head = String::from_utf8(head).unwrap();
        let lower = head.to_ascii_lowercase();
        let range = lower
            .lines()
            .find_map(|line| line.strip_prefix("range: bytes="));
        let (first, last) = range.map_or((0, u64::MAX), |range| {
            let (first, last) = range.split_once('-').unwrap();
            (first.parse().unwrap(), last.parse().unwrap_or(u64::MAX))
        });
        let asked = Asked { head, first };
        let answer = {
            let mut all = all.lock().unwrap();
            let answer = script(all.len(), &asked);
            all.push(asked);
            answer
        };
        let film = answer.film.clone().unwrap_or_else(|| film.clone());
        let size = film.len() as u64;
        let status = answer
            .status
            .unwrap_or(if answer.whole { 200 } else { 206 });
        let body = match status {
            200 => film.clone(),
            206 => film.slice(first as usize..(last.saturating_add(1)).min(size) as usize),
            _ => Bytes::new(),
        };
        let mut said = format!("HTTP/1.1 {status} Odd\r\n{}", answer.headers);
        if status == 206 {
            let start = first + answer.shifted;
            let last = start + (body.len() as u64).max(1) - 1;
            write!(said, "content-range: bytes {start}-{last}/{size}\r\n").unwrap();
        }
        write!(said, "content-length: {}\r\n\r\n", body.len()).unwrap();
        stream.write_all(said.as_bytes()).await.ok()?;
        let most = answer.breaks_after.or(answer.hangs_after);
        let some = body.slice(..most.unwrap_or(usize::MAX).min(body.len()));
        stream.write_all(&some).await.ok()?;
        if answer.breaks_after.is_some_and(|most| most < body.len()) {
            stream.shutdown().await.ok()?;
            return None;
        }
        if answer.hangs_after.is_some_and(|most| most < body.len()) {
            std::future::pending::<()>().await;
        }
    }
}

/// Bytes that tell where they lie.
pub(crate) fn film(size: usize) -> Bytes {
    let word = |at: usize| {
        (at as u64)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .to_le_bytes()
    };
    let bytes: Vec<u8> = (0..size.div_ceil(8)).flat_map(word).collect();
    Bytes::from(bytes).slice(..size)
}

/// Opens films as the box does.
pub(crate) struct Desk {
    pub(crate) files: Files,
    pub(crate) news: Receiver<(Session, SupplyNews)>,
    runtime: Runtime,
}

pub(crate) const SESSION: Session = Session(7);

impl Desk {
    pub(crate) fn new() -> Desk {
        Desk::with(64 << 20, true)
    }

    pub(crate) fn with(ram_bytes: u64, allow_local: bool) -> Desk {
        let runtime = Runtime::new().unwrap();
        let (sender, news) = channel();
        let sender = Mutex::new(sender);
        let tell = move |session, news| {
            let sender = sender.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = sender.send((session, news));
        };
        let config = Config {
            allow_local,
            pace: Pace {
                at_once: 4,
                per_second: 1000,
                burst: 1000,
            },
            patience: Patience {
                backoff: Duration::from_millis(1),
                ..Patience::default()
            },
            ..Config::default()
        };
        let handle = runtime.handle().clone();
        let files = Files::new(
            Fetch::new(config).unwrap(),
            ram_bytes,
            handle,
            Arc::new(tell),
        );
        Desk {
            files,
            news,
            runtime,
        }
    }

    pub(crate) fn handle(&self) -> tokio::runtime::Handle {
        self.runtime.handle().clone()
    }

    /// Opens it, and waits until it can be read.
    pub(crate) fn open(&self, reach: Reach) -> Arc<dyn Source> {
        self.files.open(SESSION, reach, None);
        self.wait("ready", |news| {
            matches!(news, SupplyNews::Ready { .. }).then_some(())
        });
        self.files.film(SESSION).unwrap()
    }

    /// Opens it, and waits until it cannot be.
    pub(crate) fn refusal(&self, reach: Reach) -> SupplyFailure {
        self.files.open(SESSION, reach, None);
        self.failure()
    }

    pub(crate) fn failure(&self) -> SupplyFailure {
        self.wait("a failure", |news| match news {
            SupplyNews::Failed(failure) => Some(failure),
            _ => None,
        })
    }

    pub(crate) fn progress(&self, what: &str, is: impl Fn(&Progress) -> bool) -> Progress {
        self.wait(what, |news| match news {
            SupplyNews::Progress(progress) if is(&progress) => Some(progress),
            _ => None,
        })
    }

    pub(crate) fn wait<T>(&self, what: &str, mut look: impl FnMut(SupplyNews) -> Option<T>) -> T {
        let end = Instant::now() + SOON;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let (session, news) = self
                .news
                .recv_timeout(left)
                .unwrap_or_else(|_| panic!("{what}"));
            assert_eq!(session, SESSION);
            if let Some(found) = look(news) {
                return found;
            }
        }
    }

    pub(crate) fn read(
        &self,
        film: &Arc<dyn Source>,
        at: u64,
        len: usize,
    ) -> Result<Bytes, SourceGone> {
        let read = film.read_at(at, len);
        let within = async move { tokio::time::timeout(SOON, read).await.expect("in time") };
        self.runtime.block_on(within)
    }

    /// Reads all of it from there on, as a player does.
    pub(crate) fn play(&self, film: &Arc<dyn Source>, from: u64, to: u64, expected: &Bytes) {
        let mut at = from;
        while at < to {
            let read = self.read(film, at, 200_000).unwrap();
            let (start, end) = (at as usize, at as usize + read.len());
            assert!(
                !read.is_empty() && read == expected.slice(start..end),
                "at {at}"
            );
            at = end as u64;
        }
    }
}
