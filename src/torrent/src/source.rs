//! A file of an open torrent as something the player reads anywhere in ([`media::Source`]).
//!
//! A read is a demand as long as its future lives: it is known to the swarm in the same step in
//! which it begins, and gone when the future is dropped. It waits on a notification, never on a
//! clock.

use std::ops::Range;
use std::sync::Arc;

use app::Session;
use bytes::{Bytes, BytesMut};

use super::Torrents;
use super::download::{Download, Phase, blocking};
use super::readers::ReaderId;
use super::viewers::ViewerId;
use media::{HeldFuture, ReadFuture, Source, SourceGone};

/// One read is at most this: the player's blocks are 256 KiB, a subtitle file is read whole.
const READ_MAX_BYTES: usize = 32 * 1024 * 1024;

#[derive(Debug)]
pub(super) struct FileSource {
    viewing: Arc<Viewing>,
    session: Session,
    name: String,
    /// Its bytes in the torrent.
    bytes: Range<u64>,
}

/// Somebody who reads a file, as long as a source or a read of it lives.
#[derive(Debug)]
struct Viewing {
    download: Arc<Download>,
    id: ViewerId,
    /// The film's bytes, if it is one that is watched.
    film: Option<Range<u64>>,
}

impl Drop for Viewing {
    fn drop(&mut self) {
        let now = self.download.now();
        let mut state = self.download.lock();
        if let Phase::Live(live) = &mut state.phase {
            live.readers.leave(self.id, now);
            self.download.follow_readers(&mut state);
        }
    }
}

impl FileSource {
    /// File `index`, or the film; none before the metainfo is known or if there is no such file.
    /// The one that is shown is watched: what lies ahead of its reader is fetched.
    pub(super) fn new(
        download: Arc<Download>,
        session: Session,
        index: Option<u32>,
    ) -> Option<FileSource> {
        let shown = download.film.get()?.file();
        let index = index.unwrap_or(shown);
        FileSource::of(download, session, index, index == shown)
    }

    /// The film for who reads what its player will read soon, and watches nothing itself.
    pub(super) fn ahead(download: Arc<Download>, session: Session) -> Option<FileSource> {
        let shown = download.film.get()?.file();
        FileSource::of(download, session, shown, false)
    }

    /// File `index`, which is shown and watched from now on.
    pub(super) fn watch(
        download: Arc<Download>,
        session: Session,
        index: u32,
    ) -> Option<FileSource> {
        let shown = download.show(index);
        shown.then(|| FileSource::of(download, session, index, true))?
    }

    fn of(
        download: Arc<Download>,
        session: Session,
        index: u32,
        watched: bool,
    ) -> Option<FileSource> {
        let film = download.film.get()?;
        let file = film.metainfo.files.get(index as usize)?;
        let (name, bytes) = (
            file.name().to_owned(),
            file.offset..file.offset + file.length,
        );
        let viewing = Viewing {
            id: download.number_viewer(),
            film: watched.then(|| bytes.clone()),
            download,
        };
        Some(FileSource {
            viewing: Arc::new(viewing),
            session,
            name,
            bytes,
        })
    }
}

impl Torrents {
    /// After Ready: the film's bytes (`file` none), or another file of the torrent.
    pub fn source(&self, session: Session, file: Option<u32>) -> Option<Arc<dyn Source>> {
        let download = self.running.0.open().get(&session).map(Arc::clone)?;
        let source = FileSource::new(download, session, file)?;
        Some(Arc::new(source))
    }

    /// The same of a file that somebody begins to watch: it is the one that is shown from now on.
    /// Who watches another goes on with it.
    pub fn watch(&self, session: Session, file: u32) -> Option<Arc<dyn Source>> {
        let download = self.running.0.open().get(&session).map(Arc::clone)?;
        let source = FileSource::watch(download, session, file)?;
        Some(Arc::new(source))
    }
}

impl Source for FileSource {
    fn size(&self) -> u64 {
        self.bytes.end - self.bytes.start
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn read_at(&self, offset: u64, len: usize) -> ReadFuture {
        let bytes = self.part(offset, len);
        let (viewing, session) = (Arc::clone(&self.viewing), self.session);
        Box::pin(async move {
            if bytes.is_empty() {
                return Ok(Bytes::new());
            }
            Reading::begin(viewing, session, bytes)?.read().await
        })
    }

    fn held(&self, offset: u64, len: usize) -> HeldFuture {
        let bytes = self.part(offset, len);
        let (download, session) = (Arc::clone(&self.viewing.download), self.session);
        Box::pin(async move {
            let mut out = BytesMut::new();
            let mut at = bytes.start;
            while at < bytes.end {
                let span = Span::of(&download, at, bytes.end)?;
                if !download.has(session, span.piece).ok()? {
                    return None;
                }
                let part = span.read(&download).await?;
                at += part.len() as u64;
                out.extend_from_slice(&part);
            }
            Some(out.freeze())
        })
    }
}

/// A stretch of one piece.
#[derive(Debug, Clone, Copy)]
struct Span {
    piece: u32,
    /// In the piece.
    offset: u32,
    len: u32,
}

impl Span {
    /// What is wanted up to `end` of the piece that byte `at` of the torrent is in; none before
    /// the metainfo is known.
    fn of(download: &Download, at: u64, end: u64) -> Option<Span> {
        let length = u64::from(download.film.get()?.metainfo.layout.piece_length());
        let piece = at / length;
        Some(Span {
            piece: piece as u32,
            offset: (at % length) as u32,
            len: (end.min((piece + 1) * length) - at) as u32,
        })
    }

