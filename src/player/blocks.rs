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

use media::{Source, SourceGone};

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

#[cfg(test)]
mod tests {
    use super::*;
    use media::ReadFuture;
    use std::future::pending;
    use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

    const SIZE: u64 = BLOCK_BYTES * 5 + 1234;

    /// Bytes that tell where they are, the reads of them, and a place from where on none come.
    #[derive(Debug, Default)]
    struct Ruler {
        reads: Arc<AtomicU64>,
        waiting: Arc<AtomicU64>,
        dry_from: Option<u64>,
        fails: bool,
    }

    struct Waits(Arc<AtomicU64>);

    impl Drop for Waits {
        fn drop(&mut self) {
            self.0.fetch_sub(1, SeqCst);
        }
    }

    fn byte(at: u64) -> u8 {
        (at ^ (at >> 8) ^ (at >> 16)) as u8
    }

    impl Source for Ruler {
        fn size(&self) -> u64 {
            SIZE
        }

        fn name(&self) -> &str {
            "ruler"
        }

        fn read_at(&self, offset: u64, len: usize) -> ReadFuture {
            self.reads.fetch_add(1, SeqCst);
            let dry = self.dry_from.is_some_and(|dry| offset >= dry);
            let (waiting, fails) = (self.waiting.clone(), self.fails);
            Box::pin(async move {
                if dry {
                    waiting.fetch_add(1, SeqCst);
                    let _waits = Waits(waiting);
                    pending::<()>().await;
                }
                if fails {
                    return Err(SourceGone("no more".to_owned()));
                }
                Ok((offset..offset + len as u64).map(byte).collect())
            })
        }

        fn held(&self, _: u64, _: usize) -> media::HeldFuture {
            Box::pin(std::future::ready(None))
        }
    }

    #[tokio::test]
    async fn any_read_gives_the_bytes_of_its_place() {
        let blocks = Blocks::new(Arc::new(Ruler::default()), Handle::current());
        let places = [
            0,
            1,
            BLOCK_BYTES - 1,
            BLOCK_BYTES,
            BLOCK_BYTES * 3 + 7,
            SIZE - 10,
            SIZE,
        ];
        for offset in places {
            for len in [0, 1, 2, 4096, BLOCK_BYTES * 2 + 3] {
                let read = blocks.read(offset, len as u32).await.unwrap();
                let end = (offset + len).min(SIZE);
                assert!(
                    read.iter().copied().eq((offset..end).map(byte)),
                    "{len} at {offset}"
                );
            }
        }
    }

    #[tokio::test]
    async fn crumbs_cost_one_read_a_block() {
        let ruler = Ruler::default();
        let reads = ruler.reads.clone();
        let blocks = Blocks::new(Arc::new(ruler), Handle::current());
        for offset in (0..SIZE).step_by(1000) {
            blocks.read(offset, 1000).await.unwrap();
        }
        assert_eq!(reads.load(SeqCst), 6);
    }

    #[tokio::test]
    async fn a_dropped_read_takes_its_demand_back_and_so_do_dropped_blocks() {
        let dry_from = Some(BLOCK_BYTES);
        let ruler = Ruler {
            dry_from,
            ..Ruler::default()
        };
        let waiting = ruler.waiting.clone();
        let settle = async |wanted| {
            while waiting.load(SeqCst) != wanted {
                tokio::task::yield_now().await;
            }
        };
        let blocks = Arc::new(Blocks::new(Arc::new(ruler), Handle::current()));
        blocks.read(0, 10).await.unwrap();
        settle(1).await;
        let reader = blocks.clone();
        let read = tokio::spawn(async move { reader.read(BLOCK_BYTES * 3, 10).await });
        settle(2).await;
        read.abort();
        assert!(read.await.unwrap_err().is_cancelled());
        settle(1).await;
        drop(blocks);
        settle(0).await;
    }

    #[tokio::test]
    async fn a_failure_is_told_each_time() {
        let ruler = Ruler {
            fails: true,
            ..Ruler::default()
        };
        let blocks = Blocks::new(Arc::new(ruler), Handle::current());
        for _ in 0..2 {
            assert_eq!(blocks.read(5, 5).await.unwrap_err().0, "no more");
        }
    }
}
