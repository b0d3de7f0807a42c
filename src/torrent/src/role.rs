//! For whom a torrent is open, and what follows from it: a session plays it, it is looked at, or it
//! was played and is given to others for a while.
//!
//! One download serves all of these in turn, so that what is opened after it was looked at, or
//! again after it was closed, has its peers and pieces at once. Invariant: news and readers belong
//! to the session that plays it now; an earlier session's readers learn that it is closed.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use app::{Session, SupplyNews};
use cache::Window;
use swarm::Demand;

use super::download::{Download, Live, Phase, State};
use super::{progress, subtitle};

/// How often it is looked at whether enough was given.
const LOOK: Duration = Duration::from_secs(5);
/// Bytes a second that a film nobody watches may take of the line beside one that is watched:
/// enough to stay known in its swarm.
const YIELD_RATE: u64 = 64 << 10;

/// For how long a film that is closed is given to others, whichever comes first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seeding {
    /// Bytes given for each byte that was received.
    pub ratio: f64,
    /// After it was closed.
    pub time: Duration,
}

impl Default for Seeding {
    /// Half an hour, or as much as was received: BitTorrent's usual manners.
    fn default() -> Seeding {
        Seeding {
            ratio: 1.0,
            time: Duration::from_mins(30),
        }
    }
}

/// What is fetched, and what is held; no windows: nobody plays it.
pub(super) type Wanted = (Demand, Option<Vec<Window>>);

/// For whom it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A session plays it.
    Playing(Session),
    /// The viewer looks at it: a little is fetched.
    Looked,
    /// The viewer has just looked at it: nothing is fetched.
    Resting,
    /// It was played.
    Seeding,
}

impl Role {
    /// Where news of it go.
    pub(super) fn session(self) -> Option<Session> {
        match self {
            Role::Playing(session) => Some(session),
            Role::Looked => Some(Session::PREFETCH),
            Role::Resting | Role::Seeding => None,
        }
    }
}

