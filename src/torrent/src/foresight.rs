//! What a player will read first, before it reads: bytes of a film's file in the order in which
//! they are needed.
//!
//! A demuxer looks at the head, then at the container's index, which is in the tail as often as
//! not, then where it was told to begin. A value; asks nobody and knows no pieces.

use std::ops::Range;

/// The first look at a file: enough for the header of any container.
const LOOK_BYTES: u64 = 256 << 10;
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
    let tail = size.saturating_sub(LOOK_BYTES)..size;
    let there = at.saturating_sub(BEFORE_BYTES)..at.saturating_add(BEFORE_BYTES).min(size);
    vec![look, tail, there]
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
    use super::*;

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
