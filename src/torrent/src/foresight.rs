//! What a player will read first, before it reads: bytes of a film's file in the order in which
//! they are needed.
//!
//! A demuxer looks at the head, then at the container's index, which is in the tail as often as
//! not, then where it was told to begin. Before any byte is here that place is a guess, from what
//! an earlier reader told; once the index is, [`go_before`] reads where it points, as the demuxer
//! will a little later. Knows no pieces.

use std::ops::Range;
use std::time::Duration;

use media::Source;

use super::container::{Next, Search};

/// The first look at a file: enough for the header of any container.
const LOOK_BYTES: u64 = 256 << 10;
/// The end of the file, where the index of a film is that has it there: a whole piece comes with
/// it, and more than one is asked for when the index is known to be longer.
const INDEX_BYTES: u64 = 64 << 10;
/// What a player reads of the head before its first picture: 3 s of a 5 Mb/s film.
const HEAD_BYTES: u64 = 2 << 20;
/// The index of a film of three hours: 1 MiB of Cues, or most of a `moov`.
const TAIL_BYTES: u64 = 1 << 20;
/// Before the byte where the viewer left off: a player begins at the key frame before, up to 10 s
/// of a 5 Mb/s film away, but mostly 2.
const BEFORE_BYTES: u64 = 1 << 20;
/// And after it.
const AFTER_BYTES: u64 = 3 << 20;

/// For a film that is opened: what is asked for beside what its readers wait for.
pub(super) fn first_reads(size: u64, at: Option<u64>) -> Vec<Range<u64>> {
    let Some(at) = at.filter(|at| *at < size) else {
        // The readers are at the head at once.
        return Vec::new();
    };
    let look = 0..LOOK_BYTES.min(size);
    let tail = size.saturating_sub(INDEX_BYTES)..size;
    let there = at..at.saturating_add(LOOK_BYTES).min(size);
    vec![look, tail, there]
}

/// Reads what a player reads that is to show `moment` first: where the index is, the index, the
/// place, of which `found` is told. Ends without a word where there is no index: the player finds
/// its way all the same.
pub(super) async fn go_before(film: impl Source, moment: Duration, found: impl Fn(u64)) {
    let read = |range: Range<u64>| film.read_at(range.start, (range.end - range.start) as usize);
    let (mut search, mut asked) = Search::new(film.size(), moment);
    let places = loop {
        let Ok(bytes) = read(asked).await else { return };
        match search.take(&bytes) {
            Next::Read(range) => asked = range,
            Next::Found(places) => break places,
            Next::Nowhere => return,
        }
    };
    tracing::debug!("{moment:?} of the film is at {places:?}");
    if let Some(place) = places.first() {
        found(place.start);
    }
    for place in places {
        if read(place).await.is_err() {
            return;
        }
    }
}

/// For a film that may be opened soon.
pub(super) fn prefetched(size: u64, at: Option<u64>) -> Vec<Range<u64>> {
    let look = 0..LOOK_BYTES.min(size);
    let tail = size.saturating_sub(TAIL_BYTES)..size;
    let head = 0..HEAD_BYTES.min(size);
    let there = at.filter(|at| *at < size).map(|at| {
        let after = at.saturating_add(AFTER_BYTES);
        at.saturating_sub(BEFORE_BYTES)..after.min(size)
    });
    [look, tail]
        .into_iter()
        .chain(there)
        .chain([head])
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use media::ReadFuture;

    use super::super::container::matroska::tests::film;
    use super::*;

    /// A film that remembers what was read of it.
    #[derive(Debug, Default)]
    struct Read {
        film: Vec<u8>,
        reads: Arc<Mutex<Vec<Range<u64>>>>,
    }

    impl Source for Read {
        fn size(&self) -> u64 {
            self.film.len() as u64
        }

        fn name(&self) -> &str {
            "film.mkv"
        }

        fn read_at(&self, offset: u64, len: usize) -> ReadFuture {
            let read = offset..offset + len as u64;
            self.reads.lock().expect("one thread").push(read.clone());
            let bytes = self.film[read.start as usize..read.end as usize].to_vec();
            Box::pin(async move { Ok(bytes.into()) })
        }

        fn held(&self, _: u64, _: usize) -> media::HeldFuture {
            Box::pin(std::future::ready(None))
        }
    }

    #[tokio::test]
    async fn what_a_demuxer_reads_is_read_before_it_asks() {
        for (film, reads) in [(film(0), 4), (vec![7; 1 << 20], 1)] {
            let source = Read {
                film,
                ..Read::default()
            };
            let (log, told) = (Arc::clone(&source.reads), Mutex::default());
            let found = |at| *told.lock().expect("one thread") = Some(at);
            go_before(source, Duration::from_secs(38), found).await;
            let read = log.lock().expect("one thread");
            let place = read.get(3).map(|place| place.start);
            assert_eq!(*told.lock().expect("one thread"), place);
            assert_eq!(read.len(), reads, "{read:?}");
            assert_eq!(read[0].start, 0);
            let bytes: u64 = read.iter().map(|read| read.end - read.start).sum();
            assert!(bytes < 1 << 20, "{bytes}");
        }
    }

    #[test]
    fn all_of_it_is_inside_the_file() {
        for size in [1, 100_000, 3 << 20, 1 << 40] {
            for at in [
                None,
                Some(0),
                Some(size / 2),
                Some(size - 1),
                Some(size),
                Some(u64::MAX),
            ] {
                let prefetched = prefetched(size, at);
                assert_eq!(prefetched[0].start, 0);
                for range in prefetched.into_iter().chain(first_reads(size, at)) {
                    assert!(range.start < range.end && range.end <= size, "{range:?}");
                }
            }
        }
    }

    #[test]
    fn the_index_comes_before_the_place_and_that_before_the_rest() {
        let size = 1 << 30;
        let ranges = prefetched(size, Some(500 << 20));
        let starts: Vec<u64> = ranges.iter().map(|range| range.start >> 20).collect();
        assert_eq!(starts, [0, 1023, 499, 0]);
        let bytes: u64 = ranges.iter().map(|range| range.end - range.start).sum();
        assert!(bytes < 8 << 20);
    }
}