impl Download {
    pub(super) fn role(&self) -> Role {
        self.lock().role
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self.lock().phase, Phase::Over(_))
    }

    /// Another role from now on, with the byte of the film's file where it begins. False if it is
    /// over.
    pub(super) fn enter_role(self: &Arc<Self>, role: Role, at: Option<u64>) -> bool {
        let mut state = self.lock();
        if matches!(state.phase, Phase::Over(_)) {
            return false;
        }
        if state.role != role || state.at != at {
            (state.role, state.at, state.ready_told) = (role, at, false);
            state.expect();
            self.follow_readers(&mut state);
        }
        drop(state);
        // Readers of an earlier session look again.
        self.pieces_changed.notify_waiters();
        self.tell_of_role(role);
        true
    }

    /// Begins what news of this role need.
    pub(super) fn tell_of_role(self: &Arc<Self>, role: Role) {
        if let Some(session) = role.session() {
            self.spawn(progress::tell(Arc::clone(self), session));
        }
        let me = Arc::clone(self);
        self.spawn(async move { me.tell_ready() });
    }

    /// Ready, once for each session.
    pub(super) fn tell_ready(&self) {
        {
            let mut state = self.lock();
            let playing = matches!(state.role, Role::Playing(_));
            if !playing || state.ready_told || !matches!(state.phase, Phase::Live(_)) {
                return;
            }
            state.ready_told = true;
        }
        let Some(film) = self.film.get() else {
            return;
        };
        let file = film.file();
        let size = film.metainfo.files[file as usize].length;
        let subtitles = subtitle::beside(&film.metainfo, file);
        self.tell(SupplyNews::Ready { size, subtitles });
        self.waiting_changed.notify_one();
    }

    /// Makes another file the one that is shown; false if there is none.
    pub(super) fn show(&self, index: u32) -> bool {
        let Some(film) = self.film.get() else {
            return false;
        };
        let Some(file) = film.metainfo.files.get(index as usize) else {
            return false;
        };
        if film.file.swap(index, Ordering::Relaxed) != index {
            let mut state = self.lock();
            if let Phase::Live(live) = &mut state.phase {
                live.readers.show(file.offset..file.offset + file.length);
            }
            self.follow_readers(&mut state);
        }
        true
    }

    /// What readers want may have changed: tells the swarm and the cache.
    pub(super) fn follow_readers(&self, state: &mut State) {
        let (role, at) = (state.role, state.at);
        let Phase::Live(live) = &mut state.phase else {
            return;
        };
        let wanted = self.wants(live, role, at);
        let hash = self.reference.info_hash;
        if wanted == live.wanted {
            return;
        }
        match wanted.1.clone() {
            Some(windows) => self.shared.store.windows(hash, windows),
            None => self.shared.store.rest(hash),
        }
        live.swarm.demand(self.now(), wanted.0.clone());
        live.wanted = wanted;
        self.carry_out(state);
    }

    /// What to fetch and hold in this role.
    fn wants(&self, live: &Live, role: Role, at: Option<u64>) -> Wanted {
        let bound = self.shared.store.room(self.reference.info_hash);
        let has = |piece| live.swarm.has(piece);
        let (demand, windows) = match role {
            Role::Playing(_) => live.readers.wants(bound, self.now(), has),
            Role::Looked => live.readers.wants_early(bound, at),
            Role::Resting | Role::Seeding => return Wanted::default(),
        };
        (demand, Some(windows))
    }

    /// Its session has closed it: gives it to others if that is wished, and there is something to
    /// give. False: it is to be closed.
    pub(super) fn give_on(self: &Arc<Self>) -> bool {
        if self.shared.terms().seeding.is_none() {
            return false;
        }
        let holds = match &self.lock().phase {
            Phase::Live(live) => live.swarm.held().pieces > 0,
            _ => false,
        };
        if !holds || !self.enter_role(Role::Seeding, None) {
            return false;
        }
        tracing::info!("torrent {:?}: closed, given to others", self.reference.name);
        self.spawn(give(Arc::clone(self)));
        true
    }

    /// The settings have changed, or another film is watched, or not any more: this one takes less
    /// of the line then.
    pub(super) fn limits_changed(&self) {
        let busy = !self.shared.open().is_empty();
        let mut state = self.lock();
        let yields = busy && state.role == Role::Seeding;
        if let Phase::Live(live) = &mut state.phase {
            let mut limits = self.limits(live.swarm.layout(), live.spills);
            if yields {
                limits.upload_slots = limits.upload_slots.min(1);
                let limit = limits.upload_bytes_per_second.unwrap_or(u64::MAX);
                limits.upload_bytes_per_second = Some(limit.min(YIELD_RATE));
            }
            live.swarm.set_limits(self.now(), limits);
        }
        self.carry_out(&mut state);
    }
}

/// Until enough was given, as it is wished by then.
async fn give(download: Arc<Download>) {
    let closed = tokio::time::Instant::now();
    let mut terms = download.shared.terms.subscribe();
    let why = loop {
        let wished = terms.borrow_and_update().seeding;
        let Some(seeding) = wished else {
            break "no more is wished";
        };
        tokio::select! {
            () = tokio::time::sleep_until(closed + seeding.time) => break "time",
            () = tokio::time::sleep(LOOK.min(seeding.time)) => {}
            // The sender lives as long as the download.
            _ = terms.changed() => continue,
        }
        let state = download.lock();
        match (&state.phase, state.role) {
            (Phase::Live(live), Role::Seeding) if gave_enough(live, seeding.ratio) => break "ratio",
            (Phase::Live(_), Role::Seeding) => {}
            // It is played again: closing it begins anew.
            _ => return,
        }
    };
    if download.role() == Role::Seeding {
        download.shared.forget(&download);
        download.close_because(&format!("given to others ({why})"));
    }
}

fn gave_enough(live: &Live, ratio: f64) -> bool {
    let stats = live.swarm.stats();
    let received = stats.received.saturating_sub(stats.wasted);
    // What was on disk before counts as a piece: to be of use to somebody.
    let received = received.max(u64::from(live.swarm.layout().piece_length()));
    stats.uploaded as f64 >= ratio * received as f64
}

impl State {
    /// A film that is played begins there.
    pub(super) fn expect(&mut self) {
        let (role, at) = (self.role, self.at);
        if let (Phase::Live(live), Role::Playing(_)) = (&mut self.phase, role) {
            live.readers.expect(at);
        }
    }

    /// Whether this session's readers are served.
    pub(super) fn serves(&self, session: Session) -> bool {
        self.role == Role::Playing(session)
    }
}