    /// Its bytes; none if the store has lost them.
    async fn read(self, download: &Arc<Download>) -> Option<Bytes> {
        let metainfo = Arc::clone(&download.film.get()?.metainfo);
        let (hash, stretch) = (metainfo.info_hash, (self.offset, self.len));
        let at_hand = download.shared.store.at_hand(hash, self.piece, stretch);
        if at_hand.is_some() {
            return at_hand;
        }
        let me = Arc::clone(download);
        blocking(move || {
            let store = &me.shared.store;
            store.read(&metainfo, self.piece, self.offset, self.len)
        })
        .await
    }
}

impl FileSource {
    /// Bytes of the torrent that are `len` of the file from `offset`, fewer where it ends.
    fn part(&self, offset: u64, len: usize) -> Range<u64> {
        let start = self.bytes.start.saturating_add(offset).min(self.bytes.end);
        let end = start.saturating_add(len.min(READ_MAX_BYTES) as u64);
        start..end.min(self.bytes.end)
    }
}

/// A read on its way; dropping it takes its demand back.
struct Reading {
    download: Arc<Download>,
    _viewing: Arc<Viewing>,
    session: Session,
    id: ReaderId,
    bytes: Range<u64>,
    /// It was told as waiting.
    waited: bool,
}

impl Reading {
    fn begin(
        viewing: Arc<Viewing>,
        session: Session,
        bytes: Range<u64>,
    ) -> Result<Reading, SourceGone> {
        let download = Arc::clone(&viewing.download);
        let id = {
            let mut state = download.lock();
            if !state.serves(session) {
                return Err(SourceGone("closed".into()));
            }
            let live = match &mut state.phase {
                Phase::Live(live) => live,
                Phase::Over(why) => return Err(SourceGone(why.clone())),
                _ => return Err(SourceGone("not ready".into())),
            };
            let id = {
                let film = viewing.film.as_ref();
                live.readers.begin(viewing.id, film, bytes.clone())
            };
            download.follow_readers(&mut state);
            id
        };
        Ok(Reading {
            download,
            _viewing: viewing,
            session,
            id,
            bytes,
            waited: false,
        })
    }

    async fn read(mut self) -> Result<Bytes, SourceGone> {
        let whole = self.bytes.end - self.bytes.start;
        let mut out = BytesMut::new();
        let mut at = self.bytes.start;
        while at < self.bytes.end {
            let part = self.part(at).await?;
            at += part.len() as u64;
            if part.len() as u64 == whole {
                return Ok(part);
            }
            out.extend_from_slice(&part);
            let mut state = self.download.lock();
            if let Phase::Live(live) = &mut state.phase {
                live.readers.advance(self.id, at);
            }
        }
        Ok(out.freeze())
    }

    /// What is wanted of the piece that `at` is in, once it is held.
    async fn part(&mut self, at: u64) -> Result<Bytes, SourceGone> {
        let gone = || SourceGone("not ready".into());
        let span = Span::of(&self.download, at, self.bytes.end).ok_or_else(gone)?;
        loop {
            // Registered before looking, so that what comes in between is not missed.
            let download = Arc::clone(&self.download);
            let changed = download.pieces_changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if download.has(self.session, span.piece)? {
                if let Some(bytes) = span.read(&download).await {
                    return Ok(bytes);
                }
                download.lost(span.piece);
            }
            if !self.waited {
                self.waited = true;
                download.waiting_changed.notify_one();
            }
            changed.await;
        }
    }
}

impl Download {
    /// Whether this piece is held, for one of those who read.
    fn has(&self, session: Session, piece: u32) -> Result<bool, SourceGone> {
        let state = self.lock();
        if !state.serves(session) {
            return Err(SourceGone("closed".into()));
        }
        match &state.phase {
            Phase::Live(live) => Ok(live.swarm.has(piece)),
            Phase::Over(why) => Err(SourceGone(why.clone())),
            _ => Ok(false),
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        let mut state = self.download.lock();
        if let Phase::Live(live) = &mut state.phase {
            live.readers.end(self.id);
            self.download.follow_readers(&mut state);
            if self.waited {
                self.download.waiting_changed.notify_one();
            }
        }
    }
}
