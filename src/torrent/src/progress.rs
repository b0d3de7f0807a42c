//! Tells the core how the download does: at most four times a second, and at once when a reader
//! begins or ends to wait.
//!
//! Only reads the state. Says nothing when nothing has changed.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use app::{Carrier, Progress, Session, SupplyNews};
use tokio::time::Instant;

use super::download::{Download, Phase};

/// The contract of [`SupplyNews::Progress`].
const INTERVAL: Duration = Duration::from_millis(250);
/// A reader that stops to wait for one piece often begins to wait for the next at once; the eye
/// sees no change shorter than a frame.
const BREATH: Duration = Duration::from_millis(20);
/// Also of it.
const RANGES_MAX: usize = 100;

/// As long as it is this session's.
pub(super) async fn tell(download: Arc<Download>, session: Session) {
    let mut told = None;
    let mut due = Instant::now();
    loop {
        // What ends and begins in one breath is one news.
        tokio::time::sleep(BREATH).await;
        tokio::select! {
            () = tokio::time::sleep_until(due) => {}
            () = download.waiting_changed.notified() => {}
        }
        let Some(progress) = progress(&download) else {
            return;
        };
        if download.role().session() != Some(session) {
            return;
        }
        due = Instant::now() + INTERVAL;
        if told.as_ref() != Some(&progress) {
            download.tell(SupplyNews::Progress(progress.clone()));
            told = Some(progress);
        }
    }
}

/// How it does now; none when it is over.
pub(super) fn progress(download: &Download) -> Option<Progress> {
    let now = download.now();
    let state = download.lock();
    let useful = state.web.values().filter(|link| link.useful).count();
    let peers = (state.peers.len() + useful) as u32;
    let live = match &state.phase {
        Phase::Live(live) => live,
        Phase::Over(_) => return None,
        Phase::Gathering(_) | Phase::Between => {
            return Some(Progress {
                peers,
                metadata: matches!(state.phase, Phase::Gathering(_)),
                ..Progress::default()
            });
        }
    };
    let film = download.film.get()?;
    let file = &film.metainfo.files[film.file() as usize];
    let bytes = file.offset..file.offset + file.length;
    let length = u64::from(film.metainfo.layout.piece_length());
    let have = film
        .metainfo
        .layout
        .pieces_of(bytes.clone())
        .filter(|piece| live.swarm.has(*piece))
        .map(|piece| u64::from(piece) * length)
        .map(|start| start.max(bytes.start)..(start + length).min(bytes.end))
        .map(|part| part.start - bytes.start..part.end - bytes.start);
    let inside = |at: u64| at.clamp(bytes.start, bytes.end) - bytes.start;
    let waiting = live.readers.waiting_at(|piece| live.swarm.has(piece));
    Some(Progress {
        carrier: Carrier::Swarm,
        peers,
        rate: live.swarm.rate(now),
        capacity: live.swarm.capacity().max(live.swarm.rate(now)),
        size: file.length,
        have: joined(have),
        waiting_at: waiting.map(inside),
        read_at: inside(live.readers.read_at()),
        metadata: false,
        in_ram: download.shared.store.is_in_ram(film.metainfo.info_hash),
    })
}

/// Ranges in order, joined where they touch, at most [`RANGES_MAX`]: beyond that the smallest gaps
/// are closed.
fn joined(parts: impl Iterator<Item = Range<u64>>) -> Vec<Range<u64>> {
    let mut ranges: Vec<Range<u64>> = Vec::new();
    for part in parts {
        match ranges.last_mut() {
            Some(last) if last.end == part.start => last.end = part.end,
            _ => ranges.push(part),
        }
    }
    if ranges.len() <= RANGES_MAX {
        return ranges;
    }
    let mut gaps: Vec<u64> = ranges
        .windows(2)
        .map(|two| two[1].start - two[0].end)
        .collect();
    let mut close = ranges.len() - RANGES_MAX;
    let mut sizes = gaps.clone();
    let (_, largest, _) = sizes.select_nth_unstable(close - 1);
    let largest = *largest;
    // All gaps below the largest to close, and of those as large as it so many as it takes.
    close -= gaps.iter().filter(|gap| **gap < largest).count();
    for gap in &mut gaps {
        if *gap == largest && close > 0 {
            close -= 1;
            *gap = 0;
        } else if *gap < largest {
            *gap = 0;
        }
    }
    let mut kept: Vec<Range<u64>> = Vec::with_capacity(RANGES_MAX);
    for (index, range) in ranges.into_iter().enumerate() {
        match kept.last_mut() {
            Some(last) if gaps[index - 1] == 0 => last.end = range.end,
            _ => kept.push(range),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_touches_is_one_range() {
        let ranges = joined([0..10, 10..20, 30..40].into_iter());
        assert_eq!(ranges, [0..20, 30..40]);
    }

    #[test]
    fn the_smallest_gaps_are_closed_beyond_a_hundred() {
        // Gaps of 1, 2, 3 ... between ranges of 1.
        let mut at = 0;
        let parts: Vec<Range<u64>> = (1..=150)
            .map(|gap| {
                let part = at..at + 1;
                at += 1 + gap;
                part
            })
            .collect();
        let ranges = joined(parts.clone().into_iter());
        assert_eq!(ranges.len(), RANGES_MAX);
        assert_eq!(ranges[0], 0..parts[50].end);
        assert_eq!(ranges[1..], parts[51..]);
        let even = joined((0..300).map(|i| i * 2..i * 2 + 1));
        assert_eq!(even.len(), RANGES_MAX);
        assert_eq!(even.last().map(|last| last.end), Some(599));
    }
}
