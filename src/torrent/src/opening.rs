//! Which torrents are open: those of sessions, and beside them a few that are looked at or given to
//! others.
//!
//! Only lists; what a torrent does in its role is `role.rs`. Invariant: a torrent is in one list
//! once, and both are bounded: by the sessions there are, and by the constants here.

use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use app::{Session, TorrentRef};
use media::Source;

use super::download::{Download, Phase};
use super::foresight;
use super::role::Role;
use super::source::FileSource;
use super::{Shared, Torrents};

/// Films that are looked at: the one under the focus, and the one before it, to which the viewer
/// often comes back.
const LOOKED_MAX: usize = 2;
/// Films that were played and are given to others: each has up to 50 connections.
const SEEDING_MAX: usize = 2;

impl Torrents {
    /// Begins to stream; never blocks. News follow: progress, ready or failed. A torrent that is
    /// looked at, given to others or open in another session is taken over with its peers and
    /// pieces; that other session's readers get an error. A session that is open already stays
    /// as it is. `at`: byte of the film's file where the viewer left off; the container's index and
    /// the bytes there come first.
    pub fn open(&self, session: Session, torrent: TorrentRef, at: Option<u64>) {
        let shared = &self.running.0;
        let mut open = shared.open();
        if open.contains_key(&session) {
            return;
        }
        let hash = torrent.info_hash;
        let other = open.iter().find(|(_, d)| d.reference.info_hash == hash);
        let other = other.map(|(session, _)| *session);
        let earlier = other.and_then(|session| open.remove(&session));
        let earlier = earlier.or_else(|| shared.take_aside(hash));
        let role = Role::Playing(session);
        let download = take_over(earlier, &torrent, role, at)
            .unwrap_or_else(|| Download::open(torrent, Arc::clone(shared), role, at));
        open.insert(session, download);
        drop(open);
        shared.share_line();
    }

    /// After Ready: the film's bytes, of which a player will show `moment` first, or its start. By
    /// the container's index that is fetched before the player has found the place itself.
    pub fn film(&self, session: Session, moment: Option<Duration>) -> Option<Arc<dyn Source>> {
        if let Some(moment) = moment {
            let download = self.running.0.open().get(&session).map(Arc::clone)?;
            let film = FileSource::ahead(Arc::clone(&download), session)?;
            let me = Arc::clone(&download);
            let found = move |at| me.begins_at(session, at);
            download.spawn(foresight::go_before(film, moment, found));
        }
        self.source(session, None)
    }

    /// Ends it: readers get an error, what was fetched stays on disk, no more news. If the settings
    /// say so it is given to others for a while.
    pub fn close(&self, session: Session) {
        let shared = &self.running.0;
        let download = shared.open().remove(&session);
        if let Some(download) = download {
            if download.give_on() {
                shared.put_aside(download);
            } else {
                download.close();
            }
        }
        shared.share_line();
    }

    /// The viewer looks at a film: its metadata, head, tail and what lies at byte `at` of its file
    /// are fetched (16 MiB at most), and no more. Progress is told under [`Session::PREFETCH`]. A
    /// newer one takes its place; the one before keeps its peers.
    pub fn prefetch(&self, torrent: TorrentRef, at: Option<u64>) {
        let shared = &self.running.0;
        if shared.playing(torrent.info_hash) {
            return;
        }
        for other in shared.aside().iter() {
            if other.role() == Role::Looked && other.reference.info_hash != torrent.info_hash {
                other.enter_role(Role::Resting, None);
            }
        }
        let earlier = shared.take_aside(torrent.info_hash);
        let download = take_over(earlier, &torrent, Role::Looked, at)
            .unwrap_or_else(|| Download::open(torrent, Arc::clone(shared), Role::Looked, at));
        shared.put_aside(download);
    }

    /// The viewer looks elsewhere: nothing more is fetched, what came stays on disk.
    pub fn stop_prefetch(&self) {
        let looked =
            |download: &Arc<Download>| matches!(download.role(), Role::Looked | Role::Resting);
        let (over, rest) = self.running.0.aside().drain(..).partition(looked);
        let over: Vec<Arc<Download>> = over;
        *self.running.0.aside() = rest;
        for download in over {
            download.close();
        }
    }
}

/// The same torrent in another role; none if it must be opened anew.
fn take_over(
    earlier: Option<Arc<Download>>,
    torrent: &TorrentRef,
    role: Role,
    at: Option<u64>,
) -> Option<Arc<Download>> {
    let earlier = earlier?;
    if earlier.reference == *torrent && earlier.enter_role(role, at) {
        return Some(earlier);
    }
    // Other trackers, web seeds or another file: what it began with does not fit.
    earlier.close();
    None
}

impl Download {
    /// Its player will begin at that byte of the film's file.
    fn begins_at(&self, session: Session, at: u64) {
        let mut state = self.lock();
        if !state.serves(session) {
            return;
        }
        if let Phase::Live(live) = &mut state.phase {
            live.readers.expect_surely(at);
            self.follow_readers(&mut state);
        }
    }
}

impl Shared {
    pub(super) fn aside(&self) -> MutexGuard<'_, Vec<Arc<Download>>> {
        self.aside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn playing(&self, info_hash: [u8; 20]) -> bool {
        let open = self.open();
        open.values().any(|d| d.reference.info_hash == info_hash)
    }

    fn take_aside(&self, info_hash: [u8; 20]) -> Option<Arc<Download>> {
        let mut aside = self.aside();
        let at = aside
            .iter()
            .position(|d| d.reference.info_hash == info_hash);
        at.map(|at| aside.remove(at))
    }

    /// The newest goes last; the oldest of its kind must go when there are too many.
    fn put_aside(&self, download: Arc<Download>) {
        let mut aside = self.aside();
        aside.retain(|download| !download.is_over());
        aside.push(download);
        let seeding = |download: &&Arc<Download>| download.role() == Role::Seeding;
        let seeds = aside.iter().filter(seeding).count();
        let mut over = Vec::new();
        for (kind, count, most) in [
            (true, seeds, SEEDING_MAX),
            (false, aside.len() - seeds, LOOKED_MAX),
        ] {
            let oldest = aside.iter().position(|download| seeding(&download) == kind);
            if let Some(oldest) = oldest.filter(|_| count > most) {
                over.push(aside.remove(oldest));
            }
        }
        drop(aside);
        for download in over {
            download.close();
        }
    }

    /// It has ended by itself.
    pub(super) fn forget(&self, download: &Arc<Download>) {
        self.aside().retain(|other| !Arc::ptr_eq(other, download));
    }

    /// What is watched comes before what is given to others.
    fn share_line(&self) {
        for download in self.downloads() {
            download.limits_changed();
        }
    }

    /// All torrents there are, in whatever role.
    pub(super) fn downloads(&self) -> Vec<Arc<Download>> {
        let mut all: Vec<Arc<Download>> = self.open().values().map(Arc::clone).collect();
        all.extend(self.aside().iter().map(Arc::clone));
        all
    }

    pub(super) fn download_of(&self, info_hash: [u8; 20]) -> Option<Arc<Download>> {
        let mut all = self.downloads().into_iter();
        all.find(|download| download.reference.info_hash == info_hash)
    }
}
