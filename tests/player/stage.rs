//! A player with a listener, and films in memory that can have holes, delays and failures.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use app::{PlayerNews, Session};
use bytes::Bytes;
use matinee::player::{Media, Outlets, Outputs, Player, TextFile};
use media::{HeldFuture, ReadFuture, Source, SourceGone, VideoFrame};
use tokio::sync::watch;

/// Longer than anything takes on a busy machine: it only ends a test that hangs.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Memory {
    name: String,
    bytes: Bytes,
    latency: Duration,
    /// Bytes that are not there yet.
    pub(crate) hole: watch::Sender<Range<u64>>,
    /// Reads of these fail.
    broken: Range<u64>,
    /// Reads that wait in the hole.
    pub(crate) waiting: Arc<AtomicUsize>,
}

impl Memory {
    pub(crate) fn new(name: &str, bytes: Bytes) -> Memory {
        Memory {
            name: name.to_owned(),
            bytes,
            latency: Duration::ZERO,
            hole: watch::Sender::new(0..0),
            broken: 0..0,
            waiting: Arc::default(),
        }
    }

    pub(crate) fn latency(mut self, latency: Duration) -> Memory {
        self.latency = latency;
        self
    }

    pub(crate) fn broken(mut self, broken: Range<u64>) -> Memory {
        self.broken = broken;
        self
    }

    pub(crate) fn hole(self, hole: Range<u64>) -> Memory {
        self.hole.send_replace(hole);
        self
    }
}

struct Waiting(Arc<AtomicUsize>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Source for Memory {
    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn read_at(&self, offset: u64, len: usize) -> ReadFuture {
        let end = (offset + len as u64).min(self.size());
        let bytes = self.bytes.slice(offset as usize..end as usize);
        let broken = offset < self.broken.end && end > self.broken.start;
        let (latency, mut hole) = (self.latency, self.hole.subscribe());
        let waiting = self.waiting.clone();
        Box::pin(async move {
            tokio::time::sleep(latency).await;
            waiting.fetch_add(1, Ordering::SeqCst);
            let _guard = Waiting(waiting);
            let clear = hole
                .wait_for(|hole| offset >= hole.end || end <= hole.start)
                .await;
            clear.map_err(|_| SourceGone("closed".to_owned()))?;
            if broken {
                Err(SourceGone("the disk is on fire".to_owned()))
            } else {
                Ok(bytes)
            }
        })
    }

    fn held(&self, offset: u64, len: usize) -> HeldFuture {
        let end = (offset + len as u64).min(self.size());
        let hole = self.hole.borrow().clone();
        let held = offset >= hole.end || end <= hole.start;
        let bytes = held.then(|| self.bytes.slice(offset as usize..end as usize));
        Box::pin(std::future::ready(bytes))
    }
}

/// What a picture was, without its memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) number: u64,
    pub(crate) position: Duration,
    pub(crate) at: Instant,
}

pub(crate) struct Stage {
    pub(crate) player: Player,
    pub(crate) session: Session,
    news: Receiver<(Session, PlayerNews, Option<Seen>)>,
    /// All that was said and not looked at.
    heard: Vec<PlayerNews>,
    pub(crate) seen: Arc<Mutex<Vec<Option<Seen>>>>,
    pub(crate) last: Arc<Mutex<Option<VideoFrame>>>,
    _runtime: tokio::runtime::Runtime,
}

impl Stage {
    pub(crate) fn new() -> Stage {
        Stage::with(Outlets::Desktop)
    }

