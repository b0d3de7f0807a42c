//! Tells when outputs come, go or change: a thread that sleeps until the kernel says so.
//!
//! A new device's node belongs to root at first and is opened to others a moment later; that moment
//! is what its folder is watched for.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};
use rustix::fs::inotify::ReadFlags;

use crate::bell::{self, Bell};
use crate::folder_watch::{self, FolderWatch};
use crate::uevents;

/// Where the nodes of sound cards are.
const NODES: &str = "/dev/snd";

/// A card comes in a dozen pieces, and is told of once when no more have come for so long.
const QUIET: Duration = Duration::from_millis(250);

/// Or after this, where they do not end.
const NEWS_MAX: Duration = Duration::from_secs(2);

/// The thread; it ends when this is dropped.
pub(in crate::player) struct Watch {
    bell: Bell,
    thread: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watch")
    }
}

impl Watch {
    /// `changed` is called on a thread of its own, and must return at once.
    ///
    /// # Errors
    /// The process may open nothing more, or has no more threads.
    pub(in crate::player) fn start(changed: impl Fn() + Send + 'static) -> io::Result<Watch> {
        let bell = Bell::new()?;
        let nodes = FolderWatch::new()?;
        // Without it, nodes are watched all the same.
        let uevents = uevents::listen().inspect_err(|why| tracing::warn!("sound: {why}"));
        let (rung, uevents) = (bell.clone(), uevents.ok());
        let thread = std::thread::Builder::new().name("player-sound".to_owned());
        let thread = thread.spawn(move || {
            if let Err(why) = run(&rung, &nodes, uevents.as_ref(), &changed) {
                tracing::error!("sound: outputs are not watched any more: {why}");
            }
        })?;
        Ok(Watch {
            bell,
            thread: Some(thread),
        })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.bell.ring();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("sound: the thread that watches outputs panicked");
        }
    }
}

/// Until the bell rings.
fn run(
    bell: &Bell,
    nodes: &FolderWatch,
    uevents: Option<&OwnedFd>,
    changed: &impl Fn(),
) -> io::Result<()> {
    // What has come and is not told yet: since when, and when the last of it came.
    let mut news_since: Option<(Instant, Instant)> = None;
    loop {
        // The folder comes with the first card; a watch that is there is not set twice.
        match nodes.add(Path::new(NODES), folder_watch::NODES) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
            _ => {}
        }
        let mut waits = vec![
            PollFd::new(bell, PollFlags::IN),
            PollFd::new(nodes, PollFlags::IN),
        ];
        waits.extend(uevents.map(|socket| PollFd::new(socket, PollFlags::IN)));
        let due = news_since.map(|(first, last)| (last + QUIET).min(first + NEWS_MAX));
        bell::sleep(&mut waits, due)?;
        if !waits[0].revents().is_empty() {
            return Ok(());
        }
        let of_nodes = !waits[1].revents().is_empty() && read(nodes)?;
        let wanted =
            |message: &[u8]| uevents::is_of_a_screen(message) || uevents::is_of_sound(message);
        let of_kernel = uevents.is_some_and(|socket| uevents::heard(socket, wanted));
        let now = Instant::now();
        if of_nodes || of_kernel {
            let first = news_since.map_or(now, |(first, _)| first);
            news_since = Some((first, now));
        }
        if due.is_some_and(|due| now >= due) && news_since.take().is_some() {
            changed();
        }
    }
}

/// Whether anything was said.
fn read(nodes: &FolderWatch) -> io::Result<bool> {
    let mut any = false;
    // A watch that ended with its folder is no news.
    nodes.heard(|_, what| any |= !what.contains(ReadFlags::IGNORED))?;
    Ok(any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_when_it_is_not_wanted() {
        let watch = Watch::start(|| {}).unwrap();
        drop(watch);
    }
}
