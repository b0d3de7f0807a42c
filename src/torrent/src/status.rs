//! How an open torrent does, as plain figures for status pages and programs. Only reads.

use std::net::SocketAddr;
use std::sync::Arc;

use app::{Progress, Session};

use super::Torrents;
use super::download::{Download, Phase};
use super::magnet;
use super::metainfo::Metainfo;
use super::progress;
use super::shelf::hex;

/// One file of a torrent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Folders and name, joined by `/`; for showing, never a path on disk.
    pub path: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Its name says that it is a film.
    pub video: bool,
}

/// What an open torrent holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    pub name: String,
    /// In the order of the metainfo, without what only fills up pieces (BEP 47); the number is the
    /// index in the metainfo.
    pub files: Vec<(u32, FileEntry)>,
    /// The file that is shown.
    pub film: u32,
    /// Peers come from its trackers only (BEP 27).
    pub private: bool,
    /// Bytes.
    pub piece_length: u32,
    pub pieces: u32,
}

/// How it does now.
#[derive(Debug, Clone)]
pub struct Status {
    /// As the core is told; its ranges are of the shown file.
    pub progress: Progress,
    /// Pieces held, and their bytes.
    pub held_pieces: u32,
    pub held_bytes: u64,
    /// The owner keeps it: it is not evicted for others.
    pub kept: bool,
    /// Byte of the shown file that is played.
    pub playhead: u64,
    /// Since it was opened.
    pub stats: swarm::Stats,
    pub peers: Vec<Peer>,
}

/// One connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    pub address: SocketAddr,
    pub stats: swarm::PeerStats,
}

/// What the cache holds, over all films.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheUse {
    /// Bytes.
    pub used: u64,
    pub bound: u64,
}

impl Torrents {
    /// What the torrent of a session holds; none before its metadata is known.
    pub fn contents(&self, session: Session) -> Option<Contents> {
        let download = self.download(session)?;
        let film = download.film.get()?;
        Some(contents(&film.metainfo, film.file()))
    }

    /// How a session does; none if it is not open, or over.
    pub fn status(&self, session: Session) -> Option<Status> {
        status(&*self.download(session)?)
    }

    /// What the cache holds.
    pub fn cache_use(&self) -> CacheUse {
        let store = &self.running.0.store;
        CacheUse {
            used: store.used(),
            bound: store.bound(),
        }
    }

    fn download(&self, session: Session) -> Option<Arc<Download>> {
        self.running.0.open().get(&session).map(Arc::clone)
    }
}

/// What a `.torrent` that was just kept holds.
fn contents(metainfo: &Metainfo, film: u32) -> Contents {
    let files = metainfo.files.iter().enumerate();
    let files = files.filter(|(_, file)| !file.is_padding());
    let entry = |(index, file): (usize, &super::metainfo::File)| {
        let entry = FileEntry {
            path: file.path.clone(),
            bytes: file.length,
            video: file.is_video(),
        };
        (index as u32, entry)
    };
    Contents {
        name: metainfo.name.clone(),
        files: files.map(entry).collect(),
        film,
        private: metainfo.private,
        piece_length: metainfo.layout.piece_length(),
        pieces: metainfo.layout.pieces(),
    }
}

fn status(download: &Download) -> Option<Status> {
    let progress = progress::progress(download)?;
    let now = download.now();
    let kept = download.shared.store.keeps(download.reference.info_hash);
    let state = download.lock();
    let Phase::Live(live) = &state.phase else {
        return Some(Status {
            progress,
            held_pieces: 0,
            held_bytes: 0,
            kept,
            playhead: 0,
            stats: swarm::Stats::default(),
            peers: Vec::new(),
        });
    };
    let held = live.swarm.held();
    let known = live.swarm.peers(now).into_iter().filter_map(|stats| {
        let address = state.peers.get(&stats.peer)?.address;
        Some(Peer { address, stats })
    });
    Some(Status {
        progress,
        held_pieces: held.pieces,
        held_bytes: held.bytes,
        kept,
        playhead: live.readers.playhead_byte(now),
        stats: live.swarm.stats(),
        peers: known.collect(),
    })
}

/// What such a name says; none for what is no name.
pub fn info_hash_of(id: &str) -> Option<[u8; 20]> {
    magnet::hex(id)
}

/// The name a torrent goes by in addresses and on disk: its info hash, 40 lower-case hex digits.
pub fn id_of(info_hash: [u8; 20]) -> String {
    hex(info_hash)
}
