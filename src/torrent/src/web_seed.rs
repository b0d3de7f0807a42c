//! One web seed at work: blocks that follow one another become ranges of files, what comes becomes
//! blocks.
//!
//! Decides nothing about blocks (crate `swarm`). Two connections: while one range arrives, the
//! next is asked for as long before its end as an answer takes, so that the line is never idle and
//! the bytes that are wanted first never share it for long. What nobody wants any more is dropped
//! with its connection, unless reading through it is cheaper. Invariant: blocks are handed over in
//! the order of `line`, and `at` is where the next byte belongs.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, future};
use reqwest::Url;
use swarm::{Block, PeerId};

use super::download::{Download, Film};
use super::metainfo::Metainfo;
use super::web::Orders;
use super::web_body::{self, Body, Fault, Question};
use super::web_site::{Part, Site};

/// Longest range: what comes after a seek in vain is what is on the wire, and a server's patience
/// with one answer is not tried. A round trip before each is nothing beside it.
const RANGE_MAX_BYTES: u64 = 8 << 20;
/// Unwanted bytes that are read through rather than given up with the connection: a new one costs
/// two or three round trips, in which a home line brings about as much.
const SKIP_MAX_BYTES: u64 = 128 << 10;
/// The next answer is asked for at least so many bytes before the end of the last.
const LEAD_MIN_BYTES: u64 = 64 << 10;
/// A server that says nothing of a file's whereabouts for long has moved it since.
const FOUND_FOR: Duration = Duration::from_mins(10);
/// A film that the server has not got may be there later: uploads to archives take hours.
const MISSING_FOR: Duration = Duration::from_mins(5);

/// Why it is not asked any more.
#[derive(Debug)]
pub(super) enum End {
    /// The film is closed.
    Closed,
    /// Never again.
    Useless(String),
    /// For now; how long, if the server says so.
    Failed(String, Option<Duration>),
}

/// A block that is asked for.
#[derive(Debug, Clone, Copy)]
struct Asked {
    block: Block,
    wanted: bool,
}

/// One web seed.
pub(super) struct WebSeed<'a> {
    download: &'a Arc<Download>,
    metainfo: &'a Metainfo,
    base: &'a Url,
    id: PeerId,
    orders: &'a Orders,
    /// Ordered, and not in any range yet.
    queue: VecDeque<Block>,
    /// Those of the ranges in `parts`, in order.
    line: VecDeque<Asked>,
    /// What is asked for now (the first), next, and later.
    parts: VecDeque<Part>,
    current: Option<Body>,
    next: Option<Next>,
    /// Where the next byte belongs in the torrent.
    at: u64,
    /// The beginning of the first of `line`.
    partial: BytesMut,
    /// Where files were found, after redirects.
    found: HashMap<u32, (Url, Instant)>,
    missing: HashSet<u32>,
    /// How long the last answer took to begin, and how fast it comes: bytes a second, without
    /// bound while that is not known.
    trip: Duration,
    rate: f64,
    /// Of the range that arrives: since when, and how many bytes.
    since: Instant,
    came: u64,
    /// Blocks came since the last fault.
    progress: bool,
    /// It does not bear a second connection.
    alone: bool,
}

/// The answer after the current one.
enum Next {
    Opening(BoxFuture<'static, (Result<Body, Fault>, Duration)>),
    Open(Body),
}

/// What the loop woke up for.
enum Woken {
    Orders,
    Opened(Result<Body, Fault>, Duration),
    Came(Result<Bytes, Fault>),
}

impl<'a> WebSeed<'a> {
    pub(super) fn new(
        download: &'a Arc<Download>,
        metainfo: &'a Metainfo,
        base: &'a Url,
        id: PeerId,
        orders: &'a Orders,
    ) -> WebSeed<'a> {
        WebSeed {
            download,
            metainfo,
            base,
            id,
            orders,
            queue: VecDeque::new(),
            line: VecDeque::new(),
            parts: VecDeque::new(),
            current: None,
            next: None,
            at: 0,
            partial: BytesMut::new(),
            found: HashMap::new(),
            missing: HashSet::new(),
            trip: Duration::from_millis(100),
            rate: f64::INFINITY,
            since: Instant::now(),
            came: 0,
            progress: false,
            alone: false,
        }
    }

