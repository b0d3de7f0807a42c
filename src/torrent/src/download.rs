//! One open torrent: its state behind one lock, and the tasks that live as long as it is open.
//!
//! Decides nothing about blocks (crate `swarm`) nor about what to hold (crate `cache`); it carries
//! their words to sockets and disk. The lock is never held over an await, a disk access or a news
//! call, so every step under it is microseconds and nothing can wait on itself. Invariant: a
//! reader is given bytes of a piece only after the piece's SHA-1 was found right in this run.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use app::{SupplyFailure, SupplyNews, TorrentRef};
use swarm::{PeerId, Swarm};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use super::Shared;
use super::assembly::Assembly;
use super::book::Book;
use super::finding::Finding;
use super::gathering::Gathering;
use super::metainfo::Metainfo;
use super::peer::Link;
use super::readers::Readers;
use super::role::{Role, Wanted};
use super::viewers::ViewerId;
use super::web::{self, WebLink};
use super::{calling, exact_source, exchange, finding, say};

/// Deadlines nearer than this are served together: the clock of sleeping is no finer.
const TICK_MIN: Duration = Duration::from_millis(2);

/// One open torrent.
pub(super) struct Download {
    /// Itself, for tasks it starts from inside.
    pub(super) me: Weak<Download>,
    pub(super) reference: TorrentRef,
    pub(super) shared: Arc<Shared>,
    pub(super) film: OnceLock<Film>,
    state: Mutex<State>,
    epoch: Instant,
    /// Pieces have come or gone, or it is over: whoever waits for bytes looks again.
    pub(super) pieces_changed: Notify,
    /// Addresses are new, or a place is free.
    pub(super) call: Notify,
    /// Somebody begins or ends to wait.
    pub(super) waiting_changed: Notify,
    /// Pieces in the making have taken more RAM than the disk relieves them of.
    pub(super) congested: watch::Sender<bool>,
    /// A deadline is nearer than it was.
    timing: Notify,
    finding: Mutex<Finding>,
    next_viewer: AtomicU64,
    /// Ends every task of it.
    pub(super) stop: CancellationToken,
}

/// What is known once the metainfo is.
#[derive(Debug)]
pub(super) struct Film {
    pub(super) metainfo: Arc<Metainfo>,
    /// Index of the file that is shown.
    pub(super) file: AtomicU32,
}

impl Film {
    /// Index of the file that is shown.
    pub(super) fn file(&self) -> u32 {
        self.file.load(Ordering::Relaxed)
    }
}

/// Everything that changes.
pub(super) struct State {
    pub(super) phase: Phase,
    pub(super) role: Role,
    /// Byte of the film's file where it begins in this role.
    pub(super) at: Option<u64>,
    /// Its session knows that it can be read.
    pub(super) ready_told: bool,
    pub(super) peers: HashMap<PeerId, Link>,
    pub(super) web: HashMap<PeerId, WebLink>,
    pub(super) book: Book,
    next_peer: u64,
    /// When the timing task will look next.
    tick_at: Option<Duration>,
    /// What trackers are told once it is over.
    pub(super) last: finding::Stats,
}

pub(super) enum Phase {
    /// The metadata is asked for.
    Gathering(Gathering),
    /// It is being read from or written to disk, or the pieces are being listed.
    Between,
    Live(Box<Live>),
    /// Closed or failed, and why.
    Over(String),
}

/// The phase in which bytes flow.
pub(super) struct Live {
    pub(super) swarm: Swarm,
    /// Pieces in the making.
    pub(super) assemblies: HashMap<u32, Assembly>,
    /// Attempts at pieces so far.
    pub(super) attempts: u64,
    /// The disk takes parts of long pieces.
    pub(super) spills: bool,
    /// Pieces that were wrong once: their bytes tell who lied.
    pub(super) wrong: HashSet<u32>,
    pub(super) readers: Readers,
    /// What the swarm and the cache were told last.
    pub(super) wanted: Wanted,
}

impl std::fmt::Debug for Download {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Download({:?})", self.reference.name)
    }
}