    /// Heard by those.
    pub(crate) fn with(outlets: Outlets) -> Stage {
        let runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = { runtime }.worker_threads(1).enable_all().build().unwrap();
        let (tell, news) = channel();
        let seen: Arc<Mutex<Vec<Option<Seen>>>> = Arc::default();
        let last: Arc<Mutex<Option<VideoFrame>>> = Arc::default();
        let (to_seen, of_news, to_last) = (seen.clone(), seen.clone(), last.clone());
        let outputs = Outputs {
            news: Arc::new(move |session, news| {
                let seen = of_news.lock().unwrap().last().copied().flatten();
                let _ = tell.send((session, news, seen));
            }),
            frame: Arc::new(move |frame| {
                to_seen
                    .lock()
                    .unwrap()
                    .push(frame.as_ref().map(|frame| Seen {
                        number: super::films::number(frame),
                        position: frame.position,
                        at: Instant::now(),
                    }));
                *to_last.lock().unwrap() = frame;
            }),
        };
        Stage {
            player: Player::start(runtime.handle().clone(), outputs, outlets).unwrap(),
            session: Session(0),
            news,
            heard: Vec::new(),
            seen,
            last,
            _runtime: runtime,
        }
    }

    pub(crate) fn open(&mut self, film: Memory, at: Duration) -> Session {
        self.open_with(Arc::new(film), Vec::new(), at)
    }

    pub(crate) fn open_with(
        &mut self,
        film: Arc<dyn Source>,
        subtitles: Vec<TextFile>,
        at: Duration,
    ) -> Session {
        self.session = Session(self.session.0 + 1);
        self.player
            .open(self.session, Media { film, subtitles }, at);
        self.session
    }

    /// Waits for news that `pick` takes; gives the picture shown when it came.
    pub(crate) fn wait<T>(
        &mut self,
        what: &str,
        mut pick: impl FnMut(&PlayerNews) -> Option<T>,
    ) -> T {
        self.wait_with(what, |news, _| pick(news))
    }

    pub(crate) fn wait_with<T>(
        &mut self,
        what: &str,
        mut pick: impl FnMut(&PlayerNews, Option<Seen>) -> Option<T>,
    ) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let Ok((session, news, seen)) = self.news.recv_timeout(left) else {
                panic!("no {what}; heard {:?}", self.heard);
            };
            if session == self.session {
                if let Some(picked) = pick(&news, seen) {
                    return picked;
                }
                self.heard.push(news);
            }
        }
    }

    pub(crate) fn ready(&mut self) -> Ready {
        self.wait("ready", |news| match news {
            PlayerNews::Ready {
                duration,
                seekable,
                tracks,
                chapters,
            } => Some(Ready {
                duration: duration.unwrap_or_default(),
                seekable: *seekable,
                tracks: tracks.clone(),
                chapters: chapters.clone(),
            }),
            PlayerNews::Failed(why) => panic!("{why:?}"),
            _ => None,
        })
    }

    pub(crate) fn failure(&mut self) -> app::PlayerFailure {
        self.wait("failure", |news| match news {
            PlayerNews::Failed(why) => Some(why.clone()),
            _ => None,
        })
    }

    pub(crate) fn seeked(&mut self) -> Duration {
        self.wait("seeked", |news| match news {
            PlayerNews::Seeked(to) => Some(*to),
            _ => None,
        })
    }

    pub(crate) fn position(&mut self) -> Duration {
        self.wait("position", |news| match news {
            PlayerNews::Position(at) => Some(*at),
            _ => None,
        })
    }

    /// Waits until the film is at `to` or beyond, playing.
    pub(crate) fn plays_to(&mut self, to: Duration) {
        while self.position() < to {}
    }

    /// News that came and nobody waited for, of this session or another.
    pub(crate) fn rest(&mut self) -> Vec<(Session, PlayerNews)> {
        self.news
            .try_iter()
            .map(|(session, news, _)| (session, news))
            .collect()
    }

    pub(crate) fn picture(&self) -> Option<Seen> {
        self.seen.lock().unwrap().last().copied().flatten()
    }

    pub(crate) fn pictures(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) duration: Duration,
    pub(crate) seekable: bool,
    pub(crate) tracks: app::Tracks,
    pub(crate) chapters: Vec<app::Chapter>,
}

/// Waits for a condition nobody tells of.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "{what} did not come to be");
        std::thread::yield_now();
        std::thread::sleep(Duration::from_millis(2));
    }
}