    /// Does what is ordered until it cannot.
    pub(super) async fn run(&mut self) -> End {
        loop {
            self.take_orders();
            self.plan();
            self.open_next();
            let woken = {
                let opening = match &mut self.next {
                    Some(Next::Opening(opening)) => opening.left_future(),
                    _ => future::pending().right_future(),
                };
                let body = match &mut self.current {
                    Some(body) => body.chunk().left_future(),
                    None => future::pending().right_future(),
                };
                tokio::select! {
                    biased;
                    () = self.orders.changed.notified() => Woken::Orders,
                    (answer, took) = opening => Woken::Opened(answer, took),
                    came = body => Woken::Came(came),
                }
            };
            let done = match woken {
                Woken::Orders => Ok(()),
                Woken::Opened(Ok(body), took) => {
                    self.trip = took;
                    self.opened(body);
                    Ok(())
                }
                Woken::Opened(Err(fault), _) => {
                    let late = usize::from(self.current.is_some());
                    self.faulty(fault, late)
                }
                Woken::Came(Ok(bytes)) => self.arrived(bytes),
                Woken::Came(Err(fault)) => self.faulty(fault, 0),
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    fn take_orders(&mut self) {
        let lists = self.orders.take();
        if !lists.cancels.is_empty() {
            let cancelled: HashSet<Block> = lists.cancels.iter().copied().collect();
            self.queue.retain(|block| !cancelled.contains(block));
            for asked in &mut self.line {
                asked.wanted &= !cancelled.contains(&asked.block);
            }
            self.drop_unwanted();
            // Each is answered, so that nobody waits for it.
            self.download
                .web_rejected(self.id, lists.cancels.into_iter());
        }
        // What was asked again since it was taken back comes after that.
        self.queue.extend(lists.requests);
    }

    /// Ends ranges that bring nothing that is wanted, or not soon.
    fn drop_unwanted(&mut self) {
        while self.line.back().is_some_and(|asked| !asked.wanted) {
            self.line.pop_back();
        }
        let Some(last) = self.line.back() else {
            return self.drop_all();
        };
        let end = self.bytes(last.block).end;
        while self
            .parts
            .back()
            .is_some_and(|part| part.bytes.start >= end)
        {
            self.parts.pop_back();
        }
        if let Some(part) = self.parts.back_mut() {
            part.bytes.end = part.bytes.end.min(end);
        }
        if self.parts.len() < 2 {
            self.next = None;
        }
        let first = self.line.iter().find(|asked| asked.wanted);
        let start = first.map_or(end, |asked| self.bytes(asked.block).start);
        if start > self.at + SKIP_MAX_BYTES {
            let again = self.line.iter().filter(|asked| asked.wanted);
            let again: Vec<Block> = again.map(|asked| asked.block).collect();
            self.drop_all();
            self.requeue(again);
        }
    }

    fn drop_all(&mut self) {
        self.line.clear();
        self.parts.clear();
        self.partial.clear();
        self.current = None;
        self.next = None;
    }

    fn requeue(&mut self, blocks: Vec<Block>) {
        for block in blocks.into_iter().rev() {
            self.queue.push_front(block);
        }
    }

    /// Makes the next range of what is ordered, when there is nothing else to ask for next.
    fn plan(&mut self) {
        while self.parts.len() < 2 {
            let Some(first) = self.queue.pop_front() else {
                return;
            };
            let mut run = self.bytes(first);
            if self.line.is_empty() {
                self.at = run.start;
            }
            self.line.push_back(Asked {
                block: first,
                wanted: true,
            });
            while let Some(block) = self.queue.front().copied()
                && self.bytes(block).start == run.end
                && run.end - run.start < RANGE_MAX_BYTES
            {
                run.end = self.bytes(block).end;
                self.queue.pop_front();
                self.line.push_back(Asked {
                    block,
                    wanted: true,
                });
            }
            let site = Site::new(self.metainfo);
            let mut at = run.start;
            while let Some(part) = site.part(at..run.end).filter(|_| at < run.end) {
                at = part.bytes.end;
                self.parts.push_back(part);
            }
        }
    }

    fn open_next(&mut self) {
        if self.next.is_some() {
            return;
        }
        let index = usize::from(self.current.is_some());
        let Some(part) = self.parts.get(index).cloned() else {
            return;
        };
        if self.alone && index > 0 {
            return;
        }
        if let Some(current) = self.parts.front().filter(|_| index > 0) {
            let left = current.bytes.end.saturating_sub(self.at);
            let lead = (self.rate * self.trip.as_secs_f64() * 1.25) as u64;
            if left > lead.max(LEAD_MIN_BYTES) {
                return;
            }
        }
        let question = self.question(&part);
        let host = self.base.host_str().unwrap_or_default();
        tracing::debug!("web seed {host}: asked for {:?}", part.bytes);
        let client = self.download.shared.web().clone();
        self.next = Some(Next::Opening(Box::pin(async move {
            let began = Instant::now();
            let answer = match question {
                Ok(question) => web_body::ask(&client, &question).await,
                Err(fault) => Err(fault),
            };
            (answer, began.elapsed())
        })));
    }

    fn question(&self, part: &Part) -> Result<Question, Fault> {
        let site = Site::new(self.metainfo);
        let missing = || Fault::Missing("it has no address".into());
        let file = site.file(part.file).ok_or_else(missing)?;
        if self.missing.contains(&part.file) {
            return Err(missing());
        }
        let found = self.found.get(&part.file);
        let found = found.filter(|(_, at)| at.elapsed() < FOUND_FOR);
        let address = if file.padding {
            None
        } else if let Some((url, _)) = found {
            Some(url.clone())
        } else {
            Some(site.address(self.base, part.file).ok_or_else(missing)?)
        };
        Ok(Question {
            address,
            start: part.bytes.start - file.offset,
            length: part.bytes.end - part.bytes.start,
            file_length: file.length,
        })
    }

    fn opened(&mut self, body: Body) {
        if self.current.is_none() {
            self.begin(body);
        } else {
            self.next = Some(Next::Open(body));
        }
    }

    /// It is the current one from now on.
    fn begin(&mut self, body: Body) {
        if let (Some(part), Some(url)) = (self.parts.front(), body.address()) {
            self.found.insert(part.file, (url.clone(), Instant::now()));
        }
        self.next = None;
        self.current = Some(body);
        self.since = Instant::now();
        self.came = 0;
    }

    /// Bytes that belong at `at`.
    fn arrived(&mut self, mut bytes: Bytes) -> Result<(), End> {
        // The range may have been cut since it was asked for.
        let end = self.parts.front().map_or(self.at, |part| part.bytes.end);
        let room = end.saturating_sub(self.at);
        bytes.truncate(usize::try_from(room).unwrap_or(usize::MAX));
        self.came += bytes.len() as u64;
        self.at += bytes.len() as u64;
        let seconds = self.since.elapsed().as_secs_f64();
        // What lay in the socket already says nothing of the rate.
        if seconds > 0.05 {
            self.rate = self.came as f64 / seconds;
        }
        while !bytes.is_empty() {
            let Some(first) = self.line.front().copied() else {
                break;
            };
            let length = first.block.len as usize;
            let taken = (length - self.partial.len()).min(bytes.len());
            let taken = bytes.split_to(taken);
            if taken.len() == length {
                self.hand_over(first, &taken)?;
                continue;
            }
            self.partial.extend_from_slice(&taken);
            if self.partial.len() == length {
                let whole = self.partial.split();
                self.hand_over(first, &whole)?;
            }
        }
        self.turn();
        Ok(())
    }

    fn hand_over(&mut self, first: Asked, data: &[u8]) -> Result<(), End> {
        self.line.pop_front();
        self.progress = true;
        if !first.wanted {
            return Ok(());
        }
        let came = self.download.block(self.id, first.block, data);
        came.map_err(End::Useless)
    }

    /// Goes on to the next range at the end of one.
    fn turn(&mut self) {
        let over = self.parts.front().is_none_or(|p| self.at >= p.bytes.end);
        if !over && !self.line.is_empty() {
            return;
        }
        if let Some(body) = self.current.take() {
            body.finish();
        }
        if self.line.is_empty() {
            return self.drop_all();
        }
        self.parts.pop_front();
        if let Some(part) = self.parts.front() {
            self.at = part.bytes.start;
        }
        if matches!(self.next, Some(Next::Open(_)))
            && let Some(Next::Open(body)) = self.next.take()
        {
            self.begin(body);
        }
    }

    /// The range of `parts[index]` does not come.
    fn faulty(&mut self, fault: Fault, index: usize) -> Result<(), End> {
        let Some(part) = self.parts.get(index).cloned() else {
            self.next = None;
            return Ok(());
        };
        // Where it was sent to may have changed: that is asked again at once.
        let moved = self.found.remove(&part.file).is_some();
        let film = self.download.film.get().map(Film::file);
        match fault {
            Fault::Useless(why) => Err(End::Useless(why)),
            Fault::Later(..) if index > 0 => {
                self.alone = true;
                self.next = None;
                Ok(())
            }
            _ if moved || self.progress => {
                self.progress = false;
                self.again();
                Ok(())
            }
            Fault::Missing(_) if film != Some(part.file) => {
                self.missing.insert(part.file);
                self.refuse(&part);
                Ok(())
            }
            Fault::Missing(why) => Err(End::Failed(why, Some(MISSING_FOR))),
            Fault::Later(why, after) => Err(End::Failed(why, after)),
        }
    }

    /// Asks for everything again.
    fn again(&mut self) {
        let wanted = self.line.iter().filter(|asked| asked.wanted);
        let wanted: Vec<Block> = wanted.map(|asked| asked.block).collect();
        self.drop_all();
        self.requeue(wanted);
    }

    /// Gives up the blocks that are in that part, and asks for the others again.
    fn refuse(&mut self, part: &Part) {
        self.again();
        let file = &self.metainfo.files[part.file as usize];
        let bytes = file.offset..file.offset + file.length;
        let (touching, others) = self.queue.iter().copied().partition(|block| {
            let of = self.bytes(*block);
            of.start < bytes.end && bytes.start < of.end
        });
        self.queue = others;
        let touching: VecDeque<Block> = touching;
        self.download.web_rejected(self.id, touching.into_iter());
    }

    fn bytes(&self, block: Block) -> std::ops::Range<u64> {
        let length = u64::from(self.metainfo.layout.piece_length());
        let start = u64::from(block.piece) * length + u64::from(block.offset);
        start..start + u64::from(block.len)
    }
}