impl Download {
    /// Begins; returns at once. News follow.
    pub(super) fn open(
        reference: TorrentRef,
        shared: Arc<Shared>,
        role: Role,
        at: Option<u64>,
    ) -> Arc<Download> {
        let mut book = Book::new(
            shared.config.allow_local_peers,
            Arc::clone(&shared.block_list),
        );
        for peer in &reference.peers {
            book.named(*peer);
        }
        let download = Arc::new_cyclic(|me| Download {
            me: Weak::clone(me),
            reference,
            film: OnceLock::new(),
            state: Mutex::new(State {
                phase: Phase::Between,
                role,
                at,
                ready_told: false,
                peers: HashMap::new(),
                web: HashMap::new(),
                book,
                next_peer: 0,
                tick_at: None,
                last: finding::Stats::default(),
            }),
            epoch: Instant::now(),
            pieces_changed: Notify::new(),
            call: Notify::new(),
            waiting_changed: Notify::new(),
            congested: watch::Sender::new(false),
            timing: Notify::new(),
            finding: Mutex::default(),
            next_viewer: AtomicU64::new(0),
            stop: shared.stop.child_token(),
            shared,
        });
        let begun = Arc::clone(&download);
        download.spawn(async move { begun.begin().await });
        download.spawn(calling::call_peers(Arc::clone(&download)));
        download.spawn(finding::look_up_hosts(Arc::clone(&download)));
        download.spawn(exchange::tell(Arc::clone(&download)));
        download.tell_of_role(role);
        let minding = Arc::clone(&download);
        download.spawn(async move { minding.mind_the_way().await });
        let minding = Arc::clone(&download);
        download.spawn(async move { minding.mind_the_proxy().await });
        let timed = Arc::clone(&download);
        download.spawn(async move { timed.keep_time().await });
        download
    }

