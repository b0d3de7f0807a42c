//! The film's bytes in blocks of 256 KiB, the last few of them kept, one read ahead.
//!
//! Demuxers read in crumbs (an MP4 asks per sample, hundreds of times a second) and go back to
//! what they read before. Every crumb as a read of its own costs a round trip: with 30 ms per
//! read the first picture took 4.7 s without blocks and 0.33 s with them. This holds no thread
//! and knows no GStreamer; dropping a read takes its demand back, and dropping the blocks takes
//! back the read ahead.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use tokio::runtime::Handle;
use tokio::sync::OnceCell;
use tokio::task::AbortHandle;

use crate::media::{Source, SourceGone};

/// Measured: smaller ones cost round trips at start-up, larger ones wait longer before a hole.
pub(super) const BLOCK_BYTES: u64 = 256 * 1024;

/// 8 MiB: about what separates sound and picture in a badly interleaved film.
const BLOCKS_KEPT_MAX: usize = 32;

type Cell = Arc<OnceCell<Bytes>>;

#[derive(Debug)]
pub(super) struct Blocks {
    source: Arc<dyn Source>,
    runtime: Handle,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    /// The most recently used last.
    recent: VecDeque<(u64, Cell)>,
    /// The block being read before anyone asked.
    ahead: Option<(u64, AbortHandle)>,
}

impl Blocks {
    pub(super) fn new(source: Arc<dyn Source>, runtime: Handle) -> Self {
        Blocks {
            source,
            runtime,
            held: Mutex::default(),
        }
    }

    /// Length of the film in bytes.
    pub(super) fn size(&self) -> u64 {
        self.source.size()
    }

    pub(super) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// Reads exactly `len` bytes from `offset`, fewer only where the film ends. Waits for them.
    pub(super) async fn read(&self, offset: u64, len: u32) -> Result<Bytes, SourceGone> {
        let end = offset.saturating_add(u64::from(len)).min(self.size());
        let mut at = offset.min(end);
        let mut joined = BytesMut::new();
        while at < end {
            let index = at / BLOCK_BYTES;
            let block = self.block(index).await?;
            let from = (at - index * BLOCK_BYTES) as usize;
            let take = (block.len() - from).min((end - at) as usize);
            let part = block.slice(from..from + take);
            at += take as u64;
            if at == end && joined.is_empty() {
                return Ok(part);
            }
            joined.extend_from_slice(&part);
        }
        Ok(joined.freeze())
    }

    async fn block(&self, index: u64) -> Result<Bytes, SourceGone> {
        let cell = self.cell(index);
        self.read_ahead(index + 1);
        let read = fetch(self.source.clone(), index);
        cell.get_or_try_init(|| read).await.cloned()
    }

    fn cell(&self, index: u64) -> Cell {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.cell(index)
    }

    /// Begins to read `index` unless it is there, under way, or beyond the end.
    fn read_ahead(&self, index: u64) {
        if index * BLOCK_BYTES >= self.size() {
            return;
        }
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let cell = held.cell(index);
        if cell.initialized() || held.ahead.as_ref().is_some_and(|(now, _)| *now == index) {
            return;
        }
        held.drop_ahead();
        let source = self.source.clone();
        let task = self.runtime.spawn(async move {
            // Whoever needs the block meets the same failure and reports it.
            let _ = cell.get_or_try_init(|| fetch(source, index)).await;
        });
        held.ahead = Some((index, task.abort_handle()));
    }
}

impl Held {
    fn cell(&mut self, index: u64) -> Cell {
        let found = self.recent.iter().position(|(at, _)| *at == index);
        let entry = found.and_then(|at| self.recent.remove(at));
        let entry = entry.unwrap_or_else(|| (index, Cell::default()));
        let cell = entry.1.clone();
        if self.recent.len() >= BLOCKS_KEPT_MAX {
            self.recent.pop_front();
        }
        self.recent.push_back(entry);
        cell
    }

    fn drop_ahead(&mut self) {
        if let Some((_, task)) = self.ahead.take() {
            task.abort();
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.drop_ahead();
    }
}

/// Reads one whole block; the last one of the film is shorter.
async fn fetch(source: Arc<dyn Source>, index: u64) -> Result<Bytes, SourceGone> {
    let offset = index * BLOCK_BYTES;
    let len = BLOCK_BYTES.min(source.size().saturating_sub(offset)) as usize;
    let bytes = source.read_at(offset, len).await?;
    if bytes.len() == len {
        Ok(bytes)
    } else {
        let got = bytes.len();
        Err(SourceGone(format!(
            "{got} bytes at {offset} instead of {len}"
        )))
    }
}
