//! Which torrents are open, by their info hash, and what became of each.
//!
//! Invariant: at most [`TORRENTS_MAX`]; one that somebody streams is never closed to make room.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use app::{Session, SupplyFailure, SupplyNews, TorrentRef};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use torrent::{Torrents, id_of};

use super::{STREAMS_MAX, TORRENTS_MAX};

/// How far a torrent is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Phase {
    /// Its metadata, or its folder on disk, is being asked for.
    Opening,
    /// Its files can be read.
    Ready,
    Failed(SupplyFailure),
}

/// What the engine has told of each session.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    phases: Arc<Mutex<HashMap<Session, watch::Sender<Phase>>>>,
}

impl Told {
    /// For the engine: called from its threads, never blocks.
    pub(super) fn listener(&self) -> Arc<dyn Fn(Session, SupplyNews) + Send + Sync> {
        let told = self.clone();
        Arc::new(move |session, news| {
            let phase = match news {
                SupplyNews::Ready { .. } => Phase::Ready,
                SupplyNews::Failed(failure) => Phase::Failed(failure),
                SupplyNews::Progress(_) => return,
            };
            if let Some(sender) = told.lock().get(&session) {
                sender.send_replace(phase);
            }
        })
    }

    fn begin(&self, session: Session) -> watch::Receiver<Phase> {
        let (sender, receiver) = watch::channel(Phase::Opening);
        self.lock().insert(session, sender);
        receiver
    }

    fn end(&self, session: Session) {
        self.lock().remove(&session);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Session, watch::Sender<Phase>>> {
        self.phases.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An open torrent, as its users see it.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Its info hash in hex.
    pub(super) id: String,
    pub(super) session: Session,
    /// Until its metadata is known: of the magnet.
    pub(super) name: String,
    pub(super) phase: watch::Receiver<Phase>,
    /// Who streams it now; a permit each.
    streams: Arc<Semaphore>,
    used: Instant,
}

impl Entry {
    /// Players at it now.
    pub(super) fn streams(&self) -> usize {
        STREAMS_MAX - self.streams.available_permits()
    }
}

/// One body on its way.
#[derive(Debug)]
pub(super) struct Place {
    _of_torrent: OwnedSemaphorePermit,
    _of_server: OwnedSemaphorePermit,
}

#[derive(Debug)]
pub(super) struct Roster {
    pub(super) torrents: Torrents,
    told: Told,
    open: Mutex<Vec<Entry>>,
    next: AtomicU64,
    streams: Arc<Semaphore>,
}

impl Roster {
    pub(super) fn new(torrents: Torrents, told: Told) -> Roster {
        Roster {
            torrents,
            told,
            open: Mutex::default(),
            next: AtomicU64::new(1),
            streams: Arc::new(Semaphore::new(STREAMS_MAX)),
        }
    }

    /// Opens a torrent, unless it is open. None when there is no room for it.
    pub(super) fn open(&self, torrent: TorrentRef) -> Option<Entry> {
        let id = id_of(torrent.info_hash);
        let mut open = self.lock();
        if let Some(at) = open.iter().position(|entry| entry.id == id) {
            if !matches!(*open[at].phase.borrow(), Phase::Failed(_)) {
                open[at].used = Instant::now();
                return Some(open[at].clone());
            }
            // Asked for again: perhaps it can be had now.
            self.end(&open.remove(at));
        }
        if open.len() >= TORRENTS_MAX {
            let idle = open.iter().enumerate().filter(|(_, e)| e.streams() == 0);
            let (oldest, _) = idle.min_by_key(|(_, entry)| entry.used)?;
            self.end(&open.remove(oldest));
        }
        let session = Session(self.next.fetch_add(1, Ordering::Relaxed));
        let entry = Entry {
            id,
            session,
            name: torrent.name.clone(),
            phase: self.told.begin(session),
            streams: Arc::new(Semaphore::new(STREAMS_MAX)),
            used: Instant::now(),
        };
        open.push(entry.clone());
        self.torrents.open(session, torrent, None);
        Some(entry)
    }

    pub(super) fn find(&self, id: &str) -> Option<Entry> {
        let mut open = self.lock();
        let entry = open.iter_mut().find(|entry| entry.id == id)?;
        entry.used = Instant::now();
        Some(entry.clone())
    }

    pub(super) fn all(&self) -> Vec<Entry> {
        self.lock().clone()
    }

    /// Whether it was open.
    pub(super) fn close(&self, id: &str) -> bool {
        let mut open = self.lock();
        let Some(at) = open.iter().position(|entry| entry.id == id) else {
            return false;
        };
        self.end(&open.remove(at));
        true
    }

    fn end(&self, entry: &Entry) {
        self.torrents.close(entry.session);
        self.told.end(entry.session);
    }

    /// A place for one more body; none when there are enough.
    pub(super) fn place(&self, entry: &Entry) -> Option<Place> {
        Some(Place {
            _of_server: Arc::clone(&self.streams).try_acquire_owned().ok()?,
            _of_torrent: Arc::clone(&entry.streams).try_acquire_owned().ok()?,
        })
    }

    /// A panic under the lock was logged; the list is whole after every statement.
    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