    /// Runs `task` until it ends or the torrent is closed.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.shared.runtime.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = task => {}
            }
        });
    }

    async fn begin(self: Arc<Self>) {
        let me = Arc::clone(&self);
        let kept = blocking(move || me.shared.shelf.find(me.reference.info_hash)).await;
        if let Some(metainfo) = kept {
            return self.go_live(metainfo).await;
        }
        tracing::info!("torrent {:?}: asking for its metadata", self.reference.name);
        let gathering = Gathering::new(self.reference.info_hash);
        if !self.lock().enter(Phase::Gathering(gathering)) {
            return;
        }
        finding::find_peers(&self, None);
        if !self.reference.exact_sources.is_empty() {
            self.spawn(exact_source::ask(Arc::clone(&self)));
        }
        self.replay_extensions();
        self.waiting_changed.notify_one();
    }

    pub(super) async fn go_live(self: &Arc<Self>, metainfo: Metainfo) {
        let metainfo = Arc::new(metainfo);
        let (me, of) = (Arc::clone(self), Arc::clone(&metainfo));
        let chosen = blocking(move || of.video_among(&me.shared.shelf.chosen(of.info_hash))).await;
        let asked = self.reference.file.or(chosen);
        let file = match metainfo.film(asked, self.shared.config.any_file) {
            Ok(file) => file,
            Err(failure) => return self.fail(failure),
        };
        let (me, of) = (Arc::clone(self), Arc::clone(&metainfo));
        let held = blocking(move || me.shared.store.begin(&of)).await;
        let held = match held {
            Ok(held) => held,
            Err(failure) => return self.fail(failure),
        };
        let shown = &metainfo.files[file as usize];
        let (size, name) = (shown.length, shown.path.clone());
        let bytes = shown.offset..shown.offset + shown.length;
        tracing::info!(
            "torrent {:?}: {name:?}, {size} bytes, {} pieces of {}, {} held",
            metainfo.name,
            metainfo.layout.pieces(),
            metainfo.layout.piece_length(),
            held.len()
        );
        let spills = !self.shared.store.is_in_ram(metainfo.info_hash);
        let limits = self.limits(metainfo.layout, spills);
        let mut swarm = Swarm::new(metainfo.layout, limits, rand::random());
        swarm.set_have(held.into_iter());
        let film = Film {
            metainfo: Arc::clone(&metainfo),
            file: AtomicU32::new(file),
        };
        if self.film.set(film).is_err() {
            return;
        }
        {
            let mut state = self.lock();
            let entered = state.enter(Phase::Live(Box::new(Live {
                swarm,
                assemblies: HashMap::new(),
                attempts: 0,
                spills,
                wrong: HashSet::new(),
                readers: Readers::new(metainfo.layout, bytes),
                wanted: Wanted::default(),
            })));
            if !entered {
                return;
            }
            state.expect();
            self.follow_readers(&mut state);
            self.welcome_early(&mut state);
        }
        self.tell_ready();
        web::begin(self, &metainfo);
        finding::find_peers(self, Some(&metainfo));
        self.waiting_changed.notify_one();
    }

    /// Peers that were there before the metadata: they count from now on.
    fn welcome_early(&self, state: &mut State) {
        let waiting: Vec<PeerId> = state.peers.keys().copied().collect();
        for id in waiting {
            let Some(link) = state.peers.get_mut(&id) else {
                continue;
            };
            let early = std::mem::take(&mut link.early);
            if let Err(reason) = self.replay(state, id, &early) {
                tracing::debug!("peer: {reason}");
                state.kick(id);
            }
        }
        self.carry_out(state);
    }

    /// Deadlines of the swarm and of the metadata.
    async fn keep_time(self: Arc<Self>) {
        loop {
            let now = self.now();
            let deadline = {
                let mut state = self.lock();
                match &mut state.phase {
                    Phase::Live(live) => live.swarm.tick(now),
                    Phase::Gathering(_) => self.ask_metadata(&mut state),
                    _ => {}
                }
                self.carry_out(&mut state);
                state.tick_at = state.deadline();
                state.tick_at
            };
            // Without a deadline it is told when there is one.
            let wait = deadline.map_or(Duration::from_hours(1), |at| at.saturating_sub(now));
            tokio::select! {
                () = tokio::time::sleep(wait.max(TICK_MIN)) => {}
                () = self.timing.notified() => {}
            }
        }
    }

    /// After anything that may have made a deadline nearer.
    pub(super) fn check_deadline(&self, state: &State) {
        let sooner = match (state.deadline(), state.tick_at) {
            (Some(now), Some(then)) => now < then,
            (Some(_), None) => true,
            (None, _) => false,
        };
        if sooner {
            self.timing.notify_one();
        }
    }

    pub(super) fn fail(&self, failure: SupplyFailure) {
        if self.finish(&format!("{failure:?}")) {
            tracing::warn!("torrent {:?}: {failure:?}", self.reference.name);
            self.tell(SupplyNews::Failed(failure));
        }
    }

    /// No news after this. Readers learn that nothing will come.
    pub(super) fn close(&self) {
        self.finish("closed");
    }

    pub(super) fn close_because(&self, why: &str) {
        self.finish(why);
    }

    /// Whether it was not over yet.
    fn finish(&self, why: &str) -> bool {
        let last = finding::Stats::of(self);
        let phase = {
            let mut state = self.lock();
            if matches!(state.phase, Phase::Over(_)) {
                return false;
            }
            state.last = last;
            state.peers.clear();
            state.web.clear();
            std::mem::replace(&mut state.phase, Phase::Over(why.to_owned()))
        };
        self.stop.cancel();
        self.pieces_changed.notify_waiters();
        self.shared.store.close(self.reference.info_hash);
        if let Phase::Live(live) = phase {
            let stats = live.swarm.stats();
            tracing::info!(
                "torrent {:?}: {why}; received {} bytes, wasted {}, {} duplicate blocks, \
                 {} cancelled, {} corrupt pieces, {} peers banned; {} bytes on disk",
                self.reference.name,
                stats.received,
                stats.wasted,
                stats.duplicates,
                stats.cancelled,
                stats.corrupt,
                stats.banned,
                self.shared.store.used()
            );
        }
        true
    }

    /// News to the core, unless it is over.
    pub(super) fn tell(&self, news: SupplyNews) {
        if !matches!(news, SupplyNews::Failed(_)) && self.stop.is_cancelled() {
            return;
        }
        let session = self.lock().role.session();
        if let Some(session) = session {
            (self.shared.news)(session, news);
        }
    }

    /// Addresses that trackers, the DHT or peers named.
    pub(super) fn found(&self, peers: impl Iterator<Item = SocketAddr>) {
        let mut state = self.lock();
        let new = peers.filter(|peer| state.book.found(*peer)).count();
        drop(state);
        if new > 0 {
            self.call.notify_one();
        }
    }

    /// Who is asked for peers.
    pub(super) fn finding(&self) -> MutexGuard<'_, Finding> {
        self.finding.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number for a new connection.
    pub(super) fn number_peer(state: &mut State) -> PeerId {
        state.next_peer += 1;
        PeerId(state.next_peer)
    }

    /// A number for somebody who begins to read.
    pub(super) fn number_viewer(&self) -> ViewerId {
        ViewerId(self.next_viewer.fetch_add(1, Ordering::Relaxed))
    }

    /// Our extension handshake as things stand.
    pub(super) fn extensions(&self) -> Vec<u8> {
        let film = self.film.get();
        let size = film.map(|film| film.metainfo.info.len() as u32);
        let private = film.is_some_and(|film| film.metainfo.private);
        say::our_extensions(size, self.shared.port(), private)
    }

    /// Time since it was opened: the swarm's clock.
    pub(super) fn now(&self) -> Duration {
        self.epoch.elapsed()
    }

    /// A panic under the lock is our bug and was logged; what is behind it is still better than
    /// no film.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Goes on, unless it is over: what was on its way then comes to nothing.
    fn enter(&mut self, phase: Phase) -> bool {
        let over = matches!(self.phase, Phase::Over(_));
        if !over {
            self.phase = phase;
        }
        !over
    }

    /// Ends a connection; the connection's own task tidies up.
    pub(super) fn kick(&mut self, id: PeerId) {
        if let Some(link) = self.peers.get(&id) {
            link.kick.cancel();
        }
    }

    fn deadline(&self) -> Option<Duration> {
        match &self.phase {
            Phase::Live(live) => live.swarm.deadline(),
            Phase::Gathering(gathering) => gathering.deadline(),
            _ => None,
        }
    }
}

/// Runs what blocks on the disk beside the runtime's own threads.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(value) => value,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is going down: so is whoever asked.
            Err(_) => std::future::pending().await,
        },
    }
}
