//! What the box measures of itself: how soon the wall came, how soon a key shows, what drawing
//! costs. Kept in memory for `make bench` and the control API; nothing leaves the box.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app::Key;

/// Samples kept of each figure: enough for a 99th percentile of a bench run.
const SAMPLES: usize = 2048;

/// Samples that "recent" looks at: two seconds of a film.
const RECENT: usize = 48;

/// The figures of this run.
#[derive(Debug)]
pub struct Figures {
    started: Instant,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    wall: Option<Duration>,
    /// The update that a key made, until a frame shows it.
    key: Option<(u64, Instant)>,
    opened: Option<Instant>,
    key_to_frame: VecDeque<Duration>,
    open_to_picture: VecDeque<Duration>,
    ui_draw: VecDeque<Duration>,
    commit: VecDeque<Duration>,
    /// Commits that brought a picture of the film.
    picture_commit: VecDeque<Duration>,
    /// Frames of the interface drawn.
    redraws: u64,
    pictures: u64,
    /// Keys of keyboards and remotes that are down.
    held: Vec<Key>,
}

impl Figures {
    /// `started` is when the process began.
    pub fn new(started: Instant) -> Figures {
        Figures {
            started,
            inner: Mutex::default(),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere leaves numbers behind, and numbers are always sound.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A key that came in at `at` made the view `seq`.
    pub fn key(&self, seq: u64, at: Instant) {
        self.inner().key.get_or_insert((seq, at));
    }

    /// These keys are down now.
    pub fn held(&self, keys: Vec<Key>) {
        self.inner().held = keys;
    }

    /// The viewer asked for a film.
    pub fn opened(&self, at: Instant) {
        self.inner().opened = Some(at);
    }

    /// The interface of view `seq` was drawn in `draw` and is on the screen at `at`.
    pub fn shown(&self, seq: u64, draw: Duration, commit: Duration, at: Instant) {
        let mut inner = self.inner();
        inner.redraws += 1;
        inner
            .wall
            .get_or_insert(at.saturating_duration_since(self.started));
        push(&mut inner.ui_draw, draw);
        push(&mut inner.commit, commit);
        if let Some((_, key_at)) = inner.key.take_if(|(of, _)| *of <= seq) {
            push(
                &mut inner.key_to_frame,
                at.saturating_duration_since(key_at),
            );
        }
    }

    /// The view `seq` looks like the one before: a key that made it has nothing to wait for.
    pub fn unchanged(&self, seq: u64) {
        self.inner().key.take_if(|(of, _)| *of <= seq);
    }

    /// A picture of the film is on the screen.
    pub fn picture(&self, commit: Duration, at: Instant) {
        let mut inner = self.inner();
        inner.pictures += 1;
        push(&mut inner.picture_commit, commit);
        if let Some(opened) = inner.opened.take() {
            push(
                &mut inner.open_to_picture,
                at.saturating_duration_since(opened),
            );
        }
    }

    /// All figures, times in milliseconds, each list as count, median, 99th percentile and most.
    pub fn json(&self) -> serde_json::Value {
        let inner = self.inner();
        serde_json::json!({
            "wall_ms": inner.wall.map(ms),
            "key_to_frame_ms": summary(&inner.key_to_frame),
            "open_to_picture_ms": summary(&inner.open_to_picture),
            "ui_draw_ms": summary(&inner.ui_draw),
            "commit_ms": summary(&inner.commit),
            "picture_commit_ms": summary(&inner.picture_commit),
            "redraws": inner.redraws,
            "pictures": inner.pictures,
            "held": inner.held.iter().map(|key| key.name()).collect::<Vec<_>>(),
        })
    }
}

fn push(samples: &mut VecDeque<Duration>, sample: Duration) {
    if samples.len() == SAMPLES {
        samples.pop_front();
    }
    samples.push_back(sample);
}

fn ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 100.0
}

fn summary(samples: &VecDeque<Duration>) -> serde_json::Value {
    let mut sorted: Vec<_> = samples.iter().copied().collect();
    sorted.sort_unstable();
    let at = |percent: usize| sorted.get((sorted.len() * percent / 100).min(sorted.len() - 1));
    if sorted.is_empty() {
        return serde_json::json!({ "count": 0 });
    }
    serde_json::json!({
        "count": sorted.len(),
        "median": at(50).copied().map(ms),
        "p99": at(99).copied().map(ms),
        "max": sorted.last().copied().map(ms),
        "recent": recent(samples).map(ms),
    })
}

/// The median of the last second or two.
fn recent(samples: &VecDeque<Duration>) -> Option<Duration> {
    let mut last: Vec<_> = samples.iter().rev().take(RECENT).copied().collect();
    last.sort_unstable();
    last.get(last.len() / 2).copied()
}

/// When this process began, to about ten milliseconds (proc(5): `starttime` counts in hundredths
/// of a second since boot); now, where /proc cannot be read. A program that executes this one
/// in its own process, as `cargo run` does, counts.
pub fn executed_at() -> Instant {
    let now = Instant::now();
    let running = || {
        let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
        let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
        let ticks: f64 = stat
            .rsplit(')')
            .next()?
            .split_whitespace()
            .nth(19)?
            .parse()
            .ok()?;
        let uptime: f64 = uptime.split_whitespace().next()?.parse().ok()?;
        Duration::try_from_secs_f64(uptime - ticks / 100.0).ok()
    };
    running()
        .and_then(|running| now.checked_sub(running))
        .unwrap_or(now)
}
